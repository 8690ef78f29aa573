//! The commands that ask the deployment: watch, check, demo, doctor.

use std::path::PathBuf;

use clap::Args;

use super::parse;

/// Which configuration.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigFile {
    /// The configuration
    #[arg(
        long = "config",
        value_name = "FILE",
        env = "WATCHKEEPER_CONFIG",
        hide_env_values = true,
        default_value = "watchkeeper.toml"
    )]
    pub(crate) path: PathBuf,
}

/// `watch`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  watchkeeper watch --config nas.toml
  watchkeeper watch --speed 720          a rehearsal: 24 hours in two minutes, against the real deployment
  watchkeeper watch --resume             go on with the session that was left last

A session of this deployment and version that was left open is resumed by itself. Ctrl-C stops the watch; it can be
resumed, and what was not seen meanwhile is a gap. The exit code is the verdict's: 0 pass, 1 fail, 2 inconclusive or
stopped.")]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    pub(crate) config: ConfigFile,
    /// Run the plan N times as fast, for a rehearsal; 1 to 5000. The journal says so
    #[arg(long, value_name = "N", default_value = "1", value_parser = parse::speed)]
    pub(crate) speed: f64,
    /// Go on with this session, or with the last one that was left
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "", conflicts_with = "new")]
    pub(crate) resume: Option<String>,
    /// Begin a new session even if one was left open
    #[arg(long)]
    pub(crate) new: bool,
    /// Show no notifications on the desktop, only in the terminal
    #[arg(long)]
    pub(crate) no_notify: bool,
    /// Print plain lines even on a terminal
    #[arg(long)]
    pub(crate) plain: bool,
}

/// `check`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  watchkeeper check                      one look at the deployment of ./watchkeeper.toml
  watchkeeper check --json               each line with its outcome and evidence

Where a watch is running, it takes the checkpoint, beside its plan. Otherwise a session that was left open is resumed
for one checkpoint; where there is none, the check is a short session of its own.
Exit codes: 0 all lines passed, 1 a line failed, 2 a line has no evidence either way.")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) config: ConfigFile,
    /// Let the watch that is running on this session take it; no configuration is read
    #[arg(long, value_name = "ID")]
    pub(crate) session: Option<String>,
}

/// `demo`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  watchkeeper demo                       an ordinary first day in two minutes
  watchkeeper demo --scenario list       what else there is
  watchkeeper demo --scenario crash --speed 60 --out reports
  watchkeeper demo --serve --speed 1     only serve the simulated deployment, to try a configuration on

Nothing leaves this PC: the simulated SMS and its Docker Engine listen on 127.0.0.1. Everything is labelled as
simulated. The exit code is the verdict's.")]
pub(crate) struct DemoArgs {
    /// How many times as fast as the clock on the wall; 1 to 5000 [default: 720, with --serve 1]
    #[arg(long, value_name = "N", value_parser = parse::speed)]
    pub(crate) speed: Option<f64>,
    /// What happens on that day; `list` lists the scenarios
    #[arg(long, value_name = "NAME", default_value = "day")]
    pub(crate) scenario: String,
    /// The same seed gives the same day [default: 1]
    #[arg(long, value_name = "S")]
    pub(crate) seed: Option<u64>,
    /// Where the report is written
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    /// Only serve the simulated deployment, until Ctrl-C
    #[arg(long, conflicts_with_all = ["out", "resume", "notify", "plain"])]
    pub(crate) serve: bool,
    /// Go on with this simulated session, or with the last one that was left
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["scenario", "seed"])]
    pub(crate) resume: Option<String>,
    /// Show notifications on the desktop too
    #[arg(long)]
    pub(crate) notify: bool,
    /// Print plain lines even on a terminal
    #[arg(long)]
    pub(crate) plain: bool,
}

/// `doctor`
#[derive(Debug, Args)]
#[command(after_help = "\
It looks at one rung after the other: this PC, the network, the NAS, its Docker Engine, the container, the API, the
database. Exit codes: 0 all is well, 1 something is not.

A NAS that is reached by SSH for the first time shows its host key, and you are asked whether it is the right one.")]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) config: ConfigFile,
    /// Trust the host key with this fingerprint, if it is the one that the NAS shows by SSH
    #[arg(long, value_name = "SHA256:…", value_parser = parse::fingerprint)]
    pub(crate) trust_host_key: Option<String>,
}
