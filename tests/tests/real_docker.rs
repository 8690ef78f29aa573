//! A watch of a real container on a real Docker Engine: what happens to it is told apart in the journal.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::Utc;
use watchkeeper_core::{
    event::{ContainerChange, Opening, Pace},
    matrix::Issue,
    rules::Rules,
    session::Session,
    time::{Moment, Span, WatchTime},
    view::View,
};
use watchkeeper_engine::{
    Parts, Watch, WatchHandle,
    clock::WallClock,
    open,
    ports::{Herald, Notification},
};
use watchkeeper_probes::{Deployment, DeploymentConfig, DockerEndpoint, HttpTarget, Login, Secret};
use watchkeeper_store::{Access, Entry, Store};
use watchkeeper_tests::{
    day,
    dockerd::{Dockerd, Door, SmsOptions},
};

struct Quiet;

#[async_trait]
impl Herald for Quiet {
    async fn show(&self, _: &Notification) -> Result<(), String> {
        Ok(())
    }
}

/// However slow the machine: what has not happened by then does not happen.
const PATIENCE: Duration = Duration::from_secs(90);

async fn until(handle: &WatchHandle, what: &str, good: impl Fn(&View) -> bool) -> View {
    let mut changes = handle.changes();
    let waiting = async {
        loop {
            changes.borrow_and_update();
            let view = handle.view().await.expect("the watch stands");
            if good(&view) {
                return view;
            }
            changes.changed().await.expect("the watch stands");
        }
    };
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(view) => view,
        Err(_) => {
            let view = handle.view().await.expect("the watch stands");
            panic!(
                "{what} did not come; the log: {:#?}",
                view.log.iter().map(|l| &l.text).collect::<Vec<_>>()
            );
        }
    }
}

fn lines(view: &View, part: &str) -> usize {
    view.log.iter().filter(|l| l.text.contains(part)).count()
}

async fn told_apart(door: Door) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Some(dockerd) = Dockerd::start(door).await.unwrap() else { return };
    let mut sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
    let docker = match dockerd.tls() {
        Some((address, certificates)) => DockerEndpoint::parse(&address, Some(&certificates)),
        None => DockerEndpoint::parse(&dockerd.socket(), None),
    };
    let mut http = HttpTarget::parse(&format!("http://{}", sms.address())).unwrap();
    http.login = Some(Login { email: "watch@example.com".into(), password: Secret::new("simulated") });
    let start = Utc::now();
    let deployment = Deployment::connect(DeploymentConfig {
        http,
        docker: docker.unwrap(),
        containers: "sms-app".into(),
        docker_timeout: DeploymentConfig::DOCKER_TIMEOUT,
        references: Vec::new(),
        since: start,
        logs_recorded_to: std::collections::BTreeMap::new(),
    })
    .unwrap();

    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("watchkeeper.db"), Access::Write).await.unwrap();
    let pace = Pace { speed: 60.0, utc_follows: false };
    let rules = Rules { every: Span::secs(60), ..Rules::default() };
    let opening = Opening { pace, simulated: None, ..day::opening(rules) };
    let journal = Arc::new(store.create_session(&opening, start).await.unwrap());
    let id = opening.session.clone();
    let session = open(journal.as_ref(), opening, start).await.unwrap();
    let clock = WallClock::starting_at(Moment { utc: start, watch: WatchTime::START }, pace);
    let (watch, handle) = Watch::new(
        session,
        Parts {
            journal: Arc::clone(&journal) as _,
            clock: Arc::new(clock),
            probes: deployment.probes(),
            listeners: vec![deployment.listener()],
            witness: deployment.witness(),
            operator: None,
            herald: Arc::new(Quiet),
            jitter_percent: 10,
            program: "test".into(),
        },
    );
    let standing = tokio::spawn(watch.stand(false));
    let view = until(&handle, "Hour 1", |v| lines(v, "Hour 1 complete") > 0).await;
    assert!(view.incidents.is_empty(), "{:?}", view.incidents);
    assert_eq!(lines(&view, "Hour 1 complete: 10 of 10 passed"), 1, "{:#?}", view.log);

    sms.kill().await.unwrap();
    let view = until(&handle, "the kill", |v| lines(v, "was killed by an operator (signal") > 0).await;
    assert_eq!(view.incidents[0].incident.problem.issue, Issue::ContainerCrash);
    let logs_are_kept = |v: &View| {
        v.incidents[0]
            .incident
            .evidence
            .iter()
            .any(|e| e.kind == "logs" && e.failure.is_none() && e.bytes > 100)
    };
    until(&handle, "the evidence", logs_are_kept).await;
    sms.start().await.unwrap();
    let recovered = |n: usize| move |v: &View| lines(v, "recovered: Container is running") >= n;
    until(&handle, "the first recovery", recovered(1)).await;

    sms.stop().await.unwrap();
    until(&handle, "the stop", |v| lines(v, "was stopped by an operator") > 0).await;
    sms.start().await.unwrap();
    until(&handle, "the second recovery", recovered(2)).await;

    sms.pause().await.unwrap();
    until(&handle, "the pause", |v| lines(v, "Container was paused") > 0).await;
    sms.unpause().await.unwrap();
    until(&handle, "the third recovery", recovered(3)).await;

    sms.crash(3).await.unwrap();
    until(&handle, "the crash", |v| lines(v, "Container crashed (exit code 3)") > 0).await;
    sms.start().await.unwrap();
    until(&handle, "the fourth recovery", recovered(4)).await;

    sms.run_out_of_memory().await.unwrap();
    until(&handle, "the OOM kill", |v| lines(v, "out of memory") > 0).await;
    sms.start().await.unwrap();
    until(&handle, "the fifth recovery", recovered(5)).await;

    let version = SmsOptions::default().version;
    sms.recreate(&version).await.unwrap();
    until(&handle, "the new container", |v| lines(v, "recreated from the same image") > 0).await;
    until(&handle, "the sixth recovery", recovered(6)).await;

    sms.recreate("1.16.0").await.unwrap();
    let breach = |v: &View| {
        lines(v, "replaced by one from another image") > 0
            && v.incidents.iter().any(|i| i.incident.problem.issue == Issue::SecurityBreach)
    };
    until(&handle, "the other image", breach).await;

    handle.stop("the test is over").await;
    let (_, session) = standing.await.unwrap().unwrap();
    drop(journal);
    let mut folded: Option<Session> = None;
    store
        .fold(&id, |entry| match entry {
            Entry::Event(event) => match folded.as_mut() {
                Some(session) => session.apply(&event),
                None => folded = Session::open(&event),
            },
            Entry::Reading(reading, text) => {
                if let Some(session) = folded.as_mut() {
                    session.observe(&reading, text);
                }
            }
        })
        .await
        .unwrap();
    assert!(folded.as_ref() == Some(&session), "the folded session is the one that stood");
    store.verify(&id).await.expect("the journal holds");
    let count =
        |of: &dyn Fn(&ContainerChange) -> bool| session.changes.iter().filter(|(n, _)| of(&n.change)).count();
    assert_eq!(count(&|c| *c == ContainerChange::OomKilled), 1, "{:#?}", session.changes);
    assert_eq!(count(&|c| matches!(c, ContainerChange::Crashed { .. })), 1, "only the crash is a crash");
    assert_eq!(count(&|c| matches!(c, ContainerChange::Stopped { .. })), 1, "only the stop is a stop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_to_a_container_is_told_apart() {
    told_apart(Door::Socket).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_to_a_container_is_told_apart_over_tls() {
    told_apart(Door::Tls).await;
}
