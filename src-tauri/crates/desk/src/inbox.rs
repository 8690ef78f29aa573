//! Requests from one process to the one that watches: through the journal's inbox, as JSON.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};
use watchkeeper_core::{
    event::{Event, Fact},
    session::Command,
};
use watchkeeper_engine::{CommandError, WatchHandle};
use watchkeeper_store::{Answer, SessionJournal, Store};

use crate::{Code, DeskError, Help};

/// How long the process that watches may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is looked for the answer.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What the process that watches says to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// It was carried out.
    Done {
        /// The numbers of the events that came of it.
        events: Vec<u64>,
        /// The checkpoint that began.
        check: Option<String>,
    },
    /// It was refused.
    Refused {
        /// Why, for people.
        why: String,
        /// What to do about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        help: Option<Help>,
    },
    /// It could not be carried out.
    Failed {
        /// Why, for people.
        why: String,
    },
}

/// Carries out what comes into the inbox, until `over` comes. A request in hand is answered first.
pub async fn serve(
    journal: Arc<SessionJournal>,
    watch: WatchHandle,
    every: Duration,
    mut over: oneshot::Receiver<()>,
) {
    loop {
        match journal.take_new().await {
            Ok(requests) => {
                for (ticket, json) in requests {
                    let reply = match serde_json::from_str::<Command>(&json) {
                        Ok(command) => Reply::of(watch.command(command).await),
                        Err(e) => Reply::Failed {
                            why: format!(
                                "the request was not understood ({e}): is it from another version of this program?"
                            ),
                        },
                    };
                    let json = serde_json::to_string(&reply).unwrap_or_default();
                    if let Err(e) = journal.answer(ticket, &json).await {
                        tracing::warn!("a request could not be answered: {e}");
                    }
                }
            }
            // The next look may well succeed; what cannot be written at all ends the watch by itself.
            Err(e) => tracing::warn!("the inbox could not be read: {e}"),
        }
        tokio::select! {
            _ = &mut over => return,
            () = sleep(every) => {}
        }
    }
}

/// What became of a request to another process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// It was carried out; the check that began, if one did.
    Done(Option<String>),
    /// The other process ended before it took the request: nothing was done.
    NobodyThere,
}

/// Has the process that watches `session` carry out `command`.
///
/// # Errors
/// Its refusal; that it does not answer.
pub async fn post(store: &Store, session: &str, command: &Command) -> Result<Posted, DeskError> {
    // Here already: what lies in the inbox lies in the file.
    let redacted = serde_json::to_value(command).map(|mut value| {
        watchkeeper_core::redact::redact_json(&mut value);
        value.to_string()
    });
    let json = redacted.map_err(|e| {
        DeskError::could_not_run(format!("the request has no JSON form: {e}"), "shorten its text")
    })?;
    let ticket = store.post(session, &json).await?;
    let until = Instant::now() + PATIENCE;
    let mut answer = store.answer_of(ticket).await?;
    loop {
        match answer {
            Answer::Answered(json) => return read(&json),
            Answer::Withdrawn => return Ok(Posted::NobodyThere),
            Answer::Interrupted => {
                return Err(DeskError::could_not_run(
                    "the process that watches ended while it was at the request",
                    Help::TookEffect { session: session.to_owned() },
                ));
            }
            Answer::Waiting if Instant::now() >= until || !store.writer_of(session)? => {
                // It may be taken in this very moment; then it is waited for.
                answer = store.withdraw(ticket).await?;
                if answer == Answer::Withdrawn && Instant::now() >= until {
                    return Err(DeskError::could_not_run(
                        format!(
                            "the process that watches `{session}` does not answer; the request was taken back"
                        ),
                        Help::Hangs,
                    ));
                }
            }
            Answer::Taken if Instant::now() >= until + PATIENCE => {
                return Err(DeskError::could_not_run(
                    format!("the process that watches `{session}` took the request but does not answer"),
                    Help::TookEffect { session: session.to_owned() },
                ));
            }
            Answer::Waiting | Answer::Taken => {
                sleep(LOOK_EVERY).await;
                answer = store.answer_of(ticket).await?;
            }
        }
    }
}

fn read(json: &str) -> Result<Posted, DeskError> {
    match serde_json::from_str(json) {
        Ok(Reply::Done { check, .. }) => Ok(Posted::Done(check)),
        Ok(Reply::Refused { why, help }) => Err(DeskError { what: why, help, code: Code::Refused }),
        Ok(Reply::Failed { why }) => Err(DeskError { what: why, help: None, code: Code::CouldNot }),
        Err(e) => Err(DeskError::could_not_run(
            format!("the answer of the process that watches was not understood ({e})"),
            Help::SameVersion,
        )),
    }
}

impl Reply {
    fn of(result: Result<Vec<Event>, CommandError>) -> Self {
        match result {
            Ok(events) => Self::Done {
                check: events.iter().find_map(|e| match &e.fact {
                    Fact::CheckBegan { check, .. } => Some(check.clone()),
                    _ => None,
                }),
                events: events.iter().map(|e| e.seq).collect(),
            },
            Err(CommandError::Refused(refusal)) => {
                let DeskError { what: why, help, .. } = refusal.into();
                Self::Refused { why, help }
            }
            Err(e) => Self::Failed { why: e.to_string() },
        }
    }
}

#[cfg(test)]
mod tests {
    use watchkeeper_core::session::Refusal;

    use super::*;

    #[test]
    fn replies_come_through_as_they_were_sent() {
        let refused = Reply::of(Err(CommandError::Refused(Refusal::NoIncident(3))));
        let failed = Reply::of(Err(CommandError::Ended));
        let done = Reply::Done { events: vec![4], check: Some("extra-1".into()) };
        for (reply, expected) in [
            (done, Ok(Posted::Done(Some("extra-1".into())))),
            (Reply::of(Ok(Vec::new())), Ok(Posted::Done(None))),
            (refused, Err((Code::Refused, "#3"))),
            (failed, Err((Code::CouldNot, "ended"))),
        ] {
            let read = read(&serde_json::to_string(&reply).unwrap());
            match (read, expected) {
                (Ok(read), Ok(expected)) => assert_eq!(read, expected),
                (Err(e), Err((code, part))) => assert!(e.code == code && e.what.contains(part), "{e}"),
                (read, _) => panic!("{reply:?}: {read:?}"),
            }
        }
        assert!(read("gibberish").is_err());
    }
}
