//! `watch`

use std::sync::Arc;

use chrono::Utc;
use watchkeeper_core::{
    event::Release,
    session::{Command, Session},
    time::{Moment, WatchTime},
};
use watchkeeper_engine::{
    Ended,
    clock::{Clock, WallClock},
    moment_of,
};
use watchkeeper_store::{SessionState, SessionSummary, Store, StoreError};

use crate::{
    args::WatchArgs,
    choose::{self, Kind},
    deployment::{self, Configured},
    error::CliError,
    exit::Exit,
    folding::{self, Recorded},
    lines::Form,
    standing::{Asked, Show, Standing, Stood},
    status,
    surroundings::{Surroundings, quoted, remark, say},
};

pub(super) async fn watch(args: &WatchArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let configured = deployment::read(&args.config.path)?;
    let plan = configured.plan()?;
    let store = here.store().await?;
    prune(&store, &configured).await;
    let sessions = store.sessions().await?;
    let left = to_resume(args, &configured, &sessions)?;
    let now = Utc::now();
    let show = how_to_show(here, args.plain);
    let desktop = !args.no_notify;
    let standing = match left {
        Some(left) => {
            let (mut standing, told) = resume(&store, &configured, &left.id, show).await?;
            told.into_iter().for_each(|line| tell(here, &line));
            standing.desktop = desktop;
            standing
        }
        None => {
            let kind = if args.speed > 1.0 { Kind::Rehearsal } else { Kind::Watch };
            let id = choose::new_id(&sessions, now, &configured.config.release.version, kind);
            let asked = configured.connect(None, now, &store)?;
            let opening = configured.opening(id.clone(), plan, args.speed);
            tell(here, &begins(&id, args.speed));
            let journal = store.create_session(&opening, now).await?;
            let pace = opening.pace;
            let session = watchkeeper_engine::open(&journal, opening, now).await?;
            let clock = WallClock::starting_at(Moment { utc: now, watch: WatchTime::START }, pace);
            standing(&configured, session, false, journal, Arc::new(clock), asked, show, desktop)
        }
    };
    let stood = standing.stand().await?;
    let config = format!(" --config {}", quoted(&args.config.path.display().to_string()));
    over(here, &stood, &format!("watchkeeper watch --resume {}{config}", stood.view.opening.session), show)
}

/// Says how it ended, and what comes next; gives the exit code.
pub(super) fn over(here: &Surroundings, stood: &Stood, resume: &str, show: Show) -> Result<Exit, CliError> {
    let resume = format!("{resume}{}", here.data_option());
    let view = &stood.view;
    let exit = match stood.ended {
        Ended::Stopped => Exit::Inconclusive,
        Ended::Concluded | Ended::SignedOff => view.verdict.finding.into(),
    };
    if here.json {
        let ended = match stood.ended {
            Ended::Stopped => "stopped",
            Ended::Concluded => "concluded",
            Ended::SignedOff => "signed_off",
        };
        let end = serde_json::json!({
            "type": "end",
            "session": view.opening.session,
            "ended": ended,
            "finding": view.verdict.finding,
            "reason": view.verdict.reason,
            "coverage_percent": view.coverage_percent,
            "resume": (stood.ended == Ended::Stopped).then_some(&resume),
        });
        say(end)?;
        return Ok(exit);
    }
    if matches!(show, Show::Screen { .. }) {
        // The view is gone with its log; the end of it stays to be read.
        let skip = view.log.len().saturating_sub(8);
        for line in view.log.iter().skip(skip) {
            here.tell(crate::lines::plain(line, here.paint))?;
        }
    }
    say("")?;
    if stood.ended == Ended::Stopped {
        say(format!("The watch is stopped; the session is open. Go on with it:\n  {resume}"))?;
        return Ok(exit);
    }
    here.tell(status::head(view, false, here.paint))?;
    here.tell(status::criteria(&view.verdict, here.paint))?;
    here.tell(status::next_steps(view, here.paint))?;
    Ok(exit)
}

/// Which view suits what the program finds around it.
pub(super) const fn how_to_show(here: &Surroundings, plain: bool) -> Show {
    if here.json {
        Show::Lines(Form::Json)
    } else if here.screen && !plain {
        Show::Screen { colour: here.paint.is_on() }
    } else {
        Show::Lines(Form::Plain(here.paint))
    }
}

fn begins(id: &str, speed: f64) -> String {
    if speed > 1.0 {
        let pace = "each source is asked once a second at most";
        format!("Session {id} begins: a rehearsal at {speed}× speed; {pace}, and the journal says so.")
    } else {
        format!("Session {id} begins.")
    }
}

