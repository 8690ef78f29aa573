//! New lines of the container's log.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::Value as Json;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};
use watchkeeper_core::{
    log::{LogBatch, LogReader},
    reading::{Answer, Failure, FailureKind, Source, Value},
};
use watchkeeper_engine::ports::{Depth, Probe};

use super::{
    container::inspect,
    cursor::{Cursor, Pass},
    engine::Engine,
    frames::{Frame, Frames},
    lines::{Lines, stamp},
};

/// A log whose last line is this old, in seconds, has nothing more that belongs to it. More than the Engine's clock is
/// known to.
const QUIET: i64 = 5;
/// When the NAS's clock was set back it is not known to the second.
const CLOCKS: TimeDelta = TimeDelta::seconds(60);
/// dockerd finds the newest lines from the log's end, but all lines since a time only by reading the log from its
/// beginning (2 s for 38 MB, at each asking). So this many of the newest are asked for first, and mostly are enough.
const TAIL: usize = 4_000;
/// No more of them than this is held at once.
const TAIL_BYTES: usize = 1024 * 1024;
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
    /// When the log was last read, by this PC's clock and by the NAS's.
    read_at: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// The container whose log is being read.
struct Current {
    id: String,
    tty: bool,
    cursor: Cursor,
    lines: Lines,
    last: Option<DateTime<Utc>>,
}

/// The newest parts of a log.
enum Newest {
    /// Fewer than were asked for: these are all since then.
    All(Vec<Frame>),
    /// There are more; the oldest of the newest has this time.
    More { since: Option<DateTime<Utc>> },
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

    /// `whole` counts also the record that may still go on: a checkpoint leaves nothing for later.
    async fn batch(&self, whole: bool) -> Result<LogBatch, Failure> {
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
        let now = self.engine.by_its_clock(Utc::now());
        if let Some((here, there)) = progress.read_at
            && self.engine.by_its_clock(here) + CLOCKS < there
            && current.cursor.is_ahead_of(now)
        {
            current.cursor.set_back(self.engine.by_its_clock(here) - CLOCKS);
        }
        let read = self.read(current, &mut progress.reader).await?;
        let now = self.engine.by_its_clock(Utc::now());
        progress.read_at = Some((Utc::now(), now));
        let quiet = current.last.is_none_or(|last| now - last >= TimeDelta::seconds(QUIET));
        current.cursor.settle(!read.more && quiet, now);
        if !read.more && quiet {
            // The last words of a process that ends without a newline are a line as well.
            for line in current.lines.finish() {
                progress.reader.push(line.at, &line.text);
            }
        }
        if !read.more && (quiet || whole || read.new == 0) {
            progress.reader.flush();
        }
        let mut batch = progress.reader.take();
        // What is ahead of the NAS's clock hides nothing from the next program: it reads that again.
        batch.last_at = batch.last_at.map(|at| at.min(now));
        Ok(batch)
    }

    fn first(&self) -> Cursor {
        Cursor::new(match self.start {
            LogStart::At(here) => self.engine.by_its_clock(here),
            LogStart::After(there) => there + TimeDelta::nanoseconds(1),
        })
    }

    /// Reads what is new. Part by part, cursor and reader stay in step, so it may be dropped at any await.
    async fn read(&self, current: &mut Current, reader: &mut LogReader) -> Result<Read, Failure> {
        let path = format!(
            "/containers/{}/logs?stdout=true&stderr=true&timestamps=true&since={}",
            current.id,
            current.cursor.since()
        );
        let now = self.engine.by_its_clock(Utc::now());
        let mut intake = Intake::new(self.bound, now, current, reader);
        let newest = self.newest(&path, intake.current.tty).await?;
        if let Newest::All(newest) = newest {
            for frame in newest {
                if intake.take(&frame) {
                    return Ok(intake.end(true));
                }
            }
            return Ok(intake.end(false));
        }
        match self.all(&path, &mut intake).await {
            Ok(more) => Ok(intake.end(more)),
            Err(_) if intake.new > 0 => Ok(intake.end(true)),
            Err(f) if f.kind == FailureKind::Timeout => {
                // It would be so at each asking. Honestly told, it goes on with the newest lines.
                if let Newest::More { since: Some(at) } = newest {
                    intake.current.cursor = Cursor::new(at);
                }
                let message = format!(
                    "{}: some log lines were skipped, because the log is too large to be read in time; \
                     limit its size (`max-size` of the json-file log driver)",
                    f.message
                );
                Err(Failure { message, ..f })
            }
            Err(f) => Err(f),
        }
    }

