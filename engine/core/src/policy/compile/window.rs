//! Windows: `window failures_per_ip = count where credential is wrong by ip over 10m`.

use sha2::{Digest, Sha256};

use super::names::Meaning;
use super::slots::Given;
use super::{Builder, Stage, code, kind_noun};
use crate::policy::ast::{self, AggregateKind, Name};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::program::{Atom, Condition, Formula, Program, Slot, Test, bits};
use crate::policy::reckon::quantity;
use crate::signal::{AttributeSpec, Origin, SIGNALS, SignalId};
use crate::time::{DAY_MS, SECOND_MS};
use crate::value::{Type, Value};
use crate::window::{Aggregate, WindowSpec, Windows};

/// Shortest span of a window, in milliseconds.
const SPAN_MS_MIN: i64 = SECOND_MS;
/// Longest span of a window, in milliseconds; what is remembered for longer is the profile's.
const SPAN_MS_MAX: i64 = 90 * DAY_MS;
/// Most signals that one window may be kept by.
const KEYS_MAX: usize = 4;
/// How exact a count of different values is that is only calculated with.
const EXACT_WHEN_CALCULATED: u32 = 64;
/// The most different values that a window keeps exactly.
const EXACT_MAX: u32 = 4_096;

impl<'a> Builder<'a> {
    /// Compiles all windows.
    pub(crate) fn windows(&mut self) {
        for window in self.names.windows.clone() {
            let filter = window.filter.as_ref().map(|filter| self.condition(Stage::Event, filter));
            let spec = self.window(window, filter.as_ref().is_none_or(Option::is_some));
            let filter = filter.flatten();
            self.window_kinds.push(spec.as_ref().map(|(_, kind)| *kind));
            self.windows.push(spec.map(|(spec, _)| {
                let identity = identity(&spec, filter.as_ref(), &self.filters, self);
                WindowSpec { identity, ..spec }
            }));
            self.window_filters.push(filter);
        }
    }

    fn window(&mut self, window: &ast::Window, filtered: bool) -> Option<(WindowSpec, Type)> {
        let aggregate = window.aggregate.as_ref().map(|aggregate| self.aggregate(aggregate));
        let keys: Vec<_> = window.by.iter().map(|key| self.key(key)).collect();
        let span_ms = window.over.and_then(|over| self.span(over));
        let mut keys: Vec<SignalId> = keys.into_iter().collect::<Option<_>>()?;
        keys.sort_unstable();
        keys.dedup();
        if keys.len() > KEYS_MAX {
            let message = format!("a window is kept by at most {KEYS_MAX} signals");
            return self.report(Diagnostic::error(code::LIMIT, message).at(window.name.span, ""));
        }
        let (aggregate, kind) = aggregate??;
        let name = window.name.text.as_str().into();
        let spec =
            WindowSpec { name, identity: 0, aggregate, keys: keys.into(), span_ms: span_ms? };
        filtered.then_some((spec, kind))
    }

    fn aggregate(&mut self, aggregate: &ast::Aggregate) -> Option<(Aggregate, Type)> {
        let field = aggregate.field.as_ref().map(|field| self.field(field));
        match aggregate.kind {
            AggregateKind::Count => Some((Aggregate::Count, Type::Int)),
            AggregateKind::Spread => Some((Aggregate::Spread, Type::Distance)),
            AggregateKind::Regularity => Some((Aggregate::Regularity, Type::Ratio)),
            AggregateKind::Distinct => {
                let (of, _) = field??;
                Some((Aggregate::Distinct { of, exact_max: 0 }, Type::Int))
            }
            AggregateKind::Sum => {
                self.made(aggregate, field??, quantity, |of| Aggregate::Sum { of })
            }
            AggregateKind::Max => {
                self.made(aggregate, field??, Type::ordered, |of| Aggregate::Max { of })
            }
            AggregateKind::Mean => {
                self.made(aggregate, field??, quantity, |of| Aggregate::Mean { of })
            }
            AggregateKind::Deviation => {
                self.made(aggregate, field??, quantity, |of| Aggregate::Deviation { of })
            }
            AggregateKind::Run => {
                self.made(aggregate, field??, |kind| kind == Type::Int, |of| Aggregate::Run { of })
            }
            AggregateKind::First | AggregateKind::Last => {
                let field = aggregate.field.as_ref()?;
                if field.text != "time" {
                    let message = "only the time of a first or last event is kept";
                    return self.report(
                        Diagnostic::error(code::UNAVAILABLE, message)
                            .at(field.span, "not available in this version")
                            .help("`last time` is how long ago the last one was"),
                    );
                }
                let first = aggregate.kind == AggregateKind::First;
                Some((if first { Aggregate::First } else { Aggregate::Last }, Type::Duration))
            }
        }
    }

