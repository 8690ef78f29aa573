//! Hands laid on the container, from the reading to the verdict: what is a suspicion, and what a person makes of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use chrono::{DateTime, TimeDelta, Utc};
use watchkeeper_core::{
    chain::{self, Hash},
    event::{Fact, Judgement},
    matrix::{Issue, Problem, Severity},
    reach::{Mount, Port, Reach},
    reading::{
        Answer, ContainerAction, ContainerEvent, ContainerHealth, ContainerState, ContainerStatus, Reading,
        Source, Value,
    },
    session::{Command, IncidentState, Input, LogKind, Refusal, Session, Standing, decide},
    time::{Moment, Span, WatchTime},
    verdict::{Criterion, Finding},
    view::View,
};

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_062_600, 0).unwrap()
}

/// A watch that is told what the Engine says.
struct Watch {
    session: Session,
    at: WatchTime,
    container: ContainerState,
}

impl Watch {
    fn new(reach: Reach) -> Self {
        let text = |text: &str| text.to_owned();
        let opening = support::opening();
        let moment = Moment { utc: start(), watch: WatchTime::START };
        let opened = chain::link(Hash::ZERO, 1, moment, Fact::Opened(Box::new(opening))).unwrap();
        let container = ContainerState {
            id: text("one"),
            name: text("sms-app"),
            image: text("sms:1.15.1"),
            image_id: text("sha256:old"),
            status: ContainerStatus::Running,
            health: ContainerHealth::Healthy,
            started_at: Some(start() - TimeDelta::hours(1)),
            finished_at: None,
            restart_count: 0,
            oom_killed: false,
            exit_code: None,
            failed_health_runs: Vec::new(),
            reach: Some(Box::new(reach)),
            named_image: None,
        };
        let mut watch = Self { session: Session::open(&opened).unwrap(), at: WatchTime::START, container };
        watch.look();
        watch
    }

    fn now(&self) -> Moment {
        Moment { utc: self.session.utc_of(self.at), watch: self.at }
    }

    fn settle(&mut self) {
        for _ in 0..50 {
            let facts = decide(&self.session, &Input::Settle, self.now()).unwrap();
            if facts.is_empty() {
                return;
            }
            self.commit(facts);
        }
        panic!("it never settles: {:#?}", self.session.log);
    }

    fn commit(&mut self, facts: Vec<Fact>) {
        for fact in facts {
            let event = chain::link(self.session.head, self.session.seq + 1, self.now(), fact).unwrap();
            self.session.apply(&event);
        }
    }

    fn read(&mut self, source: Source, value: Value) {
        let reading = Reading::at(self.now(), Answer::untimed(source, value));
        let record = reading.record().unwrap();
        self.session.observe(&reading, &record);
        self.settle();
    }

    fn look(&mut self) -> &mut Self {
        self.at = self.at + Span::secs(30);
        self.read(Source::Inspect, Value::Container(Box::new(self.container.clone())));
        self
    }

    fn hear(&mut self, action: ContainerAction) -> &mut Self {
        self.at = self.at + Span::secs(10);
        let event = ContainerEvent {
            at: self.now().utc,
            action,
            id: self.container.id.clone(),
            image: self.container.image.clone(),
            exit_code: None,
        };
        self.read(Source::Events, Value::Event(event));
        self
    }

    /// Another container under the same name.
    fn recreate(&mut self, change: impl FnOnce(&mut ContainerState)) -> &mut Self {
        self.container.id.push('x');
        self.container.started_at = Some(self.now().utc);
        change(&mut self.container);
        self.look()
    }

    fn command(&mut self, command: Command) -> Result<(), Refusal> {
        let facts = decide(&self.session, &Input::Command(command), self.now())?;
        self.commit(facts);
        self.settle();
        Ok(())
    }

    fn announce(&mut self) {
        self.command(Command::Announce { what: "work".into(), by: "op".into(), lasts: Span::mins(10) })
            .unwrap();
    }

    fn breaches(&self) -> Vec<&str> {
        let all = self.session.incidents.iter().filter(|i| i.problem.issue == Issue::SecurityBreach);
        all.map(|i| i.problem.subject.as_str()).collect()
    }

