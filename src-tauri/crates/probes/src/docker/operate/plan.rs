//! The plan of a roll back, as it is shown to who decides.

use std::collections::BTreeSet;

use serde_json::Value;
use watchkeeper_core::{
    action::{ImageRef, PlanLine, RollBackPlan},
    redact::from_outside,
    time::Span,
};

use super::{
    json::{empty, items, list, object, text},
    own::{env_name, own_config},
    recreate::{Recreation, policy_text},
};
use crate::docker::container::LONGEST_NAME;

/// The Engine's own grace period.
const STOP_TIMEOUT: i64 = 10;
/// A container that may take for ever to end gets no more than this.
const LONGEST_STOP: Span = Span::mins(10);
/// The most characters of a line.
const MOST: usize = 600;

/// The plan for `container` with its image, and the image to go back to under the name `to_name`; all as the Engine
/// tells them.
pub fn plan(container: &Value, image: &Value, to: &Value, to_name: &str) -> RollBackPlan {
    let name = text(container, "/Name").trim_start_matches('/');
    let id = text(container, "/Id");
    let short: String = id.chars().take(12).collect();
    let restart_policy = policy_text(container);
    let recreation = Recreation::of(container, image, to_name, &restart_policy);
    let stop = container.pointer("/Config/StopTimeout").and_then(Value::as_i64).unwrap_or(STOP_TIMEOUT);
    RollBackPlan {
        container: from_outside(name, LONGEST_NAME),
        container_id: from_outside(id, LONGEST_NAME),
        from: ImageRef {
            name: from_outside(text(container, "/Config/Image"), LONGEST_NAME),
            id: from_outside(text(container, "/Image"), LONGEST_NAME),
        },
        to: ImageRef {
            name: from_outside(to_name, LONGEST_NAME),
            id: from_outside(text(to, "/Id"), LONGEST_NAME),
        },
        aside: format!("{name}-aside-{short}"),
        made_as: format!("{name}-new-{short}"),
        restart_policy: restart_policy.clone(),
        stop_timeout: u64::try_from(stop).map_or(LONGEST_STOP, Span::secs).min(LONGEST_STOP),
        settings: lines(container, image, to, &recreation, &restart_policy),
        digest: recreation.digest(),
    }
}

fn lines(
    container: &Value,
    image: &Value,
    to: &Value,
    recreation: &Recreation,
    policy: &str,
) -> Vec<PlanLine> {
    let own = Value::Object(own_config(container, image));
    let host = container.get("HostConfig").unwrap_or(&Value::Null);
    let words = |value: &Value| items(value).filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    let keys =
        |pointer: &str| object(&own, pointer).map(|(key, _)| key.clone()).collect::<Vec<_>>().join(", ");
    let env = list(&own, "/Env").map(env_name).collect::<BTreeSet<_>>();
    let mut all = vec![
        ("environment", env.into_iter().collect::<Vec<_>>().join(", ")),
        ("entry point", own.get("Entrypoint").map(words).unwrap_or_default()),
        ("command", own.get("Cmd").map(words).unwrap_or_default()),
        ("user", text(&own, "/User").to_owned()),
        ("working directory", text(&own, "/WorkingDir").to_owned()),
        ("host name", text(&own, "/Hostname").to_owned()),
        ("stop signal", text(&own, "/StopSignal").to_owned()),
        ("mounts", mounts(container)),
        ("ports", ports(host)),
        ("networks", networks(recreation, host)),
        ("restart policy", policy.to_owned()),
        ("health check", health_check(&own, to)),
        ("labels", keys("/Labels")),
        ("Compose", compose(container)),
        ("limits", limits(host)),
        ("extra hosts", words(host.get("ExtraHosts").unwrap_or(&Value::Null))),
        ("logging", logging(host)),
        ("other settings", others(host)),
        ("left to the image", left_to_the_image(container, image, to, &own)),
    ];
    all.retain(|(_, value)| !value.is_empty());
    all.into_iter()
        .map(|(what, value)| PlanLine { what: what.to_owned(), value: from_outside(&value, MOST) })
        .collect()
}