    /// The newest parts since the cursor, at most [`TAIL`].
    async fn newest(&self, path: &str, tty: bool) -> Result<Newest, Failure> {
        let mut stream = self.stream(&format!("{path}&tail={TAIL}"), tty).await?;
        let (mut newest, mut bytes) = (Vec::new(), 0);
        while let Some(frame) = stream.next().await? {
            bytes += frame.bytes.len();
            newest.push(frame);
            if newest.len() >= TAIL || bytes > TAIL_BYTES {
                return Ok(Newest::More { since: newest.first().and_then(stamp).map(|(at, _)| at) });
            }
        }
        Ok(Newest::All(newest))
    }

    /// All parts since the cursor, as far as bound and time allow; tells whether there are more.
    async fn all(&self, path: &str, intake: &mut Intake<'_>) -> Result<bool, Failure> {
        let mut stream = self.stream(path, intake.current.tty).await?;
        while let Some(frame) = stream.next().await? {
            if intake.take(&frame) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn stream(&self, path: &str, tty: bool) -> Result<FrameStream<'_>, Failure> {
        let deadline = Instant::now() + self.engine.patience();
        let body = self.engine.open(path).await?.into_body();
        Ok(FrameStream {
            engine: &self.engine,
            path: path.to_owned(),
            body,
            frames: Frames::new(tty),
            deadline,
            ended: false,
        })
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

/// What one asking takes in.
struct Intake<'a> {
    bound: LogBound,
    current: &'a mut Current,
    reader: &'a mut LogReader,
    pass: Pass,
    new: usize,
    bytes: usize,
    /// By the NAS's clock.
    now: DateTime<Utc>,
}

impl<'a> Intake<'a> {
    fn new(bound: LogBound, now: DateTime<Utc>, current: &'a mut Current, reader: &'a mut LogReader) -> Self {
        let pass = current.cursor.pass();
        Self { bound, current, reader, pass, new: 0, bytes: 0, now }
    }

    /// Takes one part; tells whether the bound is reached.
    fn take(&mut self, frame: &Frame) -> bool {
        // Every part begins with its time; one that does not would be the Engine's fault, and goes with the last.
        let (at, part) = stamp(frame).unwrap_or((self.current.last.unwrap_or_default(), &frame.bytes));
        if !self.current.cursor.take(&mut self.pass, at) {
            return false;
        }
        self.current.last = Some(at);
        self.new += 1;
        self.bytes += part.len();
        if let Some(line) = self.current.lines.push(frame.stream, at, part) {
            self.reader.push(line.at, &line.text);
        }
        self.new >= self.bound.lines || self.bytes >= self.bound.bytes
    }

    fn end(self, more: bool) -> Read {
        if !more {
            self.current.cursor.read_whole(&self.pass);
        }
        self.current.cursor.settle(false, self.now);
        Read { new: self.new, more }
    }
}

/// The frames of one answer.
struct FrameStream<'a> {
    engine: &'a Engine,
    path: String,
    body: Incoming,
    frames: Frames,
    deadline: Instant,
    ended: bool,
}

impl FrameStream<'_> {
    async fn next(&mut self) -> Result<Option<Frame>, Failure> {
        loop {
            let next = self.frames.next().map_err(|e| self.engine.bad_answer(&self.path, &e.to_string()))?;
            if next.is_some() {
                return Ok(next);
            }
            if self.ended {
                return Ok(self.frames.rest());
            }
            match timeout_at(self.deadline, self.body.frame()).await {
                Ok(Some(Ok(data))) => self.frames.push(&data.into_data().unwrap_or_default()),
                Ok(Some(Err(e))) => return Err(self.engine.broken(&self.path, &e).await),
                Ok(None) => self.ended = true,
                Err(_) => return Err(self.engine.too_late("reading the log").await),
            }
        }
    }
}

#[async_trait]
impl Probe for Logs {
    fn source(&self) -> Source {
        Source::Logs
    }
    async fn ask(&self, depth: Depth) -> Vec<Answer> {
        let from = Instant::now();
        let took = |d: Duration| d.as_secs_f64() * 1_000.0;
        vec![match self.batch(depth == Depth::Checkpoint).await {
            Ok(batch) => Answer::value(Source::Logs, took(from.elapsed()), Value::Logs(batch)),
            Err(f) => Answer::failure(Source::Logs, None, f.place, f.kind, f.message),
        }]
    }
}
