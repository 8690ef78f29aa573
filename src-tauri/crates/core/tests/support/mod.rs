//! A session that is told what was seen and asked what follows, at one instant after the other.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    reason = "each test takes of it what it needs, and one that cannot go on fails"
)]

use chrono::DateTime;
use watchkeeper_core::{
    action::ActionRules,
    chain::{self, Hash},
    event::{Deployment, Fact, Opening, Pace, Release},
    plan::Plan,
    reading::{Answer, ContainerState, Reading},
    rules::Rules,
    session::{Effect, Input, Refusal, Session, decide, effects_of},
    time::{Moment, Span, WatchTime},
};

pub(crate) fn opening() -> Opening {
    Opening {
        session: "s".into(),
        deployment: Deployment {
            name: "NAS".into(),
            environment: "test".into(),
            url: "http://nas:8080/".into(),
            docker: "tcp://nas:2376".into(),
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
        owner: "the watch".into(),
        plan: Plan::standard(),
        rules: Rules::default(),
        actions: ActionRules::default(),
        pace: Pace::REAL,
        simulated: None,
        program: "test".into(),
    }
}

pub(crate) fn moment(at: Span) -> Moment {
    let utc = DateTime::from_timestamp(1_768_062_600, 0).unwrap() + at.to_chrono();
    Moment { utc, watch: WatchTime::START + at }
}

/// A container of this name that runs and is healthy.
pub(crate) fn container(name: &str) -> ContainerState {
    serde_json::from_value(serde_json::json!({
        "id": format!("35aa-{name}"), "name": name, "image": "sms:1.15.1", "image_id": "sha256:0ff4",
        "status": "running", "health": "healthy", "started_at": null,
        "finished_at": null, "restart_count": 0, "oom_killed": false, "exit_code": null,
    }))
    .unwrap()
}

pub(crate) struct Desk {
    pub(crate) session: Session,
    pub(crate) now: Moment,
    pub(crate) effects: Vec<Effect>,
}

impl Desk {
    pub(crate) fn open(opening: Opening) -> Self {
        let now = moment(Span::ZERO);
        let event = chain::link(Hash::ZERO, 1, now, Fact::Opened(Box::new(opening))).unwrap();
        Self { session: Session::open(&event).unwrap(), now, effects: Vec::new() }
    }

    pub(crate) fn see(&mut self, answer: Answer) {
        let reading = Reading::at(self.now, answer);
        let record = reading.record().unwrap();
        self.session.observe(&reading, &record);
    }

    pub(crate) fn take(&mut self, input: Input) -> Result<(), Refusal> {
        self.follow(&input).map(|_| ())
    }

    /// Lets follow what follows, until nothing does.
    pub(crate) fn settle(&mut self) {
        for _ in 0..50 {
            if self.follow(&Input::Settle).unwrap() == 0 {
                return;
            }
        }
        panic!("it never settles: {:#?}", self.session.log);
    }

    fn follow(&mut self, input: &Input) -> Result<usize, Refusal> {
        let facts = decide(&self.session, input, self.now)?;
        let count = facts.len();
        for fact in facts {
            let event = chain::link(self.session.head, self.session.seq + 1, self.now, fact).unwrap();
            self.session.apply(&event);
            self.effects.extend(effects_of(&event, &self.session));
        }
        Ok(count)
    }
}
