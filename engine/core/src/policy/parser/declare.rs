//! Definitions of one line: `use`, `list`, `attribute`, `window`, `signal`, `population`.

use super::{Parsed, Parser, Reported};
use crate::policy::{
    ast::{Aggregate, AggregateKind, Attribute, List, Population, Signal, Use, Window},
    diagnostic::{Code, Diagnostic},
    span::Span,
    token::{Symbol, TokenKind},
};

const LIST_CLAUSES: [&str; 3] = ["from", "stale", "entries"];
const WINDOW_CLAUSES: [&str; 3] = ["where", "by", "over"];
const AGGREGATES: &str = "`count`, `distinct`, `sum`, `max`, `mean`, `deviation`, `first`, `last`, `spread`, `regularity` or `run`";

impl Parser<'_> {
    pub(super) fn use_file(&mut self) -> Parsed<Use> {
        let begin = self.at;
        self.bump();
        let path = self.text("the path of a rule file in quotes")?;
        Ok(Use { path, span: self.span_from(begin) })
    }

    pub(super) fn list(&mut self) -> Parsed<List> {
        let begin = self.at;
        self.bump();
        let mut list = List {
            name: self.new_name("a name for the list")?,
            entries: self.name("the type of the entries, as in `cidr` or `device`")?,
            from: None,
            stale_after: None,
            entries_expire: None,
            damaged: false,
            span: self.span_from(begin),
        };
        list.damaged = self.clauses(&LIST_CLAUSES, |p, clause| p.list_clause(&mut list, clause));
        list.span = self.span_from(begin);
        if list.from.is_none() && !list.damaged {
            list.damaged = true;
            self.missing(
                list.name.span,
                "a list does not say where its entries are",
                "add `from \"lists/….csv\"`",
            );
        }
        Ok(list)
    }

    fn list_clause(&mut self, list: &mut List, clause: &str) -> Parsed<()> {
        let keyword = self.bump().span;
        match clause {
            "from" => list.from = Some(self.text("the path of a file in quotes")?),
            "stale" => {
                self.expect_word("after")?;
                list.stale_after = Some(self.duration()?);
            }
            _ => list.entries_expire = Some(keyword.to(self.expect_word("expire")?)),
        }
        Ok(())
    }

    pub(super) fn attribute(&mut self) -> Parsed<Attribute> {
        let begin = self.at;
        self.bump();
        let name = self.new_name("the name of the attribute")?;
        let kind = self.name("the type of the attribute, as in `text` or `int`")?;
        let told = *self.kind() == TokenKind::Text;
        let doc = if told { Some(self.text("what the attribute means")?) } else { None };
        Ok(Attribute { name, kind, doc, span: self.span_from(begin) })
    }

    pub(super) fn window(&mut self) -> Parsed<Window> {
        let begin = self.at;
        self.bump();
        let mut window = Window {
            name: self.new_name("a name for the window")?,
            aggregate: None,
            filter: None,
            by: Vec::new(),
            over: None,
            damaged: false,
            span: self.span_from(begin),
        };
        match self.aggregate() {
            Ok(aggregate) => window.aggregate = Some(aggregate),
            Err(Reported) => {
                window.damaged = true;
                self.skip_to_field(&WINDOW_CLAUSES);
            }
        }
        window.damaged |=
            self.clauses(&WINDOW_CLAUSES, |p, clause| p.window_clause(&mut window, clause));
        window.span = self.span_from(begin);
        if !window.damaged {
            window.damaged = self.incomplete(&window);
        }
        Ok(window)
    }

    fn aggregate(&mut self) -> Parsed<Aggregate> {
        self.expect(Symbol::Equal, "`=`")?;
        let begin = self.at;
        let kind = match self.word() {
            "count" => AggregateKind::Count,
            "distinct" => AggregateKind::Distinct,
            "sum" => AggregateKind::Sum,
            "max" => AggregateKind::Max,
            "mean" => AggregateKind::Mean,
            "deviation" => AggregateKind::Deviation,
            "first" => AggregateKind::First,
            "last" => AggregateKind::Last,
            "spread" => AggregateKind::Spread,
            "regularity" => AggregateKind::Regularity,
            "run" => AggregateKind::Run,
            _ => return Err(self.expected(AGGREGATES)),
        };
        self.bump();
        let field = match kind {
            AggregateKind::Count | AggregateKind::Spread | AggregateKind::Regularity => None,
            AggregateKind::Distinct
            | AggregateKind::Sum
            | AggregateKind::Max
            | AggregateKind::Mean
            | AggregateKind::Deviation
            | AggregateKind::First
            | AggregateKind::Last
            | AggregateKind::Run => {
                if WINDOW_CLAUSES.contains(&self.word()) {
                    return Err(self.expected("the field to look at"));
                }
                Some(self.name("the field to look at")?)
            }
        };
        Ok(Aggregate { kind, field, span: self.span_from(begin) })
    }

    fn window_clause(&mut self, window: &mut Window, clause: &str) -> Parsed<()> {
        self.bump();
        match clause {
            "where" => {
                window.filter = Some(self.damaged());
                window.filter = Some(self.condition()?);
            }
            "by" => window.by = self.comma_list(|p| p.name("a key, as in `ip` or `user`"))?,
            _ => window.over = Some(self.duration()?),
        }
        Ok(())
    }

    /// Reports what a window cannot do without.
    fn incomplete(&mut self, window: &Window) -> bool {
        let no_key = window.by.is_empty();
        if no_key {
            self.missing(
                window.name.span,
                "a window does not say whose events it counts together",
                "add `by ip`, `by user` or another key",
            );
        }
        if window.over.is_none() {
            self.missing(
                window.name.span,
                "a window does not say how far it looks back",
                "add `over 10m` or another duration",
            );
        }
        no_key || window.over.is_none()
    }

    pub(super) fn signal(&mut self) -> Parsed<Signal> {
        let begin = self.at;
        self.bump();
        let name = self.new_name("a name for the signal")?;
        let mut value = self.damaged();
        let mut when = None;
        let read = self.expect(Symbol::Equal, "`=`").and_then(|_| {
            value = self.condition()?;
            if self.eat_word("when") {
                when = Some(self.damaged());
                when = Some(self.condition()?);
            }
            Ok(())
        });
        if read.is_err() {
            self.skip_to_block();
        }
        Ok(Signal { name, value, when, span: self.span_from(begin) })
    }

    pub(super) fn population(&mut self) -> Parsed<Population> {
        let begin = self.at;
        self.bump();
        let name = self.new_name("a name for the population")?;
        let mut when = self.damaged();
        let read = self.expect_word("when").and_then(|_| {
            when = self.condition()?;
            Ok(())
        });
        if read.is_err() {
            self.skip_to_block();
        }
        Ok(Population { name, when, span: self.span_from(begin) })
    }

    /// Reads clauses in any order, each once; returns whether one of them was unreadable.
    fn clauses(
        &mut self,
        words: &[&'static str],
        mut read: impl FnMut(&mut Self, &str) -> Parsed<()>,
    ) -> bool {
        let mut seen: Vec<(&str, Span)> = Vec::new();
        let mut damaged = false;
        while let Some(word) = words.iter().find(|word| **word == self.word()) {
            let here = self.span();
            if let Some((_, first)) = seen.iter().find(|(name, _)| name == word) {
                let problem =
                    Diagnostic::error(Code::FIELD_TWICE, format!("`{word}` stands twice"))
                        .at(here, "again here")
                        .see(*first, "first here");
                self.report(problem);
                damaged = true;
            }
            seen.push((word, here));
            if read(self, word).is_err() {
                damaged = true;
                self.skip_clause(words);
            }
        }
        damaged
    }

    /// Goes to the next of `words` on any line, or to the next block.
    fn skip_clause(&mut self, words: &[&str]) {
        let starts_block = |p: &Self| !p.same_line() && super::BLOCKS.contains(&p.word());
        while !self.at_end() && !words.contains(&self.word()) && !starts_block(self) {
            self.bump();
        }
    }

    fn missing(&mut self, place: Span, message: &str, help: &str) {
        self.report(Diagnostic::error(Code::MISSING, message).at(place, "").help(help));
    }
}
