//! What passes between the window and the program. TypeScript has these types by way of ts-rs, in `ui/src/generated`.
//!
//! All times are UTC in RFC 3339; lengths of time and watch time are milliseconds.

mod plan;
mod way;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use watchkeeper_core::{
    baseline::Baseline,
    part::Part,
    reading::{ContainerState, FailureKind, Place},
    roll_back::RollBack,
    session::LogKind,
    time::{Moment, Span, WatchTime},
    verdict::Verdict,
    view::{BesideView, Confidence, NextCheck, NextStep, Rung, Stage, Tone, View},
};

pub use plan::{PlanCheck, PlanDraft, PlanFault, PlanItem, PlanPage, PlanSaved, RunningPlan};
pub use way::{KeptCertificates, KnownHostKey, ShownHostKey, SshSecret, SshState};

/// Why a request was not carried out. The window branches on `code` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct RequestError {
    /// What kind it is of.
    pub code: ErrorCode,
    /// What failed, and where; in English, as the journal is.
    pub message: String,
    /// What to do, where there is more to say than the code does; in English.
    pub help: Option<String>,
    /// What other languages know that help by, where they have words of their own for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub advice: Option<Advice>,
}

/// A help that each language has its own words for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Advice {
    /// Stays when the words change.
    pub id: &'static str,
    /// What stands in them as `{name}`, such as an environment variable; may be empty.
    pub name: String,
}

/// The kinds of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// What was given is wrong.
    Input,
    /// The session does not allow it as it stands.
    Refused,
    /// There is no such session, deployment or file.
    NotFound,
    /// Another process writes the session.
    InUse,
    /// The session is signed off; nothing is written any more.
    SignedOff,
    /// A file is damaged.
    Damaged,
    /// What was recorded does not hold against its chain.
    Broken,
    /// No session is shown.
    NothingShown,
    /// The keychain cannot be used.
    Keychain,
    /// It could not be carried out here and now.
    CouldNot,
}

/// What the window needs to begin with.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Home {
    /// Such as `0.1.0`.
    pub program_version: String,
    /// The session that is shown.
    pub showing: Option<String>,
    /// What can be watched.
    pub deployments: Vec<DeploymentCard>,
    /// What was recorded, the newest first.
    pub sessions: Vec<SessionCard>,
    /// A set-up was begun and left.
    pub draft: bool,
    /// Whether secrets can be kept.
    pub keychain: KeychainState,
    /// The program's settings.
    pub settings: AppSettings,
    /// Where everything is kept.
    pub data_folder: String,
    /// Files of deployments that cannot be read, each with why.
    pub unreadable: Vec<String>,
    /// Files of the program itself that could not be understood and were begun anew since it was started, each with why.
    pub begun_anew: Vec<String>,
}

/// A deployment that can be watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct DeploymentCard {
    /// The file's name without its ending.
    pub id: String,
    /// For people.
    pub name: String,
    /// The address of the SMS.
    pub url: String,
    /// The version that is to be watched.
    pub version: String,
    /// The account of the functionality test, if there is one.
    pub account: Option<String>,
    /// The session of it that this program watches now.
    pub watched: Option<String>,
}

/// A recorded session.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct SessionCard {
    /// Its id.
    pub id: String,
    /// The deployment's name.
    pub deployment: String,
    /// The version under watch.
    pub version: String,
    /// Who stands the watch.
    pub owner: String,
    /// When it was opened.
    pub opened: DateTime<Utc>,
    /// When its last event was committed.
    pub last_event: DateTime<Utc>,
    /// The scenario's title, where the deployment is simulated.
    pub simulated: Option<String>,
    /// How many times as fast as the clock.
    pub speed: f64,
    /// How far it is.
    pub state: SessionCardState,
    /// `pass`, `inconclusive` or `fail`, once it is known.
    pub finding: Option<String>,
    /// `approved` or `rejected`.
    pub decision: Option<String>,
    /// Who watches it now.
    pub watched: Watched,
}

