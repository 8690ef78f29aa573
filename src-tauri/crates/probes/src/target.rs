//! Where the deployment is, and what opens its doors.

mod certificates;
mod ssh;

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use url::Url;
use watchkeeper_core::config::DockerAddress;

pub use certificates::{CertificateFault, check_certificates};
pub(crate) use certificates::{authority_out_of_time, engine_out_of_time, engine_tls, extra_roots};
pub use ssh::SshTarget;

/// Why a deployment can never be reached as it is described. What is down today is no such error: the probes tell it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The address of the SMS cannot be one.
    #[error("the address of the SMS: {0}: write it as a browser has it, such as http://nas.local:8080")]
    Url(&'static str),
    /// The address of the Docker Engine cannot be one.
    #[error("the address of the Docker Engine: {0}")]
    Docker(String),
    /// A kind of socket that this system does not have.
    #[error(
        "{text} is for {system} only: on this PC, reach the Docker Engine by tcp:// with its certificates or by ssh://"
    )]
    WrongSystem {
        /// The address.
        text: String,
        /// Where it works.
        system: &'static str,
    },
    /// Docker takes no such name.
    #[error("`{0}` is not a container name: letters, digits, `_`, `.` and `-`, as `docker ps` shows it")]
    ContainerName(String),
    /// A reference address that is none.
    #[error("the reference address `{0}` is not HOST:PORT, such as 192.168.1.1:80")]
    Reference(String),
    /// A file of certificates that cannot be used.
    #[error("{}: {fault}. {help}", path.display())]
    Certificates {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: CertificateFault,
        /// What to do.
        help: &'static str,
    },
    /// The HTTP or Docker client cannot be set up.
    #[error("the client cannot be set up: {0}")]
    Client(String),
}

/// A text that is never shown: not in a log, not in a report, not by `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` from being shown.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text, for the one request that needs it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The account of the functionality test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// Its e-mail address.
    pub email: String,
    /// Its password.
    pub password: Secret,
}

/// The SMS over HTTP.
#[derive(Debug, Clone)]
pub struct HttpTarget {
    /// Its address; the path ends with a slash, so that others can be joined to it.
    pub(crate) base: Url,
    /// How long one request may take, body included.
    pub timeout: Duration,
    /// A file of certificate authorities (PEM) that are trusted besides this PC's own.
    pub extra_ca: Option<PathBuf>,
    /// The account of the functionality test.
    pub login: Option<Login>,
    /// For a simulated SMS: how many times as fast as the clock on the wall it lives. It is believed the latencies
    /// that it says it would have had.
    pub simulated: Option<f64>,
}

impl HttpTarget {
    const TIMEOUT: Duration = Duration::from_secs(10);

    /// The SMS at `text`, such as `http://nas.local:8080`, with a timeout of 10 s and nothing else.
    ///
    /// # Errors
    /// [`TargetError::Url`]; the text is not quoted, as it may hold a password.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let mut base = Url::parse(text.trim()).map_err(|_| TargetError::Url("it is no URL"))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(TargetError::Url("it begins with neither http:// nor https://"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(TargetError::Url("it holds a user or a password, which have a place of their own"));
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(TargetError::Url("it has a `?` or `#`"));
        }
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        Ok(Self { base, timeout: Self::TIMEOUT, extra_ca: None, login: None, simulated: None })
    }

    /// Name or address; an IPv6 address without brackets.
    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']').to_owned()
    }
    /// The port, also where the address leaves it out.
    pub fn port(&self) -> u16 {
        // Both schemes that are taken have a port of their own.
        self.base.port_or_known_default().unwrap_or(80)
    }
}

/// How the Docker Engine is reached. Shown as its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DockerEndpoint {
    /// A socket on this PC.
    Unix(PathBuf),
    /// A named pipe on this PC.
    Pipe(String),
    /// TCP without encryption, as the simulated Engine speaks it.
    Plain {
        /// Name or address; an IPv6 address without brackets.
        host: String,
        /// The port.
        port: u16,
    },
    /// TCP with certificates on both sides.
    Tls {
        /// Name or address; an IPv6 address without brackets.
        host: String,
        /// The port.
        port: u16,
        /// The folder with `ca.pem`, `cert.pem` and `key.pem`. A `server.pem` in it pins the Engine's certificate, for
        /// NAS certificates that bear no name.
        certificates: PathBuf,
    },
    /// By SSH to the Engine's host.
    Ssh(SshTarget),
}

