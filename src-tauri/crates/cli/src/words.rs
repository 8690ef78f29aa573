//! The words and shapes in which a state is told. A colour never stands alone.

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    checklist::ItemOutcome,
    escalation::Step,
    event::Pace,
    matrix::Severity,
    session::{CheckStatus, IncidentState},
    verdict::Finding,
    view::{CheckView, IncidentView, RungState, Stage, StepState, StepView, Tone, View},
};

/// How a thing is to be taken; decides the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Good,
    Warning,
    Bad,
    Quiet,
}

/// A shape, a word, and how to take it.
pub(crate) type Told = (&'static str, &'static str, Mood);

pub(crate) const fn tone(tone: Tone) -> Told {
    match tone {
        Tone::Ok => ("●", "ALL WELL", Mood::Good),
        Tone::Warning => ("▲", "WARNING", Mood::Warning),
        Tone::Critical => ("■", "CRITICAL", Mood::Bad),
        Tone::Gap => ("◌", "NOT OBSERVED", Mood::Warning),
        Tone::Idle => ("○", "NOT WATCHED", Mood::Quiet),
    }
}

/// The state in a word: while it lasts how all is, afterwards what came of it.
pub(crate) fn headline(view: &View) -> Told {
    match (view.stage, view.verdict.finding) {
        (Stage::SignedOff, _) => ("□", "SIGNED OFF", Mood::Quiet),
        (Stage::Concluded, Finding::Pass) => ("✓", "OVER: PASSED", Mood::Good),
        (Stage::Concluded, Finding::Fail) => ("✗", "OVER: FAILED", Mood::Bad),
        (Stage::Concluded, Finding::Inconclusive) => ("?", "OVER: INCONCLUSIVE", Mood::Warning),
        (Stage::InProgress | Stage::Interrupted, _) => tone(view.tone),
    }
}

/// A baseline's value or target without what only a wide page has room for.
pub(crate) fn short(text: &str) -> &str {
    let text = text.strip_suffix(" without interruption").unwrap_or(text);
    match text.split_once(" (") {
        Some((short, _)) if !short.is_empty() => short,
        _ => text,
    }
}

pub(crate) const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::InProgress => "in progress",
        Stage::Interrupted => "interrupted; it can be resumed",
        Stage::Concluded => "concluded; the sign-off is owed",
        Stage::SignedOff => "signed off",
    }
}

pub(crate) const fn finding(finding: Finding) -> Told {
    match finding {
        Finding::Pass => ("✓", "pass", Mood::Good),
        Finding::Fail => ("✗", "fail", Mood::Bad),
        Finding::Inconclusive => ("?", "open", Mood::Quiet),
    }
}

pub(crate) const fn outcome(outcome: ItemOutcome) -> Told {
    match outcome {
        ItemOutcome::Passed => ("✓", "passed", Mood::Good),
        ItemOutcome::Failed => ("✗", "FAILED", Mood::Bad),
        ItemOutcome::Unknown => ("?", "unknown", Mood::Warning),
        ItemOutcome::Owed => ("…", "owed by a person", Mood::Quiet),
    }
}

pub(crate) const fn severity(severity: Severity) -> Told {
    match severity {
        Severity::Critical => ("■", "critical", Mood::Bad),
        Severity::Major => ("▲", "major", Mood::Warning),
        Severity::Minor => ("◆", "minor", Mood::Quiet),
    }
}

pub(crate) const fn rung(state: RungState) -> Told {
    match state {
        RungState::Good => ("●", "good", Mood::Good),
        RungState::Bad => ("✗", "bad", Mood::Bad),
        RungState::Unknown => ("○", "not seen", Mood::Quiet),
    }
}

