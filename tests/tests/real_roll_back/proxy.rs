//! Stands between the operator and the Engine, and stops at a request that acts.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{UnixListener, UnixStream},
    sync::Notify,
};

/// At which moment of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The Engine does not get it.
    Before,
    /// The Engine has it, and may be at it.
    During,
    /// The Engine has done it, and its answer does not arrive.
    After,
}

/// What happens then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// Nothing more: the operator waits until it is killed.
    Hold,
    /// The connection breaks; the next one holds.
    Break,
}

struct Inner {
    engine: PathBuf,
    acts: AtomicUsize,
    /// The number of the request from 1; 0 is none.
    at: (usize, Moment, Then),
    reached: Notify,
    seen: Mutex<Vec<String>>,
}

/// A socket that leads to the Engine's.
pub(crate) struct Proxy {
    inner: Arc<Inner>,
    socket: PathBuf,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// A way to `engine` through `folder`, with something happening at the acting request number `at`.
    pub(crate) fn new(engine: &str, folder: &Path, at: usize, moment: Moment, then: Then) -> Self {
        let engine = PathBuf::from(engine.trim_start_matches("unix://"));
        let socket = tempfile::Builder::new().prefix("p").tempdir_in(folder).unwrap().keep().join("s");
        let listener = UnixListener::bind(&socket).unwrap();
        let inner = Arc::new(Inner {
            engine,
            acts: AtomicUsize::new(0),
            at: (at, moment, then),
            reached: Notify::new(),
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
        Self { inner, socket, task }
    }

    pub(crate) fn address(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// Waits until the request is there.
    pub(crate) async fn reached(&self) {
        self.inner.reached.notified().await;
    }

    /// The acting requests that came, as `POST /containers/ID/stop`.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.inner.seen.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Inner {
    async fn serve(&self, mut client: UnixStream) -> std::io::Result<()> {
        let (head, request) = read_message(&mut client).await?;
        let first = head.lines().next().unwrap_or_default().to_owned();
        let mut engine = UnixStream::connect(&self.engine).await?;
        if first.starts_with("GET ") {
            engine.write_all(&request).await?;
            copy_bidirectional(&mut client, &mut engine).await?;
            return Ok(());
        }
        self.seen.lock().unwrap().push(first.trim_end_matches(" HTTP/1.1").to_owned());
        let number = self.acts.fetch_add(1, Ordering::SeqCst) + 1;
        let (at, moment, then) = self.at;
        if number != at {
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
            let _ = client.read(&mut rest).await;
        }
        Ok(())
    }
}

/// The head and the whole of a request, or of an answer without a chunked body's end.
async fn read_message(stream: &mut UnixStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut whole = Vec::new();
    loop {
        let mut piece = [0; 16 * 1024];
        let length = stream.read(&mut piece).await?;
        whole.extend_from_slice(&piece[..length]);
        let Some(end) = whole.windows(4).position(|w| w == b"\r\n\r\n") else {
            if length == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            continue;
        };
        let head = String::from_utf8_lossy(&whole[..end]).into_owned();
        let body = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().unwrap())
        });
        if length == 0 || whole.len() >= end + 4 + body.unwrap_or(0) {
            return Ok((head, whole));
        }
    }
}
