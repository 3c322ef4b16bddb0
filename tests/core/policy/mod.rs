//! The rule language.

mod any_input;
mod attributes;
mod cases;
mod compiled;
mod conditions;
mod decide;
mod dump;
mod examples;
pub(crate) mod given;
mod pages;
mod proof;
mod throttle;
