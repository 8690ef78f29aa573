//! The command line.

mod acting;
mod parse;
mod people;
mod start;
mod write;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

pub(crate) use acting::{FinishArgs, RestartArgs, RollBackArgs, TakeOverArgs, UndoArgs};
pub(crate) use people::{
    AckArgs, ActArgs, AnnounceArgs, CloseArgs, JudgeArgs, NoteArgs, SignOffArgs, TickArgs, Who,
};
pub(crate) use start::{CheckArgs, ConfigFile, DemoArgs, DoctorArgs, WatchArgs};
pub(crate) use write::{ConfigCommand, InitArgs, PlanArgs, ReportArgs, ReportForm, StatusArgs, VerifyArgs};

/// The program and its version, as the journal has it.
pub(crate) const PROGRAM: &str = concat!("watchkeeper ", env!("CARGO_PKG_VERSION"));

/// What was asked for.
#[derive(Debug, Parser)]
#[command(
    name = "watchkeeper",
    version,
    about = "Stands the 24-hour watch after a release of the Student Management System, and keeps its log.",
    long_about = LONG_ABOUT,
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP,
    arg_required_else_help = true,
    max_term_width = 110
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Where the journal is kept (the file watchkeeper.db)
    #[arg(long, global = true, value_name = "DIR", env = "WATCHKEEPER_DATA", hide_env_values = true)]
    pub(crate) data: Option<PathBuf>,
    /// Print JSON, for scripts
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print without colours (as the environment variable NO_COLOR does)
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
    /// Tell what the program does, on standard error: error, warn, info, debug, trace, or a filter
    #[arg(long, global = true, value_name = "LEVEL", env = "WATCHKEEPER_LOG", hide_env_values = true)]
    pub(crate) log: Option<String>,
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Stand the watch, or go on with one that was left
    Watch(WatchArgs),
    /// Take one checkpoint now and print its lines
    Check(CheckArgs),
    /// Watch a simulated deployment: a day in two minutes
    Demo(DemoArgs),
    /// List the sessions
    Sessions,
    /// Show how a session stands
    Status(StatusArgs),
    /// Write something into the log
    Note(NoteArgs),
    /// Acknowledge an incident: say that it is seen, and what is done about it
    Ack(AckArgs),
    /// Say that a step of an incident's escalation was done
    Act(ActArgs),
    /// Confirm that what looked like a breach was one
    Confirm(JudgeArgs),
    /// Dismiss what looked like a breach, such as your own work; it is closed with that
    Dismiss(JudgeArgs),
    /// Close an incident with its root cause
    Close(CloseArgs),
    /// Answer a line of a checklist that only a person can answer
    Tick(TickArgs),
    /// Say beforehand that the container is going to be restarted, stopped or replaced
    Announce(AnnounceArgs),
    /// Restart the container: evidence first, verified after
    Restart(RestartArgs),
    /// Go back to the previous version, or only find out whether that would work
    RollBack(RollBackArgs),
    /// Undo a roll back that is half done or done
    Undo(UndoArgs),
    /// Go on with a roll back that is half done
    Finish(FinishArgs),
    /// Say that a roll back that is half done is mended by hand
    TakeOver(TakeOverArgs),
    /// Decide on the verdict and close the session
    SignOff(SignOffArgs),
    /// Write the report of a session, at any moment
    Report(ReportArgs),
    /// Prove a report, or the journal, against its chain
    Verify(VerifyArgs),
    /// Look at everything between this PC and the database, and say what to mend
    Doctor(DoctorArgs),
    /// Make, check or show a configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the schedule
    Plan(PlanArgs),
    /// Print the JSON schema of the report
    Schema,
}

const LONG_ABOUT: &str = "\
Stands the 24-hour watch after a release of the Student Management System, and keeps its log.

It asks the deployment every half minute and thoroughly at each checkpoint, tells when something is wrong, counts what \
was seen and what was not, and writes the report that the release is signed off with.";

const AFTER_HELP: &str = "\
To begin:
  watchkeeper demo                      see a simulated day in two minutes
  watchkeeper config init               write a configuration, watchkeeper.toml
  watchkeeper doctor                    see whether everything can be reached
  watchkeeper watch                     stand the watch

`watchkeeper --help` says more; `watchkeeper COMMAND --help` has examples.";

pub(crate) const AFTER_LONG_HELP: &str = "\
To begin:
  watchkeeper demo                      see a simulated day in two minutes
  watchkeeper config init               write a configuration, watchkeeper.toml
  watchkeeper doctor                    see whether everything can be reached
  watchkeeper watch                     stand the watch

