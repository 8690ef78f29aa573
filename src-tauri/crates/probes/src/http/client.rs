//! One bounded HTTP request: in time, in size, in redirects.

use std::{
    error::Error,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use reqwest::{
    Certificate, Client, ClientBuilder, RequestBuilder, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HeaderName, RETRY_AFTER},
    redirect::{Attempt, Policy},
};
use tokio::time::Instant;
use url::Url;
use watchkeeper_core::{
    reading::{Answer, Failure, FailureKind, Place, Source},
    redact::from_outside,
};

use super::{limits::Limits, retry_after};
use crate::{
    cause::{Cause, Peer},
    network::{NetworkCheck, placed},
    target::{HttpTarget, TargetError, extra_roots},
};

/// The most bytes that are read of one answer.
pub(crate) const BODY_CAP: usize = 1024 * 1024;
/// The most redirects that are followed, all of them on the same host.
const REDIRECTS: usize = 3;
/// No attempt to connect takes longer, so that a missing host is told from a hanging application.
const CONNECT: Duration = Duration::from_secs(5);
/// The latency that the simulated deployment would have had.
const SIMULATED_LATENCY: HeaderName = HeaderName::from_static("x-simulated-latency-ms");

/// A client for one SMS, shared by its probes: connections are kept alive between them.
#[derive(Debug)]
pub struct HttpClient {
    client: Client,
    /// For what is sent and not asked for: a login goes where the configuration says, and nowhere else.
    steady: Client,
    base: Url,
    network: Arc<NetworkCheck>,
    simulated: Option<f64>,
    limits: Mutex<Limits>,
}

/// An answer of any status, read whole.
pub(crate) struct Fetched {
    /// Where it came from, after redirects.
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) content_type: String,
    /// How long not to ask again, with 429 and 503.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Vec<u8>,
    pub(crate) took_ms: f64,
}

/// No answer, or none that can be used.
#[derive(Debug)]
pub(crate) struct Missed {
    pub(crate) took_ms: Option<f64>,
    pub(crate) failure: Failure,
}

impl HttpClient {
    /// Sets up a client; nothing is connected yet. No proxy is used: the NAS stands on the own network.
    ///
    /// # Errors
    /// A [`TargetError`] for a certificate authority's file that cannot be used.
    pub fn new(target: &HttpTarget, network: Arc<NetworkCheck>) -> Result<Self, TargetError> {
        // reqwest takes the process's TLS provider; the programs install it, tests and others may not have.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut extra = Vec::new();
        if let Some(path) = &target.extra_ca {
            for der in extra_roots(path)? {
                extra.push(Certificate::from_der(&der).map_err(|e| TargetError::Client(chain(&e)))?);
            }
        }
        let builder = |redirects| {
            Client::builder()
                .user_agent(concat!("sms-watchkeeper/", env!("CARGO_PKG_VERSION")))
                .no_proxy()
                .timeout(target.timeout)
                .connect_timeout((target.timeout / 2).min(CONNECT))
                // Longer than the routine's interval up to a minute: the next round finds the connection open.
                .pool_idle_timeout(Duration::from_secs(75))
                .pool_max_idle_per_host(8)
                // A NAS that lost its power says no goodbye: half a minute, and its connections are known to be dead.
                .tcp_keepalive(Duration::from_secs(15))
                .tcp_keepalive_interval(Duration::from_secs(5))
                .tcp_keepalive_retries(3)
                .redirect(redirects)
        };
        let client =
            |redirects: fn() -> Policy| match builder(redirects()).tls_certs_merge(extra.clone()).build() {
                Ok(client) => Ok(client),
                // A system without any certificates: no matter where there is nothing to verify with them.
                Err(_) if target.base.scheme() == "http" => {
                    finish(builder(redirects()).tls_certs_only(extra.clone()))
                }
                Err(e) => Err(TargetError::Client(chain(&e))),
            };
        let (client, steady) = (client(|| Policy::custom(follow))?, client(Policy::none)?);
        Ok(Self {
            client,
            steady,
            base: target.base.clone(),
            network,
            simulated: target.simulated,
            limits: Mutex::default(),
        })
    }

