//! The container's log: lines as Docker keeps them, or straight away the batch that reading them would give.

mod entry;
mod text;

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    log::{AccessCounts, Level, LogBatch, LogReader},
    time::Span,
};

use super::World;
use crate::timeline::{Ms, ms};
use entry::Entry;
pub(super) use entry::{Visit, ticks};
pub use text::{access_line, python_line, shutdown_lines, startup_lines};

/// Where a line was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output: prints and the access log.
    Stdout,
    /// Standard error: Python's logging, uvicorn's own words, alembic.
    Stderr,
}

/// One line of the container's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When Docker received it, by the NAS's clock.
    pub at: DateTime<Utc>,
    /// Where it was written.
    pub stream: Stream,
    /// The line, without its end.
    pub text: String,
}

impl World {
    /// The log lines in [`since`, `to`), or all since the container was made, in their order. A container that was
    /// made anew has none of the lines of the one before.
    pub fn log_lines(&self, since: Option<Span>, to: Span) -> Vec<LogLine> {
        let (from, to) = self.log_window(since, to);
        self.rendered(self.found(from, to, |_| true))
    }

    /// The same lines without those of ordinary days (start, users, HEALTHCHECK): what the faults write. For the
    /// world inside a real container, which logs its real requests itself.
    pub fn fault_lines(&self, since: Span, to: Span) -> Vec<LogLine> {
        self.rendered(self.found(ms(since), ms(to), |e| !e.is_ordinary()))
    }

    /// What reading the lines of [`since`, `to`) comes to. Only the notable ones are really put into words and read;
    /// the others are counted as they are.
    pub fn log_batch(&self, since: Span, to: Span) -> LogBatch {
        let (from, to) = self.log_window(Some(since), to);
        let (mut infos, mut last) = (0, None);
        let mut access = AccessCounts::default();
        let mut notable = Vec::new();
        self.entries(from, to, &mut |at, entry| {
            last = last.max(Some(at));
            if entry.is_notable() {
                notable.push((at, entry));
                return;
            }
            infos += 1;
            if let Some((status, login)) = entry.access() {
                access.requests += 1;
                access.server_errors += u32::from(status >= 500);
                access.refused_logins += u32::from(login && matches!(status, 400 | 401 | 403 | 429));
            }
        });
        let mut batch = LogBatch::default();
        if !notable.is_empty() {
            notable.sort_by_key(|(at, _)| *at);
            let mut reader = LogReader::default();
            for line in self.rendered(notable) {
                reader.push(line.at, &line.text);
            }
            reader.flush();
            batch = reader.take();
        }
        if infos > 0 {
            *batch.levels.entry(Level::Info).or_default() += infos;
        }
        batch.lines += infos;
        batch.access = access;
        batch.last_at = last.map(|at| self.utc_ms(at));
        batch
    }

    fn log_window(&self, since: Option<Span>, to: Span) -> (Ms, Ms) {
        let to = ms(to);
        let created = self.timeline.at(to).created;
        (since.map_or(created, |s| ms(s).max(created)), to)
    }

    fn found(&self, from: Ms, to: Ms, wanted: impl Fn(&Entry) -> bool) -> Vec<(Ms, Entry)> {
        let mut found = Vec::new();
        self.entries(from, to, &mut |at, entry| {
            if wanted(&entry) {
                found.push((at, entry));
            }
        });
        found.sort_by_key(|(at, _)| *at);
        found
    }

    fn rendered(&self, found: Vec<(Ms, Entry)>) -> Vec<LogLine> {
        let mut lines = Vec::with_capacity(found.len());
        for (at, entry) in found {
            let (stream, stamp) = (entry.stream(), self.utc_ms(at));
            lines.push(LogLine { at: stamp, stream, text: self.written(at, entry) });
            let rest = text::rest(entry).iter().map(|r| LogLine { at: stamp, stream, text: (*r).into() });
            lines.extend(rest);
        }
        lines
    }
}
