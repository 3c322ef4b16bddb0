//! Plays the script through the service, as its callers would.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use doorward_core::decision::Verdict;
use doorward_core::enrichment::Enrichment;
use doorward_core::event::{Attempt, Id, Outcome, OutcomeKind};
use doorward_core::place::Place;
use doorward_core::text::TextError;
use futures_util::stream;
use indicatif::ProgressBar;
use tonic::Status;
use tonic::transport::{self, Channel, Endpoint};

use super::day::{Case, Day, SceneCollector};
use super::script::{self, Event, Moment, Scene};
use crate::clock::Stopwatch;
use crate::edge::compose;
use crate::edge::parse::About;
use crate::enrich::Enricher;
use crate::wire;
use crate::wire::decision_service_client::DecisionServiceClient;
use crate::wire::evaluate_stream_response::Answer;

/// Attempts that are sent before the answer to the first of them is waited for.
const TOGETHER_MAX: usize = 256;

/// Plays `script` through the service at `address` (`127.0.0.1:50051`) and gathers what came of it,
/// scene by scene; `places` tells people where an address is, `stopwatch` how long it all took.
///
/// Attempts are sent in order of time, many together as long as they are of different users: nobody
/// signs in again before the answer to the last time. So the order in which things are decided is the
/// same on every run.
///
/// # Errors
/// If the service cannot be reached, or does not answer everything.
pub async fn play(
    address: &str,
    script: &[Moment],
    places: &Enricher,
    progress: &ProgressBar,
    stopwatch: Stopwatch,
) -> Result<Day, PlayError> {
    let started = stopwatch();
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
    let client = DecisionServiceClient::new(endpoint.connect().await?);
    let tenant = Id::parse(script::TENANT)?;
    let (scenes, decided) = (BTreeMap::new(), Vec::new());
    let mut player = Player { client, tenant, places, progress, scenes, decided };
    let mut rest = script;
    while let Some((now, later)) = rest.split_at_checked(together(rest))
        && !now.is_empty()
    {
        player.play(now).await?;
        rest = later;
    }
    let took = stopwatch().saturating_sub(started);
    Ok(Day {
        scenes: player.scenes.into_values().map(SceneCollector::finish).collect(),
        took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        decided_us: median(player.decided),
    })
}

/// How many moments can be sent before an answer is needed: up to the next outcome, or to the second
/// attempt of anybody.
fn together(moments: &[Moment]) -> usize {
    let mut users = HashSet::new();
    let apart = |moment: &Moment| match &moment.event {
        Event::Attempt { attempt, .. } => !users.insert(attempt.user.id.clone()),
        Event::Outcome { .. } => true,
    };
    let first = moments.iter().take(TOGETHER_MAX).position(apart);
    first.unwrap_or(TOGETHER_MAX).max(1).min(moments.len())
}

/// A caller of the service with what it has heard.
struct Player<'a> {
    client: DecisionServiceClient<Channel>,
    tenant: Id,
    places: &'a Enricher,
    progress: &'a ProgressBar,
    scenes: BTreeMap<Scene, SceneCollector>,
    /// How long every decision took, in microseconds.
    decided: Vec<u64>,
}

