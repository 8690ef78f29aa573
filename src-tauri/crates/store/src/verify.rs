//! Proving a session against its chain, from the texts as they are stored.

use chrono::{DateTime, Utc};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use watchkeeper_core::{chain::Hash, event::Fact, reading::Source, time::WatchTime};

use crate::{Broken, Proof, Sealed, Store, StoreError, VerifyError, journal::mark, row::EventText};

/// Rows that are in memory at once.
const PAGE: u32 = 200;

impl Store {
    /// Walks all of `session`: the chain of its events, the digest of its readings against each seal, the evidence
    /// against the events that name it. Memory is bounded however long the session is.
    ///
    /// # Errors
    /// The first entry that was changed, or why it could not be read.
    pub async fn verify(&self, session: &str) -> Result<Proof, VerifyError> {
        let (key, _) = self.key_of(session).await?;
        let says = self.says("verifying the session");
        // One look at the journal as it is now, however long it takes.
        let mut tx = self.inner.readers.begin().await.map_err(&says)?;
        Walk { key, says: &says, connection: &mut tx, readings: Readings::default() }.whole().await
    }
}

struct Walk<'a, F: Fn(sqlx::Error) -> StoreError> {
    key: i64,
    says: &'a F,
    connection: &'a mut SqliteConnection,
    readings: Readings,
}

/// How far the readings were walked.
#[derive(Default)]
struct Readings {
    n: u64,
    digest: Hash,
    after: u64,
    /// The last seal's event and count.
    seal: (u64, u64),
}

