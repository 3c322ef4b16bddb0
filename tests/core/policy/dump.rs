//! A tree as text, one line per block or field, in the manner of Lisp.

use std::fmt::Write;

use doorward_core::policy::ast::*;

/// Every item of every file.
pub(super) fn dump(document: &Document) -> String {
    document.items().map(|item| item_text(item) + "\n").collect()
}

fn item_text(item: &Item) -> String {
    match item {
        Item::Use(file) => format!("(use {:?})", file.path.value),
        Item::List(list) => list_text(list),
        Item::Attribute(it) => {
            let doc = it.doc.as_ref().map(|doc| format!(" {}", text(doc)));
            format!("(attribute {} {}{})", it.name.text, it.kind.text, or(doc))
        }
        Item::Window(window) => window_text(window),
        Item::Signal(signal) => {
            let when = signal.when.as_ref().map(|when| format!(" (when {})", expr(when)));
            format!("(signal {} {}{})", signal.name.text, expr(&signal.value), or(when))
        }
        Item::Rule(rule) => rule_text(rule),
        Item::Population(it) => format!("(population {} {})", it.name.text, expr(&it.when)),
        Item::Journey(journey) => journey_text(journey),
        Item::Group(group) => {
            let most = group.at_most.map(|points| format!(" (at_most {})", points.value));
            let least = group.at_least.map(|points| format!(" (at_least {})", points.value));
            format!("(group {}{}{})", group.name.text, or(most), or(least))
        }
        Item::Degraded(degraded) => degraded_text(degraded),
        Item::Throttle(throttle) => throttle_text(throttle),
        Item::Test(test) => test_text(test),
    }
}

fn list_text(list: &List) -> String {
    let from = list.from.as_ref().map(|from| format!(" {:?}", from.value));
    let stale = list.stale_after.map(|stale| format!(" (stale_after {}ms)", stale.ms));
    let expire = list.entries_expire.map(|_| " entries_expire".to_owned());
    let (name, entries) = (&list.name.text, &list.entries.text);
    format!("(list {name} {entries}{}{}{})", or(from), or(stale), or(expire))
}

fn window_text(window: &Window) -> String {
    let aggregate = window.aggregate.as_ref().map(|aggregate| {
        let field = aggregate.field.as_ref().map(|field| format!(" {}", field.text));
        format!(" ({:?}{})", aggregate.kind, or(field))
    });
    let filter = window.filter.as_ref().map(|filter| format!(" (where {})", expr(filter)));
    let over = window.over.map(|over| format!(" (over {}ms)", over.ms));
    let by = names(&window.by);
    format!("(window {}{}{} (by{by}){})", window.name.text, or(aggregate), or(filter), or(over))
}

fn rule_text(rule: &Rule) -> String {
    let mut out = format!("({:?} {}{}", rule.kind, rule.name.text, scope(&rule.scope));
    line(&mut out, "say", rule.say.as_ref().map(text));
    line(&mut out, "when", rule.when.as_ref().map(expr));
    line(&mut out, "score", rule.score.map(|points| points.value.to_string()));
    line(&mut out, "group", rule.group.as_ref().map(|group| group.text.clone()));
    line(&mut out, "reason", rule.reason.as_ref().map(reason));
    line(&mut out, "tell", rule.tell.as_ref().map(text));
    line(&mut out, "tags", some(names(&rule.tags)));
    for unknown in &rule.if_unknown {
        line(&mut out, "if_unknown", Some(format!("{}{}", names(&unknown.signals), then(unknown))));
    }
    line(&mut out, "beats", some(rule.beats.iter().map(pattern).collect()));
    line(&mut out, "until", rule.until.map(|date| date.day.to_string()));
    line(&mut out, "owner", rule.owner.as_ref().map(text));
    line(&mut out, "because", rule.because.as_ref().map(text));
    line(
        &mut out,
        "rollout",
        rule.rollout.as_ref().map(|it| format!("{} {}", it.share, it.by.text)),
    );
    for shadow in &rule.shadows {
        line(&mut out, "shadow", Some(shadow_text(shadow)));
    }
    out + ")"
}

