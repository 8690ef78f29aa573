//! The Engine's event stream: a crash is known at once, and not at the next poll.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use bytes::BytesMut;
use chrono::{DateTime, Utc};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::{
    sync::{Mutex, mpsc},
    time::{Instant, sleep},
};
use watchkeeper_core::reading::{Answer, Failure, FailureKind, Place, Source, Value};
use watchkeeper_engine::ports::Listen;

use super::{backoff::Backoff, engine::Engine, event::Message, exec::Execs, version::version};
use crate::containers::Containers;

/// A message longer than this is let go.
const LONGEST: usize = 1024 * 1024;
/// The Engine itself remembers 256 events; this many are enough to know again.
const REMEMBERED: usize = 1_024;

/// How the listener keeps its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The first wait before connecting again; it doubles from there.
    pub first: Duration,
    /// The longest wait before connecting again.
    pub longest: Duration,
    /// How often the Engine is asked for a sign of life. Two that fail in a row end the connection.
    pub ping: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            ping: Duration::from_secs(15),
        }
    }
}

/// The listener on the containers with certain names, whichever containers bear them at the time. One stream serves them
/// all.
pub struct Events {
    engine: Arc<Engine>,
    containers: Containers,
    patience: Patience,
    memory: Mutex<Memory>,
    execs: Execs,
}

/// What outlives a connection.
struct Memory {
    /// From here on the Engine is asked; nanoseconds since 1970, by the NAS's clock once an event was seen.
    since: i64,
    /// Whether `since` is by the NAS's clock.
    by_its_clock: bool,
    /// When `since` was learned, by this PC's clock.
    learned: DateTime<Utc>,
    /// Since when there is a connection.
    connected: Option<Instant>,
    known: HashSet<(i64, String, String)>,
    order: VecDeque<(i64, String, String)>,
    /// A failure was told and is not over.
    lost: bool,
}

/// Why one connection ended.
enum End {
    NobodyListens,
    Lost(Failure),
}

impl Events {
    /// A listener that begins with what happened since `since` (by this PC's clock), as far as the Engine remembers
    /// it: its last 256 events of all kinds.
    pub fn new(
        engine: Arc<Engine>,
        containers: Containers,
        since: DateTime<Utc>,
        patience: Patience,
    ) -> Self {
        let memory = Memory {
            since: since.timestamp_nanos_opt().unwrap_or_default(),
            by_its_clock: false,
            learned: since,
            connected: None,
            known: HashSet::new(),
            order: VecDeque::new(),
            lost: false,
        };
        Self { engine, containers, patience, memory: Mutex::new(memory), execs: Execs::default() }
    }

    /// The listener of a session that goes on: it begins after its last recorded event, at `recorded_to` by the NAS's
    /// clock, so that none is told twice.
    #[must_use]
    pub fn after(mut self, recorded_to: DateTime<Utc>) -> Self {
        let memory = self.memory.get_mut();
        memory.since = recorded_to.timestamp_nanos_opt().unwrap_or_default().saturating_add(1);
        memory.by_its_clock = true;
        self
    }

