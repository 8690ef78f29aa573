//! What the engine needs of the world.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use watchkeeper_core::{
    action::{HalfDone, RollBackPlan, Stage},
    event::Event,
    notify::Urgency,
    part::Part,
    reading::{Answer, Failure, Reading, Source},
};

/// Something that can be asked for readings.
#[async_trait]
pub trait Probe: Send + Sync {
    /// What it asks; names its loop. One probe may answer for several sources.
    fn source(&self) -> Source;

    /// Of which part of the deployment.
    fn part(&self) -> Part {
        Part::Application
    }

    /// Asks once. Never fails: what goes wrong is an [`Answer`] with a failure. Ends within the probe's own time-out,
    /// and may be dropped at any await.
    async fn ask(&self, depth: Depth) -> Vec<Answer>;
}

/// How thoroughly to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Between checkpoints, every half minute.
    Routine,
    /// At a checkpoint: with what is too heavy or too intrusive for the routine (log in, list students).
    Checkpoint,
}

/// Something that tells by itself: the Engine's event stream.
#[async_trait]
pub trait Listen: Send + Sync {
    /// Sends answers until the receiver is gone. Connects again by itself, with back-off; a lost connection is an
    /// [`Answer`] with a failure, and after it what happened in between is read back, marked `reconstructed`.
    async fn listen(&self, answers: mpsc::Sender<Answer>);
}

/// One piece of evidence, taken before anything is touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// `logs`, `inspect`, `health` or `readings`.
    pub kind: String,
    /// The redacted text itself, at most 1 MiB; JSON where the source is JSON.
    pub text: String,
    /// `None`, or why it could not be had; then `text` is empty.
    pub failure: Option<String>,
}

/// Who fetches evidence from the deployment.
#[async_trait]
pub trait Witness: Send + Sync {
    /// The last 500 log lines and the inspect answer of the container of `part`, and the health body, as they are now.
    /// Never fails: what could not be had says why.
    async fn testify(&self, part: Part) -> Vec<Evidence>;
}

/// A stage that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Which.
    pub stage: Stage,
    /// How, for people: ids, names, how long it took. Redacted.
    pub detail: String,
}

/// Who acts on the deployment. What it is asked to do was committed before. Each of these can be called again after it
/// was interrupted anywhere: it looks how far things have come, does what is left, and tells only that.
#[async_trait]
pub trait Operator: Send + Sync {
    /// Restarts the container of `part` with its own grace period, and waits until it is healthy: until its HEALTHCHECK says so;
    /// without one, until it has run for a few seconds.
    ///
    /// # Errors
    /// What failed. The container is as it is then.
    async fn restart(&self, part: Part, told: mpsc::Sender<Progress>) -> Result<(), Failure>;

    /// Carries `plan` out until the container of the previous image is healthy.
    ///
    /// # Errors
    /// What failed. Nothing was undone.
    async fn roll_back(&self, plan: &RollBackPlan, told: mpsc::Sender<Progress>) -> Result<(), Failure>;

    /// Undoes `plan`, however far it has come: the container that was there before runs again under its name.
    ///
    /// # Errors
    /// What failed. It may be tried again.
    async fn undo(&self, plan: &RollBackPlan, told: mpsc::Sender<Progress>) -> Result<(), Failure>;

    /// How far `plan` has come. Touches nothing.
    ///
    /// # Errors
    /// Why it cannot be known.
    async fn examine(&self, plan: &RollBackPlan) -> Result<HalfDone, Failure>;
}

/// Why something could not be written down. The watch stops then: it never goes on unrecorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the journal could not be written: {0}")]
pub struct JournalError(pub String);

/// Where the session is recorded. One writer per session: the actor.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Records readings in their order, as taken after the event number `after_seq` (0 before the first). The order of
    /// events and readings together is what a fold repeats.
    ///
    /// # Errors
    /// When they are not stored.
    async fn record(&self, after_seq: u64, readings: &[Reading]) -> Result<(), JournalError>;

    /// Appends events; they are on the disk when this returns.
    ///
    /// # Errors
    /// When they are not, none of them.
    async fn append(&self, events: &[Event]) -> Result<(), JournalError>;

    /// Stores the text of a piece of evidence under its digest.
    ///
    /// # Errors
    /// When it is not stored.
    async fn keep(&self, incident: u32, evidence: &Evidence) -> Result<(), JournalError>;
}

/// A login that was sent and of which no good answer is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginTry {
    /// When it was sent, UTC.
    pub at: DateTime<Utc>,
    /// Whether it was refused; otherwise nothing is known of it.
    pub refused: bool,
}

/// Remembers logins beyond the end of the program: the SMS locks a whole address out after five failures within five
/// minutes, and it counts those of the program before as well.
#[async_trait]
pub trait LoginLedger: Send + Sync {
    /// The last login of `account` that may have counted as a failure.
    ///
    /// # Errors
    /// Why it cannot be known.
    async fn last(&self, account: &str) -> Result<Option<LoginTry>, JournalError>;

    /// Notes the last login of `account`; `None` after a good one.
    ///
    /// # Errors
    /// Why it could not be noted: then nothing must be sent.
    async fn note(&self, account: &str, last: Option<LoginTry>) -> Result<(), JournalError>;
}

/// A notification as it is to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// One line.
    pub title: String,
    /// The rest.
    pub body: String,
    /// How urgent.
    pub urgency: Urgency,
    /// What it is about.
    pub about: About,
}

/// What a notification is about: a later one takes the place of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// An incident of the session.
    Incident(u32),
    /// Whether the session is watched at all.
    Watch,
    /// Something else: only another one of the same title takes its place.
    Other,
}

impl Notification {
    /// The incident that it is about.
    pub const fn incident(&self) -> Option<u32> {
        match self.about {
            About::Incident(incident) => Some(incident),
            About::Watch | About::Other => None,
        }
    }
}

/// Each effect that the watch has on the person at the desk.
#[async_trait]
pub trait Herald: Send + Sync {
    /// Shows a notification.
    ///
    /// # Errors
    /// Why it could not be shown, for people.
    async fn show(&self, notification: &Notification) -> Result<(), String>;
}
