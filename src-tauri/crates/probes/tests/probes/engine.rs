//! The Docker probes, the listener, the witness and the ladder against a fake Engine on loopback.

use std::{sync::Arc, time::Duration};

use crate::support::{
    ask, closed, endpoint,
    engine::{FakeEngine, event},
    failure, next, serve, value,
};
use axum::{Router, response::IntoResponse, routing::get};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};
use tokio::sync::mpsc;
use watchkeeper_core::{
    log::{Level, LogBatch},
    part::Part,
    reading::{Answer, ContainerAction, FailureKind, Outcome, Place, Source, Usage, Value},
};
use watchkeeper_engine::ports::Listen;
use watchkeeper_probes::{
    Deployment, DeploymentConfig, DockerEndpoint, HttpTarget, Prospect,
    docker::{Engine, Events, Inspect, LogBound, LogStart, Logs, Patience, Seen, Stats, Version},
    ladder::{RungOutcome, Way},
};

const NAME: &str = "sms-app";
const S: i64 = 1_000_000_000;

async fn connect(fake: &FakeEngine) -> Arc<Engine> {
    let address = fake.serve().await;
    Arc::new(Engine::new(&endpoint(&address), Duration::from_secs(20), None).unwrap())
}

#[tokio::test]
async fn version_and_state_are_read() {
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    let engine = connect(&fake).await;
    match value(ask(&Version::new(engine.clone())).await) {
        Value::Engine(e) => {
            assert_eq!((&*e.version, &*e.api_version, &*e.platform), ("24.0.7", "1.43", "linux/amd64"));
        }
        other => panic!("{other:?}"),
    }
    let inspect = Inspect::new(engine.clone(), NAME.into(), Seen::default());
    match value(ask(&inspect).await) {
        Value::Container(c) => assert_eq!((&*c.id, &*c.name), ("aaa", NAME)),
        other => panic!("{other:?}"),
    }
    fake.remove(NAME);
    let missing = failure(ask(&inspect).await);
    assert_eq!((missing.place, missing.kind), (Place::Container, FailureKind::NoContainer));
    fake.inspect_answer(NAME, json!({"odd": true}));
    assert_eq!(failure(ask(&inspect).await).kind, FailureKind::BadAnswer);
    fake.inspect_answer(NAME, json!({"Id": "x".repeat(2_000_000)}));
    assert_eq!(failure(ask(&inspect).await).kind, FailureKind::TooLarge);
}

#[tokio::test]
async fn usage_is_taken_between_own_samples() {
    async fn usage(probe: &Stats) -> Usage {
        match value(ask(probe).await) {
            Value::Usage(usage) => usage,
            other => panic!("{other:?}"),
        }
    }
    let fake = FakeEngine::default();
    let mut stats: Json = serde_json::from_str(include_str!("fixtures/stats-20.10-cgroup-v1.json")).unwrap();
    fake.stats(stats.clone());
    let probe = Stats::new(connect(&fake).await, NAME.into(), Seen::default());
    let first = usage(&probe).await;
    assert_eq!((first.cpu_percent, first.memory_limit), (None, Some(1_073_741_824)));

    let mut add = |cpu: u64, system: u64| {
        stats["cpu_stats"]["cpu_usage"]["total_usage"] = (4_213_456_789 + cpu).into();
        stats["cpu_stats"]["system_cpu_usage"] = (81_234_560_000_000 + system).into();
        fake.stats(stats.clone());
    };
    add(3_000_000_000, 60_000_000_000);
    let percent = usage(&probe).await.cpu_percent.unwrap();
    assert!((percent - 10.0).abs() < 1e-9, "3 s of 2 × 30 s are 10 % of a core, not {percent}");
    add(1, 120_000_000_000);
    assert_eq!(usage(&probe).await.cpu_percent, None, "the counter began anew");

    fake.stats(serde_json::from_str(include_str!("fixtures/stats-stopped.json")).unwrap());
    let stopped = failure(ask(&probe).await);
    assert_eq!(stopped.place, Place::Container);
    add(5, 180_000_000_000);
    assert_eq!(usage(&probe).await.cpu_percent, None, "after a stop there is no sample to compare with");
}

/// A log of tomorrow is never so old that nothing more can belong to it.
fn never_quiet() -> i64 {
    (Utc::now() + TimeDelta::days(1)).timestamp() * S
}

