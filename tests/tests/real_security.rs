//! Hands laid on a real container, on a real Docker Engine, while its HEALTHCHECK runs every second.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::{fs, time::Duration};

use chrono::Utc;
use watchkeeper_core::{
    event::Judgement,
    matrix::Issue,
    session::{Command, IncidentState},
    time::Span,
    view::View,
};
use watchkeeper_probes::{Deployment, DockerEndpoint};
use watchkeeper_tests::{
    dockerd::{Dockerd, Door},
    standing::{Standing, deployment_of},
};

/// However slow the machine: what has not happened by then does not happen.
const PATIENCE: Duration = Duration::from_secs(90);
const SECRET: &str = "Kalispera-91c4";
const IMAGE: &str = "sms:1";

/// Lines that tell of the container itself.
fn lines(view: &View, part: &str) -> usize {
    view.log.iter().filter(|l| l.incident.is_none() && l.text.contains(part)).count()
}

/// What the breaches are about, in their order.
fn breaches(view: &View) -> Vec<&str> {
    let all = view.incidents.iter().filter(|i| i.incident.problem.issue == Issue::SecurityBreach);
    all.map(|i| i.incident.problem.subject.as_str()).collect()
}

fn breach(view: &View, subject: &str) -> u32 {
    view.incidents.iter().find(|i| i.incident.problem.subject == subject).unwrap().incident.id
}

/// The container's end of the operator.
struct Operator<'a> {
    dockerd: &'a Dockerd,
    port: u16,
}