fn mounts(container: &Value) -> String {
    let mut all: Vec<String> = list(container, "/Mounts")
        .map(|mount| {
            let source = match text(mount, "/Type") {
                "volume" => format!("volume {}", text(mount, "/Name")),
                "bind" => text(mount, "/Source").to_owned(),
                other => other.to_owned(),
            };
            let only_read = if mount.get("RW") == Some(&Value::Bool(false)) { " (read-only)" } else { "" };
            format!("{source} on {}{only_read}", text(mount, "/Destination"))
        })
        .collect();
    all.extend(object(container, "/HostConfig/Tmpfs").map(|(path, options)| {
        let options = options.as_str().filter(|o| !o.is_empty()).map(|o| format!(" ({o})"));
        format!("tmpfs on {path}{}", options.unwrap_or_default())
    }));
    all.sort();
    all.join("; ")
}

fn ports(host: &Value) -> String {
    let mut all = Vec::new();
    for (port, bindings) in object(host, "/PortBindings") {
        for binding in items(bindings) {
            let (address, number) = (text(binding, "/HostIp"), text(binding, "/HostPort"));
            let number = if number.is_empty() { "any" } else { number };
            let address = if address.is_empty() { String::new() } else { format!("{address}:") };
            all.push(format!("{address}{number} to {port}"));
        }
    }
    if host.get("PublishAllPorts") == Some(&Value::Bool(true)) {
        all.push("all that are exposed".to_owned());
    }
    all.join("; ")
}

fn networks(recreation: &Recreation, host: &Value) -> String {
    let mode = text(host, "/NetworkMode");
    if mode.starts_with("container:") {
        return format!("that of another container ({mode})");
    }
    let named = recreation.networks.iter().map(|(name, settings)| {
        let mut words = Vec::new();
        for key in ["IPv4Address", "IPv6Address"] {
            let address = text(settings, &format!("/IPAMConfig/{key}"));
            words.extend((!address.is_empty()).then(|| format!("address {address}")));
        }
        let aliases: Vec<&str> = list(settings, "/Aliases").filter_map(Value::as_str).collect();
        words.extend((!aliases.is_empty()).then(|| format!("also named {}", aliases.join(", "))));
        if words.is_empty() { name.clone() } else { format!("{name} ({})", words.join("; ")) }
    });
    named.collect::<Vec<_>>().join("; ")
}

/// As the Engine will merge it with the image's.
fn health_check(own: &Value, to: &Value) -> String {
    let field = |name: &str| {
        let of = |check: Option<&Value>| check?.get(name).filter(|v| !empty(v)).cloned();
        of(own.get("Healthcheck")).or_else(|| of(to.pointer("/Config/Healthcheck")))
    };
    let test = field("Test").unwrap_or(Value::Null);
    let words: Vec<&str> = items(&test).filter_map(Value::as_str).collect();
    if matches!(words.first(), None | Some(&"NONE")) {
        return "none".to_owned();
    }
    let span = |name| field(name).and_then(|v| v.as_u64()).map(|nanos| Span::millis(nanos / 1_000_000));
    let mut all = vec![words.join(" ")];
    for (name, label) in [("Interval", "every"), ("Timeout", "time-out"), ("StartPeriod", "after")] {
        all.extend(span(name).map(|span| format!("{label} {span}")));
    }
    all.extend(field("Retries").map(|n| format!("{n} tries")));
    let whose = if own.get("Healthcheck").is_none() { " (the image's)" } else { "" };
    format!("{}{whose}", all.join(", "))
}

/// Both containers bear Compose's labels then, and `up` keeps one of two: tried with Compose 1.29, it is the older one.
fn compose(container: &Value) -> String {
    let label = |name: &str| {
        let labels = container.pointer("/Config/Labels");
        labels.and_then(|l| l.get(format!("com.docker.compose.{name}"))?.as_str()).unwrap_or_default()
    };
    match (label("project"), label("service")) {
        ("", _) => String::new(),
        (project, service) => format!(
            "stays {service} of {project}; before `docker compose up`, the container that was set aside has to be \
             removed, or Compose takes it back and removes this one"
        ),
    }
}

