//! The one connection to a real SSH server: shared by all, bounded, and made anew without a loss when it is cut.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{collections::BTreeMap, fs, path::Path, process::Command, sync::Arc, time::Duration};

use chrono::Utc;
use tokio::{sync::mpsc, time::timeout};
use watchkeeper_core::reading::{Answer, ContainerAction, Outcome, Value};
use watchkeeper_engine::ports::{Depth, Listen, Probe};
use watchkeeper_probes::{
    DockerEndpoint, SshTarget,
    docker::{Engine, Events, LogBound, LogStart, Logs, Patience, Version},
};
use watchkeeper_tests::{
    dockerd::{Dockerd, Door, SmsOptions},
    running::{Running, run},
    sshd::{Sshd, socket},
};

/// However slow the machine: what has not happened by then does not happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// An Engine by SSH; what is trusted is in `folder`.
fn engine(sshd: &Sshd, dockerd: &Dockerd, folder: &Path) -> Arc<Engine> {
    let known_hosts = folder.join("known_hosts");
    sshd.introduce(&known_hosts).unwrap();
    let target = SshTarget {
        socket: Some(socket(dockerd).display().to_string()),
        key: Some(sshd.key()),
        known_hosts: Some(known_hosts),
        folder: None,
        ..SshTarget::new(sshd.user(), "127.0.0.1", sshd.port())
    };
    Arc::new(Engine::new(&DockerEndpoint::Ssh(target), PATIENCE, None).unwrap())
}