impl<F: Fn(sqlx::Error) -> StoreError> Walk<'_, F> {
    async fn whole(&mut self) -> Result<Proof, VerifyError> {
        let list = sqlx::query("SELECT * FROM sessions WHERE key = ?")
            .bind(self.key)
            .fetch_one(&mut *self.connection)
            .await
            .map_err(self.says)?;
        let pruned: Option<i64> = list.try_get("readings_pruned_utc_ms").map_err(self.says)?;
        let (mut seq, mut head, mut evidence, mut state) = (0, Hash::ZERO, 0, "open");
        // Retention takes the readings of what proves nothing of a release without waiting for a sign-off.
        let mut trial = false;
        loop {
            let rows = self.events_after(seq).await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                seq += 1;
                let text = event_text(row, seq, &mut head)?;
                match &text.fact {
                    Fact::Opened(opening) => {
                        same_session(&list, &opening.session, &opening.release.version)?;
                        trial = opening.simulated.is_some()
                            || opening.pace.speed > 1.0
                            || opening.session.to_ascii_lowercase().ends_with("-check");
                    }
                    Fact::ReadingsSealed { count, .. } if pruned.is_some() => {
                        self.readings.seal = (seq, *count)
                    }
                    Fact::ReadingsSealed { count, digest } => self.seal(seq, *count, *digest).await?,
                    Fact::EvidenceStored { incident, kind, digest, bytes, failure } => {
                        let named = Named { seq, incident: *incident, kind, digest: *digest, bytes: *bytes };
                        evidence += u64::from(self.evidence(&named, failure.is_some()).await?);
                    }
                    Fact::Concluded(_) => state = "concluded",
                    Fact::SignedOff { .. } => state = "signed_off",
                    _ => {}
                }
            }
        }
        if list.try_get::<&str, _>("state").ok() != Some(state) {
            return Err(Broken::Session(format!("does not say `{state}`, as its events do")).into());
        }
        let sealed = self.readings.seal.1;
        let readings = match pruned.map(DateTime::from_timestamp_millis) {
            None => {
                self.walk_readings(u64::MAX).await?;
                if self.readings.after > seq {
                    let (n, after) = (self.readings.n, self.readings.after);
                    return Err(reading(
                        n,
                        format!("claims to be taken after event {after}, which there is not"),
                    )
                    .into());
                }
                Sealed::Kept { sealed, unsealed: self.readings.n - sealed }
            }
            Some(Some(at)) if trial || state == "signed_off" => Sealed::Pruned { at, sealed },
            Some(_) => {
                return Err(
                    Broken::Session("says that its readings were pruned, which cannot be".into()).into()
                );
            }
        };
        Ok(Proof { events: seq, head, readings, evidence })
    }

    async fn events_after(&mut self, seq: u64) -> Result<Vec<SqliteRow>, VerifyError> {
        // As bytes: what was changed need not be text any more.
        let rows = sqlx::query(
            "SELECT seq, utc_ms, watch_ms, CAST(kind AS BLOB) AS kind, CAST(json AS BLOB) AS json,
                    CAST(hash AS BLOB) AS hash
             FROM events WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(self.key)
        .bind(seq.cast_signed())
        .bind(PAGE)
        .fetch_all(&mut *self.connection)
        .await;
        Ok(rows.map_err(self.says)?)
    }

    /// The readings up to the seal, and whether they make its digest.
    async fn seal(&mut self, seq: u64, count: u64, digest: Hash) -> Result<(), VerifyError> {
        let (_, before) = self.readings.seal;
        if count < before {
            return Err(Broken::Event {
                seq,
                why: format!("seals {count} readings after {before} were sealed"),
            }
            .into());
        }
        self.walk_readings(count).await?;
        let Readings { n, after, .. } = self.readings;
        if n < count {
            return Err(reading(n + 1, format!("is missing; event {seq} seals {count}")).into());
        }
        if n > before && after >= seq {
            return Err(reading(
                n,
                format!("claims to be taken after event {after}, but event {seq} seals it"),
            )
            .into());
        }
        if self.readings.digest != digest {
            return Err(Broken::Seal { seq, from: before + 1, to: count }.into());
        }
        self.readings.seal = (seq, count);
        Ok(())
    }

    /// Goes on to the reading number `to`, or to the last one.
    async fn walk_readings(&mut self, to: u64) -> Result<(), VerifyError> {
        while self.readings.n < to {
            let rows = sqlx::query(
                "SELECT n, after_seq, utc_ms, watch_ms, mark, CAST(source AS BLOB) AS source, CAST(json AS BLOB) AS json
                 FROM readings WHERE session = ? AND n > ? AND n <= ? ORDER BY n LIMIT ?",
            )
            .bind(self.key)
            .bind(self.readings.n.cast_signed())
            .bind(i64::try_from(to).unwrap_or(i64::MAX))
            .bind(PAGE)
            .fetch_all(&mut *self.connection)
            .await
            .map_err(self.says)?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                self.readings.take(row)?;
            }
        }
        Ok(())
    }

    /// Whether the evidence is there; it need not be where the event says that it could not be had.
    async fn evidence(&mut self, named: &Named<'_>, failed: bool) -> Result<bool, VerifyError> {
        let Named { seq, incident, kind, digest, bytes } = *named;
        let text: Option<Option<Vec<u8>>> = sqlx::query_scalar(
            "SELECT CAST(t.text AS BLOB) FROM evidence e LEFT JOIN evidence_texts t ON t.digest = e.digest
             WHERE e.session = ? AND e.incident = ? AND e.kind = ? AND e.digest = ?",
        )
        .bind(self.key)
        .bind(incident)
        .bind(kind)
        .bind(digest.to_string())
        .fetch_optional(&mut *self.connection)
        .await
        .map_err(self.says)?;
        let why = match text.flatten() {
            None if failed => return Ok(false),
            None => "is missing",
            Some(text) if Hash::of(&text) != digest || u64::try_from(text.len()) != Ok(bytes) => {
                "does not match its digest: its text was changed"
            }
            Some(_) => return Ok(true),
        };
        Err(Broken::Evidence { seq, incident, kind: kind.to_owned(), why: why.to_owned() }.into())
    }
}

