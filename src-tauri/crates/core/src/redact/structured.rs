//! Secrets in what is already taken apart: environment lists and JSON.

use serde_json::Value;

use super::{REDACTED, is_secret_name, redact, visible};

/// A container's environment (`NAME=value` entries, as Docker's `Config.Env` has them) without its secrets: a value goes
/// whole where the name says so, and otherwise what [`redact`] finds in it.
pub fn redact_env(entries: &[String]) -> Vec<String> {
    entries.iter().map(|entry| env_entry(entry)).collect()
}

/// Takes the secrets out of a JSON value in place: everything under a key that names a secret, environment lists
/// (`Env`), the argument after `--password` and its like, the `value` beside a `name` that names a secret, and what
/// [`redact`] finds in any string. What `null`, `true` and `false` say stays.
pub fn redact_json(value: &mut Value) {
    match value {
        Value::String(text) => {
            let plain = visible(text);
            let clean = redact(&plain);
            if *clean != **text {
                *text = clean.into_owned();
            }
        }
        Value::Array(items) => {
            let mut secret_follows = false;
            for item in items {
                let follows = item.as_str().is_some_and(is_secret_flag);
                if secret_follows && !follows {
                    hide(item);
                } else {
                    redact_json(item);
                }
                secret_follows = follows;
            }
        }
        Value::Object(fields) => {
            let names_a_secret = ["name", "key", "Name", "Key"]
                .iter()
                .any(|k| fields.get(*k).and_then(Value::as_str).is_some_and(is_secret_name));
            for (key, field) in fields {
                if is_secret_name(key) || (names_a_secret && key.eq_ignore_ascii_case("value")) {
                    hide(field);
                } else if key.eq_ignore_ascii_case("env") {
                    env_field(field);
                } else {
                    redact_json(field);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn env_entry(entry: &str) -> String {
    match entry.split_once('=') {
        Some((name, value)) if is_secret_name(name) && !value.is_empty() => format!("{name}={REDACTED}"),
        _ => redact(&visible(entry)).into_owned(),
    }
}

fn env_field(field: &mut Value) {
    let Value::Array(entries) = field else { return redact_json(field) };
    for entry in entries {
        match entry {
            Value::String(text) => *text = env_entry(text),
            other => redact_json(other),
        }
    }
}

/// Every string and number in `value`, however deep.
fn hide(value: &mut Value) {
    match value {
        Value::String(text) if text.is_empty() => {}
        Value::String(_) | Value::Number(_) => *value = Value::String(REDACTED.into()),
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(fields) => fields.values_mut().for_each(hide),
        Value::Null | Value::Bool(_) => {}
    }
}

fn is_secret_flag(argument: &str) -> bool {
    argument.starts_with("--") && !argument.contains(['=', ' ']) && is_secret_name(argument)
}
