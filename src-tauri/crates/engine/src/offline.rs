//! What can be done to a session without standing the watch: open it, and carry out a person's request.

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    chain::{self, Hash},
    event::{Event, Fact, Opening},
    session::{Command, Input, Session, decide},
    time::{Moment, WatchTime},
};

use crate::{
    actor::CommandError,
    clock,
    ports::{Journal, JournalError},
};

/// Opens a session: its first event is in the journal when this returns.
///
/// # Errors
/// When it could not be written.
pub async fn open(
    journal: &dyn Journal,
    opening: Opening,
    utc: DateTime<Utc>,
) -> Result<Session, JournalError> {
    let moment = Moment { utc, watch: WatchTime::START };
    let event = link(Hash::ZERO, 1, moment, Fact::Opened(Box::new(opening)))?;
    journal.append(std::slice::from_ref(&event)).await?;
    Session::open(&event).ok_or_else(|| JournalError("the first event is no opening".into()))
}

/// The present moment of a session that nobody watches: watch time has gone on as UTC has.
pub fn moment_of(session: &Session, utc: DateTime<Utc>) -> Moment {
    // From the last thing that is recorded, so that neither clock runs back behind it.
    let last = match session.observed.last.filter(|seen| *seen > session.last_event.watch) {
        Some(watch) => Moment { utc: session.utc_of(watch), watch },
        None => session.last_event,
    };
    clock::taken_up(last, utc, session.opening.pace)
}

/// Carries out a person's request on a session that nobody watches. The caller holds the session's lock.
///
/// # Errors
/// When the request is refused, or when the journal could not be written.
pub async fn carry_out(
    session: &mut Session,
    journal: &dyn Journal,
    command: &Command,
    utc: DateTime<Utc>,
) -> Result<Vec<Event>, CommandError> {
    let now = moment_of(session, utc);
    if command.needs_a_watch() {
        return Err(CommandError::NobodyWatches);
    }
    let facts = decide(session, &Input::Command(command.clone()), now)?;
    Ok(commit(session, journal, facts, now).await?)
}

/// Chains `facts` to the session's head, writes them down, then applies them.
pub(crate) async fn commit(
    session: &mut Session,
    journal: &dyn Journal,
    facts: Vec<Fact>,
    now: Moment,
) -> Result<Vec<Event>, JournalError> {
    let mut events = Vec::with_capacity(facts.len());
    let (mut head, mut seq) = (session.head, session.seq);
    for fact in facts {
        seq += 1;
        let event = link(head, seq, now, fact)?;
        head = event.hash;
        events.push(event);
    }
    journal.append(&events).await?;
    for event in &events {
        session.apply(event);
    }
    Ok(events)
}

fn link(head: Hash, seq: u64, moment: Moment, fact: Fact) -> Result<Event, JournalError> {
    // The journal keeps microseconds at most; what is hashed must be what is read back.
    chain::link(head, seq, moment, fact)
        .map_err(|e| JournalError(format!("event {seq} cannot be written as JSON: {e}")))
}
