//! A PC that sleeps in the middle of a watch: the program stands still as a whole, for real.

use std::time::Duration;

use watchkeeper_tests::running::{Running, run};

/// More than a watch at this speed may stand still on a busy machine.
const ASLEEP: Duration = Duration::from_secs(9);

#[test]
fn a_sleeping_pc_is_a_gap_and_nobodys_fault() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut demo = Running::start(data, "demo --scenario healthy --speed 60");
    demo.until("Hour 1 complete: 10 of 10 passed");
    demo.sleep(ASLEEP);
    let said = demo.until("Watch sees again");
    assert!(said.contains("unobserved (PC asleep or standing still)"), "{said}");
    demo.interrupt();
    assert_eq!(demo.end(), 2, "{}", demo.text());

    let view = run(data, "status --json").json();
    let [gap] = view["gaps"].as_array().unwrap().as_slice() else { panic!("{}", view["gaps"]) };
    assert_eq!(gap["cause"], "asleep");
    let minutes = (gap["to"].as_u64().unwrap() - gap["from"].as_u64().unwrap()) / 60_000;
    // At this speed a second is a minute.
    assert!((ASLEEP.as_secs()..ASLEEP.as_secs() + 60).contains(&minutes), "{minutes} min");
    assert_eq!(view["incidents"].as_array().unwrap().len(), 0, "{}", view["incidents"]);
    assert!(view["coverage_percent"].as_f64().unwrap() < 100.0);
}
