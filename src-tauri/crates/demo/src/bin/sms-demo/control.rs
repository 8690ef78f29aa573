//! `/__demo/…`: faults on demand, for tests that need a real crash or a real shortage of memory. Answers are labelled
//! as simulated like all others.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::Query,
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;
use watchkeeper_core::time::Span;
use watchkeeper_demo::{FaultKind, serve::Stage};

use crate::words;

/// Memory that was eaten, for good.
static EATEN: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// How long an answer is given to leave before the process ends.
const LAST_WORDS: Duration = Duration::from_millis(100);

const MIB: usize = 1_048_576;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    kind: FaultKind,
    lasts: Option<Span>,
}

#[derive(Deserialize)]
struct Crash {
    #[serde(default = "one")]
    code: i32,
}

const fn one() -> i32 {
    1
}

#[derive(Deserialize)]
struct Eat {
    mib: usize,
}

/// The routes.
pub(crate) fn router(stage: Arc<Stage>) -> Router {
    Router::new()
        .route("/__demo", get(about))
        .route(
            "/__demo/fault",
            post(move |Json(wanted): Json<Wanted>| async move { labelled(fault(&stage, &wanted)) }),
        )
        .route("/__demo/crash", post(|Query(crash): Query<Crash>| async move { labelled(end(crash.code)) }))
        .route(
            "/__demo/eat",
            post(|Query(wanted): Query<Eat>| async move { labelled(eat(wanted.mib).await) }),
        )
}

async fn about() -> Response {
    labelled((
        StatusCode::OK,
        json!({
            "simulated": true,
            "POST /__demo/fault": "{\"kind\": …, \"lasts\": \"2m\"}: lets a fault happen now",
            "POST /__demo/crash?code=3": "ends the process",
            "POST /__demo/eat?mib=100": "uses that much more memory",
            "kinds": FaultKind::EXAMPLES.iter().filter(|k| reason_against(**k).is_none()).collect::<Vec<_>>(),
        }),
    ))
}

fn fault(stage: &Stage, wanted: &Wanted) -> (StatusCode, serde_json::Value) {
    if let Some(reason) = reason_against(wanted.kind) {
        return (StatusCode::UNPROCESSABLE_ENTITY, json!({ "simulated": true, "message": reason }));
    }
    stage.inject_now(wanted.kind, wanted.lasts);
    (StatusCode::ACCEPTED, json!({ "simulated": true, "kind": wanted.kind, "lasts_ms": wanted.lasts }))
}

/// Why a fault cannot be had here.
fn reason_against(kind: FaultKind) -> Option<&'static str> {
    match kind {
        _ if kind.part_that_ends().is_some() => {
            Some("This container is a real one: use docker itself, /__demo/crash or /__demo/eat.")
        }
        FaultKind::MemoryLeak { .. }
        | FaultKind::HighMemory { .. }
        | FaultKind::CapacityUse { .. }
        | FaultKind::HighCpu { .. } => Some("The Engine measures this process for real: use /__demo/eat."),
        FaultKind::PcOffline | FaultKind::NetworkDown | FaultKind::NasDown | FaultKind::EngineDown => {
            Some("This process is neither the network nor the NAS nor the Engine.")
        }
        _ => None,
    }
}

fn end(code: i32) -> (StatusCode, serde_json::Value) {
    words::python("backend.main", "CRITICAL", "Unhandled exception, the process ends");
    words::err("Traceback (most recent call last):");
    words::err("  File \"/app/backend/main.py\", line 388, in watch_workers");
    words::err("RuntimeError: ended on demand (simulated)");
    tokio::spawn(async move {
        tokio::time::sleep(LAST_WORDS).await;
        std::process::exit(code);
    });
    (StatusCode::ACCEPTED, json!({ "simulated": true, "code": code }))
}

async fn eat(mib: usize) -> (StatusCode, serde_json::Value) {
    let eaten = tokio::task::spawn_blocking(move || {
        for _ in 0..mib {
            // A byte that is not 0 is really written, page by page; bit by bit, so that the kernel has the last word.
            let bite = vec![0xa5_u8; MIB];
            EATEN.lock().unwrap_or_else(PoisonError::into_inner).push(bite);
        }
        EATEN.lock().unwrap_or_else(PoisonError::into_inner).len()
    });
    let total = eaten.await.unwrap_or(0);
    (StatusCode::OK, json!({ "simulated": true, "eaten_mib": total }))
}

fn labelled((status, body): (StatusCode, serde_json::Value)) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert("x-simulated", HeaderValue::from_static("true"));
    response
}
