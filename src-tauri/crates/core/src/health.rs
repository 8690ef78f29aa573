//! The bodies of `/health` and `/health/ready`, in all the shapes that SMS versions give them.

use serde_json::{Map, Value};

use crate::{
    reading::{HealthAnswer, HealthStatus, Statistics},
    redact::{from_outside, redact_json},
};

/// Why a body is no health answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a health answer: {0}; is the address that of the SMS, and does it end in `/health` or `/health/ready`?"
)]
pub struct HealthError(pub String);

/// Reads the body of `/health` or `/health/ready` that came with `http_status`. Of words that contradict each other
/// (in different places, or with the HTTP status) the worse one wins. Texts are redacted and cut short.
///
/// # Errors
/// Where the body is no JSON object with a `status`, bare or inside `detail` or an error envelope.
pub fn parse(http_status: u16, body: &[u8]) -> Result<HealthAnswer, HealthError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let whole: Value = serde_json::from_slice(body).map_err(|_| not_json(http_status, body))?;
    let health = find(&whole, 0).ok_or_else(|| no_status(http_status, body))?;

    let word = health.get("status").and_then(Value::as_str).map_or(HealthStatus::Unknown, status_word);
    let refused = whole.get("success") == Some(&Value::Bool(false));
    let outer = whole.get("status").and_then(Value::as_str).map(status_word);
    let status = match outer {
        _ if http_status >= 500 || refused => HealthStatus::Unhealthy,
        Some(HealthStatus::Unhealthy) => HealthStatus::Unhealthy,
        Some(HealthStatus::Degraded) if word == HealthStatus::Healthy => HealthStatus::Degraded,
        _ => word,
    };

    let database = check(health, &["database", "db"]);
    let disk = check(health, &["disk_space", "disk"]);
    let migrations = check(health, &["migrations", "migration"]);
    Ok(HealthAnswer {
        http_status,
        status,
        version: health.get("version").and_then(short_text),
        uptime_seconds: number(health, &["uptime_seconds", "uptime"]).filter(|s| *s >= 0.0),
        database_ok: database_ok(health, database),
        database_message: database.and_then(message),
        disk_percent: disk
            .and_then(|d| number(details(d), &["percent_used", "used_percent", "percent"]))
            .filter(|p| (0.0..=100.0).contains(p)),
        migrations_at_head: migrations.and_then(|m| details(m).get("at_head")?.as_bool()),
        migration_version: migrations.and_then(|m| short_text(details(m).get("current_version")?)),
        statistics: health.get("statistics").and_then(statistics),
    })
}

/// Bytes kept of a message, and of a version.
const MOST_OF_A_MESSAGE: usize = 300;
const MOST_OF_A_VERSION: usize = 64;
/// The envelopes that versions put around the object, the error envelope's `details` among them.
const ENVELOPES: [&str; 4] = ["detail", "data", "error", "details"];
const DEEPEST_ENVELOPE: u8 = 4;

/// The object with a `status` that is a word, the envelope's contents before the envelope.
fn find(value: &Value, depth: u8) -> Option<&Map<String, Value>> {
    let object = value.as_object()?;
    let is_health = object.get("status").is_some_and(Value::is_string);
    if is_health
        && ["checks", "database", "uptime_seconds", "version"].iter().any(|k| object.contains_key(*k))
    {
        return Some(object);
    }
    let inner = ENVELOPES
        .iter()
        .filter(|_| depth < DEEPEST_ENVELOPE)
        .find_map(|name| object.get(*name).and_then(|v| find(v, depth + 1)));
    inner.or(is_health.then_some(object))
}

fn status_word(word: &str) -> HealthStatus {
    match folded(word).as_str() {
        "healthy" | "ready" | "ok" | "up" | "alive" | "pass" => HealthStatus::Healthy,
        "degraded" | "warning" | "warn" => HealthStatus::Degraded,
        "unhealthy" | "not_ready" | "notready" | "down" | "error" | "fail" | "failed" | "unavailable"
        | "critical" => HealthStatus::Unhealthy,
        _ => HealthStatus::Unknown,
    }
}

fn folded(word: &str) -> String {
    word.trim()
        .chars()
        .take(40)
        .map(|c| if c == ' ' || c == '-' { '_' } else { c.to_ascii_lowercase() })
        .collect()
}

/// `checks.NAME`, an object in newer versions and a word in older ones.
fn check<'a>(health: &'a Map<String, Value>, names: &[&str]) -> Option<&'a Value> {
    let checks = health.get("checks")?;
    names.iter().find_map(|name| checks.get(*name))
}

