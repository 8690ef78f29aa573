//! The facts of a session, as the journal keeps them.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    action::{ActionOutcome, ActionRules, HalfDone, Order, Stage},
    chain::Hash,
    checklist::{Item, ItemOutcome, ItemResult},
    escalation::Step,
    gap::GapCause,
    matrix::Problem,
    notify::{NotifyReason, Urgency},
    part::Part,
    plan::Plan,
    reading::Place,
    rules::Rules,
    time::{Moment, Span, WatchTime},
    verdict::{Decision, Verdict},
};

/// One committed fact: its place in the order, its time, and the hash that chains it to the one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Event {
    /// From 1, without holes.
    pub seq: u64,
    /// When it was committed.
    #[serde(flatten)]
    pub moment: Moment,
    /// What happened.
    pub fact: Fact,
    /// SHA-256 over the previous event's hash and this event without its own; see [`crate::chain`].
    pub hash: Hash,
}

/// What is watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Deployment {
    /// For people, such as `QNAP Cyprus`.
    pub name: String,
    /// Such as `production`.
    pub environment: String,
    /// The address of the SMS, without credentials.
    pub url: String,
    /// How the Docker Engine is reached, without credentials.
    pub docker: String,
    /// The name of the application's container.
    pub container: String,
    /// The name of the front end's container, where it has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub front_end_container: Option<String>,
    /// The name of the database's container, where it has one that is watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database_container: Option<String>,
}

impl Deployment {
    /// The name of the container of `part`, where it has one that is watched.
    pub fn container_of(&self, part: Part) -> Option<&str> {
        match part {
            Part::Application => Some(&self.container),
            Part::FrontEnd => self.front_end_container.as_deref(),
            Part::Database => self.database_container.as_deref(),
        }
    }

    /// Every container that is watched, by part and name, the application's first.
    pub fn containers(&self) -> impl Iterator<Item = (Part, &str)> {
        Part::ALL.into_iter().filter_map(|part| Some((part, self.container_of(part)?)))
    }

    /// What `part`'s container is called: by its name where there are several, so that nobody has to guess which is meant.
    pub fn called(&self, part: Part) -> &str {
        let several = self.containers().nth(1).is_some();
        self.container_of(part).filter(|_| several).unwrap_or("Container")
    }

    /// What happened to which container, in a few words.
    pub fn told(&self, news: &ContainerNews) -> String {
        let (name, text) = (self.called(news.part), news.change.describe());
        match text.strip_prefix("Container") {
            Some(rest) => format!("{name}{rest}"),
            None if name == "Container" => text,
            None => format!("{name}: {text}"),
        }
    }
}

/// What was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Release {
    /// The version under watch, without `v`.
    pub version: String,
    /// The version to roll back to.
    pub previous: Option<String>,
    /// Its image on the NAS, where it is not the one of the running image's repository with that version as its tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_image: Option<String>,
    /// The database schema's revision that the previous version knows, as its `/health` told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_schema: Option<String>,
    /// `owner/name` on GitHub.
    pub repository: Option<String>,
}

/// How watch time relates to the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Pace {
    /// 1, or how many times as fast the plan is run in a rehearsal.
    pub speed: f64,
    /// Whether the UTC times of the journal run as fast too: so on the simulated deployment, whose day is simulated
    /// with its clock. On a real one UTC is UTC.
    pub utc_follows: bool,
}

impl Pace {
    /// An ordinary watch.
    pub const REAL: Self = Self { speed: 1.0, utc_follows: false };

    /// How much UTC passes in `span` of watch time.
    pub fn utc_span(self, span: Span) -> Span {
        if self.utc_follows {
            span
        } else {
            Span::millis((span.as_millis() as f64 / self.factor()).round() as u64)
        }
    }

    /// [`Pace::speed`], as far as it makes sense: what a damaged journal says is no reason to end.
    pub fn factor(self) -> f64 {
        if self.speed.is_finite() { self.speed.clamp(1.0, 100_000.0) } else { 1.0 }
    }
}

/// What a session is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Opening {
    /// The session's id, unique in the journal, such as `2026-01-10-1630-v1.15.1`.
    pub session: String,
    /// What is watched.
    pub deployment: Deployment,
    /// What was released.
    pub release: Release,
    /// Who stands the watch.
    pub owner: String,
    /// The schedule.
    pub plan: Plan,
    /// The thresholds.
    pub rules: Rules,
    /// Who decides on a restart and on a roll back.
    #[serde(default, skip_serializing_if = "ActionRules::is_default")]
    pub actions: ActionRules,
    /// Watch time against the wall clock.
    pub pace: Pace,
    /// The scenario's title when the deployment is the simulated one.
    pub simulated: Option<String>,
    /// The program and its version.
    pub program: String,
}