impl Player<'_> {
    async fn play(&mut self, moments: &[Moment]) -> Result<(), PlayError> {
        if let Some(moment) = moments.first() {
            let time = moment.occurred_at().to_string();
            self.progress.set_message(time.get(..16).unwrap_or(&time).replace('T', " "));
        }
        self.ask(moments).await?;
        for moment in moments {
            if let Event::Outcome { of, outcome } = &moment.event {
                self.report(of, outcome).await?;
                self.progress.inc(1);
            }
        }
        Ok(())
    }

    /// Sends the attempts together; then tells what came of the challenges among the answers.
    async fn ask(&mut self, moments: &[Moment]) -> Result<(), PlayError> {
        let sent: Vec<wire::EvaluateStreamRequest> = moments
            .iter()
            .filter_map(|moment| match &moment.event {
                Event::Attempt { attempt, .. } => Some(compose::attempt(attempt)),
                Event::Outcome { .. } => None,
            })
            .map(|attempt| wire::EvaluateStreamRequest { attempt: Some(attempt) })
            .collect();
        let mut answers = self.client.evaluate_stream(stream::iter(sent)).await?.into_inner();
        let mut outcomes = Vec::new();
        for moment in moments {
            let Event::Attempt { attempt, challenge } = &moment.event else { continue };
            let answer = answers.message().await?.ok_or(PlayError::Unanswered)?;
            let verdict = self.hear(moment, attempt, answer)?;
            if let (Verdict::StepUp, Some(kind)) = (verdict, challenge) {
                outcomes.push(answered(attempt, *kind)?);
            }
            self.progress.inc(1);
        }
        for (of, outcome) in outcomes {
            self.report(&of, &outcome).await?;
        }
        Ok(())
    }

    fn hear(
        &mut self,
        moment: &Moment,
        attempt: &Attempt,
        answer: wire::EvaluateStreamResponse,
    ) -> Result<Verdict, PlayError> {
        let decision = match answer.answer {
            Some(Answer::Decision(decision)) => decision,
            Some(Answer::Refusal(refusal)) => return Err(PlayError::Refused(refusal.message)),
            None => return Err(PlayError::Unanswered),
        };
        self.decided.extend(decision.time_taken.map(us));
        let verdict: Option<Verdict> = decision.verdict().into();
        let verdict = verdict.ok_or(PlayError::Unanswered)?;
        let scene = self.scenes.entry(moment.scene);
        let scene = scene.or_insert_with(|| SceneCollector::new(moment.scene));
        scene.add(verdict, &decision);
        if moment.highlight {
            let place = spoken(&self.places.enrich(attempt));
            scene.show(Case::new(attempt, place, verdict, &decision));
        }
        Ok(verdict)
    }

    async fn report(&mut self, of: &Id, outcome: &Outcome) -> Result<(), PlayError> {
        let outcome = compose::report(&self.tenant, &About::Event(of.clone()), outcome);
        self.client.report(wire::ReportRequest { outcome: Some(outcome) }).await?;
        Ok(())
    }
}

fn answered(attempt: &Attempt, kind: OutcomeKind) -> Result<(Id, Outcome), TextError> {
    Ok((attempt.event_id.clone(), script::answer(attempt, kind)?))
}

fn us(span: wire::google::Duration) -> u64 {
    let whole = span.seconds.unsigned_abs().saturating_mul(1_000_000);
    whole.saturating_add(u64::from(span.nanos.unsigned_abs() / 1_000))
}

fn median(mut sample: Vec<u64>) -> u64 {
    sample.sort_unstable();
    sample.get(sample.len() / 2).copied().unwrap_or(0)
}

/// `Lagos, NG`
fn spoken(enrichment: &Enrichment) -> Option<String> {
    let Place { city, country, .. } = enrichment.place.as_ref().ok()?;
    let country = country.map(|country| country.to_string());
    let parts: Vec<String> =
        city.as_deref().map(str::to_owned).into_iter().chain(country).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Why the day could not be played to its end.
#[derive(Debug)]
pub enum PlayError {
    /// The service could not be reached.
    Connect(transport::Error),
    /// A call failed.
    Call(Box<Status>),
    /// The service took no attempt.
    Refused(String),
    /// The service said nothing about an attempt.
    Unanswered,
    /// A name in the script is no valid identifier.
    Script(TextError),
}

impl fmt::Display for PlayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the day was not played to its end: ")?;
        match self {
            Self::Connect(error) => write!(f, "the service cannot be reached: {error}"),
            Self::Call(status) => write!(f, "a call failed: {}", status.message()),
            Self::Refused(message) => write!(f, "an attempt was refused: {message}"),
            Self::Unanswered => f.write_str("an attempt was not answered"),
            Self::Script(error) => write!(f, "a name in the script {error}"),
        }
    }
}

impl std::error::Error for PlayError {}

impl From<transport::Error> for PlayError {
    fn from(error: transport::Error) -> Self {
        Self::Connect(error)
    }
}

impl From<Status> for PlayError {
    fn from(status: Status) -> Self {
        Self::Call(Box::new(status))
    }
}

impl From<TextError> for PlayError {
    fn from(error: TextError) -> Self {
        Self::Script(error)
    }
}
