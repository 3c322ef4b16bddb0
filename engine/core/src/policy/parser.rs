#![doc = include_str!("parser/grammar.md")]

mod block;
mod declare;
mod expr;
mod journey;
mod parts;
mod rule;
mod test;
mod text;

use super::{
    ast::{Document, File, Item, RuleKind},
    diagnostic::{Code, Diagnostic},
    lexer::{Lexed, lex},
    limits::FILE_BYTES_MAX,
    sources::{Source, Sources},
    span::{FileId, Span},
    suggest::suggest,
    token::{Gap, Symbol, Token, TokenKind},
};

/// The words that open a block.
const BLOCKS: [&str; 14] = [
    "use",
    "list",
    "attribute",
    "window",
    "signal",
    "rule",
    "deny",
    "allow",
    "population",
    "journey",
    "group",
    "degraded",
    "throttle",
    "test",
];

/// Words that cannot be names of signals, because they end the condition before them.
const RESERVED: [&str; 25] = [
    "and", "or", "not", "in", "is", "when", "where", "by", "over", "say", "score", "group",
    "reason", "tell", "tags", "if", "beats", "until", "owner", "because", "rollout", "shadow",
    "since", "compare", "unless",
];

/// Reads all files and returns what was understood of them, with every problem found.
///
/// The problems stand in the order of files and positions; all are errors. Blocks that are not damaged
/// are complete, whatever stands around them.
#[must_use]
pub fn parse(sources: &Sources) -> (Document, Vec<Diagnostic>) {
    let mut document = Document::default();
    let mut diagnostics = Vec::new();
    for (id, source) in sources.iter() {
        let (file, problems) = parse_file(id, source);
        document.files.push(file);
        diagnostics.extend(problems);
    }
    (document, diagnostics)
}

fn parse_file(id: FileId, source: &Source) -> (File, Vec<Diagnostic>) {
    let bytes = source.text().len();
    if bytes > FILE_BYTES_MAX {
        return (File::default(), vec![too_large(id, bytes)]);
    }
    let Lexed { tokens, comments, diagnostics } = lex(id, source.text());
    let mut parser = Parser {
        text: source.text(),
        end: Token {
            kind: TokenKind::End,
            span: Span { file: id, start: 0, end: 0 },
            gap: Gap::Margin,
        },
        tokens,
        at: 0,
        depth: 0,
        score_named: false,
        diagnostics,
    };
    let items = parser.items();
    let mut problems = parser.diagnostics;
    problems.sort_by_key(|problem| problem.primary.as_ref().map(|label| label.span));
    (File { items, comments }, problems)
}

fn too_large(id: FileId, bytes: usize) -> Diagnostic {
    let message = format!("the file has {bytes} bytes, at most {FILE_BYTES_MAX} are allowed");
    Diagnostic::error(Code::FILE_TOO_LARGE, message)
        .at(Span { file: id, start: 0, end: 0 }, "")
        .help("split it: the files of a rule directory are read as one")
}

/// A position in the tokens of one file, and the problems so far.
struct Parser<'s> {
    text: &'s str,
    tokens: Vec<Token>,
    at: usize,
    /// What is read beyond the last token.
    end: Token,
    /// Nesting of the condition that is being read.
    depth: u32,
    /// Whether `score` is a name, as in what a test expects.
    score_named: bool,
    diagnostics: Vec<Diagnostic>,
}

/// The problem has been reported; whoever sees this recovers and stays silent.
#[derive(Debug)]
struct Reported;

type Parsed<T> = Result<T, Reported>;

