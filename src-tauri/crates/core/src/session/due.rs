//! What follows from the state and the time alone.

use super::{
    CheckStatus, Delivery, Incident, IncidentState, Session, SignalState, action, breach, incident::explains,
    judge, signal,
};
use crate::{
    action::ActionOutcome,
    escalation::Step,
    event::{ContainerChange, Fact},
    gap::GapCause,
    matrix::{Issue, Problem, Severity},
    notify::{self, NotifyReason, Urgency},
    observed::Instance,
    part::Part,
    reading::Place,
    time::{Moment, Span, WatchTime},
    words::capitalised,
};

/// The facts that are due at `now`. One kind at a time: what they bring about is asked for after they are applied.
pub(super) fn due(session: &Session, now: Moment) -> Vec<Fact> {
    let rules: [fn(&Session, Moment) -> Vec<Fact>; 11] = [
        gaps,
        news,
        phases,
        checks,
        incidents,
        steps,
        action::due,
        notifications,
        closings,
        seals,
        conclusion,
    ];
    rules.iter().map(|rule| rule(session, now)).find(|facts| !facts.is_empty()).unwrap_or_default()
}

pub(super) fn resume(session: &Session, program: &str) -> Vec<Fact> {
    let mut facts = vec![Fact::Resumed { program: program.to_owned() }];
    facts.extend(action::left_open(session));
    // Whatever kind of gap was open when the program ended goes over into one kind: nobody watched.
    if session.open_gap().is_none() {
        let mut written = last_gap_end(session);
        for (from, to) in session.observed.silences.iter().filter(|(_, to)| *to > written) {
            // Recorded, but the program ended before it was written down.
            facts.push(Fact::GapOpened { cause: GapCause::Asleep, from: (*from).max(written) });
            facts.push(Fact::GapClosed { to: *to });
        }
        written = session.observed.silences.last().map_or(written, |(_, to)| written.max(*to));
        facts.push(Fact::GapOpened { cause: GapCause::Closed, from: session.alive().max(written) });
    }
    facts
}

pub(super) fn pause(session: &Session, reason: &str) -> Vec<Fact> {
    let mut facts = Vec::new();
    if session.observed.count > session.sealed.count {
        facts.push(seal(session));
    }
    facts.push(Fact::Paused { reason: reason.to_owned() });
    facts
}

fn last_gap_end(session: &Session) -> WatchTime {
    session.gaps.last().and_then(|g| g.to).unwrap_or_default()
}

fn gaps(session: &Session, now: Moment) -> Vec<Fact> {
    let seen = &session.observed;
    if let Some(gap) = session.open_gap() {
        let sight = seen.last_sight.filter(|t| *t > gap.from);
        let ended = match gap.cause {
            // A reading of any kind shows that the watch itself is back; the first one says since when.
            GapCause::Asleep | GapCause::Closed => {
                seen.last.filter(|t| *t > gap.from && *t >= session.attended_since).map(|last| {
                    seen.silences.iter().map(|(_, to)| *to).find(|to| *to > gap.from).unwrap_or(last)
                })
            }
            GapCause::Offline | GapCause::Network => sight,
        };
        return ended.map(|to| Fact::GapClosed { to }).into_iter().collect();
    }
    let written = last_gap_end(session);
    // The PC may wake with answers at the door: then the silence is seen in the readings, not on the clock.
    if let Some((from, _)) = seen.silences.iter().find(|(_, to)| *to > written) {
        return vec![Fact::GapOpened { cause: GapCause::Asleep, from: (*from).max(written) }];
    }
    let earliest = last_gap_end(session);
    let alive = session.alive();
    let rules = &session.opening.rules;
    if now.watch.since(alive) > rules.gap_after(session.opening.pace.speed) {
        return vec![Fact::GapOpened { cause: GapCause::Asleep, from: alive.max(earliest) }];
    }
    match &seen.blind {
        Some(blind) if now.watch.since(blind.at) >= rules.every => {
            let cause = if blind.value == Place::ThisPc { GapCause::Offline } else { GapCause::Network };
            let from = seen.last_sight.unwrap_or(WatchTime::START).max(earliest);
            vec![Fact::GapOpened { cause, from }]
        }
        _ => Vec::new(),
    }
}

