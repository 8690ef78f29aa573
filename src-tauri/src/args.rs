//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// How the program was started.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "sms-watchkeeper",
    version,
    about = "Stands the 24-hour watch after a release of the Student Management System, in a window and in the tray.",
    after_help = "The same watch in a terminal is `watchkeeper`.",
    max_term_width = 110
)]
pub(crate) struct Args {
    /// Where the journal and the settings are kept
    #[arg(long, value_name = "DIR", env = "WATCHKEEPER_DATA", hide_env_values = true)]
    pub(crate) data: Option<PathBuf>,
    /// Begin in the tray, without the window
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Show the simulated day, in ten minutes, where nothing is being watched
    #[arg(long)]
    pub(crate) demo: bool,
    /// What goes into the program's own log: error, warn, info, debug, trace, or a filter
    #[arg(
        long,
        value_name = "LEVEL",
        env = "WATCHKEEPER_LOG",
        hide_env_values = true,
        default_value = "info"
    )]
    pub(crate) log: String,
}

/// The option that starts the program without its window.
pub(crate) const HIDDEN: &str = "--hidden";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
        let args = Args::try_parse_from(["sms-watchkeeper", HIDDEN, "--data", "/d"]).unwrap();
        assert!(args.hidden);
        assert_eq!(args.data, Some(PathBuf::from("/d")));
        assert!(Args::try_parse_from(["sms-watchkeeper", "watch"]).is_err());
    }
}
