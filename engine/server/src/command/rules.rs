//! `doorward rules …`.

use std::sync::Arc;
use std::time::Duration;

use doorward_core::engine::Engine;
use doorward_core::policy::diagnostic::Class;
use doorward_core::policy::examples::{Example, Examples};
use doorward_core::policy::{self, Diagnostic, Policy, Sources};
use doorward_core::record::DecisionId;
use doorward_core::store::Budget;

use super::CommandError;
use super::check::{Checked, Sound};
use crate::cli::{CheckArgs, TestArgs};
use crate::clock;
use crate::terminal::{Ink, Terminal};

/// Bytes of state for one example: far more than any needs.
const EXAMPLE_BYTES: usize = 64 << 20;

/// Shows everything that is wrong with rule files; if nothing is, what the policy costs.
///
/// # Errors
/// If the files cannot be read, or something in them is wrong.
pub fn rules_check(args: &CheckArgs) -> Result<(), CommandError> {
    let checked = Checked::read(args.rules.directory.as_deref())?;
    if args.json {
        println!("{}", checked.json());
    }
    let (warnings, count) = (checked.report(), checked.count());
    let Sound { policy, .. } = checked.sound()?;
    eprint!("{warnings}");
    if !args.json {
        println!("{count}\n{}\npolicy {}", policy.bill(), policy.version());
    }
    Ok(())
}

/// Plays the tests inside rule files, each from an empty state and at its own time.
///
/// # Errors
/// If the files cannot be read, something in them is wrong, or a test fails.
pub fn rules_test(args: &TestArgs) -> Result<(), CommandError> {
    let checked = Checked::read(args.rules.directory.as_deref())?;
    let Sound { sources, policy, examples, .. } = checked.sound()?;
    let began = clock::elapsed();
    let run = Run {
        policy: Arc::new(policy),
        examples: &examples,
        sources: &sources,
        terminal: Terminal::of_stdout(),
    };
    let chosen: Vec<&Example> = run.examples.iter().filter(|it| chosen(it, args)).collect();
    if let (Some(filter), true) = (&args.filter, chosen.is_empty()) {
        return Err(CommandError::NoTest { filter: filter.clone() });
    }
    let failures: Vec<Vec<Diagnostic>> = chosen.iter().map(|example| run.test(example)).collect();
    let failed = failures.iter().filter(|failures| !failures.is_empty()).count();
    run.tell(&failures.concat());
    run.total(chosen.len(), failed, clock::elapsed().saturating_sub(began));
    if failed == 0 {
        return Ok(());
    }
    let report = format!("{failed} of {} tests failed", chosen.len());
    Err(CommandError::Policy { class: Class::Test, report })
}

fn chosen(example: &Example, args: &TestArgs) -> bool {
    args.filter.as_ref().is_none_or(|filter| {
        example.title().contains(filter.as_str())
            || example.rule().is_some_and(|rule| rule.contains(filter.as_str()))
    })
}

/// The tests of one policy.
struct Run<'a> {
    policy: Arc<Policy>,
    examples: &'a Examples,
    sources: &'a Sources,
    terminal: Terminal,
}

impl Run<'_> {
    /// Plays one test and prints its line; what does not hold is returned.
    fn test(&self, example: &Example) -> Vec<Diagnostic> {
        let failures = self.play(example);
        let mark = match failures.is_empty() {
            true => self.terminal.paint(Ink::Green, "✓"),
            false => self.terminal.paint(Ink::Red, "✗"),
        };
        let place = self.sources.location(example.span());
        let place = place.map(|place| format!("{}:{}", place.path, place.line)).unwrap_or_default();
        println!("{mark} {}  {}", example.title(), self.terminal.paint(Ink::Dim, &place));
        failures
    }

    fn play(&self, example: &Example) -> Vec<Diagnostic> {
        // The key keeps attackers from choosing collisions; a test has none, and is the same every time.
        let engine = Engine::new([0; 16], Arc::clone(&self.policy), Budget::of(EXAMPLE_BYTES));
        self.examples.play(example, &self.policy, &mut |attempt, enrichment, outcome| {
            let decided_at = attempt.occurred_at;
            let (asked, found) = (attempt.clone(), enrichment.clone());
            let record = engine.evaluate(DecisionId(0), decided_at, asked, found);
            if let Some(outcome) = outcome {
                engine.report(attempt, enrichment, record.decision.verdict, outcome);
            }
            (record.decision, record.readings)
        })
    }

    fn tell(&self, failures: &[Diagnostic]) {
        if !failures.is_empty() {
            let colour = console::colors_enabled();
            print!("\n{}", policy::render(failures, self.sources, colour));
        }
    }

    /// `26 passed, 2 failed in 9 ms`
    fn total(&self, played: usize, failed: usize, took: Duration) {
        let left = self.examples.iter().count() - played;
        let left = if left == 0 { String::new() } else { format!(", {left} left out") };
        println!("\n{} passed, {failed} failed{left} in {} ms", played - failed, took.as_millis());
    }
}
