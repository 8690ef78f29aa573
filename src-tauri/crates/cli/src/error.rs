//! What goes wrong, in the words of the terminal: what failed and where, and what to do.

use std::{fmt, io};

use watchkeeper_core::config::ConfigError;
use watchkeeper_desk::{Code, DeskError};
use watchkeeper_engine::CommandError;
use watchkeeper_store::StoreError;

use crate::exit::Exit;

/// Why a command ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CliError {
    /// What failed, and where.
    pub(crate) what: String,
    /// What to do; `None` where `what` says it.
    pub(crate) help: Option<String>,
    /// The exit code.
    pub(crate) exit: Exit,
}

impl CliError {
    /// The command line or the configuration is wrong.
    pub(crate) fn usage(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: Some(help.into()), exit: Exit::Usage }
    }
    /// It could not run.
    pub(crate) fn could_not_run(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: Some(help.into()), exit: Exit::CouldNotRun }
    }
    /// Whoever read the output has seen enough: nothing to complain about.
    pub(crate) fn reader_gone() -> Self {
        Self { what: String::new(), help: None, exit: Exit::Pass }
    }
    fn plain(what: impl fmt::Display, exit: Exit) -> Self {
        Self { what: what.to_string(), help: None, exit }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.what.is_empty() {
            return Ok(());
        }
        write!(f, "error: {}", self.what)?;
        match &self.help {
            Some(help) => write!(f, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

impl From<DeskError> for CliError {
    fn from(error: DeskError) -> Self {
        let exit = match error.code {
            Code::Input | Code::Refused | Code::NoSession | Code::SignedOff => Exit::Usage,
            Code::Broken => Exit::Fail,
            Code::InUse | Code::Damaged | Code::CouldNot => Exit::CouldNotRun,
        };
        Self { what: error.what, help: error.help, exit }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        DeskError::from(error).into()
    }
}

impl From<CommandError> for CliError {
    fn from(error: CommandError) -> Self {
        DeskError::from(error).into()
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::plain(error, Exit::Usage)
    }
}

/// Errors of writing to standard output, and of nothing else: files say their names.
impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::reader_gone();
        }
        Self::could_not_run(
            format!("the output could not be written: {error}"),
            "look where it goes: a full disk or a closed terminal",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_their_code_and_say_what_to_do() {
        let refused = CommandError::Refused(watchkeeper_core::session::Refusal::NoIncident(7));
        for (error, exit, words) in [
            (CliError::usage("a", "b"), Exit::Usage, "error: a\nhelp: b"),
            (CliError::from(StoreError::SignedOff("x".into())), Exit::Usage, "error: session `x`"),
            (CliError::from(StoreError::SessionExists("x".into())), Exit::CouldNotRun, "error: there is"),
            (CliError::from(DeskError::could_not_run("x", "y").coded(Code::Broken)), Exit::Fail, "help: y"),
            (CliError::from(refused), Exit::Usage, "no incident #7"),
            (CliError::from(io::Error::from(io::ErrorKind::StorageFull)), Exit::CouldNotRun, "help: look"),
        ] {
            assert_eq!(error.exit, exit, "{error}");
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_error() {
        let gone = CliError::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((gone.exit, gone.to_string()), (Exit::Pass, String::new()));
    }
}
