//! The simulated world: determinism, healthy days, and each fault in its source.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test whose set-up fails has failed")]

use chrono::{DateTime, TimeZone, Utc};
use watchkeeper_core::{
    health,
    log::Level,
    reading::{Answer, ContainerStatus, Failure, FailureKind, HealthStatus, Outcome, Place, Source, Value},
    time::Span,
};
use watchkeeper_demo::{Fault, FaultKind, Scenario, World, answers, shape};
use watchkeeper_engine::ports::Depth;

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 10, 16, 30, 0).unwrap()
}

fn world(faults: &[Fault]) -> World {
    World::new(Scenario::of("test", faults.to_vec()), 7, start())
}

fn ask(world: &World, source: Source, t: Span) -> Vec<Answer> {
    answers(world, source, Depth::Checkpoint, t.saturating_sub(Span::secs(30)), t)
}

/// Every answer of a day, one turn every 30 s.
fn day(world: &World, turns: impl Iterator<Item = u64>) -> Vec<(u64, Vec<Answer>)> {
    turns
        .flat_map(|n| Source::ALL.into_iter().map(move |s| (n, s)))
        .map(|(n, s)| (n, ask(world, s, Span::secs(30 * n))))
        .collect()
}

fn p95(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() as f64 * 0.95) as usize]
}

#[test]
fn the_order_of_the_questions_changes_nothing() {
    for scenario in Scenario::all() {
        let a = World::new(scenario.clone(), 3, start());
        let b = World::new(scenario.clone(), 3, start());
        let forth = day(&a, 0..2_880);
        let mut back = day(&b, (0..2_880).rev());
        back.sort_by_key(|(n, answers)| {
            (*n, answers.first().map(|a| Source::ALL.iter().position(|s| *s == a.source)))
        });
        let mut forth_sorted = forth.clone();
        forth_sorted.sort_by_key(|(n, answers)| {
            (*n, answers.first().map(|a| Source::ALL.iter().position(|s| *s == a.source)))
        });
        assert_eq!(forth_sorted, back, "{}", scenario.name);
    }
    let other = World::new(Scenario::by_name("healthy").unwrap(), 4, start());
    let same = World::new(Scenario::by_name("healthy").unwrap(), 3, start());
    assert_ne!(day(&other, 0..10), day(&same, 0..10));
}

#[test]
fn a_healthy_day_is_within_every_baseline() {
    for seed in 0..20 {
        let world = World::new(Scenario::by_name("healthy").unwrap(), seed, start());
        let mut took: Vec<(Source, f64)> = Vec::new();
        let (mut cpu, mut memory, mut lines) = (Vec::new(), Vec::new(), 0);
        for (n, answers) in day(&world, 1..2_880) {
            for answer in answers {
                let Outcome::Value(value) = &answer.outcome else { panic!("{n}: {answer:?}") };
                took.extend(answer.took_ms.map(|t| (answer.source, t)));
                match value {
                    Value::Usage(u) => {
                        cpu.push(u.cpu_share().unwrap());
                        memory.push(u.memory_percent().unwrap());
                    }
                    Value::Logs(batch) => {
                        lines += batch.lines;
                        assert!(batch.notable.is_empty() && batch.access.refused_logins == 0, "{batch:?}");
                        assert_eq!(batch.levels.keys().copied().max().unwrap_or(Level::Info), Level::Info);
                        assert_eq!(batch.access.server_errors, 0);
                    }
                    Value::Event(event) => panic!("{event:?}"),
                    Value::Health(h) => assert_eq!((h.http_status, h.status), (200, HealthStatus::Healthy)),
                    _ => {}
                }
            }
        }
        let of = |source| took.iter().filter(|(s, _)| *s == source).map(|(_, t)| *t).collect::<Vec<_>>();
        let (api, ready) = (p95(of(Source::Api)), p95(of(Source::Ready)));
        assert!((150.0..210.0).contains(&api), "{api}");
        assert!((30.0..48.0).contains(&ready), "{ready}");
        assert!(of(Source::Api).iter().all(|t| *t < 500.0) && of(Source::Ready).iter().all(|t| *t < 100.0));
        assert!(cpu.iter().all(|c| (5.0..=9.0).contains(c)), "{cpu:?}");
        let first = memory[..1_000].iter().sum::<f64>() / 1_000.0;
        let last = memory[memory.len() - 1_000..].iter().sum::<f64>() / 1_000.0;
        assert!((39.0..41.5).contains(&first) && (first - last).abs() < 0.05, "{first} {last}");
        assert!(lines > 8_000, "{lines}");
    }
}

