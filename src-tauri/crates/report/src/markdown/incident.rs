//! The record of one incident.

use watchkeeper_core::{
    action::{ActionKind, ActionOutcome},
    escalation::Step,
    event::{Fact, Judgement},
    matrix::Severity,
    notify::NotifyReason,
    session::{Delivery, IncidentState, LogLine, Standing},
    time::{Span, WatchTime},
    view::{IncidentView, StepState, StepView},
};

use super::{Page, action, log, post_mortem};
use crate::{
    clock::{self, Days},
    doc::Doc,
    escape, words,
};

/// Of the stored log, this many of its last lines are shown.
const LAST_LINES: usize = 20;
/// A longer timeline leaves its middle to the JSON report.
const MOST_LINES: usize = 60;
/// What is due at once may take this long before it counts as late.
const AT_ONCE: Span = Span::mins(1);

/// Writes the record with its title at heading `level`.
pub(super) fn record(page: &Page<'_>, view: &IncidentView, level: usize, doc: &mut Doc) {
    let it = &view.incident;
    let subject = escape::text(&it.problem.subject);
    doc.heading(
        level,
        &format!("{} Incident #{}: {} ({subject})", words::mark(view.severity), it.id, view.title),
    );
    doc.fields(facts(page, view));
    times(page, view, doc);
    steps(page, view, doc);
    action::section(page, view, doc);
    evidence(page, view, doc);
    timeline(page, view, doc);
    let counts = it.explained_by.is_none() && it.standing() != Standing::Dismissed;
    if view.severity == Severity::Critical && counts {
        post_mortem::skeleton(page, view, doc);
    }
}

fn facts<'a>(page: &Page<'_>, view: &IncidentView) -> Vec<(&'a str, String)> {
    let it = &view.incident;
    let mut fields = vec![
        (
            "Severity",
            format!(
                "{} {}, at {}",
                words::mark(view.severity),
                view.severity.label().to_uppercase(),
                it.place.label()
            ),
        ),
        ("State", state(view)),
        ("Container", view.container.as_ref().map_or_else(String::new, |name| escape::code(name))),
        ("What was seen", escape::text(&it.detail)),
        ("Began", clock::exact(page.clock.utc(it.since))),
        ("Detected", format!("{}, {}", clock::exact(it.opened.utc), words::after(detection(view)))),
    ];
    fields.retain(|(_, text)| !text.is_empty());
    if view.severity == Severity::Critical || it.acknowledged.is_some() {
        let text = it.acknowledged.as_ref().map_or_else(
            || "❌ BY NOBODY".to_owned(),
            |(m, by, reason)| {
                let (by, reason) = (escape::text(by), escape::text(reason));
                format!(
                    "{} by {by}, {}: {reason}",
                    clock::exact(m.utc),
                    words::after(m.watch.since(it.since))
                )
            },
        );
        fields.push(("Acknowledged", text));
    }
    if let Some(text) = judged(view) {
        fields.push(("Judged", text));
    }
    let recovery = it.recovered.map_or_else(
        || match it.state {
            IncidentState::Closed => "not seen; it was closed by hand".to_owned(),
            _ => format!("⏳ NOT YET, it lasts for {}", view.lasted),
        },
        |m| format!("{}, {}", clock::exact(m.utc), words::after(m.watch.since(it.since))),
    );
    fields.push(("Recovered", recovery));
    if it.relapses > 0 {
        let last = it.reopened.map_or_else(String::new, |m| format!(", last {}", clock::exact(m.utc)));
        fields.push(("Came back", words::times(it.relapses as usize) + &last));
    }
    if let Some((m, by, remark)) = &it.closed {
        let (by, remark) = (escape::text(by), escape::text(remark));
        fields.push(("Closed", format!("{} by {by}: {remark}", clock::exact(m.utc))));
    }
    if let Some(by) = it.explained_by {
        fields.push(("Explained by", format!("#{by}")));
    }
    let symptoms: Vec<String> =
        symptoms(page, view).map(|s| format!("#{} {}", s.incident.id, s.title)).collect();
    if !symptoms.is_empty() {
        fields.push(("Symptoms", symptoms.join(", ")));
    }
    if let Some(text) = notifications(page, view) {
        fields.push(("Notifications", text));
    }
    fields
}

