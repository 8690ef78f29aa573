//! `sessions` and `status`

use chrono::Utc;
use serde_json::json;
use watchkeeper_store::{SessionState, SessionSummary, Store};

use crate::{
    args::StatusArgs,
    error::CliError,
    exit::Exit,
    status,
    surroundings::{Surroundings, say, say_json},
    words,
};
use watchkeeper_desk::{choose, folding};

pub(super) async fn list(here: &Surroundings) -> Result<Exit, CliError> {
    let (sessions, store) = match here.store_to_read().await? {
        Some(store) => (store.sessions().await?, Some(store)),
        None => (Vec::new(), None),
    };
    let watched =
        |s: &SessionSummary| store.as_ref().is_some_and(|store| store.writer_of(&s.id).unwrap_or(false));
    if here.json {
        let list: Vec<_> = sessions
            .iter()
            .map(|s| {
                json!({
                    "id": s.id, "state": s.state.name(), "watched": watched(s), "finding": s.finding,
                    "decision": s.decision, "version": s.version, "deployment": s.deployment,
                    "environment": s.environment, "owner": s.owner, "simulated": s.simulated, "speed": s.speed,
                    "opened": s.opened, "last_event": s.last_event, "events": s.events,
                    "readings_pruned": s.readings_pruned,
                })
            })
            .collect();
        say_json(&list)?;
        return Ok(Exit::Pass);
    }
    if sessions.is_empty() {
        say(format!("There is no session in {} yet.", here.journal()?.display()))?;
        say("Start one with `watchkeeper watch`, or see a simulated day with `watchkeeper demo`.")?;
        return Ok(Exit::Pass);
    }
    let width = sessions.iter().map(|s| s.id.len()).max().unwrap_or(0);
    say(here.paint.dim(format!("{:<width$}  {:<14}  {:<12}  What", "Session", "State", "Verdict")))?;
    for s in &sessions {
        say(line(s, watched(s), width))?;
    }
    Ok(Exit::Pass)
}

fn line(s: &SessionSummary, watched: bool, width: usize) -> String {
    let state = match s.state {
        SessionState::Concluded if choose::is_check(s) => "one check",
        SessionState::Open if watched => "being watched",
        SessionState::Open => "left open",
        SessionState::Concluded => "to sign off",
        SessionState::SignedOff => "signed off",
    };
    let verdict = match (&s.finding, &s.decision) {
        (_, Some(decision)) => decision.as_str(),
        (Some(finding), None) => finding.as_str(),
        (None, None) => "—",
    };
    let mut what = format!("v{} on {}", s.version, s.deployment);
    if let Some(title) = &s.simulated {
        what += &format!(", simulated: {title}");
    }
    if s.speed > 1.0 {
        what += &format!(", at {}× speed", s.speed);
    }
    format!("{:<width$}  {state:<14}  {verdict:<12}  {what}", s.id)
}

pub(super) async fn status(args: &StatusArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let (store, session) = chosen(here, args.session.as_deref()).await?;
    let view = folding::view(&store, &session.id, Utc::now()).await?;
    if here.json {
        say_json(&view)?;
        return Ok(Exit::Pass);
    }
    let watched = store.writer_of(&session.id)?;
    here.tell(status::whole(&view, watched, here.paint))?;
    if session.state == SessionState::Open && !watched && session.simulated.is_none() {
        let id = &session.id;
        say(format!(
            "\nNobody watches it. Go on with: watchkeeper watch --resume {id}{}",
            here.data_option()
        ))?;
    }
    if session.readings_pruned.is_some_and(|at| at <= Utc::now()) {
        let at = session.readings_pruned.map(words::stamp).unwrap_or_default();
        say(here
            .paint
            .dim(format!("Its readings were removed by the retention at {at}: the baselines are gone.")))?;
    }
    Ok(Exit::Pass)
}

/// The journal for reading, and the session that is meant.
///
/// # Errors
/// Where there is none.
pub(super) async fn chosen(
    here: &Surroundings,
    wanted: Option<&str>,
) -> Result<(Store, SessionSummary), CliError> {
    let Some(store) = here.store_to_read().await? else {
        return Err(CliError::usage(
            format!("there is no session in {} yet", here.journal()?.display()),
            "start one with `watchkeeper watch`, or see a simulated day with `watchkeeper demo`; \
             if there should be one, look at --data and WATCHKEEPER_DATA",
        ));
    };
    let session = choose::session(&store, wanted).await?;
    Ok((store, session))
}
