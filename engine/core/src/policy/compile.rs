//! From the tree of a rule directory to a policy: names, types and units, then atoms and masks.
//!
//! Every problem of a run is found at once: a part that is wrong is reported and left out, and what
//! depends on it stays silent. A policy comes out only if nothing is wrong.

mod atom;
pub(crate) mod code;
mod condition;
mod derived;
mod example;
mod journey;
mod limits;
mod lint;
mod lists;
mod literal;
mod names;
mod open;
mod operand;
mod reason;
mod rule;
mod scope;
mod set;
mod throttle;
mod variant;
mod window;

use std::collections::HashMap;
use std::sync::Arc;

use super::ast::{Document, Item, List, Name};
use super::compiled::{Policy, Version, WindowFilters};
use super::diagnostic::{Diagnostic, Severity};
use super::examples::Examples;
use super::list::ListFile;
use super::plan::{Lookup, Places};
use super::program::{Condition, Program, Slot};
use super::sources::Sources;
use crate::signal::SIGNALS;
use crate::value::Type;
use crate::window::{WindowSpec, Windows};
use derived::Progress;
use names::{Meaning, Names};

/// What came of compiling.
#[derive(Debug)]
pub struct Compiled {
    /// The policy; `None` if a diagnostic is an error.
    pub policy: Option<Policy>,
    /// The tests in the rule files; empty if there is no policy.
    pub examples: Examples,
    /// Everything that is wrong or probably not meant so, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a rule directory. `found` is what the parser already found wrong; `files` are those that the
/// `list` definitions name.
pub fn compile(
    sources: &Sources,
    document: &Document,
    mut found: Vec<Diagnostic>,
    files: &[ListFile],
) -> Compiled {
    let readable = found.is_empty();
    let names = Names::collect(document, &mut found);
    let mut builder = Builder::new(sources, names, found);
    builder.readable = readable;
    builder.refuse_use(document);
    let lists = builder.lists(files);
    builder.windows();
    builder.all_derived();
    let populations = builder.populations();
    let groups = builder.groups();
    let journeys = builder.journeys(document);
    let degraded = builder.degraded(document);
    let throttles = builder.throttles(document);
    let rules = builder.rules(&degraded);
    builder.limits(&rules);
    builder.countable();
    let for_rules = builder.program.clone();
    let examples = builder.examples(document);
    builder.lint(&rules, &journeys, &groups);
    let given = SIGNALS.len() + builder.windows.len() + builder.lookups.len();
    let given_names = (0..given).map(|index| builder.given_name(index)).collect();

    let Builder { mut found, program, filters, lookups, windows, window_filters, .. } = builder;
    found.sort_by_key(|problem| {
        problem.primary.as_ref().map(|label| (label.span.file, label.span.start))
    });
    found.dedup();
    if found.iter().any(|problem| problem.severity == Severity::Error) {
        return Compiled { policy: None, examples: Examples::default(), diagnostics: found };
    }
    let mut specs: Vec<WindowSpec> = windows.into_iter().flatten().collect();
    window::size(&mut specs, &program);
    let policy = Policy {
        version: Version::of(sources),
        given_names,
        windows: Windows::new(specs),
        filters: WindowFilters::new(filters, window_filters),
        lookups,
        lists,
        program: for_rules,
        populations,
        groups,
        journeys,
        degraded,
        throttles,
        rules,
        places: Places::find(),
    };
    Compiled {
        policy: Some(policy),
        examples: Examples { program, list: examples },
        diagnostics: found,
    }
}

/// The paths of the files that the lists of a rule directory name, each once, in order.
pub fn list_paths(document: &Document) -> Vec<&str> {
    let mut paths = Vec::new();
    for item in document.items() {
        if let Item::List(List { from: Some(from), .. }) = item
            && !paths.contains(&from.value.as_str())
        {
            paths.push(from.value.as_str());
        }
    }
    paths
}

/// What a condition can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// What the event tells: the `where` of a window.
    Event,
    /// Everything.
    Decision,
}

/// What has been understood so far.
pub(crate) struct Builder<'a> {
    sources: &'a Sources,
    names: Names<'a>,
    found: Vec<Diagnostic>,
    /// The parser understood everything, so that what is not there was not written.
    readable: bool,
    /// Conditions of windows.
    filters: Program,
    /// Conditions of everything else.
    program: Program,
    lookups: Vec<Lookup>,
    /// By list; `None` if the definition is wrong.
    list_kinds: Vec<Option<Type>>,
    /// By list: the columns after the first.
    list_columns: Vec<Box<[Box<str>]>>,
    /// Whether a list can be too old to be believed.
    list_stales: Vec<bool>,
    /// By window; `None` if the definition is wrong.
    window_kinds: Vec<Option<Type>>,
    windows: Vec<Option<WindowSpec>>,
    window_filters: Vec<Option<Condition>>,
    derived: HashMap<&'a str, Progress>,
    /// The journeys with thresholds, one bit each.
    judged: u64,
}

