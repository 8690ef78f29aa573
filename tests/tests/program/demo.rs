//! A simulated day, from its beginning to a signed-off report.

use std::{fs, path::PathBuf};

use watchkeeper_tests::running::{Running, run, run_words};

#[test]
fn a_healthy_day_is_watched_reported_and_signed_off() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("βάρδια φύλαξης é");
    fs::create_dir(&data).unwrap();
    let mut demo = Running::start(&data, "demo --speed 5000 --scenario healthy --seed 3 --out reports");
    let code = demo.end();
    let said = demo.text();
    assert_eq!(code, 0, "{said}");
    for part in
        ["SIMULATED", "Hour 0 complete", "Check 5 complete", "The plan has run to its end", "The report:"]
    {
        assert!(said.contains(part), "without {part:?}:\n{said}");
    }
    for word in ["■ critical", "▲ major"] {
        assert!(!said.contains(word), "{word} on a healthy day:\n{said}");
    }

    let files: Vec<PathBuf> =
        fs::read_dir(data.join("reports")).unwrap().map(|f| f.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    for file in &files {
        let verify = || run_words(&data, ["verify".as_ref(), file.as_os_str()]);
        let good = verify().with_code(0);
        assert!(good.out.contains("The journal on this PC holds the same chain"), "{}", good.out);
        let mut bytes = fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(file, &bytes).unwrap();
        let broken = verify().with_code(1);
        assert!(broken.out.contains("it does not hold"), "{}", broken.out);
    }

    let again = run(&data, "report --out reports --json").with_code(0).json();
    let names: Vec<&str> = again["files"].as_array().unwrap().iter().filter_map(|f| f.as_str()).collect();
    assert!(names.iter().all(|n| n.contains("-2.")), "{names:?}");
    let markdown = run(&data, "report --format md --out -").with_code(0).out;
    assert!(markdown.starts_with("# ") && markdown.contains("SIMULATED"));

    run_words(&data, ["note", "the users are told"]).with_code(0);
    run(&data, "tick hour-0 git_tag --remark seen").with_code(0);
    assert!(
        run(&data, "tick hour-0 git_tag --wrong --remark gone")
            .with_code(0)
            .out
            .contains("written down as wrong")
    );
    assert!(run(&data, "tick hour-1 cpu_normal --remark x").with_code(3).err.contains("for a person"));
    assert!(run(&data, "ack 9 --reason x").with_code(3).err.contains("no incident #9"));

    // What a person finds wrong fails the verdict, also when the plan is over; and what is found right mends it.
    assert_eq!(run(&data, "status --json").json()["verdict"]["finding"], "fail");
    assert!(run(&data, "sign-off --approve --by The-operator").with_code(3).err.contains("--remark"));
    run(&data, "tick hour-0 git_tag --remark pushed-again").with_code(0);
    assert_eq!(run(&data, "status --json").json()["verdict"]["finding"], "pass");

    // Against the verdict only with a reason, and once only.
    assert!(run(&data, "sign-off --reject --by The-operator").with_code(3).err.contains("--remark"));
    let signed = run(&data, "sign-off --approve --by The-operator").with_code(0);
    assert!(signed.out.contains("approved by The-operator and closed"), "{}", signed.out);
    run(&data, "sign-off --reject --by The-operator --remark no").with_code(3);
    assert!(run(&data, "note late").with_code(3).err.contains("closed for writing"));

    let status = run(&data, "status --json").with_code(0).json();
    assert_eq!((&status["stage"], &status["sign_off"]["by"]), (&"signed_off".into(), &"The-operator".into()));
    let listed = run(&data, "sessions").with_code(0).out;
    assert!(listed.contains("signed off") && listed.contains("approved"), "{listed}");
    run(&data, "verify --journal").with_code(0);
}

