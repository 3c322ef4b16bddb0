//! What is known of one user for long.

/// What the profile knew about the attempt's parts before the attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Familiarity {}
