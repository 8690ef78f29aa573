//! A whole day of the watch in virtual time, with faults in the world and faults in the watch itself.
//!
//! Everything random comes from one seed: the same seed gives the same day.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use watchkeeper_core::{
    action::{ActionKind, ActionRules, HalfDone, Policy, Stage},
    chain::{self, Hash},
    event::{Deployment, Event, Fact, Opening, Pace, Release},
    part::Part,
    plan::Plan,
    reading::{Failure, FailureKind, Outcome, Place, Reading, Source, Value},
    rules::Rules,
    session::{ActionState, Command, Effect, Input, Session, decide, effects_of},
    time::{Moment, Span, WatchTime},
};
use watchkeeper_demo::{Fault, FaultKind, Layout, Scenario, World, answers_of, world::OF_A_CONTAINER};
use watchkeeper_engine::ports::Depth;

/// The instant at which every simulated day begins.
pub fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_062_600, 0).unwrap_or_default()
}

/// One end of the watch.
#[derive(Debug, Clone, Copy)]
pub struct Kill {
    /// How long until it is started again.
    pub away: Span,
    /// Whether it dies before what it was about to write is written, or after.
    pub before: bool,
    /// How many of the readings since the last event the power cut takes along; `kill -9` alone takes none.
    pub lost: usize,
}

/// What one seed brings.
#[derive(Debug, Clone)]
pub struct Script {
    /// The seed.
    pub seed: u64,
    /// In how many containers the deployment runs.
    pub layout: Layout,
    /// What goes wrong at the deployment or on the way to it.
    pub faults: Vec<Fault>,
    /// When the PC sleeps, and for how long.
    pub sleeps: Vec<(Span, Span)>,
    /// When the PC's clock steps, and by how many milliseconds.
    pub jumps: Vec<(Span, i64)>,
    /// At which writes to the journal the watch is killed, how, and for how long it stays away.
    pub kills: BTreeMap<u64, Kill>,
    /// The cadence.
    pub every: Span,
    /// What the watch may do by itself.
    pub actions: ActionRules,
}

impl Script {
    /// The script that `seed` writes.
    pub fn of(seed: u64) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let every = Span::secs([30, 60, 120][rng.random_range(0..3_usize)]);
        let minutes = |rng: &mut StdRng, from: u64, to: u64| Span::mins(rng.random_range(from..=to));
        let layout = if seed % 3 == 1 { Layout::Three } else { Layout::One };
        let (beside, own): (Vec<_>, Vec<_>) = FaultKind::EXAMPLES.into_iter().partition(|k| k.is_beside());
        let mut faults = Vec::new();
        let mut at = Span::mins(20);
        // One fault after the other, with room to recover in between, so that each can be held against the record.
        for _ in 0..rng.random_range(0..=3_u32) {
            at = at + minutes(&mut rng, 10, 240);
            let kinds = if layout == Layout::Three && rng.random_bool(0.3) { &beside } else { &own };
            let kind = seen_within_a_day(kinds[rng.random_range(0..kinds.len())]);
            let lasts = duration(kind, minutes(&mut rng, 25, 50), every);
            if at + lasts + Span::mins(90) > Span::hours(23) {
                break;
            }
            faults.push(Fault::new(kind, at, lasts));
            at = at + lasts + Span::mins(90);
        }
        let sleeps = (0..rng.random_range(0..=2_u32))
            .map(|_| (minutes(&mut rng, 5, 1_380), minutes(&mut rng, 1, 90)))
            .collect();
        let jumps = (0..rng.random_range(0..=2_u32))
            .map(|_| (minutes(&mut rng, 5, 1_430), rng.random_range(-3_600_000..=3_600_000_i64)))
            .collect();
        let kills = (0..rng.random_range(0..=3_u32))
            .map(|_| {
                let kill = Kill {
                    away: Span::secs(rng.random_range(1..900)),
                    before: rng.random_bool(0.5),
                    lost: if rng.random_bool(0.5) { rng.random_range(1..200) } else { 0 },
                };
                (rng.random_range(1..36_000_u64), kill)
            })
            .collect();
        let policy = |rng: &mut StdRng| [Policy::Ask, Policy::Auto][rng.random_range(0..2_usize)];
        let actions =
            ActionRules { restart: policy(&mut rng), roll_back: policy(&mut rng), ..ActionRules::default() };
        Self { seed, layout, faults, sleeps, jumps, kills, every, actions }
    }

    /// A day on which neither the deployment nor the watch has any trouble.
    pub fn quiet(seed: u64) -> Self {
        Self {
            faults: Vec::new(),
            sleeps: Vec::new(),
            jumps: Vec::new(),
            kills: BTreeMap::new(),
            ..Self::of(seed)
        }
    }
}

