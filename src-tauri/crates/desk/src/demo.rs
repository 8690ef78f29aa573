//! The simulated deployment, served on loopback and asked by the real probes.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Utc;
use tokio::sync::mpsc;
use watchkeeper_core::{
    event::{Deployment as Facts, Opening, Pace, Release},
    part::Part,
    plan::Plan,
    reading::{Answer, Outcome, Source},
    rules::Rules,
    session::Session,
    time::{Moment, Span, WatchTime},
};
use watchkeeper_demo::{
    Scenario, SimTime, SimulatedOperator, World, answers,
    memory::MemoryProbe,
    operator,
    serve::{ServeError, Served, SmsOptions, Stage},
    world::{PREVIOUS, SCHEMA, VERSION},
};
use watchkeeper_engine::{
    clock::{Clock, WallClock},
    moment_of,
    ports::{Depth, Evidence, Listen, Probe, Witness},
};
use watchkeeper_probes::{
    Containers, Deployment, DeploymentConfig, DockerEndpoint, HttpTarget, Login, Secret,
};

use watchkeeper_store::{SessionJournal, SessionState, SessionSummary, Store};

use crate::{
    Asked, Code, DeskError, Help, Prepared,
    choose::{self, Kind},
    folding::{self, Recorded},
};

/// A day in two minutes.
pub const SPEED: f64 = 720.0;
/// The seed unless another is asked for.
pub const SEED: u64 = 1;
/// Of the cadence, in percent.
const JITTER: u8 = 10;

/// What a day is played from. It stands in the session's opening, so that the day can be gone on with.
#[derive(Debug, Clone, PartialEq)]
pub struct Play {
    /// What happens.
    pub scenario: Scenario,
    /// The same seed gives the same day.
    pub seed: u64,
}

impl Play {
    /// As the opening has it: `An ordinary first day (seed 1)`.
    pub fn title(&self) -> String {
        format!("{} (seed {})", self.scenario.title, self.seed)
    }

    /// The play that the opening was made from.
    pub fn of_title(title: &str) -> Option<Self> {
        let (title, seed) = title.strip_suffix(')')?.rsplit_once(" (seed ")?;
        let scenario = Scenario::all().into_iter().find(|s| s.title == title)?;
        Some(Self { scenario, seed: seed.parse().ok()? })
    }

    /// What its session is opened with.
    pub fn opening(&self, id: String, served: &Served, speed: f64, owner: String, program: &str) -> Opening {
        let (url, docker) = addresses(served);
        let layout = self.scenario.layout;
        let beside = |part| layout.name_of(part).map(Into::into);
        Opening {
            session: id,
            deployment: Facts {
                name: "Simulated NAS".into(),
                environment: "simulated".into(),
                url,
                docker,
                container: layout.application().into(),
                front_end_container: beside(Part::FrontEnd),
                database_container: beside(Part::Database),
            },
            release: Release {
                version: VERSION.into(),
                previous: Some(PREVIOUS.into()),
                repository: Some("bs1gr/AUT_MIEEK_SMS".into()),
                previous_image: None,
                previous_schema: Some(SCHEMA.into()),
            },
            owner,
            plan: Plan::standard(),
            rules: Rules::default(),
            actions: self.scenario.actions.clone(),
            pace: Pace { speed, utc_follows: true },
            simulated: Some(self.title()),
            program: program.into(),
        }
    }
}

/// A simulated session with its world on stage.
pub struct Staged {
    /// What is played.
    pub play: Play,
    /// The watch of it.
    pub prepared: Prepared,
    /// The world; it ends when this is dropped.
    pub served: Served,
    /// How many times as fast as the clock on the wall.
    pub speed: f64,
}

/// A new simulated session.
///
/// # Errors
/// When the journal cannot be written, or no port is free.
pub async fn begin(
    store: &Store,
    sessions: &[SessionSummary],
    play: Play,
    speed: f64,
    owner: String,
    program: &'static str,
) -> Result<Staged, DeskError> {
    let now = Utc::now();
    // The clock is anchored before anything is asked of the world, whose time it tells.
    let pace = Pace { speed, utc_follows: true };
    let clock: Arc<dyn Clock> =
        Arc::new(WallClock::starting_at(Moment { utc: now, watch: WatchTime::START }, pace));
    let world = World::new(play.scenario.clone(), play.seed, now);
    let served = serve(world, &clock, speed).await?;
    let id = choose::new_id(sessions, now, VERSION, Kind::Demo);
    let opening = play.opening(id, &served, speed, owner, program);
    let journal = store.create_session(&opening, now).await?;
    let recorded = Recorded::new(watchkeeper_engine::open(&journal, opening, now).await?);
    staged(play, served, recorded, journal, clock, false, program)
}

