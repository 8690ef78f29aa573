//! A checkpoint in words: where it stands, what its lines answered.

use watchkeeper_core::{
    checklist::{ItemOutcome, ItemResult},
    session::CheckStatus,
    view::CheckView,
};

use super::Page;
use crate::{doc::Doc, escape, words};

/// Evidence longer than this is cut; the JSON report has it whole.
const MOST: usize = 1_000;

/// `✅ HEALTHY`, `❌ ISSUES FOUND (2 of 10 lines failed)`, …
pub(super) fn health(lines: &[ItemResult]) -> String {
    let n = |outcome| words::lines_with(lines, outcome);
    let of = |count: usize, what: &str| {
        format!("{count} of {} {what}", words::counted(lines.len(), "line", "lines"))
    };
    match (n(ItemOutcome::Failed), n(ItemOutcome::Unknown), n(ItemOutcome::Owed)) {
        (0, 0, 0) => "✅ HEALTHY".into(),
        (0, 0, owed) => {
            format!("✍️ OWED ({} a person)", of(owed, if owed == 1 { "waits for" } else { "wait for" }))
        }
        (0, unknown, _) => format!("❔ NOT PROVEN ({})", of(unknown, "unknown")),
        (failed, _, _) => format!("❌ ISSUES FOUND ({})", of(failed, "failed")),
    }
}

/// Where `check` stands, with its due time where it is still to come.
pub(super) fn standing(page: &Page<'_>, check: &CheckView) -> String {
    let it = &check.check;
    let late = || it.result.as_ref().filter(|r| r.late);
    match it.status {
        CheckStatus::Pending if !page.is_pending(check) => {
            "➖ NOT TAKEN, the session was closed before".into()
        }
        CheckStatus::Pending => {
            let was = if it.due < page.view.now.watch { "was due" } else { "due" };
            format!("⏳ PENDING, {was} {}", page.clock.minute(check.due_utc))
        }
        CheckStatus::Running => "⏳ BEING TAKEN".into(),
        CheckStatus::Done => health(&check.lines),
        CheckStatus::Missed => {
            let why =
                it.missed.as_deref().map_or_else(String::new, |why| format!(" ({})", escape::text(why)));
            late().map_or_else(
                || format!("⚠️ MISSED{why}"),
                |r| {
                    let at = page.clock.minute(r.moment.utc);
                    format!("⚠️ MISSED{why}; a late one was taken {at}: {}", health(&check.lines))
                },
            )
        }
    }
}

/// The table of `lines` with their evidence; where all are well, the outcome is said once.
pub(super) fn table(lines: &[ItemResult], doc: &mut Doc) {
    if lines.iter().all(|l| l.outcome == ItemOutcome::Passed) {
        let rows: Vec<Vec<String>> =
            lines.iter().map(|l| vec![l.item.text().to_owned(), escape::brief(&l.evidence, MOST)]).collect();
        doc.table(&[words::outcome(ItemOutcome::Passed), "Evidence"], &rows);
        return;
    }
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|l| {
            vec![
                l.item.text().to_owned(),
                words::outcome(l.outcome).to_owned(),
                escape::brief(&l.evidence, MOST),
            ]
        })
        .collect();
    doc.table(&["Line", "Outcome", "Evidence"], &rows);
}