/// Something that happened to the container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContainerChange {
    /// It ended by itself.
    Crashed {
        /// Its exit code.
        exit_code: Option<i64>,
    },
    /// The kernel killed it for lack of memory.
    OomKilled,
    /// Somebody killed it.
    Killed {
        /// The signal, where told.
        signal: Option<String>,
    },
    /// Somebody stopped it.
    Stopped {
        /// Its exit code.
        exit_code: Option<i64>,
    },
    /// It was started, again or for the first time.
    Started,
    /// It had been restarted while nobody saw how.
    Restarted {
        /// The restart policy's count now.
        restart_count: u64,
    },
    /// Frozen.
    Paused,
    /// Thawed.
    Unpaused,
    /// Another container has the name now, from the same image.
    Recreated,
    /// Another container has the name now, from another image.
    ImageChanged {
        /// The image before.
        from: String,
        /// The image now.
        to: String,
        /// The name of both, where they have the same one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// It was removed.
    Removed,
    /// Its HEALTHCHECK turned unhealthy.
    Unhealthy,
    /// Its HEALTHCHECK turned healthy.
    Healthy,
    /// Somebody laid hands on it while it ran.
    Touched {
        /// How.
        touch: Touch,
        /// How often since it was last told, at least once.
        times: u32,
    },
    /// It has other rights, mounts or ports than the last container of its name.
    ReachChanged {
        /// Each difference, for people.
        what: Vec<String>,
        /// Whether it may do more, or is open to more.
        grave: bool,
    },
    /// At the first look it reaches far into the NAS. Nobody's doing now, but to be known.
    ReachesFar {
        /// In what, for people.
        what: Vec<String>,
    },
    /// The name of its image stands for another image now, while it runs the old one.
    TagMoved {
        /// The name.
        name: String,
        /// The image that the name stands for now.
        to: String,
    },
}

/// What somebody can do to a container while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// Ran a command in it.
    Exec,
    /// Copied files out of it.
    CopyOut,
    /// Copied files into it.
    CopyIn,
    /// Copied all of its files out.
    Export,
    /// Made an image of it.
    Commit,
    /// Attached to its input and output.
    Attach,
    /// Changed its limits or its restart policy.
    Update,
}

/// A change of the container with its circumstances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContainerNews {
    /// To whose container.
    #[serde(default, skip_serializing_if = "Part::is_application")]
    pub part: Part,
    /// What.
    pub change: ContainerChange,
    /// When, by the NAS's clock.
    pub at: Option<DateTime<Utc>>,
    /// When the watch learned of it.
    pub seen: WatchTime,
    /// Read back after a gap.
    pub reconstructed: bool,
}

/// A person's word on what looks like a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// It was one.
    Confirmed,
    /// It was none.
    Dismissed,
}

/// What a person asked to be told of in advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Announcement {
    /// What is going to be done, in the announcer's words.
    pub what: String,
    /// Who.
    pub by: String,
    /// Since when it excuses restarts: when it was said.
    pub from: WatchTime,
    /// Until when it excuses restarts.
    pub until: WatchTime,
}

