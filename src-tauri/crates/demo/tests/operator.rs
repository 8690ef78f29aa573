//! What an operator does to the simulated world: what it cures, what it leaves, and how it fails.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test whose set-up fails has failed")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, TimeZone, Utc};
use tokio::{sync::mpsc, time::Instant};
use watchkeeper_core::{
    action::{RollBackPlan, Stage},
    part::Part,
    reading::{ContainerStatus, FailureKind, Outcome, Place, Source, Value},
    time::{Span, WatchTime},
};
use watchkeeper_demo::{
    Fault, FaultKind, Layout, Live, Scenario, SimTime, SimulatedOperator, World, answers, operator,
    world::{Act, PREVIOUS, VERSION},
};
use watchkeeper_engine::ports::{Depth, Operator, Progress};

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 10, 16, 30, 0).unwrap()
}

fn world(faults: &[Fault]) -> World {
    World::new(Scenario::of("test", faults.to_vec()), 7, start())
}

/// The stages of `stages` in `world`, ten seconds apart from `at` on.
fn acted(world: World, stages: &[Stage], at: Span) -> World {
    let at = (0..).map(|n| at + Span::secs(10 * n));
    stages
        .iter()
        .zip(at)
        .fold(world, |world, (stage, at)| world.acted(Act { at, part: Part::Application, stage: *stage }))
}

fn plan(world: &World) -> RollBackPlan {
    *world.readiness(Span::mins(1)).unwrap().plan.unwrap()
}

/// Whether anything is different from a day on which only the same was done.
fn differs(faults: &[Fault], done: &[(&[Stage], Span)], from: Span, to: Span) -> bool {
    let live =
        |faults: &[Fault]| done.iter().fold(world(faults), |world, (stages, at)| acted(world, stages, *at));
    let (ill, well) = (live(faults), live(&[]));
    let mut t = from;
    while t < to {
        for source in Source::ALL {
            let ask = |world: &World| {
                let mut all = answers(world, source, Depth::Checkpoint, t.saturating_sub(Span::secs(30)), t);
                for answer in &mut all {
                    // When and how the process before ended, and how soon the next one began, is no matter.
                    if let Outcome::Value(Value::Container(state)) = &mut answer.outcome {
                        state.finished_at = None;
                        state.restart_count = 0;
                        state.exit_code = None;
                        state.started_at = None;
                    }
                    if let Outcome::Value(Value::Health(health)) = &mut answer.outcome {
                        health.uptime_seconds = None;
                    }
                    if let Outcome::Value(Value::Logs(batch)) = &mut answer.outcome {
                        batch.last_at = None;
                    }
                }
                all
            };
            if ask(&ill) != ask(&well) {
                eprintln!("{source:?} at {t}: {:?} and {:?}", ask(&ill), ask(&well));
                return true;
            }
        }
        t = t + Span::secs(30);
    }
    false
}

/// Faults with whether a restart, and a roll back, ends them, and whether they are there again once that is undone.
#[test]
fn each_fault_is_cured_by_what_cures_it() {
    let (mins, at) = (Span::mins, Span::mins(20));
    let roll_back = &Stage::ROLL_BACK[..5];
    let undo = &Stage::UNDO[..3];
    for kind in FaultKind::EXAMPLES {
        // A leak, a disk and what ends with a fresh process have words of their own.
        let (restart, back, again) = match kind {
            FaultKind::LoginBroken
            | FaultKind::FrontendDown
            | FaultKind::ApiDown
            | FaultKind::FlakyEndpoint { .. }
            | FaultKind::SlowDatabase { .. }
            | FaultKind::MemoryLeak { .. }
            | FaultKind::LogErrors { .. }
            | FaultKind::WarningLogs { .. } => (false, true, true),
            FaultKind::HungEndpoint { .. }
            | FaultKind::HighMemory { .. }
            | FaultKind::HighCpu { .. }
            | FaultKind::OneTimeout { .. }
            | FaultKind::ContainerCrash { .. }
            | FaultKind::OomKill
            | FaultKind::ContainerStopped
            | FaultKind::ContainerPaused => (true, true, false),
            FaultKind::DatabaseDown
            | FaultKind::FailedLoginFlood { .. }
            | FaultKind::DataLoss { .. }
            | FaultKind::CorruptionInLog
            | FaultKind::PerformanceDip { .. }
            | FaultKind::CapacityUse { .. }
            | FaultKind::DiskFilling { .. }
            | FaultKind::PcOffline
            | FaultKind::NetworkDown
            | FaultKind::NasDown
            | FaultKind::EngineDown => (false, false, true),
            // Done by somebody: there is nothing to be cured.
            FaultKind::OperatorRestart | FaultKind::ContainerRecreated | FaultKind::ImageSwapped => continue,
            // This world has no such container.
            FaultKind::FrontEndCrash { .. } | FaultKind::DatabaseCrash { .. } => continue,
        };
        let fault = [Fault::lasting(kind, at)];
        let restarted: &[(&[Stage], Span)] = &[(&[Stage::Restart], mins(30))];
        let rolled_back: &[(&[Stage], Span)] = &[(roll_back, mins(30))];
        let undone: &[(&[Stage], Span)] = &[(roll_back, mins(30)), (undo, mins(60))];
        let (from, to) = (mins(34), mins(54));
        assert_eq!(!differs(&fault, restarted, from, to), restart, "restart: {kind:?}");
        assert_eq!(!differs(&fault, rolled_back, from, to), back, "roll back: {kind:?}");
        assert_eq!(differs(&fault, undone, mins(64), mins(84)), again, "undo: {kind:?}");
    }
}