/// What is seen of a fault.
type Seen = fn(&Outcome) -> bool;

fn failure(outcome: &Outcome) -> Option<&Failure> {
    match outcome {
        Outcome::Failure(f) => Some(f),
        Outcome::Value(_) => None,
    }
}

fn fails(outcome: &Outcome, place: Place, kind: FailureKind) -> bool {
    failure(outcome).is_some_and(|f| f.place == place && f.kind == kind)
}

fn log(outcome: &Outcome, holds: impl Fn(&watchkeeper_core::log::LogBatch) -> bool) -> bool {
    matches!(outcome, Outcome::Value(Value::Logs(batch)) if holds(batch))
}

fn container(outcome: &Outcome, holds: impl Fn(&watchkeeper_core::reading::ContainerState) -> bool) -> bool {
    matches!(outcome, Outcome::Value(Value::Container(c)) if holds(c))
}

#[test]
#[allow(clippy::too_many_lines)]
fn every_fault_is_seen_in_its_source_and_gone_after() {
    let failed_500: Seen = |o| fails(o, Place::Application, FailureKind::Status(500));
    let timed_out: Seen = |o| fails(o, Place::Application, FailureKind::Timeout);
    let cases: [(FaultKind, Source, Seen); 38] = [
        (FaultKind::ContainerCrash { exit_code: 3 }, Source::Inspect, |o| {
            container(o, |c| c.status == ContainerStatus::Restarting && c.exit_code == Some(3))
        }),
        (FaultKind::ContainerCrash { exit_code: 3 }, Source::Live, |o| {
            fails(o, Place::Container, FailureKind::Refused)
        }),
        (FaultKind::OomKill, Source::Inspect, |o| container(o, |c| c.oom_killed && c.exit_code == Some(137))),
        (FaultKind::OperatorRestart, Source::Inspect, |o| {
            container(o, |c| c.status == ContainerStatus::Exited && c.exit_code == Some(0))
        }),
        (FaultKind::ContainerStopped, Source::Inspect, |o| {
            container(o, |c| c.status == ContainerStatus::Exited)
        }),
        (FaultKind::ContainerPaused, Source::Inspect, |o| {
            container(o, |c| c.status == ContainerStatus::Paused)
        }),
        (FaultKind::ContainerPaused, Source::Live, timed_out),
        (FaultKind::ContainerRecreated, Source::Inspect, |o| {
            fails(o, Place::Container, FailureKind::NoContainer)
        }),
        (FaultKind::ImageSwapped, Source::Stats, |o| fails(o, Place::Container, FailureKind::NoContainer)),
        (FaultKind::DatabaseDown, Source::Health, |o| {
            matches!(o, Outcome::Value(Value::Health(h)) if h.http_status == 503
                && h.status == HealthStatus::Unhealthy && h.database_ok == Some(false))
        }),
        (
            FaultKind::DatabaseDown,
            Source::Ready,
            |o| matches!(o, Outcome::Value(Value::Health(h)) if h.http_status == 503),
        ),
        (FaultKind::DatabaseDown, Source::Logs, |o| log(o, |b| b.count(Level::Error) > 0)),
        (FaultKind::FailedLoginFlood { per_minute: 120 }, Source::Logs, |o| {
            log(o, |b| b.access.refused_logins > 40)
        }),
        (
            FaultKind::DataLoss { percent: 30.0 },
            Source::Health,
            |o| matches!(o, Outcome::Value(Value::Health(h)) if h.statistics.unwrap().students == Some(288)),
        ),
        (FaultKind::LoginBroken, Source::Functions, failed_500),
        (FaultKind::FrontendDown, Source::Page, failed_500),
        (FaultKind::FrontendDown, Source::Asset, failed_500),
        (FaultKind::ApiDown, Source::Api, failed_500),
        (FaultKind::ApiDown, Source::Functions, failed_500),
        (FaultKind::FlakyEndpoint { source: Source::Page, share: 1.0 }, Source::Page, failed_500),
        (FaultKind::FlakyEndpoint { source: Source::Ready, share: 1.0 }, Source::Ready, failed_500),
        (FaultKind::LogErrors { per_hour: 600 }, Source::Logs, |o| log(o, |b| b.count(Level::Error) > 0)),
        (FaultKind::WarningLogs { per_hour: 600 }, Source::Logs, |o| log(o, |b| b.count(Level::Warning) > 0)),
        (
            FaultKind::MemoryLeak { mib_per_hour: 6_000.0 },
            Source::Stats,
            |o| matches!(o, Outcome::Value(Value::Usage(u)) if u.memory_percent().unwrap() > 60.0),
        ),
        (
            FaultKind::HighMemory { percent: 88.0 },
            Source::Stats,
            |o| matches!(o, Outcome::Value(Value::Usage(u)) if u.memory_percent().unwrap() > 85.0),
        ),
        (
            FaultKind::CapacityUse { percent: 70.0 },
            Source::Stats,
            |o| matches!(o, Outcome::Value(Value::Usage(u)) if (65.0..75.0).contains(&u.memory_percent().unwrap())),
        ),
        (
            FaultKind::HighCpu { percent: 95.0 },
            Source::Stats,
            |o| matches!(o, Outcome::Value(Value::Usage(u)) if u.cpu_share().unwrap() > 92.0),
        ),
        (FaultKind::OneTimeout { source: Source::Api }, Source::Api, timed_out),
        (FaultKind::HungEndpoint { source: Source::Page }, Source::Page, timed_out),
        (
            FaultKind::DiskFilling { percent_per_hour: 1_500.0 },
            Source::Ready,
            |o| matches!(o, Outcome::Value(Value::Health(h)) if h.http_status == 503 && h.database_ok == Some(true)),
        ),
        (
            FaultKind::DiskFilling { percent_per_hour: 1_500.0 },
            Source::Health,
            |o| matches!(o, Outcome::Value(Value::Health(h)) if h.http_status == 200 && h.status == HealthStatus::Degraded),
        ),
        (FaultKind::PcOffline, Source::Network, |o| failure(o).is_some_and(|f| f.place == Place::ThisPc)),
        (FaultKind::PcOffline, Source::Inspect, |o| failure(o).is_some_and(|f| f.place == Place::ThisPc)),
        (FaultKind::NetworkDown, Source::Api, |o| failure(o).is_some_and(|f| f.place == Place::Network)),
        (FaultKind::NasDown, Source::Api, |o| failure(o).is_some_and(|f| f.place == Place::Nas)),
        (FaultKind::NasDown, Source::Engine, |o| failure(o).is_some_and(|f| f.place == Place::Nas)),
        (FaultKind::EngineDown, Source::Engine, |o| fails(o, Place::DockerEngine, FailureKind::Refused)),
        (FaultKind::EngineDown, Source::Events, |o| fails(o, Place::DockerEngine, FailureKind::Refused)),
    ];
    let at = Span::mins(60);
    for (kind, source, seen) in cases {
        let world = world(&[Fault::new(kind, at, Span::mins(4))]);
        let check = |t: Span| ask(&world, source, t).iter().any(|a| seen(&a.outcome));
        assert!(!check(Span::mins(59)), "{kind:?} is seen too early in {}", source.name());
        let middle = at + Span::mins(3);
        assert!(check(middle), "{kind:?} in {}: {:?}", source.name(), ask(&world, source, middle));
        assert!(!check(at + Span::mins(6)), "{kind:?} is still seen in {}", source.name());
    }
}

