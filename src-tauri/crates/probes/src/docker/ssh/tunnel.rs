//! A connection to the host, and the streams that it opens to the Engine.

#![allow(clippy::result_large_err, reason = "a fault is met once a connection, not once a request")]

use std::{
    borrow::Cow,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use russh::{
    Disconnect, Preferred,
    client::{Config, Handle, Handler},
    keys::PublicKeyOrCertificate,
};
use tokio::{
    net::{TcpStream, lookup_host},
    sync::Semaphore,
    time::{Instant, timeout_at},
};
use watchkeeper_core::config::DockerAddress;

use super::{
    command::command,
    login::log_in,
    stream::{Running, Stream},
};
use crate::{cause::Cause, host_key::Known, ssh_words::SshFault, target::SshTarget};

/// After this long without a word from the host it is asked for one, three times; then it is gone.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// Sessions at once. sshd allows ten (MaxSessions) and counts one for a moment longer than its command runs.
const SESSIONS: usize = 5;
/// Where the host allows fewer, so many fewer are asked for, for this long.
const REFUSED_FOR: Duration = Duration::from_secs(5);

/// A connection to the host, logged in.
pub(super) struct Tunnel {
    handle: Handle<Guard>,
    target: Arc<SshTarget>,
    host_key: String,
    sessions: Arc<Semaphore>,
    /// One was opened: the host refuses another one only for a while.
    bears_sessions: AtomicBool,
    /// The host does not forward to the socket, but its `docker` does; shared with the streams, which prove it.
    by_command: Arc<AtomicBool>,
}

/// Why a stream was not opened.
pub(super) enum OpenError {
    /// The connection is gone.
    Lost,
    Fault(SshFault),
}

impl std::fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tunnel").field("target", &self.target).finish_non_exhaustive()
    }
}

/// Looks at the host's key before anything else is said.
struct Guard {
    known: Known,
    seen: Arc<Mutex<Seen>>,
}

/// What the guard saw.
#[derive(Default)]
enum Seen {
    #[default]
    Nothing,
    /// A key that is known, for people.
    Known(String),
    Fault(SshFault),
}

impl Handler for Guard {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let key = shown.public_key();
        let judged = self.known.judge(&key);
        let known = judged.is_ok();
        let fingerprint = key.fingerprint(russh::keys::HashAlg::Sha256).to_string();
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = match judged {
            Ok(()) => Seen::Known(fingerprint),
            Err(fault) => Seen::Fault(fault),
        };
        Ok(known)
    }
}

impl Tunnel {
    /// Connects, looks whether it is the right host, and logs in.
    pub(super) async fn make(
        target: Arc<SshTarget>,
        connect: Duration,
        patience: Duration,
    ) -> Result<Self, Cause> {
        let begun = Instant::now();
        let until = begun + patience;
        let known = {
            let target = target.clone();
            // On a home folder that does not answer it is waited for no longer than for the host.
            let read = tokio::task::spawn_blocking(move || Known::read(&target));
            match timeout_at(until, read).await {
                Ok(read) => read.map_err(|_| Cause::Broken)?.map_err(Cause::Ssh)?,
                Err(_) => return Err(Cause::Timeout),
            }
        };
        let tcp = tcp(&target, begun + connect).await?;
        let preferred = Preferred { key: Cow::Owned(known.preferred()), ..Preferred::default() };
        let config =
            Config { preferred, keepalive_interval: Some(KEEP_ALIVE), keepalive_max: 2, ..Config::default() };
        let seen = Arc::new(Mutex::new(Seen::Nothing));
        let guard = Guard { known, seen: seen.clone() };
        let connected = timeout_at(until, russh::client::connect_stream(Arc::new(config), tcp, guard)).await;
        let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
        let (mut handle, host_key) = match (connected, seen) {
            (_, Seen::Fault(fault)) => return Err(Cause::Ssh(fault)),
            (Ok(Ok(handle)), Seen::Known(key)) => (handle, key),
            (Ok(Ok(_)), Seen::Nothing) => return Err(Cause::Broken),
            (Ok(Err(error)), seen) => return Err(not_connected(&error, matches!(seen, Seen::Nothing))),
            (Err(_), _) => return Err(Cause::Timeout),
        };
        match timeout_at(until, log_in(&mut handle, &target)).await {
            Ok(done) => done.map_err(Cause::Ssh)?,
            Err(_) => return Err(Cause::Timeout),
        }
        Ok(Self {
            handle,
            target,
            host_key,
            sessions: Arc::new(Semaphore::new(SESSIONS)),
            bears_sessions: AtomicBool::new(false),
            by_command: Arc::default(),
        })
    }

