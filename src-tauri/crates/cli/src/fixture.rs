//! Sessions for the tests: the simulated world watched in memory, in no time at all.

use chrono::{DateTime, Utc};
use watchkeeper_core::{
    chain::{self, Hash},
    event::{Deployment, Fact, Opening, Pace, Release},
    plan::Plan,
    reading::{Reading, Source},
    rules::Rules,
    session::{Effect, EvidenceRecord, Input, Session, decide, effects_of},
    time::{Moment, Span, WatchTime},
    view::View,
};
use watchkeeper_demo::{Scenario, World, answers};
use watchkeeper_engine::ports::Depth;

/// 2026-01-10 16:30 UTC.
pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_062_600, 0).unwrap()
}

/// The view of the scenario's day when `elapsed` of it has passed.
pub(crate) fn day(scenario: &str, elapsed: Span) -> View {
    let mut run = Run::new(scenario);
    run.to(WatchTime::START + elapsed);
    View::of(&run.session, run.now)
}

/// A view in which the container has just crashed and not come back.
pub(crate) fn crashed() -> View {
    let mut run = Run::new("crash");
    let mut at = WatchTime::START + Span::mins(40);
    while run.session.incidents.is_empty() {
        at = at + Span::secs(1);
        assert!(at < WatchTime::START + Span::mins(50), "the crash was not found");
        run.to(at);
    }
    View::of(&run.session, run.now)
}

struct Run {
    world: World,
    session: Session,
    now: Moment,
    asked: WatchTime,
    heard: Span,
}

impl Run {
    fn new(name: &str) -> Self {
        let scenario = Scenario::by_name(name).unwrap();
        let opening = Opening {
            session: "2026-01-10-1630-v1.15.1-demo".into(),
            deployment: Deployment {
                name: "Simulated NAS".into(),
                environment: "demo".into(),
                url: "http://127.0.0.1:8080/".into(),
                docker: "tcp://127.0.0.1:2375".into(),
                container: "sms-app".into(),
                front_end_container: None,
                database_container: None,
            },
            release: Release {
                version: "1.15.1".into(),
                previous: Some("1.14.3".into()),
                repository: None,
                previous_image: None,
                previous_schema: None,
            },
            owner: "your name".into(),
            plan: Plan::standard(),
            rules: Rules::default(),
            actions: watchkeeper_core::action::ActionRules::default(),
            pace: Pace::REAL,
            simulated: Some(scenario.title.to_string()),
            program: "watchkeeper test".into(),
        };
        let now = Moment { utc: start(), watch: WatchTime::START };
        let opened = chain::link(Hash::ZERO, 1, now, Fact::Opened(Box::new(opening))).unwrap();
        let session = Session::open(&opened).unwrap();
        let world = World::new(scenario, 1, start());
        let mut run = Self { world, session, now, asked: WatchTime::START, heard: Span::ZERO };
        run.round(Depth::Routine);
        run.settle();
        run
    }

    /// Lets time pass, second by second near the crash and round by round otherwise.
    fn to(&mut self, end: WatchTime) {
        while self.now.watch < end {
            let step = Span::secs(30).min(end - self.now.watch);
            self.now.watch = self.now.watch + step;
            self.now.utc = start() + self.now.watch.elapsed().to_chrono();
            self.events();
            if self.now.watch - self.asked >= Span::secs(30) {
                self.round(Depth::Routine);
            }
            self.settle();
        }
    }

    fn events(&mut self) {
        let t = self.now.watch.elapsed();
        for answer in answers(&self.world, Source::Events, Depth::Routine, self.heard, t) {
            self.observe(answer);
        }
        self.heard = t;
    }

    fn round(&mut self, depth: Depth) {
        let (since, t) = (self.asked.elapsed(), self.now.watch.elapsed());
        for source in Source::ALL.into_iter().filter(|s| *s != Source::Events) {
            for answer in answers(&self.world, source, depth, since, t) {
                self.observe(answer);
            }
        }
        self.asked = self.now.watch;
    }

    fn observe(&mut self, answer: watchkeeper_core::reading::Answer) {
        let reading = Reading::at(self.now, answer);
        let record = reading.record().unwrap();
        self.session.observe(&reading, &record);
    }

    fn settle(&mut self) {
        let mut inputs = vec![Input::Settle];
        while let Some(input) = inputs.pop() {
            let facts = decide(&self.session, &input, self.now).unwrap();
            if !facts.is_empty() && input == Input::Settle {
                inputs.push(Input::Settle);
            }
            for fact in facts {
                let event = chain::link(self.session.head, self.session.seq + 1, self.now, fact).unwrap();
                self.session.apply(&event);
                for effect in effects_of(&event, &self.session) {
                    match effect {
                        Effect::AskAll { check } => {
                            self.round(Depth::Checkpoint);
                            inputs.push(Input::Settle);
                            inputs.push(Input::CheckAnswered { check });
                        }
                        Effect::Testify { incident } => {
                            for kind in EvidenceRecord::KINDS {
                                let digest = Hash::of(kind.as_bytes());
                                let kind = kind.to_owned();
                                inputs.push(Input::EvidenceKept {
                                    incident,
                                    kind,
                                    digest,
                                    bytes: 4,
                                    failure: None,
                                });
                            }
                        }
                        Effect::Notify { notification } => {
                            inputs.push(Input::NotificationShown { notification, failure: None });
                        }
                        // Nobody acts on this deployment.
                        Effect::AskReadiness
                        | Effect::Act { .. }
                        | Effect::Undo { .. }
                        | Effect::Examine { .. } => {}
                    }
                }
            }
        }
    }
}