/// The simulated session `id` that was left open, with its world as it was then.
///
/// # Errors
/// When it has run to its end, is no simulated one, or its journal cannot be read.
pub async fn go_on(
    store: &Store,
    summary: &SessionSummary,
    program: &'static str,
) -> Result<Staged, DeskError> {
    let id = &summary.id;
    if summary.state != SessionState::Open {
        return Err(DeskError::usage(
            format!("session `{id}` has run to its end"),
            Help::SimulatedEnded { session: id.clone() },
        )
        .coded(Code::Refused));
    }
    if summary.readings_pruned.is_some() {
        return Err(DeskError::usage(
            format!(
                "the readings of session `{id}` were removed by the retention: it cannot be gone on with"
            ),
            Help::SimulatedAnew,
        ));
    }
    let journal = store.session(id).await?;
    let recorded = folding::fold(store, id).await?;
    let opening = &recorded.session.opening;
    let speed = opening.pace.speed;
    let play = opening.simulated.as_deref().and_then(Play::of_title).ok_or_else(|| {
        DeskError::usage(
            format!("session `{id}` is not one that this program simulates"),
            Help::Real { session: id.clone() },
        )
    })?;
    // A simulated day waits for its watchkeeper.
    let now = moment_of(&recorded.session, Utc::now());
    let clock: Arc<dyn Clock> = Arc::new(WallClock::starting_at(now, opening.pace));
    let served = serve(as_left(&play, &recorded.session), &clock, speed).await?;
    staged(play, served, recorded, journal, clock, true, program)
}

/// The world of `play` with all that was done in it by the watch of `session`.
fn as_left(play: &Play, session: &Session) -> World {
    let world = World::new(play.scenario.clone(), play.seed, session.opened.utc);
    let stages = session.actions.iter().flat_map(|a| a.stages.iter().map(|s| (a.order.part, s)));
    operator::replayed(world, stages.map(|(part, s)| (part, s.stage, s.moment.watch, s.detail.as_str())))
}

/// Sets `world` on stage.
async fn serve(world: World, clock: &Arc<dyn Clock>, speed: f64) -> Result<Served, DeskError> {
    Served::start(Arc::new(world), time(Arc::clone(clock), speed)).await.map_err(|e| cannot_serve(&e))
}

/// The watch of what is served.
fn staged(
    play: Play,
    served: Served,
    recorded: Recorded,
    journal: SessionJournal,
    clock: Arc<dyn Clock>,
    resumed: bool,
    program: &'static str,
) -> Result<Staged, DeskError> {
    let speed = recorded.session.opening.pace.speed;
    let asked = connect(&served, &recorded, speed)?;
    let session = recorded.session;
    let prepared =
        Prepared { session, resumed, journal, clock, asked, jitter_percent: JITTER, first: None, program };
    Ok(Staged { play, prepared, served, speed })
}

/// Why the simulated deployment cannot be served, and what to do.
pub fn cannot_serve(error: &ServeError) -> DeskError {
    DeskError::could_not_run(error.to_string(), "end the program that has taken it, then try again")
}

/// The addresses of the SMS and of the Docker Engine.
pub fn addresses(served: &Served) -> (String, String) {
    let docker = served.docker().map(|d| format!("tcp://{d}")).unwrap_or_default();
    (format!("http://{}/", served.sms()), docker)
}

/// The time of the simulated world, told by the watch's own clock.
fn time(clock: Arc<dyn Clock>, speed: f64) -> SimTime {
    SimTime::of(Arc::new(move || clock.now().watch.elapsed()), speed)
}

