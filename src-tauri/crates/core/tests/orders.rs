//! What people may order to be done to the deployment, and when.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test that cannot go on fails, and inputs are made where they are given"
)]

mod support;

use support::{Desk, container};
use watchkeeper_core::{
    action::{
        ActionKind, ActionOutcome, ActionRules, Condition, HalfDone, ImageRef, Met, Policy, Readiness,
        Requirement, RollBackPlan, Stage,
    },
    chain::Hash,
    event::Opening,
    reading::{Answer, Failure, FailureKind, Place, Source, Value},
    session::{ActionState, Command, Effect, Input, Refusal},
    time::Span,
};

trait Ordering {
    fn with(actions: ActionRules) -> Self;
    fn order(&mut self, command: Command) -> Result<(), Refusal>;
    fn advance(&mut self, stages: &[Stage]);
    fn state(&self) -> ActionState;
    fn outcome(&self) -> Option<ActionOutcome>;
}

impl Ordering for Desk {
    fn with(actions: ActionRules) -> Self {
        let mut desk = Self::open(Opening { actions, ..support::opening() });
        desk.see(Answer::untimed(Source::Inspect, Value::Container(Box::new(container("sms-app")))));
        desk
    }

    fn order(&mut self, command: Command) -> Result<(), Refusal> {
        self.take(Input::Command(command))
    }

    fn advance(&mut self, stages: &[Stage]) {
        for stage in stages {
            let input = Input::ActionAdvanced { action: 1, stage: *stage, detail: String::new() };
            self.take(input).unwrap();
        }
    }

    fn state(&self) -> ActionState {
        self.session.actions.last().unwrap().state
    }

    fn outcome(&self) -> Option<ActionOutcome> {
        self.session.actions.last().unwrap().ended.as_ref().map(|(_, outcome, _)| *outcome)
    }
}

fn readiness(met: Met) -> Readiness {
    let plan = RollBackPlan {
        container: "sms-app".into(),
        container_id: "35aa".into(),
        from: ImageRef { name: "sms:1.15.1".into(), id: "sha256:0ff4".into() },
        to: ImageRef { name: "sms:1.14.3".into(), id: "sha256:0ff3".into() },
        aside: "sms-app-aside-35aa".into(),
        made_as: "sms-app-new-35aa".into(),
        restart_policy: "always".into(),
        stop_timeout: Span::secs(10),
        settings: Vec::new(),
        digest: digest(),
    };
    let detail = "as it was found".to_owned();
    let conditions = vec![Condition { requirement: Requirement::ImagePresent, met, detail }];
    Readiness { conditions, plan: Some(Box::new(plan)) }
}

fn digest() -> Hash {
    Hash::of(b"the plan")
}

fn roll_back(accept_schema: bool) -> Command {
    Command::RollBack {
        incident: None,
        by: "me".into(),
        reason: "it loses grades".into(),
        plan: digest(),
        accept_schema,
    }
}

fn restart() -> Command {
    Command::Restart { part: None, incident: None, by: "me".into(), reason: "it hangs".into() }
}

fn failed(place: Place, kind: FailureKind) -> Input {
    Input::ActionFailed { action: 1, failure: Failure { place, kind, message: "it failed".into() } }
}

#[test]
fn what_cannot_be_done_is_refused_with_its_reason() {
    let never = ActionRules { restart: Policy::Never, roll_back: Policy::Never, ..ActionRules::default() };
    let mut forbidden = Desk::with(never);
    assert_eq!(forbidden.order(restart()), Err(Refusal::Forbidden { kind: "restart" }));
    assert_eq!(forbidden.order(roll_back(true)), Err(Refusal::Forbidden { kind: "roll back" }));

    let mut desk = Desk::with(ActionRules::default());
    assert!(matches!(desk.order(roll_back(true)), Err(Refusal::NotReady { why }) if why.contains("dry run")));
    desk.see(Answer::untimed(Source::Readiness, Value::Readiness(Box::new(readiness(Met::No)))));
    assert!(matches!(desk.order(roll_back(true)), Err(Refusal::NotReady { why }) if why.contains("image")));
    desk.see(Answer::untimed(Source::Readiness, Value::Readiness(Box::new(readiness(Met::Yes)))));
    assert!(
        matches!(desk.order(roll_back(false)), Err(Refusal::SchemaRisk { why }) if why.contains("1.14.3"))
    );
    let mut of_another = roll_back(true);
    if let Command::RollBack { plan, .. } = &mut of_another {
        *plan = Hash::of(b"another");
    }
    assert_eq!(desk.order(of_another), Err(Refusal::PlanChanged));
    let nameless = Command::Restart { part: None, incident: None, by: " ".into(), reason: "x".into() };
    assert_eq!(desk.order(nameless), Err(Refusal::NoName));
    assert!(desk.effects.is_empty() && desk.session.actions.is_empty(), "nothing was done");

    desk.order(roll_back(true)).unwrap();
    let accepted = desk.session.actions[0].order.accepted.clone().unwrap();
    assert!(accepted.contains("1.14.3"), "what was accepted is written down: {accepted}");
    assert_eq!(desk.effects, [Effect::Act { action: 1 }]);
    // Never two at once.
    assert!(matches!(desk.order(restart()), Err(Refusal::UnderWay { .. })));
    assert!(matches!(desk.order(roll_back(true)), Err(Refusal::UnderWay { .. })));
}

