//! The core's longer tests, through its public face.

mod profile;
mod scene;
mod seen;
mod store;
mod window;