    fn finding(&self, criterion: Criterion) -> (Finding, String) {
        let verdict = self.session.verdict(self.at);
        let result = verdict.criteria.into_iter().find(|c| c.criterion == criterion).unwrap();
        (result.finding, result.evidence)
    }
}

fn ordinary() -> Reach {
    Reach { user: "sms".into(), network: "bridge".into(), ..Reach::default() }
}

fn reach(container: &mut ContainerState) -> &mut Reach {
    container.reach.as_mut().unwrap()
}

fn dismiss(incident: u32) -> Command {
    Command::Dismiss { incident, by: "admin".into(), remark: "our backup".into() }
}

fn confirm(incident: u32) -> Command {
    Command::Confirm { incident, by: "admin".into(), remark: "it was none of us".into() }
}

fn close(incident: u32) -> Command {
    Command::Close { incident, by: "admin".into(), remark: "keys changed".into() }
}

#[test]
fn what_is_done_to_the_container_is_told_and_what_is_grave_is_a_suspicion() {
    type Row = (
        &'static str,
        for<'a> fn(&'a mut Watch) -> &'a mut Watch,
        &'static [&'static str],
        Severity,
        &'static str,
    );
    use ContainerAction as A;
    use Severity::{Critical, Major, Minor};
    let rows: [Row; 15] = [
        ("exec", |w| w.hear(A::Exec), &["exec"], Critical, "ran a command in the container"),
        ("copy out", |w| w.hear(A::CopyOut), &["copy"], Critical, "copied files out"),
        ("copy in", |w| w.hear(A::CopyIn), &["copy"], Critical, "copied files into"),
        ("export", |w| w.hear(A::Export), &["copy"], Critical, "copied all files"),
        ("commit", |w| w.hear(A::Commit), &["copy"], Critical, "made an image of"),
        ("attach", |w| w.hear(A::Attach), &[], Minor, "attached to the container"),
        ("update", |w| w.hear(A::Update), &[], Minor, "changed the container's limits"),
        (
            "privileged",
            |w| w.recreate(|c| reach(c).privileged = true),
            &["privileges"],
            Critical,
            "than before: it is privileged now",
        ),
        (
            "mount",
            |w| {
                let mount = Mount { destination: "/host".into(), source: "/etc".into(), writable: true };
                w.recreate(|c| reach(c).mounts.push(mount))
            },
            &["privileges"],
            Critical,
            "mount added: /etc → /host (read-write)",
        ),
        (
            "port",
            |w| {
                let port = Port { inside: "5432/tcp".into(), outside: "0.0.0.0:5432".into() };
                w.recreate(|c| reach(c).ports.push(port))
            },
            &["privileges"],
            Critical,
            "port 5432/tcp published on 0.0.0.0:5432",
        ),
        (
            "fewer rights",
            |w| w.recreate(|c| reach(c).security.push("no-new-privileges".into())),
            &["redeploy"],
            Major,
            "security option added: no-new-privileges",
        ),
        (
            "redeploy",
            |w| w.recreate(|_| {}),
            &["redeploy"],
            Critical,
            "Container was recreated from the same image",
        ),
        (
            "image under the same name",
            |w| w.recreate(|c| c.image_id = "sha256:new".into()),
            &["image"],
            Critical,
            "another image under the same name sms:1.15.1 (sha256:old → sha256:new)",
        ),
        (
            "image of another name",
            |w| {
                w.recreate(|c| {
                    c.image = "sms:1.16.0".into();
                    c.image_id = "sha256:new".into();
                })
            },
            &["image"],
            Critical,
            "another image (sha256:old → sha256:new)",
        ),
        (
            "tag",
            |w| {
                w.container.named_image = Some("sha256:new".into());
                w.look().look()
            },
            &[],
            Major,
            "The name sms:1.15.1 stands for another image now (sha256:new)",
        ),
    ];
    for (what, does, subjects, severity, says) in rows {
        let mut watch = Watch::new(ordinary());
        let before = watch.session.log.len();
        does(&mut watch);
        watch.look().look();
        let mut breaches = watch.breaches();
        breaches.dedup();
        assert_eq!(breaches, subjects, "{what}");
        let told: Vec<_> = watch.session.log[before..]
            .iter()
            .filter(|l| l.incident.is_none() && l.text.contains(says))
            .collect();
        assert_eq!(told.len(), 1, "{what}: {:#?}", watch.session.log);
        assert_eq!(told[0].severity, Some(severity), "{what}");
        let finding = watch.finding(Criterion::NoSecurityIncidents).0;
        assert_eq!(finding, Finding::Inconclusive, "{what}");

        // The same, announced.
        let mut watch = Watch::new(ordinary());
        watch.announce();
        does(&mut watch);
        watch.look().look();
        assert!(watch.session.incidents.is_empty(), "{what}, announced: {:#?}", watch.session.incidents);
        let told: Vec<_> = watch.session.log.iter().filter(|l| l.text.contains(says)).collect();
        assert_eq!(told.len(), 1, "{what}, announced");
        assert!(told[0].text.ends_with("(announced)") && told[0].severity.is_none(), "{:?}", told[0]);
    }
}

