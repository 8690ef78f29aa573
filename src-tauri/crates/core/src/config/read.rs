//! From text to checked values, each with its line, and to a [`Config`].

use std::collections::{BTreeMap, HashMap};

use super::{
    Config, ConfigError, ConfigFault, DeploymentSettings, Login, Retention, WatchSettings,
    settings::{Absent, Check, Kind, Setting, Value, pointer, settings},
};
use crate::{
    action::ActionRules,
    event::Release,
    rules::Rules,
    time::Span,
    toml_tree::{self, Entry, Fault, Table, exact, nearest, seen, shown, unknown_key},
};

/// The values of a configuration with all that is wrong so far.
pub(super) struct Values {
    /// Every key that is there or has a default, and passed its check.
    values: BTreeMap<&'static str, Value>,
    /// Where the keys that the text has stand.
    lines: HashMap<&'static str, usize>,
    faults: Vec<ConfigFault>,
}

/// Words in a key that say that its value is a secret.
const SECRET: [&str; 9] =
    ["password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "private_key", "credential"];

/// Reads `text`. The values may have faults; [`Values::finish`] tells them.
pub(super) fn values(text: &str) -> Result<Values, ConfigError> {
    toml_tree::read(text, |root| Ok::<_, Fault>(Reading::of(root))).map_err(|f| ConfigError {
        faults: vec![ConfigFault { line: f.line, key: String::new(), what: f.what }],
    })
}

struct Reading {
    settings: Vec<Setting>,
    sections: HashMap<String, usize>,
    out: Values,
}

impl Reading {
    fn of(root: Table<'_>) -> Values {
        let out = Values { values: BTreeMap::new(), lines: HashMap::new(), faults: Vec::new() };
        let mut reading = Self { settings: settings(), sections: HashMap::new(), out };
        reading.table("", root);
        reading.absent();
        reading.out
    }

    fn table(&mut self, section: &str, table: Table<'_>) {
        self.sections.insert(section.into(), table.line);
        for (name, entry) in table.entries() {
            let path = if section.is_empty() { name.to_string() } else { format!("{section}.{name}") };
            if let Some(at) = self.settings.iter().position(|s| s.key == path) {
                self.value(at, entry);
            } else if is_secret(name) {
                self.out.fault(entry.line, &path, NO_SECRETS);
            } else if self.settings.iter().any(|s| within(s.section(), &path)) {
                match entry.table() {
                    Ok(table) => self.table(&path, table),
                    Err(what) => self.out.fault(entry.line, &path, what),
                }
            } else {
                let what = self.unknown(section, name);
                self.out.fault(entry.line, &path, what);
                self.secrets_below(&path, entry);
            }
        }
    }

    fn value(&mut self, at: usize, entry: Entry<'_>) {
        let Setting { key, kind, ref absent } = self.settings[at];
        self.out.lines.insert(key, entry.line);
        match convert(kind, entry, absent) {
            Ok(value) => _ = self.out.values.insert(key, value),
            Err(what) => self.out.fault(entry.line, key, what),
        }
    }

    /// What is wrong with the unknown `name` in `section`.
    fn unknown(&self, section: &str, name: &str) -> String {
        let mut here: Vec<&str> = Vec::new();
        for setting in &self.settings {
            let below = match section {
                "" => Some(setting.key),
                _ => setting.key.strip_prefix(section).and_then(|k| k.strip_prefix('.')),
            };
            if let Some(first) = below.and_then(|k| k.split('.').next()).filter(|k| !here.contains(k)) {
                here.push(first);
            }
        }
        let elsewhere = self.settings.iter().find(|s| s.name() == name).map(Setting::section);
        match (nearest(name, here.iter().copied()), elsewhere) {
            (Some(near), _) => format!("this key is not known; did you mean `{near}`?"),
            (None, Some(section)) => format!("this key belongs in the section [{section}]"),
            (None, None) if section == "rules" && name == "every" => {
                "this key belongs in the section [watch]".into()
            }
            (None, None) => {
                unknown_key(name, &here).replacen(&format!("the key {} is", shown(name)), "this key is", 1)
            }
        }
    }

    /// Secrets in what is not known at all are named too.
    fn secrets_below(&mut self, path: &str, entry: Entry<'_>) {
        if let Ok(table) = entry.table() {
            for (name, entry) in table.entries() {
                let path = format!("{path}.{name}");
                if is_secret(name) {
                    self.out.fault(entry.line, &path, NO_SECRETS);
                } else {
                    self.secrets_below(&path, entry);
                }
            }
        } else if let Ok(list) = entry.list() {
            list.into_iter().for_each(|entry| self.secrets_below(path, entry));
        }
    }

    /// Puts the defaults in, and names what must not be missing.
    fn absent(&mut self) {
        for setting in &self.settings {
            if self.out.lines.contains_key(setting.key) {
                continue;
            }
            match &setting.absent {
                Absent::None(_) => {}
                Absent::Default(value) => _ = self.out.values.insert(setting.key, value.clone()),
                Absent::Refused(example) => {
                    let section = setting.section();
                    let line = self.sections.get(section).copied().unwrap_or(1);
                    let example = format!("`{} = {}`", setting.name(), example.to_toml());
                    self.out.fault(
                        line,
                        setting.key,
                        format!("this is missing: add {example} under [{section}]"),
                    );
                }
            }
        }
    }
}

const NO_SECRETS: &str = "a secret does not belong in this file: take it out, change it if others could read the file, \
                          and name the environment variable that holds it: `password_env` under [login]; \
                          `ssh_password_env` and `ssh_passphrase_env` under [deployment]";

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace(['-', ' '], "_");
    !["password_env", "ssh_password_env", "ssh_passphrase_env"].contains(&name.as_str())
        && SECRET.iter().any(|word| name.contains(word))
}