fn news(session: &Session, _: Moment) -> Vec<Fact> {
    let untold = |(part, instance): (Part, &'_ Instance)| {
        let told = session.changes.iter().filter(|(news, _)| news.part == part).count();
        instance.container.news.iter().skip(told).cloned().collect::<Vec<_>>()
    };
    session
        .observed
        .instances()
        .flat_map(untold)
        .map(|news| {
            // An announced restart excuses endings by an operator; it does not excuse a crash.
            let excusable = !matches!(news.change, ContainerChange::OomKilled)
                && !matches!(news.change, ContainerChange::Crashed { exit_code } if exit_code != Some(0));
            let announced = excusable && session.was_announced(&news);
            Fact::ContainerChanged { news, announced }
        })
        .collect()
}

fn phases(session: &Session, now: Moment) -> Vec<Fact> {
    let begun = session.phases_begun;
    session
        .opening
        .plan
        .phases
        .get(begun)
        .filter(|phase| WatchTime::START + phase.from <= now.watch)
        .map(|_| Fact::PhaseBegan { phase: u32::try_from(begun).unwrap_or(u32::MAX) })
        .into_iter()
        .collect()
}

fn checks(session: &Session, now: Moment) -> Vec<Fact> {
    if session.checks.iter().any(|c| c.status == CheckStatus::Running) {
        return Vec::new();
    }
    let blind = session.open_gap();
    if let Some(check) = session.checks.iter().find(|c| c.is_pending() && c.due <= now.watch) {
        if now.watch.since(check.due) <= session.late_after() {
            return match blind {
                None => vec![Fact::CheckBegan { check: check.id.clone(), late: false }],
                Some(_) => Vec::new(),
            };
        }
        let cause = session.missed_because(check);
        return vec![Fact::CheckMissed { check: check.id.clone(), cause }];
    }
    // Of a phase's checkpoints missed in a row the last one gets a late one beside it; the same look serves them all.
    let last_missed = (0..session.opening.plan.phases.len()).find_map(|phase| {
        session
            .checks
            .iter()
            .filter(|c| c.phase == Some(phase) && c.due <= now.watch && !c.is_pending())
            .max_by_key(|c| c.due)
            .filter(|c| c.status == CheckStatus::Missed && c.result.is_none())
    });
    match (last_missed, blind) {
        (Some(check), None) => vec![Fact::CheckBegan { check: check.id.clone(), late: true }],
        _ => Vec::new(),
    }
}

