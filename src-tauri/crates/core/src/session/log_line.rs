//! The monitoring log: each fact worth a line, in words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Session, read_back};
use crate::{
    action::{ActionKind, ActionOutcome},
    checklist::ItemOutcome,
    event::{ContainerChange, Event, Fact, Judgement},
    matrix::Severity,
    time::{Moment, Span},
    verdict::Decision,
    words::capitalised,
};

/// One line of the monitoring log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct LogLine {
    /// When.
    pub moment: Moment,
    /// The event that it tells of.
    pub seq: u64,
    /// `None` for what is neither good nor bad.
    pub severity: Option<Severity>,
    /// The incident that it belongs to.
    pub incident: Option<u32>,
    /// What happened.
    pub text: String,
    /// What kind of event it tells of, for those who speak another language. Follows from the event, so it is no part of
    /// what is published; `None` where it was read back from there.
    #[serde(skip)]
    #[ts(skip)]
    pub kind: Option<LogKind>,
}

/// What kind of event a line of the log tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each is named for the fact, or the change of the container, that it stands for"
)]
pub enum LogKind {
    Opened,
    Resumed,
    Paused,
    ClockJumped,
    GapOpened,
    GapClosed,
    PhaseBegan,
    CheckDone,
    CheckMissed,
    ItemTicked,
    ItemWrong,
    ContainerCrashed,
    ContainerOomKilled,
    ContainerKilled,
    ContainerStopped,
    ContainerStarted,
    ContainerRestarted,
    ContainerPaused,
    ContainerUnpaused,
    ContainerRecreated,
    ContainerImageChanged,
    ContainerRemoved,
    ContainerUnhealthy,
    ContainerHealthy,
    ContainerTouched,
    ContainerReachChanged,
    ContainerReachesFar,
    ContainerTagMoved,
    Announced,
    DryRun,
    RestartBegan,
    RollBackBegan,
    ActionAdvanced,
    ActionInterrupted,
    ActionResumed,
    UndoBegan,
    ActionDone,
    ActionFailed,
    ActionUndone,
    ActionTakenOver,
    IncidentOpened,
    IncidentNoted,
    IncidentExplained,
    IncidentAcknowledged,
    StepDone,
    IncidentRecovered,
    IncidentReopened,
    IncidentConfirmed,
    IncidentDismissed,
    IncidentClosed,
    NotificationFailed,
    NoteAdded,
    Concluded,
    Approved,
    Rejected,
    EvidenceStored,
    EvidenceMissing,
}

