//! The actor on a paused clock: whole sessions with real tasks, in-memory probes and no waiting.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use watchkeeper_core::{
    chain,
    event::Fact,
    matrix::Issue,
    rules::Rules,
    session::{CheckStatus, Command, IncidentState, Session},
    time::{Moment, Span, WatchTime},
    verdict::{Decision, Finding},
};
use watchkeeper_demo::{
    Fault, FaultKind, Scenario, SimTime, World,
    memory::{MemoryListener, MemoryWitness, probes},
};
use watchkeeper_engine::{
    CommandError, Ended, Parts, Watch, WatchHandle,
    clock::{Clock, RuntimeClock},
    open,
    ports::{Herald, Notification},
};
use watchkeeper_tests::{
    day::{opening, start},
    memory::Memory,
};

#[derive(Default)]
struct Shown(Mutex<Vec<Notification>>);

#[async_trait]
impl Herald for Shown {
    async fn show(&self, notification: &Notification) -> Result<(), String> {
        self.0.lock().unwrap().push(notification.clone());
        Ok(())
    }
}

struct Bench {
    journal: Arc<Memory>,
    shown: Arc<Shown>,
    clock: RuntimeClock,
    world: Arc<World>,
}

impl Bench {
    fn new(faults: Vec<Fault>) -> Self {
        let scenario = Scenario::of("t", faults);
        Self {
            journal: Arc::default(),
            shown: Arc::default(),
            clock: RuntimeClock::starting_at(Moment { utc: start(), watch: WatchTime::START }),
            world: Arc::new(World::new(scenario, 1, start())),
        }
    }

    async fn open(&self) -> Session {
        open(self.journal.as_ref(), opening(Rules::default()), start()).await.unwrap()
    }

    fn watch(&self, session: Session) -> (Watch, WatchHandle) {
        Watch::new(session, self.parts())
    }

    fn parts(&self) -> Parts {
        let clock = self.clock.clone();
        let time = SimTime::of(Arc::new(move || clock.now().watch.elapsed()), 1.0);
        Parts {
            journal: Arc::clone(&self.journal) as _,
            clock: Arc::new(self.clock.clone()),
            probes: probes(&self.world, &time),
            listeners: vec![Arc::new(MemoryListener::new(Arc::clone(&self.world), time.clone()))],
            witness: Arc::new(MemoryWitness::new(Arc::clone(&self.world), time)),
            operator: None,
            herald: Arc::clone(&self.shown) as _,
            jitter_percent: 10,
            program: "test".into(),
        }
    }

