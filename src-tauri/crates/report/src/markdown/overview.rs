//! The title block, the banner of what is no real watch, and the overview.

use watchkeeper_core::{
    matrix::Severity,
    part::Part,
    reading::{ContainerHealth, ContainerState, ContainerStatus, Place},
    time::Span,
    verdict::Decision,
    view::{RungState, Stage, View},
};

use super::Page;
use crate::{clock, doc::Doc, escape, words};

/// A warning where the deployment is simulated or the plan ran at another pace.
pub(super) fn banner(page: &Page<'_>, doc: &mut Doc) {
    let mut lines = Vec::new();
    if let Some(scenario) = &page.view.opening.simulated {
        lines.push(format!(
            "> ⚠️ **SIMULATED**: the deployment is the program's own simulation, scenario “{}”. Nothing in here tells of \
             a real release.",
            escape::text(scenario)
        ));
    }
    if words::is_rehearsal(page.view) {
        lines.push(format!(
            "> ⚠️ **REHEARSAL**: the plan ran at {} its pace{}. It proves nothing of a real day, and \
             neither does a sign-off of it.",
            times(page.view.opening.pace.speed),
            if page.view.opening.pace.utc_follows {
                ", and the clock with it"
            } else {
                "; lengths of time are the plan's, times of day are real"
            }
        ));
    }
    doc.block(&lines.join("\n>\n"));
}

/// `720 times`.
pub(super) fn times(speed: f64) -> String {
    format!("{speed} times")
}

pub(super) fn title(page: &Page<'_>, doc: &mut Doc) {
    let view = page.view;
    let opening = &view.opening;
    let environment = escape::text(&words::capital(&opening.deployment.environment));
    let version = escape::text(&opening.release.version);
    doc.heading(1, format!("{environment} Monitoring Session - v{version}").trim_start());
    banner(page, doc);
    let verdict = &view.verdict;
    let so_far = if page.is_over() { "" } else { " so far" };
    let mut fields = vec![
        ("Date", clock::date(view.started)),
        ("Duration", duration(page)),
        ("Status", status(page)),
        ("Owner", escape::text(&opening.owner)),
        (
            "Verdict",
            format!("{}{so_far} — {}", words::finding(verdict.finding), escape::text(&verdict.reason)),
        ),
        ("Issues", issues(view)),
    ];
    if let Some(first) = view.next_steps.first().filter(|_| view.stage != Stage::SignedOff) {
        fields.push(("Next", escape::text(first)));
    }
    doc.fields(fields);
    if view.stage != Stage::SignedOff {
        let to_come = if page.is_over() { "the sign-off is still owed" } else { "it is not finished" };
        doc.block(&format!("This is the session as it stood on {}; {to_come}.", clock::exact(view.now.utc)));
    }
}

/// `🔴 1 critical, 0 major, 2 minor; none open`.
fn issues(view: &View) -> String {
    let all = [Severity::Critical, Severity::Major, Severity::Minor];
    let open = view.incidents.iter().filter(|i| i.incident.is_running()).count();
    let dismissed = match view.dismissed() {
        0 => String::new(),
        n => format!("; {n} dismissed by a person"),
    };
    match all.into_iter().find(|s| view.incidents_of(*s) > 0) {
        None if view.readings == 0 => "❔ NOTHING SEEN, no reading came".into(),
        None => format!("🟢 NONE DETECTED{dismissed}"),
        Some(worst) => {
            let counts = all.map(|s| format!("{} {}", view.incidents_of(s), s.label())).join(", ");
            let open = if open == 0 { "none open".into() } else { format!("{open} open") };
            format!("{} {counts}; {open}{dismissed}", words::mark(worst))
        }
    }
}

/// `24 hours (Jan 10 16:30 - Jan 11 16:30 UTC)`.
pub(super) fn duration(page: &Page<'_>) -> String {
    let view = page.view;
    format!(
        "{} ({})",
        words::long(view.opening.plan.length),
        page.clock.range(view.started, view.planned_end)
    )
}