    /// An aggregate of a field, of the field's type, if that `fits`.
    fn made(
        &mut self,
        aggregate: &ast::Aggregate,
        (of, kind): (SignalId, Type),
        fits: fn(Type) -> bool,
        make: fn(SignalId) -> Aggregate,
    ) -> Option<(Aggregate, Type)> {
        if fits(kind) {
            return Some((make(of), kind));
        }
        let name = kind.name();
        let distinct = "`distinct` counts different values";
        let (message, help) = match aggregate.kind {
            AggregateKind::Run => (
                format!("values of type {name} do not follow each other"),
                "`run` counts whole numbers, as in `run user.number`",
            ),
            AggregateKind::Max => {
                (format!("there is no way to order values of type {name}"), distinct)
            }
            _ => (format!("there is no way to add up values of type {name}"), distinct),
        };
        let span = aggregate.field.as_ref().map_or(aggregate.span, |field| field.span);
        self.report(Diagnostic::error(code::NO_ORDER, message).at(span, name).help(help))
    }

    /// A signal that the event tells.
    fn field(&mut self, name: &Name) -> Option<(SignalId, Type)> {
        match self.names.meaning(&name.text) {
            Some(Meaning::Signal(id)) => {
                if let Some(kind) = self.told(id) {
                    return Some((id, kind));
                }
                if SIGNALS.get(id)?.origin == Origin::Ending {
                    return self.report(only_where(name));
                }
            }
            Some(Meaning::Attribute(index)) => {
                let kind = self.attribute_kind(index)?;
                return Some((self.attribute_slot(index), kind));
            }
            Some(Meaning::Window(_) | Meaning::Derived(_) | Meaning::List(_)) => {}
            None => {
                let problem = self.names.unknown(name);
                return self.report(problem);
            }
        }
        let message = format!("a window cannot be made from `{}`", name.text);
        self.report(
            Diagnostic::error(code::MISPLACED, message)
                .at(name.span, "not told by the event")
                .help("a window sees what the event tells and what was looked up for it"),
        )
    }

    fn key(&mut self, name: &Name) -> Option<SignalId> {
        let (id, kind) = self.field(name)?;
        if kind.ordered() && kind != Type::Int {
            let message = format!("a window cannot be kept by {}", kind_noun(kind));
            return self.report(
                Diagnostic::error(code::MISPLACED, message).at(name.span, kind.name()).help(
                    "`by` names who or what is counted for: `by user`, `by ip`, `by user, ip`",
                ),
            );
        }
        Some(id)
    }

    fn span(&mut self, over: ast::Duration) -> Option<i64> {
        if (SPAN_MS_MIN..=SPAN_MS_MAX).contains(&over.ms) {
            return Some(over.ms);
        }
        let message = "a window looks back at least 1s and at most 90d";
        self.report(Diagnostic::error(code::LIMIT, message).at(over.span, ""))
    }
}

fn only_where(name: &Name) -> Diagnostic {
    let message = format!("a window cannot be made from `{}`", name.text);
    Diagnostic::error(code::MISPLACED, message)
        .at(name.span, "not known yet when an attempt is counted")
        .help("`where` may ask for it: the attempt counts once it is known")
}

