//! What the evidence says: of a line of a checklist, of a criterion, of the whole.

use super::{CheckStatus, Session};
use crate::{
    baseline::{self, Metric},
    checklist::{Answerer, Item, ItemOutcome, ItemResult},
    gap,
    matrix::{Issue, Severity},
    reading::{ContainerHealth, FailureKind, Source},
    time::{Span, WatchTime},
    verdict::{Criterion, CriterionResult, Finding, Verdict},
    words::{counted, counted_len},
};

/// The time that a check looks at.
pub(super) struct Look<'a> {
    /// When the check began; only younger answers count as fresh.
    pub(super) began: WatchTime,
    /// When the check before it was taken.
    pub(super) since: WatchTime,
    /// Now.
    pub(super) now: WatchTime,
    /// The lines that are answered already.
    pub(super) so_far: &'a [ItemResult],
}

type Judged = (ItemOutcome, String);

/// Answers one line.
pub(super) fn item(session: &Session, item: Item, look: &Look<'_>) -> ItemResult {
    let (outcome, evidence) = match item.answerer() {
        Answerer::Person => (ItemOutcome::Owed, "a person has to look; tick it when seen".into()),
        Answerer::Watch => judged(session, item, look),
    };
    ItemResult { item, outcome, evidence }
}

fn judged(session: &Session, item: Item, look: &Look<'_>) -> Judged {
    use Metric::{ApiP95, Cpu, DatabaseP95, Memory};
    match item {
        Item::DeployedVersion => version(session, look),
        Item::ContainerDeployed | Item::ContainerHealth => container(session, look),
        Item::ContainerStillRunning => running(session, look),
        Item::NoCrashedProcesses => no_crashes(session, look),
        Item::HealthChecksPassing | Item::HealthEndpoint => health(session, look),
        Item::MigrationsRun => migrations(session, look),
        Item::LogsForErrors => logs(session, look),
        Item::BasicFunctionality | Item::FeatureFunctionality => functions(session, look),
        Item::MemoryStable | Item::MemoryTrend => metric(session, Memory, look),
        Item::CpuNormal | Item::CpuTrend => metric(session, Cpu, look),
        Item::RequestLatency => metric(session, ApiP95, look),
        Item::DatabasePerformance => database_performance(session, look),
        Item::DatabaseActive => database(session, look),
        Item::FrontendLoads => all_of(session, &[Source::Page, Source::Asset], look),
        Item::ApiResponds => all_of(session, &[Source::Api, Source::Live], look),
        Item::ErrorFrequency => errors(session, look.since),
        Item::LogAnalysis => analysis(session, look),
        Item::UptimeWholeSession => {
            worst(&[uptime(session, look.now), seen_by(session, Source::Inspect, look)])
        }
        Item::ZeroCriticalErrors => errors(session, WatchTime::START),
        Item::AllFeaturesFunctional => worst(&[
            functions(session, look),
            all_of(session, &[Source::Page, Source::Api], look),
            health(session, look),
        ]),
        Item::PerformanceStable => worst(&[
            whole(session, ApiP95, look),
            whole(session, DatabaseP95, look),
            whole(session, Memory, look),
            whole(session, Cpu, look),
        ]),
        Item::DatabaseHealthy => {
            worst(&[database(session, look), migrations(session, look), undamaged(session)])
        }
        Item::NoBreaches => breaches(session, look),
        Item::LogsClean => whole(session, Metric::LogErrors, look),
        Item::ReadyForSignOff => ready(session, look),
        // Lines that a person answers never come here.
        Item::VersionFile
        | Item::GitTag
        | Item::Repository
        | Item::BranchClean
        | Item::CiPipeline
        | Item::GithubRelease
        | Item::WindowsInstaller
        | Item::DeploymentTriggered
        | Item::ImagePushed
        | Item::SecretsRotated
        | Item::NoSecurityWarnings => (ItemOutcome::Owed, String::new()),
    }
}

fn unseen(what: &str) -> Judged {
    (ItemOutcome::Unknown, format!("{what} was not seen"))
}

const fn when(good: bool) -> ItemOutcome {
    if good { ItemOutcome::Passed } else { ItemOutcome::Failed }
}

/// The source's fresh answer as good, bad or none.
fn fresh(session: &Session, source: Source, look: &Look<'_>) -> Judged {
    let track = session.observed.track(source);
    let name = source.name();
    match track.at {
        Some(at) if at >= look.began => {
            if track.failed > 0 {
                let what = track.failure.as_ref().map_or("", |f| f.failure.message.as_str());
                (ItemOutcome::Failed, format!("{name}: {what}"))
            } else {
                let took = track.took_ms.map_or_else(String::new, |ms| format!(" in {ms:.0} ms"));
                (ItemOutcome::Passed, format!("{name} answered{took}"))
            }
        }
        _ => unseen(name),
    }
}

