//! A desk with the shipped rules and nothing to look addresses up in.

use std::error::Error;
use std::path::Path;

use doorward::desk::{Desk, Opening};
use doorward::enrich::{Enricher, GeoData};
use doorward::log::limits::Limits;
use doorward::rules::RuleText;
use doorward_core::store::Budget;

/// Opens it on what lies in `data`, if anything does.
pub(crate) fn desk(data: &Path, budget: Budget) -> Result<Desk, Box<dyn Error>> {
    let text = RuleText::read(None)?;
    let policy = text.compile().1.policy.ok_or("the shipped rules are wrong")?;
    let opening = Opening {
        data,
        policy,
        text: &text,
        enricher: Enricher::new(GeoData::default()),
        budget,
        limits: Limits::default(),
        clock: doorward::clock::now,
        stopwatch: doorward::clock::elapsed,
    };
    Ok(Desk::open(opening)?.desk)
}
