//! A session as the journal has it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    part::Part,
    reading::{Outcome, Reading, Value},
    session::Session,
    view::View,
};
use watchkeeper_engine::moment_of;
use watchkeeper_store::{Entry, Store};

use crate::{DeskError, Help};

/// A session with how far its sources were recorded, by the NAS's clock: from there they go on.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The session itself.
    pub session: Session,
    /// The time of the last line of each log.
    pub logs_to: BTreeMap<Part, DateTime<Utc>>,
    /// The time of the last event of the Docker Engine.
    pub events_to: Option<DateTime<Utc>>,
}

/// Folds a session anew. No effect of it fires again.
///
/// # Errors
/// When the journal cannot be read, or does not begin with an opening.
pub async fn fold(store: &Store, id: &str) -> Result<Recorded, DeskError> {
    let mut folded: Option<Recorded> = None;
    store
        .fold(id, |entry| match (entry, folded.as_mut()) {
            (Entry::Event(event), None) => folded = Session::open(&event).map(Recorded::new),
            (Entry::Event(event), Some(recorded)) => recorded.session.apply(&event),
            (Entry::Reading(reading, record), Some(recorded)) => {
                recorded.see(&reading);
                recorded.session.observe(&reading, record);
            }
            (Entry::Reading(..), None) => {}
        })
        .await?;
    folded.ok_or_else(|| {
        DeskError::could_not_run(
            format!("session `{id}` does not begin with its opening"),
            Help::Journal { session: Some(id.to_owned()) },
        )
    })
}

/// How a session that another process may be writing stands at `utc`.
///
/// # Errors
/// As [`fold`].
pub async fn view(store: &Store, id: &str, utc: DateTime<Utc>) -> Result<View, DeskError> {
    let mut session = fold(store, id).await?.session;
    // A program that was killed wrote no farewell; its lock tells that nobody watches.
    session.attended &= store.writer_of(id)?;
    let now = moment_of(&session, utc);
    Ok(View::of(&session, now))
}

impl Recorded {
    /// A session that has just begun.
    pub const fn new(session: Session) -> Self {
        Self { session, logs_to: BTreeMap::new(), events_to: None }
    }

    fn see(&mut self, reading: &Reading) {
        match &reading.answer.outcome {
            Outcome::Value(Value::Logs(batch)) => {
                if let Some(last) = batch.last_at {
                    let to = self.logs_to.entry(reading.answer.part).or_insert(last);
                    *to = last.max(*to);
                }
            }
            Outcome::Value(Value::Event(event)) => self.events_to = self.events_to.max(Some(event.at)),
            _ => {}
        }
    }
}