/// Whether `section` is `path` or below it.
fn within(section: &str, path: &str) -> bool {
    section.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn convert(kind: Kind, entry: Entry<'_>, absent: &Absent) -> Result<Value, String> {
    match kind {
        Kind::Text(_, check) => text(entry, check, absent).map(Value::Text),
        Kind::List(_, check) => {
            let list = entry.list()?;
            list.into_iter().map(|e| text(e, check, absent)).collect::<Result<_, _>>().map(Value::List)
        }
        Kind::Choice(words) => {
            let text = entry.text()?;
            if words.contains(&text) {
                return Ok(Value::Text(text.into()));
            }
            Err(format!("write \"{}\"", words.join("\" or \"")))
        }
        Kind::Flag => entry.flag().map(Value::Flag),
        Kind::Span(min, max) => {
            let span = entry.span()?;
            if (min..=max).contains(&span) {
                return Ok(Value::Span(span));
            }
            Err(format!("{} is out of range: write \"{}\" to \"{}\"", exact(span), exact(min), exact(max)))
        }
        Kind::Count(min, max) => {
            let n = entry.count()?;
            if (min..=max).contains(&n) {
                return Ok(Value::Count(n));
            }
            Err(format!("{n} is out of range: write {min} to {max}"))
        }
        Kind::Number(min, max) => {
            let n = entry.number()?;
            if (min..=max).contains(&n) {
                return Ok(Value::Number(n));
            }
            Err(format!("{n} is out of range: write {min} to {max}"))
        }
    }
}

fn text(entry: Entry<'_>, check: Check, absent: &Absent) -> Result<String, String> {
    let text = entry.text()?;
    if text.starts_with('<') && text.ends_with('>') {
        let (Absent::Refused(example) | Absent::None(example) | Absent::Default(example)) = absent;
        return Err(format!("this is still to be filled in: write it, such as {}", example.to_toml()));
    }
    let kept = check(text)?;
    seen(text).map(|()| kept)
}

impl Values {
    /// Notes that `key` is wrong at `line`.
    pub(super) fn fault(&mut self, line: usize, key: &str, what: impl Into<String>) {
        let key = key.chars().take(100).collect::<String>().escape_debug().to_string();
        self.faults.push(ConfigFault { line, key, what: what.into() });
    }

    /// The line of that one of `keys` which stands last in the text, with that key; `None` if it has none of them.
    pub(super) fn last_of(&self, keys: &[&'static str]) -> Option<(usize, &'static str)> {
        keys.iter().filter_map(|k| Some((*self.lines.get(k)?, *k))).max()
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        if let Some(Value::Text(text)) = self.values.get(key) { Some(text.clone()) } else { None }
    }
    pub(super) fn span(&self, key: &str) -> Option<Span> {
        if let Some(Value::Span(span)) = self.values.get(key) { Some(*span) } else { None }
    }
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        if let Some(Value::Number(n)) = self.values.get(key) { Some(*n) } else { None }
    }
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        if let Some(Value::Flag(on)) = self.values.get(key) { Some(*on) } else { None }
    }
    fn count(&self, key: &str) -> Option<u64> {
        if let Some(Value::Count(n)) = self.values.get(key) { Some(*n) } else { None }
    }
    fn list(&self, key: &str) -> Option<Vec<String>> {
        if let Some(Value::List(texts)) = self.values.get(key) { Some(texts.clone()) } else { None }
    }

    /// The configuration, or all that is wrong with it.
    pub(super) fn finish(mut self) -> Result<Config, ConfigError> {
        let config = self.config();
        self.faults.sort_by_key(|fault| fault.line);
        match config {
            Some(config) if self.faults.is_empty() => Ok(config),
            _ => Err(ConfigError { faults: self.faults }),
        }
    }

    /// `None` where a value is missing that is among the faults.
    fn config(&self) -> Option<Config> {
        let text = |key| self.text(key);
        let mut rules = serde_json::to_value(Rules::default()).ok()?;
        for (key, value) in &self.values {
            if let Some(slot) = pointer(key).and_then(|p| rules.pointer_mut(&p)) {
                *slot = value.to_json();
            }
        }
        let rules = serde_json::from_value::<Rules>(rules).ok()?;
        let actions = self
            .values
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix("actions.")?.to_owned(), value.to_json())))
            .collect::<serde_json::Map<_, _>>();
        let actions = serde_json::from_value::<ActionRules>(actions.into()).ok()?;
        let every = self.span("watch.every")?;
        Some(Config {
            deployment: DeploymentSettings {
                name: text("deployment.name")?,
                environment: text("deployment.environment")?,
                url: text("deployment.url")?,
                container: text("deployment.container")?,
                front_end_container: text("deployment.front_end_container"),
                database_container: text("deployment.database_container"),
                docker: text("deployment.docker")?.parse().ok()?,
                docker_certificates: text("deployment.docker_certificates"),
                docker_unprotected: self.flag("deployment.docker_unprotected")?,
                docker_path: text("deployment.docker_path"),
                ssh_key: text("deployment.ssh_key"),
                ssh_password_env: text("deployment.ssh_password_env")?,
                ssh_passphrase_env: text("deployment.ssh_passphrase_env")?,
                ca_file: text("deployment.ca_file"),
                references: self.list("deployment.references")?,
            },
            release: Release {
                version: text("release.version")?,
                previous: text("release.previous"),
                previous_image: text("release.previous_image"),
                previous_schema: text("release.previous_schema"),
                repository: text("release.repository"),
            },
            login: text("login.email")
                .zip(text("login.password_env"))
                .map(|(email, password_env)| Login { email, password_env }),
            watch: WatchSettings {
                owner: text("watch.owner")?,
                every,
                jitter_percent: self.number("watch.jitter_percent")?,
                timeout: self.span("watch.timeout")?,
                plan: text("watch.plan"),
            },
            actions,
            rules: Rules { every, ..rules },
            retention: Retention {
                sessions: u32::try_from(self.count("retention.sessions")?).ok()?,
                max_size_mb: self.count("retention.max_size_mb")?,
            },
        })
    }
}
