//! CPU and memory of the container.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value as Json;
use tokio::sync::Mutex;
use watchkeeper_core::reading::{Answer, Failure, FailureKind, Place, Source, Usage, Value};
use watchkeeper_engine::ports::{Depth, Probe};

use super::{container::Seen, engine::Engine, usage::Sample};

/// The probe of [`Source::Stats`]. CPU is taken between two of its own samples, so the first has none; the Engine's
/// own second sample would take it two seconds.
pub struct Stats {
    engine: Arc<Engine>,
    container: String,
    seen: Seen,
    last: Mutex<Last>,
}

#[derive(Default)]
struct Last {
    sample: Option<Sample>,
    host_memory: Option<u64>,
}

impl Stats {
    /// A probe of the container with this name; `seen` tells when it was started anew.
    pub fn new(engine: Arc<Engine>, container: String, seen: Seen) -> Self {
        Self { engine, container, seen, last: Mutex::default() }
    }

    async fn usage(&self) -> Result<(Usage, f64), Failure> {
        let mut last = self.last.lock().await;
        let (value, took) = self
            .engine
            .json(&format!("/containers/{}/stats?stream=false&one-shot=true", self.container))
            .await?;
        let Some(mut sample) = Sample::read(&value) else {
            last.sample = None;
            return Err(Failure {
                place: Place::Container,
                kind: FailureKind::BadAnswer,
                message: format!("no CPU and memory of {}: it is not running", self.container),
            });
        };
        sample.started_at = self.seen.started_at(&sample.id);
        if last.host_memory.is_none() {
            // Not worth a failure: without it, a missing limit shows as the host's memory.
            let info = self.engine.json("/info").await.ok();
            last.host_memory =
                info.and_then(|(info, _)| info.get("MemTotal").and_then(Json::as_u64)).filter(|m| *m > 0);
        }
        let usage = sample.usage(last.sample.as_ref(), last.host_memory);
        last.sample = Some(sample);
        Ok((usage, took))
    }
}

#[async_trait]
impl Probe for Stats {
    fn source(&self) -> Source {
        Source::Stats
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        vec![match self.usage().await {
            Ok((usage, took)) => Answer::value(Source::Stats, took, Value::Usage(usage)),
            Err(f) => Answer::failure(Source::Stats, None, f.place, f.kind, f.message),
        }]
    }
}