/// An incident about one of `subjects` that began or lasted since the last check, and is nobody's symptom.
fn incident_since<'a>(
    session: &'a Session,
    issue: Issue,
    subjects: &[&str],
    look: &Look<'_>,
) -> Option<&'a super::Incident> {
    session.incidents.iter().find(|i| {
        i.problem.issue == issue
            && subjects.contains(&i.problem.subject.as_str())
            && i.explained_by.is_none()
            && touches(i, look.since, look.now)
    })
}

fn all_of(session: &Session, sources: &[Source], look: &Look<'_>) -> Judged {
    let subject = if sources.contains(&Source::Page) { "frontend" } else { "api" };
    if let Some(incident) = incident_since(session, Issue::FeatureFailure, &[subject, "nas"], look) {
        return (ItemOutcome::Failed, format!("{} since the last check", incident.label()));
    }
    let all: Vec<Judged> = sources.iter().map(|s| fresh(session, *s, look)).collect();
    worst(&all)
}

/// Failed if one failed, unknown if one is unknown, with the evidence of all.
fn worst(all: &[Judged]) -> Judged {
    let rank = |o: &ItemOutcome| match o {
        ItemOutcome::Passed => 0,
        ItemOutcome::Owed => 1,
        ItemOutcome::Unknown => 2,
        ItemOutcome::Failed => 3,
    };
    let outcome = all.iter().map(|(o, _)| *o).max_by_key(rank).unwrap_or(ItemOutcome::Unknown);
    let evidence: Vec<&str> = all
        .iter()
        .filter(|(o, _)| *o == outcome || outcome == ItemOutcome::Passed)
        .map(|(_, e)| e.as_str())
        .collect();
    (outcome, evidence.join("; "))
}

fn version(session: &Session, look: &Look<'_>) -> Judged {
    let wanted = &session.opening.release.version;
    match session
        .observed
        .health
        .as_ref()
        .filter(|h| h.at >= look.began)
        .and_then(|h| h.value.version.as_ref())
    {
        Some(found) => (
            when(found.trim_start_matches('v') == wanted),
            format!("/health says {found}, released is {wanted}"),
        ),
        None => unseen("the version in /health"),
    }
}

fn container(session: &Session, look: &Look<'_>) -> Judged {
    match session.observed.container.state.as_ref().filter(|s| s.at >= look.began) {
        Some(seen) => {
            let s = &seen.value;
            let good = session.observed.container.is_up() && s.health != ContainerHealth::Unhealthy;
            let health = match s.health {
                ContainerHealth::None => "no HEALTHCHECK".to_owned(),
                other => {
                    format!("HEALTHCHECK {other:?}").to_lowercase().replace("healthcheck", "HEALTHCHECK")
                }
            };
            let status = format!("{:?}", s.status).to_lowercase();
            (when(good), format!("{status}, {health}, restart count {}", s.restart_count))
        }
        None => not_inspected(session, look),
    }
}

/// Why there is no answer of `docker inspect` in this check.
fn not_inspected(session: &Session, look: &Look<'_>) -> Judged {
    let track = session.observed.track(Source::Inspect);
    let fresh = track.at.is_some_and(|at| at >= look.began) && track.failed > 0;
    match track.failure.filter(|_| fresh) {
        Some(f) if f.failure.kind == FailureKind::NoContainer => (ItemOutcome::Failed, f.failure.message),
        Some(f) => (ItemOutcome::Unknown, format!("docker inspect was not seen: {}", f.failure.message)),
        None => unseen("docker inspect"),
    }
}

fn running(session: &Session, look: &Look<'_>) -> Judged {
    let up = uptime(session, look.now).1;
    let (outcome, evidence) = worst(&[container(session, look), no_crashes(session, look)]);
    (outcome, if outcome == ItemOutcome::Passed { format!("{evidence}; {up}") } else { evidence })
}

/// Whether the source gave an answer in this check; with it the evidence is fresh.
fn is_fresh(session: &Session, source: Source, look: &Look<'_>) -> bool {
    session.observed.track(source).last_ok.is_some_and(|at| at >= look.began)
}

/// Passed where the source answered in this check, to be put beside what rests on it.
fn seen_by(session: &Session, source: Source, look: &Look<'_>) -> Judged {
    if is_fresh(session, source, look) {
        (ItemOutcome::Passed, format!("{} looked at just now", source.name()))
    } else {
        unseen(source.name())
    }
}

fn no_crashes(session: &Session, look: &Look<'_>) -> Judged {
    let since = look.since;
    let bad: Vec<String> = session
        .changes
        .iter()
        .filter(|(news, announced)| news.seen >= since && news.change.is_bad() && !announced)
        .map(|(news, _)| news.change.describe())
        .collect();
    if bad.is_empty() && !is_fresh(session, Source::Inspect, look) {
        return unseen("docker inspect");
    }
    if bad.is_empty() {
        (ItemOutcome::Passed, "no interruption since the last check, by events and inspect".into())
    } else {
        (ItemOutcome::Failed, bad.join("; "))
    }
}

