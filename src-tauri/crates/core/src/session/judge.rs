//! What the evidence says: of a line of a checklist, of a criterion, of the whole.

mod criteria;

use super::{CheckStatus, Session, Standing, read_back};
use crate::{
    action::Met,
    baseline::{self, Metric},
    checklist::{Answerer, Item, ItemOutcome, ItemResult},
    matrix::{Issue, Severity},
    observed::Series,
    part::Part,
    reading::{ContainerHealth, FailureKind, Source},
    time::WatchTime,
    verdict::{Criterion, Finding},
    words::{counted, counted_len},
};
pub(super) use criteria::{reconsidered, verdict};

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

/// What does not work by the answers that came since `began`, each with what was seen: past troubles do not count.
/// Nothing where all of it works, or is not known to fail.
pub(super) fn broken(session: &Session, began: WatchTime, now: WatchTime) -> Vec<String> {
    let look = Look { began, since: began, now, so_far: &[] };
    let container = match container(session, &look) {
        // Of all it takes to be sure, this is to be known.
        (ItemOutcome::Unknown, why) => (ItemOutcome::Failed, why),
        known => known,
    };
    let seen = &session.observed;
    let database = if seen.database_failed > 0 {
        (ItemOutcome::Failed, format!("database: {}", seen.database_message.as_deref().unwrap_or("it fails")))
    } else {
        (ItemOutcome::Passed, String::new())
    };
    let sources = [Source::Page, Source::Asset, Source::Api, Source::Live];
    let mut all = vec![container, health(session, &look), functions(session, &look), database];
    all.extend(sources.map(|source| fresh(session, source, &look)));
    all.into_iter().filter(|(outcome, _)| *outcome == ItemOutcome::Failed).map(|(_, what)| what).collect()
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
            when(found.trim_start_matches(['v', 'V']) == wanted),
            format!("/health says {found}, released is {wanted}"),
        ),
        None => unseen("the version in /health"),
    }
}

/// Every container: what is said of it is said by its name where there are several.
fn container(session: &Session, look: &Look<'_>) -> Judged {
    let parts = session.parts();
    if let [only] = parts.as_slice() {
        return container_of(session, *only, look);
    }
    let named = |part: Part| {
        let (outcome, evidence) = container_of(session, part, look);
        (outcome, format!("{}: {evidence}", session.opening.deployment.called(part)))
    };
    worst(&parts.into_iter().map(named).collect::<Vec<_>>())
}

fn container_of(session: &Session, part: Part, look: &Look<'_>) -> Judged {
    let it = session.observed.instance(part).map(|i| &i.container);
    match it.and_then(|it| Some((it, it.state.as_ref().filter(|s| s.at >= look.began)?))) {
        Some((it, seen)) => {
            let s = &seen.value;
            let good = it.is_up() && s.health != ContainerHealth::Unhealthy;
            let health = match s.health {
                ContainerHealth::None => "no HEALTHCHECK".to_owned(),
                other => {
                    format!("HEALTHCHECK {other:?}").to_lowercase().replace("healthcheck", "HEALTHCHECK")
                }
            };
            let status = format!("{:?}", s.status).to_lowercase();
            (when(good), format!("{status}, {health}, restart count {}", s.restart_count))
        }
        None => not_inspected(session, part, look),
    }
}

