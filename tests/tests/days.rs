//! Whole days, simulated with seeds: random faults, sleeps, clock jumps, and kills of the watch itself.
//!
//! `WATCHKEEPER_DAYS=N` says how many (1 000 by default), `WATCHKEEPER_SEED=S` replays one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use watchkeeper_core::{
    action::{ActionKind, ActionOutcome, Policy, Stage as ActionStage},
    chain,
    event::Fact,
    matrix::{Issue, Problem, Severity},
    notify::NotifyReason,
    part::Part,
    session::{Action, CheckStatus, Delivery, EvidenceRecord, Incident, IncidentState, NotificationRecord},
    time::{Moment, Span, WatchTime},
    verdict::Finding,
};
use watchkeeper_demo::{Fault, FaultKind};
use watchkeeper_tests::day::{Day, Script, live};

type Check = (&'static str, fn(&Day) -> Result<(), String>);

const INVARIANTS: [Check; 12] = [
    ("the chain holds and nothing is lost", chain_holds),
    ("time never runs back", time_runs_on),
    ("nothing is told twice", told_once),
    ("nobody is notified twice", shown_once),
    ("critical incidents have their evidence", evidence_is_there),
    ("every checkpoint is done or missed, once", checks_are_whole),
    ("every fault is found in its time", faults_are_found),
    ("nothing is found that is not there", nothing_invented),
    ("the container that went down is the one that is blamed", culprit_is_named),
    ("the verdict is no better than the evidence", verdict_is_honest),
    ("gaps are what was not seen", gaps_are_honest),
    ("what is done is allowed, one at a time, and comes to its end", actions_are_sound),
];

#[test]
fn days() {
    let one = std::env::var("WATCHKEEPER_SEED").ok().and_then(|s| s.parse::<u64>().ok());
    let many = std::env::var("WATCHKEEPER_DAYS").ok().and_then(|s| s.parse::<u64>().ok()).unwrap_or(1_000);
    let seeds = one.map_or(0..many, |seed| seed..seed + 1);
    let (next, end) = (AtomicU64::new(seeds.start), seeds.end);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut broken: Vec<(u64, String)> = Vec::new();
    let mut kinds: std::collections::BTreeMap<&'static str, u32> = std::collections::BTreeMap::new();
    let (mut readings, mut killed, mut incidents) = (0, 0, 0);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut results = Vec::new();
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= end {
                            return results;
                        }
                        results.push((seed, one_day(seed)));
                    }
                })
            })
            .collect();
        for worker in workers {
            for (seed, (day, wrong)) in
                worker.join().expect("a day panicked; its seed is in the message above")
            {
                broken.extend(wrong.into_iter().map(|w| (seed, w)));
                readings += day.0;
                killed += day.1;
                incidents += day.2;
                for kind in day.3 {
                    *kinds.entry(kind).or_default() += 1;
                }
            }
        }
    });
    println!(
        "{} days, {readings} readings, {incidents} incidents, {killed} kills; faults: {kinds:?}",
        end - seeds.start
    );
    broken.sort_by_key(|(seed, _)| *seed);
    for (seed, what) in broken.iter().take(20) {
        println!(
            "seed {seed}: {what}\n  replay: WATCHKEEPER_SEED={seed} cargo nextest run -p watchkeeper-tests --test days --no-capture"
        );
    }
    assert!(broken.is_empty(), "{} broken invariants", broken.len());
    let checked = CHECKED.lock().unwrap().clone();
    println!("held against the record: {checked:?}");
    if one.is_none() && many >= 1_000 {
        // A day that meets no fault proves nothing of it.
        for kind in FaultKind::EXAMPLES {
            assert!(kinds.contains_key(kind.name()), "no day met {}", kind.name());
            let nobodys = matches!(kind, FaultKind::PcOffline | FaultKind::NetworkDown);
            assert!(nobodys || checked.contains(kind.name()), "no day could tell of {}", kind.name());
        }
        for way in WAYS {
            assert!(kinds.contains_key(way), "no day met {way}");
        }
    }
}

