//! The schedule: each phase with its checklist, each checkpoint with every line's outcome and evidence.

use watchkeeper_core::{
    checklist::{Item, ItemOutcome},
    plan::Phase,
    time::Span,
    view::CheckView,
};

use super::{Page, checkpoint, initial};
use crate::{doc::Doc, escape, words};

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    let plan = &page.view.opening.plan;
    doc.rule();
    let length = words::compound(plan.length);
    let length = length.split('-').map(words::capital).collect::<Vec<_>>().join("-");
    doc.heading(2, &format!("📈 {length} Monitoring Schedule"));
    for (index, phase) in plan.phases.iter().enumerate().filter(|(_, p)| !initial::is_initial(p)) {
        let checks: Vec<&CheckView> =
            page.view.checks.iter().filter(|c| c.check.phase == Some(index)).collect();
        one(page, phase, &checks, doc);
    }
    let extra: Vec<&CheckView> = page.view.checks.iter().filter(|c| c.check.phase.is_none()).collect();
    if !extra.is_empty() {
        doc.heading(3, "Extra Checks");
        doc.block("Taken beside the plan, with the checklist of Phase 1.");
        for check in extra {
            details(page, check, doc);
        }
    }
}

fn one(page: &Page<'_>, phase: &Phase, checks: &[&CheckView], doc: &mut Doc) {
    let cadence = match phase.every {
        Some(every) if every == Span::hours(1) => "HOURLY CHECKS".to_owned(),
        Some(every) => format!("{} CHECKS", cadence(every)),
        None if checks.len() == 1 && phase.from == page.view.opening.plan.length => "SESSION END".to_owned(),
        None => words::counted(checks.len(), "check", "checks").to_uppercase(),
    };
    doc.heading(3, &format!("{} ({cadence}) ⏱️", escape::text(&phase.title)));
    let times = match (checks.first(), checks.last()) {
        (Some(first), Some(last)) => page.clock.range(first.due_utc, last.until_utc),
        _ => "no checkpoint".into(),
    };
    let frequency = match phase.every {
        Some(every) => format!("Every {} ({})", each(every), words::counted(checks.len(), "check", "checks")),
        None => "One-time comprehensive check".into(),
    };
    doc.fields([("Duration", times), ("Frequency", frequency), ("Focus", escape::text(&phase.focus))]);
    let lines = || checks.iter().flat_map(|c| &c.lines);
    if lines().next().is_none() {
        doc.block(if checks.len() == 1 { "**Checklist**" } else { "**Checklist of each check**" });
        doc.list(phase.items.iter().map(|item| format!("[ ] {}", item.text())));
    } else if checks.len() > 1 && lines().any(|l| l.outcome != ItemOutcome::Passed) {
        at_a_glance(page, &phase.items, checks, doc);
    }
    let mut to_come = Vec::new();
    for check in checks {
        if check.lines.is_empty() {
            to_come.push(format!(
                "**{}**: {}",
                escape::text(&check.check.title),
                checkpoint::standing(page, check)
            ));
        } else {
            doc.list(std::mem::take(&mut to_come));
            details(page, check, doc);
        }
    }
    doc.list(to_come);
}

/// `60 minutes`, `4 hours`.
fn each(every: Span) -> String {
    if every == Span::hours(1) { "60 minutes".into() } else { words::long(every) }
}

/// `4-HOURLY`, `EVERY 90 MINUTES`.
fn cadence(every: Span) -> String {
    let ms = every.as_millis();
    if ms.is_multiple_of(3_600_000) {
        format!("{}-HOURLY", ms / 3_600_000)
    } else {
        format!("EVERY {}", words::long(every).to_uppercase())
    }
}

/// The checklist against the checkpoints: where to look first.
fn at_a_glance(page: &Page<'_>, items: &[Item], checks: &[&CheckView], doc: &mut Doc) {
    let titles: Vec<String> = checks.iter().map(|c| escape::text(&c.check.title)).collect();
    let mut header = vec!["Checklist"];
    header.extend(titles.iter().map(String::as_str));
    let rows: Vec<Vec<String>> = items
        .iter()
        .map(|item| {
            let mut row = vec![item.text().to_owned()];
            row.extend(checks.iter().map(|check| cell(page, check, *item).to_owned()));
            row
        })
        .collect();
    doc.table(&header, &rows);
}

fn cell(page: &Page<'_>, check: &CheckView, item: Item) -> &'static str {
    match check.lines.iter().find(|l| l.item == item).map(|l| l.outcome) {
        Some(ItemOutcome::Passed) => "✅ passed",
        Some(ItemOutcome::Failed) => "❌ FAILED",
        Some(ItemOutcome::Unknown) => "❔ unknown",
        Some(ItemOutcome::Owed) => "✍️ owed",
        None if check.check.missed.is_some() => "⚠️ missed",
        None if page.is_pending(check) => "⏳ pending",
        None => "➖",
    }
}

fn details(page: &Page<'_>, check: &CheckView, doc: &mut Doc) {
    doc.block(&format!(
        "**{}** ({}): {}",
        escape::text(&check.check.title),
        page.clock.range(check.due_utc, check.until_utc),
        checkpoint::standing(page, check)
    ));
    checkpoint::table(&check.lines, doc);
}
