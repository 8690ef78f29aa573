//! Readings: one measurement each, with its source, time, latency, and a value or a failure with its cause.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    action::Readiness,
    log::LogBatch,
    part::Part,
    reach::Reach,
    redact::from_outside,
    time::{Moment, WatchTime},
};

/// What was asked.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// `GET /health`: slow by nature (it runs a subprocess), no measure of latency.
    Health,
    /// `GET /health/ready`: a `SELECT 1` and a look at the disk; its duration bounds a database query from above.
    Ready,
    /// `GET /health/live`: the process answers.
    Live,
    /// `GET /`: the front end's page.
    Page,
    /// One of the assets that the page names.
    Asset,
    /// `GET /api`: the request that API latency is measured with.
    Api,
    /// The basic functionality test: log in, list students.
    Functions,
    /// The Docker Engine's version.
    Engine,
    /// `docker inspect` of the container.
    Inspect,
    /// `docker stats` of the container.
    Stats,
    /// New lines of the container's log.
    Logs,
    /// One event of the Engine's event stream.
    Events,
    /// The PC's own network.
    Network,
    /// Whether a roll back would work: a dry run.
    Readiness,
}

impl Source {
    /// All sources, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::Network,
        Self::Engine,
        Self::Inspect,
        Self::Events,
        Self::Stats,
        Self::Logs,
        Self::Health,
        Self::Ready,
        Self::Live,
        Self::Page,
        Self::Asset,
        Self::Api,
        Self::Functions,
        Self::Readiness,
    ];

    /// The name used in the journal's tables and in reports: `health`, `ready`, …
    pub const fn name(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Ready => "ready",
            Self::Live => "live",
            Self::Page => "page",
            Self::Asset => "asset",
            Self::Api => "api",
            Self::Functions => "functions",
            Self::Engine => "engine",
            Self::Inspect => "inspect",
            Self::Stats => "stats",
            Self::Logs => "logs",
            Self::Events => "events",
            Self::Network => "network",
            Self::Readiness => "readiness",
        }
    }

    /// Whether each container is asked for it.
    pub const fn is_of_containers(self) -> bool {
        matches!(self, Self::Inspect | Self::Stats | Self::Logs)
    }

    /// Whether it is asked at checkpoints alone, being too heavy or too intrusive for the routine.
    pub const fn is_of_checkpoints(self) -> bool {
        matches!(self, Self::Functions | Self::Readiness)
    }
    /// Whether the reading is one HTTP request to the SMS, and so counts in the error rate.
    pub const fn is_http(self) -> bool {
        matches!(self, Self::Health | Self::Ready | Self::Live | Self::Page | Self::Asset | Self::Api)
    }
}

/// Where a failure lies. Only the last five are the deployment's own.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// This PC: no network interface is up, or the watch itself failed.
    ThisPc,
    /// Between this PC and the NAS: name resolution, router.
    Network,
    /// The NAS does not answer although the network does.
    Nas,
    /// The NAS answers, its Docker Engine does not.
    DockerEngine,
    /// The container is not running, or not the one it should be.
    Container,
    /// The container runs, the application in it fails.
    Application,
    /// The application says that its database fails.
    Database,
}

impl Place {
    /// Whether a failure here counts against the deployment.
    pub const fn is_deployment(self) -> bool {
        !matches!(self, Self::ThisPc | Self::Network)
    }
    /// For people: `this PC`, `the Docker Engine`, …
    pub const fn label(self) -> &'static str {
        match self {
            Self::ThisPc => "this PC",
            Self::Network => "the network",
            Self::Nas => "the NAS",
            Self::DockerEngine => "the Docker Engine",
            Self::Container => "the container",
            Self::Application => "the application",
            Self::Database => "the database",
        }
    }
}

/// In what way a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No answer within the time allowed.
    Timeout,
    /// The host answered that nothing listens there.
    Refused,
    /// No route, host down.
    Unreachable,
    /// The host name is unknown.
    NameNotFound,
    /// The TLS handshake failed.
    Tls,
    /// The connection broke in the middle.
    Broken,
    /// An HTTP status that says failure.
    Status(u16),
    /// An answer that is not what it should be.
    BadAnswer,
    /// An answer over the size allowed.
    TooLarge,
    /// No such container.
    NoContainer,
    /// Credentials or a client certificate were refused.
    Denied,
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Failure {
    /// Where it lies, as far as the probe can tell.
    pub place: Place,
    /// In what way.
    pub kind: FailureKind,
    /// One line for people: what failed and where. Redacted.
    pub message: String,
}

/// What a probe answers; the engine adds the time and makes it a [`Reading`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Answer {
    /// Of which part of the deployment: the sources of the Docker Engine are asked of each container.
    #[serde(default, skip_serializing_if = "Part::is_application")]
    pub part: Part,
    /// What was asked.
    pub source: Source,
    /// From the request sent to the body read, in milliseconds. `None` where nothing was timed.
    pub took_ms: Option<f64>,
    /// Read back after a gap, of a time in which the watch did not see.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reconstructed: bool,
    /// A value or a failure.
    pub outcome: Outcome,
}

