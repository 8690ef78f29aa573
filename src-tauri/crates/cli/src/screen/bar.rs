//! The whole session on one line: what has passed, what was not seen, the checkpoints, the incidents, now.

use watchkeeper_core::{matrix::Severity, session::CheckStatus, time::WatchTime, view::View};

use crate::words::{self, Mood};

/// One cell of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) shape: &'static str,
    pub(super) mood: Mood,
    /// Here is now.
    pub(super) now: bool,
}

/// The line in `width` cells.
pub(super) fn cells(view: &View, now: WatchTime, width: usize) -> Vec<Cell> {
    let length = view.opening.plan.length.as_millis().max(1);
    let place =
        |at: WatchTime| usize::try_from(at.0.min(length) * (width.max(1) as u64 - 1) / length).unwrap_or(0);
    let here = place(now);
    let over = view.ended.is_some();
    let mut cells: Vec<Cell> = (0..width)
        .map(|i| {
            let shape = if i <= here { "━" } else { "─" };
            Cell { shape, mood: if i <= here { Mood::Good } else { Mood::Quiet }, now: i == here && !over }
        })
        .collect();
    let mut mark = |from: usize, to: usize, shape, mood| {
        for cell in cells.iter_mut().take(to + 1).skip(from) {
            (cell.shape, cell.mood) = (shape, mood);
        }
    };
    for gap in &view.gaps {
        mark(place(gap.from), place(gap.to.unwrap_or(now)), "░", Mood::Warning);
    }
    // The gravest last, so that it is what is seen.
    let checks = view.checks.iter().filter(|c| c.check.phase.is_some()).map(|c| {
        let (shape, _, mood) = words::check(c);
        let rank = match (c.check.status, mood) {
            (CheckStatus::Pending, _) => 0,
            (_, Mood::Good | Mood::Quiet) => 1,
            (_, Mood::Warning) => 2,
            (_, Mood::Bad) => 3,
        };
        (rank, place(c.check.due), shape, mood)
    });
    let incidents = view.incidents.iter().filter(|i| i.incident.explained_by.is_none()).filter_map(|i| {
        let (shape, _, mood) = words::severity(i.severity);
        let rank = match i.severity {
            Severity::Critical => 4,
            Severity::Major => 2,
            Severity::Minor => return None,
        };
        Some((rank, place(i.incident.opened.watch), shape, mood))
    });
    let mut marks: Vec<_> = checks.chain(incidents).collect();
    marks.sort_by_key(|(rank, ..)| *rank);
    for (_, at, shape, mood) in marks {
        mark(at, at, shape, mood);
    }
    cells
}
