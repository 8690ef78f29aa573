//! The deployments that are kept: one configuration file each, the same that the terminal uses.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use toml_edit::{Array, DocumentMut, Item, Table, Value};
use watchkeeper_core::{
    config::{Config, Draft, Key, KeyKind, sections},
    redact::from_outside,
};
use watchkeeper_desk::{
    deployment::{self, Configured},
    new_file,
};

use crate::contract::{ConfigKey, ConfigPage, ConfigSection, ErrorCode, FieldFault, RequestError, SetUp};

/// The environment variable of the account's password, where there is no keychain.
pub(crate) const PASSWORD_ENV: &str = "WATCHKEEPER_PASSWORD";
/// No value of a configuration is longer.
const LONGEST: usize = 4_000;

/// The folder of the configurations.
#[derive(Debug)]
pub(crate) struct Deployments {
    folder: PathBuf,
    /// Held from the reading of a file to its writing, so that no change is lost to another one.
    changing: Mutex<()>,
}

/// The field of a set-up that is no text, with its key: the consent to an Engine without certificates.
const CONSENT: (&str, &str) = ("docker_unprotected", "deployment.docker_unprotected");

/// The fields of a set-up that are text, with the keys that they are kept as.
const FIELDS: [(&str, &str); 17] = [
    ("name", "deployment.name"),
    ("environment", "deployment.environment"),
    ("url", "deployment.url"),
    ("ca_file", "deployment.ca_file"),
    ("docker", "deployment.docker"),
    ("docker_certificates", "deployment.docker_certificates"),
    ("docker_path", "deployment.docker_path"),
    ("ssh_key", "deployment.ssh_key"),
    ("container", "deployment.container"),
    ("front_end_container", "deployment.front_end_container"),
    ("database_container", "deployment.database_container"),
    ("version", "release.version"),
    ("previous", "release.previous"),
    ("repository", "release.repository"),
    ("email", "login.email"),
    ("email", "login.password_env"),
    ("owner", "watch.owner"),
];

impl Deployments {
    pub(crate) const fn new(folder: PathBuf) -> Self {
        Self { folder, changing: Mutex::new(()) }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        self.folder.parent().unwrap_or(&self.folder)
    }

