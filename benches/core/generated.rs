//! Policies of any size.

use std::fmt::Write;

use doorward_core::policy::Policy;

use crate::rules::policy;

/// What the generated rules look at.
const GENERATED: &str = r#"
window attempts_ip      = count                                    by ip    over 10m
window failures_ip      = count          where credential is wrong by ip    over 10m
window users_failing_ip = distinct user  where credential is wrong by ip    over 10m
window failures_subnet  = count          where credential is wrong by subnet over 30m
window failures_asn     = count          where credential is wrong by asn   over 1h
window failures_user    = count          where credential is wrong by user  over 1h

signal failure_share_ip = failures_ip / attempts_ip  when attempts_ip >= 10

journey login { step_up from 40 with [passkey, totp]  deny from 90 }
group generated { at most 80 }
"#;

/// A policy of `count` rules in four shapes, no two with the same thresholds; few fire at once.
pub(crate) fn policy_of(count: u32) -> Policy {
    let mut text = GENERATED.to_owned();
    for number in 0..count {
        rule(&mut text, number).expect("a string takes any text");
    }
    policy(vec![("generated.rules".to_owned(), text)], &[])
}

fn rule(text: &mut String, number: u32) -> std::fmt::Result {
    let least = 50 + 5 * number;
    let (condition, unknown) = match number % 4 {
        0 => (
            format!("users_failing_ip >= {least} and failure_share_ip > 80%"),
            "users_failing_ip, failure_share_ip",
        ),
        1 => (
            format!("failures_user >= {least} and (unknown(device.known) or not device.known)"),
            "failures_user",
        ),
        2 => (
            format!("failures_subnet >= {least} or failures_ip >= {least}"),
            "failures_subnet, failures_ip",
        ),
        _ => (
            format!("failures_asn >= {least} and credential is right and not device.known"),
            "failures_asn, credential, device.known",
        ),
    };
    write!(
        text,
        r#"
rule generated.r{number} {{
  say     "Generated"
  when    {condition}
  score   +5   group generated
  reason  GENERATED_{number} "seen at least {least} times"
  if unknown({unknown})  skip
}}
"#
    )
}
