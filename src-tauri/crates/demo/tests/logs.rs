//! The simulated log: what it speaks of, and that counting it and reading it come to the same.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test whose set-up fails has failed")]

use chrono::{DateTime, TimeZone, Utc};
use watchkeeper_core::{
    log::{Level, LogReader, Sign},
    time::Span,
};
use watchkeeper_demo::{Fault, FaultKind, Scenario, World};

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 10, 16, 30, 0).unwrap()
}

fn world(faults: &[Fault]) -> World {
    World::new(Scenario::of("test", faults.to_vec()), 7, start())
}

#[test]
fn the_log_speaks_of_what_is_wrong() {
    for (kind, level, sign) in [
        (FaultKind::ContainerCrash { exit_code: 3 }, Level::Critical, None),
        (FaultKind::DatabaseDown, Level::Error, Some(Sign::DatabaseConnection)),
        (FaultKind::CorruptionInLog, Level::Error, Some(Sign::DataCorruption)),
        (FaultKind::SlowDatabase { ms: 1_600 }, Level::Warning, Some(Sign::SlowQuery)),
        (FaultKind::LogErrors { per_hour: 60 }, Level::Error, None),
        (FaultKind::WarningLogs { per_hour: 60 }, Level::Warning, None),
    ] {
        let world = world(&[Fault::new(kind, Span::mins(10), Span::mins(5))]);
        let before = world.log_batch(Span::mins(5), Span::mins(9));
        let during = world.log_batch(Span::mins(9), Span::mins(15));
        assert!(before.notable.is_empty(), "{kind:?}");
        assert!(!during.notable.is_empty(), "{kind:?}");
        for record in &during.notable {
            assert_eq!((record.level, record.sign), (level, sign), "{kind:?}: {record:?}");
        }
    }
}

#[test]
fn log_windows_add_up_and_agree_with_the_lines() {
    for scenario in Scenario::all() {
        let world = World::new(scenario, 9, start());
        let day = world.log_batch(Span::ZERO, Span::hours(24));
        let (mut lines, mut requests, mut errors, mut critical) = (0, 0, 0, 0);
        for n in 0..2_880 {
            let (from, to) = (Span::secs(30 * n), Span::secs(30 * (n + 1)));
            let batch = world.log_batch(from, to);
            lines += batch.lines;
            requests += batch.access.requests;
            errors += batch.count(Level::Error);
            critical += batch.count(Level::Critical);
            let text = world.log_lines(Some(from), to);
            assert_eq!(text.len(), batch.lines as usize);
            assert!(text.is_sorted_by_key(|l| l.at));
            let mut reader = LogReader::default();
            text.iter().for_each(|l| reader.push(l.at, &l.text));
            reader.flush();
            assert_eq!(reader.take(), batch, "{} {from}", world.scenario().name);
        }
        assert_eq!(
            (lines, requests, errors, critical),
            (day.lines, day.access.requests, day.count(Level::Error), day.count(Level::Critical)),
            "{}",
            world.scenario().name
        );
        assert!(day.notable.len() <= 40 && day.notable.is_sorted_by_key(|r| std::cmp::Reverse(r.level)));
    }
}

#[test]
fn a_container_made_anew_has_a_new_id_and_no_old_lines() {
    let world = world(&[
        Fault::lasting(FaultKind::ContainerRecreated, Span::mins(10)),
        Fault::lasting(FaultKind::ImageSwapped, Span::mins(20)),
    ]);
    let [first, second, third] = [5, 15, 25].map(|m| world.container(Span::mins(m)).unwrap());
    assert_ne!(first.id, second.id);
    assert_eq!(first.image_id, second.image_id);
    assert_ne!(second.image_id, third.image_id);
    assert_eq!((first.image, first.id.len()), (third.image, 64));
    let lines = world.log_lines(None, Span::mins(25));
    assert!(lines.iter().all(|l| l.at >= world.created(Span::mins(25))));
    assert_eq!(lines[0].text, "Running database migrations...");
}
