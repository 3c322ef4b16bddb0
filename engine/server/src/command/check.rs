//! Rule files held against the language: what was found, for people and for machines.

use std::path::Path;

use doorward_core::policy::diagnostic::{Class, Finding};
use doorward_core::policy::examples::Examples;
use doorward_core::policy::{self, Code, Compiled, Diagnostic, Policy, Severity, Sources};
use serde::Serialize;

use super::CommandError;
use crate::rules::{RuleText, RulesError};

/// A directory of rule files, or the shipped ones, compiled.
pub(super) struct Checked {
    text: RuleText,
    sources: Sources,
    compiled: Compiled,
}

/// The same without an error in it.
pub(super) struct Sound {
    pub(super) text: RuleText,
    pub(super) sources: Sources,
    pub(super) policy: Policy,
    pub(super) examples: Examples,
}

/// One finding as a line of the JSON array. A problem of the whole policy has no place.
#[derive(Serialize)]
struct Line {
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    severity: &'static str,
    code: String,
    message: String,
    label: String,
    help: String,
}

impl Checked {
    /// Reads and compiles.
    ///
    /// # Errors
    /// If the files cannot be read. What is wrong in them is a finding.
    pub(super) fn read(directory: Option<&Path>) -> Result<Self, RulesError> {
        let text = RuleText::read(directory)?;
        let (sources, compiled) = text.compile();
        Ok(Self { text, sources, compiled })
    }

    /// Every finding with its source lines, ready for standard error; empty if there is none.
    pub(super) fn report(&self) -> String {
        let colour = console::colors_enabled_stderr();
        policy::render(&self.compiled.diagnostics, &self.sources, colour)
    }

    /// `3 errors, 1 warning in 6 files`
    pub(super) fn count(&self) -> String {
        let of = |severity| self.of(severity).count();
        let errors = counted(of(Severity::Error), "error");
        let warnings = counted(of(Severity::Warning), "warning");
        let files = counted(self.text.rules.len(), "file");
        format!("{errors}, {warnings} in {files}")
    }

    /// Every finding as an array of objects, one a line.
    pub(super) fn json(&self) -> String {
        let lines =
            self.compiled.diagnostics.iter().map(|it| Line::from(it.finding(&self.sources)));
        let lines: Vec<String> =
            lines.filter_map(|line| serde_json::to_string(&line).ok()).collect();
        if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join(",\n")) }
    }

    /// The policy and its tests.
    ///
    /// # Errors
    /// With the whole report, if a finding is an error.
    pub(super) fn sound(self) -> Result<Sound, CommandError> {
        match self.compiled.policy {
            None => Err(self.wrong()),
            Some(policy) => Ok(Sound {
                text: self.text,
                sources: self.sources,
                policy,
                examples: self.compiled.examples,
            }),
        }
    }

    /// Of the first stage that failed: what later stages found may follow from it.
    fn wrong(&self) -> CommandError {
        let first = self.of(Severity::Error).map(|it| it.code).min();
        let report = format!("the rules are wrong\n\n{}\n{}", self.report(), self.count());
        CommandError::Policy { class: first.map_or(Class::Lint, Code::class), report }
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = &Diagnostic> {
        self.compiled.diagnostics.iter().filter(move |it| it.severity == severity)
    }
}

impl From<Finding> for Line {
    fn from(finding: Finding) -> Self {
        let Finding { code, severity, message, label, start, end, help } = finding;
        Self {
            file: start.as_ref().map(|start| start.path.clone()),
            line: start.as_ref().map(|start| start.line),
            column: start.map(|start| start.column),
            end_line: end.as_ref().map(|end| end.line),
            end_column: end.map(|end| end.column),
            severity: match severity {
                Severity::Warning => "warning",
                Severity::Error => "error",
            },
            code,
            message,
            label,
            help,
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
