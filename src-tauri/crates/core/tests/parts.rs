//! The layout with three containers: each is watched, and the one that caused the trouble is named.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use support::{Desk, container, moment};
use watchkeeper_core::{
    action::{ActionKind, ActionRules, Policy},
    checklist::{Item, ItemOutcome},
    escalation::Step,
    event::{Deployment, Opening},
    log::LogReader,
    matrix::{Issue, Problem},
    part::Part,
    reading::{
        Answer, ContainerAction, ContainerEvent, ContainerHealth, ContainerStatus, FailureKind, HealthAnswer,
        HealthStatus, HttpAnswer, Place, Source, Usage, Value,
    },
    session::{CheckStatus, Command, Effect, Incident, IncidentState, Input, Refusal},
    time::Span,
    verdict::Finding,
    view::{RungState, View},
};

/// The whole deployment and what is wrong with it.
struct Deployed {
    desk: Desk,
    down: Vec<Part>,
    log: Vec<(Part, &'static str)>,
    memory_percent: [u64; 3],
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Application => "sms-backend-qnap",
        Part::FrontEnd => "sms-frontend-qnap",
        Part::Database => "sms-postgres-qnap",
    }
}

impl Deployed {
    fn with(actions: ActionRules) -> Self {
        let opening = support::opening();
        let deployment = Deployment {
            container: name(Part::Application).into(),
            front_end_container: Some(name(Part::FrontEnd).into()),
            database_container: Some(name(Part::Database).into()),
            ..opening.deployment
        };
        let desk = Desk::open(Opening { deployment, actions, ..opening });
        let mut it = Self { desk, down: Vec::new(), log: Vec::new(), memory_percent: [40; 3] };
        it.turns(4);
        it
    }

    fn new() -> Self {
        Self::with(ActionRules::default())
    }

    fn is_down(&self, part: Part) -> bool {
        self.down.contains(&part)
    }

    /// One turn of the cadence, as such a deployment answers: all requests pass through the front end, and the
    /// application says how its database is.
    fn turn(&mut self) {
        self.desk.now = moment(self.desk.now.watch.elapsed() + Span::secs(30));
        for (i, part) in Part::ALL.into_iter().enumerate() {
            let mut state = container(name(part));
            if self.is_down(part) {
                state.status = ContainerStatus::Exited;
                state.health = ContainerHealth::None;
                state.exit_code = Some(1);
            }
            self.see(part, Source::Inspect, Value::Container(Box::new(state)));
            let usage = Usage {
                cpu_percent: Some(8.0),
                online_cpus: 4,
                memory_bytes: self.memory_percent[i],
                memory_limit: Some(100),
            };
            if !self.is_down(part) {
                self.see(part, Source::Stats, Value::Usage(usage));
            }
            let mut reader = LogReader::default();
            for (_, line) in self.log.iter().filter(|(of, _)| *of == part) {
                reader.push(self.desk.now.utc, line);
            }
            reader.flush();
            self.see(part, Source::Logs, Value::Logs(reader.take()));
        }
        self.log.clear();
        for source in [Source::Page, Source::Asset, Source::Api, Source::Live] {
            let gone = if self.is_down(Part::FrontEnd) {
                Some(FailureKind::Refused)
            } else if matches!(source, Source::Api | Source::Live) && self.is_down(Part::Application) {
                Some(FailureKind::Status(502))
            } else if source == Source::Api && self.is_down(Part::Database) {
                Some(FailureKind::Status(500))
            } else {
                None
            };
            self.desk.see(match gone {
                None => Answer::value(source, 20.0, Value::Http(HttpAnswer { status: 200, bytes: 100 })),
                Some(kind) => Answer::failure(source, None, Place::Application, kind, format!("{kind:?}")),
            });
        }
        for source in [Source::Health, Source::Ready] {
            let ok = !self.is_down(Part::Database);
            self.desk.see(if self.is_down(Part::FrontEnd) {
                Answer::failure(source, None, Place::Application, FailureKind::Refused, "refused")
            } else if self.is_down(Part::Application) {
                Answer::failure(source, None, Place::Application, FailureKind::Status(502), "502")
            } else {
                Answer::value(source, 20.0, Value::Health(Box::new(health(ok))))
            });
        }
        self.desk.settle();
    }

    fn turns(&mut self, n: usize) {
        for _ in 0..n {
            self.turn();
        }
    }

    fn see(&mut self, part: Part, source: Source, value: Value) {
        self.desk.see(Answer::untimed(source, value).of(part));
    }

    fn dies(&mut self, part: Part) {
        self.hear(part, ContainerAction::Die);
        self.down.push(part);
        self.desk.settle();
    }

