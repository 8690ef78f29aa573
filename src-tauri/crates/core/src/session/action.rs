//! Restart and roll back: who may, when the watch does it by itself, and what follows from how they come out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CheckStatus, Incident, IncidentState, Session, judge};
use crate::{
    action::{ActionKind, ActionOutcome, HalfDone, Met, Order, Policy, Stage},
    escalation::Step,
    event::{Event, Fact},
    notify::NotifyReason,
    part::Part,
    reading::{FailureKind, Place, Source},
    time::{Moment, Span, WatchTime},
};

/// A stage with when it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct StageRecord {
    /// Which.
    pub stage: Stage,
    /// When.
    pub moment: Moment,
    /// How, for people.
    pub detail: String,
}

/// Where an action stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActionState {
    /// It is being done.
    UnderWay,
    /// It is done; the checklist is gone through.
    Verifying,
    /// It is being undone.
    Undoing,
    /// It broke off; a person decides whether it is finished or undone.
    Interrupted,
    /// It is over.
    Over,
}

/// What is or was done to the deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Action {
    /// From 1.
    pub id: u32,
    /// What was decided, by whom and why.
    pub order: Order,
    /// When.
    pub began: Moment,
    /// What was done so far, undoing included.
    pub stages: Vec<StageRecord>,
    /// Where it stands.
    pub state: ActionState,
    /// When it was last interrupted, why, and how far it had come.
    pub interrupted: Option<(Moment, String, Option<HalfDone>)>,
    /// Since when it is being undone, who decided that, and why.
    pub undone: Option<(Moment, String, String)>,
    /// When it ended, how, and what came of it.
    pub ended: Option<(Moment, ActionOutcome, String)>,
    /// The check that verifies it.
    pub check: Option<String>,
}

impl Action {
    /// Whether anything is still to be done or to be decided about it.
    pub const fn is_open(&self) -> bool {
        self.ended.is_none()
    }
    /// `roll back to 1.14.3`, `restart`, `restart of the database`.
    pub fn label(&self) -> String {
        match (&self.order.kind, &self.order.plan) {
            (ActionKind::RollBack, Some(plan)) => format!("roll back to {}", plan.to.name),
            (ActionKind::Restart, _) if !self.order.part.is_application() => {
                format!("restart of {}", self.order.part.label())
            }
            (kind, _) => kind.label().to_owned(),
        }
    }
}

/// Something that somebody is to be told of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct News {
    pub(super) reason: NotifyReason,
    pub(super) action: u32,
    pub(super) detail: String,
}

/// By the name of the watch itself, where it decides.
pub(super) const WATCH: &str = "watch";

impl Session {
    /// The action number `id`.
    pub fn action(&self, id: u32) -> Option<&Action> {
        self.actions.get((id as usize).checked_sub(1)?)
    }

    /// The action that is not over: there is one at most.
    pub fn open_action(&self) -> Option<&Action> {
        self.actions.last().filter(|a| a.is_open())
    }

    /// Whether something is being done to the container of `part` just now.
    pub(super) fn is_acting_on(&self, part: Part) -> bool {
        self.open_action().is_some_and(|a| a.order.part == part && a.state != ActionState::Interrupted)
    }

    /// The part whose container `incident` lies with: the one to look at, and to restart.
    pub fn part_to_restart(&self, incident: &Incident) -> Part {
        let part = incident.problem.part();
        if self.opening.deployment.container_of(part).is_some() { part } else { Part::Application }
    }

    /// The roll back that succeeded: from then on another version runs.
    pub fn rolled_back(&self) -> Option<&Action> {
        let done = |a: &&Action| matches!(a.ended, Some((_, ActionOutcome::Done, _)));
        self.actions.iter().rev().find(|a| a.order.kind == ActionKind::RollBack && done(a))
    }

    /// Whether at `at` the container of `part` was down or changed by what the watch itself did.
    pub(super) fn was_our_doing(&self, part: Part, at: WatchTime) -> bool {
        // The Engine's own account of it comes a moment later, and clocks are seldom together by more.
        const CLOCKS: Span = Span::mins(1);
        self.actions.iter().any(|a| {
            let until = match (&a.ended, &a.interrupted) {
                (Some((ended, _, _)), _) => Some(ended.watch),
                // What happens to what is half done is not the watch's doing.
                (None, Some((since, _, _))) if a.state == ActionState::Interrupted => Some(since.watch),
                _ => None,
            };
            a.order.part == part
                && a.began.watch.back(CLOCKS) <= at
                && until.is_none_or(|until| at <= until + CLOCKS)
        })
    }

