//! What goes wrong on the way by SSH, in words that say what to do.

use watchkeeper_core::reading::FailureKind;

use crate::host_key::{HostKeyFault, KnownKey};

/// Why the Engine is not reached by SSH, though its host answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SshFault {
    /// What listens there is no SSH server, or turns this PC away before it says so.
    NotSsh,
    /// The two have no way of encryption in common.
    NothingInCommon(String),
    /// The host is not the one that is known, or not known at all.
    HostKey(HostKeyFault),
    /// The host showed a key that `ssh` must never take.
    HostKeyRevoked {
        /// What it showed.
        shown: crate::host_key::HostKey,
        /// Where that is written.
        known: KnownKey,
    },
    /// The file of the trusted host keys cannot be read.
    KnownHosts {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// The private key cannot be used, and nothing else was taken.
    Key {
        /// Its file.
        file: String,
        /// What is wrong with it.
        fault: KeyFault,
    },
    /// There is nothing to log in with.
    NoKey {
        /// The account.
        user: String,
        /// How it is with the agent.
        agent: String,
    },
    /// None of the keys was taken.
    KeysRefused {
        /// The account.
        user: String,
        /// Those that were offered, for people.
        offered: Vec<String>,
    },
    /// The password was not taken.
    PasswordRefused {
        /// The account.
        user: String,
    },
    /// A key or a password was taken, and the host asks for more.
    MoreWanted {
        /// The account.
        user: String,
    },
    /// The host neither forwards to the socket nor has a `docker` program that was found.
    NoDocker {
        /// The socket.
        socket: String,
        /// How it is with it.
        state: SocketState,
    },
    /// The account may not use Docker.
    Denied {
        /// The account.
        user: String,
        /// The socket.
        socket: String,
    },
    /// Docker does not run on the host.
    NotRunning(String),
    /// The account may run no commands, in the host's words.
    NoCommands(String),
    /// The host's `docker` is from before `docker system dial-stdio`.
    TooOld(String),
    /// The command ended in another way.
    Command(String),
}

/// What is wrong with the file of a private key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyFault {
    #[error("there is no such file")]
    Missing,
    #[error("it cannot be read ({0})")]
    Unreadable(String),
    #[error("others on this PC may read it (mode {0:03o}), so it is not used")]
    #[cfg_attr(windows, expect(dead_code, reason = "only Unix tells who may read a file in a number"))]
    OpenToOthers(u32),
    #[error("it holds no private key of a kind that is known")]
    NoKey,
    #[error("it is encrypted, and there is no passphrase for it")]
    NoPassphrase,
    #[error("its passphrase is wrong")]
    WrongPassphrase,
}

/// How it is with the Engine's socket on the host, where no `docker` was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SocketState {
    /// The account may use it, so the host forbids to forward.
    Forbidden,
    /// The account may not use it.
    Denied,
    /// There is none.
    Missing,
    /// Not known.
    Unknown,
}

impl SshFault {
    /// The kind of failure that it is in the journal.
    pub(crate) const fn kind(&self) -> FailureKind {
        match self {
            Self::NotSsh | Self::NothingInCommon(_) | Self::TooOld(_) | Self::Command(_) => {
                FailureKind::BadAnswer
            }
            Self::NotRunning(_) => FailureKind::Refused,
            _ => FailureKind::Denied,
        }
    }

