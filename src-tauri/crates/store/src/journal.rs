//! The right to write one session, and the writing of it.

use async_trait::async_trait;
use sqlx::SqliteConnection;
use watchkeeper_core::{
    chain::{self, Hash},
    event::{Event, Fact},
    reading::Reading,
};
use watchkeeper_engine::ports::{Evidence, Journal, JournalError};

use crate::{Store, StoreError, connect::Durability, lock::SessionLock};

/// The largest piece of evidence in bytes: 1 MiB.
pub(crate) const EVIDENCE_LIMIT: usize = 1 << 20;

/// The right to write one session. No other process has it until this is dropped. Its calls may not be dropped half way:
/// whether they took effect would be unknown then.
#[derive(Debug)]
pub struct SessionJournal {
    pub(crate) store: Store,
    pub(crate) key: i64,
    id: String,
    _lock: SessionLock,
}

#[async_trait]
impl Journal for SessionJournal {
    async fn record(&self, after_seq: u64, readings: &[Reading]) -> Result<(), JournalError> {
        Ok(self.record_readings(after_seq, readings).await?)
    }

    async fn append(&self, events: &[Event]) -> Result<(), JournalError> {
        Ok(self.append_events(events).await?)
    }

    async fn keep(&self, incident: u32, evidence: &Evidence) -> Result<(), JournalError> {
        Ok(self.keep_evidence(incident, evidence).await?)
    }
}

/// The last event that is stored.
struct Last {
    seq: u64,
    hash: Hash,
}

impl SessionJournal {
    pub(crate) const fn new(store: Store, key: i64, id: String, lock: SessionLock) -> Self {
        Self { store, key, id, _lock: lock }
    }

    /// The session's id.
    pub fn session(&self) -> &str {
        &self.id
    }