/// How far a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SessionCardState {
    /// Its plan has not run to its end.
    Open,
    /// The sign-off is owed.
    Concluded,
    /// Decided and closed.
    SignedOff,
}

/// Who watches a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Watched {
    /// This program.
    Here,
    /// Another process, such as the terminal's.
    Elsewhere,
    /// Nobody.
    Nobody,
}

/// Whether the system's keychain can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct KeychainState {
    /// It can.
    pub available: bool,
    /// Why not.
    pub word: String,
    /// The environment variable that holds a password instead, unless a deployment names another.
    pub variable: String,
}

/// The program's own settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct AppSettings {
    /// The name that notes, acknowledgements and decisions are signed with.
    pub owner: String,
    /// The window's language.
    pub language: Language,
    /// The window's colours.
    pub theme: Theme,
    /// Start with the PC.
    pub autostart: bool,
    /// Show notifications on the desktop.
    pub notify_desktop: bool,
}

/// The window's language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// As the system has it.
    #[default]
    System,
    /// English.
    En,
    /// Greek.
    El,
}

/// The window's colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            owner: watchkeeper_desk::files::person(),
            language: Language::System,
            theme: Theme::System,
            autostart: false,
            notify_desktop: true,
        }
    }
}

/// A day that can be simulated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ScenarioCard {
    /// Its name.
    pub name: String,
    /// For people.
    pub title: String,
    /// What happens.
    pub description: String,
}

/// The view of the session that is shown, with what stands behind its English words: the record and the report are
/// English, the person may read another language.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ShownView {
    /// Everything there is to show.
    #[serde(flatten)]
    pub view: View,
    /// What each line of the log tells of, line by line.
    pub log_kinds: Vec<Option<LogKind>>,
    /// In what way a request failed, rung by rung of the ladder.
    pub rung_kinds: Vec<Option<FailureKind>>,
    /// What is to be done now, soon, and at the end.
    pub next: Vec<NextStep>,
    /// The plan is the built-in one: its titles are the program's words, not a person's.
    pub built_in_plan: bool,
    /// How a person goes back to the previous version.
    pub roll_back: RollBack,
}

/// Something was recorded. Comes at most five times a second, and only while the window is visible.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Pulse {
    /// The session.
    pub session: String,
    /// The last event's number: when it has risen, the whole view is to be had anew.
    pub seq: u64,
    /// How many readings there are.
    pub readings: u64,
    /// When it was last found out whether a roll back would work, UTC: when it has changed, the whole view is to be had anew.
    pub readiness_at: Option<DateTime<Utc>>,
    /// What changes with every reading.
    pub glance: Glance,
}

/// What of a view changes with every reading.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Glance {
    /// The instant.
    pub now: Moment,
    /// Where the session stands.
    pub stage: Stage,
    /// The state in one word.
    pub tone: Tone,
    /// How much of the plan has passed.
    pub elapsed: Span,
    /// How much is left.
    pub left: Span,
    /// The next checkpoint.
    pub next_check: Option<NextCheck>,
    /// The eight baselines.
    pub baselines: Vec<Baseline>,
    /// Where a fault would be.
    pub ladder: Vec<Rung>,
    /// In what way a request failed, rung by rung.
    pub rung_kinds: Vec<Option<FailureKind>>,
    /// The share that was seen, in percent.
    pub coverage_percent: f64,
    /// The criteria and the verdict so far.
    pub verdict: Verdict,
    /// How sure one may be, and why: it names the same figures as the verdict.
    pub confidence: Confidence,
    /// What is to be done now, soon, and at the end.
    pub next: Vec<NextStep>,
    /// The same in English, as it is published.
    pub next_steps: Vec<String>,
    /// When the last reading came.
    pub last_reading: Option<WatchTime>,
    /// The application's container as last seen.
    pub container: Option<ContainerState>,
    /// The containers beside it.
    pub beside: Vec<BesideView>,
}

/// A notification was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Told {
    /// The session.
    pub session: String,
    /// One line.
    pub title: String,
    /// The rest.
    pub body: String,
    /// `low`, `normal` or `critical`.
    pub urgency: watchkeeper_core::notify::Urgency,
    /// The incident that it is about.
    pub incident: Option<u32>,
    /// It is in English, although the person has chosen another language: there are no other words for it.
    pub english: bool,
}

