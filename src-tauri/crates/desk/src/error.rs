//! What goes wrong at the desk: what failed and where, what to do, and a code that programs branch on.

use std::fmt;

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

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DeskError {
    /// What failed, and where.
    pub what: String,
    /// What to do; `None` where `what` says it.
    pub help: Option<String>,
    /// What kind it is of.
    pub code: Code,
}

impl DeskError {
    /// What was given is wrong.
    pub fn usage(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: Some(help.into()), code: Code::Input }
    }

    /// It could not run.
    pub fn could_not_run(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: Some(help.into()), code: Code::CouldNot }
    }

    /// Of another kind.
    #[must_use]
    pub const fn coded(mut self, code: Code) -> Self {
        self.code = code;
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
            Some(help) => write!(f, ": {help}"),
            None => Ok(()),
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
        Self::plain(error, code)
    }
}

impl From<JournalError> for DeskError {
    fn from(error: JournalError) -> Self {
        Self::plain(error, Code::CouldNot)
    }
}

impl From<CommandError> for DeskError {
    fn from(error: CommandError) -> Self {
        let code = match error {
            CommandError::Refused(_) => Code::Refused,
            _ => Code::CouldNot,
        };
        Self::plain(error, code)
    }
}

impl From<Refusal> for DeskError {
    fn from(error: Refusal) -> Self {
        Self::plain(error, Code::Refused)
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
}