#[test]
fn a_container_that_reaches_far_from_the_beginning_is_a_line_and_no_suspicion() {
    let far = Reach { privileged: true, network: "host".into(), ..Reach::default() };
    let mut watch = Watch::new(far);
    watch.look().look();
    let lines: Vec<_> =
        watch.session.log.iter().filter(|l| l.kind == Some(LogKind::ContainerReachesFar)).collect();
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].text.starts_with(
            "Container reaches far into the NAS: it is privileged; it uses the NAS's own network"
        ),
        "{}",
        lines[0].text
    );
    assert!(watch.session.incidents.is_empty());
    // An older journal's answers have none: what comes then is a first look, and no change.
    let mut old = Watch::new(ordinary());
    old.container.reach = None;
    old.look();
    old.container.reach = Some(Box::new(Reach { privileged: true, ..Reach::default() }));
    old.look();
    assert!(old.breaches().is_empty(), "{:?}", old.session.log);
}

#[test]
fn once_per_cause_and_more_of_it_is_a_note() {
    let mut watch = Watch::new(ordinary());
    for _ in 0..40 {
        watch.hear(ContainerAction::Exec);
        watch.at = watch.at + Span::secs(80);
        watch.look();
    }
    assert_eq!(watch.breaches(), ["exec"]);
    let incident = &watch.session.incidents[0];
    assert_eq!(incident.notes.len(), 20, "and no more: the log has them all");
    let told = |kind| watch.session.log.iter().filter(|l| l.kind == Some(kind)).count();
    assert_eq!((told(LogKind::ContainerTouched), told(LogKind::IncidentNoted)), (40, 20));
    // Once it is over with, the next one is another.
    watch.command(dismiss(1)).unwrap();
    watch.hear(ContainerAction::Exec).look().look();
    assert_eq!(watch.breaches(), ["exec", "exec"]);
}