    /// When the watch takes this step of `incident` by itself; `None` where it does not.
    pub fn automatic_at(&self, incident: &Incident, step: Step) -> Option<WatchTime> {
        let kind = match step {
            Step::Restart => ActionKind::Restart,
            Step::RollBack => ActionKind::RollBack,
            _ => return None,
        };
        let rules = &self.opening.actions;
        let wanted = rules.policy(kind) == Policy::Auto
            && self.concluded.is_none()
            // Who has acknowledged it has taken it in hand.
            && incident.acknowledged.is_none()
            && incident.is_running()
            && incident.place.is_deployment()
            && can_help(incident)
            // Another version of the application mends no other part.
            && (kind == ActionKind::Restart || self.part_to_restart(incident).is_application())
            && incident.open_steps(&self.opening.rules).iter().any(|(open, _)| *open == step)
            && !self.tried(incident, kind);
        wanted.then(|| incident.found() + rules.after(kind))
    }

    /// Whether the watch has done this by itself since the incident's clock began.
    fn tried(&self, incident: &Incident, kind: ActionKind) -> bool {
        self.actions.iter().any(|a| {
            a.order.kind == kind
                && a.order.incident == Some(incident.id)
                && a.order.by == WATCH
                && a.began.watch >= incident.found()
        })
    }

    /// Automatic restarts within the hour before `now`.
    fn recent_restarts(&self, now: WatchTime) -> usize {
        let from = now.back(Span::hours(1));
        let recent =
            |a: &&Action| a.order.kind == ActionKind::Restart && a.order.by == WATCH && a.began.watch > from;
        self.actions.iter().filter(recent).count()
    }

    pub(super) fn change_action(&mut self, event: &Event) {
        let moment = event.moment;
        match &event.fact {
            Fact::ActionBegan { action, order } => self.actions.push(Action {
                id: *action,
                order: (**order).clone(),
                began: moment,
                stages: Vec::new(),
                state: ActionState::UnderWay,
                interrupted: None,
                undone: None,
                ended: None,
                check: None,
            }),
            Fact::ActionAdvanced { action, stage, detail } => self.action_mut(*action, |a| {
                a.stages.push(StageRecord { stage: *stage, moment, detail: detail.clone() });
                if *stage == Stage::Healthy && a.undone.is_none() {
                    a.state = ActionState::Verifying;
                }
            }),
            Fact::ActionInterrupted { action, why, found } => self.action_mut(*action, |a| {
                a.state = ActionState::Interrupted;
                a.interrupted = Some((moment, why.clone(), found.clone()));
            }),
            Fact::ActionResumed { action, .. } => self.action_mut(*action, |a| {
                a.state = ActionState::UnderWay;
                a.undone = None;
                a.check = None;
            }),
            Fact::UndoBegan { action, by, reason } => self.action_mut(*action, |a| {
                a.state = ActionState::Undoing;
                a.undone = Some((moment, by.clone(), reason.clone()));
                a.ended = None;
            }),
            Fact::ActionEnded { action, outcome, detail } => self.action_mut(*action, |a| {
                a.state = ActionState::Over;
                a.ended = Some((moment, *outcome, detail.clone()));
            }),
            // An extra check that begins while an action waits for its verification is that.
            Fact::CheckBegan { check, .. } => {
                if let Some(open) = self.actions.last_mut().filter(|a| a.state == ActionState::Verifying) {
                    open.check.get_or_insert_with(|| check.clone());
                }
            }
            _ => {}
        }
        self.note_action_news(&event.fact);
    }

    /// What somebody is to be told of `fact`. What a person has begun they know of.
    fn note_action_news(&mut self, fact: &Fact) {
        let (reason, action, detail) = match fact {
            Fact::ActionBegan { action, order } if order.by == WATCH => {
                (NotifyReason::ActionBegan, action, &order.reason)
            }
            Fact::ActionInterrupted { action, why, found: None } => {
                (NotifyReason::ActionHalfDone, action, why)
            }
            Fact::ActionEnded { action, detail, .. } => (NotifyReason::ActionOver, action, detail),
            _ => return,
        };
        self.action_news.push(News { reason, action: *action, detail: detail.clone() });
    }

    fn action_mut(&mut self, id: u32, change: impl FnOnce(&mut Action)) {
        if let Some(action) = (id as usize).checked_sub(1).and_then(|place| self.actions.get_mut(place)) {
            change(action);
        }
    }
}

/// Whether what the watch can do to the container can help: not where nothing gets through to it.
fn can_help(incident: &Incident) -> bool {
    !matches!(incident.place, Place::Nas | Place::DockerEngine)
}

