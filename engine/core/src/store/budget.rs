//! How many bytes the state may take.

/// Bytes that windows and profiles may take unless told otherwise.
pub const BUDGET_BYTES_DEFAULT: usize = 2 << 30;
/// Fewest bytes that a budget makes sense with.
pub const BUDGET_BYTES_MIN: usize = 1 << 20;

/// An allocator has free what was evicted between things that stay, and can use it only for what is as large: of so many
/// equal parts of a budget, one is left to that. Seen with mimalloc, where homes are evicted all the time: a seventh of the
/// rest.
const SCATTERED: usize = 8;

/// Bytes of memory that windows and profiles may take, with their places in maps and what an allocator needs beside them.
///
/// Not in it: what tenants' logins have in common, bounded by
/// [`VALUES_MAX`](crate::likelihood::VALUES_MAX) for each tenant, and events seen, bounded by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Of all tenants together.
    pub bytes: usize,
    /// Of any one tenant.
    pub tenant_bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self::of(BUDGET_BYTES_DEFAULT)
    }
}

impl Budget {
    /// So many bytes for all tenants together, which one alone may take too.
    pub const fn of(bytes: usize) -> Self {
        Self { bytes, tenant_bytes: bytes }
    }

    /// What entries may take of one of so many equal parts.
    pub(super) fn part(self, parts: usize) -> Self {
        let part = |bytes: usize| (bytes - bytes / SCATTERED) / parts;
        Self { bytes: part(self.bytes), tenant_bytes: part(self.tenant_bytes) }
    }
}
