//! The container's log: lines as Docker keeps them, or straight away the batch that reading them would give.

mod entry;
mod text;

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    log::{Level, LogBatch, LogRecord},
    time::Span,
};

use super::World;
use crate::timeline::{Ms, ms};
pub(crate) use text::{access_line, python_line, shutdown, startup};

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
        self.rendered(from, to, |_| true)
    }

    /// The same lines without those of ordinary days (start, users, HEALTHCHECK): what the faults write. For the
    /// world inside a real container, which logs its real requests itself.
    pub fn fault_lines(&self, since: Span, to: Span) -> Vec<LogLine> {
        self.rendered(ms(since), ms(to), |e| !e.is_ordinary())
    }

    /// What reading the lines of [`since`, `to`) would come to.
    pub fn log_batch(&self, since: Span, to: Span) -> LogBatch {
        let (from, to) = self.log_window(Some(since), to);
        let mut batch = LogBatch::default();
        let mut last = Ms::MIN;
        let mut notable = Vec::new();
        self.entries(from, to, &mut |at, entry| {
            let weight = entry.weight();
            last = last.max(at);
            batch.lines += weight.lines;
            *batch.levels.entry(weight.level).or_default() += 1;
            if let Some(access) = weight.access {
                batch.access.requests += 1;
                batch.access.server_errors += u32::from(access.status >= 500);
                batch.access.refused_logins +=
                    u32::from(access.login && matches!(access.status, 400 | 401 | 403 | 429));
            }
            if weight.level >= Level::Warning || weight.sign.is_some() {
                notable.push((at, weight.level, entry));
            }
        });
        batch.last_at = (last > Ms::MIN).then(|| self.utc_ms(last));
        notable.sort_by_key(|(at, level, _)| (std::cmp::Reverse(*level), *at));
        batch.left_out = u32::try_from(notable.len().saturating_sub(LogBatch::MAX_NOTABLE)).unwrap_or(u32::MAX);
        notable.truncate(LogBatch::MAX_NOTABLE);
        batch.notable = notable.into_iter().map(|(at, _, entry)| self.record(at, entry)).collect();
        batch
    }

    fn log_window(&self, since: Option<Span>, to: Span) -> (Ms, Ms) {
        let to = ms(to);
        let created = self.timeline.at(to).created;
        (since.map_or(created, |s| ms(s).max(created)), to)
    }

    fn rendered(&self, from: Ms, to: Ms, wanted: impl Fn(&entry::Entry) -> bool) -> Vec<LogLine> {
        let mut found = Vec::new();
        self.entries(from, to, &mut |at, entry| {
            if wanted(&entry) {
                found.push((at, entry));
            }
        });
        found.sort_by_key(|(at, _)| *at);
        let mut lines = Vec::with_capacity(found.len());
        for (at, entry) in found {
            let (stream, stamp) = (entry.stream(), self.utc_ms(at));
            let text = self.written(at, entry);
            lines.push(LogLine { at: stamp, stream, text: text.head });
            let rest = text.rest.iter().map(|r| LogLine { at: stamp, stream, text: (*r).into() });
            lines.extend(rest);
        }
        lines
    }

    fn record(&self, at: Ms, entry: entry::Entry) -> LogRecord {
        let text = self.written(at, entry);
        let weight = entry.weight();
        let mut body = text.message;
        for line in text.rest {
            body.push('\n');
            body.push_str(line);
        }
        LogRecord {
            at: self.utc_ms(at),
            level: weight.level,
            logger: text.logger.map(str::to_owned),
            fingerprint: entry.fingerprint(),
            text: body,
            sign: weight.sign,
        }
    }
}