/// That many at once, all answered.
async fn many(engine: &Arc<Engine>, how_many: usize) {
    let asks: Vec<_> = (0..how_many)
        .map(|_| {
            let probe = Version::new(engine.clone());
            tokio::spawn(async move { probe.ask(Depth::Routine).await })
        })
        .collect();
    for asked in asks {
        for answer in asked.await.unwrap() {
            assert!(matches!(answer.outcome, Outcome::Value(Value::Engine(_))), "{answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_is_shared_and_no_more_sessions_are_opened_than_the_host_bears() {
    let Some(dockerd) = Dockerd::start(Door::Socket).await.unwrap() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (lines, at_once) in [
        (&[] as &[&str], 40),
        (&["DisableForwarding yes"], 40),
        (&["DisableForwarding yes", "MaxSessions 3"], 12),
    ] {
        // A server for each: what an earlier client still has under way is not counted here.
        let Some(sshd) = Sshd::start(lines).unwrap() else { return };
        sshd.admit(&dockerd).unwrap();
        let engine = engine(&sshd, &dockerd, folder.path());
        many(&engine, at_once).await;
        many(&engine, at_once).await;
        assert_eq!(sshd.logged("Accepted publickey"), 1, "{lines:?}: {}", sshd.log());
        // Ten is what sshd allows by itself; where it is less, some are refused and wait for their turn.
        if !lines.contains(&"MaxSessions 3") {
            assert_eq!(sshd.logged("no more sessions"), 0, "{lines:?}: {}", sshd.log());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_is_cut_loses_and_doubles_nothing() {
    let Some(dockerd) = Dockerd::start(Door::Socket).await.unwrap() else { return };
    let Some(mut sshd) = Sshd::start(&[]).unwrap() else { return };
    sshd.admit(&dockerd).unwrap();
    let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for lines in [&[] as &[&str], &["DisableForwarding yes"]] {
        sshd.restart(lines).unwrap();
        let engine = engine(&sshd, &dockerd, folder.path());
        let since = Utc::now();
        let patience = Patience { first: Duration::from_millis(50), ..Patience::default() };
        let events = Events::new(engine.clone(), "sms-app".into(), since, patience);
        let logs = Logs::new(engine.clone(), "sms-app".into(), LogStart::At(since), LogBound::default());
        let (tell, mut heard) = mpsc::channel(64);
        let listening = tokio::spawn(async move { events.listen(tell).await });

        let (mut seen, mut read) = (BTreeMap::new(), 0);
        for round in 1..=3 {
            // The first time the connection is not there yet; then it is cut in the middle.
            sms.kill().await.unwrap();
            sms.start().await.unwrap();
            until(&mut heard, &mut seen, ContainerAction::Start, round).await;
            read += lines_of(&logs).await;
            assert!(sshd.cut() > 0, "there was no connection to cut");
            for path in ["/health", "/api"] {
                sms.get(path).await.unwrap();
            }
        }
        sms.kill().await.unwrap();
        until(&mut heard, &mut seen, ContainerAction::Die, 4).await;
        read += lines_of(&logs).await;
        assert_eq!(seen.get(&format!("{:?}", ContainerAction::Die)), Some(&4), "{seen:?}");
        assert_eq!(seen.get(&format!("{:?}", ContainerAction::Start)), Some(&3), "{seen:?}");
        let since = since.format("%Y-%m-%dT%H:%M:%S%.9fZ").to_string();
        let all = Command::new("docker")
            .args(["-H", &dockerd.socket(), "logs", "--since", &since, "sms-app"])
            .output()
            .unwrap();
        let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().count();
        assert_eq!(read, lines(&all.stdout) + lines(&all.stderr), "the lines of the log");
        sms.start().await.unwrap();
        listening.abort();
    }
}

/// Waits for the so-and-so-many-th event of a kind; all are counted.
async fn until(
    heard: &mut mpsc::Receiver<Answer>,
    seen: &mut BTreeMap<String, usize>,
    action: ContainerAction,
    times: usize,
) {
    let action = format!("{action:?}");
    while seen.get(&action).copied().unwrap_or_default() < times {
        let answer = timeout(PATIENCE, heard.recv()).await;
        let answer = answer.unwrap_or_else(|_| panic!("{action} × {times} did not come: {seen:?}")).unwrap();
        if let Outcome::Value(Value::Event(event)) = answer.outcome {
            *seen.entry(format!("{:?}", event.action)).or_default() += 1;
        }
    }
}

async fn lines_of(logs: &Logs) -> usize {
    let mut found = 0;
    for answer in logs.ask(Depth::Checkpoint).await {
        match answer.outcome {
            Outcome::Value(Value::Logs(batch)) => found += batch.lines as usize,
            other => panic!("{other:?}"),
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_hangs_is_noticed_and_made_anew() {
    let Some(dockerd) = Dockerd::start(Door::Socket).await.unwrap() else { return };
    let Some(sshd) = Sshd::start(&[]).unwrap() else { return };
    sshd.admit(&dockerd).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(&sshd, &dockerd, folder.path());
    many(&engine, 1).await;
    let before = sshd.logged("Accepted publickey");
    assert!(sshd.freeze() > 0);
    // Its requests wait for an answer until the connection is given up; the next one is made at once.
    let failed = Version::new(engine.clone()).ask(Depth::Routine).await;
    assert!(matches!(failed[0].outcome, Outcome::Failure(_)), "{failed:?}");
    many(&engine, 1).await;
    assert_eq!(sshd.logged("Accepted publickey"), before + 1, "{}", sshd.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_watches_over_ssh_and_goes_on_when_it_is_cut() {
    let Some(dockerd) = Dockerd::start(Door::Socket).await.unwrap() else { return };
    let Some(sshd) = Sshd::start(&[]).unwrap() else { return };
    sshd.admit(&dockerd).unwrap();
    let sms = dockerd.run_sms(SmsOptions::default()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    sshd.introduce(&data.join("known_hosts")).unwrap();
    fs::copy(sshd.key(), data.join("nas_key")).unwrap();
    let config = format!(
        "[deployment]\nname = \"Test bench\"\nurl = \"http://{}\"\ndocker = \"{}\"\nssh_key = \"nas_key\"\n\
         [release]\nversion = \"1.15.1\"\n[watch]\nowner = \"The owner\"\n",
        sms.address(),
        sshd.address_of(&dockerd)
    );
    fs::write(data.join("watchkeeper.toml"), config).unwrap();
    run(data, "doctor").with_code(0);
    let before = sshd.logged("Accepted publickey");
    let mut watch = Running::start(data, "watch --plain --no-notify --speed 1440");
    watch.until("Hour 0 complete");
    // All that it asks goes over one connection.
    assert_eq!(sshd.logged("Accepted publickey"), before + 1, "{}", sshd.log());
    assert!(sshd.cut() > 0);
    sms.kill().await.unwrap();
    watch.until("Container was killed by an operator (signal");
    sms.start().await.unwrap();
    watch.until("(container) recovered: Container is running");
    watch.until("Final complete");
    watch.end();
    let text = watch.text();
    assert_eq!(text.matches("critical  Container was killed by an operator (signal").count(), 1, "{text}");
    assert_eq!(sshd.logged("Accepted publickey"), before + 2, "{}", sshd.log());
    run(data, "verify --journal").with_code(0);
}
