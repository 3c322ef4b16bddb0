//! Diagnostics as a compiler prints them.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Help, Label, Severity};
use crate::policy::{
    sources::{Source, Sources, index},
    span::{FileId, Span},
};

/// Writes the diagnostics one below the other with an empty line between, in their order, with
/// their source lines. `colour` adds ANSI escapes; the result ends with a line feed unless empty.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let pages: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| renderer.render(&report(diagnostic, sources)) + "\n")
        .collect();
    pages.join("\n")
}

fn report<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.to_string());
    let problem = Group::with_title(title)
        .elements(snippets(diagnostic, sources))
        .elements(diagnostic.notes.iter().map(|note| Level::NOTE.message(note.as_str())));
    let helps = diagnostic.helps.iter().map(|help| advice(help, sources));
    std::iter::once(problem).chain(helps).collect()
}

/// One snippet per file, that of the primary place first.
fn snippets<'a>(
    diagnostic: &'a Diagnostic,
    sources: &'a Sources,
) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut files: Vec<FileId> = Vec::new();
    for label in diagnostic.primary.iter().chain(&diagnostic.secondary) {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
        .into_iter()
        .filter_map(|file| sources.file(file).map(|source| (file, source)))
        .map(|(file, source)| {
            let here = move |label: &&Label| label.span.file == file;
            let primary = diagnostic.primary.iter().filter(here);
            let secondary = diagnostic.secondary.iter().filter(here);
            snippet(source)
                .annotations(primary.map(|label| mark(AnnotationKind::Primary, label, source)))
                .annotations(secondary.map(|label| mark(AnnotationKind::Context, label, source)))
        })
        .collect()
}

fn advice<'a>(help: &'a Help, sources: &'a Sources) -> Group<'a> {
    let group = Group::with_title(Level::HELP.secondary_title(help.text.as_str()));
    let place = help.span.and_then(|span| Some((span, sources.file(span.file)?)));
    group.elements(place.map(|(span, source)| {
        snippet(source).annotation(AnnotationKind::Primary.span(range(span, source)))
    }))
}

fn snippet<'a>(source: &'a Source) -> Snippet<'a, Annotation<'a>> {
    Snippet::source(source.text()).path(source.shown())
}

fn mark<'a>(kind: AnnotationKind, label: &'a Label, source: &Source) -> Annotation<'a> {
    let annotation = kind.span(range(label.span, source));
    if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) }
}

/// The bytes of `span`, moved inside the text and onto character boundaries whatever it says.
fn range(span: Span, source: &Source) -> Range<usize> {
    let inside = |offset: u32| source.text().floor_char_boundary(index(offset));
    let start = inside(span.start);
    start..inside(span.end).max(start)
}