/// `kind` in a strength that shows within its time. The examples grow over days.
fn seen_within_a_day(kind: FaultKind) -> FaultKind {
    match kind {
        FaultKind::MemoryLeak { .. } => FaultKind::MemoryLeak { mib_per_hour: 900.0 },
        FaultKind::DiskFilling { .. } => FaultKind::DiskFilling { percent_per_hour: 100.0 },
        other => other,
    }
}

/// How long a fault of `kind` is there; what happens in an instant is as long as its way back.
fn duration(kind: FaultKind, lasts: Span, every: Span) -> Span {
    match kind {
        FaultKind::ContainerCrash { .. } | FaultKind::OomKill => Span::secs(8),
        // Some come back at once, and some stay away.
        kind if kind.is_beside() && lasts.as_millis().is_multiple_of(120_000) => Span::secs(8),
        FaultKind::OperatorRestart => Span::secs(2),
        FaultKind::ContainerRecreated | FaultKind::ImageSwapped => Span::secs(4),
        FaultKind::OneTimeout { .. } => every,
        // Looked for at checkpoints only, which are four hours apart.
        FaultKind::LoginBroken => Span::hours(5),
        FaultKind::MemoryLeak { .. } | FaultKind::DiskFilling { .. } => Span::mins(40),
        // A fifth of the requests have to fail among the last twenty.
        FaultKind::FlakyEndpoint { .. } => lasts.max(every.times(30)),
        _ => lasts,
    }
}

/// What became of a day.
#[derive(Debug)]
pub struct Day {
    /// What was to happen.
    pub script: Script,
    /// The session at its end.
    pub session: Session,
    /// The journal's events.
    pub events: Vec<Event>,
    /// How many readings there were.
    pub readings: usize,
    /// How often each notification was shown, by incident and title.
    pub shown: BTreeMap<(Option<u32>, String), u32>,
    /// When the watch did not see, by its own doing: asleep or killed.
    pub unseen: Vec<(WatchTime, WatchTime)>,
    /// How often the watch was killed.
    pub killed: u32,
    /// What was asked of the operator, in order: the action, and whether it was to be undone.
    pub done: Vec<(u32, bool)>,
}

struct Run {
    script: Script,
    world: World,
    session: Session,
    events: Vec<Event>,
    readings: Vec<(u64, Reading, String)>,
    shown: BTreeMap<(Option<u32>, String), u32>,
    now: Moment,
    step: TimeDelta,
    writes: u64,
    away: Option<Kill>,
    unseen: Vec<(WatchTime, WatchTime)>,
    killed: u32,
    done: Vec<(u32, bool)>,
    /// Up to when the log of each container was read.
    read: BTreeMap<Part, Span>,
    heard: Span,
}

/// Lives through the day of `script`.
///
/// # Panics
/// Where the session that is folded anew differs from the one that was lost.
pub fn live(script: Script) -> Day {
    let scenario = Scenario::of("seeded", script.faults.clone()).in_layout(script.layout);
    let world = World::new(scenario, script.seed, start());
    let now = Moment { utc: start(), watch: WatchTime::START };
    let rules = Rules { every: script.every, ..Rules::default() };
    let opening = Opening { actions: script.actions.clone(), ..opening_in(script.layout, rules) };
    let event = link(Hash::ZERO, 1, now, Fact::Opened(Box::new(opening)));
    let mut run = Run {
        session: opened(&event),
        events: vec![event],
        readings: Vec::new(),
        shown: BTreeMap::new(),
        now,
        step: TimeDelta::zero(),
        writes: 0,
        away: None,
        unseen: Vec::new(),
        killed: 0,
        done: Vec::new(),
        read: BTreeMap::new(),
        heard: Span::ZERO,
        script,
        world,
    };
    run.day();
    run.refold();
    Day {
        readings: run.readings.len(),
        script: run.script,
        session: run.session,
        events: run.events,
        shown: run.shown,
        unseen: run.unseen,
        killed: run.killed,
        done: run.done,
    }
}