impl<'a> Builder<'a> {
    fn new(sources: &'a Sources, names: Names<'a>, found: Vec<Diagnostic>) -> Self {
        Self {
            sources,
            names,
            found,
            readable: true,
            filters: Program::default(),
            program: Program::default(),
            lookups: Vec::new(),
            list_kinds: Vec::new(),
            list_columns: Vec::new(),
            list_stales: Vec::new(),
            window_kinds: Vec::new(),
            windows: Vec::new(),
            window_filters: Vec::new(),
            derived: HashMap::new(),
            judged: 0,
        }
    }

    fn program_mut(&mut self, stage: Stage) -> &mut Program {
        match stage {
            Stage::Event => &mut self.filters,
            Stage::Decision => &mut self.program,
        }
    }

    /// The name of what stands in the slot.
    fn slot_name(&self, slot: Slot) -> Arc<str> {
        match slot {
            Slot::Given(index) => self.given_name(index),
            Slot::Derived(index) => {
                self.program.derived.get(index).map_or_else(Arc::default, |it| Arc::clone(&it.name))
            }
        }
    }

    fn given_name(&self, index: usize) -> Arc<str> {
        if let Some(signal) = SIGNALS.get(index) {
            return signal.name.into();
        }
        let index = index - SIGNALS.len();
        match self.names.windows.get(index) {
            Some(window) => window.name.text.as_str().into(),
            None => {
                let lookup = self.lookups.get(index - self.names.windows.len());
                lookup.map_or_else(Arc::default, |lookup| Arc::clone(&lookup.name))
            }
        }
    }

    fn slot_kind(&self, slot: Slot) -> Type {
        let kind = match slot {
            Slot::Derived(index) => self.program.derived.get(index).map(|derived| derived.kind),
            Slot::Given(index) => match SIGNALS.get(index) {
                Some(signal) => Some(signal.kind),
                None => self.window_kinds.get(index - SIGNALS.len()).copied().flatten(),
            },
        };
        kind.unwrap_or(Type::Bool)
    }

    /// The slots that a name in `unknown(…)` means: itself, or a family's members; for a list every
    /// look-up in it.
    fn family_slots(&mut self, name: &Name) -> Option<Vec<Slot>> {
        if let Some(Meaning::List(index)) = self.names.meaning(&name.text) {
            let base = SIGNALS.len() + self.names.windows.len();
            let of = self.lookups.iter().enumerate().filter(|(_, lookup)| lookup.list == index);
            return Some(of.map(|(at, _)| Slot::Given(base + at)).collect());
        }
        let meanings = match self.names.meaning(&name.text) {
            Some(meaning) => vec![meaning],
            None => self.names.family(&name.text),
        };
        if meanings.is_empty() {
            let problem = self.names.unknown(name);
            return self.report(problem);
        }
        let slots: Vec<_> = meanings.into_iter().map(|meaning| self.meant(meaning)).collect();
        slots.into_iter().collect()
    }

    fn meant(&mut self, meaning: Meaning<'a>) -> Option<Slot> {
        match meaning {
            Meaning::Signal(id) => Some(Slot::Given(id)),
            Meaning::Window(index) => Some(Slot::Given(SIGNALS.len() + index)),
            Meaning::Derived(signal) => self.derived(signal),
            Meaning::List(_) => None,
        }
    }
}

/// The type with its article, as a sentence says it.
fn kind_noun(kind: Type) -> &'static str {
    match kind {
        Type::Bool => "a yes or no",
        Type::Int | Type::Decimal => "a number",
        Type::Ratio => "a share",
        Type::Money => "an amount of money",
        Type::Duration => "a duration",
        Type::Instant => "a point in time",
        Type::Distance => "a distance",
        Type::Speed => "a speed",
        Type::Ip => "an address",
        Type::Cidr => "a network",
        Type::Asn => "an AS number",
        Type::Country => "a country",
        Type::Device => "a device",
        Type::User => "a user",
        Type::Text => "a text",
        Type::Word(_) => "a word",
    }
}