fn then(unknown: &IfUnknown) -> String {
    match &unknown.then {
        UnknownAction::Skip => " skip".to_owned(),
        UnknownAction::Score { points, reason: own } => {
            format!(" {}{}", points.value, or(own.as_ref().map(|own| format!(" {}", reason(own)))))
        }
    }
}

fn pattern(pattern: &Pattern) -> String {
    format!(" {}{}", pattern.name.text, if pattern.family { ".*" } else { "" })
}

fn reason(reason: &Reason) -> String {
    format!("{} {}", reason.code.text, template(&reason.template))
}

fn shadow_text(shadow: &Shadow) -> String {
    let when = shadow.when.as_ref().map(|when| format!(" (when {})", expr(when)));
    let score = shadow.score.map(|points| format!(" (score {})", points.value));
    let since = shadow.since.map(|date| format!(" (since {})", date.day));
    let compare = shadow.compare_for.map(|span| format!(" (compare_for {}ms)", span.ms));
    format!("{}{}{}{}{}", shadow.name.text, or(when), or(score), or(since), or(compare))
}

fn journey_text(journey: &Journey) -> String {
    let mut out = format!("(journey{}{}", names(&journey.journeys), scope(&journey.scope));
    thresholds(&mut out, &journey.thresholds);
    for it in &journey.overrides {
        let mut inner = String::new();
        thresholds(&mut inner, &it.thresholds);
        line(&mut out, "override", Some(scope(&it.scope) + &inner.replace('\n', "\n  ")));
    }
    out + ")"
}

fn thresholds(out: &mut String, thresholds: &Thresholds) {
    let step_up = thresholds.step_up.as_ref().map(|it| {
        let from = it.from.map(|from| format!("{}", from.value));
        let with = some(names(&it.with)).map(|with| format!(" (with{with})"));
        let not = some(names(&it.not)).map(|not| format!(" (not{not})"));
        let acr: String = it.acr.iter().map(|class| format!(" {:?}", class.value)).collect();
        let acr = some(acr).map(|acr| format!(" (acr{acr})"));
        let age = it.max_age.map(|age| format!(" (max_age {}ms)", age.ms));
        format!("{}{}{}{}{}", or(from), or(with), or(not), or(acr), or(age))
    });
    line(out, "step_up", step_up);
    line(out, "deny", thresholds.deny_from.map(|points| points.value.to_string()));
}

fn degraded_text(degraded: &Degraded) -> String {
    let mut out = format!("(degraded{}", scope(&degraded.scope));
    for entry in &degraded.entries {
        let least = if entry.at_least { " at_least" } else { "" };
        let unless = entry.unless.as_ref().map(|unless| format!(" (unless {})", expr(unless)));
        line(
            &mut out,
            &entry.journey.text,
            Some(format!("{:?}{least}{}", entry.verdict, or(unless))),
        );
    }
    out + ")"
}

fn throttle_text(throttle: &Throttle) -> String {
    let mut out = format!("(throttle{}", scope(&throttle.scope));
    line(&mut out, "at_most", throttle.at_most.map(|count| count.value.to_string()));
    let wait = throttle.wait.map(|wait| {
        let Wait { shortest, longest, from } = wait;
        format!("{}ms {}ms (from {})", shortest.ms, longest.ms, from.value)
    });
    line(&mut out, "wait", wait);
    line(&mut out, "unless", throttle.unless.as_ref().map(expr));
    out + ")"
}

fn test_text(test: &Test) -> String {
    let rule = test.rule.as_ref().map(|rule| format!(" {}", rule.text));
    let mut out = format!("(test {:?}{}", test.title.value, or(rule));
    for step in &test.steps {
        match step {
            TestStep::Given(given) => {
                let every = given.every.map(|every| format!(" (every {}ms)", every.ms));
                let said = format!("{}{}{}", given.attempts, or(every), event(&given.event));
                line(&mut out, "given", Some(said));
            }
            TestStep::After(after) => line(&mut out, "after", Some(format!("{}ms", after.ms))),
            TestStep::Event(it) => line(&mut out, "event", Some(event(it))),
            TestStep::Expect(all) => {
                line(&mut out, "expect", Some(all.iter().map(expectation).collect()));
            }
        }
    }
    out + ")"
}

