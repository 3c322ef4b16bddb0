//! How a problem looks to people and to machines.

use doorward_core::policy::{
    Code, Diagnostic, Severity, Sources, Span, diagnostic::Finding, render, sources::Location,
};

const RULES: &str = "\
window users_per_ip     = distinct user   by ip   over 10m

rule stuffing {
  when    users_per_ipp >= 12
}

rule travel {
  when    travel.speed_min > 15m
}
";

fn sources() -> Sources {
    Sources::new(vec![("rules/a.rules".to_owned(), RULES.to_owned())])
}

/// The first place where `text` stands.
fn place(text: &str) -> Span {
    let start = u32::try_from(RULES.find(text).unwrap()).unwrap();
    Span { file: 0, start, end: start + u32::try_from(text.len()).unwrap() }
}

fn unknown_name() -> Diagnostic {
    Diagnostic::error(Code(104), "unknown name `users_per_ipp`")
        .at(place("users_per_ipp"), "not a signal, window or list")
        .help_at("a window with a similar name is defined here", place("users_per_ip"))
}

#[test]
fn a_help_may_show_a_place() {
    let page = render(&[unknown_name()], &sources(), false);
    assert_eq!(
        page,
        "\
error[R0104]: unknown name `users_per_ipp`
 --> rules/a.rules:4:11
  |
4 |   when    users_per_ipp >= 12
  |           ^^^^^^^^^^^^^ not a signal, window or list
  |
help: a window with a similar name is defined here
 --> rules/a.rules:1:8
  |
1 | window users_per_ip     = distinct user   by ip   over 10m
  |        ^^^^^^^^^^^^
"
    );
}

#[test]
fn several_places_share_a_line() {
    let operator = place("> 15m");
    let problem = Diagnostic::error(Code(207), "a speed is compared with a duration")
        .at(Span { end: operator.start + 1, ..operator }, "")
        .see(place("travel.speed_min"), "speed (km/h)")
        .see(place("15m"), "duration")
        .help("write `15 m/s` for metres per second");
    assert_eq!(
        render(&[problem], &sources(), false),
        "\
error[R0207]: a speed is compared with a duration
 --> rules/a.rules:8:28
  |
8 |   when    travel.speed_min > 15m
  |           ---------------- ^ --- duration
  |           |
  |           speed (km/h)
  |
help: write `15 m/s` for metres per second
"
    );
}

#[test]
fn a_problem_of_the_whole_policy_has_no_place() {
    let problem = Diagnostic::warning(Code(311), "this rule alone can never change a verdict")
        .note("+4, with at most 21 from the rest of journey `transaction`; step_up starts at 30");
    assert_eq!(
        render(&[problem], &sources(), false),
        "\
warning[R0311]: this rule alone can never change a verdict
 |
 = note: +4, with at most 21 from the rest of journey `transaction`; step_up starts at 30
"
    );
}

#[test]
fn pages_stand_apart_and_colour_is_asked_for() {
    let both = [unknown_name(), unknown_name()];
    let plain = render(&both, &sources(), false);
    assert_eq!(plain.matches("\n\nerror[R0104]").count(), 1);
    assert!(!plain.contains('\u{1b}'));
    assert!(render(&both, &sources(), true).contains("\u{1b}[1m\u{1b}[91merror[R0104]"));
    assert_eq!(render(&[], &sources(), true), "");
}

#[test]
fn a_place_outside_of_the_sources_shows_no_line_and_does_no_harm() {
    let nowhere = Span { file: 9, start: 5, end: 7 };
    let beyond = Span { file: 0, start: 5_000, end: 4_000 };
    for span in [nowhere, beyond] {
        let problem = Diagnostic::error(Code(104), "lost").at(span, "here");
        assert!(render(&[problem], &sources(), false).starts_with("error[R0104]: lost"));
    }
}

#[test]
fn a_finding_says_the_same_without_layout() {
    let place = |line, column| Some(Location { path: "rules/a.rules".to_owned(), line, column });
    assert_eq!(
        unknown_name().finding(&sources()),
        Finding {
            code: "R0104".to_owned(),
            severity: Severity::Error,
            message: "unknown name `users_per_ipp`".to_owned(),
            label: "not a signal, window or list".to_owned(),
            start: place(4, 11),
            end: place(4, 24),
            help: "a window with a similar name is defined here".to_owned(),
        }
    );
}