fn incidents(session: &Session, now: Moment) -> Vec<Fact> {
    // While the watch does not see, nothing is held against the deployment and nothing is forgiven.
    if session.open_gap().is_some() || session.observed.count == 0 {
        return Vec::new();
    }
    let rules = &session.opening.rules;
    let grace = rules.every.times(u64::from(rules.failures));
    let signals = signal::all(session, now.watch);
    for signal in signals {
        let known = session.incidents.iter().rev().find(|i| i.problem == signal.problem);
        let since = match &signal.state {
            SignalState::Bad { since, .. } => *since,
            _ => now.watch,
        };
        let cause = cause_of(session, &signal.problem, since, grace);
        let planned = planned(session, &signal.problem);
        match (&signal.state, known) {
            (SignalState::Bad { detail, at, .. }, Some(incident))
                if incident.state == IncidentState::Recovered =>
            {
                let anew = incident.recovered.is_some_and(|r| *at > r.watch);
                if !anew || planned || cause.is_some() || in_wake(session, &signal.problem, *at, grace) {
                    continue;
                }
                return vec![Fact::IncidentReopened { incident: incident.id, detail: detail.clone() }];
            }
            (SignalState::Bad { at, detail, .. }, Some(incident))
                if incident.state == IncidentState::Open =>
            {
                match (incident.explained_by.and_then(|by| session.incident(by)), cause) {
                    // Only what began with the cause or after it: what was there before has another one.
                    (None, Some(by)) if incident.since + grace >= by.since => {
                        return vec![Fact::IncidentExplained { incident: incident.id, by: by.id }];
                    }
                    // The cause is gone and this has stayed: it stands for itself from now on.
                    (Some(by), None)
                        if !by.is_running() && !in_wake(session, &signal.problem, *at, grace) =>
                    {
                        return vec![Fact::IncidentReopened {
                            incident: incident.id,
                            detail: detail.clone(),
                        }];
                    }
                    _ if breach::is_more_of(incident, *at) => {
                        return vec![Fact::IncidentNoted { incident: incident.id, detail: detail.clone() }];
                    }
                    _ => {}
                }
            }
            (SignalState::Bad { since, at, detail }, known) => {
                let over = known.and_then(|i| i.closed.as_ref()).is_some_and(|(m, _, _)| *at <= m.watch);
                if over || planned || cause.is_some() || in_wake(session, &signal.problem, *at, grace) {
                    continue;
                }
                return vec![Fact::IncidentOpened {
                    incident: u32::try_from(session.incidents.len() + 1).unwrap_or(u32::MAX),
                    problem: signal.problem,
                    place: signal.place,
                    detail: detail.clone(),
                    since: *since,
                }];
            }
            (SignalState::Good { detail }, Some(incident)) if incident.state == IncidentState::Open => {
                return vec![Fact::IncidentRecovered { incident: incident.id, detail: detail.clone() }];
            }
            _ => {}
        }
    }
    Vec::new()
}

/// The running incident that brings about `problem`, which is there since `since`.
fn cause_of<'a>(
    session: &'a Session,
    problem: &Problem,
    since: WatchTime,
    grace: Span,
) -> Option<&'a Incident> {
    // A container that runs again, well or not, explains what it brought about, and nothing that begins hours later.
    let reaches = |cause: &Incident| {
        cause.problem.issue != Issue::ContainerCrash
            || session.observed.instance(cause.problem.part()).is_some_and(
                |Instance { container, .. }| {
                    let last = container.last_bad.max(container.down_until).unwrap_or_default();
                    container.down_since.is_some() || since <= last + grace
                },
            )
    };
    session.incidents.iter().find(|i| i.is_running() && explains(&i.problem, problem) && reaches(i))
}

/// Whether a container is down as announced, and `problem` is what comes of that.
fn planned(session: &Session, problem: &Problem) -> bool {
    session.parts().into_iter().any(|part| {
        explains(&Problem::container(part), problem) && signal::is_down_as_announced(session, part)
    })
}

/// Whether the evidence of `at` lies so close behind a cause's recovery that it may well be its wake: an application
/// needs its time to come up.
fn in_wake(session: &Session, problem: &Problem, at: WatchTime, grace: Span) -> bool {
    session
        .incidents
        .iter()
        .filter(|i| i.state != IncidentState::Open && explains(&i.problem, problem))
        .any(|i| i.opened.watch <= at + grace && i.recovered.is_some_and(|r| at <= r.watch + grace))
        || session.changes.iter().rev().filter(|(n, _)| !n.change.is_of_security()).take(4).any(
            |(news, announced)| {
                *announced && explains(&Problem::container(news.part), problem) && at <= news.seen + grace
            },
        )
}

/// The steps that the watch itself does: it looks at the logs, it notifies.
fn steps(session: &Session, _: Moment) -> Vec<Fact> {
    let done = |incident: &Incident, step: Step, remark: String| Fact::StepDone {
        incident: incident.id,
        step,
        by: "watch".into(),
        remark,
    };
    let taken = action::steps(session);
    if !taken.is_empty() {
        return taken;
    }
    session
        .incidents
        .iter()
        .filter(|i| i.is_critical())
        .flat_map(|incident| {
            let mut facts = Vec::new();
            let logs = incident.evidence_of("logs");
            let stored = logs.filter(|logs| logs.failure.is_none());
            if let (Some(logs), false) = (stored, incident.is_done(Step::CheckLogs)) {
                let remark = format!("stored the last log lines ({} bytes)", logs.bytes);
                facts.push(done(incident, Step::CheckLogs, remark));
            }
            let told = session
                .notifications
                .iter()
                .filter(|n| n.incident == Some(incident.id) && n.decided.watch >= incident.found())
                .find(|n| n.sent == Delivery::Shown);
            if let (Some(told), false) = (told, incident.is_done(Step::Notify)) {
                facts.push(done(incident, Step::Notify, format!("notified: {}", told.title)));
            }
            facts
        })
        .collect()
}

