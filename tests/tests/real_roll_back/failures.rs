//! What fails, says so and is undone, or is refused before anything is touched.

use serde_json::Value;
use watchkeeper_core::{
    action::{Met, Requirement, Stage},
    reading::Place,
};
use watchkeeper_engine::ports::Operator;
use watchkeeper_probes::docker::Previous;
use watchkeeper_tests::dockerd::{Moment, Then};

use super::{
    house::{House, NEW, OLD, SESSION, restart, roll_back, undo},
    whole::{plain, same},
};

const NAME: &str = "frail";

pub(crate) async fn all(house: &House) {
    house.run(NAME, &["--network", "first", "--restart", "always", "--env", "OWN=1"]).await;
    a_previous_version_that_fails_is_told_and_undone(house).await;
    what_changed_since_the_plan_is_refused(house).await;
    somebody_else_is_never_touched(house).await;
    readiness_says_what_is_missing(house).await;
    restarted(house).await;
}

async fn there_is_only(house: &House, before: &Value) {
    assert_eq!(house.containers(NAME).await, [format!("{NAME} {NEW} running")]);
    let now = house.inspect(NAME).await;
    assert_eq!(now["Id"], before["Id"]);
    same(&plain(&now), &plain(before), "nothing has changed");
}

async fn a_previous_version_that_fails_is_told_and_undone(house: &House) {
    let before = house.inspect(NAME).await;
    let operator = house.operator(NAME);
    for (image, says) in [
        ("sms-app:ends", &["ended", "its last words", "takes no such argument"] as &[&str]),
        ("sms-app:unhealthy", &["HEALTHCHECK says unhealthy", "takes no such argument", "token=[redacted]"]),
    ] {
        let plan = house.plan(NAME, image).await;
        let failed = roll_back(&operator, &plan).await;
        assert_eq!(failed.stages, &Stage::ROLL_BACK[..5], "{image}");
        let failure = failed.result.unwrap_err();
        assert_eq!(failure.place, Place::Container, "{failure:?}");
        for says in says {
            assert!(failure.message.contains(says), "{says}: {}", failure.message);
        }
        assert_eq!(undo(&operator, &plan).await.done(), Stage::UNDO, "{image}");
        there_is_only(house, &before).await;
    }

    // The one before was failing: it is there again all the same.
    house
        .docker("run --detach --name failing --network first --entrypoint /sms-demo sms-app:unhealthy")
        .await;
    let plan = house.plan("failing", OLD).await;
    let operator = house.operator("failing");
    roll_back(&operator, &plan).await.done();
    let undone = undo(&operator, &plan).await;
    assert!(undone.details.contains("it was failing before"), "{}", undone.details);
    assert_eq!(undone.done(), Stage::UNDO);
    assert_eq!(house.containers("failing").await, ["failing sms-app:unhealthy running"]);
}

async fn what_changed_since_the_plan_is_refused(house: &House) {
    let operator = house.operator(NAME);
    house.docker(&format!("tag {OLD} sms-app:moves")).await;
    house.image("sms-app:goes", OLD, "ENV GOES=1").await;
    let (moves, goes, plan) = (
        house.plan(NAME, "sms-app:moves").await,
        house.plan(NAME, "sms-app:goes").await,
        house.plan(NAME, OLD).await,
    );
    house.docker("tag sms-app:ends sms-app:moves").await;
    let failure = roll_back(&operator, &moves).await.failure();
    assert!(failure.contains("sms-app:moves is another image now"), "{failure}");
    house.docker("rmi sms-app:goes").await;
    let failure = roll_back(&operator, &goes).await.failure();
    assert!(failure.contains("sms-app:goes is not on the NAS any more"), "{failure}");

    house.docker(&format!("update --memory 200m --memory-swap 200m {NAME}")).await;
    let before = house.inspect(NAME).await;
    let refused = roll_back(&operator, &plan).await;
    assert_eq!(refused.stages, []);
    let failure = refused.failure();
    assert!(failure.contains("was changed since the plan was made"), "{failure}");
    there_is_only(house, &before).await;
}

async fn somebody_else_is_never_touched(house: &House) {
    let before = house.inspect(NAME).await;
    let plan = house.plan(NAME, OLD).await;
    let operator = house.operator(NAME);

    // Another watch is at it, and was interrupted after it had made its container.
    let proxy = house.proxy(2, Moment::Before, Then::Hold);
    let other = house.operator_by(&proxy.address(), NAME, "session-2");
    let acted = plan.clone();
    let task = tokio::spawn(async move { roll_back(&other, &acted).await.result });
    proxy.reached().await;
    for failure in [roll_back(&operator, &plan).await.failure(), undo(&operator, &plan).await.failure()] {
        assert!(failure.contains("Another watch (session-2)"), "{failure}");
    }
    task.abort();
    let other = house.operator_by(&house.dockerd.socket(), NAME, "session-2");
    undo(&other, &plan).await.result.unwrap();
    there_is_only(house, &before).await;

    // The name that it needs is taken in between: after the present container was set aside.
    let proxy = house.proxy(4, Moment::After, Then::Hold);
    let held = house.operator_by(&proxy.address(), NAME, SESSION);
    let acted = plan.clone();
    let task = tokio::spawn(async move { roll_back(&held, &acted).await.result });
    proxy.reached().await;
    task.abort();
    let stranger = house.docker(&format!("create --name {NAME} {OLD}")).await;
    for failure in [roll_back(&operator, &plan).await.failure(), undo(&operator, &plan).await.failure()] {
        assert!(failure.contains("taken by a container that somebody else made"), "{failure}");
        assert!(failure.contains(stranger.get(..12).unwrap()) && failure.contains(&plan.aside), "{failure}");
    }
    let half = operator.examine(&plan).await.unwrap();
    assert_eq!(half.stage, Some(Stage::SetAside));
    assert!(half.detail.contains("made by somebody else"), "{}", half.detail);
    assert_eq!(house.inspect(NAME).await["Id"].as_str(), Some(&*stranger));
    house.docker(&format!("rm {NAME}")).await;
    undo(&operator, &plan).await.result.unwrap();
    there_is_only(house, &before).await;

    // The container is gone: what was made stays, and it is said.
    house.docker(&format!("run --detach --name lost --network first {NEW}")).await;
    let plan = house.plan("lost", OLD).await;
    let operator = house.operator("lost");
    roll_back(&operator, &plan).await.result.unwrap();
    house.docker(&format!("rm {}", plan.aside)).await;
    let failure = undo(&operator, &plan).await.failure();
    assert!(failure.contains("no longer there; left as it is: lost"), "{failure}");
    assert_eq!(house.containers("lost").await, [format!("lost {OLD} running")]);
}

