//! The in-memory probes, asked as the engine asks them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test whose set-up fails has failed")]

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::{TimeZone, Utc};
use tokio::sync::mpsc;
use watchkeeper_core::{
    part::Part,
    reading::{Answer, ContainerAction, Outcome, Place, Source, Value},
    time::Span,
};
use watchkeeper_demo::{
    Fault, FaultKind, Layout, Scenario, SimTime, World,
    memory::{MemoryListener, MemoryWitness, probes},
};
use watchkeeper_engine::ports::{Depth, Listen, Witness};

/// A world and its clock, which the test sets.
fn world(faults: &[Fault]) -> (Arc<World>, SimTime, Arc<AtomicU64>) {
    let start = Utc.with_ymd_and_hms(2026, 1, 10, 16, 30, 0).unwrap();
    let world = Arc::new(World::new(Scenario::of("test", faults.to_vec()), 7, start));
    let now = Arc::new(AtomicU64::new(0));
    let told = now.clone();
    (world, SimTime::of(Arc::new(move || Span::millis(told.load(Ordering::Relaxed))), 1.0), now)
}

fn set(now: &AtomicU64, t: Span) {
    now.store(t.as_millis(), Ordering::Relaxed);
}

#[tokio::test]
async fn each_source_has_a_probe_that_answers_for_it() {
    let (world, time, now) = world(&[]);
    set(&now, Span::hours(1));
    let probes = probes(&world, &time);
    let mut sources: Vec<Source> = probes.iter().map(|p| p.source()).collect();
    sources.push(Source::Events);
    sources.sort_unstable();
    let mut all = Source::ALL;
    all.sort_unstable();
    assert_eq!(sources, all);
    for probe in probes {
        let answers = probe.ask(Depth::Checkpoint).await;
        assert_eq!(answers.len(), 1, "{}", probe.source().name());
        assert!(answers.iter().all(|a| a.source == probe.source() && matches!(a.outcome, Outcome::Value(_))));
        let routine = probe.ask(Depth::Routine).await;
        assert_eq!(routine.is_empty(), probe.source().is_of_checkpoints());
    }
}