impl Answer {
    /// An answer with a value that took `took_ms` milliseconds.
    pub const fn value(source: Source, took_ms: f64, value: Value) -> Self {
        Self {
            part: Part::Application,
            source,
            took_ms: Some(took_ms),
            reconstructed: false,
            outcome: Outcome::Value(value),
        }
    }
    /// An answer with a value whose time means nothing.
    pub const fn untimed(source: Source, value: Value) -> Self {
        Self {
            part: Part::Application,
            source,
            took_ms: None,
            reconstructed: false,
            outcome: Outcome::Value(value),
        }
    }
    /// A failed request.
    pub fn failure(
        source: Source,
        took_ms: Option<f64>,
        place: Place,
        kind: FailureKind,
        message: impl Into<String>,
    ) -> Self {
        Self {
            part: Part::Application,
            source,
            took_ms,
            reconstructed: false,
            outcome: Outcome::Failure(Failure {
                place,
                kind,
                message: from_outside(&message.into(), Failure::MOST_OF_A_MESSAGE),
            }),
        }
    }
}

impl Answer {
    /// The same of another part.
    #[must_use]
    pub fn of(self, part: Part) -> Self {
        Self { part, ..self }
    }
}

impl Failure {
    /// The most characters that are kept of a message; much of it is often somebody else's text.
    pub const MOST_OF_A_MESSAGE: usize = 1_000;
}

/// One measurement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Reading {
    /// When the answer was there, by this PC's clock.
    pub utc: DateTime<Utc>,
    /// The same instant in watch time.
    pub watch: WatchTime,
    /// What was asked and what came back.
    #[serde(flatten)]
    pub answer: Answer,
}

impl Reading {
    /// Its exact JSON, as it is stored and as the digest of the readings is taken over it.
    ///
    /// # Errors
    /// When it holds a number that JSON has not.
    pub fn record(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// The answer, stamped with the moment at which it arrived.
    pub const fn at(moment: Moment, answer: Answer) -> Self {
        Self { utc: moment.utc, watch: moment.watch, answer }
    }
}

/// A value or a failure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// What was measured.
    Value(Value),
    /// Why nothing was.
    Failure(Failure),
}

/// What a source answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// [`Source::Live`], [`Source::Page`], [`Source::Asset`], [`Source::Api`]: an answer with a good status.
    Http(HttpAnswer),
    /// [`Source::Health`] and [`Source::Ready`], also where the status is 503: the body tells what is wrong.
    Health(Box<HealthAnswer>),
    /// [`Source::Functions`].
    Functions(FunctionsAnswer),
    /// [`Source::Engine`].
    Engine(EngineAnswer),
    /// [`Source::Inspect`].
    Container(Box<ContainerState>),
    /// [`Source::Stats`].
    Usage(Usage),
    /// [`Source::Logs`].
    Logs(LogBatch),
    /// [`Source::Events`].
    Event(ContainerEvent),
    /// [`Source::Network`]: the network is there; how it was found out.
    Network(String),
    /// [`Source::Readiness`].
    Readiness(Box<Readiness>),
}

/// A plain HTTP answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u16,
    /// The body's size in bytes.
    pub bytes: u64,
}

/// The health check's own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// `healthy`, or `ready`.
    Healthy,
    /// `degraded`: still serving.
    Degraded,
    /// `unhealthy`, or `not_ready`.
    Unhealthy,
    /// A word that is not known.
    Unknown,
}

/// What `/health` or `/health/ready` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct HealthAnswer {
    /// The HTTP status: 200, or 503 when unhealthy.
    pub http_status: u16,
    /// The overall word.
    pub status: HealthStatus,
    /// The application's version, where told.
    pub version: Option<String>,
    /// Seconds since the application started, where told.
    pub uptime_seconds: Option<f64>,
    /// Whether the database is connected and answers.
    pub database_ok: Option<bool>,
    /// What the health check says of the database.
    pub database_message: Option<String>,
    /// How full the disk is, in percent.
    pub disk_percent: Option<f64>,
    /// Whether the database schema is the newest one.
    pub migrations_at_head: Option<bool>,
    /// The schema's version.
    pub migration_version: Option<String>,
    /// How many rows there are; a sudden loss is a loss of data.
    pub statistics: Option<Statistics>,
}

/// Row counts of the main tables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Statistics {
    /// Students.
    pub students: Option<u64>,
    /// Courses.
    pub courses: Option<u64>,
    /// Grades.
    pub grades: Option<u64>,
    /// Enrolments.
    pub enrollments: Option<u64>,
}

/// The basic functionality test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct FunctionsAnswer {
    /// Whether the login gave a token; `None` when it was not tried.
    pub login: Option<bool>,
    /// How many students the list says there are; `None` when it could not be read.
    pub students: Option<u64>,
    /// What went wrong or was left out, for people. Empty when all is well.
    pub remark: String,
}

impl FunctionsAnswer {
    /// Whether it was made and all was well.
    pub fn works(&self) -> bool {
        self.login == Some(true) && self.students.is_some()
    }
}