/// The real probes on the served world, and an operator of it. The simulated Engine is only read; who would ask it for an
/// image or have it do something asks the world.
///
/// # Errors
/// When they cannot be set up, which loopback gives no reason for.
fn connect(served: &Served, recorded: &Recorded, speed: f64) -> Result<Asked, DeskError> {
    let (url, docker) = addresses(served);
    let account = SmsOptions::default();
    let mut http = HttpTarget::parse(&url)?;
    http.simulated = Some(speed);
    http.login = Some(Login { email: account.email, password: Secret::new(account.password) });
    let started = recorded.session.opened.utc;
    let facts = &recorded.session.opening.deployment;
    let recorded_to = |part| recorded.logs_to.get(&part).copied().unwrap_or(started);
    let deployment = Deployment::connect(DeploymentConfig {
        http,
        docker: DockerEndpoint::parse(&docker, None)?,
        containers: Containers {
            application: facts.container.clone(),
            beside: facts.containers().skip(1).map(|(part, name)| (part, name.to_owned())).collect(),
        },
        docker_timeout: DeploymentConfig::DOCKER_TIMEOUT,
        references: Vec::new(),
        since: started,
        // By the world's clock from the beginning: this PC's is another one.
        logs_recorded_to: facts.containers().map(|(part, _)| (part, recorded_to(part))).collect(),
    })?;
    let cable = Cable(Arc::clone(served.stage()));
    let stage = served.stage();
    let mut probes: Vec<Arc<dyn Probe>> = deployment
        .probes()
        .into_iter()
        .filter(|probe| probe.source() != Source::Readiness)
        .map(|probe| Arc::new(Wired { cable: cable.clone(), to: probe }) as Arc<dyn Probe>)
        .collect();
    probes.push(Arc::new(MemoryProbe::new(Source::Readiness, stage.live(), stage.time().clone())));
    Ok(Asked {
        probes,
        listener: Arc::new(Wired {
            cable: cable.clone(),
            to: deployment.listener_after(recorded.events_to.unwrap_or(started)),
        }),
        witness: Arc::new(Wired { cable, to: deployment.witness() }),
        operator: Some(Arc::new(SimulatedOperator::new(stage.live(), stage.time().clone()))),
    })
}

/// The way to the simulated NAS. Loopback cannot be unplugged, so what the world says of this PC's network, the router
/// and the NAS is said here.
#[derive(Clone)]
struct Cable(Arc<Stage>);

impl Cable {
    fn world(&self) -> (Arc<World>, Span) {
        (self.0.world(), self.0.now())
    }

    /// Why `source` cannot be reached now.
    fn cut(&self, source: Source) -> Option<Answer> {
        let (world, t) = self.world();
        world.blocked(t)?;
        // The event stream is cut as any request to the Engine is.
        let asked = if source == Source::Events { Source::Engine } else { source };
        let mut answer = answers(&world, asked, Depth::Checkpoint, t, t).into_iter().next()?;
        answer.source = source;
        matches!(answer.outcome, Outcome::Failure(_)).then_some(answer)
    }
}

/// Somebody who is asked by way of the cable.
struct Wired<T: ?Sized> {
    cable: Cable,
    to: Arc<T>,
}

#[async_trait]
impl Probe for Wired<dyn Probe> {
    fn source(&self) -> Source {
        self.to.source()
    }

    fn part(&self) -> Part {
        self.to.part()
    }

    async fn ask(&self, depth: Depth) -> Vec<Answer> {
        let source = self.source();
        if let Some(cut) =
            self.cable.cut(source).filter(|_| depth == Depth::Checkpoint || !source.is_of_checkpoints())
        {
            return vec![cut.of(self.part())];
        }
        let answers = self.to.ask(depth).await;
        // It may have been cut while the request was under way.
        let failed = answers.iter().any(|a| matches!(a.outcome, Outcome::Failure(_)));
        match self.cable.cut(source).filter(|_| failed) {
            Some(cut) => vec![cut.of(self.part())],
            None => answers,
        }
    }
}

#[async_trait]
impl Listen for Wired<dyn Listen> {
    async fn listen(&self, answers: mpsc::Sender<Answer>) {
        let (tell, mut told) = mpsc::channel(64);
        let listening = self.to.listen(tell);
        let passing_on = async {
            while let Some(answer) = told.recv().await {
                let failed = matches!(answer.outcome, Outcome::Failure(_));
                let answer = self.cable.cut(Source::Events).filter(|_| failed).unwrap_or(answer);
                if answers.send(answer).await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            () = listening => {}
            () = passing_on => {}
        }
    }
}

#[async_trait]
impl Witness for Wired<dyn Witness> {
    async fn testify(&self, part: Part) -> Vec<Evidence> {
        let Some(Answer { outcome: Outcome::Failure(failure), .. }) = self.cable.cut(Source::Engine) else {
            return self.to.testify(part).await;
        };
        ["logs", "inspect", "health"]
            .map(|kind| Evidence {
                kind: kind.into(),
                text: String::new(),
                failure: Some(failure.message.clone()),
            })
            .into()
    }
}

#[cfg(test)]
mod tests {
    use watchkeeper_core::{
        action::{ActionKind, Order, Stage as ActionStage},
        chain::{self, Hash},
        event::Fact,
        reading::{ContainerStatus, Place, Value},
    };

    use super::*;

    #[test]
    fn a_play_is_found_again_by_its_title() {
        for scenario in Scenario::all() {
            let play = Play { scenario, seed: 42 };
            assert_eq!(Play::of_title(&play.title()), Some(play));
        }
        assert_eq!(Play::of_title("An ordinary first day"), None);
        assert_eq!(Play::of_title("Nothing of the kind (seed 1)"), None);
    }