/// A check's `details`, or the check itself where it has none.
fn details(check: &Value) -> &Value {
    check.get("details").filter(|d| d.is_object()).unwrap_or(check)
}

/// Every place that speaks of the database is asked; one « no » is enough.
fn database_ok(health: &Map<String, Value>, check: Option<&Value>) -> Option<bool> {
    let services = health.get("services").and_then(|s| s.get("database"));
    let said = [health.get("database"), services, check];
    let words = said.into_iter().flatten().flat_map(|v| {
        let inside = details(v);
        [
            works(Some(v)),
            works(v.get("status")),
            works(v.get("connected")),
            works(inside.get("connected")),
            works(inside.get("responsive")),
        ]
    });
    words.flatten().reduce(|a, b| a && b)
}

fn works(said: Option<&Value>) -> Option<bool> {
    match said? {
        Value::Bool(yes) => Some(*yes),
        Value::String(word) => match folded(word).as_str() {
            "connected" | "online" | "responsive" | "available" | "running" => Some(true),
            "disconnected" | "not_connected" | "offline" | "unreachable" | "timeout" | "unresponsive"
            | "stopped" => Some(false),
            _ => match status_word(word) {
                // Degraded is slow, but there.
                HealthStatus::Healthy | HealthStatus::Degraded => Some(true),
                HealthStatus::Unhealthy => Some(false),
                HealthStatus::Unknown => None,
            },
        },
        _ => None,
    }
}

fn message(check: &Value) -> Option<String> {
    let said = [check.get("message"), check.get("error"), details(check).get("error")];
    let text = said.into_iter().flatten().find_map(Value::as_str).or_else(|| check.as_str())?;
    let text = text.trim();
    (!text.is_empty()).then(|| from_outside(text, MOST_OF_A_MESSAGE))
}

fn short_text(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty() && text != "unknown").then(|| from_outside(text, MOST_OF_A_VERSION))
}

/// A number, or a text that begins with one (`"45.2%"`).
fn number<'a>(fields: impl Into<Fields<'a>>, names: &[&str]) -> Option<f64> {
    let fields = fields.into();
    let value = names.iter().find_map(|n| fields.get(n))?;
    let number = match value {
        Value::Number(n) => n.as_f64()?,
        Value::String(text) => text.trim().trim_end_matches(['%', 's', ' ']).parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// An object's fields, however it is at hand.
enum Fields<'a> {
    Map(&'a Map<String, Value>),
    Value(&'a Value),
}

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        match self {
            Self::Map(map) => map.get(name),
            Self::Value(value) => value.get(name),
        }
    }
}

impl<'a> From<&'a Map<String, Value>> for Fields<'a> {
    fn from(map: &'a Map<String, Value>) -> Self {
        Self::Map(map)
    }
}

impl<'a> From<&'a Value> for Fields<'a> {
    fn from(value: &'a Value) -> Self {
        Self::Value(value)
    }
}

fn statistics(value: &Value) -> Option<Statistics> {
    let count = |name: &str| value.get(name).and_then(Value::as_u64);
    let found = Statistics {
        students: count("students"),
        courses: count("courses"),
        grades: count("grades"),
        enrollments: count("enrollments"),
    };
    (found != Statistics::default()).then_some(found)
}

fn not_json(http_status: u16, body: &[u8]) -> HealthError {
    let text = String::from_utf8_lossy(body.get(..2_048).unwrap_or(body));
    let start = text.trim_start().to_ascii_lowercase();
    if start.is_empty() {
        return HealthError(format!("an empty body with HTTP {http_status}"));
    }
    let kind = if start.starts_with("<!doctype html") || start.starts_with("<html") {
        "an HTML page"
    } else if start.starts_with(['{', '[']) {
        "broken JSON"
    } else {
        "a text that is no JSON"
    };
    HealthError(format!("{kind} with HTTP {http_status}, which begins `{}`", beginning(&text)))
}

fn no_status(http_status: u16, body: &[u8]) -> HealthError {
    let mut value: Value = serde_json::from_slice(body).unwrap_or_default();
    redact_json(&mut value);
    let text = value.to_string();
    HealthError(format!(
        "JSON without a `status` with HTTP {http_status}, which begins `{}`",
        beginning(&text)
    ))
}

/// The first 80 characters on one line, redacted before they are cut.
fn beginning(text: &str) -> String {
    // Broken JSON may hide control codes as escapes of its own.
    let unescaped = text.replace("\\u00", "");
    let clean =
        if unescaped.len() == text.len() { from_outside(text.trim(), 2_048) } else { String::from("…") };
    clean.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect()
}

#[cfg(test)]
mod tests;
