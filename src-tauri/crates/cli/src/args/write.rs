//! What is printed, written and proven.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use watchkeeper_core::config::Draft;

use super::ConfigFile;

/// `status`
#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// The session, or the beginning of its id [default: the one being watched, else the newest]
    #[arg(value_name = "ID")]
    pub(crate) session: Option<String>,
}

/// In what form a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportForm {
    /// Markdown, for people
    Md,
    /// JSON with every event, for programs; this one proves the readings' seals too
    Json,
}

/// `report`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  watchkeeper report                             both forms of the newest session's report, here
  watchkeeper report 2026-01-10 --out reports
  watchkeeper report --format md --out -         Markdown on standard output

A file that is there already is left alone: the report gets a numbered name, unless --force is given.")]
pub(crate) struct ReportArgs {
    /// The session, or the beginning of its id [default: the one being watched, else the newest]
    #[arg(value_name = "ID")]
    pub(crate) session: Option<String>,
    /// In which forms
    #[arg(long, value_name = "FORMS", value_delimiter = ',', default_value = "md,json")]
    pub(crate) format: Vec<ReportForm>,
    /// Where; `-` writes one form to standard output
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) out: PathBuf,
    /// Overwrite a report that is there already
    #[arg(long)]
    pub(crate) force: bool,
}

/// `verify`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  watchkeeper verify SMS-v1.15.1-2026-01-10-watch.json
  watchkeeper verify --journal                   the newest session in the journal

Where the journal holds the report's session, the report is held against it too. Exit codes: 0 it holds, 1 it was
changed; the first broken entry is named.")]
pub(crate) struct VerifyArgs {
    /// The report, .md or .json
    #[arg(required_unless_present = "journal")]
    pub(crate) file: Option<PathBuf>,
    /// Walk the journal of a session instead
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "", conflicts_with = "file")]
    pub(crate) journal: Option<String>,
}

/// `config …`
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Write a configuration to begin with, every key explained
    Init(Box<InitArgs>),
    /// Say whether a configuration is sound, and what is wrong with it
    Check(ShownConfig),
    /// Print what a configuration means, defaults included
    Show(ShownConfig),
}

/// `config check`, `config show`
#[derive(Debug, Args)]
pub(crate) struct ShownConfig {
    /// The configuration
    #[arg(
        value_name = "FILE",
        env = "WATCHKEEPER_CONFIG",
        hide_env_values = true,
        default_value = "watchkeeper.toml"
    )]
    pub(crate) path: PathBuf,
}

/// `config init`
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  watchkeeper config init --name \"QNAP Cyprus\" --url http://nas.local:8080 \\
      --docker tcp://nas.local:2376 --docker-certificates certs --release 1.15.1 --owner \"your name\"

On a terminal it asks for what is missing. Elsewhere what is missing stands in the file as <…>, and the file is
refused until that is filled in.")]
pub(crate) struct InitArgs {
    /// The file to write
    #[arg(long, value_name = "FILE", default_value = "watchkeeper.toml")]
    pub(crate) out: PathBuf,
    /// Overwrite it if it is there
    #[arg(long)]
    pub(crate) force: bool,
    /// The deployment's name, such as "QNAP Cyprus"
    #[arg(long)]
    name: Option<String>,
    /// Its kind, such as production
    #[arg(long)]
    environment: Option<String>,
    /// The address of the SMS, such as http://nas.local:8080
    #[arg(long)]
    url: Option<String>,
    /// The container's name; with several, that of the application (the back end)
    #[arg(long, value_name = "NAME")]
    container: Option<String>,
    /// The name of the front end's container, where it has one of its own
    #[arg(long, value_name = "NAME")]
    front_end_container: Option<String>,
    /// The name of the database's container, where it has one of its own
    #[arg(long, value_name = "NAME")]
    database_container: Option<String>,
    /// The Docker Engine: tcp://nas.local:2376, unix:///var/run/docker.sock or npipe:////./pipe/docker_engine
    #[arg(long, value_name = "ADDRESS")]
    docker: Option<String>,
    /// The folder with ca.pem, cert.pem and key.pem for tcp://
    #[arg(long, value_name = "DIR")]
    docker_certificates: Option<String>,
    /// The version that was released
    #[arg(long, value_name = "VERSION")]
    release: Option<String>,
    /// The version to roll back to
    #[arg(long, value_name = "VERSION")]
    previous: Option<String>,
    /// The repository on GitHub
    #[arg(long, value_name = "OWNER/NAME")]
    repository: Option<String>,
    /// Who stands the watch
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
}

impl InitArgs {
    /// What the command line knows.
    pub(crate) fn draft(&self) -> Draft {
        Draft {
            name: self.name.clone(),
            environment: self.environment.clone(),
            url: self.url.clone(),
            container: self.container.clone(),
            front_end_container: self.front_end_container.clone(),
            database_container: self.database_container.clone(),
            docker: self.docker.clone(),
            docker_certificates: self.docker_certificates.clone(),
            version: self.release.clone(),
            previous: self.previous.clone(),
            repository: self.repository.clone(),
            owner: self.owner.clone(),
        }
    }
}

/// `plan`
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The plan of this configuration [default: the standard plan of 24 hours]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print it as TOML, to change it
    #[arg(long)]
    pub(crate) toml: bool,
}

/// For where the flag is optional.
impl From<PathBuf> for ConfigFile {
    fn from(path: PathBuf) -> Self {
        Self { path }
    }
}
