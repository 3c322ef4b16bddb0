//! How likely a login is for its user, against how likely it is for anybody: the score of Freeman, Jain, Dürmuth,
//! Biggio and Giacinto, "Who Are You? A Statistical Approach to Measuring User Authenticity" (NDSS 2016).
//!
//! It is made of counts: how often each value of a login's address and user agent was part of a trusted login,
//! of this user (`profile/habits.rs`) and of all users of the tenant (`likelihood/crowd.rs`). Nothing else teaches:
//! attackers' values among the counts make the score worse (Wiefling et al., ACM TOPS 2022).
//!
//! Counts are kept by epoch of the logins' own time and for the newest [`EPOCHS`] epochs, so the score is the published
//! one over the logins of these, and exactly that as long as no bound is met.

mod crowd;
mod epoch;
mod saving;
mod score;
mod shown;

pub use crowd::VALUES_MAX;
pub(crate) use crowd::{Crowd, Taught};
pub use epoch::{EPOCH_MS, EPOCHS};
pub(crate) use epoch::{Epoch, shift};
pub(crate) use saving::CrowdParts;
pub(crate) use score::{Own, log_score};
pub(crate) use shown::{ADDRESS_LEVELS, AGENT_LEVELS, Shown};
