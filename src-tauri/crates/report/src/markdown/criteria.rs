//! The ten success criteria, each with its finding and evidence.

use super::{Page, overview};
use crate::{doc::Doc, escape, words};

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    let verdict = &page.view.verdict;
    doc.rule();
    doc.heading(2, "🎯 Success Criteria");
    doc.block("**Session succeeds if all of the following are met**:");
    let rows: Vec<Vec<String>> = (1..)
        .zip(&verdict.criteria)
        .map(|(n, c): (u32, _)| {
            vec![
                n.to_string(),
                c.criterion.text().to_owned(),
                words::finding(c.finding).to_owned(),
                escape::text(&c.evidence),
            ]
        })
        .collect();
    doc.table(&["#", "Criterion", "Finding", "Evidence"], &rows);
    let so_far = if page.is_over() { "" } else { " so far" };
    doc.fields([
        ("Current Status", overview::status(page)),
        (
            "Verdict",
            format!("{}{so_far} — {}", words::finding(verdict.finding), escape::text(&verdict.reason)),
        ),
    ]);
    doc.block("Inconclusive is not a pass: it says that the evidence is not enough.");
}
