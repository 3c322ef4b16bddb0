//! What Doorward's own data says about an attempt's client: place, network and its classes, software.

use std::sync::Arc;

use crate::agent::Agent;
use crate::network::{NetworkClass, NetworkClasses};
use crate::place::{Place, Point};
use crate::value::Cause;

/// What was looked up for one attempt. It is recorded with the decision, so that later data never
/// changes what a replay sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Enrichment {
    /// Where the address is.
    pub place: Result<Place, Cause>,
    /// Who announces the address.
    pub network: Result<Operator, Cause>,
    /// What kind of network it belongs to.
    pub classes: NetworkClasses,
    /// What software the client says it is.
    pub agent: Result<Agent, Cause>,
}

impl Enrichment {
    /// Nothing is known, for one and the same cause.
    pub fn unknown(cause: Cause) -> Self {
        let classes = NetworkClasses::unknown(cause);
        Self { place: Err(cause), network: Err(cause), classes, agent: Err(cause) }
    }

    /// Where a person travels to or from. `excluded` where the address is in a class of network that says
    /// nothing about that, whatever the geo data claims.
    pub(crate) fn travel_point(&self) -> Result<Point, Cause> {
        if self.classes.within(NetworkClass::NO_JOURNEY) {
            return Err(Cause::Excluded);
        }
        let place = self.place.as_ref().map_err(|cause| *cause)?;
        place.point.ok_or(Cause::LookupFailed)
    }

    /// How far east the person is, in degrees; `None` also where the address is somewhere else than the person.
    pub(crate) fn longitude(&self) -> Option<f64> {
        let place = self.place.as_ref().ok()?;
        let point = place.point.filter(|_| !self.classes.within(NetworkClass::ELSEWHERE));
        point.map(|point| point.longitude)
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
