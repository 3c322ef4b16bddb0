//! What Doorward's own data says about an attempt: place and network of the address, the classes of
//! that network, the software that its user agent names.
//!
//! # Range files
//!
//! CSV with one range of addresses a line; IPv4 and IPv6 may stand in one file, in any order; lines
//! that begin with `#` are comments. Two forms are read.
//!
//! With a header line, for data of one's own. Any column but the range may be left out and any field
//! of it be empty; in place of `network` there may be `start` and `end`. Ranges that overlap are
//! refused.
//!
//! ```text
//! network,country,region,city,latitude,longitude,accuracy_km,asn,organisation
//! 203.0.113.0/24,AT,Vienna,Vienna,48.2,16.37,20,64500,Example
//! ```
//!
//! Without one, the layouts that the ip-location-db project publishes: `start,end,country`,
//! `start,end,asn,organisation`, and its city files of ten columns. Published files overlap in a line
//! or two; that becomes a warning.
//!
//! # Network lists
//!
//! Files that name networks of one class, such as Tor's exits or a carrier's systems. Plain text has an entry a
//! line: an address, a network, a range or an autonomous system, in any order; `#` begins a comment. A file
//! named `.csv` has its entries in the first column that the header calls `network` or `asn`, or in the first
//! column if there is no header; other columns are ignored.
//!
//! ```text
//! # updated: 2026-11-20
//! 203.0.113.7
//! 198.51.100.0/24           # all of it
//! 192.0.2.10 - 192.0.2.19
//! AS64500
//! ```
//!
//! The comment `updated:` tells how old the list is, as a day or a point in time of RFC 3339; without it, the
//! file's last writing does. A list that is older at the time of an attempt than the configuration allows, or
//! that has no entries, answers nothing: whoever is not found in another list of the class is unknown.

mod agents;
mod geo;
mod geo_error;
mod intern;
mod layout;
mod mmdb;
mod network_lists;
mod ranges;
mod table;

use doorward_core::agent::Agent;
use doorward_core::enrichment::Enrichment;
use doorward_core::event::{Attempt, Client, UserAgent};
use doorward_core::place::accuracy_km_assumed;
use doorward_core::value::Cause;

use agents::Agents;
pub use geo::{Edition, GeoData};
pub use geo_error::{GeoError, RowError};
pub use network_lists::{
    ENTRIES_MAX, EntryError, LISTS_MAX, NetworkList, NetworkListError, NetworkListFile,
    NetworkLists, NetworkListsError,
};

/// Looks up what the event itself does not say.
#[derive(Debug)]
pub struct Enricher {
    geo: GeoData,
    lists: NetworkLists,
    agents: Agents,
}

impl Enricher {
    /// Enriches from `geo`; [`GeoData::default`] knows no place and no network. There are no network lists yet.
    pub fn new(geo: GeoData) -> Self {
        Self { geo, lists: NetworkLists::default(), agents: Agents::default() }
    }

    /// The same, with network lists.
    #[must_use]
    pub fn with_lists(self, lists: NetworkLists) -> Self {
        Self { lists, ..self }
    }

    /// Never fails: what could not be found is unknown with its cause, never "low risk".
    pub fn enrich(&self, attempt: &Attempt) -> Enrichment {
        let address = attempt.client.address;
        let (place, network) = self.geo.find(address, attempt.occurred_at);
        let asn = network.as_ref().ok().map(|network| network.asn);
        let classes = self.lists.classes(address, asn, attempt.occurred_at);
        let place = place.map(|place| geo::accurate(place, accuracy_km_assumed(&classes)));
        let agent = agent(&attempt.client, |text| self.agents.read(text));
        Enrichment { place, network, classes, agent }
    }

    /// The editions of the data that [`Self::enrich`] looks into, for the decision's data versions.
    pub fn editions(&self) -> impl Iterator<Item = &Edition> {
        self.geo.editions().chain(self.lists.iter().map(|list| &list.edition))
    }
}

/// What the user agent tells, its text as `read`. A header that was empty is a fact, one that the
/// caller did not pass on is none.
pub(crate) fn agent(client: &Client, read: impl FnOnce(&str) -> Agent) -> Result<Agent, Cause> {
    match &client.user_agent {
        None => Err(Cause::MissingInput),
        Some(UserAgent::Empty) => Ok(Agent::EMPTY),
        Some(UserAgent::Text(text)) => Ok(read(text.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use doorward_core::agent::AgentClass;
    use doorward_core::text::Text;

    use super::*;

    #[test]
    fn an_empty_user_agent_is_a_fact_and_an_absent_one_is_not() {
        let check = |user_agent, expected| {
            let client = Client { user_agent, ..Client::default() };
            assert_eq!(agent(&client, Agent::parse).map(|agent| agent.class), expected);
        };
        check(None, Err(Cause::MissingInput));
        check(Some(UserAgent::Empty), Ok(AgentClass::Empty));
        check(Some(UserAgent::Text(Text::parse("curl/8.5.0").unwrap())), Ok(AgentClass::Tool));
    }
}
