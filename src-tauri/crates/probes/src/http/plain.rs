//! `/health/live` and `/api`: a good status and a JSON object are all they have to answer.

use std::sync::Arc;

use async_trait::async_trait;
use watchkeeper_core::reading::{Answer, HttpAnswer, Source, Value};
use watchkeeper_engine::ports::{Depth, Probe};

use super::client::{Fetched, HttpClient, Missed};

pub(super) const JSON: &str = "application/json";

/// The probe of [`Source::Live`].
pub struct Live(Arc<HttpClient>);

/// The probe of [`Source::Api`]: API latency is measured with it.
pub struct Api(Arc<HttpClient>);

impl Live {
    /// A probe over `client`.
    pub const fn new(client: Arc<HttpClient>) -> Self {
        Self(client)
    }
}
impl Api {
    /// A probe over `client`.
    pub const fn new(client: Arc<HttpClient>) -> Self {
        Self(client)
    }
}

#[async_trait]
impl Probe for Live {
    fn source(&self) -> Source {
        Source::Live
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        ask(&self.0, Source::Live, "health/live").await.into_iter().collect()
    }
}

#[async_trait]
impl Probe for Api {
    fn source(&self) -> Source {
        Source::Api
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        ask(&self.0, Source::Api, "api").await.into_iter().collect()
    }
}

async fn ask(client: &HttpClient, source: Source, path: &'static str) -> Option<Answer> {
    let answer = client.read(path).await?.and_then(|fetched| read(&fetched));
    Some(match answer {
        Ok((took_ms, http)) => Answer::value(source, took_ms, Value::Http(http)),
        Err(missed) => missed.into_answer(source),
    })
}

fn read(fetched: &Fetched) -> Result<(f64, HttpAnswer), Missed> {
    if !fetched.json()?.is_object() {
        return Err(fetched.bad("answered with JSON that is no object"));
    }
    Ok((fetched.took_ms, HttpAnswer { status: fetched.status, bytes: fetched.body.len() as u64 }))
}
