//! Plans as files: what is taken, what is refused and at which line, and that no text makes the reader panic.

mod fixtures;

use proptest::{prelude::*, sample};
use watchkeeper_core::{
    checklist::{HOUR_0, Item, PHASE_1, PHASE_2, PHASE_3},
    plan::{Checkpoint, Phase, Plan},
    time::Span,
};

/// The written session log: each phase with its title, and each of its checks with its distance from 16:30 UTC.
#[test]
fn the_standard_plan_is_the_documents() {
    let hours = |checks: &[(&str, &str, u64)]| -> Vec<Checkpoint> {
        checks
            .iter()
            .map(|(id, title, h)| Checkpoint {
                id: (*id).into(),
                title: (*title).into(),
                due: Span::hours(*h),
            })
            .collect()
    };
    let expected = [
        ("Hour 0: Initial Verification", 0, 0, None, HOUR_0.as_slice(), hours(&[("hour-0", "Hour 0", 0)])),
        (
            "Phase 1: First 4 Hours",
            0,
            4,
            Some(1),
            &PHASE_1,
            hours(&[
                ("hour-1", "Hour 1", 0),
                ("hour-2", "Hour 2", 1),
                ("hour-3", "Hour 3", 2),
                ("hour-4", "Hour 4", 3),
            ]),
        ),
        (
            "Phase 2: Next 20 Hours",
            4,
            24,
            Some(4),
            &PHASE_2,
            hours(&[
                ("check-1", "Check 1", 4),
                ("check-2", "Check 2", 8),
                ("check-3", "Check 3", 12),
                ("check-4", "Check 4", 16),
                ("check-5", "Check 5", 20),
            ]),
        ),
        ("Phase 3: Final Validation", 24, 24, None, &PHASE_3, hours(&[("final", "Final", 24)])),
    ];
    let plan = Plan::standard();
    assert_eq!(plan.length, Span::hours(24));
    let is: Vec<_> = plan
        .phases
        .iter()
        .map(|p| {
            let every = p.every.map(|e| e.as_millis() / 3_600_000);
            let hour = |s: Span| s.as_millis() / 3_600_000;
            (p.title.as_str(), hour(p.from), hour(p.to), every, p.items.as_slice(), p.checkpoints.clone())
        })
        .collect();
    assert_eq!(is, expected);
}

/// The document's own words for its three checklists, in its order.
#[test]
fn the_checklists_are_the_documents() {
    let words = |items: &[Item]| items.iter().map(|i| i.text()).collect::<Vec<_>>();
    assert_eq!(
        words(&PHASE_1),
        [
            "Container health status",
            "Application logs for errors",
            "Health endpoint response (HTTP 200)",
            "Basic functionality test (login, list students)",
            "No crashed processes",
            "Memory usage stable",
            "CPU usage normal",
            "Database connection active",
            "Frontend loads without errors",
            "API responds to requests",
        ]
    );
    assert_eq!(
        words(&PHASE_2),
        [
            "Container still running (uptime check)",
            "Memory usage trend (stable vs increasing)",
            "CPU usage trend (normal load)",
            "Error frequency (zero critical errors)",
            "Request latency (within SLA)",
            "Database performance (no slow queries)",
            "Log analysis (patterns, anomalies)",
            "Feature functionality (spot checks)",
        ]
    );
    assert_eq!(PHASE_3.len(), 8);
    assert_eq!(words(&PHASE_3).last(), Some(&"Ready for production sign-off"));
}

#[test]
fn the_standard_plan_reads_back_from_its_file() {
    let text = Plan::standard().to_toml();
    assert_eq!(Plan::from_toml(&text), Ok(Plan::standard()), "{text}");
    assert!(text.contains("from = \"4h\"\nto = \"24h\"\nevery = \"4h\"\nlabel = \"Check\"\n"), "{text}");
}

#[test]
fn valid_plans_are_taken_and_read_back() {
    for file in fixtures::files("plans/valid", 3) {
        let plan = Plan::from_toml(&file.text).unwrap_or_else(|e| panic!("{}: {e}", file.name));
        assert_eq!(Plan::from_toml(&plan.to_toml()), Ok(plan), "{}", file.name);
    }
}