fn limits(host: &Value) -> String {
    const MIB: u64 = 1024 * 1024;
    let number = |key: &str| host.get(key).and_then(Value::as_u64).filter(|n| *n > 0);
    let mut all = Vec::new();
    for (key, label) in
        [("Memory", "memory"), ("MemorySwap", "memory with swap"), ("MemoryReservation", "memory reserved")]
    {
        all.extend(number(key).map(|bytes| format!("{label} {} MiB", bytes / MIB)));
    }
    all.extend(number("NanoCpus").map(|nano| format!("{} CPUs", nano as f64 / 1e9)));
    for key in ["CpuShares", "CpuQuota", "CpuPeriod", "PidsLimit"] {
        all.extend(number(key).map(|n| format!("{key} {n}")));
    }
    all.extend(list(host, "/Ulimits").map(|limit| {
        let of = |key: &str| limit.get(key).and_then(Value::as_i64).unwrap_or_default();
        format!("{} {}:{}", text(limit, "/Name"), of("Soft"), of("Hard"))
    }));
    all.join("; ")
}

fn logging(host: &Value) -> String {
    let driver = text(host, "/LogConfig/Type");
    // Options of a driver may hold tokens: what is told is harmless.
    let options = object(host, "/LogConfig/Config").map(|(key, value)| match key.as_str() {
        "max-size" | "max-file" | "compress" => format!("{key}={}", value.as_str().unwrap_or_default()),
        _ => key.clone(),
    });
    [driver.to_owned()].into_iter().chain(options).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(", ")
}

/// The names of what else is set.
fn others(host: &Value) -> String {
    /// Told on lines of their own, or the Engine's choice where nothing was asked for.
    const TOLD: &[&str] = &[
        "Binds",
        "Mounts",
        "Tmpfs",
        "PortBindings",
        "PublishAllPorts",
        "NetworkMode",
        "RestartPolicy",
        "Memory",
        "MemorySwap",
        "MemoryReservation",
        "NanoCpus",
        "CpuShares",
        "CpuQuota",
        "CpuPeriod",
        "PidsLimit",
        "Ulimits",
        "ExtraHosts",
        "LogConfig",
        "MaskedPaths",
        "ReadonlyPaths",
        "ShmSize",
        "Runtime",
        "IpcMode",
        "CgroupnsMode",
        "ConsoleSize",
        "Isolation",
        "ContainerIDFile",
    ];
    let all = object(host, "").filter(|(key, value)| !TOLD.contains(&key.as_str()) && !empty(value));
    all.map(|(key, _)| key.clone()).collect::<Vec<_>>().join(", ")
}

/// What the container has from its image and will have from the other, where the two differ.
fn left_to_the_image(container: &Value, image: &Value, to: &Value, own: &Value) -> String {
    let mut all = BTreeSet::new();
    let names =
        |value: &Value| list(value, "/Config/Env").map(|e| env_name(e).to_owned()).collect::<BTreeSet<_>>();
    let owned: BTreeSet<&str> = list(own, "/Env").map(env_name).collect();
    for name in names(image).union(&names(to)) {
        let of = |value: &'_ Value| list(value, "/Config/Env").find(|e| env_name(e) == name).cloned();
        if !owned.contains(name.as_str()) && of(image) != of(to) {
            all.insert(format!("environment {name}"));
        }
    }
    for (key, label) in [
        ("Entrypoint", "entry point"),
        ("Cmd", "command"),
        ("User", "user"),
        ("WorkingDir", "working directory"),
        ("StopSignal", "stop signal"),
        ("Healthcheck", "health check"),
    ] {
        let of = |value: &'_ Value| value.pointer(&format!("/Config/{key}")).filter(|v| !empty(v)).cloned();
        if own.get(key).is_none() && of(image) != of(to) && (of(container).is_some() || of(to).is_some()) {
            all.insert(label.to_owned());
        }
    }
    all.into_iter().collect::<Vec<_>>().join(", ")
}
