//! The skeleton of a post-mortem, with what is known filled in. What only a person can know is marked as such.

use watchkeeper_core::{
    checklist::ItemOutcome,
    escalation::Step,
    log::Level,
    session::{Delivery, IncidentState},
    time::{Span, WatchTime},
    view::{IncidentView, StepState},
};

use super::{
    Page,
    incident::{detection, lateness, symptoms},
};
use crate::{
    clock,
    doc::{Doc, nested},
    escape, words,
};

const TO_FILL_IN: &str = "✍️ _to be filled in by a person_";

pub(super) fn skeleton(page: &Page<'_>, view: &IncidentView, doc: &mut Doc) {
    doc.block("**Post-Mortem**");
    doc.fields([
        ("Summary", summary(page, view)),
        ("Impact", impact(page, view)),
        ("Timeline", "as above".to_owned()),
        ("Root cause", root_cause(page, view)),
        ("What went well", open_ended(went_well(page, view), view)),
        ("What to change", open_ended(to_change(page, view), view)),
    ]);
}

/// What is known, and room for more until the incident is closed.
fn open_ended(mut known: Vec<String>, view: &IncidentView) -> String {
    if view.incident.state != IncidentState::Closed || known.is_empty() {
        known.push(TO_FILL_IN.into());
    }
    nested(&known)
}

fn end(page: &Page<'_>, view: &IncidentView) -> WatchTime {
    let it = &view.incident;
    it.recovered.or(it.closed.as_ref().map(|(m, _, _)| *m)).map_or(page.view.now.watch, |m| m.watch)
}

fn summary(page: &Page<'_>, view: &IncidentView) -> String {
    let it = &view.incident;
    let from = page.clock.utc(it.since);
    let lasted = match it.state {
        IncidentState::Open => format!("since {}, for {} so far", clock::exact(from), view.lasted),
        _ => format!("{}, {}", clock::exact_range(from, page.clock.utc(end(page, view))), view.lasted),
    };
    format!("{} ({}), {lasted}. {}", view.title, escape::text(&it.problem.subject), escape::text(&it.detail))
}

fn impact(page: &Page<'_>, view: &IncidentView) -> String {
    let mut known = Vec::new();
    let others: Vec<String> = symptoms(page, view)
        .map(|s| format!("#{} {} ({})", s.incident.id, s.title, escape::text(&s.incident.problem.subject)))
        .collect();
    if !others.is_empty() {
        known.push(format!("It brought about {}", others.join(", ")));
    }
    let id = view.incident.id;
    let (since, until) = (view.incident.since, end(page, view));
    let checks: Vec<String> = page
        .view
        .checks
        .iter()
        .filter(|c| {
            let taken = c.check.result.as_ref().map(|r| r.moment.watch);
            let touched = taken.is_some_and(|t| t >= since && t <= until) || c.issues.contains(&id);
            touched && words::lines_with(&c.lines, ItemOutcome::Failed) > 0
        })
        .map(|c| escape::text(&c.check.title))
        .collect();
    if !checks.is_empty() {
        known.push(format!("Failed lines in {}", checks.join(", ")));
    }
    known.push(format!("Who was affected, and how: {TO_FILL_IN}"));
    nested(&known)
}

fn root_cause(page: &Page<'_>, view: &IncidentView) -> String {
    let it = &view.incident;
    let said = it.closed.as_ref().filter(|(_, by, _)| by != "watch");
    let mut text = said.map_or_else(
        || TO_FILL_IN.to_owned(),
        |(_, by, remark)| format!("{} (by {})", escape::text(remark), escape::text(by)),
    );
    let (since, until) = (it.since.back(Span::mins(5)), end(page, view));
    let leads =
        page.view.patterns.iter().filter(|p| p.level >= Level::Error && p.first <= until && p.last >= since);
    for lead in leads.take(3) {
        text += &format!(
            "\n  - Lead: in the log around it, {}: {}",
            words::times(usize::try_from(lead.count).unwrap_or(usize::MAX)),
            escape::brief(&lead.text, 200)
        );
    }
    text
}

fn went_well(page: &Page<'_>, view: &IncidentView) -> Vec<String> {
    let it = &view.incident;
    let mut known = vec![format!("Detected {}", words::after(detection(view)))];
    let touched = it
        .steps
        .iter()
        .filter(|s| matches!(s.step, Step::Restart | Step::RollBack))
        .map(|s| s.moment.watch)
        .min();
    let before = it
        .evidence
        .iter()
        .filter(|e| e.failure.is_none() && touched.is_none_or(|t| e.moment.watch <= t))
        .count();
    if before > 0 {
        let what = words::counted(before, "piece of evidence was", "pieces of evidence were");
        known.push(format!("{what} stored before anybody took a step"));
    }
    if let Some((m, by, _)) = &it.acknowledged
        && m.watch.since(it.opened.watch) <= page.view.opening.rules.escalation.restart_within
    {
        known.push(format!(
            "Acknowledged by {} {}",
            escape::text(by),
            words::after(m.watch.since(it.opened.watch))
        ));
    }
    for step in &view.escalation {
        let in_time = step.done.is_some() && step.due.is_some() && lateness(step, view).is_none();
        if in_time && matches!(step.step, Step::Restart | Step::RollBack) {
            known.push(format!("Done in time: {}", step.step.label()));
        }
    }
    known
}

fn to_change(page: &Page<'_>, view: &IncidentView) -> Vec<String> {
    let it = &view.incident;
    let mut known = Vec::new();
    if it.acknowledged.is_none() {
        known.push("Nobody acknowledged it".to_owned());
    }
    for step in &view.escalation {
        let name = words::capital(step.step.label());
        if matches!(step.state, StepState::Overdue | StepState::Missed) {
            known.push(format!("{name} was not done in its time"));
        } else if let Some(by) = lateness(step, view) {
            known.push(format!("{name} was done {by} late"));
        }
    }
    for piece in &it.evidence {
        if let Some(why) = &piece.failure {
            known.push(format!("No {} as evidence: {}", escape::text(&piece.kind), escape::text(why)));
        }
    }
    let unseen = page
        .view
        .notifications
        .iter()
        .filter(|n| n.incident == Some(it.id) && matches!(n.sent, Delivery::Failed(_)));
    let unseen = unseen.count();
    if unseen > 0 {
        known.push(words::counted(unseen, "notification could", "notifications could") + " not be shown");
    }
    if it.relapses > 0 {
        known.push(format!("It came back {}", words::times(it.relapses as usize)));
    }
    known
}
