//! What people say to a session.

use clap::Args;
use watchkeeper_core::{checklist::Item, escalation::Step, time::Span};

use super::parse;

/// To which session, and who.
#[derive(Debug, Clone, Args)]
pub(crate) struct Who {
    /// The session, or the beginning of its id [default: the one being watched, else the newest]
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,
    /// Your name [default: the session's owner]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

/// `note`
#[derive(Debug, Args)]
pub(crate) struct NoteArgs {
    /// What is to be noted
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `ack`
#[derive(Debug, Args)]
pub(crate) struct AckArgs {
    /// The incident's number
    #[arg(value_parser = parse::incident)]
    pub(crate) incident: u32,
    /// What you are going to do about it
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `act`
#[derive(Debug, Args)]
pub(crate) struct ActArgs {
    /// The incident's number
    #[arg(value_parser = parse::incident)]
    pub(crate) incident: u32,
    /// check_logs, notify, restart, roll_back, document or post_mortem
    #[arg(value_parser = parse::step)]
    pub(crate) step: Step,
    /// What was done
    #[arg(long, value_name = "TEXT")]
    pub(crate) remark: String,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `confirm` and `dismiss`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  watchkeeper dismiss 2 --remark \"the nightly backup, by the administrator\"
  watchkeeper confirm 2 --remark \"nobody of us was on the NAS\"

The watch sees that something was done to the container, and not by whom. What was dismissed is closed and counts for \
nothing, and stands in the log and in the report with who said so; what was confirmed fails the release. Work that is \
announced beforehand is no suspicion.")]
pub(crate) struct JudgeArgs {
    /// The incident's number
    #[arg(value_parser = parse::incident)]
    pub(crate) incident: u32,
    /// How you know
    #[arg(long, value_name = "TEXT")]
    pub(crate) remark: String,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `close`
#[derive(Debug, Args)]
pub(crate) struct CloseArgs {
    /// The incident's number
    #[arg(value_parser = parse::incident)]
    pub(crate) incident: u32,
    /// The root cause, or why there was none
    #[arg(long, value_name = "TEXT")]
    pub(crate) remark: String,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `tick`
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  watchkeeper tick hour-0 git_tag --remark \"v1.15.1 is on GitHub\"

`watchkeeper status` lists the lines that wait for a person.")]
pub(crate) struct TickArgs {
    /// The checkpoint, such as hour-0
    pub(crate) check: String,
    /// The line, such as git_tag
    #[arg(value_parser = parse::item)]
    pub(crate) item: Item,
    /// It is not as it should be
    #[arg(long)]
    pub(crate) wrong: bool,
    /// What was seen
    #[arg(long, value_name = "TEXT")]
    pub(crate) remark: String,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `announce`
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  watchkeeper announce \"restart for the new certificate\" --for 10m

A restart, a stop or a new container within that time is not held against the release. A crash is, all the same.")]
pub(crate) struct AnnounceArgs {
    /// What is going to be done
    pub(crate) what: String,
    /// For how long from now, such as 10m; at most 24h
    #[arg(long = "for", value_name = "TIME", value_parser = parse::span)]
    pub(crate) lasts: Span,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `sign-off`
#[derive(Debug, Args)]
#[command(
    group = clap::ArgGroup::new("decision").required(true).args(["approve", "reject"]),
    after_help = "\
Examples:
  watchkeeper sign-off --approve --by \"your name\"
  watchkeeper sign-off --reject --by \"your name\" --remark \"crashed twice; rolled back to 1.14.3\"

It prints the verdict, asks on a terminal, and closes the session for good. A decision against the verdict, and one
before the plan's end (--early), need a remark."
)]
pub(crate) struct SignOffArgs {
    /// The session, or the beginning of its id [default: the one being watched, else the newest]
    #[arg(value_name = "ID")]
    pub(crate) session: Option<String>,
    /// The release stays in production
    #[arg(long)]
    pub(crate) approve: bool,
    /// It does not
    #[arg(long)]
    pub(crate) reject: bool,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
    /// In what words
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) remark: String,
    /// Before the plan has run to its end
    #[arg(long)]
    pub(crate) early: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}
