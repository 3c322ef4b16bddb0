//! `doorward replay`.

use std::io;
use std::path::Path;

use doorward_core::engine::Engine;
use doorward_core::event::Id;
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommandError, open};
use crate::cli::{Places, ReplayArgs};
use crate::clock;
use crate::config::Config;
use crate::edge::parse::TENANT_DEFAULT;
use crate::enrich::{GeoData, NetworkLists};
use crate::replay::format::{Options, Recording, RecordingError};
use crate::replay::{DecisionLines, Playback, Run, Source};
use crate::summary::{self, Summary};
use crate::terminal::Terminal;

/// How the progress bar looks: how much of the file, how long still.
const BAR: &str = "{bar:40} {bytes} of {total_bytes}, {eta} left";
/// Events between two looks at how far the reading is.
const EVENTS_PER_LOOK: u64 = 256;

/// Evaluates the events of a file in memory and prints the summary.
///
/// # Errors
/// If the rules, the geo data or the file cannot be read, or the decisions not be written. Lines that
/// are wrong are no error: they are counted and shown.
pub fn replay(args: &ReplayArgs) -> Result<(), CommandError> {
    open::tell("info");
    let playback = playback(args)?;
    let source = Source::open(&args.file).map_err(RecordingError::read(&args.file))?;
    let mut recording = Recording::open(source.path(), args.format, &options(args)?)?;
    let lines = args.decisions.as_deref();
    let lines = lines.map(|path| decision_lines(path, &source, &playback)).transpose()?;
    let name = format!("{} ({})", source.name(), args.format.word());
    let summary = play(&mut recording, Run::new(playback, lines), name, source.bytes())?;
    print!("{}", summary::draw(&summary, Terminal::of_stdout()));
    Ok(())
}

fn playback(args: &ReplayArgs) -> Result<Playback, CommandError> {
    let (config, rules, geo) = (args.config.clone(), args.rules.clone(), args.geo.clone());
    let config = Config::load(&Places { config, data: None, rules, geo, memory: None }, None)?;
    let (policy, _) = open::policy(config.rules.as_deref())?;
    let lists = NetworkLists::open(&config.network_lists)?;
    let enricher =
        open::enricher(GeoData::open(&config.geo)?.stale_after(config.geo_stale_after_ms), lists);
    let mut key = [0; 16];
    let keyed = getrandom::fill(&mut key).map_err(io::Error::from);
    keyed.map_err(CommandError::system("get a random key"))?;
    Ok(Playback::new(key, Engine::new(key, policy, config.budget), enricher))
}

fn options(args: &ReplayArgs) -> Result<Options, CommandError> {
    let tenant = Id::parse(TENANT_DEFAULT).map_err(io::Error::other);
    let tenant = tenant.map_err(CommandError::system("name a tenant"))?;
    Ok(Options { tenant, population: args.population, year: args.year, now: clock::now() })
}

/// The file for the decisions, which must not be the recording itself.
fn decision_lines(
    path: &Path,
    source: &Source,
    playback: &Playback,
) -> Result<DecisionLines, CommandError> {
    let same = path
        .canonicalize()
        .is_ok_and(|path| source.path().canonicalize().is_ok_and(|recording| recording == path));
    let lines = if same {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "it is the recording, name another file"))
    } else {
        DecisionLines::create(path, playback)
    };
    lines.map_err(CommandError::system(format!("write decisions to `{}`", path.display())))
}

/// Plays everything, with a progress bar where the standard error is a terminal.
fn play(
    recording: &mut Recording,
    mut run: Run,
    name: String,
    bytes: u64,
) -> Result<Summary, CommandError> {
    let bar = ProgressBar::new(bytes);
    bar.set_style(
        ProgressStyle::with_template(BAR).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let started = clock::elapsed();
    let mut events: u64 = 0;
    while let Some(recorded) = recording.next() {
        run.play(recorded?).map_err(CommandError::system("write a decision"))?;
        events += 1;
        if events.is_multiple_of(EVENTS_PER_LOOK) {
            bar.set_position(recording.bytes_read());
        }
    }
    let took = clock::elapsed().saturating_sub(started);
    bar.finish_and_clear();
    let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let summary = run.finish(name, recording.coverage(), took_ms);
    summary.map_err(CommandError::system("write the last decisions"))
}
