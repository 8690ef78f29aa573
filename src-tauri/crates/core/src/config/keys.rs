//! The keys of a configuration as a form needs them: what each may hold, what it is when left out, and what it means.

use super::{
    documentation::Meanings,
    settings::{Absent, Kind, settings},
};

/// What a key holds, and so how it is typed and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// A text; lengths of time such as `30s` too.
    Text,
    /// Texts with commas between.
    List,
    /// A number.
    Number,
    /// `true` or `false`, which are its choices.
    Flag,
}

/// A key of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// With its section: `watch.every`.
    pub key: &'static str,
    /// What it holds.
    pub kind: KeyKind,
    /// What it may hold, for people: `time, 1 s to 15 min`.
    pub holds: String,
    /// The words that it may be, where there are only these.
    pub choices: &'static [&'static str],
    /// What it means.
    pub meaning: String,
    /// What it is when left out, as it would be typed.
    pub default: Option<String>,
    /// It must not be left out.
    pub required: bool,
}

impl Key {
    /// The section that it stands in: `rules.matrix`.
    pub fn section(&self) -> &'static str {
        self.key.rsplit_once('.').map_or("", |(section, _)| section)
    }
}

/// A section with its keys, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name.
    pub name: &'static str,
    /// What it is about.
    pub meaning: String,
    /// Its keys.
    pub keys: Vec<Key>,
}

/// All keys, section by section.
pub fn sections() -> Vec<Section> {
    let meanings = Meanings::new();
    let mut out: Vec<Section> = Vec::new();
    for setting in settings() {
        let key = Key {
            key: setting.key,
            kind: match setting.kind {
                Kind::Text(..) | Kind::Choice(_) | Kind::Span(..) => KeyKind::Text,
                Kind::List(..) => KeyKind::List,
                Kind::Count(..) | Kind::Number(..) => KeyKind::Number,
                Kind::Flag => KeyKind::Flag,
            },
            holds: super::documentation::kind(&setting),
            choices: match setting.kind {
                Kind::Choice(words) => words,
                Kind::Flag => &["false", "true"],
                _ => &[],
            },
            meaning: meanings.of(setting.key),
            default: match &setting.absent {
                Absent::Default(value) => Some(value.typed()),
                Absent::Refused(_) | Absent::None(_) => None,
            },
            required: matches!(setting.absent, Absent::Refused(_)),
        };
        match out.last_mut().filter(|s| s.name == key.section()) {
            Some(section) => section.keys.push(key),
            None => out.push(Section {
                name: key.section(),
                meaning: meanings.of(key.section()),
                keys: vec![key],
            }),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_every_key_with_what_it_needs() {
        let all = sections();
        let find = |key: &str| {
            all.iter()
                .flat_map(|s| &s.keys)
                .find(|k| k.key == key)
                .unwrap_or_else(|| panic!("no {key}"))
                .clone()
        };
        assert_eq!(all.iter().map(|s| s.keys.len()).sum::<usize>(), settings().len());
        assert!(all.iter().all(|s| !s.meaning.is_empty()), "{all:?}");
        for (key, kind, default, required) in [
            ("deployment.url", KeyKind::Text, None, true),
            ("deployment.references", KeyKind::List, Some(""), false),
            ("release.previous", KeyKind::Text, None, false),
            ("deployment.docker_unprotected", KeyKind::Flag, Some("false"), false),
            ("watch.every", KeyKind::Text, Some("30s"), false),
            ("rules.matrix.memory_percent", KeyKind::Number, Some("80"), false),
        ] {
            let it = find(key);
            assert_eq!((it.kind, it.default.as_deref(), it.required), (kind, default, required), "{key}");
        }
        assert_eq!(find("deployment.docker_unprotected").choices, ["false", "true"]);
        assert_eq!(find("rules.notify.from_severity").choices, ["minor", "major", "critical"]);
    }
}
