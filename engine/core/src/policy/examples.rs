//! The tests in the rule files: attempts at virtual times, and what is expected of the decisions.

pub(crate) mod draft;

use super::ast::CompareOp;
use super::compile::code;
use super::compiled::Policy;
use super::diagnostic::Diagnostic;
use super::facts::Facts;
use super::program::{Condition, Program};
use super::span::Span;
use crate::decision::{Decision, Verdict};
use crate::enrichment::Enrichment;
use crate::event::{Attempt, Outcome};
use crate::time::{DAY_MS, HOUR_MS, Timestamp};
use crate::value::Reading;
use draft::{Draft, Event};

/// When every test begins: noon of a Monday, 2026-01-05, UTC.
const BEGIN: Timestamp = Timestamp::from_ms(20_458 * DAY_MS + 12 * HOUR_MS);

/// All tests of a rule directory.
#[derive(Debug, Default)]
pub struct Examples {
    /// The policy's conditions, and those of the expectations after them.
    pub(crate) program: Program,
    pub(crate) list: Vec<Example>,
}

/// One test.
#[derive(Debug)]
pub struct Example {
    pub(crate) title: String,
    pub(crate) rule: Option<String>,
    pub(crate) span: Span,
    pub(crate) steps: Vec<Step>,
}

/// One line of a test.
#[derive(Debug)]
pub(crate) enum Step {
    Given { attempts: u32, every_ms: i64, event: Event },
    After(i64),
    Event(Event),
    Expect(Vec<Expectation>),
}

/// What a decision should be.
#[derive(Debug)]
pub(crate) struct Expectation {
    pub(crate) what: Expected,
    pub(crate) span: Span,
}

/// See [`Expectation`].
#[derive(Debug)]
pub(crate) enum Expected {
    Fires { rule: usize, negated: bool },
    Verdict(Verdict),
    Reason { code: String, negated: bool },
    Score { op: CompareOp, points: i64 },
    Holds(Condition),
}

/// Evaluates one attempt on the state that the attempts before it left: the decision, and the readings
/// that it was made from. The outcome, if one is given, is told of it afterwards.
pub type Run<'r> =
    dyn FnMut(&Attempt, &Enrichment, Option<&Outcome>) -> (Decision, Box<[Reading]>) + 'r;

impl Examples {
    /// Every test in order of writing.
    pub fn iter(&self) -> impl Iterator<Item = &Example> {
        self.list.iter()
    }

    /// Plays one test. `run` starts from an empty state. What does not hold is returned; nothing if the
    /// test passes.
    pub fn play(&self, example: &Example, policy: &Policy, run: &mut Run<'_>) -> Vec<Diagnostic> {
        let mut play = Play { examples: self, policy, now: BEGIN, events: 0, last: None };
        let steps = example.steps.iter();
        steps.flat_map(|step| play.step(step, run)).map(|it| titled(it, example)).collect()
    }
}

impl Example {
    /// What it shows.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The rule that it is for, if it names one.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// Where its title stands.
    pub fn span(&self) -> Span {
        self.span
    }
}

struct Play<'a> {
    examples: &'a Examples,
    policy: &'a Policy,
    now: Timestamp,
    events: u64,
    last: Option<(Decision, Box<[Reading]>)>,
}

