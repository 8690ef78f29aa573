//! The world's answers as JSON, in the shapes of the real SMS and the real Engine.

mod made;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use watchkeeper_core::{
    part::Part,
    reading::{
        ContainerAction, ContainerEvent, ContainerHealth, ContainerState, ContainerStatus, HealthStatus,
    },
    time::Span,
};

use crate::world::{World, limit_bytes};

/// The asset that the page names.
pub const ASSET: &str = "/assets/index-5d1c0b7e.js";

/// The body of `/health` at `t`, bare also where it says 503.
pub fn health(world: &World, t: Span) -> Value {
    let answer = world.health(t);
    let up = answer.database_ok == Some(true);
    let mut body = json!({
        "status": word(answer.status),
        "timestamp": naive(world.utc(t)),
        "uptime_seconds": world.uptime_seconds(t),
        "environment": "docker",
        "version": world.version_at(t),
        "checks": {
            "database": database(world, t),
            "disk_space": disk(world, t),
            "memory": {
                "status": "healthy",
                "message": "Memory usage normal",
                "details": { "percent_used": 47.5 },
            },
            "migrations": migrations(up),
            "frontend": {
                "status": "degraded",
                "message": "Frontend not detected (optional service)",
                "details": { "running": false, "port": null },
            },
        },
        "statistics": {},
        "system": {
            "hostname": "c0ffee5e5510",
            "ips": ["172.20.0.3", "127.0.0.1"],
            "python_version": "3.11.9",
        },
        "database": if up { "connected" } else { "disconnected" },
        "services": { "backend": { "status": "running" } },
        "network": { "ips": ["172.20.0.3", "127.0.0.1"] },
    });
    if let (Some(counts), Some(object)) = (answer.statistics, body.as_object_mut()) {
        object.insert("statistics".into(), json!(counts));
    }
    body
}

/// The body of `/health/ready` at `t`, bare also where it says 503.
pub fn ready(world: &World, t: Span) -> Value {
    json!({
        "status": if world.ready(t).http_status == 200 { "ready" } else { "not_ready" },
        "timestamp": naive(world.utc(t)),
        "checks": { "database": database(world, t), "disk_space": disk(world, t) },
    })
}

/// The body of `/health/live` at `t`.
pub fn live(world: &World, t: Span) -> Value {
    json!({
        "status": "healthy",
        "timestamp": naive(world.utc(t)),
        "uptime_seconds": world.uptime_seconds(t),
    })
}

/// The body of `/api` at `t`.
pub fn api(world: &World, t: Span) -> Value {
    json!({
        "message": "Student Management System API",
        "version": world.version_at(t),
        "status": "running",
        "documentation": { "swagger": "/docs", "redoc": "/redoc" },
        "endpoints": {
            "students": "/api/v1/students",
            "courses": "/api/v1/courses",
            "grades": "/api/v1/grades",
            "health": "/health",
        },
    })
}

/// The page.
pub fn page() -> String {
    format!(
        "<!doctype html>\n<html lang=\"el\">\n  <head>\n    <meta charset=\"UTF-8\" />\n    \
         <title>Student Management System</title>\n    \
         <script type=\"module\" crossorigin src=\"{ASSET}\"></script>\n    \
         <link rel=\"stylesheet\" crossorigin href=\"/assets/index-91ab44c2.css\" />\n  </head>\n  \
         <body>\n    <!-- simulated -->\n    <div id=\"root\"></div>\n  </body>\n</html>\n"
    )
}

/// One page of the list of students.
pub fn students(world: &World, t: Span, skip: u64, limit: u64) -> Value {
    let total = world.statistics(t).students.unwrap_or(0);
    let items: Vec<Value> = (skip..total.min(skip.saturating_add(limit.min(100))))
        .map(|n| {
            json!({
                "id": n + 1,
                "student_id": format!("STU{:05}", n + 1),
                "first_name": "Φοιτητής",
                "last_name": format!("Δοκιμή {}", n + 1),
                "email": format!("student{}@example.com", n + 1),
                "is_active": true,
            })
        })
        .collect();
    json!({ "items": items, "total": total, "skip": skip, "limit": limit })
}

