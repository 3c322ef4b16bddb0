//! Why a command failed, for the person who typed it and for the program that started it.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;

use doorward_core::policy::diagnostic::Class;

use crate::config::ConfigError;
use crate::demo::PlayError;
use crate::desk::{OpenError, RestoreError};
use crate::enrich::{GeoError, NetworkListsError};
use crate::explain::FindError;
use crate::log::{ReadError, Stopped};
use crate::replay::format::RecordingError;
use crate::rules::RulesError;

/// Why a command failed.
#[derive(Debug)]
pub enum CommandError {
    /// The configuration cannot be used.
    Config(ConfigError),
    /// The rule files cannot be read.
    Rules(RulesError),
    /// The rule files are wrong, or a test in them fails.
    Policy {
        /// The first stage that failed.
        class: Class,
        /// Everything that is wrong, ready to print.
        report: String,
    },
    /// No test is meant by a filter.
    NoTest {
        /// What was looked for.
        filter: String,
    },
    /// The geo or network data cannot be used.
    Geo(Box<GeoError>),
    /// Network lists cannot be used.
    NetworkLists(NetworkListsError),
    /// The desk cannot be opened.
    Open(Box<OpenError>),
    /// The log cannot be read.
    Read(Box<ReadError>),
    /// A record of the log cannot be used.
    Restore(Box<RestoreError>),
    /// The decision asked for cannot be found.
    Find(Box<FindError>),
    /// A recording cannot be read.
    Recording(RecordingError),
    /// The system refused something.
    System {
        /// What was tried.
        what: String,
        /// Why it failed.
        error: io::Error,
    },
    /// Another program listens where this one should.
    Taken {
        /// Where.
        address: SocketAddr,
    },
    /// The service could not be put together.
    Front(String),
    /// The demo's day could not be played to its end.
    Play(PlayError),
    /// The log stopped while it was needed.
    Stopped(Stopped),
}

impl CommandError {
    /// A failure of the system while `what` was tried.
    pub fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |error| Self::System { what, error }
    }

    /// 10 to 13 tell what kind of mistake is in the rule files; the others are those of `sysexits.h`.
    /// Starting again will not help against anything below 70.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Policy { class, .. } => ExitCode::from(match class {
                Class::Syntax => 10,
                Class::Name | Class::Type => 11,
                Class::Lint => 12,
                Class::Test => 13,
            }),
            Self::Config(_) | Self::NoTest { .. } => ExitCode::from(64),
            Self::Rules(_) | Self::Geo(_) | Self::NetworkLists(_) => ExitCode::from(65),
            Self::Open(_) | Self::Read(_) | Self::Restore(_) => ExitCode::from(65),
            Self::Find(_) | Self::Recording(_) => ExitCode::from(66),
            Self::System { .. } | Self::Taken { .. } => ExitCode::from(71),
            Self::Front(_) | Self::Play(_) => ExitCode::from(71),
            Self::Stopped(_) => ExitCode::from(74),
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Rules(error) => error.fmt(f),
            Self::Policy { report, .. } => f.write_str(report),
            Self::NoTest { filter } => {
                write!(f, "no test has `{filter}` in its title or in the name of its rule")
            }
            Self::Geo(error) => error.fmt(f),
            Self::NetworkLists(error) => error.fmt(f),
            Self::Open(error) => error.fmt(f),
            Self::Read(error) => error.fmt(f),
            Self::Restore(error) => error.fmt(f),
            Self::Find(error) => error.fmt(f),
            Self::Recording(error) => error.fmt(f),
            Self::System { what, error } => write!(f, "cannot {what}: {error}"),
            Self::Taken { address } => {
                write!(f, "another program listens on {address}, choose a free one with --listen")
            }
            Self::Play(error) => error.fmt(f),
            Self::Front(error) => write!(f, "cannot start the service: {error}"),
            Self::Stopped(stopped) => write!(f, "the log stopped: {stopped}"),
        }
    }
}

impl std::error::Error for CommandError {}

/// Lets `?` lift an error of a part into one of a command.
macro_rules! lift {
    ($($error:ty => $variant:ident $($boxed:ident)?,)+) => {
        $(impl From<$error> for CommandError {
            fn from(error: $error) -> Self {
                Self::$variant($($boxed::new)?(error))
            }
        })+
    };
}

lift! {
    ConfigError => Config,
    RulesError => Rules,
    GeoError => Geo Box,
    NetworkListsError => NetworkLists,
    OpenError => Open Box,
    ReadError => Read Box,
    RestoreError => Restore Box,
    FindError => Find Box,
    RecordingError => Recording,
    Stopped => Stopped,
    PlayError => Play,
}