type Summary = (usize, u32, usize, Vec<&'static str>);

fn one_day(seed: u64) -> (Summary, Vec<String>) {
    // Every eighth day is quiet: it must stay so.
    let script = if seed % 8 == 7 { Script::quiet(seed) } else { Script::of(seed) };
    let day = live(script);
    let wrong = INVARIANTS
        .iter()
        .filter_map(|(name, check)| check(&day).err().map(|why| format!("{name}: {why}")))
        .collect();
    let mut kinds: Vec<&str> = day.script.faults.iter().map(|f| f.kind.name()).collect();
    kinds.extend(day.session.actions.iter().flat_map(ways));
    if std::env::var("WATCHKEEPER_SEED").is_ok() {
        println!("{:#?}", day.script);
        for line in &day.session.log {
            println!("{} {}", line.moment.watch.elapsed(), line.text);
        }
        println!("{:#?}", day.session.verdict(day.session.last_event.watch));
    }
    ((day.readings, day.killed, day.session.incidents.len(), kinds), wrong)
}

fn chain_holds(day: &Day) -> Result<(), String> {
    let head = chain::verify(&day.events).map_err(|e| e.to_string())?;
    if head != day.session.head {
        return Err("the session's head is another".into());
    }
    (day.session.observed.count as usize == day.readings)
        .then_some(())
        .ok_or_else(|| "readings were lost".into())
}

fn time_runs_on(day: &Day) -> Result<(), String> {
    match day.events.windows(2).find(|w| w[1].moment.watch < w[0].moment.watch) {
        Some(w) => Err(format!("event {} is before event {}", w[1].seq, w[0].seq)),
        None => Ok(()),
    }
}

fn told_once(day: &Day) -> Result<(), String> {
    for incident in &day.session.incidents {
        let n = incident.told.iter().filter(|(r, _)| *r == NotifyReason::Opened).count();
        if n > 1 {
            return Err(format!("{} was told {n} times as opened", incident.label()));
        }
        let open = day.session.incidents.iter().filter(|i| {
            i.problem == incident.problem && i.id != incident.id && i.state != IncidentState::Closed
        });
        if incident.state != IncidentState::Closed && open.count() > 0 {
            return Err(format!("{} is open twice", incident.label()));
        }
    }
    Ok(())
}

fn shown_once(day: &Day) -> Result<(), String> {
    for ((incident, title), shown) in &day.shown {
        // What comes back is told again, and a reminder is one each time; all that is in the journal.
        let decided = |r: &&NotificationRecord| r.incident == *incident && r.title == *title;
        let decided = day.session.notifications.iter().filter(decided);
        let (again, first): (Vec<_>, Vec<_>) = decided.partition(|r| r.reason == NotifyReason::Undelivered);
        if *shown as usize > first.len() + again.len() {
            return Err(format!("{title} was shown {shown} times, decided {} times", first.len()));
        }
        // A notification is repeated only where the watch was killed before it could know that it was shown.
        if again.len() > day.killed as usize {
            return Err(format!("{title} was repeated {} times by {} kills", again.len(), day.killed));
        }
    }
    let lost = day.session.notifications.iter().find(|n| n.sent == Delivery::Pending && !n.replaced);
    lost.map_or(Ok(()), |n| Err(format!("{} was decided and never shown", n.title)))
}

/// Each critical incident and each relapse that is one has each kind of evidence, once.
fn evidence_is_there(day: &Day) -> Result<(), String> {
    for incident in day.session.incidents.iter().filter(|i| i.is_critical()) {
        for kind in EvidenceRecord::KINDS {
            let kept = incident.evidence.iter().filter(|e| e.kind == kind).count();
            let rounds = 1 + incident.relapses as usize;
            if kept == 0 || kept > rounds + day.killed as usize {
                return Err(format!("{} has {kept} × {kind} in {rounds} rounds", incident.label()));
            }
        }
    }
    Ok(())
}

fn checks_are_whole(day: &Day) -> Result<(), String> {
    if day.session.concluded.is_none() {
        return Err("the day did not come to its end".into());
    }
    for check in &day.session.checks {
        let done = day
            .events
            .iter()
            .filter(|e| matches!(&e.fact, Fact::CheckDone { check: id, .. } if *id == check.id))
            .count();
        let due = (check.due, check.due + Span::mins(6));
        let good = match check.status {
            CheckStatus::Done => done == 1 && check.missed.is_none(),
            // Only what lay in a time without sight is missed.
            CheckStatus::Missed => done <= 1 && check.missed.is_some() && unseen(day, due.0, due.1),
            CheckStatus::Pending | CheckStatus::Running => false,
        };
        if !good {
            return Err(format!("{} is {:?} with {done} results", check.title, check.status));
        }
    }
    Ok(())
}

/// Within which time each kind of fault is to be found, in turns of the cadence beyond its own nature.
fn found_within(kind: FaultKind, every: Span) -> Span {
    match kind {
        // Told by the event stream, in a real watch at once; here with the next turn.
        k if k.part_that_ends().is_some() => every.times(2),
        FaultKind::OneTimeout { .. } => every.times(3),
        // A quarter of an hour at 120 an hour gives the ten that count as accumulating.
        FaultKind::LogErrors { per_hour } => {
            Span::mins(60 * 12 / u64::from(per_hour.max(1))) + every.times(2)
        }
        FaultKind::WarningLogs { per_hour } => {
            Span::mins(60 * 2 / u64::from(per_hour.max(1))) + every.times(2)
        }
        FaultKind::FlakyEndpoint { .. } => every.times(24),
        FaultKind::CorruptionInLog | FaultKind::DataLoss { .. } => every.times(3),
        FaultKind::FailedLoginFlood { .. } => Span::mins(2) + every.times(2),
        FaultKind::DatabaseDown => every.times(4),
        FaultKind::NasDown => every.times(5),
        // From 412 of 1 024 MiB to 80 %, and from 41.3 % of the disk to 85 %.
        FaultKind::MemoryLeak { mib_per_hour } => {
            hours((0.8 * 1_024.0 - 412.0) / mib_per_hour) + every.times(5)
        }
        FaultKind::DiskFilling { percent_per_hour } => {
            hours((85.0 - 41.3) / percent_per_hour) + every.times(3)
        }
        FaultKind::SlowDatabase { .. } => every.times(5),
        _ => every.times(5),
    }
}

fn hours(n: f64) -> Span {
    Span::millis((n * 3_600_000.0) as u64)
}

/// The rows of the matrix that a fault has to open.
fn issues_of(kind: FaultKind) -> Vec<Issue> {
    let beside = match kind {
        // Who swaps the image also interrupts.
        FaultKind::ImageSwapped => Some(Issue::SecurityBreach),
        FaultKind::EngineDown => Some(Issue::IntermittentFailures),
        _ => None,
    };
    kind.issue().into_iter().chain(beside).collect()
}

/// From when a fault can be found: of a login, the next checkpoint.
fn looked_for_from(day: &Day, fault: &Fault) -> WatchTime {
    let at = WatchTime::START + fault.at;
    match fault.kind {
        FaultKind::LoginBroken => {
            let checks = day.session.checks.iter().filter(|c| c.phase.is_some()).map(|c| c.due);
            checks.filter(|due| *due >= at).min().unwrap_or(day.session.end())
        }
        _ => at,
    }
}

fn faults_are_found(day: &Day) -> Result<(), String> {
    for fault in &day.script.faults {
        let within = found_within(fault.kind, day.script.every);
        let from = looked_for_from(day, fault);
        let until = from + within;
        if until > day.session.end()
            || !lasts_long_enough(fault, until.elapsed().saturating_sub(fault.at))
            || unseen(day, from, until + day.script.every)
        {
            continue;
        }
        for issue in issues_of(fault.kind) {
            let found = |i: &Incident| {
                i.problem.issue == issue
                    && is_of(i, fault)
                    && shows(i, WatchTime::START + fault.at, until, &day.events)
            };
            if !day.session.incidents.iter().any(found) {
                let what = format!("{:?} at {}", fault.kind, fault.at);
                return Err(format!("{what} was not found as {issue:?} by {}", until.elapsed()));
            }
        }
        recovers(day, fault)?;
        CHECKED.lock().unwrap().insert(fault.kind.name());
    }
    Ok(())
}

/// Whether the incident, where it is one of a container, is one of the container that `fault` ends.
fn is_of(incident: &Incident, fault: &Fault) -> bool {
    let part = fault.kind.part_that_ends();
    incident.problem.issue != Issue::ContainerCrash || part.is_none_or(|p| incident.problem.part() == p)
}

/// The kinds of faults that were really held against the record.
static CHECKED: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());

