//! Whatever stands in a rule file, reading it ends with a tree and positions inside the text.

use doorward_core::policy::{Diagnostic, Document, Sources, ast::Item, parse, render};
use proptest::prelude::*;

/// Pieces of rule files, so that random input gets past the first token.
const PIECES: [&str; 64] = [
    "rule",
    "deny",
    "allow",
    "list",
    "window",
    "signal",
    "population",
    "journey",
    "group",
    "degraded",
    "test",
    "use",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ",",
    ":",
    ".",
    "...",
    "=",
    "==",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "&&",
    "!",
    "\"a {ip} b\"",
    "\"",
    "\\",
    "\n",
    "# note\n",
    "when",
    "and",
    "or",
    "not",
    "in",
    "is",
    "unknown(x)",
    "score",
    "+45",
    "reason",
    "CODE",
    "if",
    "for",
    "tenant",
    "shadow",
    "step_up",
    "from",
    "80%",
    "10m",
    "900 km/h",
    "500.00 EUR",
    "203.0.113.7",
    "2001:db8::/32",
    "2027-03-31",
    "given",
    "expect",
    "é…\u{202e}",
];

fn read(text: String) -> (Document, Vec<Diagnostic>, Sources) {
    let sources = Sources::new(vec![("rules/any.rules".to_owned(), text)]);
    let (document, problems) = parse(&sources);
    (document, problems, sources)
}

fn check(text: &str) {
    let (document, problems, sources) = read(text.to_owned());
    let places =
        problems.iter().flat_map(|problem| problem.primary.iter().chain(&problem.secondary));
    for label in places {
        let range = label.span.start as usize..label.span.end as usize;
        assert!(text.get(range).is_some(), "{label:?} is no range of {text:?}");
    }
    let page = render(&problems, &sources, true);
    assert_eq!(page.is_empty(), problems.is_empty());
    assert_eq!(document.files.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_a_panic(text in ".{0,200}") {
        check(&text);
    }

    #[test]
    fn any_row_of_words_is_read_without_a_panic(
        words in prop::collection::vec((prop::sample::select(&PIECES[..]), " |\n|"), 0..60),
    ) {
        let text: String = words.into_iter().flat_map(|(word, gap)| [word.to_owned(), gap]).collect();
        check(&text);
    }

    /// A rule behind any damage is found again, if the damage leaves no text open.
    #[test]
    fn a_block_at_the_margin_ends_any_damage(
        words in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..30),
    ) {
        let text = words.join(" ") + "\nrule last.one { when a }\n";
        let (document, _, _) = read(text);
        let last = document.items().last();
        prop_assert!(matches!(last, Some(Item::Rule(rule)) if rule.name.text == "last.one"));
    }
}

/// Neither a deep tree nor a long one may overflow the stack.
#[test]
fn deep_and_long_conditions_end_in_an_error() {
    for piece in ["(", "not ", "- ", "a + ", "a and (", "a is not ", "x in [", "((a or b) and "] {
        let text = format!("rule a {{ when {} }}", piece.repeat(60_000 / piece.len()));
        let (_, problems, _) = read(text);
        assert!(!problems.is_empty(), "{piece}");
    }
    let (_, problems, _) = read(format!("rule a {{ when a{} }}", " and a".repeat(9_000)));
    assert_eq!(problems, []);
}

#[test]
fn a_file_that_is_too_large_is_refused_unread() {
    let (document, problems, sources) = read("rule ".repeat(14_000));
    assert_eq!(document.items().count(), 0);
    let page = render(&problems, &sources, false);
    assert!(page.starts_with("error[R0001]: the file has 70000 bytes, at most 65536 are allowed"));
}
