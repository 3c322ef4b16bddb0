//! Signals that compare the attempt with what the profile knew before it.

use super::Signal;

pub(super) const SIGNALS: &[Signal] = &[];
