//! Starting the built program and following what it says.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "for tests: what goes wrong here fails the one that called"
)]

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use crate::program;

/// How long a line or an end may take on a busy machine before the test gives up.
const PATIENCE: Duration = Duration::from_secs(180);

/// The variable that holds [`PASSWORD`] for the programs started here.
pub const PASSWORD_ENV: &str = "WATCHKEEPER_TEST_PASSWORD";
/// A password that is nowhere else, so that one can look where it went.
pub const PASSWORD: &str = "Kalimera-7f3a";

fn command<S: AsRef<OsStr>>(data: &Path, args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(program::watchkeeper().unwrap());
    command.args(args).current_dir(data).env("WATCHKEEPER_DATA", data).env("USER", "tester");
    command.env(PASSWORD_ENV, PASSWORD);
    for name in [
        "WATCHKEEPER_CONFIG",
        "WATCHKEEPER_LOG",
        "WATCHKEEPER_SSH_PASSWORD",
        "WATCHKEEPER_SSH_PASSPHRASE",
        "SSH_AUTH_SOCK",
        "DBUS_SESSION_BUS_ADDRESS",
        "XDG_RUNTIME_DIR",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// What the program said and how it ended.
#[derive(Debug)]
pub struct Said {
    /// Its exit code.
    pub code: i32,
    /// What it wrote to stdout.
    pub out: String,
    /// What it wrote to stderr.
    pub err: String,
}

/// Runs it to its end, with the words of `line`; a word of its own for each blank.
pub fn run(data: &Path, line: &str) -> Said {
    run_words(data, line.split(' ').filter(|w| !w.is_empty()))
}

/// As [`run`], with these variables and the data folder for a home.
pub fn run_with<S: AsRef<OsStr>>(data: &Path, line: &str, variables: &[(&str, S)]) -> Said {
    let mut command = command(data, line.split(' ').filter(|w| !w.is_empty()));
    command.env("HOME", data).envs(variables.iter().map(|(name, value)| (name, value.as_ref())));
    said(command)
}

/// Runs it to its end with these words.
pub fn run_words<S: AsRef<OsStr>>(data: &Path, words: impl IntoIterator<Item = S>) -> Said {
    said(command(data, words))
}

fn said(mut command: Command) -> Said {
    let Output { status, stdout, stderr } = command.output().unwrap();
    Said {
        code: status.code().unwrap_or(-1),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

impl Said {
    /// Holds the exit code against `code`.
    #[track_caller]
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }
    /// What it wrote to stdout, which has to be JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.out))
    }
}

/// A program that goes on until it is stopped.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
    /// The lines that were waited for or passed over so far.
    pub said: Vec<String>,
}

impl Running {
    /// Starts it with the words of `line`.
    pub fn start(data: &Path, line: &str) -> Self {
        let mut child =
            command(data, line.split(' ')).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = channel();
        let out: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in out {
            let tell = tell.clone();
            thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if tell.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        Self { child, lines, said: Vec::new() }
    }

    /// Waits until it says something with `part` in it, and gives the line.
    #[track_caller]
    pub fn until(&mut self, part: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            // However much else it says meanwhile.
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.said.push(line.clone());
                    if line.contains(part) {
                        return line;
                    }
                }
                Err(_) => panic!("it never said {part:?}:\n{}", self.said.join("\n")),
            }
        }
    }

    /// Waits for its end; gives its exit code. All that it said is in `said` then.
    #[track_caller]
    pub fn end(&mut self) -> i32 {
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.said.push(line);
        }
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// As Ctrl-C does.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        self.signal("-INT");
    }

    /// As a PC that sleeps for so long: nothing of it runs, and the clocks go on.
    #[cfg(unix)]
    pub fn sleep(&self, lasts: Duration) {
        self.signal("-STOP");
        thread::sleep(lasts);
        self.signal("-CONT");
    }

    #[cfg(unix)]
    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// As the power does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The lines that were waited for or passed over so far, as one text.
    pub fn text(&self) -> String {
        self.said.join("\n")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already where all went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
