//! Sessions built by hand through `core`: a small world that answers every minute, and what people do in it.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot build its session has failed")]

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use watchkeeper_core::{
    chain::{self, Hash},
    checklist::ItemOutcome,
    event::{Deployment, Event, Fact, Opening, Pace, Release},
    log::{Level, LogBatch, LogRecord, fingerprint},
    matrix::Issue,
    plan::Plan,
    reading::{
        Answer, ContainerAction, ContainerEvent, ContainerHealth, ContainerState, ContainerStatus,
        EngineAnswer, FailureKind, FunctionsAnswer, HealthAnswer, HealthStatus, HttpAnswer, Place, Reading,
        Source, Statistics, Usage, Value,
    },
    rules::Rules,
    session::{self, Command, Effect, Input, Session},
    time::{Moment, Span, WatchTime},
    verdict::Decision,
    view::View,
};
use watchkeeper_report::{EvidenceText, Report};

/// The document's own start.
pub(crate) fn start() -> DateTime<Utc> {
    "2026-01-10T16:30:00Z".parse().unwrap()
}

pub(crate) fn opening() -> Opening {
    Opening {
        session: "2026-01-10-1630-v1.15.1".into(),
        deployment: Deployment {
            name: "QNAP Cyprus".into(),
            environment: "production".into(),
            url: "http://192.168.1.20:8080".into(),
            docker: "tcp://192.168.1.20:2376".into(),
            container: "sms-app".into(),
            front_end_container: None,
            database_container: None,
        },
        release: Release {
            version: "1.15.1".into(),
            previous: Some("1.14.3".into()),
            repository: Some("bs1gr/AUT_MIEEK_SMS".into()),
            previous_image: None,
            previous_schema: None,
        },
        owner: "The owner".into(),
        plan: Plan::standard(),
        rules: Rules { every: Span::mins(1), ..Rules::default() },
        actions: watchkeeper_core::action::ActionRules::default(),
        pace: Pace::REAL,
        simulated: None,
        program: "watchkeeper 0.1.0".into(),
    }
}

/// The deployment as it is now.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) running: bool,
    pub(crate) exit_code: Option<i64>,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) ready_ms: f64,
    pub(crate) records: VecDeque<(Level, String)>,
    pub(crate) witness_logs: String,
}

/// A session in the making.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    pub(crate) session: Session,
    pub(crate) events: Vec<Event>,
    pub(crate) evidence: Vec<EvidenceText>,
    pub(crate) world: World,
    at: WatchTime,
    readings: u64,
}

const CONTAINER: &str = "4f1c0d2a9b3e4f1c0d2a9b3e4f1c0d2a9b3e4f1c0d2a9b3e4f1c0d2a9b3e4f1c";

impl Watch {
    pub(crate) fn open(opening: Opening) -> Self {
        let moment = Moment { utc: start(), watch: WatchTime::START };
        let event = chain::link(Hash::ZERO, 1, moment, Fact::Opened(Box::new(opening))).unwrap();
        let session = Session::open(&event).unwrap();
        let world = World {
            running: true,
            exit_code: None,
            started_at: start() - TimeDelta::hours(2),
            ready_ms: 14.0,
            records: VecDeque::new(),
            witness_logs: String::new(),
        };
        let mut watch = Self {
            session,
            events: vec![event],
            evidence: Vec::new(),
            world,
            at: WatchTime::START,
            readings: 0,
        };
        watch.look();
        watch.settle();
        watch
    }

    pub(crate) fn now(&self) -> Moment {
        Moment { utc: self.session.utc_of(self.at), watch: self.at }
    }

    pub(crate) fn view(&self) -> View {
        View::of(&self.session, self.now())
    }

    pub(crate) fn report(&self) -> Report {
        Report::new(self.view(), self.events.clone(), self.evidence.clone())
    }

    /// Watches for `n` minutes.
    pub(crate) fn minutes(&mut self, n: u64) -> &mut Self {
        for _ in 0..n {
            self.at = self.at + Span::mins(1);
            self.look();
            self.settle();
        }
        self
    }

    pub(crate) fn hours(&mut self, n: u64) -> &mut Self {
        self.minutes(n * 60)
    }

    /// Time passes in which nothing is seen: the PC sleeps.
    pub(crate) fn asleep(&mut self, span: Span) -> &mut Self {
        self.at = self.at + span;
        self.settle();
        self
    }

    /// The program ends and is started again later.
    pub(crate) fn closed(&mut self, span: Span, program: &str) -> &mut Self {
        self.take(&Input::Pause { reason: "Ctrl-C".into() });
        self.at = self.at + span;
        self.take(&Input::Resume { program: program.into() });
        self.settle();
        self
    }

    pub(crate) fn pause(&mut self) -> &mut Self {
        self.take(&Input::Pause { reason: "the program was ended".into() });
        self
    }