/// The window is to show something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Go {
    /// The page.
    pub page: Page,
    /// The incident on it.
    pub incident: Option<u32>,
}

/// The window's pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// The watch.
    Watch,
    /// The checkpoints.
    Checks,
    /// The matrix and its incidents.
    Issues,
    /// The log and one's notes.
    Log,
    /// The report and the sign-off.
    Report,
    /// The settings.
    Settings,
}

/// What is measured over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SeriesName {
    /// `GET /api`, ms.
    ApiMs,
    /// The database's bound, ms.
    DatabaseMs,
    /// Failed requests, percent of those in the bucket.
    ErrorPercent,
    /// Memory in use, MiB.
    MemoryMib,
    /// CPU, percent of all cores.
    CpuPercent,
    /// `GET /health`, ms.
    HealthMs,
}

/// A series, down-sampled so that no spike vanishes and a gap stays a gap.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Series {
    /// Which.
    pub name: SeriesName,
    /// Its target, in its own unit.
    pub target: Option<f64>,
    /// The most that is possible, such as the memory limit.
    pub limit: Option<f64>,
    /// How many readings it rests on.
    pub n: u64,
    /// The buckets that hold something.
    pub points: Vec<Point>,
    /// Indexes of points before which the line is interrupted.
    pub breaks: Vec<u32>,
}

/// One bucket.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, TS)]
pub struct Point {
    /// The watch time of its last reading.
    pub at: WatchTime,
    /// The least.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// The last.
    pub last: f64,
}

/// What series to give, and how finely.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SeriesRequest {
    /// Which.
    pub names: Vec<SeriesName>,
    /// From here.
    pub from: WatchTime,
    /// To here.
    pub to: WatchTime,
    /// At most so many points each; at most 4 000.
    pub buckets: u32,
}

/// How far a person has read the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LastLooked {
    /// The last event that was there to be seen; 0 before the first look.
    pub seq: u64,
    /// When that was.
    pub utc: Option<DateTime<Utc>>,
}

/// A piece of evidence as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct EvidenceView {
    /// `logs`, `inspect`, `health` or `readings`.
    pub kind: String,
    /// SHA-256 of the text.
    pub digest: String,
    /// The text itself, redacted where it entered.
    pub text: String,
}

/// A piece of a report's text. Nothing of it is markup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Block {
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its text.
        text: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph {
        /// Its text.
        text: Vec<Inline>,
    },
    /// A list.
    List {
        /// Numbered from here, or not at all.
        from: Option<u32>,
        /// Its items, each of blocks.
        items: Vec<ListItem>,
    },
    /// A table.
    Table {
        /// Its head.
        head: Vec<Vec<Inline>>,
        /// Its rows.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// Text as it is, line by line.
    Code {
        /// The text.
        text: String,
    },
    /// What is set apart.
    Quote {
        /// What stands in it.
        blocks: Vec<Block>,
    },
    /// A line across.
    Rule,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ListItem {
    /// A box that is ticked or not, or no box.
    pub ticked: Option<bool>,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A run of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Inline {
    /// The text.
    pub text: String,
    /// Strong.
    pub strong: bool,
    /// Emphasised.
    pub emphasis: bool,
    /// Set as code.
    pub code: bool,
}

/// In what form a report is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// For people.
    Markdown,
    /// For programs, with the whole chain.
    Json,
}

/// What a file is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// The folder with ca.pem, cert.pem and key.pem.
    CertificateFolder,
    /// The authority of the SMS's own certificate.
    AuthorityFile,
    /// A private key for SSH.
    KeyFile,
    /// A plan.
    PlanFile,
}