/// What a simulated session of a deployment with one container is opened with.
pub fn opening(rules: Rules) -> Opening {
    opening_in(Layout::One, rules)
}

/// The same of a deployment in `layout`.
pub fn opening_in(layout: Layout, rules: Rules) -> Opening {
    let beside = |part| layout.name_of(part).map(Into::into);
    Opening {
        session: "simulated".into(),
        deployment: Deployment {
            name: "Demo".into(),
            environment: "simulation".into(),
            url: "http://127.0.0.1:8080".into(),
            docker: "in memory".into(),
            container: layout.application().into(),
            front_end_container: beside(Part::FrontEnd),
            database_container: beside(Part::Database),
        },
        release: Release {
            version: "1.15.1".into(),
            previous: Some("1.14.3".into()),
            repository: None,
            previous_image: None,
            previous_schema: Some(watchkeeper_demo::world::SCHEMA.into()),
        },
        owner: "the watch".into(),
        plan: Plan::standard(),
        rules,
        actions: watchkeeper_core::action::ActionRules::default(),
        pace: Pace::REAL,
        simulated: Some("a seeded day".into()),
        program: "watchkeeper".into(),
    }
}

fn opened(event: &Event) -> Session {
    Session::open(event).unwrap_or_else(|| unreachable!("the first event opens the session"))
}

fn link(head: Hash, seq: u64, now: Moment, fact: Fact) -> Event {
    chain::link(head, seq, now, fact).unwrap_or_else(|e| unreachable!("facts are JSON: {e}"))
}

impl Run {
    fn day(&mut self) {
        let every = self.script.every;
        let limit = WatchTime::START + Span::hours(25);
        let mut turn = WatchTime::START;
        self.settle();
        while self.session.concluded.is_none() && self.now.watch < limit {
            if self.now.watch >= turn {
                self.turn();
                turn = WatchTime((self.now.watch.0 / every.as_millis() + 1) * every.as_millis());
            } else {
                self.settle();
            }
            if let Some(kill) = self.away.take() {
                self.die(kill);
            }
            let deadline = self.session.next_deadline(self.now.watch).max(self.now.watch + Span::millis(1));
            self.pass(turn.min(deadline).max(self.now.watch));
        }
    }

    /// Lets time pass until `next`, with the sleeps and steps of the clock that lie on the way.
    fn pass(&mut self, next: WatchTime) {
        let mut next = next;
        let before = self.now.watch;
        for (at, lasts) in &self.script.sleeps {
            let at = WatchTime::START + *at;
            if before < at && at <= next {
                self.unseen.push((before, at + *lasts));
                next = next.max(at + *lasts);
            }
        }
        let mut jumped = 0;
        for (at, by) in &self.script.jumps {
            let at = WatchTime::START + *at;
            if before < at && at <= next {
                self.step += TimeDelta::milliseconds(*by);
                jumped += *by;
            }
        }
        self.now = self.moment(next);
        if jumped.abs() > 2_000 {
            self.take(&Input::ClockJumped { by_ms: jumped });
        }
    }

    fn moment(&self, watch: WatchTime) -> Moment {
        Moment { utc: start() + watch.elapsed().to_chrono() + self.step, watch }
    }

    fn turn(&mut self) {
        for source in Source::ALL {
            if !source.is_of_checkpoints()
                || (source == Source::Functions && self.session.observed.functions_failed > 0)
            {
                let depth = if source == Source::Functions { Depth::Checkpoint } else { Depth::Routine };
                self.ask(Part::Application, source, depth);
            }
        }
        self.ask_beside();
        self.settle();
        self.decide_on_what_is_half_done();
    }