    /// Nobody else in this program changes what is kept, as long as it is held.
    pub(crate) fn alone(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ids of all of them, in the order of the alphabet.
    pub(crate) fn ids(&self) -> Vec<String> {
        let Ok(all) = fs::read_dir(&self.folder) else { return Vec::new() };
        let mut ids: Vec<String> = all
            .filter_map(|f| f.ok()?.file_name().into_string().ok()?.strip_suffix(".toml").map(str::to_owned))
            .filter(|id| is_id(id))
            .collect();
        ids.sort();
        ids
    }

    pub(crate) fn path(&self, id: &str) -> Result<PathBuf, RequestError> {
        let path = self.folder.join(format!("{id}.toml"));
        if is_id(id) && path.is_file() {
            Ok(path)
        } else {
            Err(RequestError::new(
                ErrorCode::NotFound,
                format!("there is no deployment `{}`", from_outside(id, 80)),
            ))
        }
    }

    pub(crate) fn read(&self, id: &str) -> Result<Configured, RequestError> {
        Ok(deployment::read(&self.path(id)?)?.in_data(Some(self.data())))
    }

    /// Forgets a deployment: its file is kept aside, its sessions stay.
    pub(crate) fn remove(&self, id: &str) -> Result<(), RequestError> {
        let _alone = self.alone();
        aside(&self.path(id)?).map(|_| ())
    }

    /// One of this id was there once: what belongs to it may be left.
    pub(crate) fn was_removed(&self, id: &str) -> bool {
        is_id(id) && self.folder.join(format!("{id}.toml.removed")).exists()
    }

    /// Every key with its meaning and its value.
    pub(crate) fn page(&self, id: &str) -> Result<ConfigPage, RequestError> {
        let path = self.path(id)?;
        let document = document(&path)?;
        let sections = sections().into_iter().map(|section| ConfigSection {
            name: section.name.into(),
            meaning: section.meaning,
            keys: section.keys.into_iter().map(|key| with_value(key, &document)).collect(),
        });
        Ok(ConfigPage {
            deployment: id.into(),
            path: path.display().to_string(),
            sections: sections.collect(),
            faults: Vec::new(),
        })
    }

    /// Changes one key; `None` leaves it out. With faults nothing is changed, and the page has them.
    pub(crate) fn change(
        &self,
        id: &str,
        key: &str,
        value: Option<&str>,
    ) -> Result<ConfigPage, RequestError> {
        self.change_alone(&self.alone(), id, key, value)
    }

    /// As [`Deployments::change`], for who changes more than that at once.
    pub(crate) fn change_alone(
        &self,
        _alone: &MutexGuard<'_, ()>,
        id: &str,
        key: &str,
        value: Option<&str>,
    ) -> Result<ConfigPage, RequestError> {
        let path = self.path(id)?;
        let (text, faults) = changed(&path, key, value)?;
        if faults.is_empty() {
            new_file::write(&path, &text)?;
        }
        Ok(ConfigPage { faults, ..self.page(id)? })
    }

    /// What would be wrong if the key were changed; nothing is.
    pub(crate) fn faults_with(
        &self,
        id: &str,
        key: &str,
        value: Option<&str>,
    ) -> Result<Vec<FieldFault>, RequestError> {
        Ok(changed(&self.path(id)?, key, value)?.1)
    }

    /// A set-up that changes this deployment.
    pub(crate) fn set_up_of(&self, id: &str) -> Result<SetUp, RequestError> {
        let document = document(&self.path(id)?)?;
        let mut set_up = SetUp { deployment: Some(id.into()), ..SetUp::default() };
        for (field, key) in FIELDS.iter().filter(|(_, key)| *key != "login.password_env") {
            if let Some(to) = field_of(&mut set_up, field) {
                *to = typed(&document, key).unwrap_or_default();
            }
        }
        set_up.docker_unprotected = typed(&document, CONSENT.1).is_some_and(|consent| consent == "true");
        Ok(set_up)
    }

    /// What is wrong with the set-up, field by field; none when it can be kept.
    pub(crate) fn faults(&self, set_up: &SetUp) -> Result<Vec<FieldFault>, RequestError> {
        let text = self.text(set_up)?;
        Ok(match Config::parse(&text) {
            Ok(_) => Vec::new(),
            Err(error) => error.faults.into_iter().map(field_fault).collect(),
        })
    }

    /// The configuration that a set-up makes, for a look at what it reaches: what is missing beside the addresses is
    /// filled in by something that says nothing. `None` where an address itself is wrong.
    pub(crate) fn to_look_at(&self, set_up: &SetUp) -> Result<Option<Configured>, RequestError> {
        let mut filled = set_up.clone();
        for (field, usual) in [("name", "NAS"), ("owner", "nobody"), ("container", "sms-app")] {
            if let Some(value) = field_of(&mut filled, field).filter(|v| v.trim().is_empty()) {
                *value = usual.into();
            }
        }
        for field in ["previous", "repository"] {
            if let Some(value) = field_of(&mut filled, field) {
                value.clear();
            }
        }
        // A version that is wrong is said at its field, and is nothing that the ladder needs.
        filled.version = "0.0.0".into();
        let text = self.text(&filled)?;
        let configured = |config| Configured::new(config, self.folder.clone()).in_data(Some(self.data()));
        Ok(Config::parse(&text).ok().map(configured))
    }

    /// Keeps what was set up; gives its id.
    pub(crate) fn keep(&self, set_up: &SetUp) -> Result<String, RequestError> {
        let _alone = self.alone();
        let text = self.text(set_up)?;
        if let Err(error) = Config::parse(&text) {
            let first = error.faults.first().map_or_else(String::new, |f| f.to_string());
            return Err(RequestError::new(ErrorCode::Input, format!("the set-up is not complete: {first}")));
        }
        let id = match &set_up.deployment {
            Some(id) if self.path(id).is_ok() => id.clone(),
            _ => self.free_id(&set_up.name),
        };
        fs::create_dir_all(&self.folder).map_err(|e| {
            RequestError::new(ErrorCode::CouldNot, format!("{} cannot be made: {e}", self.folder.display()))
        })?;
        new_file::write(&self.folder.join(format!("{id}.toml")), &text)?;
        Ok(id)
    }

    /// The text of the configuration: the one that there is, else a new one with every key explained.
    fn text(&self, set_up: &SetUp) -> Result<String, RequestError> {
        let mut document = match set_up.deployment.as_deref().and_then(|id| self.path(id).ok()) {
            Some(path) => document(&path)?,
            None => parse(&Config::template(&Draft::default()), "the template")?,
        };
        let keys: Vec<Key> = sections().into_iter().flat_map(|s| s.keys).collect();
        let mut set_up = set_up.clone();
        for (field, name) in FIELDS {
            let Some(key) = keys.iter().find(|k| k.key == name) else { continue };
            let value = field_of(&mut set_up, field).map(|v| v.trim().to_owned()).unwrap_or_default();
            let value = match name {
                _ if value.is_empty() => None,
                "login.password_env" => {
                    Some(typed(&document, name).unwrap_or_else(|| PASSWORD_ENV.to_owned()))
                }
                _ => Some(value),
            };
            set(&mut document, key, value.as_deref())?;
        }
        if let Some(key) = keys.iter().find(|k| k.key == CONSENT.1) {
            set(&mut document, key, set_up.docker_unprotected.then_some("true"))?;
        }
        Ok(document.to_string())
    }

    /// `qnap-cyprus`, with a number behind it where that is taken.
    fn free_id(&self, name: &str) -> String {
        let plain: String =
            name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let plain: Vec<&str> = plain.split('-').filter(|p| !p.is_empty()).collect();
        let mut base = plain.join("-");
        base.truncate(40);
        // Some names are Windows' own devices, with any ending.
        let device = |name: &str| {
            matches!(name, "con" | "prn" | "aux" | "nul")
                || (name.len() == 4 && (name.starts_with("com") || name.starts_with("lpt")))
        };
        let base = if base.is_empty() || device(&base) { format!("deployment-{base}") } else { base };
        let base = base.trim_end_matches('-').to_owned();
        let taken = |id: &str| self.folder.join(format!("{id}.toml")).exists();
        let mut id = base.clone();
        let mut number = 2_u32;
        while taken(&id) {
            id = format!("{base}-{number}");
            number += 1;
        }
        id
    }
}

/// Whether it is safe as a file's name.
fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 60
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

/// The configuration with one key changed, and what is wrong with it then.
fn changed(path: &Path, key: &str, value: Option<&str>) -> Result<(String, Vec<FieldFault>), RequestError> {
    let mut document = document(path)?;
    let known = sections().into_iter().flat_map(|s| s.keys).find(|k| k.key == key).ok_or_else(|| {
        RequestError::new(ErrorCode::Input, format!("there is no key `{}`", from_outside(key, 80)))
    })?;
    set(&mut document, &known, value)?;
    let text = document.to_string();
    let faults = Config::parse(&text).err().map(|e| e.faults.into_iter().map(fault).collect());
    Ok((text, faults.unwrap_or_default()))
}

/// Renames a file, so that it can be had again; gives its new name. What was put aside before stays.
pub(crate) fn aside(path: &Path) -> Result<PathBuf, RequestError> {
    new_file::aside(path, "removed")
        .map_err(|e| RequestError::new(ErrorCode::CouldNot, format!("{} stays: {e}", path.display())))
}

pub(crate) fn document(path: &Path) -> Result<DocumentMut, RequestError> {
    let text = fs::read_to_string(path).map_err(|e| {
        RequestError::new(
            ErrorCode::Input,
            format!("the configuration {} cannot be read: {e}", path.display()),
        )
    })?;
    parse(&text, &path.display().to_string())
}

fn parse(text: &str, what: &str) -> Result<DocumentMut, RequestError> {
    text.parse::<DocumentMut>().map_err(|e| {
        RequestError::new(ErrorCode::Input, format!("{what} is not TOML: {}", e.message()))
            .help("correct the file in a text editor, or set the deployment up anew")
    })
}

fn with_value(key: Key, document: &DocumentMut) -> ConfigKey {
    ConfigKey {
        value: typed(document, key.key),
        key: key.key.into(),
        meaning: key.meaning,
        kind: key.holds,
        choices: key.choices.iter().map(|c| (*c).to_owned()).collect(),
        default: key.default,
        required: key.required,
    }
}

/// What `key` is now, as a person would type it. A placeholder of the template is nothing.
pub(crate) fn typed(document: &DocumentMut, key: &str) -> Option<String> {
    let item = key.split('.').try_fold(document.as_item(), |item, part| item.get(part))?;
    let text =
        |value: &Value| value.as_str().map_or_else(|| value.to_string().trim().to_owned(), str::to_owned);
    let value = match item.as_value()? {
        Value::Array(array) => array.iter().map(text).collect::<Vec<_>>().join(", "),
        value => text(value),
    };
    Some(value).filter(|v| !(v.starts_with('<') && v.ends_with('>')))
}

/// Writes `key` into the document, or takes it out. Comments stay.
fn set(document: &mut DocumentMut, key: &Key, value: Option<&str>) -> Result<(), RequestError> {
    let (sections, name) = key.key.rsplit_once('.').unwrap_or(("", key.key));
    let Some(value) = value else {
        let item = sections.split('.').try_fold(document.as_item_mut(), |item, part| item.get_mut(part));
        if let Some(table) = item.and_then(Item::as_table_like_mut) {
            table.remove(name);
            // A section that holds nothing any more says nothing: `[login]` without an account is refused.
            if table.is_empty() && sections == "login" {
                document.remove("login");
            }
        }
        return Ok(());
    };
    if value.len() > LONGEST {
        return Err(RequestError::new(ErrorCode::Input, format!("{} is too long", key.key)));
    }
    let mut item = document.as_item_mut();
    for part in sections.split('.') {
        let fresh = || {
            let mut table = Table::new();
            table.set_implicit(false);
            Item::Table(table)
        };
        item = item
            .as_table_like_mut()
            .ok_or_else(|| RequestError::new(ErrorCode::Input, format!("`{part}` is no section")))?
            .entry(part)
            .or_insert_with(fresh);
    }
    let table = item
        .as_table_like_mut()
        .ok_or_else(|| RequestError::new(ErrorCode::Input, format!("`{sections}` is no section")))?;
    let new = written(key.kind, value);
    match table.get_mut(name).and_then(Item::as_value_mut) {
        Some(old) => {
            let decor = old.decor().clone();
            *old = new;
            *old.decor_mut() = decor;
        }
        None => {
            table.insert(name, Item::Value(new));
        }
    }
    Ok(())
}

/// A value as TOML has it. What is no number is written as the text that it is, and refused by the check.
fn written(kind: KeyKind, value: &str) -> Value {
    match kind {
        KeyKind::Text => value.into(),
        KeyKind::List => {
            let mut array = Array::new();
            for part in value.split(',').map(str::trim).filter(|p| !p.is_empty()) {
                array.push(part);
            }
            Value::Array(array)
        }
        KeyKind::Flag => value.trim().parse::<bool>().map_or_else(|_| value.into(), Value::from),
        KeyKind::Number => match (value.trim().parse::<i64>(), value.trim().parse::<f64>()) {
            (Ok(n), _) => n.into(),
            (_, Ok(n)) if n.is_finite() => n.into(),
            _ => value.into(),
        },
    }
}

fn fault(fault: watchkeeper_core::config::ConfigFault) -> FieldFault {
    FieldFault { field: fault.key, message: fault.what }
}

/// The fault at the field of the set-up, where its key is one.
fn field_fault(fault: watchkeeper_core::config::ConfigFault) -> FieldFault {
    FieldFault { field: field(&fault.key), message: fault.what }
}

/// The field of the set-up that `key` is kept from; else the key.
pub(crate) fn field(key: &str) -> String {
    FIELDS.iter().chain([&CONSENT]).find(|(_, k)| *k == key).map_or(key, |(field, _)| field).to_owned()
}

fn field_of<'a>(set_up: &'a mut SetUp, field: &str) -> Option<&'a mut String> {
    Some(match field {
        "name" => &mut set_up.name,
        "environment" => &mut set_up.environment,
        "url" => &mut set_up.url,
        "ca_file" => &mut set_up.ca_file,
        "docker" => &mut set_up.docker,
        "docker_certificates" => &mut set_up.docker_certificates,
        "docker_path" => &mut set_up.docker_path,
        "ssh_key" => &mut set_up.ssh_key,
        "container" => &mut set_up.container,
        "front_end_container" => &mut set_up.front_end_container,
        "database_container" => &mut set_up.database_container,
        "version" => &mut set_up.version,
        "previous" => &mut set_up.previous,
        "repository" => &mut set_up.repository,
        "email" => &mut set_up.email,
        "owner" => &mut set_up.owner,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_up() -> SetUp {
        SetUp {
            name: "QNAP Cyprus".into(),
            url: "http://nas.local:8080".into(),
            docker: "tcp://nas.local:2376".into(),
            docker_certificates: "certs".into(),
            container: "sms-app".into(),
            version: "1.15.1".into(),
            previous: "1.14.3".into(),
            email: "watch@example.org".into(),
            owner: "Night watch".into(),
            ..SetUp::default()
        }
    }

    #[test]
    fn a_set_up_becomes_a_configuration_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let all = Deployments::new(folder.path().join("deployments"));
        assert_eq!(all.faults(&set_up()).unwrap(), vec![]);
        let id = all.keep(&set_up()).unwrap();
        assert_eq!((id.as_str(), all.ids()), ("qnap-cyprus", vec!["qnap-cyprus".to_owned()]));
        let config = all.read(&id).unwrap().config;
        assert_eq!(config.login.as_ref().map(|l| l.password_env.as_str()), Some(PASSWORD_ENV));
        assert_eq!(config.release.previous.as_deref(), Some("1.14.3"));
        let back = all.set_up_of(&id).unwrap();
        assert_eq!(back, SetUp { deployment: Some(id.clone()), ..set_up() });
        // Without an account the whole section goes.
        all.keep(&SetUp { email: String::new(), ..back }).unwrap();
        assert_eq!(all.read(&id).unwrap().config.login, None);
        for (name, id) in [
            ("QNAP Cyprus", "qnap-cyprus-2"),
            ("CON", "deployment-con"),
            ("com1", "deployment-com1"),
            ("Λήδρα", "deployment"),
        ] {
            assert_eq!(all.keep(&SetUp { name: name.into(), ..set_up() }).unwrap(), id);
        }
        all.remove(&id).unwrap();
        assert_eq!(all.ids().len(), 4);
    }

    #[test]
    fn each_way_to_the_engine_becomes_a_configuration_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let all = Deployments::new(folder.path().join("deployments"));
        let bare = SetUp { docker_certificates: String::new(), ..set_up() };
        let mut id = None;
        // One after the other in the same file: nothing of the way before stays.
        for way in [
            set_up(),
            SetUp { docker: "tcp://nas.local:2375".into(), docker_unprotected: true, ..bare.clone() },
            SetUp {
                docker: "ssh://admin@nas.local:2222/run/docker.sock".into(),
                docker_path: "/opt/docker".into(),
                ssh_key: "~/.ssh/nas".into(),
                ..bare.clone()
            },
            SetUp { docker: "ssh://admin@nas.local".into(), ..bare.clone() },
            SetUp { docker: "unix:///var/run/docker.sock".into(), ..bare },
        ] {
            let way = SetUp { deployment: id, ..way };
            assert_eq!(all.faults(&way).unwrap(), vec![], "{}", way.docker);
            let kept = all.keep(&way).unwrap();
            let back = all.set_up_of(&kept).unwrap();
            id = Some(kept);
            assert_eq!(back, SetUp { deployment: id.clone(), ..way });
            let settings = all.read(back.deployment.as_deref().unwrap()).unwrap().config.deployment;
            assert_eq!(
                (settings.docker_unprotected, settings.docker_path.is_some(), settings.ssh_key.is_some()),
                (back.docker_unprotected, !back.docker_path.is_empty(), !back.ssh_key.is_empty())
            );
        }
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        let folder = tempfile::tempdir().unwrap();
        let all = Deployments::new(folder.path().to_owned());
        type Change = fn(&mut SetUp);
        for (change, field, looked) in [
            ((|s| s.url = "nas".into()) as Change, "url", false),
            (|s| s.docker = "ftp://nas".into(), "docker", false),
            (|s| s.docker_certificates.clear(), "docker", false),
            (|s| s.docker_unprotected = true, "docker_unprotected", false),
            (|s| s.docker = "ssh://admin@nas.local".into(), "docker_certificates", false),
            (|s| s.docker_path = "docker".into(), "docker_path", false),
            (|s| s.version = String::new(), "version", true),
            (|s| s.previous = "a b".into(), "previous", true),
            (|s| s.email = "nobody".into(), "email", false),
            (|s| s.owner = String::new(), "owner", true),
        ] {
            let mut it = set_up();
            change(&mut it);
            let faults = all.faults(&it).unwrap();
            assert!(faults.iter().any(|f| f.field == field), "{field}: {faults:?}");
            assert_eq!(all.to_look_at(&it).unwrap().is_some(), looked, "{field}");
            assert!(all.keep(&it).is_err(), "{field}");
        }
    }

    #[test]
    fn keys_are_changed_one_by_one_and_comments_stay() {
        let folder = tempfile::tempdir().unwrap();
        let all = Deployments::new(folder.path().to_owned());
        let id = all.keep(&set_up()).unwrap();
        let value = |page: &ConfigPage, key: &str| {
            page.sections.iter().flat_map(|s| &s.keys).find(|k| k.key == key).unwrap().value.clone()
        };
        for (key, to, expected, faults) in [
            ("rules.matrix.memory_percent", Some("70"), Some("70"), 0),
            ("rules.matrix.memory_percent", Some("lots"), Some("70"), 1),
            ("rules.matrix.memory_percent", None, None, 0),
            ("rules.notify.from_severity", Some("critical"), Some("critical"), 0),
            ("watch.every", Some("1m"), Some("1m"), 0),
            ("watch.every", Some("1"), Some("1m"), 1),
            ("deployment.references", Some("a:1, b:2"), Some("a:1, b:2"), 0),
            ("deployment.docker_unprotected", Some("false"), Some("false"), 0),
            ("deployment.docker_unprotected", Some("perhaps"), Some("false"), 1),
            ("deployment.url", None, Some("http://nas.local:8080"), 1),
        ] {
            let page = all.change(&id, key, to).unwrap();
            assert_eq!(value(&page, key).as_deref(), expected, "{key} {to:?}");
            assert_eq!(page.faults.len(), faults, "{key} {to:?}: {:?}", page.faults);
            assert_eq!(value(&all.page(&id).unwrap(), key).as_deref(), expected, "{key} {to:?}");
        }
        let text = fs::read_to_string(all.path(&id).unwrap()).unwrap();
        assert!(text.contains("# SMS Watchkeeper: which deployment is watched"), "{text}");
        assert_eq!(all.change(&id, "rules.nothing", None).unwrap_err().code, ErrorCode::Input);
        for id in ["../../etc/passwd", "", "nobody", "a/b"] {
            assert_eq!(all.page(id).unwrap_err().code, ErrorCode::NotFound, "{id}");
        }
    }

    #[test]
    fn changes_that_are_made_at_once_are_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let all = Deployments::new(folder.path().to_owned());
        let id = all.keep(&set_up()).unwrap();
        let keys =
            ["watch.every", "watch.timeout", "rules.matrix.memory_percent", "rules.matrix.cpu_percent"];
        for round in 1..=20 {
            let to = |key: &str| match key {
                "watch.every" => format!("{}s", 30 + round),
                "watch.timeout" => format!("{round}s"),
                _ => (75 + round).to_string(),
            };
            std::thread::scope(|scope| {
                for key in keys {
                    let (all, id) = (&all, id.as_str());
                    scope.spawn(move || {
                        let page = all.change(id, key, Some(&to(key))).unwrap();
                        assert_eq!(page.faults, vec![], "{key}");
                    });
                }
            });
            let page = all.page(&id).unwrap();
            for key in keys {
                let kept = page.sections.iter().flat_map(|s| &s.keys).find(|k| k.key == key).unwrap();
                assert_eq!(kept.value.as_deref(), Some(to(key).as_str()), "{key}");
            }
        }
    }
}
