//! What is known of a time that was not observed, and what is not.

use super::Session;
use crate::{gap::Gap, time::Span, words::counted};

/// What no Engine keeps: said wherever a gap is told of.
pub(super) const UNKNOWN: &str = "not known of that time: what the SMS answered and how fast, CPU and memory, \
                                  and what the Docker Engine has forgotten of it (it keeps 256 events, none through a restart \
                                  of its own, and the log as far as it was not rotated away)";

/// What was read back of `gap`, for people.
pub(super) fn of(session: &Session, gap: &Gap) -> String {
    let Some(to) = gap.to else { return format!("nothing was read back yet; {UNKNOWN}") };
    let seen = &session.observed;
    // The first round after it brings everything; what comes later belongs to what was seen.
    let round = session.opening.rules.every.times(2) + Span::secs(60);
    let after = |at| at >= gap.from && at <= to + round;
    let mut parts = Vec::new();

    let changes = session.changes.iter().filter(|(n, _)| n.reconstructed && after(n.seen)).count();
    let looked = seen.application.container.state.as_ref().filter(|state| state.at >= to);
    match looked.map(|state| &state.value) {
        Some(state) => {
            let started = state.started_at.map_or_else(String::new, |at| {
                format!(", started {} UTC by the NAS's clock", at.format("%Y-%m-%d %H:%M:%S"))
            });
            let code = state.exit_code.map_or_else(String::new, |code| format!(", exit code {code}"));
            let oom = if state.oom_killed { ", killed for lack of memory" } else { "" };
            let image: String = state.image_id.chars().take(19).collect();
            parts.push(format!(
                "{} of the container (now {}{started}, restart count {}{code}{oom}, image {image})",
                counted(changes as u64, "change"),
                format!("{:?}", state.status).to_lowercase(),
                state.restart_count,
            ));
        }
        None => parts.push("nothing of the container yet".into()),
    }
    let runs: Vec<_> =
        seen.application.container.health_runs_read_back.iter().filter(|(at, _)| after(*at)).collect();
    if let Some((_, last)) = runs.last() {
        parts.push(format!(
            "{} of the HEALTHCHECK, the last at {} UTC by the NAS's clock with exit code {}: {}",
            counted(runs.len() as u64, "failed run"),
            last.at.format("%H:%M:%S"),
            last.exit_code,
            if last.said.is_empty() { "it said nothing" } else { &last.said },
        ));
    }
    match seen.application.logs.read_back.iter().find(|r| r.from <= to && after(r.at)) {
        Some(log) => parts.push(format!(
            "{} of the log, {} among them",
            counted(log.lines, "line"),
            counted(log.errors, "error")
        )),
        None => parts.push("nothing of the log".into()),
    }
    format!("read back (reconstructed): {}; {UNKNOWN}", parts.join("; "))
}
