//! Session theft: malware took the cookies of a browser, and they are used elsewhere.

use doorward_core::event::{Journey, Method, Population};

use super::campaign::Campaign;
use super::disguise;
use crate::simulate::device::Looks;
use crate::simulate::draft::{Draft, Proof, Stay};
use crate::simulate::intent::Intent;
use crate::simulate::person::{Person, origin};
use crate::simulate::visit::pause;

/// Uses a session of the last hours, then changes and empties the account from within.
pub(super) fn plan(mut campaign: Campaign<'_>) -> Vec<Intent> {
    campaign.attended = true;
    let begins = campaign.begins();
    let found = (0..64).find_map(|_| {
        let person = campaign.victim(Some(Population::Customer), begins)?;
        let stolen = stolen(&campaign, person)?;
        Some((person, stolen))
    });
    let Some((person, stolen)) = found else { return Vec::new() };
    let at = stolen.at.plus(pause(&mut campaign.chance, 1_200, 36_000));
    let world = &campaign.traffic().world;
    let (chance, home) = (&mut campaign.chance, person.home.city);
    let from = match chance.below(10) {
        0..=3 => disguise::exit(world, home, chance),
        4..=6 => disguise::rented(world, chance.below(6), chance.draw(), chance),
        _ => origin(world.fixed(disguise::abroad(home, chance), 0), chance.draw(), chance),
    };
    // The thief copies the user agent and often the identifier, which is a cookie too; the handshake
    // is harder to copy.
    let own = disguise::desk(chance, Some(home.language)).looks(at);
    let id = if chance.happens(0.6) { stolen.looks.id.clone() } else { own.id };
    let copied = chance.happens(0.3);
    let ja4 = if copied { stolen.looks.ja4.clone() } else { own.ja4 };
    let looks = Looks { id, ja4, ..stolen.looks.clone() };
    let stay = Stay { id: format!("s-{}", stolen.name), since: stolen.at };
    let draft = campaign.draft(at, person.account.clone(), from, looks);
    let proof = Some(Proof::right(Method::Token, None, false));
    let journey = Journey::Session;
    let draft = Draft { journey, proof, stay: Some(stay.clone()), ..draft };
    let then = campaign.harm(&draft, &stay);
    vec![Intent { then, ..campaign.foothold(draft) }]
}

/// The sign-in whose session is stolen: the last one of a person on the days that are scored.
fn stolen(campaign: &Campaign<'_>, person: &Person) -> Option<Draft> {
    let span = campaign.traffic().span;
    let last = campaign.traffic().sign_ins(person).next_back()?;
    (last.draft.at >= span.scored_at()).then(|| last.draft.clone())
}
