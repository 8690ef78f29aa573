//! Every key of the configuration with what it may hold and what it is when left out, in the order of the file. What it
//! means is told by the documentation of its field.

use super::check;
use crate::{
    action::{ActionRules, Policy},
    rules::Rules,
    time::Span,
    toml_tree::{exact, quoted},
};

/// One key.
pub(super) struct Setting {
    /// With its section: `watch.every`.
    pub(super) key: &'static str,
    pub(super) kind: Kind,
    pub(super) absent: Absent,
}

/// What a key may hold.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A text that passes the check, with the word for it.
    Text(&'static str, Check),
    /// A list of such texts.
    List(&'static str, Check),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A length of time, from and to.
    Span(Span, Span),
    /// A whole number, from and to.
    Count(u64, u64),
    /// A number, from and to.
    Number(f64, f64),
}

/// Answers the text as it is kept, or what would be right.
pub(super) type Check = fn(&str) -> Result<String, String>;

/// What it means when a key is left out.
pub(super) enum Absent {
    /// It must not be; an example.
    Refused(Value),
    /// There is none; an example.
    None(Value),
    /// This.
    Default(Value),
}

/// What a key holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    List(Vec<String>),
    Span(Span),
    Count(u64),
    Number(f64),
    Flag(bool),
}

/// All keys, section by section.
pub(super) fn settings() -> Vec<Setting> {
    let mut all = own();
    // Where the rules differ from their defaults is all that a configuration says of them.
    let defaults = serde_json::to_value(Rules::default()).unwrap_or_default();
    let at = all.len() - RETENTION;
    all.splice(
        at..at,
        rules().into_iter().filter_map(|(key, kind)| {
            let value = from_json(kind, defaults.pointer(&pointer(key)?)?)?;
            Some(Setting { key, kind, absent: Absent::Default(value) })
        }),
    );
    all
}

/// The place of `rules.…` in [`Rules`] as JSON.
pub(super) fn pointer(key: &str) -> Option<String> {
    Some(format!("/{}", key.strip_prefix("rules.")?.replace('.', "/")))
}

impl Setting {
    /// The section that it stands in: `rules.matrix`.
    pub(super) fn section(&self) -> &'static str {
        self.key.rsplit_once('.').map_or("", |(section, _)| section)
    }
    /// Its key without the section: `memory_percent`.
    pub(super) fn name(&self) -> &'static str {
        self.key.rsplit_once('.').map_or(self.key, |(_, name)| name)
    }
}

impl Value {
    /// As TOML writes it.
    pub(super) fn to_toml(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::List(texts) => {
                format!("[{}]", texts.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", "))
            }
            Self::Span(span) => quoted(&exact(*span)),
            Self::Count(n) => n.to_string(),
            Self::Number(n) => n.to_string(),
            Self::Flag(on) => on.to_string(),
        }
    }
    /// As a person types it into a form.
    pub(super) fn typed(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(texts) => texts.join(", "),
            Self::Span(span) => exact(*span),
            Self::Count(n) => n.to_string(),
            Self::Number(n) => n.to_string(),
            Self::Flag(on) => on.to_string(),
        }
    }
    /// As [`Rules`] has it in JSON.
    pub(super) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::List(texts) => texts.clone().into(),
            Self::Span(span) => span.as_millis().into(),
            Self::Count(n) => (*n).into(),
            Self::Number(n) => (*n).into(),
            Self::Flag(on) => (*on).into(),
        }
    }
}

/// How many keys come after the rules.
const RETENTION: usize = 2;

