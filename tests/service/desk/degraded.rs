//! Degraded is said, not hidden: a decision without places and networks says that it was made without them.

use doorward::demo::GEO_CSV;
use doorward::enrich::{Enricher, GeoData};
use doorward::wire::Verdict;
use tempfile::TempDir;

use super::{CredentialResult, Door, Visit};
use crate::edge::server;

#[tokio::test]
async fn what_was_looked_for_in_vain_is_named() {
    let check = async |geo: GeoData, address: &str, expected: &[(&str, &str)]| {
        let data = TempDir::new().unwrap();
        let desk = server::desk_with(data.path(), Enricher::new(geo));
        let door = Door { desk, data };
        let visit = Visit::new("e1").user("ana").device("laptop").address(address);
        let decision = door.decide(&visit.credential(CredentialResult::Right)).await;
        let said = decision.degraded.iter();
        let said: Vec<_> = said.map(|it| (it.what.as_str(), it.cause.as_str())).collect();
        assert_eq!(said, expected, "{address}");
        assert_eq!(decision.verdict(), Verdict::Allow);
    };
    let none = GeoData::default;
    let places = || GeoData::embedded("places", GEO_CSV).unwrap();
    let half = || {
        let csv = "network,country\n203.0.113.0/24,AT\n";
        GeoData::embedded("countries", csv).unwrap()
    };
    let (place, network) = (("place", "lookup_failed"), ("network", "lookup_failed"));
    check(none(), "203.0.113.70", &[place, network]).await;
    check(none(), "2001:db8:10::1", &[place, network]).await;
    check(half(), "203.0.113.70", &[network]).await;
    check(places(), "203.0.113.70", &[]).await;
    check(places(), "203.0.113.7", &[place, network]).await;
    // Nobody could have looked these up.
    check(none(), "10.0.0.7", &[]).await;
    check(none(), "", &[]).await;
}