/// What is over is found to be over: in its own time, and where nothing hides it.
fn recovers(day: &Day, fault: &Fault) -> Result<(), String> {
    // A person has to say what it was.
    let for_a_person = matches!(fault.kind, FaultKind::ImageSwapped | FaultKind::CorruptionInLog);
    let Some(end) = fault.end().map(|end| WatchTime::START + end) else { return Ok(()) };
    // Half an hour is the window of the log, and of the API's slow answers ten turns.
    let until = end + Span::mins(40) + day.script.every.times(12);
    if for_a_person || until > day.session.end() || unseen(day, end, until) {
        return Ok(());
    }
    let next = day.script.faults.iter().any(|f| f.at > fault.at && WatchTime::START + f.at < until);
    let stays = day.session.incidents.iter().find(|i| {
        issues_of(fault.kind).contains(&i.problem.issue)
            && i.opened.watch.elapsed() >= fault.at
            && i.opened.watch < until
            && !ends(day, i, until)
            && !matches!(i.problem.issue, Issue::SecurityBreach | Issue::DataCorruption)
    });
    match stays {
        Some(incident) if !next => Err(format!("{} stays open after {:?}", incident.label(), fault.kind)),
        _ => Ok(()),
    }
}

/// A fault that is over before it can be told from a blip is a blip.
fn lasts_long_enough(fault: &Fault, within: Span) -> bool {
    fault.kind.part_that_ends().is_some()
        || matches!(fault.kind, FaultKind::OneTimeout { .. })
        || fault.end().is_none_or(|end| end.saturating_sub(fault.at) > within)
}