/// How long each part of the answer took, from the beginning of the trouble.
fn times(page: &Page<'_>, view: &IncidentView, doc: &mut Doc) {
    let it = &view.incident;
    if view.severity != Severity::Critical || it.explained_by.is_some() {
        return;
    }
    let after = |at: WatchTime| at.since(it.since).to_string();
    // A restart that a person made by hand and wrote down counts as one by the watch.
    let stepped = |step: Step| it.steps.iter().find(|s| s.step == step).map(|s| s.moment.watch);
    let acted = |kind: ActionKind| {
        let ends = |a: &&watchkeeper_core::session::Action| {
            a.order.kind == kind && matches!(a.ended, Some((_, ActionOutcome::Done, _)))
        };
        action::of(page, view).into_iter().find(ends).and_then(|a| Some(a.ended.as_ref()?.0.watch))
    };
    let time = |kind: ActionKind| acted(kind).or_else(|| stepped(kind.step()));
    let word = |at: Option<WatchTime>| at.map_or_else(|| "—".to_owned(), after);
    let acknowledged = it.acknowledged.as_ref().map(|(m, _, _)| m.watch);
    doc.block("**Times**, from the beginning of the trouble");
    doc.table(
        &["To detect", "To acknowledge", "To restart", "To roll back", "To recover"],
        &[vec![
            after(it.opened.watch),
            word(acknowledged),
            word(time(ActionKind::Restart)),
            word(time(ActionKind::RollBack)),
            word(it.recovered.map(|m| m.watch)),
        ]],
    );
}

/// What a person said of a suspicion.
fn judged(view: &IncidentView) -> Option<String> {
    let it = &view.incident;
    match (&it.judged, it.standing()) {
        (Some(j), _) => {
            let word = match j.judgement {
                Judgement::Confirmed => "❌ CONFIRMED",
                Judgement::Dismissed => "➖ DISMISSED, it counts for nothing",
            };
            let (by, remark) = (escape::text(&j.by), escape::text(&j.remark));
            Some(format!("{word}, {} by {by}: {remark}", clock::exact(j.moment.utc)))
        }
        (None, Standing::Undecided) => Some("❔ NOT YET, to be confirmed or dismissed by a person".into()),
        (None, _) => None,
    }
}

/// From the beginning of the trouble to the incident.
pub(super) fn detection(view: &IncidentView) -> Span {
    view.incident.opened.watch.since(view.incident.since)
}

/// The incidents that this one explains.
pub(super) fn symptoms<'a>(page: &Page<'a>, view: &IncidentView) -> impl Iterator<Item = &'a IncidentView> {
    let id = view.incident.id;
    page.view.incidents.iter().filter(move |i| i.incident.explained_by == Some(id))
}

fn state(view: &IncidentView) -> String {
    let word = words::incident_state(view.incident.state);
    match view.incident.state {
        IncidentState::Recovered if view.severity == Severity::Critical => {
            format!("{word}, to be closed with its root cause")
        }
        _ => word.into(),
    }
}

fn notifications(page: &Page<'_>, view: &IncidentView) -> Option<String> {
    let all: Vec<_> =
        page.view.notifications.iter().filter(|n| n.incident == Some(view.incident.id)).collect();
    if all.is_empty() {
        return None;
    }
    let mut days = Days::default();
    let told: Vec<String> = all
        .iter()
        .take(12)
        .map(|n| {
            // A notification that was handed over has no more to it; what could not be shown says why.
            let failed = match &n.sent {
                Delivery::Failed(why) => format!(" (❌ NOT SHOWN: {})", escape::text(why)),
                Delivery::Shown | Delivery::Pending => String::new(),
            };
            format!("{} {}{failed}", days.stamp(n.decided.utc), reason(n.reason))
        })
        .collect();
    let more = all.len().saturating_sub(12);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    Some(format!("{}: {}{more} (UTC)", all.len(), told.join("; ")))
}

fn reason(reason: NotifyReason) -> String {
    match reason {
        NotifyReason::Opened => "opened".into(),
        NotifyReason::Reminder => "reminder".into(),
        NotifyReason::Reopened => "came back".into(),
        NotifyReason::StepDue(step) => format!("due soon: {}", step.label()),
        NotifyReason::StepOverdue(step) => format!("overdue: {}", step.label()),
        NotifyReason::Recovered => "recovered".into(),
        NotifyReason::Undelivered => "said again, it had not been shown".into(),
        NotifyReason::CheckMissed => "checkpoint missed".into(),
        NotifyReason::Concluded => "session over".into(),
        NotifyReason::ActionBegan => "the watch acted by itself".into(),
        NotifyReason::ActionHalfDone => "an action is half done".into(),
        NotifyReason::ActionOver => "an action is over".into(),
    }
}

fn steps(page: &Page<'_>, view: &IncidentView, doc: &mut Doc) {
    let mut days = Days::default();
    let rows: Vec<Vec<String>> = view
        .escalation
        .iter()
        .map(|s| {
            let due = s.due.map_or_else(|| "—".to_owned(), |at| days.stamp(page.clock.utc(at)));
            let (by, what) = s.done.as_ref().map_or_else(
                || ("—".to_owned(), "—".to_owned()),
                |(_, by, remark)| (escape::text(by), escape::text(remark)),
            );
            vec![step_name(page, s.step), due, step_state(s, view, &mut days), by, what]
        })
        .collect();
    if !rows.is_empty() {
        doc.block("**Steps**");
        doc.table(&["Step", "Due (UTC)", "State", "By", "What was done"], &rows);
    }
}

