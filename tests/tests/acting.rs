//! Restart, roll back, undo and a roll back that broke off: whole days by the real actor, in virtual time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use async_trait::async_trait;
use watchkeeper_core::{
    action::{ActionKind, ActionOutcome, ActionRules, Stage},
    event::{Fact, Opening},
    matrix::Problem,
    part::Part,
    rules::Rules,
    session::{Action, ActionState, Command, IncidentState, Session},
    time::{Moment, Span, WatchTime},
    verdict::Finding,
};
use watchkeeper_demo::{
    Fault, FaultKind, Live, Scenario, SimTime, SimulatedOperator, World,
    memory::{MemoryListener, MemoryWitness, probes},
    world::{PREVIOUS, VERSION},
};
use watchkeeper_engine::{
    Ended, Parts, Watch, WatchHandle,
    clock::{Clock, RuntimeClock},
    open,
    ports::{Herald, Notification},
};
use watchkeeper_tests::{
    day::{opening_in, start},
    memory::Memory,
};

struct Unheard;

#[async_trait]
impl Herald for Unheard {
    async fn show(&self, _notification: &Notification) -> Result<(), String> {
        Ok(())
    }
}

/// A deployment that an operator acts on, and its watch.
struct Bench {
    journal: Arc<Memory>,
    clock: RuntimeClock,
    world: Live,
    actions: ActionRules,
}

impl Bench {
    fn new(scenario: Scenario) -> Self {
        let actions = scenario.actions.clone();
        Self {
            journal: Arc::default(),
            clock: RuntimeClock::starting_at(Moment { utc: start(), watch: WatchTime::START }),
            world: Arc::new(World::new(scenario, 1, start())).into(),
            actions,
        }
    }

    fn named(name: &str) -> Self {
        Self::new(Scenario::by_name(name).unwrap())
    }

    async fn open(&self) -> Session {
        let layout = self.world.world().layout();
        let opening = Opening { actions: self.actions.clone(), ..opening_in(layout, Rules::default()) };
        open(self.journal.as_ref(), opening, start()).await.unwrap()
    }

    fn time(&self) -> SimTime {
        let clock = self.clock.clone();
        SimTime::of(Arc::new(move || clock.now().watch.elapsed()), 1.0)
    }

    fn watch(&self, session: Session) -> (Watch, WatchHandle) {
        let time = self.time();
        let parts = Parts {
            journal: Arc::clone(&self.journal) as _,
            clock: Arc::new(self.clock.clone()),
            probes: probes(&self.world, &time),
            listeners: vec![Arc::new(MemoryListener::new(&self.world, time.clone()))],
            witness: Arc::new(MemoryWitness::new(&self.world, time.clone())),
            operator: Some(Arc::new(SimulatedOperator::new(&self.world, time))),
            herald: Arc::new(Unheard),
            jitter_percent: 10,
            program: "test".into(),
        };
        Watch::new(session, parts)
    }

    async fn until(&self, watch: Span) {
        self.clock.sleep_until(WatchTime::START + watch).await;
    }

    /// Waits until the journal holds a fact that `wanted` takes.
    async fn until_fact(&self, wanted: impl Fn(&Fact) -> bool) {
        let give_up = self.clock.now().watch + Span::hours(2);
        while !self.journal.events().iter().any(|e| wanted(&e.fact)) {
            assert!(self.clock.now().watch < give_up, "it did not happen within two hours");
            self.clock.sleep_until(self.clock.now().watch + Span::millis(100)).await;
        }
    }

    fn version(&self) -> String {
        let (world, now) = self.world.at(&self.time());
        world.version_at(now).to_owned()
    }
}

fn stages(action: &Action) -> Vec<Stage> {
    action.stages.iter().map(|s| s.stage).collect()
}

fn outcome(action: &Action) -> Option<ActionOutcome> {
    action.ended.as_ref().map(|(_, outcome, _)| *outcome)
}