fn shows(
    incident: &Incident,
    from: WatchTime,
    until: WatchTime,
    events: &[watchkeeper_core::event::Event],
) -> bool {
    let within = |at: WatchTime| at >= from && at <= until;
    let reopened = events.iter().any(|e| {
        matches!(e.fact, Fact::IncidentReopened { incident: id, .. } if id == incident.id)
            && within(e.moment.watch)
    });
    let lasted = incident.opened.watch <= from && incident.state == IncidentState::Open;
    within(incident.opened.watch) || reopened || lasted
}

/// Whether the watch itself did not see any of the time: asleep, killed, offline, or just back and re-reading.
fn unseen(day: &Day, from: WatchTime, until: WatchTime) -> bool {
    let slack = day.script.every.times(5);
    let own = day.unseen.iter().any(|(a, b)| *a <= until && *b + slack >= from);
    own || day.session.gaps.iter().any(|g| g.touches(from.back(slack), until + slack))
}

fn nothing_invented(day: &Day) -> Result<(), String> {
    for incident in &day.session.incidents {
        let opened = incident.opened.watch.elapsed();
        let cause = day.script.faults.iter().any(|fault| {
            // The log's window is half an hour, and what it says may be read back late.
            let wake = Span::mins(35);
            fault.kind.place().is_deployment()
                && opened >= fault.at
                && may_bring(fault.kind).contains(&incident.problem.issue)
                && fault.end().is_none_or(|end| {
                    opened <= end + wake
                        || day
                            .unseen
                            .iter()
                            .any(|(a, b)| a.elapsed() <= end + wake && opened <= b.elapsed() + wake)
                })
        });
        if !cause {
            return Err(format!("{} at {opened}: {}", incident.label(), incident.detail));
        }
    }
    Ok(())
}