fn step_name(page: &Page<'_>, step: Step) -> String {
    match (step, &page.view.opening.release.previous) {
        (Step::RollBack, Some(previous)) => format!("Roll back to v{}", escape::text(previous)),
        _ => words::capital(step.label()),
    }
}

fn step_state(step: &StepView, view: &IncidentView, days: &mut Days) -> String {
    match (step.state, &step.done) {
        (StepState::Done, Some((m, _, _))) => {
            let late = lateness(step, view).map_or_else(String::new, |by| format!(", ⚠️ {by} late"));
            format!("✅ DONE {}{late}", days.stamp(m.utc))
        }
        (StepState::Done, None) => "✅ DONE with the closing".into(),
        (StepState::Due, _) => "⏳ DUE".into(),
        (StepState::Overdue, _) => "❌ OVERDUE".into(),
        (StepState::NotNeeded, _) => "➖ NOT NEEDED, recovered before".into(),
        (StepState::NotApplicable, _) => "➖ NOT APPLICABLE".into(),
        (StepState::Missed, _) => "❌ NOT DONE, its time was over before it recovered".into(),
        (StepState::Owed, _) => "✍️ OWED".into(),
    }
}

/// By how much a step was done after its time.
pub(super) fn lateness(step: &StepView, view: &IncidentView) -> Option<Span> {
    let (done, _, _) = step.done.as_ref()?;
    let due = step.due?;
    let patience = if due == view.incident.opened.watch { AT_ONCE } else { Span::ZERO };
    (done.watch > due + patience).then(|| done.watch.since(due))
}

fn evidence(page: &Page<'_>, view: &IncidentView, doc: &mut Doc) {
    let it = &view.incident;
    let mut days = Days::default();
    let rows: Vec<Vec<String>> = it
        .evidence
        .iter()
        .map(|e| {
            let (size, digest) = e.failure.as_ref().map_or_else(
                || (words::bytes(e.bytes), escape::code(&e.digest.to_string())),
                |why| ("❌ MISSING".to_owned(), escape::text(why)),
            );
            vec![escape::text(&e.kind), days.stamp(e.moment.utc), size, digest]
        })
        .collect();
    if rows.is_empty() {
        if view.severity == Severity::Critical && it.explained_by.is_none() {
            doc.block("**Evidence**: ❌ MISSING, none was stored");
        }
        return;
    }
    doc.block("**Evidence**");
    doc.table(&["Kind", "Stored (UTC)", "Size", "SHA-256"], &rows);
    // Of several, the first: it was taken closest to the trouble.
    let logs =
        page.report.evidence.iter().find(|e| e.incident == it.id && e.kind == "logs" && !e.text.is_empty());
    if let Some(logs) = logs {
        let all: Vec<&str> = logs.text.lines().collect();
        let shown = all.get(all.len().saturating_sub(LAST_LINES)..).unwrap_or_default();
        let of = if shown.len() < all.len() {
            format!("The last {} of {} stored log lines:", shown.len(), words::number(all.len() as u64))
        } else {
            "The stored log:".into()
        };
        doc.block(&of);
        doc.fence("text", &shown.join("\n"), 240);
    }
}

fn timeline(page: &Page<'_>, view: &IncidentView, doc: &mut Doc) {
    let id = view.incident.id;
    let label = view.incident.label();
    // The table of evidence has these already.
    let stored: Vec<u64> = page
        .report
        .events
        .iter()
        .filter(
            |e| matches!(&e.fact, Fact::EvidenceStored { incident, failure: None, .. } if *incident == id),
        )
        .map(|e| e.seq)
        .collect();
    let lines: Vec<&LogLine> =
        view.timeline.iter().filter(|l| stored.binary_search(&l.seq).is_err()).collect();
    if lines.is_empty() {
        return;
    }
    doc.block("**Timeline**");
    let text = |line: &LogLine| {
        // Each line names its incident; here it is the only one.
        let rest = line.text.strip_prefix(&label).map_or(line.text.as_str(), str::trim_start);
        let text = match rest.strip_prefix(',') {
            Some(rest) => format!("detected{rest}"),
            None => rest.trim_start_matches(':').trim_start().to_owned(),
        };
        escape::brief(&words::capital(&text), 600)
    };
    doc.table(&["Time (UTC)", "What happened"], &log::rows(&lines, MOST_LINES, text));
}