    /// One clause for people.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::NotSsh => {
                "what listens there does not speak SSH, or turns this PC away at once: is it the right \
                             port, and does the NAS block this PC's address?"
                    .into()
            }
            Self::NothingInCommon(what) => format!(
                "its SSH server is too old to be reached safely: they have no {what} in common; update the NAS's firmware"
            ),
            Self::HostKey(HostKeyFault::Unknown(key)) => format!(
                "its host key is not known here yet: {} {}; compare it with the one that the NAS has, then trust it \
                 with `watchkeeper doctor --trust-host-key {}`",
                key.algorithm, key.fingerprint, key.fingerprint
            ),
            Self::HostKey(HostKeyFault::Changed(key, known)) => format!(
                "ITS HOST KEY HAS CHANGED: it shows {} {}, and it is known by {} (line {} of {}). Somebody may stand \
                 between this PC and the NAS, and nothing was sent; only if the NAS was installed anew, delete that \
                 line and trust the new key",
                key.algorithm,
                key.fingerprint,
                known.fingerprint,
                known.line,
                known.file.display()
            ),
            Self::HostKeyRevoked { shown, known } => format!(
                "ITS HOST KEY IS REVOKED: {} {} must not be taken (line {} of {}); nothing was sent",
                shown.algorithm,
                shown.fingerprint,
                known.line,
                known.file.display()
            ),
            Self::KnownHosts { file, why } => {
                format!("the trusted host keys in {file} cannot be read: {why}")
            }
            Self::Key { file, fault } => format!("the private key {file}: {fault}"),
            Self::NoKey { user, agent } => {
                format!("there is nothing to log in with as {user}: no private key, {agent}, and no password")
            }
            Self::KeysRefused { user, offered } => {
                format!("it takes none of the keys for {user}: {}", offered.join(", "))
            }
            Self::PasswordRefused { user } => format!(
                "it refuses the password for {user}; it is not tried again for ten minutes, as a NAS locks out who \
                 fails too often"
            ),
            Self::MoreWanted { user } => {
                format!(
                    "it asks for more than one key or password for {user}, such as a code (2-step verification)"
                )
            }
            Self::NoDocker { socket, state } => {
                let why = match state {
                    SocketState::Forbidden => format!("its SSH server forbids forwarding to {socket}"),
                    SocketState::Denied => format!("the account may not use {socket}"),
                    SocketState::Missing => format!("there is no {socket}"),
                    SocketState::Unknown => format!("it does not forward to {socket}"),
                };
                format!("{why}, and no `docker` program was found there")
            }
            Self::Denied { user, socket } => {
                format!("{user} is logged in, but may not use Docker (permission denied on {socket})")
            }
            Self::NotRunning(said) => format!("Docker does not run there: {said}"),
            Self::NoCommands(said) => {
                format!("it does not forward to Docker's socket and lets the account run no commands: {said}")
            }
            Self::TooOld(said) => {
                format!("its `docker` is too old for SSH; it takes Docker Engine 19.03 or newer: {said}")
            }
            Self::Command(said) => format!("`docker system dial-stdio` ended there: {said}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_says_what_and_none_says_nothing() {
        let user = || "admin".to_owned();
        let socket = || "/var/run/docker.sock".to_owned();
        for (fault, part) in [
            (SshFault::NotSsh, "does not speak SSH"),
            (SshFault::NothingInCommon("cipher".into()), "no cipher in common"),
            (SshFault::KnownHosts { file: "k".into(), why: "denied".into() }, "k cannot be read: denied"),
            (SshFault::Key { file: "id".into(), fault: KeyFault::Missing }, "key id: there is no such file"),
            (SshFault::Key { file: "id".into(), fault: KeyFault::OpenToOthers(0o644) }, "mode 644"),
            (SshFault::NoKey { user: user(), agent: "no SSH agent".into() }, "no private key, no SSH agent"),
            (SshFault::KeysRefused { user: user(), offered: vec!["a".into(), "b".into()] }, "admin: a, b"),
            (SshFault::PasswordRefused { user: user() }, "locks out"),
            (SshFault::MoreWanted { user: user() }, "2-step"),
            (SshFault::NoDocker { socket: socket(), state: SocketState::Forbidden }, "forbids forwarding"),
            (SshFault::NoDocker { socket: socket(), state: SocketState::Denied }, "may not use"),
            (SshFault::NoDocker { socket: socket(), state: SocketState::Missing }, "there is no /var"),
            (SshFault::Denied { user: user(), socket: socket() }, "permission denied"),
            (SshFault::NotRunning("down".into()), "does not run there: down"),
            (SshFault::NoCommands("nologin".into()), "no commands: nologin"),
            (SshFault::TooOld("unknown".into()), "19.03"),
            (SshFault::Command("exit code 3".into()), "ended there: exit code 3"),
        ] {
            let words = fault.words();
            assert!(words.contains(part), "{part}: {words}");
            assert!(!words.ends_with('.') && !words.contains("  "), "{words}");
        }
    }
}
