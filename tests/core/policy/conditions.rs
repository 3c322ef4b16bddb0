//! Compiled conditions against a plain walk over the tree.

use std::cmp::Ordering;
use std::collections::HashMap;

use doorward_core::decide::decide;
use doorward_core::policy::ast::{CompareOp, Expr, ExprKind, Item, Literal, Set};
use doorward_core::policy::{Sources, parse};
use doorward_core::value::Value;
use proptest::prelude::*;

use super::given::{policy, readings};

/// One atom over signals that are unknown, low or high.
fn atom() -> impl Strategy<Value = String> {
    let int = (
        0..4_u8,
        0..4_u8,
        prop_oneof![Just("="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">=")],
    );
    prop_oneof![
        int.prop_map(|(window, number, op)| format!("w{window} {op} {number}")),
        (0..4_u8, 0..4_u8).prop_map(|(a, b)| format!("w{a} >= w{b}")),
        (0..4_u8, 0..4_u8).prop_map(|(a, b)| format!("w{a} + w{b} > 3")),
        (0..4_u8, 0..4_u8).prop_map(|(a, b)| format!("w{a} / w{b} >= 50%")),
        (0..4_u8, 0..4_u8).prop_map(|(a, b)| format!("chance(w{a}, w{b}) > 45%")),
        (0..4_u8).prop_map(|window| format!("w{window} in [1, 3]")),
        Just("user.exists".to_owned()),
        Just("credential is wrong".to_owned()),
        Just("credential is not right".to_owned()),
        (0..4_u8).prop_map(|window| format!("unknown(w{window})")),
        Just("unknown(credential)".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    atom().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|part| format!("(not {part})")),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|parts| format!("({})", parts.join(" and "))),
            prop::collection::vec(inner, 2..4)
                .prop_map(|parts| format!("({})", parts.join(" or "))),
        ]
    })
}

/// A number or nothing for each window, a flag and a word or nothing.
type World = ([Option<u8>; 4], Option<bool>, Option<bool>);

