//! How much the rule language accepts; more is an error, never a surprise.

/// Largest rule file, in bytes.
pub const FILE_BYTES_MAX: usize = 64 * 1024;

/// Deepest nesting of a condition: parentheses, `not`, and operators in a row.
pub const DEPTH_MAX: u32 = 32;

/// Most points that one number may name, either way.
pub const POINTS_MAX: i32 = 1_000;

/// Most rules of one policy.
pub const RULES_MAX: usize = 1_000;

/// Most different atomic conditions of one policy.
pub const CONDITIONS_MAX: usize = 4_096;

/// Most attributes that one policy declares.
pub const ATTRIBUTES_MAX: usize = 64;

/// Most windows of one policy.
pub const WINDOWS_MAX: usize = 256;

/// Most derived signals of one policy, the unnamed ones inside conditions included.
pub const DERIVED_MAX: usize = 64;

/// Most groups of one policy.
pub const GROUPS_MAX: usize = 64;

/// Most populations that one policy defines.
pub const POPULATIONS_MAX: usize = 64;

/// Most entries of one list.
pub const ENTRIES_MAX: usize = 1_000_000;