/// Whether `incident` recovered or was closed before `until`, whatever became of it later.
fn ends(day: &Day, incident: &Incident, until: WatchTime) -> bool {
    day.events.iter().filter(|e| e.moment.watch <= until).any(|e| match e.fact {
        Fact::IncidentRecovered { incident: id, .. } | Fact::IncidentClosed { incident: id, .. } => {
            id == incident.id
        }
        _ => false,
    })
}

/// The rows of the matrix that a fault may open, by itself or by what comes of it.
fn may_bring(kind: FaultKind) -> Vec<Issue> {
    use Issue as I;
    let mut all = issues_of(kind);
    if kind == FaultKind::ContainerRecreated {
        // Whose redeploy it was, a person has to say.
        all.push(I::SecurityBreach);
    }
    all.extend_from_slice(match kind {
        // Its traceback, the requests that nobody answered, and the slow ones of a process that is just coming up.
        k if k.part_that_ends().is_some() => &[
            I::FeatureFailure,
            I::OccasionalTimeout,
            I::LogErrors,
            I::WarningLogs,
            I::PerformanceDip,
            I::IntermittentFailures,
            I::DatabaseConnection,
            I::CapacityUsage,
            I::HighMemory,
        ],
        FaultKind::DatabaseDown => {
            &[I::FeatureFailure, I::IntermittentFailures, I::OccasionalTimeout, I::LogErrors]
        }
        FaultKind::NasDown => &[I::OccasionalTimeout, I::IntermittentFailures],
        FaultKind::SlowDatabase { .. } => &[I::PerformanceDip, I::WarningLogs],
        FaultKind::LoginBroken => &[I::LogErrors],
        FaultKind::FrontendDown | FaultKind::ApiDown | FaultKind::HungEndpoint { .. } => {
            &[I::IntermittentFailures, I::OccasionalTimeout, I::LogErrors]
        }
        FaultKind::FlakyEndpoint { .. } => &[I::FeatureFailure, I::OccasionalTimeout, I::LogErrors],
        FaultKind::FailedLoginFlood { .. } => &[I::WarningLogs],
        FaultKind::CorruptionInLog => &[I::LogErrors],
        FaultKind::MemoryLeak { .. } => {
            &[I::CapacityUsage, I::ContainerCrash, I::FeatureFailure, I::OccasionalTimeout, I::PerformanceDip]
        }
        FaultKind::HighMemory { .. } | FaultKind::HighCpu { .. } => &[I::CapacityUsage, I::PerformanceDip],
        FaultKind::DiskFilling { .. } => &[I::FeatureFailure, I::IntermittentFailures, I::OccasionalTimeout],
        _ => &[],
    });
    all
}

/// A container is blamed for what went down itself, and no other one while it is down: what rests on it fails with it, and
/// is no culprit.
fn culprit_is_named(day: &Day) -> Result<(), String> {
    for part in Part::ALL {
        let problem = Problem::container(part);
        // A leak that nobody stops ends the application's container too.
        let ends = |f: &&Fault| {
            f.kind.part_that_ends() == Some(part)
                || (part.is_application() && matches!(f.kind, FaultKind::MemoryLeak { .. }))
        };
        let ended: Vec<&Fault> = day.script.faults.iter().filter(ends).collect();
        for (incident, at) in bad_times(day, &problem) {
            let went_down = ended.iter().rfind(|f| f.at <= at);
            let Some(fault) = went_down else {
                return Err(format!("{incident} is blamed at {at} and was never down"));
            };
            // What was not seen is learned later, even while another one is down.
            let until = fault.end().unwrap_or(day.session.end().elapsed()) + day.script.every.times(3);
            let late = unseen(day, WatchTime::START + fault.at, WatchTime::START + at);
            let other = day.script.faults.iter().find(|f| {
                f.kind.part_that_ends().is_some_and(|other| other != part)
                    && f.at <= at
                    && f.end().is_none_or(|end| at < end)
            });
            if let Some(culprit) = other.filter(|_| at > until && !late) {
                return Err(format!("{incident} is blamed at {at}, while it is {:?}", culprit.kind));
            }
        }
    }
    Ok(())
}

