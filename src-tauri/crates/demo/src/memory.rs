//! The world as in-memory probes: whole sessions with no socket, in whatever time the clock tells.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::mpsc;
use watchkeeper_core::{
    part::Part,
    reading::{Answer, Outcome, Source},
    time::Span,
};
use watchkeeper_engine::ports::{Depth, Evidence, Listen, Probe, Witness};

use crate::{
    live::Live,
    shape,
    sim_time::SimTime,
    world::{OF_A_CONTAINER, answers, answers_of, unreachable},
};

/// How often the in-memory event stream looks whether something happened, on the wall's clock.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// One probe for each source but [`Source::Events`], which [`MemoryListener`] tells, and for each of a container beside the
/// application's.
pub fn probes(world: impl Into<Live>, time: &SimTime) -> Vec<Arc<dyn Probe>> {
    let world = world.into();
    let own = Source::ALL.into_iter().filter(|s| *s != Source::Events).map(|s| (Part::Application, s));
    let beside = world.world().layout().beside();
    let beside = beside.flat_map(|(part, _)| OF_A_CONTAINER.map(|source| (part, source)));
    own.chain(beside)
        .map(|(part, source)| {
            let probe = MemoryProbe::new(source, world.clone(), time.clone());
            Arc::new(MemoryProbe { part, ..probe }) as Arc<dyn Probe>
        })
        .collect()
}

/// Asks the world itself. Answers at once, with the latency that the request would have had.
#[derive(Debug)]
pub struct MemoryProbe {
    part: Part,
    source: Source,
    world: Live,
    time: SimTime,
    /// Up to when log lines were read.
    read: Mutex<Option<Span>>,
}

impl MemoryProbe {
    /// The probe for `source`; of a container, of the application's.
    pub fn new(source: Source, world: impl Into<Live>, time: SimTime) -> Self {
        Self { part: Part::Application, source, world: world.into(), time, read: Mutex::new(None) }
    }
}

#[async_trait]
impl Probe for MemoryProbe {
    fn source(&self) -> Source {
        self.source
    }

    fn part(&self) -> Part {
        self.part
    }

    async fn ask(&self, depth: Depth) -> Vec<Answer> {
        let (world, t) = self.world.at(&self.time);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        // The first time, as a real probe: what came since half a minute ago.
        let since = read.unwrap_or_else(|| t.saturating_sub(Span::secs(30)));
        let answers = answers_of(&world, self.part, self.source, depth, since, t);
        if answers.iter().any(|a| matches!(a.outcome, Outcome::Value(_))) {
            *read = Some(t);
        }
        answers
    }
}

/// Tells the Engine's events as the clock reaches them.
#[derive(Debug)]
pub struct MemoryListener {
    world: Live,
    time: SimTime,
}

impl MemoryListener {
    /// The event stream of `world`.
    pub fn new(world: impl Into<Live>, time: SimTime) -> Self {
        Self { world: world.into(), time }
    }
}

#[async_trait]
impl Listen for MemoryListener {
    async fn listen(&self, told: mpsc::Sender<Answer>) {
        let mut heard = self.time.now();
        let mut cut = false;
        loop {
            let (world, now) = self.world.at(&self.time);
            match unreachable(&world, Source::Events, now) {
                Some(failure) => {
                    if !cut && told.send(failure).await.is_err() {
                        return;
                    }
                    cut = true;
                }
                None if now > heard => {
                    for mut answer in answers(&world, Source::Events, Depth::Routine, heard, now) {
                        answer.reconstructed |= cut;
                        if told.send(answer).await.is_err() {
                            return;
                        }
                    }
                    heard = now;
                    cut = false;
                }
                None => {}
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = told.closed() => return,
            }
        }
    }
}

/// Gives evidence as the world is now.
#[derive(Debug)]
pub struct MemoryWitness {
    world: Live,
    time: SimTime,
}

impl MemoryWitness {
    /// The witness of `world`.
    pub fn new(world: impl Into<Live>, time: SimTime) -> Self {
        Self { world: world.into(), time }
    }
}

#[async_trait]
impl Witness for MemoryWitness {
    async fn testify(&self, part: Part) -> Vec<Evidence> {
        let (world, t) = self.world.at(&self.time);
        let name = world.layout().name_of(part).unwrap_or(part.id());
        let of = |kind: &str, source: Source, text: &dyn Fn() -> Option<String>| {
            let failure = unreachable(&world, source, t).map(|a| match a.outcome {
                Outcome::Failure(f) => f.message,
                Outcome::Value(_) => String::new(),
            });
            let absent = || format!("There is no container named {name}.");
            let (text, failure) = match failure {
                Some(failure) => (String::new(), Some(failure)),
                None => text().map_or_else(|| (String::new(), Some(absent())), |text| (text, None)),
            };
            Evidence { kind: kind.into(), text, failure }
        };
        let health = answers(&world, Source::Health, Depth::Routine, t, t).into_iter().next();
        let health_failure = health.and_then(|a| match a.outcome {
            Outcome::Failure(f) => Some(f.message),
            Outcome::Value(_) => None,
        });
        vec![
            of("logs", Source::Logs, &|| {
                world.exists(part, t).then(|| {
                    let lines = world.log_lines_of(part, None, t);
                    let tail = lines.iter().skip(lines.len().saturating_sub(500));
                    let lines =
                        tail.map(|l| format!("{} {}\n", l.at.format("%Y-%m-%dT%H:%M:%S%.9fZ"), l.text));
                    lines.collect()
                })
            }),
            of("inspect", Source::Inspect, &|| shape::inspect(&world, part, t).map(|v| v.to_string())),
            match health_failure {
                Some(failure) => {
                    Evidence { kind: "health".into(), text: String::new(), failure: Some(failure) }
                }
                None => Evidence {
                    kind: "health".into(),
                    text: shape::health(&world, t).to_string(),
                    failure: None,
                },
            },
        ]
    }
}
