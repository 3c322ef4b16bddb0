//! Draft.

pub mod attack;
pub mod calendar;
pub mod chance;
pub mod course;
pub mod device;
pub mod draft;
pub mod draw;
pub mod errand;
pub mod files;
pub mod intent;
pub mod label;
pub mod people;
pub mod person;
pub mod score;
pub mod span;
pub mod traffic;
pub mod visit;
pub mod world;