/// A piece of evidence as an event names it.
struct Named<'a> {
    seq: u64,
    incident: u32,
    kind: &'a str,
    digest: Hash,
    bytes: u64,
}

/// What verification reads of a reading; the digest covers the rest.
#[derive(serde::Deserialize)]
struct ReadingText {
    utc: DateTime<Utc>,
    watch: WatchTime,
    source: Source,
}

impl Readings {
    /// The next reading.
    fn take(&mut self, row: &SqliteRow) -> Result<(), Broken> {
        let n = self.n + 1;
        let odd = |e: sqlx::Error| reading(n, format!("cannot be read: {e}"));
        let found: i64 = row.try_get("n").map_err(odd)?;
        if found.unsigned_abs() != n {
            return Err(reading(n, format!("is missing: reading {found} stands in its place")));
        }
        let text: &[u8] = row.try_get("json").map_err(odd)?;
        if row.try_get::<i64, _>("mark").map_err(odd)? != mark(text) {
            return Err(reading(n, "does not match its mark: it was changed".into()));
        }
        let told: ReadingText =
            serde_json::from_slice(text).map_err(|e| reading(n, format!("cannot be read: {e}")))?;
        let same = row.try_get::<i64, _>("utc_ms").map_err(odd)? == told.utc.timestamp_millis()
            && row.try_get::<i64, _>("watch_ms").map_err(odd)?.unsigned_abs() == told.watch.0
            && row.try_get::<&[u8], _>("source").map_err(odd)? == told.source.name().as_bytes();
        if !same {
            return Err(reading(n, "has another time or source in its columns than in its text".into()));
        }
        let after = row.try_get::<i64, _>("after_seq").map_err(odd)?.unsigned_abs();
        // In the order of the fold it must come after its own place in the order, and after the seal before it.
        if after < self.after || after < self.seal.0 {
            return Err(reading(n, format!("claims to be taken after event {after}, which is too early")));
        }
        self.after = after;
        self.digest = self.digest.then(text);
        self.n = n;
        Ok(())
    }
}

/// The text of event number `seq`, if it follows `head`, which becomes its hash.
fn event_text(row: &SqliteRow, seq: u64, head: &mut Hash) -> Result<EventText, Broken> {
    let broken = |why: String| Broken::Event { seq, why };
    let odd = |e: sqlx::Error| broken(format!("cannot be read: {e}"));
    let found: i64 = row.try_get("seq").map_err(odd)?;
    if found.unsigned_abs() != seq {
        return Err(broken(format!("is missing: event {found} stands in its place")));
    }
    let json: &[u8] = row.try_get("json").map_err(odd)?;
    let hash = head.then(json);
    if row.try_get::<&[u8], _>("hash").map_err(odd)? != hash.to_string().as_bytes() {
        return Err(broken(
            "does not match its hash: it, or its link to the event before, was changed".into(),
        ));
    }
    let text: EventText = serde_json::from_slice(json)
        .map_err(|e| broken(format!("matches its hash, but this version cannot read it: {e}")))?;
    let same = text.seq == seq
        && row.try_get::<i64, _>("utc_ms").map_err(odd)? == text.moment.utc.timestamp_millis()
        && row.try_get::<i64, _>("watch_ms").map_err(odd)?.unsigned_abs() == text.moment.watch.0
        && row.try_get::<&[u8], _>("kind").map_err(odd)? == text.fact.name().as_bytes();
    if !same {
        return Err(broken("has another number, time or kind in its columns than in its text".into()));
    }
    *head = hash;
    Ok(text)
}

fn same_session(list: &SqliteRow, id: &str, version: &str) -> Result<(), Broken> {
    let same = |column, told: &str| list.try_get::<&str, _>(column).is_ok_and(|value| value == told);
    if same("id", id) && same("version", version) {
        return Ok(());
    }
    Err(Broken::Session(format!("does not say `{id}` and version {version}, as its first event does")))
}

fn reading(n: u64, why: String) -> Broken {
    Broken::Reading { n, why }
}
