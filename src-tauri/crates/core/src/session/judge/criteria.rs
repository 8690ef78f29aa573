//! The ten success criteria, and what they come to together.

use super::{Judged, errors, uptime};
use crate::{
    baseline::{self, Metric},
    checklist::{Item, ItemOutcome, ItemResult},
    gap,
    matrix::Issue,
    reading::Source,
    session::{Check, CheckStatus, Incident, Session, Standing},
    time::{Span, WatchTime},
    verdict::{Criterion, CriterionResult, Finding, Verdict},
    words::counted,
};

/// The verdict at `now`.
pub(in crate::session) fn verdict(session: &Session, now: WatchTime) -> Verdict {
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

/// `verdict` of the plan's end, with what people have ticked since, and what they said of suspicions.
pub(in crate::session) fn reconsidered(session: &Session, verdict: &Verdict) -> Verdict {
    let mut criteria = verdict.criteria.clone();
    for result in &mut criteria {
        match result.criterion {
            Criterion::AllChecksPass => (result.finding, result.evidence) = all_checks(session),
            Criterion::FeaturesAtEnd => (result.finding, result.evidence) = features_at_end(session),
            criterion if judged_since(session, criterion) => {
                (result.finding, result.evidence) = criterion_of(session, criterion, session.end());
            }
            _ => {}
        }
    }
    sum_up(session, criteria, verdict.coverage_percent, verdict.complete)
}

/// Whether a person has judged a suspicion that `criterion` weighs since the plan has run to its end.
fn judged_since(session: &Session, criterion: Criterion) -> bool {
    let issues: &[Issue] = match criterion {
        Criterion::NoCriticalErrors => &[Issue::SecurityBreach, Issue::DataCorruption],
        Criterion::NoSecurityIncidents => &[Issue::SecurityBreach],
        Criterion::NoDataLoss | Criterion::DatabaseNormal => &[Issue::DataCorruption],
        _ => &[],
    };
    session.concluded.as_ref().is_some_and(|(concluded, _)| {
        let judged = |i: &Incident| i.judged.as_ref().is_some_and(|j| j.moment.watch >= concluded.watch);
        session.incidents.iter().any(|i| issues.contains(&i.problem.issue) && judged(i))
    })
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
    let rolled_back = session.rolled_back();
    let (finding, reason) = if let Some(action) = rolled_back {
        let at = action.began.utc.format("%H:%M UTC");
        let version = &session.opening.release.version;
        (Finding::Fail, format!("v{version} was taken back at {at}: {}", action.label()))
    } else if worst == Finding::Fail {
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
    let of = |standing| {
        let found = session.incidents.iter().filter(|i| issues.contains(&i.problem.issue));
        let found = found.filter(|i| i.explained_by.is_none() && i.standing() == standing);
        found.map(Incident::label).collect::<Vec<_>>().join("; ")
    };
    let found = of(Standing::Counts);
    if !found.is_empty() {
        return (Finding::Fail, found);
    }
    let undecided = of(Standing::Undecided);
    if !undecided.is_empty() {
        return (Finding::Inconclusive, format!("to be confirmed or dismissed by a person: {undecided}"));
    }
    let dismissed = of(Standing::Dismissed);
    let what = if dismissed.is_empty() {
        what.to_owned()
    } else {
        format!("{what} (dismissed by a person: {dismissed})")
    };
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
    let tracks = sources.iter().flat_map(|source| {
        session
            .parts_asked_for(*source)
            .into_iter()
            .map(|part| (*source, session.observed.track_of(part, *source)))
    });
    tracks.into_iter().find_map(|(source, track)| {
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

pub(super) fn criterion_of(session: &Session, criterion: Criterion, now: WatchTime) -> (Finding, String) {
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
    let items = last.map(Check::items).unwrap_or_default();
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
        .map(Incident::label)
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
