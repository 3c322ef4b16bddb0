//! Signals of what became of an attempt, which nobody knows while it is decided on.

use super::{Origin, Read, Seen, Signal};
use crate::decision::Verdict;
use crate::event::{Failure, Method, Outcome, OutcomeKind};
use crate::value::{Cause, Reading, Type, Value};

const fn row(
    name: &'static str,
    words: &'static [&'static str],
    doc: &'static str,
    read: Read,
) -> Signal {
    Signal { name, kind: Type::Word(words), origin: Origin::Ending, doc, read }
}

pub(super) const SIGNALS: &[Signal] = &[
    row("verdict", Verdict::WORDS, "What was answered.", |seen| {
        word(seen.ending.verdict.map(Verdict::word))
    }),
    row("outcome", OutcomeKind::WORDS, "How the attempt ended, one telling at a time.", |seen| {
        word(seen.ending.outcome.map(|outcome| outcome.kind.word()))
    }),
    row(
        "outcome.method",
        Method::WORDS,
        "The method of the challenge, or of the credential that was told.",
        |seen| told(seen, |outcome| outcome.method.map(Method::word)),
    ),
    row(
        "outcome.failure",
        Failure::WORDS,
        "Why the challenge was failed or the credential was wrong.",
        |seen| told(seen, |outcome| outcome.failure.map(Failure::word)),
    ),
];

fn word(word: Option<&'static str>) -> Reading {
    word.map(Value::Word).ok_or(Cause::NotApplicable).into()
}

/// What the outcome may tell besides how it ended.
fn told(seen: &Seen<'_>, read: fn(&Outcome) -> Option<&'static str>) -> Reading {
    match seen.ending.outcome {
        Some(outcome) => read(outcome).map(Value::Word).ok_or(Cause::MissingInput).into(),
        None => Reading::Unknown(Cause::NotApplicable),
    }
}
