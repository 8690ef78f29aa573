//! Keeping the journal's size within bounds.

use chrono::Utc;

use crate::{Store, StoreError, connect::Durability};

/// Rows and pages that one step removes; the watch can write between two steps.
const STEP: u32 = 2_000;

/// Single checks, rehearsals and simulated days keep their readings this long without a sign-off: two weeks.
const TRIALS_STAY_MS: i64 = 14 * 86_400_000;

/// What retention removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The sessions whose readings were removed, in the order in which it was done.
    pub sessions: Vec<String>,
    /// How many readings.
    pub readings: u64,
    /// The size of what the journal holds now, in bytes.
    pub bytes: u64,
}

impl Store {
    /// Removes the readings of single checks, rehearsals and simulated days that are two weeks old, and of signed-off
    /// sessions, the oldest first: of all but the newest `keep_sessions`, and of more while the journal holds over
    /// `max_bytes`.
    /// Events and evidence stay, and so do all readings of a real watch that is not signed off. Each session's row says
    /// when its readings were pruned, and so does [`Store::verify`]. The file shrinks.
    /// Commands in the inbox that were settled a week ago go as well.
    ///
    /// # Errors
    /// What SQLite says. What was begun is finished by the next call.
    pub async fn prune(&self, keep_sessions: u32, max_bytes: u64) -> Result<Pruned, StoreError> {
        let doing = "removing old readings";
        let says = self.says(doing);
        let mut pruned = Pruned::default();
        self.tidy_inbox().await?;
        let begun = "SELECT key, id FROM sessions s WHERE readings_pruned_utc_ms IS NOT NULL
                       AND EXISTS (SELECT 1 FROM readings WHERE session = s.key)";
        let begun: Vec<(i64, String)> =
            sqlx::query_as(begun).fetch_all(&self.inner.readers).await.map_err(&says)?;
        for (key, id) in begun {
            pruned.readings += self.remove_readings(key).await?;
            pruned.sessions.push(id);
        }
        // A trial that may still be gone on with is left alone for a while.
        let trials_before = Utc::now().timestamp_millis() - TRIALS_STAY_MS;
        let trials = "SELECT key, id FROM sessions s
                      WHERE (simulated IS NOT NULL OR speed > 1 OR id LIKE '%-check') AND opened_utc_ms < ?
                        AND readings_pruned_utc_ms IS NULL AND EXISTS (SELECT 1 FROM readings WHERE session = s.key)";
        let trials: Vec<(i64, String)> =
            sqlx::query_as(trials).bind(trials_before).fetch_all(&self.inner.readers).await.map_err(&says)?;
        for (key, id) in trials {
            if !self.writer_of(&id)? {
                self.mark_pruned(key).await?;
                pruned.readings += self.remove_readings(key).await?;
                pruned.sessions.push(id);
            }
        }
        // Trials do not count: a month of single checks pushes no watch out.
        let held = "SELECT key, id FROM sessions s
                    WHERE state = 'signed_off' AND readings_pruned_utc_ms IS NULL
                      AND EXISTS (SELECT 1 FROM readings WHERE session = s.key)
                    ORDER BY opened_utc_ms, key";
        let held: Vec<(i64, String)> =
            sqlx::query_as(held).fetch_all(&self.inner.readers).await.map_err(&says)?;
        let too_many = held.len().saturating_sub(keep_sessions as usize);
        pruned.bytes = self.bytes_held().await?;
        for (place, (key, id)) in held.into_iter().enumerate() {
            if place >= too_many && pruned.bytes <= max_bytes {
                break;
            }
            self.mark_pruned(key).await?;
            pruned.readings += self.remove_readings(key).await?;
            pruned.sessions.push(id);
            pruned.bytes = self.bytes_held().await?;
        }
        self.give_space_back().await?;
        pruned.bytes = self.bytes_held().await?;
        tracing::info!(sessions = ?pruned.sessions, readings = pruned.readings, bytes = pruned.bytes, "old readings removed");
        Ok(pruned)
    }

    /// What the pages in use take, whether or not the file has shrunk to them yet.
    async fn bytes_held(&self) -> Result<u64, StoreError> {
        sqlx::query_scalar::<_, i64>(
            "SELECT (c.page_count - f.freelist_count) * s.page_size
             FROM pragma_page_count c, pragma_freelist_count f, pragma_page_size s",
        )
        .fetch_one(&self.inner.readers)
        .await
        .map(i64::unsigned_abs)
        .map_err(self.says("measuring the journal"))
    }

    async fn mark_pruned(&self, key: i64) -> Result<(), StoreError> {
        self.step(
            "UPDATE sessions SET readings_pruned_utc_ms = ?2 WHERE key = ?1",
            key,
            Utc::now().timestamp_millis(),
        )
        .await
        .map(|_| ())
    }

    async fn remove_readings(&self, key: i64) -> Result<u64, StoreError> {
        let statement = "DELETE FROM readings WHERE id IN (SELECT id FROM readings WHERE session = ?1 ORDER BY n LIMIT ?2)";
        let mut removed = 0;
        loop {
            match self.step(statement, key, i64::from(STEP)).await? {
                0 => return Ok(removed),
                n => removed += n,
            }
        }
    }

    async fn tidy_inbox(&self) -> Result<(), StoreError> {
        let week_ago = Utc::now().timestamp_millis() - 7 * 86_400_000;
        let statement =
            "DELETE FROM inbox WHERE posted_utc_ms < ?2 AND (state NOT IN ('new', 'taken') OR session IN
                           (SELECT key FROM sessions WHERE state = 'signed_off')) AND ?1 = 0";
        self.step(statement, 0, week_ago).await.map(|_| ())
    }

    async fn step(&self, statement: &'static str, key: i64, value: i64) -> Result<u64, StoreError> {
        let doing = "removing old readings";
        let mut line = self.writer(doing)?.line().await;
        let mut tx = line.begin(Durability::Normal).await.map_err(self.says(doing))?;
        let done =
            sqlx::query(statement).bind(key).bind(value).execute(&mut *tx).await.map_err(self.says(doing))?;
        tx.commit().await.map_err(self.says(doing))?;
        Ok(done.rows_affected())
    }

    /// Cuts the free pages off the file.
    async fn give_space_back(&self) -> Result<(), StoreError> {
        let doing = "giving space back";
        let says = self.says(doing);
        loop {
            let mut line = self.writer(doing)?.line().await;
            let free: i64 = sqlx::query_scalar("PRAGMA freelist_count")
                .fetch_one(line.connection())
                .await
                .map_err(&says)?;
            if free == 0 {
                // As far as readers let it; the rest follows with the next one.
                sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                    .execute(line.connection())
                    .await
                    .map_err(&says)?;
                return Ok(());
            }
            sqlx::query("PRAGMA incremental_vacuum(2000)").execute(line.connection()).await.map_err(&says)?;
            let left: i64 = sqlx::query_scalar("PRAGMA freelist_count")
                .fetch_one(line.connection())
                .await
                .map_err(&says)?;
            if left >= free {
                return Ok(());
            }
        }
    }
}