/// The session to go on with, if there is one.
fn to_resume(
    args: &WatchArgs,
    configured: &Configured,
    sessions: &[SessionSummary],
) -> Result<Option<SessionSummary>, CliError> {
    let config = &configured.config;
    let (name, version) = (&config.deployment.name, &config.release.version);
    match args.resume.as_deref() {
        None if args.new => Ok(None),
        None => Ok(choose::left_open(sessions, name, version, args.speed).cloned()),
        Some("") => {
            let open = |s: &&SessionSummary| {
                s.state == SessionState::Open
                    && s.deployment == *name
                    && s.simulated.is_none()
                    && !choose::is_check(s)
            };
            sessions.iter().find(open).cloned().map(Some).ok_or_else(|| {
                CliError::usage(
                    format!("no session of {name} was left open"),
                    "`watchkeeper watch` begins a new one; `watchkeeper sessions` lists all",
                )
            })
        }
        Some(id) => {
            let chosen = choose::among(sessions, id)?;
            if chosen.simulated.is_some() {
                return Err(CliError::usage(
                    format!("session `{}` is a simulated one", chosen.id),
                    format!("go on with it with `watchkeeper demo --resume {}`", chosen.id),
                ));
            }
            if chosen.deployment != *name || chosen.version != *version {
                return Err(CliError::usage(
                    format!(
                        "session `{}` watches v{} on {}, the configuration v{version} on {name}",
                        chosen.id, chosen.version, chosen.deployment
                    ),
                    "name the configuration that the session was begun with, with --config",
                ));
            }
            Ok(Some(chosen.clone()))
        }
    }
}

/// Puts the watch of a session that was left together again; and what there is to say of it.
pub(super) async fn resume(
    store: &Store,
    configured: &Configured,
    id: &str,
    show: Show,
) -> Result<(Standing, Vec<String>), CliError> {
    let journal = store.session(id).await.map_err(|e| match e {
        StoreError::InUse { .. } => CliError::could_not_run(
            format!("session `{id}` is being watched by another process already"),
            format!("`watchkeeper status {id}` shows it; `--new` begins another session beside it"),
        ),
        other => other.into(),
    })?;
    if store.summary(id).await?.readings_pruned.is_some() {
        return Err(CliError::usage(
            format!(
                "the readings of session `{id}` were removed by the retention: it cannot be gone on with"
            ),
            "begin a new one with `watchkeeper watch --new`",
        ));
    }
    let recorded = folding::fold(store, id).await?;
    if recorded.session.concluded.is_some() {
        return Err(CliError::usage(
            format!("session `{id}` has run to its end"),
            format!(
                "sign it off with `watchkeeper sign-off {id}`, or begin a new one with `watchkeeper watch --new`"
            ),
        ));
    }
    let asked = configured.connect(Some(&recorded), Utc::now(), store)?;
    let Recorded { session, .. } = recorded;
    let now = moment_of(&session, Utc::now());
    let away = now.watch.since(session.alive());
    let mut told =
        vec![format!("Session {id} goes on; it was not watched for {away}. (`--new` begins another one.)")];
    if now.watch > session.end() {
        told.push("The plan's end has passed meanwhile: the last checkpoint is taken late, then the session concludes.".into());
    }
    let (first, changed) = differences(configured, &session);
    told.extend(changed);
    let clock = WallClock::starting_at(now, session.opening.pace);
    let mut standing = standing(configured, session, true, journal, Arc::new(clock), asked, show, false);
    standing.first = first;
    Ok((standing, told))
}

/// What the configuration says otherwise than the session's opening: a note for the log where it is another address,
/// and a word to the person.
fn differences(configured: &Configured, session: &Session) -> (Option<Command>, Option<String>) {
    let config = &configured.config;
    let (was, is) = (&session.opening.deployment, config.deployment.facts());
    let mut changed = Vec::new();
    for (what, was, is) in [
        ("URL", &was.url, &is.url),
        ("Docker Engine", &was.docker, &is.docker),
        ("container", &was.container, &is.container),
    ] {
        if was != is {
            changed.push(format!("{what} {is} (was {was})"));
        }
    }
    let note = (!changed.is_empty()).then(|| Command::Note {
        by: "watchkeeper".into(),
        text: format!("Resumed with a configuration that differs: {}", changed.join("; ")),
    });
    let Release { previous, .. } = &session.opening.release;
    let other_rules = session.opening.rules
        != configured.opening(String::new(), session.opening.plan.clone(), session.opening.pace.speed).rules
        || *previous != config.release.previous;
    let told = other_rules.then(|| {
        "The session keeps the thresholds that it began with; the configuration has others by now.".to_owned()
    });
    (note, told)
}

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of a watch, each named at the one place where they meet"
)]
fn standing(
    configured: &Configured,
    session: Session,
    resumed: bool,
    journal: watchkeeper_store::SessionJournal,
    clock: Arc<dyn Clock>,
    asked: Asked,
    show: Show,
    desktop: bool,
) -> Standing {
    Standing {
        session,
        resumed,
        journal,
        clock,
        asked,
        jitter_percent: configured.config.watch.jitter_percent.clamp(0.0, 100.0) as u8,
        desktop,
        show,
        first: None,
        one_check: false,
    }
}

/// Applies the retention. What cannot be removed now is removed another time.
async fn prune(store: &Store, configured: &Configured) {
    let retention = configured.config.retention;
    let bytes = retention.max_size_mb.saturating_mul(1_000_000);
    match store.prune(retention.sessions, bytes).await {
        Ok(pruned) if !pruned.sessions.is_empty() => remark(format!(
            "Retention: the readings of {} were removed ({}); their events and evidence stay.",
            pruned.sessions.join(", "),
            crate::words::counted(
                usize::try_from(pruned.readings).unwrap_or(usize::MAX),
                "reading",
                "readings"
            ),
        )),
        Ok(_) => {}
        Err(e) => remark(format!("warning: old readings could not be removed: {e}")),
    }
}

/// Says something beside the lines of the watch.
pub(super) fn tell(here: &Surroundings, line: &str) {
    if here.json { remark(line) } else { crate::lines::put(line) }
}