impl Operator<'_> {
    async fn make(&self, how: &str, options: &[&str]) {
        let publish = format!("127.0.0.1:{}:8000", self.port);
        let run = [how, "--name", "sms-app", "--publish", &publish, "--env", "SMS_PASSWORD=simulated"];
        self.docker(&[&run, options, &[IMAGE]].concat()).await;
    }

    async fn recreate(&self, how: &str, options: &[&str]) {
        self.docker(&["rm", "--force", "sms-app"]).await;
        self.make(how, options).await;
    }

    async fn docker(&self, words: &[&str]) -> String {
        self.dockerd.docker(words).await.unwrap()
    }

    /// Waits until the HEALTHCHECK has run `n` times more.
    async fn checks(&self, n: usize) {
        let from = Utc::now().timestamp().to_string();
        let many = async {
            loop {
                let to = Utc::now().timestamp().to_string();
                let events = ["events", "--since", &from, "--until", &to, "--filter", "event=exec_die"];
                if self.docker(&events).await.lines().count() >= n {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        };
        tokio::time::timeout(PATIENCE, many).await.expect("the HEALTHCHECK runs");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hands_on_the_container_are_told_from_its_health_check() {
    let Some(dockerd) = Dockerd::start(Door::Socket).await.unwrap() else { return };
    let base = dockerd.build_sms("1.15.1").await.unwrap();
    let check = "HEALTHCHECK --interval=1s --timeout=5s CMD test -e /sms-demo || exit 1";
    dockerd.build_with_shell(IMAGE, &base, check).await.unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let operator = Operator { dockerd: &dockerd, port };
    operator.make("run", &["--detach"]).await;

    let docker = DockerEndpoint::parse(&dockerd.socket(), None).unwrap();
    let deployment = Deployment::connect(deployment_of(docker, &format!("127.0.0.1:{port}"))).unwrap();
    let standing = Standing::over(&deployment).await;
    let outside = tempfile::tempdir().unwrap();
    standing.until("Hour 0", |v| lines(v, "Hour 0 complete") > 0 || lines(v, "Hour 1 complete") > 0).await;

    // The HEALTHCHECK alone: nobody is suspected of anything.
    operator.checks(6).await;
    let view =
        standing.until("its health", |v| lines(v, "HEALTHCHECK turned healthy") > 0 || v.readings > 20).await;
    assert!(breaches(&view).is_empty() && lines(&view, "ran a command") == 0, "{:#?}", view.log);

    // A command, with the HEALTHCHECK going on around it.
    let command = format!(": --password={SECRET}");
    operator.docker(&["exec", "sms-app", "/bin/sh", "-c", &command]).await;
    standing.until("the command", |v| breaches(v) == ["exec"]).await;
    operator.checks(6).await;
    let view = standing.until("the next look", |v| v.readings > 0).await;
    assert_eq!((breaches(&view), lines(&view, "ran a command")), (vec!["exec"], 1), "{:#?}", view.log);

    // Dismissed, it is over with.
    let (by, remark) = ("admin".to_owned(), "that was me".to_owned());
    let incident = breach(&view, "exec");
    standing
        .handle
        .command(Command::Dismiss { incident, by: by.clone(), remark: remark.clone() })
        .await
        .unwrap();
    let view = standing.handle.view().await.unwrap();
    let dismissed = &view.incidents.iter().find(|i| i.incident.id == incident).unwrap().incident;
    assert_eq!(dismissed.state, IncidentState::Closed);
    assert_eq!(dismissed.judged.as_ref().map(|j| j.judgement), Some(Judgement::Dismissed));

    // Files out and in: one suspicion, a line for each.
    let out = outside.path().join("out");
    operator.docker(&["cp", "sms-app:/bin/sh", out.to_str().unwrap()]).await;
    standing.until("the copy out", |v| breaches(v) == ["exec", "copy"]).await;
    operator.docker(&["cp", out.to_str().unwrap(), "sms-app:/in"]).await;
    let view = standing.until("the copy in", |v| lines(v, "copied files into") == 1).await;
    assert_eq!((breaches(&view), lines(&view, "copied files out")), (vec!["exec", "copy"], 1));

    // Made anew with more rights: one suspicion that says which.
    let public = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let published = format!("{public}:5432");
    operator.recreate("run", &["--detach", "--volume", "/etc:/host", "--publish", &published]).await;
    let view = standing.until("the rights", |v| breaches(v) == ["exec", "copy", "privileges"]).await;
    let detail =
        &view.incidents.iter().find(|i| i.incident.problem.subject == "privileges").unwrap().incident.detail;
    for part in ["mount added: /etc → /host (read-write)", "port 5432/tcp published on 0.0.0.0:"] {
        assert!(detail.contains(part), "{detail}");
    }
    let incident = breach(&view, "privileges");
    standing
        .handle
        .command(Command::Confirm { incident, by: by.clone(), remark: "nobody knows of it".into() })
        .await
        .unwrap();

    // All rights: not every machine that this runs on lets such a container start, but it is there, and is seen.
    operator.recreate("create", &["--privileged"]).await;
    let noted = |v: &View| {
        let mut all = v.incidents.iter().filter(|i| i.incident.id == incident);
        all.any(|i| i.incident.notes.iter().any(|(_, text)| text.contains("it is privileged now")))
    };
    let view = standing.until("the privileged container", noted).await;
    assert_eq!(breaches(&view), ["exec", "copy", "privileges"]);

    // Made anew without them, and nobody said so.
    operator.recreate("run", &["--detach"]).await;
    standing.until("the redeploy", |v| breaches(v).last() == Some(&"redeploy")).await;

    // Another image under the same name: first the name moves, then the container follows.
    dockerd.build_with_shell(IMAGE, &base, &format!("{check}\nLABEL second=yes")).await.unwrap();
    let moved = async {
        loop {
            // A check that is being taken already is as good.
            let _ = standing.handle.command(Command::CheckNow).await;
            let view = standing.handle.view().await.unwrap();
            if lines(&view, "The name sms:1 stands for another image now") == 1 {
                return view;
            }
            standing.handle.changes().changed().await.unwrap();
        }
    };
    let view = tokio::time::timeout(PATIENCE, moved).await.expect("the moved name is seen");
    assert_eq!(breaches(&view).last(), Some(&"redeploy"), "a moved name is no breach by itself");
    operator.recreate("run", &["--detach"]).await;
    let view = standing.until("the image", |v| breaches(v).last() == Some(&"image")).await;
    assert_eq!(lines(&view, "replaced by one from another image under the same name sms:1"), 1);
    let before = view.incidents.len();

    // All of it announced: nothing is suspected.
    let lasts = Span::hours(20);
    standing.handle.command(Command::Announce { what: "the new version".into(), by, lasts }).await.unwrap();
    operator.recreate("run", &["--detach", "--volume", "/etc:/host:ro"]).await;
    operator.docker(&["exec", "sms-app", "/bin/sh", "-c", ":"]).await;
    operator.checks(6).await;
    let told = |v: &View| {
        let announced =
            |part: &str| v.log.iter().any(|l| l.text.contains(part) && l.text.contains("(announced"));
        announced("recreated from the same image")
            && announced("mount added: /etc → /host (read-only)")
            && announced("ran a command in the container")
    };
    let view = standing.until("the announced redeploy", told).await;
    let security = |v: &View| {
        v.incidents.iter().skip(before).filter(|i| i.incident.problem.issue == Issue::SecurityBreach).count()
    };
    assert_eq!(security(&view), 0, "{:#?}", view.incidents);

    let folder = standing.end().await.folder;
    for file in fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let leaks = bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes());
        assert!(!leaks, "the command's secret is in {}", path.display());
    }
}
