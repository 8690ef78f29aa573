//! The world as in-memory probes: whole sessions with no socket, in whatever time the clock tells.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::mpsc;
use watchkeeper_core::{
    reading::{Answer, Outcome, Source},
    time::Span,
};
use watchkeeper_engine::ports::{Depth, Evidence, Listen, Probe, Witness};

use crate::{
    shape,
    sim_time::SimTime,
    world::{World, answers, unreachable},
};

/// How often the in-memory event stream looks whether something happened, on the wall's clock.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// One probe for each source but [`Source::Events`], which [`MemoryListener`] tells.
pub fn probes(world: &Arc<World>, time: &SimTime) -> Vec<Arc<dyn Probe>> {
    let sources = Source::ALL.into_iter().filter(|s| *s != Source::Events);
    sources
        .map(|source| Arc::new(MemoryProbe::new(source, world.clone(), time.clone())) as Arc<dyn Probe>)
        .collect()
}

/// Asks the world itself. Answers at once, with the latency that the request would have had.
#[derive(Debug)]
pub struct MemoryProbe {
    source: Source,
    world: Arc<World>,
    time: SimTime,
    /// Up to when log lines were read.
    read: Mutex<Option<Span>>,
}

impl MemoryProbe {
    /// The probe for `source`.
    pub const fn new(source: Source, world: Arc<World>, time: SimTime) -> Self {
        Self { source, world, time, read: Mutex::new(None) }
    }
}

#[async_trait]
impl Probe for MemoryProbe {
    fn source(&self) -> Source {
        self.source
    }

    async fn ask(&self, depth: Depth) -> Vec<Answer> {
        let t = self.time.now();
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        // The first time, as a real probe: what came since half a minute ago.
        let since = read.unwrap_or_else(|| t.saturating_sub(Span::secs(30)));
        let answers = answers(&self.world, self.source, depth, since, t);
        if answers.iter().any(|a| matches!(a.outcome, Outcome::Value(_))) {
            *read = Some(t);
        }
        answers
    }
}

/// Tells the Engine's events as the clock reaches them.
#[derive(Debug)]
pub struct MemoryListener {
    world: Arc<World>,
    time: SimTime,
}

impl MemoryListener {
    /// The event stream of `world`.
    pub const fn new(world: Arc<World>, time: SimTime) -> Self {
        Self { world, time }
    }
}

#[async_trait]
impl Listen for MemoryListener {
    async fn listen(&self, told: mpsc::Sender<Answer>) {
        let mut heard = self.time.now();
        let mut cut = false;
        loop {
            let now = self.time.now();
            match unreachable(&self.world, Source::Events, now) {
                Some(failure) => {
                    if !cut && told.send(failure).await.is_err() {
                        return;
                    }
                    cut = true;
                }
                None if now > heard => {
                    for mut answer in answers(&self.world, Source::Events, Depth::Routine, heard, now) {
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
    world: Arc<World>,
    time: SimTime,
}

impl MemoryWitness {
    /// The witness of `world`.
    pub const fn new(world: Arc<World>, time: SimTime) -> Self {
        Self { world, time }
    }
}

#[async_trait]
impl Witness for MemoryWitness {
    async fn testify(&self) -> Vec<Evidence> {
        let t = self.time.now();
        let of = |kind: &str, source: Source, text: &dyn Fn() -> Option<String>| {
            let failure = unreachable(&self.world, source, t).map(|a| match a.outcome {
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
        let health = answers(&self.world, Source::Health, Depth::Routine, t, t).into_iter().next();
        let health_failure = health.and_then(|a| match a.outcome {
            Outcome::Failure(f) => Some(f.message),
            Outcome::Value(_) => None,
        });
        vec![
            of("logs", Source::Logs, &|| {
                self.world.exists(t).then(|| {
                    let lines = self.world.log_lines(None, t);
                    let tail = lines.iter().skip(lines.len().saturating_sub(500));
                    let lines =
                        tail.map(|l| format!("{} {}\n", l.at.format("%Y-%m-%dT%H:%M:%S%.9fZ"), l.text));
                    lines.collect()
                })
            }),
            of("inspect", Source::Inspect, &|| shape::inspect(&self.world, t).map(|v| v.to_string())),
            match health_failure {
                Some(failure) => {
                    Evidence { kind: "health".into(), text: String::new(), failure: Some(failure) }
                }
                None => Evidence {
                    kind: "health".into(),
                    text: shape::health(&self.world, t).to_string(),
                    failure: None,
                },
            },
        ]
    }
}