fn health(session: &Session, look: &Look<'_>) -> Judged {
    match session.observed.health.as_ref().filter(|h| h.at >= look.began) {
        Some(seen) => {
            let h = &seen.value;
            let status = format!("{:?}", h.status).to_lowercase();
            (when(h.http_status == 200), format!("HTTP {}, {status}", h.http_status))
        }
        None => fresh(session, Source::Health, look),
    }
}

fn migrations(session: &Session, look: &Look<'_>) -> Judged {
    match session.observed.health.as_ref().filter(|h| h.at >= look.began).map(|h| &h.value) {
        Some(h) => match h.migrations_at_head {
            Some(at_head) => (
                when(at_head),
                format!(
                    "schema version {}, {}",
                    h.migration_version.as_deref().unwrap_or("unknown"),
                    if at_head { "at head" } else { "not at head" }
                ),
            ),
            None => unseen("the state of the migrations in /health"),
        },
        None => unseen("/health"),
    }
}

fn logs(session: &Session, look: &Look<'_>) -> Judged {
    let since = look.since;
    let track = session.observed.track(Source::Logs);
    if track.total_ok == 0 || track.failed > 0 || !is_fresh(session, Source::Logs, look) {
        return unseen("the container's log");
    }
    let errors = session.observed.logs.errors.since(since);
    let critical = session.observed.logs.critical.since(since);
    let warnings = session.observed.logs.warnings.since(since);
    let most = session.opening.rules.targets.log_errors;
    let grave = if critical > 0 { format!(", {critical} of level critical") } else { String::new() };
    let few =
        if errors > 0 && errors <= most { format!(" (up to {most} are minimal)") } else { String::new() };
    (
        when(errors <= most && critical == 0),
        format!(
            "{}{few}{grave} and {} since the last check",
            counted(errors, "error"),
            counted(warnings, "warning")
        ),
    )
}

fn analysis(session: &Session, look: &Look<'_>) -> Judged {
    let since = look.since;
    let logs = &session.observed.logs;
    let fresh = logs.patterns.values().filter(|p| p.first >= since).count();
    let open = session.incidents.iter().any(|i| i.problem.issue == Issue::LogErrors && i.is_running());
    let (outcome, evidence) = self::logs(session, look);
    if outcome == ItemOutcome::Unknown {
        return (outcome, evidence);
    }
    let newest: Vec<_> = logs.top(usize::MAX).into_iter().filter(|p| p.last >= since).collect();
    let top =
        newest.first().map_or_else(String::new, |p| format!("; most frequent: {} (×{})", p.text, p.count));
    (
        when(!open && logs.critical.since(since) == 0),
        format!(
            "{evidence}, {}, {} of {} logged requests since the start answered with 5xx{top}",
            counted_len(fresh, "new pattern"),
            logs.server_errors,
            logs.requests
        ),
    )
}

fn functions(session: &Session, look: &Look<'_>) -> Judged {
    let track = session.observed.track(Source::Functions);
    if track.at.is_none_or(|at| at < look.began) {
        return unseen("the functionality test");
    }
    if track.failed > 0 {
        return fresh(session, Source::Functions, look);
    }
    match session.observed.functions.as_ref().map(|f| &f.value) {
        Some(f) => match (f.login, f.students) {
            (None, _) if session.observed.functions_failed > 0 => {
                let n = session.observed.functions_failed;
                (
                    ItemOutcome::Failed,
                    format!("failed {n} times in a row when it was last tried; {}", f.remark),
                )
            }
            (None, _) => (ItemOutcome::Unknown, format!("{}; a person may test it and tick", f.remark)),
            (Some(true), Some(n)) => {
                let remark = if f.remark.is_empty() { String::new() } else { format!(" ({})", f.remark) };
                (ItemOutcome::Passed, format!("logged in, {n} students listed{remark}"))
            }
            (Some(false), _) if !session.observed.functions_worked => {
                (ItemOutcome::Unknown, format!("{}; it never worked in this session", f.remark))
            }
            _ => (ItemOutcome::Failed, f.remark.clone()),
        },
        None => unseen("the functionality test"),
    }
}

fn database(session: &Session, look: &Look<'_>) -> Judged {
    let seen = &session.observed;
    let said = |s: &Source| {
        let track = seen.track(*s);
        // What did not answer at all says nothing of the database.
        track.last_ok.is_some_and(|at| at >= look.began)
            || (*s == Source::Health && seen.health.as_ref().is_some_and(|h| h.at >= look.began))
    };
    let fresh_enough = [Source::Health, Source::Ready].iter().any(said) || seen.database_failed > 0;
    if !fresh_enough || (seen.database_ok == 0 && seen.database_failed == 0) {
        return unseen("the database's state");
    }
    let gone = incident_since(session, Issue::DatabaseConnection, &["database"], look);
    if let Some(incident) = gone {
        return (ItemOutcome::Failed, format!("{} since the last check", incident.label()));
    }
    if seen.database_failed > 0 {
        let why = seen.database_message.as_deref().unwrap_or("no message");
        return (ItemOutcome::Failed, format!("the application says: {why}"));
    }
    (ItemOutcome::Passed, format!("connected; {} good answers in a row", seen.database_ok))
}

