//! The sign-off, and where all of this comes from: program, chain, readings, coverage, clock, pace.

use watchkeeper_core::{
    event::Fact,
    gap,
    time::{Span, WatchTime},
    verdict::Decision,
    view::Head,
};

use super::{Page, overview};
use crate::{
    FORMAT_VERSION,
    clock::{self, Days},
    doc::Doc,
    escape, words,
};

pub(super) fn sign_off(page: &Page<'_>, doc: &mut Doc) {
    doc.rule();
    doc.heading(2, "Sign-Off");
    let Some(it) = &page.view.sign_off else {
        let verdict = words::finding(page.view.verdict.finding);
        doc.block(&format!(
            "⏳ PENDING. The verdict to decide on is {verdict}{}.",
            if page.is_over() { "" } else { " so far" }
        ));
        return;
    };
    let decision = match it.decision {
        Decision::Approved => "✅ APPROVED: the release stays in production",
        Decision::Rejected => "❌ REJECTED: the release does not stay in production",
    };
    let mut fields = vec![
        ("Decision", decision.to_owned()),
        ("By", escape::text(&it.by)),
        ("Time", clock::exact(it.moment.utc)),
        (
            "Verdict at the time",
            format!("{} — {}", words::finding(it.verdict.finding), escape::text(&it.verdict.reason)),
        ),
    ];
    if it.decision.against(it.verdict.finding) {
        fields.push(("Against the verdict", "⚠️ YES, for the reason in the remark".into()));
    }
    if !it.remark.is_empty() {
        fields.push(("Remark", escape::lines(&it.remark, 2)));
    }
    doc.fields(fields);
}

/// The line that names the end of the chain; the seal below the report repeats it.
pub(crate) fn head_line(head: Head) -> String {
    format!("- **Chain head**: entry {}, `{}`", head.seq, head.hash)
}

const SESSION: &str = "- **Session**: ";

/// The session's id in a Markdown report: the last such line, as evidence further up may imitate one.
pub(crate) fn session_of(markdown: &str) -> Option<&str> {
    markdown.lines().rev().find_map(|l| l.strip_prefix(SESSION)).map(|s| s.trim_matches('`'))
}

/// Of which session, and where in its chain, an incident's own report is.
pub(super) fn of_incident(page: &Page<'_>, doc: &mut Doc) {
    let opening = &page.view.opening;
    let (name, version) = (escape::text(&opening.deployment.name), escape::text(&opening.release.version));
    doc.rule();
    doc.fields([
        ("Watch", format!("v{version} on {name}, from {}", clock::exact(page.view.started))),
        ("Session's report", escape::code(&format!("{}.md", page.report.stem))),
        ("Written", clock::exact(page.view.now.utc)),
        ("Program", escape::text(&opening.program)),
    ]);
    doc.block(&format!("{SESSION}{}\n{}", escape::code(&opening.session), head_line(page.view.head)));
}

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    let view = page.view;
    let opening = &view.opening;
    doc.rule();
    doc.heading(2, "Provenance");
    let mut programs = vec![escape::text(&opening.program)];
    for event in &page.report.events {
        if let Fact::Resumed { program } = &event.fact {
            let program = escape::text(program);
            if !programs.contains(&program) {
                programs.push(program);
            }
        }
    }
    let pace = if words::is_rehearsal(page.view) {
        format!("⚠️ REHEARSAL at {} the plan's pace", overview::times(opening.pace.speed))
    } else {
        "the plan's own, a second is a second".into()
    };
    let sealed = if view.sealed.count == 0 {
        "none yet".to_owned()
    } else {
        format!(
            "{} of {}, digest `{}`",
            words::number(view.sealed.count),
            words::number(view.readings),
            view.sealed.digest
        )
    };
    let fields = [
        format!("{SESSION}{}", escape::code(&opening.session)),
        format!("- **Watched with**: {}", programs.join(", then ")),
        format!(
            "- **Report**: format {FORMAT_VERSION}, written by watchkeeper-report {} as of {}",
            env!("CARGO_PKG_VERSION"),
            clock::exact(view.now.utc)
        ),
        head_line(view.head),
        format!("- **Sealed readings**: {sealed}"),
        format!("- **Pace**: {pace}"),
        format!("- **Coverage**: {}", coverage(page)),
        format!("- **Clock**: {}", clock_jumps(page)),
    ];
    doc.block(&fields.join("\n"));
    gaps(page, doc);
    jumps(page, doc);
    doc.block(
        "`watchkeeper verify` checks this file against its seal, the last line: SHA-256 of every byte above it. That \
         proves that it was not changed since it was written. What it says is proven by the JSON report or the journal \
         with the same chain head.",
    );
}

fn coverage(page: &Page<'_>) -> String {
    let view = page.view;
    let n = view.gaps.len();
    if n == 0 {
        return format!("{} % observed, no gap", view.coverage_percent);
    }
    let until = view.now.watch.min(WatchTime::START + view.opening.plan.length);
    let unseen = gap::unseen(&view.gaps, until);
    format!("{} % observed; {}, {unseen} unobserved", view.coverage_percent, words::counted(n, "gap", "gaps"))
}

fn gaps(page: &Page<'_>, doc: &mut Doc) {
    let now = page.view.now.watch;
    let mut days = Days::default();
    let rows: Vec<Vec<String>> = page
        .view
        .gaps
        .iter()
        .map(|g| {
            let from = days.stamp(page.clock.utc(g.from));
            let to = g.to.map_or_else(|| "⏳ lasts".to_owned(), |to| days.stamp(page.clock.utc(to)));
            vec![from, to, g.length(now).to_string(), g.cause.label().to_owned()]
        })
        .collect();
    doc.table(&["Gap from (UTC)", "To (UTC)", "Length", "Why"], &rows);
}

fn clock_jumps(page: &Page<'_>) -> String {
    match page.clock.jumps.len() {
        0 => "the PC's clock did not step".into(),
        n => format!("⚠️ the PC's clock stepped {}", words::times(n)),
    }
}

fn jumps(page: &Page<'_>, doc: &mut Doc) {
    let mut days = Days::default();
    let rows: Vec<Vec<String>> = page
        .clock
        .jumps
        .iter()
        .map(|(at, by_ms)| {
            let by = Span::millis(by_ms.unsigned_abs());
            vec![
                days.stamp(page.clock.utc(*at)),
                format!("{} by {by}", if *by_ms < 0 { "back" } else { "forward" }),
            ]
        })
        .collect();
    doc.table(&["Clock step (UTC, after it)", "How far"], &rows);
}
