//! The JSON report: it gives back what went in, and its schema is the published one.

mod support;

use serde_json::Value;
use watchkeeper_core::{chain::Hash, event::Event, view::View};
use watchkeeper_report::{EvidenceText, Report, ReportError, json, schema};

fn reports() -> Vec<Report> {
    [support::healthy(), support::slow_database(), support::crash(), support::interrupted()]
        .map(|w| w.report())
        .into_iter()
        .chain([support::hostile(support::HOSTILE).report()])
        .collect()
}

#[test]
fn a_report_gives_back_what_went_in() {
    for report in reports() {
        let text = json(&report).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        let view: View = serde_json::from_value(file["view"].clone()).unwrap();
        // All that is published of it: what stands behind the English words is for the window alone.
        assert_eq!(serde_json::to_value(&view).unwrap(), serde_json::to_value(&report.view).unwrap());
        let events: Vec<Event> = serde_json::from_value(file["events"].clone()).unwrap();
        assert_eq!(events, report.events);
        let evidence: Vec<EvidenceText> = serde_json::from_value(file["evidence"].clone()).unwrap();
        assert_eq!(evidence, report.evidence);
        let first = &file["events"][0];
        assert_eq!((first["utc"].as_str(), first["watch"].as_u64()), (Some("2026-01-10T16:30:00Z"), Some(0)));
        assert_eq!(first["hash"].as_str().map(str::len), Some(64));
    }
}

#[test]
fn the_seal_is_over_the_file_with_zeros_for_digits() {
    let text = json(&support::crash_open().report()).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    let digest = file["seal"]["digest"].as_str().unwrap();
    assert_eq!(Hash::of(text.replace(digest, &"0".repeat(64)).as_bytes()).to_string(), digest);
    assert_eq!(file["seal"]["algorithm"], "sha-256");
}

#[test]
fn a_report_that_contradicts_itself_is_not_written() {
    let mut report = support::crash_open().report();
    report.events.pop();
    assert!(matches!(json(&report), Err(ReportError::Apart { view: 41.., events: 40.. })));
    report.events.clear();
    assert!(matches!(json(&report), Err(ReportError::Apart { events: 0, .. })));
}

#[test]
fn what_came_after_the_view_is_left_out() {
    let mut watch = support::crash_open();
    let view = watch.view();
    watch.note("later").minutes(5);
    let report = Report::new(view.clone(), watch.events.clone(), watch.evidence.clone());
    assert_eq!(report.events.last().map(|e| e.seq), Some(view.head.seq));
    assert!(json(&report).is_ok());
}

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/report-v1.json");

/// Regenerated with `UPDATE_SCHEMA=1`.
#[test]
fn the_published_schema_is_what_the_types_give() {
    let now = schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(SCHEMA, serde_json::to_string_pretty(&now).unwrap() + "\n").unwrap();
    }
    let published: Value = serde_json::from_str(&std::fs::read_to_string(SCHEMA).unwrap()).unwrap();
    assert!(
        published == now,
        "the types have changed: run the tests once with UPDATE_SCHEMA=1, and look at the diff"
    );
}

#[test]
fn reports_validate_against_the_published_schema() {
    let published: Value = serde_json::from_str(&std::fs::read_to_string(SCHEMA).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&published).unwrap();
    for report in reports() {
        let file: Value = serde_json::from_str(&json(&report).unwrap()).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&file).map(|e| format!("{}: {e}", e.instance_path())).take(5).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        for (pointer, wrong) in [
            ("/format", Value::from("another")),
            ("/format_version", Value::from(2)),
            ("/view/stage", Value::from("asleep")),
            ("/events/0/seq", Value::from(-1)),
            ("/events/0/hash", Value::from("00")),
            ("/seal", Value::Null),
        ] {
            let mut bad = file.clone();
            *bad.pointer_mut(pointer).unwrap() = wrong;
            assert!(!validator.is_valid(&bad), "{pointer}");
        }
    }
}