While it stands, from another terminal:
  watchkeeper status                    how it stands
  watchkeeper ack 1 --reason \"on it\"    incident #1 is seen
  watchkeeper dismiss 2 --remark \"that was our backup\"
  watchkeeper note \"users told\"         into the log
  watchkeeper announce \"restart for the new certificate\" --for 10m
  watchkeeper report                    the report as it is now
  watchkeeper restart 1 --reason \"it hangs\"
  watchkeeper roll-back --dry-run       whether going back would work, and what would be done

When it is over:
  watchkeeper sign-off --approve --by \"your name\"
  watchkeeper report
  watchkeeper verify SMS-v1.15.1-2026-01-10-watch.json

Exit codes:
  0  passed, or done
  1  failed
  2  not proven either way, or stopped before its end
  3  the command line or the configuration is wrong
  4  could not run (journal, lock, file)

Where things are kept:
  The journal, watchkeeper.db, holds all sessions. It lies in the folder named by --data or WATCHKEEPER_DATA, else in
  ~/.local/share/io.github.bs1gr.sms-watchkeeper (Linux) or
  %LOCALAPPDATA%\\io.github.bs1gr.sms-watchkeeper (Windows).
  The configuration is watchkeeper.toml in the current folder, or the file named by --config or WATCHKEEPER_CONFIG.
  Reports are written into the current folder, or the one named by --out.";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn both_helps_begin_alike() {
        assert!(AFTER_LONG_HELP.contains(AFTER_HELP.split("\n\n").next().unwrap()));
    }

    #[test]
    fn lines_are_read() {
        for line in [
            "watch",
            "watch --config x.toml --speed 720",
            "watch --resume",
            "watch --resume 2026-01",
            "watch --new --no-notify",
            "check --session 2026",
            "demo",
            "demo --speed 5000 --scenario crash --seed 7 --out x",
            "demo --scenario list",
            "demo --serve",
            "sessions --json",
            "status",
            "status 2026-01-10 --json",
            "note hello --session 2026 --by me",
            "ack 1 --reason seen",
            "ack #1 --reason seen",
            "act 1 roll_back --remark done",
            "act 1 roll-back --remark done",
            "close 2 --remark cable",
            "tick hour-0 git_tag --remark there",
            "tick hour-0 git-tag --wrong --remark missing",
            "announce restart --for 10m",
            "restart --reason hangs",
            "restart #1 --reason hangs --yes",
            "roll-back --dry-run",
            "roll-back 1 --reason x --accept-schema --yes",
            "undo --reason x",
            "finish --by me",
            "take-over --remark x",
            "sign-off --approve --by me",
            "sign-off 2026 --reject --by me --remark no --early --yes",
            "report --format md,json --out .",
            "report 2026 --format json --out -",
            "verify x.json",
            "verify --journal",
            "verify --journal 2026",
            "doctor --config x",
            "config init --out x --force --url http://nas.local:8080",
            "config check",
            "config show x.toml",
            "plan",
            "plan --toml",
            "schema",
            "--data /tmp/x sessions",
        ] {
            let words = std::iter::once("watchkeeper").chain(line.split(' '));
            if let Err(e) = Args::try_parse_from(words) {
                panic!("{line}: {e}");
            }
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (line, part) in [
            ("watch --speed 0.5", "from 1 to 5000"),
            ("watch --speed 5001", "from 1 to 5000"),
            ("watch --speed fast", "from 1 to 5000"),
            ("watch --new --resume", "cannot be used with"),
            ("ack one --reason x", "number"),
            ("ack 0 --reason x", "number"),
            ("ack 1", "--reason"),
            ("act 1 reboot --remark x", "check_logs"),
            ("tick hour-0 git_tagg --remark x", "git_tag"),
            ("restart 1", "--reason"),
            ("roll-back 1", "--reason"),
            ("undo", "--reason"),
            ("take-over", "--remark"),
            ("announce x", "--for"),
            ("announce x --for 10", "`5m`"),
            ("sign-off --by me", "--approve"),
            ("sign-off --approve --reject --by me", "cannot be used with"),
            ("report --format pdf", "md"),
            ("verify", "FILE"),
            ("verify x --journal", "cannot be used with"),
            ("nonsense", "nonsense"),
            ("demo --serve --seed x", "invalid"),
        ] {
            let words = std::iter::once("watchkeeper").chain(line.split(' '));
            let error = Args::try_parse_from(words).map(|a| format!("{a:?}")).unwrap_err().to_string();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
