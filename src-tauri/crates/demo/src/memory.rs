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
    world::{answers, unreachable},
};

/// How often the in-memory event stream looks whether something happened, on the wall's clock.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// One probe for each source but [`Source::Events`], which [`MemoryListener`] tells.
pub fn probes(world: impl Into<Live>, time: &SimTime) -> Vec<Arc<dyn Probe>> {
    let world = world.into();
    let sources = Source::ALL.into_iter().filter(|s| *s != Source::Events);
    sources
        .map(|source| Arc::new(MemoryProbe::new(source, world.clone(), time.clone())) as Arc<dyn Probe>)
        .collect()
}

/// Asks the world itself. Answers at once, with the latency that the request would have had.
#[derive(Debug)]
pub struct MemoryProbe {
    source: Source,
    world: Live,
    time: SimTime,
    /// Up to when log lines were read.
    read: Mutex<Option<Span>>,
}

impl MemoryProbe {
    /// The probe for `source`.
    pub fn new(source: Source, world: impl Into<Live>, time: SimTime) -> Self {
        Self { source, world: world.into(), time, read: Mutex::new(None) }
    }
}

#[async_trait]
impl Probe for MemoryProbe {
    fn source(&self) -> Source {
        self.source
    }

    async fn ask(&self, depth: Depth) -> Vec<Answer> {
        let (world, t) = self.world.at(&self.time);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        // The first time, as a real probe: what came since half a minute ago.
        let since = read.unwrap_or_else(|| t.saturating_sub(Span::secs(30)));
        let answers = answers(&world, self.source, depth, since, t);
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
    async fn testify(&self, _part: Part) -> Vec<Evidence> {
        let (world, t) = self.world.at(&self.time);
        let of = |kind: &str, source: Source, text: &dyn Fn() -> Option<String>| {
            let failure = unreachable(&world, source, t).map(|a| match a.outcome {
                Outcome::Failure(f) => f.message,
                Outcome::Value(_) => String::new(),
            });
            let absent = || format!("There is no container named {}.", crate::world::CONTAINER);
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
                world.exists(t).then(|| {
                    let lines = world.log_lines(None, t);
                    let tail = lines.iter().skip(lines.len().saturating_sub(500));
                    let lines =
                        tail.map(|l| format!("{} {}\n", l.at.format("%Y-%m-%dT%H:%M:%S%.9fZ"), l.text));
                    lines.collect()
                })
            }),
            of("inspect", Source::Inspect, &|| shape::inspect(&world, t).map(|v| v.to_string())),
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