impl LogKind {
    /// The kind of `fact`; `None` where it is not worth a line.
    const fn of(fact: &Fact) -> Option<Self> {
        Some(match fact {
            Fact::Opened(_) => Self::Opened,
            Fact::Resumed { .. } => Self::Resumed,
            Fact::Paused { .. } => Self::Paused,
            Fact::ClockJumped { .. } => Self::ClockJumped,
            Fact::GapOpened { .. } => Self::GapOpened,
            Fact::GapClosed { .. } => Self::GapClosed,
            Fact::PhaseBegan { .. } => Self::PhaseBegan,
            Fact::CheckDone { .. } => Self::CheckDone,
            Fact::CheckMissed { .. } => Self::CheckMissed,
            Fact::ItemTicked { outcome: ItemOutcome::Passed, .. } => Self::ItemTicked,
            Fact::ItemTicked { .. } => Self::ItemWrong,
            Fact::ContainerChanged { news, .. } => Self::of_container(&news.change),
            Fact::Announced(_) => Self::Announced,
            Fact::DryRunAsked { .. } => Self::DryRun,
            Fact::ActionBegan { order, .. } => match order.kind {
                ActionKind::Restart => Self::RestartBegan,
                ActionKind::RollBack => Self::RollBackBegan,
            },
            Fact::ActionAdvanced { .. } => Self::ActionAdvanced,
            Fact::ActionInterrupted { .. } => Self::ActionInterrupted,
            Fact::ActionResumed { .. } => Self::ActionResumed,
            Fact::UndoBegan { .. } => Self::UndoBegan,
            Fact::ActionEnded { outcome, .. } => match outcome {
                ActionOutcome::Done => Self::ActionDone,
                ActionOutcome::Failed => Self::ActionFailed,
                ActionOutcome::Undone => Self::ActionUndone,
                ActionOutcome::TakenOver => Self::ActionTakenOver,
            },
            Fact::IncidentOpened { .. } => Self::IncidentOpened,
            Fact::IncidentNoted { .. } => Self::IncidentNoted,
            Fact::IncidentExplained { .. } => Self::IncidentExplained,
            Fact::IncidentAcknowledged { .. } => Self::IncidentAcknowledged,
            Fact::StepDone { .. } => Self::StepDone,
            Fact::IncidentRecovered { .. } => Self::IncidentRecovered,
            Fact::IncidentReopened { .. } => Self::IncidentReopened,
            Fact::IncidentJudged { judgement: Judgement::Confirmed, .. } => Self::IncidentConfirmed,
            Fact::IncidentJudged { judgement: Judgement::Dismissed, .. } => Self::IncidentDismissed,
            Fact::IncidentClosed { .. } => Self::IncidentClosed,
            Fact::NotificationSent { failure: Some(_), .. } => Self::NotificationFailed,
            Fact::NoteAdded { .. } => Self::NoteAdded,
            Fact::Concluded(_) => Self::Concluded,
            Fact::SignedOff { decision: Decision::Approved, .. } => Self::Approved,
            Fact::SignedOff { decision: Decision::Rejected, .. } => Self::Rejected,
            Fact::EvidenceStored { failure: None, .. } => Self::EvidenceStored,
            Fact::EvidenceStored { failure: Some(_), .. } => Self::EvidenceMissing,
            Fact::CheckBegan { .. }
            | Fact::ReadingsSealed { .. }
            | Fact::NotificationDecided { .. }
            | Fact::NotificationSent { failure: None, .. } => return None,
        })
    }

    const fn of_container(change: &ContainerChange) -> Self {
        match change {
            ContainerChange::Crashed { .. } => Self::ContainerCrashed,
            ContainerChange::OomKilled => Self::ContainerOomKilled,
            ContainerChange::Killed { .. } => Self::ContainerKilled,
            ContainerChange::Stopped { .. } => Self::ContainerStopped,
            ContainerChange::Started => Self::ContainerStarted,
            ContainerChange::Restarted { .. } => Self::ContainerRestarted,
            ContainerChange::Paused => Self::ContainerPaused,
            ContainerChange::Unpaused => Self::ContainerUnpaused,
            ContainerChange::Recreated => Self::ContainerRecreated,
            ContainerChange::ImageChanged { .. } => Self::ContainerImageChanged,
            ContainerChange::Removed => Self::ContainerRemoved,
            ContainerChange::Unhealthy => Self::ContainerUnhealthy,
            ContainerChange::Healthy => Self::ContainerHealthy,
            ContainerChange::Touched { .. } => Self::ContainerTouched,
            ContainerChange::ReachChanged { .. } => Self::ContainerReachChanged,
            ContainerChange::ReachesFar { .. } => Self::ContainerReachesFar,
            ContainerChange::TagMoved { .. } => Self::ContainerTagMoved,
        }
    }
}

