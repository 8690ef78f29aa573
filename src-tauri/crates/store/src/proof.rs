//! What verification finds.

use chrono::{DateTime, Utc};
use watchkeeper_core::chain::Hash;

use crate::StoreError;

/// A session that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// How many events.
    pub events: u64,
    /// The hash of the last one; what a report of the session ends with.
    pub head: Hash,
    /// What the chain says of the readings.
    pub readings: Sealed,
    /// Pieces of evidence that events name, each found with its digest.
    pub evidence: u64,
}

/// What the chain says of the readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// They are there.
    Kept {
        /// As many are sealed, and match.
        sealed: u64,
        /// As many came after the last seal: complete and undamaged, but nothing proves them yet.
        unsealed: u64,
    },
    /// Retention has removed them.
    Pruned {
        /// When.
        at: DateTime<Utc>,
        /// How many were sealed.
        sealed: u64,
    },
}

/// Why a session could not be proven.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It was changed.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The first entry that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// An event.
    #[error("event {seq} {why}")]
    Event {
        /// Its number.
        seq: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A reading.
    #[error("reading {n} {why}")]
    Reading {
        /// Its number.
        n: u64,
        /// What is wrong with it.
        why: String,
    },
    /// Readings, with what marks them changed too.
    #[error("one of the readings {from} to {to}, sealed by event {seq}, was changed")]
    Seal {
        /// The event that seals them.
        seq: u64,
        /// The first that may be wrong.
        from: u64,
        /// The last that may be wrong.
        to: u64,
    },
    /// A piece of evidence.
    #[error("the evidence `{kind}` of incident {incident}, named by event {seq}, {why}")]
    Evidence {
        /// The event that names it.
        seq: u64,
        /// For which incident.
        incident: u32,
        /// `logs`, `inspect`, `health` or `readings`.
        kind: String,
        /// What is wrong with it.
        why: String,
    },
    /// The session's line in the list.
    #[error("the session's entry in the list {0}")]
    Session(String),
}
