//! Running other programs, and saying so.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    process::{Command, Stdio},
};

/// Why a command ended early, for a person, with the exit code.
#[derive(Debug)]
pub(crate) struct Failed {
    message: String,
    /// 1 for a step that failed, 3 for a wrong call.
    pub(crate) code: u8,
}

impl Failed {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 3 }
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// One call of another program.
pub(crate) struct Call {
    command: Command,
    variables: Vec<(String, OsString)>,
}

impl Call {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self { command: Command::new(program), variables: Vec::new() }
    }
    /// Cargo, as the person would call it: without what this call of cargo has set for this program.
    pub(crate) fn cargo(first: &str) -> Self {
        Self::new("cargo").without_cargo_variables().arg(first)
    }
    pub(crate) fn without_cargo_variables(mut self) -> Self {
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            let ours = text == "CARGO"
                || text == "RUST_RECURSION_COUNT"
                || text == "LD_LIBRARY_PATH"
                || text.starts_with("CARGO_PKG_")
                || text.starts_with("CARGO_MANIFEST_");
            if ours {
                self.command.env_remove(&name);
            }
        }
        self
    }
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, &value);
        self.variables.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }
    /// Sets a variable without showing it: for what is the same in each call.
    pub(crate) fn quietly(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it, its output going where ours goes; gives its exit code.
    pub(crate) fn code(mut self) -> Result<i32, Failed> {
        let line = self.line();
        println!("\n$ {line}");
        let status = self.command.stdin(Stdio::inherit()).status().map_err(|e| not_started(&line, &e))?;
        Ok(status.code().unwrap_or(-1))
    }
    /// Runs it; anything but 0 is a failure.
    pub(crate) fn run(self) -> Result<(), Failed> {
        let line = self.line();
        match self.code()? {
            0 => Ok(()),
            -1 => Err(Failed::new(format!("this step was ended by a signal:\n  {line}"))),
            code => Err(Failed::new(format!("this step failed with exit code {code}:\n  {line}"))),
        }
    }
    /// Runs it unseen and gives what it wrote to stdout, unless it failed.
    pub(crate) fn text(mut self) -> Result<String, Failed> {
        let line = self.line();
        let output = self.command.stdin(Stdio::null()).output().map_err(|e| not_started(&line, &e))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Failed::new(format!("this step failed ({}):\n  {line}\n{said}", output.status)))
    }
    /// Whether it can be run and ends with 0; its output is not shown.
    pub(crate) fn succeeds(mut self) -> bool {
        let quiet = self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok_and(|s| s.success())
    }

    /// The call as a person would type it.
    fn line(&self) -> String {
        let mut words: Vec<String> =
            self.variables.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
        words.push(quoted(self.command.get_program()));
        words.extend(self.command.get_args().map(quoted));
        words.join(" ")
    }
}

/// Says which part begins.
pub(crate) fn part(title: &str) {
    println!("\n=== {title}");
}

/// Whether a program of this name is on the PATH.
pub(crate) fn on_path(program: &str) -> bool {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|dir| dir.join(&name).is_file()))
}

fn not_started(line: &str, error: &std::io::Error) -> Failed {
    Failed::new(format!("this step could not be started ({error}):\n  {line}"))
}

fn quoted(word: &OsStr) -> String {
    let text = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+,./:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_shown_as_it_would_be_typed() {
        for (call, line) in [
            (Call::cargo("fmt").args(["--all", "--check"]), "cargo fmt --all --check"),
            (Call::new("wine").env("WINEDEBUG", "-all").arg("a b.exe"), "WINEDEBUG=-all wine 'a b.exe'"),
            (Call::new("sh").quietly("SECRET", "x").args(["-c", "it's", ""]), r"sh -c 'it'\''s' ''"),
        ] {
            assert_eq!(call.line(), line);
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failed = Call::new("no-such-program").arg("--now").run().unwrap_err();
        assert!(failed.to_string().contains("no-such-program --now"), "{failed}");
        assert_eq!(failed.code, 1);
        assert!(!on_path("no-such-program"));
    }
}
