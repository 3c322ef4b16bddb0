//! The rule language.

mod any_input;
mod cases;
mod conditions;
mod decide;
mod dump;
mod examples;
mod given;
mod pages;
mod policy;
