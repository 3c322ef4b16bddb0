//! What stands between braces, and where reading goes on after a problem.

use super::{BLOCKS, Parsed, Parser, Reported, one_of};
use crate::policy::{
    diagnostic::{Code, Diagnostic},
    span::Span,
    suggest::suggest,
    token::{Gap, Symbol, TokenKind},
};

/// A kind of block: how it is called and what it may hold.
pub(super) struct Block {
    /// With its article: "a rule".
    pub(super) what: &'static str,
    /// Where its keyword stands.
    pub(super) opened: Span,
    pub(super) fields: &'static [&'static str],
    /// Those of the fields that may stand several times.
    pub(super) repeated: &'static [&'static str],
}

impl Block {
    /// What a field's name should have been.
    fn advice(&self, word: &str) -> String {
        if let Some(near) = suggest(word, self.fields.iter().copied().chain(OPERATORS)) {
            return format!("did you mean `{near}`?");
        }
        match self.fields {
            ["at"] => format!("{} holds `at most …` and `at least …`", self.what),
            fields => format!("its fields are {}", one_of(fields)),
        }
    }
}

/// Words that belong into conditions; found where a field should be, they are misspelt there.
const OPERATORS: [&str; 5] = ["and", "or", "not", "in", "is"];

impl Parser<'_> {
    /// Reads `{ field … }`, calling `read` at each field's keyword, and goes on at the next field
    /// after a problem. Returns whether there was one; fails only where no block begins.
    pub(super) fn body(
        &mut self,
        block: &Block,
        mut read: impl FnMut(&mut Self, &str) -> Parsed<()>,
    ) -> Parsed<bool> {
        let brace = self.expect(Symbol::OpenBrace, "`{`")?;
        let mut seen: Vec<(&str, Span)> = Vec::new();
        let mut damaged = false;
        while !self.eat(Symbol::CloseBrace) {
            if self.at_end() {
                self.report(unclosed(block, brace, self.previous().after()));
                return Ok(true);
            }
            let word = self.word();
            let read_whole = if block.fields.contains(&word) {
                let once = self.once(block, word, &mut seen);
                read(self, word).and(once)
            } else {
                Err(self.no_field(block))
            };
            if read_whole.is_err() {
                damaged = true;
                self.skip_to_field(block.fields);
            }
        }
        Ok(damaged)
    }

    /// Reports a field that stands twice.
    fn once<'s>(
        &mut self,
        block: &Block,
        word: &'s str,
        seen: &mut Vec<(&'s str, Span)>,
    ) -> Parsed<()> {
        let here = self.span();
        match seen.iter().find(|(name, _)| *name == word) {
            Some((_, first)) if !block.repeated.contains(&word) => {
                let problem =
                    Diagnostic::error(Code::FIELD_TWICE, format!("`{word}` stands twice"))
                        .at(here, "again here")
                        .see(*first, "first here");
                Err(self.report(match word {
                    "reason" => problem
                        .help("the reason of an `if unknown` stands on the same line as its score"),
                    _ => problem.help(format!("{} has one `{word}`: delete one", block.what)),
                }))
            }
            _ => {
                seen.push((word, here));
                Ok(())
            }
        }
    }

    /// Reports what stands where a field should, and takes it.
    fn no_field(&mut self, block: &Block) -> Reported {
        let word = self.word();
        let advice = block.advice(word);
        let reported = if word.is_empty() {
            let what = format!("a field of {}", block.what);
            self.expected_with(&what, |problem| problem.help(advice.as_str()))
        } else {
            let message = format!("{} has no field `{word}`", block.what);
            let problem = Diagnostic::error(Code::FIELD, message).at(self.span(), "");
            self.report(problem.help(advice))
        };
        self.bump();
        reported
    }

    /// Goes to the next of `fields`, to the brace that closes the block or to the next block.
    pub(super) fn skip_to_field(&mut self, fields: &[&str]) {
        let mut depth = 0_usize;
        while !self.at_end() {
            if depth == 0 && (self.at_symbol(Symbol::CloseBrace) || fields.contains(&self.word())) {
                return;
            }
            self.bump_braces(&mut depth);
        }
    }

    /// Goes to the next word that opens a block at the start of a line.
    pub(super) fn skip_to_block(&mut self) {
        let mut depth = 0_usize;
        while !self.at_end() {
            let starts_line = matches!(self.token().gap, Gap::Line | Gap::Margin);
            if depth == 0 && starts_line && BLOCKS.contains(&self.word()) {
                return;
            }
            self.bump_braces(&mut depth);
        }
    }

    /// Takes a token and keeps `depth` at the number of braces that are open.
    fn bump_braces(&mut self, depth: &mut usize) {
        if self.at_symbol(Symbol::OpenBrace) {
            *depth += 1;
        } else if self.at_symbol(Symbol::CloseBrace) {
            *depth = depth.saturating_sub(1);
        }
        self.bump();
    }

    /// Goes to the brace that opens the block whose header was unreadable, if there is one.
    pub(super) fn skip_to_brace(&mut self) {
        while !self.at_end() && !self.at_symbol(Symbol::OpenBrace) {
            self.bump();
        }
    }

    /// At the next block or at the end of the file.
    pub(super) fn at_end(&self) -> bool {
        *self.kind() == TokenKind::End || self.at_block()
    }

    /// The current word, or nothing if it opens the next block.
    pub(super) fn inner_word(&self) -> &str {
        if self.at_block() { "" } else { self.word() }
    }

    /// At a word that opens a block, at the margin: whatever came before is over.
    pub(super) fn at_block(&self) -> bool {
        self.token().gap == Gap::Margin && BLOCKS.contains(&self.word())
    }
}

fn unclosed(block: &Block, brace: Span, end: Span) -> Diagnostic {
    Diagnostic::error(Code::UNCLOSED, format!("{} is not closed", block.what))
        .at(end, "`}` is missing")
        .see(block.opened.to(brace), "the block starts here")
}
