//! Whether to tell somebody, and why: one pure function with a reason.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    escalation::Step,
    matrix::Severity,
    rules::NotifyRules,
    time::{Span, WatchTime},
};

/// How loudly to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// For later.
    Low,
    /// For now.
    Normal,
    /// Kept on the screen until seen.
    Critical,
}

/// Why somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum NotifyReason {
    /// An incident opened.
    Opened,
    /// It is still open and nobody has acknowledged it.
    Reminder,
    /// It came back after it had recovered.
    Reopened,
    /// A step of the escalation is due soon.
    StepDue(Step),
    /// A step of the escalation is over its time.
    StepOverdue(Step),
    /// It is gone.
    Recovered,
    /// An earlier notification could not be shown.
    Undelivered,
    /// A checkpoint was missed.
    CheckMissed,
    /// The session's plan has run to its end.
    Concluded,
    /// The watch has begun to do something to the deployment by itself.
    ActionBegan,
    /// What was being done is half done; a person has to decide.
    ActionHalfDone,
    /// What was being done is over.
    ActionOver,
}

/// What is known of an open or recovered incident when the question is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Notifiable<'a> {
    /// How grave.
    pub severity: Severity,
    /// When the escalation's clock began; what was told of its steps before is of an earlier round.
    pub clock: WatchTime,
    /// When it came back, last.
    pub reopened: Option<WatchTime>,
    /// When it recovered; `None` while it lasts.
    pub recovered: Option<WatchTime>,
    /// Whether a person has acknowledged it.
    pub acknowledged: bool,
    /// Whether another incident explains it.
    pub explained: bool,
    /// Whether it is closed.
    pub closed: bool,
    /// What was told so far, and when it was decided.
    pub told: &'a [(NotifyReason, WatchTime)],
    /// Open steps with their due times.
    pub steps: &'a [(Step, WatchTime)],
}

/// Decides whether to tell now, and why; `None` is silence.
pub fn decide(it: &Notifiable<'_>, rules: &NotifyRules, now: WatchTime) -> Option<NotifyReason> {
    let told = |reason| it.told.iter().any(|(r, at)| *r == reason && *at >= it.clock);
    let last = it.told.last().map(|(_, at)| *at);
    if it.explained || it.severity < rules.from_severity {
        return None;
    }
    let told_of_it = it.told.iter().any(|(r, _)| matches!(r, NotifyReason::Opened | NotifyReason::Reopened));
    if it.recovered.is_some() || it.closed {
        // A relapse that was not told needs no end that is told.
        let mut turns = it.told.iter().rev().map(|(r, _)| *r);
        let said = turns.find(|r| is_turn(*r)) == Some(NotifyReason::Recovered);
        // A grave one that was over before anybody could be told is told all the same, and then its end.
        if !told_of_it && !it.closed && it.severity == Severity::Critical {
            return Some(NotifyReason::Opened);
        }
        return (told_of_it && it.recovered.is_some() && !said).then_some(NotifyReason::Recovered);
    }
    if !told_of_it {
        return Some(NotifyReason::Opened);
    }
    // What comes and goes every minute is told as often as what stays, not each time.
    let told_at = |reason| it.told.iter().rev().find(|(r, _)| *r == reason).map(|(_, at)| *at);
    if let Some(back) = it.reopened
        && told_at(NotifyReason::Opened).is_none_or(|at| at < back)
        && told_at(NotifyReason::Reopened).is_none_or(|at| at < back && now.since(at) >= rules.remind_every)
    {
        return Some(NotifyReason::Reopened);
    }
    // The escalation's clock speaks also to those who have acknowledged: it is what they acknowledged it for.
    for (step, due) in it.steps {
        if now >= *due && !told(NotifyReason::StepOverdue(*step)) {
            return Some(NotifyReason::StepOverdue(*step));
        }
        if now + rules.warn_before >= *due && now < *due && !told(NotifyReason::StepDue(*step)) {
            return Some(NotifyReason::StepDue(*step));
        }
    }
    let quiet_for = last.map_or(Span::ZERO, |at| now.since(at));
    (!it.acknowledged && it.severity == Severity::Critical && quiet_for >= rules.remind_every)
        .then_some(NotifyReason::Reminder)
}

