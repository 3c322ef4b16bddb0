//! `doorward demo`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;

use doorward_core::store::Budget;
use indicatif::{ProgressBar, ProgressStyle};
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::door::{self, Door};
use super::{CommandError, open};
use crate::cli::DemoArgs;
use crate::clock;
use crate::config::LISTEN_DEFAULT;
use crate::demo::day::Day;
use crate::demo::{self, GEO_CSV, Next, PlayError, script, table};
use crate::desk::Desk;
use crate::enrich::{Enricher, GeoData};
use crate::terminal::Terminal;

/// Plays the scripted day through a real service, shows what was decided, and serves on until told
/// to stop.
///
/// # Errors
/// If it cannot start, if the day cannot be played, or if the log fails.
pub fn demo(args: &DemoArgs) -> Result<(), CommandError> {
    open::tell("warn");
    let data = Data::new(args.data.as_deref())?;
    let (rules, enricher) = (args.rules.as_deref(), Enricher::new(geo()?));
    let desk = Arc::new(open::desk(data.path(), rules, enricher, Budget::default())?);
    let ran = open::runtime()?.block_on(run(args, &desk, &data));
    println!();
    let ended = door::end(&desk);
    ran.and(ended).and(data.remove())
}

fn geo() -> Result<GeoData, CommandError> {
    Ok(GeoData::embedded("demo", GEO_CSV)?)
}

/// Answers while the day is played and, unless it is for once, after that.
async fn run(args: &DemoArgs, desk: &Arc<Desk>, data: &Data) -> Result<(), CommandError> {
    let door = Door::open(desk, listen(args.listen).await?).await?;
    let address = door.address();
    let mut stop = pin!(door::stop(desk)?);
    let mut played = Ok(());
    let until = async {
        tokio::select! {
            ended = play(address) => match ended {
                Ok(day) => show(&day, &next(args, address, data, &day)),
                Err(error) => played = Err(error),
            },
            () = &mut stop => return,
        }
        if played.is_ok() && !args.once {
            stop.await;
        }
    };
    door.answer(until).await;
    played
}

/// The address that was asked for; else the usual one, or any port if that is taken.
async fn listen(wanted: Option<SocketAddr>) -> Result<TcpListener, CommandError> {
    match door::listen(wanted.unwrap_or(LISTEN_DEFAULT)).await {
        Err(CommandError::Taken { address }) if wanted.is_none() => {
            eprintln!("another program listens on {address}, so the demo takes a free port");
            door::listen(SocketAddr::new(address.ip(), 0)).await
        }
        bound => bound,
    }
}

/// Plays the day that ended last midnight, so that the table shows the times that its stories tell.
async fn play(address: SocketAddr) -> Result<Day, CommandError> {
    let script = script::day(script::midnight(clock::now())).map_err(PlayError::from)?;
    let progress = progress(script.len());
    let places = Enricher::new(geo()?);
    let address = address.to_string();
    let day = demo::play(&address, &script, &places, &progress, clock::elapsed).await?;
    progress.finish_and_clear();
    Ok(day)
}

/// On standard error, and only if that is a terminal.
fn progress(events: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("  {msg}  {bar:40.green} {pos} of {len} events");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(u64::try_from(events).unwrap_or(u64::MAX)).with_style(style)
}

fn show(day: &Day, next: &Next) {
    let terminal = Terminal::of_stdout();
    print!("{}{}", table::draw(day, terminal), next.draw(terminal));
}

fn next(args: &DemoArgs, address: SocketAddr, data: &Data, day: &Day) -> Next {
    let program = std::env::args().next().unwrap_or_else(|| "doorward".to_owned());
    let remains = !args.once || data.temporary.is_none();
    let explain = day.decision_to_explain().filter(|_| remains);
    let explain = explain.map(|id| format!("{id} --data {}", data.path().display()));
    Next { program, endpoint: (!args.once).then(|| format!("http://{address}")), explain }
}

/// The data directory.
struct Data {
    path: PathBuf,
    /// Removed at the end.
    temporary: Option<TempDir>,
}

impl Data {
    /// The directory that was asked for, or one that does not outlive the demo.
    fn new(wanted: Option<&Path>) -> Result<Self, CommandError> {
        if let Some(path) = wanted {
            return Ok(Self { path: path.to_owned(), temporary: None });
        }
        let made = tempfile::Builder::new().prefix("doorward-").tempdir();
        let made = made.map_err(CommandError::system("make a temporary directory"))?;
        Ok(Self { path: made.path().to_owned(), temporary: Some(made) })
    }

    fn path(&self) -> &Path {
        &self.path
    }

    fn remove(self) -> Result<(), CommandError> {
        let Some(temporary) = self.temporary else { return Ok(()) };
        temporary.close().map_err(CommandError::system("remove the temporary directory"))?;
        println!("removed {}; `--data DIR` would keep the decisions", self.path.display());
        Ok(())
    }
}
