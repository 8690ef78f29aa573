//! Log lines of the deployment, read as what they are.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use clean::clean;
pub use clean::is_invisible;
pub use fingerprint::fingerprint;
pub use reader::LogReader;

mod access;
mod clean;
mod fingerprint;
mod format;
mod notable;
mod open;
mod reader;
mod sign;
mod text;
mod traceback;

/// How grave a record says it is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Debugging, tracing.
    Debug,
    /// Informational; also every line that says no level.
    Info,
    /// A warning.
    Warning,
    /// An error, or a traceback.
    Error,
    /// `CRITICAL`, `FATAL`, `PANIC`.
    Critical,
}

/// One record: a line, or a line with the traceback under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct LogRecord {
    /// When Docker received its first line, by the NAS's clock.
    pub at: DateTime<Utc>,
    /// How grave.
    pub level: Level,
    /// The logger's or program's name, where told.
    pub logger: Option<String>,
    /// The text without time, level and logger, redacted, at most [`LogRecord::MAX_TEXT`] bytes.
    pub text: String,
    /// The same for records that differ only in numbers, ids, times and paths: 16 hexadecimal digits.
    pub fingerprint: String,
    /// What the record speaks of beyond its level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Sign>,
}

impl LogRecord {
    /// The most bytes that are kept of one record's text.
    pub const MAX_TEXT: usize = 4_096;

    /// The line that says most: of a traceback the last exception's, otherwise the first.
    pub fn headline(&self) -> &str {
        let mut lines = self.text.lines().filter(|l| !l.trim().is_empty());
        let has_traceback = self.text.lines().any(traceback::Traceback::starts);
        let exception = has_traceback.then(|| self.text.lines().rev().find_map(exception_line)).flatten();
        exception.or_else(|| lines.next()).unwrap_or_default().trim()
    }
}

/// `line` where it names an exception, without an exception group's margin.
fn exception_line(line: &str) -> Option<&str> {
    let (content, _) = traceback::without_margin(line);
    traceback::exception_type(content).filter(|_| !traceback::is_more_of_a_message(content)).map(|_| content)
}

/// What the matrix looks for in a record, whatever its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// The database cannot be reached.
    DatabaseConnection,
    /// The database says that its data is damaged.
    DataCorruption,
    /// A slow query was logged.
    SlowQuery,
}

/// Requests as the access log tells them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct AccessCounts {
    /// All requests.
    pub requests: u32,
    /// Answers with a status of 500 and up.
    pub server_errors: u32,
    /// Refused logins (400, 401, 403, 429 on the login path).
    pub refused_logins: u32,
}

/// The records that came in since the last batch, counted, with the notable ones in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct LogBatch {
    /// How many lines.
    pub lines: u32,
    /// How many records of each level.
    pub levels: BTreeMap<Level, u32>,
    /// Records of level warning and up, or with a sign; at most [`LogBatch::MAX_NOTABLE`], the gravest first.
    pub notable: Vec<LogRecord>,
    /// How many notable records were left out.
    pub left_out: u32,
    /// The access log in numbers.
    pub access: AccessCounts,
    /// Up to where the log is in the record, by the NAS's clock: the time of the last line, or of the last one before the
    /// record that may still go on. Who reads the log anew, after a restart of the watch, begins behind it.
    pub last_at: Option<DateTime<Utc>>,
}

impl LogBatch {
    /// The most records that one batch keeps in full.
    pub const MAX_NOTABLE: usize = 40;

    /// How many records have `level`.
    pub fn count(&self, level: Level) -> u32 {
        self.levels.get(&level).copied().unwrap_or(0)
    }
}
