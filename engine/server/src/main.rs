//! Doorward's command line.
fn main() {}