#[test]
fn a_dismissed_suspicion_counts_for_nothing_and_a_confirmed_one_fails() {
    let mut watch = Watch::new(ordinary());
    watch.hear(ContainerAction::CopyOut).look();
    let (finding, evidence) = watch.finding(Criterion::NoSecurityIncidents);
    assert_eq!(finding, Finding::Inconclusive);
    assert!(evidence.contains("to be confirmed or dismissed by a person: #1"), "{evidence}");
    let steps = View::of(&watch.session, watch.now()).next_steps;
    assert!(steps.iter().any(|s| s.starts_with("Confirm or dismiss #1")), "{steps:?}");
    assert!(
        matches!(watch.command(close(1)), Err(Refusal::NotNow { incident: 1, why }) if why.contains("dismiss"))
    );

    watch.command(dismiss(1)).unwrap();
    let it = &watch.session.incidents[0];
    assert_eq!((it.state, it.standing()), (IncidentState::Closed, Standing::Dismissed));
    let judged = it.judged.as_ref().unwrap();
    assert_eq!((judged.judgement, judged.by.as_str()), (Judgement::Dismissed, "admin"));
    let (finding, evidence) = watch.finding(Criterion::NoSecurityIncidents);
    assert_ne!(finding, Finding::Fail);
    assert!(!evidence.contains("to be confirmed"), "{evidence}");
    assert_eq!(View::of(&watch.session, watch.now()).incidents_of(Severity::Critical), 0);
    assert!(watch.session.log.iter().any(|l| l.text.ends_with("dismissed by admin: our backup")));
    for command in [dismiss(1), confirm(1), close(1)] {
        assert!(matches!(watch.command(command), Err(Refusal::NotNow { incident: 1, .. })));
    }

    let mut watch = Watch::new(ordinary());
    watch.hear(ContainerAction::Exec).look();
    watch.command(confirm(1)).unwrap();
    assert_eq!(watch.session.incidents[0].state, IncidentState::Open);
    assert_eq!(watch.finding(Criterion::NoSecurityIncidents).0, Finding::Fail);
    assert_eq!(watch.finding(Criterion::NoCriticalErrors).0, Finding::Fail);
    assert!(watch.command(confirm(1)).is_err());
    watch.command(close(1)).unwrap();
    assert_eq!(watch.finding(Criterion::NoSecurityIncidents).0, Finding::Fail, "closing mends nothing");
}

#[test]
fn only_a_suspicion_is_judged() {
    let mut watch = Watch::new(ordinary());
    watch.hear(ContainerAction::Die).look();
    assert_eq!(watch.session.incidents[0].problem.issue, Issue::ContainerCrash);
    for command in [confirm(1), dismiss(1)] {
        let why = watch.command(command).unwrap_err().to_string();
        assert!(why.contains("no suspicion"), "{why}");
    }
    assert_eq!(watch.command(confirm(7)), Err(Refusal::NoIncident(7)));
    let nameless = Command::Dismiss { incident: 1, by: " ".into(), remark: "x".into() };
    assert!(watch.command(nameless).is_err());
}

#[test]
fn a_breach_behind_an_outage_of_the_nas_is_found_all_the_same() {
    use watchkeeper_core::reading::{FailureKind, Place};
    let mut watch = Watch::new(ordinary());
    for _ in 0..12 {
        watch.at = watch.at + Span::secs(30);
        for source in [Source::Inspect, Source::Health, Source::Live, Source::Api] {
            let gone =
                Answer::failure(source, None, Place::Nas, FailureKind::Timeout, "the NAS does not answer");
            let reading = Reading::at(watch.now(), gone);
            let record = reading.record().unwrap();
            watch.session.observe(&reading, &record);
        }
        watch.settle();
    }
    assert_eq!(watch.session.incidents[0].problem, Problem::new(Issue::FeatureFailure, "nas"));
    watch.hear(ContainerAction::Exec);
    for _ in 0..6 {
        watch.look();
    }
    assert_eq!(watch.breaches(), ["exec"]);
}

#[test]
fn older_journals_read_as_they_were_written() {
    let old = r#"{"utc":"2026-01-10T16:30:00Z","watch":1000,"source":"inspect","took_ms":1.5,"outcome":{"value":{"container":{"id":"x","name":"sms-app","image":"i","image_id":"sha256:1","status":"running","health":"healthy","started_at":null,"finished_at":null,"restart_count":0,"oom_killed":false,"exit_code":null}}}}"#;
    let event = r#"{"utc":"2026-01-10T16:30:00Z","watch":1000,"source":"events","took_ms":null,"outcome":{"value":{"event":{"at":"2026-01-10T16:30:00Z","action":{"other":"archive-path"},"id":"x","image":"i","exit_code":null}}}}"#;
    for text in [old, event] {
        let reading: Reading = serde_json::from_str(text).unwrap();
        assert_eq!(reading.record().unwrap(), text);
    }
    let fact = r#"{"container_changed":{"change":{"image_changed":{"from":"a","to":"b"}},"at":null,"seen":1,"reconstructed":false,"announced":false}}"#;
    let read: Fact = serde_json::from_str(fact).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), fact);
}
