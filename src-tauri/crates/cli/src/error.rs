//! What goes wrong, in the words of the terminal: what failed and where, and what to do.

use std::{fmt, io};

use watchkeeper_core::config::ConfigError;
use watchkeeper_desk::{Code, DeskError, Help};
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
    /// In one line, for a list.
    pub(crate) fn line(&self) -> String {
        match &self.help {
            Some(help) => format!("{}: {help}", self.what),
            None => self.what.clone(),
        }
    }

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
        Self { what: error.what, help: error.help.map(in_the_terminal), exit }
    }
}

/// What to do, as somebody at the terminal does it.
fn in_the_terminal(help: Help) -> String {
    match help {
        Help::Words(words) => words,
        Help::Configuration => "make one with `watchkeeper config init`, or name another with --config".into(),
        Help::ConfigurationLines => {
            "correct these lines; `watchkeeper config init --out new.toml` writes a file with every key explained".into()
        }
        Help::PlanFile => "correct `watch.plan` in the configuration".into(),
        Help::PlanLines => "`watchkeeper plan --toml` prints the standard plan to begin with".into(),
        Help::Password { variable } => format!(
            "set {variable} before starting, or take the section [login] out of the configuration: the functionality \
             test is left out then"
        ),
        Help::SimulatedEnded { session } => {
            format!("see it with `watchkeeper status {session}`, or begin another with `watchkeeper demo`")
        }
        Help::SimulatedAnew => "begin another with `watchkeeper demo`".into(),
        Help::Real { session } => format!("go on with a real one with `watchkeeper watch --resume {session}`"),
        Help::Elsewhere { session } => {
            format!("`watchkeeper status {session}` shows it; `--new` begins another session beside it")
        }
        Help::Anew => "begin a new one with `watchkeeper watch --new`".into(),
        Help::SignOff { session } => format!(
            "sign it off with `watchkeeper sign-off {session}`, or begin a new one with `watchkeeper watch --new`"
        ),
        Help::GoOn => "resume it first, with `watchkeeper watch --resume`".into(),
        Help::TookEffect { session } => format!("`watchkeeper status {session}` tells whether it took effect"),
        Help::Hangs => {
            "look at its terminal; if it hangs, end it and resume the watch with `watchkeeper watch --resume`".into()
        }
        Help::SameVersion => "use the same version of this program in both terminals".into(),
        Help::Sessions => "`watchkeeper sessions` lists those that are".into(),
        Help::Status => "`watchkeeper status` lists them".into(),
        Help::Name => "give it with --by, or set `owner` in the configuration".into(),
        Help::Journal { session } => {
            let session = session.map(|id| format!(" --journal {id}")).unwrap_or_default();
            format!("`watchkeeper verify{session}` tells more")
        }
        Help::Chain { session } => format!(
            "somebody changed the journal after it was written, or the disk did; restore a copy, or look closer with \
             `watchkeeper verify --journal {session}`"
        ),
        Help::Folder => "name another folder with --out, or look at its rights and free space".into(),
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
            (CliError::from(refused), Exit::Usage, "no incident #7\nhelp: `watchkeeper status` lists them"),
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
