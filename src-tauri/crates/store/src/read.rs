//! Reading a session back: its events, its evidence, how much there is.

use sqlx::Row;
use watchkeeper_core::{chain::Hash, event::Event};

use crate::{Store, StoreError, row};

/// A piece of evidence as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvidence {
    /// For which incident.
    pub incident: u32,
    /// `logs`, `inspect`, `health` or `readings`.
    pub kind: String,
    /// SHA-256 of the text.
    pub digest: Hash,
    /// The text.
    pub text: String,
    /// Why it could not be had.
    pub failure: Option<String>,
}

/// How much a session holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events.
    pub events: u64,
    /// Readings; 0 once they were pruned.
    pub readings: u64,
    /// Pieces of evidence.
    pub evidence: u64,
}

impl Store {
    /// All events of `session` in their order.
    ///
    /// # Errors
    /// When there is no such session, or one of them cannot be read.
    pub async fn events(&self, session: &str) -> Result<Vec<Event>, StoreError> {
        self.events_after(session, 0, u32::MAX).await
    }

    /// At most `limit` events of `session` after the event number `after`, in their order.
    ///
    /// # Errors
    /// As [`Store::events`].
    pub async fn events_after(
        &self,
        session: &str,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let (key, id) = self.key_of(session).await?;
        let from = row::From { path: self.path(), session: &id, table: "event" };
        let rows = sqlx::query(
            "SELECT seq, json, hash FROM events WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(key)
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(&self.inner.readers)
        .await
        .map_err(self.says("reading events"))?;
        rows.iter().map(|row| from.event(row)).collect()
    }

    /// All evidence of `session`, in the order in which it was stored.
    ///
    /// # Errors
    /// When there is no such session, or a piece of it cannot be read.
    pub async fn evidence(&self, session: &str) -> Result<Vec<StoredEvidence>, StoreError> {
        let (key, id) = self.key_of(session).await?;
        let from = row::From { path: self.path(), session: &id, table: "evidence" };
        let rows = sqlx::query(
            "SELECT e.id, e.incident, e.kind, e.digest, e.failure, t.text
             FROM evidence e LEFT JOIN evidence_texts t ON t.digest = e.digest
             WHERE e.session = ? ORDER BY e.id",
        )
        .bind(key)
        .fetch_all(&self.inner.readers)
        .await
        .map_err(self.says("reading evidence"))?;
        rows.iter()
            .map(|row| {
                let entry = from.number(row, "id", 0)?;
                let digest = Hash::parse(from.get(row, "digest", entry)?);
                let text: Option<String> = from.get(row, "text", entry)?;
                Ok(StoredEvidence {
                    incident: from.get(row, "incident", entry)?,
                    kind: from.get(row, "kind", entry)?,
                    digest: digest
                        .ok_or_else(|| from.unreadable(entry, "its digest is not 64 hexadecimal digits"))?,
                    text: text.ok_or_else(|| from.unreadable(entry, "its text is missing"))?,
                    failure: from.get(row, "failure", entry)?,
                })
            })
            .collect()
    }

    /// How much `session` holds.
    ///
    /// # Errors
    /// When there is no such session.
    pub async fn counts(&self, session: &str) -> Result<Counts, StoreError> {
        let (key, _) = self.key_of(session).await?;
        let says = self.says("counting");
        // Both are numbered without holes; to count a million rows takes longer.
        let row = sqlx::query(
            "SELECT (SELECT coalesce(max(seq), 0) FROM events WHERE session = ?1),
                    (SELECT coalesce(max(n), 0) FROM readings WHERE session = ?1),
                    (SELECT count(*) FROM evidence WHERE session = ?1)",
        )
        .bind(key)
        .fetch_one(&self.inner.readers)
        .await
        .map_err(&says)?;
        let number = |i: usize| row.try_get::<i64, _>(i).map(i64::unsigned_abs);
        Ok(Counts {
            events: number(0).map_err(&says)?,
            readings: number(1).map_err(&says)?,
            evidence: number(2).map_err(&says)?,
        })
    }
}