/// When an incident of `problem` was opened, and when it came back.
fn bad_times<'a>(day: &'a Day, problem: &'a Problem) -> impl Iterator<Item = (u32, Span)> + 'a {
    day.session.incidents.iter().filter(move |i| i.problem == *problem).flat_map(|i| {
        let again = day
            .events
            .iter()
            .filter(|e| matches!(e.fact, Fact::IncidentReopened { incident, .. } if incident == i.id));
        std::iter::once(i.opened.watch).chain(again.map(|e| e.moment.watch)).map(|at| (i.id, at.elapsed()))
    })
}

fn verdict_is_honest(day: &Day) -> Result<(), String> {
    let verdict = day.session.verdict(day.session.end());
    let quiet = day.script.faults.is_empty() && day.unseen.is_empty();
    if verdict.finding == Finding::Pass {
        let critical = day.session.incidents.iter().find(|i| i.severity() == Severity::Critical);
        if let Some(incident) = critical {
            return Err(format!("passed with {}", incident.label()));
        }
        if let Some(check) = day.session.checks.iter().find(|c| c.status != CheckStatus::Done) {
            return Err(format!("passed with {} {:?}", check.title, check.status));
        }
        let seen: u64 =
            1_000 - day.unseen.iter().map(|(a, b)| b.since(*a).as_millis()).sum::<u64>() * 1_000 / 86_400_000;
        if seen < 940 {
            return Err(format!("passed although only {seen} ‰ were observed"));
        }
    } else if quiet {
        return Err(format!("a quiet day did not pass: {}", verdict.reason));
    }
    let fatal = day.session.incidents.iter().any(|i| i.problem.issue == Issue::ContainerCrash);
    if fatal && verdict.finding != Finding::Fail {
        return Err("a crash did not fail the session".into());
    }
    Ok(())
}

fn gaps_are_honest(day: &Day) -> Result<(), String> {
    let gaps = &day.session.gaps;
    if let Some(pair) = gaps.windows(2).find(|w| w[0].to.is_none_or(|to| to > w[1].from)) {
        return Err(format!("gaps overlap: {pair:?}"));
    }
    for (from, to) in &day.unseen {
        let long = to.since(*from) > day.script.every.times(4) + Span::secs(10);
        let covered = gaps.iter().fold(Span::ZERO, |sum, gap| {
            let end = gap.to.unwrap_or(day.session.end()).min(*to);
            sum + end.since(gap.from.max(*from))
        });
        if long && *to < day.session.end() && covered + day.script.every.times(3) < to.since(*from) {
            let what = format!("of {} to {}", from.elapsed(), to.elapsed());
            return Err(format!("{what} only {covered} lie in gaps: {gaps:?}"));
        }
    }
    for fault in day.script.faults.iter().filter(|f| !f.kind.place().is_deployment()) {
        let (from, to) = (WatchTime::START + fault.at, WatchTime::START + fault.end().unwrap_or(fault.at));
        let blind = gaps.iter().any(|g| g.touches(from + day.script.every.times(3), to));
        if !blind && to < day.session.end() && to.since(from) > day.script.every.times(6) {
            return Err(format!("{:?} at {} made no gap", fault.kind, fault.at));
        }
    }
    for gap in gaps {
        let (from, to) = (gap.from, gap.to.unwrap_or(day.session.end()));
        let slack = day.script.every.times(2);
        let own = day.unseen.iter().any(|(a, b)| *a <= to && *b + slack >= from);
        let blind = day.script.faults.iter().any(|f| {
            !f.kind.place().is_deployment()
                && (WatchTime::START + f.at) <= to
                && f.end().is_none_or(|e| e + slack >= from.elapsed())
        });
        if !own && !blind {
            return Err(format!("a gap without a cause: {gap:?}"));
        }
    }
    Ok(())
}

