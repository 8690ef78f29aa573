//! The monitoring log: each fact worth a line, in words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Session;
use crate::{
    checklist::ItemOutcome,
    event::{Event, Fact},
    matrix::Severity,
    time::{Moment, Span},
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
}

/// The line that tells of `event`, if it is worth one. The session has taken the event in already.
pub(super) fn of(session: &Session, event: &Event) -> Option<LogLine> {
    let named = |id: &u32| session.incident(*id).map_or_else(|| format!("#{id}"), super::Incident::label);
    let title = |id: &str| session.check(id).map_or_else(|| id.to_owned(), |c| c.title.clone());
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
            format!("Watch sees again; {} unobserved ({})", gap.length(event.moment.watch), gap.cause.label())
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
            if news.change.is_bad() && !announced {
                severity = Some(Severity::Critical);
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
            format!("{}{at}{how}", news.change.describe())
        }
        Fact::Announced(a) => {
            format!("{} announced until {} UTC: {}", a.by, session.utc_of(a.until).format("%H:%M:%S"), a.what)
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
    Some(LogLine { moment: event.moment, seq: event.seq, severity, incident: about, text })
}
