//! The Docker Engine's side, as far as a watch reads it. Everything else is refused: this Engine has no hands.

mod events;
mod logs;

use std::{collections::HashMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{ConnectInfo, Query, Request, State},
    http::{HeaderValue, Method, StatusCode},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use watchkeeper_core::{
    part::Part,
    reading::{ContainerState, ContainerStatus, FailureKind, Place, Source},
    time::Span,
};

use super::{gate::Line, stage::Stage};
use crate::{
    shape,
    world::{Reply, World, blocked},
};

/// A request's query.
type Asked = HashMap<String, String>;

pub(super) fn router(stage: Arc<Stage>) -> Router {
    Router::new().fallback(answer).with_state(stage)
}

async fn answer(
    State(stage): State<Arc<Stage>>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response {
    let path = request.uri().path().to_owned();
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    let parts = parts.split_first().filter(|(v, _)| is_version(v)).map_or(parts.as_slice(), |(_, rest)| rest);
    let source = match parts {
        ["containers", _, "json"] => Source::Inspect,
        ["containers", _, "stats"] => Source::Stats,
        ["containers", _, "logs"] => Source::Logs,
        _ => Source::Engine,
    };
    let reply = stage.answered(|world, t| match world.blocked(t) {
        Some(place) => blocked(place),
        None if !world.engine_up(t) => {
            Reply::Failed { took_ms: 2.0, place: Place::DockerEngine, kind: FailureKind::Refused }
        }
        None => Reply::Answered { took_ms: world.latency(source, t), status: 200 },
    });
    let Some((t, took_ms, _)) = reply.await else {
        line.cut();
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    stage.linger(took_ms).await;
    let asked = Query::<Asked>::try_from_uri(request.uri()).map(|Query(q)| q).unwrap_or_default();
    let mut response = if matches!(*request.method(), Method::GET | Method::HEAD) {
        read(&stage, &stage.world(), t, parts, &asked)
    } else {
        message(StatusCode::NOT_IMPLEMENTED, "The simulated Engine only answers what is read.")
    };
    let headers = response.headers_mut();
    stage.label(headers, t, took_ms);
    headers.insert("api-version", HeaderValue::from_static("1.41"));
    headers.insert("docker-experimental", HeaderValue::from_static("false"));
    headers.insert("ostype", HeaderValue::from_static("linux"));
    headers.insert("server", HeaderValue::from_static("Docker/20.10.24 (linux)"));
    response
}

fn read(stage: &Arc<Stage>, world: &World, t: Span, parts: &[&str], asked: &Asked) -> Response {
    match parts {
        ["_ping"] => "OK".into_response(),
        ["version"] => Json(version(world)).into_response(),
        ["info"] => Json(info(world, t)).into_response(),
        ["events"] => events::stream(stage.clone(), t, asked),
        ["containers", "json"] => Json(list(world, t)).into_response(),
        ["containers", name, what] => match (part_of(world, t, name), *what) {
            (None, _) => no_container(name),
            (Some(part), "json") => json_or_absent(shape::inspect(world, part, t), name),
            (Some(part), "logs") => logs::answer(world, part, t, asked),
            (Some(part), "stats") if truth(asked, "stream", true) => events::stats(stage.clone(), part),
            (Some(part), "stats") => json_or_absent(shape::stats(world, part, t), name),
            _ => message(StatusCode::NOT_FOUND, "page not found"),
        },
        ["images", name @ .., "json"] => image(world, t, &name.join("/")),
        _ => message(StatusCode::NOT_FOUND, "page not found"),
    }
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|n| n.contains('.') && n.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

/// Every container that there is.
fn containers(world: &World, t: Span) -> impl Iterator<Item = (Part, ContainerState)> {
    world.layout().containers().filter_map(move |(part, _)| Some((part, world.container_of(part, t)?)))
}

/// The part whose container has `name`, or an id that begins so.
fn part_of(world: &World, t: Span, name: &str) -> Option<Part> {
    let is_it = |c: &ContainerState| c.name == name || (name.len() >= 6 && c.id.starts_with(name));
    containers(world, t).find(|(_, c)| is_it(c)).map(|(part, _)| part)
}

/// A yes or no of the query as the Engine reads it.
fn truth(asked: &Asked, key: &str, absent: bool) -> bool {
    asked
        .get(key)
        .map_or(absent, |v| !matches!(v.to_lowercase().as_str(), "" | "0" | "no" | "false" | "none"))
}

fn message(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "message": text }))).into_response()
}

fn no_container(name: &str) -> Response {
    message(StatusCode::NOT_FOUND, &format!("No such container: {name}"))
}

fn json_or_absent(body: Option<Value>, name: &str) -> Response {
    body.map_or_else(|| no_container(name), |b| Json(b).into_response())
}

fn version(world: &World) -> Value {
    let engine = world.engine();
    json!({
        "Platform": { "Name": "Docker Engine - Simulated" },
        "Components": [{ "Name": "Engine", "Version": engine.version, "Details": {} }],
        "Version": engine.version,
        "ApiVersion": engine.api_version,
        "MinAPIVersion": "1.12",
        "GitCommit": "simulated",
        "GoVersion": "go1.19.7",
        "Os": "linux",
        "Arch": "amd64",
        "KernelVersion": "5.10.60-qnap",
        "BuildTime": "2023-04-04T18:18:43.000000000+00:00",
    })
}

fn info(world: &World, t: Span) -> Value {
    let all: Vec<ContainerStatus> = containers(world, t).map(|(_, c)| c.status).collect();
    let count = |wanted: &[ContainerStatus]| all.iter().filter(|s| wanted.contains(s)).count();
    json!({
        "ID": "SIMU:LATE:D000",
        "Name": "simulated-nas",
        "ServerVersion": world.engine().version,
        "OperatingSystem": "Simulated NAS",
        "OSType": "linux",
        "Architecture": "x86_64",
        "KernelVersion": "5.10.60-qnap",
        "NCPU": 4,
        "MemTotal": 8_589_934_592_u64,
        "CgroupDriver": "cgroupfs",
        "CgroupVersion": "1",
        "Containers": all.len(),
        "ContainersRunning": count(&[ContainerStatus::Running, ContainerStatus::Restarting]),
        "ContainersPaused": count(&[ContainerStatus::Paused]),
        "ContainersStopped": count(&[ContainerStatus::Exited, ContainerStatus::Created]),
        "Images": world.layout().containers().count(),
        "Driver": "overlay2",
        "LoggingDriver": "json-file",
        "DockerRootDir": "/share/Container/container-station-data/lib/docker",
        "SystemTime": shape::stamp(world.utc(t)),
        "Labels": ["simulated=true"],
    })
}

fn list(world: &World, t: Span) -> Value {
    containers(world, t).map(|(part, state)| shape::listed(world, part, &state, t)).collect()
}

fn image(world: &World, t: Span, name: &str) -> Response {
    let name = name.replace("%3A", ":").replace("%3a", ":");
    match containers(world, t).find(|(_, c)| c.image == name || c.image_id == name) {
        Some((part, c)) => Json(json!({
            "Id": c.image_id,
            "RepoTags": [c.image],
            "RepoDigests": [],
            "Created": world.created_of(part, t).map(shape::stamp),
            "Os": "linux",
            "Architecture": "amd64",
            "Size": 612_000_000,
            "Config": { "Labels": { "simulated": "true" }, "Env": [], "Cmd": [] },
        }))
        .into_response(),
        None => message(StatusCode::NOT_FOUND, &format!("No such image: {name}")),
    }
}
