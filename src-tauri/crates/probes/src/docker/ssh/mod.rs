//! The way to an Engine by SSH: one connection to its host, shared by all requests.

mod agent;
mod command;
mod key_file;
mod login;
mod stream;
mod tunnel;

use std::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use hyper::Uri;
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, timeout_at};
use tower_service::Service;

use crate::{cause::Cause, target::SshTarget};
use stream::Stream;
use tunnel::{OpenError, Tunnel};

/// The one connection to a host, made when it is first needed and again when it was lost.
#[derive(Debug)]
pub(super) struct Ssh {
    target: Arc<SshTarget>,
    /// How long it may take to reach the host.
    connect: Duration,
    /// How long it may take until a request can be sent.
    patience: Duration,
    state: Mutex<State>,
}

type Made = Result<Arc<Tunnel>, Cause>;
type Making = Shared<BoxFuture<'static, Made>>;

enum State {
    Nothing,
    /// Being made, for all who wait for it.
    Making(Making),
    Up(Arc<Tunnel>),
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Making(_) => "being made",
            Self::Up(_) => "up",
        })
    }
}

/// Why there is no stream to the Engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DialError(pub(crate) Cause);

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the Engine is not reached by SSH")
    }
}

impl Error for DialError {}

impl Ssh {
    pub(super) fn new(target: SshTarget, connect: Duration, patience: Duration) -> Self {
        Self { target: Arc::new(target), connect, patience, state: Mutex::new(State::Nothing) }
    }

    /// How the Engine is reached, for people; `None` while there is no connection.
    pub(super) fn how(&self) -> Option<String> {
        match &*self.state() {
            State::Up(tunnel) => Some(tunnel.how()),
            _ => None,
        }
    }

    /// A stream to the Engine.
    async fn open(&self) -> Result<Stream, Cause> {
        let until = Instant::now() + self.patience;
        for last in [false, true] {
            let tunnel = self.tunnel().await?;
            match timeout_at(until, tunnel.open()).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(OpenError::Fault(fault))) => return Err(Cause::Ssh(fault)),
                // It was lost in this moment; another one is made, once.
                Ok(Err(OpenError::Lost)) if !last => tunnel.end().await,
                Ok(Err(OpenError::Lost)) => return Err(Cause::Broken),
                Err(_) => return Err(Cause::Timeout),
            }
        }
        Err(Cause::Broken)
    }

    /// The connection: the one that is there, or the one that is being made for everybody.
    async fn tunnel(&self) -> Made {
        let making = {
            let mut state = self.state();
            match &*state {
                State::Up(tunnel) if tunnel.is_up() => return Ok(tunnel.clone()),
                State::Making(making) if making.peek().is_none() => making.clone(),
                // Everybody who waited for it had given up.
                State::Making(making)
                    if making.peek().is_some_and(|m| m.as_ref().is_ok_and(|t| t.is_up())) =>
                {
                    making.clone()
                }
                _ => {
                    let making = self.make();
                    *state = State::Making(making.clone());
                    making
                }
            }
        };
        let made = making.clone().await;
        let mut state = self.state();
        if matches!(&*state, State::Making(current) if current.ptr_eq(&making)) {
            *state = made.as_ref().map_or(State::Nothing, |tunnel| State::Up(tunnel.clone()));
        }
        made
    }

    /// On a task of its own: a request that is given up takes nothing from the others.
    fn make(&self) -> Making {
        let made = Tunnel::make(self.target.clone(), self.connect, self.patience);
        let task = tokio::spawn(made);
        async move { task.await.unwrap_or(Err(Cause::Broken)).map(Arc::new) }.boxed().shared()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens streams for the client that keeps and shares them.
#[derive(Debug, Clone)]
pub(super) struct Dialer(pub(super) Arc<Ssh>);

impl Service<Uri> for Dialer {
    type Response = TokioIo<Stream>;
    type Error = DialError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, DialError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DialError>> {
        Poll::Ready(Ok(()))
    }
    fn call(&mut self, _: Uri) -> Self::Future {
        let ssh = self.0.clone();
        Box::pin(async move { ssh.open().await.map(TokioIo::new).map_err(DialError) })
    }
}