/// A hash of what the window is, whatever it is called and however its condition is written down.
fn identity(
    spec: &WindowSpec,
    filter: Option<&Condition>,
    filters: &Program,
    builder: &Builder<'_>,
) -> u64 {
    let name = |id: &SignalId| builder.definition(*id);
    let aggregate = match &spec.aggregate {
        Aggregate::Count => "count".to_owned(),
        Aggregate::Distinct { of, .. } => format!("distinct {}", name(of)),
        Aggregate::Sum { of } => format!("sum {}", name(of)),
        Aggregate::Max { of } => format!("max {}", name(of)),
        Aggregate::Mean { of } => format!("mean {}", name(of)),
        Aggregate::Deviation { of } => format!("deviation {}", name(of)),
        Aggregate::First => "first".to_owned(),
        Aggregate::Last => "last".to_owned(),
        Aggregate::Spread => "spread".to_owned(),
        Aggregate::Regularity => "regularity".to_owned(),
        Aggregate::Run { of } => format!("run {}", name(of)),
    };
    let keys: Vec<String> = spec.keys.iter().map(name).collect();
    let filter = filter.map(|filter| canonical(filter, filters, builder)).unwrap_or_default();
    let text = format!("{aggregate} where {filter} by {} over {}", keys.join(","), spec.span_ms);
    let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The condition with its parts sorted.
fn canonical(condition: &Condition, filters: &Program, builder: &Builder<'_>) -> String {
    let text = |index: usize, held: bool| {
        filters.atoms.get(index).map_or_else(String::new, |atom| {
            let Atom { about, holds, fails, .. } = atom;
            format!("{} {}", builder.about(*about), if held { holds } else { fails })
        })
    };
    let joined = |mut parts: Vec<String>, word: &str| {
        parts.sort_unstable();
        parts.dedup();
        parts.join(word)
    };
    match condition {
        Condition::Masks(masks) => {
            let literals = masks.iter().flat_map(|mask| {
                let hold = bits(mask.word, mask.hold).map(|atom| text(atom, true));
                hold.chain(bits(mask.word, mask.fail).map(|atom| text(atom, false)))
            });
            joined(literals.collect(), " and ")
        }
        Condition::And(parts) => {
            let parts = parts.iter().map(|part| canonical(part, filters, builder));
            joined(parts.collect(), " and ")
        }
        Condition::Or(parts) => {
            let parts = parts.iter().map(|part| canonical(part, filters, builder));
            format!("({})", joined(parts.collect(), " or "))
        }
        Condition::Not(part) => format!("not ({})", canonical(part, filters, builder)),
    }
}

impl Builder<'_> {
    /// What a condition asks about, for the identity of its window.
    fn about(&self, slot: Slot) -> String {
        match slot {
            Slot::Given(id) => self.definition(id),
            Slot::Derived(_) => self.slot_name(slot).to_string(),
        }
    }

    /// What a window is made from, for its identity.
    fn definition(&self, id: SignalId) -> String {
        match self.given(id) {
            Some(Given::Attribute(index)) => {
                let attribute = self.attributes.get(index).and_then(Option::as_ref);
                attribute.map_or_else(String::new, AttributeSpec::definition)
            }
            Some(Given::Signal(_) | Given::Window(_) | Given::Lookup(_)) | None => {
                self.given_name(id).to_string()
            }
        }
    }

    /// Reports numbers beyond what a count of different values is kept for.
    pub(crate) fn countable(&mut self) {
        for (index, window) in self.names.windows.iter().enumerate() {
            let distinct = self.windows.get(index).and_then(Option::as_ref);
            if distinct.is_some_and(|spec| matches!(spec.aggregate, Aggregate::Distinct { .. }))
                && needed(Slot::Given(self.window_slot(index)), &self.program) > EXACT_MAX
            {
                let message =
                    format!("`{}` counts at most {EXACT_MAX} different values", window.name.text);
                self.found.push(
                    Diagnostic::error(code::LIMIT, message)
                        .at(window.name.span, "compared with more than that"),
                );
            }
        }
    }
}

/// Makes every count of different values exact up to one beyond the largest number it is compared with.
pub(crate) fn size(windows: &mut Windows, program: &Program) {
    let first = windows.first_slot();
    for (index, spec) in windows.specs.iter_mut().enumerate() {
        if let Aggregate::Distinct { exact_max, .. } = &mut spec.aggregate {
            *exact_max = needed(Slot::Given(first + index), program);
        }
    }
}

fn needed(window: Slot, program: &Program) -> u32 {
    let compared = program.atoms.iter().filter(|atom| atom.slot == window);
    let constants = compared.filter_map(|atom| match &atom.test {
        Test::Equal(value) | Test::Above(value) | Test::AtLeast(value) => Some(beyond(value)),
        Test::OneOf(values) => values.iter().map(beyond).max(),
        Test::EqualTo(_) | Test::AboveOf(_) | Test::AtLeastOf(_) => Some(EXACT_WHEN_CALCULATED),
        Test::Flag | Test::Unknown => None,
    });
    let other = program.atoms.iter().any(|atom| atom.test.other() == Some(window));
    let calculated = program.derived.iter().any(|derived| {
        let mut used = false;
        if let Formula::Number(number) = &derived.formula {
            number.slots(&mut |slot| used |= slot == window);
        }
        used
    });
    let least = if other || calculated { EXACT_WHEN_CALCULATED } else { 1 };
    constants.max().unwrap_or(1).max(least)
}

/// The whole number after the constant.
fn beyond(value: &Value) -> u32 {
    match value {
        Value::Int(number) => u32::try_from(number.saturating_add(1).max(1)).unwrap_or(u32::MAX),
        Value::Decimal(number) => {
            (1..=EXACT_MAX).find(|whole| f64::from(*whole) > *number).unwrap_or(u32::MAX)
        }
        Value::Bool(_) | Value::Ratio(_) | Value::Money(_) | Value::Duration(_) => 1,
        Value::Instant(_) | Value::Distance(_) | Value::Speed(_) | Value::Ip(_) => 1,
        Value::Cidr(_) | Value::Asn(_) | Value::Country(_) | Value::Text(_) | Value::Word(_) => 1,
    }
}
