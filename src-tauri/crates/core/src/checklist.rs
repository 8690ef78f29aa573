//! The checklists: every line that the written session log asked for, and what answers it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who answers an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum Answerer {
    /// The readings.
    Watch,
    /// A person, who ticks it; the watch has no sight of it.
    Person,
}

macro_rules! items {
    ($( $(#[doc = $doc:literal])* $name:ident, $id:literal, $who:ident, $text:literal; )*) => {
        /// One line of a checklist.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum Item { $( #[doc = $text] $name, )* }

        impl Item {
            /// All items that a plan may name.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];
            /// The name used in plans and in the journal.
            pub const fn id(self) -> &'static str { match self { $( Self::$name => $id, )* } }
            /// The line as the checklist words it.
            pub const fn text(self) -> &'static str { match self { $( Self::$name => $text, )* } }
            /// Who answers it.
            pub const fn answerer(self) -> Answerer { match self { $( Self::$name => Answerer::$who, )* } }
            /// The item called `id`.
            pub fn by_id(id: &str) -> Option<Self> { Self::ALL.iter().copied().find(|i| i.id() == id) }
        }
    };
}

items! {
    // Hour 0, verification 1: version confirmation
    DeployedVersion, "deployed_version", Watch, "Deployed version is the release's";
    VersionFile, "version_file", Person, "VERSION file names the release";
    GitTag, "git_tag", Person, "Git tag exists";
    Repository, "repository", Person, "Repository is the right one";
    BranchClean, "branch_clean", Person, "Branch main is clean";
    // Hour 0, verification 2: GitHub Actions workflows
    CiPipeline, "ci_pipeline", Person, "CI/CD pipeline passed";
    GithubRelease, "github_release", Person, "GitHub release is published";
    WindowsInstaller, "windows_installer", Person, "Windows installer is built and signed";
    // Hour 0, verification 3: production deployment status
    DeploymentTriggered, "deployment_triggered", Person, "Deployment was triggered";
    ImagePushed, "image_pushed", Person, "Docker image was pushed";
    ContainerDeployed, "container_deployed", Watch, "Container is deployed and running";
    HealthChecksPassing, "health_checks_passing", Watch, "Health checks are passing";
    MigrationsRun, "migrations_run", Watch, "Database migrations have run";
    // Hour 0, verification 4: security status
    SecretsRotated, "secrets_rotated", Person, "All secrets are rotated and out of git";
    NoSecurityWarnings, "no_security_warnings", Person, "No security warnings (review, dependencies, image, secrets)";
    // Phase 1, every hour
    ContainerHealth, "container_health", Watch, "Container health status";
    LogsForErrors, "logs_for_errors", Watch, "Application logs for errors";
    HealthEndpoint, "health_endpoint", Watch, "Health endpoint response (HTTP 200)";
    BasicFunctionality, "basic_functionality", Watch, "Basic functionality test (login, list students)";
    NoCrashedProcesses, "no_crashed_processes", Watch, "No crashed processes";
    MemoryStable, "memory_stable", Watch, "Memory usage stable";
    CpuNormal, "cpu_normal", Watch, "CPU usage normal";
    DatabaseActive, "database_active", Watch, "Database connection active";
    FrontendLoads, "frontend_loads", Watch, "Frontend loads without errors";
    ApiResponds, "api_responds", Watch, "API responds to requests";
    // Phase 2, every four hours
    ContainerStillRunning, "container_still_running", Watch, "Container still running (uptime check)";
    MemoryTrend, "memory_trend", Watch, "Memory usage trend (stable vs increasing)";
    CpuTrend, "cpu_trend", Watch, "CPU usage trend (normal load)";
    ErrorFrequency, "error_frequency", Watch, "Error frequency (zero critical errors)";
    RequestLatency, "request_latency", Watch, "Request latency (within SLA)";
    DatabasePerformance, "database_performance", Watch, "Database performance (no slow queries)";
    LogAnalysis, "log_analysis", Watch, "Log analysis (patterns, anomalies)";
    FeatureFunctionality, "feature_functionality", Watch, "Feature functionality (spot checks)";
    // Phase 3, final
    UptimeWholeSession, "uptime_whole_session", Watch, "Container uptime: the whole session (24+ hours)";
    ZeroCriticalErrors, "zero_critical_errors", Watch, "Zero critical errors during the session";
    AllFeaturesFunctional, "all_features_functional", Watch, "All features functional";
    PerformanceStable, "performance_stable", Watch, "Performance metrics stable";
    DatabaseHealthy, "database_healthy", Watch, "Database healthy";
    NoBreaches, "no_breaches", Watch, "Security: no breaches";
    LogsClean, "logs_clean", Watch, "Logs clean";
    ReadyForSignOff, "ready_for_sign_off", Watch, "Ready for production sign-off";
}

/// The ten items of Phase 1.
pub const PHASE_1: [Item; 10] = [
    Item::ContainerHealth,
    Item::LogsForErrors,
    Item::HealthEndpoint,
    Item::BasicFunctionality,
    Item::NoCrashedProcesses,
    Item::MemoryStable,
    Item::CpuNormal,
    Item::DatabaseActive,
    Item::FrontendLoads,
    Item::ApiResponds,
];

/// The eight items of Phase 2.
pub const PHASE_2: [Item; 8] = [
    Item::ContainerStillRunning,
    Item::MemoryTrend,
    Item::CpuTrend,
    Item::ErrorFrequency,
    Item::RequestLatency,
    Item::DatabasePerformance,
    Item::LogAnalysis,
    Item::FeatureFunctionality,
];

/// The eight items of Phase 3.
pub const PHASE_3: [Item; 8] = [
    Item::UptimeWholeSession,
    Item::ZeroCriticalErrors,
    Item::AllFeaturesFunctional,
    Item::PerformanceStable,
    Item::DatabaseHealthy,
    Item::NoBreaches,
    Item::LogsClean,
    Item::ReadyForSignOff,
];

/// The items of Hour 0, in the order of its four verifications.
pub const HOUR_0: [Item; 15] = [
    Item::DeployedVersion,
    Item::VersionFile,
    Item::GitTag,
    Item::Repository,
    Item::BranchClean,
    Item::CiPipeline,
    Item::GithubRelease,
    Item::WindowsInstaller,
    Item::DeploymentTriggered,
    Item::ImagePushed,
    Item::ContainerDeployed,
    Item::HealthChecksPassing,
    Item::MigrationsRun,
    Item::SecretsRotated,
    Item::NoSecurityWarnings,
];

/// The four verifications of Hour 0: title and items.
pub const VERIFICATIONS: [(&str, &[Item]); 4] = [
    (
        "Version Confirmation",
        &[Item::DeployedVersion, Item::VersionFile, Item::GitTag, Item::Repository, Item::BranchClean],
    ),
    ("GitHub Actions Workflows", &[Item::CiPipeline, Item::GithubRelease, Item::WindowsInstaller]),
    (
        "Production Deployment Status",
        &[
            Item::DeploymentTriggered,
            Item::ImagePushed,
            Item::ContainerDeployed,
            Item::HealthChecksPassing,
            Item::MigrationsRun,
        ],
    ),
    ("Security Status", &[Item::SecretsRotated, Item::NoSecurityWarnings]),
];

/// How an item was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
#[serde(rename_all = "snake_case")]
pub enum ItemOutcome {
    /// The evidence says yes.
    Passed,
    /// The evidence says no.
    Failed,
    /// There is no evidence either way.
    Unknown,
    /// A person has yet to answer it.
    Owed,
}

/// An item with its answer and the evidence for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, TS)]
pub struct ItemResult {
    /// The line.
    pub item: Item,
    /// The answer.
    pub outcome: ItemOutcome,
    /// What it rests on: the values that were read, for people.
    pub evidence: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_are_what_serde_writes() {
        for item in Item::ALL {
            assert_eq!(serde_json::to_string(item).unwrap(), format!("\"{}\"", item.id()));
            assert_eq!(Item::by_id(item.id()), Some(*item));
        }
    }

    #[test]
    fn the_verifications_are_hour_0() {
        let all: Vec<Item> = VERIFICATIONS.iter().flat_map(|(_, items)| items.iter().copied()).collect();
        assert_eq!(all, HOUR_0);
    }
}