    pub(super) fn is_up(&self) -> bool {
        !self.handle.is_closed()
    }

    /// How the Engine is reached, for people.
    pub(super) fn how(&self) -> String {
        let way = if self.by_command.load(Ordering::Relaxed) {
            "by SSH through `docker system dial-stdio`"
        } else {
            "by SSH to its socket"
        };
        format!("{way}; host key {}", self.host_key)
    }

    /// Ends it for good.
    pub(super) async fn end(&self) {
        // Where it is gone already there is nobody to say it to.
        let _ = self.handle.disconnect(Disconnect::ByApplication, "", "").await;
    }

    /// A stream to the Engine.
    pub(super) async fn open(&self) -> Result<Stream, OpenError> {
        if !self.by_command.load(Ordering::Relaxed) {
            match self.handle.channel_open_direct_streamlocal(self.socket()).await {
                Ok(channel) => return Ok(Stream::Forwarded(channel.into_stream())),
                // "Forbidden" and "no such socket" look alike: the command tells which it is.
                Err(russh::Error::ChannelOpenFailure(_)) => {}
                Err(_) => return Err(OpenError::Lost),
            }
        }
        self.run().await
    }

    /// A stream through the host's own `docker`.
    async fn run(&self) -> Result<Stream, OpenError> {
        let mut refusals = 0;
        loop {
            let permit = self.sessions.clone().acquire_owned().await.map_err(|_| OpenError::Lost)?;
            let channel = match self.handle.channel_open_session().await {
                Ok(channel) => channel,
                Err(russh::Error::ChannelOpenFailure(_)) if self.bears_sessions.load(Ordering::Relaxed) => {
                    // This host allows fewer, or is about to end one: the next one waits for its turn.
                    tokio::spawn(async move {
                        tokio::time::sleep(REFUSED_FOR).await;
                        drop(permit);
                    });
                    continue;
                }
                // The first ones may be on their way still.
                Err(russh::Error::ChannelOpenFailure(_)) if refusals < 3 => {
                    refusals += 1;
                    continue;
                }
                Err(russh::Error::ChannelOpenFailure(_)) => {
                    return Err(OpenError::Fault(SshFault::NoCommands("it opens no session".into())));
                }
                Err(_) => return Err(OpenError::Lost),
            };
            self.bears_sessions.store(true, Ordering::Relaxed);
            let words = command(&self.target, self.socket());
            if channel.exec(true, words).await.is_err() {
                return Err(OpenError::Lost);
            }
            let running = Running::new(channel, permit, &self.target, self.socket(), self.by_command.clone());
            return Ok(Stream::Running(running));
        }
    }

    fn socket(&self) -> &str {
        self.target.socket.as_deref().unwrap_or(DockerAddress::SOCKET)
    }
}

/// A connection to the port.
async fn tcp(target: &SshTarget, until: Instant) -> Result<TcpStream, Cause> {
    let found = match timeout_at(until, lookup_host((target.host.as_str(), target.port))).await {
        Ok(Ok(found)) => found.collect::<Vec<_>>(),
        Ok(Err(_)) | Err(_) => return Err(Cause::NameNotFound),
    };
    let tcp = match timeout_at(until, TcpStream::connect(found.as_slice())).await {
        Ok(connected) => connected.map_err(|e| Cause::of(&e, true))?,
        Err(_) => return Err(Cause::ConnectTimeout),
    };
    // Without it each small packet waits for the answer to the one before.
    tcp.set_nodelay(true).map_err(|e| Cause::of(&e, true))?;
    Ok(tcp)
}

/// Why there is no connection, though the port answers.
fn not_connected(error: &russh::Error, before_the_key: bool) -> Cause {
    use russh::Error as E;
    match error {
        E::NoCommonAlgo { kind, .. } => {
            Cause::Ssh(SshFault::NothingInCommon(format!("{kind:?}").to_lowercase()))
        }
        E::IO(e) if e.kind() == io::ErrorKind::TimedOut => Cause::Timeout,
        _ if before_the_key => Cause::Ssh(SshFault::NotSsh),
        _ => Cause::Broken,
    }
}
