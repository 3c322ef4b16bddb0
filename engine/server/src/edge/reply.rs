//! A decision as the caller gets it.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use doorward_core::decision::{
    Challenge, Decision, Degraded, Evidence, Reason, ShadowVerdict, Undecided,
};
use doorward_core::event::Method;
use doorward_core::record::DecisionId;
use doorward_core::time::Timestamp;

use crate::wire::{self, Fields, IdText, Sources};

/// Room for most decisions.
const DECISION_BYTES: usize = 512;

/// What a decision is called and what it was made with: everything but the decision.
#[derive(Clone, Copy, Debug)]
pub struct Heading<'a> {
    /// Names the decision.
    pub decision_id: DecisionId,
    /// The event id of the attempt.
    pub event_id: &'a str,
    /// The policy that decided and the data that was looked up in.
    pub sources: &'a Sources,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// How long that took.
    pub time_taken: Duration,
}

/// A decision as an encoded [`wire::Decision`].
#[derive(Debug)]
pub struct Reply {
    /// All of it, as it is answered.
    pub bytes: Bytes,
    /// Where the fields end that name the decision and its verdict.
    head_end: usize,
    /// Where those that name the sources begin and end.
    sources: Range<usize>,
}

impl Reply {
    /// What only the decision says: the fields that a record's envelope and attempt do not repeat,
    /// in two parts.
    pub(crate) fn own(&self) -> [&[u8]; 2] {
        let before = self.bytes.get(self.head_end..self.sources.start);
        let behind = self.bytes.get(self.sources.end..);
        [before, behind].map(Option::unwrap_or_default)
    }
}

/// Encodes the decision: these bytes are answered, and what they say is recorded.
pub fn reply(heading: &Heading<'_>, decision: &Decision) -> Reply {
    let mut bytes = Vec::with_capacity(DECISION_BYTES);
    let mut head = Fields::of(&mut bytes);
    head.bytes(1, IdText::new(heading.decision_id).bytes());
    head.text(2, heading.event_id);
    head.word(3, wire::Verdict::from(decision.verdict));
    head.signed(4, decision.score);
    let head_end = bytes.len();
    write_reasons(&mut Fields::of(&mut bytes), decision);
    let sources_start = bytes.len();
    bytes.extend_from_slice(heading.sources.of_decision());
    let sources = sources_start..bytes.len();
    write_rest(&mut Fields::of(&mut bytes), heading, decision);
    Reply { bytes: bytes.into(), head_end, sources }
}

/// What is behind the score.
fn write_reasons(reply: &mut Fields<'_>, decision: &Decision) {
    reply.word(5, wire::Level::from(decision.level));
    for reason in &decision.reasons {
        reply.message(6, |fields| write_reason(fields, reason));
    }
    if let Some(challenge) = &decision.challenge {
        reply.message(7, |fields| write_challenge(fields, challenge));
    }
    reply.text(8, decision.satisfied_by.as_deref().unwrap_or_default());
    if let Some(ms) = decision.retry_after_ms {
        let wait = Duration::from_millis(ms.unsigned_abs());
        reply.duration(9, Some(&wait.into()));
    }
    if let Some(attempts) = decision.attempts_remaining {
        reply.some_number(10, attempts.into());
    }
}

/// What is behind the sources.
fn write_rest(reply: &mut Fields<'_>, heading: &Heading<'_>, decision: &Decision) {
    for Degraded { what, cause } in &decision.degraded {
        reply.message(13, |fields| {
            fields.text(1, what);
            fields.text(2, cause.word());
        });
    }
    write_unknowns(reply, &decision.undecided);
    for shadow in &decision.shadows {
        reply.message(15, |fields| write_shadow(fields, shadow));
    }
    reply.timestamp(16, Some(&heading.decided_at.into()));
    reply.duration(17, Some(&heading.time_taken.into()));
}

fn write_reason(fields: &mut Fields<'_>, reason: &Reason) {
    fields.text(1, &reason.code);
    fields.text(2, &reason.rule);
    fields.word(3, reason.verdict.map_or(wire::Verdict::Unspecified, Into::into));
    if let Some(points) = reason.points {
        fields.some_signed(4, points.into());
    }
    fields.text(5, reason.group.as_deref().unwrap_or_default());
    fields.text(6, &reason.text);
    fields.text(7, reason.tell.as_deref().unwrap_or_default());
    for Evidence { signal, observed, threshold } in &reason.evidence {
        fields.message(8, |fields| {
            fields.text(1, signal);
            fields.some_bytes(2, observed);
            fields.text(3, threshold);
        });
    }
    fields.texts(9, reason.tags.iter());
}

fn write_challenge(fields: &mut Fields<'_>, challenge: &Challenge) {
    fields.texts(1, challenge.acr_values.iter());
    fields.words(2, methods(&challenge.methods));
    fields.words(3, methods(&challenge.methods_forbidden));
    if let Some(ms) = challenge.max_age_ms {
        let age = Duration::from_millis(ms.unsigned_abs());
        fields.duration(4, Some(&age.into()));
    }
}

fn methods(methods: &[Method]) -> impl Iterator<Item = wire::Method> {
    methods.iter().map(|method| (*method).into())
}

/// One entry per signal and cause, with the rules that it left open.
fn write_unknowns(reply: &mut Fields<'_>, undecided: &[Undecided]) {
    let mut sorted: Vec<(&str, wire::Cause, &str)> = undecided
        .iter()
        .map(|Undecided { rule, signal, cause }| (&**signal, (*cause).into(), &**rule))
        .collect();
    sorted.sort_by_key(|(signal, cause, _)| (*signal, *cause));
    for same in sorted.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let Some((signal, cause, _)) = same.first() else { continue };
        reply.message(14, |fields| {
            fields.text(1, signal);
            fields.word(2, *cause);
            fields.texts(3, same.iter().map(|(_, _, rule)| rule));
        });
    }
}

fn write_shadow(fields: &mut Fields<'_>, shadow: &ShadowVerdict) {
    fields.text(1, &shadow.name);
    fields.word(3, wire::Verdict::from(shadow.verdict));
    fields.signed(4, shadow.score);
}