#[test]
fn checkpoints_come_from_the_start_and_before_the_end_of_their_phase() {
    for (file, expected) in [
        ("inline", "έλεγχος-1@0 έλεγχος-2@7200 έλεγχος-3@14400 final@18000"),
        ("rehearsal", "minute-1@0 minute-2@60 minute-3@120 minute-4@180 minute-5@240 final@600"),
    ] {
        let files = fixtures::files("plans/valid", 3);
        let text = &files.iter().find(|f| f.name.contains(file)).unwrap().text;
        let plan = Plan::from_toml(text).unwrap();
        let is: Vec<_> =
            plan.checkpoints().map(|(_, c)| format!("{}@{}", c.id, c.due.as_millis() / 1_000)).collect();
        assert_eq!(is.join(" "), expected, "{file}");
    }
}

#[test]
fn senseless_plans_are_refused_at_the_line_that_is_wrong() {
    for file in fixtures::files("plans/invalid", 40) {
        let (line, part) = file.expectations()[0];
        match Plan::from_toml(&file.text) {
            Ok(_) => panic!("{} is taken", file.name),
            Err(e) => {
                assert!(e.what.contains(part), "{}: {}", file.name, e.what);
                assert_eq!(e.line, line, "{}: {}", file.name, e.what);
            }
        }
    }
}

prop_compose! {
    /// A plan of up to four phases, each a single check or a series, one after the other.
    fn plans()(
        phases in prop::collection::vec(
            (
                any::<Option<()>>(), 0_u64..4_000_000, 1_u64..1_000, 1_u64..60, 1_u64..20,
                "[ -~]{0,30}", sample::subsequence(Item::ALL, 1..=Item::ALL.len()),
            ),
            1..4,
        ),
        rest in 1_000_u64..5_000_000,
    ) -> Plan {
        let mut now = 0;
        let phases: Vec<Phase> = phases
            .into_iter()
            .enumerate()
            .map(|(i, (series, pause, unit, n, part, text, items))| {
                let from = now + pause;
                let every = unit * 997;
                let to = if series.is_some() { from + (n - 1) * every + (every * part / 20).max(1) } else { from };
                now = to;
                let series = series.filter(|()| every <= to - from);
                let (to, label) = (if series.is_some() { to } else { from }, format!("L {i} {}", text.trim()));
                let title = |k: u64| if series.is_some() { format!("{} {}", label.trim(), k + 1) } else { label.trim().into() };
                let n = if series.is_some() { (to - from).div_ceil(every) } else { 1 };
                Phase {
                    title: format!("Phase {i} {text}").trim().into(),
                    focus: text.trim().into(),
                    from: Span::millis(from),
                    to: Span::millis(to),
                    every: series.map(|()| Span::millis(every)),
                    items,
                    checkpoints: (0..n).map(|k| Checkpoint::new(&title(k), Span::millis(from + k * every))).collect(),
                }
            })
            .collect();
        Plan { length: Span::millis(now + rest), phases }
    }
}

proptest! {
    #[test]
    fn any_plan_reads_back_from_its_file(plan in plans()) {
        let text = plan.to_toml();
        prop_assert_eq!(Plan::from_toml(&text), Ok(plan), "{}", text);
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        let _ = Plan::from_toml(&text);
    }

    #[test]
    fn a_plan_with_a_piece_replaced_is_answered_with_a_line_that_exists(
        at in 0.0_f64..1.0,
        gone in 0_usize..40,
        new in "[\\x00-\\x7f«ώ🙂]{0,12}|\"|\\[\\[phase]]|every = 0|99999999999999999999h|nan",
    ) {
        let text = Plan::standard().to_toml();
        let chars: Vec<char> = text.chars().collect();
        let from = (at * chars.len() as f64) as usize;
        let changed: String =
            chars[..from].iter().copied().chain(new.chars()).chain(chars.iter().copied().skip(from + gone)).collect();
        match Plan::from_toml(&changed) {
            Ok(plan) => prop_assert_eq!(Plan::from_toml(&plan.to_toml()), Ok(plan)),
            Err(e) => prop_assert!((1..=changed.matches('\n').count() + 1).contains(&e.line), "{}", e),
        }
    }
}
