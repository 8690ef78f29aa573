//! A session in words, for `status`, for the end of a watch and for the sign-off.

use std::fmt::Write as _;

use watchkeeper_core::{
    checklist::{ItemOutcome, ItemResult},
    session::IncidentState,
    verdict::{Finding, Verdict},
    view::{IncidentView, View},
};

use crate::{
    lines,
    paint::Paint,
    words::{self, Mood},
};

/// So many lines of the log are shown; the report has them all.
const LAST_LINES: usize = 8;

/// The whole of it.
pub(crate) fn whole(view: &View, watched: bool, paint: Paint) -> String {
    let mut out = head(view, watched, paint);
    let o = &mut out;
    line(o, "");
    line(o, &paint.bold("Baselines"));
    for b in &view.baselines {
        let (shape, word, mood) = words::finding(b.finding);
        let told = painted(paint, mood, format!("{shape} {word:<4}"));
        line(
            o,
            &format!(
                "  {told}  {:<26} {:<24} target {}, n {}",
                b.metric.label(),
                words::short(&b.current),
                b.target,
                b.n
            ),
        );
    }
    line(o, "");
    line(o, &paint.bold("Checkpoints"));
    for check in &view.checks {
        let (shape, word, mood) = words::check(check);
        let told = painted(paint, mood, format!("{shape} {word:<11}"));
        let due = words::day_and_time(check.due_utc);
        let failed: Vec<&str> =
            check.lines.iter().filter(|l| l.outcome == ItemOutcome::Failed).map(|l| l.item.text()).collect();
        let failed = if failed.is_empty() { String::new() } else { format!(": {}", failed.join(", ")) };
        line(o, &format!("  {told}  {:<16} {due}{failed}", check.check.title));
    }
    let lasting: Vec<&IncidentView> = view.incidents.iter().collect();
    line(o, "");
    line(o, &paint.bold(if lasting.is_empty() { "No incidents" } else { "Incidents" }));
    for it in lasting {
        out.push_str(&incident(view, it, paint));
    }
    out.push_str(&ladder(view, paint));
    out.push_str(&log(view, paint));
    out.push_str(&owed(view, paint));
    out.push_str(&next_steps(view, paint));
    out
}

/// State, time, coverage and the verdict so far.
pub(crate) fn head(view: &View, watched: bool, paint: Paint) -> String {
    let mut out = String::new();
    let o = &mut out;
    let (shape, word, mood) = words::headline(view);
    let opening = &view.opening;
    line(
        o,
        &format!(
            "{}  v{} on {} ({})",
            painted(paint, mood, format!("{shape} {word}")),
            opening.release.version,
            opening.deployment.name,
            opening.deployment.environment
        ),
    );
    if let Some(kind) = words::kind(view) {
        line(o, &paint.yellow(kind));
    }
    let watched = if watched { "; a watch is running" } else { "" };
    line(o, &format!("Session    {}, {}{watched}", opening.session, words::stage(view.stage)));
    line(o, &format!("Owner      {}", opening.owner));
    line(
        o,
        &format!(
            "Time       {} to {}; {} of {} passed",
            words::day_and_time(view.started),
            words::day_and_time(view.planned_end),
            view.elapsed,
            opening.plan.length
        ),
    );
    let gaps = words::counted(view.gaps.len(), "gap", "gaps");
    line(o, &format!("Observed   {:.1} % ({gaps}), {} readings", view.coverage_percent, view.readings));
    let (shape, _, mood) = words::finding(view.verdict.finding);
    let told = painted(paint, mood, format!("{shape} {}", view.verdict.finding.label()));
    let so_far = if view.verdict.complete { "" } else { " so far" };
    line(
        o,
        &format!(
            "Verdict{so_far}{}{told}: {}",
            " ".repeat(11_usize.saturating_sub(7 + so_far.len()).max(1)),
            view.verdict.reason
        ),
    );
    if let Some(sign_off) = &view.sign_off {
        let remark =
            if sign_off.remark.is_empty() { String::new() } else { format!(": {}", sign_off.remark) };
        let at = words::stamp(sign_off.moment.utc);
        line(o, &format!("Sign-off   {} by {} at {at}{remark}", sign_off.decision.label(), sign_off.by));
    }
    out
}

/// The ten criteria with their evidence.
pub(crate) fn criteria(verdict: &Verdict, paint: Paint) -> String {
    let mut out = String::new();
    for c in &verdict.criteria {
        let (shape, word, mood) = words::finding(c.finding);
        line(
            &mut out,
            &format!("  {}  {}", painted(paint, mood, format!("{shape} {word:<4}")), c.criterion.text()),
        );
        if c.finding != Finding::Pass {
            line(&mut out, &paint.dim(format!("          {}", c.evidence)));
        }
    }
    out
}

/// The lines of a checklist with their outcomes and what these rest on.
pub(crate) fn items(lines: &[ItemResult], paint: Paint) -> String {
    let mut out = String::new();
    for item in lines {
        let (shape, word, mood) = words::outcome(item.outcome);
        let told = painted(paint, mood, format!("{shape} {word:<7}"));
        line(&mut out, &format!("  {told}  {}", item.item.text()));
        if !item.evidence.is_empty() {
            line(&mut out, &paint.dim(format!("             {}", item.evidence)));
        }
    }
    out
}