    /// The address of `path` (without a leading slash) under the SMS's base.
    pub(crate) fn url(&self, path: &str) -> Url {
        // A relative path of ASCII letters always joins; the base is what is left if it ever did not.
        self.base.join(path).unwrap_or_else(|_| self.base.clone())
    }
    pub(crate) const fn base(&self) -> &Url {
        &self.base
    }
    /// How many times as fast as the clock on the wall the deployment lives.
    pub(crate) fn speed(&self) -> f64 {
        self.simulated.unwrap_or(1.0).max(1.0)
    }
    pub(crate) fn request(&self, method: reqwest::Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    pub(crate) async fn get(&self, url: Url, accept: &'static str) -> Result<Fetched, Missed> {
        let answer = self.send(self.request(reqwest::Method::GET, url).header(ACCEPT, accept)).await;
        if let Some(limited) = answer.as_ref().ok().filter(|fetched| fetched.status == 429) {
            self.limits().refused(limited.retry_after, Instant::now());
        }
        answer
    }

    /// Asks for JSON at `path`; `None` where the SMS's own limits forbid it for now, or its answer was that they do. That is
    /// no failure of the deployment, and no sight of it either.
    pub(crate) async fn read(&self, path: &'static str) -> Option<Result<Fetched, Missed>> {
        if !self.may_ask(path) {
            return None;
        }
        let answer = self.get(self.url(path), "application/json").await;
        Some(answer).filter(|a| !a.as_ref().is_ok_and(|fetched| fetched.status == 429))
    }

    /// Whether the SMS's own limits allow a request for `what` now; if so, it counts as made.
    pub(crate) fn may_ask(&self, what: &'static str) -> bool {
        // The simulated SMS lives at a pace at which a minute of the wall's clock is nothing.
        self.simulated.is_some() || self.limits().allow(what, Instant::now())
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a request and reads the answer whole, whatever its status.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Fetched, Missed> {
        let request = match request.build() {
            Ok(request) => request,
            Err(e) => return Err(bad_answer(None, &format!("cannot be asked: {}", chain(&e)))),
        };
        let asked = format!("{} {}", request.method(), request.url());
        let from = Instant::now();
        let took = || from.elapsed().as_secs_f64() * 1_000.0;

        let client = if request.method() == reqwest::Method::POST { &self.steady } else { &self.client };
        let mut response = match client.execute(request).await {
            Ok(response) => response,
            Err(e) => return Err(self.missed(&e, &asked, took()).await),
        };
        let too_large = |took| Missed {
            took_ms: Some(took),
            failure: Failure {
                place: Place::Application,
                kind: FailureKind::TooLarge,
                message: format!("{asked}: the answer is larger than {} KiB", BODY_CAP / 1024),
            },
        };
        if response.content_length().is_some_and(|n| n > BODY_CAP as u64) {
            return Err(too_large(took()));
        }
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > BODY_CAP => return Err(too_large(took())),
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(e) => return Err(self.missed(&e, &asked, took()).await),
            }
        }
        let header = |name: HeaderName| {
            response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
        };
        let simulated = self.simulated.and_then(|_| header_ms(&header(SIMULATED_LATENCY)));
        Ok(Fetched {
            url: response.url().clone(),
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE).to_ascii_lowercase(),
            retry_after: retry_after::parse(&header(RETRY_AFTER)),
            body,
            took_ms: simulated.unwrap_or_else(took),
        })
    }

    async fn missed(&self, error: &reqwest::Error, asked: &str, took: f64) -> Missed {
        if let Some(refused) = refused_redirect(error) {
            return bad_answer(Some(took), &format!("{asked}: {refused}"));
        }
        let cause = match (error.is_connect(), error.is_timeout()) {
            (true, true) => Cause::ConnectTimeout,
            (false, true) => Cause::Timeout,
            (connecting, false) => Cause::of(error, connecting),
        };
        Missed { took_ms: Some(took), failure: placed(&cause, Peer::Sms, asked, Some(&self.network)).await }
    }
}

