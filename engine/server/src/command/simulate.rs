//! `doorward simulate`.

use std::fs;
use std::io;
use std::path::Path;

use doorward_core::engine::Engine;
use doorward_core::store::Budget;
use doorward_core::text::TextError;
use indicatif::{ProgressBar, ProgressStyle};

use super::{CommandError, open};
use crate::cli::SimulateArgs;
use crate::enrich::{Enricher, GeoData};
use crate::replay::Playback;
use crate::simulate::attack::attacks;
use crate::simulate::course::{Course, Door, Happened};
use crate::simulate::draw::draw;
use crate::simulate::files::Lines;
use crate::simulate::score::{Judgements, Score};
use crate::simulate::span::Span;
use crate::simulate::traffic::Traffic;
use crate::terminal::{Terminal, counted};

/// How the progress bar looks: attempts that were planned from the beginning.
const BAR: &str = "{bar:40} {pos} of {len} plans, {eta} left";
/// Events between two looks at the progress bar.
const EVENTS_PER_LOOK: u64 = 256;

/// Makes up traffic, writes what was asked for, and scores rules against it.
///
/// # Errors
/// If the rules cannot be read or a file not be written.
pub fn simulate(args: &SimulateArgs) -> Result<(), CommandError> {
    open::tell("warn");
    let span = Span::new(args.days);
    let traffic = Traffic::new(args.seed, span, count(args.customers), count(args.staff));
    let geo = traffic.world.geo_csv();
    if let Some(path) = &args.wanted.geo {
        fs::write(path, &geo).map_err(writing(path))?;
    }
    let attacks = attacks(args.seed, &traffic, &args.attacks.0);
    let mut course = Course::default();
    traffic.plans.into_iter().flatten().chain(attacks).for_each(|intent| course.add(intent));
    let (door, policy) =
        if args.wanted.score { guarded(args, &geo)? } else { (Door::Open, String::new()) };
    let mut told = Told::new(args, span)?;
    let bar = progress(course.planned());
    course.run(door, |happened| {
        if told.events().is_multiple_of(EVENTS_PER_LOOK) {
            bar.set_position(told.attempts.min(bar.length().unwrap_or(u64::MAX)));
        }
        told.hear(&happened)
    })?;
    bar.finish_and_clear();
    told.finish(args, policy)
}

/// The rules, in memory. Nobody attacks the keyed hashes of a simulation, and a fixed key makes even
/// their chance the same again.
fn guarded(args: &SimulateArgs, geo: &str) -> Result<(Door, String), CommandError> {
    let (policy, _) = open::policy(args.rules.as_deref())?;
    let name = policy.version().to_string();
    let geo = GeoData::embedded("simulated world", geo)?;
    let mut key = [0; 16];
    key.iter_mut().zip(args.seed.to_le_bytes()).for_each(|(byte, seed)| *byte = seed);
    let playback =
        Playback::new(key, Engine::new(key, policy, Budget::default()), Enricher::new(geo));
    Ok((Door::Guarded(Box::new(playback)), name))
}

/// Where everything that happens is told.
struct Told {
    span: Span,
    out: Option<Lines>,
    labels: Option<Lines>,
    judgements: Judgements,
    attempts: u64,
    outcomes: u64,
}

impl Told {
    fn new(args: &SimulateArgs, span: Span) -> Result<Self, CommandError> {
        let create = |path: &Path| Lines::create(path).map_err(writing(path));
        Ok(Self {
            span,
            out: args.wanted.out.as_deref().map(create).transpose()?,
            labels: args.wanted.labels.as_deref().map(create).transpose()?,
            judgements: Judgements::new(span.scored_at()),
            attempts: 0,
            outcomes: 0,
        })
    }

    fn events(&self) -> u64 {
        self.attempts + self.outcomes
    }

    fn hear(&mut self, happened: &Happened<'_>) -> Result<(), CommandError> {
        let failed = CommandError::system("write what happened");
        if let Some(out) = &mut self.out
            && let Err(error) = out.event(happened)
        {
            return Err(failed(error));
        }
        let Happened::Attempt(intent, attempt, decision) = happened else {
            self.outcomes += 1;
            return Ok(());
        };
        self.attempts += 1;
        if let Some(decision) = decision {
            self.judgements.add(intent, attempt, decision);
        }
        let scored = attempt.occurred_at >= self.span.scored_at();
        let label = intent.maker.label(intent.draft.event_id(), scored);
        self.labels.as_mut().map_or(Ok(()), |labels| labels.label(&label)).map_err(failed)
    }

    /// Everything is on its way to the disk; prints what came out.
    fn finish(self, args: &SimulateArgs, policy: String) -> Result<(), CommandError> {
        for lines in [self.out, self.labels].into_iter().flatten() {
            lines.finish().map_err(CommandError::system("write the last of what happened"))?;
        }
        if !args.wanted.score {
            let (attempts, outcomes) = (counted(self.attempts), counted(self.outcomes));
            println!("{attempts} attempts and {outcomes} outcomes, {} days", self.span.days());
            return Ok(());
        }
        let score = Score::new(args.seed, policy, self.judgements.all());
        if args.json {
            let json = serde_json::to_string(&score).map_err(io::Error::from);
            println!("{}", json.map_err(CommandError::system("write the score"))?);
        } else {
            print!("{}", draw(&score, Terminal::of_stdout()));
        }
        Ok(())
    }
}

impl From<TextError> for CommandError {
    fn from(error: TextError) -> Self {
        Self::system("tell a simulated event")(io::Error::other(error))
    }
}

fn writing(path: &Path) -> impl FnOnce(io::Error) -> CommandError {
    CommandError::system(format!("write `{}`", path.display()))
}

/// On standard error, and only if that is a terminal.
fn progress(planned: usize) -> ProgressBar {
    let style = ProgressStyle::with_template(BAR);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(u64::try_from(planned).unwrap_or(u64::MAX)).with_style(style)
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
