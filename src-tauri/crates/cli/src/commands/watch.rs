//! `watch`

use watchkeeper_desk::{
    Prepared,
    choose::{self, Kind},
    deployment::{self, Configured},
    watch::{self as desk, Resumed},
};
use watchkeeper_engine::Ended;
use watchkeeper_store::{SessionState, SessionSummary, Store};

use crate::{
    args::{PROGRAM, WatchArgs},
    error::CliError,
    exit::Exit,
    lines::Form,
    standing::{Show, Standing, Stood},
    status,
    surroundings::{Surroundings, quoted, remark, say},
};

pub(super) async fn watch(args: &WatchArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let configured = deployment::read(&args.config.path)?.in_data(here.data());
    let plan = configured.plan_aside().await?;
    let store = here.store().await?;
    prune(&store, &configured).await;
    let sessions = store.sessions().await?;
    let left = to_resume(args, &configured, &sessions)?;
    let show = how_to_show(here, args.plain);
    let desktop = !args.no_notify;
    let prepared = match left {
        Some(left) => {
            let (prepared, told) = resume(&store, &configured, &left.id).await?;
            told.into_iter().for_each(|line| tell(here, &line));
            prepared
        }
        None => {
            let kind = if args.speed > 1.0 { Kind::Rehearsal } else { Kind::Watch };
            let prepared =
                desk::begin(&store, &configured, &sessions, plan, args.speed, kind, PROGRAM).await?;
            tell(here, &begins(&prepared.session.opening.session, args.speed));
            prepared
        }
    };
    let standing = Standing { prepared, desktop, show, one_check: false };
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
) -> Result<(Prepared, Vec<String>), CliError> {
    let Resumed { prepared, away, told } = desk::resume(store, configured, id, PROGRAM).await?;
    let first = format!("Session {id} goes on; it was not watched for {away}. (`--new` begins another one.)");
    Ok((prepared, std::iter::once(first).chain(told).collect()))
}

/// Applies the retention. What cannot be removed now is removed another time.
async fn prune(store: &Store, configured: &Configured) {
    match desk::prune(store, configured).await {
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