/// Whether it tells of a beginning or an end.
const fn is_turn(reason: NotifyReason) -> bool {
    matches!(reason, NotifyReason::Opened | NotifyReason::Reopened | NotifyReason::Recovered)
}

#[cfg(test)]
mod tests {
    use super::*;

    const M: fn(u64) -> WatchTime = |m| WatchTime(m * 60_000);

    fn open(told: &[(NotifyReason, WatchTime)]) -> Notifiable<'_> {
        Notifiable {
            severity: Severity::Critical,
            clock: M(0),
            reopened: None,
            recovered: None,
            acknowledged: false,
            explained: false,
            closed: false,
            told,
            steps: &[(Step::Restart, WatchTime(300_000)), (Step::RollBack, WatchTime(900_000))],
        }
    }

    #[test]
    fn each_silence_and_each_word_has_its_reason() {
        use NotifyReason::{Opened, Recovered, Reminder, Reopened, StepDue, StepOverdue};
        let rules = NotifyRules::default();
        let told = [(Opened, M(0))];
        let due = [(Opened, M(0)), (StepDue(Step::Restart), M(4))];
        let over = [
            (Opened, M(0)),
            (StepDue(Step::Restart), M(4)),
            (StepOverdue(Step::Restart), M(5)),
            (StepDue(Step::RollBack), M(14)),
            (StepOverdue(Step::RollBack), M(15)),
        ];
        let recovered = [(Opened, M(0)), (Recovered, M(3))];
        let relapsed = [
            (Opened, M(0)),
            (StepDue(Step::Restart), M(4)),
            (StepOverdue(Step::Restart), M(5)),
            (Recovered, M(7)),
            (Reopened, M(60)),
        ];
        let again = |told| Notifiable {
            clock: M(60),
            reopened: Some(M(60)),
            steps: &[(Step::Restart, WatchTime(65 * 60_000))],
            ..open(told)
        };
        let cases: [(&str, Notifiable<'_>, WatchTime, Option<NotifyReason>); 19] = [
            ("new", open(&[]), M(0), Some(Opened)),
            ("said once", open(&told), M(1), None),
            ("restart is due soon", open(&told), M(4), Some(StepDue(Step::Restart))),
            ("said so", open(&due), M(4), None),
            ("restart is overdue", open(&due), M(5), Some(StepOverdue(Step::Restart))),
            ("reminder", open(&over), M(30), Some(Reminder)),
            ("not yet", open(&over), M(29), None),
            ("acknowledged", Notifiable { acknowledged: true, ..open(&over) }, M(90), None),
            ("explained", Notifiable { explained: true, ..open(&[]) }, M(0), None),
            ("minor", Notifiable { severity: Severity::Minor, ..open(&[]) }, M(0), None),
            ("recovered", Notifiable { recovered: Some(M(3)), ..open(&told) }, M(3), Some(Recovered)),
            ("recovered, said", Notifiable { recovered: Some(M(3)), ..open(&recovered) }, M(9), None),
            (
                "recovered before anyone was told",
                Notifiable { recovered: Some(M(3)), ..open(&[]) },
                M(3),
                Some(Opened),
            ),
            ("due soon after a relapse", again(&relapsed), M(64), Some(StepDue(Step::Restart))),
            ("overdue after a relapse", again(&relapsed), M(65), Some(StepOverdue(Step::Restart))),
            (
                "back again within minutes",
                Notifiable { reopened: Some(M(66)), ..again(&relapsed) },
                M(66),
                Some(StepOverdue(Step::Restart)),
            ),
            (
                "back again after a while",
                Notifiable { reopened: Some(M(76)), ..again(&relapsed) },
                M(76),
                Some(Reopened),
            ),
            (
                "gone again before it was told",
                Notifiable { recovered: Some(M(6)), reopened: Some(M(5)), ..open(&recovered) },
                M(6),
                None,
            ),
            ("back again", Notifiable { reopened: Some(M(4)), ..open(&recovered) }, M(4), Some(Reopened)),
        ];
        for (name, it, now, expected) in cases {
            assert_eq!(decide(&it, &rules, now), expected, "{name}");
        }
    }
}
