//! The report of a session, and the proof that its journal holds.

use chrono::Utc;
use watchkeeper_core::view::View;
use watchkeeper_engine::moment_of;
use watchkeeper_report::{EvidenceText, Report};
use watchkeeper_store::Store;

use crate::{Code, DeskError, Help, folding};

/// The report of a session as it is now.
///
/// # Errors
/// When the journal cannot be read.
pub async fn of_session(store: &Store, id: &str) -> Result<Report, DeskError> {
    // The session as its events tell it, and nothing else: a report is held against them.
    let session = folding::fold(store, id).await?.session;
    let view = View::of(&session, moment_of(&session, Utc::now()));
    let events = store.events(id).await?;
    let evidence = store.evidence(id).await?.into_iter().map(|e| EvidenceText {
        incident: e.incident,
        kind: e.kind,
        digest: e.digest,
        text: e.text,
    });
    Ok(Report::new(view, events, evidence.collect()))
}

/// Refuses a session whose journal does not hold: what it says is not to be reported or decided on.
///
/// # Errors
/// The first entry that is broken, or why it cannot be read.
pub async fn proven(store: &Store, id: &str) -> Result<(), DeskError> {
    match store.verify(id).await {
        Ok(_) => Ok(()),
        Err(watchkeeper_store::VerifyError::Broken(why)) => Err(DeskError {
            what: format!("session {id}: {why}"),
            help: Some(Help::Chain { session: id.to_owned() }),
            code: Code::Broken,
        }),
        Err(watchkeeper_store::VerifyError::Store(e)) => Err(e.into()),
    }
}
