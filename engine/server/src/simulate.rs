//! Draft.
mod attack;
pub mod calendar;
pub mod chance;
pub mod device;
pub mod draft;
pub mod errand;
pub mod intent;
pub mod label;
pub mod people;
pub mod person;
pub mod span;
pub mod traffic;
pub mod visit;
pub mod world;
