//! How sure one may be, and what comes next. Both derived, both explained.

use chrono::{DurationRound as _, TimeDelta};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CheckView, owed};
use crate::{
    checklist::ItemOutcome,
    matrix::Severity,
    session::{IncidentState, Session},
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
        session.incidents.iter().filter(|i| i.severity() == severity && i.explained_by.is_none()).count()
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
fn planned(session: &Session, at: WatchTime) -> String {
    let minute = TimeDelta::minutes(1);
    let began = session.opened.utc;
    let seconds = began - began.duration_trunc(minute).unwrap_or(began);
    let t = session.utc_of(at).checked_sub_signed(seconds).unwrap_or(session.opened.utc);
    t.duration_round(minute).unwrap_or(t).format("%b %-d, %H:%M UTC").to_string()
}

pub(super) fn next_steps(session: &Session, now: Moment, checks: &[CheckView]) -> Vec<String> {
    let mut steps = Vec::new();
    if session.signed_off.is_some() {
        steps.push("Nothing: the session is signed off and closed".into());
        return steps;
    }
    let previous = session.opening.release.previous.as_deref().unwrap_or("the previous version");
    for incident in session.incidents.iter().filter(|i| i.is_running() && i.is_critical()) {
        if incident.acknowledged.is_none() {
            steps.push(format!("Acknowledge {}", incident.label()));
        }
        for (step, due) in incident.open_steps(&session.opening.rules) {
            let what = match step {
                crate::escalation::Step::RollBack => format!("roll back to {previous}"),
                other => other.label().to_owned(),
            };
            let when = if due > now.watch {
                format!("within {}", due.since(now.watch))
            } else {
                format!("overdue for {}", now.watch.since(due))
            };
            steps.push(format!("{}: {what}, {when}", incident.label()));
        }
    }
    for incident in session.incidents.iter().filter(|i| i.is_critical() && i.explained_by.is_none()) {
        if incident.state == IncidentState::Recovered {
            steps.push(format!(
                "Write the post-mortem of {} and close it with its root cause",
                incident.label()
            ));
        }
    }
    let owed = owed(checks);
    if !owed.is_empty() {
        let lines: Vec<&str> = owed.iter().map(|(_, i)| i.item.text()).collect();
        steps.push(format!("Look and tick {}: {}", counted_len(lines.len(), "line"), lines.join("; ")));
    }
    match (session.next_check(), &session.concluded) {
        (_, Some(_)) => steps.push("Read the report and sign off".into()),
        (Some(check), None) => {
            let due = planned(session, check.due);
            steps.push(format!("{} at {due}, in {}", check.title, check.due.since(now.watch)));
            for phase in session.opening.plan.phases.iter().skip(session.phases_begun) {
                let from = planned(session, WatchTime::START + phase.from);
                let n = counted_len(phase.checkpoints.len(), "check");
                steps.push(format!("{}: {n} from {from}; {}", phase.title, phase.focus));
            }
            let left = session.end().since(now.watch);
            if left > Span::ZERO {
                steps.push(format!("Final check and sign-off in {left}"));
            }
        }
        (None, None) => {}
    }
    steps
}
