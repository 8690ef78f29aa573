//! How a Docker Engine is reached.

use std::{fmt, net::IpAddr, str::FromStr};

use super::check::host_and_port;

/// The address of a Docker Engine. Holds no credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DockerAddress {
    /// `unix:///var/run/docker.sock`: the socket's absolute path.
    Unix(String),
    /// `npipe:////./pipe/docker_engine`: the pipe's path with its four slashes, `//./pipe/docker_engine`.
    Npipe(String),
    /// `tcp://host:2376`.
    Tcp {
        /// Name or address; an IPv6 address without brackets.
        host: String,
        /// Usually 2376.
        port: u16,
    },
    /// `ssh://user@host`: by SSH to the host that the Engine runs on, and there to its socket.
    Ssh {
        /// The account on the host. It is never guessed: the same file is used on several PCs.
        user: String,
        /// Name or address; an IPv6 address without brackets.
        host: String,
        /// 22 unless it is written.
        port: u16,
        /// The Engine's socket on the host, where it is not [`DockerAddress::SOCKET`].
        socket: Option<String>,
    },
}

/// What SSH listens on.
const SSH: u16 = 22;

impl DockerAddress {
    /// Where an Engine has its socket on Linux and on a NAS.
    pub const SOCKET: &str = "/var/run/docker.sock";

    /// Whether it is an Engine on this PC: a socket, a pipe or a loopback address.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Unix(_) | Self::Npipe(_) => true,
            Self::Ssh { .. } => false,
            Self::Tcp { host, .. } => {
                host.eq_ignore_ascii_case("localhost")
                    || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
            }
        }
    }
}

impl fmt::Display for DockerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix://{path}"),
            Self::Npipe(path) => write!(f, "npipe://{path}"),
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp://[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp://{host}:{port}"),
            Self::Ssh { user, host, port, socket } => {
                let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
                let port = if *port == SSH { String::new() } else { format!(":{port}") };
                write!(f, "ssh://{user}@{host}{port}{}", socket.as_deref().unwrap_or_default())
            }
        }
    }
}

impl FromStr for DockerAddress {
    /// What is wrong and what would be right; the text is not quoted.
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.chars().any(char::is_control) {
            return Err("it has a line break or another control character in it: write it on one line".into());
        }
        let (scheme, rest) = text.split_once("://").unwrap_or((text, ""));
        match scheme {
            "unix" if rest.starts_with('/') && rest.len() > 1 => Ok(Self::Unix(rest.into())),
            "unix" => Err("write the socket's whole path, such as \"unix:///var/run/docker.sock\"".into()),
            "npipe" if rest.strip_prefix("//./pipe/").is_some_and(|name| !name.is_empty()) => {
                Ok(Self::Npipe(rest.into()))
            }
            "npipe" => Err("write the pipe as \"npipe:////./pipe/docker_engine\"".into()),
            "tcp" if rest.contains('@') => Err(
                "leave out user and password: the Engine asks for certificates, see `docker_certificates`"
                    .into(),
            ),
            "tcp" => {
                let (host, port) = host_and_port(rest.strip_suffix('/').unwrap_or(rest))
                    .map_err(|_| "write host and port, such as \"tcp://nas.local:2376\"".to_string())?;
                Ok(Self::Tcp { host, port })
            }
            "ssh" => ssh(rest),
            "http" | "https" => Err("write tcp:// instead of http:// or https://".into()),
            _ => Err("write \"tcp://nas.local:2376\", \"ssh://admin@nas.local\", \"unix:///var/run/docker.sock\" or \
                      \"npipe:////./pipe/docker_engine\""
                .into()),
        }
    }
}

