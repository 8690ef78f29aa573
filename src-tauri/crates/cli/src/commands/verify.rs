//! `verify`

use std::path::Path;

use serde_json::json;
use watchkeeper_report::Verified;
use watchkeeper_store::{Sealed, StoreError, VerifyError};

use super::sessions::chosen;
use crate::{
    args::VerifyArgs,
    error::CliError,
    exit::Exit,
    surroundings::{Surroundings, say, say_json},
    words,
};
use watchkeeper_desk::files::read_file;

/// The largest report that is read.
const LIMIT: u64 = 512 << 20;

pub(super) async fn verify(args: &VerifyArgs, here: &Surroundings) -> Result<Exit, CliError> {
    match (&args.file, &args.journal) {
        (Some(file), _) => report(file, here).await,
        (None, wanted) => journal(wanted.as_deref(), here).await,
    }
}

async fn report(file: &Path, here: &Surroundings) -> Result<Exit, CliError> {
    let bytes = read_file(file, "the report", LIMIT, "name the file of a report, .md or .json")?;
    let verified = match watchkeeper_report::verify(&bytes) {
        Ok(verified) => verified,
        Err(e) => return broken(here, &file.display().to_string(), &e.to_string()),
    };
    let beside = beside_the_journal(&verified, here).await?;
    if let Beside::Differs(why) = &beside {
        return broken(here, &file.display().to_string(), why);
    }
    let beside = match beside {
        Beside::Agrees => "The journal on this PC holds the same chain.".to_owned(),
        Beside::NotHere => {
            "The journal on this PC does not hold this session: the report was proven by itself alone.".into()
        }
        Beside::Unreadable(why) => {
            format!("The journal on this PC cannot be read, so the report was proven by itself alone: {why}")
        }
        Beside::Differs(why) => why,
    };
    if here.json {
        say_json(&json!({
            "good": true, "session": verified.session, "events": verified.events, "head_seq": verified.head_seq,
            "head_hash": verified.head_hash, "evidence": verified.evidence, "statement": verified.statement,
            "journal": beside,
        }))?;
        return Ok(Exit::Pass);
    }
    say(format!("{}  {}", here.paint.green("✓ it holds"), file.display()))?;
    here.tell(&verified.statement)?;
    here.tell(beside)?;
    Ok(Exit::Pass)
}

/// What the journal on this PC says of the report's session.
enum Beside {
    Agrees,
    NotHere,
    Unreadable(String),
    Differs(String),
}

async fn beside_the_journal(verified: &Verified, here: &Surroundings) -> Result<Beside, CliError> {
    let Some(id) = verified.session.as_deref() else { return Ok(Beside::NotHere) };
    let store = match here.store_to_read().await {
        Ok(Some(store)) => store,
        Ok(None) => return Ok(Beside::NotHere),
        Err(e) => return Ok(Beside::Unreadable(e.what)),
    };
    let after = verified.head_seq.saturating_sub(1);
    let event = match store.events_after(id, after, 1).await {
        Ok(events) => events.into_iter().next(),
        Err(StoreError::NoSession { .. } | StoreError::SessionId(_)) => return Ok(Beside::NotHere),
        Err(e) => return Err(e.into()),
    };
    // One entry that agrees says nothing of the others.
    match store.verify(id).await {
        Ok(_) => {}
        Err(VerifyError::Broken(why)) => {
            return Ok(Beside::Differs(format!(
                "the report holds by itself, but the journal on this PC does not: {why}"
            )));
        }
        Err(VerifyError::Store(e)) => return Err(e.into()),
    }
    Ok(match event {
        Some(event) if event.hash == verified.head_hash => Beside::Agrees,
        Some(_) => Beside::Differs(format!(
            "the report holds by itself, but the journal on this PC has another entry {} in session {id}: \
             one of the two was replaced",
            verified.head_seq
        )),
        None => Beside::Differs(format!(
            "the report holds by itself, but the journal on this PC ends before entry {} of session {id}: \
             it was cut, or it is an older copy",
            verified.head_seq
        )),
    })
}

async fn journal(wanted: Option<&str>, here: &Surroundings) -> Result<Exit, CliError> {
    let (store, session) = chosen(here, wanted).await?;
    let id = &session.id;
    let proof = match store.verify(id).await {
        Ok(proof) => proof,
        Err(VerifyError::Broken(why)) => return broken(here, &format!("session {id}"), &why.to_string()),
        Err(VerifyError::Store(e)) => return Err(e.into()),
    };
    let readings = match proof.readings {
        Sealed::Kept { sealed, unsealed: 0 } => format!("{sealed} readings match their seals"),
        Sealed::Kept { sealed, unsealed } => {
            format!(
                "{sealed} readings match their seals; {unsealed} came after the last seal and are not proven yet"
            )
        }
        Sealed::Pruned { at, sealed } => {
            format!("its {sealed} sealed readings were removed by the retention at {}", words::stamp(at))
        }
    };
    if here.json {
        say_json(&json!({
            "good": true, "session": id, "events": proof.events, "head_hash": proof.head, "evidence": proof.evidence,
            "statement": readings,
        }))?;
        return Ok(Exit::Pass);
    }
    say(format!("{}  session {id}", here.paint.green("✓ it holds")))?;
    say(format!(
        "{} events are chained, {readings}, {} pieces of evidence match.",
        proof.events, proof.evidence
    ))?;
    say(format!("The chain ends with {}", proof.head))?;
    Ok(Exit::Pass)
}

fn broken(here: &Surroundings, what: &str, why: &str) -> Result<Exit, CliError> {
    if here.json {
        say_json(&json!({ "good": false, "what": what, "why": why }))?;
    } else {
        say(format!("{}  {what}", here.paint.red("✗ it does not hold")))?;
        say(why)?;
    }
    Ok(Exit::Fail)
}