#[tokio::test(start_paused = true)]
async fn the_watch_restarts_in_vain_and_rolls_back_and_the_release_has_failed() {
    let bench = Bench::named("api-down-auto");
    let (watch, _handle) = bench.watch(bench.open().await);
    let (ended, session) = watch.stand(false).await.unwrap();
    assert_eq!(ended, Ended::Concluded);
    let [restart, roll_back] = session.actions.as_slice() else { panic!("{:#?}", session.actions) };
    assert_eq!(restart.order.kind, ActionKind::Restart);
    assert_eq!(outcome(restart), Some(ActionOutcome::Failed), "{:?}", restart.ended);
    assert_eq!(stages(restart), Stage::RESTART);
    assert_eq!(outcome(roll_back), Some(ActionOutcome::Done), "{:?}", roll_back.ended);
    assert_eq!(stages(roll_back), Stage::ROLL_BACK);
    assert!([restart, roll_back].iter().all(|a| a.order.by == "watch" && a.order.incident == Some(1)));
    let incident = session.incident(1).unwrap();
    let since = |a: &Action| a.began.watch.since(incident.opened.watch);
    assert!(since(restart) >= Span::mins(1) && since(restart) < Span::mins(3), "{}", since(restart));
    assert!(since(roll_back) >= Span::mins(10) && since(roll_back) < Span::mins(12), "{}", since(roll_back));
    // Evidence first, and nothing that the watch did itself is another incident.
    let events = bench.journal.events();
    let place = |wanted: &dyn Fn(&Fact) -> bool| events.iter().position(|e| wanted(&e.fact)).unwrap();
    let kept = place(&|f| matches!(f, Fact::EvidenceStored { .. }));
    let began = place(&|f| matches!(f, Fact::ActionBegan { .. }));
    assert!(kept < began, "{kept} {began}");
    assert_eq!(session.incidents.len(), 1, "{:#?}", session.incidents);
    assert_eq!(session.incidents[0].state, IncidentState::Recovered);
    let verdict = session.verdict(session.end());
    assert_eq!(verdict.finding, Finding::Fail, "{}", verdict.reason);
    assert_eq!(bench.version(), PREVIOUS);
    assert!(bench.journal.fold() == session);
}

#[tokio::test(start_paused = true)]
async fn a_roll_back_after_which_it_still_fails_is_undone() {
    let bench = Bench::named("undone-auto");
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(Span::mins(85)).await;
    handle.stop("test").await;
    let (_, session) = standing.await.unwrap().unwrap();
    let roll_back = session.actions.iter().find(|a| a.order.kind == ActionKind::RollBack).unwrap();
    assert_eq!(outcome(roll_back), Some(ActionOutcome::Undone), "{:#?}", roll_back);
    assert_eq!(stages(roll_back), [Stage::ROLL_BACK, Stage::UNDO].concat());
    assert_eq!(roll_back.undone.as_ref().map(|(_, by, _)| by.as_str()), Some("watch"));
    assert_eq!(bench.version(), VERSION);
    assert!(session.rolled_back().is_none());
    assert!(bench.journal.fold() == session);
}

/// A roll back that a person orders, and in whose middle the watch is killed; what was found at its next start.
async fn broken_off(bench: &Bench) -> (tokio::task::JoinHandle<()>, WatchHandle) {
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(async move { drop(watch.stand(false).await) });
    bench.until(Span::mins(52)).await;
    let session = bench.journal.fold();
    let plan = session.readiness().unwrap().plan.unwrap();
    let order = Command::RollBack {
        incident: Some(1),
        by: "owner".into(),
        reason: "the API fails with this release".into(),
        plan: plan.digest,
        accept_schema: false,
    };
    handle.command(order).await.unwrap();
    bench.until_fact(|f| matches!(f, Fact::ActionAdvanced { stage: Stage::SetAside, .. })).await;
    standing.abort();
    let _ = standing.await;
    bench.until(Span::mins(60)).await;
    let (watch, handle) = bench.watch(bench.journal.fold());
    let standing = tokio::spawn(async move { drop(watch.stand(true).await) });
    bench.until_fact(|f| matches!(f, Fact::ActionInterrupted { found: Some(_), .. })).await;
    let action = bench.journal.fold().action(1).unwrap().clone();
    assert_eq!(action.state, ActionState::Interrupted);
    let (_, why, found) = action.interrupted.unwrap();
    let found = found.unwrap();
    assert!(why.contains("program ended"), "{why}");
    assert_eq!(found.stage, Some(Stage::SetAside));
    assert!(found.detail.contains("there is no container named sms-app"), "{}", found.detail);
    assert!(found.detail.contains("set aside and stopped"), "{}", found.detail);
    (standing, handle)
}

