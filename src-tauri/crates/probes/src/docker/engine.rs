//! The Docker Engine as the probes ask it: bounded in time and size, with failures placed.

use std::{
    error::Error as StdError,
    io,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bollard::{API_DEFAULT_VERSION, BollardRequest, Docker, body_full};
use bytes::{Bytes, BytesMut};
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::BodyExt;
use hyper::{
    Method, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, DATE},
};
use serde_json::Value;
use tokio::time::{Instant, timeout};
use watchkeeper_core::{
    reading::{Failure, FailureKind, Place},
    redact::from_outside,
};

use super::wire::{SharedWire, Wire};
use crate::{
    cause::{Cause, Peer},
    network::{NetworkCheck, placed},
    target::{DockerEndpoint, TargetError},
};

/// The most bytes that are read of one answer; `docker inspect` gives some 10 KiB.
const BODY_CAP: usize = 1024 * 1024;
/// No offset between the clocks has been measured.
const UNMEASURED: i64 = i64::MIN;

/// One Docker Engine. Connects when first asked.
///
/// Reading goes over the wire directly and not through bollard, which reads bodies without bounds and refuses an
/// answer with one unknown word; bollard's client, over the same wire, is there for what acts.
#[derive(Debug)]
pub struct Engine {
    wire: SharedWire,
    docker: Docker,
    base: String,
    shown: String,
    peer: Peer,
    patience: Duration,
    network: Option<Arc<NetworkCheck>>,
    /// How much the Engine's clock is ahead of this PC's, in milliseconds.
    ahead: AtomicI64,
}

impl Engine {
    /// Sets up the way to `endpoint`; nothing is connected yet. `patience` bounds each call; `network` helps to place
    /// the failures of an Engine on the network.
    ///
    /// # Errors
    /// A [`TargetError`] for certificates that cannot be used, or a kind of socket that this system does not have.
    pub fn new(
        endpoint: &DockerEndpoint,
        patience: Duration,
        network: Option<Arc<NetworkCheck>>,
    ) -> Result<Self, TargetError> {
        let wire = Arc::new(Wire::new(endpoint, patience)?);
        let base = Wire::base(endpoint);
        let for_bollard = wire.clone();
        let docker = Docker::connect_with_custom_transport(
            move |request: BollardRequest| {
                let wire = for_bollard.clone();
                Box::pin(async move {
                    wire.send(request).await.map_err(|e| bollard::errors::Error::from(e.into_io()))
                })
            },
            Some(base.clone()),
            patience.as_secs().max(1),
            API_DEFAULT_VERSION,
        )
        .map_err(|e| TargetError::Client(e.to_string()))?;
        let local = endpoint.address().is_none();
        Ok(Self {
            wire,
            docker,
            base,
            shown: endpoint.to_string(),
            peer: Peer::of(endpoint),
            patience,
            network: network.filter(|_| !local),
            ahead: AtomicI64::new(UNMEASURED),
        })
    }

    /// bollard's client over the same connections.
    pub const fn docker(&self) -> &Docker {
        &self.docker
    }
    /// The Engine's address, for people.
    pub fn shown(&self) -> &str {
        &self.shown
    }
    pub(crate) const fn peer(&self) -> Peer {
        self.peer
    }
    /// Whether it is on this PC.
    pub(crate) fn is_local(&self) -> bool {
        self.peer == Peer::LocalEngine
    }
    /// Why it did not answer last time, where it did not.
    pub(crate) fn why(&self) -> Option<Cause> {
        self.wire.why()
    }
    /// A word on the way to it, where there is one.
    pub(crate) fn way_remark(&self) -> Option<String> {
        self.wire.how()
    }
    /// By how much its clock is ahead of this PC's, as its last answer told it to the second; `None` up to 2 s.
    pub(crate) fn clock_ahead_ms(&self) -> Option<i64> {
        match self.ahead.load(Ordering::Relaxed) {
            UNMEASURED | -2_000..=2_000 => None,
            ahead => Some(ahead),
        }
    }
    /// A word on its clock, where that is off from this PC's.
    pub(crate) fn clock_remark(&self) -> Option<String> {
        let ahead = self.clock_ahead_ms()?;
        Some(format!(
            "its clock is {} s {} this PC's",
            ahead.unsigned_abs() / 1_000,
            if ahead > 0 { "ahead of" } else { "behind" }
        ))
    }
    pub(crate) const fn patience(&self) -> Duration {
        self.patience
    }