fn notifications(session: &Session, now: Moment) -> Vec<Fact> {
    let number = u32::try_from(session.notifications.len() + 1).unwrap_or(u32::MAX);
    let tell = |incident: Option<&Incident>, reason, urgency, title: String, body: String| {
        vec![Fact::NotificationDecided {
            notification: number,
            incident: incident.map(|i| i.id),
            reason,
            urgency,
            title,
            body,
        }]
    };
    // What was decided before the program ended and never handed over is said now, once.
    let lost = session
        .notifications
        .iter()
        .filter(|n| n.sent == Delivery::Pending && !n.replaced && n.decided.watch < session.attended_since)
        .min_by_key(|n| std::cmp::Reverse(n.urgency));
    if let Some(lost) = lost {
        let incident = lost.incident.and_then(|id| session.incident(id));
        let body = format!("{} (decided {} UTC)", lost.body, lost.decided.utc.format("%H:%M:%S"));
        return tell(incident, NotifyReason::Undelivered, lost.urgency, lost.title.clone(), body);
    }
    let rules = &session.opening.rules;
    for incident in &session.incidents {
        let steps = incident.open_steps(rules);
        let it = notify::Notifiable {
            severity: incident.severity(),
            clock: incident.found(),
            reopened: incident.reopened.map(|m| m.watch),
            recovered: incident.recovered.map(|m| m.watch),
            acknowledged: incident.acknowledged.is_some(),
            explained: incident.explained_by.is_some(),
            closed: incident.state == IncidentState::Closed,
            told: &incident.told,
            steps: &steps,
        };
        if let Some(reason) = notify::decide(&it, &rules.notify, now.watch) {
            let (urgency, title, body) = words(session, incident, reason, now);
            return tell(Some(incident), reason, urgency, title, body);
        }
    }
    let of_action = |n: &&super::NotificationRecord| {
        matches!(
            n.reason,
            NotifyReason::ActionBegan | NotifyReason::ActionHalfDone | NotifyReason::ActionOver
        )
    };
    let said = session.notifications.iter().filter(of_action).count();
    if let Some((news, action)) =
        session.action_news.get(said).and_then(|news| Some((news, session.action(news.action)?)))
    {
        let (urgency, title) = action_words(session, news.reason, action);
        let incident = action.order.incident.and_then(|id| session.incident(id));
        return tell(incident, news.reason, urgency, title, news.detail.clone());
    }
    let said = session.notifications.iter().filter(|n| n.reason == NotifyReason::CheckMissed).count();
    if let Some(check) = session.checks.iter().filter(|c| c.missed.is_some()).nth(said) {
        let title = format!("{} was missed", check.title);
        let body =
            format!("{}. A missed checkpoint stays missed.", check.missed.as_deref().unwrap_or_default());
        return tell(None, NotifyReason::CheckMissed, Urgency::Normal, title, body);
    }
    if let Some((_, verdict)) = &session.concluded
        && !session.notifications.iter().any(|n| n.reason == NotifyReason::Concluded)
    {
        let title =
            format!("The watch of v{} is over: {}", session.opening.release.version, verdict.finding.label());
        return tell(None, NotifyReason::Concluded, Urgency::Normal, title, verdict.reason.clone());
    }
    Vec::new()
}

