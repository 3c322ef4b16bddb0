//! From the tree of a rule directory to a policy: names, types and units, then atoms and masks.
//!
//! Every problem of a run is found at once: a part that is wrong is reported and left out, and what
//! depends on it stays silent. A policy comes out only if nothing is wrong.

mod atom;
mod code;
mod condition;
mod derived;
mod example;
mod journey;
mod limits;
mod literal;
mod lists;
mod names;
mod open;
mod operand;
mod reason;
mod rule;
mod scope;
mod set;
mod variant;
mod window;

use std::collections::HashMap;
use std::sync::Arc;

use super::ast::{self, Document, Name};
use super::compiled::{Policy, Version};
use super::diagnostic::{Diagnostic, Severity};
use super::examples::Examples;
use super::list::{List, ListFile};
use super::plan::Lookup;
use super::program::{Condition, Program, Slot};
use super::sources::Sources;
use crate::signal::SIGNALS;
use crate::value::Type;
use crate::window::WindowSpec;
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

/// Compiles a rule directory. `found` is what the parser already found wrong; `lists` are the files that
/// lists name.
pub fn compile(
    sources: &Sources,
    document: &Document,
    mut found: Vec<Diagnostic>,
    lists: &[ListFile],
) -> Compiled {
    let names = Names::collect(document, &mut found);
    let mut builder = Builder::new(sources, names, found);
    builder.refuse_use(document);
    let lists = builder.lists(lists);
    builder.windows();
    builder.all_derived();
    let populations = builder.populations();
    let groups = builder.groups();
    let journeys = builder.journeys(document);
    let degraded = builder.degraded(document);
    let rules = builder.rules(document, &degraded);
    builder.limits(&rules);
    let mut examples = builder.examples(document, &rules);
    let mut diagnostics = builder.found;
    diagnostics.sort_by_key(|problem| {
        problem.primary.as_ref().map(|label| (label.span.file, label.span.start))
    });
    if diagnostics.iter().any(|problem| problem.severity == Severity::Error) {
        return Compiled { policy: None, examples: Examples::default(), diagnostics };
    }
    let windows = builder.exact(examples.program());
    let Builder { program, filters, lookups, .. } = builder.done;
    let _ = (&mut examples, rules, groups, journeys, populations, lists, windows, program, filters, lookups);
    todo!()
}