async fn readiness_says_what_is_missing(house: &House) {
    let image = |name: &str| Previous { version: None, image: Some(name.into()) };
    let version = |name: &str| Previous { version: Some(name.into()), image: None };
    house.docker(&format!("run --detach --rm --name passing --network first {NEW}")).await;
    // Found by its label alone: its tag is another.
    house.image("elsewhere:latest", OLD, "LABEL com.sms.version=1.13.0").await;
    house.image("sms-app:nameless", OLD, "LABEL com.sms.version=1.12.0").await;
    let nameless = house.docker("inspect --format {{.Id}} sms-app:nameless").await;
    house.docker("rmi --no-prune sms-app:nameless").await;
    // `rmi` takes the image along, unless a container is made from it.
    let nameless_is_there = house.dockerd.docker(["image", "inspect", &nameless]).await.is_ok();
    assert!(!nameless_is_there);
    house.image("sms-app:nameless", OLD, "LABEL com.sms.version=1.12.0").await;
    let nameless = house.docker("inspect --format {{.Id}} sms-app:nameless").await;
    // Another image takes the name over, and leaves this one without.
    house.image("sms-app:nameless", OLD, "LABEL com.sms.version=1.11.0").await;
    house.docker("rmi sms-app:nameless").await;

    for (container, previous, requirement, met, says) in [
        (NAME, Previous::default(), Requirement::PreviousNamed, Met::No, "release.previous"),
        (NAME, version("1.14.3"), Requirement::ImagePresent, Met::Yes, OLD),
        (NAME, version("1.13.0"), Requirement::ImagePresent, Met::Yes, "elsewhere:latest"),
        (NAME, version("1.10.0"), Requirement::ImagePresent, Met::No, "load or pull it"),
        (NAME, image("sms-app:none"), Requirement::ImagePresent, Met::No, "docker pull sms-app:none"),
        (NAME, image("sms-app:ends"), Requirement::NotPruned, Met::Yes, "docker image prune -a"),
        (NAME, image(&nameless), Requirement::NotPruned, Met::No, "docker tag"),
        (NAME, version("1.15.1"), Requirement::PlanValid, Met::No, "this very image"),
        ("passing", version("1.14.3"), Requirement::PlanValid, Met::No, "--rm"),
    ] {
        let readiness = house.readiness(container, &previous).await;
        let condition = readiness.conditions.iter().find(|c| c.requirement == requirement).unwrap();
        assert!(condition.met == met && condition.detail.contains(says), "{previous:?}: {condition:?}");
        let good = readiness.conditions.iter().all(|c| c.met != Met::No);
        assert_eq!(readiness.plan.is_some(), good, "{previous:?}");
        assert_eq!(readiness.conditions.len(), 5, "{previous:?}");
    }
    let plan = house.plan(NAME, OLD).await;
    house.docker(&format!("create --name {} {OLD}", plan.aside)).await;
    let readiness = house.readiness(NAME, &version("1.14.3")).await;
    let last = readiness.conditions.last().unwrap();
    assert!(
        last.met == Met::No && last.detail.contains(&format!("the name {} is taken", plan.aside)),
        "{last:?}"
    );
    house.docker(&format!("rm {}", plan.aside)).await;
}

async fn restarted(house: &House) {
    let started = async || house.inspect(NAME).await["State"]["StartedAt"].as_str().unwrap().to_owned();
    let before = started().await;
    assert_eq!(restart(&house.operator(NAME)).await.done(), [Stage::Restart, Stage::Healthy]);
    let after = started().await;
    assert_ne!(before, after);
    // The answer is lost: it was restarted all the same, and is not once more.
    let proxy = house.proxy(1, Moment::After, Then::Break);
    let operator = house.operator_by(&proxy.address(), NAME, SESSION);
    assert_eq!(restart(&operator).await.done(), [Stage::Restart, Stage::Healthy]);
    assert_eq!(proxy.seen().len(), 1, "{:?}", proxy.seen());
    assert_ne!(started().await, after);
    let failure = restart(&house.operator("nobody")).await.failure();
    assert!(failure.contains("No such container: nobody"), "{failure}");
}
