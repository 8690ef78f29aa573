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
}

impl DockerAddress {
    /// Whether it is an Engine on this PC: a socket, a pipe or a loopback address.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Unix(_) | Self::Npipe(_) => true,
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
            "ssh" => Err("ssh:// comes in a later version: use tcp:// with certificates".into()),
            "http" | "https" => Err("write tcp:// instead of http:// or https://".into()),
            _ => Err("write \"unix:///var/run/docker.sock\", \"npipe:////./pipe/docker_engine\" or \
                      \"tcp://nas.local:2376\""
                .into()),
        }
    }
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
        ] {
            let address: DockerAddress = text.parse().unwrap();
            assert_eq!((address.to_string().as_str(), address.is_local()), (text, local));
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
            ("ssh://admin@nas.local", "later version"),
            ("https://nas.local:2376", "tcp://"),
            ("nas.local:2376", "tcp://"),
            ("", "tcp://"),
        ] {
            let error = text.parse::<DockerAddress>().unwrap_err();
            assert!(error.contains(advice) && !error.contains("hunter2"), "{text}: {error}");
        }
    }
}
