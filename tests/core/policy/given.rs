//! A policy from text, and readings by name.

use std::sync::Arc;

use doorward_core::policy::list::ListFile;
use doorward_core::policy::{Compiled, Diagnostic, Policy, Sources, compile, parse, render};
use doorward_core::record::DecisionId;
use doorward_core::time::Timestamp;
use doorward_core::value::{Cause, Reading, Value};

use crate::scene::engine_of;

/// Compiles one file, with lists as (path, text) that were brought up to date at the epoch.
pub(super) fn compiled(text: &str, lists: &[(&str, &str)]) -> (Compiled, Sources) {
    let sources = Sources::new(vec![("a.rules".to_owned(), text.to_owned())]);
    let (document, found) = parse(&sources);
    let updated_at = Timestamp::from_ms(0);
    let file = |(path, text): &(&str, &str)| ListFile {
        path: (*path).to_owned(),
        text: (*text).to_owned(),
        updated_at,
    };
    let lists: Vec<_> = lists.iter().map(file).collect();
    (compile(&sources, &document, found, &lists), sources)
}

/// The policy, which must be without error.
pub(super) fn policy(text: &str, lists: &[(&str, &str)]) -> Policy {
    let (compiled, sources) = compiled(text, lists);
    match compiled.policy {
        Some(policy) => policy,
        None => panic!("{}", render(&compiled.diagnostics, &sources, false)),
    }
}

/// What fails of the tests in the rules, each played on an engine of its own.
pub(crate) fn failures(compiled: Compiled) -> Vec<Diagnostic> {
    let examples = compiled.examples;
    let policy = Arc::new(compiled.policy.expect("the rules are right"));
    let play = |example| {
        let engine = engine_of(Arc::clone(&policy));
        examples.play(example, &policy, &mut |attempt, enrichment, outcome| {
            let (at, asked) = (attempt.occurred_at, attempt.clone());
            let record = engine.evaluate(DecisionId(0), at, asked, enrichment.clone());
            if let Some(outcome) = outcome {
                engine.report(attempt, enrichment, record.decision.verdict, outcome);
            }
            (record.decision, record.readings)
        })
    };
    examples.iter().flat_map(play).collect()
}

/// Readings of a policy in which only these are known.
pub(super) fn readings(policy: &Policy, known: &[(&str, Value)]) -> Vec<Reading> {
    let mut readings = vec![Reading::Unknown(Cause::MissingInput); policy.slot_count()];
    let slots = policy.slots();
    let always = [
        ("tenant", Value::Text("bank-a".into())),
        ("time", Value::Instant(Timestamp::from_ms(0))),
        ("population", Value::Word("customer")),
        ("journey", Value::Word("login")),
        ("user", Value::Text("ana".into())),
    ];
    for (name, value) in always.iter().chain(known) {
        let index = slots.iter().position(|slot| *slot.name == **name);
        let index = index.unwrap_or_else(|| panic!("no slot `{name}`"));
        assert!(value.fits(slots[index].kind), "{name}");
        readings[index] = Reading::Known(value.clone());
    }
    policy.memberships(&mut readings);
    for (name, value) in known {
        let index = slots.iter().position(|slot| *slot.name == **name).unwrap();
        readings[index] = Reading::Known(value.clone());
    }
    readings
}
