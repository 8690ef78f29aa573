//! The layout with three containers: each has a life, a log and numbers of its own, and what rests on another fails with it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test whose set-up fails has failed")]

use chrono::{DateTime, TimeZone, Utc};
use watchkeeper_core::{
    action::Stage,
    log::{Level, LogReader},
    part::Part,
    reading::{
        Answer, ContainerAction, ContainerHealth, ContainerStatus, FailureKind, Outcome, Source, Value,
    },
    time::Span,
};
use watchkeeper_demo::{
    Fault, FaultKind, Layout, Scenario, World, answers, answers_of,
    world::{Act, OF_A_CONTAINER},
};
use watchkeeper_engine::ports::Depth;

const FRONT_END: FaultKind = FaultKind::FrontEndCrash { exit_code: 1 };
const DATABASE: FaultKind = FaultKind::DatabaseCrash { exit_code: 1 };
const BACK_END: FaultKind = FaultKind::ContainerCrash { exit_code: 3 };

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 10, 16, 30, 0).unwrap()
}

fn world(faults: &[Fault]) -> World {
    World::new(Scenario::of("test", faults.to_vec()).in_layout(Layout::Three), 7, start())
}

/// Every answer at `t`, of every container.
fn all(world: &World, t: Span) -> Vec<Answer> {
    let since = t.saturating_sub(Span::secs(30));
    let own = Source::ALL.into_iter().map(|source| (Part::Application, source));
    let beside = world.layout().beside().flat_map(|(part, _)| OF_A_CONTAINER.map(|source| (part, source)));
    own.chain(beside)
        .flat_map(|(part, source)| answers_of(world, part, source, Depth::Checkpoint, since, t))
        .collect()
}

/// What happened, in a few words: `database die 1`.
fn story(world: &World, from: Span) -> String {
    let words =
        answers(world, Source::Events, Depth::Routine, from, Span::hours(2)).into_iter().map(|answer| {
            let Outcome::Value(Value::Event(event)) = &answer.outcome else { panic!("{answer:?}") };
            let action = match &event.action {
                ContainerAction::Die => format!("die({})", event.exit_code.unwrap()),
                ContainerAction::Health(word) => format!("{word:?}").to_lowercase(),
                ContainerAction::Kill(_) => "kill".into(),
                other => format!("{other:?}").to_lowercase(),
            };
            format!("{}s {} {action}", Span::between(start(), event.at).as_millis() / 1_000, answer.part.id())
        });
    words.collect::<Vec<_>>().join(", ")
}

#[test]
fn each_container_lives_for_itself_and_a_restart_brings_it_up() {
    let (at, secs) = (Span::secs(600), Span::secs);
    let restart = |part| Some(Act { at: secs(700), part, stage: Stage::Restart });
    for (fault, act, tells) in [
        (
            Fault::new(FRONT_END, at, secs(8)),
            None,
            "600s front_end die(1), 608s front_end start, 638s front_end healthy",
        ),
        (Fault::lasting(FRONT_END, at), None, "600s front_end die(1)"),
        (
            Fault::lasting(FRONT_END, at),
            restart(Part::FrontEnd),
            "600s front_end die(1), 700s front_end start, 730s front_end healthy",
        ),
        // Before the restart policy would have.
        (
            Fault::new(FRONT_END, at, secs(1_000)),
            restart(Part::FrontEnd),
            "600s front_end die(1), 700s front_end start, 730s front_end healthy",
        ),
        (
            Fault::lasting(FRONT_END, at),
            restart(Part::Database),
            "\
            600s front_end die(1), 700s database kill, 700s database die(0), 700s database stop, 701s database start, \
            701s database restart, 731s database healthy",
        ),
        // The application's HEALTHCHECK asks for the database.
        (
            Fault::new(DATABASE, at, secs(120)),
            None,
            "600s database die(1), 660s application unhealthy, 720s application healthy, 720s database start, \
             750s database healthy",
        ),
    ] {
        let mut world = world(&[fault]);
        if let Some(act) = act {
            world = world.acted(act);
        }
        assert_eq!(story(&world, at), tells, "{fault:?} {act:?}");
    }
}

#[test]
fn each_state_is_told_by_its_container() {
    use ContainerStatus::{Exited, Restarting, Running};
    let minutes = Span::mins(10);
    for (kind, lasts, down) in [
        (FRONT_END, Some(minutes), Some((Part::FrontEnd, Restarting))),
        (FRONT_END, None, Some((Part::FrontEnd, Exited))),
        (DATABASE, Some(minutes), Some((Part::Database, Restarting))),
        (DATABASE, None, Some((Part::Database, Exited))),
        (BACK_END, None, Some((Part::Application, Exited))),
        (FaultKind::DatabaseDown, None, None),
    ] {
        let world = world(&[Fault { kind, at: Span::mins(20), lasts }]);
        for (part, name) in Layout::Three.containers() {
            for (t, is_down) in [(19, false), (25, true)] {
                let t = Span::mins(t);
                let state = world.container_of(part, t).unwrap();
                let expected = down.filter(|(of, _)| is_down && *of == part).map_or(Running, |(_, s)| s);
                assert_eq!((state.name.as_str(), state.status), (name, expected), "{kind:?} at {t}");
                assert_eq!(world.usage_of(part, t).is_some(), expected == Running, "{kind:?} {name} at {t}");
            }
        }
        let ids: std::collections::BTreeSet<String> =
            Part::ALL.iter().map(|part| world.container_of(*part, Span::ZERO).unwrap().id).collect();
        assert_eq!(ids.len(), 3);
    }
}

