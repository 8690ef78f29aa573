//! The escalation procedures, and the record of each critical incident.

use watchkeeper_core::{matrix::Severity, roll_back::RollBack, view::IncidentView};

use super::{Page, incident};
use crate::{doc::Doc, escape, incident_file_name};

/// Of more major incidents the matrix above tells.
const MOST_MAJOR: usize = 10;

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    doc.rule();
    doc.heading(2, "📞 Escalation Procedures");
    procedures(page, doc);
    doc.heading(3, "Escalation Record");
    let critical: Vec<&IncidentView> = page
        .view
        .incidents
        .iter()
        .filter(|i| i.severity == Severity::Critical && i.incident.explained_by.is_none())
        .collect();
    if critical.is_empty() {
        let so_far = if page.is_over() { "" } else { " so far" };
        doc.block(&format!("No critical incident{so_far}."));
    }
    for it in critical {
        incident::record(page, it, 4, doc);
        let own = incident_file_name(&page.report.stem, it.incident.id);
        doc.block(&format!("**A report of its own**: {}", escape::code(&own)));
    }
    let own = |i: &&IncidentView| i.severity == Severity::Major && i.incident.explained_by.is_none();
    let major: Vec<&IncidentView> = page.view.incidents.iter().filter(own).collect();
    for it in major.iter().take(MOST_MAJOR) {
        incident::record(page, it, 4, doc);
    }
    if let Some(more) = major.len().checked_sub(MOST_MAJOR).filter(|more| *more > 0) {
        doc.block(&format!("… and {more} more major; the JSON report has them all."));
    }
}

fn procedures(page: &Page<'_>, doc: &mut Doc) {
    let opening = &page.view.opening;
    let rules = &opening.rules.escalation;
    let previous = opening
        .release
        .previous
        .as_ref()
        .map_or_else(|| "the previous version".to_owned(), |v| format!("v{}", escape::text(v)));
    let RollBack { find, look, aside, run, back } =
        RollBack::of(&opening.deployment, page.view.container.as_ref());
    let commands = [
        "# A container that Compose or Container Station made is changed there: give it the old image",
        "# The old version must be able to work with the database as the new one left it",
        "# Before anything is stopped: the old image, and with what the container was started",
        &find,
        &look,
        "# Then",
        &aside.join("\n"),
        &run,
        "# If the old version does not come up",
        &back.join("\n"),
    ]
    .join("\n");
    let commands = escape::fence("bash", &commands, 200).replace('\n', "\n   ");
    doc.heading(3, "If Critical Issue Detected");
    doc.numbered([
        "**IMMEDIATELY**: Check recent logs for root cause".to_owned(),
        format!("**Within {}**: Attempt container restart (if applicable)", rules.restart_within),
        format!(
            "**Within {}**: If not resolved, execute rollback to {previous}:\n   {commands}",
            rules.roll_back_within
        ),
        "**Document**: Full incident report with timestamps".to_owned(),
        "**Notify**: Development team".to_owned(),
        "**Post-Mortem**: Root cause analysis".to_owned(),
    ]);
    doc.heading(3, "If Major Issue Detected");
    doc.numbered([
        "Document issue with timestamp",
        "Assess impact on users",
        "Plan remediation",
        "Continue monitoring",
        "Deploy fix if simple, otherwise with the next release",
    ]);
    doc.heading(3, "If Minor Issue Detected");
    doc.numbered(["Log issue", "Continue monitoring", "Document pattern if recurring", "Plan fix if needed"]);
}
