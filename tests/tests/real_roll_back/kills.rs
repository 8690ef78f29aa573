//! The operator is killed, or loses its link, at each request of the way; another one goes on from there.

use std::{ops::RangeInclusive, time::Duration};

use watchkeeper_core::action::{RollBackPlan, Stage};
use watchkeeper_engine::ports::Operator;
use watchkeeper_tests::dockerd::{Moment, Then};

use super::house::{House, NEW, OLD, SESSION, roll_back, undo};

/// A request that acts: what it is, and the last stage that is done before and after it.
type Point = (&'static str, Option<Stage>, Option<Stage>);

/// The requests of a roll back in their order.
pub(crate) const POINTS: &[Point] = &[
    ("/containers/create", None, None),
    ("/networks/second/connect", None, Some(Stage::Create)),
    ("/stop", Some(Stage::Create), Some(Stage::Stop)),
    ("/update", Some(Stage::Stop), Some(Stage::Stop)),
    ("/rename", Some(Stage::Stop), Some(Stage::SetAside)),
    ("/rename", Some(Stage::SetAside), Some(Stage::TakeName)),
    ("/update", Some(Stage::TakeName), Some(Stage::TakeName)),
    ("/start", Some(Stage::TakeName), Some(Stage::Start)),
];

/// And those of the way back from one that is complete.
const BACK: &[&str] = &["/stop", "?v=false", "/rename", "/update", "/start"];

const MOMENTS: [Moment; 3] = [Moment::Before, Moment::During, Moment::After];

/// What a roll back that was interrupted comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Finish,
    Undo,
}

async fn begin(house: &House, lane: &str) -> RollBackPlan {
    house.run(lane, &["--network", "first", "--restart", "unless-stopped", "--stop-timeout", "2"]).await;
    house.docker(&format!("network connect --alias other second {lane}")).await;
    house.plan(lane, OLD).await
}

/// Rolls back, is killed at the request of each of these numbers in turn, and finishes or undoes.
pub(crate) async fn forward(house: &House, lane: &str, numbers: RangeInclusive<usize>, end: End) {
    let plan = begin(house, lane).await;
    for number in numbers {
        let point = POINTS[number - 1];
        for moment in MOMENTS {
            let what = format!("{lane}: killed at {number} {} {moment:?}", point.0);
            killed(house, &plan, number, moment, point.0, true).await;

            // A program that starts anew.
            let operator = house.operator(lane);
            let found = operator.examine(&plan).await.unwrap();
            let expected = match moment {
                Moment::Before => vec![point.1],
                Moment::After => vec![point.2],
                Moment::During => vec![point.1, point.2],
            };
            let stage = found.stage.map(|stage| if stage == Stage::Healthy { Stage::Start } else { stage });
            assert!(expected.contains(&stage), "{what}: {found:?}");
            if end == End::Finish {
                let done = roll_back(&operator, &plan).await;
                let last = done.stages.last().copied();
                done.result.unwrap_or_else(|f| panic!("{what}: {}", f.message));
                assert_eq!(last, Some(Stage::Healthy), "{what}");
                rolled_back(house, &plan, &what).await;
            }
            undo(&operator, &plan).await.result.unwrap_or_else(|f| panic!("{what}: {}", f.message));
            as_before(house, &plan, &what).await;
        }
    }
}

/// Is killed on the way back from a roll back that was complete, and goes back all the same, or forward again first.
pub(crate) async fn back(house: &House, lane: &str) {
    let plan = begin(house, lane).await;
    for (number, request) in (1..).zip(BACK) {
        for moment in MOMENTS {
            let what = format!("{lane}: killed on the way back at {number} {request} {moment:?}");
            let operator = house.operator(lane);
            roll_back(&operator, &plan).await.result.unwrap_or_else(|f| panic!("{what}: {}", f.message));
            killed(house, &plan, number, moment, request, false).await;
            let operator = house.operator(lane);
            operator.examine(&plan).await.unwrap_or_else(|f| panic!("{what}: {}", f.message));
            if moment == Moment::During {
                roll_back(&operator, &plan).await.result.unwrap_or_else(|f| panic!("{what}: {}", f.message));
                rolled_back(house, &plan, &what).await;
            }
            undo(&operator, &plan).await.result.unwrap_or_else(|f| panic!("{what}: {}", f.message));
            as_before(house, &plan, &what).await;
        }
    }
}