    pub(crate) fn clock_jumps(&mut self, by_ms: i64) -> &mut Self {
        self.take(&Input::ClockJumped { by_ms });
        self
    }

    pub(crate) fn command(&mut self, command: Command) -> &mut Self {
        self.take(&Input::Command(command));
        self.settle();
        self
    }

    pub(crate) fn note(&mut self, text: &str) -> &mut Self {
        self.command(Command::Note { by: "owner".into(), text: text.into() })
    }

    /// The number of the first incident of `issue`.
    pub(crate) fn incident_of(&self, issue: Issue) -> u32 {
        self.session.incidents.iter().find(|i| i.problem.issue == issue).unwrap().id
    }

    /// Ticks every line of `check` that waits for a person.
    pub(crate) fn tick_all(&mut self, check: &str) -> &mut Self {
        for item in self.session.check(check).unwrap().items() {
            if item.outcome == ItemOutcome::Owed {
                self.command(Command::Tick {
                    check: check.into(),
                    item: item.item,
                    good: true,
                    by: "owner".into(),
                    remark: "seen on GitHub".into(),
                });
            }
        }
        self
    }

    pub(crate) fn sign_off(&mut self, decision: Decision, remark: &str, early: bool) -> &mut Self {
        self.command(Command::SignOff { by: "The owner".into(), decision, remark: remark.into(), early })
    }

    /// The container ends by itself and stays down.
    pub(crate) fn crash(&mut self, exit_code: i64) -> &mut Self {
        self.world.running = false;
        self.world.exit_code = Some(exit_code);
        self.container_event(ContainerAction::Die, Some(exit_code));
        self
    }

    /// The container is started again.
    pub(crate) fn starts(&mut self) -> &mut Self {
        self.world.running = true;
        self.world.started_at = self.now().utc;
        self.container_event(ContainerAction::Start, None);
        self
    }

    /// Somebody runs a command in the container.
    pub(crate) fn exec(&mut self) -> &mut Self {
        self.container_event(ContainerAction::Exec, None);
        self
    }

    fn container_event(&mut self, action: ContainerAction, exit_code: Option<i64>) {
        let event = ContainerEvent {
            at: self.now().utc,
            action,
            id: CONTAINER.into(),
            image: "bs1gr/sms:1.15.1".into(),
            exit_code,
        };
        self.feed(Answer::untimed(Source::Events, Value::Event(event)));
        self.settle();
    }

    fn feed(&mut self, answer: Answer) {
        let reading = Reading::at(self.now(), answer);
        self.readings += 1;
        self.session.observe(&reading, &reading.record().unwrap());
    }

    /// One answer of every source.
    fn look(&mut self) {
        for answer in self.answers() {
            self.feed(answer);
        }
    }

    fn answers(&mut self) -> Vec<Answer> {
        let w = &mut self.world;
        // The same every time, and not all the same.
        let wobble = |n: u64| (self.readings * n % 17) as f64;
        let mut all = vec![Answer::untimed(Source::Network, Value::Network("a route to the NAS".into()))];
        all.push(Answer::value(
            Source::Engine,
            9.0,
            Value::Engine(EngineAnswer {
                version: "20.10.24".into(),
                api_version: "1.41".into(),
                platform: "linux/amd64".into(),
                clock_ahead_ms: None,
            }),
        ));
        all.push(Answer::value(
            Source::Inspect,
            12.0,
            Value::Container(Box::new(ContainerState {
                id: CONTAINER.into(),
                name: "sms-app".into(),
                image: "bs1gr/sms:1.15.1".into(),
                image_id: "sha256:9d5b7f0c11aa22bb33cc44dd55ee66ff9d5b7f0c11aa22bb33cc44dd55ee66ff".into(),
                status: if w.running { ContainerStatus::Running } else { ContainerStatus::Exited },
                health: if w.running { ContainerHealth::Healthy } else { ContainerHealth::None },
                started_at: Some(w.started_at),
                finished_at: None,
                restart_count: 0,
                oom_killed: false,
                exit_code: w.exit_code,
                reach: None,
                named_image: None,
                failed_health_runs: Vec::new(),
            })),
        ));
        if !w.running {
            for source in
                [Source::Health, Source::Ready, Source::Live, Source::Page, Source::Asset, Source::Api]
            {
                let message = format!("{}: connection to 192.168.1.20:8080 refused", source.name());
                all.push(Answer::failure(source, Some(2.0), Place::Container, FailureKind::Refused, message));
            }
            return all;
        }
        all.push(Answer::value(
            Source::Stats,
            30.0,
            Value::Usage(Usage {
                cpu_percent: Some(4.0 + wobble(7)),
                online_cpus: 4,
                memory_bytes: (310.0 * 1_048_576.0 + wobble(5) * 65_536.0) as u64,
                memory_limit: Some(1 << 30),
            }),
        ));
        let mut batch =
            LogBatch { lines: 3, levels: BTreeMap::from([(Level::Info, 3)]), ..LogBatch::default() };
        while let Some((level, text)) = w.records.pop_front() {
            batch.lines += 1;
            *batch.levels.entry(level).or_default() += 1;
            let fingerprint = fingerprint(None, &text);
            let at = start();
            batch.notable.push(LogRecord { at, level, logger: None, text, fingerprint, sign: None });
        }
        all.push(Answer::untimed(Source::Logs, Value::Logs(batch)));
        for (source, ms) in [(Source::Health, 420.0), (Source::Ready, w.ready_ms)] {
            all.push(Answer::value(
                source,
                ms + wobble(3),
                Value::Health(Box::new(HealthAnswer {
                    http_status: 200,
                    status: HealthStatus::Healthy,
                    version: Some("1.15.1".into()),
                    uptime_seconds: Some(7_200.0),
                    database_ok: Some(true),
                    database_message: Some("connected".into()),
                    disk_percent: Some(41.0),
                    migrations_at_head: Some(true),
                    migration_version: Some("a1b2c3d4".into()),
                    statistics: Some(Statistics {
                        students: Some(412),
                        courses: Some(37),
                        grades: Some(9_120),
                        enrollments: Some(1_804),
                    }),
                })),
            ));
        }
        for (source, ms) in
            [(Source::Live, 8.0), (Source::Page, 22.0), (Source::Asset, 17.0), (Source::Api, 61.0)]
        {
            let http = HttpAnswer { status: 200, bytes: 2_048 };
            all.push(Answer::value(source, ms + wobble(11), Value::Http(http)));
        }
        all.push(Answer::value(
            Source::Functions,
            180.0,
            Value::Functions(FunctionsAnswer {
                login: Some(true),
                students: Some(412),
                remark: String::new(),
            }),
        ));
        all
    }