impl<'s> Parser<'s> {
    fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        while *self.kind() != TokenKind::End {
            match self.item() {
                Ok(item) => items.push(item),
                Err(Reported) => self.skip_to_block(),
            }
        }
        items
    }

    /// Reads one block; takes at least one token.
    fn item(&mut self) -> Parsed<Item> {
        match self.word() {
            "use" => self.use_file().map(Item::Use),
            "list" => self.list().map(Item::List),
            "attribute" => self.attribute().map(Item::Attribute),
            "window" => self.window().map(Item::Window),
            "signal" => self.signal().map(Item::Signal),
            "rule" => self.rule(RuleKind::Score).map(Box::new).map(Item::Rule),
            "deny" => self.rule(RuleKind::Deny).map(Box::new).map(Item::Rule),
            "allow" => self.rule(RuleKind::Allow).map(Box::new).map(Item::Rule),
            "population" => self.population().map(Item::Population),
            "journey" => self.journey().map(Item::Journey),
            "group" => self.group().map(Item::Group),
            "degraded" => self.degraded().map(Item::Degraded),
            "throttle" => self.throttle().map(Item::Throttle),
            "test" => self.test().map(Item::Test),
            _ => Err(self.no_block()),
        }
    }

    fn no_block(&mut self) -> Reported {
        let token = self.bump();
        if token.kind == TokenKind::Damaged {
            return Reported;
        }
        if token.kind == TokenKind::Symbol(Symbol::CloseBrace) {
            let problem = Diagnostic::error(Code::UNCLOSED, "a `}` closes nothing");
            return self.report(problem.at(token.span, "").help("delete it, or open its block"));
        }
        let found = self.describe(&token);
        let problem = Diagnostic::error(Code::BLOCK, format!("no block starts with {found}"))
            .at(token.span, "");
        self.report(match suggest(self.slice(token.span), BLOCKS) {
            Some(block) => problem.help(format!("did you mean `{block}`?")),
            None => problem.help(format!("blocks start with {}", one_of(&BLOCKS))),
        })
    }

    fn token(&self) -> &Token {
        self.ahead(0)
    }

    fn ahead(&self, count: usize) -> &Token {
        self.tokens.get(self.at + count).unwrap_or(&self.end)
    }

    fn kind(&self) -> &TokenKind {
        &self.token().kind
    }

    fn span(&self) -> Span {
        self.token().span
    }

    /// The span of the token before.
    fn previous(&self) -> Span {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.unwrap_or(&self.end).span
    }

    /// From the token that was at position `begin` to the one before the current.
    fn span_from(&self, begin: usize) -> Span {
        self.tokens.get(begin).unwrap_or(&self.end).span.to(self.previous())
    }

    fn bump(&mut self) -> Token {
        let token = self.token().clone();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    fn slice(&self, span: Span) -> &'s str {
        let range = super::sources::index(span.start)..super::sources::index(span.end);
        self.text.get(range).unwrap_or("")
    }

    /// The current token's text if it is a name, else nothing.
    fn word(&self) -> &'s str {
        self.word_ahead(0)
    }

    fn word_ahead(&self, count: usize) -> &'s str {
        let token = self.ahead(count);
        if token.kind == TokenKind::Name { self.slice(token.span) } else { "" }
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        if found {
            self.bump();
        }
        found
    }

    fn at_symbol(&self, symbol: Symbol) -> bool {
        *self.kind() == TokenKind::Symbol(symbol)
    }

    fn eat(&mut self, symbol: Symbol) -> bool {
        let found = self.at_symbol(symbol);
        if found {
            self.bump();
        }
        found
    }

    /// Takes `symbol` or reports that `what` is missing.
    fn expect(&mut self, symbol: Symbol, what: &str) -> Parsed<Span> {
        if self.at_symbol(symbol) { Ok(self.bump().span) } else { Err(self.expected(what)) }
    }

    fn expect_word(&mut self, word: &str) -> Parsed<Span> {
        if self.word() == word {
            Ok(self.bump().span)
        } else {
            Err(self.expected(&format!("`{word}`")))
        }
    }

    /// Reports that `what` should stand here.
    fn expected(&mut self, what: &str) -> Reported {
        self.expected_with(what, |problem| problem)
    }

    /// The same with a word of help; says nothing about what was already reported.
    fn expected_with(&mut self, what: &str, more: impl Fn(Diagnostic) -> Diagnostic) -> Reported {
        let token = self.token().clone();
        if token.kind == TokenKind::Damaged {
            return Reported;
        }
        let found = self.describe(&token);
        let line_ends = matches!(token.gap, Gap::Line | Gap::Margin) && self.at > 0;
        let (place, label) =
            if line_ends { (self.previous().after(), "here") } else { (token.span, "") };
        let message = format!("expected {what}, found {found}");
        self.report(more(Diagnostic::error(Code::EXPECTED, message).at(place, label)))
    }

    fn report(&mut self, diagnostic: Diagnostic) -> Reported {
        self.diagnostics.push(diagnostic);
        Reported
    }

    fn describe(&self, token: &Token) -> String {
        match token.kind {
            TokenKind::End => "the end of the file".to_owned(),
            TokenKind::Text => "a text".to_owned(),
            TokenKind::Name | TokenKind::Literal(_) | TokenKind::Symbol(_) | TokenKind::Damaged => {
                format!("`{}`", self.slice(token.span))
            }
        }
    }
}

/// `` `a`, `b` or `c` ``
fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
