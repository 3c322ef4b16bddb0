//! What was asked of the user, and how it ended.

use doorward_core::event::{Failure, Method, OutcomeKind};

use super::page::Page;
use super::words::{joined, span, time, word};
use crate::terminal::Ink;
use crate::wire::log::OutcomeRecord;
use crate::wire::{Challenge, Decision};

pub(super) fn draw(page: &mut Page, decision: &Decision, outcomes: &[OutcomeRecord]) {
    page.heading("How it went on");
    if let Some(challenge) = &decision.challenge {
        page.labelled("asked for", &asked(challenge));
    }
    if !decision.satisfied_by.is_empty() {
        page.labelled("met by", &format!("{}, proved before", decision.satisfied_by));
    }
    if let Some(wait) = &decision.retry_after {
        page.labelled("wait", &format!("{} before the next try", span(wait)));
    }
    if let Some(left) = decision.attempts_remaining {
        page.labelled("left", &format!("{left} more failures in a row with this method"));
    }
    if outcomes.is_empty() {
        page.inked("outcome", Ink::Dim, "none reported");
    }
    outcomes.iter().for_each(|outcome| page.labelled("outcome", &ended(outcome)));
}

fn asked(challenge: &Challenge) -> String {
    let words = |methods: &mut dyn Iterator<Item = crate::wire::Method>| {
        let methods: Vec<String> =
            methods.map(|method| word(Option::<Method>::from(method))).collect();
        methods.join(" or ")
    };
    let allowed = match words(&mut challenge.allowed_methods()) {
        methods if methods.is_empty() => "any method".to_owned(),
        methods => methods,
    };
    let forbidden = match words(&mut challenge.forbidden_methods()) {
        methods if methods.is_empty() => String::new(),
        methods => format!("not {methods}"),
    };
    let classes = match challenge.acr_values.as_slice() {
        [] => String::new(),
        classes => format!("of class {}", classes.join(" or ")),
    };
    let age = challenge.max_age.as_ref();
    let age = age.map(|age| format!("at most {} old", span(age))).unwrap_or_default();
    joined(&[&allowed, &classes, &forbidden, &age], ", ")
}

fn ended(record: &OutcomeRecord) -> String {
    let outcome = record.outcome.clone().unwrap_or_default();
    let kind: Option<OutcomeKind> = outcome.kind().into();
    let failure: Option<Failure> = outcome.failure().into();
    let method: Option<Method> = outcome.method().into();
    let with = method.map(|method| format!("with {}", word(Some(method)))).unwrap_or_default();
    let why = failure.map(|failure| format!("({})", word(Some(failure)))).unwrap_or_default();
    let what = joined(&[&word(kind), &with, &why], " ");
    let note = match outcome.note.as_str() {
        "" => String::new(),
        note => format!("“{note}”"),
    };
    joined(&[&time(record.occurred_at.as_ref()), &what, &note], " · ")
}
