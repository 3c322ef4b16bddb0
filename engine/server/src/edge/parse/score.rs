//! What other systems say of an attempt.

use doorward_core::event::{ATTRIBUTE_NAME_BYTES_MAX, Attribute, ExternalScore, SCORES_MAX};

use super::field;
use super::violations::{Violations, quote};
use crate::wire;

/// Longest name of a system, in bytes.
const SOURCE_BYTES_MAX: usize = 64;

pub(super) fn scores(
    sent: &[wire::ExternalScore],
    violations: &mut Violations,
) -> Vec<ExternalScore> {
    if sent.len() > SCORES_MAX {
        let text = format!("has {} entries, at most {SCORES_MAX} are allowed", sent.len());
        violations.add("attempt.scores", text);
        return Vec::new();
    }
    let one = |(index, sent)| score(&format!("attempt.scores[{index}]"), sent, violations);
    sent.iter().enumerate().filter_map(one).collect()
}

fn score(
    path: &str,
    sent: &wire::ExternalScore,
    violations: &mut Violations,
) -> Option<ExternalScore> {
    let source =
        field::required(format_args!("{path}.source"), &sent.source, SOURCE_BYTES_MAX, violations);
    let name = Attribute::name(&sent.name).ok_or_else(|| {
        let rule = format!("1 to {ATTRIBUTE_NAME_BYTES_MAX} of a-z, 0-9 and _, a letter first");
        format!("is {}, allowed are {rule}", quote(&sent.name))
    });
    let name = violations.check(format_args!("{path}.name"), name);
    let risk = violations.check(format_args!("{path}.risk"), risk(sent.risk));
    let observed_at = field::time(&format!("{path}.observed_at"), sent.observed_at, violations);
    let ttl = sent
        .ttl
        .map(|ttl| ttl_ms(ttl).ok_or_else(|| format!("is {ttl}, a span from 0 s on is allowed")));
    let ttl_ms = ttl.and_then(|ttl| violations.check(format_args!("{path}.ttl"), ttl));
    Some(ExternalScore { source: source?, name: name?, risk: risk?, observed_at, ttl_ms })
}

fn risk(sent: Option<f64>) -> Result<f64, String> {
    match sent {
        Some(risk) if (0.0..=1.0).contains(&risk) => Ok(risk),
        Some(risk) => Err(format!("is {risk}, allowed are 0 (surely none) to 1 (surely bad)")),
        None => Err("must be set".to_owned()),
    }
}

fn ttl_ms(sent: wire::google::Duration) -> Option<i64> {
    let not_negative = sent.seconds >= 0 && sent.nanos >= 0;
    sent.ms().filter(|_| not_negative)
}