fn own() -> Vec<Setting> {
    use Absent::{Default, None, Refused};
    let text = |t: &str| Value::Text(t.into());
    let line = Kind::Text("text", check::line);
    let path = Kind::Text("path", check::path);
    let version = Kind::Text("version", check::version);
    let variable = Kind::Text("variable name", check::variable);
    let every = Kind::Span(Span::secs(1), Span::mins(15));
    let timeout = Kind::Span(Span::millis(100), Span::mins(2));
    let container = Kind::Text("container name", check::container);
    let policy = Kind::Choice(&["ask", "auto", "never"]);
    let after = Kind::Span(Span::ZERO, Span::hours(24));
    let actions = ActionRules::default();
    [
        ("deployment.name", line, Refused(text("QNAP Cyprus"))),
        ("deployment.environment", line, Default(text("production"))),
        ("deployment.url", Kind::Text("URL", check::url), Refused(text("http://nas.local:8080"))),
        ("deployment.container", container, Default(text("sms-app"))),
        ("deployment.front_end_container", container, None(text("sms-frontend-qnap"))),
        ("deployment.database_container", container, None(text("sms-postgres-qnap"))),
        ("deployment.docker", Kind::Text("address", check::docker), Refused(text("tcp://nas.local:2376"))),
        ("deployment.docker_certificates", path, None(text("certs"))),
        ("deployment.docker_unprotected", Kind::Flag, Default(Value::Flag(false))),
        ("deployment.docker_path", Kind::Text("path", check::absolute), None(text("/opt/docker/bin/docker"))),
        ("deployment.ssh_key", path, None(text("id_ed25519"))),
        ("deployment.ssh_password_env", variable, Default(text("WATCHKEEPER_SSH_PASSWORD"))),
        ("deployment.ssh_passphrase_env", variable, Default(text("WATCHKEEPER_SSH_PASSPHRASE"))),
        ("deployment.ca_file", path, None(text("sms-ca.pem"))),
        (
            "deployment.references",
            Kind::List("host:port", check::reference),
            Default(Value::List(Vec::new())),
        ),
        ("release.version", version, Refused(text("1.15.1"))),
        ("release.previous", version, None(text("1.14.3"))),
        ("release.previous_image", Kind::Text("image", check::image), None(text("sms-fullstack:1.14.3"))),
        ("release.previous_schema", Kind::Text("revision", check::line), None(text("d4b5c6e7f8a9"))),
        (
            "release.repository",
            Kind::Text("owner/name", check::repository),
            None(text("bs1gr/AUT_MIEEK_SMS")),
        ),
        ("login.email", Kind::Text("e-mail address", check::email), None(text("watch@example.org"))),
        ("login.password_env", variable, None(text("WATCHKEEPER_PASSWORD"))),
        ("watch.owner", line, Refused(text("your name"))),
        ("watch.every", every, Default(Value::Span(Rules::default().every))),
        ("watch.jitter_percent", Kind::Number(0.0, 50.0), Default(Value::Number(10.0))),
        ("watch.timeout", timeout, Default(Value::Span(Span::secs(10)))),
        ("watch.plan", path, None(text("plan.toml"))),
        ("actions.restart", policy, Default(text(Policy::Ask.id()))),
        ("actions.roll_back", policy, Default(text(Policy::Ask.id()))),
        ("actions.restart_after", after, Default(Value::Span(actions.restart_after))),
        ("actions.roll_back_after", after, Default(Value::Span(actions.roll_back_after))),
        (
            "actions.restarts_per_hour",
            Kind::Count(0, 20),
            Default(Value::Count(u64::from(actions.restarts_per_hour))),
        ),
        ("retention.sessions", Kind::Count(1, 10_000), Default(Value::Count(50))),
        ("retention.max_size_mb", Kind::Count(16, 1_000_000), Default(Value::Count(2_048))),
    ]
    .into_iter()
    .map(|(key, kind, absent)| Setting { key, kind, absent })
    .collect()
}

