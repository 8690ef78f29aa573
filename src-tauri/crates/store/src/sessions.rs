//! The sessions of the journal: opening them for writing, and the list of them.

use chrono::{DateTime, Utc};
use sqlx::{Row, sqlite::SqliteRow};
use watchkeeper_core::event::Opening;

use crate::{SessionJournal, Store, StoreError, check_session_id, lock::SessionLock};

/// How far a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// The plan has not run to its end.
    Open,
    /// It has; nobody has signed off yet.
    Concluded,
    /// Signed off, and closed for writing.
    SignedOff,
}

impl SessionState {
    /// `open`, `concluded`, `signed_off`: as the table has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Concluded => "concluded",
            Self::SignedOff => "signed_off",
        }
    }
    fn from_name(name: &str) -> Option<Self> {
        [Self::Open, Self::Concluded, Self::SignedOff].into_iter().find(|s| s.name() == name)
    }
}

/// One line of the list of sessions.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionSummary {
    /// The id.
    pub id: String,
    /// When it was opened, to the millisecond.
    pub opened: DateTime<Utc>,
    /// When its last event was committed, to the millisecond; by the PC's clock, which may have stepped.
    pub last_event: DateTime<Utc>,
    /// The deployment's name.
    pub deployment: String,
    /// Its environment.
    pub environment: String,
    /// The version under watch.
    pub version: String,
    /// Who stands the watch.
    pub owner: String,
    /// The scenario's title when the deployment is the simulated one.
    pub simulated: Option<String>,
    /// 1, or how many times as fast the plan is run in a rehearsal.
    pub speed: f64,
    /// How far it is.
    pub state: SessionState,
    /// The verdict: `pass`, `inconclusive` or `fail`; `None` before there is one.
    pub finding: Option<String>,
    /// The sign-off: `approved` or `rejected`; `None` before there is one.
    pub decision: Option<String>,
    /// How many events it has.
    pub events: u64,
    /// When retention removed its readings.
    pub readings_pruned: Option<DateTime<Utc>>,
}

/// Only sessions that were really opened: one that was cut short before its first event holds nothing.
const LIST: &str = "SELECT s.*, (SELECT max(seq) FROM events WHERE session = s.key) AS events,
        (SELECT utc_ms FROM events WHERE session = s.key ORDER BY seq DESC LIMIT 1) AS last_utc_ms
     FROM sessions s
     WHERE (?1 IS NULL OR s.id = ?1) AND EXISTS (SELECT 1 FROM events WHERE session = s.key)
     ORDER BY s.opened_utc_ms DESC, s.key DESC";

impl Store {
    /// Makes a session and takes the right to write it. `opened` is the time that its first event will have. The first
    /// event to be appended is [`Opened`](watchkeeper_core::event::Fact::Opened).
    ///
    /// # Errors
    /// When the id is malformed or taken, or another process is about to use it.
    pub async fn create_session(
        &self,
        opening: &Opening,
        opened: DateTime<Utc>,
    ) -> Result<SessionJournal, StoreError> {
        let doing = "opening a session";
        let writer = self.writer(doing)?;
        let lock = SessionLock::take(self.path(), &opening.session).await?;
        let mut line = writer.line().await;
        let mut tx = line.begin(crate::connect::Durability::Normal).await.map_err(self.says(doing))?;
        let key: Option<i64> = sqlx::query_scalar(
            "INSERT INTO sessions (id, opened_utc_ms, deployment, environment, version, owner, simulated, speed)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE
             SET id = excluded.id, opened_utc_ms = excluded.opened_utc_ms,
                 deployment = excluded.deployment, environment = excluded.environment, version = excluded.version, owner = excluded.owner,
                 simulated = excluded.simulated, speed = excluded.speed
             -- Cut short before it held anything.
             WHERE NOT EXISTS (SELECT 1 FROM events WHERE session = sessions.key)
               AND NOT EXISTS (SELECT 1 FROM readings WHERE session = sessions.key)
             RETURNING key",
        )
        .bind(&opening.session)
        .bind(opened.timestamp_millis())
        .bind(&opening.deployment.name)
        .bind(&opening.deployment.environment)
        .bind(&opening.release.version)
        .bind(&opening.owner)
        .bind(&opening.simulated)
        .bind(opening.pace.speed)
        .fetch_optional(&mut *tx)
        .await
        .map_err(self.says(doing))?;
        let key = key.ok_or_else(|| StoreError::SessionExists(opening.session.clone()))?;
        tx.commit().await.map_err(self.says(doing))?;
        drop(line);
        Ok(SessionJournal::new(self.clone(), key, opening.session.clone(), lock))
    }

