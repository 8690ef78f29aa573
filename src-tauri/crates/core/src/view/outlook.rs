//! How sure one may be, and what comes next. Both derived, both explained.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CheckView, owed};
use crate::{
    action::{Met, Requirement},
    checklist::{Item, ItemOutcome},
    escalation::Step,
    matrix::Severity,
    session::{Action, ActionState, Incident, IncidentState, Session, Standing},
    time::{Moment, Span, WatchTime},
    verdict::{Finding, Verdict},
    words::{counted, counted_len},
};

/// How sure one may be of the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConfidenceLevel {
    /// Nothing speaks against it, and enough was seen.
    High,
    /// Something is not proven, or something major happened.
    Medium,
    /// Something speaks against it.
    Low,
}

/// A level with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Confidence {
    /// How sure.
    pub level: ConfidenceLevel,
    /// Why: each reason that keeps it from being higher, or what it rests on.
    pub reasons: Vec<String>,
}

pub(super) fn confidence(session: &Session, verdict: &Verdict) -> Confidence {
    let mut reasons = Vec::new();
    let mut level = ConfidenceLevel::High;
    let mut lower = |to: ConfidenceLevel, why: String| {
        level = level.max(to);
        reasons.push(why);
    };
    let count = |severity| {
        let of_it = session.incidents.iter().filter(|i| i.severity() == severity && i.explained_by.is_none());
        of_it.filter(|i| i.standing() != Standing::Dismissed).count()
    };
    let failed = verdict.criteria.iter().filter(|c| c.finding == Finding::Fail).count();
    if failed > 0 {
        lower(
            ConfidenceLevel::Low,
            format!("{failed} of 10 criteria {} not met", if failed == 1 { "is" } else { "are" }),
        );
    }
    let critical = count(Severity::Critical);
    if critical > 0 {
        lower(ConfidenceLevel::Low, counted_len(critical, "critical incident"));
    }
    if verdict.coverage_percent < session.opening.rules.coverage_percent {
        lower(ConfidenceLevel::Low, format!("only {} % of the time was observed", verdict.coverage_percent));
    } else if verdict.coverage_percent < 99.0 {
        lower(ConfidenceLevel::Medium, format!("{} % of the time was observed", verdict.coverage_percent));
    }
    let major = count(Severity::Major);
    if major > 0 {
        lower(ConfidenceLevel::Medium, counted_len(major, "major incident"));
    }
    let open = verdict.criteria.iter().filter(|c| c.finding == Finding::Inconclusive).count();
    if open > 0 {
        lower(
            ConfidenceLevel::Medium,
            format!("{open} of 10 criteria {} not proven yet", if open == 1 { "is" } else { "are" }),
        );
    }
    let unticked = session
        .checks
        .iter()
        .flat_map(|c| c.items())
        .filter(|i| matches!(i.outcome, ItemOutcome::Owed))
        .count();
    if unticked > 0 {
        lower(
            ConfidenceLevel::Medium,
            format!(
                "{} {} for a person",
                counted_len(unticked, "line"),
                if unticked == 1 { "waits" } else { "wait" }
            ),
        );
    }
    // What speaks for it, whatever speaks against it.
    let met = verdict.criteria.iter().filter(|c| c.finding == Finding::Pass).count();
    reasons.push(format!(
        "{met} of 10 criteria met on {}, {} % of the time observed",
        counted(session.observed.count, "reading"),
        verdict.coverage_percent
    ));
    Confidence { level, reasons }
}

/// A planned time to the minute, counted from the one in which the session began: its seconds, and steps of the clock by
/// some, leave no mark on the schedule.
fn planned(session: &Session, at: WatchTime) -> DateTime<Utc> {
    let minute = TimeDelta::minutes(1);
    let began = session.opened.utc;
    let seconds = began - began.duration_trunc(minute).unwrap_or(began);
    let t = session.utc_of(at).checked_sub_signed(seconds).unwrap_or(session.opened.utc);
    t.duration_round(minute).unwrap_or(t)
}

/// Something that is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum NextStep {
    /// Nothing: it is signed off.
    Nothing,
    /// To say that an incident was seen.
    Acknowledge {
        /// Which.
        incident: u32,
    },
    /// To say whether a suspicion was one.
    Judge {
        /// Which incident.
        incident: u32,
    },
    /// A step of an incident's escalation.
    Escalate {
        /// Which incident.
        incident: u32,
        /// Which step.
        step: Step,
        /// How long until it is due, or since when it has been.
        by: Span,
        /// Its time is over.
        overdue: bool,
    },
    /// To finish a roll back that is half done, or to undo it.
    HalfDone {
        /// Which action.
        action: u32,
    },
    /// To make a roll back possible.
    MakeReady {
        /// What is not so.
        requirement: Requirement,
        /// What was found, and what to do.
        detail: String,
    },
    /// To write down why an incident happened.
    PostMortem {
        /// Which.
        incident: u32,
    },
    /// To look, and tick.
    Tick {
        /// What.
        items: Vec<Item>,
    },
    /// To decide.
    SignOff,
    /// A checkpoint.
    Check {
        /// Its id.
        check: String,
        /// For people.
        title: String,
        /// When, UTC, to the minute.
        due: DateTime<Utc>,
        /// How long until then.
        due_in: Span,
    },
    /// A phase that has not begun.
    Phase {
        /// Its place in the plan, from 0.
        phase: u32,
        /// How many checkpoints it has.
        checks: u32,
        /// When, UTC, to the minute.
        from: DateTime<Utc>,
    },
    /// The end of the plan.
    End {
        /// How long until then.
        left: Span,
    },
}