    /// This PC's `time` by the Engine's clock.
    pub(crate) fn by_its_clock(&self, time: DateTime<Utc>) -> DateTime<Utc> {
        self.clock_ahead_ms().map_or(time, |ahead| time + TimeDelta::milliseconds(ahead))
    }

    /// The head of an answer with a good status; its body is still to be read.
    pub(crate) async fn open(&self, path: &str) -> Result<Response<Incoming>, Failure> {
        self.send(Method::GET, path, None, self.patience).await
    }

    /// Asks for something to be done, and gives `patience` to it. That it was so already is as good.
    pub(crate) async fn act(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        patience: Duration,
    ) -> Result<(), Failure> {
        let response = self.send(method, path, body, patience).await?;
        // What it says besides is not needed, but an answer that breaks off may be none.
        match timeout(self.patience, read(response, BODY_CAP)).await {
            Ok(Ok(_) | Err(ReadError::TooLarge)) => Ok(()),
            Ok(Err(ReadError::Broken(e))) => Err(self.broken(path, &e).await),
            Err(_) => Err(self.too_late(path).await),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        patience: Duration,
    ) -> Result<Response<Incoming>, Failure> {
        let what = || {
            format!("Docker Engine {} ({method} {})", self.shown, path.split('?').next().unwrap_or_default())
        };
        let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let request = hyper::Request::builder()
            .method(method.clone())
            .uri(format!("{}{path}", self.base))
            .header(CONTENT_TYPE, "application/json")
            .body(body_full(body))
            .map_err(|e| self.bad_answer(path, &e.to_string()))?;
        let response = match timeout(patience, self.wire.send(request)).await {
            Ok(Ok(response)) => response,
            Ok(Err(e)) => return Err(placed(&e.cause(), self.peer, &what(), self.network.as_deref()).await),
            Err(_) => return Err(placed(&Cause::Timeout, self.peer, &what(), self.network.as_deref()).await),
        };
        self.look_at_its_clock(&response);
        if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        Err(self.refused(response, &what()).await)
    }

    /// A whole JSON answer and how many milliseconds it took.
    pub(crate) async fn json(&self, path: &str) -> Result<(Value, f64), Failure> {
        let from = Instant::now();
        let response = self.open(path).await?;
        let rest = self.patience.saturating_sub(from.elapsed());
        let body = match timeout(rest, read(response, BODY_CAP)).await {
            Ok(Ok(body)) => body,
            Ok(Err(ReadError::TooLarge)) => {
                return Err(Failure {
                    place: Place::DockerEngine,
                    kind: FailureKind::TooLarge,
                    message: format!(
                        "{}: the answer to {path} is larger than {} KiB",
                        self.shown,
                        BODY_CAP / 1024
                    ),
                });
            }
            Ok(Err(ReadError::Broken(e))) => return Err(self.broken(path, &e).await),
            Err(_) => {
                return Err(placed(&Cause::Timeout, self.peer, &self.shown, self.network.as_deref()).await);
            }
        };
        let value = serde_json::from_slice(&body).map_err(|e| self.bad_answer(path, &e.to_string()))?;
        Ok((value, from.elapsed().as_secs_f64() * 1_000.0))
    }

    /// Asks the Engine for a sign of life.
    pub(crate) async fn ping(&self) -> Result<(), Failure> {
        let response = self.open("/_ping").await?;
        match timeout(self.patience, read(response, BODY_CAP)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(placed(&Cause::Broken, self.peer, &self.shown, self.network.as_deref()).await),
            Err(_) => Err(placed(&Cause::Timeout, self.peer, &self.shown, self.network.as_deref()).await),
        }
    }

    /// The failure of a body that broke off.
    pub(crate) async fn broken(&self, path: &str, error: &hyper::Error) -> Failure {
        let what =
            format!("Docker Engine {} (GET {})", self.shown, path.split('?').next().unwrap_or_default());
        placed(&Cause::of(error, false), self.peer, &what, self.network.as_deref()).await
    }
    /// The failure of an answer that did not come in time.
    pub(crate) async fn too_late(&self, what: &str) -> Failure {
        placed(
            &Cause::Timeout,
            self.peer,
            &format!("Docker Engine {} ({what})", self.shown),
            self.network.as_deref(),
        )
        .await
    }
    pub(crate) fn bad_answer(&self, path: &str, why: &str) -> Failure {
        Failure {
            place: Place::DockerEngine,
            kind: FailureKind::BadAnswer,
            message: from_outside(
                &format!(
                    "Docker Engine {}: the answer to {path} is not what it should be: {why}",
                    self.shown
                ),
                Failure::MOST_OF_A_MESSAGE,
            ),
        }
    }

    async fn refused(&self, response: Response<Incoming>, what: &str) -> Failure {
        let status = response.status();
        let body = match timeout(self.patience, read(response, BODY_CAP)).await {
            Ok(Ok(body)) => body,
            _ => Bytes::new(),
        };
        let said = serde_json::from_slice::<Value>(&body)
            .ok()
            .and_then(|v| Some(v.get("message")?.as_str()?.to_owned()));
        let said = said.unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned());
        let said = from_outside(said.trim(), Failure::MOST_OF_A_MESSAGE);
        let (place, kind) = match status {
            StatusCode::NOT_FOUND if said.to_lowercase().contains("no such container") => {
                (Place::Container, FailureKind::NoContainer)
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => (Place::DockerEngine, FailureKind::Denied),
            _ => (Place::DockerEngine, FailureKind::Status(status.as_u16())),
        };
        Failure { place, kind, message: format!("{what} answered {}: {said}", status.as_u16()) }
    }

    /// The Engine stamps each answer with its clock, to the second.
    fn look_at_its_clock(&self, response: &Response<Incoming>) {
        let date = response.headers().get(DATE).and_then(|v| v.to_str().ok());
        if let Some(date) = date.and_then(|d| DateTime::parse_from_rfc2822(d).ok()) {
            let ahead = (date.with_timezone(&Utc) - Utc::now()).num_milliseconds() + 500;
            self.ahead.store(ahead, Ordering::Relaxed);
        }
    }
}

/// Why a request over the wire got no response.
#[derive(Debug)]
pub(super) struct WireError {
    source: Box<dyn StdError + Send + Sync>,
    connecting: bool,
}

impl WireError {
    pub(super) fn connecting(error: io::Error) -> Self {
        Self { source: Box::new(error), connecting: true }
    }
    pub(super) fn connected(error: hyper::Error) -> Self {
        Self { source: Box::new(error), connecting: false }
    }
    pub(super) fn pooled(error: hyper_util::client::legacy::Error) -> Self {
        Self { connecting: error.is_connect(), source: Box::new(error) }
    }
    pub(super) fn cause(&self) -> Cause {
        Cause::of(self.source.as_ref(), self.connecting)
    }
    fn into_io(self) -> io::Error {
        io::Error::other(self.source)
    }
}

enum ReadError {
    TooLarge,
    Broken(hyper::Error),
}

async fn read(response: Response<Incoming>, cap: usize) -> Result<Bytes, ReadError> {
    let mut body = response.into_body();
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(ReadError::Broken)?.into_data() else { continue };
        if whole.len() + data.len() > cap {
            return Err(ReadError::TooLarge);
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}
