//! The proof of a report: that its chain holds, that it says what its chain says, and that no byte was changed.

mod agreement;
mod evidence;
mod json_report;
mod markdown_report;

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    chain::{Broken, Hash},
    verdict::Decision,
};

use crate::FORMAT_VERSION;

/// What a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With the whole chain.
    Json,
    /// For people, with the end of the chain only.
    Markdown,
}

/// A decision that a report holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOff {
    /// Who.
    pub by: String,
    /// What.
    pub decision: Decision,
    /// When, UTC.
    pub utc: DateTime<Utc>,
}

/// What was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// What the report is.
    pub kind: Kind,
    /// The session's id; in a Markdown report as far as it can be read.
    pub session: Option<String>,
    /// How many events were walked; none in a Markdown report.
    pub events: usize,
    /// The last event's number.
    pub head_seq: u64,
    /// The last event's hash: what to compare with the journal or with another report.
    pub head_hash: Hash,
    /// The decision; always `None` for a Markdown report, which proves none.
    pub signed_off: Option<SignedOff>,
    /// How many texts of evidence match their digests.
    pub evidence: usize,
    /// What was proven and what was not, for people, over several lines.
    pub statement: String,
}

/// Why a report is not proven. Says what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// It is something else.
    #[error(
        "this is no SMS Watchkeeper report, or its seal was removed: a JSON report begins with an object of format \
         \"sms-watchkeeper-report\", a Markdown report ends with its seal; take the file as it was exported"
    )]
    NoReport,
    /// It is no JSON, or not this JSON.
    #[error(
        "the report cannot be read: line {line}, column {column} (byte {byte}): {why}; it was damaged or changed"
    )]
    Unreadable {
        /// From 1.
        line: usize,
        /// From 1, in bytes.
        column: usize,
        /// From 0, in the file.
        byte: usize,
        /// What stands there.
        why: String,
    },
    /// An event is none.
    #[error("entry {entry} of the journal cannot be read: {why}; it was changed")]
    UnreadableEntry {
        /// Its place, from 1.
        entry: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It was written by another program version.
    #[error("the report has format {found}, this program reads format {FORMAT_VERSION}: {}", advice(*found))]
    Version {
        /// Its format.
        found: u64,
    },
    /// The chain does not hold.
    #[error("the journal's chain is broken: {0}")]
    Chain(#[from] Broken),
    /// The events are no session.
    #[error("entry {entry} of the journal has no place there: {why}")]
    Order {
        /// The entry.
        entry: u64,
        /// Why not.
        why: &'static str,
    },
    /// A piece of evidence is not what was stored.
    #[error("the evidence “{kind}” of incident #{incident} does not match its digest in the journal: {why}")]
    Evidence {
        /// The incident.
        incident: u32,
        /// `logs`, `inspect`, …
        kind: String,
        /// What differs.
        why: &'static str,
    },
    /// The view says something else than the events.
    #[error(
        "the chain holds, but the report contradicts it: `{what}` in its view does not follow from its events"
    )]
    Contradiction {
        /// The field of the view.
        what: &'static str,
    },
    /// A byte was changed.
    #[error("the seal is broken: {}", broken_seal(*.only))]
    Seal {
        /// What alone was changed, where that is known.
        only: Option<Changed>,
    },
}

/// A change that leaves the meaning alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Line ends were converted.
    LineEnds,
    /// Blanks, line ends or the notation of characters; every value is what was sealed.
    Layout,
}

fn advice(found: u64) -> &'static str {
    if found > u64::from(FORMAT_VERSION) {
        "verify it with a newer version of SMS Watchkeeper"
    } else {
        "there is no such format; the file was changed"
    }
}

const fn broken_seal(only: Option<Changed>) -> &'static str {
    match only {
        Some(Changed::LineEnds) => {
            "only the line ends were converted, every line says what was sealed. A change is a change: take the file as \
             it was exported, and copy it as it is (in git: `-text`)"
        }
        Some(Changed::Layout) => {
            "only the layout was changed, such as blanks or line ends; every value is what was sealed. A change is a \
             change: take the file as it was exported"
        }
        None => "the file was changed since it was exported; take the original",
    }
}

/// Proves a report, JSON or Markdown as its content tells.
///
/// The size of `bytes` is the caller's to limit.
///
/// # Errors
/// The first thing that does not hold; of a chain, its first broken entry.
pub fn verify(bytes: &[u8]) -> Result<Verified, VerifyError> {
    let content = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match content.trim_ascii_start().first() {
        None => Err(VerifyError::NoReport),
        Some(b'{') => json_report::verify(bytes, content),
        Some(_) => markdown_report::verify(bytes),
    }
}
