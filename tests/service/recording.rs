//! Recordings: every line is accounted for, and a log gives the attempts that were made.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use doorward::enrich::{Enricher, GeoData};
use doorward::replay::format::{Coverage, Event, Format, Options, Recorded, Recording};
use doorward_core::event::{
    Attempt, Attribute, CredentialResult, Failure, Id, Journey, Method, OutcomeKind, Population,
};
use doorward_core::time::Timestamp;
use doorward_core::value::Cause;

/// 2026-11-22T12:00:00Z.
const NOW: Timestamp = Timestamp::from_ms(1_795_348_800_000);

fn options() -> Options {
    Options { tenant: Id::parse("default").unwrap(), population: None, year: None, now: NOW }
}

fn read(path: &Path, format: Format, options: &Options) -> (Vec<Recorded>, Coverage) {
    let mut recording = Recording::open(path, format, options).unwrap();
    let events: Vec<Recorded> = recording.by_ref().map(Result::unwrap).collect();
    (events, recording.coverage().clone())
}

fn read_text(text: &str, format: Format) -> (Vec<Recorded>, Coverage) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    fs::write(&path, text).unwrap();
    read(&path, format, &options())
}

fn attempt(recorded: &Recorded) -> &Attempt {
    match &recorded.event {
        Event::Attempt(attempt) => attempt,
        Event::Outcome(outcome) => panic!("{outcome:?}"),
    }
}

/// One attempt on one line: who, from where, how it ended.
fn told(recorded: &Recorded) -> String {
    let attempt = attempt(recorded);
    let address = attempt.client.address.map_or("-".to_owned(), |address| address.to_string());
    let result = attempt.credential.result.unwrap();
    let failure = attempt.credential.failure.map_or("-", Failure::word);
    let user = attempt.user.id.as_ref().map_or("-", Id::as_str);
    format!("{} {user} {address} {result} {failure}", attempt.occurred_at)
}

/// Each line is in one class, and the classes add up.
fn adds_up(coverage: &Coverage) {
    let Coverage { lines, event_lines, about, unrelated, not_understood, .. } = coverage;
    assert_eq!(event_lines + about + unrelated + not_understood, *lines, "{coverage}");
}

/// A log of the data folder beside the checkout.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !path.exists() {
        println!("skipped: no {} beside the checkout", name);
    }
    path.exists().then_some(path)
}

#[test]
fn a_laboratory_log_is_understood_to_the_last_line() {
    let Some(path) = shared("OpenSSH_2k.log") else { return };
    let (events, coverage) = read(&path, Format::Sshd, &options());
    println!("{coverage}");
    adds_up(&coverage);
    assert_eq!((coverage.lines, coverage.not_understood), (2_000, 0), "{:?}", coverage.misread);

    let text = fs::read_to_string(&path).unwrap();
    let said: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once("]: ")?.1)).collect();
    let begins = |phrase| said.iter().filter(|said| said.starts_with(phrase)).count();
    let failed = begins("Failed password for ") + 5 * begins("message repeated 5 times: [ Failed");
    let accepted = begins("Accepted password for ");
    assert_eq!(events.len(), failed + accepted);
    let right =
        |recorded: &&Recorded| attempt(recorded).credential.result == Some(CredentialResult::Right);
    assert_eq!(events.iter().filter(right).count(), accepted);
    let lines = begins("Failed password for ") + begins("message repeated ") + accepted;
    assert_eq!(coverage.event_lines, u64::try_from(lines).unwrap());

    let mut failures: BTreeMap<String, usize> = BTreeMap::new();
    for line in text.lines().filter(|line| line.contains("Failed password for ")) {
        let (_, from) = line.rsplit_once(" from ").unwrap();
        let times = if line.contains("message repeated 5 times") { 5 } else { 1 };
        *failures.entry(from.split(' ').next().unwrap().to_owned()).or_default() += times;
    }
    let mut read: BTreeMap<String, usize> = BTreeMap::new();
    for recorded in events.iter().filter(|recorded| !right(recorded)) {
        *read.entry(attempt(recorded).client.address.unwrap().to_string()).or_default() += 1;
    }
    assert_eq!(read, failures);

    let mut ids: Vec<&Id> = events.iter().map(|recorded| &attempt(recorded).event_id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), events.len());
    assert_eq!(
        told(&events[0]),
        "2025-12-10T06:55:48.000Z webmaster 173.234.31.186 wrong unknown_user"
    );
}