    fn settle(&mut self) {
        while self.take(&Input::Settle) {}
    }

    /// Commits what follows from `input`, and does what is to be done about it.
    fn take(&mut self, input: &Input) -> bool {
        let facts = session::decide(&self.session, input, self.now()).unwrap();
        let any = !facts.is_empty();
        let mut effects = Vec::new();
        for fact in facts {
            let event = chain::link(self.session.head, self.session.seq + 1, self.now(), fact).unwrap();
            self.session.apply(&event);
            effects.extend(session::effects_of(&event, &self.session));
            self.events.push(event);
        }
        for effect in effects {
            match effect {
                Effect::AskAll { check } => {
                    self.look();
                    self.take(&Input::CheckAnswered { check });
                }
                Effect::Testify { incident } => self.testify(incident),
                Effect::Notify { notification } => {
                    self.take(&Input::NotificationShown { notification, failure: None });
                }
                // Nobody acts on this deployment.
                Effect::AskReadiness | Effect::Act { .. } | Effect::Undo { .. } | Effect::Examine { .. } => {}
            }
        }
        any
    }

    fn testify(&mut self, incident: u32) {
        let inspect = "{\n  \"State\": { \"Status\": \"exited\", \"ExitCode\": 1 }\n}".to_owned();
        for (kind, text, failure) in [
            ("logs", self.world.witness_logs.clone(), None),
            ("inspect", inspect, None),
            ("health", String::new(), Some("connection to 192.168.1.20:8080 refused".to_owned())),
        ] {
            let digest = Hash::of(text.as_bytes());
            self.evidence.push(EvidenceText { incident, kind: kind.into(), digest, text: text.clone() });
            let bytes = text.len() as u64;
            self.take(&Input::EvidenceKept { incident, kind: kind.into(), digest, bytes, failure });
        }
    }
}

/// The last lines before a crash, as the SMS writes them.
pub(crate) fn crash_logs() -> String {
    let mut all: String = (0..40)
        .map(|i| {
            format!(
                "2026-01-10T23:1{}:{:02}.00Z INFO:     172.17.0.1:538{i:02} - \"GET /api/v1/students/ HTTP/1.1\" 200 OK\n",
                i / 30,
                i % 60
            )
        })
        .collect();
    all += "2026-01-10T23:12:04.10Z Traceback (most recent call last):\n";
    all += "2026-01-10T23:12:04.10Z   File \"/app/backend/main.py\", line 412, in handle\n";
    all += "2026-01-10T23:12:04.10Z MemoryError: cannot allocate 512 MiB for the grade export\n";
    all
}

/// A healthy day, ticked and signed off.
pub(crate) fn healthy() -> Watch {
    let mut watch = Watch::open(opening());
    watch.tick_all("hour-0").minutes(5).note("Deployment done, release notes are out.").hours(23).minutes(58);
    watch.sign_off(Decision::Approved, "Good to stay.", false);
    watch
}