    /// Asks the containers beside the application's.
    fn ask_beside(&mut self) {
        for (part, _) in self.script.layout.beside() {
            for source in OF_A_CONTAINER {
                self.ask(part, source, Depth::Routine);
            }
        }
    }

    fn ask(&mut self, part: Part, source: Source, depth: Depth) {
        if self.away.is_some() {
            return;
        }
        let t = self.now.watch.elapsed();
        let since = match source {
            Source::Logs => self.read.get(&part).copied().unwrap_or_default(),
            _ => self.heard,
        };
        let answers = answers_of(&self.world, part, source, depth, since, t);
        let reached = answers.iter().all(|a| matches!(a.outcome, Outcome::Value(_)));
        match source {
            Source::Logs if reached => {
                self.read.insert(part, t);
            }
            Source::Events if reached => self.heard = t,
            _ => {}
        }
        for answer in answers {
            if self.write() {
                return;
            }
            let reading = Reading::at(self.now, answer);
            let record = reading.record().unwrap_or_default();
            self.session.observe(&reading, &record);
            self.readings.push((self.session.seq, reading, record));
        }
    }

    /// Counts a write; whether the watch has died before it.
    fn write(&mut self) -> bool {
        self.writes += 1;
        if let Some(kill) = self.script.kills.get(&self.writes) {
            self.away = Some(*kill);
        }
        self.away.is_some_and(|kill| kill.before)
    }

    fn settle(&mut self) {
        for _ in 0..1_000 {
            if self.away.is_some() {
                return;
            }
            let facts = decide(&self.session, &Input::Settle, self.now).unwrap_or_default();
            if facts.is_empty() {
                return;
            }
            self.commit(facts);
        }
        unreachable!("seed {}: the rules go round in a circle", self.script.seed);
    }

    fn take(&mut self, input: &Input) {
        if self.away.is_none() {
            let facts = decide(&self.session, input, self.now).unwrap_or_default();
            self.commit(facts);
        }
    }

    fn commit(&mut self, facts: Vec<Fact>) {
        if self.write() {
            return;
        }
        let first = self.events.len();
        for fact in facts {
            let event = link(self.session.head, self.session.seq + 1, self.now, fact);
            self.session.apply(&event);
            self.events.push(event);
        }
        let effects: Vec<Effect> =
            self.events.iter().skip(first).flat_map(|e| effects_of(e, &self.session)).collect();
        for effect in effects {
            // Killed between the commit and the act: the effect does not happen.
            if self.away.is_none() {
                self.act(effect);
            }
        }
    }

    fn act(&mut self, effect: Effect) {
        match effect {
            Effect::AskAll { check } => {
                for source in Source::ALL {
                    self.ask(Part::Application, source, Depth::Checkpoint);
                }
                self.ask_beside();
                self.take(&Input::CheckAnswered { check });
            }
            Effect::Testify { incident } => {
                for kind in ["logs", "inspect", "health", "readings"] {
                    self.take(&Input::EvidenceKept {
                        incident,
                        kind: kind.into(),
                        digest: Hash::of(kind.as_bytes()),
                        bytes: 4,
                        failure: None,
                    });
                }
            }
            Effect::Notify { notification } => {
                let told = &self.session.notifications[notification as usize - 1];
                *self.shown.entry((told.incident, told.title.clone())).or_default() += 1;
                // Killed here, it was shown and is not known to have been.
                if self.write() {
                    return;
                }
                self.take(&Input::NotificationShown { notification, failure: None });
            }
            Effect::AskReadiness => self.ask(Part::Application, Source::Readiness, Depth::Checkpoint),
            Effect::Act { action } => self.operate(action, false),
            Effect::Undo { action } => self.operate(action, true),
            Effect::Examine { action } => {
                let stage = self.session.action(action).and_then(|a| a.stages.last()).map(|s| s.stage);
                let found = HalfDone { stage, detail: "as it was left".into() };
                self.take(&Input::ActionExamined { action, found });
            }
        }
    }

