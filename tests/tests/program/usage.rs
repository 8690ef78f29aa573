//! What is asked wrongly, and what is there to help.

use watchkeeper_tests::running::{run, run_words};

#[test]
fn what_is_asked_wrongly_ends_with_3_and_says_what_to_do() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    std::fs::write(data.join("broken.toml"), "[watch]\nevry = \"30s\"\n").unwrap();
    for (line, part) in [
        ("", "Usage"),
        ("nonsense", "nonsense"),
        ("watch --speed 0", "from 1 to 5000"),
        ("watch", "watchkeeper config init"),
        ("watch --config broken.toml", "line 2, watch.evry"),
        ("check --config nowhere.toml", "nowhere.toml cannot be read"),
        ("doctor --config nowhere.toml", "config init"),
        ("config check broken.toml", "did you mean `every`?"),
        ("demo --scenario nightmare", "slow-database"),
        ("status", "watchkeeper demo"),
        ("note hello", "no session yet"),
        ("report", "no session"),
        ("verify nowhere.json", "there is no such file"),
        ("verify .", "report"),
        ("sign-off --approve --by me", "no session yet"),
        ("sessions --log nonsense=nonsense", "log level"),
    ] {
        let said = run(data, line).with_code(3);
        assert!(said.err.contains(part) && said.out.is_empty(), "{line}: {}{}", said.out, said.err);
    }
}

#[test]
fn help_and_lists_are_no_errors() {
    let data = tempfile::tempdir().unwrap();
    for (line, part) in [
        ("--help", "Exit codes:"),
        ("-h", "watchkeeper demo"),
        ("--version", env!("CARGO_PKG_VERSION")),
        ("watch --help", "rehearsal"),
        ("sessions", "watchkeeper demo"),
        ("sessions --json", "[]"),
        ("demo --scenario list", "memory-leak"),
        ("plan", "Check 5"),
        ("plan --toml", "[[phase]]"),
        ("plan --json", "\"checkpoints\""),
        ("schema", "\"$schema\""),
    ] {
        let said = run(data.path(), line).with_code(0);
        assert!(said.out.contains(part), "{line}: {}", said.out);
    }
}

#[test]
fn what_cannot_run_ends_with_4() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    let said = run_words(data.path(), ["--data".as_ref(), file.as_os_str(), "note".as_ref(), "x".as_ref()])
        .with_code(4);
    assert!(said.err.starts_with("error: "), "{}", said.err);
}

#[test]
fn a_configuration_is_made_and_never_overwritten_unasked() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let said = run(data, "config init").with_code(0);
    assert!(
        said.out.contains("Fill in before it can be used") && said.out.contains("watch.owner"),
        "{}",
        said.out
    );
    run(data, "config check").with_code(3);
    assert!(run(data, "config init").with_code(3).err.contains("--force"));

    let known = "config init --force --name NAS --url http://127.0.0.1:8080 --docker unix:///var/run/docker.sock \
                 --container sms --release 1.15.1 --previous 1.14.3 --owner The-owner";
    let said = run(data, known).with_code(0);
    assert!(!said.out.contains("Fill in"), "{}", said.out);
    let said = run(data, "config check").with_code(0);
    assert!(said.out.contains("v1.15.1 on NAS (production), 24 h"), "{}", said.out);
    let shown = run(data, "config show").with_code(0).out;
    for part in
        ["deployment.container: sms\n", "watch.every: 30 s\n", "rules.escalation.restart_within: 5 min\n"]
    {
        assert!(shown.contains(part), "without {part:?}: {shown}");
    }
}