/// What stands behind `ssh://`: `user@host[:port][/path/of/docker.sock]`.
fn ssh(rest: &str) -> Result<DockerAddress, String> {
    const RIGHT: &str =
        "write account and host, such as \"ssh://admin@nas.local\" or \"ssh://admin@nas.local:2222\"";
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let Some((user, host)) = authority.rsplit_once('@') else {
        return Err(format!("the account on the NAS is missing: {RIGHT}"));
    };
    if user.contains(':') {
        return Err("leave out the password: a key is used, or the environment variable that `ssh_password_env` names"
            .into());
    }
    let plain = |c: char| c.is_alphanumeric() || "._-+\\@$".contains(c);
    if user.is_empty() || !user.chars().all(plain) {
        return Err(RIGHT.into());
    }
    // A port is told by digits behind the last colon; an IPv6 address stands in brackets.
    let with_port =
        if host.ends_with(']') || !host.contains(':') { format!("{host}:{SSH}") } else { host.to_owned() };
    let (host, port) = host_and_port(&with_port).map_err(|()| RIGHT.to_owned())?;
    let socket = match path {
        "" | "/" => None,
        path if path.contains(['?', '#', '%']) || path.ends_with('/') => {
            return Err("write the socket's whole path on the NAS, such as \"ssh://admin@nas.local/var/run/docker.sock\""
                .into());
        }
        path => Some(path.to_owned()).filter(|path| path != DockerAddress::SOCKET),
    };
    Ok(DockerAddress::Ssh { user: user.into(), host, port, socket })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown_alike() {
        for (text, local) in [
            ("unix:///var/run/docker.sock", true),
            ("npipe:////./pipe/docker_engine", true),
            ("tcp://nas.local:2376", false),
            ("tcp://localhost:2375", true),
            ("tcp://127.0.0.1:2375", true),
            ("tcp://[::1]:2375", true),
            ("tcp://[fd00::5]:2376", false),
            ("tcp://192.168.1.20:2376", false),
            ("ssh://admin@nas.local", false),
            ("ssh://admin@localhost", false),
            ("ssh://admin@nas.local:2222", false),
            ("ssh://admin@[fd00::5]", false),
            ("ssh://admin@[fd00::5]:2222/run/docker.sock", false),
            ("ssh://DOMAIN\\the.admin@192.168.1.20/run/user/1000/docker.sock", false),
            ("ssh://watch@school.example@nas.local", false),
        ] {
            let address: DockerAddress = text.parse().unwrap();
            assert_eq!((address.to_string().as_str(), address.is_local()), (text, local));
        }
    }

    #[test]
    fn what_goes_without_saying_is_left_out() {
        for (text, shown) in [
            ("ssh://admin@nas.local:22", "ssh://admin@nas.local"),
            ("ssh://admin@nas.local/", "ssh://admin@nas.local"),
            ("ssh://admin@nas.local:22/var/run/docker.sock", "ssh://admin@nas.local"),
            ("tcp://nas.local:2376/", "tcp://nas.local:2376"),
        ] {
            assert_eq!(text.parse::<DockerAddress>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn other_addresses_are_refused_with_advice_and_unquoted() {
        for (text, advice) in [
            ("unix://docker.sock", "unix:///"),
            ("unix:///", "unix:///"),
            ("npipe:////server/pipe/x", "npipe:////./pipe/"),
            ("tcp://nas.local", "host and port"),
            ("tcp://nas.local:99999", "host and port"),
            ("tcp://nas.local:0", "host and port"),
            ("tcp://nas.local:2376/v1.41", "host and port"),
            ("tcp://:2376", "host and port"),
            ("tcp://admin:hunter2@nas.local:2376", "certificates"),
            ("ssh://nas.local", "account on the NAS is missing"),
            ("ssh://", "account on the NAS is missing"),
            ("ssh://@nas.local", "account and host"),
            ("ssh://admin@", "account and host"),
            ("ssh://admin@nas.local:", "account and host"),
            ("ssh://admin@nas.local:0", "account and host"),
            ("ssh://admin@nas.local:ssh", "account and host"),
            ("ssh://admin@fd00::5", "account and host"),
            ("ssh://ad min@nas.local", "account and host"),
            ("ssh://admin:hunter2@nas.local", "leave out the password"),
            ("ssh://admin@nas.local/run/", "whole path"),
            ("ssh://admin@nas.local/sock?x", "whole path"),
            ("https://nas.local:2376", "tcp://"),
            ("nas.local:2376", "tcp://"),
            ("", "tcp://"),
        ] {
            let error = text.parse::<DockerAddress>().unwrap_err();
            assert!(error.contains(advice) && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}