fn database_performance(session: &Session, look: &Look<'_>) -> Judged {
    let slow = session
        .incidents
        .iter()
        .filter(|i| i.problem.issue == Issue::SlowQueries && touches(i, look.since, look.now))
        .count();
    let (p95, n) = session.observed.database_ms.percentile_since(95.0, look.since);
    let bound =
        p95.map_or_else(String::new, |p95| format!("; p95 at most {p95:.0} ms since the last check (n {n})"));
    if slow > 0 {
        let what = counted_len(slow, "incident");
        return (ItemOutcome::Failed, format!("{what} of slow queries since the last check{bound}"));
    }
    if !is_fresh(session, Source::Ready, look) {
        return unseen("the database's answer time");
    }
    // The bound may be over the target where the query is not: only a slow query fails the line.
    (ItemOutcome::Passed, format!("no slow queries{bound}"))
}

/// The source that a metric is read from.
const fn source_of(metric: Metric) -> Source {
    match metric {
        Metric::ApiP95 | Metric::ErrorRate => Source::Api,
        Metric::DatabaseP95 => Source::Ready,
        Metric::Memory | Metric::Cpu => Source::Stats,
        Metric::LogErrors => Source::Logs,
        Metric::Uptime | Metric::CriticalErrors => Source::Inspect,
    }
}

/// The row of the matrix that speaks of a metric that is out of bounds.
const fn issue_of(metric: Metric) -> Option<Issue> {
    match metric {
        Metric::Memory => Some(Issue::HighMemory),
        Metric::Cpu => Some(Issue::HighCpu),
        Metric::DatabaseP95 => Some(Issue::SlowQueries),
        _ => None,
    }
}

/// A metric since the last check: an hour that was bad does not hide behind nineteen that were good.
fn metric(session: &Session, metric: Metric, look: &Look<'_>) -> Judged {
    let (outcome, evidence) = whole(session, metric, look);
    if outcome == ItemOutcome::Unknown {
        return (outcome, evidence);
    }
    let incident = session
        .incidents
        .iter()
        .find(|i| Some(i.problem.issue) == issue_of(metric) && touches(i, look.since, look.now));
    if let Some(incident) = incident {
        return (ItemOutcome::Failed, format!("{}; {evidence}", incident.label()));
    }
    let (seen, targets) = (&session.observed, &session.opening.rules.targets);
    let (series, target, unit) = match metric {
        Metric::ApiP95 => (&seen.api_ms, targets.api_p95_ms, "ms"),
        Metric::Cpu => (&seen.cpu_percent, targets.cpu_percent, "%"),
        // A trend, or an upper bound: the whole session and the incidents are what there is to say.
        _ => return (outcome, evidence),
    };
    let (p95, n) = series.percentile_since(95.0, look.since);
    match p95.map(f64::from) {
        Some(p95) if n >= baseline::LEAST_FOR_P95 => (
            when(p95 < target),
            format!("p95 {p95:.0} {unit} since the last check (n {n}); whole session {evidence}"),
        ),
        _ => (outcome, evidence),
    }
}

/// Whether what there is of a metric lies over its target.
fn over_target(session: &Session, metric: Metric) -> bool {
    let (seen, targets) = (&session.observed, &session.opening.rules.targets);
    let (series, target) = match metric {
        Metric::ApiP95 => (&seen.api_ms, targets.api_p95_ms),
        Metric::Cpu => (&seen.cpu_percent, targets.cpu_percent),
        _ => return false,
    };
    series.percentile(95.0).is_some_and(|p95| f64::from(p95) >= target)
}

/// A metric over the whole session.
fn whole(session: &Session, metric: Metric, look: &Look<'_>) -> Judged {
    if !is_fresh(session, source_of(metric), look) {
        return unseen(metric.label());
    }
    let Some(row) = baseline::all(session, session.last_seen()).into_iter().find(|b| b.metric == metric)
    else {
        return unseen(metric.label());
    };
    let evidence = format!("{} (target {}, n {}; {})", row.current, row.target, row.n, row.note);
    let outcome = match row.finding {
        Finding::Fail => ItemOutcome::Failed,
        Finding::Pass => ItemOutcome::Passed,
        // At the first check there is no trend yet; the value itself is what can be said.
        // Too few to be sure, but over the target: that is no pass.
        Finding::Inconclusive if over_target(session, metric) => ItemOutcome::Unknown,
        Finding::Inconclusive
            if row.n > 0 && matches!(metric, Metric::Memory | Metric::Cpu | Metric::ApiP95) =>
        {
            let high = session.incidents.iter().any(|i| {
                i.is_running()
                    && matches!(i.problem.issue, Issue::HighMemory | Issue::HighCpu | Issue::PerformanceDip)
            });
            when(!high)
        }
        Finding::Inconclusive => ItemOutcome::Unknown,
    };
    (outcome, evidence)
}

