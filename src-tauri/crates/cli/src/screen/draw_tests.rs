use super::*;
use crate::fixture;

fn text(rows: &[String]) -> String {
    rows.join("\n")
}

#[test]
fn the_whole_state_fits_on_a_small_terminal_and_on_a_large_one() {
    let view = fixture::day("healthy", Span::mins(4 * 60 + 12));
    for (width, height) in [(80, 24), (120, 40)] {
        let rows = rows_of(&view, width, height, Foot::Hint);
        let picture = text(&rows);
        for part in [
            "● ALL WELL",
            "v1.15.1 on Simulated NAS (demo)",
            "20:42 UTC",
            "SIMULATED",
            "4 h 12 min of 24 h (17 %) · Phase 2: Next 20 Hours",
            "observed 100.0 %",
            "Next: Check 2 at",
            "API Response Time (p95)",
            "Log Errors (total)",
            "< 500 ms",
            "No incidents",
            "● network",
            "Check 1 complete",
            "Ctrl-C stops the watch",
        ] {
            assert!(picture.contains(part), "{width}×{height} without {part:?}:\n{picture}");
        }
        assert!(rows[2].starts_with('✓') && rows[2].contains('─') && rows[2].ends_with('·'), "{}", rows[2]);
        assert!(rows.iter().all(|r| r.chars().count() <= usize::from(width)));
    }
}

#[test]
fn a_crash_is_told_with_its_clock_and_what_to_do() {
    let view = fixture::crashed();
    for (width, height) in [(80, 24), (120, 40)] {
        let picture = text(&rows_of(&view, width, height, Foot::Hint));
        for part in [
            "■ CRITICAL",
            "■ #1 critical: Container crashes/restarts (container), OPEN for",
            "restart the container within",
            "roll back within",
            "watchkeeper ack 1 --reason",
        ] {
            assert!(picture.contains(part), "{width}×{height} without {part:?}:\n{picture}");
        }
    }
}

#[test]
fn the_last_line_says_what_is_going_on() {
    let view = fixture::day("healthy", Span::mins(1));
    for (foot, part) in [
        (Foot::Hint, "can be resumed"),
        (Foot::Told("Critical: crash".into()), "» Critical: crash"),
        (Foot::Confirm, "Press q again"),
        (Foot::Stopping, "Stopping"),
    ] {
        let rows = rows_of(&view, 80, 24, foot.clone());
        assert!(rows.last().unwrap().contains(part), "{foot:?}: {rows:?}");
    }
}

#[test]
fn countdowns_run_on_between_two_looks() {
    let view = fixture::crashed();
    let rows = |seconds| {
        let picture = Picture { view: &view, ahead: Span::secs(seconds), colour: false, foot: Foot::Hint };
        incidents(&picture, 80).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(rows(0).contains("restart the container within"));
    assert!(rows(600).contains("restart the container OVERDUE by"), "{}", rows(600));
}

#[test]
fn no_size_is_too_small() {
    let views = [fixture::day("healthy", Span::ZERO), fixture::crashed()];
    for view in &views {
        for width in [1, 2, 7, 20, 79, 200] {
            for height in [1, 2, 3, 6, 10, 23, 60] {
                rows_of(view, width, height, Foot::Hint);
            }
        }
    }
}
