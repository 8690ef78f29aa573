//! `demo`

use std::sync::Arc;

use chrono::Utc;
use serde_json::json;
use watchkeeper_core::time::{Moment, WatchTime};
use watchkeeper_demo::{
    Scenario, SimTime, World,
    serve::{Options, ServeError, Served, SmsOptions, Stage},
};
use watchkeeper_engine::{
    Ended,
    clock::{Clock, WallClock},
    moment_of,
};
use watchkeeper_report::Format;
use watchkeeper_store::{SessionJournal, SessionState, SessionSummary, Store};

use super::{report, watch};
use crate::{
    args::DemoArgs,
    choose::{self, Kind},
    demo::{self, Play},
    error::CliError,
    exit::Exit,
    folding::{self, Recorded},
    signals::Signals,
    standing::Standing,
    surroundings::{Surroundings, person, say, say_json},
};

/// A day in two minutes.
const SPEED: f64 = 720.0;
/// The seed unless another is asked for.
const SEED: u64 = 1;

pub(super) async fn demo(args: &DemoArgs, here: &Surroundings) -> Result<Exit, CliError> {
    if args.scenario == "list" {
        return list(here);
    }
    if args.serve {
        return serve(args, here).await;
    }
    let store = here.store().await?;
    let sessions = store.sessions().await?;
    let part = match args.resume.as_deref() {
        Some(wanted) => go_on(&store, &sessions, wanted, args).await?,
        None => begin(&store, &sessions, args).await?,
    };
    let Part { play, recorded, resumed, journal, clock, served, speed } = part;
    let id = recorded.session.opening.session.clone();
    let verb = if resumed { "goes on" } else { "begins" };
    watch::tell(here, &format!("Simulated: {}, at {speed}× speed. Session {id} {verb}.", play.title()));
    let asked = demo::connect(&served, &recorded, speed)?;
    let show = watch::how_to_show(here, args.plain);
    let standing = Standing {
        session: recorded.session,
        resumed,
        journal,
        clock,
        asked,
        jitter_percent: 10,
        desktop: args.notify,
        show,
        first: None,
        one_check: false,
    };
    let stood = standing.stand().await?;
    let exit = watch::over(here, &stood, &format!("watchkeeper demo --resume {id}"), show)?;
    served.shutdown().await;
    if stood.ended == Ended::Stopped {
        return Ok(exit);
    }
    let report = report::of_session(&store, &id).await?;
    let paths = report::write(&report, &Format::ALL, &args.out, false)?;
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

/// A simulated session with its world on stage.
struct Part {
    play: Play,
    recorded: Recorded,
    resumed: bool,
    journal: SessionJournal,
    clock: Arc<dyn Clock>,
    served: Served,
    speed: f64,
}

async fn begin(store: &Store, sessions: &[SessionSummary], args: &DemoArgs) -> Result<Part, CliError> {
    let play = play(args)?;
    let speed = args.speed.unwrap_or(SPEED);
    let now = Utc::now();
    // The clock is anchored before anything is asked of the world, whose time it tells.
    let pace = watchkeeper_core::event::Pace { speed, utc_follows: true };
    let clock: Arc<dyn Clock> =
        Arc::new(WallClock::starting_at(Moment { utc: now, watch: WatchTime::START }, pace));
    let world = World::new(play.scenario.clone(), play.seed, now);
    let served = Served::start(Arc::new(world), demo::time(clock.clone(), speed))
        .await
        .map_err(|e| cannot_serve(&e))?;
    let id = choose::new_id(sessions, now, watchkeeper_demo::world::VERSION, Kind::Demo);
    let opening = play.opening(id, &served, speed, person());
    let journal = store.create_session(&opening, now).await?;
    let session = watchkeeper_engine::open(&journal, opening, now).await?;
    Ok(Part { play, recorded: Recorded::new(session), resumed: false, journal, clock, served, speed })
}

async fn go_on(
    store: &Store,
    sessions: &[SessionSummary],
    wanted: &str,
    args: &DemoArgs,
) -> Result<Part, CliError> {
    let summary = if wanted.is_empty() {
        let left = |s: &&SessionSummary| s.state == SessionState::Open && s.simulated.is_some();
        sessions.iter().find(left).ok_or_else(|| {
            CliError::usage("no simulated session was left open", "begin one with `watchkeeper demo`")
        })?
    } else {
        choose::among(sessions, wanted)?
    };
    let id = &summary.id;
    if summary.state != SessionState::Open {
        return Err(CliError::usage(
            format!("session `{id}` has run to its end"),
            format!("see it with `watchkeeper status {id}`, or begin another with `watchkeeper demo`"),
        ));
    }
    let journal = store.session(id).await?;
    let recorded = folding::fold(store, id).await?;
    let opening = &recorded.session.opening;
    let speed = opening.pace.speed;
    let play = opening.simulated.as_deref().and_then(Play::of_title).ok_or_else(|| {
        CliError::usage(
            format!("session `{id}` is not one that this program simulates"),
            format!("go on with a real one with `watchkeeper watch --resume {id}`"),
        )
    })?;
    if args.speed.is_some_and(|wanted| (wanted - speed).abs() > 1e-9) {
        return Err(CliError::usage(
            format!("session `{id}` runs at {speed}× speed, as its journal says"),
            "leave --speed out",
        ));
    }
    // A simulated day waits for its watchkeeper.
    let now = moment_of(&recorded.session, Utc::now());
    let clock: Arc<dyn Clock> = Arc::new(WallClock::starting_at(now, opening.pace));
    let world = World::new(play.scenario.clone(), play.seed, recorded.session.opened.utc);
    let served = Served::start(Arc::new(world), demo::time(clock.clone(), speed))
        .await
        .map_err(|e| cannot_serve(&e))?;
    Ok(Part { play, recorded, resumed: true, journal, clock, served, speed })
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
    Ok(Play { scenario, seed: args.seed.unwrap_or(SEED) })
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
    for scenario in all {
        say(format!("{:<14} {}: {}", scenario.name, scenario.title, scenario.description))?;
    }
    Ok(Exit::Pass)
}

async fn serve(args: &DemoArgs, here: &Surroundings) -> Result<Exit, CliError> {
    let mut signals = Signals::new()?;
    let play = play(args)?;
    let speed = args.speed.unwrap_or(1.0);
    let world = World::new(play.scenario.clone(), play.seed, Utc::now());
    let stage = Arc::new(Stage::new(Arc::new(world), SimTime::paced(speed)));
    let served = Served::on(stage, Options::default()).await.map_err(|e| cannot_serve(&e))?;
    let (url, docker) = demo::addresses(&served);
    let account = SmsOptions::default();
    if here.json {
        say(json!({
            "scenario": play.scenario.name, "seed": play.seed, "speed": speed, "url": url, "docker": docker,
            "container": watchkeeper_demo::world::CONTAINER, "email": account.email, "password": account.password,
        }))?;
    } else {
        say(format!("Simulated: {}, at {speed}× speed.", play.title()))?;
        say(format!("  SMS            {url}"))?;
        say(format!("  Docker Engine  {docker}"))?;
        say(format!("  container      {}", watchkeeper_demo::world::CONTAINER))?;
        say(format!("  account        {} with the password {}", account.email, account.password))?;
        say("Ctrl-C ends it.")?;
    }
    signals.next().await;
    served.shutdown().await;
    Ok(Exit::Pass)
}

fn cannot_serve(error: &ServeError) -> CliError {
    CliError::could_not_run(error.to_string(), "end the program that has taken it, then try again")
}