fn errors(session: &Session, since: WatchTime) -> Judged {
    let (outcome, text) = none_of(session, Severity::Critical, since);
    let critical = session.observed.logs.critical.since(since);
    if critical > 0 {
        return (
            ItemOutcome::Failed,
            format!("{} of level critical; {text}", counted(critical, "log record")),
        );
    }
    (outcome, text)
}

fn touches(incident: &super::Incident, from: WatchTime, to: WatchTime) -> bool {
    let closed = incident.closed.as_ref().map(|(m, _, _)| *m);
    let end = incident.recovered.or(closed).map_or(to, |m| m.watch);
    incident.opened.watch <= to && end >= from
}

fn none_of(session: &Session, severity: Severity, since: WatchTime) -> Judged {
    if session.observed.count == 0 {
        return unseen("anything");
    }
    let found: Vec<String> = session
        .incidents
        .iter()
        .filter(|i| {
            i.severity() == severity && i.explained_by.is_none() && touches(i, since, session.last_seen())
        })
        .map(super::Incident::label)
        .collect();
    if found.is_empty() {
        let when = if since == WatchTime::START { "in the session" } else { "since the last check" };
        (ItemOutcome::Passed, format!("no {} incident {when}", severity.label()))
    } else {
        (ItemOutcome::Failed, found.join("; "))
    }
}

fn uptime(session: &Session, now: WatchTime) -> Judged {
    let row = baseline::all(session, now).into_iter().find(|b| b.metric == Metric::Uptime);
    row.map_or_else(
        || unseen("the container"),
        |row| {
            let outcome = match row.finding {
                Finding::Pass => ItemOutcome::Passed,
                Finding::Fail => ItemOutcome::Failed,
                Finding::Inconclusive => ItemOutcome::Unknown,
            };
            (outcome, format!("{} (target {}; {})", row.current, row.target, row.note))
        },
    )
}

/// No sign of damage or loss in the whole session.
fn undamaged(session: &Session) -> Judged {
    let found = session.incidents.iter().find(|i| i.problem.issue == Issue::DataCorruption);
    found.map_or_else(
        || (ItemOutcome::Passed, "no sign of loss or corruption".into()),
        |i| (ItemOutcome::Failed, i.label()),
    )
}

fn breaches(session: &Session, look: &Look<'_>) -> Judged {
    let found: Vec<String> = session
        .incidents
        .iter()
        .filter(|i| i.problem.issue == Issue::SecurityBreach)
        .map(super::Incident::label)
        .collect();
    if !found.is_empty() {
        return (ItemOutcome::Failed, found.join("; "));
    }
    if !is_fresh(session, Source::Logs, look) || !is_fresh(session, Source::Inspect, look) {
        return unseen("the container's log or image");
    }
    let image = session
        .observed
        .container
        .state
        .as_ref()
        .map(|s| s.value.image_id.chars().take(19).collect::<String>());
    match image {
        Some(image) => (
            ItemOutcome::Passed,
            format!(
                "no unannounced change of the image (now {image}), {} in {} logged requests",
                counted(session.observed.logs.refused_logins.total(), "refused login"),
                session.observed.logs.requests
            ),
        ),
        None => unseen("the container's image"),
    }
}

fn ready(session: &Session, look: &Look<'_>) -> Judged {
    let before: Vec<ItemResult> =
        session.checks.iter().filter(|c| c.phase.is_some()).flat_map(super::Check::items).collect();
    let lines = || before.iter().chain(look.so_far);
    let failed = lines().filter(|i| i.outcome == ItemOutcome::Failed).count();
    let unknown = lines().filter(|i| i.outcome == ItemOutcome::Unknown).count();
    let owed = lines().filter(|i| i.outcome == ItemOutcome::Owed).count();
    let open = session.incidents.iter().filter(|i| i.is_running() && i.severity() > Severity::Minor).count();
    let missed = session.checks.iter().filter(|c| c.status == CheckStatus::Missed).count();
    let text = format!(
        "in all checks {} failed, {unknown} unknown, {owed} owed by a person; {} open, {} missed",
        counted_len(failed, "line"),
        counted_len(open, "incident"),
        counted_len(missed, "checkpoint")
    );
    let judged = [
        Criterion::KeepsRunning,
        Criterion::NoCriticalErrors,
        Criterion::NoDataLoss,
        Criterion::MetricsStable,
        Criterion::NoSecurityIncidents,
        Criterion::DatabaseNormal,
        Criterion::FrontendStable,
        Criterion::ApiConsistent,
    ];
    let unmet: Vec<&str> = judged
        .into_iter()
        .filter(|c| criterion_of(session, *c, look.now).0 == Finding::Fail)
        .map(Criterion::text)
        .collect();
    if !unmet.is_empty() {
        (ItemOutcome::Failed, format!("{text}; not met: {}", unmet.join("; ")))
    } else if failed > 0 || open > 0 {
        (ItemOutcome::Failed, text)
    } else if unknown > 0 || missed > 0 {
        (ItemOutcome::Unknown, text)
    } else {
        (ItemOutcome::Passed, text)
    }
}