#[test]
fn what_was_before_an_act_stays_as_it_was() {
    let at = Span::mins(30);
    for kind in FaultKind::EXAMPLES {
        for fault in [
            Fault::lasting(kind, Span::mins(20)),
            Fault::new(kind, Span::mins(28), Span::mins(40)),
            Fault::lasting(kind, Span::mins(50)),
        ] {
            let before = world(&[fault]);
            for stages in [&[Stage::Restart][..], Stage::ROLL_BACK] {
                let after = acted(before.clone(), stages, at);
                for second in (0..1_800).step_by(45) {
                    let t = Span::secs(second);
                    for source in Source::ALL {
                        let ask = |world: &World| answers(world, source, Depth::Checkpoint, Span::ZERO, t);
                        assert_eq!(ask(&before), ask(&after), "{fault:?} {stages:?} {source:?} at {t}");
                    }
                }
            }
        }
    }
}

#[test]
fn another_version_answers_after_a_roll_back_and_the_old_container_after_its_undoing() {
    let before = world(&[]);
    let back = acted(before.clone(), &Stage::ROLL_BACK[..5], Span::mins(30));
    let undone = acted(back.clone(), &Stage::UNDO[..3], Span::mins(60));
    let seen = |world: &World, t| {
        let container = world.container(t).unwrap();
        (world.health(t).version.unwrap(), container.image, container.id, container.image_id)
    };
    let (first, second, third) =
        (seen(&undone, Span::mins(10)), seen(&undone, Span::mins(40)), seen(&undone, Span::mins(70)));
    assert_eq!((first.0.as_str(), second.0.as_str()), (VERSION, PREVIOUS));
    assert_eq!(second.1, format!("sms-fullstack:{PREVIOUS}"));
    assert_eq!(second.3, plan(&before).to.id);
    assert!(first.2 != second.2 && first.3 != second.3);
    assert_eq!(first, third);
    // What the other container logged meanwhile is not in its log.
    let logged = |world: &World, t| world.log_lines(None, t).into_iter().map(|l| l.at).collect::<Vec<_>>();
    let (from, to) = (undone.utc(Span::mins(31)), undone.utc(Span::mins(60)));
    assert!(logged(&back, Span::mins(50)).iter().all(|at| *at >= undone.utc(Span::mins(30))));
    assert!(!logged(&undone, Span::mins(70)).iter().any(|at| (from..to).contains(at)));
    // There is nothing to go back to now, and afterwards there is again.
    assert!(back.readiness(Span::mins(40)).unwrap().plan.is_none());
    assert_eq!(undone.readiness(Span::mins(70)), before.readiness(Span::mins(70)));
}

/// An operator of a world at 30 min, whose clock goes with the runtime's.
fn operating(faults: &[Fault]) -> (Live, SimTime, SimulatedOperator) {
    let live = Live::from(Arc::new(world(faults)));
    let begun = Instant::now();
    let now = move || Span::mins(30) + Span::millis(u64::try_from(begun.elapsed().as_millis()).unwrap());
    let time = SimTime::of(Arc::new(now), 1.0);
    (live.clone(), time.clone(), SimulatedOperator::new(live, time))
}

async fn told(mut told: mpsc::Receiver<Progress>) -> Vec<Stage> {
    let mut stages = Vec::new();
    while let Some(progress) = told.recv().await {
        stages.push(progress.stage);
    }
    stages
}