/// The ways that an action can go.
const WAYS: [&str; 7] = [
    "restart done",
    "restart failed",
    "roll back done",
    "roll back undone",
    "roll back interrupted",
    "undo interrupted",
    "verification failed",
];

fn ways(action: &Action) -> Vec<&'static str> {
    let outcome = action.ended.as_ref().map(|(_, outcome, _)| *outcome);
    let verified = action.stages.iter().any(|s| s.stage == ActionStage::Verify);
    let undoing_first = |(at, _, _): &(Moment, String, Option<_>)| {
        action.undone.as_ref().is_some_and(|(since, _, _)| since.watch <= at.watch)
    };
    let all = [
        (action.order.kind == ActionKind::Restart && outcome == Some(ActionOutcome::Done), WAYS[0]),
        (action.order.kind == ActionKind::Restart && outcome == Some(ActionOutcome::Failed), WAYS[1]),
        (action.order.kind == ActionKind::RollBack && outcome == Some(ActionOutcome::Done), WAYS[2]),
        (outcome == Some(ActionOutcome::Undone), WAYS[3]),
        (action.interrupted.is_some(), WAYS[4]),
        (action.interrupted.as_ref().is_some_and(undoing_first), WAYS[5]),
        (verified && matches!(outcome, Some(ActionOutcome::Undone | ActionOutcome::Failed)), WAYS[6]),
    ];
    all.into_iter().filter(|(met, _)| *met).map(|(_, way)| way).collect()
}

fn actions_are_sound(day: &Day) -> Result<(), String> {
    let rules = &day.script.actions;
    let actions = &day.session.actions;
    let mut open = None;
    for event in &day.events {
        match &event.fact {
            Fact::ActionBegan { action, order } => {
                if let Some(other) = open.replace(*action) {
                    return Err(format!("action {action} began while {other} was open"));
                }
                if order.by == "watch" && rules.policy(order.kind) != Policy::Auto {
                    return Err(format!("action {action} was begun by a watch that may not"));
                }
                if order.kind == ActionKind::RollBack && order.plan.is_none() {
                    return Err(format!("action {action} rolls back without a plan"));
                }
                let evidence = order.incident.and_then(|id| day.session.incident(id)).map(|i| &i.evidence);
                if !evidence.is_some_and(|kept| kept.iter().any(|e| e.moment.watch <= event.moment.watch)) {
                    return Err(format!("action {action} began without evidence"));
                }
            }
            Fact::ActionEnded { action, .. } if open.take() != Some(*action) => {
                return Err(format!("action {action} ended, and was not open"));
            }
            _ => {}
        }
    }
    for action in actions {
        let late = day.session.end().since(action.began.watch) < day.script.every.times(6);
        if action.is_open() && !late {
            return Err(format!("action {} never ended: {:?}", action.id, action.state));
        }
        let restarts = actions.iter().filter(|other| {
            other.order.kind == ActionKind::Restart
                && other.began.watch <= action.began.watch
                && action.began.watch.since(other.began.watch) < Span::hours(1)
        });
        if restarts.count() > rules.restarts_per_hour as usize {
            return Err(format!("too many restarts within the hour before action {}", action.id));
        }
    }
    let undone = |a: &&Action| matches!(a.ended, Some((_, ActionOutcome::Undone, _)));
    for action in actions.iter().filter(undone) {
        if !day.done.contains(&(action.id, true)) {
            return Err(format!("action {} is said to be undone, and nobody was asked to", action.id));
        }
    }
    // An effect of before never fires again: what was asked for once was asked once for each time it was decided.
    let decided = day.events.iter().filter(|e| {
        matches!(e.fact, Fact::ActionBegan { .. } | Fact::ActionResumed { .. } | Fact::UndoBegan { .. })
    });
    if day.done.len() > decided.count() {
        return Err("the operator was asked more often than was decided".into());
    }
    if day.session.rolled_back().is_some() && day.session.verdict(day.session.end()).finding != Finding::Fail
    {
        return Err("a release that was taken back passed".into());
    }
    Ok(())
}
