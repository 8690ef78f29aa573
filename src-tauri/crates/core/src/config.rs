//! The configuration: what is watched, by whom, and with which thresholds.
//!
//! [`Config::parse`] reads it, [`Config::template`] writes a commented one to begin with, [`reference`] is the table of
//! all keys. It never holds a secret: a password is named by its environment variable.

mod check;
mod consistency;
mod docker_address;
mod documentation;
mod keys;
mod read;
mod settings;
mod template;

use std::fmt;

use schemars::JsonSchema;

use crate::{
    action::ActionRules,
    event::{self, Release},
    rules::Rules,
    time::Span,
};
pub use docker_address::DockerAddress;
pub use documentation::reference;
pub use keys::{Key, KeyKind, Section, sections};
pub use template::Draft;

/// A configuration that has passed every check. `rules.every` is always `watch.every`.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
pub struct Config {
    /// What is watched.
    pub deployment: DeploymentSettings,
    /// What was released.
    pub release: Release,
    /// The account of the basic functionality test (log in, list students). Without it that test is left out.
    pub login: Option<Login>,
    /// Who watches, and how often.
    pub watch: WatchSettings,
    /// What the watch may do to the deployment.
    pub actions: ActionRules,
    /// The thresholds. Their defaults are those of the written session log.
    pub rules: Rules,
    /// What is kept on this PC.
    pub retention: Retention,
}

/// How the deployment is reached.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
pub struct DeploymentSettings {
    /// Its name for people, such as `QNAP Cyprus`.
    pub name: String,
    /// Its kind, such as `production` or `staging`.
    pub environment: String,
    /// The address of the SMS as a browser has it, `http://` or `https://`, without user and password.
    pub url: String,
    /// The name of its container; in the layout with three containers that of the application (the back end).
    pub container: String,
    /// The name of the front end's container, where it has one of its own. Watched with the application's.
    pub front_end_container: Option<String>,
    /// The name of the database's container, where it has one of its own. Watched with the application's.
    pub database_container: Option<String>,
    /// The Docker Engine: `tcp://host:2376`, `ssh://user@host[:port][/path/of/docker.sock]`,
    /// `unix:///var/run/docker.sock` or `npipe:////./pipe/docker_engine`.
    #[schemars(with = "String")]
    pub docker: DockerAddress,
    /// The folder with ca.pem, cert.pem and key.pem for `tcp://`; relative to this file.
    pub docker_certificates: Option<String>,
    /// Consent to an Engine over the network without certificates: whoever reaches its port commands the NAS, and
    /// everything on the way can be read and changed.
    pub docker_unprotected: bool,
    /// The `docker` program on the NAS, for `ssh://` where the NAS does not forward to the socket. Without it the usual
    /// places are tried, Container Station's too.
    pub docker_path: Option<String>,
    /// The private key for `ssh://`; relative to this file. Without it the SSH agent is asked, then `id_ed25519`,
    /// `id_ecdsa` and `id_rsa` in `~/.ssh`.
    pub ssh_key: Option<String>,
    /// The name of the environment variable that holds the password of the NAS account for `ssh://`, which is tried where
    /// no key is taken. The password itself is never in this file.
    pub ssh_password_env: String,
    /// The name of the environment variable that holds the passphrase of an encrypted private key for `ssh://`. The
    /// passphrase itself is never in this file.
    pub ssh_passphrase_env: String,
    /// The certificate authority (PEM) of the SMS's own https certificate, where the PC does not know it; relative to
    /// this file.
    pub ca_file: Option<String>,
    /// Addresses (`host:port`) that answer when the network is fine, such as the router's; they tell a dead network from
    /// a dead NAS.
    pub references: Vec<String>,
}

/// An account of the SMS for the basic functionality test. A reader's account is enough.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
pub struct Login {
    /// The account's e-mail address.
    pub email: String,
    /// The name of the environment variable that holds its password. The password itself is never in this file.
    pub password_env: String,
}

/// Who watches, and how often.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
pub struct WatchSettings {
    /// Who stands the watch.
    pub owner: String,
    /// How often each source is asked between checkpoints.
    pub every: Span,
    /// How far each turn is moved at random, in percent of `every`, so that the sources are not asked all at once.
    pub jitter_percent: f64,
    /// How long one request may take.
    pub timeout: Span,
    /// The plan's file, relative to this one. Without it the plan is the standard one of 24 hours.
    pub plan: Option<String>,
}

/// What is kept on this PC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
pub struct Retention {
    /// How many closed sessions are kept; the oldest go first.
    pub sessions: u32,
    /// How large all sessions together may grow, in MB (1 000 000 bytes); the oldest closed ones go first.
    pub max_size_mb: u64,
}

/// Everything that is wrong with a configuration. Quotes no value of a key that could hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// At least one, in the order of the lines.
    pub faults: Vec<ConfigFault>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFault {
    /// The line in the file, from 1; of the section, or 1, where something is missing.
    pub line: usize,
    /// The key with its section, such as `watch.every`; empty where the text is not TOML.
    pub key: String,
    /// What is wrong and what would be right.
    pub what: String,
}

impl Config {
    /// Reads and checks a configuration. Relative paths in it are left as they are.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its line, its key and what would be right.
    ///
    /// ```
    /// # use watchkeeper_core::config::Config;
    /// let error = Config::parse("[watch]\nevry = \"30s\"\n").unwrap_err();
    /// assert!(error.to_string().contains("line 2, watch.evry: this key is not known; did you mean `every`?"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut values = read::values(text)?;
        consistency::check(&mut values);
        values.finish()
    }
}

impl DeploymentSettings {
    /// What the journal says of the deployment.
    pub fn facts(&self) -> event::Deployment {
        event::Deployment {
            name: self.name.clone(),
            environment: self.environment.clone(),
            url: self.url.clone(),
            docker: self.docker.to_string(),
            container: self.container.clone(),
            front_end_container: self.front_end_container.clone(),
            database_container: self.database_container.clone(),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration is refused:")?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.key.as_str() {
            "" => write!(f, "line {}: {}", self.line, self.what),
            key => write!(f, "line {}, {key}: {}", self.line, self.what),
        }
    }
}
