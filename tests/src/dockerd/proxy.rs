//! Stands between the operator and the Engine, and stops at a request that acts: what happens in the middle of a roll back
//! happens at a place of the test's choice.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{UnixListener, UnixStream},
    sync::Notify,
};

use super::Dockerd;

/// At which moment of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The Engine does not get it.
    Before,
    /// The Engine has it, and may be at it.
    During,
    /// The Engine has done it, and its answer does not arrive.
    After,
}

/// What happens then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// Nothing more: the operator waits until it is killed.
    Hold,
    /// The connection breaks; the next one holds.
    Break,
}

struct Inner {
    engine: PathBuf,
    /// The number of the request from 1; 0 is none.
    at: (usize, Moment, Then),
    reached: Notify,
    let_go: Notify,
    seen: Mutex<Vec<String>>,
}

/// A socket that leads to the Engine's. Dropped, it takes no more connections.
pub struct Proxy {
    inner: Arc<Inner>,
    socket: PathBuf,
    task: tokio::task::JoinHandle<()>,
}

static COUNT: AtomicUsize = AtomicUsize::new(0);

impl Proxy {
    /// A way to the Engine through a socket in `folder`, with something happening at the acting request number `at`; 0 is
    /// none.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn new(dockerd: &Dockerd, folder: &Path, at: usize, moment: Moment, then: Then) -> io::Result<Self> {
        let socket = folder.join(format!("proxy-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
        let listener = UnixListener::bind(&socket)?;
        let inner = Arc::new(Inner {
            engine: dockerd.socket_path(),
            at: (at, moment, then),
            reached: Notify::new(),
            let_go: Notify::new(),
            seen: Mutex::default(),
        });
        let serving = inner.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move {
                    let _ = serving.serve(stream).await;
                });
            }
        });
        Ok(Self { inner, socket, task })
    }

    /// Its socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Its socket, as the watch's config takes it.
    pub fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Waits until the request is there.
    pub async fn reached(&self) {
        self.inner.reached.notified().await;
    }

    /// Ends the connection of a request that is held.
    pub fn let_go(&self) {
        self.inner.let_go.notify_one();
    }

    /// The acting requests that came, as `POST /containers/ID/stop`.
    pub fn seen(&self) -> Vec<String> {
        self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Inner {
    async fn serve(&self, mut client: UnixStream) -> io::Result<()> {
        let (head, request) = read_message(&mut client).await?;
        let request = the_only_one(&head, &request);
        let first = head.lines().next().unwrap_or_default();
        let mut engine = UnixStream::connect(&self.engine).await?;
        let (at, moment, then) = self.at;
        let number = if first.starts_with("GET ") { None } else { Some(self.count(first)) };
        if number != Some(at) {
            engine.write_all(&request).await?;
            copy_bidirectional(&mut client, &mut engine).await?;
            return Ok(());
        }
        if moment != Moment::Before {
            engine.write_all(&request).await?;
        }
        if moment == Moment::After {
            read_message(&mut engine).await?;
        }
        self.reached.notify_one();
        if then == Then::Hold {
            // Until the other side is gone; the Engine's side stays open as long, as that of a program that was killed.
            let mut rest = [0; 1];
            tokio::select! {
                _ = client.read(&mut rest) => {}
                () = self.let_go.notified() => {}
            }
        }
        Ok(())
    }

    /// Notes a request that acts; gives its number.
    fn count(&self, first: &str) -> usize {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(first.trim_end_matches(" HTTP/1.1").to_owned());
        seen.len()
    }
}

/// The request with a word that its connection is not used again: each one passes by here.
fn the_only_one(head: &str, request: &[u8]) -> Vec<u8> {
    let first = head.find("\r\n").unwrap_or(head.len());
    let (line, rest) = request.split_at(first.min(request.len()));
    [line, b"\r\nConnection: close", rest].concat()
}

/// The head and the whole of a request, or of an answer without a chunked body's end.
async fn read_message(stream: &mut UnixStream) -> io::Result<(String, Vec<u8>)> {
    let mut whole = Vec::new();
    loop {
        let mut piece = [0; 16 * 1024];
        let length = stream.read(&mut piece).await?;
        whole.extend(piece.iter().take(length));
        let Some(end) = whole.windows(4).position(|w| w == b"\r\n\r\n") else {
            if length == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            continue;
        };
        let head = String::from_utf8_lossy(whole.get(..end).unwrap_or_default()).into_owned();
        let body = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            if name.eq_ignore_ascii_case("content-length") {
                value.trim().parse::<usize>().ok()
            } else {
                None
            }
        });
        if length == 0 || whole.len() >= end + 4 + body.unwrap_or(0) {
            return Ok((head, whole));
        }
    }
}
