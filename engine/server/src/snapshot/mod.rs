//! Snapshots: the state as it was behind a record of the log, so that a start need not begin with the first.
//!
//! A file in `DATA/snapshots`, named by the first record that its state does *not* contain. It gets its
//! name only when all of it is on disk, and the two newest are kept. None is ever needed: whatever is wrong
//! with one, the one before it and the log lead to the same state, only later. Numbers are little-endian.
//!
//! ```text
//! offset  bytes  field
//!      0      8  magic     "DOORSNAP"
//!      8      4  version   1
//!     12      4  checksum  CRC-32 of offset 0 to 12
//!     16         blocks: one head, parts of the state, events seen, one end; nothing behind it
//! ```
//!
//! A block, the first has number 0:
//!
//! ```text
//! offset  bytes  field
//!      0      4  checksum  CRC-32 of the block from offset 4 to its end, begun with its number
//!      4      4  length    bytes of payload
//!      8      1  kind      1 head, 2 state, 3 seen, 4 end
//!      9      3            zero
//!     12      n  payload
//! ```
//!
//! and what is in it:
//!
//! ```text
//! head    sequence u64 · CRC-32 of the record before u32 · newest policy: segment u64, offset u32 · head of the state
//! state   a part of the state, as the core writes it: `store/snapshot.rs`
//! seen    of each event: key u64, payload u64, location 2 u64
//! end     blocks of state u32 · blocks of events seen u32
//! ```

mod block;
mod block_file;
mod draft;
mod error;
mod events;
mod generations;
mod head;
mod kept;

pub use error::{LoadError, TakeError};

pub(crate) use draft::Draft;
pub(crate) use generations::Generations;
pub(crate) use head::Head;
pub(crate) use kept::Kept;