    fn hear(&mut self, part: Part, action: ContainerAction) {
        self.desk.now = moment(self.desk.now.watch.elapsed() + Span::secs(5));
        let event = ContainerEvent {
            at: self.desk.now.utc,
            action,
            id: container(name(part)).id,
            image: "sms:1.15.1".into(),
            exit_code: Some(1),
        };
        self.see(part, Source::Events, Value::Event(event));
    }

    /// Every piece of evidence of every incident is there.
    fn evidence(&mut self) {
        let lacking: Vec<u32> = self.incidents().filter(|i| i.lacks_evidence()).map(|i| i.id).collect();
        for incident in lacking {
            for kind in watchkeeper_core::session::EvidenceRecord::KINDS {
                let input = Input::EvidenceKept {
                    incident,
                    kind: kind.into(),
                    digest: watchkeeper_core::chain::Hash::of(kind.as_bytes()),
                    bytes: 1,
                    failure: None,
                };
                self.desk.take(input).unwrap();
            }
        }
        self.desk.settle();
    }

    fn incidents(&self) -> impl Iterator<Item = &Incident> {
        self.desk.session.incidents.iter()
    }

    fn running(&self) -> Vec<&str> {
        self.incidents().filter(|i| i.is_running()).map(|i| i.problem.subject.as_str()).collect()
    }

    fn view(&self) -> View {
        View::of(&self.desk.session, self.desk.now)
    }
}

fn health(ok: bool) -> HealthAnswer {
    HealthAnswer {
        http_status: if ok { 200 } else { 503 },
        status: if ok { HealthStatus::Healthy } else { HealthStatus::Unhealthy },
        version: Some("1.15.1".into()),
        uptime_seconds: None,
        database_ok: Some(ok),
        database_message: (!ok).then(|| "connection refused".into()),
        disk_percent: None,
        migrations_at_head: Some(true),
        migration_version: None,
        statistics: None,
    }
}

#[test]
fn the_container_that_caused_the_trouble_is_named_and_what_rests_on_it_is_silent() {
    // Which part goes first, which others go with it, and who is to blame.
    let rows: [(&[Part], Part); 6] = [
        (&[Part::Application], Part::Application),
        (&[Part::FrontEnd], Part::FrontEnd),
        (&[Part::Database], Part::Database),
        // An application without its database ends; a web server without the application does not start.
        (&[Part::Database, Part::Application], Part::Database),
        (&[Part::Application, Part::FrontEnd], Part::Application),
        (&[Part::Database, Part::Application, Part::FrontEnd], Part::Database),
    ];
    for (dying, culprit) in rows {
        let mut it = Deployed::new();
        assert_eq!(it.incidents().count(), 0, "{:#?}", it.desk.session.incidents);
        for part in dying {
            it.dies(*part);
            it.turns(1);
        }
        it.turns(8);
        assert_eq!(
            it.running(),
            [Problem::container(culprit).subject],
            "{dying:?}: {:#?}",
            it.desk.session.log
        );
        let incident = it.incidents().find(|i| i.is_running()).unwrap();
        assert_eq!(incident.problem.issue, Issue::ContainerCrash);
        let told = format!("{} crashed (exit code 1)", name(culprit));
        assert!(incident.detail.starts_with(&told), "{}", incident.detail);
        assert_eq!(it.desk.session.part_to_restart(incident), culprit);

        let view = it.view();
        let rung = view.ladder.iter().find(|r| r.place == Place::Container).unwrap();
        assert_eq!(rung.state, RungState::Bad);
        for part in Part::ALL {
            let named = rung.detail.contains(name(part));
            assert_eq!(named, dying.contains(&part), "{dying:?}: {}", rung.detail);
        }
        let uptime = &view.baselines[0];
        assert_eq!(uptime.finding, Finding::Fail);
        assert!(uptime.current.contains(name(culprit)), "{}", uptime.current);
        assert_eq!(
            view.beside.iter().filter(|b| !b.up).count(),
            dying.len() - usize::from(dying.contains(&Part::Application))
        );

        // And when it runs again, all is well again.
        it.down.clear();
        it.turns(12);
        assert_eq!(it.running(), Vec::<&str>::new(), "{dying:?}: {:#?}", it.desk.session.log);
        assert!(it.incidents().all(|i| i.state != IncidentState::Open), "{dying:?}");
    }
}

