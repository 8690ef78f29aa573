//! The monitoring log: checkpoint by checkpoint, then everything in the order of time.

use std::collections::BTreeMap;

use watchkeeper_core::{
    checklist::ItemOutcome,
    event::Fact,
    session::LogLine,
    view::{CheckView, IncidentView, Stage},
};

use super::{Page, checkpoint, initial, matrix};
use crate::{
    clock::{self, Days},
    doc::{Doc, nested_at_most},
    escape, words,
};

/// A timeline of more lines leaves its middle to the JSON report.
const MOST_LINES: usize = 120;
/// The same for what was seen, done and found at one checkpoint.
const MOST_ITEMS: usize = 16;

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    doc.rule();
    doc.heading(2, "📋 Monitoring Log");
    let checks: Vec<&CheckView> = page.view.checks.iter().filter(|c| !initial::belongs(page, c)).collect();
    let mut to_come = Vec::new();
    for (place, check) in checks.iter().enumerate() {
        if page.is_pending(check) {
            to_come.push(format!(
                "{}: {}",
                escape::text(&check.check.title),
                checkpoint::standing(page, check)
            ));
        } else {
            one(page, check, checks.get(place + 1).copied(), doc);
        }
    }
    if !to_come.is_empty() {
        doc.heading(3, "Still to Come");
        doc.list(to_come);
    }
    timeline(page, doc);
    patterns(page, doc);
}

fn one(page: &Page<'_>, check: &CheckView, next: Option<&CheckView>, doc: &mut Doc) {
    let it = &check.check;
    let title = escape::text(&it.title);
    let mark = match (&it.result, &it.missed) {
        (Some(_), None) => " ✅ COMPLETE",
        (Some(_), Some(_)) => " ⚠️ LATE",
        (None, Some(_)) => " ⚠️ MISSED",
        (None, None) => "",
    };
    doc.heading(3, &format!("{title} ({}){mark}", page.clock.range(check.due_utc, check.until_utc)));
    let taken = it.result.as_ref().map(|r| clock::exact(r.moment.utc));
    let mut fields = vec![
        ("Time", taken.unwrap_or_else(|| format!("{}, not taken", page.clock.minute(check.due_utc)))),
        ("Status", checkpoint::standing(page, check)),
    ];
    if let Some(result) = &it.result {
        fields.push(("Health Checks", health_checks(check)));
        fields.push(("Observations", observations(&result.observations)));
    }
    let actions: Vec<String> = check.actions.iter().map(|a| escape::text(a)).collect();
    let found =
        |i: &IncidentView| format!("{} {} {}", words::mark(i.severity), i.title, matrix::begun(page, i));
    let issues: Vec<String> = check.issues.iter().filter_map(|id| page.incident(*id)).map(&found).collect();
    fields.push(("Actions Taken", nested_at_most(MOST_ITEMS, &actions)));
    fields.push(("Issues Found", nested_at_most(MOST_ITEMS, &issues)));
    let since: Vec<String> = check
        .issues_since
        .iter()
        .filter_map(|id| page.incident(*id))
        .map(&found)
        .chain(check.actions_since.iter().map(|a| escape::text(a)))
        .collect();
    if !since.is_empty() {
        fields.push(("Since Then", nested_at_most(MOST_ITEMS, &since)));
    }
    if it.result.is_some() {
        fields.push(("Status", outlook(page, check, next)));
    }
    doc.fields(fields);
}

/// All in one line where all is well; otherwise the lines that are not.
fn health_checks(check: &CheckView) -> String {
    let passed = words::lines_with(&check.lines, ItemOutcome::Passed);
    let all = check.lines.len();
    let mark = if passed == all { "✅ " } else { "" };
    let mut text = format!("{mark}{passed} of {all} passed");
    for line in check.lines.iter().filter(|l| l.outcome != ItemOutcome::Passed) {
        text += &format!(
            "\n  - {}: {}, {}",
            words::outcome(line.outcome),
            line.item.text(),
            escape::brief(&line.evidence, 600)
        );
    }
    text
}

