//! The command line: what can be asked of the `doorward` binary.

use std::net::SocketAddr;
use std::path::PathBuf;

use bytesize::ByteSize;
use clap::{Args, Parser, Subcommand};
use doorward_core::event::Population;

use crate::replay::format::Format;
use crate::simulate::label::Family;

/// Risk-based authentication decisions, explained and on disk before the answer.
#[derive(Debug, Parser)]
#[command(name = "doorward", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play a scripted day of customers and attackers, show what was decided, then keep serving
    Demo(DemoArgs),
    /// Answer login services until told to stop
    Serve(ServeArgs),
    /// Evaluate recorded events as fast as the machine can and summarise
    Replay(ReplayArgs),
    /// Make up labelled traffic of good people and attackers, and score rules against it
    Simulate(SimulateArgs),
    /// Say why one decision was taken
    Explain(ExplainArgs),
    /// Look after rule files
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Look after the decision log
    #[command(subcommand)]
    Log(LogCommand),
}

/// Where Doorward keeps and finds things. Each can stand in the configuration file too.
#[derive(Debug, Default, Args)]
pub struct Places {
    /// Configuration file (TOML); the options here override it
    #[arg(long, env = "DOORWARD_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Directory of the decision log, created when missing [default: data]
    #[arg(long, env = "DOORWARD_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Directory of rule files [default: the rules compiled into the binary]
    #[arg(long, env = "DOORWARD_RULES", value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Geo or network data, .mmdb or range .csv; may be given several times
    #[arg(long, env = "DOORWARD_GEO", value_name = "FILE", value_delimiter = ',')]
    pub geo: Vec<PathBuf>,
    /// Memory that windows and profiles may take, such as "4 GiB" [default: 2 GiB]
    #[arg(long, env = "DOORWARD_MEMORY", value_name = "SIZE")]
    pub memory: Option<ByteSize>,
}

/// `doorward serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where things are.
    #[command(flatten)]
    pub places: Places,
    /// Address to answer on, gRPC and JSON alike [default: 127.0.0.1:50051]
    #[arg(long, env = "DOORWARD_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
}

/// `doorward demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Address to answer on [default: 127.0.0.1:50051, or a free port if that is taken]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Keep the decision log here [default: a temporary directory, removed at the end]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Directory of rule files [default: the rules compiled into the binary]
    #[arg(long, env = "DOORWARD_RULES", value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Leave after the table instead of serving on
    #[arg(long)]
    pub once: bool,
}

/// `doorward replay`.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// How the events are written: ndjson, sshd or rba-csv
    #[arg(long, value_parser = format)]
    pub format: Format,
    /// File of events; `-` is the standard input, which is copied to a temporary file first
    pub file: PathBuf,
    /// Configuration file (TOML) with rules, geo data and network lists; the options here override it
    #[arg(long, env = "DOORWARD_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Directory of rule files [default: the rules compiled into the binary]
    #[arg(long, env = "DOORWARD_RULES", value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Geo or network data, .mmdb or range .csv; may be given several times
    #[arg(long, env = "DOORWARD_GEO", value_name = "FILE", value_delimiter = ',')]
    pub geo: Vec<PathBuf>,
    /// Whom the accounts of an sshd or rba-csv file belong to
    #[arg(long, value_parser = population, value_name = "POPULATION")]
    pub population: Option<Population>,
    /// Year of the first line of an sshd log without years [default: inferred]
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i16>,
    /// Write every decision to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
}

/// `doorward simulate`.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// Decides on everything that is drawn: the same seed gives the same bytes
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Days with attacks, after four weeks of ordinary life
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..=365))]
    pub days: u16,
    /// Good customers; attacks grow with them
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub customers: u32,
    /// Good members of staff
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub staff: u32,
    /// Kinds of attack, separated by commas, or `all` or `none`
    #[arg(long, value_name = "LIST", default_value = "all", value_parser = families)]
    pub attacks: Families,
    /// What is to come of it.
    #[command(flatten)]
    pub wanted: Wanted,
    /// Directory of rule files to score [default: the rules compiled into the binary]
    #[arg(long, env = "DOORWARD_RULES", value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Print the score as one JSON object
    #[arg(long, requires = "score")]
    pub json: bool,
}

/// What is to come of a simulation: one of these at least.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub struct Wanted {
    /// Write the events to this file, as `doorward replay --format ndjson` reads them
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write the truth about each attempt to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,
    /// Write where the addresses are to this file, for the `--geo` of replay and serve; name it .csv
    #[arg(long, value_name = "FILE")]
    pub geo: Option<PathBuf>,
    /// Let the rules answer, with everybody reacting to the verdicts, and print how they did
    #[arg(long)]
    pub score: bool,
}

/// Kinds of attack to simulate.
#[derive(Clone, Debug)]
pub struct Families(pub Vec<Family>);

/// `doorward explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The decision's id, or its first letters if no other begins so
    pub decision_id: String,
    /// Where things are.
    #[command(flatten)]
    pub places: Places,
    /// Print the whole record and its outcomes as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What the exit codes of `doorward rules` mean.
const RULES_EXIT_CODES: &str = "\
Exit codes:
   0  nothing is wrong
   2  the command line cannot be read
  10  a rule file cannot be read as the language (R00xx)
  11  a name means nothing, or types or units do not agree (R01xx, R02xx)
  12  rules that can be read but not used: limits, contradictions, open questions (R03xx)
  13  a test fails (R04xx)
  64  no test matches the filter
  65  a file or directory cannot be opened
Of several mistakes the lowest code counts. Warnings do not change it.";

/// `doorward rules …`.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Show everything that is wrong with rule files
    #[command(after_help = RULES_EXIT_CODES)]
    Check(CheckArgs),
    /// Run the tests inside rule files
    #[command(after_help = RULES_EXIT_CODES)]
    Test(TestArgs),
}

/// Which rules.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// Directory of rule files [default: the rules compiled into the binary]
    #[arg(env = "DOORWARD_RULES", value_name = "DIR")]
    pub directory: Option<PathBuf>,
}

/// `doorward rules check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Which rules.
    #[command(flatten)]
    pub rules: RulesArgs,
    /// Print the findings on standard output as a JSON array, for editors and CI
    #[arg(long)]
    pub json: bool,
}

/// `doorward rules test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Which rules.
    #[command(flatten)]
    pub rules: RulesArgs,
    /// Run only tests with this text in their title or in the name of their rule
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
}

/// `doorward log …`.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Replay the log and print the digest of the state it leads to
    Digest(Places),
}

fn population(word: &str) -> Result<Population, String> {
    let known = || format!("`{word}` is not one of {}", Population::WORDS.join(", "));
    Population::parse(word).ok_or_else(known)
}

fn families(list: &str) -> Result<Families, String> {
    let known = || Family::ALL.iter().map(|family| family.word()).collect::<Vec<_>>().join(", ");
    let family = |word: &str| {
        let wrong = || format!("`{word}` is not one of all, none, {}", known());
        Family::parse(word).ok_or_else(wrong)
    };
    match list {
        "all" => Ok(Families(Family::ALL.to_vec())),
        "none" => Ok(Families(Vec::new())),
        list => list.split(',').map(str::trim).map(family).collect::<Result<_, _>>().map(Families),
    }
}

fn format(word: &str) -> Result<Format, String> {
    let words: Vec<&str> = Format::ALL.iter().map(|format| format.word()).collect();
    Format::parse(word).ok_or_else(|| format!("`{word}` is not one of {}", words.join(", ")))
}
