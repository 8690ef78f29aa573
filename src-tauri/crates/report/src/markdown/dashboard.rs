//! The summary in ten lines, how sure one may be, and what comes next.

use watchkeeper_core::{
    baseline::Metric,
    matrix::Severity,
    reading::ContainerStatus,
    view::{ConfidenceLevel, Stage, Tone, View},
};

use super::{Page, overview};
use crate::{clock, doc::Doc, escape, words};

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    let view = page.view;
    let opening = &view.opening;
    doc.rule();
    doc.heading(2, "📊 Summary Dashboard");
    let environment = words::capital(&opening.deployment.environment);
    let uptime =
        view.baselines.iter().find(|b| b.metric == Metric::Uptime).map_or("—", |b| b.current.as_str());
    let lines = [
        format!("{environment} Deployment Status: {}", live(view)).trim_start().to_owned(),
        format!("Version: v{}", opening.release.version),
        format!("Environment: {}", opening.deployment.name),
        format!("Uptime: {uptime} ({} target)", words::long(opening.plan.length)),
        format!("Status: {}", tone(page)),
        format!("Critical Errors: {}", view.incidents_of(Severity::Critical)),
        format!("Major Issues: {}", view.incidents_of(Severity::Major)),
        format!("Minor Issues: {}", view.incidents_of(Severity::Minor)),
        format!("Observed: {} % of the time", view.coverage_percent),
        format!("Verdict: {}", words::finding(view.verdict.finding)),
        format!("Confidence: {}", confidence(view.confidence.level)),
    ];
    // Line ends in outside text would make lines of their own.
    let lines: Vec<String> = lines.iter().map(|l| escape::plain(l)).collect();
    doc.fence("text", &lines.join("\n"), 120);
    doc.block(&format!("**Confidence Level**: {}", confidence(view.confidence.level)));
    doc.list(view.confidence.reasons.iter().map(|r| escape::text(&words::capital(r))));
    doc.rule();
    let end = match (view.stage, view.ended) {
        (Stage::SignedOff | Stage::Concluded, Some(ended)) => clock::full(ended),
        _ => format!("{} (planned)", clock::full(view.planned_end)),
    };
    doc.fields([
        ("Session Owner", escape::text(&opening.owner)),
        ("Start Time", clock::full(view.started)),
        ("End Time", end),
        ("Current Time", clock::full(view.now.utc)),
        ("Status", overview::status(page)),
    ]);
}

fn live(view: &View) -> String {
    if let Some(down) = view.beside.iter().find(|beside| beside.state.is_some() && !beside.up) {
        return format!("🔴 NOT WHOLE: {} does not run", escape::code(&down.name));
    }
    match view.container.as_ref().map(|c| c.status) {
        Some(ContainerStatus::Running) => "✅ LIVE".into(),
        Some(other) => overview::running(other).into(),
        None => "❔ NOT SEEN".into(),
    }
}

fn tone(page: &Page<'_>) -> String {
    match page.view.tone {
        Tone::Ok => "🟢 HEALTHY".into(),
        Tone::Warning => "🟠 MAJOR ISSUE OPEN, or a failed line in the last check".into(),
        Tone::Critical => "🔴 CRITICAL ISSUE OPEN".into(),
        Tone::Gap => "⚪ NOT SEEN at the moment".into(),
        Tone::Idle => overview::status(page),
    }
}

const fn confidence(level: ConfidenceLevel) -> &'static str {
    match level {
        ConfidenceLevel::High => "🟢 HIGH",
        ConfidenceLevel::Medium => "🟡 MEDIUM",
        ConfidenceLevel::Low => "🔴 LOW",
    }
}

pub(super) fn next_steps(page: &Page<'_>, doc: &mut Doc) {
    doc.rule();
    doc.heading(2, "Next Steps");
    doc.numbered(page.view.next_steps.iter().map(|s| escape::text(s)));
}
