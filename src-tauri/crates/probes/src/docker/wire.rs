//! The connection to the Engine, by socket, pipe, TCP, TLS or SSH.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bollard::BollardRequest;
use bytes::Bytes;
use futures_util::Stream;
use http_body_util::{Either, Full, StreamBody};
use hyper::{
    Response, Uri,
    body::{Frame, Incoming},
    header::HOST,
    http::HeaderValue,
};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{
    engine::WireError,
    ssh::{Dialer, Ssh},
};
use crate::{
    cause::Cause,
    target::{DockerEndpoint, TargetError, engine_tls},
};

/// An attempt to connect takes no longer.
const CONNECT: Duration = Duration::from_secs(5);

/// The body of bollard's requests, which bollard itself does not name.
pub(super) type Body =
    Either<Full<Bytes>, StreamBody<Pin<Box<dyn Stream<Item = io::Result<Frame<Bytes>>> + Send>>>>;

/// How requests travel, and why the last one did not.
#[derive(Debug)]
pub(super) struct Wire {
    way: Way,
    why: Mutex<Option<Cause>>,
}

/// Network connections are kept alive and shared; a local socket is opened per request, which costs next to nothing.
#[derive(Debug)]
enum Way {
    #[cfg(unix)]
    Unix(std::path::PathBuf),
    #[cfg(windows)]
    Pipe(String),
    Plain(Client<HttpConnector, Body>),
    Tls(Client<HttpsConnector<HttpConnector>, Body>),
    Ssh(Client<Dialer, Body>, Arc<Ssh>),
}

impl Wire {
    /// Sets up the way to `endpoint`; nothing is connected yet. `patience` bounds each request.
    pub(super) fn new(endpoint: &DockerEndpoint, patience: Duration) -> Result<Self, TargetError> {
        Ok(Self { way: Way::new(endpoint, patience)?, why: Mutex::default() })
    }

    /// The address that requests are made out to; a socket, a pipe or SSH has none, and any name does.
    pub(super) fn base(endpoint: &DockerEndpoint) -> String {
        let (scheme, host, port) = match endpoint {
            DockerEndpoint::Tls { host, port, .. } => ("https", host, port),
            DockerEndpoint::Plain { host, port } => ("http", host, port),
            _ => return "http://docker".to_owned(),
        };
        if host.contains(':') {
            format!("{scheme}://[{host}]:{port}")
        } else {
            format!("{scheme}://{host}:{port}")
        }
    }

    /// Sends one request; answers with the head of the response.
    pub(super) async fn send(&self, request: BollardRequest) -> Result<Response<Incoming>, WireError> {
        *self.last() = None;
        let sent = self.way.send(request).await;
        if let Err(e) = &sent {
            *self.last() = Some(e.cause());
        }
        sent
    }

    /// Why the last request was not answered, where it was not.
    pub(super) fn why(&self) -> Option<Cause> {
        self.last().clone()
    }

    /// What is to be said of the way, where it is up.
    pub(super) fn how(&self) -> Option<String> {
        match &self.way {
            Way::Ssh(_, ssh) => ssh.how(),
            _ => None,
        }
    }

    fn last(&self) -> MutexGuard<'_, Option<Cause>> {
        self.why.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Way {
    fn new(endpoint: &DockerEndpoint, patience: Duration) -> Result<Self, TargetError> {
        let connect_timeout = (patience / 2).min(CONNECT);
        let wrong = |system| TargetError::WrongSystem { text: endpoint.to_string(), system };
        match endpoint {
            #[cfg(unix)]
            DockerEndpoint::Unix(path) => Ok(Self::Unix(path.clone())),
            #[cfg(not(unix))]
            DockerEndpoint::Unix(_) => Err(wrong("Linux and macOS")),
            #[cfg(windows)]
            DockerEndpoint::Pipe(path) => Ok(Self::Pipe(path.clone())),
            #[cfg(not(windows))]
            DockerEndpoint::Pipe(_) => Err(wrong("Windows")),
            DockerEndpoint::Plain { .. } => Ok(Self::Plain(pooled(tcp(connect_timeout)))),
            DockerEndpoint::Tls { certificates, .. } => {
                let mut tcp = tcp(connect_timeout);
                tcp.enforce_http(false);
                let tls = hyper_rustls::HttpsConnectorBuilder::new()
                    .with_tls_config(engine_tls(certificates)?)
                    .https_only()
                    .enable_http1()
                    .wrap_connector(tcp);
                Ok(Self::Tls(pooled(tls)))
            }
            DockerEndpoint::Ssh(target) => {
                // Sooner than the request is given up, so that it is told why.
                let ssh = Arc::new(Ssh::new(target.clone(), connect_timeout, patience.mul_f64(0.9)));
                Ok(Self::Ssh(pooled(Dialer(ssh.clone())), ssh))
            }
        }
    }

    async fn send(&self, request: BollardRequest) -> Result<Response<Incoming>, WireError> {
        match self {
            Self::Plain(client) => client.request(request).await.map_err(WireError::pooled),
            Self::Tls(client) => client.request(request).await.map_err(WireError::pooled),
            Self::Ssh(client, _) => client.request(request).await.map_err(WireError::pooled),
            #[cfg(unix)]
            Self::Unix(path) => {
                let stream = tokio::net::UnixStream::connect(path).await.map_err(WireError::connecting)?;
                over(stream, request).await
            }
            #[cfg(windows)]
            Self::Pipe(path) => over(open_pipe(path).await.map_err(WireError::connecting)?, request).await,
        }
    }
}

fn tcp(connect_timeout: Duration) -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(connect_timeout));
    // A NAS that lost its power says no goodbye: half a minute, and the event stream is known to be dead.
    tcp.set_keepalive(Some(Duration::from_secs(15)));
    tcp.set_keepalive_interval(Some(Duration::from_secs(5)));
    tcp.set_keepalive_retries(Some(3));
    tcp
}

fn pooled<C>(connector: C) -> Client<C, Body>
where
    C: hyper_util::client::legacy::connect::Connect + Clone,
{
    Client::builder(TokioExecutor::new())
        .pool_timer(hyper_util::rt::TokioTimer::new())
        // Longer than the routine's interval; dockerd itself closes idle connections late.
        .pool_idle_timeout(Duration::from_secs(75))
        .pool_max_idle_per_host(4)
        .build(connector)
}

/// One request over a connection of its own, which ends with the response's body.
async fn over<S>(stream: S, mut request: BollardRequest) -> Result<Response<Incoming>, WireError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(WireError::connected)?;
    tokio::spawn(connection);
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str()).parse::<Uri>();
    if let Ok(path) = path {
        *request.uri_mut() = path;
    }
    request.headers_mut().insert(HOST, HeaderValue::from_static("docker"));
    sender.send_request(request).await.map_err(WireError::connected)
}

#[cfg(windows)]
async fn open_pipe(path: &str) -> std::io::Result<tokio::net::windows::named_pipe::NamedPipeClient> {
    /// ERROR_PIPE_BUSY: all instances are taken for the moment.
    const BUSY: i32 = 231;
    loop {
        match tokio::net::windows::named_pipe::ClientOptions::new().open(path) {
            Err(e) if e.raw_os_error() == Some(BUSY) => tokio::time::sleep(Duration::from_millis(50)).await,
            other => return other,
        }
    }
}

/// Keeps a wire for bollard and for the probes at once.
pub(super) type SharedWire = Arc<Wire>;
