//! A stream to the Engine within the connection to its host.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use hyper_util::client::legacy::connect::{Connected, Connection};
use russh::{Channel, ChannelMsg, ChannelReadHalf, ChannelStream, ChannelWriteHalf, client::Msg};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::{OwnedSemaphorePermit, mpsc},
    time::timeout,
};

use super::{DialError, command::ended};
use crate::{cause::Cause, ssh_words::SshFault, target::SshTarget};

/// More of what a command says is not kept.
const MOST_SAID: usize = 4 * 1024;
/// A command that has nothing more to read ends at once; one that does not is left to the host.
const TO_END: Duration = Duration::from_secs(5);

/// A stream to the Engine.
pub(in crate::docker) enum Stream {
    /// The host forwards to its socket.
    Forwarded(ChannelStream<Msg>),
    /// Its `docker` does.
    Running(Running),
}

/// `docker system dial-stdio` as a stream. Where it ends without having given anything, reading gives the reason.
pub(in crate::docker) struct Running {
    writer: Pin<Box<dyn AsyncWrite + Send>>,
    from: mpsc::Receiver<Bytes>,
    rest: Bytes,
    fault: Arc<Mutex<Option<SshFault>>>,
}

/// What the command is run for.
struct Purpose {
    user: String,
    socket: String,
    /// Set once it has proven to work.
    works: Arc<AtomicBool>,
}

impl Running {
    pub(in crate::docker) fn new(
        channel: Channel<Msg>,
        session: OwnedSemaphorePermit,
        target: &SshTarget,
        socket: &str,
        works: Arc<AtomicBool>,
    ) -> Self {
        let (reader, writer) = channel.split();
        let fault = Arc::new(Mutex::new(None));
        // A few packets: who does not read holds the command up, and only that one.
        let (to, from) = mpsc::channel(8);
        let stream = Box::pin(writer.make_writer());
        let purpose = Purpose { user: target.user.clone(), socket: socket.to_owned(), works };
        tokio::spawn(pump(reader, writer, to, purpose, fault.clone(), session));
        Self { writer: stream, from, rest: Bytes::new(), fault }
    }

    fn fault(&self) -> Option<io::Error> {
        let fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone();
        fault.map(|fault| io::Error::other(DialError(Cause::Ssh(fault))))
    }
}

/// Carries what the command gives, until it ends or nobody reads any more; the session is over then.
async fn pump(
    mut reader: ChannelReadHalf,
    writer: ChannelWriteHalf<Msg>,
    to: mpsc::Sender<Bytes>,
    purpose: Purpose,
    fault: Arc<Mutex<Option<SshFault>>>,
    session: OwnedSemaphorePermit,
) {
    let (mut said, mut status, mut gave) = (Vec::new(), None, false);
    let (mut refused, mut closed) = (false, false);
    loop {
        let message = tokio::select! {
            message = reader.wait() => message,
            () = to.closed() => break,
        };
        match message {
            Some(ChannelMsg::Data { data }) => {
                gave = true;
                purpose.works.store(true, Ordering::Relaxed);
                if to.send(data).await.is_err() {
                    break;
                }
            }
            Some(ChannelMsg::ExtendedData { data, .. }) => {
                let room = MOST_SAID.saturating_sub(said.len());
                said.extend_from_slice(data.get(..room).unwrap_or(&data));
            }
            Some(ChannelMsg::ExitStatus { exit_status }) => status = Some(exit_status),
            Some(ChannelMsg::Failure) => {
                refused = true;
                break;
            }
            Some(ChannelMsg::Close) | None => {
                closed = true;
                break;
            }
            Some(_) => {}
        }
    }
    let over = to.is_closed();
    if !gave && !over {
        let said = String::from_utf8_lossy(&said);
        let why = if refused {
            Some(SshFault::NoCommands("it refuses to run one".into()))
        } else if status.is_some() || !said.is_empty() {
            Some(ended(status, &said, &purpose.user, &purpose.socket))
        } else {
            // The connection was lost, which is no word of the command's.
            None
        };
        *fault.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }
    drop(to);
    // The host counts the session until its command has ended, which it does when it has nothing more to read.
    if !closed && writer.eof().await.is_ok() {
        let ended = async { while !matches!(reader.wait().await, Some(ChannelMsg::Close) | None) {} };
        let _ = timeout(TO_END, ended).await;
    }
    // Where the connection is gone there is nothing to close.
    let _ = writer.close().await;
    drop(session);
}

impl AsyncRead for Running {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.rest.is_empty() {
            match ready!(self.from.poll_recv(cx)) {
                Some(data) => self.rest = data,
                None => return Poll::Ready(self.fault().map_or(Ok(()), Err)),
            }
        }
        let now = self.rest.len().min(buf.remaining());
        buf.put_slice(&self.rest.split_to(now));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Running {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(self.writer.as_mut().poll_write(cx, buf));
        Poll::Ready(written.map_err(|e| self.fault().unwrap_or(e)))
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writer.as_mut().poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writer.as_mut().poll_shutdown(cx)
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Forwarded(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Running(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Forwarded(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Running(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Forwarded(stream) => Pin::new(stream).poll_flush(cx),
            Self::Running(stream) => Pin::new(stream).poll_flush(cx),
        }
    }
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Forwarded(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Running(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}