/// Of a checkpoint as a whole.
pub(crate) fn check(check: &CheckView) -> Told {
    let failed = check.lines.iter().any(|l| l.outcome == ItemOutcome::Failed);
    match check.check.status {
        CheckStatus::Pending => ("·", "to come", Mood::Quiet),
        CheckStatus::Running => ("▸", "being taken", Mood::Quiet),
        CheckStatus::Missed if check.check.result.is_some() => ("○", "missed; taken late", Mood::Warning),
        CheckStatus::Missed => ("○", "missed", Mood::Warning),
        CheckStatus::Done if failed => ("✗", "failed", Mood::Bad),
        CheckStatus::Done => ("✓", "done", Mood::Good),
    }
}

/// `OPEN`, `recovered`, …
pub(crate) fn incident(it: &IncidentView) -> &'static str {
    match (it.incident.state, it.incident.acknowledged.is_some()) {
        (IncidentState::Open, _) if it.incident.explained_by.is_some() => "symptom",
        (IncidentState::Open, false) => "OPEN",
        (IncidentState::Open, true) => "acknowledged",
        (IncidentState::Recovered, _) => "recovered",
        (IncidentState::Closed, _) => "closed",
    }
}

/// `restart the container within 3 min 12 s`, `roll back OVERDUE by 40 s`; `None` where nothing runs.
pub(crate) fn step(step: &StepView, view: &View, ahead: watchkeeper_core::time::Span) -> Option<String> {
    let now = view.now.watch + ahead;
    let label = step.step.label();
    match (step.state, step.due) {
        (
            StepState::Done
            | StepState::NotNeeded
            | StepState::NotApplicable
            | StepState::Missed
            | StepState::Owed,
            _,
        ) => None,
        (StepState::Due | StepState::Overdue, Some(due)) if due > now => {
            Some(format!("{label} within {}", due.since(now)))
        }
        // Due at once: the watch does these itself, and a second later they are no longer « overdue » but done.
        _ if matches!(step.step, Step::CheckLogs | Step::Notify) => Some(format!("{label} now")),
        (StepState::Due | StepState::Overdue, Some(due)) => {
            Some(format!("{label} OVERDUE by {}", now.since(due)))
        }
        (_, None) => None,
    }
}

/// `simulated: An ordinary first day`, `rehearsal at 720 times the speed`; `None` for a real watch.
pub(crate) fn kind(view: &View) -> Option<String> {
    let pace = view.opening.pace;
    match (&view.opening.simulated, is_fast(pace)) {
        (Some(title), true) => Some(format!("SIMULATED at {}× speed: {title}", pace.speed)),
        (Some(title), false) => Some(format!("SIMULATED: {title}")),
        (None, true) => Some(format!("REHEARSAL at {}× speed", pace.speed)),
        (None, false) => None,
    }
}

/// Whether the plan runs faster than the clock on the wall.
pub(crate) fn is_fast(pace: Pace) -> bool {
    pace.speed > 1.0
}

/// `16:30:05`.
pub(crate) fn time(utc: DateTime<Utc>) -> String {
    utc.format("%H:%M:%S").to_string()
}

/// `2026-01-10 16:30:05 UTC`.
pub(crate) fn stamp(utc: DateTime<Utc>) -> String {
    utc.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `10 Jan 16:30 UTC`.
pub(crate) fn day_and_time(utc: DateTime<Utc>) -> String {
    utc.format("%-d %b %H:%M UTC").to_string()
}

/// `1 incident`, `3 incidents`.
pub(crate) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// At most `width` characters, the last one `…` where something was cut.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    if width > 0 {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_shape_of_its_own() {
        let tones = [Tone::Ok, Tone::Warning, Tone::Critical, Tone::Gap, Tone::Idle].map(tone);
        for (i, a) in tones.iter().enumerate() {
            assert!(tones.iter().skip(i + 1).all(|b| a.0 != b.0 && a.1 != b.1), "{a:?}");
        }
    }

    #[test]
    fn long_texts_are_cut_by_characters() {
        for (text, width, cut_text) in
            [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("βάρδια", 4, "βάρ…"), ("abc", 0, ""), ("", 5, "")]
        {
            assert_eq!(cut(text, width), cut_text);
        }
        assert_eq!(counted(1, "line", "lines"), "1 line");
        assert_eq!(counted(0, "line", "lines"), "0 lines");
    }
}
