//! `for journey … for population … for tenant …`: where a block applies.

use super::names::not_among;
use super::{Builder, Stage, code};
use crate::event::{Journey, Population};
use crate::policy::ast::{self, Name};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::limits::POPULATIONS_MAX;
use crate::policy::plan::Scope;
use crate::policy::program::Condition;

impl<'a> Builder<'a> {
    /// The populations that the policy defines, in the order of their numbers.
    pub(crate) fn populations(&mut self) -> Vec<Condition> {
        let populations = self.names.populations.clone();
        for population in &populations {
            let name = &population.name;
            if Population::parse(&name.text).is_some() {
                let message = format!("`{}` is already a population", name.text);
                self.found.push(
                    Diagnostic::error(code::TWICE, message).at(name.span, "choose another name"),
                );
            }
        }
        if let Some(extra) = populations.get(POPULATIONS_MAX) {
            let message = format!("a policy defines at most {POPULATIONS_MAX} populations");
            self.found.push(Diagnostic::error(code::LIMIT, message).at(extra.name.span, ""));
        }
        populations
            .into_iter()
            .filter_map(|population| self.condition(Stage::Decision, &population.when))
            .collect()
    }

    /// Compiles a scope; `None` if a name in it means nothing.
    pub(crate) fn scope(&mut self, scope: &ast::Scope) -> Option<Scope> {
        let mut compiled =
            Scope { journeys: self.journey_bits(&scope.journeys)?, ..Scope::default() };
        let mut sound = true;
        for name in &scope.populations {
            match self.population_bit(name) {
                Some(Bit::Schema(bit)) => compiled.populations |= bit,
                Some(Bit::Own(bit)) => compiled.custom |= bit,
                None => sound = false,
            }
        }
        compiled.tenants =
            scope.tenants.iter().map(|tenant| tenant.value.as_str().into()).collect();
        sound.then_some(compiled)
    }

    /// The journeys as bits; `None` if one of the names is none.
    pub(crate) fn journey_bits(&mut self, names: &[Name]) -> Option<u64> {
        let mut bits = 0;
        let mut sound = true;
        for name in names {
            match Journey::WORDS.iter().position(|word| *word == name.text) {
                Some(position) => bits |= 1 << position,
                None => {
                    let problem = not_among("journey", &name.text, name.span, Journey::WORDS);
                    self.found.push(problem);
                    sound = false;
                }
            }
        }
        sound.then_some(bits)
    }

    fn population_bit(&mut self, name: &Name) -> Option<Bit> {
        if let Some(position) = Population::WORDS.iter().position(|word| *word == name.text) {
            return Some(Bit::Schema(1 << position));
        }
        let own: Vec<&str> =
            self.names.populations.iter().map(|population| population.name.text.as_str()).collect();
        if let Some(position) = own.iter().position(|own| *own == name.text) {
            return u32::try_from(position).ok().and_then(|it| 1_u64.checked_shl(it)).map(Bit::Own);
        }
        let known: Vec<&str> = Population::WORDS.iter().copied().chain(own).collect();
        let problem = not_among("population", &name.text, name.span, &known);
        self.report(problem)
    }
}

enum Bit {
    Schema(u64),
    Own(u64),
}

/// Whether two blocks speak of the same attempts and neither is narrower.
pub(super) fn tied(a: &Scope, b: &Scope) -> bool {
    a.rank() == b.rank() && overlap(a, b)
}

/// Whether some attempt lies in both.
pub(crate) fn overlap(a: &Scope, b: &Scope) -> bool {
    let journeys = a.journeys == 0 || b.journeys == 0 || a.journeys & b.journeys != 0;
    let everyone = |scope: &Scope| scope.populations == 0 && scope.custom == 0;
    let mixed = |a: &Scope, b: &Scope| a.custom != 0 && b.populations != 0;
    let populations = everyone(a)
        || everyone(b)
        || a.populations & b.populations != 0
        || a.custom & b.custom != 0
        || mixed(a, b)
        || mixed(b, a);
    let shared = a.tenants.iter().any(|tenant| b.tenants.contains(tenant));
    journeys && populations && (a.tenants.is_empty() || b.tenants.is_empty() || shared)
}
