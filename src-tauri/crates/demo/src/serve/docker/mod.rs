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
    reading::{ContainerStatus, FailureKind, Place, Source},
    time::Span,
};

use super::{gate::Line, stage::Stage};
use crate::{
    shape,
    world::{CONTAINER, Reply, World, blocked},
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
        ["containers", name, what] if is_ours(world, t, name) => match *what {
            "json" => json_or_absent(shape::inspect(world, t), name),
            "logs" => logs::answer(world, t, asked),
            "stats" if truth(asked, "stream", true) => events::stats(stage.clone()),
            "stats" => json_or_absent(shape::stats(world, t), name),
            _ => message(StatusCode::NOT_FOUND, "page not found"),
        },
        ["containers", name, _] => no_container(name),
        ["images", name @ .., "json"] => image(world, t, &name.join("/")),
        _ => message(StatusCode::NOT_FOUND, "page not found"),
    }
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v')
        .is_some_and(|n| n.contains('.') && n.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

fn is_ours(world: &World, t: Span, name: &str) -> bool {
    world.container(t).is_some_and(|c| name == CONTAINER || (name.len() >= 6 && c.id.starts_with(name)))
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
    let status = world.container(t).map(|c| c.status);
    let count = |wanted: &[ContainerStatus]| usize::from(status.is_some_and(|s| wanted.contains(&s)));
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
        "Containers": usize::from(status.is_some()),
        "ContainersRunning": count(&[ContainerStatus::Running, ContainerStatus::Restarting]),
        "ContainersPaused": count(&[ContainerStatus::Paused]),
        "ContainersStopped": count(&[ContainerStatus::Exited, ContainerStatus::Created]),
        "Images": 1,
        "Driver": "overlay2",
        "LoggingDriver": "json-file",
        "DockerRootDir": "/share/Container/container-station-data/lib/docker",
        "SystemTime": shape::stamp(world.utc(t)),
        "Labels": ["simulated=true"],
    })
}

fn list(world: &World, t: Span) -> Value {
    let listed = world.container(t).map(|c| {
        json!({
            "Id": c.id,
            "Names": [format!("/{}", c.name)],
            "Image": c.image,
            "ImageID": c.image_id,
            "Command": "/entrypoint.sh uvicorn backend.main:app",
            "Created": world.created(t).timestamp(),
            "Ports": [{ "IP": "0.0.0.0", "PrivatePort": 8_000, "PublicPort": 8_080, "Type": "tcp" }],
            "Labels": { "com.sms.service": "app", "com.sms.version": world.version_at(t), "simulated": "true" },
            "State": shape::status(c.status),
            "Status": shape::status(c.status),
        })
    });
    Value::Array(listed.into_iter().collect())
}

fn image(world: &World, t: Span, name: &str) -> Response {
    let name = name.replace("%3A", ":").replace("%3a", ":");
    match world.container(t).filter(|c| c.image == name || c.image_id == name) {
        Some(c) => Json(json!({
            "Id": c.image_id,
            "RepoTags": [c.image],
            "RepoDigests": [],
            "Created": shape::stamp(world.created(t)),
            "Os": "linux",
            "Architecture": "amd64",
            "Size": 612_000_000,
            "Config": { "Labels": { "simulated": "true" }, "Env": [], "Cmd": [] },
        }))
        .into_response(),
        None => message(StatusCode::NOT_FOUND, &format!("No such image: {name}")),
    }
}
