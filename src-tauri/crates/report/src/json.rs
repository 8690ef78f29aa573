//! The report for programs: the view, every event and the evidence, sealed over the bytes of the file.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use watchkeeper_core::{chain::Hash, event::Event, view::View};

use crate::{EvidenceText, FORMAT, FORMAT_VERSION, Report};

/// A JSON report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SMS Watchkeeper report")]
pub(crate) struct ReportFile<'a> {
    /// Always `sms-watchkeeper-report`.
    #[schemars(extend("const" = FORMAT))]
    pub(crate) format: Cow<'a, str>,
    /// The version of this format, 1.
    #[schemars(extend("const" = FORMAT_VERSION))]
    pub(crate) format_version: u32,
    /// What wrote the report, with its version.
    pub(crate) generator: Cow<'a, str>,
    /// When the view was taken, UTC.
    pub(crate) generated: DateTime<Utc>,
    /// The session at that instant, folded from the events and the readings.
    pub(crate) view: Cow<'a, View>,
    /// The whole journal up to the view's head, each entry with its UTC time, its watch time in milliseconds and its
    /// hash.
    pub(crate) events: Cow<'a, [Event]>,
    /// The texts of the evidence, as far as they are kept.
    pub(crate) evidence: Cow<'a, [EvidenceText]>,
    /// The seal over the file; the last thing in it.
    pub(crate) seal: FileSeal,
}

/// The seal of a JSON report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Seal of the file")]
pub(crate) struct FileSeal {
    /// Always `sha-256`.
    #[schemars(extend("const" = ALGORITHM))]
    pub(crate) algorithm: Cow<'static, str>,
    /// SHA-256 of the file's bytes with these 64 digits replaced by zeros.
    pub(crate) digest: Hash,
}

const ALGORITHM: &str = "sha-256";

/// What the file ends with, around the digest's 64 digits.
const BEFORE_DIGEST: &str = "  \"seal\": {\n    \"algorithm\": \"sha-256\",\n    \"digest\": \"";
const AFTER_DIGEST: &str = "\"\n  }\n}\n";
const DIGITS: usize = 64;

/// Why there is no JSON report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The view and the events are not of the same instant.
    #[error(
        "the report would contradict itself: its view ends with entry {view}, its events with entry {events}; read both \
         from the journal again"
    )]
    Apart {
        /// The last entry that the view has seen.
        view: u64,
        /// The last entry of the events; 0 without any.
        events: u64,
    },
    /// Something in it has no JSON form.
    #[error("the report could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// This crate with its version, as the JSON report names its writer.
pub(crate) fn generator() -> String {
    format!("watchkeeper-report {}", env!("CARGO_PKG_VERSION"))
}

/// The whole report, sealed.
///
/// # Errors
/// When the view's head is not the last event's, or something has no JSON form.
pub fn json(report: &Report) -> Result<String, ReportError> {
    let head = report.view.head;
    let last = report.events.last();
    if last.is_none_or(|e| e.seq != head.seq || e.hash != head.hash) {
        return Err(ReportError::Apart { view: head.seq, events: last.map_or(0, |e| e.seq) });
    }
    Ok(sealed(&ReportFile {
        format: FORMAT.into(),
        format_version: FORMAT_VERSION,
        generator: generator().into(),
        generated: report.view.now.utc,
        view: Cow::Borrowed(&report.view),
        events: Cow::Borrowed(&report.events),
        evidence: Cow::Borrowed(&report.evidence),
        seal: FileSeal { algorithm: ALGORITHM.into(), digest: Hash::ZERO },
    })?)
}

/// `file` as text with its right digest, whatever digest it came with.
pub(crate) fn sealed(file: &ReportFile<'_>) -> Result<String, serde_json::Error> {
    let unsealed =
        ReportFile { seal: FileSeal { algorithm: ALGORITHM.into(), digest: Hash::ZERO }, ..file.clone() };
    let mut text = serde_json::to_string_pretty(&unsealed)? + "\n";
    let digest = Hash::of(text.as_bytes());
    text.truncate(text.len() - DIGITS - AFTER_DIGEST.len());
    Ok(text + &digest.to_string() + AFTER_DIGEST)
}

/// The digest that a file claims, and the one that its bytes have; `None` where it does not end with a seal.
pub(crate) fn digests(bytes: &[u8]) -> Option<(Hash, Hash)> {
    let rest = bytes.strip_suffix(AFTER_DIGEST.as_bytes())?;
    let (above, digits) = rest.split_at_checked(rest.len().checked_sub(DIGITS)?)?;
    above.strip_suffix(BEFORE_DIGEST.as_bytes())?;
    let claimed = std::str::from_utf8(digits).ok().and_then(Hash::parse)?;
    // The digits are read in either case; only one is written.
    if claimed.to_string().as_bytes() != digits {
        return None;
    }
    let mut zeroed = above.to_vec();
    zeroed.extend_from_slice(&[b'0'; DIGITS]);
    zeroed.extend_from_slice(AFTER_DIGEST.as_bytes());
    Some((claimed, Hash::of(&zeroed)))
}

/// The JSON Schema of the JSON report, draft 2020-12.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(ReportFile<'static>).to_value()
}
