//! The container's state.

use std::sync::Arc;

use async_trait::async_trait;
use watchkeeper_core::reading::{Answer, Source, Value};
use watchkeeper_engine::ports::{Depth, Probe};

use super::{
    container::{Seen, state},
    engine::Engine,
};

/// The probe of [`Source::Inspect`].
pub struct Inspect {
    engine: Arc<Engine>,
    container: String,
    seen: Seen,
}

impl Inspect {
    /// A probe of the container with this name; it tells `seen` what it saw.
    pub const fn new(engine: Arc<Engine>, container: String, seen: Seen) -> Self {
        Self { engine, container, seen }
    }
}

#[async_trait]
impl Probe for Inspect {
    fn source(&self) -> Source {
        Source::Inspect
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        vec![match state(&self.engine, &self.container).await {
            Ok((state, took)) => {
                self.seen.set(&state);
                Answer::value(Source::Inspect, took, Value::Container(Box::new(state)))
            }
            Err(f) => Answer::failure(Source::Inspect, None, f.place, f.kind, f.message),
        }]
    }
}
