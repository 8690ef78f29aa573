//! What people say to a session: note, ack, act, confirm, dismiss, close, tick, announce. Whoever watches it carries it out; where nobody
//! does, it is done here.

use crate::{
    args::{AckArgs, ActArgs, AnnounceArgs, CloseArgs, JudgeArgs, NoteArgs, TickArgs, Who},
    error::CliError,
    exit::Exit,
    surroundings::{Surroundings, say, say_json},
};
use serde_json::json;
use watchkeeper_core::session::Command;
use watchkeeper_desk::{choose, files::person, people::carry_out};

pub(super) async fn note(args: NoteArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let text = args.text;
    said(here, args.who, "Noted", |by| Command::Note { by, text }).await
}

pub(super) async fn ack(args: AckArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let AckArgs { incident, reason, who } = args;
    let done = format!("Incident #{incident} is acknowledged");
    said(here, who, &done, |by| Command::Acknowledge { incident, by, reason }).await
}

pub(super) async fn act(args: ActArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let ActArgs { incident, step, remark, who } = args;
    let done = format!("Incident #{incident}: {} is written down as done", step.label());
    said(here, who, &done, |by| Command::Act { incident, step, by, remark }).await
}

pub(super) async fn confirm(args: JudgeArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let JudgeArgs { incident, remark, who } = args;
    let done = format!("Incident #{incident} is confirmed");
    said(here, who, &done, |by| Command::Confirm { incident, by, remark }).await
}

pub(super) async fn dismiss(args: JudgeArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let JudgeArgs { incident, remark, who } = args;
    let done = format!("Incident #{incident} is dismissed and closed");
    said(here, who, &done, |by| Command::Dismiss { incident, by, remark }).await
}

pub(super) async fn close(args: CloseArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let CloseArgs { incident, remark, who } = args;
    said(here, who, &format!("Incident #{incident} is closed"), |by| Command::Close { incident, by, remark })
        .await
}

pub(super) async fn tick(args: TickArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let TickArgs { check, item, wrong, remark, who } = args;
    let done = format!("“{}” is written down as {}", item.text(), if wrong { "wrong" } else { "right" });
    said(here, who, &done, |by| Command::Tick { check, item, good: !wrong, by, remark }).await
}

pub(super) async fn announce(args: AnnounceArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let AnnounceArgs { what, lasts, who } = args;
    let done = format!("Announced for {lasts}: a restart until then is not held against the release");
    said(here, who, &done, |by| Command::Announce { what, by, lasts }).await
}

async fn said(
    here: &Surroundings,
    who: Who,
    done: &str,
    command: impl FnOnce(String) -> Command,
) -> Result<Exit, CliError> {
    let store = here.store().await?;
    let session = choose::session(&store, who.session.as_deref()).await?;
    let by = who
        .by
        .unwrap_or_else(|| if session.owner.trim().is_empty() { person() } else { session.owner.clone() });
    carry_out(&store, &session.id, &command(by.clone())).await?;
    // As it was written down.
    let by = watchkeeper_core::redact::from_outside(&by, 100).replace('\n', " ");
    if here.json {
        say_json(&json!({ "session": session.id, "by": by, "done": done }))?;
    } else {
        say(format!("{done}, by {by}, in session {}.", session.id))?;
    }
    Ok(Exit::Pass)
}