/// Whether the Engine answers, so that something can be done by it.
fn engine_answers(session: &Session) -> bool {
    let track = session.observed.track(Source::Inspect);
    let says_none = track.failure.as_ref().is_some_and(|f| f.failure.kind == FailureKind::NoContainer);
    track.at.is_some() && (track.failed == 0 || says_none)
}

/// What the watch decides by itself, and what follows from how an action stands.
pub(super) fn due(session: &Session, now: Moment) -> Vec<Fact> {
    match session.open_action() {
        Some(action) => verification(session, action),
        None => by_itself(session, now),
    }
}

fn by_itself(session: &Session, now: Moment) -> Vec<Fact> {
    if session.open_gap().is_some() || !session.attended || !engine_answers(session) {
        return Vec::new();
    }
    for incident in session.incidents.iter().filter(|i| i.state == IncidentState::Open) {
        // Evidence first: taken, or known not to be had.
        if incident.lacks_evidence() {
            continue;
        }
        for kind in [ActionKind::Restart, ActionKind::RollBack] {
            let is_time = session.automatic_at(incident, kind.step()).is_some_and(|at| at <= now.watch);
            if !is_time {
                continue;
            }
            let order = match kind {
                ActionKind::Restart => restart_by_itself(session, incident, now),
                ActionKind::RollBack => roll_back_by_itself(session, incident),
            };
            if let Some(order) = order {
                return vec![begun(session, order)];
            }
        }
    }
    Vec::new()
}

fn restart_by_itself(session: &Session, incident: &Incident, now: Moment) -> Option<Order> {
    let rules = &session.opening.actions;
    let part = session.part_to_restart(incident);
    // There must be something to restart.
    session.observed.instance(part)?.container.state.as_ref()?;
    if session.observed.track_of(part, Source::Inspect).failed > 0
        || session.recent_restarts(now.watch) >= rules.restarts_per_hour as usize
    {
        return None;
    }
    Some(Order {
        kind: ActionKind::Restart,
        part,
        incident: Some(incident.id),
        by: WATCH.into(),
        reason: format!("{} for {}, and nobody has acknowledged it", incident.label(), rules.restart_after),
        plan: None,
        accepted: None,
    })
}

fn roll_back_by_itself(session: &Session, incident: &Incident) -> Option<Order> {
    let readiness = session.readiness()?;
    // What a person would have to accept is not the watch's to accept.
    let certain = readiness.conditions.iter().all(|c| c.met == Met::Yes);
    let plan = readiness.plan.filter(|_| certain)?;
    let after = session.opening.actions.roll_back_after;
    Some(Order {
        kind: ActionKind::RollBack,
        part: Part::Application,
        incident: Some(incident.id),
        by: WATCH.into(),
        reason: format!("{} for {after}, and nobody has acknowledged it", incident.label()),
        plan: Some(plan),
        accepted: None,
    })
}

pub(super) fn begun(session: &Session, order: Order) -> Fact {
    let action = u32::try_from(session.actions.len() + 1).unwrap_or(u32::MAX);
    Fact::ActionBegan { action, order: Box::new(order) }
}

/// Once the container is healthy the whole checklist is gone through; what it says decides.
fn verification(session: &Session, action: &Action) -> Vec<Fact> {
    if action.state != ActionState::Verifying {
        return Vec::new();
    }
    let running = session.checks.iter().any(|c| c.status == CheckStatus::Running);
    let Some(id) = &action.check else {
        if running || session.open_gap().is_some() {
            return Vec::new();
        }
        let n = session.checks.iter().filter(|c| c.phase.is_none()).count() + 1;
        return vec![Fact::CheckBegan { check: format!("extra-{n}"), late: false }];
    };
    let Some(check) = session.check(id) else { return Vec::new() };
    let (Some(result), Some((began, _))) = (&check.result, check.began) else { return Vec::new() };
    let broken = judge::broken(session, began, result.moment.watch);
    let verified = |detail: String| Fact::ActionAdvanced { action: action.id, stage: Stage::Verify, detail };
    let ended = |outcome, detail: String| Fact::ActionEnded { action: action.id, outcome, detail };
    if broken.is_empty() {
        return vec![
            verified(format!("{}: all works", check.title)),
            ended(ActionOutcome::Done, format!("all works by {}", check.title)),
        ];
    }
    let why = broken.join("; ");
    match action.order.kind {
        ActionKind::Restart => vec![
            verified(format!("{}: {why}", check.title)),
            ended(ActionOutcome::Failed, format!("restarted, and it still does not work: {why}")),
        ],
        ActionKind::RollBack => vec![
            verified(format!("{}: {why}", check.title)),
            Fact::UndoBegan {
                action: action.id,
                by: WATCH.into(),
                reason: format!("the previous version does not work either: {why}"),
            },
        ],
    }
}

