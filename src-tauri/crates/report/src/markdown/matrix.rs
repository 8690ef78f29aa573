//! The issue detection matrix by severity, with what was found.

use watchkeeper_core::{
    matrix::Severity,
    session::IncidentState,
    view::{IncidentView, MatrixRow},
};

use super::Page;
use crate::{clock, doc::Doc, escape, words};

/// A row that happened more often names its first and last few only.
const MOST_PER_ROW: usize = 8;

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    doc.rule();
    doc.heading(2, "🔍 Issue Detection Matrix");
    for (severity, title) in [
        (Severity::Critical, "Critical Issues (Stop Deployment if found)"),
        (Severity::Major, "Major Issues (Document & Plan Fix)"),
        (Severity::Minor, "Minor Issues (Log & Continue)"),
    ] {
        doc.heading(3, title);
        let rows: Vec<&MatrixRow> = page.view.matrix.iter().filter(|r| r.severity == severity).collect();
        doc.list(rows.iter().map(|row| one(page, row)));
        doc.block(&format!("**Status**: {}", status(page, severity)));
    }
}

fn one(page: &Page<'_>, row: &MatrixRow) -> String {
    let title = row.issue.title();
    if row.incidents.is_empty() {
        return format!("[ ] {title}");
    }
    let mut text =
        format!("[x] {} **{title}**: {}", words::mark(row.severity), incidents(row.incidents.len()));
    if row.open > 0 {
        text += &format!(", {} open", row.open);
    }
    let found: Vec<&IncidentView> = row.incidents.iter().filter_map(|id| page.incident(*id)).collect();
    let left_out = found.len().saturating_sub(MOST_PER_ROW);
    for (place, incident) in found.iter().enumerate() {
        let half = MOST_PER_ROW / 2;
        if left_out == 0 || place < half || place >= found.len() - half {
            text += &format!("\n  - {}", line(page, incident));
        } else if place == half {
            text += &format!("\n  - … and {left_out} more; the JSON report has them all");
        }
    }
    text
}

fn incidents(n: usize) -> String {
    words::counted(n, "incident", "incidents")
}

/// `#3 (api), Jan 10, 22:14:05 UTC: …`, without what became of it.
pub(super) fn begun(page: &Page<'_>, view: &IncidentView) -> String {
    let it = &view.incident;
    let at = clock::exact(page.clock.utc(it.since));
    format!("#{} ({}), {at}: {}", it.id, escape::text(&it.problem.subject), escape::brief(&it.detail, 400))
}

/// `#3 (api), Jan 10, 22:14:05 UTC, ✅ CLOSED, it had lasted 1 min 30 s: …`
pub(super) fn line(page: &Page<'_>, view: &IncidentView) -> String {
    let it = &view.incident;
    let lasted = match it.state {
        IncidentState::Open => "for",
        IncidentState::Recovered => "after",
        IncidentState::Closed => "it had lasted",
    };
    let symptom = it.explained_by.map_or_else(String::new, |by| format!(", a symptom of #{by}"));
    let again = match it.relapses {
        0 => String::new(),
        n => format!(", came back {}", words::times(n as usize)),
    };
    format!(
        "#{} ({}), {}, {}, {lasted} {}{again}{symptom}: {}",
        it.id,
        escape::text(&it.problem.subject),
        clock::exact(page.clock.utc(it.since)),
        words::incident_state(it.state),
        view.lasted,
        escape::brief(&it.detail, 400)
    )
}

/// `🟢 NONE DETECTED`, `🔴 1 DETECTED, 1 OPEN`, …
fn status(page: &Page<'_>, severity: Severity) -> String {
    let all: Vec<&IncidentView> = page.view.incidents.iter().filter(|i| i.severity == severity).collect();
    let own = all.iter().filter(|i| i.incident.explained_by.is_none()).count();
    let symptoms = all.len() - own;
    let open = all.iter().filter(|i| i.incident.state == IncidentState::Open).count();
    if all.is_empty() {
        let so_far = if page.is_over() { "" } else { " so far" };
        return if page.view.readings == 0 {
            "❔ NOTHING SEEN, no reading came".into()
        } else {
            format!("🟢 NONE DETECTED{so_far}")
        };
    }
    let mark = words::mark(severity);
    let mut text = format!(
        "{mark} {own} DETECTED, {}",
        if open == 0 { "NONE OPEN".into() } else { format!("{open} OPEN") }
    );
    if symptoms > 0 {
        text += &format!(" (and {} of another)", words::counted(symptoms, "symptom", "symptoms"));
    }
    text
}