    /// An operator who does all that is asked but each third thing, which fails in its middle; the link breaks with each
    /// second of those.
    fn operate(&mut self, action: u32, undo: bool) {
        let Some(it) = self.session.action(action) else { return };
        let stages = match (it.order.kind, undo) {
            (_, true) => Stage::UNDO,
            (ActionKind::Restart, _) => Stage::RESTART,
            (ActionKind::RollBack, _) => Stage::ROLL_BACK,
        };
        self.done.push((action, undo));
        let turn = self.done.len() as u64 + self.script.seed;
        let fails_at = (turn.is_multiple_of(3)).then_some(turn as usize % stages.len());
        for (place, stage) in stages.iter().enumerate().filter(|(_, stage)| **stage != Stage::Verify) {
            if fails_at == Some(place) {
                let place = if turn.is_multiple_of(2) { Place::Network } else { Place::Container };
                let failure =
                    Failure { place, kind: FailureKind::BadAnswer, message: "simulated: it failed".into() };
                self.take(&Input::ActionFailed { action, failure });
                return;
            }
            self.take(&Input::ActionAdvanced { action, stage: *stage, detail: String::new() });
            self.settle();
        }
        if undo {
            self.take(&Input::ActionUndone { action });
        }
    }

    /// A person who finishes or undoes what is half done.
    fn decide_on_what_is_half_done(&mut self) {
        let Some(open) = self.session.open_action().filter(|a| a.state == ActionState::Interrupted) else {
            return;
        };
        let (action, by) = (open.id, "a person".to_owned());
        let command = if (u64::from(action) + self.script.seed).is_multiple_of(2) {
            Command::Finish { action, by }
        } else {
            Command::Undo { action, by, reason: "it is half done".into() }
        };
        self.take(&Input::Command(command));
        self.settle();
    }

    fn die(&mut self, kill: Kill) {
        self.killed += 1;
        self.refold();
        self.lose(kill.lost);
        let back = self.now.watch + kill.away;
        self.unseen.push((self.now.watch, back));
        self.now = self.moment(back);
        self.take(&Input::Resume { program: "watchkeeper".into() });
    }

    /// The power is gone, and with it the last `most` readings that no event has made safe.
    fn lose(&mut self, most: usize) {
        let unsafe_ones =
            self.readings.iter().rev().take_while(|(after, _, _)| *after == self.session.seq).count();
        self.readings.truncate(self.readings.len() - most.min(unsafe_ones));
        self.session = self.folded();
        // The next program begins to read behind what is in the journal.
        let of_log =
            |part: Part, r: &Reading| r.answer.part == part && r.answer.source == Source::Logs && is_value(r);
        for (part, read) in &mut self.read {
            let last = self.readings.iter().rev().find(|(_, r, _)| of_log(*part, r));
            *read = last.map_or(Span::ZERO, |(_, r, _)| r.watch.elapsed()).min(*read);
        }
        let told = self.readings.iter().filter_map(|(_, r, _)| match &r.answer.outcome {
            Outcome::Value(Value::Event(event)) => Some(Span::between(start(), event.at)),
            _ => None,
        });
        self.heard = told.max().unwrap_or_default().min(self.heard);
    }

    /// Folds the journal anew and holds the result against the session that was lost.
    fn refold(&mut self) {
        let folded = self.folded();
        assert!(folded == self.session, "seed {}: the folded session differs", self.script.seed);
        self.session = folded;
    }

    /// The session as the journal has it.
    fn folded(&self) -> Session {
        let mut events = self.events.iter();
        let mut folded = opened(events.next().unwrap_or_else(|| unreachable!("there is the opening")));
        let mut ahead = events.peekable();
        for (after, reading, record) in &self.readings {
            while let Some(event) = ahead.next_if(|e| e.seq <= *after) {
                folded.apply(event);
            }
            folded.observe(reading, record);
        }
        for event in ahead {
            folded.apply(event);
        }
        folded
    }
}

fn is_value(reading: &Reading) -> bool {
    matches!(reading.answer.outcome, Outcome::Value(_))
}
