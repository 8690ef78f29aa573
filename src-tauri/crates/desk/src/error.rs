//! What goes wrong at the desk: what failed and where, what to do, and a code that programs branch on.

use std::fmt;

use serde::{Deserialize, Serialize};
use watchkeeper_core::{config::ConfigError, session::Refusal};
use watchkeeper_engine::{CommandError, ports::JournalError};
use watchkeeper_probes::TargetError;
use watchkeeper_store::StoreError;

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// What was given is wrong, or not there: another input helps.
    Input,
    /// The session does not allow it as it stands.
    Refused,
    /// There is no such session.
    NoSession,
    /// Another process writes the session.
    InUse,
    /// The session is signed off; nothing is written any more.
    SignedOff,
    /// The file is damaged or cannot be read.
    Damaged,
    /// What was recorded does not hold against its chain.
    Broken,
    /// It could not be carried out here and now: a full disk, a port that is taken.
    CouldNot,
}

/// What to do. What somebody at the terminal does otherwise than somebody at the window, each of the two has its own words
/// for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// The same for both, in these words.
    Words(String),
    /// Have a configuration where there is none that can be read.
    Configuration,
    /// Correct the lines of the configuration.
    ConfigurationLines,
    /// Name a plan that can be read.
    PlanFile,
    /// Correct the plan.
    PlanLines,
    /// Have a password for the account, or no account.
    Password {
        /// The environment variable that may hold it.
        variable: String,
    },
    /// Look at the simulated session, which has ended, or begin another one.
    SimulatedEnded {
        /// The session.
        session: String,
    },
    /// Begin another simulated session.
    SimulatedAnew,
    /// Go on with a real session.
    Real {
        /// The session.
        session: String,
    },
    /// Leave the session to who watches it, or begin another one beside it.
    Elsewhere {
        /// The session.
        session: String,
    },
    /// Begin another watch.
    Anew,
    /// Sign the session off, or begin another watch.
    SignOff {
        /// The session.
        session: String,
    },
    /// Go on with the watch first.
    GoOn,
    /// See whether a request took effect.
    TookEffect {
        /// The session.
        session: String,
    },
    /// Look at the program that watches and does not answer.
    Hangs,
    /// Have programs of the same version.
    SameVersion,
    /// Look which sessions there are.
    Sessions,
    /// Look which incidents and checks there are.
    Status,
    /// Say who it is that asks.
    Name,
    /// Look closer at what a journal holds.
    Journal {
        /// The session, where it is known.
        session: Option<String>,
    },
    /// The chain of a journal does not hold.
    Chain {
        /// The session.
        session: String,
    },
    /// Write a file elsewhere.
    Folder,
}

impl From<&str> for Help {
    fn from(words: &str) -> Self {
        Self::Words(words.into())
    }
}

impl From<String> for Help {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DeskError {
    /// What failed, and where.
    pub what: String,
    /// What to do; `None` where `what` says it.
    pub help: Option<Help>,
    /// What kind it is of.
    pub code: Code,
}

impl DeskError {
    /// What was given is wrong.
    pub fn usage(what: impl Into<String>, help: impl Into<Help>) -> Self {
        Self { what: what.into(), help: Some(help.into()), code: Code::Input }
    }

    /// It could not run.
    pub fn could_not_run(what: impl Into<String>, help: impl Into<Help>) -> Self {
        Self { what: what.into(), help: Some(help.into()), code: Code::CouldNot }
    }

    /// Of another kind.
    #[must_use]
    pub const fn coded(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// With this to be done about it.
    #[must_use]
    pub fn helped(mut self, help: impl Into<Option<Help>>) -> Self {
        self.help = help.into();
        self
    }

    fn plain(what: impl fmt::Display, code: Code) -> Self {
        Self { what: what.to_string(), help: None, code }
    }
}

impl fmt::Display for DeskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.help {
            Some(Help::Words(help)) => write!(f, ": {help}"),
            _ => Ok(()),
        }
    }
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::NoSession { .. } | StoreError::SessionId(_) | StoreError::Missing(_) => {
                Code::NoSession
            }
            StoreError::SignedOff(_) => Code::SignedOff,
            StoreError::Folder(_) => Code::Input,
            StoreError::InUse { .. } => Code::InUse,
            StoreError::Damaged { .. } | StoreError::Row { .. } => Code::Damaged,
            _ => Code::CouldNot,
        };
        let help = match &error {
            StoreError::NoSession { .. } => Some(Help::Sessions),
            StoreError::Row { .. } => Some(Help::Journal { session: None }),
            _ => None,
        };
        Self::plain(error, code).helped(help)
    }
}

impl From<JournalError> for DeskError {
    fn from(error: JournalError) -> Self {
        Self::plain(error, Code::CouldNot)
    }
}

impl From<CommandError> for DeskError {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Refused(refusal) => refusal.into(),
            CommandError::NobodyWatches => Self::plain(error, Code::CouldNot).helped(Help::GoOn),
            _ => Self::plain(error, Code::CouldNot),
        }
    }
}

impl From<Refusal> for DeskError {
    fn from(error: Refusal) -> Self {
        let help = match error {
            Refusal::NoIncident(_) | Refusal::NoCheck(_) => Some(Help::Status),
            Refusal::NoName => Some(Help::Name),
            _ => None,
        };
        Self::plain(error, Code::Refused).helped(help)
    }
}

impl From<TargetError> for DeskError {
    fn from(error: TargetError) -> Self {
        Self::plain(error, Code::Input)
    }
}

impl From<ConfigError> for DeskError {
    fn from(error: ConfigError) -> Self {
        Self::plain(error, Code::Input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_their_code_and_say_what_to_do() {
        let refused = CommandError::Refused(Refusal::NoIncident(7));
        for (error, code, words) in [
            (DeskError::usage("a", "b"), Code::Input, "a: b"),
            (DeskError::could_not_run("a", "b").coded(Code::Damaged), Code::Damaged, "a: b"),
            (DeskError::from(StoreError::SignedOff("x".into())), Code::SignedOff, "session `x`"),
            (DeskError::from(StoreError::SessionExists("x".into())), Code::CouldNot, "there is"),
            (DeskError::from(JournalError("disk full".into())), Code::CouldNot, "disk full"),
            (DeskError::from(refused), Code::Refused, "no incident #7"),
        ] {
            assert_eq!(error.code, code, "{error}");
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    #[test]
    fn what_each_front_end_has_words_for_is_named() {
        let nobody = StoreError::NoSession { session: "x".into(), path: "j".into() };
        for (error, help) in [
            (DeskError::from(nobody), Some(Help::Sessions)),
            (DeskError::from(StoreError::SignedOff("x".into())), None),
            (DeskError::from(CommandError::NobodyWatches), Some(Help::GoOn)),
            (DeskError::from(CommandError::Refused(Refusal::NoName)), Some(Help::Name)),
            (DeskError::from(Refusal::NoCheck("hour-1".into())), Some(Help::Status)),
            (DeskError::from(Refusal::CheckRunning), None),
        ] {
            assert_eq!(error.help, help, "{error}");
            assert!(!error.to_string().contains("watchkeeper "), "{error}");
        }
    }
}