#[tokio::test]
async fn no_log_line_is_lost_or_told_twice_over_a_gap() {
    let gap = Fault::new(FaultKind::PcOffline, Span::mins(3), Span::mins(4));
    let errors = Fault::lasting(FaultKind::LogErrors { per_hour: 600 }, Span::ZERO);
    let (world, time, now) = world(&[gap, errors]);
    let logs = probes(&world, &time).into_iter().find(|p| p.source() == Source::Logs).unwrap();
    let (mut lines, mut failed) = (0, 0);
    for second in (30..=900).step_by(30) {
        set(&now, Span::secs(second));
        match &logs.ask(Depth::Routine).await[0].outcome {
            Outcome::Value(Value::Logs(batch)) => lines += batch.lines,
            Outcome::Failure(failure) => {
                assert_eq!(failure.place, Place::ThisPc);
                failed += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(failed, 8);
    assert_eq!(lines, world.log_batch(Span::ZERO, Span::mins(15)).lines);
}

#[tokio::test]
async fn the_listener_tells_events_as_they_happen_and_after_a_gap() {
    let crash = Fault::new(FaultKind::ContainerCrash { exit_code: 3 }, Span::mins(5), Span::secs(10));
    let offline = Fault::new(FaultKind::PcOffline, Span::mins(10), Span::mins(5));
    let unseen = Fault::new(FaultKind::ContainerCrash { exit_code: 4 }, Span::mins(12), Span::secs(10));
    let (world, time, now) = world(&[crash, offline, unseen]);
    let (tell, mut told) = mpsc::channel(16);
    let listener = MemoryListener::new(world, time);
    let listening = tokio::spawn(async move { listener.listen(tell).await });
    let die = |answer: &Answer| match &answer.outcome {
        Outcome::Value(Value::Event(e)) if e.action == ContainerAction::Die => {
            Some((e.exit_code, answer.reconstructed))
        }
        _ => None,
    };
    // The listener has begun once it was polled; before that the clock stands at the start.
    tokio::task::yield_now().await;
    set(&now, Span::mins(6));
    assert_eq!(die(&told.recv().await.unwrap()), Some((Some(3), false)));
    for _ in 0..2 {
        assert!(matches!(told.recv().await.unwrap().outcome, Outcome::Value(Value::Event(_))));
    }
    set(&now, Span::mins(11));
    let lost = told.recv().await.unwrap();
    assert!(matches!(&lost.outcome, Outcome::Failure(f) if f.place == Place::ThisPc), "{lost:?}");
    set(&now, Span::mins(16));
    assert_eq!(die(&told.recv().await.unwrap()), Some((Some(4), true)));
    drop(told);
    listening.await.unwrap();
}

#[tokio::test]
async fn the_witness_brings_what_can_be_had() {
    let (world, time, now) = world(&[
        Fault::new(FaultKind::DatabaseDown, Span::mins(10), Span::mins(10)),
        Fault::lasting(FaultKind::EngineDown, Span::mins(18)),
    ]);
    set(&now, Span::mins(15));
    let witness = MemoryWitness::new(world, time);
    let evidence = witness.testify(Part::Application).await;
    let kinds: Vec<&str> = evidence.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(kinds, ["logs", "inspect", "health"]);
    for (piece, has) in evidence.iter().zip(["psycopg.OperationalError", "\"RestartCount\":0", "unhealthy"]) {
        assert!(piece.failure.is_none() && piece.text.contains(has), "{}", piece.kind);
    }
    assert!(evidence[0].text.lines().count() <= 500);
    set(&now, Span::mins(19));
    let failures: Vec<bool> = witness
        .testify(Part::Application)
        .await
        .iter()
        .map(|e| e.failure.is_some() && e.text.is_empty())
        .collect();
    assert_eq!(failures, [true, true, false]);
}

#[tokio::test]
async fn each_container_has_its_probes_its_events_and_its_witness() {
    let start = Utc.with_ymd_and_hms(2026, 1, 10, 16, 30, 0).unwrap();
    let crash = Fault::new(FaultKind::DatabaseCrash { exit_code: 1 }, Span::mins(5), Span::mins(5));
    let scenario = Scenario::of("test", vec![crash]).in_layout(Layout::Three);
    let world = Arc::new(World::new(scenario, 7, start));
    let now = Arc::new(AtomicU64::new(0));
    let told = now.clone();
    let time = SimTime::of(Arc::new(move || Span::millis(told.load(Ordering::Relaxed))), 1.0);
    set(&now, Span::mins(4));
    let probes = probes(&world, &time);
    for part in Part::ALL {
        let of_it: Vec<_> = probes.iter().filter(|p| p.part() == part).collect();
        assert_eq!(of_it.len(), if part.is_application() { 13 } else { 3 }, "{part:?}");
        for probe in of_it {
            let answers = probe.ask(Depth::Checkpoint).await;
            assert!(
                answers.iter().all(|a| a.part == part && matches!(a.outcome, Outcome::Value(_))),
                "{answers:?}"
            );
        }
    }
    let listener = MemoryListener::new(&world, time.clone());
    let (tell, mut told) = mpsc::channel(16);
    let listening = tokio::spawn(async move { listener.listen(tell).await });
    tokio::task::yield_now().await;
    set(&now, Span::mins(6));
    let heard = told.recv().await.unwrap();
    assert_eq!(heard.part, Part::Database);
    assert!(matches!(heard.outcome, Outcome::Value(Value::Event(e)) if e.action == ContainerAction::Die));
    drop(told);
    listening.await.unwrap();
    let witness = MemoryWitness::new(&world, time);
    for (part, log, state) in [
        (Part::Application, "psycopg.OperationalError", "sms-backend-qnap"),
        (Part::FrontEnd, "[notice] 1#1: nginx", "sms-frontend-qnap"),
        (Part::Database, "postmaster.pid", "sms-postgres-qnap"),
    ] {
        let evidence = witness.testify(part).await;
        for (piece, has) in evidence.iter().zip([log, state, "Database connection failed"]) {
            assert!(piece.failure.is_none() && piece.text.contains(has), "{part:?}: {}", piece.kind);
        }
    }
}