/// What is to be done.
pub(crate) fn next_steps(view: &View, paint: Paint) -> String {
    if view.next_steps.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", paint.bold("Next"));
    for step in &view.next_steps {
        line(&mut out, &format!("  → {step}"));
    }
    out
}

fn incident(view: &View, it: &IncidentView, paint: Paint) -> String {
    let mut out = String::new();
    let (shape, word, mood) = words::severity(it.severity);
    let i = &it.incident;
    let told = painted(paint, mood, format!("{shape} #{} {word}", i.id));
    let by = i.explained_by.map_or_else(String::new, |by| format!(", explained by #{by}"));
    line(
        &mut out,
        &format!(
            "  {told}  {} ({}), at {}: {}{by}, {}",
            it.title,
            i.problem.subject,
            i.place.label(),
            words::incident(it),
            it.lasted
        ),
    );
    line(&mut out, &paint.dim(format!("      {}", i.detail)));
    let steps: Vec<String> = it
        .escalation
        .iter()
        .filter_map(|s| words::step(s, view, watchkeeper_core::time::Span::ZERO))
        .collect();
    if i.state == IncidentState::Open && !steps.is_empty() {
        line(&mut out, &painted(paint, mood, format!("      {}", steps.join(" · "))));
    }
    out
}

fn ladder(view: &View, paint: Paint) -> String {
    let mut out = format!("\n{}\n", paint.bold("From this PC to the database"));
    for rung in &view.ladder {
        let (shape, word, mood) = words::rung(rung.state);
        let told = painted(paint, mood, format!("{shape} {word:<8}"));
        line(&mut out, &format!("  {told}  {:<18} {}", rung.place.label(), rung.detail));
    }
    out
}

/// The end of the log.
fn log(view: &View, paint: Paint) -> String {
    let mut out = format!("\n{}\n", paint.bold("Log, the last lines"));
    for last in view.log.iter().skip(view.log.len().saturating_sub(LAST_LINES)) {
        line(&mut out, &format!("  {}", lines::plain(last, paint)));
    }
    out
}

/// Lines that wait for a person, with the words that answer them.
fn owed(view: &View, paint: Paint) -> String {
    let mut out = String::new();
    for check in &view.checks {
        for item in check.lines.iter().filter(|l| l.outcome == ItemOutcome::Owed) {
            if out.is_empty() {
                out = format!("\n{}\n", paint.bold("Waiting for a person"));
            }
            line(
                &mut out,
                &format!("  … {} {}  {}", check.check.id, item.item.id(), paint.dim(item.item.text())),
            );
        }
    }
    if !out.is_empty() {
        line(
            &mut out,
            &paint.dim(
                "    answer with: watchkeeper tick CHECK LINE --remark \"…\"   (--wrong if it is not so)",
            ),
        );
    }
    out
}

fn painted(paint: Paint, mood: Mood, text: String) -> String {
    match mood {
        Mood::Good => paint.green(text),
        Mood::Warning => paint.yellow(text),
        Mood::Bad => paint.red(text),
        Mood::Quiet => text,
    }
}

fn line(out: &mut String, text: &str) {
    // A String takes everything that is written to it.
    let _ = writeln!(out, "{text}");
}

#[cfg(test)]
mod tests {
    use watchkeeper_core::time::Span;

    use super::*;
    use crate::fixture;

    #[test]
    fn a_session_is_told_whole() {
        let healthy = whole(&fixture::day("healthy", Span::mins(65)), true, Paint::PLAIN);
        for part in [
            "● ALL WELL  v1.15.1 on Simulated NAS (demo)",
            "SIMULATED: Nothing goes wrong",
            "a watch is running",
            "10 Jan 16:30 UTC to 11 Jan 16:30 UTC; 1 h 5 min of 24 h passed",
            "Observed   100.0 %",
            "Verdict so far",
            "Container Uptime",
            "✓ done         Hour 2",
            "· to come      Final",
            "No incidents",
            "the Docker Engine",
            "hour-0 git_tag",
            "watchkeeper tick CHECK LINE",
            "Next\n  →",
        ] {
            assert!(healthy.contains(part), "without {part:?}:\n{healthy}");
        }
        let crashed = whole(&fixture::crashed(), false, Paint::PLAIN);
        for part in [
            "■ CRITICAL",
            "■ #1 critical  Container crashes/restarts",
            "OPEN",
            "restart the container within",
        ] {
            assert!(crashed.contains(part), "without {part:?}:\n{crashed}");
        }
    }

    #[test]
    fn criteria_and_lines_show_what_they_rest_on() {
        let view = fixture::day("healthy", Span::mins(65));
        let text = criteria(&view.verdict, Paint::PLAIN);
        assert_eq!(text.lines().filter(|l| !l.starts_with("      ")).count(), 10, "{text}");
        let hour_1 = view.checks.iter().find(|c| c.check.id == "hour-1").unwrap();
        let text = items(&hour_1.lines, Paint::PLAIN);
        assert_eq!(text.lines().filter(|l| !l.starts_with("      ")).count(), 10, "{text}");
        assert!(text.contains("✓ passed   Container health status"), "{text}");
    }
}
