//! What the program finds around it: its data folder, its terminal, the clock, the person.

use std::{
    env, fmt,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
};

use watchkeeper_desk::files;
use watchkeeper_store::{Access, Store, StoreError};

use crate::{args::Global, error::CliError, fit::fit, paint::Paint};

/// What every command needs to know.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    data: Option<PathBuf>,
    /// The data folder was named on the command line.
    named: bool,
    /// JSON is wanted.
    pub(crate) json: bool,
    /// Colours, where they are wanted.
    pub(crate) paint: Paint,
    /// A person can be asked.
    pub(crate) interactive: bool,
    /// Standard output is a terminal that nothing else writes to.
    pub(crate) screen: bool,
    /// The terminal's columns, where standard output is one.
    width: Option<usize>,
}

impl Surroundings {
    /// Looks around.
    pub(crate) fn new(global: &Global) -> Self {
        let to_terminal = io::stdout().is_terminal();
        let data = global.data.clone().filter(|d| !d.as_os_str().is_empty()).or_else(files::data_folder);
        // Log lines would be written across the view.
        let disturbed = global.log.is_some() && io::stderr().is_terminal();
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            data,
            named: global
                .data
                .as_ref()
                .is_some_and(|d| env::var_os("WATCHKEEPER_DATA").is_none_or(|v| v != *d.as_os_str())),
            json: global.json,
            paint: Paint::new(
                to_terminal
                    && !global.no_color
                    && !dumb
                    && env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
            ),
            interactive: to_terminal && io::stdin().is_terminal() && !global.json,
            width: crossterm::terminal::size()
                .ok()
                .filter(|_| to_terminal)
                .map(|(columns, _)| usize::from(columns)),
            screen: to_terminal && !disturbed && !dumb && !global.json,
        }
    }

    /// The data folder, where there is one.
    pub(crate) fn data(&self) -> Option<&Path> {
        self.data.as_deref()
    }

    /// The journal's path.
    ///
    /// # Errors
    /// Where there is no home folder and none was named.
    pub(crate) fn journal(&self) -> Result<PathBuf, CliError> {
        self.data.as_ref().map(|data| files::journal_in(data)).ok_or_else(|| {
            CliError::could_not_run(
                "there is no home folder to keep the journal in",
                "name a folder with --data or the environment variable WATCHKEEPER_DATA",
            )
        })
    }

    /// Prints text for people, fitted into the terminal.
    ///
    /// # Errors
    /// When standard output takes no more.
    pub(crate) fn tell(&self, text: impl fmt::Display) -> Result<(), CliError> {
        say(fit(text.to_string().trim_end_matches('\n'), self.width))
    }

    /// What a command that is to find the same journal has to be given, with a blank before it.
    pub(crate) fn data_option(&self) -> String {
        match &self.data {
            Some(data) if self.named => format!(" --data {}", quoted(&data.display().to_string())),
            _ => String::new(),
        }
    }

    /// The journal, to record.
    pub(crate) async fn store(&self) -> Result<Store, CliError> {
        Ok(Store::open(&self.journal()?, Access::Write).await?)
    }

    /// The journal, to look; `None` where nothing was ever recorded.
    pub(crate) async fn store_to_read(&self) -> Result<Option<Store>, CliError> {
        match Store::open(&self.journal()?, Access::ReadOnly).await {
            Ok(store) => Ok(Some(store)),
            Err(StoreError::Missing(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Prints a line.
///
/// # Errors
/// When standard output takes no more.
pub(crate) fn say(line: impl fmt::Display) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// Prints a value as JSON, with a line end.
///
/// # Errors
/// When standard output takes no more.
pub(crate) fn say_json(value: &impl serde::Serialize) -> Result<(), CliError> {
    say(serde_json::to_string_pretty(value).map_err(|e| {
        CliError::could_not_run(format!("the answer has no JSON form: {e}"), "leave --json out")
    })?)
}

/// Prints a remark for people on standard error. It is lost where nobody listens.
pub(crate) fn remark(line: impl fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Asks a question on the terminal; gives the answer without blanks around it, `None` at the end of the input.
///
/// # Errors
/// When the terminal cannot be read or written.
pub(crate) fn ask(question: &str) -> Result<Option<String>, CliError> {
    let mut out = io::stdout().lock();
    write!(out, "{question} ")?;
    out.flush()?;
    let mut answer = String::new();
    if io::stdin().read_line(&mut answer)? == 0 {
        writeln!(out)?;
        return Ok(None);
    }
    Ok(Some(answer.trim().to_owned()))
}

/// As a shell takes it for one word.
pub(crate) fn quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && text.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '/' | '\\' | '.' | '-' | '_' | ':' | '+' | '@' | '~')
        });
    if plain { text.to_owned() } else { format!("\"{text}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_blanks_are_quoted() {
        for (text, word) in [
            ("nas.toml", "nas.toml"),
            ("C:\\a b\\n.toml", "\"C:\\a b\\n.toml\""),
            ("", "\"\""),
            ("βάρδια", "βάρδια"),
        ] {
            assert_eq!(quoted(text), word);
        }
    }
}