impl Play<'_> {
    fn step(&mut self, step: &Step, run: &mut Run<'_>) -> Vec<Diagnostic> {
        match step {
            Step::Given { attempts, every_ms, event } => {
                for number in 1..=*attempts {
                    if let Err(problem) = self.attempt(event, number, run) {
                        return vec![*problem];
                    }
                    self.now = self.now.plus(*every_ms);
                }
                Vec::new()
            }
            Step::After(ms) => {
                self.now = self.now.plus(*ms);
                Vec::new()
            }
            Step::Event(event) => match self.attempt(event, 1, run) {
                Ok(()) => Vec::new(),
                Err(problem) => vec![*problem],
            },
            Step::Expect(expectations) => {
                expectations.iter().filter_map(|expectation| self.expect(expectation)).collect()
            }
        }
    }

    fn attempt(
        &mut self,
        event: &Event,
        number: u32,
        run: &mut Run<'_>,
    ) -> Result<(), Box<Diagnostic>> {
        self.events += 1;
        let Some(draft) = Draft::new(event, self.now, self.events, number) else {
            let problem = Diagnostic::error(code::TEST_FAILED, "a value of this event is too long");
            return Err(Box::new(problem.at(event.span, "")));
        };
        self.now = draft.attempt.occurred_at;
        self.last = Some(run(&draft.attempt, &draft.enrichment(), draft.outcome().as_ref()));
        Ok(())
    }

    fn expect(&self, expectation: &Expectation) -> Option<Diagnostic> {
        let (decision, readings) = self.last.as_ref()?;
        let facts = Facts::new(&self.examples.program, readings);
        let failure = |label: String| {
            Some(Diagnostic::error(code::TEST_FAILED, "").at(expectation.span, label))
        };
        match &expectation.what {
            Expected::Fires { rule, negated } => {
                let fired = self.fires(*rule, &facts);
                match fired {
                    Some(true) if *negated => failure("it fires".into()),
                    Some(false) if !*negated => failure("it does not fire".into()),
                    None if !*negated => {
                        let open = self.unknowns(*rule, &facts);
                        failure(format!("it cannot be decided: {open}"))
                    }
                    Some(_) | None => None,
                }
            }
            Expected::Verdict(verdict) if decision.verdict != *verdict => {
                let (was, score) = (decision.verdict, decision.score);
                failure(format!("it was {was} with a score of {score}"))
            }
            Expected::Verdict(_) => None,
            Expected::Reason { code, negated } => {
                let mut given = decision.reasons.iter();
                let given = given.any(|reason| *reason.code == **code);
                match (given, negated) {
                    (true, true) => failure("it is given".into()),
                    (false, false) => failure(format!("reasons given: {}", codes(decision))),
                    (true, false) | (false, true) => None,
                }
            }
            Expected::Score { op, points } => {
                let score = i64::from(decision.score);
                if compare(*op, score, *points) { None } else { failure(format!("it is {score}")) }
            }
            Expected::Holds(condition) => match facts.holds(condition) {
                Some(true) => None,
                Some(false) | None => failure(self.observed(condition, &facts)),
            },
        }
    }

    fn fires(&self, rule: usize, facts: &Facts<'_>) -> Option<bool> {
        let who = self.policy.who(facts);
        let rule = self.policy.rules.get(rule)?;
        match rule.variant(&who) {
            Some(variant) => facts.holds(&variant.condition),
            None => Some(false),
        }
    }

    fn unknowns(&self, rule: usize, facts: &Facts<'_>) -> String {
        let who = self.policy.who(facts);
        let variant = self.policy.rules.get(rule).and_then(|rule| rule.variant(&who));
        let mut open = Vec::new();
        if let Some(variant) = variant {
            facts.blame(&variant.condition, &mut |slot| {
                let line =
                    format!("{} is {}", self.policy.slot_name(slot), facts.reading(slot).text());
                if !open.contains(&line) {
                    open.push(line);
                }
            });
        }
        open.join(", ")
    }

    /// What the condition's signals were.
    fn observed(&self, condition: &Condition, facts: &Facts<'_>) -> String {
        let mut seen: Vec<String> = Vec::new();
        condition.atoms(&mut |atom| {
            if let Some(atom) = self.examples.program.atoms.get(atom) {
                let line = format!("it is {}", facts.reading(atom.about).text());
                if !seen.contains(&line) {
                    seen.push(line);
                }
            }
        });
        seen.join(", ")
    }
}

fn titled(problem: Diagnostic, example: &Example) -> Diagnostic {
    let message = format!("the test \"{}\" fails", example.title);
    let problem = problem.see(example.span, "");
    Diagnostic { message, ..problem }
}

fn codes(decision: &Decision) -> String {
    let codes: Vec<&str> = decision.reasons.iter().map(|reason| &*reason.code).collect();
    if codes.is_empty() { "none".to_owned() } else { codes.join(", ") }
}

fn compare(op: CompareOp, left: i64, right: i64) -> bool {
    match op {
        CompareOp::Equal => left == right,
        CompareOp::NotEqual => left != right,
        CompareOp::Less => left < right,
        CompareOp::AtMost => left <= right,
        CompareOp::Greater => left > right,
        CompareOp::AtLeast => left >= right,
    }
}