/// What comes of a failure of what was being done. Where the link broke, nobody knows how far it came.
pub(super) fn failed(session: &Session, id: u32, failure: &crate::reading::Failure) -> Vec<Fact> {
    let Some(action) = session.action(id).filter(|a| a.is_open()) else { return Vec::new() };
    let why = failure.message.clone();
    match (action.order.kind, action.state) {
        (ActionKind::Restart, _) => {
            vec![Fact::ActionEnded { action: id, outcome: ActionOutcome::Failed, detail: why }]
        }
        (ActionKind::RollBack, ActionState::Undoing) => {
            vec![Fact::ActionInterrupted {
                action: id,
                why: format!("it could not be undone: {why}"),
                found: None,
            }]
        }
        (ActionKind::RollBack, _) if is_the_link(failure) => {
            vec![Fact::ActionInterrupted { action: id, why, found: None }]
        }
        (ActionKind::RollBack, _) => {
            vec![Fact::UndoBegan { action: id, by: WATCH.into(), reason: why }]
        }
    }
}

/// Whether the failure says nothing of what was done, but that nobody was there to tell.
const fn is_the_link(failure: &crate::reading::Failure) -> bool {
    matches!(failure.place, Place::ThisPc | Place::Network | Place::Nas)
        || matches!(
            failure.kind,
            FailureKind::Timeout
                | FailureKind::Refused
                | FailureKind::Unreachable
                | FailureKind::NameNotFound
                | FailureKind::Tls
                | FailureKind::Broken
                | FailureKind::Denied
        )
}

pub(super) fn undone(session: &Session, id: u32) -> Vec<Fact> {
    let Some(action) = session.action(id).filter(|a| a.is_open()) else { return Vec::new() };
    let why = action.undone.as_ref().map_or("", |(_, _, why)| why.as_str());
    let detail = format!("{} was undone: {why}", action.label());
    vec![Fact::ActionEnded { action: id, outcome: ActionOutcome::Undone, detail }]
}

/// What was found of an action that was interrupted.
pub(super) fn examined(session: &Session, id: u32, found: &HalfDone) -> Vec<Fact> {
    let waiting = session.action(id).filter(|a| a.state == ActionState::Interrupted);
    let Some(action) = waiting else { return Vec::new() };
    let why = action.interrupted.as_ref().map_or_else(String::new, |(_, why, _)| why.clone());
    vec![Fact::ActionInterrupted { action: id, why, found: Some(found.clone()) }]
}

/// What follows for an action that was open when the program ended.
pub(super) fn left_open(session: &Session) -> Option<Fact> {
    let action = session.open_action()?;
    Some(match action.order.kind {
        // The Engine ends by itself what it has begun.
        ActionKind::Restart => Fact::ActionEnded {
            action: action.id,
            outcome: ActionOutcome::Failed,
            detail:
                "the program ended in the middle of it; the next readings tell whether the container runs"
                    .into(),
        },
        ActionKind::RollBack => Fact::ActionInterrupted {
            action: action.id,
            why: "the program ended in the middle of it".into(),
            found: None,
        },
    })
}

/// The steps of the escalation that an action was.
pub(super) fn steps(session: &Session) -> Vec<Fact> {
    let mut facts = Vec::new();
    for action in &session.actions {
        let Some((ended, outcome, detail)) = &action.ended else { continue };
        let counts = match action.order.kind {
            // It was tried, and that is what is asked for.
            ActionKind::Restart => true,
            ActionKind::RollBack => *outcome == ActionOutcome::Done,
        };
        if !counts {
            continue;
        }
        let step = action.order.kind.step();
        for incident in session.incidents.iter().filter(|i| i.is_critical() && i.explained_by.is_none()) {
            let is_its = action.order.incident.map_or_else(
                || incident.opened.watch <= action.began.watch && incident.is_running(),
                |id| id == incident.id,
            );
            if is_its
                && step.applies_to(&incident.problem)
                && action.began.watch >= incident.found()
                && !incident.is_done(step)
            {
                let at = ended.utc.format("%H:%M:%S UTC");
                facts.push(Fact::StepDone {
                    incident: incident.id,
                    step,
                    by: action.order.by.clone(),
                    remark: format!("{} at {at}: {detail}", outcome.label()),
                });
            }
        }
    }
    facts
}