/// The rules' keys. `every` is not among them: it is `watch.every`.
fn rules() -> Vec<(&'static str, Kind)> {
    let in_a_row = Kind::Count(1, 20);
    let records = Kind::Count(1, 1_000_000);
    let ms = Kind::Number(1.0, 600_000.0);
    let percent = Kind::Number(0.0, 100.0);
    let some_percent = Kind::Number(0.001, 100.0);
    let window = Kind::Span(Span::secs(1), Span::hours(24));
    let minutes = Kind::Span(Span::secs(1), Span::hours(24));
    vec![
        ("rules.failures", in_a_row),
        ("rules.successes", in_a_row),
        ("rules.late_after", minutes),
        ("rules.coverage_percent", percent),
        ("rules.targets.api_p95_ms", ms),
        ("rules.targets.database_p95_ms", ms),
        ("rules.targets.cpu_percent", some_percent),
        ("rules.targets.error_rate_percent", some_percent),
        ("rules.targets.memory_growth_percent_per_day", percent),
        ("rules.targets.log_errors", Kind::Count(0, 1_000_000)),
        ("rules.matrix.slow_query_ms", ms),
        ("rules.matrix.slow_queries", records),
        ("rules.matrix.slow_query_window", window),
        ("rules.matrix.memory_percent", some_percent),
        ("rules.matrix.cpu_percent", some_percent),
        ("rules.matrix.capacity_percent", some_percent),
        ("rules.matrix.hysteresis_percent", Kind::Number(0.0, 50.0)),
        ("rules.matrix.log_errors", records),
        ("rules.matrix.log_warnings", records),
        ("rules.matrix.log_window", window),
        ("rules.matrix.intermittent_failures", in_a_row),
        ("rules.matrix.dip_factor", Kind::Number(1.01, 100.0)),
        ("rules.matrix.refused_logins", records),
        ("rules.matrix.lost_rows_percent", some_percent),
        ("rules.escalation.restart_within", minutes),
        ("rules.escalation.roll_back_within", minutes),
        ("rules.escalation.close_after", minutes),
        ("rules.notify.from_severity", Kind::Choice(&["minor", "major", "critical"])),
        ("rules.notify.remind_every", minutes),
        ("rules.notify.warn_before", Kind::Span(Span::ZERO, Span::hours(1))),
    ]
}

fn from_json(kind: Kind, json: &serde_json::Value) -> Option<Value> {
    Some(match kind {
        Kind::Text(..) | Kind::Choice(_) => Value::Text(json.as_str()?.into()),
        Kind::List(..) => {
            Value::List(json.as_array()?.iter().filter_map(|t| Some(t.as_str()?.into())).collect())
        }
        Kind::Span(..) => Value::Span(Span::millis(json.as_u64()?)),
        Kind::Count(..) => Value::Count(json.as_u64()?),
        Kind::Number(..) => Value::Number(json.as_f64()?),
        Kind::Flag => Value::Flag(json.as_bool()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every leaf of [`Rules`] as JSON, but `every`, is a key here; and nothing else is.
    #[test]
    fn the_rules_keys_are_all_here() {
        fn leaves(path: &str, value: &serde_json::Value, out: &mut Vec<String>) {
            match value.as_object() {
                Some(object) => object.iter().for_each(|(k, v)| leaves(&format!("{path}.{k}"), v, out)),
                None => out.push(path.into()),
            }
        }
        let mut expected = Vec::new();
        leaves("rules", &serde_json::to_value(Rules::default()).unwrap(), &mut expected);
        expected.retain(|k| k != "rules.every");
        let mut is: Vec<String> =
            settings().iter().map(|s| s.key.to_string()).filter(|k| k.starts_with("rules.")).collect();
        expected.sort();
        is.sort();
        assert_eq!(is, expected);
    }

    #[test]
    fn sections_are_whole_and_the_rules_stand_before_the_retention() {
        let mut sections: Vec<&str> = settings().iter().map(Setting::section).collect();
        sections.dedup();
        assert_eq!(
            sections,
            [
                "deployment",
                "release",
                "login",
                "watch",
                "actions",
                "rules",
                "rules.targets",
                "rules.matrix",
                "rules.escalation",
                "rules.notify",
                "retention",
            ]
        );
    }
}
