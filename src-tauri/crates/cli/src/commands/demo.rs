//! `demo`

use std::sync::Arc;

use chrono::Utc;
use serde_json::json;
use watchkeeper_demo::{
    Scenario, SimTime, World,
    serve::{Options, Served, SmsOptions, Stage},
};
use watchkeeper_desk::{
    DeskError, choose,
    demo::{self, Play},
    files::person,
    report as desk_report,
};
use watchkeeper_engine::Ended;
use watchkeeper_report::Format;
use watchkeeper_store::{SessionState, SessionSummary};

use super::{report, watch};
use crate::{
    args::{DemoArgs, PROGRAM},
    error::CliError,
    exit::Exit,
    signals::Signals,
    standing::Standing,
    surroundings::{Surroundings, say, say_json},
};

pub(super) async fn demo(args: &DemoArgs, here: &Surroundings) -> Result<Exit, CliError> {
    if args.scenario == "list" {
        return list(here);
    }
    if args.serve {
        return serve(args, here).await;
    }
    let store = here.store().await?;
    let sessions = store.sessions().await?;
    let staged = match args.resume.as_deref() {
        Some(wanted) => {
            let left = left(&sessions, wanted)?;
            same_speed(left, args.speed)?;
            demo::go_on(&store, left, PROGRAM).await?
        }
        None => {
            let speed = args.speed.unwrap_or(demo::SPEED);
            demo::begin(&store, &sessions, play(args)?, speed, person(), PROGRAM).await?
        }
    };
    let demo::Staged { play, prepared, served, speed } = staged;
    let id = prepared.session.opening.session.clone();
    let verb = if prepared.resumed { "goes on" } else { "begins" };
    watch::tell(here, &format!("Simulated: {}, at {speed}× speed. Session {id} {verb}.", play.title()));
    let show = watch::how_to_show(here, args.plain);
    let standing = Standing { prepared, desktop: args.notify, show, one_check: false };
    let stood = standing.stand().await?;
    let exit = watch::over(here, &stood, &format!("watchkeeper demo --resume {id}"), show)?;
    served.shutdown().await;
    if stood.ended == Ended::Stopped {
        return Ok(exit);
    }
    let report = desk_report::of_session(&store, &id).await?;
    let paths = report::write(report, &Format::ALL, &args.out, false)?;
    if here.json {
        say(json!({ "type": "report", "files": paths }))?;
    } else {
        say("\nThe report:")?;
        for path in paths {
            say(format!("  {}", path.display()))?;
        }
    }
    Ok(exit)
}

/// The simulated session that is to go on.
fn left<'a>(sessions: &'a [SessionSummary], wanted: &str) -> Result<&'a SessionSummary, DeskError> {
    if !wanted.is_empty() {
        return choose::among(sessions, wanted);
    }
    let open = |s: &&SessionSummary| s.state == SessionState::Open && s.simulated.is_some();
    sessions.iter().find(open).ok_or_else(|| {
        DeskError::usage("no simulated session was left open", "begin one with `watchkeeper demo`")
    })
}

/// A session keeps the speed that it began with.
fn same_speed(left: &SessionSummary, wanted: Option<f64>) -> Result<(), CliError> {
    let (id, speed) = (&left.id, left.speed);
    if left.state == SessionState::Open && wanted.is_some_and(|wanted| (wanted - speed).abs() > 1e-9) {
        return Err(CliError::usage(
            format!("session `{id}` runs at {speed}× speed, as its journal says"),
            "leave --speed out",
        ));
    }
    Ok(())
}

fn play(args: &DemoArgs) -> Result<Play, CliError> {
    let scenario = Scenario::by_name(&args.scenario).ok_or_else(|| {
        let names: Vec<String> = Scenario::all().into_iter().map(|s| s.name.into_owned()).collect();
        CliError::usage(
            format!("there is no scenario `{}`", args.scenario),
            format!(
                "the scenarios are {}; `watchkeeper demo --scenario list` says what they do",
                names.join(", ")
            ),
        )
    })?;
    Ok(Play { scenario, seed: args.seed.unwrap_or(demo::SEED) })
}

fn list(here: &Surroundings) -> Result<Exit, CliError> {
    let all = Scenario::all();
    if here.json {
        let all: Vec<_> = all
            .iter()
            .map(|s| json!({ "name": s.name, "title": s.title, "description": s.description }))
            .collect();
        say_json(&all)?;
        return Ok(Exit::Pass);
    }
    let longest = all.iter().map(|s| s.name.len()).max().unwrap_or_default();
    for scenario in all {
        say(format!("{:<longest$} {}: {}", scenario.name, scenario.title, scenario.description))?;
    }
    Ok(Exit::Pass)
}

async fn serve(args: &DemoArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let mut signals = Signals::new()?;
    let play = play(args)?;
    let speed = args.speed.unwrap_or(1.0);
    let world = World::new(play.scenario.clone(), play.seed, Utc::now());
    let stage = Arc::new(Stage::new(Arc::new(world), SimTime::paced(speed)));
    let served = Served::on(stage, Options::default()).await.map_err(|e| demo::cannot_serve(&e))?;
    let (url, docker) = demo::addresses(&served);
    let account = SmsOptions::default();
    let layout = play.scenario.layout;
    if here.json {
        let mut told = json!({
            "scenario": play.scenario.name, "seed": play.seed, "speed": speed, "url": url, "docker": docker,
            "container": layout.application(), "email": account.email, "password": account.password,
        });
        for (part, name) in layout.beside() {
            told["beside"][part.id()] = json!(name);
        }
        say(told)?;
    } else {
        say(format!("Simulated: {}, at {speed}× speed.", play.title()))?;
        say(format!("  SMS            {url}"))?;
        say(format!("  Docker Engine  {docker}"))?;
        say(format!("  container      {}", layout.application()))?;
        for (part, name) in layout.beside() {
            say(format!("  beside it      {name}, of {}", part.label()))?;
        }
        say(format!("  account        {} with the password {}", account.email, account.password))?;
        say("Ctrl-C ends it.")?;
    }
    signals.next().await;
    served.shutdown().await;
    Ok(Exit::Pass)
}