    /// Takes the right to write `session`, to go on with it. What was left in its inbox before is withdrawn: nobody
    /// waits for it any more.
    ///
    /// # Errors
    /// When there is no such session, it is signed off, or another process writes it.
    pub async fn session(&self, session: &str) -> Result<SessionJournal, StoreError> {
        let doing = "going on with a session";
        self.writer(doing)?;
        let (_, id) = self.key_of(session).await?;
        let lock = SessionLock::take(self.path(), &id).await?;
        // Read again: the one who had the lock may have signed off.
        let (key, state): (i64, String) = sqlx::query_as("SELECT key, state FROM sessions WHERE id = ?")
            .bind(&id)
            .fetch_one(&self.inner.readers)
            .await
            .map_err(self.says(doing))?;
        if state == SessionState::SignedOff.name() {
            return Err(StoreError::SignedOff(id));
        }
        let journal = SessionJournal::new(self.clone(), key, id, lock);
        journal.empty_inbox().await?;
        Ok(journal)
    }

    /// All sessions, the newest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn sessions(&self) -> Result<Vec<SessionSummary>, StoreError> {
        self.list(None).await
    }

    /// One session's line of the list.
    ///
    /// # Errors
    /// When there is no such session, or it cannot be read.
    pub async fn summary(&self, session: &str) -> Result<SessionSummary, StoreError> {
        let found = self.list(Some(check_session_id(session)?)).await?.into_iter().next();
        found.ok_or_else(|| self.no_session(session))
    }

    async fn list(&self, session: Option<&str>) -> Result<Vec<SessionSummary>, StoreError> {
        let says = self.says("listing the sessions");
        let rows = sqlx::query(LIST).bind(session).fetch_all(&self.inner.readers).await.map_err(&says)?;
        rows.iter().map(|row| summary(row).map_err(&says)).collect()
    }

    /// The key of `session` and its id as it was first written.
    pub(crate) async fn key_of(&self, session: &str) -> Result<(i64, String), StoreError> {
        let found: Option<(i64, String)> = sqlx::query_as("SELECT key, id FROM sessions WHERE id = ?")
            .bind(check_session_id(session)?)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(self.says("looking for a session"))?;
        found.ok_or_else(|| self.no_session(session))
    }

    fn no_session(&self, session: &str) -> StoreError {
        StoreError::NoSession { session: session.to_owned(), path: self.path().to_owned() }
    }
}

fn summary(row: &SqliteRow) -> sqlx::Result<SessionSummary> {
    let odd = |what: &str| sqlx::Error::Decode(format!("{what} is out of range").into());
    let time = |ms: i64| DateTime::from_timestamp_millis(ms).ok_or_else(|| odd("a session's time"));
    let state: String = row.try_get("state")?;
    Ok(SessionSummary {
        id: row.try_get("id")?,
        opened: time(row.try_get("opened_utc_ms")?)?,
        last_event: time(row.try_get("last_utc_ms")?)?,
        deployment: row.try_get("deployment")?,
        environment: row.try_get("environment")?,
        version: row.try_get("version")?,
        owner: row.try_get("owner")?,
        simulated: row.try_get("simulated")?,
        speed: row.try_get("speed")?,
        state: SessionState::from_name(&state).ok_or_else(|| odd("a session's state"))?,
        finding: row.try_get("finding")?,
        decision: row.try_get("decision")?,
        events: u64::try_from(row.try_get::<i64, _>("events")?).map_err(|_| odd("an event's number"))?,
        readings_pruned: row.try_get::<Option<i64>, _>("readings_pruned_utc_ms")?.map(time).transpose()?,
    })
}
