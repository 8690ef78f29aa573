//! Lines in, records out.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Level, LogBatch,
    clean::clean,
    format::{self, Format, Head, Line},
    notable,
    open::OpenRecord,
    text::cut,
    traceback::{Fit, Traceback, is_more_of_a_message},
};

/// Puts the lines of one container together to records and counts them. Pure: time comes with the lines.
///
/// ```
/// use watchkeeper_core::log::{Level, LogReader};
/// let mut reader = LogReader::default();
/// reader.push(chrono::DateTime::UNIX_EPOCH, "2026-01-09 10:26:32,011 - backend.db - ERROR - [-] - lost");
/// reader.push(chrono::DateTime::UNIX_EPOCH, "Traceback (most recent call last):");
/// assert!(reader.is_open());
/// reader.flush();
/// assert_eq!(reader.take().count(Level::Error), 1);
/// ```
#[derive(Debug, Clone, Default)]
pub struct LogReader {
    batch: LogBatch,
    open: Option<OpenRecord>,
}

/// More of a line is not read. Docker itself parts lines at 16 KiB.
const MOST_OF_A_LINE: usize = 16 * 1_024;
/// Lines of other records in the middle of a traceback (standard output between standard error) before it is given up.
const MOST_BETWEEN: u8 = 8;

impl LogReader {
    /// Reads `line`, which Docker received at `at` by the NAS's clock. A line break inside it parts it, and each part
    /// counts as a line.
    pub fn push(&mut self, at: DateTime<Utc>, line: &str) {
        let line = line.strip_suffix('\n').unwrap_or(line);
        for part in line.split('\n') {
            self.batch.lines = self.batch.lines.saturating_add(1);
            let part = clean(cut(part, MOST_OF_A_LINE));
            self.read(at, &part);
        }
        self.batch.last_at = self.batch.last_at.max(Some(at));
    }

    /// Whether a record may still go on in the next line.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Ends the record that may still go on: after a quiet while, or when the container has stopped.
    pub fn flush(&mut self) {
        if let Some(open) = self.open.take() {
            self.count(open);
        }
    }

    /// The records that are complete, and all lines since the last call. A record that may still go on stays for the
    /// next batch; call [`LogReader::flush`] first to have it in this one.
    pub fn take(&mut self) -> LogBatch {
        let mut batch = std::mem::take(&mut self.batch);
        if let (Some(open), Some(last)) = (&self.open, batch.last_at) {
            batch.last_at = Some(last.min(open.at() - TimeDelta::nanoseconds(1)));
        }
        notable::sort(&mut batch.notable);
        batch
    }

    fn read(&mut self, at: DateTime<Utc>, line: &str) {
        let indented = line.starts_with([' ', '\t']);
        if line.trim().is_empty() {
            return;
        }
        if Traceback::starts(line) {
            return self.traceback_line(at, line);
        }
        if indented {
            match &mut self.open {
                Some(open) => open.more(line),
                None => self.begin(OpenRecord::bare(at, line)),
            }
            return;
        }
        match format::read(line) {
            // Requests never belong to a record, nor end one: they come in on the other stream.
            Line::Access(found) => {
                found.count(&mut self.batch.access);
                self.count_level(Level::Info);
            }
            Line::Head(head) => self.head(at, head),
            Line::PostgresMore { pid, text } => match &mut self.open {
                Some(open) if open.is_of_process(pid) => open.more(text),
                _ => self.begin(OpenRecord::bare(at, text)),
            },
            Line::Bare => self.bare(at, line),
        }
    }

    fn head(&mut self, at: DateTime<Utc>, head: Head<'_>) {
        let record = OpenRecord::new(at, head);
        if record.level() < Level::Warning && self.step_between() {
            self.count(record);
        } else {
            self.begin(record);
        }
    }

    fn traceback_line(&mut self, at: DateTime<Utc>, line: &str) {
        if let Some(open) = &mut self.open {
            let taken = match &mut open.traceback {
                Some(traceback) => traceback.feed(line) == Fit::Part,
                None => open.format() != Format::Bare && open.begin_traceback(line),
            };
            if taken {
                return open.more(line);
            }
        }
        let mut record = OpenRecord::bare(at, line);
        record.begin_traceback(line);
        self.begin(record);
    }

    fn bare(&mut self, at: DateTime<Utc>, line: &str) {
        if let Some(open) = &mut self.open {
            match open.traceback.as_mut().map(|t| t.feed(line)) {
                Some(Fit::Part) => return open.more(line),
                Some(Fit::Exception) => return open.exception(line),
                Some(Fit::Foreign) => {}
                None if open.level() >= Level::Warning && is_more_of_a_message(line) => {
                    return open.more(line);
                }
                None => {}
            }
        }
        let record = OpenRecord::bare(at, line);
        if self.step_between() {
            self.count(record);
        } else {
            self.begin(record);
        }
    }

    /// Whether a harmless line stands between the lines of a traceback that is still to be finished.
    fn step_between(&mut self) -> bool {
        let Some(open) = &mut self.open else { return false };
        let unfinished = open.traceback.as_ref().is_some_and(Traceback::is_unfinished);
        if !unfinished || open.between >= MOST_BETWEEN {
            return false;
        }
        open.between += 1;
        true
    }

    fn begin(&mut self, record: OpenRecord) {
        self.flush();
        self.open = Some(record);
    }

    fn count_level(&mut self, level: Level) {
        let n = self.batch.levels.entry(level).or_insert(0);
        *n = n.saturating_add(1);
    }

    fn count(&mut self, record: OpenRecord) {
        self.count_level(record.level());
        if let Some(record) = record.into_notable() {
            notable::keep(&mut self.batch, record);
        }
    }
}

#[cfg(test)]
mod tests;