/// A set-up that is under way. It holds no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct SetUp {
    /// The deployment that is changed; `None` for a new one.
    pub deployment: Option<String>,
    /// Its name for people.
    pub name: String,
    /// Such as `production`.
    pub environment: String,
    /// The address of the SMS.
    pub url: String,
    /// The authority of its certificate (PEM).
    pub ca_file: String,
    /// The Docker Engine.
    pub docker: String,
    /// The folder with ca.pem, cert.pem and key.pem.
    pub docker_certificates: String,
    /// A person consents to an Engine over the network without certificates.
    pub docker_unprotected: bool,
    /// The `docker` program on the NAS, by SSH.
    pub docker_path: String,
    /// The file of the private key, by SSH; empty for the agent's and the usual ones.
    pub ssh_key: String,
    /// The container's name; with several, that of the application.
    pub container: String,
    /// The name of the front end's container; empty where it has none of its own.
    pub front_end_container: String,
    /// The name of the database's container; empty where it has none that is watched.
    pub database_container: String,
    /// The version under watch.
    pub version: String,
    /// The version to roll back to.
    pub previous: String,
    /// `owner/name` on GitHub.
    pub repository: String,
    /// The account of the functionality test.
    pub email: String,
    /// Who stands the watch.
    pub owner: String,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FieldFault {
    /// The field of [`SetUp`], or the configuration's key.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// How the set-up stands.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Examination {
    /// What is wrong with what was typed.
    pub faults: Vec<FieldFault>,
    /// The way from this PC to the database; empty while something is wrong above that is needed for it.
    pub rungs: Vec<LadderRung>,
    /// The version that the SMS says that it is; `None` where it does not say.
    pub running: Option<String>,
    /// What there is to say of the account.
    pub account: AccountState,
    /// The environment variable that may hold its password.
    pub variable: String,
    /// The host key that the NAS shows by SSH, where it is not the one that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub host_key: Option<ShownHostKey>,
    /// What opens the NAS by SSH; only where the Engine is reached by it, and an account is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub ssh: Option<SshState>,
}

/// Whether the account's password is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// No account is named: the functionality test is left out.
    None,
    /// Its password is in the keychain.
    InKeychain,
    /// Its password is in the environment variable.
    InEnvironment,
    /// No password is there.
    Missing,
    /// The keychain does not answer, or is locked: whether it has the password is not known, and none can be kept.
    NoKeychain,
    /// The keychain has not answered yet.
    Unknown,
}

/// A rung of the ladder that `doctor` climbs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LadderRung {
    /// Where it is.
    pub place: Place,
    /// Of which part of the deployment the container is.
    pub part: Part,
    /// How it is there.
    pub outcome: RungOutcome,
    /// What was found, what failed, or why it was not looked at.
    pub text: String,
    /// What to do about it.
    pub advice: Option<String>,
    /// The name of that advice, for other languages; it stays when the words change.
    pub code: Option<String>,
    /// In what way it failed, where a request did.
    pub kind: Option<FailureKind>,
    /// How long the look took.
    pub took: Span,
}

/// How it is on a rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RungOutcome {
    /// All well.
    Good,
    /// Something is wrong.
    Bad,
    /// Not looked at.
    Skipped,
}

/// The configuration of a deployment, key by key.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ConfigPage {
    /// The deployment.
    pub deployment: String,
    /// The file.
    pub path: String,
    /// Its sections.
    pub sections: Vec<ConfigSection>,
    /// What is wrong with it, as it was to be changed: then nothing was changed.
    pub faults: Vec<FieldFault>,
}

/// A section of the configuration.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ConfigSection {
    /// Its name, such as `rules.matrix`.
    pub name: String,
    /// What it is about.
    pub meaning: String,
    /// Its keys.
    pub keys: Vec<ConfigKey>,
}

/// A key of the configuration.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ConfigKey {
    /// With its section: `watch.every`.
    pub key: String,
    /// What it means.
    pub meaning: String,
    /// What it may hold, for people.
    pub kind: String,
    /// The words that it may be, where it is a choice.
    pub choices: Vec<String>,
    /// What it is when left out; `None` where it must be there or there is none.
    pub default: Option<String>,
    /// It must be there.
    pub required: bool,
    /// What it is now, as text; `None` where it is left out.
    pub value: Option<String>,
}
