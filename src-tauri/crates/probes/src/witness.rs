//! Evidence: what the deployment says of itself before anything is touched.

use std::sync::Arc;

use async_trait::async_trait;
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use watchkeeper_core::{
    part::Part,
    reading::Failure,
    redact::{from_outside, redact, redact_json, visible},
};
use watchkeeper_engine::ports::{Evidence, Witness};

use crate::{
    containers::Containers,
    docker::{Engine, Frames},
    http::HttpClient,
};

/// The most bytes of one piece.
const CAP: usize = 1024 * 1024;
/// Of the log, this many lines.
const LINES: u32 = 500;

/// Fetches logs, inspect answer and health body, at the same time.
pub struct DeploymentWitness {
    engine: Arc<Engine>,
    containers: Containers,
    http: Arc<HttpClient>,
}

impl DeploymentWitness {
    /// A witness of these containers and the SMS in them.
    pub const fn new(engine: Arc<Engine>, containers: Containers, http: Arc<HttpClient>) -> Self {
        Self { engine, containers, http }
    }

    async fn logs(&self, container: &str) -> Result<String, Failure> {
        let (inspected, _) = self.inspected(container).await?;
        let tty = inspected.pointer("/Config/Tty").and_then(Value::as_bool).unwrap_or(false);
        let path =
            format!("/containers/{container}/logs?stdout=true&stderr=true&timestamps=true&tail={LINES}");
        let deadline = Instant::now() + self.engine.patience();
        let mut body = self.engine.open(&path).await?.into_body();
        let (mut frames, mut text) = (Frames::new(tty), Vec::new());
        // What came before the connection broke or the time was up is evidence too.
        let cut = loop {
            let data = match timeout_at(deadline, body.frame()).await {
                Ok(Some(Ok(data))) => data,
                Ok(None) => break None,
                Ok(Some(Err(e))) => break Some(self.engine.broken(&path, &e).await),
                Err(_) => break Some(self.engine.too_late("reading the log").await),
            };
            frames.push(&data.into_data().unwrap_or_default());
            while let Ok(Some(frame)) = frames.next() {
                text.extend_from_slice(&frame.bytes);
            }
            if text.len() > 4 * CAP {
                text.drain(..text.len() - 2 * CAP);
            }
        };
        text.extend(frames.rest().map(|f| f.bytes).unwrap_or_default());
        if let (Some(failure), true) = (cut, text.is_empty()) {
            return Err(failure);
        }
        Ok(newest(&redact(&visible(&String::from_utf8_lossy(&text)))).to_owned())
    }

    async fn inspected(&self, container: &str) -> Result<(Value, f64), Failure> {
        self.engine.json(&format!("/containers/{container}/json")).await
    }

    async fn inspect(&self, container: &str) -> Result<String, Failure> {
        let (mut value, _) = self.inspected(container).await?;
        redact_json(&mut value);
        Ok(format!("{value:#}"))
    }

    async fn health(&self) -> Result<String, Failure> {
        let fetched =
            self.http.get(self.http.url("health"), "application/json").await.map_err(|m| m.failure)?;
        Ok(match serde_json::from_slice::<Value>(&fetched.body) {
            Ok(mut value) => {
                redact_json(&mut value);
                serde_json::json!({ "http_status": fetched.status, "body": value }).to_string()
            }
            Err(_) => {
                let body = String::from_utf8_lossy(&fetched.body).into_owned();
                serde_json::json!({ "http_status": fetched.status, "body": redact(&visible(&body)) })
                    .to_string()
            }
        })
    }
}

#[async_trait]
impl Witness for DeploymentWitness {
    async fn testify(&self, part: Part) -> Vec<Evidence> {
        let container = self.containers.of(part).unwrap_or(&self.containers.application);
        let (logs, inspect, health) =
            tokio::join!(self.logs(container), self.inspect(container), self.health());
        vec![evidence("logs", logs), evidence("inspect", inspect), evidence("health", health)]
    }
}

fn evidence(kind: &str, text: Result<String, Failure>) -> Evidence {
    match text {
        Ok(text) if text.len() > CAP => {
            let failure = Some(format!("it has {} bytes, over {CAP}", text.len()));
            Evidence { kind: kind.into(), text: String::new(), failure }
        }
        Ok(text) => Evidence { kind: kind.into(), text, failure: None },
        Err(f) => Evidence {
            kind: kind.into(),
            text: String::new(),
            failure: Some(from_outside(&f.message, Failure::MOST_OF_A_MESSAGE)),
        },
    }
}

/// The last [`CAP`] bytes, from a line's beginning.
fn newest(text: &str) -> &str {
    if text.len() <= CAP {
        return text;
    }
    let mut from = text.len() - CAP;
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let tail = text.get(from..).unwrap_or_default();
    tail.split_once('\n').map_or(tail, |(_, whole)| whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_much_the_newest_is_kept() {
        assert_eq!(newest("short"), "short");
        let long = format!("{}\nlast line", "ώ".repeat(CAP));
        assert_eq!(newest(&long), "last line");
        let lines: String = (0..200_000).map(|i| format!("line {i}\n")).collect();
        let kept = newest(&lines);
        assert!(kept.len() <= CAP && kept.starts_with("line ") && kept.ends_with("line 199999\n"));
    }
}
