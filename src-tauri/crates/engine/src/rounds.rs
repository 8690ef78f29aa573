//! The rounds: each probe asks in a loop of its own, so that one that hangs delays no other.

use std::sync::Arc;

use tokio::sync::mpsc;
use watchkeeper_core::{
    reading::{Answer, Outcome, Value},
    time::{Span, WatchTime},
};

use crate::{
    clock::Clock,
    ports::{Depth, Probe},
};

/// A request to a probe beside its schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AskNow {
    /// How thoroughly.
    pub(crate) depth: Depth,
    /// The checkpoint that waits for it.
    pub(crate) check: Option<String>,
}

/// What a probe brought.
#[derive(Debug)]
pub(crate) struct Brought {
    pub(crate) answers: Vec<Answer>,
    /// The checkpoint that waited for it.
    pub(crate) check: Option<String>,
}

pub(crate) struct Round {
    pub(crate) probe: Arc<dyn Probe>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) every: Span,
    pub(crate) jitter_percent: u8,
}

impl Round {
    /// Asks on schedule and on request until either channel is closed.
    pub(crate) async fn run(self, mut requests: mpsc::Receiver<AskNow>, brought: mpsc::Sender<Brought>) {
        let on_schedule = !self.probe.source().is_of_checkpoints();
        // The functionality test is asked at checkpoints only, and again until it works.
        let mut again = false;
        loop {
            let due = (on_schedule || again).then(|| self.next_due());
            let request = tokio::select! {
                request = requests.recv() => match request {
                    Some(request) => request,
                    None => return,
                },
                () = self.wait(due) => AskNow {
                    depth: if on_schedule { Depth::Routine } else { Depth::Checkpoint },
                    check: None,
                },
            };
            let answers = self.probe.ask(request.depth).await;
            again = !on_schedule && answers.iter().find_map(is_good).map_or(again, |good| !good);
            if answers.is_empty() && request.check.is_none() {
                continue;
            }
            if brought.send(Brought { answers, check: request.check }).await.is_err() {
                return;
            }
        }
    }

    async fn wait(&self, due: Option<WatchTime>) {
        match due {
            Some(due) => self.clock.sleep_until(due).await,
            None => std::future::pending().await,
        }
    }

    /// The next turn on the grid that the session's start and the cadence make, with its jitter. Turns that went by
    /// while the last one took its time are left out, so that the schedule does not drift and nothing piles up.
    fn next_due(&self) -> WatchTime {
        let every = self.every.as_millis().max(1);
        let turn = self.clock.now().watch.0 / every + 1;
        let spread = every * u64::from(self.jitter_percent.min(50)) / 100;
        let jitter = if spread == 0 { 0 } else { rand::random_range(0..=spread) };
        WatchTime(turn.saturating_mul(every).saturating_add(jitter))
    }
}

/// Whether the functionality test went well; `None` where it was not made.
fn is_good(answer: &Answer) -> Option<bool> {
    match &answer.outcome {
        Outcome::Value(Value::Functions(f)) => f.login.map(|_| f.works()),
        Outcome::Value(_) => Some(true),
        Outcome::Failure(_) => Some(false),
    }
}
