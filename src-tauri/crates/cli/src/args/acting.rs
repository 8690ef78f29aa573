//! What is done to the deployment.

use clap::Args;
use watchkeeper_core::part::Part;

use super::{Who, parse};

/// `restart`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  watchkeeper restart 1 --reason \"the application hangs\"
  watchkeeper restart --part database --reason \"it takes no connections\"

The evidence of the incident is stored before. The container ends with its own grace period, is started, has to become
healthy, and the whole checklist is gone through; what came of it is printed and stands in the log.

Exit codes: 0 restarted and all works, 1 it does not, 2 the watch ended meanwhile.")]
pub(crate) struct RestartArgs {
    /// The number of the incident that is the reason
    #[arg(value_parser = parse::incident)]
    pub(crate) incident: Option<u32>,
    /// Whose container, where the deployment has several: application, front_end or database. Without it that of the part
    /// which the incident lies with, or else the application's
    #[arg(long, value_name = "PART", value_parser = parse::part)]
    pub(crate) part: Option<Part>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `roll-back`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  watchkeeper roll-back --dry-run
  watchkeeper roll-back 1 --reason \"v1.15.1 loses grades\"

It shows the whole plan and asks before anything happens. The container of the previous image is made first, beside the
running one; only then is that one stopped and kept under another name. Whatever fails on the way is undone. Where nobody
has said which database schema the previous version knows (release.previous_schema), or it is another one, the risk has to
be accepted with --accept-schema.

Exit codes: 0 rolled back (or ready), 1 failed and undone (or not ready), 2 half done.")]
pub(crate) struct RollBackArgs {
    /// The number of the incident that is the reason
    #[arg(value_parser = parse::incident)]
    pub(crate) incident: Option<u32>,
    /// Only find out whether it would work, and show what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Why
    #[arg(long, value_name = "TEXT", required_unless_present = "dry_run")]
    pub(crate) reason: Option<String>,
    /// Accept that the database may be newer than the previous version knows: it may not start, or damage data
    #[arg(long)]
    pub(crate) accept_schema: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `undo`
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  watchkeeper undo --reason \"the old version is worse\"

Undoes the last roll back, half done or done: the container that was kept runs again under its name.")]
pub(crate) struct UndoArgs {
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `finish`
#[derive(Debug, Args)]
pub(crate) struct FinishArgs {
    #[command(flatten)]
    pub(crate) who: Who,
}

/// `take-over`
#[derive(Debug, Args)]
pub(crate) struct TakeOverArgs {
    /// What is done by hand
    #[arg(long, value_name = "TEXT")]
    pub(crate) remark: String,
    #[command(flatten)]
    pub(crate) who: Who,
}
