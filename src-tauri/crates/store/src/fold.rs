//! Events and readings together, in the order in which they were recorded.

use std::collections::VecDeque;

use sqlx::{Sqlite, SqliteConnection, pool::PoolConnection};
use watchkeeper_core::{event::Event, reading::Reading};

use crate::{Store, StoreError, row};

/// Rows that are in memory at once, of each table.
const PAGE: u32 = 200;

/// What a fold takes in.
#[derive(Debug)]
pub enum Entry<'a> {
    /// An event.
    Event(Event),
    /// A reading, with the text that it is stored as and that the digest is taken over.
    Reading(Reading, &'a str),
}

/// How much was taken in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Folded {
    /// Events.
    pub events: u64,
    /// Readings; 0 where retention has removed them.
    pub readings: u64,
}

impl Store {
    /// Gives `each` everything that `session` holds now, in the order in which it was recorded: before each reading the
    /// events that it was taken after, and the rest of the events at the end. Memory is bounded however long the session
    /// is. What is recorded meanwhile is left out.
    ///
    /// # Errors
    /// When there is no such session, or a row of it cannot be read; `each` has had the entries before it then.
    pub async fn fold<F>(&self, session: &str, each: F) -> Result<Folded, StoreError>
    where
        F: FnMut(Entry<'_>) + Send,
    {
        self.fold_on(session, Folded::default(), each).await
    }

    /// Goes on with a fold: gives `each` what was recorded after the entries that were taken in already, as
    /// [`Store::fold`] does. Gives how much is taken in then, all in all. Where this fails, the entries that `each` has
    /// had count as taken in.
    ///
    /// # Errors
    /// As [`Store::fold`].
    pub async fn fold_on<F>(&self, session: &str, taken: Folded, mut each: F) -> Result<Folded, StoreError>
    where
        F: FnMut(Entry<'_>) + Send,
    {
        let (key, id) = self.key_of(session).await?;
        let says = self.says("reading the session");
        let mut connection = self.inner.readers.acquire().await.map_err(&says)?;
        let (events, readings, pruned): (i64, i64, bool) =
            sqlx::query_as(EXTENT).bind(key).fetch_one(&mut *connection).await.map_err(&says)?;
        let seen = i64::try_from(taken.events).unwrap_or(i64::MAX);
        let mut pages = Pages { store: self, id: &id, key, connection, events, seen, page: VecDeque::new() };
        let mut folded = taken;
        let readings = if pruned { 0 } else { readings };
        let from = row::From { path: self.path(), session: &id, table: "reading" };
        let mut n = i64::try_from(taken.readings).unwrap_or(i64::MAX);
        while n < readings {
            let rows = sqlx::query(
                "SELECT n, after_seq, json FROM readings WHERE session = ? AND n > ? AND n <= ? ORDER BY n LIMIT ?",
            )
            .bind(key)
            .bind(n)
            .bind(readings)
            .bind(PAGE)
            .fetch_all(&mut *pages.connection)
            .await
            .map_err(&says)?;
            if rows.is_empty() {
                return Err(self.hole(&mut pages.connection, key, &id, n.unsigned_abs() + 1).await);
            }
            for row in &rows {
                let number = from.number(row, "n", n.unsigned_abs() + 1)?;
                n += 1;
                if number != n.unsigned_abs() {
                    return Err(self.hole(&mut pages.connection, key, &id, n.unsigned_abs()).await);
                }
                let after = from.number(row, "after_seq", number)?;
                while let Some(event) = pages.next(Some(after)).await? {
                    folded.events += 1;
                    each(Entry::Event(event));
                }
                let text: &str = from.get(row, "json", number)?;
                folded.readings += 1;
                each(Entry::Reading(from.reading(number, text)?, text));
            }
        }
        while let Some(event) = pages.next(None).await? {
            folded.events += 1;
            each(Entry::Event(event));
        }
        Ok(folded)
    }

    /// Why reading `n` is not there.
    async fn hole(&self, connection: &mut SqliteConnection, key: i64, session: &str, n: u64) -> StoreError {
        let pruned =
            sqlx::query_scalar("SELECT readings_pruned_utc_ms IS NOT NULL FROM sessions WHERE key = ?")
                .bind(key)
                .fetch_one(connection)
                .await;
        match pruned {
            Ok(true) => StoreError::PrunedMeanwhile(session.to_owned()),
            Ok(false) => {
                row::From { path: self.path(), session, table: "reading" }.unreadable(n, "it is missing")
            }
            Err(e) => self.says("reading the session")(e),
        }
    }
}

const EXTENT: &str = "SELECT (SELECT coalesce(max(seq), 0) FROM events WHERE session = ?1),
        (SELECT coalesce(max(n), 0) FROM readings WHERE session = ?1),
        readings_pruned_utc_ms IS NOT NULL
     FROM sessions WHERE key = ?1";

/// The events of a session, a page at a time.
struct Pages<'a> {
    store: &'a Store,
    id: &'a str,
    key: i64,
    connection: PoolConnection<Sqlite>,
    /// The last one to give.
    events: i64,
    /// The last one that was read.
    seen: i64,
    page: VecDeque<Event>,
}

impl Pages<'_> {
    /// The next event, if its number is at most `up_to`.
    async fn next(&mut self, up_to: Option<u64>) -> Result<Option<Event>, StoreError> {
        if self.page.is_empty() && self.seen < self.events {
            self.turn().await?;
        }
        let due = self.page.front().is_some_and(|event| up_to.is_none_or(|last| event.seq <= last));
        Ok(if due { self.page.pop_front() } else { None })
    }

    async fn turn(&mut self) -> Result<(), StoreError> {
        let from = row::From { path: self.store.path(), session: self.id, table: "event" };
        let rows = sqlx::query(
            "SELECT seq, json, hash FROM events WHERE session = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
        )
        .bind(self.key)
        .bind(self.seen)
        .bind(self.events)
        .bind(PAGE)
        .fetch_all(&mut *self.connection)
        .await
        .map_err(self.store.says("reading the session"))?;
        for row in &rows {
            let event = from.event(row)?;
            self.seen += 1;
            if event.seq != self.seen.unsigned_abs() {
                return Err(from.unreadable(self.seen.unsigned_abs(), "it is missing"));
            }
            self.page.push_back(event);
        }
        if rows.is_empty() {
            Err(from.unreadable(self.seen.unsigned_abs() + 1, "it is missing"))
        } else {
            Ok(())
        }
    }
}
