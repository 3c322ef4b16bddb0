//! Why a command failed, for the person who typed it and for the program that started it.

use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::config::ConfigError;
use crate::desk::{OpenError, RestoreError};
use crate::enrich::GeoError;
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
    /// The rule files are wrong: everything that is wrong with them, ready to print.
    Policy(String),
    /// The geo or network data cannot be used.
    Geo(Box<GeoError>),
    /// The desk cannot be opened.
    Open(Box<OpenError>),
    /// The log cannot be read.
    Read(Box<ReadError>),
    /// A record of the log cannot be used.
    Restore(Box<RestoreError>),
    /// A recording cannot be read.
    Recording(RecordingError),
    /// The system refused something.
    System {
        /// What was tried.
        what: String,
        /// Why it failed.
        error: io::Error,
    },
    /// The service could not be put together.
    Front(String),
    /// The log stopped while it was needed.
    Stopped(Stopped),
}

impl CommandError {
    /// A failure of the system while `what` was tried.
    pub fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |error| Self::System { what, error }
    }

    /// As in `sysexits.h`: 64 and 65 mean that starting again will not help.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Config(_) => ExitCode::from(64),
            Self::Rules(_) | Self::Policy(_) | Self::Geo(_) => ExitCode::from(65),
            Self::Open(_) | Self::Read(_) | Self::Restore(_) => ExitCode::from(65),
            Self::Recording(_) => ExitCode::from(66),
            Self::System { .. } | Self::Front(_) => ExitCode::from(71),
            Self::Stopped(_) => ExitCode::from(74),
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(error) => error.fmt(f),
            Self::Rules(error) => error.fmt(f),
            Self::Policy(report) => write!(f, "the rule files are wrong\n\n{report}"),
            Self::Geo(error) => error.fmt(f),
            Self::Open(error) => error.fmt(f),
            Self::Read(error) => error.fmt(f),
            Self::Restore(error) => error.fmt(f),
            Self::Recording(error) => error.fmt(f),
            Self::System { what, error } => write!(f, "cannot {what}: {error}"),
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
    OpenError => Open Box,
    ReadError => Read Box,
    RestoreError => Restore Box,
    RecordingError => Recording,
    Stopped => Stopped,
}