/// The Docker Engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct EngineAnswer {
    /// The Engine's version, such as `20.10.24`.
    pub version: String,
    /// The newest API version it speaks, such as `1.41`.
    pub api_version: String,
    /// `linux/amd64` and the like.
    pub platform: String,
    /// By how much its clock is ahead of this PC's, in milliseconds; `None` where they agree within two seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_ahead_ms: Option<i64>,
}

/// The container's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContainerStatus {
    /// Made, never started.
    Created,
    /// Running.
    Running,
    /// Frozen by `docker pause`.
    Paused,
    /// Between two tries of the restart policy.
    Restarting,
    /// Being removed.
    Removing,
    /// Stopped.
    Exited,
    /// Could not be removed whole.
    Dead,
    /// A word that is not known.
    Unknown,
}

/// What the container's own HEALTHCHECK says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContainerHealth {
    /// There is no HEALTHCHECK.
    None,
    /// In its start period.
    Starting,
    /// Healthy.
    Healthy,
    /// Unhealthy.
    Unhealthy,
}

/// What `docker inspect` says of the container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContainerState {
    /// The container's full id.
    pub id: String,
    /// Its name without the leading slash.
    pub name: String,
    /// The image as it was named at `docker run`.
    pub image: String,
    /// The image's digest (`sha256:…`).
    pub image_id: String,
    /// Running or not.
    pub status: ContainerStatus,
    /// The HEALTHCHECK's word.
    pub health: ContainerHealth,
    /// When it was last started, by the NAS's clock.
    pub started_at: Option<DateTime<Utc>>,
    /// When it last ended, by the NAS's clock.
    pub finished_at: Option<DateTime<Utc>>,
    /// How often the restart policy started it again.
    pub restart_count: u64,
    /// Whether the kernel killed it for lack of memory.
    pub oom_killed: bool,
    /// The exit code of its last end.
    pub exit_code: Option<i64>,
    /// How far it reaches; older journals do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<Box<Reach>>,
    /// What the name in [`ContainerState::image`] stands for on the NAS now, where that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_image: Option<String>,
    /// The failed runs of its HEALTHCHECK that the Engine still remembers, oldest first; it keeps the last five runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_health_runs: Vec<FailedHealthRun>,
}

/// A run of the container's HEALTHCHECK that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct FailedHealthRun {
    /// When it began, by the NAS's clock.
    pub at: DateTime<Utc>,
    /// How it ended; -1 where it took too long.
    pub exit_code: i64,
    /// What it said, as one short line. Redacted.
    pub said: String,
}

impl FailedHealthRun {
    /// The most characters that are kept of what a run said.
    pub const MOST_OF_WHAT_IT_SAID: usize = 200;
}

/// What `docker stats` says of the container.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema, TS)]
pub struct Usage {
    /// CPU in percent of one core, as `docker stats` shows it; `None` for the first sample.
    pub cpu_percent: Option<f64>,
    /// How many cores the container may use; 100 % times this is all there is.
    pub online_cpus: u32,
    /// Memory in bytes without the page cache.
    pub memory_bytes: u64,
    /// The container's memory limit in bytes; `None` when it has none.
    pub memory_limit: Option<u64>,
}

impl Usage {
    /// CPU in percent of all cores together: what the baseline's « < 60 % » speaks of.
    pub fn cpu_share(&self) -> Option<f64> {
        self.cpu_percent.map(|p| p / f64::from(self.online_cpus.max(1)))
    }
    /// Memory in percent of the limit; `None` without a limit.
    pub fn memory_percent(&self) -> Option<f64> {
        self.memory_limit.filter(|l| *l > 0).map(|l| self.memory_bytes as f64 / l as f64 * 100.0)
    }
}

/// What happened to the container, in the Engine's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContainerAction {
    /// Made.
    Create,
    /// Started.
    Start,
    /// Asked to stop or killed by an operator, with the signal where told.
    Kill(Option<String>),
    /// Ended.
    Die,
    /// The kernel ran out of memory for it.
    Oom,
    /// Stopped by an operator.
    Stop,
    /// Restarted by an operator.
    Restart,
    /// Paused.
    Pause,
    /// Unpaused.
    Unpause,
    /// Given another name.
    Rename,
    /// Removed.
    Destroy,
    /// The HEALTHCHECK changed its mind.
    Health(ContainerHealth),
    /// A command was run in it that is not its HEALTHCHECK. Which one is never kept: it may hold a secret.
    Exec,
    /// Files were copied out of it.
    CopyOut,
    /// Files were copied into it.
    CopyIn,
    /// All of its files were copied out.
    Export,
    /// An image was made of it, with all of its files.
    Commit,
    /// Somebody attached to its input and output.
    Attach,
    /// Its limits or its restart policy were changed.
    Update,
    /// Anything else, by its name.
    Other(String),
}

/// One event of the Engine's stream about the watched container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ContainerEvent {
    /// When, by the NAS's clock.
    pub at: DateTime<Utc>,
    /// What.
    pub action: ContainerAction,
    /// The container's full id.
    pub id: String,
    /// The image as the container names it.
    pub image: String,
    /// The exit code, with [`ContainerAction::Die`].
    pub exit_code: Option<i64>,
}
