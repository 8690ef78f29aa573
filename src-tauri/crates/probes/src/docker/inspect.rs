//! The container's state.

use std::sync::Arc;

use async_trait::async_trait;
use watchkeeper_core::{
    reading::{Answer, ContainerState, Source, Value},
    redact::from_outside,
};
use watchkeeper_engine::ports::{Depth, Probe};

use super::{
    container::{LONGEST_NAME, Seen, state},
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
    async fn ask(&self, depth: Depth) -> Vec<Answer> {
        vec![match state(&self.engine, &self.container).await {
            Ok((mut state, took)) => {
                self.seen.set(&state);
                if depth == Depth::Checkpoint {
                    state.named_image = named_image(&self.engine, &state).await;
                }
                Answer::value(Source::Inspect, took, Value::Container(Box::new(state)))
            }
            Err(f) => Answer::failure(Source::Inspect, None, f.place, f.kind, f.message),
        }]
    }
}

/// The image that the name of the container's own stands for on the NAS now: another one where somebody has pulled or
/// built a new one that runs at the next redeploy. `None` where the name is none, or cannot be asked about.
async fn named_image(engine: &Engine, state: &ContainerState) -> Option<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':' | '@');
    let by_id = state.image.starts_with("sha256:") || state.image_id.starts_with(&state.image);
    if by_id || !state.image.chars().all(is_name) {
        return None;
    }
    let named = id_of(engine, &state.image).await?;
    // An Engine may know one image by several ids.
    let same = named == state.image_id || id_of(engine, &state.image_id).await.as_ref() == Some(&named);
    Some(if same { state.image_id.clone() } else { named })
}

async fn id_of(engine: &Engine, image: &str) -> Option<String> {
    let (value, _) = engine.json(&format!("/images/{image}/json")).await.ok()?;
    Some(from_outside(value.get("Id")?.as_str()?, LONGEST_NAME))
}