/// Why there is no answer of `docker inspect` in this check.
fn not_inspected(session: &Session, part: Part, look: &Look<'_>) -> Judged {
    let track = session.observed.track_of(part, Source::Inspect);
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

/// Whether the source gave an answer in this check, of every container where each is asked; with it the evidence is fresh.
fn is_fresh(session: &Session, source: Source, look: &Look<'_>) -> bool {
    let fresh = |part| session.observed.track_of(part, source).last_ok.is_some_and(|at| at >= look.began);
    session.parts_asked_for(source).into_iter().all(fresh)
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
        .map(|(news, _)| session.opening.deployment.told(news))
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
    let failed =
        session.parts().into_iter().any(|part| session.observed.track_of(part, Source::Logs).failed > 0);
    if failed || !is_fresh(session, Source::Logs, look) {
        return unseen("the container's log");
    }
    let seen = &session.observed;
    let errors = seen.in_logs(|logs| logs.errors.since(since).into());
    let critical = seen.in_logs(|logs| logs.critical.since(since).into());
    let warnings = seen.in_logs(|logs| logs.warnings.since(since).into());
    let most = session.opening.rules.targets.log_errors.into();
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
    let seen = &session.observed;
    let patterns = seen.top_patterns(usize::MAX);
    let fresh = patterns.iter().filter(|p| p.first >= since).count();
    let open = session.incidents.iter().any(|i| i.problem.issue == Issue::LogErrors && i.is_running());
    let (outcome, evidence) = self::logs(session, look);
    if outcome == ItemOutcome::Unknown {
        return (outcome, evidence);
    }
    let newest = patterns.iter().find(|p| p.last >= since);
    let top = newest.map_or_else(String::new, |p| format!("; most frequent: {} (×{})", p.text, p.count));
    (
        when(!open && seen.in_logs(|logs| logs.critical.since(since).into()) == 0),
        format!(
            "{evidence}, {}, {} of {} logged requests since the start answered with 5xx{top}",
            counted_len(fresh, "new pattern"),
            seen.application.logs.server_errors,
            seen.application.logs.requests
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
        Metric::Cpu if session.parts().len() == 1 => {
            (&seen.application.cpu_percent, targets.cpu_percent, "%")
        }
        // A trend, an upper bound, or several containers: the whole session and the incidents are what there is to say.
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
    let over =
        |series: &Series, target: f64| series.percentile(95.0).is_some_and(|p95| f64::from(p95) >= target);
    match metric {
        Metric::ApiP95 => over(&seen.api_ms, targets.api_p95_ms),
        Metric::Cpu => seen.instances().any(|(_, i)| over(&i.cpu_percent, targets.cpu_percent)),
        _ => false,
    }
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
    let critical = session.observed.in_logs(|logs| logs.critical.since(since).into());
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
            i.severity() == severity
                && i.explained_by.is_none()
                && i.standing() == Standing::Counts
                && touches(i, since, session.last_seen())
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
    let found = session
        .incidents
        .iter()
        .find(|i| i.problem.issue == Issue::DataCorruption && i.standing() == Standing::Counts);
    found.map_or_else(
        || (ItemOutcome::Passed, "no sign of loss or corruption".into()),
        |i| (ItemOutcome::Failed, i.label()),
    )
}

fn breaches(session: &Session, look: &Look<'_>) -> Judged {
    let of = |standing| {
        let found = session.incidents.iter().filter(|i| i.problem.issue == Issue::SecurityBreach);
        found.filter(|i| i.standing() == standing).map(super::Incident::label).collect::<Vec<_>>()
    };
    let found = of(Standing::Counts);
    if !found.is_empty() {
        return (ItemOutcome::Failed, found.join("; "));
    }
    let undecided = of(Standing::Undecided);
    if !undecided.is_empty() {
        return (ItemOutcome::Unknown, format!("to be confirmed or dismissed: {}", undecided.join("; ")));
    }
    if !is_fresh(session, Source::Logs, look) || !is_fresh(session, Source::Inspect, look) {
        return unseen("the container's log or image");
    }
    let image = session
        .observed
        .application
        .container
        .state
        .as_ref()
        .map(|s| s.value.image_id.chars().take(19).collect::<String>());
    match image {
        Some(image) => (
            ItemOutcome::Passed,
            format!(
                "no unannounced change of the image (now {image}), {} in {} logged requests",
                counted(session.observed.application.logs.refused_logins.total(), "refused login"),
                session.observed.application.logs.requests
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
        .filter(|c| criteria::criterion_of(session, *c, look.now).0 == Finding::Fail)
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
        all.push(format!("{}{how}", session.opening.deployment.told(news)));
    }
    for gap in session.gaps.iter().filter(|g| g.touches(since, now)) {
        let known = read_back::of(session, gap);
        all.push(format!("{} unobserved: {}; {known}", gap.length(now), gap.cause.label()));
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
    if session.readiness_at().is_some_and(|at| at >= began) {
        all.extend(readiness(session));
    }
    all.push(format!(
        "{} readings so far; {} of {} requests failed",
        session.observed.count, session.observed.requests_failed, session.observed.requests
    ));
    all
}

/// Whether a roll back would work, in one sentence; nothing where there is no version to roll back to.
fn readiness(session: &Session) -> Option<String> {
    let previous = session.opening.release.previous.as_ref()?;
    let readiness = session.readiness()?;
    let unmet = |met| -> Vec<String> {
        let all = readiness.conditions.iter().filter(|c| c.met == met);
        all.map(|c| format!("{} ({})", c.requirement.label(), c.detail)).collect()
    };
    let (no, unknown) = (unmet(Met::No), unmet(Met::Unknown));
    Some(if !no.is_empty() {
        format!("Roll back to {previous} is not possible, not so: {}", no.join("; "))
    } else if !unknown.is_empty() {
        format!("Roll back to {previous} is ready, not known: {}", unknown.join("; "))
    } else {
        format!("Roll back to {previous} is ready")
    })
}
