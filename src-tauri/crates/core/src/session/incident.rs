//! Incidents: opened, acknowledged, acted on, recovered, closed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    chain::Hash,
    escalation::Step,
    event::Judgement,
    matrix::{Issue, Problem, Severity},
    notify::NotifyReason,
    part::Part,
    reading::Place,
    rules::{EscalationRules, Rules},
    time::{Moment, WatchTime},
};

/// Where an incident stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    /// The problem lasts.
    Open,
    /// The problem is gone.
    Recovered,
    /// It is over.
    Closed,
}

/// A step of the escalation that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct StepRecord {
    /// Which.
    pub step: Step,
    /// When.
    pub moment: Moment,
    /// Who, or `watch`.
    pub by: String,
    /// What was done.
    pub remark: String,
}

/// A piece of evidence in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct EvidenceRecord {
    /// `logs`, `inspect`, `health` or `readings`.
    pub kind: String,
    /// SHA-256 of its text.
    pub digest: Hash,
    /// Its size.
    pub bytes: u64,
    /// Why it could not be had.
    pub failure: Option<String>,
    /// When it was stored.
    pub moment: Moment,
}

impl EvidenceRecord {
    /// All kinds, each taken once of every critical incident, and again of the relapses that testify.
    pub const KINDS: [&'static str; 4] = ["logs", "inspect", "health", "readings"];
}

/// An issue of the matrix that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Incident {
    /// From 1.
    pub id: u32,
    /// The row of the matrix and what it is about.
    pub problem: Problem,
    /// Where it lies.
    pub place: Place,
    /// What was seen when it opened.
    pub detail: String,
    /// When the trouble began, as far as is known.
    pub since: WatchTime,
    /// When it was opened.
    pub opened: Moment,
    /// When the escalation's clock began: at its opening, or at a relapse after it had been well for long enough.
    pub clock: Moment,
    /// Where it stands.
    pub state: IncidentState,
    /// The acknowledgement since the clock began: when, who, why. A relapse that starts the clock wants another one.
    pub acknowledged: Option<(Moment, String, String)>,
    /// When it last recovered.
    pub recovered: Option<Moment>,
    /// When it last came back.
    pub reopened: Option<Moment>,
    /// When it closed, by whom, with what words.
    pub closed: Option<(Moment, String, String)>,
    /// The incident that explains it.
    pub explained_by: Option<u32>,
    /// How often it came back.
    pub relapses: u32,
    /// What was seen later.
    pub notes: Vec<(Moment, String)>,
    /// What was stored.
    pub evidence: Vec<EvidenceRecord>,
    /// What was done.
    pub steps: Vec<StepRecord>,
    /// What was told.
    pub told: Vec<(NotifyReason, WatchTime)>,
    /// A person's last word on whether it was a breach at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judged>,
}

/// A person's word on what looks like a breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Judged {
    /// When.
    pub moment: Moment,
    /// Whether it was one.
    pub judgement: Judgement,
    /// Who said so.
    pub by: String,
    /// How they know.
    pub remark: String,
}

/// What an incident weighs when the release is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It counts.
    Counts,
    /// What looks like a breach, and nobody has said yet whether it is one: it proves nothing either way.
    Undecided,
    /// A person has said that it was none.
    Dismissed,
}

impl Incident {
    /// How grave.
    pub const fn severity(&self) -> Severity {
        self.problem.issue.severity()
    }
    /// Whether the escalation's clock is on it.
    pub fn is_critical(&self) -> bool {
        self.severity() == Severity::Critical
    }
    /// What it weighs. A breach that was closed before people could judge one counts, as it did then.
    pub fn standing(&self) -> Standing {
        match &self.judged {
            Some(judged) if judged.judgement == Judgement::Dismissed => Standing::Dismissed,
            None if self.problem.issue == Issue::SecurityBreach && self.closed.is_none() => {
                Standing::Undecided
            }
            _ => Standing::Counts,
        }
    }
    /// Whether a person may say what it comes to: no reading tells a break-in from the work of an administrator, or
    /// damaged data from a correction.
    pub const fn is_for_a_person(&self) -> bool {
        matches!(self.problem.issue, Issue::SecurityBreach | Issue::DataCorruption)
    }
    /// Whether it lasts until a person has spoken: no reading shows that it is over.
    pub fn waits_for_a_person(&self) -> bool {
        self.is_for_a_person() && self.problem != Problem::new(Issue::SecurityBreach, "logins")
    }
    /// Whether it lasts and is nobody's symptom.
    pub fn is_running(&self) -> bool {
        self.state == IncidentState::Open && self.explained_by.is_none()
    }
    /// When the escalation's clock began: what was done or told before belongs to an earlier round.
    pub const fn found(&self) -> WatchTime {
        self.clock.watch
    }
    /// When a step of the escalation is due.
    pub fn step_due(&self, step: Step, rules: &EscalationRules) -> Option<WatchTime> {
        step.within(rules).map(|span| self.found() + span)
    }
    /// Steps with a clock that are neither done nor made unnecessary, with their due times.
    pub fn open_steps(&self, rules: &Rules) -> Vec<(Step, WatchTime)> {
        if !self.is_critical() || self.state != IncidentState::Open {
            return Vec::new();
        }
        [Step::Restart, Step::RollBack]
            .into_iter()
            .filter(|step| step.applies_to(&self.problem) && !self.is_done(*step))
            .filter_map(|step| Some((step, self.step_due(step, &rules.escalation)?)))
            .collect()
    }
    /// Whether a step was done since the escalation's clock began.
    pub fn is_done(&self, step: Step) -> bool {
        self.steps.iter().any(|s| s.step == step && s.moment.watch >= self.found())
    }
    /// Whether evidence is taken of its relapse: of each that starts the clock, and of a few that follow quickly.
    pub fn relapse_testifies(&self) -> bool {
        const QUICK: u32 = 3;
        self.is_critical() && (self.reopened == Some(self.clock) || self.relapses <= QUICK)
    }
    /// The newest piece of evidence of this kind since the escalation's clock began.
    pub fn evidence_of(&self, kind: &str) -> Option<&EvidenceRecord> {
        self.evidence.iter().rev().find(|e| e.kind == kind && e.moment.watch >= self.found())
    }
    /// Whether evidence is still to be taken: it is critical, not over, and a piece has neither come nor failed to.
    pub fn lacks_evidence(&self) -> bool {
        self.is_critical()
            && self.state != IncidentState::Closed
            && EvidenceRecord::KINDS.iter().any(|kind| self.evidence_of(kind).is_none())
    }
    /// `#3 Container crashes/restarts (container)`.
    pub fn label(&self) -> String {
        format!("#{} {} ({})", self.id, self.problem.issue.title(), self.problem.subject)
    }