    #[test]
    fn a_cut_cable_is_no_fault_of_the_deployment() {
        let scenario = Scenario::by_name("offline").unwrap();
        let minutes = |m| {
            let time = SimTime::of(Arc::new(move || Span::mins(m)), 720.0);
            let world = World::new(scenario.clone(), 1, chrono::DateTime::UNIX_EPOCH);
            Cable(Arc::new(Stage::new(Arc::new(world), time)))
        };
        let place = |cable: &Cable, source| match cable.cut(source).map(|a| (a.source, a.outcome)) {
            Some((told, Outcome::Failure(failure))) if told == source => Some(failure.place),
            None => None,
            other => panic!("{other:?}"),
        };
        for (at, expected) in
            [(10, None), (140, Some(Place::ThisPc)), (405, Some(Place::Network)), (500, None)]
        {
            let cable = minutes(at);
            for source in Source::ALL {
                assert_eq!(place(&cable, source), expected, "{source:?} at {at} min");
            }
        }
    }

    /// The session of a play with three containers, with `facts` after its opening.
    fn session(play: &Play, served: &Served, facts: Vec<Fact>) -> Session {
        let now = Moment { utc: chrono::DateTime::UNIX_EPOCH, watch: WatchTime::START };
        let opening = play.opening("s".into(), served, 720.0, "owner".into(), "test");
        let event = chain::link(Hash::ZERO, 1, now, Fact::Opened(Box::new(opening))).unwrap();
        let mut session = Session::open(&event).unwrap();
        for (n, fact) in (0..).zip(facts) {
            let at = Span::mins(50) + Span::secs(n);
            let now = Moment { utc: now.utc + at.to_chrono(), watch: WatchTime::START + at };
            let event = chain::link(session.head, session.seq + 1, now, fact).unwrap();
            session.apply(&event);
        }
        session
    }

    async fn three(minute: u64) -> (Play, Served) {
        let play = Play { scenario: Scenario::by_name("database-container-auto").unwrap(), seed: 1 };
        let world = World::new(play.scenario.clone(), play.seed, chrono::DateTime::UNIX_EPOCH);
        let time = SimTime::of(Arc::new(move || Span::mins(minute)), 720.0);
        (play, Served::start(Arc::new(world), time).await.unwrap())
    }

    #[tokio::test]
    async fn every_container_of_a_play_is_asked_by_its_name() {
        let (play, served) = three(46).await;
        let recorded = Recorded::new(session(&play, &served, Vec::new()));
        let names: Vec<&str> = recorded.session.opening.deployment.containers().map(|(_, n)| n).collect();
        assert_eq!(names, ["sms-backend-qnap", "sms-frontend-qnap", "sms-postgres-qnap"]);
        let asked = connect(&served, &recorded, 720.0).unwrap();
        for (part, status) in [
            (Part::Application, ContainerStatus::Running),
            (Part::FrontEnd, ContainerStatus::Running),
            (Part::Database, ContainerStatus::Exited),
        ] {
            let of_it =
                |source| asked.probes.iter().find(|p| p.part() == part && p.source() == source).unwrap();
            let told = of_it(Source::Inspect).ask(Depth::Routine).await.remove(0);
            let Outcome::Value(Value::Container(state)) = told.outcome else { panic!("{part:?}: {told:?}") };
            assert_eq!((told.part, state.status), (part, status));
            let told = of_it(Source::Logs).ask(Depth::Routine).await.remove(0);
            assert!(
                matches!(&told.outcome, Outcome::Value(Value::Logs(b)) if b.lines > 0),
                "{part:?}: {told:?}"
            );
        }
        served.shutdown().await;
    }

    #[tokio::test]
    async fn a_world_that_is_gone_on_with_has_its_restarts_where_they_were() {
        let (play, served) = three(46).await;
        for (part, up) in [(Part::Database, true), (Part::FrontEnd, false)] {
            let order = Order {
                kind: ActionKind::Restart,
                part,
                incident: None,
                by: "watch".into(),
                reason: "it is down".into(),
                plan: None,
                accepted: None,
            };
            let restarted =
                Fact::ActionAdvanced { action: 1, stage: ActionStage::Restart, detail: "done".into() };
            let facts = vec![Fact::ActionBegan { action: 1, order: Box::new(order) }, restarted];
            let world = as_left(&play, &session(&play, &served, facts));
            assert_eq!(world.database_up(Span::mins(52)), up, "{part:?}");
        }
        served.shutdown().await;
    }
}
