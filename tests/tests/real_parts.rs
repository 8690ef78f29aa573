//! The layout with three containers on a real Docker Engine: each is watched, the one that caused the trouble is named, and
//! it is the one that is restarted.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use watchkeeper_core::{
    action::{ActionOutcome, ActionRules, Policy},
    event::{self, Opening},
    matrix::{Issue, Problem},
    part::Part,
    time::Span,
    view::View,
};
use watchkeeper_probes::{Containers, Deployment, DeploymentConfig, DockerEndpoint};
use watchkeeper_tests::{
    dockerd::{Dockerd, Door, SmsOptions},
    standing::{Standing, deployment_of, lines},
};

const BACK_END: &str = "sms-backend-qnap";
const FRONT_END: &str = "sms-frontend-qnap";
const DATABASE: &str = "sms-postgres-qnap";

fn named(opening: Opening) -> Opening {
    let deployment = event::Deployment {
        container: BACK_END.into(),
        front_end_container: Some(FRONT_END.into()),
        database_container: Some(DATABASE.into()),
        ..opening.deployment
    };
    let actions =
        ActionRules { restart: Policy::Auto, restart_after: Span::secs(30), ..ActionRules::default() };
    Opening { deployment, actions, ..opening }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_three_containers_is_watched_and_the_one_that_ended_is_restarted() {
    let Some(dockerd) = Dockerd::start(Door::Socket).await.unwrap() else { return };
    let run = |name: &str| dockerd.run_sms(SmsOptions { name: name.into(), ..SmsOptions::default() });
    let back_end = run(BACK_END).await.unwrap();
    let front_end = run(FRONT_END).await.unwrap();
    let database = run(DATABASE).await.unwrap();

    let docker = DockerEndpoint::parse(&dockerd.socket(), None).unwrap();
    let containers = Containers {
        application: BACK_END.into(),
        beside: vec![(Part::FrontEnd, FRONT_END.into()), (Part::Database, DATABASE.into())],
    };
    let config = DeploymentConfig { containers, ..deployment_of(docker, &back_end.address()) };
    let deployment = Deployment::connect(config).unwrap();
    let standing = Standing::acting(&deployment, named).await;

    let view = standing.until("Hour 1", |v| lines(v, "Hour 1 complete") > 0).await;
    assert!(view.incidents.is_empty(), "{:#?}", view.incidents);
    assert_eq!(lines(&view, "Hour 1 complete: 10 of 10 passed"), 1, "{:#?}", view.log);
    let seen = |v: &View| v.beside.iter().all(|b| b.up && b.usage.is_some() && b.state.is_some());
    standing.until("every container's state and use", seen).await;

    database.kill().await.unwrap();
    let view = standing.until("the restart", |v| v.actions.iter().any(|a| a.ended.is_some())).await;
    let critical: Vec<_> = view.incidents.iter().filter(|i| i.incident.explained_by.is_none()).collect();
    assert_eq!(critical.len(), 1, "{:#?}", view.log);
    assert_eq!(critical[0].incident.problem, Problem::container(Part::Database));
    assert_eq!(critical[0].container.as_deref(), Some(DATABASE));
    let told = format!("{DATABASE} was killed by an operator (signal 9)");
    assert!(critical[0].incident.detail.starts_with(&told), "{}", critical[0].incident.detail);
    let action = &view.actions[0];
    assert_eq!((action.order.part, action.order.by.as_str()), (Part::Database, "watch"));
    assert_eq!(action.ended.as_ref().unwrap().1, ActionOutcome::Done, "{action:#?}");
    assert_eq!(database.inspect("{{.State.Running}}").await.unwrap().trim(), "true");
    standing.until("its recovery", |v| lines(v, &format!("recovered: {DATABASE} is running")) > 0).await;

    // Hands on the front end are laid on the front end.
    dockerd.docker(["exec", front_end.name(), "/sms-demo", "--healthy"]).await.unwrap();
    let breach = Problem::of(Issue::SecurityBreach, Part::FrontEnd, "exec");
    let view =
        standing.until("the suspicion", |v| v.incidents.iter().any(|i| i.incident.problem == breach)).await;
    assert!(
        lines(&view, &format!("{FRONT_END}: Somebody ran a command in the container")) > 0,
        "{:#?}",
        view.log
    );

    let session = standing.end().await.session;
    let of = |part| session.changes.iter().filter(|(n, _)| n.part == part && n.change.is_bad()).count();
    assert_eq!((of(Part::Application), of(Part::FrontEnd)), (0, 0), "{:#?}", session.changes);
}
