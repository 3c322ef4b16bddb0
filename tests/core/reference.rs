//! The reference of the rule language says what the tables and the shipped rules say.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use doorward_core::decide::{
    CHALLENGE_SATISFIED, COUNTS_ESTIMATED, DEGRADED, FAILURE_LIMIT, OWNER_PROTECTED, THROTTLED,
};
use doorward_core::policy::ast::{Document, Item, Rule, RuleKind, UnknownAction};
use doorward_core::policy::{ListFile, Sources, compile, limits, parse, render};
use doorward_core::signal::{Origin, SIGNALS, Signal};
use doorward_core::time::Timestamp;
use doorward_core::value::Type;

use crate::policy::given::failures;
use crate::unknown::SEEN;

#[test]
fn the_reference_lists_exactly_the_signals() {
    check("SIGNALS.md", "signals of the event", &signals(Origin::Event));
    check("SIGNALS.md", "signals of the profile", &signals(Origin::Profile));
    check("SIGNALS.md", "signals of the address", &signals(Origin::Egress));
    check("SIGNALS.md", "signals of the traffic", &signals(Origin::Traffic));
    check("SIGNALS.md", "signals of the ending", &signals(Origin::Ending));
}

#[test]
fn the_reference_lists_exactly_the_shipped_reasons() {
    check("REASONS.md", "reasons", &reasons(&shipped()));
}

#[test]
fn the_reference_lists_exactly_the_limits() {
    let rows = [
        ("a rule file", limits::FILE_BYTES_MAX / 1_024, "KiB"),
        ("a condition", limits::DEPTH_MAX as usize, "levels of nesting"),
        ("one number of points", limits::POINTS_MAX as usize, "either way"),
        ("rules", limits::RULES_MAX, ""),
        ("different atomic conditions", limits::CONDITIONS_MAX, ""),
        ("attributes", limits::ATTRIBUTES_MAX, ""),
        ("windows", limits::WINDOWS_MAX, ""),
        ("computed signals", limits::DERIVED_MAX, "those without a name included"),
        ("groups", limits::GROUPS_MAX, ""),
        ("populations of your own", limits::POPULATIONS_MAX, ""),
        ("entries of one list", limits::ENTRIES_MAX, ""),
    ];
    let mut table = "| of | at most | |\n|---|---|---|\n".to_owned();
    for (what, most, unit) in rows {
        writeln!(table, "| {what} | {most} | {unit} |").unwrap();
    }
    check("README.md", "limits", &table);
}

/// Every block of the reference that is marked as rules, together one policy.
#[test]
fn the_examples_of_the_reference_are_a_policy_whose_tests_pass() {
    let reference = fs::read_to_string(rules().join("README.md")).unwrap();
    let blocks = reference.split("```rules\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap_or_default().to_owned());
    let sources = Sources::new(blocks.map(|block| ("README.md".to_owned(), block)).collect());
    let (document, found) = parse(&sources);
    let compiled = compile(&sources, &document, found, &lists());
    assert_eq!(render(&compiled.diagnostics, &sources, false), "");
    assert!(compiled.examples.iter().count() > 0, "the reference shows no test");
    assert_eq!(render(&failures(compiled), &sources, false), "");
}

/// Compares `expected` with the part of the page between `<!-- NAME -->` and `<!-- end -->`. What
/// differs is written aside, to be moved over if it is right.
fn check(page: &str, name: &str, expected: &str) {
    let path = rules().join(page);
    let reference = fs::read_to_string(&path).unwrap();
    let opening = format!("<!-- {name} -->\n");
    let part = reference.split_once(&opening).map(|(_, rest)| rest);
    let part = part.and_then(|rest| rest.split_once("<!-- end -->")).map(|(part, _)| part);
    if part != Some(expected) {
        let aside = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.md"));
        fs::write(&aside, expected).unwrap();
        let (path, aside) = (path.display(), aside.display());
        panic!("{path} is behind: put {aside} between `<!-- {name} -->` and `<!-- end -->`");
    }
}

fn rules() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")
}