fn action_words(session: &Session, reason: NotifyReason, action: &super::Action) -> (Urgency, String) {
    let at = &session.opening.deployment.name;
    let what = capitalised(&action.label());
    match (reason, &action.ended) {
        (NotifyReason::ActionBegan, _) => (Urgency::Critical, format!("{what} began by itself — {at}")),
        (NotifyReason::ActionHalfDone, _) => {
            (Urgency::Critical, format!("{what} is half done: finish or undo it — {at}"))
        }
        (_, Some((_, ActionOutcome::Done, _))) => (Urgency::Normal, format!("{what}: done — {at}")),
        (_, Some((_, outcome, _))) => (Urgency::Critical, format!("{what}: {} — {at}", outcome.label())),
        (_, None) => (Urgency::Normal, format!("{what} — {at}")),
    }
}

fn words(
    session: &Session,
    incident: &Incident,
    reason: NotifyReason,
    now: Moment,
) -> (Urgency, String, String) {
    let name = incident.problem.issue.title();
    let at = &session.opening.deployment.name;
    let severity = incident.severity();
    let loud = if severity == Severity::Critical { Urgency::Critical } else { Urgency::Normal };
    let since = now.watch.since(incident.since);
    let previous = session.opening.release.previous.as_deref().unwrap_or("the previous version");
    let word = |step: Step| match step {
        Step::RollBack => format!("roll back to {previous}"),
        other => other.label().to_owned(),
    };
    let detail = incident.detail.clone();
    match reason {
        NotifyReason::Opened | NotifyReason::Undelivered => {
            (loud, format!("{}: {name} — {at}", capitalised(severity.label())), detail)
        }
        NotifyReason::Reopened => (loud, format!("Again: {name} — {at}"), detail),
        NotifyReason::Reminder => {
            (loud, format!("Still open: {name} — {at}"), format!("Since {since}, not acknowledged. {detail}"))
        }
        NotifyReason::StepDue(step) => {
            (loud, format!("Due soon: {} — {at}", word(step)), format!("{name}, for {since}"))
        }
        NotifyReason::StepOverdue(step) => {
            (loud, format!("Overdue: {} — {at}", word(step)), format!("{name}, for {since}"))
        }
        NotifyReason::Recovered => (
            Urgency::Normal,
            format!("Recovered: {name} — {at}"),
            incident.notes.last().map(|(_, text)| text.clone()).unwrap_or_default(),
        ),
        NotifyReason::CheckMissed
        | NotifyReason::Concluded
        | NotifyReason::ActionBegan
        | NotifyReason::ActionHalfDone
        | NotifyReason::ActionOver => (Urgency::Low, name.into(), detail),
    }
}

/// Recovered incidents that stayed well close by themselves; critical ones wait for a person's word on the cause.
fn closings(session: &Session, now: Moment) -> Vec<Fact> {
    let after = session.opening.rules.escalation.close_after;
    session
        .incidents
        .iter()
        .filter(|i| i.state == IncidentState::Recovered && (!i.is_critical() || i.explained_by.is_some()))
        .filter(|i| i.recovered.is_some_and(|r| now.watch.since(r.watch) >= after))
        .map(|i| Fact::IncidentClosed {
            incident: i.id,
            by: "watch".into(),
            remark: format!("no relapse for {after}"),
        })
        .collect()
}

fn seal(session: &Session) -> Fact {
    Fact::ReadingsSealed { count: session.observed.count, digest: session.observed.digest }
}

fn seals(session: &Session, _: Moment) -> Vec<Fact> {
    if session.seal_owed { vec![seal(session)] } else { Vec::new() }
}

fn conclusion(session: &Session, now: Moment) -> Vec<Fact> {
    let over = session.concluded.is_none()
        // What is being done is brought to its end first.
        && session.open_action().is_none()
        && now.watch >= session.end()
        && session.open_gap().is_none()
        && session.checks.iter().all(|c| !matches!(c.status, CheckStatus::Pending | CheckStatus::Running))
        && session
            .checks
            .iter()
            .filter(|c| c.phase.is_some())
            .max_by_key(|c| c.due)
            .is_none_or(|c| c.result.is_some());
    if over {
        vec![seal(session), Fact::Concluded(Box::new(judge::verdict(session, now.watch)))]
    } else {
        Vec::new()
    }
}
