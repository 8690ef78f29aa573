//! Commands from other processes to the one that writes a session, and its answers.
//!
//! A command is acted on at most once, and only while whoever left it can still see it happen: what lies in the inbox
//! when a watch begins is withdrawn, never obeyed late.

use std::fmt;

use chrono::Utc;
use sqlx::Row;

use crate::{SessionJournal, SessionState, Store, StoreError, connect::Durability};

/// The largest command and answer in bytes.
const LIMIT: usize = 64 << 10;

/// A command's number in the inbox; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub i64);

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What has become of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nobody has taken it yet.
    Waiting,
    /// The writer is at it.
    Taken,
    /// What the writer says.
    Answered(String),
    /// It was not acted on and never will be.
    Withdrawn,
    /// The writer ended while it was at it: whether it took effect stands in the journal.
    Interrupted,
}

impl Store {
    /// Leaves `json` for the process that writes `session`. Whether there is one, [`Store::writer_of`] tells; where it
    /// ends before it answers, the command should be taken back with [`Store::withdraw`].
    ///
    /// # Errors
    /// When there is no such session, it is signed off, or the command is over 64 KiB.
    pub async fn post(&self, session: &str, json: &str) -> Result<Ticket, StoreError> {
        let doing = "leaving a command in the inbox";
        check_size("the command", json)?;
        let writer = self.writer(doing)?;
        if self.summary(session).await?.state == SessionState::SignedOff {
            return Err(StoreError::SignedOff(session.to_owned()));
        }
        let (key, _) = self.key_of(session).await?;
        let mut line = writer.line().await;
        let mut tx = line.begin(Durability::Normal).await.map_err(self.says(doing))?;
        let ticket = sqlx::query_scalar(
            "INSERT INTO inbox (session, posted_utc_ms, json) VALUES (?, ?, ?) RETURNING ticket",
        )
        .bind(key)
        .bind(Utc::now().timestamp_millis())
        .bind(json)
        .fetch_one(&mut *tx)
        .await
        .map_err(self.says(doing))?;
        tx.commit().await.map_err(self.says(doing))?;
        Ok(Ticket(ticket))
    }

    /// What has become of the command.
    ///
    /// # Errors
    /// When there is none with this number, or its row cannot be read.
    pub async fn answer_of(&self, ticket: Ticket) -> Result<Answer, StoreError> {
        let says = self.says("reading the inbox");
        let row = sqlx::query("SELECT state, answer FROM inbox WHERE ticket = ?")
            .bind(ticket.0)
            .fetch_optional(&self.inner.readers)
            .await
            .map_err(&says)?
            .ok_or(StoreError::NoTicket(ticket.0))?;
        Ok(match row.try_get::<&str, _>("state").map_err(&says)? {
            "new" => Answer::Waiting,
            "taken" => Answer::Taken,
            "answered" => Answer::Answered(row.try_get("answer").map_err(&says)?),
            "withdrawn" => Answer::Withdrawn,
            _ => Answer::Interrupted,
        })
    }

    /// Takes the command back if nobody has taken it yet, and says what has become of it: [`Answer::Withdrawn`] means
    /// that it never fires.
    ///
    /// # Errors
    /// As [`Store::answer_of`].
    pub async fn withdraw(&self, ticket: Ticket) -> Result<Answer, StoreError> {
        let doing = "taking a command back";
        let mut line = self.writer(doing)?.line().await;
        let mut tx = line.begin(Durability::Normal).await.map_err(self.says(doing))?;
        sqlx::query("UPDATE inbox SET state = 'withdrawn' WHERE ticket = ? AND state = 'new'")
            .bind(ticket.0)
            .execute(&mut *tx)
            .await
            .map_err(self.says(doing))?;
        tx.commit().await.map_err(self.says(doing))?;
        drop(line);
        self.answer_of(ticket).await
    }
}

impl SessionJournal {
    /// The commands that were left since the last call, the oldest first. Cheap when there are none: ask often.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub async fn take_new(&self) -> Result<Vec<(Ticket, String)>, StoreError> {
        let doing = "taking commands from the inbox";
        let says = self.store.says(doing);
        let any: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM inbox WHERE session = ? AND state = 'new')")
                .bind(self.key)
                .fetch_one(&self.store.inner.readers)
                .await
                .map_err(&says)?;
        if !any {
            return Ok(Vec::new());
        }
        let mut line = self.store.writer(doing)?.line().await;
        let mut tx = line.begin(Durability::Normal).await.map_err(&says)?;
        let mut taken: Vec<(i64, String)> = sqlx::query_as(
            "UPDATE inbox SET state = 'taken' WHERE session = ? AND state = 'new' RETURNING ticket, json",
        )
        .bind(self.key)
        .fetch_all(&mut *tx)
        .await
        .map_err(&says)?;
        tx.commit().await.map_err(&says)?;
        // RETURNING promises no order.
        taken.sort_unstable();
        Ok(taken.into_iter().map(|(ticket, json)| (Ticket(ticket), json)).collect())
    }

    /// Answers a command that was taken.
    ///
    /// # Errors
    /// When it was not taken by this journal or is answered already, or the answer is over 64 KiB.
    pub async fn answer(&self, ticket: Ticket, json: &str) -> Result<(), StoreError> {
        check_size("the answer", json)?;
        let statement = "UPDATE inbox SET state = 'answered', answer = ?3
                         WHERE ticket = ?2 AND session = ?1 AND state = 'taken'";
        match self.change_inbox(statement, Some((ticket, json))).await? {
            0 => Err(StoreError::NoTicket(ticket.0)),
            _ => Ok(()),
        }
    }

    /// Makes sure that nothing which was left before this journal was opened takes effect.
    pub(crate) async fn empty_inbox(&self) -> Result<(), StoreError> {
        let statement = "UPDATE inbox SET state = iif(state = 'new', 'withdrawn', 'interrupted')
                         WHERE session = ?1 AND state IN ('new', 'taken')";
        self.change_inbox(statement, None).await.map(|_| ())
    }

    async fn change_inbox(
        &self,
        statement: &'static str,
        answer: Option<(Ticket, &str)>,
    ) -> Result<u64, StoreError> {
        let doing = "writing to the inbox";
        let says = self.store.says(doing);
        let mut line = self.store.writer(doing)?.line().await;
        let mut tx = line.begin(Durability::Normal).await.map_err(&says)?;
        let mut query = sqlx::query(statement).bind(self.key);
        if let Some((ticket, json)) = answer {
            query = query.bind(ticket.0).bind(json.to_owned());
        }
        let changed = query.execute(&mut *tx).await.map_err(&says)?.rows_affected();
        tx.commit().await.map_err(&says)?;
        Ok(changed)
    }
}

fn check_size(what: &str, json: &str) -> Result<(), StoreError> {
    if json.len() > LIMIT {
        return Err(StoreError::TooLarge { what: what.to_owned(), bytes: json.len(), limit: LIMIT });
    }
    Ok(())
}