/// What a session's journal says. Facts only; what follows from them is folded anew each time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The session began. Always the first event, once.
    Opened(Box<Opening>),
    /// The watch goes on after the program had ended.
    Resumed {
        /// The program and its version.
        program: String,
    },
    /// The program ended while the session was open.
    Paused {
        /// Why, for people.
        reason: String,
    },
    /// The PC's clock stepped against the monotonic one; positive is forward.
    ClockJumped {
        /// By how much, in milliseconds.
        by_ms: i64,
    },
    /// From here on the watch did not see.
    GapOpened {
        /// Why.
        cause: GapCause,
        /// Since when.
        from: WatchTime,
    },
    /// The watch sees again.
    GapClosed {
        /// Since when.
        to: WatchTime,
    },
    /// A phase of the plan began.
    PhaseBegan {
        /// Its place in the plan, from 0.
        phase: u32,
    },
    /// A checkpoint is being taken.
    CheckBegan {
        /// The plan's checkpoint, or `extra-N`.
        check: String,
        /// Taken after its time, beside a missed one.
        late: bool,
    },
    /// A checkpoint was taken.
    CheckDone {
        /// The plan's checkpoint, or `extra-N`.
        check: String,
        /// Taken after its time, beside a missed one.
        late: bool,
        /// Each line with its answer.
        items: Vec<ItemResult>,
        /// What else was seen, for people.
        observations: Vec<String>,
    },
    /// A checkpoint's time went by while the watch did not see.
    CheckMissed {
        /// The plan's checkpoint.
        check: String,
        /// Why, for people.
        cause: String,
    },
    /// A person answered an item.
    ItemTicked {
        /// The plan's checkpoint, or `extra-N`.
        check: String,
        /// The line.
        item: Item,
        /// Passed or failed.
        outcome: ItemOutcome,
        /// Who.
        by: String,
        /// In what words.
        remark: String,
    },
    /// The readings up to here, sealed into the chain.
    ReadingsSealed {
        /// How many readings there are in all.
        count: u64,
        /// SHA-256 chained over all of them; see [`crate::chain`].
        digest: Hash,
    },
    /// Something happened to the container.
    ContainerChanged {
        /// What, when, and how it is known.
        #[serde(flatten)]
        news: ContainerNews,
        /// Somebody had announced it.
        announced: bool,
    },
    /// Something is going to be done to the deployment.
    Announced(Announcement),
    /// An issue of the matrix happened.
    IncidentOpened {
        /// From 1.
        incident: u32,
        /// The row of the matrix and what it is about.
        problem: Problem,
        /// Where it lies.
        place: Place,
        /// What was seen, with values.
        detail: String,
        /// When it began, as far as is known.
        since: WatchTime,
    },
    /// More of the same while the incident was open.
    IncidentNoted {
        /// Which.
        incident: u32,
        /// What was seen.
        detail: String,
    },
    /// Another incident is the cause of this one.
    IncidentExplained {
        /// The symptom.
        incident: u32,
        /// The cause.
        by: u32,
    },
    /// A piece of evidence was stored.
    EvidenceStored {
        /// For which incident.
        incident: u32,
        /// `logs`, `inspect`, `health` or `readings`.
        kind: String,
        /// SHA-256 of the text.
        digest: Hash,
        /// Its size.
        bytes: u64,
        /// Why it could not be had.
        failure: Option<String>,
    },
    /// A person has seen the incident.
    IncidentAcknowledged {
        /// Which.
        incident: u32,
        /// Who.
        by: String,
        /// What they said.
        reason: String,
    },
    /// A step of the escalation was done.
    StepDone {
        /// Which incident.
        incident: u32,
        /// Which step.
        step: Step,
        /// Who, or `watch`.
        by: String,
        /// What was done.
        remark: String,
    },
    /// The problem is gone.
    IncidentRecovered {
        /// Which.
        incident: u32,
        /// What was seen.
        detail: String,
    },
    /// The problem is back.
    IncidentReopened {
        /// Which.
        incident: u32,
        /// What was seen.
        detail: String,
    },
    /// A person said what a suspicion comes to. A dismissed one is closed with the same words.
    IncidentJudged {
        /// Which.
        incident: u32,
        /// What it comes to.
        judgement: Judgement,
        /// Who.
        by: String,
        /// How they know.
        remark: String,
    },
    /// The incident is over.
    IncidentClosed {
        /// Which.
        incident: u32,
        /// Who, or `watch`.
        by: String,
        /// The root cause or what became of it.
        remark: String,
    },
    /// Somebody wants to know whether a roll back would work: the Engine is asked.
    DryRunAsked {
        /// Who.
        by: String,
    },
    /// Something is done to the deployment. Committed before anything is.
    ActionBegan {
        /// From 1.
        action: u32,
        /// What was decided.
        order: Box<Order>,
    },
    /// A part of it was done.
    ActionAdvanced {
        /// Which.
        action: u32,
        /// What.
        stage: Stage,
        /// How, for people.
        detail: String,
    },
    /// It broke off in the middle; a person decides whether it is finished or undone.
    ActionInterrupted {
        /// Which.
        action: u32,
        /// Why.
        why: String,
        /// How far it has come; `None` where that cannot be known yet.
        found: Option<HalfDone>,
    },
    /// What was interrupted is gone on with.
    ActionResumed {
        /// Which.
        action: u32,
        /// Who decided that.
        by: String,
    },
    /// From here on it is being undone.
    UndoBegan {
        /// Which.
        action: u32,
        /// Who decided that: a person, or `watch`.
        by: String,
        /// Why.
        reason: String,
    },
    /// It is over.
    ActionEnded {
        /// Which.
        action: u32,
        /// How.
        outcome: ActionOutcome,
        /// What came of it, for people.
        detail: String,
    },
    /// It was decided to tell somebody. Committed before anything is shown.
    NotificationDecided {
        /// From 1.
        notification: u32,
        /// About which incident.
        incident: Option<u32>,
        /// Why now.
        reason: NotifyReason,
        /// How urgent.
        urgency: Urgency,
        /// One line.
        title: String,
        /// The rest.
        body: String,
    },
    /// The notification was handed to the desktop, or could not be.
    NotificationSent {
        /// Which.
        notification: u32,
        /// Why not.
        failure: Option<String>,
    },
    /// A person wrote something down.
    NoteAdded {
        /// Who.
        by: String,
        /// What.
        text: String,
    },
    /// The plan has run to its end.
    Concluded(Box<Verdict>),
    /// A person decided. Nothing comes after it.
    SignedOff {
        /// Who.
        by: String,
        /// What.
        decision: Decision,
        /// In what words.
        remark: String,
        /// The verdict they had before them.
        verdict: Box<Verdict>,
    },
}