    /// The store it lies in.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    async fn append_events(&self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let doing = "appending events";
        let texts = events.iter().map(|event| self.text_of(event)).collect::<Result<Vec<_>, _>>()?;
        let says = self.store.says(doing);
        let mut line = self.store.writer(doing)?.line().await;
        let mut tx = line.begin(Durability::Full).await.map_err(&says)?;
        self.still_open(&mut tx, doing).await?;
        let mut last = self.last_event(&mut tx, doing).await?;
        for (event, text) in events.iter().zip(&texts) {
            self.follows(&last, event, text)?;
            sqlx::query("INSERT INTO events (session, seq, utc_ms, watch_ms, kind, json, hash) VALUES (?, ?, ?, ?, ?, ?, ?)")
                .bind(self.key)
                .bind(integer(event.seq))
                .bind(event.moment.utc.timestamp_millis())
                .bind(integer(event.moment.watch.0))
                .bind(event.fact.name())
                .bind(text)
                .bind(event.hash.to_string())
                .execute(&mut *tx)
                .await
                .map_err(&says)?;
            last = Last { seq: event.seq, hash: event.hash };
        }
        tx.commit().await.map_err(&says)
    }

    async fn record_readings(&self, after_seq: u64, readings: &[Reading]) -> Result<(), StoreError> {
        if readings.is_empty() {
            return Ok(());
        }
        let doing = "recording readings";
        let texts = readings
            .iter()
            .map(Reading::record)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| self.refused("a reading", e.to_string()))?;
        let says = self.store.says(doing);
        let mut line = self.store.writer(doing)?.line().await;
        let mut tx = line.begin(Durability::Normal).await.map_err(&says)?;
        self.still_open(&mut tx, doing).await?;
        let last_event = self.last_event(&mut tx, doing).await?.seq;
        let (mut n, after_last): (i64, i64) =
            sqlx::query_as("SELECT n, after_seq FROM readings WHERE session = ? ORDER BY n DESC LIMIT 1")
                .bind(self.key)
                .fetch_optional(&mut *tx)
                .await
                .map_err(&says)?
                .unwrap_or((0, 0));
        if after_seq > last_event || integer(after_seq) < after_last {
            let why = format!(
                "they claim to be taken after event {after_seq}; event {last_event} is the last one stored, and the last \
                 reading was taken after event {after_last}"
            );
            return Err(self.refused("readings", why));
        }
        for (reading, text) in readings.iter().zip(&texts) {
            n += 1;
            sqlx::query(
                "INSERT INTO readings (session, n, after_seq, utc_ms, watch_ms, source, mark, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(self.key)
            .bind(n)
            .bind(integer(after_seq))
            .bind(reading.utc.timestamp_millis())
            .bind(integer(reading.watch.0))
            .bind(reading.answer.source.name())
            .bind(mark(text.as_bytes()))
            .bind(text)
            .execute(&mut *tx)
            .await
            .map_err(&says)?;
        }
        tx.commit().await.map_err(&says)
    }

    async fn keep_evidence(&self, incident: u32, evidence: &Evidence) -> Result<(), StoreError> {
        let Evidence { kind, text, failure } = evidence;
        if text.len() > EVIDENCE_LIMIT {
            let what = format!("session `{}`: the evidence `{kind}` of incident {incident}", self.id);
            return Err(StoreError::TooLarge { what, bytes: text.len(), limit: EVIDENCE_LIMIT });
        }
        let doing = "keeping evidence";
        let digest = Hash::of(text.as_bytes()).to_string();
        let says = self.store.says(doing);
        let mut line = self.store.writer(doing)?.line().await;
        let mut tx = line.begin(Durability::Normal).await.map_err(&says)?;
        self.still_open(&mut tx, doing).await?;
        sqlx::query("INSERT INTO evidence_texts (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(&digest)
            .bind(text)
            .execute(&mut *tx)
            .await
            .map_err(&says)?;
        sqlx::query(
            "INSERT INTO evidence (session, incident, kind, digest, failure) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(self.key)
        .bind(incident)
        .bind(kind)
        .bind(&digest)
        .bind(failure)
        .execute(&mut *tx)
        .await
        .map_err(&says)?;
        tx.commit().await.map_err(&says)
    }

    async fn still_open(&self, tx: &mut SqliteConnection, doing: &str) -> Result<(), StoreError> {
        let state: String = sqlx::query_scalar("SELECT state FROM sessions WHERE key = ?")
            .bind(self.key)
            .fetch_one(tx)
            .await
            .map_err(self.store.says(doing))?;
        if state == "signed_off" { Err(StoreError::SignedOff(self.id.clone())) } else { Ok(()) }
    }

    async fn last_event(&self, tx: &mut SqliteConnection, doing: &str) -> Result<Last, StoreError> {
        let last: Option<(i64, String)> =
            sqlx::query_as("SELECT seq, hash FROM events WHERE session = ? ORDER BY seq DESC LIMIT 1")
                .bind(self.key)
                .fetch_optional(tx)
                .await
                .map_err(self.store.says(doing))?;
        let Some((seq, hash)) = last else { return Ok(Last { seq: 0, hash: Hash::ZERO }) };
        let hash = Hash::parse(&hash).ok_or_else(|| {
            self.refused("an event", format!("the hash of the last one, event {seq}, is damaged"))
        })?;
        Ok(Last { seq: seq.unsigned_abs(), hash })
    }

    /// Whether `event`, whose text is `text`, is the next link of the chain.
    fn follows(&self, last: &Last, event: &Event, text: &str) -> Result<(), StoreError> {
        let what = || format!("event {}", event.seq);
        if event.seq != last.seq + 1 {
            return Err(self.refused(&what(), format!("event {} is the last one stored", last.seq)));
        }
        if last.hash.then(text.as_bytes()) != event.hash {
            return Err(self.refused(&what(), format!("its hash does not chain it to event {}", last.seq)));
        }
        let opens = match &event.fact {
            Fact::Opened(opening) if opening.session != self.id => {
                return Err(self.refused(&what(), format!("it opens the session `{}`", opening.session)));
            }
            Fact::Opened(_) => true,
            _ => false,
        };
        if opens != (event.seq == 1) {
            return Err(self.refused(&what(), "the first event, and no other, opens the session".into()));
        }
        Ok(())
    }

    fn text_of(&self, event: &Event) -> Result<String, StoreError> {
        chain::content(event.seq, event.moment, &event.fact)
            .map_err(|e| self.refused(&format!("event {}", event.seq), e.to_string()))
    }

    fn refused(&self, what: &str, why: String) -> StoreError {
        StoreError::Refused { session: self.id.clone(), what: what.to_owned(), why }
    }
}

/// The first 32 bits of the SHA-256 of a reading's text.
pub(crate) fn mark(text: &[u8]) -> i64 {
    i64::from_str_radix(&Hash::of(text).short(), 16).unwrap_or(-1)
}

/// SQLite's integers are signed; a number beyond them, some 292 million years in milliseconds, is refused by the checks.
fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Access;

    #[tokio::test]
    async fn a_full_disk_is_said_and_nothing_is_stored_by_halves() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("watchkeeper.db"), Access::Write).await.unwrap();
        let says = async |statement: &'static str| {
            let mut line = store.writer("testing").unwrap().line().await;
            sqlx::query(statement).execute(line.connection()).await.unwrap();
        };
        says(
            "INSERT INTO sessions (id, opened_utc_ms, deployment, environment, version, owner, speed)
              VALUES ('a', 0, '', '', '', '', 1)",
        )
        .await;
        let journal = store.session("a").await.unwrap();
        // SQLite's own limit, for this connection, gives the answer that a full disk gives; below the size that the
        // file has it means that size.
        says("PRAGMA max_page_count = 1").await;
        let text = "x".repeat(500_000);
        let evidence = Evidence { kind: "logs".into(), text, failure: None };
        let error = journal.keep_evidence(1, &evidence).await.unwrap_err();
        assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
        assert_eq!(store.counts("a").await.unwrap().evidence, 0);
        // With space again it goes on as if nothing had been: the connection is a new one.
        journal.keep_evidence(1, &evidence).await.unwrap();
        assert_eq!(store.evidence("a").await.unwrap().len(), 1);
    }

    #[test]
    fn a_mark_is_the_first_32_bits() {
        // SHA-256 of nothing begins with e3b0c442.
        assert_eq!(mark(b""), 0xe3b0_c442);
    }
}
