//! `check`

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};
use watchkeeper_core::{
    checklist::{ItemResult, PHASE_1},
    event::Fact,
    plan::{Checkpoint, Phase, Plan},
    session::Command,
    time::Span,
};
use watchkeeper_desk::{
    Prepared, Stood,
    choose::{self, Kind},
    deployment::{self, Configured},
    inbox::{self, Posted},
};
use watchkeeper_store::Store;

use super::watch;
use crate::{
    args::{CheckArgs, PROGRAM},
    error::CliError,
    exit::Exit,
    standing::{Show, Standing},
    status,
    surroundings::{Surroundings, say, say_json},
};

/// The engine waits a minute for a checkpoint's answers.
const PATIENCE: Duration = Duration::from_secs(90);

pub(super) async fn check(args: &CheckArgs, here: &Surroundings) -> Result<Exit, CliError> {
    if let Some(wanted) = &args.session {
        let store = here.store().await?;
        let id = choose::session(&store, Some(wanted)).await?.id;
        return match posted(&store, &id).await? {
            Some((check, lines)) => print(here, &id, &check, &lines),
            None => Err(CliError::could_not_run(
                format!("nobody watches session `{id}`"),
                "start the watch, or leave --session out: then the check is a short session of its own",
            )),
        };
    }
    let configured = deployment::read(&args.config.path)?.in_data(here.data());
    let store = here.store().await?;
    let sessions = store.sessions().await?;
    let (name, version) = (&configured.config.deployment.name, &configured.config.release.version);
    let left = choose::left_open(&sessions, name, version, 1.0);
    if let Some(left) = left {
        if store.writer_of(&left.id)?
            && let Some((check, lines)) = posted(&store, &left.id).await?
        {
            return print(here, &left.id, &check, &lines);
        }
        let (prepared, told) = watch::resume(&store, &configured, &left.id).await?;
        // One whose plan has run out meanwhile is for the watch to conclude.
        if prepared.clock.now().watch < prepared.session.end() {
            told.iter().for_each(crate::surroundings::remark);
            let stood = one_check(prepared).await?;
            let extra =
                stood.view.checks.iter().rev().find(|c| c.check.phase.is_none() && c.check.result.is_some());
            return match extra {
                Some(check) => print(here, &left.id, &check.check.title, &check.lines),
                None => Err(broke_off()),
            };
        }
    }
    let stood = short_session(&store, &configured, &sessions).await?;
    let id = stood.view.opening.session.clone();
    match stood.view.checks.iter().find(|c| c.check.result.is_some()) {
        Some(check) => print(here, &id, &check.check.title, &check.lines),
        None => Err(broke_off()),
    }
}

/// Has the process that watches take a check; gives its lines, or nothing where nobody watches any more.
async fn posted(store: &Store, id: &str) -> Result<Option<(String, Vec<ItemResult>)>, CliError> {
    let after = store.summary(id).await?.events;
    let check = match inbox::post(store, id, &Command::CheckNow).await? {
        Posted::NobodyThere => return Ok(None),
        Posted::Done(check) => check.unwrap_or_default(),
    };
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        for event in store.events_after(id, after, u32::MAX).await? {
            match event.fact {
                Fact::CheckDone { check: done, items, .. } if done == check => {
                    return Ok(Some((check.replace("extra-", "Extra check "), items)));
                }
                _ => {}
            }
        }
        sleep(Duration::from_millis(100)).await;
    }
    Err(CliError::could_not_run(
        format!("the watch of `{id}` began the check but did not end it within {} s", PATIENCE.as_secs()),
        format!("`watchkeeper status {id}` shows whether it did since"),
    ))
}

/// A session of one checkpoint.
async fn short_session(
    store: &Store,
    configured: &Configured,
    sessions: &[watchkeeper_store::SessionSummary],
) -> Result<Stood, CliError> {
    let mut prepared =
        watchkeeper_desk::watch::begin(store, configured, sessions, plan(), 1.0, Kind::Check, PROGRAM)
            .await?;
    prepared.jitter_percent = 0;
    one_check(prepared).await
}

async fn one_check(prepared: Prepared) -> Result<Stood, CliError> {
    Standing { prepared, desktop: false, show: Show::Nothing, one_check: true }.stand().await
}

/// One checkpoint with the lines of the first hours, at once.
fn plan() -> Plan {
    let phase = Phase {
        title: "One check".into(),
        focus: "How the deployment is now".into(),
        from: Span::ZERO,
        to: Span::ZERO,
        every: None,
        items: PHASE_1.to_vec(),
        checkpoints: vec![Checkpoint::new("Check now", Span::ZERO)],
    };
    Plan { length: Span::secs(1), phases: vec![phase] }
}

fn print(here: &Surroundings, id: &str, title: &str, lines: &[ItemResult]) -> Result<Exit, CliError> {
    let exit = Exit::of_items(lines.iter().map(|l| l.outcome));
    if here.json {
        say_json(&json!({ "session": id, "check": title, "exit_code": exit.code(), "items": lines }))?;
        return Ok(exit);
    }
    let word = match exit {
        Exit::Pass => here.paint.green("passed"),
        Exit::Fail => here.paint.red("failed"),
        _ => here.paint.yellow("not proven either way"),
    };
    say(format!("{title}: {word}   (session {id})"))?;
    here.tell(status::items(lines, here.paint))?;
    Ok(exit)
}

fn broke_off() -> CliError {
    CliError::could_not_run("the check was stopped before it had its answers", "take it again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_of_one_check_is_a_plan() {
        let plan = plan();
        assert_eq!(plan.checkpoints().count(), 1);
        assert_eq!(plan.phases[0].items.len(), 10);
    }
}
