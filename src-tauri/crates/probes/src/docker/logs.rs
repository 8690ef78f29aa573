//! New lines of the container's log.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::BodyExt;
use serde_json::Value as Json;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};
use watchkeeper_core::{
    log::{LogBatch, LogReader},
    reading::{Answer, Failure, Source, Value},
};
use watchkeeper_engine::ports::{Depth, Probe};

use super::{
    container::inspect,
    cursor::Cursor,
    engine::Engine,
    frames::Frames,
    lines::{Lines, stamp},
};

/// A record whose last line is this old, in seconds, gets no more lines.
const QUIET: i64 = 2;
/// Of this many former containers the place in their logs is remembered: one that a roll back brings back goes on there.
const REMEMBERED: usize = 4;

/// Where the log begins to be of interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogStart {
    /// At this time by this PC's clock: the session's start.
    At(DateTime<Utc>),
    /// After a line that was recorded earlier, with this time by the NAS's clock: the last batch's `last_at`.
    After(DateTime<Utc>),
}

/// How much one asking may bring; the rest comes with the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogBound {
    /// New parts of lines.
    pub lines: usize,
    /// Bytes of them.
    pub bytes: usize,
}

impl Default for LogBound {
    fn default() -> Self {
        Self { lines: 20_000, bytes: 8 * 1024 * 1024 }
    }
}

/// The probe of [`Source::Logs`].
pub struct Logs {
    engine: Arc<Engine>,
    container: String,
    start: LogStart,
    bound: LogBound,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    current: Option<Current>,
    former: VecDeque<(String, Cursor)>,
    reader: LogReader,
}

/// The container whose log is being read.
struct Current {
    id: String,
    tty: bool,
    cursor: Cursor,
    lines: Lines,
    last: Option<DateTime<Utc>>,
}

/// How one reading of a log ended.
struct Read {
    new: usize,
    /// The bound was reached or the connection lost: there is more.
    more: bool,
}

impl Logs {
    /// A probe of the container with this name.
    pub fn new(engine: Arc<Engine>, container: String, start: LogStart, bound: LogBound) -> Self {
        Self { engine, container, start, bound, progress: Mutex::default() }
    }

    async fn batch(&self) -> Result<LogBatch, Failure> {
        let mut guard = self.progress.lock().await;
        let progress = &mut *guard;
        // By id from here on, so that one asking never mixes two containers of the same name.
        let (inspected, _) = inspect(&self.engine, &self.container).await?;
        let id = inspected.get("Id").and_then(Json::as_str).unwrap_or_default().to_owned();
        let tty = inspected.pointer("/Config/Tty").and_then(Json::as_bool).unwrap_or(false);

        let replaced = progress.current.as_ref().is_some_and(|current| current.id != id);
        if replaced {
            // Renamed, it may still be there with its last words.
            if let Some(current) = &mut progress.current {
                let _ = self.read(current, &mut progress.reader).await;
            }
            progress.leave();
        }
        if progress.current.is_none() {
            let cursor = progress.remembered(&id).unwrap_or_else(|| self.first());
            progress.current = Some(Current { id, tty, cursor, lines: Lines::default(), last: None });
        }
        let Some(current) = &mut progress.current else { return Ok(LogBatch::default()) };
        let read = self.read(current, &mut progress.reader).await?;
        let now = self.engine.by_its_clock(Utc::now());
        let quiet = current.last.is_none_or(|last| now - last >= TimeDelta::seconds(QUIET));
        if !read.more && (read.new == 0 || quiet) {
            progress.reader.flush();
        }
        Ok(progress.reader.take())
    }

    fn first(&self) -> Cursor {
        Cursor::new(match self.start {
            LogStart::At(here) => self.engine.by_its_clock(here),
            LogStart::After(there) => there + TimeDelta::nanoseconds(1),
        })
    }

    /// Reads what is new. Line by line, cursor and reader stay in step, so it may be dropped at any await.
    async fn read(&self, current: &mut Current, reader: &mut LogReader) -> Result<Read, Failure> {
        let path = format!(
            "/containers/{}/logs?stdout=true&stderr=true&timestamps=true&since={}",
            current.id,
            current.cursor.since()
        );
        let deadline = Instant::now() + self.engine.patience();
        let mut body = self.engine.open(&path).await?.into_body();
        let mut frames = Frames::new(current.tty);
        let mut pass = current.cursor.pass();
        let (mut new, mut bytes, mut ended) = (0, 0, false);
        while !ended {
            let failure = match timeout_at(deadline, body.frame()).await {
                Ok(Some(Ok(data))) => {
                    if let Ok(data) = data.into_data() {
                        frames.push(&data);
                    }
                    None
                }
                Ok(None) => {
                    ended = true;
                    None
                }
                Ok(Some(Err(e))) => Some(self.engine.broken(&path, &e).await),
                Err(_) => Some(self.engine.too_late("reading the log").await),
            };
            if let Some(failure) = failure {
                return if new > 0 { Ok(Read { new, more: true }) } else { Err(failure) };
            }
            loop {
                let next = frames.next().map_err(|e| self.engine.bad_answer(&path, &e.to_string()))?;
                let Some(frame) = next.or_else(|| if ended { frames.rest() } else { None }) else { break };
                // Every part begins with its time; one that does not would be the Engine's fault, and goes with the last.
                let (at, part) = match stamp(&frame) {
                    Some(stamped) => stamped,
                    None => (current.last.unwrap_or_default(), frame.bytes.as_ref()),
                };
                if !current.cursor.take(&mut pass, at) {
                    continue;
                }
                current.last = Some(at);
                new += 1;
                bytes += part.len();
                if let Some(line) = current.lines.push(frame.stream, at, part) {
                    reader.push(line.at, &line.text);
                }
                if new >= self.bound.lines || bytes >= self.bound.bytes {
                    current.cursor.settle();
                    return Ok(Read { new, more: true });
                }
            }
        }
        current.cursor.settle();
        Ok(Read { new, more: false })
    }
}

impl Progress {
    /// The current container is another one now.
    fn leave(&mut self) {
        if let Some(mut left) = self.current.take() {
            for line in left.lines.finish() {
                self.reader.push(line.at, &line.text);
            }
            self.reader.flush();
            self.former.push_back((left.id, left.cursor));
            if self.former.len() > REMEMBERED {
                self.former.pop_front();
            }
        }
    }
    fn remembered(&mut self, id: &str) -> Option<Cursor> {
        let at = self.former.iter().position(|(former, _)| former == id)?;
        self.former.remove(at).map(|(_, cursor)| cursor)
    }
}

#[async_trait]
impl Probe for Logs {
    fn source(&self) -> Source {
        Source::Logs
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        let from = Instant::now();
        let took = |d: Duration| d.as_secs_f64() * 1_000.0;
        vec![match self.batch().await {
            Ok(batch) => Answer::value(Source::Logs, took(from.elapsed()), Value::Logs(batch)),
            Err(f) => Answer::failure(Source::Logs, None, f.place, f.kind, f.message),
        }]
    }
}