#[tokio::test(start_paused = true)]
async fn stages_are_told_in_their_order_and_take_their_time() {
    let (live, time, operator) = operating(&[]);
    let plan = plan(&live.world());
    let (tell, heard) = mpsc::channel(16);
    operator.restart(Part::Application, tell).await.unwrap();
    assert_eq!(told(heard).await, [Stage::Restart, Stage::Healthy]);
    let events = live.world().events(Span::mins(30), time.now() + Span::millis(1));
    let actions: Vec<String> = events.iter().map(|e| format!("{:?}", e.action).to_lowercase()).collect();
    assert_eq!(actions.join(" "), "kill(some(\"15\")) die stop start restart health(healthy)");

    let begun = time.now();
    let (tell, heard) = mpsc::channel(16);
    operator.roll_back(&plan, tell).await.unwrap();
    assert_eq!(told(heard).await, Stage::ROLL_BACK[..6]);
    let took = time.now().saturating_sub(begun);
    assert!(took > Span::secs(30) && took < Span::secs(60), "{took}");
    assert_eq!(operator.examine(&plan).await.unwrap().stage, Some(Stage::Healthy));

    let (tell, heard) = mpsc::channel(16);
    operator.undo(&plan, tell).await.unwrap();
    assert_eq!(told(heard).await, Stage::UNDO);
    assert_eq!(operator.examine(&plan).await.unwrap().stage, None);
}

#[tokio::test(start_paused = true)]
async fn a_container_without_its_database_does_not_come_up_and_does_when_it_is_back() {
    let down = Fault::new(FaultKind::DatabaseDown, Span::mins(25), Span::mins(20));
    let (live, time, operator) = operating(&[down]);
    let (tell, heard) = mpsc::channel(16);
    let failure = operator.restart(Part::Application, tell).await.unwrap_err();
    assert_eq!((failure.place, failure.kind), (Place::Container, FailureKind::BadAnswer));
    assert!(failure.message.contains("does not come up: it ended with exit code 3"), "{}", failure.message);
    assert_eq!(told(heard).await, [Stage::Restart]);
    let status = |t| live.world().container(t).unwrap().status;
    assert_eq!(status(time.now()), ContainerStatus::Restarting);
    assert_eq!(status(Span::mins(46)), ContainerStatus::Running);
}

