//! A record that may still go on.

use chrono::{DateTime, Utc};

use super::{
    Level, LogRecord,
    fingerprint::fingerprint,
    format::{Format, Head},
    sign::sign,
    text::{Text, cut},
    traceback::{Fit, Traceback},
};
use crate::redact::redact;

/// A record as it comes in.
#[derive(Debug, Clone)]
pub(super) struct OpenRecord {
    at: DateTime<Utc>,
    level: Level,
    logger: Option<String>,
    format: Format,
    pid: Option<String>,
    text: Text,
    /// What signs are looked for in: the exceptions' lines. The first line is in `text`.
    said: String,
    pub(super) traceback: Option<Traceback>,
    /// Lines of other records that stood inside the traceback.
    pub(super) between: u8,
}

const MOST_SAID: usize = 4_096;

impl OpenRecord {
    /// A record that begins with a line of a known format.
    pub(super) fn new(at: DateTime<Utc>, head: Head<'_>) -> Self {
        let mut record = Self {
            at,
            level: head.level,
            logger: head.logger.map(std::borrow::Cow::into_owned),
            format: head.format,
            pid: head.pid.map(str::to_owned),
            text: Text::new(&head.message),
            said: String::new(),
            traceback: None,
            between: 0,
        };
        if let Some(text) = head.traceback {
            record.whole_traceback(&text);
        }
        record
    }

    /// A print.
    pub(super) fn bare(at: DateTime<Utc>, line: &str) -> Self {
        Self {
            at,
            level: Level::Info,
            logger: None,
            format: Format::Bare,
            pid: None,
            text: Text::new(line),
            said: String::new(),
            traceback: None,
            between: 0,
        }
    }

    /// When its first line came.
    pub(super) fn at(&self) -> DateTime<Utc> {
        self.at
    }

    pub(super) fn level(&self) -> Level {
        self.level
    }

    pub(super) fn format(&self) -> Format {
        self.format
    }

    /// Whether the PostgreSQL process `pid` wrote it.
    pub(super) fn is_of_process(&self, pid: &str) -> bool {
        self.pid.as_deref() == Some(pid)
    }

    /// Adds a line, which the traceback has not seen unless it is not indented.
    pub(super) fn more(&mut self, line: &str) {
        let fit = match &mut self.traceback {
            Some(traceback) if line.starts_with([' ', '\t']) && !Traceback::starts(line) => {
                traceback.feed(line)
            }
            _ => Fit::Part,
        };
        match fit {
            Fit::Exception => self.exception(line),
            Fit::Part | Fit::Foreign => {
                self.text.push(line);
                if self.traceback.as_ref().is_some_and(|t| !t.is_unfinished()) {
                    self.say(line);
                }
            }
        }
    }

    /// Adds the line that names the exception.
    pub(super) fn exception(&mut self, line: &str) {
        self.text.push_exception(line);
        self.say(line);
    }

    /// Begins a traceback at `line`, which makes the record an error at least; `line` itself is not added. Always true.
    pub(super) fn begin_traceback(&mut self, line: &str) -> bool {
        self.traceback = Some(Traceback::begin(line));
        self.level = self.level.max(Level::Error);
        true
    }

    /// The record where it is worth keeping: level warning and up, or with a sign.
    pub(super) fn into_notable(self) -> Option<LogRecord> {
        let said = if self.said.is_empty() {
            self.text.head().into()
        } else {
            std::borrow::Cow::Owned(format!(
                "{}\n{}",
                self.text.head().lines().next().unwrap_or_default(),
                self.said
            ))
        };
        // A message of several lines speaks in its first; below it may stand a statement.
        let said = if self.traceback.is_none() { said.lines().next().unwrap_or_default() } else { &*said };
        let sign = sign(self.format, self.level, said);
        if self.level < Level::Warning && sign.is_none() {
            return None;
        }
        let text = self.text.finish();
        let logger = self.logger.map(|l| redact(cut(&l, 120)).into_owned());
        let fingerprint = match &self.traceback {
            Some(traceback) => traceback.fingerprint(),
            None => fingerprint(logger.as_deref(), &text),
        };
        Some(LogRecord { at: self.at, level: self.level, logger, text, fingerprint, sign })
    }

    fn say(&mut self, line: &str) {
        if self.said.len() < MOST_SAID {
            self.said.push_str(cut(line, MOST_SAID - self.said.len()));
            self.said.push('\n');
        }
    }

    /// A traceback that came inside a JSON record.
    fn whole_traceback(&mut self, text: &str) {
        self.level = self.level.max(Level::Error);
        for line in text.lines().filter(|l| !l.trim().is_empty()) {
            match &mut self.traceback {
                None if Traceback::starts(line) => {
                    self.begin_traceback(line);
                    self.text.push(line);
                }
                None => self.text.push(line),
                Some(traceback) => match traceback.feed(line) {
                    Fit::Exception => self.exception(line),
                    Fit::Part | Fit::Foreign => self.text.push(line),
                },
            }
        }
    }
}