/// `docker inspect` of the container of `part` at `t`; `None` while there is none.
pub fn inspect(world: &World, part: Part, t: Span) -> Option<Value> {
    let state = world.container_of(part, t)?;
    let made = made::of(part, world.layout().is_one());
    let running = matches!(
        state.status,
        ContainerStatus::Running | ContainerStatus::Paused | ContainerStatus::Restarting
    );
    Some(json!({
        "Id": state.id,
        "Created": stamp(world.created_of(part, t)?),
        "Path": made.path,
        "Args": made.args,
        "State": {
            "Status": status(state.status),
            "Running": running,
            "Paused": state.status == ContainerStatus::Paused,
            "Restarting": state.status == ContainerStatus::Restarting,
            "OOMKilled": state.oom_killed,
            "Dead": false,
            "Pid": if running && state.status != ContainerStatus::Restarting { 4_242 } else { 0 },
            "ExitCode": state.exit_code.unwrap_or(0),
            "Error": "",
            "StartedAt": state.started_at.map_or_else(never, stamp),
            "FinishedAt": state.finished_at.map_or_else(never, stamp),
            "Health": {
                "Status": health_word(state.health),
                "FailingStreak": if state.health == ContainerHealth::Unhealthy { 3 } else { 0 },
                "Log": [],
            },
        },
        "Image": state.image_id,
        "Name": format!("/{}", state.name),
        "RestartCount": state.restart_count,
        "Driver": "overlay2",
        "Platform": "linux",
        "Mounts": [],
        "HostConfig": made.host_config(part),
        "Config": made.config(part, &state.image, version(world, part, t)),
        "NetworkSettings": { "Networks": { "bridge": { "IPAddress": made.address } } },
    }))
}

/// The version of the SMS in the container of `part`.
fn version(world: &World, part: Part, t: Span) -> &str {
    if part.is_application() { world.version_at(t) } else { world.version() }
}

/// The container of `part`, which is `state`, as `docker ps` lists it.
pub(crate) fn listed(world: &World, part: Part, state: &ContainerState, t: Span) -> Value {
    let made = made::of(part, world.layout().is_one());
    json!({
        "Id": state.id,
        "Names": [format!("/{}", state.name)],
        "Image": state.image,
        "ImageID": state.image_id,
        "Command": format!("{} {}", made.path, made.args.join(" ")),
        "Created": world.created_of(part, t).map(|at| at.timestamp()),
        "Ports": made.ports(),
        "Labels": made.labels(part, version(world, part, t)),
        "State": status(state.status),
        "Status": status(state.status),
    })
}

/// One sample of `docker stats` of the container of `part` at `t` as a one-shot request gets it (no sample before it), with the numbers of
/// cgroup v1; all zero where the container does not run. `None` while there is no container.
pub fn stats(world: &World, part: Part, t: Span) -> Option<Value> {
    let state = world.container_of(part, t)?;
    let limit = limit_bytes(part);
    let none = json!({
        "cpu_usage": { "total_usage": 0, "usage_in_kernelmode": 0, "usage_in_usermode": 0 },
        "throttling_data": { "periods": 0, "throttled_periods": 0, "throttled_time": 0 },
    });
    let (read, cpu, memory) = match world.usage_of(part, t) {
        None => (never(), none.clone(), json!({})),
        Some(usage) => {
            let total = world.cpu_nanos_of(part, t);
            let cache = world.cache_bytes(part, t);
            let mut cpu = none.clone();
            cpu["cpu_usage"] = json!({
                "total_usage": total,
                "usage_in_kernelmode": total / 5,
                "usage_in_usermode": total - total / 5,
            });
            cpu["system_cpu_usage"] = json!(world.system_nanos(t));
            cpu["online_cpus"] = json!(usage.online_cpus);
            let memory = json!({
                "usage": usage.memory_bytes + cache,
                "max_usage": limit,
                "stats": {
                    "cache": cache,
                    "rss": usage.memory_bytes,
                    "inactive_file": cache,
                    "total_inactive_file": cache,
                },
                "limit": limit,
            });
            (stamp(world.utc(t)), cpu, memory)
        }
    };
    Some(json!({
        "read": read,
        "preread": never(),
        "pids_stats": { "current": 14 },
        "blkio_stats": {},
        "num_procs": 0,
        "storage_stats": {},
        "cpu_stats": cpu,
        "precpu_stats": none,
        "memory_stats": memory,
        "name": format!("/{}", state.name),
        "id": state.id,
    }))
}

