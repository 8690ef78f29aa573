//! A fake Docker Engine with one container, a log and an event stream.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use chrono::{DateTime, SecondsFormat};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// The fake Engine; clones share it.
#[derive(Clone, Default)]
pub(crate) struct FakeEngine(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    /// Inspect answers by name and by id.
    containers: HashMap<String, Value>,
    /// Logs by id: nanoseconds, stream, bytes.
    logs: HashMap<String, Vec<(i64, u8, Vec<u8>)>>,
    stats: Option<Value>,
    /// All events so far, and who listens.
    events: Vec<Value>,
    listeners: Vec<mpsc::UnboundedSender<Bytes>>,
    /// Queries of `/events`.
    asked: Vec<String>,
    down: bool,
}

impl FakeEngine {
    pub(crate) async fn serve(&self) -> String {
        let router = Router::new()
            .route(
                "/version",
                get(|| async {
                    Json(json!({"Version": "24.0.7", "ApiVersion": "1.43", "Os": "linux", "Arch": "amd64"}))
                }),
            )
            .route("/_ping", get(|| async { "OK" }))
            .route("/info", get(|| async { Json(json!({"MemTotal": 8_223_137_792_u64})) }))
            .route("/containers/{name}/json", get(inspect))
            .route("/containers/{name}/stats", get(stats))
            .route("/containers/{name}/logs", get(logs))
            .route("/events", get(events))
            .with_state(self.clone());
        super::serve(router).await
    }

    /// Makes a container of this name and id, and takes the name from the one that has it.
    pub(crate) fn create(&self, name: &str, id: &str) {
        let mut inspect: Value =
            serde_json::from_str(include_str!("../fixtures/inspect-20.10.json")).unwrap();
        inspect["Id"] = id.into();
        inspect["Name"] = format!("/{name}").into();
        let mut inner = self.0.lock().unwrap();
        inner.containers.insert(name.into(), inspect.clone());
        inner.containers.insert(id.into(), inspect);
        inner.logs.entry(id.into()).or_default();
    }
    pub(crate) fn inspect_answer(&self, name: &str, answer: Value) {
        self.0.lock().unwrap().containers.insert(name.into(), answer);
    }
    pub(crate) fn remove(&self, name: &str) {
        self.0.lock().unwrap().containers.remove(name);
    }
    pub(crate) fn stats(&self, answer: Value) {
        self.0.lock().unwrap().stats = Some(answer);
    }
    pub(crate) fn log(&self, id: &str, nanos: i64, stream: u8, text: &[u8]) {
        self.0.lock().unwrap().logs.get_mut(id).unwrap().push((nanos, stream, text.to_vec()));
    }
    pub(crate) fn rotate(&self, id: &str, keep: usize) {
        let mut inner = self.0.lock().unwrap();
        let log = inner.logs.get_mut(id).unwrap();
        log.drain(..log.len() - keep);
    }
    /// Tells the listeners, and remembers.
    pub(crate) fn event(&self, event: Value) {
        let mut inner = self.0.lock().unwrap();
        let line = Bytes::from(format!("{event}\n"));
        inner.events.push(event);
        inner.listeners.retain(|l| l.send(line.clone()).is_ok());
    }
    /// Ends all event streams; while `down`, no new one begins.
    pub(crate) fn hang_up(&self, down: bool) {
        let mut inner = self.0.lock().unwrap();
        inner.listeners.clear();
        inner.down = down;
    }
    pub(crate) fn come_back(&self) {
        self.0.lock().unwrap().down = false;
    }
    pub(crate) fn asked(&self) -> Vec<String> {
        self.0.lock().unwrap().asked.clone()
    }
}

/// A message as Engine 24 writes it.
pub(crate) fn event(action: &str, id: &str, name: &str, nanos: i64) -> Value {
    json!({
        "Type": "container", "Action": action, "scope": "local", "time": nanos / 1_000_000_000, "timeNano": nanos,
        "Actor": {"ID": id, "Attributes": {"name": name, "image": "sms:1", "exitCode": "1"}},
    })
}

fn no_such(name: &str) -> Response {
    (StatusCode::NOT_FOUND, Json(json!({"message": format!("No such container: {name}")}))).into_response()
}

async fn inspect(State(engine): State<FakeEngine>, Path(name): Path<String>) -> Response {
    match engine.0.lock().unwrap().containers.get(&name) {
        Some(answer) => Json(answer.clone()).into_response(),
        None => no_such(&name),
    }
}

async fn stats(State(engine): State<FakeEngine>, Path(name): Path<String>) -> Response {
    match &engine.0.lock().unwrap().stats {
        Some(answer) => Json(answer.clone()).into_response(),
        None => no_such(&name),
    }
}

async fn logs(
    State(engine): State<FakeEngine>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let inner = engine.0.lock().unwrap();
    let id = inner.containers.get(&id).and_then(|c| c["Id"].as_str()).unwrap_or(&id);
    let Some(log) = inner.logs.get(id) else { return no_such(id) };
    let since = query.get("since").map_or(0, |s| nanos_of(s));
    let tail = query.get("tail").map_or(usize::MAX, |t| t.parse().unwrap());
    let mut body = Vec::new();
    // The newest first, and only of these the ones since then, as dockerd does it.
    let newest = log.iter().skip(log.len().saturating_sub(tail));
    for (nanos, stream, text) in newest.filter(|(nanos, ..)| *nanos >= since) {
        let time = DateTime::from_timestamp_nanos(*nanos).to_rfc3339_opts(SecondsFormat::Nanos, true);
        let payload = [time.as_bytes(), b" ", text].concat();
        body.extend([*stream, 0, 0, 0]);
        body.extend(u32::try_from(payload.len()).unwrap().to_be_bytes());
        body.extend(payload);
    }
    // In odd pieces, so that frames are cut.
    let pieces: Vec<_> = body.chunks(7).map(|c| Ok::<_, Infallible>(Bytes::copy_from_slice(c))).collect();
    Body::from_stream(stream::iter(pieces)).into_response()
}

async fn events(State(engine): State<FakeEngine>, Query(query): Query<HashMap<String, String>>) -> Response {
    let mut inner = engine.0.lock().unwrap();
    if inner.down {
        return (StatusCode::SERVICE_UNAVAILABLE, "starting").into_response();
    }
    inner.asked.push(query["since"].clone());
    let since = nanos_of(&query["since"]);
    let (sender, receiver) = mpsc::unbounded_channel();
    for event in inner.events.iter().filter(|e| e["timeNano"].as_i64().unwrap() >= since) {
        sender.send(Bytes::from(format!("{event}\n"))).unwrap();
    }
    inner.listeners.push(sender);
    Body::from_stream(stream::unfold(receiver, |mut receiver| async {
        let line = receiver.recv().await?;
        Some((Ok::<_, Infallible>(line), receiver))
    }))
    .into_response()
}

fn nanos_of(since: &str) -> i64 {
    let (seconds, nanos) = since.split_once('.').unwrap();
    seconds.parse::<i64>().unwrap() * 1_000_000_000 + nanos.parse::<i64>().unwrap()
}
