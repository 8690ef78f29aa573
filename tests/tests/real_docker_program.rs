//! The built program watches a whole day on a real Docker Engine: killed with `kill -9` in between, with a crash while
//! somebody looks and one while nobody does, from the first line to the signed-off report.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{fs, path::Path};

use serde_json::Value;
use watchkeeper_tests::{
    dockerd::{Dockerd, Door, SmsOptions},
    running::{PASSWORD, PASSWORD_ENV, Running, run, run_words},
};

/// A day in a minute; the program asks each source once a second at most.
const WATCH: &str = "watch --plain --no-notify --speed 1440";

fn config(dockerd: &Dockerd, sms: &str) -> String {
    let docker = match dockerd.tls() {
        Some((address, certificates)) => {
            format!("docker = \"{address}\"\ndocker_certificates = \"{}\"", certificates.display())
        }
        None => format!("docker = \"{}\"", dockerd.socket()),
    };
    format!(
        "[deployment]\nname = \"Test bench\"\nurl = \"http://{sms}\"\n{docker}\n\
         [release]\nversion = \"1.15.1\"\nprevious = \"1.14.3\"\n\
         [login]\nemail = \"watch@example.com\"\npassword_env = \"{PASSWORD_ENV}\"\n\
         [watch]\nowner = \"The owner\"\n"
    )
}

/// Everything that the program has written, by file.
fn written(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() {
            found.extend(written(&entry));
        } else {
            found.push((entry.display().to_string(), fs::read(&entry).unwrap()));
        }
    }
    found
}

async fn a_whole_day(door: Door) {
    let Some(dockerd) = Dockerd::start(door).await.unwrap() else { return };
    let sms =
        dockerd.run_sms(SmsOptions { password: PASSWORD.into(), ..SmsOptions::default() }).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    fs::write(data.join("watchkeeper.toml"), config(&dockerd, &sms.address())).unwrap();
    let doctor = run(data, "doctor").with_code(0);
    assert_eq!(doctor.out.matches("● good").count(), 7, "{}", doctor.out);

    // A crash while the watch looks.
    let mut watch = Running::start(data, WATCH);
    watch.until("Hour 1 complete: 10 of 10 passed");
    sms.kill().await.unwrap();
    watch.until("Container was killed by an operator (signal");
    watch.until("#1 Container crashes/restarts");
    run(data, "ack 1 --reason looking --by The-operator").with_code(0);
    sms.start().await.unwrap();
    run(data, "act 1 restart --remark started-again --by The-operator").with_code(0);
    watch.until("(container) recovered: Container is running");
    watch.until("Check 1 complete");

    // `kill -9`, and a crash while nobody looks.
    watch.kill();
    let before = run(data, "sessions --json").json();
    sms.crash(3).await.unwrap();
    sms.dies().await.unwrap();
    sms.start().await.unwrap();
    let mut watch = Running::start(data, WATCH);
    watch.until("goes on");
    watch.until("Watch resumed");
    watch.until("Container crashed (exit code 3)");
    assert_eq!(watch.end(), 1, "{}", watch.text());
    let text = watch.text();
    for part in ["Final complete", "The plan has run to its end", "✗ fail"] {
        assert!(text.contains(part), "without {part:?}:\n{text}");
    }

    // One session all along, without a hole in its chain, and signed off.
    let after = run(data, "sessions --json").json();
    assert_eq!(after.as_array().unwrap().len(), 1, "{after}");
    assert_eq!(after[0]["id"], before[0]["id"]);
    run(data, "verify --journal").with_code(0);
    for incident in run(data, "status --json").json()["incidents"].as_array().unwrap() {
        assert_ne!(incident["state"], "open", "it lasts: {incident:#}\n{text}");
        if incident["closed"].is_null() {
            let id = incident["id"].to_string();
            run_words(data, ["close", &id, "--remark", "the test bench pulled the plug"]).with_code(0);
        }
    }
    run_words(data, ["sign-off", "--reject", "--by", "The operator", "--remark", "it crashed twice"])
        .with_code(0);
    run(data, "report --format md,json --out reports").with_code(0);
    let mut facts = Vec::new();
    for (name, bytes) in written(&data.join("reports")) {
        run_words(data, ["verify", &name]).with_code(0);
        let text = String::from_utf8(bytes).unwrap();
        if name.ends_with(".json") {
            let report: Value = serde_json::from_str(&text).unwrap();
            facts.extend(report["events"].as_array().unwrap().clone());
        } else if name.contains("-incident-") {
            assert!(text.contains("To recover") && text.contains("Post-Mortem"), "{text}");
        } else {
            for part in
                ["Container was killed by an operator", "Container crashed (exit code 3)", "The operator"]
            {
                assert!(text.contains(part), "without {part:?}:\n{text}");
            }
        }
    }
    let changes: Vec<&Value> = facts.iter().filter(|e| !e["fact"]["container_changed"].is_null()).collect();
    let told = |change: &str| {
        let news = changes.iter().map(|e| &e["fact"]["container_changed"]);
        news.filter(|n| !n["change"][change].is_null()).collect::<Vec<_>>()
    };
    assert_eq!(told("crashed").len(), 1, "{changes:#?}");
    assert_eq!(told("crashed")[0]["reconstructed"], true, "nobody saw it: {changes:#?}");
    assert_eq!(told("killed")[0]["reconstructed"], false, "{changes:#?}");

    // The password of the account is in the container's environment, and nowhere that the program has written.
    let inspected = sms.inspect("{{.Config.Env}}").await.unwrap();
    assert!(inspected.contains(PASSWORD), "{inspected}");
    for (name, bytes) in written(data) {
        assert!(
            !bytes.windows(PASSWORD.len()).any(|w| w == PASSWORD.as_bytes()),
            "the password is in {name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_day_is_watched_by_the_program() {
    a_whole_day(Door::Socket).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_day_is_watched_by_the_program_over_tls() {
    a_whole_day(Door::Tls).await;
}