/// The connection breaks once at each request, before or after the Engine did it: the operator goes on by itself.
pub(crate) async fn broken_links(house: &House, lane: &str) {
    let plan = begin(house, lane).await;
    for moment in [Moment::Before, Moment::After] {
        for (number, (request, ..)) in (1..).zip(POINTS) {
            let what = format!("{lane}: the link broke at {number} {request} {moment:?}");
            let proxy = house.proxy(number, moment, Then::Break);
            let operator = house.operator_by(&proxy.address(), lane, SESSION);
            let done = roll_back(&operator, &plan).await;
            done.result.unwrap_or_else(|f| panic!("{what}: {}", f.message));
            assert_eq!(done.stages, &Stage::ROLL_BACK[..6], "{what}: {}", done.details);
            let expected = POINTS.len() + usize::from(moment == Moment::Before);
            assert_eq!(proxy.seen().len(), expected, "{what}: {:?}", proxy.seen());
            rolled_back(house, &plan, &what).await;
            undo(&operator, &plan).await.result.unwrap_or_else(|f| panic!("{what}: {}", f.message));
            as_before(house, &plan, &what).await;
        }
    }
}

/// Begins, and is gone at the acting request with this number.
async fn killed(
    house: &House,
    plan: &RollBackPlan,
    number: usize,
    moment: Moment,
    request: &str,
    forward: bool,
) {
    let proxy = house.proxy(number, moment, Then::Hold);
    let operator = house.operator_by(&proxy.address(), &plan.container, SESSION);
    let acted = plan.clone();
    let task = tokio::spawn(async move {
        if forward { roll_back(&operator, &acted).await.result } else { undo(&operator, &acted).await.result }
    });
    tokio::time::timeout(Duration::from_secs(60), proxy.reached()).await.unwrap_or_else(|_| {
        panic!("{request} did not come; there came {:?}", proxy.seen());
    });
    task.abort();
    assert!(task.await.is_err_and(|e| e.is_cancelled()), "{request}: it ended before");
    let seen = proxy.seen();
    assert!(seen.len() == number && seen[number - 1].contains(request), "{request}: {seen:?}");
}

async fn rolled_back(house: &House, plan: &RollBackPlan, what: &str) {
    let name = &plan.container;
    let expected = [format!("{name} {OLD} running"), format!("{} {NEW} exited", plan.aside)];
    assert_eq!(house.containers(name).await, expected, "{what}");
    let (new, old) = (house.inspect(name).await, house.inspect(&plan.aside).await);
    assert_eq!(new["HostConfig"]["RestartPolicy"]["Name"], "unless-stopped", "{what}");
    assert_eq!(old["HostConfig"]["RestartPolicy"]["Name"], "no", "{what}");
    assert_eq!(old["Id"], plan.container_id, "{what}");
    let networks = |c: &serde_json::Value| {
        c["NetworkSettings"]["Networks"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(networks(&new), ["first", "second"], "{what}");
}

async fn as_before(house: &House, plan: &RollBackPlan, what: &str) {
    let name = &plan.container;
    assert_eq!(house.containers(name).await, [format!("{name} {NEW} running")], "{what}");
    let container = house.inspect(name).await;
    assert_eq!(container["Id"], plan.container_id, "{what}");
    assert_eq!(container["HostConfig"]["RestartPolicy"]["Name"], "unless-stopped", "{what}");
}