/// `🟡 IN PROGRESS (7 h completed, 17 h remaining)`.
pub(super) fn status(page: &Page<'_>) -> String {
    let view = page.view;
    let passed = || {
        let done = if view.elapsed == Span::ZERO {
            "just begun".into()
        } else {
            format!("{} completed", view.elapsed)
        };
        format!("{done}, {} remaining", view.left)
    };
    match (view.stage, &view.sign_off) {
        (Stage::InProgress, _) => format!("🟡 IN PROGRESS ({})", passed()),
        (Stage::Interrupted, _) => {
            format!("🟠 INTERRUPTED ({}): nobody watches until it is resumed", passed())
        }
        (Stage::Concluded, _) | (Stage::SignedOff, None) => "🟡 COMPLETE, the sign-off is owed".into(),
        (Stage::SignedOff, Some(sign_off)) => {
            let early = if sign_off.verdict.complete { "" } else { ", before the plan had run to its end" };
            if sign_off.decision.against(sign_off.verdict.finding) {
                let decision = sign_off.decision.label().to_uppercase();
                let verdict = words::finding(sign_off.verdict.finding);
                return format!("⚠️ SIGNED OFF: {decision} against the verdict {verdict}{early}");
            }
            match sign_off.decision {
                Decision::Approved => format!("✅ SIGNED OFF: APPROVED{early}"),
                Decision::Rejected => format!("❌ SIGNED OFF: REJECTED{early}"),
            }
        }
    }
}

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    let view = page.view;
    let opening = &view.opening;
    doc.rule();
    doc.heading(2, "📊 Monitoring Overview");
    let mut fields = vec![
        ("System", format!("Student Management System v{}", escape::text(&opening.release.version))),
        (
            "Environment",
            format!(
                "{} ({})",
                escape::text(&words::capital(&opening.deployment.environment)),
                escape::text(&opening.deployment.name)
            ),
        ),
        ("Address", escape::code(&opening.deployment.url)),
        ("Container", container(&view.opening.deployment.container, view.container.as_ref())),
        ("Docker Engine", engine(view)),
        ("Database", database(view)),
    ];
    for beside in &view.beside {
        let title = match beside.part {
            Part::Application => "Container",
            Part::FrontEnd => "Front End's Container",
            Part::Database => "Database's Container",
        };
        let gone = !beside.up && beside.state.as_ref().is_some_and(|s| s.status == ContainerStatus::Running);
        let removed = || format!("{} (🔴 REMOVED)", escape::code(&beside.name));
        fields.push((title, if gone { removed() } else { container(&beside.name, beside.state.as_ref()) }));
    }
    if let Some(repository) = &opening.release.repository {
        fields.push(("Repository", escape::code(repository)));
    }
    if let Some(previous) = &opening.release.previous {
        fields.push(("Version to Roll Back to", format!("v{}", escape::text(previous))));
    }
    fields.push((
        "Monitor Type",
        format!("{} health + stability validation", words::compound(opening.plan.length)),
    ));
    fields.push((
        "Readings",
        format!("{}, each source asked every {}", words::number(view.readings), opening.rules.every),
    ));
    doc.fields(fields);
}

fn container(name: &str, state: Option<&ContainerState>) -> String {
    let name = escape::code(name);
    let Some(state) = state else { return format!("{name} (❔ NOT SEEN)") };
    let health = match state.health {
        ContainerHealth::None => "no HEALTHCHECK",
        ContainerHealth::Starting => "HEALTHCHECK starting",
        ContainerHealth::Healthy => "HEALTHCHECK healthy",
        ContainerHealth::Unhealthy => "HEALTHCHECK unhealthy",
    };
    let started = state
        .started_at
        .map_or_else(String::new, |t| format!(", started {} by the NAS's clock", clock::exact(t)));
    format!("{name} ({}, {health}; image {}{started})", running(state.status), escape::code(&state.image))
}

/// `✅ RUNNING`, …
pub(super) const fn running(status: ContainerStatus) -> &'static str {
    match status {
        ContainerStatus::Running => "✅ RUNNING",
        ContainerStatus::Created => "🔴 CREATED, NOT STARTED",
        ContainerStatus::Paused => "🔴 PAUSED",
        ContainerStatus::Restarting => "🔴 RESTARTING",
        ContainerStatus::Removing => "🔴 BEING REMOVED",
        ContainerStatus::Exited => "🔴 EXITED",
        ContainerStatus::Dead => "🔴 DEAD",
        ContainerStatus::Unknown => "❔ UNKNOWN",
    }
}

fn engine(view: &View) -> String {
    let at = escape::code(&view.opening.deployment.docker);
    view.engine.as_ref().map_or_else(
        || format!("❔ NOT SEEN, at {at}"),
        |e| format!("{} on {}, at {at}", escape::text(&e.version), escape::text(&e.platform)),
    )
}

fn database(view: &View) -> String {
    let rung = view.ladder.iter().find(|r| r.place == Place::Database);
    rung.map_or_else(
        || "❔ NOT SEEN".into(),
        |r| match r.state {
            RungState::Good => format!("✅ CONNECTED ({})", escape::text(&r.detail)),
            RungState::Bad => format!("🔴 FAILING: {}", escape::text(&r.detail)),
            RungState::Unknown => "❔ NOT SEEN".into(),
        },
    )
}