    async fn until(&self, watch: Span) {
        self.clock.sleep_until(WatchTime::START + watch).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_healthy_day_passes_and_can_be_folded() {
    let bench = Bench::new(Vec::new());
    let (mut parts, session) = (bench.parts(), bench.open().await);
    // The in-memory event stream looks a hundred times a second: nothing happens on this day that it could tell.
    parts.listeners.clear();
    let (watch, _handle) = Watch::new(session, parts);
    let (ended, session) = watch.stand(false).await.unwrap();
    assert_eq!(ended, Ended::Concluded);
    let verdict = session.verdict(session.end());
    assert_eq!(verdict.finding, Finding::Pass, "{}", verdict.reason);
    assert!(session.incidents.is_empty(), "{:?}", session.incidents);
    assert!(session.checks.iter().all(|c| c.status == CheckStatus::Done));
    assert!(chain::verify(&bench.journal.events()).is_ok());
    assert!(bench.journal.fold() == session);
}

#[tokio::test(start_paused = true)]
async fn a_crash_is_found_at_once_with_evidence_and_stops_with_its_recovery() {
    let at = Span::mins(47);
    let bench = Bench::new(vec![Fault::new(FaultKind::ContainerCrash { exit_code: 3 }, at, Span::secs(8))]);
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(at + Span::secs(2)).await;
    let view = handle.view().await.unwrap();
    let incident = &view.incidents[0];
    assert_eq!(incident.incident.problem.issue, Issue::ContainerCrash);
    assert!(incident.incident.opened.watch.since(WatchTime::START + at) < Span::secs(1), "{incident:?}");
    let kinds: Vec<&str> = incident.incident.evidence.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(kinds, ["logs", "inspect", "health", "readings"]);
    assert!(bench.shown.0.lock().unwrap()[0].title.contains("Container crashes"));
    let ack = Command::Acknowledge { incident: 1, by: "owner".into(), reason: "looking".into() };
    handle.command(ack.clone()).await.unwrap();
    assert!(matches!(handle.command(ack).await, Err(CommandError::Refused(_))));
    bench.until(at + Span::mins(5)).await;
    assert_eq!(handle.view().await.unwrap().incidents[0].incident.state, IncidentState::Recovered);
    handle.stop("test").await;
    let (ended, session) = standing.await.unwrap().unwrap();
    assert_eq!(ended, Ended::Stopped);
    assert!(bench.journal.fold() == session);
}

#[tokio::test(start_paused = true)]
async fn an_announced_restart_is_no_crash() {
    let bench = Bench::new(vec![Fault::new(FaultKind::OperatorRestart, Span::mins(30), Span::secs(4))]);
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(Span::mins(29)).await;
    let announce =
        Command::Announce { what: "new certificate".into(), by: "owner".into(), lasts: Span::mins(10) };
    handle.command(announce).await.unwrap();
    bench.until(Span::mins(50)).await;
    let view = handle.view().await.unwrap();
    assert!(view.incidents.is_empty(), "{:?}", view.incidents);
    assert!(
        view.log.iter().any(|l| l.text.contains("stopped by an operator") && l.text.contains("(announced)"))
    );
    handle.stop("test").await;
    standing.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stopped_watch_goes_on_with_a_gap_and_no_old_effect() {
    let bench = Bench::new(vec![Fault::lasting(FaultKind::DatabaseDown, Span::mins(20))]);
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(Span::mins(24)).await;
    handle.stop("the PC is shut down").await;
    standing.await.unwrap().unwrap();
    let opened = |shown: &[Notification]| shown.iter().filter(|n| n.title.starts_with("Critical")).count();
    assert_eq!(opened(&bench.shown.0.lock().unwrap()), 1);

    bench.until(Span::mins(90)).await;
    let (watch, handle) = bench.watch(bench.journal.fold());
    let standing = tokio::spawn(watch.stand(true));
    bench.until(Span::mins(95)).await;
    let view = handle.view().await.unwrap();
    assert_eq!(opened(&bench.shown.0.lock().unwrap()), 1, "told again");
    assert_eq!(view.gaps.len(), 1);
    let length = view.gaps[0].length(view.now.watch);
    assert!(length > Span::mins(65) && length < Span::mins(67), "{length}");
    let hour_2 = view.checks.iter().find(|c| c.check.id == "hour-2").unwrap();
    assert_eq!(hour_2.check.status, CheckStatus::Missed);
    assert!(hour_2.check.result.as_ref().is_some_and(|r| r.late), "a late one stands beside the missed one");
    handle.stop("test").await;
    standing.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_step_of_the_clock_is_written_down_and_moves_no_deadline() {
    let bench = Bench::new(Vec::new());
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(Span::mins(30)).await;
    bench.clock.step(3_600_000);
    bench.until(Span::mins(61)).await;
    let view = handle.view().await.unwrap();
    assert!(view.log.iter().any(|l| l.text == "The PC's clock stepped forward by 1 h"), "{:#?}", view.log);
    let hour_2 = view.checks.iter().find(|c| c.check.id == "hour-2").unwrap();
    let late_by = hour_2.check.result.as_ref().unwrap().moment.watch.since(WatchTime::START + Span::hours(1));
    assert!(late_by < Span::secs(5), "{late_by}");
    assert!(view.gaps.is_empty());
    handle.stop("test").await;
    standing.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_cannot_write_does_not_go_on() {
    let bench = Bench::new(Vec::new());
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(Span::mins(10)).await;
    bench.journal.fill_up();
    let note = Command::Note { by: "owner".into(), text: "hello".into() };
    assert!(matches!(handle.command(note.clone()).await, Err(CommandError::Journal(_))));
    // The next thing that the watch itself has to write down ends it.
    let error = standing.await.unwrap().err().unwrap();
    assert!(error.to_string().contains("disk is full"));
    assert_eq!(handle.command(note).await.err(), Some(CommandError::Ended));
}

#[tokio::test(start_paused = true)]
async fn signing_off_closes_the_session() {
    let bench = Bench::new(Vec::new());
    let (watch, handle) = bench.watch(bench.open().await);
    let standing = tokio::spawn(watch.stand(false));
    bench.until(Span::mins(10)).await;
    let sign = |early, remark: &str| Command::SignOff {
        by: "owner".into(),
        decision: Decision::Approved,
        remark: remark.into(),
        early,
    };
    assert!(matches!(handle.command(sign(false, "")).await, Err(CommandError::Refused(_))));
    assert!(matches!(handle.command(sign(true, "")).await, Err(CommandError::Refused(_))));
    let events = handle.command(sign(true, "rehearsal only")).await.unwrap();
    assert!(matches!(events.last().unwrap().fact, Fact::SignedOff { .. }));
    let (ended, session) = standing.await.unwrap().unwrap();
    assert_eq!(ended, Ended::SignedOff);
    assert!(session.signed_off.is_some());
    assert!(bench.journal.fold() == session);
}