async fn batch(probe: &Logs) -> LogBatch {
    match value(ask(probe).await) {
        Value::Logs(batch) => batch,
        other => panic!("{other:?}"),
    }
}

fn error_line(n: i64) -> Vec<u8> {
    format!(
        "2026-01-09 10:26:32,011 - backend.db - ERROR - [-] - failure {}\n",
        "x".repeat(1 + n as usize % 9)
    )
    .into_bytes()
}

#[tokio::test]
async fn no_line_is_lost_or_doubled() {
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    let start = never_quiet() + 500;
    let probe = Logs::new(
        connect(&fake).await,
        NAME.into(),
        LogStart::After(DateTime::from_timestamp_nanos(start)),
        LogBound { lines: 5, bytes: 1 << 20 },
    );
    fake.log("aaa", start - 400, 1, b"before the session\n");
    fake.log("aaa", start, 1, b"recorded before\n");
    assert_eq!(batch(&probe).await.lines, 0);

    let (mut written, mut read, mut errors) = (0, 0, 0);
    for round in 0..20 {
        for n in 0..round {
            // Equal times, several in one second, and now and then one that is late.
            let at = start + 1 + round * S / 3 + n / 2 - if n == 3 { S / 2 } else { 0 };
            fake.log("aaa", at.max(start + 1), 1 + (n % 2) as u8, &error_line(n));
            written += 1;
        }
        // Bounded to five at a time, it catches up when it is asked again.
        for _ in 0..5 {
            let batch = batch(&probe).await;
            assert!(batch.lines <= 5);
            read += batch.lines;
            errors += batch.count(Level::Error);
        }
    }
    assert_eq!((read, errors), (written, written));
    fake.rotate("aaa", 3);
    fake.log("aaa", start + 100 * S, 1, b"after the rotation\n");
    assert_eq!(batch(&probe).await.lines, 1);
}

#[tokio::test]
async fn a_flood_is_got_through() {
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    let start = never_quiet();
    let bound = LogBound { lines: 3_000, ..LogBound::default() };
    let probe = Logs::new(
        connect(&fake).await,
        NAME.into(),
        LogStart::After(DateTime::from_timestamp_nanos(start - 1)),
        bound,
    );
    // All in one second, and more than the newest that are asked for first.
    for n in 0..10_000 {
        fake.log("aaa", start + n * 10, 1 + (n % 2) as u8, b"x\n");
    }
    let mut sizes = Vec::new();
    for _ in 0..5 {
        sizes.push(batch(&probe).await.lines);
    }
    assert_eq!(sizes, [3_000, 3_000, 3_000, 1_000, 0]);
}

#[tokio::test]
async fn long_lines_are_put_together_across_askings() {
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    let at = never_quiet();
    let probe = Logs::new(
        connect(&fake).await,
        NAME.into(),
        LogStart::After(DateTime::UNIX_EPOCH),
        LogBound::default(),
    );
    fake.log("aaa", at, 1, b"2026-01-09 10:26:32,011 - backend.db - ERROR - [-] - fir");
    assert_eq!(batch(&probe).await.lines, 0);
    fake.log("aaa", at, 2, b"between\n");
    fake.log("aaa", at, 1, "st and λάστ \n".as_bytes());
    assert_eq!(batch(&probe).await.lines, 2);
    // The record is known to be whole when nothing more comes.
    let batch = batch(&probe).await;
    assert_eq!(batch.lines, 0);
    assert!(batch.notable[0].text.contains("first and λάστ"), "{:?}", batch.notable);
}

#[tokio::test]
async fn last_words_without_a_newline_are_a_line() {
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    let probe = Logs::new(
        connect(&fake).await,
        NAME.into(),
        LogStart::After(DateTime::UNIX_EPOCH),
        LogBound::default(),
    );
    fake.log("aaa", 10 * S, 2, b"panicked");
    assert_eq!((batch(&probe).await.lines, batch(&probe).await.lines), (1, 0));
}