    /// Whether a problem is only a consequence of this one.
    pub fn explains(&self, other: &Problem) -> bool {
        explains(&self.problem, other)
    }
}

/// Whether `cause` brings `symptom` about.
pub(super) fn explains(cause: &Problem, symptom: &Problem) -> bool {
    use Issue::{
        CapacityUsage, ContainerCrash, DatabaseConnection, FeatureFailure, HighCpu, HighMemory,
        IntermittentFailures, LogErrors, OccasionalTimeout, PerformanceDip, SecurityBreach, SlowQueries,
        WarningLogs,
    };
    if cause == symptom {
        return false;
    }
    let feature = |p: &Problem| match p.subject.as_str() {
        "page" | "asset" | "frontend" => "frontend",
        "login" => "login",
        "docker" => "docker",
        _ => "api",
    };
    let unreachable = |p: &Problem| p.issue == FeatureFailure && p.subject == "nas";
    let same_part = cause.part() == symptom.part();
    match cause.issue {
        _ if unreachable(symptom) => false,
        // What somebody did to the container while the NAS was away is not the NAS's doing.
        _ if unreachable(cause) => symptom.issue != SecurityBreach,
        ContainerCrash => down(cause.part(), symptom),
        DatabaseConnection => matches!(
            symptom.issue,
            FeatureFailure
                | IntermittentFailures
                | SlowQueries
                | OccasionalTimeout
                | LogErrors
                | WarningLogs
                | PerformanceDip
        ),
        FeatureFailure => {
            (symptom.issue == IntermittentFailures && feature(symptom) == feature(cause))
                || (symptom.issue == FeatureFailure && symptom.subject == "login" && cause.subject == "api")
                || matches!(symptom.issue, OccasionalTimeout | PerformanceDip)
        }
        IntermittentFailures => symptom.issue == OccasionalTimeout,
        SlowQueries => matches!(symptom.issue, PerformanceDip),
        HighMemory => symptom.issue == CapacityUsage && same_part,
        HighCpu => (symptom.issue == CapacityUsage && same_part) || symptom.issue == PerformanceDip,
        _ => false,
    }
}

/// Whether it comes of the container of `part` being down. The front end rests on the application, and that on the
/// database.
fn down(part: Part, symptom: &Problem) -> bool {
    use Issue::{
        CapacityUsage, ContainerCrash, DataCorruption, DatabaseConnection, HighCpu, HighMemory, LogErrors,
        SecurityBreach, SlowQueries, WarningLogs,
    };
    let about = symptom.part();
    match symptom.issue {
        SecurityBreach | DataCorruption | HighMemory | CapacityUsage => false,
        // A web server does not start without the application behind it, nor an application without its database.
        ContainerCrash => rests_on(about, part),
        HighCpu => about == part,
        LogErrors | WarningLogs => about == part || rests_on(about, part),
        DatabaseConnection | SlowQueries => part != Part::FrontEnd,
        _ => true,
    }
}

/// Whether one part does not work without the other.
const fn rests_on(part: Part, other: Part) -> bool {
    matches!(
        (part, other),
        (Part::FrontEnd, Part::Application | Part::Database) | (Part::Application, Part::Database)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_explains_itself_and_nothing_goes_round() {
        let subjects = [
            "nas",
            "api",
            "container",
            "database",
            "requests",
            "frontend",
            "page",
            "login",
            "docker",
            "health",
            "front end container",
            "database container",
            "database memory",
            "front end log",
            "database log",
        ];
        let all: Vec<Problem> =
            Issue::ALL.iter().flat_map(|i| subjects.iter().map(|s| Problem::new(*i, s))).collect();
        for a in &all {
            assert!(!explains(a, a), "{a:?}");
            for b in &all {
                assert!(!(explains(a, b) && explains(b, a)), "{a:?} and {b:?} explain each other");
            }
        }
    }
}
