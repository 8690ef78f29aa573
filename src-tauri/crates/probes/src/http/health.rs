//! `/health` and `/health/ready`.

use std::sync::Arc;

use async_trait::async_trait;
use watchkeeper_core::{
    health,
    reading::{Answer, HealthAnswer, Source, Value},
};
use watchkeeper_engine::ports::{Depth, Probe};

use super::client::{Fetched, HttpClient, Missed};

/// The probe of [`Source::Health`].
pub struct Health(Arc<HttpClient>);

/// The probe of [`Source::Ready`]. The time it takes is an upper bound for a database query: it runs a `SELECT 1`.
pub struct Ready(Arc<HttpClient>);

impl Health {
    /// A probe over `client`.
    pub const fn new(client: Arc<HttpClient>) -> Self {
        Self(client)
    }
}
impl Ready {
    /// A probe over `client`.
    pub const fn new(client: Arc<HttpClient>) -> Self {
        Self(client)
    }
}

#[async_trait]
impl Probe for Health {
    fn source(&self) -> Source {
        Source::Health
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        ask(&self.0, Source::Health, "health").await.into_iter().collect()
    }
}

#[async_trait]
impl Probe for Ready {
    fn source(&self) -> Source {
        Source::Ready
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        ask(&self.0, Source::Ready, "health/ready").await.into_iter().collect()
    }
}

async fn ask(client: &HttpClient, source: Source, path: &'static str) -> Option<Answer> {
    let answer = client.read(path).await?.and_then(|fetched| read(&fetched));
    Some(match answer {
        Ok((took_ms, health)) => Answer::value(source, took_ms, Value::Health(Box::new(health))),
        Err(missed) => missed.into_answer(source),
    })
}

fn read(fetched: &Fetched) -> Result<(f64, HealthAnswer), Missed> {
    // 503 is the health check's own « unhealthy », if the body is its own.
    if !fetched.is_success() && fetched.status != 503 {
        return Err(fetched.bad_status());
    }
    if fetched.is_success() && fetched.is_html() {
        return Err(fetched.bad_page());
    }
    match health::parse(fetched.status, &fetched.body) {
        Ok(health) => Ok((fetched.took_ms, health)),
        // A proxy's own 503.
        Err(_) if fetched.status == 503 => Err(fetched.bad_status()),
        Err(e) => Err(fetched.bad(&format!("answered, but that is {e}"))),
    }
}