/// What a check writes down besides its lines.
pub(super) fn observations(
    session: &Session,
    since: WatchTime,
    began: WatchTime,
    now: WatchTime,
) -> Vec<String> {
    let mut all = Vec::new();
    for (news, announced) in session.changes.iter().filter(|(n, _)| n.seen >= since) {
        let how = if *announced { " (announced)" } else { "" };
        all.push(format!("{}{how}", news.change.describe()));
    }
    for gap in session.gaps.iter().filter(|g| g.touches(since, now)) {
        all.push(format!("{} unobserved: {}", gap.length(now), gap.cause.label()));
    }
    for incident in session.incidents.iter().filter(|i| i.opened.watch >= since) {
        all.push(format!(
            "{} incident opened: {} — {}",
            incident.severity().label(),
            incident.label(),
            incident.detail
        ));
    }
    for incident in session.incidents.iter().filter(|i| i.recovered.is_some_and(|r| r.watch >= since)) {
        all.push(format!("Recovered: {}", incident.label()));
    }
    if let Some(health) = session.observed.health.as_ref().filter(|h| h.at >= began) {
        if let Some(version) = &health.value.version {
            all.push(format!("Version {version} answers"));
        }
        if let Some(percent) = health.value.disk_percent {
            all.push(format!("Disk {percent:.0} % full"));
        }
    }
    all.push(format!(
        "{} readings so far; {} of {} requests failed",
        session.observed.count, session.observed.requests_failed, session.observed.requests
    ));
    all
}

/// The verdict at `now`.
pub(super) fn verdict(session: &Session, now: WatchTime) -> Verdict {
    let coverage_percent = (session.coverage(now) * 1_000.0).round() / 10.0;
    let complete = now >= session.end() && session.checks.iter().all(|c| c.status != CheckStatus::Pending);
    let criteria: Vec<CriterionResult> = Criterion::ALL
        .into_iter()
        .map(|criterion| {
            let (finding, evidence) = criterion_of(session, criterion, now);
            CriterionResult { criterion, finding, evidence }
        })
        .collect();
    sum_up(session, criteria, coverage_percent, complete)
}

/// `verdict` of the plan's end, with what people have ticked since.
pub(super) fn reconsidered(session: &Session, verdict: &Verdict) -> Verdict {
    let mut criteria = verdict.criteria.clone();
    for result in &mut criteria {
        match result.criterion {
            Criterion::AllChecksPass => (result.finding, result.evidence) = all_checks(session),
            Criterion::FeaturesAtEnd => (result.finding, result.evidence) = features_at_end(session),
            _ => {}
        }
    }
    sum_up(session, criteria, verdict.coverage_percent, verdict.complete)
}

fn sum_up(
    session: &Session,
    criteria: Vec<CriterionResult>,
    coverage_percent: f64,
    complete: bool,
) -> Verdict {
    let worst = criteria.iter().map(|c| c.finding).max().unwrap_or(Finding::Inconclusive);
    let least = session.opening.rules.coverage_percent;
    let passed = criteria.iter().filter(|c| c.finding == Finding::Pass).count();
    let of = |f: Finding| {
        criteria.iter().filter(|c| c.finding == f).map(|c| c.criterion.text()).collect::<Vec<_>>().join("; ")
    };
    let (finding, reason) = if worst == Finding::Fail {
        (Finding::Fail, format!("not met: {}", of(Finding::Fail)))
    } else if coverage_percent < least {
        (
            Finding::Inconclusive,
            format!("only {coverage_percent} % of the time was observed, {least} % are needed"),
        )
    } else if !complete {
        (
            Finding::Inconclusive,
            format!("the plan has not run to its end; {passed} of 10 criteria proven so far"),
        )
    } else if worst == Finding::Inconclusive {
        (Finding::Inconclusive, format!("not proven: {}", of(Finding::Inconclusive)))
    } else {
        (Finding::Pass, format!("all ten criteria are met, {coverage_percent} % of the time was observed"))
    };
    Verdict { finding, reason, criteria, coverage_percent, complete }
}

/// No incident of these rows, on sufficient sight of the source that would have shown one.
fn free_of(
    session: &Session,
    issues: &[Issue],
    source: Source,
    now: WatchTime,
    what: &str,
) -> (Finding, String) {
    let found: Vec<String> = session
        .incidents
        .iter()
        .filter(|i| issues.contains(&i.problem.issue) && i.explained_by.is_none())
        .map(super::Incident::label)
        .collect();
    if !found.is_empty() {
        return (Finding::Fail, found.join("; "));
    }
    if let Some(why) = unseen_too_long(session, &[source], now) {
        return (Finding::Inconclusive, format!("{what}, but {why}"));
    }
    let track = session.observed.track(source);
    let over = now >= session.end();
    let text = format!("{what} in {} readings of {}", track.total_ok, source.name());
    (if over { Finding::Pass } else { Finding::Inconclusive }, text)
}

