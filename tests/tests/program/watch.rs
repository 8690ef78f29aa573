//! The watch of a deployment that a configuration names: here the simulated one, served by another process.
#![cfg(unix)]

use watchkeeper_tests::running::{Running, run};

#[test]
fn a_deployment_is_looked_at_watched_left_and_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut served = Running::start(data, "demo --serve --scenario healthy --json");
    let at: serde_json::Value = serde_json::from_str(&served.until("docker")).unwrap();
    let text = |key: &str| at[key].as_str().unwrap().to_owned();
    let init = format!(
        "config init --name NAS --url {} --docker {} --container {} --release 1.15.1 --owner The-owner",
        text("url"),
        text("docker"),
        text("container")
    );
    run(data, &init).with_code(0);
    let doctor = run(data, "doctor").with_code(0);
    assert_eq!(doctor.out.matches("● good").count(), 7, "{}", doctor.out);
    // What runs is said, and that it is another version than the one to be watched; that alone is nothing bad.
    assert_eq!(run(data, "doctor --json").with_code(0).json()["version"], "1.15.1");
    run(data, &init.replace("1.15.1", "1.15.2 --out next.toml")).with_code(0);
    for (line, other) in [("doctor", false), ("doctor --config next.toml", true)] {
        let said = run(data, line).with_code(0).out;
        let told = said.lines().find(|l| l.starts_with("▲ other"));
        assert_eq!(told.is_some(), other, "{line}: {said}");
        assert!(told.is_none_or(|l| l.contains("v1.15.1; v1.15.2 is to be watched")), "{line}: {said}");
    }

    // A check is a short session of its own, which no watch goes on with.
    let checked = run(data, "check --json");
    assert_eq!(checked.json()["items"].as_array().unwrap().len(), 10, "{}", checked.out);
    assert_eq!(i64::from(checked.code), checked.json()["exit_code"].as_i64().unwrap());
    assert!(checked.json()["session"].as_str().unwrap().ends_with("-check"), "{}", checked.out);

    let mut watch = Running::start(data, "watch --no-notify");
    watch.until("Hour 1 complete");
    let second = run(data, "watch").with_code(4);
    assert!(second.err.contains("watched by another process"), "{}", second.err);
    let beside = run(data, "check");
    assert!(beside.out.starts_with("Extra check 1"), "{}{}", beside.out, beside.err);
    watch.until("Extra check 1 complete");
    watch.interrupt();
    assert_eq!(watch.end(), 2, "{}", watch.text());

    let mut again = Running::start(data, "watch --no-notify");
    again.until("goes on");
    again.until("Watch resumed");
    again.until("Watch sees again");
    again.interrupt();
    assert_eq!(again.end(), 2, "{}", again.text());
    let sessions = run(data, "sessions --json").json();
    assert_eq!(sessions.as_array().unwrap().len(), 2, "{sessions}");

    // The SMS is gone: the doctor and the check say where.
    served.interrupt();
    assert_eq!(served.end(), 0);
    let doctor = run(data, "doctor").with_code(1);
    assert!(doctor.out.contains("✗ bad") && doctor.out.contains("→"), "{}", doctor.out);
    run(data, "check").with_code(1);
}
