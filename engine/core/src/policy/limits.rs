//! How much the rule language accepts; more is an error, never a surprise.

/// Largest rule file, in bytes.
pub const FILE_BYTES_MAX: usize = 64 * 1024;

/// Deepest nesting of a condition: parentheses, `not`, and operators in a row.
pub const DEPTH_MAX: u32 = 32;

/// Most points that one number may name, either way.
pub const POINTS_MAX: i32 = 1_000;