/// What is answered while a container is down; `None` is an answer, and a good one.
#[test]
fn what_rests_on_a_container_fails_with_it() {
    use FailureKind::{Refused, Status};
    let rows: [(FaultKind, [Option<FailureKind>; 5]); 5] = [
        // Page, asset, live, API, functions; health and readiness are looked at below.
        (FRONT_END, [Some(Refused), Some(Refused), Some(Refused), Some(Refused), Some(Refused)]),
        (DATABASE, [None, None, None, None, Some(Status(500))]),
        (FaultKind::DatabaseDown, [None, None, None, None, Some(Status(500))]),
        (BACK_END, [None, None, Some(Status(502)), Some(Status(502)), Some(Status(502))]),
        (
            FaultKind::ContainerPaused,
            [None, None, Some(FailureKind::Timeout), Some(FailureKind::Timeout), Some(FailureKind::Timeout)],
        ),
    ];
    for (kind, expected) in rows {
        let world = world(&[Fault::new(kind, Span::mins(20), Span::mins(10))]);
        let sources = [Source::Page, Source::Asset, Source::Live, Source::Api, Source::Functions];
        for (source, expected) in sources.into_iter().zip(expected) {
            for (t, expected) in [(19, None), (25, expected), (35, None)] {
                let told = answers(&world, source, Depth::Checkpoint, Span::ZERO, Span::mins(t)).remove(0);
                let failed = match told.outcome {
                    Outcome::Failure(failure) => Some(failure.kind),
                    Outcome::Value(_) => None,
                };
                assert_eq!(failed, expected, "{kind:?}: {source:?} at {t} min");
            }
        }
        for source in [Source::Health, Source::Ready] {
            let told = answers(&world, source, Depth::Checkpoint, Span::ZERO, Span::mins(25)).remove(0);
            let database = match told.outcome {
                Outcome::Value(Value::Health(health)) => health.database_ok,
                _ => None,
            };
            let said = matches!(kind, FaultKind::DatabaseDown | DATABASE).then_some(false);
            assert_eq!(database, said, "{kind:?}: {source:?}");
        }
        // The Engine goes on telling of the others.
        let back_end = world.container(Span::mins(25)).unwrap();
        assert_eq!(back_end.status == ContainerStatus::Running, !kind.is_of_container(), "{kind:?}");
    }
}

