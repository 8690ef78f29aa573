//! What the logs say, counted by level and grouped by fingerprint.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::track::Counts;
use crate::{
    log::{Level, LogBatch, LogRecord, Sign},
    part::Part,
    time::WatchTime,
};

/// Records with the same fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Pattern {
    /// In whose log.
    #[serde(default, skip_serializing_if = "Part::is_application")]
    pub part: Part,
    /// The fingerprint.
    pub fingerprint: String,
    /// The gravest level among them.
    pub level: Level,
    /// How many were kept in full.
    pub count: u64,
    /// The first.
    pub first: WatchTime,
    /// The last.
    pub last: WatchTime,
    /// The first one's logger.
    pub logger: Option<String>,
    /// The first line of the first one.
    pub text: String,
}

/// The fold of the log readings.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LogState {
    /// Whose log it is.
    pub part: Part,
    /// Lines in all.
    pub lines: u64,
    /// Error and critical records.
    pub errors: Counts,
    /// Records of level critical alone.
    pub critical: Counts,
    /// Warnings.
    pub warnings: Counts,
    /// Refused logins in the access log.
    pub refused_logins: Counts,
    /// Requests in the access log.
    pub requests: u64,
    /// Those answered with 500 and up.
    pub server_errors: u64,
    /// Records that say that the database cannot be reached.
    pub database_signs: Counts,
    /// Records that say that a query was slow.
    pub slow_queries: Counts,
    /// The last record that says that data is damaged.
    pub corruption: Option<(WatchTime, String)>,
    /// By fingerprint; at most [`LogState::MOST_PATTERNS`].
    pub patterns: BTreeMap<String, Pattern>,
    /// Records whose pattern found no room.
    pub unplaced: u64,
    /// What was read back after a time in which the log was not read, with when; the last [`LogState::MOST_READ_BACK`].
    pub read_back: Vec<ReadBack>,
}

/// Lines of the log that were written while nobody read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadBack {
    /// When it was read before.
    pub from: WatchTime,
    /// When it was read again.
    pub at: WatchTime,
    /// Lines.
    pub lines: u32,
    /// Error and critical records among them.
    pub errors: u32,
}

impl LogState {
    /// The most patterns that are kept apart.
    pub const MOST_PATTERNS: usize = 200;
    /// The most times of which it is kept what was read back.
    pub const MOST_READ_BACK: usize = 100;

    pub(super) fn of(part: Part) -> Self {
        Self { part, ..Self::default() }
    }

    /// `from` is when the log was read before, where a long time lies between: what came in it did not come all at once.
    pub(super) fn take(&mut self, from: Option<WatchTime>, at: WatchTime, batch: &LogBatch) {
        self.lines += u64::from(batch.lines);
        let critical = batch.count(Level::Critical);
        if let Some(from) = from {
            if self.read_back.len() >= Self::MOST_READ_BACK {
                self.read_back.remove(0);
            }
            let errors = batch.count(Level::Error).saturating_add(critical);
            self.read_back.push(ReadBack { from, at, lines: batch.lines, errors });
        }
        self.critical.add(from, at, critical);
        self.errors.add(from, at, batch.count(Level::Error).saturating_add(critical));
        self.warnings.add(from, at, batch.count(Level::Warning));
        self.refused_logins.add(from, at, batch.access.refused_logins);
        self.requests += u64::from(batch.access.requests);
        self.server_errors += u64::from(batch.access.server_errors);
        let signs = |sign| batch.notable.iter().filter(|r| r.sign == Some(sign)).count() as u32;
        self.database_signs.add(from, at, signs(Sign::DatabaseConnection));
        self.slow_queries.add(from, at, signs(Sign::SlowQuery));
        for record in &batch.notable {
            if record.sign == Some(Sign::DataCorruption) {
                self.corruption = Some((at, headline(record)));
            }
            self.group(at, record);
        }
    }

    /// The most frequent patterns of error level and up, then of warnings.
    pub fn top(&self, n: usize) -> Vec<&Pattern> {
        Self::top_of(self.patterns.values(), n)
    }

    pub(super) fn top_of<'a>(patterns: impl Iterator<Item = &'a Pattern>, n: usize) -> Vec<&'a Pattern> {
        let mut all: Vec<&Pattern> = patterns.collect();
        all.sort_by(|a, b| (b.level, b.count, &a.text).cmp(&(a.level, a.count, &b.text)));
        all.truncate(n);
        all
    }

    fn group(&mut self, at: WatchTime, record: &LogRecord) {
        if let Some(pattern) = self.patterns.get_mut(&record.fingerprint) {
            pattern.count += 1;
            pattern.last = at;
            pattern.level = pattern.level.max(record.level);
        } else if self.patterns.len() < Self::MOST_PATTERNS {
            let pattern = Pattern {
                part: self.part,
                fingerprint: record.fingerprint.clone(),
                level: record.level,
                count: 1,
                first: at,
                last: at,
                logger: record.logger.clone(),
                text: headline(record),
            };
            self.patterns.insert(record.fingerprint.clone(), pattern);
        } else {
            self.unplaced += 1;
        }
    }
}

/// The record's headline, at most 200 characters.
fn headline(record: &LogRecord) -> String {
    record.headline().chars().take(200).collect()
}
