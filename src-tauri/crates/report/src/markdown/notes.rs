//! What people wrote down and announced.

use super::{Page, checkpoint, initial};
use crate::{
    clock::{self, Days},
    doc::Doc,
    escape, words,
};

/// What the journal itself notes at the beginning, and how it was to go on.
fn known(page: &Page<'_>, doc: &mut Doc) {
    let checks = || page.view.checks.iter().filter(|c| c.check.result.is_some());
    let of =
        |initial: bool| checks().find(|c| c.check.phase.is_some() && initial::belongs(page, c) == initial);
    for (title, check) in [("Initial Status", of(true)), ("First Results", of(false))] {
        let Some((check, result)) = check.and_then(|c| Some((c, c.check.result.as_ref()?))) else { continue };
        let at = clock::exact(result.moment.utc);
        let title = format!(
            "**{title}** ({}, {at}): {}",
            escape::text(&check.check.title),
            checkpoint::health(&check.lines)
        );
        doc.block(&title);
        doc.list(result.observations.iter().map(|o| escape::brief(o, 200)));
    }
    doc.block("**Monitoring Plan**");
    doc.list(page.view.opening.plan.phases.iter().map(|phase| {
        let n = words::counted(phase.checkpoints.len(), "check", "checks");
        let every = phase.every.map_or_else(String::new, |every| format!(", every {every}"));
        format!("{}: {n}{every}; {}", escape::text(&phase.title), escape::text(&phase.focus))
    }));
}

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    let view = page.view;
    doc.rule();
    doc.heading(2, "📝 Session Notes");
    known(page, doc);
    if view.notes.is_empty() && view.announcements.is_empty() {
        doc.block("No notes were written by hand.");
    }
    if !view.notes.is_empty() {
        doc.block("**Notes**");
    }
    doc.list(view.notes.iter().map(|note| {
        let at = clock::exact(note.moment.utc);
        format!("**{at}**, {}: {}", escape::text(&note.by), escape::lines(&note.text, 2))
    }));
    if view.announcements.is_empty() {
        return;
    }
    doc.block("**Announced in advance**");
    let mut days = Days::default();
    let rows: Vec<Vec<String>> = view
        .announcements
        .iter()
        .map(|a| {
            let times = [a.from, a.until].map(|at| days.stamp(page.clock.utc(at)));
            times.into_iter().chain([escape::text(&a.by), escape::text(&a.what)]).collect()
        })
        .collect();
    doc.table(&["From (UTC)", "Until (UTC)", "By", "What"], &rows);
}
