//! A watch of a real container on a real Docker Engine: what happens to it is told apart in the journal.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use watchkeeper_core::{event::ContainerChange, matrix::Issue, view::View};
use watchkeeper_probes::{Deployment, DockerEndpoint};
use watchkeeper_tests::{
    dockerd::{Dockerd, Door, SmsOptions},
    standing::{Standing, deployment_of, lines},
};

async fn told_apart(door: Door) {
    let Some(dockerd) = Dockerd::start(door).await.unwrap() else { return };
    let mut sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
    let docker = match dockerd.tls() {
        Some((address, certificates)) => DockerEndpoint::parse(&address, Some(&certificates)),
        None => DockerEndpoint::parse(&dockerd.socket(), None),
    };
    let deployment = Deployment::connect(deployment_of(docker.unwrap(), &sms.address())).unwrap();
    let standing = Standing::over(&deployment).await;
    let view = standing.until("Hour 1", |v| lines(v, "Hour 1 complete") > 0).await;
    assert!(view.incidents.is_empty(), "{:?}", view.incidents);
    assert_eq!(lines(&view, "Hour 1 complete: 10 of 10 passed"), 1, "{:#?}", view.log);

    sms.kill().await.unwrap();
    let view = standing.until("the kill", |v| lines(v, "was killed by an operator (signal") > 0).await;
    assert_eq!(view.incidents[0].incident.problem.issue, Issue::ContainerCrash);
    let logs_are_kept = |v: &View| {
        v.incidents[0]
            .incident
            .evidence
            .iter()
            .any(|e| e.kind == "logs" && e.failure.is_none() && e.bytes > 100)
    };
    standing.until("the evidence", logs_are_kept).await;
    sms.start().await.unwrap();
    let recovered = |n: usize| move |v: &View| lines(v, "recovered: Container is running") >= n;
    standing.until("the first recovery", recovered(1)).await;

    sms.stop().await.unwrap();
    standing.until("the stop", |v| lines(v, "was stopped by an operator") > 0).await;
    sms.start().await.unwrap();
    standing.until("the second recovery", recovered(2)).await;

    sms.pause().await.unwrap();
    standing.until("the pause", |v| lines(v, "Container was paused") > 0).await;
    sms.unpause().await.unwrap();
    standing.until("the third recovery", recovered(3)).await;

    sms.crash(3).await.unwrap();
    standing.until("the crash", |v| lines(v, "Container crashed (exit code 3)") > 0).await;
    sms.start().await.unwrap();
    standing.until("the fourth recovery", recovered(4)).await;

    sms.run_out_of_memory().await.unwrap();
    standing.until("the OOM kill", |v| lines(v, "out of memory") > 0).await;
    sms.start().await.unwrap();
    standing.until("the fifth recovery", recovered(5)).await;

    let version = SmsOptions::default().version;
    sms.recreate(&version).await.unwrap();
    standing.until("the new container", |v| lines(v, "recreated from the same image") > 0).await;
    standing.until("the sixth recovery", recovered(6)).await;

    sms.recreate("1.16.0").await.unwrap();
    let breach = |v: &View| {
        lines(v, "replaced by one from another image") > 0
            && v.incidents.iter().any(|i| i.incident.problem.issue == Issue::SecurityBreach)
    };
    standing.until("the other image", breach).await;

    let session = standing.end().await.session;
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
