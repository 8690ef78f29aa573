//! What people order to be done to the deployment.

use super::{
    ActionState, IncidentState, Refusal, Session,
    action::begun,
    command::{name, words},
};
use crate::{
    action::{ActionKind, ActionOutcome, Met, Order, Policy, Requirement},
    chain::Hash,
    event::Fact,
    part::Part,
};

/// Who orders something, why, and because of which incident.
pub(super) struct Asked<'a> {
    pub(super) incident: Option<u32>,
    pub(super) by: &'a str,
    pub(super) reason: &'a str,
}

/// `part` is the one whose container is restarted; without it the one that the incident lies with, or the application.
pub(super) fn restart(
    session: &Session,
    asked: &Asked<'_>,
    part: Option<Part>,
) -> Result<Vec<Fact>, Refusal> {
    let order = allowed(session, ActionKind::Restart, asked)?;
    let lies_with = || session.incident(asked.incident?).map(|i| session.part_to_restart(i));
    let part = part.or_else(lies_with).unwrap_or_default();
    if session.opening.deployment.container_of(part).is_none() {
        return Err(Refusal::NoContainer { part: part.label() });
    }
    if session.observed.instance(part).is_none_or(|i| i.container.state.is_none()) {
        return Err(Refusal::NotReady { why: "the container has not been seen yet".into() });
    }
    Ok(vec![begun(session, Order { part, ..order })])
}

/// `digest` is that of the plan that the person had before them, `accepts` that they take the risk with the database.
pub(super) fn roll_back(
    session: &Session,
    asked: &Asked<'_>,
    digest: Hash,
    accepts: bool,
) -> Result<Vec<Fact>, Refusal> {
    let mut order = allowed(session, ActionKind::RollBack, asked)?;
    let readiness = session.readiness().ok_or_else(|| Refusal::NotReady {
        why: "the Docker Engine has not been asked yet: make a dry run first".into(),
    })?;
    let Some(plan) = readiness.plan else {
        let unmet: Vec<String> = readiness
            .conditions
            .iter()
            .filter(|c| c.met == Met::No)
            .map(|c| format!("{}: {}", c.requirement.label(), c.detail))
            .collect();
        return Err(Refusal::NotReady { why: unmet.join("; ") });
    };
    if plan.digest != digest {
        return Err(Refusal::PlanChanged);
    }
    let risk = readiness
        .conditions
        .into_iter()
        .find(|c| c.requirement == Requirement::SchemaFits && c.met != Met::Yes)
        .map(|c| c.detail);
    match risk {
        Some(why) if !accepts => return Err(Refusal::SchemaRisk { why }),
        risk => order.accepted = risk,
    }
    order.plan = Some(plan);
    Ok(vec![begun(session, order)])
}

/// Goes on with a roll back that was interrupted.
pub(super) fn finish(session: &Session, action: u32, by: &str) -> Result<Vec<Fact>, Refusal> {
    let by = name(by)?;
    let it = session.action(action).ok_or(Refusal::NoAction(action))?;
    if it.state != ActionState::Interrupted {
        return Err(Refusal::NotThen {
            action,
            why: "is not interrupted, so there is nothing to go on with",
        });
    }
    Ok(vec![Fact::ActionResumed { action, by }])
}

/// Undoes a roll back that was interrupted, or that is done.
pub(super) fn undo(session: &Session, action: u32, by: &str, reason: &str) -> Result<Vec<Fact>, Refusal> {
    let (by, reason) = (name(by)?, words(reason, "the reason")?);
    let it = session.action(action).ok_or(Refusal::NoAction(action))?;
    let why = match (it.order.kind, it.state, &it.ended) {
        (ActionKind::Restart, _, _) => "is a restart, and cannot be undone",
        (_, ActionState::UnderWay | ActionState::Verifying, _) => {
            "is under way: it undoes itself where it fails, and can be undone when it is over"
        }
        (_, ActionState::Undoing, _) => "is being undone already",
        (_, ActionState::Over, Some((_, ActionOutcome::Undone, _))) => "is undone already",
        (_, ActionState::Over, Some((_, ActionOutcome::TakenOver, _))) => "was taken over by hand",
        (_, ActionState::Over, _) if session.actions.last().is_some_and(|last| last.id != action) => {
            "is not the last thing that was done"
        }
        (_, ActionState::Over | ActionState::Interrupted, _) => {
            return Ok(vec![Fact::UndoBegan { action, by, reason }]);
        }
    };
    Err(Refusal::NotThen { action, why })
}

/// A person mends by hand what is half done; the watch leaves it alone.
pub(super) fn take_over(
    session: &Session,
    action: u32,
    by: &str,
    remark: &str,
) -> Result<Vec<Fact>, Refusal> {
    let (by, remark) = (name(by)?, words(remark, "what is done by hand")?);
    let it = session.action(action).ok_or(Refusal::NoAction(action))?;
    if it.state != ActionState::Interrupted {
        return Err(Refusal::NotThen { action, why: "is not interrupted: there is nothing to take over" });
    }
    let detail = format!("{by} mends it by hand: {remark}");
    Ok(vec![Fact::ActionEnded { action, outcome: ActionOutcome::TakenOver, detail }])
}

fn allowed(session: &Session, kind: ActionKind, asked: &Asked<'_>) -> Result<Order, Refusal> {
    let (by, reason) = (name(asked.by)?, words(asked.reason, "the reason")?);
    if session.concluded.is_some() {
        return Err(Refusal::Over);
    }
    if session.opening.actions.policy(kind) == Policy::Never {
        return Err(Refusal::Forbidden { kind: kind.label() });
    }
    if let Some(open) = session.open_action() {
        return Err(Refusal::UnderWay { what: open.label() });
    }
    if let Some(incident) = asked.incident {
        let it = session.incident(incident).ok_or(Refusal::NoIncident(incident))?;
        if it.state == IncidentState::Closed {
            return Err(Refusal::NotNow { incident, why: "is closed already" });
        }
        // Evidence first: it is on its way, and a restart would take it away.
        if it.lacks_evidence() {
            return Err(Refusal::NotNow {
                incident,
                why: "has its evidence taken just now; a restart before that would destroy it: try again in a moment",
            });
        }
    }
    let part = Part::Application;
    Ok(Order { kind, part, incident: asked.incident, by, reason, plan: None, accepted: None })
}