/// One event of the container of `part`, called `name`, as the Engine's stream writes it.
pub fn event(part: Part, name: &str, event: &ContainerEvent) -> Value {
    let mut attributes = json!({
        "image": event.image,
        "name": name,
        "com.sms.service": made::of(part, true).service,
        "simulated": "true",
    });
    let action = match &event.action {
        ContainerAction::Create => "create".into(),
        ContainerAction::Start => "start".into(),
        ContainerAction::Kill(signal) => {
            if let Some(signal) = signal {
                attributes["signal"] = json!(signal);
            }
            "kill".into()
        }
        ContainerAction::Die => "die".into(),
        ContainerAction::Oom => "oom".into(),
        ContainerAction::Stop => "stop".into(),
        ContainerAction::Restart => "restart".into(),
        ContainerAction::Pause => "pause".into(),
        ContainerAction::Unpause => "unpause".into(),
        ContainerAction::Rename => "rename".into(),
        ContainerAction::Destroy => "destroy".into(),
        ContainerAction::Health(word) => format!("health_status: {}", health_word(*word)),
        ContainerAction::Exec => "exec_start: sh".into(),
        ContainerAction::CopyOut => "archive-path".into(),
        ContainerAction::CopyIn => "extract-to-dir".into(),
        ContainerAction::Export => "export".into(),
        ContainerAction::Commit => "commit".into(),
        ContainerAction::Attach => "attach".into(),
        ContainerAction::Update => "update".into(),
        ContainerAction::Other(other) => other.clone(),
    };
    if let Some(code) = event.exit_code {
        attributes["exitCode"] = json!(code.to_string());
    }
    json!({
        "status": action,
        "id": event.id,
        "from": event.image,
        "Type": "container",
        "Action": action,
        "Actor": { "ID": event.id, "Attributes": attributes },
        "scope": "local",
        "time": event.at.timestamp(),
        "timeNano": event.at.timestamp_nanos_opt().unwrap_or(0),
    })
}

/// An instant as the Engine writes it.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

fn never() -> String {
    "0001-01-01T00:00:00Z".into()
}

/// An instant as Python writes it without a zone; the container's local time is UTC.
fn naive(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

fn database(world: &World, t: Span) -> Value {
    if world.database_up(t) {
        json!({
            "status": "healthy",
            "message": crate::world::database_message(true),
            "journal_mode": "n/a",
            "details": { "connected": true, "responsive": true },
        })
    } else {
        let message = crate::world::database_message(false);
        json!({
            "status": "unhealthy",
            "details": { "connected": false, "error": crate::world::REFUSED },
            "message": message,
        })
    }
}

fn disk(world: &World, t: Span) -> Value {
    let (total, percent) = (3_582.0, world.disk_percent(t));
    let cents = |x: f64| (x * 100.0).round() / 100.0;
    let used = total * percent / 100.0;
    let low = percent >= 90.0;
    json!({
        "status": if low { "degraded" } else { "healthy" },
        "message": if low {
            format!("Disk space low: {percent:.1}% used")
        } else {
            format!("Disk space sufficient: {:.1}GB free", total - used)
        },
        "details": {
            "total_gb": total,
            "used_gb": cents(used),
            "free_gb": cents(total - used),
            "percent_used": cents(percent),
        },
    })
}

fn migrations(known: bool) -> Value {
    if known {
        json!({
            "status": "healthy",
            "message": "Database migrations up to date",
            "details": { "current_version": crate::world::SCHEMA, "at_head": true },
        })
    } else {
        json!({
            "status": "degraded",
            "message": "Could not check migration status",
            "details": { "error": "sqlalchemy.exc.OperationalError: connection refused" },
        })
    }
}

const fn word(status: HealthStatus) -> &'static str {
    match status {
        HealthStatus::Healthy => "healthy",
        HealthStatus::Degraded => "degraded",
        HealthStatus::Unhealthy => "unhealthy",
        HealthStatus::Unknown => "unknown",
    }
}

const fn health_word(health: ContainerHealth) -> &'static str {
    match health {
        ContainerHealth::None => "none",
        ContainerHealth::Starting => "starting",
        ContainerHealth::Healthy => "healthy",
        ContainerHealth::Unhealthy => "unhealthy",
    }
}

/// The state as `docker ps` and `docker inspect` name it.
pub(crate) const fn status(status: ContainerStatus) -> &'static str {
    match status {
        ContainerStatus::Created => "created",
        ContainerStatus::Running => "running",
        ContainerStatus::Paused => "paused",
        ContainerStatus::Restarting => "restarting",
        ContainerStatus::Removing => "removing",
        ContainerStatus::Exited => "exited",
        ContainerStatus::Dead => "dead",
        ContainerStatus::Unknown => "unknown",
    }
}