#[test]
fn an_older_log_is_read_through_pam() {
    let Some(path) = shared("Linux_2k.log") else { return };
    let (events, coverage) = read(&path, Format::Sshd, &options());
    println!("{coverage}");
    adds_up(&coverage);
    assert_eq!((coverage.lines, coverage.not_understood), (2_000, 0), "{:?}", coverage.misread);
    let text = fs::read_to_string(&path).unwrap();
    let ours = |phrase: &str| {
        text.lines()
            .filter(|line| line.contains(" sshd(pam_unix)[") && line.contains(phrase))
            .count()
    };
    assert_eq!(events.len(), ours("authentication failure;"));
    assert_eq!(coverage.about, u64::try_from(ours("check pass; user unknown")).unwrap());
    let known = |recorded: &&Recorded| attempt(recorded).user.exists == Some(true);
    assert_eq!(events.iter().filter(known).count(), ours("  user="));
    let without_address = |recorded: &&Recorded| attempt(recorded).client.address.is_none();
    let named = events
        .iter()
        .filter(without_address)
        .all(|recorded| matches!(&*attempt(recorded).attributes, [(_, Attribute::Text(_))]));
    assert!(named);
    let years_2005 =
        |recorded: &Recorded| attempt(recorded).occurred_at.to_string().starts_with("2026-");
    assert!(events.iter().all(years_2005));
}

#[test]
fn tells_who_tried_from_where_and_how_it_ended() {
    let (events, coverage) = read_text(
        "-- Boot 5f3 --\n\
         Dec 31 23:59:58 lab sshd[7]: Invalid user a b from 198.51.100.7 port 22\n\
         Dec 31 23:59:59 lab sshd[7]: Failed password for invalid user a\u{1b}b from 198.51.100.7 port 22 ssh2\n\
         Jan  1 00:00:01 lab sshd-session[8]: message repeated 2 times: [ Failed password for root from 2001:db8::7 port 22 ssh2]\n\
         Jan  1 00:00:02 lab last message repeated 2 times\n\
         Jan  1 00:00:03 lab sshd[9]: pam_unix(sshd:auth): authentication failure; logname= uid=0 rhost=198.51.100.7  user=root\n\
         2026-01-01T01:00:04.5+01:00 lab sshd[9]: Accepted publickey for ana from 198.51.100.8 port 22 ssh2: ED25519 SHA256:x\n\
         Jan  1 00:00:05 lab cron[9]: Failed password for root from 1.1.1.1 port 1 ssh2\n\
         Jan  1 00:00:06 lab sshd[9]: a thing never said before\n\
         \n",
        Format::Sshd,
    );
    let told: Vec<String> = events.iter().map(told).collect();
    let twice = "2026-01-01T00:00:01.000Z root 2001:db8::7 wrong wrong_secret";
    let again = "2026-01-01T00:00:02.000Z root 2001:db8::7 wrong wrong_secret";
    let expected = [
        "2025-12-31T23:59:59.000Z a\\u{1b}b 198.51.100.7 wrong unknown_user",
        twice,
        twice,
        again,
        again,
        again,
        again,
        "2026-01-01T00:00:04.500Z ana 198.51.100.8 right -",
    ];
    assert_eq!(told, expected);
    adds_up(&coverage);
    assert_eq!((coverage.events, coverage.about, coverage.not_understood), (8, 2, 1));
    assert!(coverage.misread[0].line == 9 && coverage.misread[0].reason.contains("never said"));
    let last = attempt(&events[7]);
    assert_eq!(last.event_id.as_str(), "sshd-1767225604500-7-9-1");
    assert_eq!((last.journey, last.population), (Journey::Login, Population::Workforce));
    assert_eq!(last.credential.method, Some(Method::KeyPair));
    assert_eq!((last.user.exists, attempt(&events[0]).user.exists), (Some(true), Some(false)));
}

