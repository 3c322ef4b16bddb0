//! One measurement of one server.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tonic::transport::{Channel, Endpoint};

use crate::messages::Messages;
use crate::options::{Mode, Options};
use crate::server::Server;
use crate::tally::Tally;
use crate::{stopwatch, stream, unary};

/// How long the last answers may take once no more is sent.
const DRAIN_MAX: Duration = Duration::from_secs(20);

/// Messages made ahead of a measurement for one answer of the longest before; the warm-up is shorter.
const AHEAD: u64 = 2;

/// What a worker calls with.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The connection, shared with other workers.
    pub(crate) channel: Channel,
    /// What to send.
    pub(crate) messages: Arc<Messages>,
    /// When to stop sending.
    pub(crate) end: Instant,
    /// Where to count.
    pub(crate) tally: Tally,
}

/// What one server did in one round.
#[derive(Debug)]
pub(crate) struct Measure {
    /// Its answers.
    pub(crate) tally: Tally,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
    /// Processor time of the server, without that of the client; absent where it cannot be read.
    pub(crate) processor: Option<Duration>,
}

impl Measure {
    /// Good answers in a second.
    pub(crate) fn rate(&self) -> f64 {
        self.tally.answers() as f64 / self.elapsed.as_secs_f64()
    }

    /// Processor time of the server for one answer.
    pub(crate) fn processor_us(&self) -> Option<f64> {
        self.processor.map(|time| time.as_secs_f64() * 1e6 / self.tally.answers() as f64)
    }
}

/// Loads `server` for `span` over fresh connections.
pub(crate) async fn measure(
    server: &Server,
    mode: Mode,
    options: &Options,
    span: Duration,
) -> Result<Measure, Box<dyn Error>> {
    let mut channels = Vec::new();
    for _ in 0..options.connections {
        let endpoint = Endpoint::from_shared(format!("http://{}", server.address))?;
        channels.push(endpoint.connect().await?);
    }
    server.messages.prepare(AHEAD * server.answers_max.load(Ordering::Relaxed));
    let processor_before = server.processor_time();
    let started_at = stopwatch::now();
    let workers = workers(server, mode, options, &channels, started_at + span)?;
    let tally = tokio::time::timeout(span + DRAIN_MAX, join(workers))
        .await
        .map_err(|_| format!("{} left attempts unanswered for {DRAIN_MAX:?}", server.name))??;
    let elapsed = stopwatch::now() - started_at;
    let processor =
        server.processor_time().zip(processor_before).map(|(after, before)| after - before);
    server.answers_max.fetch_max(tally.answers(), Ordering::Relaxed);
    Ok(Measure { tally, elapsed, processor })
}

/// Starts what calls: a worker for each unary call in flight, or one for each stream.
fn workers(
    server: &Server,
    mode: Mode,
    options: &Options,
    channels: &[Channel],
    end: Instant,
) -> Result<JoinSet<Tally>, Box<dyn Error>> {
    let mut workers = JoinSet::new();
    for channel in channels {
        let caller = || {
            Ok::<_, Box<dyn Error>>(Caller {
                channel: channel.clone(),
                messages: Arc::clone(&server.messages),
                end,
                tally: Tally::empty()?,
            })
        };
        match mode {
            Mode::Unary => {
                for _ in 0..options.unary_in_flight {
                    workers.spawn(unary::call(caller()?));
                }
            }
            Mode::Stream => {
                let in_flight = usize::try_from(options.stream_in_flight)?;
                workers.spawn(stream::call(caller()?, in_flight));
            }
        }
    }
    Ok(workers)
}

async fn join(mut workers: JoinSet<Tally>) -> Result<Tally, Box<dyn Error>> {
    let mut sum = Tally::empty()?;
    while let Some(tally) = workers.join_next().await {
        sum.merge(tally?)?;
    }
    Ok(sum)
}
