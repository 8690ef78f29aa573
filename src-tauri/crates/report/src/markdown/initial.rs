//! Hour 0: the four verifications of release and deployment.

use watchkeeper_core::{
    checklist::{HOUR_0, Item, ItemOutcome, ItemResult, VERIFICATIONS},
    plan::Phase,
    view::CheckView,
};

use super::{Page, checkpoint};
use crate::{doc::Doc, escape, words};

/// Whether a phase verifies the release; such phases have this section and are left out of the schedule.
pub(super) fn is_initial(phase: &Phase) -> bool {
    phase.items.iter().any(|item| HOUR_0.contains(item))
}

/// Whether `check` belongs to such a phase.
pub(super) fn belongs(page: &Page<'_>, check: &CheckView) -> bool {
    check.check.phase.and_then(|p| page.view.opening.plan.phases.get(p)).is_some_and(is_initial)
}

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    let checks: Vec<&CheckView> = page.view.checks.iter().filter(|c| belongs(page, c)).collect();
    if checks.is_empty() {
        return;
    }
    doc.rule();
    doc.heading(2, "✅ Initial Verification Checklist");
    for check in checks {
        one(page, check, doc);
    }
}

fn one(page: &Page<'_>, check: &CheckView, doc: &mut Doc) {
    let at = page.clock.minute(check.due_utc).replace(',', "");
    let start = if check.check.due.0 == 0 { " (Session Start)" } else { "" };
    doc.heading(3, &format!("{}{start} - {at}", escape::text(&check.check.title.to_uppercase())));
    let phase = check.check.phase.and_then(|p| page.view.opening.plan.phases.get(p));
    let asked: Vec<Item> = phase.map(|p| p.items.clone()).unwrap_or_default();
    if check.lines.is_empty() {
        doc.block(&format!("**Status**: {}", checkpoint::standing(page, check)));
    } else if check.check.missed.is_some() {
        doc.block(&checkpoint::standing(page, check));
    }
    for (n, (title, items)) in (1..).zip(VERIFICATIONS) {
        group(&format!("Verification {n}: {title}"), &|item| items.contains(&item), &asked, check, doc);
    }
    group("Other Lines", &|item| !HOUR_0.contains(&item), &asked, check, doc);
}

fn group(title: &str, is_in: &dyn Fn(Item) -> bool, asked: &[Item], check: &CheckView, doc: &mut Doc) {
    let asked: Vec<Item> = asked.iter().copied().filter(|item| is_in(*item)).collect();
    if asked.is_empty() {
        return;
    }
    doc.heading(4, title);
    if check.lines.is_empty() {
        doc.list(asked.iter().map(|item| format!("[ ] {}: ⏳ PENDING", item.text())));
        return;
    }
    let lines: Vec<ItemResult> = check.lines.iter().filter(|l| asked.contains(&l.item)).cloned().collect();
    doc.list(lines.iter().map(|l| {
        let tick = if l.outcome == ItemOutcome::Passed { 'x' } else { ' ' };
        format!("[{tick}] {}: {}, {}", l.item.text(), words::outcome(l.outcome), escape::text(&l.evidence))
    }));
    doc.block(&format!("**Status**: {}", status(&lines)));
}

fn status(lines: &[ItemResult]) -> String {
    match checkpoint::health(lines) {
        good if good == "✅ HEALTHY" => "✅ VERIFIED".into(),
        other => other.replace("ISSUES FOUND", "NOT VERIFIED"),
    }
}