/// A crash on the simulated day: what people say while it is watched, and after Ctrl-C, and after the power went.
#[cfg(unix)]
#[test]
fn a_watch_is_spoken_to_interrupted_killed_and_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut demo = Running::start(data, "demo --scenario crash --speed 360");
    demo.until("#1 Container crashes/restarts");
    let id = run(data, "sessions --json").json()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(run(data, "sessions --json").json()[0]["watched"], true);

    let acknowledged = run(data, "ack #1 --reason looking --by The-operator").with_code(0);
    assert!(
        acknowledged.out.contains("Incident #1 is acknowledged, by The-operator"),
        "{}",
        acknowledged.out
    );
    demo.until("acknowledged by The-operator: looking");
    assert!(run(data, "ack 1 --reason twice").with_code(3).err.contains("already"));
    run_words(data, ["note", "the users are told"]).with_code(0);
    demo.until("Note by tester: the users are told");
    run(data, "announce restart --for 10m").with_code(0);
    demo.until("announced until");
    let status = run(data, "status").with_code(0).out;
    assert!(status.contains("a watch is running"), "{status}");
    let checked = run(data, &format!("check --session {id} --json"));
    assert!(checked.json()["check"].as_str().unwrap().contains("Extra check 1"), "{}", checked.out);
    run(data, &format!("demo --resume {id}")).with_code(4);

    demo.interrupt();
    assert_eq!(demo.end(), 2, "{}", demo.text());
    assert!(demo.text().contains("Watch paused: stopped with Ctrl-C"), "{}", demo.text());
    assert!(demo.text().contains(&format!("watchkeeper demo --resume {id}")), "{}", demo.text());

    // Nobody watches: it is written down all the same.
    run(data, "act 1 restart --remark by-itself").with_code(0);
    run(data, "sign-off --reject --by The-operator").with_code(3);
    let mut again = Running::start(data, "demo --resume");
    again.until("Watch resumed");
    run(data, "note still-here").with_code(0);
    again.until("still-here");
    again.kill();

    run(data, "verify --journal").with_code(0);
    let status = run(data, "status").with_code(0).out;
    assert!(status.contains("interrupted; it can be resumed"), "{status}");
    let mut last = Running::start(data, "demo --resume --json");
    last.until("Watch resumed");
    let early = run_words(
        data,
        ["sign-off", "--reject", "--early", "--by", "The-operator", "--remark", "it crashed"],
    );
    early.with_code(0);
    // A watch that is signed off is over.
    assert_eq!(last.end(), 1, "{}", last.text());
    assert!(last.text().contains("\"ended\":\"signed_off\""), "{}", last.text());
}

#[test]
fn a_suspicion_is_dismissed_by_a_person_and_then_counts_for_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut demo = Running::start(data, "demo --speed 5000 --scenario breach --seed 3 --out reports");
    demo.end();
    let criterion = || {
        let status = run(data, "status --json").json();
        let all = status["verdict"]["criteria"].as_array().unwrap().clone();
        let it = all.into_iter().find(|c| c["criterion"] == "no_security_incidents").unwrap();
        it["finding"].as_str().unwrap().to_owned()
    };
    let status = run(data, "status --json").json();
    let incidents = status["incidents"].as_array().unwrap();
    let breach = incidents.iter().find(|i| i["problem"]["issue"] == "security_breach").unwrap()["id"].clone();
    assert_eq!(criterion(), "inconclusive", "{}", demo.text());
    let refused = run(data, &format!("close {breach} --remark x")).with_code(3);
    assert!(refused.err.contains("confirm it first, or dismiss it"), "{}", refused.err);

    let done = run(data, &format!("dismiss {breach} --remark load-test --by The-admin")).with_code(0);
    assert!(done.out.contains("is dismissed and closed, by The-admin"), "{}", done.out);
    assert_eq!(criterion(), "pass");
    assert!(
        run(data, &format!("confirm {breach} --remark x")).with_code(3).err.contains("is closed already")
    );
    let markdown = run(data, "report --format md --out -").with_code(0).out;
    assert!(markdown.contains("DISMISSED") && markdown.contains("The-admin: load-test"), "{markdown}");
}