    /// One connection, from asking to its end.
    async fn connection(&self, memory: &mut Memory, answers: &mpsc::Sender<Answer>) -> End {
        // The answer also tells the Engine's clock, which may have been set while nobody was connected.
        if let Err(failure) = self.engine.ping().await {
            return End::Lost(failure);
        }
        let since = memory.since(&self.engine);
        // Filtered by kind only: Docker matches names by their beginning, and would keep the event back that renames
        // the container away.
        let filters: String = url::form_urlencoded::byte_serialize(br#"{"type":["container"]}"#).collect();
        let path = format!(
            "/events?since={}.{:09}&filters={filters}",
            since.div_euclid(NANOS),
            since.rem_euclid(NANOS)
        );
        let asked = self.engine.by_its_clock(Utc::now());
        let body = match self.engine.open(&path).await {
            Ok(response) => response.into_body(),
            Err(failure) => return End::Lost(failure),
        };
        memory.connected = Some(Instant::now());
        if memory.lost {
            if let Ok((engine, _)) = version(&self.engine).await
                && answers.send(Answer::untimed(Source::Engine, Value::Engine(engine))).await.is_err()
            {
                return End::NobodyListens;
            }
            memory.lost = false;
        }
        tokio::select! {
            () = answers.closed() => End::NobodyListens,
            failure = self.silent() => End::Lost(failure),
            end = self.read(body, asked, memory, answers) => end,
        }
    }

    /// Ends when the Engine gives no sign of life: a half-open connection never says that it is dead.
    async fn silent(&self) -> Failure {
        let mut before = false;
        loop {
            sleep(self.patience.ping).await;
            match self.engine.ping().await {
                Ok(()) => before = false,
                Err(failure) if before => return failure,
                Err(_) => before = true,
            }
        }
    }

    async fn read(
        &self,
        mut body: Incoming,
        asked: DateTime<Utc>,
        memory: &mut Memory,
        answers: &mpsc::Sender<Answer>,
    ) -> End {
        let mut buffer = BytesMut::new();
        loop {
            match body.frame().await {
                Some(Ok(frame)) => buffer.extend_from_slice(&frame.into_data().unwrap_or_default()),
                Some(Err(e)) => return End::Lost(self.engine.broken("/events", &e).await),
                None => {
                    return End::Lost(Failure {
                        place: Place::DockerEngine,
                        kind: FailureKind::Broken,
                        message: format!("Docker Engine {}: it ended the event stream", self.engine.shown()),
                    });
                }
            }
            while let Some(end) = buffer.iter().position(|b| *b == b'\n') {
                let line = buffer.split_to(end + 1);
                let Some(mut message) = Message::read(&line) else { continue };
                if self.containers.all().any(|(_, name)| message.concerns(name))
                    && let Err(failure) = self.execs.name(&mut message, &self.engine).await
                {
                    return End::Lost(failure);
                }
                for answer in self.answers(&message, asked, memory) {
                    if answers.send(answer).await.is_err() {
                        return End::NobodyListens;
                    }
                }
                // Only now: a connection that is given up while the answer waits has not told it.
                memory.remember(&message, self.engine.by_its_clock(Utc::now()));
            }
            if buffer.len() > LONGEST {
                buffer.clear();
            }
        }
    }

    /// The answers of a message that is new: one for each container that it is about.
    fn answers(&self, message: &Message, asked: DateTime<Utc>, memory: &Memory) -> Vec<Answer> {
        if memory.known.contains(&message.key()) || message.is_noise() {
            return Vec::new();
        }
        let reconstructed = message.event.at < asked;
        let answer = |part| Answer {
            reconstructed,
            ..Answer::untimed(Source::Events, Value::Event(message.event.clone())).of(part)
        };
        let concerned = self.containers.all().filter(|(_, name)| message.concerns(name));
        concerned.map(|(part, _)| answer(part)).collect()
    }
}

const NANOS: i64 = 1_000_000_000;
/// By more than this no two clocks differ that were not set; nor does it take a message longer to come.
const CLOCKS: i64 = 60 * NANOS;

impl Memory {
    /// From when on to ask, by the Engine's clock as it is now; nanoseconds since 1970.
    fn since(&self, engine: &Engine) -> i64 {
        let there = |here| engine.by_its_clock(here).timestamp_nanos_opt().unwrap_or_default();
        if !self.by_its_clock {
            return there(DateTime::from_timestamp_nanos(self.since));
        }
        if self.since <= there(Utc::now()).saturating_add(CLOCKS) {
            return self.since;
        }
        // Its clock was set back: what has happened since then has times before `since`. What was seen is known again.
        there(self.learned).saturating_sub(CLOCKS)
    }

    /// From now on the message was seen before.
    fn remember(&mut self, message: &Message, now: DateTime<Utc>) {
        let key = message.key();
        if !self.known.insert(key.clone()) {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        // A message of a time to come, by a clock that was set back since, must not hide those until then.
        let nanos = message.nanos.min(now.timestamp_nanos_opt().unwrap_or(i64::MAX).saturating_add(CLOCKS));
        // One that is much older than the last one comes from a clock that was set back.
        let ahead = self.by_its_clock && nanos.saturating_add(CLOCKS) >= self.since;
        self.since = if ahead { self.since.max(nanos) } else { nanos };
        self.by_its_clock = true;
        self.learned = Utc::now();
    }
}

#[async_trait]
impl Listen for Events {
    async fn listen(&self, answers: mpsc::Sender<Answer>) {
        let mut memory = self.memory.lock().await;
        let mut backoff = Backoff::new(self.patience);
        loop {
            memory.connected = None;
            match self.connection(&mut memory, &answers).await {
                End::NobodyListens => return,
                End::Lost(f) if !memory.lost => {
                    memory.lost = true;
                    let lost = Answer::failure(Source::Events, None, f.place, f.kind, f.message);
                    if answers.send(lost).await.is_err() {
                        return;
                    }
                }
                End::Lost(_) => {}
            }
            let held = memory.connected.map_or(Duration::ZERO, |since| since.elapsed());
            tokio::select! {
                () = answers.closed() => return,
                () = backoff.pause(held) => {}
            }
        }
    }
}
