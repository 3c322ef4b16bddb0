//! Signals that a rule directory declares: facts that only its callers have, and what other systems say.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::event::{Attempt, Attribute, ExternalScore};
use crate::text::Text;
use crate::value::{Cause, Reading, Type, Value};

/// Numbers from here on may have been rounded on their way, so none of them is surely whole.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// An attribute of events that rules may ask for, as any other signal that the event tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeSpec {
    /// Its name on events and in rule files.
    pub name: Arc<str>,
    /// What it is read as: a text, a whole number, a number or a yes or no; a ratio is the risk that another system
    /// tells under this name.
    pub kind: Type,
    /// What it means, in the words of who declared it; empty if they said nothing.
    pub doc: Arc<str>,
}

impl AttributeSpec {
    /// What the attempt says. One that is sent with another type says nothing that the rules could use, and so
    /// is as unknown as one that is absent.
    pub fn read(&self, attempt: &Attempt) -> Reading {
        if self.kind == Type::Ratio {
            let named = attempt.scores.iter().filter(|score| *score.name.as_str() == *self.name);
            return risk(named, attempt);
        }
        let sent = &attempt.attributes;
        let place = sent.binary_search_by(|(name, _)| name.as_str().cmp(&self.name));
        let sent = place.ok().and_then(|at| sent.get(at));
        sent.and_then(|(_, value)| self.value(value)).ok_or(Cause::MissingInput).into()
    }

    fn value(&self, sent: &Attribute) -> Option<Value> {
        match (self.kind, sent) {
            (Type::Text, Attribute::Text(text)) => Some(Value::Text(Text::shared(text))),
            (Type::Bool, Attribute::Flag(flag)) => Some(Value::Bool(*flag)),
            (Type::Decimal, Attribute::Number(number)) => Some(Value::Decimal(*number)),
            (Type::Int, Attribute::Number(number)) => whole(*number).map(Value::Int),
            _ => None,
        }
    }

    /// What windows are told apart by that are made from it: the name with the type, since what was counted as a
    /// text does not go on as a number.
    pub(crate) fn definition(&self) -> String {
        format!("attribute {} {}", self.name, self.kind.name())
    }

    /// A number for [`AttributeSpec::definition`], the same in every policy and beyond those of the signal table.
    pub(crate) fn tag(&self) -> u64 {
        let digest: [u8; 32] = Sha256::digest(self.definition()).into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) | 1 << 63
    }
}

/// The greatest risk that other systems tell in these scores.
pub(super) fn risk<'a>(
    scores: impl Iterator<Item = &'a ExternalScore>,
    attempt: &Attempt,
) -> Reading {
    ExternalScore::greatest(scores, attempt.occurred_at).map(Value::Ratio).into()
}

#[expect(clippy::cast_possible_truncation, reason = "whole and below 2^53")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < WHOLE_MAX).then_some(number as i64)
}