#[tokio::test]
async fn a_container_made_anew_starts_anew_and_a_former_one_goes_on() {
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    let probe = Logs::new(
        connect(&fake).await,
        NAME.into(),
        LogStart::After(DateTime::UNIX_EPOCH),
        LogBound::default(),
    );
    fake.log("aaa", 10 * S, 1, b"one\n");
    assert_eq!(batch(&probe).await.lines, 1);
    // Last words after the last asking, then another container under the name, older by a clock that was set back.
    fake.log("aaa", 11 * S, 1, b"last words\n");
    fake.create(NAME, "bbb");
    fake.log("bbb", 5 * S, 1, b"hello\n");
    fake.log("bbb", 5 * S, 1, b"world\n");
    assert_eq!(batch(&probe).await.lines, 3);
    assert_eq!(batch(&probe).await.lines, 0);
    // Rolled back: the old one again.
    fake.create(NAME, "aaa");
    fake.log("aaa", 12 * S, 1, b"here again\n");
    assert_eq!(batch(&probe).await.lines, 1);
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_placed() {
    let fake = FakeEngine::default();
    let probe =
        Logs::new(connect(&fake).await, NAME.into(), LogStart::At(DateTime::UNIX_EPOCH), LogBound::default());
    assert_eq!(failure(ask(&probe).await).kind, FailureKind::NoContainer);
    let nobody = Engine::new(&endpoint(&closed().await), Duration::from_secs(20), None).unwrap();
    let refused = failure(ask(&Version::new(Arc::new(nobody))).await);
    assert_eq!((refused.place, refused.kind), (Place::DockerEngine, FailureKind::Refused));
}

#[cfg(unix)]
#[tokio::test]
async fn a_missing_socket_is_the_engines() {
    let missing = DockerEndpoint::parse("unix:///no/such/docker.sock", None).unwrap();
    let engine = Engine::new(&missing, Duration::from_secs(20), None).unwrap();
    let failure = failure(ask(&Version::new(Arc::new(engine))).await);
    assert_eq!((failure.place, failure.kind), (Place::DockerEngine, FailureKind::Refused));
    assert!(failure.message.contains("no such socket"), "{}", failure.message);
}

const QUICK: Patience = Patience {
    first: Duration::from_millis(10),
    longest: Duration::from_millis(50),
    ping: Duration::from_millis(50),
};

fn action(answer: &Answer) -> ContainerAction {
    match &answer.outcome {
        Outcome::Value(Value::Event(event)) => event.action.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn events_arrive_once_through_a_lost_connection() {
    use ContainerAction as A;
    let fake = FakeEngine::default();
    let engine = connect(&fake).await;
    let now = Utc::now();
    let nanos = |seconds: i64| (now + TimeDelta::seconds(seconds)).timestamp_nanos_opt().unwrap();

    // Before the watch connects: reconstructed. Before the session: not asked for.
    fake.event(event("create", "aaa", NAME, nanos(-7_200)));
    fake.event(event("die", "aaa", NAME, nanos(-60)));
    let listener = Events::new(engine, NAME.into(), now - TimeDelta::seconds(3_600), QUICK);
    let (sender, mut answers) = mpsc::channel(16);
    let task = tokio::spawn(async move { listener.listen(sender).await });
    let first = next(&mut answers).await;
    assert_eq!((action(&first), first.reconstructed), (A::Die, true));

    // While it is connected: live; others' and noise are left out.
    fake.event(event("start", "zzz", "sms-app-old", nanos(20)));
    fake.event(event("exec_create: true", "aaa", NAME, nanos(21)));
    fake.event(event("start", "aaa", NAME, nanos(22)));
    let live = next(&mut answers).await;
    assert_eq!((action(&live), live.reconstructed), (A::Start, false));
    assert_eq!(live.took_ms, None);

    // Lost: told once, whatever the number of tries.
    fake.hang_up(true);
    let lost = next(&mut answers).await;
    assert_eq!(lost.source, Source::Events);
    assert_eq!(failure(lost).place, Place::DockerEngine);
    // One under the name that is new, of a time before the connection is there again.
    fake.event(event("create", "bbb", NAME, nanos(22) + 1));
    fake.come_back();
    let back = next(&mut answers).await;
    assert_eq!(back.source, Source::Engine);
    assert!(matches!(value(back), Value::Engine(_)));
    let missed = next(&mut answers).await;
    assert_eq!(action(&missed), A::Create);
    fake.event(event("start", "bbb", NAME, nanos(23)));
    assert_eq!(action(&next(&mut answers).await), A::Start);

    let asked = fake.asked();
    assert_eq!(asked.last().unwrap(), &format!("{}.{:09}", nanos(22) / S, nanos(22) % S));
    drop(answers);
    task.await.unwrap();
}

#[tokio::test]
async fn a_command_is_told_once_and_the_health_check_never() {
    use ContainerAction as A;
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    let mut checked: Json = serde_json::from_str(include_str!("fixtures/inspect-20.10.json")).unwrap();
    checked["Config"]["Healthcheck"] = json!({"Test": ["CMD-SHELL", "curl -f x || exit 1"]});
    fake.inspect_answer("aaa", checked);
    // An Engine that tells nothing of a container: what is run in it cannot be told apart, and holds nothing back.
    fake.inspect_answer("odd", json!({}));
    let now = Utc::now();
    let nanos = |seconds: i64| (now + TimeDelta::seconds(seconds)).timestamp_nanos_opt().unwrap();
    let run = |id: &str, command: &str, at: i64| {
        for (n, word) in ["exec_create: ", "exec_start: ", "exec_die"].into_iter().enumerate() {
            let action = if n == 2 { word.to_owned() } else { format!("{word}{command}") };
            fake.event(event(&action, id, NAME, nanos(at) + n as i64));
        }
    };
    run("aaa", "/bin/sh -c curl -f x || exit 1", 1);
    run("aaa", "sh -c mysql --password=hunter2", 2);
    run("gone", "sh", 3);
    run("aaa", "/bin/sh -c curl -f x || exit 1", 4);
    fake.event(event("archive-path", "aaa", NAME, nanos(5)));
    run("odd", "sh", 6);
    fake.event(event("die", "odd", NAME, nanos(7)));

    let listener = Events::new(connect(&fake).await, NAME.into(), now, QUICK);
    let (sender, mut answers) = mpsc::channel(16);
    let task = tokio::spawn(async move { listener.listen(sender).await });
    let mut told = Vec::new();
    while told.last() != Some(&A::Die) {
        let answer = next(&mut answers).await;
        assert!(!format!("{answer:?}").contains("hunter2"));
        if matches!(answer.outcome, Outcome::Value(Value::Event(_))) {
            told.push(action(&answer));
        }
    }
    assert_eq!(told, [A::Exec, A::CopyOut, A::Die]);
    drop(answers);
    task.await.unwrap();
}

#[tokio::test]
async fn evidence_is_redacted_and_says_what_is_missing() {
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    fake.log("aaa", 10 * S, 1, b"2026-01-09 - login with password=hunter2\n");
    let sms = serve(Router::new().route(
        "/health",
        get(|| async {
            axum::Json(json!({"status": "healthy", "database_url": "postgresql://sms:hunter2@db/sms"}))
                .into_response()
        }),
    ))
    .await;
    let deployment = deployment(&sms, &fake.serve().await);
    let evidence = deployment.witness().testify(Part::Application).await;
    let kinds: Vec<_> = evidence.iter().map(|e| e.kind.as_str()).collect();
    assert_eq!(kinds, ["logs", "inspect", "health"]);
    for piece in &evidence {
        assert_eq!(piece.failure, None);
        assert!(!piece.text.contains("hunter2") && !piece.text.contains("dont-show-me"), "{}", piece.text);
    }
    assert!(evidence[0].text.contains("1970-01-01T00:00:10.000000000Z 2026-01-09"), "{}", evidence[0].text);
    assert!(evidence[1].text.contains("sms-fullstack"));
    let health: Json = serde_json::from_str(&evidence[2].text).unwrap();
    assert_eq!(health["http_status"], 200);

    fake.remove(NAME);
    let evidence = deployment.witness().testify(Part::Application).await;
    assert!(
        evidence[0].text.is_empty() && evidence[0].failure.as_ref().unwrap().contains("No such container")
    );
    assert_eq!(evidence[2].failure, None);
}

fn deployment(sms: &str, engine: &str) -> Deployment {
    Deployment::connect(config(sms, endpoint(engine))).unwrap()
}

fn config(sms: &str, docker: DockerEndpoint) -> DeploymentConfig {
    DeploymentConfig {
        http: HttpTarget::parse(&format!("http://{sms}")).unwrap(),
        docker,
        containers: NAME.into(),
        docker_timeout: Duration::from_secs(20),
        references: Vec::new(),
        since: Utc::now(),
        logs_recorded_to: std::collections::BTreeMap::new(),
    }
}

#[tokio::test]
async fn the_ladder_stops_where_it_has_to() {
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    let engine = fake.serve().await;
    let healthy =
        serve(Router::new().route("/api", get(|| async { axum::Json(json!({"message": "SMS"})) })).route(
            "/health/ready",
            get(|| async {
                axum::Json(json!({"status": "ready", "checks": {"database": {"status": "healthy"}}}))
            }),
        ))
        .await;
    let wrong_path = serve(Router::new()).await;
    let nobody = closed().await;
    // One letter per rung: ok, failed, skipped.
    for (sms, docker, expected) in [
        (&healthy, &engine, "ooooooo"),
        (&healthy, &nobody, "ooofsoo"),
        (&nobody, &engine, "ooooofs"),
        (&wrong_path, &engine, "ooooo ff"),
        (&nobody, &nobody, "ooofsfs"),
    ] {
        let Way { rungs, version, .. } = Prospect::new(config(sms, endpoint(docker))).unwrap().way().await;
        assert_eq!(version, None);
        let found: String = rungs
            .iter()
            .map(|rung| match &rung.outcome {
                RungOutcome::Ok(found) => {
                    assert!(!found.is_empty());
                    'o'
                }
                RungOutcome::Failed { what, advice, .. } => {
                    assert!(!what.is_empty() && !advice.is_empty());
                    'f'
                }
                RungOutcome::Skipped(_) => 's',
            })
            .collect();
        assert_eq!(found, expected.replace(' ', ""), "{rungs:#?}");
    }
}

#[tokio::test]
async fn certificates_that_cannot_be_used_stand_in_the_way_of_their_rungs_alone() {
    let sms =
        serve(Router::new().route("/api", get(|| async { axum::Json(json!({"message": "SMS"})) }))).await;
    let fake = FakeEngine::default();
    fake.create(NAME, "aaa");
    let engine = fake.serve().await;
    let nowhere =
        DockerEndpoint::parse(&format!("tcp://{engine}"), Some("/no/such/folder".as_ref())).unwrap();
    for (docker, ca, failed, skipped) in [
        (nowhere, None, Place::DockerEngine, Place::Container),
        (endpoint(&engine), Some("/no/such/ca.pem"), Place::Application, Place::Database),
    ] {
        let mut config = config(&sms, docker);
        config.http.extra_ca = ca.map(Into::into);
        let prospect = Prospect::new(config).unwrap();
        let fault = if ca.is_some() {
            prospect.fault_of_sms(Utc::now())
        } else {
            prospect.fault_of_engine(Utc::now())
        };
        assert!(fault.is_some_and(|e| e.to_string().contains("cannot be read")), "{failed:?}");
        let way = prospect.way().await;
        let at = |place| &way.rungs.iter().find(|r| r.place == place).unwrap().outcome;
        assert!(
            matches!(at(failed), RungOutcome::Failed { what, .. } if what.contains("ca.pem")),
            "{way:#?}"
        );
        assert!(matches!(at(skipped), RungOutcome::Skipped(_)), "{way:#?}");
        let others = [Place::DockerEngine, Place::Container, Place::Application];
        assert!(others.iter().filter(|p| ![failed, skipped].contains(p)).all(|p| way.is_ok(*p)), "{way:#?}");
        assert!(prospect.usable().is_err());
    }
}

#[tokio::test]
async fn the_version_that_runs_is_found_wherever_it_is_told() {
    let nobody = closed().await;
    let said = |version: Option<&str>| json!({"status": "healthy", "version": version, "checks": {}});
    for (ready, health, found) in [
        (Some("1.14.3"), Some("1.15.1"), Some("1.14.3")),
        (None, Some("v1.15.1"), Some("1.15.1")),
        (Some("V1.15.1"), None, Some("1.15.1")),
        (None, Some("unknown"), None),
        (None, None, None),
    ] {
        let (ready, health) = (said(ready), said(health));
        let sms = Router::new()
            .route("/api", get(|| async { axum::Json(json!({})) }))
            .route("/health/ready", get(move || async move { axum::Json(ready) }))
            .route("/health", get(move || async move { axum::Json(health) }));
        let way = Prospect::new(config(&serve(sms).await, endpoint(&nobody))).unwrap().way().await;
        assert_eq!(way.version.as_deref(), found, "{way:#?}");
    }
}
