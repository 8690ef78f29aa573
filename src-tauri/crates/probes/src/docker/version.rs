//! The Engine's version.

use std::sync::Arc;

use async_trait::async_trait;
use watchkeeper_core::{
    reading::{Answer, EngineAnswer, Failure, Source, Value},
    redact::from_outside,
};
use watchkeeper_engine::ports::{Depth, Probe};

use super::engine::Engine;

/// The probe of [`Source::Engine`].
pub struct Version(Arc<Engine>);

impl Version {
    /// A probe of `engine`.
    pub const fn new(engine: Arc<Engine>) -> Self {
        Self(engine)
    }
}

#[async_trait]
impl Probe for Version {
    fn source(&self) -> Source {
        Source::Engine
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        vec![match version(&self.0).await {
            Ok((answer, took)) => Answer::value(Source::Engine, took, Value::Engine(answer)),
            Err(f) => Answer::failure(Source::Engine, None, f.place, f.kind, f.message),
        }]
    }
}

/// What the Engine says it is.
pub(crate) async fn version(engine: &Engine) -> Result<(EngineAnswer, f64), Failure> {
    let (value, took) = engine.json("/version").await?;
    let text = |key: &str| value.get(key).and_then(|v| v.as_str()).map(|t| from_outside(t, 60));
    let version = text("Version").ok_or_else(|| engine.bad_answer("/version", "it names no version"))?;
    let platform = [text("Os"), text("Arch")].into_iter().flatten().collect::<Vec<_>>().join("/");
    let api_version = text("ApiVersion").unwrap_or_default();
    let answer = EngineAnswer { version, api_version, platform, clock_ahead_ms: engine.clock_ahead_ms() };
    Ok((answer, took))
}