impl Fetched {
    /// Whether the status is 2xx.
    pub(crate) fn is_success(&self) -> bool {
        StatusCode::from_u16(self.status).is_ok_and(|s| s.is_success())
    }
    /// Whether the body is a page rather than data.
    pub(crate) fn is_html(&self) -> bool {
        let start: Vec<u8> = self.body.iter().copied().skip_while(u8::is_ascii_whitespace).take(9).collect();
        self.content_type.contains("text/html")
            || start.eq_ignore_ascii_case(b"<!doctype")
            || start.get(..5).is_some_and(|s| s.eq_ignore_ascii_case(b"<html"))
    }
    /// The body as JSON, where the status is good.
    pub(crate) fn json(&self) -> Result<serde_json::Value, Missed> {
        self.good()?;
        if self.is_html() {
            return Err(self.bad_page());
        }
        serde_json::from_slice(&self.body)
            .map_err(|e| self.bad(&format!("answered with what is no JSON ({e})")))
    }
    /// Nothing where the status is good.
    pub(crate) fn good(&self) -> Result<(), Missed> {
        if self.is_success() { Ok(()) } else { Err(self.bad_status()) }
    }
    pub(crate) fn bad_status(&self) -> Missed {
        let said = super::envelope::error_message(&self.body).map(|m| format!(" ({m})")).unwrap_or_default();
        let name =
            StatusCode::from_u16(self.status).ok().and_then(|s| s.canonical_reason()).unwrap_or_default();
        Missed {
            took_ms: Some(self.took_ms),
            failure: Failure {
                place: Place::Application,
                kind: FailureKind::Status(self.status),
                message: from_outside(
                    format!("{} answered {} {name}{said}", self.url, self.status).trim_end(),
                    Failure::MOST_OF_A_MESSAGE,
                ),
            },
        }
    }
    pub(crate) fn bad_page(&self) -> Missed {
        self.bad("answered with a page where data is expected (a login page, or another program?)")
    }
    pub(crate) fn bad(&self, what: &str) -> Missed {
        bad_answer(Some(self.took_ms), &format!("{} {what}", self.url))
    }
}

impl Missed {
    pub(crate) fn into_answer(self, source: Source) -> Answer {
        Answer::failure(source, self.took_ms, self.failure.place, self.failure.kind, self.failure.message)
    }
}

pub(crate) fn bad_answer(took_ms: Option<f64>, message: &str) -> Missed {
    let message = from_outside(message, Failure::MOST_OF_A_MESSAGE);
    Missed { took_ms, failure: Failure { place: Place::Application, kind: FailureKind::BadAnswer, message } }
}

fn header_ms(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|ms| ms.is_finite() && *ms >= 0.0)
}

fn finish(builder: ClientBuilder) -> Result<Client, TargetError> {
    builder.build().map_err(|e| TargetError::Client(chain(&e)))
}

/// Why a redirect is not followed.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("redirected more than {REDIRECTS} times")]
    TooMany,
    #[error(
        "redirected to another host ({0}); write that address into the configuration if it is the right one"
    )]
    OtherHost(String),
    #[error("redirected from https to http")]
    Downgrade,
}

fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let Some(from) = attempt.previous().last() else { return attempt.stop() };
    let to = attempt.url();
    let refused = if attempt.previous().len() > REDIRECTS {
        Refused::TooMany
    } else if to.host_str() != from.host_str() || !same_door(from, to) {
        let port = to.port().map_or_else(String::new, |port| format!(":{port}"));
        Refused::OtherHost(format!("{}{port}", to.host_str().unwrap_or_default()))
    } else if from.scheme() == "https" && to.scheme() != "https" {
        Refused::Downgrade
    } else {
        return attempt.follow();
    };
    attempt.error(refused)
}

/// The same port, or from http's own to https's own.
fn same_door(from: &Url, to: &Url) -> bool {
    let ports = (from.port_or_known_default(), to.port_or_known_default());
    ports.0 == ports.1 || ports == (Some(80), Some(443))
}

fn refused_redirect(error: &reqwest::Error) -> Option<&Refused> {
    let mut next = error.source();
    while let Some(part) = next {
        if let Some(refused) = part.downcast_ref::<Refused>() {
            return Some(refused);
        }
        next = part.source();
    }
    None
}

/// An error with all that lies under it, on one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(part) = next {
        text.push_str(": ");
        text.push_str(&part.to_string());
        next = part.source();
    }
    text
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({} bytes)", self.url, self.status, self.body.len())
    }
}