impl NextStep {
    /// In English, as it is published.
    pub(super) fn text(&self, session: &Session) -> String {
        let named = |id: &u32| session.incident(*id).map_or_else(|| format!("#{id}"), Incident::label);
        let minute = |t: &DateTime<Utc>| t.format("%b %-d, %H:%M UTC").to_string();
        match self {
            Self::Nothing => "Nothing: the session is signed off and closed".into(),
            Self::Acknowledge { incident } => format!("Acknowledge {}", named(incident)),
            Self::Judge { incident } => format!("Confirm or dismiss {}", named(incident)),
            Self::Escalate { incident, step, by, overdue } => {
                let previous = session.opening.release.previous.as_deref().unwrap_or("the previous version");
                let what = match step {
                    Step::RollBack => format!("roll back to {previous}"),
                    other => other.label().to_owned(),
                };
                let when = if *overdue { "overdue for" } else { "within" };
                format!("{}: {what}, {when} {by}", named(incident))
            }
            Self::HalfDone { action } => {
                let what = session.action(*action).map_or_else(|| format!("action #{action}"), Action::label);
                format!("{what} is half done: finish it or undo it")
            }
            Self::MakeReady { requirement, detail } => {
                format!("A roll back is not possible, it is not so that {}: {detail}", requirement.label())
            }
            Self::PostMortem { incident } => {
                format!("Write the post-mortem of {} and close it with its root cause", named(incident))
            }
            Self::Tick { items } => {
                let lines: Vec<&str> = items.iter().map(|i| i.text()).collect();
                format!("Look and tick {}: {}", counted_len(lines.len(), "line"), lines.join("; "))
            }
            Self::SignOff => "Read the report and sign off".into(),
            Self::Check { title, due, due_in, .. } => format!("{title} at {}, in {due_in}", minute(due)),
            Self::Phase { phase, checks, from } => {
                let phase = session.opening.plan.phases.get(*phase as usize);
                let (title, focus) = phase.map_or(("", ""), |p| (&p.title, &p.focus));
                format!("{title}: {} from {}; {focus}", counted(u64::from(*checks), "check"), minute(from))
            }
            Self::End { left } => format!("Final check and sign-off in {left}"),
        }
    }
}

pub(super) fn next_steps(session: &Session, now: Moment, checks: &[CheckView]) -> Vec<NextStep> {
    if session.signed_off.is_some() {
        return vec![NextStep::Nothing];
    }
    let mut steps = Vec::new();
    if let Some(half) = session.open_action().filter(|a| a.state == ActionState::Interrupted) {
        steps.push(NextStep::HalfDone { action: half.id });
    }
    for incident in session.incidents.iter().filter(|i| i.is_running() && i.is_critical()) {
        if incident.acknowledged.is_none() {
            steps.push(NextStep::Acknowledge { incident: incident.id });
        }
        if incident.standing() == Standing::Undecided && incident.explained_by.is_none() {
            steps.push(NextStep::Judge { incident: incident.id });
        }
        for (step, due) in incident.open_steps(&session.opening.rules) {
            let overdue = due <= now.watch;
            let by = if overdue { now.watch.since(due) } else { due.since(now.watch) };
            steps.push(NextStep::Escalate { incident: incident.id, step, by, overdue });
        }
    }
    for incident in session.incidents.iter().filter(|i| i.is_critical() && i.explained_by.is_none()) {
        let undecided = incident.standing() == Standing::Undecided;
        if incident.state == IncidentState::Recovered && undecided {
            steps.push(NextStep::Judge { incident: incident.id });
        } else if incident.state == IncidentState::Recovered {
            steps.push(NextStep::PostMortem { incident: incident.id });
        }
    }
    if session.opening.release.previous.is_some()
        && session.concluded.is_none()
        && session.rolled_back().is_none()
    {
        let conditions = session.readiness().map(|r| r.conditions).unwrap_or_default();
        for unmet in conditions.into_iter().filter(|c| c.met == Met::No) {
            steps.push(NextStep::MakeReady { requirement: unmet.requirement, detail: unmet.detail });
        }
    }
    let items: Vec<Item> = owed(checks).into_iter().map(|(_, i)| i.item).collect();
    if !items.is_empty() {
        steps.push(NextStep::Tick { items });
    }
    match (session.next_check(), &session.concluded) {
        (_, Some(_)) => steps.push(NextStep::SignOff),
        (Some(check), None) => {
            steps.push(NextStep::Check {
                check: check.id.clone(),
                title: check.title.clone(),
                due: planned(session, check.due),
                due_in: check.due.since(now.watch),
            });
            for (place, phase) in session.opening.plan.phases.iter().enumerate().skip(session.phases_begun) {
                steps.push(NextStep::Phase {
                    phase: u32::try_from(place).unwrap_or(u32::MAX),
                    checks: u32::try_from(phase.checkpoints.len()).unwrap_or(u32::MAX),
                    from: planned(session, WatchTime::START + phase.from),
                });
            }
            let left = session.end().since(now.watch);
            if left > Span::ZERO {
                steps.push(NextStep::End { left });
            }
        }
        (None, None) => {}
    }
    steps
}
