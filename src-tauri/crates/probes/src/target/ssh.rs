//! A host that is reached by SSH, and what opens its door.

use std::{env, path::PathBuf};

use super::Secret;

/// The host that a Docker Engine runs on, reached by SSH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshTarget {
    /// The account on the host.
    pub user: String,
    /// Name or address; an IPv6 address without brackets.
    pub host: String,
    /// Usually 22.
    pub port: u16,
    /// The Engine's socket on the host; `None` is the usual place.
    pub socket: Option<String>,
    /// The `docker` program on the host, for where it does not forward to the socket; `None` looks in the usual places.
    pub docker: Option<String>,
    /// The private key. Without it the agent is asked, then the default keys in [`SshTarget::folder`].
    pub key: Option<PathBuf>,
    /// The passphrase of an encrypted private key.
    pub passphrase: Option<Secret>,
    /// The account's password, tried where no key is taken.
    pub password: Option<Secret>,
    /// The file of the host keys that a person has trusted in this program.
    pub known_hosts: Option<PathBuf>,
    /// The person's own folder of SSH (`~/.ssh`), with the default keys and the hosts that `ssh` knows.
    pub folder: Option<PathBuf>,
}

impl SshTarget {
    /// That account on that host, with nothing of this program's own to open it.
    pub fn new(user: &str, host: &str, port: u16) -> Self {
        Self {
            user: user.into(),
            host: host.into(),
            port,
            socket: None,
            docker: None,
            key: None,
            passphrase: None,
            password: None,
            known_hosts: None,
            folder: env::home_dir().map(|home| home.join(".ssh")),
        }
    }
}
