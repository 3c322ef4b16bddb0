//! Which reasons stopped whom: what a rule costs beside what it is good for.

use std::collections::BTreeMap;

use serde::Serialize;

use super::judged::Judged;

/// One reason, counted over the attempts that were stopped and for which it was given.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ReasonRow {
    /// Its code.
    pub code: String,
    /// Attempts of good people.
    pub good: u64,
    /// Attackers' attempts that would have got in, or done harm.
    pub attacks: u64,
    /// Attackers' guesses that were wrong anyway.
    pub guesses: u64,
}

/// Every reason that stopped anybody, those that hurt most first.
pub fn rows(judged: &[Judged]) -> Vec<ReasonRow> {
    let mut rows: BTreeMap<&str, ReasonRow> = BTreeMap::new();
    for judged in judged {
        for code in &judged.reasons {
            let row = rows.entry(code).or_default();
            match (judged.good(), judged.guess()) {
                (Some(_), _) => row.good += 1,
                (None, false) => row.attacks += 1,
                (None, true) => row.guesses += 1,
            }
        }
    }
    let named = rows.into_iter().map(|(code, row)| ReasonRow { code: code.to_owned(), ..row });
    let mut rows: Vec<ReasonRow> = named.collect();
    rows.sort_by(|one, other| {
        let weight = |row: &ReasonRow| (row.good, row.attacks, row.guesses);
        weight(other).cmp(&weight(one)).then(one.code.cmp(&other.code))
    });
    rows
}