fn lists() -> Vec<ListFile> {
    let list = |name: &str| ListFile {
        path: format!("lists/{name}.csv"),
        text: fs::read_to_string(rules().join(format!("lists/{name}.csv"))).unwrap(),
        updated_at: Timestamp::from_ms(1_767_614_400_000),
    };
    ["corp_egress", "burned_device"].map(list).into()
}

fn signals(origin: Origin) -> String {
    // What became of an attempt is unknown until it is told.
    let causes_told = origin != Origin::Ending;
    let mut table = "| signal | type | meaning |".to_owned();
    table.push_str(if causes_told {
        " unknown as |\n|---|---|---|---|\n"
    } else {
        "\n|---|---|---|\n"
    });
    for signal in SIGNALS.iter().filter(|signal| signal.origin == origin) {
        let Signal { name, kind, doc, .. } = signal;
        let words = match kind {
            Type::Word(words) => format!(" One of `{}`.", words.join("`, `")),
            _ => String::new(),
        };
        write!(table, "| `{name}` | {} | {doc}{words} |", kind.name()).unwrap();
        if causes_told {
            let causes: Vec<&str> = SEEN[name].causes.iter().copied().collect();
            write!(table, " {} |", causes.join(", ")).unwrap();
        }
        table.push('\n');
    }
    table
}

/// The tree of the shipped rules.
fn shipped() -> Document {
    let mut files = Vec::new();
    for entry in fs::read_dir(rules()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rules") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    files.sort();
    let (document, found) = parse(&Sources::new(files));
    assert_eq!(found, []);
    document
}

fn reasons(document: &Document) -> String {
    let mut rows = vec![
        row(
            OWNER_PROTECTED,
            "",
            "step_up instead of deny",
            "Only strangers' attempts speak against a known device on a known network.",
        ),
        row(
            COUNTS_ESTIMATED,
            "",
            "step_up instead of deny",
            "Only counts speak against the attempt, and they may be too high since memory was short.",
        ),
        row(DEGRADED, "", "as `degraded` says", "Data was missing that a rule needed."),
        row(
            FAILURE_LIMIT,
            "",
            "deny",
            "The limit of failures in a row that `throttle` sets is used up.",
        ),
        row(THROTTLED, "", "deny", "The wait after failures in a row is not over."),
        row(
            CHALLENGE_SATISFIED,
            "",
            "allow instead of step_up",
            "The proof that would have been asked for was given before.",
        ),
    ];
    for item in document.items() {
        if let Item::Rule(rule) = item {
            rows.extend(rule_rows(rule));
        }
    }
    rows.sort();
    format!("| code | rule | effect | meaning |\n|---|---|---|---|\n{}", rows.concat())
}

fn rule_rows(rule: &Rule) -> Vec<String> {
    let say = rule.say.as_ref().map_or("", |say| say.value.as_str());
    let effect = match rule.kind {
        RuleKind::Score => format!("{:+}", rule.score.map_or(0, |score| score.value)),
        RuleKind::Deny => "deny".to_owned(),
        RuleKind::Allow => "allow".to_owned(),
    };
    let name = format!("`{}`", rule.name.text);
    let mut rows: Vec<String> = Vec::new();
    if let Some(reason) = &rule.reason {
        rows.push(row(&reason.code.text, &name, &effect, say));
    }
    for line in &rule.if_unknown {
        if let UnknownAction::Score { points, reason: Some(reason) } = &line.then {
            rows.push(row(&reason.code.text, &name, &format!("{:+}", points.value), say));
        }
    }
    rows
}

fn row(code: &str, rule: &str, effect: &str, meaning: &str) -> String {
    format!("| `{code}` | {rule} | {effect} | {meaning} |\n")
}
