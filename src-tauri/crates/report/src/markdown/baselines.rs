//! The eight metrics against their targets.

use watchkeeper_core::verdict::Finding;

use super::Page;
use crate::{doc::Doc, escape, words};

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    doc.rule();
    doc.heading(2, "📊 Performance Baselines");
    doc.heading(3, "Target Metrics");
    let rows: Vec<Vec<String>> = page
        .view
        .baselines
        .iter()
        .map(|b| {
            vec![
                format!("**{}**", b.metric.label()),
                escape::text(&b.target),
                escape::text(&b.current),
                words::number(b.n),
                met(b.finding, page.is_over()).to_owned(),
                escape::text(&b.note),
            ]
        })
        .collect();
    doc.table(&["Metric", "Target", "Current", "n", "Status", "Note"], &rows);
    doc.block("n is the number of readings behind a value.");
}

const fn met(finding: Finding, over: bool) -> &'static str {
    match (finding, over) {
        (Finding::Pass, _) => "✅ MET",
        (Finding::Fail, _) => "❌ NOT MET",
        (Finding::Inconclusive, true) => "❔ NOT PROVEN",
        (Finding::Inconclusive, false) => "⏳ NOT PROVEN YET",
    }
}