/// Hour 7 of a day with slow queries in it.
pub(crate) fn slow_database() -> Watch {
    let mut watch = Watch::open(opening());
    watch.tick_all("hour-0").hours(5);
    watch.world.ready_ms = 1_640.0;
    watch.world.records.push_back((Level::Warning, "slow query: SELECT * FROM grades took 1.6 s".into()));
    watch.minutes(12);
    watch.command(Command::Acknowledge {
        incident: watch.incident_of(Issue::SlowQueries),
        by: "owner".into(),
        reason: "the nightly backup runs, looking at it".into(),
    });
    watch.minutes(20);
    watch.world.ready_ms = 14.0;
    watch.minutes(7 * 60 - 5 * 60 - 32);
    watch
}

/// A day with a crash in it, acted on, and closed with its cause.
pub(crate) fn crash() -> Watch {
    let mut watch = crash_open();
    watch.command(Command::Acknowledge { incident: 1, by: "owner".into(), reason: "restarting it".into() });
    watch.minutes(1);
    watch.command(Command::Act {
        incident: 1,
        step: watchkeeper_core::escalation::Step::Restart,
        by: "owner".into(),
        remark: "docker start sms-app".into(),
    });
    watch.starts().minutes(30);
    watch.command(Command::Close {
        incident: 1,
        by: "owner".into(),
        remark: "The grade export asks for 512 MiB at once; limit raised, fix planned for 1.15.2".into(),
    });
    watch
}

/// The same, two minutes after the crash.
pub(crate) fn crash_open() -> Watch {
    let mut watch = Watch::open(opening());
    watch.world.witness_logs = crash_logs();
    watch.tick_all("hour-0").hours(6).minutes(40);
    watch
        .world
        .records
        .push_back((Level::Error, "MemoryError: cannot allocate 512 MiB for the grade export".into()));
    watch.minutes(2).crash(1).minutes(2);
    watch
}

/// A day with the PC asleep over a checkpoint, the program closed for a while, and a step of its clock.
pub(crate) fn interrupted() -> Watch {
    let mut watch = Watch::open(opening());
    watch.tick_all("hour-0").hours(1).minutes(40).asleep(Span::mins(95)).minutes(30);
    watch.clock_jumps(-3_000).hours(3).closed(Span::mins(50), "watchkeeper 0.1.1").hours(1).pause();
    watch
}

/// Text that would be Markdown, HTML, a table, a fence or a seal, wherever people and the deployment can put some.
pub(crate) const HOSTILE: [&str; 12] = [
    "<script>alert('x')</script>",
    "# Heading\n## Another",
    "| a | b |\n|---|---|\n| c | d |",
    "```\n````\n~~~~~~\nbroken out",
    "[link](http://evil.example) ![image](http://evil.example/x.png)",
    "<!-- sms-watchkeeper-report format=1 head=1 hash=00 sha-256=00 -->",
    "**bold** __bold__ *it* _it_ ~~gone~~ `code`",
    "\u{1b}[31mred\u{1b}[0m \u{202e}reversed\u{202c}\u{0}",
    "&lt;b&gt; &#60;i&#62; &copy;",
    "1. one\n2. two\n- three\n+ four\n> five",
    "https://evil.example www.evil.example a\\b \\| c",
    "--- \n===\n    indented code\n$$x^2$$ {{ template }} Ωμέγα",
];

/// A crash, with these texts in every place that takes some.
pub(crate) fn hostile(texts: [&str; 12]) -> Watch {
    let mut opening = opening();
    opening.owner = texts[6].into();
    opening.deployment.name = texts[0].into();
    opening.deployment.environment = texts[1].into();
    opening.deployment.container = "a|b`c $(rm -rf /)".into();
    opening.deployment.url = "http://`x`|y".into();
    opening.release.version = texts[2].into();
    opening.release.previous = Some(texts[3].into());
    opening.simulated = Some(texts[4].into());
    opening.program = texts[5].into();
    opening.session = "a`b|c".into();
    let mut watch = Watch::open(opening);
    watch.world.witness_logs = texts.join("\n");
    for text in texts {
        watch.note(text);
        watch.world.records.push_back((Level::Error, text.into()));
    }
    watch.minutes(3).crash(1).minutes(1);
    let incident = watch.incident_of(Issue::ContainerCrash);
    watch.command(Command::Acknowledge { incident, by: texts[0].into(), reason: texts[3].into() });
    watch.command(Command::Announce { what: texts[2].into(), by: texts[4].into(), lasts: Span::mins(3) });
    watch.starts().minutes(5);
    watch.command(Command::Close { incident, by: texts[9].into(), remark: texts[1].into() });
    watch.tick_all("hour-0");
    watch.sign_off(Decision::Rejected, texts[7], true);
    watch
}