#[test]
fn a_recorded_attempt_is_enriched_like_a_live_one() {
    let log =
        "Dec 10 07:00:01 lab sshd[7]: Failed password for root from 203.0.113.7 port 2 ssh2\n";
    let (events, _) = read_text(log, Format::Sshd);
    let csv = "network,country,asn\n203.0.113.0/24,AT,64500\n";
    let enricher = Enricher::new(GeoData::embedded("fixture", csv).unwrap());
    let known = enricher.enrich(attempt(&events[0]));
    assert_eq!(known.place.unwrap().country.unwrap().code(), "AT");
    assert_eq!(known.network.unwrap().asn, 64_500);
    assert_eq!(known.agent, Err(Cause::MissingInput));
    let edition = enricher.editions().next().unwrap();
    assert_eq!((&*edition.name, edition.version.len(), edition.built_at), ("fixture", 12, None));
}

#[test]
fn a_failure_that_pam_reports_too_counts_once() {
    let log = "Dec 10 07:00:01 lab sshd[7]: error: PAM: Authentication failure for root from 198.51.100.7\n\
         Dec 10 07:00:02 lab sshd[7]: error: PAM: Authentication failure for root from 198.51.100.7\n\
         Dec 10 07:00:03 lab sshd[7]: error: PAM: Authentication failure for root from 198.51.100.7\n\
         Dec 10 07:00:03 lab sshd[7]: Failed keyboard-interactive/pam for root from 198.51.100.7 port 2 ssh2\n\
         Dec 10 07:00:03 lab sshd[7]: PAM 2 more authentication failures; logname= rhost=198.51.100.7  user=root\n";
    let (events, coverage) = read_text(log, Format::Sshd);
    assert_eq!((events.len(), coverage.about, coverage.not_understood), (3, 2, 0));

    let by_name = log.replace("from 198.51.100.7\n", "from host.example\n");
    let (events, coverage) = read_text(&by_name, Format::Sshd);
    assert_eq!((events.len(), coverage.about, coverage.not_understood), (1, 4, 0));

    let pam_alone = log.lines().last().unwrap();
    let (events, coverage) = read_text(pam_alone, Format::Sshd);
    assert_eq!((events.len(), coverage.event_lines, coverage.events), (2, 1, 2));

    let nameless = pam_alone.replace("  user=root", "");
    let (events, _) = read_text(&nameless, Format::Sshd);
    assert_eq!(told(&events[0]), "2025-12-10T07:00:03.000Z - 198.51.100.7 wrong unknown_user");
}

#[test]
fn the_same_file_gives_the_same_events() {
    let log = "Dec 10 07:13:56 lab sshd[7]: message repeated 3 times: [ Failed password for root from 1.2.3.4 port 9 ssh2]\n";
    assert_eq!(read_text(log, Format::Sshd), read_text(log, Format::Sshd));
}

/// Wherever a line is cut, what is left is counted once.
#[test]
fn a_torn_line_is_counted_too() {
    let line =
        "Dec 10 07:13:56 lab sshd[7]: Failed password for invalid user ö from 1.2.3.4 port 9 ssh2";
    for end in 1..=line.len() {
        let torn = String::from_utf8_lossy(&line.as_bytes()[..end]);
        let (events, coverage) = read_text(&torn, Format::Sshd);
        adds_up(&coverage);
        assert_eq!((coverage.lines, events.len()), (1, usize::from(end == line.len())), "{torn}");
    }
}

#[test]
fn the_year_can_be_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.log");
    fs::write(
        &path,
        "Dec 10 07:13:56 lab sshd[7]: Failed password for root from 1.2.3.4 port 9 ssh2\n",
    )
    .unwrap();
    let (events, _) = read(&path, Format::Sshd, &Options { year: Some(2016), ..options() });
    assert_eq!(told(&events[0]), "2016-12-10T07:13:56.000Z root 1.2.3.4 wrong wrong_secret");
}

const RBA_HEADER: &str = "index,Login Timestamp,User ID,Round-Trip Time [ms],IP Address,Country,Region,City,ASN,\
    User Agent String,Browser Name and Version,OS Name and Version,Device Type,Login Successful,Is Attack IP,\
    Is Account Takeover\n";

