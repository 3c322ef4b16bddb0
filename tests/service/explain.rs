//! `doorward explain`, beside the service that decided.

use std::process::Output;

use doorward::wire::decision_service_client::DecisionServiceClient;
use doorward::wire::{self, EvaluateRequest, ReportRequest};
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Doorward, command};

/// Where `explain` says that what it was asked for is not there, as `sysexits.h` numbers it.
const NO_INPUT: i32 = 66;

/// A stranger with the wrong password, of an account that is there.
fn attempt(number: u8) -> wire::Attempt {
    wire::Attempt {
        event_id: format!("event-{number}"),
        population: wire::Population::Customer.into(),
        journey: wire::Journey::Login.into(),
        user: Some(wire::User { id: "ana\u{202e}".to_owned(), ..Default::default() }),
        credential: Some(wire::Credential {
            result: wire::credential::Result::Wrong.into(),
            ..Default::default()
        }),
        client: Some(wire::Client { address: "203.0.113.7".to_owned(), ..Default::default() }),
        ..Default::default()
    }
}

/// Fails until the service minds; the decision that says so, with its outcome reported.
async fn minded(address: &str) -> wire::Decision {
    let mut client = DecisionServiceClient::connect(format!("http://{address}")).await.unwrap();
    for number in 0..100 {
        let request = EvaluateRequest { attempt: Some(attempt(number)) };
        let answer = client.evaluate(request).await.unwrap().into_inner();
        let decision = answer.decision.unwrap();
        if decision.verdict() != wire::Verdict::Allow {
            let outcome = wire::Outcome {
                event_id: "outcome".to_owned(),
                attempt: Some(wire::outcome::Attempt::DecisionId(decision.decision_id.clone())),
                kind: wire::outcome::Kind::NotMe.into(),
                ..Default::default()
            };
            let request = ReportRequest { outcome: Some(outcome) };
            client.report(request).await.unwrap();
            return decision;
        }
    }
    panic!("a hundred wrong passwords in a row and nothing to say");
}

fn explain(data: &TempDir, arguments: &[&str]) -> Output {
    let data = data.path().to_str().unwrap();
    command(&["explain", "--data", data]).args(arguments).output().unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_explained_beside_the_service() {
    let data = TempDir::new().unwrap();
    let service = Doorward::serve(data.path(), &[]);
    let decision = minded(&service.address).await;
    let id = decision.decision_id.as_str();

    let output = explain(&data, &[id]);
    let receipt = said(&output.stdout);
    assert!(output.status.success(), "{}", said(&output.stderr));
    for reason in &decision.reasons {
        assert!(receipt.contains(&reason.code), "{} in {receipt}", reason.code);
    }
    assert!(receipt.contains("ana\\u{202e}") && !receipt.contains('\u{202e}'), "{receipt}");
    assert!(receipt.contains("· not me\n"), "{receipt}");
    let again = "the same rules now give the same answer, word for word";
    assert!(receipt.contains(again), "{receipt}");

    let upper = id.to_uppercase();
    assert_eq!(said(&explain(&data, &[&upper]).stdout), receipt);
    let (most, _) = id.split_at(id.len() - 4);
    assert_eq!(said(&explain(&data, &[most]).stdout), receipt);

    let json = explain(&data, &[id, "--json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json["record"]["decision"], serde_json::to_value(&decision).unwrap());
    assert_eq!(json["outcomes"][0]["outcome"]["kind"], "KIND_NOT_ME");
    service.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_clearly() {
    let data = TempDir::new().unwrap();
    let service = Doorward::serve(data.path(), &[]);
    let decision = minded(&service.address).await;
    service.stop();
    let check = |asked: &str, expected: &str| {
        let output = explain(&data, &[asked]);
        let error = said(&output.stderr);
        assert_eq!(output.status.code(), Some(NO_INPUT), "{error}");
        assert!(error.starts_with("doorward: ") && error.contains(expected), "{error}");
        assert_eq!(said(&output.stdout), "");
    };
    check("ffffffff", "no decision `ffffffff` is on record in `");
    check("ffffffff", "; name its data directory with --data");
    check("ana", "`ana` is not the id of a decision");
    let (hour, _) = decision.decision_id.split_at(4);
    check(hour, &format!("decisions begin with `{hour}`; give more of the id:\n  {hour}"));
}
