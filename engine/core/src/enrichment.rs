//! What Doorward's own data says about an attempt's client: place, network, software.

use std::sync::Arc;

use crate::agent::Agent;
use crate::place::Place;
use crate::value::Cause;

/// What was looked up for one attempt. It is recorded with the decision, so that later data never
/// changes what a replay sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrichment {
    /// Where the address is.
    pub place: Result<Place, Cause>,
    /// Who announces the address.
    pub network: Result<Operator, Cause>,
    /// What software the client says it is.
    pub agent: Result<Agent, Cause>,
}

impl Enrichment {
    /// Nothing is known, for one and the same cause.
    pub fn unknown(cause: Cause) -> Self {
        Self { place: Err(cause), network: Err(cause), agent: Err(cause) }
    }
}

/// Who announces an address to the internet.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// The autonomous system's number.
    pub asn: u32,
    /// Its name.
    pub organisation: Option<Arc<str>>,
}