/// On one line where they fit.
fn observations(all: &[String]) -> String {
    let all: Vec<String> = all.iter().map(|o| escape::brief(o, 600)).collect();
    let line = all.join("; ");
    if !all.is_empty() && line.chars().count() <= 120 { line } else { nested_at_most(MOST_ITEMS, &all) }
}

/// How it goes on from here.
fn outlook(page: &Page<'_>, check: &CheckView, next: Option<&CheckView>) -> String {
    let well = check.issues.is_empty()
        && check.lines.iter().all(|l| matches!(l.outcome, ItemOutcome::Passed | ItemOutcome::Owed));
    let failed = words::lines_with(&check.lines, ItemOutcome::Failed) > 0;
    match next {
        Some(next) if page.view.stage != Stage::SignedOff || next.check.result.is_some() => {
            let to = escape::text(&next.check.title.to_uppercase());
            if well {
                format!("✅ PROCEED TO {to}")
            } else {
                format!("⚠️ PROCEED TO {to} with what was found")
            }
        }
        _ if well => "✅ READY FOR SIGN-OFF".into(),
        _ if failed => "❌ NOT READY FOR SIGN-OFF".into(),
        _ => "❔ NOT PROVEN READY FOR SIGN-OFF".into(),
    }
}

/// Everything that happened, without what the checkpoints above and the incidents' records below tell already.
fn timeline(page: &Page<'_>, doc: &mut Doc) {
    let facts: BTreeMap<u64, &Fact> = page.report.events.iter().map(|e| (e.seq, &e.fact)).collect();
    let is_told_elsewhere = |line: &LogLine| {
        matches!(
            facts.get(&line.seq),
            Some(
                Fact::EvidenceStored { failure: None, .. }
                    | Fact::StepDone { .. }
                    | Fact::IncidentNoted { .. }
                    | Fact::ItemTicked { .. }
                    | Fact::NoteAdded { .. }
            )
        )
    };
    let lines: Vec<&LogLine> = page.view.log.iter().filter(|l| !is_told_elsewhere(l)).collect();
    if lines.is_empty() {
        return;
    }
    doc.heading(3, "Timeline");
    doc.table(
        &["Time (UTC)", "What happened"],
        &rows(&lines, MOST_LINES, |line| escape::brief(&line.text, 500)),
    );
}

/// Lines with their times; of more than `most` the middle is left out and counted.
pub(super) fn rows(lines: &[&LogLine], most: usize, text: impl Fn(&LogLine) -> String) -> Vec<Vec<String>> {
    let mut days = Days::default();
    let left_out = lines.len().saturating_sub(most);
    let mut rows = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        if left_out > 0 && place == most / 2 {
            rows.push(vec!["…".into(), format!("{left_out} more; the JSON report has them all")]);
        }
        if left_out == 0 || place < most / 2 || place >= most / 2 + left_out {
            let mark = line.severity.map_or_else(String::new, |s| format!("{} ", words::mark(s)));
            rows.push(vec![days.stamp(line.moment.utc), format!("{mark}{}", text(line))]);
        }
    }
    rows
}

fn patterns(page: &Page<'_>, doc: &mut Doc) {
    if page.view.patterns.is_empty() {
        return;
    }
    doc.heading(3, "Most Frequent Log Patterns");
    let mut days = Days::default();
    let rows: Vec<Vec<String>> = page
        .view
        .patterns
        .iter()
        .take(10)
        .map(|p| {
            vec![
                words::capital(&format!("{:?}", p.level).to_lowercase()),
                words::number(p.count),
                days.stamp(page.clock.utc(p.last)),
                escape::brief(&p.text, 200),
            ]
        })
        .collect();
    doc.table(&["Level", "Count", "Last seen (UTC)", "Record"], &rows);
}
