//! From the tree of a rule directory to a policy: names, types and units, then atoms and masks.
//!
//! Every problem of a run is found at once: a part that is wrong is reported and left out, and what
//! depends on it stays silent. A policy comes out only if nothing is wrong.

mod atom;
mod attribute;
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
mod slots;
mod throttle;
mod variant;
mod window;

use std::collections::HashMap;

use super::ast::{Document, Item, List};
use super::compiled::{Policy, Version, WindowFilters};
use super::diagnostic::{Diagnostic, Severity};
use super::examples::Examples;
use super::list::ListFile;
use super::plan::{Lookup, Places};
use super::program::{Condition, Program};
use super::sources::Sources;
use crate::signal::AttributeSpec;
use crate::value::Type;
use crate::window::{WindowSpec, Windows};
use derived::Progress;
use names::Names;

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
    builder.attributes();
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
    let given_names = (0..builder.given_count()).map(|slot| builder.given_name(slot)).collect();

    let Builder {
        mut found, program, filters, lookups, attributes, windows, window_filters, ..
    } = builder;
    found.sort_by_key(|problem| {
        problem.primary.as_ref().map(|label| (label.span.file, label.span.start))
    });
    found.dedup();
    if found.iter().any(|problem| problem.severity == Severity::Error) {
        return Compiled { policy: None, examples: Examples::default(), diagnostics: found };
    }
    let specs: Vec<WindowSpec> = windows.into_iter().flatten().collect();
    let attributes = attributes.into_iter().flatten().collect();
    let mut windows = Windows::new(specs).made_from(attributes);
    window::size(&mut windows, &program);
    let policy = Policy {
        version: Version::of(sources),
        given_names,
        windows,
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
    /// By attribute; `None` if the declaration is wrong.
    attributes: Vec<Option<AttributeSpec>>,
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
            attributes: Vec::new(),
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
