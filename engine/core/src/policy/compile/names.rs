//! What the names of a rule directory mean.

use std::collections::HashMap;

use super::{Builder, code};
use crate::policy::ast::{self, Document, Item, Name};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::span::Span;
use crate::policy::suggest::suggest;
use crate::signal::{self, SIGNALS, SignalId};

/// What a name in a condition stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meaning<'a> {
    Signal(SignalId),
    Attribute(usize),
    Window(usize),
    Derived(&'a ast::Signal),
    List(usize),
}

/// Every definition by name. Signals, attributes, windows and lists share one space of names; rules, groups and
/// populations have one each.
#[derive(Default)]
pub(crate) struct Names<'a> {
    values: HashMap<&'a str, (Meaning<'a>, &'a Name)>,
    pub(crate) attributes: Vec<&'a ast::Attribute>,
    pub(crate) windows: Vec<&'a ast::Window>,
    pub(crate) derived: Vec<&'a ast::Signal>,
    pub(crate) lists: Vec<&'a ast::List>,
    pub(crate) groups: Vec<&'a ast::Group>,
    pub(crate) populations: Vec<&'a ast::Population>,
    /// All blocks of one name together, in order of writing.
    pub(crate) rules: Vec<(&'a str, Vec<&'a ast::Rule>)>,
}

impl<'a> Names<'a> {
    /// Collects the definitions; a name that is taken is reported.
    pub(crate) fn collect(document: &'a Document, found: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self::default();
        for item in document.items() {
            match item {
                Item::Attribute(attribute) => {
                    let meaning = Meaning::Attribute(names.attributes.len());
                    names.define(&attribute.name, meaning, found);
                    names.attributes.push(attribute);
                }
                Item::Window(window) => {
                    names.define(&window.name, Meaning::Window(names.windows.len()), found);
                    names.windows.push(window);
                }
                Item::Signal(signal) => {
                    names.define(&signal.name, Meaning::Derived(signal), found);
                    names.derived.push(signal);
                }
                Item::List(list) => {
                    names.define(&list.name, Meaning::List(names.lists.len()), found);
                    names.lists.push(list);
                }
                Item::Group(group) => {
                    let taken =
                        names.groups.iter().find(|known| known.name.text == group.name.text);
                    found.extend(taken.map(|known| twice("group", &group.name, &known.name)));
                    names.groups.push(group);
                }
                Item::Population(population) => {
                    let same = |known: &&&ast::Population| known.name.text == population.name.text;
                    let taken = names.populations.iter().find(same);
                    found.extend(
                        taken.map(|known| twice("population", &population.name, &known.name)),
                    );
                    names.populations.push(population);
                }
                Item::Rule(rule) => names.rule(rule),
                Item::Use(_) | Item::Journey(_) | Item::Test(_) => {}
                Item::Degraded(_) | Item::Throttle(_) => {}
            }
        }
        names
    }

    /// What the name stands for; `None` if nothing has it.
    pub(crate) fn meaning(&self, name: &str) -> Option<Meaning<'a>> {
        let defined = self.values.get(name).map(|(meaning, _)| *meaning);
        defined.or_else(|| signal::find(name).map(Meaning::Signal))
    }

    /// The names of a family: `travel` and everything that begins with `travel.`.
    pub(crate) fn family(&self, name: &str) -> Vec<Meaning<'a>> {
        let belongs = |candidate: &str| {
            candidate
                .strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let native = SIGNALS.iter().enumerate().filter(|(_, signal)| belongs(signal.name));
        let derived = self.derived.iter().filter(|signal| belongs(&signal.name.text));
        let attributes = self.attributes.iter().enumerate();
        let attributes = attributes.filter(|(_, attribute)| belongs(&attribute.name.text));
        let windows = self.windows.iter().enumerate();
        let windows = windows.filter(|(_, window)| belongs(&window.name.text));
        native
            .map(|(id, _)| Meaning::Signal(id))
            .chain(attributes.map(|(index, _)| Meaning::Attribute(index)))
            .chain(windows.map(|(index, _)| Meaning::Window(index)))
            .chain(derived.map(|signal| Meaning::Derived(signal)))
            .collect()
    }

    /// That nothing has this name, with the nearest that something has.
    pub(crate) fn unknown(&self, name: &Name) -> Diagnostic {
        let label = "not a signal, window or list";
        let error = Diagnostic::error(code::UNKNOWN_NAME, format!("unknown name `{}`", name.text))
            .at(name.span, label);
        let mut defined: Vec<&str> = self.values.keys().copied().collect();
        defined.sort_unstable();
        let native = SIGNALS.iter().map(|signal| signal.name);
        let Some(near) = suggest(&name.text, defined.into_iter().chain(native)) else {
            return error;
        };
        match self.values.get(near) {
            Some((meaning, place)) => {
                let what = meaning.one();
                error.help_at(format!("{what} with a similar name is defined here"), place.span)
            }
            None => error.help(format!("did you mean the signal `{near}`?")),
        }
    }

    fn define(&mut self, name: &'a Name, meaning: Meaning<'a>, found: &mut Vec<Diagnostic>) {
        if signal::find(&name.text).is_some() {
            let message = format!("`{}` is already a signal", name.text);
            found
                .push(Diagnostic::error(code::TWICE, message).at(name.span, "choose another name"));
        } else if let Some((known, place)) = self.values.get(&*name.text) {
            found.push(twice(known.noun(), name, place));
        } else {
            self.values.insert(&name.text, (meaning, name));
        }
    }

    fn rule(&mut self, rule: &'a ast::Rule) {
        match self.rules.iter_mut().find(|(name, _)| *name == rule.name.text) {
            Some((_, blocks)) => blocks.push(rule),
            None => self.rules.push((&rule.name.text, vec![rule])),
        }
    }
}

impl Meaning<'_> {
    /// The kind of thing with its article, for messages.
    pub(crate) fn one(&self) -> &'static str {
        match self {
            Self::Signal(_) | Self::Derived(_) => "a signal",
            Self::Attribute(_) => "an attribute",
            Self::Window(_) => "a window",
            Self::List(_) => "a list",
        }
    }

    /// The kind of thing, for messages.
    pub(crate) fn noun(&self) -> &'static str {
        match self {
            Self::Signal(_) | Self::Derived(_) => "signal",
            Self::Attribute(_) => "attribute",
            Self::Window(_) => "window",
            Self::List(_) => "list",
        }
    }
}

/// That `what` is defined a second time.
pub(crate) fn twice(what: &str, again: &Name, first: &Name) -> Diagnostic {
    Diagnostic::error(code::TWICE, format!("the {what} `{}` is defined twice", again.text))
        .at(again.span, "again here")
        .see(first.span, "first here")
}

/// That a word is not in a closed set, with the nearest that is.
pub(crate) fn not_among(what: &str, written: &str, span: Span, words: &[&str]) -> Diagnostic {
    let error = Diagnostic::error(code::UNKNOWN_WORD, format!("there is no {what} `{written}`"))
        .at(span, "");
    match suggest(written, words.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help(format!("there are {}", listed(words))),
    }
}

/// `a`, `b` and `c`
pub(crate) fn listed<T: AsRef<str>>(words: &[T]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

impl Builder<'_> {
    /// Records what is wrong; returns `None` so that a caller can give up on it at once.
    pub(crate) fn report<T>(&mut self, problem: Diagnostic) -> Option<T> {
        self.found.push(problem);
        None
    }
}
