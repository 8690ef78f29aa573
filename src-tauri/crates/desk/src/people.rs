//! What people say to a session. Whoever watches it carries it out; where nobody does, it is done here.

use chrono::Utc;
use watchkeeper_core::session::Command;
use watchkeeper_store::{Store, StoreError};

use crate::{
    DeskError, folding,
    inbox::{self, Posted},
};

/// Has `command` carried out by the process that watches `session`, or, where there is none, here.
///
/// # Errors
/// Why it is refused; that the journal cannot be written.
pub async fn carry_out(store: &Store, session: &str, command: &Command) -> Result<(), DeskError> {
    // Between two looks a watch may end or begin; then the other way is the right one.
    for _ in 0..3 {
        if store.writer_of(session)? {
            match inbox::post(store, session, command).await? {
                Posted::Done(_) => return Ok(()),
                Posted::NobodyThere => continue,
            }
        }
        let journal = match store.session(session).await {
            Ok(journal) => journal,
            Err(StoreError::InUse { .. }) => continue,
            Err(e) => return Err(e.into()),
        };
        let mut session = folding::fold(store, session).await?.session;
        watchkeeper_engine::carry_out(&mut session, &journal, command, Utc::now()).await?;
        return Ok(());
    }
    Err(DeskError::could_not_run(
        format!("session `{session}` changes hands all the time"),
        "wait a moment, then try again",
    ))
}