#[test]
fn a_restart_is_of_the_container_that_the_incident_lies_with() {
    let auto = ActionRules { restart: Policy::Auto, roll_back: Policy::Auto, ..ActionRules::default() };
    for part in Part::ALL {
        // By the watch itself.
        let mut it = Deployed::with(auto.clone());
        it.dies(part);
        it.turns(1);
        it.evidence();
        it.turns(4);
        let order = &it
            .desk
            .session
            .actions
            .first()
            .unwrap_or_else(|| panic!("{part:?}: {:#?}", it.desk.session.log))
            .order;
        assert_eq!((order.kind, order.part), (ActionKind::Restart, part));
        assert!(it.desk.effects.contains(&Effect::Act { action: 1 }));

        // By a person, because of the incident, and of another container on their word.
        for (asked, meant) in [(None, part), (Some(Part::Database), Part::Database)] {
            let mut it = Deployed::new();
            it.dies(part);
            it.turns(1);
            it.evidence();
            let restart = Command::Restart {
                part: asked,
                incident: Some(1),
                by: "me".into(),
                reason: "it ended".into(),
            };
            it.desk.take(Input::Command(restart)).unwrap();
            assert_eq!(it.desk.session.actions[0].order.part, meant);
        }

        // No other version of the application brings a database or a web server back.
        let rolls_back = Step::RollBack.applies_to(&Problem::container(part));
        assert_eq!(rolls_back, part.is_application());
    }
    let mut alone = Desk::open(support::opening());
    alone.see(Answer::untimed(Source::Inspect, Value::Container(Box::new(container("sms-app")))));
    let restart = |part| {
        Input::Command(Command::Restart { part, incident: None, by: "me".into(), reason: "it hangs".into() })
    };
    let refused = alone.take(restart(Some(Part::Database)));
    assert_eq!(refused, Err(Refusal::NoContainer { part: "the database" }));
    alone.take(restart(None)).unwrap();
}

#[test]
fn what_the_watch_does_to_one_container_excuses_no_other() {
    for (acted_on, expected) in [(Part::FrontEnd, 0), (Part::Database, 1)] {
        let mut it = Deployed::new();
        let restart = Command::Restart {
            part: Some(acted_on),
            incident: None,
            by: "me".into(),
            reason: "a new certificate".into(),
        };
        it.desk.take(Input::Command(restart)).unwrap();
        it.hear(Part::FrontEnd, ContainerAction::Kill(Some("15".into())));
        it.dies(Part::FrontEnd);
        it.turns(3);
        let crashes = it.incidents().filter(|i| i.problem.issue == Issue::ContainerCrash).count();
        assert_eq!(crashes, expected, "{acted_on:?}: {:#?}", it.desk.session.log);
    }
}

#[test]
fn each_container_has_its_own_log_and_its_own_use_of_the_machine() {
    let mut it = Deployed::new();
    it.memory_percent[2] = 95;
    it.turns(6);
    assert_eq!(it.running(), ["database memory"], "and its use of capacity is the same trouble");
    let detail = &it.incidents().find(|i| i.is_running()).unwrap().detail;
    assert!(detail.starts_with("sms-postgres-qnap: memory at 95.0 % of its limit"), "{detail}");
    let memory = &it.view().baselines[3];
    assert!(memory.note.contains("sms-postgres-qnap: 0 MiB, 95 % of limit"), "{}", memory.note);

    let mut it = Deployed::new();
    let line = "2026-11-23 04:25:51.418 UTC [71] ERROR:  deadlock detected";
    it.log = vec![(Part::Database, line); 40];
    it.turns(2);
    assert_eq!(it.running(), ["database log"]);
    let view = it.view();
    assert!(view.patterns.iter().any(|p| p.part == Part::Database && p.text.contains("deadlock")));
    assert!(view.baselines[7].current.starts_with("40"), "{:?}", view.baselines[7]);
}

#[test]
fn a_checkpoint_looks_at_every_container() {
    for down in [None, Some(Part::FrontEnd), Some(Part::Database)] {
        let mut it = Deployed::new();
        if let Some(part) = down {
            it.down.push(part);
            it.turns(2);
        }
        // The first one of the plan has begun by now.
        let check =
            it.desk.session.checks.iter().find(|c| c.status == CheckStatus::Running).unwrap().id.clone();
        it.desk.take(Input::CheckAnswered { check: check.clone() }).unwrap();
        let items = it.desk.session.check(&check).unwrap().items();
        let running = items.iter().find(|i| i.item == Item::ContainerDeployed);
        let running = running.unwrap_or_else(|| panic!("{items:#?}"));
        assert_eq!(running.outcome == ItemOutcome::Failed, down.is_some(), "{down:?}: {}", running.evidence);
        for part in Part::ALL.into_iter().filter(|part| down.is_none_or(|d| d == *part)) {
            assert!(running.evidence.contains(name(part)), "{down:?}: {}", running.evidence);
        }
    }
}

#[test]
fn readings_of_the_application_are_written_as_they_always_were() {
    let text = |part| {
        let http = Value::Http(HttpAnswer { status: 200, bytes: 1 });
        serde_json::to_string(&Answer::untimed(Source::Api, http).of(part)).unwrap()
    };
    assert!(!text(Part::Application).contains("part"));
    assert!(text(Part::Database).starts_with(r#"{"part":"database","source":"api""#));
}
