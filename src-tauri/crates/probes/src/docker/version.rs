//! The Engine's version.

use std::sync::Arc;

use async_trait::async_trait;
use watchkeeper_core::{
    reading::{Answer, EngineAnswer, Failure, FailureKind, Place, Source, Value},
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
            Ok((answer, _)) if too_old(&answer).is_some() => {
                let message = too_old(&answer).unwrap_or_default();
                let kind = FailureKind::BadAnswer;
                Answer::failure(Source::Engine, None, Place::DockerEngine, kind, message)
            }
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

/// The oldest API that this program speaks: Docker Engine 19.03's.
const OLDEST: (u32, u32) = (1, 40);

/// Where the Engine is older than this program bears, that.
pub(crate) fn too_old(engine: &EngineAnswer) -> Option<String> {
    let (major, minor) = engine.api_version.split_once('.')?;
    let api = (major.parse().ok()?, minor.parse().ok()?);
    (api < OLDEST).then(|| {
        format!(
            "Docker Engine {} speaks API {}, and it takes Docker Engine 19.03 (API {}.{}) or newer",
            engine.version, engine.api_version, OLDEST.0, OLDEST.1
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_engine_is_told_with_both_versions() {
        for (version, api, old) in [
            ("18.09.9", "1.39", true),
            ("1.13.1", "1.26", true),
            ("19.03.15", "1.40", false),
            ("20.10.24", "1.41", false),
            ("29.0.0", "1.100", false),
            ("30.0.0", "2.0", false),
            // What it does not say is not held against it.
            ("24.0.7", "", false),
            ("24.0.7", "new", false),
        ] {
            let engine = EngineAnswer {
                version: version.into(),
                api_version: api.into(),
                platform: "linux/amd64".into(),
                clock_ahead_ms: None,
            };
            let said = too_old(&engine);
            assert_eq!(said.is_some(), old, "{version}");
            for part in said.iter().flat_map(|_| [version, api, "19.03", "1.40"]) {
                assert!(said.iter().any(|s| s.contains(part)), "{said:?}");
            }
        }
    }
}