/// The line that tells of `event`, if it is worth one. The session has taken the event in already.
pub(super) fn of(session: &Session, event: &Event) -> Option<LogLine> {
    let named = |id: &u32| session.incident(*id).map_or_else(|| format!("#{id}"), super::Incident::label);
    let done =
        |id: &u32| session.action(*id).map_or_else(|| format!("Action #{id}"), |a| capitalised(&a.label()));
    let title = |id: &str| session.check(id).map_or_else(|| id.to_owned(), |c| c.title.clone());
    let kind = LogKind::of(&event.fact);
    let mut severity = None;
    let mut about = None;
    let text = match &event.fact {
        Fact::Opened(opening) => format!(
            "Watch of v{} on {} began{}",
            opening.release.version,
            opening.deployment.name,
            opening.simulated.as_ref().map_or_else(String::new, |s| format!(" — SIMULATED: {s}"))
        ),
        Fact::Resumed { program } => format!("Watch resumed ({program})"),
        Fact::Paused { reason } => format!("Watch paused: {reason}"),
        Fact::ClockJumped { by_ms } => {
            let by = Span::millis(by_ms.unsigned_abs());
            format!("The PC's clock stepped {} by {by}", if *by_ms < 0 { "back" } else { "forward" })
        }
        Fact::GapOpened { cause, from } => {
            format!("Not observed since {} UTC: {}", session.utc_of(*from).format("%H:%M:%S"), cause.label())
        }
        Fact::GapClosed { .. } => {
            let gap = session.gaps.last()?;
            let (length, why) = (gap.length(event.moment.watch), gap.cause.label());
            format!("Watch sees again; {length} unobserved ({why}); {}", read_back::UNKNOWN)
        }
        Fact::PhaseBegan { phase } => {
            let phase = session.opening.plan.phases.get(*phase as usize)?;
            format!("{} began: {}", phase.title, phase.focus)
        }
        Fact::CheckDone { check, late, items, .. } => {
            let n = |o| items.iter().filter(|i| i.outcome == o).count();
            let failed = n(ItemOutcome::Failed);
            if failed > 0 {
                severity = Some(Severity::Major);
            }
            let mut text = format!(
                "{}{} complete: {} of {} passed",
                title(check),
                if *late { " (late)" } else { "" },
                n(ItemOutcome::Passed),
                items.len()
            );
            for (word, count) in [
                ("failed", failed),
                ("unknown", n(ItemOutcome::Unknown)),
                ("owed by a person", n(ItemOutcome::Owed)),
            ] {
                if count > 0 {
                    text += &format!(", {count} {word}");
                }
            }
            text
        }
        Fact::CheckMissed { check, cause } => {
            severity = Some(Severity::Minor);
            format!("{} was missed: {cause}", title(check))
        }
        Fact::ItemTicked { check, item, outcome, by, remark } => {
            let word = if *outcome == ItemOutcome::Passed { "ticked" } else { "found wrong" };
            format!("{}: “{}” {word} by {by}: {remark}", title(check), item.text())
        }
        Fact::ContainerChanged { news, announced } => {
            if !announced {
                severity = weight(&news.change);
            }
            let at = news
                .at
                .map_or_else(String::new, |t| format!(" at {} UTC by the NAS's clock", t.format("%H:%M:%S")));
            let how = match (announced, news.reconstructed) {
                (true, true) => " (announced; reconstructed)",
                (true, false) => " (announced)",
                (false, true) => " (reconstructed)",
                (false, false) => "",
            };
            format!("{}{at}{how}", session.opening.deployment.told(news))
        }
        Fact::Announced(a) => {
            format!("{} announced until {} UTC: {}", a.by, session.utc_of(a.until).format("%H:%M:%S"), a.what)
        }
        Fact::DryRunAsked { by } => format!("{by} asked for a dry run of the roll back"),
        Fact::ActionBegan { action, order } => {
            about = order.incident;
            let accepted =
                order.accepted.as_ref().map_or_else(String::new, |risk| format!("; accepted: {risk}"));
            format!("{} began, decided by {}: {}{accepted}", done(action), order.by, order.reason)
        }
        Fact::ActionAdvanced { action, stage, detail } => {
            about = session.action(*action).and_then(|a| a.order.incident);
            format!("{}: {}{}", done(action), stage.label(), after_a_colon(detail))
        }
        Fact::ActionInterrupted { action, why, found } => {
            about = session.action(*action).and_then(|a| a.order.incident);
            severity = Some(Severity::Critical);
            let found = found.as_ref().map_or_else(String::new, |found| format!("; found: {}", found.detail));
            format!("{} is half done, a person has to decide: {why}{found}", done(action))
        }
        Fact::ActionResumed { action, by } => {
            about = session.action(*action).and_then(|a| a.order.incident);
            format!("{} is gone on with, decided by {by}", done(action))
        }
        Fact::UndoBegan { action, by, reason } => {
            about = session.action(*action).and_then(|a| a.order.incident);
            severity = Some(Severity::Major);
            format!("{} is being undone, decided by {by}: {reason}", done(action))
        }
        Fact::ActionEnded { action, outcome, detail } => {
            about = session.action(*action).and_then(|a| a.order.incident);
            severity = (*outcome != ActionOutcome::Done).then_some(Severity::Major);
            format!("{} {}: {detail}", done(action), outcome.label())
        }
        Fact::IncidentOpened { incident, problem, place, detail, .. } => {
            severity = Some(problem.issue.severity());
            about = Some(*incident);
            format!("{}, at {}: {detail}", named(incident), place.label())
        }
        Fact::IncidentNoted { incident, detail } => {
            about = Some(*incident);
            format!("{}: {detail}", named(incident))
        }
        Fact::IncidentExplained { incident, by } => {
            about = Some(*incident);
            format!("{} is explained by {}", named(incident), named(by))
        }
        Fact::IncidentAcknowledged { incident, by, reason } => {
            about = Some(*incident);
            format!("{} acknowledged by {by}: {reason}", named(incident))
        }
        Fact::StepDone { incident, step, by, remark } => {
            about = Some(*incident);
            format!("{}: {} ({by}): {remark}", named(incident), step.label())
        }
        Fact::IncidentRecovered { incident, detail } => {
            about = Some(*incident);
            format!("{} recovered: {detail}", named(incident))
        }
        Fact::IncidentReopened { incident, detail } => {
            about = Some(*incident);
            severity = session.incident(*incident).map(super::Incident::severity);
            format!("{} came back: {detail}", named(incident))
        }
        Fact::IncidentJudged { incident, judgement, by, remark } => {
            about = Some(*incident);
            let word = match judgement {
                Judgement::Confirmed => "confirmed",
                Judgement::Dismissed => "dismissed",
            };
            format!("{} {word} by {by}: {remark}", named(incident))
        }
        Fact::IncidentClosed { incident, by, remark } => {
            about = Some(*incident);
            format!("{} closed by {by}: {remark}", named(incident))
        }
        Fact::NotificationSent { failure: Some(why), .. } => {
            format!("A notification could not be shown: {why}")
        }
        Fact::NoteAdded { by, text } => format!("Note by {by}: {text}"),
        Fact::Concluded(verdict) => {
            format!("The plan has run to its end: {} — {}", verdict.finding.label(), verdict.reason)
        }
        Fact::SignedOff { by, decision, remark, .. } => {
            let remark = if remark.is_empty() { String::new() } else { format!(": {remark}") };
            format!("{} by {by}{remark}", decision.label())
        }
        Fact::EvidenceStored { incident, kind, bytes, failure, .. } => {
            about = Some(*incident);
            failure.as_ref().map_or_else(
                || format!("{}: evidence stored: {kind}, {bytes} bytes", named(incident)),
                |why| format!("{}: no {kind} as evidence: {why}", named(incident)),
            )
        }
        Fact::CheckBegan { .. }
        | Fact::ReadingsSealed { .. }
        | Fact::NotificationDecided { .. }
        | Fact::NotificationSent { failure: None, .. } => return None,
    };
    Some(LogLine { moment: event.moment, seq: event.seq, severity, incident: about, text, kind })
}

fn after_a_colon(detail: &str) -> String {
    if detail.is_empty() { String::new() } else { format!(": {detail}") }
}

/// How grave a change is that nobody had announced.
const fn weight(change: &ContainerChange) -> Option<Severity> {
    match change {
        ContainerChange::Touched { touch, .. } if !touch.is_grave() => Some(Severity::Minor),
        ContainerChange::ReachesFar { .. } => Some(Severity::Minor),
        ContainerChange::ReachChanged { grave: false, .. } | ContainerChange::TagMoved { .. } => {
            Some(Severity::Major)
        }
        ContainerChange::Touched { .. } | ContainerChange::ReachChanged { .. } => Some(Severity::Critical),
        other if other.is_bad() => Some(Severity::Critical),
        _ => None,
    }
}