fn event(event: &TestEvent) -> String {
    event.fields.iter().fold(String::new(), |mut out, field| {
        let value = match &field.value {
            TestValue::Name(name) => name.text.clone(),
            TestValue::Constant(constant) => expr(constant),
            TestValue::Text(text) => template(text),
        };
        write!(out, " ({} {value})", field.field.text).unwrap();
        out
    })
}

fn expectation(expectation: &Expectation) -> String {
    let not = |negated: &bool| if *negated { "not " } else { "" };
    match expectation {
        Expectation::Fires { negated, rule, .. } => {
            let rule = rule.as_ref().map(|rule| format!(" {}", rule.text));
            format!(" ({}fires{})", not(negated), or(rule))
        }
        Expectation::Verdict { verdict, .. } => format!(" (verdict {verdict:?})"),
        Expectation::Reason { negated, code, .. } => {
            format!(" ({}reason {})", not(negated), code.text)
        }
        Expectation::Holds(condition) => format!(" {}", expr(condition)),
    }
}

fn scope(scope: &Scope) -> String {
    let journeys = some(names(&scope.journeys)).map(|names| format!(" (journeys{names})"));
    let populations = some(names(&scope.populations)).map(|names| format!(" (populations{names})"));
    let tenants: String = scope.tenants.iter().map(|tenant| format!(" {}", text(tenant))).collect();
    let tenants = some(tenants).map(|names| format!(" (tenants{names})"));
    format!("{}{}{}", or(journeys), or(populations), or(tenants))
}

fn text(text: &Text) -> String {
    format!("{:?}", text.value)
}

fn template(template: &Template) -> String {
    let parts = template.parts.iter().map(|part| match part {
        TemplatePart::Text(text) => format!("{text:?}"),
        TemplatePart::Placeholder(name) => name.text.clone(),
    });
    format!("[{}]", parts.collect::<Vec<_>>().join(" "))
}

/// A condition, operator first.
pub(super) fn expr(it: &Expr) -> String {
    let not = |negated: &bool| if *negated { "not_" } else { "" };
    let all =
        |members: &[Expr]| members.iter().map(|it| " ".to_owned() + &expr(it)).collect::<String>();
    match &it.kind {
        ExprKind::Name(name) => name.text.clone(),
        ExprKind::Literal(literal) => format!("{literal:?}"),
        ExprKind::Or(members) => format!("(or{})", all(members)),
        ExprKind::And(members) => format!("(and{})", all(members)),
        ExprKind::Not(inside) => format!("(not {})", expr(inside)),
        ExprKind::Compare { op, left, right, .. } => {
            format!("({} {} {})", op.symbol(), expr(left), expr(right))
        }
        ExprKind::Arithmetic { op, left, right, .. } => {
            format!("({} {} {})", op.symbol(), expr(left), expr(right))
        }
        ExprKind::Negate(inside) => format!("(- {})", expr(inside)),
        ExprKind::In { item, negated, set, .. } => {
            let set = match set {
                Set::List(name) => name.text.clone(),
                Set::Inline { members, .. } => format!("[{}]", all(members).trim_start()),
            };
            format!("({}in {} {set})", not(negated), expr(item))
        }
        ExprKind::Is { subject, negated, value, .. } => {
            format!("({}is {} {})", not(negated), expr(subject), value.text)
        }
        ExprKind::Unknown(name) => format!("(unknown {})", name.text),
        ExprKind::Rest => "...".to_owned(),
        ExprKind::Damaged => "damaged".to_owned(),
    }
}

fn names(names: &[Name]) -> String {
    names.iter().map(|name| format!(" {}", name.text)).collect()
}

fn line(out: &mut String, word: &str, value: Option<String>) {
    if let Some(value) = value {
        write!(out, "\n  ({word} {})", value.trim_start()).unwrap();
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn or(text: Option<String>) -> String {
    text.unwrap_or_default()
}