impl DockerEndpoint {
    /// Reads `unix://`, `npipe://`, `tcp://` and `ssh://` addresses. `tcp://` speaks TLS where there are `certificates`, the others
    /// have no use for them; `http://` is `tcp://` that never does.
    ///
    /// # Errors
    /// [`TargetError::Docker`]. The certificates are read only when the Engine is set up.
    pub fn parse(text: &str, certificates: Option<&Path>) -> Result<Self, TargetError> {
        let (address, certificates) = match text.strip_prefix("http://") {
            Some(rest) => (format!("tcp://{rest}"), None),
            None => (text.to_owned(), certificates),
        };
        Ok(match address.parse().map_err(TargetError::Docker)? {
            DockerAddress::Unix(path) => Self::Unix(path.into()),
            DockerAddress::Npipe(path) => Self::Pipe(path.replace('/', r"\")),
            DockerAddress::Tcp { host, port } => match certificates {
                Some(folder) => Self::Tls { host, port, certificates: folder.to_owned() },
                None => Self::Plain { host, port },
            },
            DockerAddress::Ssh { user, host, port, socket } => {
                Self::Ssh(SshTarget { socket, ..SshTarget::new(&user, &host, port) })
            }
        })
    }

    /// Host and port, where it is reached over the network (loopback included).
    pub fn address(&self) -> Option<(&str, u16)> {
        match self {
            Self::Unix(_) | Self::Pipe(_) => None,
            Self::Plain { host, port } | Self::Tls { host, port, .. } => Some((host, *port)),
            Self::Ssh(target) => Some((&target.host, target.port)),
        }
    }
}

impl fmt::Display for DockerEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = match self {
            Self::Unix(path) => DockerAddress::Unix(path.display().to_string()),
            Self::Pipe(path) => DockerAddress::Npipe(path.replace('\\', "/")),
            Self::Plain { host, port } | Self::Tls { host, port, .. } => {
                DockerAddress::Tcp { host: host.clone(), port: *port }
            }
            Self::Ssh(SshTarget { user, host, port, socket, .. }) => DockerAddress::Ssh {
                user: user.clone(),
                host: host.clone(),
                port: *port,
                socket: socket.clone(),
            },
        };
        address.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sms_is_addressed_as_a_browser_does_it() {
        for (text, base, host, port) in [
            ("http://nas.local:8080", "http://nas.local:8080/", "nas.local", 8080),
            ("https://Nas.local/sms", "https://nas.local/sms/", "nas.local", 443),
            (" http://[fd00::5]/ ", "http://[fd00::5]/", "fd00::5", 80),
            ("http://192.168.1.20:8080/", "http://192.168.1.20:8080/", "192.168.1.20", 8080),
        ] {
            let target = HttpTarget::parse(text).unwrap();
            assert_eq!((target.base.as_str(), target.host().as_str(), target.port()), (base, host, port));
        }
        for (text, says) in [
            ("nas.local:8080", "neither"),
            ("ftp://nas.local", "neither"),
            ("", "no URL"),
            ("http://", "no URL"),
            ("http://admin:hunter2@nas.local", "password"),
            ("http://nas.local/?token=hunter2", "`?`"),
        ] {
            let error = HttpTarget::parse(text).unwrap_err().to_string();
            assert!(error.contains(says) && !error.contains("hunter2"), "{text}: {error}");
        }
    }

    #[test]
    fn engines_are_addressed_by_socket_pipe_and_network() {
        let tls =
            |host: &str, port| DockerEndpoint::Tls { host: host.into(), port, certificates: "c".into() };
        let plain = |host: &str, port| DockerEndpoint::Plain { host: host.into(), port };
        for (text, certificates, endpoint, shown) in [
            ("unix:///run/docker.sock", true, DockerEndpoint::Unix("/run/docker.sock".into()), None),
            (
                "npipe:////./pipe/docker_engine",
                false,
                DockerEndpoint::Pipe(r"\\.\pipe\docker_engine".into()),
                None,
            ),
            ("tcp://nas.local:2376", true, tls("nas.local", 2376), None),
            ("tcp://[fd00::5]:2376", true, tls("fd00::5", 2376), None),
            ("tcp://127.0.0.1:2375", false, plain("127.0.0.1", 2375), None),
            (
                "ssh://admin@nas.local:2322/run/docker.sock",
                false,
                DockerEndpoint::Ssh(SshTarget {
                    socket: Some("/run/docker.sock".into()),
                    ..SshTarget::new("admin", "nas.local", 2322)
                }),
                None,
            ),
            ("http://127.0.0.1:2375", true, plain("127.0.0.1", 2375), Some("tcp://127.0.0.1:2375")),
        ] {
            let found = DockerEndpoint::parse(text, certificates.then_some("c".as_ref())).unwrap();
            assert_eq!(found, endpoint);
            assert_eq!(found.to_string(), shown.unwrap_or(text));
            assert_eq!(found.address().is_some(), text.contains(":23"));
        }
        assert!(matches!(DockerEndpoint::parse("nas.local", None), Err(TargetError::Docker(_))));
    }

    #[test]
    fn a_password_is_not_shown() {
        let mut target = HttpTarget::parse("http://nas.local").unwrap();
        target.login = Some(Login { email: "watch@sms.gr".into(), password: Secret::new("hunter2") });
        let shown = format!("{target:?}");
        assert!(shown.contains("[redacted]") && !shown.contains("hunter2"), "{shown}");
    }
}