/// Why the sources were not seen for enough of the session to prove that nothing happened; nothing where they were.
fn unseen_too_long(session: &Session, sources: &[Source], now: WatchTime) -> Option<String> {
    let until = session.judged_until(now);
    let all = until.elapsed().as_millis() as f64;
    sources.iter().find_map(|source| {
        let track = session.observed.track(*source);
        if track.total_ok == 0 {
            return Some(format!("{} was never seen", source.name()));
        }
        let unseen = track.unseen(until, session.gap_after());
        let share = 100.0 - unseen.as_millis() as f64 / all.max(1.0) * 100.0;
        let least = session.opening.rules.coverage_percent;
        (share < least)
            .then(|| format!("{} was seen for {share:.1} % of the time, {least} % are needed", source.name()))
    })
}

/// A finding that needs the sources to have been seen; what has failed has failed.
fn if_seen(
    session: &Session,
    sources: &[Source],
    now: WatchTime,
    (finding, text): (Finding, String),
) -> (Finding, String) {
    match unseen_too_long(session, sources, now).filter(|_| finding == Finding::Pass) {
        Some(why) => (Finding::Inconclusive, format!("{text}, but {why}")),
        None => (finding, text),
    }
}

fn from_item((outcome, text): Judged) -> (Finding, String) {
    let finding = match outcome {
        ItemOutcome::Passed => Finding::Pass,
        ItemOutcome::Failed => Finding::Fail,
        ItemOutcome::Unknown | ItemOutcome::Owed => Finding::Inconclusive,
    };
    (finding, text)
}

fn together(all: Vec<(Finding, String)>) -> (Finding, String) {
    let finding = all.iter().map(|(f, _)| *f).max().unwrap_or(Finding::Inconclusive);
    let text: Vec<String> = all
        .into_iter()
        .filter(|(f, _)| *f == finding)
        .map(|(_, text)| text)
        .filter(|t| !t.is_empty())
        .collect();
    (finding, text.join("; "))
}

fn rows_of(session: &Session, metrics: &[Metric], now: WatchTime) -> (Finding, String) {
    together(
        baseline::all(session, now)
            .into_iter()
            .filter(|b| metrics.contains(&b.metric))
            .map(|b| {
                (b.finding, format!("{} {} (target {}, n {})", b.metric.label(), b.current, b.target, b.n))
            })
            .collect(),
    )
}

fn criterion_of(session: &Session, criterion: Criterion, now: WatchTime) -> (Finding, String) {
    match criterion {
        Criterion::KeepsRunning => {
            let (finding, text) = if_seen(session, &[Source::Inspect], now, from_item(uptime(session, now)));
            let unseen = gap::unseen(&session.gaps_at(now), session.judged_until(now));
            let note = if unseen == Span::ZERO {
                String::new()
            } else {
                format!("; through {unseen} of gaps Docker's StartedAt and restart count bear witness")
            };
            (finding, text + &note)
        }
        Criterion::NoCriticalErrors => {
            let judged = from_item(errors(session, WatchTime::START));
            let (finding, text) = if_seen(session, &[Source::Inspect, Source::Logs], now, judged);
            let finding =
                if finding == Finding::Pass && now < session.end() { Finding::Inconclusive } else { finding };
            (finding, text)
        }
        Criterion::AllChecksPass => all_checks(session),
        Criterion::NoDataLoss => {
            let (finding, text) = free_of(
                session,
                &[Issue::DataCorruption],
                Source::Health,
                now,
                "no sign of loss or corruption",
            );
            match (finding, &session.observed.rows_first, &session.observed.rows_last) {
                (Finding::Pass, Some(first), Some(last)) => (
                    finding,
                    format!("{text}; students {} → {}", count(first.students), count(last.students)),
                ),
                (Finding::Pass, _, _) => (
                    Finding::Inconclusive,
                    "the health check tells no row counts to hold against each other".into(),
                ),
                _ => (finding, text),
            }
        }
        Criterion::FeaturesAtEnd => features_at_end(session),
        Criterion::MetricsStable => {
            let rows =
                rows_of(session, &[Metric::ApiP95, Metric::Memory, Metric::Cpu, Metric::ErrorRate], now);
            let high = [Issue::HighMemory, Issue::HighCpu];
            let free = free_of(session, &high, Source::Stats, now, "no high memory or CPU");
            if_seen(session, &[Source::Api], now, together(vec![rows, free]))
        }
        Criterion::NoSecurityIncidents => {
            free_of(session, &[Issue::SecurityBreach], Source::Logs, now, "no security incident")
        }
        Criterion::DatabaseNormal => together(vec![
            free_of(
                session,
                &[Issue::DatabaseConnection, Issue::SlowQueries, Issue::DataCorruption],
                Source::Ready,
                now,
                "no connection failure, no slow queries, no damage",
            ),
            rows_of(session, &[Metric::DatabaseP95], now),
        ]),
        Criterion::FrontendStable => reachable(session, &[Source::Page, Source::Asset], "frontend", now),
        Criterion::ApiConsistent => reachable(session, &[Source::Api, Source::Live], "api", now),
    }
}

