//! The rule language.

mod any_input;
mod cases;
mod compiled;
mod conditions;
mod decide;
mod dump;
mod examples;
mod given;
mod pages;