#[test]
fn each_log_has_its_format_and_windows_add_up() {
    let faults = [
        Fault::new(FRONT_END, Span::mins(60), Span::secs(8)),
        Fault::new(DATABASE, Span::mins(90), Span::mins(10)),
        Fault::new(BACK_END, Span::mins(120), Span::mins(5)),
    ];
    let world = world(&faults);
    let read = |part, from, to| {
        let mut reader = LogReader::default();
        let lines = world.log_lines_of(part, Some(from), to);
        assert!(lines.is_sorted_by_key(|l| l.at));
        lines.iter().for_each(|l| reader.push(l.at, &l.text));
        reader.flush();
        reader.take()
    };
    for part in Part::ALL {
        let whole = read(part, Span::ZERO, Span::hours(4));
        let mut lines = 0;
        for n in 0..480 {
            let (from, to) = (Span::secs(30 * n), Span::secs(30 * (n + 1)));
            let batch = world.log_batch_of(part, from, to);
            assert_eq!(batch, read(part, from, to), "{part:?} {from}");
            lines += batch.lines;
        }
        assert_eq!(lines, whole.lines, "{part:?}");
        // Some hundred lines an hour at most.
        assert!((40..2_000).contains(&whole.lines), "{part:?}: {}", whole.lines);
    }
    for (part, from, to, has) in [
        (Part::FrontEnd, 0, 59, "\"GET / HTTP/1.1\" 200 1046"),
        (Part::FrontEnd, 59, 61, "[alert] 1#1: worker process 29 exited on signal 11"),
        (Part::FrontEnd, 59, 61, "[notice] 1#1: nginx/1.27.2"),
        (Part::FrontEnd, 120, 124, "connect() failed (111: Connection refused) while connecting to upstream"),
        (Part::FrontEnd, 120, 124, " 502 157 "),
        (Part::Database, 0, 59, " UTC [71] LOG:  checkpoint complete: wrote "),
        (Part::Database, 89, 91, " UTC [1] LOG:  could not open file \"postmaster.pid\""),
        (Part::Database, 99, 101, "automatic recovery in progress"),
        (Part::Database, 99, 101, "database system is ready to accept connections"),
        (Part::Application, 90, 95, "psycopg.OperationalError"),
    ] {
        let lines = world.log_lines_of(part, Some(Span::mins(from)), Span::mins(to));
        assert!(lines.iter().any(|l| l.text.contains(has)), "{part:?}, {from} to {to} min: no {has}");
    }
    // Nothing is wrong where nothing is wrong, and every line is one that the reader knows.
    for part in [Part::FrontEnd, Part::Database] {
        let calm = read(part, Span::ZERO, Span::mins(59));
        let bad = [Level::Warning, Level::Error, Level::Critical].map(|level| calm.count(level));
        assert_eq!(bad, [0; 3], "{part:?}: {:?}", calm.notable);
        assert!(read(part, Span::mins(120), Span::mins(125)).lines > 0, "{part:?}");
    }
    assert!(read(Part::FrontEnd, Span::ZERO, Span::mins(59)).access.requests > 100);
    assert!(read(Part::FrontEnd, Span::mins(120), Span::mins(125)).count(Level::Error) > 0);
    // No user gets through to the application while the front end is down.
    let hour = world.with(Fault::new(FRONT_END, Span::mins(180), Span::mins(30)));
    let (open, shut) = (Span::mins(150), Span::mins(180));
    let requests = |from| {
        let lines = hour.log_lines_of(Part::Application, Some(from), from + Span::mins(30));
        lines.iter().filter(|l| l.text.contains("/api/v1/")).count()
    };
    assert!(requests(open) > 20, "{}", requests(open));
    assert_eq!(requests(shut), 0);
}

#[test]
fn the_ones_beside_use_little_of_what_they_may() {
    let world = world(&[]);
    for (part, limit, mib) in [
        (Part::FrontEnd, 256, 5.0..20.0),
        (Part::Database, 512, 100.0..200.0),
        (Part::Application, 1_024, 300.0..500.0),
    ] {
        for minute in (0..1_440).step_by(7) {
            let t = Span::mins(minute);
            let usage = world.usage_of(part, t).unwrap();
            assert_eq!(usage.memory_limit, Some(limit << 20), "{part:?}");
            let used = usage.memory_bytes as f64 / 1_048_576.0;
            assert!(mib.contains(&used), "{part:?} at {t}: {used} MiB");
            assert!(usage.cpu_share().unwrap() < 15.0, "{part:?} at {t}");
            assert!(
                world.cpu_nanos_of(part, t) <= world.cpu_nanos_of(part, t + Span::mins(7)),
                "{part:?} at {t}"
            );
        }
    }
}

#[test]
fn what_was_before_stays_as_it_was() {
    let before = world(&[Fault::new(DATABASE, Span::mins(10), Span::mins(15))]);
    let at = Span::mins(30);
    let later = [
        before.with(Fault::lasting(FRONT_END, at)),
        before.with(Fault::lasting(DATABASE, at)),
        before.acted(Act { at, part: Part::Database, stage: Stage::Restart }),
        before.acted(Act { at, part: Part::FrontEnd, stage: Stage::Restart }),
    ];
    for second in (0..1_800).step_by(15) {
        let t = Span::secs(second);
        for (n, after) in later.iter().enumerate() {
            assert_eq!(all(&before, t), all(after, t), "{n} at {t}");
        }
    }
    // And equal arguments make equal worlds.
    let again = world(&[Fault::new(DATABASE, Span::mins(10), Span::mins(15))]);
    assert_eq!(all(&before, Span::mins(12)), all(&again, Span::mins(12)));
}

#[test]
fn the_layout_with_one_has_nothing_beside_it() {
    let one = |faults: &[Fault]| World::new(Scenario::of("test", faults.to_vec()), 7, start());
    let (plain, faulty) =
        (one(&[]), one(&[Fault::lasting(FRONT_END, Span::mins(1)), Fault::lasting(DATABASE, Span::mins(1))]));
    for minute in [0, 2, 90] {
        let t = Span::mins(minute);
        assert_eq!(all(&plain, t), all(&faulty, t), "{minute}");
        assert!(all(&plain, t).iter().all(|a| a.part.is_application()));
    }
    for part in [Part::FrontEnd, Part::Database] {
        assert_eq!(plain.container_of(part, Span::ZERO), None);
        assert_eq!(plain.usage_of(part, Span::ZERO), None);
        assert!(plain.log_lines_of(part, None, Span::hours(1)).is_empty());
    }
    assert_eq!(plain.container(Span::ZERO).unwrap().health, ContainerHealth::Healthy);
}