fn count(n: Option<u64>) -> String {
    n.map_or_else(|| "unknown".into(), |n| n.to_string())
}

fn all_checks(session: &Session) -> (Finding, String) {
    // Extra checks are beside the plan. What a person still owes is said, but the watch does not wait for it.
    let planned: Vec<_> = session.checks.iter().filter(|c| c.phase.is_some()).collect();
    let mut failed = Vec::new();
    let mut open = Vec::new();
    let mut owed = 0;
    for check in &planned {
        // Readiness sums the others up, and is not to be proven twice.
        let items: Vec<ItemResult> =
            check.items().into_iter().filter(|i| i.item != Item::ReadyForSignOff).collect();
        owed += items.iter().filter(|i| i.outcome == ItemOutcome::Owed).count() as u64;
        let bad: Vec<&str> =
            items.iter().filter(|i| i.outcome == ItemOutcome::Failed).map(|i| i.item.text()).collect();
        if !bad.is_empty() {
            failed.push(format!("{}: {}", check.title, bad.join(", ")));
        } else if check.status != CheckStatus::Done {
            let word = if check.status == CheckStatus::Missed { "missed" } else { "not taken yet" };
            open.push(format!("{} {word}", check.title));
        } else if items.iter().any(|i| i.outcome == ItemOutcome::Unknown) {
            open.push(format!("{} has unknown lines", check.title));
        }
    }
    if !failed.is_empty() {
        (Finding::Fail, failed.join("; "))
    } else if open.is_empty() {
        let owed = if owed == 0 {
            "every line passed".into()
        } else {
            format!("every line that the watch answers passed, {} owed by a person", counted(owed, "line"))
        };
        let ready = planned.iter().flat_map(|c| c.items()).filter(|i| i.item == Item::ReadyForSignOff);
        let not_ready = ready.filter(|i| i.outcome == ItemOutcome::Failed).count() > 0;
        let aside =
            if not_ready { "; readiness, which sums all up, was denied for other criteria" } else { "" };
        (
            Finding::Pass,
            format!("{} of {} checkpoints taken in time, {owed}{aside}", planned.len(), planned.len()),
        )
    } else {
        (Finding::Inconclusive, open.join("; "))
    }
}

fn features_at_end(session: &Session) -> (Finding, String) {
    let last = session.checks.iter().filter(|c| c.phase.is_some()).max_by_key(|c| c.due);
    if last.is_none_or(|c| c.result.is_none()) {
        return (Finding::Inconclusive, "the final check has not been taken".into());
    }
    let items = last.map(super::Check::items).unwrap_or_default();
    let item = [Item::AllFeaturesFunctional, Item::FeatureFunctionality, Item::BasicFunctionality]
        .into_iter()
        .find_map(|wanted| items.iter().find(|i| i.item == wanted));
    item.map_or_else(
        || (Finding::Inconclusive, "the final check asks for no feature".into()),
        |i| from_item((i.outcome, i.evidence.clone())),
    )
}

fn reachable(session: &Session, sources: &[Source], subject: &str, now: WatchTime) -> (Finding, String) {
    let failures: Vec<String> = session
        .incidents
        .iter()
        .filter(|i| {
            matches!(i.problem.issue, Issue::FeatureFailure | Issue::IntermittentFailures)
                && i.explained_by.is_none()
                && (i.problem.subject == subject
                    || i.problem.subject == "nas"
                    || sources.iter().any(|s| s.name() == i.problem.subject))
        })
        .map(super::Incident::label)
        .collect();
    if !failures.is_empty() {
        return (Finding::Fail, failures.join("; "));
    }
    if let Some(why) = unseen_too_long(session, sources, now) {
        return (Finding::Inconclusive, why);
    }
    let (ok, failed) = sources
        .iter()
        .map(|s| session.observed.track(*s))
        .fold((0, 0), |(ok, failed), t| (ok + t.total_ok, failed + t.total_failed));
    let seen = &session.observed;
    let times = if sources.contains(&Source::Page) { &seen.frontend_ms } else { &seen.api_ms };
    let times =
        times.percentile(95.0).map(|ms| format!(", p95 {ms:.0} ms (n {})", times.n())).unwrap_or_default();
    let text = format!("{ok} of {} requests answered{times}", ok + failed);
    (if now >= session.end() { Finding::Pass } else { Finding::Inconclusive }, text)
}