fn world() -> impl Strategy<Value = World> {
    let number = || prop::option::weighted(0.7, 0..4_u8);
    ([number(), number(), number(), number()], any::<Option<bool>>(), any::<Option<bool>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The score tells which of the two rules fired: one on the condition, one on its opposite.
    #[test]
    fn agree_with_a_plain_walk(text in condition(), others in prop::collection::vec(condition(), 0..3), worlds in prop::collection::vec(world(), 6)) {
        let mut rules: String = (0..4).map(|n| format!("window w{n} = count by user over {}m\n", n + 1)).collect();
        for (number, other) in others.iter().enumerate() {
            rules += &format!("rule other{number} {{ when {other} score +100 reason O \"o\" }}\n");
        }
        rules += &format!("rule yes {{ when {text} score +1 reason Y \"y\" }}\n");
        rules += &format!("rule no {{ when not ({text}) score +2 reason N \"n\" }}\n");
        rules += "journey login { step_up from 1000 }\ndegraded { login: allow }\n";
        let policy = policy(&rules, &[]);
        let expr = tree(&text);
        for (windows, exists, wrong) in worlds {
            let mut known: Vec<(String, Value)> = Vec::new();
            for (number, value) in windows.iter().enumerate() {
                known.extend(value.map(|value| (format!("w{number}"), Value::Int(i64::from(value)))));
            }
            known.extend(exists.map(|flag| ("user.exists".to_owned(), Value::Bool(flag))));
            let word = |wrong| Value::Word(if wrong { "wrong" } else { "right" });
            known.extend(wrong.map(|wrong| ("credential".to_owned(), word(wrong))));
            let given: Vec<(&str, Value)> =
                known.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            let decision = decide(&readings(&policy, &given), &policy);
            let known: HashMap<String, Value> = known.into_iter().collect();
            let expected = match holds(&expr, &known) {
                Some(true) => 1,
                Some(false) => 2,
                None => 0,
            };
            prop_assert_eq!(decision.score % 100, expected, "{} in {:?}", text, known);
            let undecided = decision.undecided.iter().filter(|it| &*it.rule == "yes").count();
            prop_assert_eq!(undecided, usize::from(expected == 0));
            for reason in &decision.reasons {
                for evidence in &reason.evidence {
                    let seen = known.get(&*evidence.signal).map(ToString::to_string);
                    if let Some(seen) = seen {
                        prop_assert_eq!(&evidence.observed, &seen);
                    }
                }
            }
        }
    }
}

/// The condition as the parser reads it.
fn tree(text: &str) -> Expr {
    let file = format!("population p when {text}");
    let (document, problems) = parse(&Sources::new(vec![("p".to_owned(), file)]));
    assert!(problems.is_empty(), "{text}");
    match document.items().next() {
        Some(Item::Population(population)) => population.when.clone(),
        other => panic!("{other:?}"),
    }
}

/// Three-valued truth by the book.
fn holds(expr: &Expr, known: &HashMap<String, Value>) -> Option<bool> {
    let any = |parts: &[Expr], wanted: bool| {
        let truths: Vec<_> = parts.iter().map(|part| holds(part, known)).collect();
        if truths.contains(&Some(wanted)) {
            Some(wanted)
        } else if truths.contains(&None) {
            None
        } else {
            Some(!wanted)
        }
    };
    match &expr.kind {
        ExprKind::Literal(Literal::Bool(flag)) => Some(*flag),
        ExprKind::Or(parts) => any(parts, true),
        ExprKind::And(parts) => any(parts, false),
        ExprKind::Not(inner) => holds(inner, known).map(|truth| !truth),
        ExprKind::Unknown(name) => Some(!known.contains_key(&name.text)),
        ExprKind::Name(name) => known.get(&name.text).map(|value| *value == Value::Bool(true)),
        ExprKind::Is { subject, negated, value, .. } => {
            let ExprKind::Name(name) = &subject.kind else { panic!("{subject:?}") };
            let word = known.get(&name.text)?;
            Some((word.to_string() == value.text) != *negated)
        }
        ExprKind::In { item, set: Set::Inline { members, .. }, negated, .. } => {
            let item = number(item, known)?;
            let found = members.iter().any(|member| number(member, known) == Some(item));
            Some(found != *negated)
        }
        ExprKind::Compare { op, left, right, .. } => {
            let order = number(left, known)?.partial_cmp(&number(right, known)?)?;
            Some(match op {
                CompareOp::Equal => order == Ordering::Equal,
                CompareOp::NotEqual => order != Ordering::Equal,
                CompareOp::Less => order == Ordering::Less,
                CompareOp::AtMost => order != Ordering::Greater,
                CompareOp::Greater => order == Ordering::Greater,
                CompareOp::AtLeast => order != Ordering::Less,
            })
        }
        other => panic!("{other:?}"),
    }
}

fn number(expr: &Expr, known: &HashMap<String, Value>) -> Option<f64> {
    use doorward_core::policy::ast::ArithmeticOp;
    match &expr.kind {
        ExprKind::Literal(Literal::Int(number)) => Some(*number as f64),
        ExprKind::Literal(Literal::Ratio(share)) => Some(*share),
        ExprKind::Name(name) => match known.get(&name.text)? {
            Value::Int(number) => Some(*number as f64),
            other => panic!("{other:?}"),
        },
        ExprKind::Arithmetic { op, left, right, .. } => {
            let (left, right) = (number(left, known)?, number(right, known)?);
            let result = match op {
                ArithmeticOp::Add => left + right,
                ArithmeticOp::Subtract => left - right,
                ArithmeticOp::Multiply => left * right,
                ArithmeticOp::Divide => left / right,
                ArithmeticOp::Chance => chance(left, right),
            };
            result.is_finite().then_some(result)
        }
        other => panic!("{other:?}"),
    }
}

/// Poisson's distribution, term by term.
fn chance(count: f64, expected: f64) -> f64 {
    let (mut term, mut below) = ((-expected).exp(), 0.0);
    for number in (0..4).map(f64::from).take_while(|number| *number < count) {
        below += term;
        term *= expected / (number + 1.0);
    }
    1.0 - below
}