#[test]
fn a_failure_undoes_itself_and_a_lost_link_asks_a_person() {
    let begun = || {
        let mut desk = Desk::with(ActionRules::default());
        desk.see(Answer::untimed(Source::Readiness, Value::Readiness(Box::new(readiness(Met::Yes)))));
        desk.order(roll_back(true)).unwrap();
        desk.effects.clear();
        desk
    };
    let mut failing = begun();
    failing.advance(&[Stage::Create, Stage::Stop, Stage::SetAside]);
    failing.take(failed(Place::Container, FailureKind::BadAnswer)).unwrap();
    assert_eq!(failing.state(), ActionState::Undoing);
    assert_eq!(failing.effects, [Effect::Undo { action: 1 }]);
    failing.advance(Stage::UNDO);
    failing.take(Input::ActionUndone { action: 1 }).unwrap();
    assert_eq!(failing.outcome(), Some(ActionOutcome::Undone));
    assert!(failing.session.rolled_back().is_none());

    for (place, kind) in [
        (Place::Network, FailureKind::Unreachable),
        (Place::Nas, FailureKind::Timeout),
        (Place::DockerEngine, FailureKind::Broken),
        (Place::DockerEngine, FailureKind::Refused),
    ] {
        let mut lost = begun();
        lost.advance(&[Stage::Create, Stage::Stop]);
        lost.take(failed(place, kind)).unwrap();
        assert_eq!(lost.state(), ActionState::Interrupted, "{place:?} {kind:?}");
        assert_eq!(lost.effects, [Effect::Examine { action: 1 }]);
        // What is half done stays so until somebody decides, and nothing else begins.
        assert!(matches!(lost.order(restart()), Err(Refusal::UnderWay { .. })));
        let found = HalfDone { stage: Some(Stage::Stop), detail: "stopped".into() };
        lost.take(Input::ActionExamined { action: 1, found }).unwrap();
        lost.effects.clear();
        lost.order(Command::Finish { action: 1, by: "me".into() }).unwrap();
        assert_eq!(lost.effects, [Effect::Act { action: 1 }]);
        assert!(matches!(
            lost.order(Command::Finish { action: 1, by: "me".into() }),
            Err(Refusal::NotThen { .. })
        ));
    }

    let mut killed = begun();
    killed.advance(&[Stage::Create]);
    killed.take(Input::Resume { program: "test".into() }).unwrap();
    assert_eq!(killed.state(), ActionState::Interrupted);
    killed.effects.clear();
    killed.order(Command::Undo { action: 1, by: "me".into(), reason: "back".into() }).unwrap();
    assert_eq!(killed.effects, [Effect::Undo { action: 1 }]);
    killed.take(failed(Place::Container, FailureKind::BadAnswer)).unwrap();
    assert_eq!(killed.state(), ActionState::Interrupted, "what cannot be undone is a person's again");
    killed.order(Command::TakeOver { action: 1, by: "me".into(), remark: "by hand".into() }).unwrap();
    assert_eq!(killed.outcome(), Some(ActionOutcome::TakenOver));
    killed.order(restart()).unwrap();
    assert_eq!(killed.session.actions.len(), 2, "and then the next thing can be done");
    assert_eq!(killed.session.actions[1].order.kind, ActionKind::Restart);
}
