//! Connections that break when the world says so.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};
use watchkeeper_core::reading::{FailureKind, Source};

use super::stage::Stage;
use crate::world::Reply;

/// Which of the two listeners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Sms,
    Engine,
}

/// A listener that closes connections at once while nothing would listen in the world.
pub(super) struct Gate {
    listener: TcpListener,
    stage: Arc<Stage>,
    side: Side,
}

impl Gate {
    pub(super) const fn new(listener: TcpListener, stage: Arc<Stage>, side: Side) -> Self {
        Self { listener, stage, side }
    }

    fn closed(&self) -> bool {
        let (world, t) = (self.stage.world(), self.stage.now());
        match self.side {
            Side::Sms => matches!(
                world.reply(Source::Live, t),
                Reply::Failed { kind: FailureKind::Refused | FailureKind::Broken, .. }
            ),
            Side::Engine => world.blocked(t).is_none() && !world.engine_up(t),
        }
    }
}

impl Listener for Gate {
    type Io = GatedStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match self.listener.accept().await {
                Ok(_) if self.closed() => {}
                Ok((stream, peer)) => {
                    // Only a matter of speed.
                    let _ = stream.set_nodelay(true);
                    let line = Line { peer, cut: Arc::default() };
                    return (GatedStream { stream, line }, peer);
                }
                // Out of file handles, or a connection that was gone before it was taken.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection, as a handler sees it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Who asks.
    pub(super) peer: SocketAddr,
    cut: Arc<AtomicBool>,
}

impl Line {
    /// Breaks the connection: nothing more is written to it, not even the answer at hand.
    pub(super) fn cut(&self) {
        self.cut.store(true, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, Gate>> for Line {
    fn connect_info(stream: IncomingStream<'_, Gate>) -> Self {
        stream.io().line.clone()
    }
}

/// A TCP stream that fails to write once its line is cut.
pub(super) struct GatedStream {
    stream: TcpStream,
    line: Line,
}

impl GatedStream {
    fn whole(&self) -> io::Result<()> {
        if self.line.cut.load(Ordering::Acquire) {
            Err(io::ErrorKind::ConnectionReset.into())
        } else {
            Ok(())
        }
    }
}

impl AsyncRead for GatedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for GatedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