/// Where the way to the Engine breaks, in the middle too: the place, how far it came, and that it can be gone on with.
#[tokio::test(start_paused = true)]
async fn what_breaks_the_way_stops_a_roll_back_where_it_is_and_it_goes_on_from_there() {
    for (kind, after, place, reached) in [
        (FaultKind::NasDown, 0, Place::Nas, None),
        (FaultKind::PcOffline, 3_500, Place::ThisPc, Some(Stage::Create)),
        (FaultKind::EngineDown, 4_500, Place::DockerEngine, Some(Stage::Stop)),
        (FaultKind::NetworkDown, 5_500, Place::Network, Some(Stage::SetAside)),
        (FaultKind::NasDown, 6_500, Place::Nas, Some(Stage::TakeName)),
        (FaultKind::NetworkDown, 12_000, Place::Network, Some(Stage::Start)),
    ] {
        for undo in [false, true] {
            let at = Span::mins(30) + Span::millis(after);
            let (live, time, operator) = operating(&[Fault::new(kind, at, Span::mins(5))]);
            let plan = plan(&live.world());
            let (tell, heard) = mpsc::channel(16);
            let failure = operator.roll_back(&plan, tell).await.unwrap_err();
            assert_eq!(failure.place, place, "{failure:?}");
            assert_eq!(told(heard).await.last().copied(), reached, "{kind:?}");
            assert_eq!(operator.examine(&plan).await.unwrap_err().place, place);
            tokio::time::sleep(std::time::Duration::from_secs(310)).await;
            let found = operator.examine(&plan).await.unwrap();
            // Once started it has become healthy in the meantime.
            let by_now = if reached == Some(Stage::Start) { Some(Stage::Healthy) } else { reached };
            assert_eq!(found.stage, by_now, "{}", found.detail);
            let (tell, heard) = mpsc::channel(16);
            let version = if undo {
                operator.undo(&plan, tell).await.unwrap();
                VERSION
            } else {
                operator.roll_back(&plan, tell).await.unwrap();
                let left = Stage::ROLL_BACK[..6].iter().copied().filter(|s| Some(*s) > reached);
                assert_eq!(told(heard).await, left.collect::<Vec<_>>());
                PREVIOUS
            };
            let (world, now) = live.at(&time);
            assert_eq!(world.version_at(now), version);
            assert_eq!(world.container(now).unwrap().status, ContainerStatus::Running);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_for_another_container_is_refused_and_nothing_is_done() {
    let (live, _, operator) = operating(&[Fault::lasting(FaultKind::ImageSwapped, Span::mins(10))]);
    let (tell, heard) = mpsc::channel(16);
    let failure = operator.roll_back(&plan(&live.world()), tell).await.unwrap_err();
    assert!(failure.message.contains("not the container any more"), "{}", failure.message);
    assert!(told(heard).await.is_empty() && live.world().acts().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_written_down_of_the_stages_makes_the_same_world_again() {
    let faults = [Fault::lasting(FaultKind::ApiDown, Span::mins(20))];
    let (live, time, operator) = operating(&faults);
    let plan = plan(&live.world());
    let (tell, mut heard) = mpsc::channel(16);
    let written = AtomicU64::new(0);
    let writing = async {
        let mut lines = Vec::new();
        while let Some(Progress { stage, detail }) = heard.recv().await {
            // Written down some seconds after it was done.
            let late = Span::secs(written.fetch_add(3, Ordering::Relaxed));
            lines.push((stage, WatchTime::START + (time.now() + late), detail));
        }
        lines
    };
    let acting = async {
        operator.restart(Part::Application, tell.clone()).await.unwrap();
        operator.roll_back(&plan, tell.clone()).await.unwrap();
        operator.undo(&plan, tell).await.unwrap();
    };
    let ((), lines) = tokio::join!(acting, writing);
    let done = lines.iter().map(|(s, at, d)| (Part::Application, *s, *at, d.as_str()));
    let again = operator::replayed(world(&faults), done);
    let done = |world: &World| -> Vec<Act> {
        world.acts().iter().copied().filter(|a| a.stage != Stage::Healthy).collect()
    };
    assert_eq!(done(&again), done(&live.world()));
    for second in (1_700..2_400).step_by(7) {
        let t = Span::secs(second);
        for source in Source::ALL {
            let ask =
                |world: &World| answers(world, source, Depth::Checkpoint, t.saturating_sub(Span::secs(7)), t);
            assert_eq!(ask(&again), ask(&live.world()), "{source:?} at {t}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_is_of_the_container_that_it_is_for_and_is_found_again() {
    let faults = vec![
        Fault::lasting(FaultKind::FrontEndCrash { exit_code: 1 }, Span::mins(5)),
        Fault::lasting(FaultKind::DatabaseCrash { exit_code: 1 }, Span::mins(6)),
    ];
    let fresh = World::new(Scenario::of("test", faults).in_layout(Layout::Three), 7, start());
    let begun = Instant::now();
    let time = SimTime::of(Arc::new(move || Span::mins(10) + begun.elapsed().into()), 1.0);
    let live: Live = Arc::new(fresh.clone()).into();
    let operator = SimulatedOperator::new(&live, time.clone());
    let down = |world: &World, t| {
        Part::ALL.into_iter().filter(|p| world.usage_of(*p, t).is_none()).collect::<Vec<_>>()
    };
    assert_eq!(down(&fresh, time.now()), [Part::FrontEnd, Part::Database]);
    let mut done = Vec::new();
    for (part, name, left) in [
        (Part::Database, "sms-postgres-qnap", &[Part::FrontEnd] as &[Part]),
        (Part::FrontEnd, "sms-frontend-qnap", &[]),
        (Part::Application, "sms-backend-qnap", &[]),
    ] {
        let (tell, mut told) = mpsc::channel(16);
        operator.restart(part, tell).await.unwrap();
        while let Some(Progress { stage, detail }) = told.recv().await {
            assert!(detail.starts_with(name), "{detail}");
            done.push((part, stage, WatchTime::START + time.now(), detail));
        }
        assert_eq!(down(&live.world(), time.now()), left, "{part:?}");
    }
    // What was done is found again in what was written down of it, each to the container that it was done to.
    let again = operator::replayed(fresh, done.iter().map(|(p, s, at, d)| (*p, *s, *at, d.as_str())));
    let of_it = |world: &World| -> Vec<Act> {
        world.acts().iter().copied().filter(|a| a.stage != Stage::Healthy).collect()
    };
    assert_eq!(of_it(&again), of_it(&live.world()));
    assert_eq!(down(&again, time.now()), []);
    // The layout with one has no such container.
    let one: Live = Arc::new(world(&[])).into();
    let (tell, _told) = mpsc::channel(16);
    let refused = SimulatedOperator::new(one, time).restart(Part::Database, tell).await.unwrap_err();
    assert_eq!(refused.kind, FailureKind::NoContainer);
}