#[test]
fn faults_of_speed_are_seen_in_the_latency() {
    let at = Span::mins(60);
    for (kind, source, least) in [
        (FaultKind::SlowDatabase { ms: 1_600 }, Source::Ready, 1_000.0),
        (FaultKind::SlowDatabase { ms: 1_600 }, Source::Health, 1_000.0),
        (FaultKind::SlowDatabase { ms: 1_600 }, Source::Functions, 4_000.0),
        (FaultKind::PerformanceDip { factor: 40.0 }, Source::Api, 400.0),
    ] {
        let world = world(&[Fault::new(kind, at, Span::mins(10))]);
        let took = |t| ask(&world, source, t)[0].took_ms.unwrap();
        for minute in 0..10 {
            let during = took(at + Span::mins(minute));
            assert!(during > least, "{kind:?} {minute}: {during}");
            assert!(took(at + Span::mins(11 + minute)) < 1_500.0);
        }
    }
    let flaky =
        world(&[Fault::lasting(FaultKind::FlakyEndpoint { source: Source::Api, share: 0.3 }, Span::ZERO)]);
    let failed =
        (0..1_000).filter(|n| failure(&ask(&flaky, Source::Api, Span::secs(30 * n))[0].outcome).is_some());
    let share = failed.count() as f64 / 1_000.0;
    assert!((0.25..0.35).contains(&share), "{share}");
}