#[test]
fn reads_the_rba_data_set() {
    let rows = "0,2020-02-03 12:43:30.772,-4324475583306591935,600.0,10.0.65.171,NO,-,-,29695,\
        \"Mozilla/5.0 (iPhone; CPU iPhone OS 13_4) Version/13.1 Mobile Safari\",Firefox 20.0.0.1618,iOS 13.4,mobile,False,True,False\n\
        1,2020-02-03 12:43:43.549,-4324475583306591935,,194.87.207.6,AU,Victoria,Melbourne,29695,curl/7.1,Chrome,Android 2.3,mobile,True,False,True\n\
        2,yesterday,1,,1.2.3.4,AU,-,-,1,x,x,x,x,True,False,False\n\
        3,2020-02-03 12:43:43.549,1\n";
    let (events, coverage) = read_text(&format!("{RBA_HEADER}{rows}"), Format::RbaCsv);
    adds_up(&coverage);
    assert_eq!((coverage.lines, coverage.events, coverage.not_understood), (5, 2, 2));
    assert_eq!(coverage.misread[0].reason, "`yesterday` is no `Login Timestamp`");
    assert_eq!(coverage.misread[1].reason, "`` is no `IP Address`");
    assert_eq!((coverage.misread[0].line, coverage.misread[1].line), (4, 5));
    let user = "-4324475583306591935";
    assert_eq!(
        told(&events[0]),
        format!("2020-02-03T12:43:30.772Z {user} 3fff:a0:410:ab00::1 wrong -")
    );
    assert_eq!(told(&events[1]), format!("2020-02-03T12:43:43.549Z {user} 194.87.207.6 right -"));
    let first = attempt(&events[0]);
    assert_eq!(first.client.round_trip_ms, Some(600));
    assert_eq!(first.population, Population::Customer);
    let labels: Vec<String> =
        first.attributes.iter().map(|(name, value)| format!("{name} {value:?}")).collect();
    assert_eq!(labels, ["account_takeover Flag(false)", "attack_ip Flag(true)"]);
    let known = events[0].enrichment.as_ref().unwrap();
    assert_eq!(known.place.as_ref().unwrap().country.unwrap().code(), "NO");
    assert_eq!(known.place.as_ref().unwrap().city, None);
    assert_eq!(known.network.as_ref().unwrap().asn, 29_695);
    assert_eq!(known.agent.as_ref().unwrap().family, Some("Safari"));
}

#[test]
fn a_file_without_the_columns_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.csv");
    fs::write(&path, "a,b\n1,2\n").unwrap();
    let open =
        |path: &Path, format| Recording::open(path, format, &options()).err().unwrap().to_string();
    assert!(open(&path, Format::RbaCsv).ends_with("x.csv` names no column `Login Timestamp`"));
    for format in Format::ALL {
        assert!(open(&folder.path().join("none"), *format).starts_with("cannot read `"));
    }
}

#[test]
fn every_json_line_is_an_event_or_says_why_not() {
    let text = r#"{"attempt":{"eventId":"e1","occurredAt":"2026-11-22T11:59:00Z","population":"POPULATION_CUSTOMER","journey":"JOURNEY_LOGIN","user":{"id":"ana"},"client":{"address":"203.0.113.7"}}}

{"attempt":{"eventId":"e2"}}
{"attempt":{"evntId":"e3"}}
{}
{
{"outcome":{"eventId":"o1","occurredAt":"2026-11-22T11:59:30Z","attemptEventId":"e1","kind":"KIND_NOT_ME"}}
"#;
    let (events, coverage) = read_text(text, Format::Ndjson);
    println!("{:#?}", coverage.misread);
    let lines: Vec<u64> = events.iter().map(|recorded| recorded.line).collect();
    assert_eq!(lines, [1, 7]);
    assert_eq!(attempt(&events[0]).user.id.as_ref().unwrap().as_str(), "ana");
    assert!(
        matches!(&events[1].event, Event::Outcome(report) if report.outcome.kind == OutcomeKind::NotMe)
    );
    adds_up(&coverage);
    assert_eq!((coverage.events, coverage.unrelated, coverage.not_understood), (2, 1, 4));
    let reasons: Vec<&str> = coverage.misread.iter().map(|misread| &*misread.reason).collect();
    assert!(reasons[0].contains("attempt.population"), "{}", reasons[0]);
    assert!(reasons[1].contains("unknown field `evntId`"), "{}", reasons[1]);
    assert_eq!(reasons[2], "holds neither an attempt nor an outcome alone");
    assert!(reasons[3].starts_with("EOF"), "{}", reasons[3]);
}
