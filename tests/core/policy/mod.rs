//! The rule language.

mod any_input;
mod cases;
mod dump;
mod pages;
mod scene;