#[tokio::test(start_paused = true)]
async fn a_roll_back_that_broke_off_is_finished() {
    let bench = Bench::named("api-down-ask");
    let (standing, handle) = broken_off(&bench).await;
    handle.command(Command::Finish { action: 1, by: "owner".into() }).await.unwrap();
    bench.until_fact(|f| matches!(f, Fact::ActionEnded { .. })).await;
    let session = bench.journal.fold();
    let action = session.action(1).unwrap();
    assert_eq!(outcome(action), Some(ActionOutcome::Done), "{:?}", action.ended);
    // No stage was done twice.
    assert_eq!(stages(action), Stage::ROLL_BACK);
    assert_eq!(bench.version(), PREVIOUS);
    handle.stop("test").await;
    standing.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_roll_back_that_broke_off_is_undone() {
    let bench = Bench::named("api-down-ask");
    let (standing, handle) = broken_off(&bench).await;
    let undo = Command::Undo { action: 1, by: "owner".into(), reason: "we mend it".into() };
    handle.command(undo).await.unwrap();
    bench.until_fact(|f| matches!(f, Fact::ActionEnded { .. })).await;
    let session = bench.journal.fold();
    let action = session.action(1).unwrap();
    assert_eq!(outcome(action), Some(ActionOutcome::Undone), "{:?}", action.ended);
    assert_eq!(stages(action)[3..], *Stage::UNDO);
    assert_eq!(bench.version(), VERSION);
    let (world, now) = bench.world.at(&bench.time());
    assert!(world.container(now).is_some());
    handle.stop("test").await;
    standing.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_restart_of_what_cannot_come_up_fails_with_its_exit_code() {
    let down = Fault::new(FaultKind::DatabaseDown, Span::mins(20), Span::mins(15));
    let bench = Bench::new(Scenario::of("database-down", vec![down]));
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(Span::mins(24)).await;
    let order =
        Command::Restart { part: None, incident: Some(1), by: "owner".into(), reason: "it may help".into() };
    handle.command(order).await.unwrap();
    bench.until_fact(|f| matches!(f, Fact::ActionEnded { .. })).await;
    handle.stop("test").await;
    let (_, session) = standing.await.unwrap().unwrap();
    let action = session.action(1).unwrap();
    assert_eq!(outcome(action), Some(ActionOutcome::Failed));
    let (_, _, detail) = action.ended.as_ref().unwrap();
    assert!(detail.contains("exit code 3"), "{detail}");
    assert_eq!(stages(action), [Stage::Restart]);
}

#[tokio::test(start_paused = true)]
async fn of_three_containers_the_one_that_went_down_is_named() {
    let bench = Bench::named("three-containers");
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(Span::mins(158)).await;
    let running: Vec<Problem> =
        bench.journal.fold().incidents.iter().filter(|i| i.is_running()).map(|i| i.problem.clone()).collect();
    assert_eq!(
        running,
        [Problem::container(Part::Database)],
        "the application fails with it, and is no culprit"
    );
    bench.until(Span::mins(200)).await;
    handle.stop("test").await;
    let (_, session) = standing.await.unwrap().unwrap();
    let found: Vec<(Problem, IncidentState)> =
        session.incidents.iter().map(|i| (i.problem.clone(), i.state)).collect();
    let expected = [Part::FrontEnd, Part::Database]
        .map(|part| (Problem::container(part), IncidentState::Recovered))
        .to_vec();
    assert_eq!(found, expected, "{:#?}", session.log);
    assert!(session.actions.is_empty());
    assert!(bench.journal.fold() == session);
}

#[tokio::test(start_paused = true)]
async fn the_watch_restarts_the_container_of_the_database() {
    let bench = Bench::named("database-container-auto");
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(Span::mins(75)).await;
    handle.stop("test").await;
    let (_, session) = standing.await.unwrap().unwrap();
    let [restart] = session.actions.as_slice() else { panic!("{:#?}", session.actions) };
    assert_eq!((restart.order.kind, restart.order.part), (ActionKind::Restart, Part::Database));
    assert_eq!(outcome(restart), Some(ActionOutcome::Done), "{:?}", restart.ended);
    assert_eq!(stages(restart), Stage::RESTART);
    let [incident] = session.incidents.as_slice() else { panic!("{:#?}", session.log) };
    assert_eq!(incident.problem, Problem::container(Part::Database));
    assert_eq!(incident.state, IncidentState::Recovered);
    let (world, now) = bench.world.at(&bench.time());
    assert!(world.database_up(now));
    assert!(Part::ALL.iter().all(|part| world.usage_of(*part, now).is_some()));
    assert!(bench.journal.fold() == session);
}