#[test]
fn a_fault_that_ends_the_container_is_told_by_the_events_and_read_back_after_a_gap() {
    let crash = Fault::new(FaultKind::ContainerCrash { exit_code: 3 }, Span::mins(10), Span::secs(10));
    let blind = Fault::new(FaultKind::PcOffline, Span::mins(9), Span::mins(3));
    for (faults, reconstructed) in [(vec![crash], false), (vec![crash, blind], true)] {
        let world = world(&faults);
        let told = answers(&world, Source::Events, Depth::Routine, Span::ZERO, Span::mins(20));
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().all(|a| a.reconstructed == reconstructed), "{told:?}");
    }
}

#[test]
fn what_was_before_an_injected_fault_stays_as_it_was() {
    let before = World::new(Scenario::by_name("day").unwrap(), 5, start());
    for kind in FaultKind::EXAMPLES {
        let after = before.with(Fault::new(kind, Span::hours(20), Span::mins(5)));
        assert_eq!(day(&before, 0..2_400), day(&after, 0..2_400), "{kind:?}");
        assert_ne!(before.scenario(), after.scenario());
    }
}

#[test]
fn every_scenario_differs_from_a_healthy_day() {
    let healthy = World::new(Scenario::by_name("healthy").unwrap(), 5, start());
    let plain = day(&healthy, 0..2_880);
    for scenario in Scenario::all().into_iter().filter(|s| s.name != "healthy") {
        let world = World::new(scenario.clone(), 5, start());
        assert_ne!(day(&world, 0..2_880), plain, "{}", scenario.name);
        // And nothing is left of it when its last fault is over, but for what is lost for good.
        if scenario.faults.iter().all(|f| f.end().is_some()) {
            for source in Source::ALL {
                for answer in ask(&world, source, Span::hours(24)) {
                    assert!(failure(&answer.outcome).is_none(), "{}: {answer:?}", scenario.name);
                }
            }
        }
    }
}

#[test]
fn cpu_counters_agree_with_the_share_and_never_fall() {
    let world = world(&[Fault::new(FaultKind::HighCpu { percent: 95.0 }, Span::secs(100), Span::secs(50))]);
    let percent = |a: u64, b: u64| {
        let (a, b) = (Span::secs(a), Span::secs(b));
        let used = world.cpu_nanos(b).checked_sub(world.cpu_nanos(a)).unwrap() as f64;
        used / (world.system_nanos(b) - world.system_nanos(a)) as f64 * 100.0
    };
    assert!((5.0..9.0).contains(&percent(0, 100)), "{}", percent(0, 100));
    assert!(percent(100, 150) > 90.0);
    assert!((45.0..56.0).contains(&percent(100, 200)), "{}", percent(100, 200));
    for ms in 0..3_000 {
        assert!(world.cpu_nanos(Span::millis(ms)) <= world.cpu_nanos(Span::millis(ms + 1)));
    }
}

#[test]
fn healths_shapes_are_the_real_ones() {
    let down = world(&[Fault::new(FaultKind::DatabaseDown, Span::mins(1), Span::mins(5))]);
    for (t, status, database, connected) in
        [(Span::ZERO, "healthy", "connected", true), (Span::mins(2), "unhealthy", "disconnected", false)]
    {
        let body = shape::health(&down, t);
        for key in [
            "status",
            "timestamp",
            "uptime_seconds",
            "environment",
            "version",
            "checks",
            "statistics",
            "system",
            "database",
            "services",
            "network",
        ] {
            assert!(body.get(key).is_some(), "{key}");
        }
        for check in ["database", "disk_space", "memory", "migrations", "frontend"] {
            assert!(body["checks"][check]["status"].is_string(), "{check}");
        }
        assert_eq!(body["status"], status);
        assert_eq!(body["version"], "1.15.1");
        assert_eq!(body["database"], database);
        assert_eq!(body["checks"]["database"]["details"]["connected"], connected);
        assert_eq!(body["statistics"]["students"].is_u64(), connected);
        assert_eq!(body["timestamp"].as_str().unwrap().len(), "2026-11-23T04:25:51.418629".len());
        let ready = shape::ready(&down, t);
        for (answer, body) in [(down.health(t), &body), (down.ready(t), &ready)] {
            let wrapped = serde_json::json!({ "detail": body });
            let body = if connected { body } else { &wrapped };
            assert_eq!(health::parse(answer.http_status, body.to_string().as_bytes()), Ok(answer));
        }
        assert_eq!(ready["status"], if connected { "ready" } else { "not_ready" });
    }
    assert_eq!(shape::live(&down, Span::ZERO)["uptime_seconds"], 718);
    assert!(shape::page().contains(&format!("src=\"{}\"", shape::ASSET)));
}
