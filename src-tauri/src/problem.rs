//! What keeps the program from running, for a person: what, where, and what to do.

use std::{
    fmt,
    io::{self, Write as _},
    process::ExitCode,
};

use clap::error::ErrorKind;
use tauri::AppHandle;
use watchkeeper_window::contract::RequestError;

use crate::dialogs;

/// As the terminal program has it: it could not run.
const COULD_NOT_RUN: u8 = 4;
/// The command line is wrong.
const USAGE: u8 = 3;

/// As the dialog is called.
const TITLE: &str = "SMS Watchkeeper cannot run";

/// Why the program cannot run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    what: String,
    help: Option<String>,
    /// There is a screen to show it on.
    screen: bool,
}

impl Problem {
    pub(crate) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: Some(help.into()), screen: true }
    }

    /// Tells it, while no window is there yet, and waits until it was read.
    pub(crate) fn tell(&self) -> ExitCode {
        self.on_standard_error();
        if self.screen {
            dialogs::alarm_and_wait(TITLE, &sentences(&self.to_string()));
        }
        ExitCode::from(COULD_NOT_RUN)
    }

    /// Tells it from within the running program, and ends that once it was read.
    pub(crate) fn tell_and_exit(&self, app: &AppHandle) {
        self.on_standard_error();
        tracing::error!("{}", self.what);
        let app = app.clone();
        dialogs::alarm(TITLE, &sentences(&self.to_string()), move || app.exit(COULD_NOT_RUN.into()));
    }

    fn on_standard_error(&self) {
        // It is lost where nobody listens.
        let _ = writeln!(io::stderr().lock(), "{self}");
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.help {
            Some(help) => write!(f, "\n\nWhat to do: {help}"),
            None => Ok(()),
        }
    }
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        Self { what: error.message, help: error.help, screen: true }
    }
}

/// Each paragraph from a capital letter to a full stop.
fn sentences(text: &str) -> String {
    let paragraph = |p: &str| {
        let mut rest = p.chars();
        let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
        let end = if p.is_empty() || p.ends_with(['.', '?', '!']) { "" } else { "." };
        format!("{first}{}{end}", rest.as_str())
    };
    text.lines().map(paragraph).collect::<Vec<_>>().join("\n")
}

/// On Linux the window library ends the process where there is no screen; it is told before.
pub(crate) fn need_a_screen() -> Result<(), Problem> {
    let there = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    if cfg!(target_os = "linux") && !there("DISPLAY") && !there("WAYLAND_DISPLAY") {
        let problem = Problem::new(
            "there is no screen to show a window on (neither DISPLAY nor WAYLAND_DISPLAY is set)",
            "start the program from a desktop, or use `watchkeeper`, which needs a terminal only",
        );
        return Err(Problem { screen: false, ..problem });
    }
    Ok(())
}

/// Help and version are no problems; everything else on the command line is.
pub(crate) fn of_arguments(error: &clap::Error) -> ExitCode {
    let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if has_output(asked_for) {
        // Where it cannot be printed there is nobody to tell.
        let _ = error.print();
    } else {
        dialogs::say_and_wait(&error.to_string());
    }
    if asked_for { ExitCode::SUCCESS } else { ExitCode::from(USAGE) }
}

/// On Windows a program with a window has no output unless somebody gave it one.
#[cfg(windows)]
fn has_output(standard: bool) -> bool {
    use std::os::windows::io::AsRawHandle as _;
    let handle = if standard { io::stdout().as_raw_handle() } else { io::stderr().as_raw_handle() };
    !handle.is_null()
}

#[cfg(not(windows))]
const fn has_output(_standard: bool) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use watchkeeper_window::contract::ErrorCode;

    use super::*;

    #[test]
    fn a_problem_says_what_to_do() {
        let error = RequestError::new(ErrorCode::Damaged, "the file /d/watchkeeper.db is damaged");
        let problem = Problem::from(error.clone().help("copy it aside"));
        assert_eq!(problem.to_string(), "the file /d/watchkeeper.db is damaged\n\nWhat to do: copy it aside");
        assert_eq!(Problem::from(error).to_string(), "the file /d/watchkeeper.db is damaged");
        assert_eq!(
            sentences(&problem.to_string()),
            "The file /d/watchkeeper.db is damaged.\n\nWhat to do: copy it aside."
        );
    }
}
