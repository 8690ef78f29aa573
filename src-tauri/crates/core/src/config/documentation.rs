//! What the keys mean, from the documentation of their fields, and the table of all keys.

use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use serde_json::Value as Json;

use super::{
    Config,
    settings::{Absent, Kind, Setting, settings},
};
use crate::toml_tree::exact;

/// All keys as a Markdown table: key, type, default, meaning.
pub fn reference() -> String {
    let meanings = Meanings::new();
    let mut out = String::from("| Key | Type | Default | Meaning |\n|---|---|---|---|\n");
    for setting in settings() {
        let absent = match &setting.absent {
            Absent::Refused(_) => "required".to_string(),
            Absent::None(_) => "none".to_string(),
            Absent::Default(value) => format!("`{}`", value.to_toml()),
        };
        // A String takes everything that is written to it.
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            setting.key,
            kind(&setting),
            cell(&absent),
            cell(&meanings.of(setting.key))
        );
    }
    out
}

/// The documentation of the configuration's fields.
pub(super) struct Meanings(Json);

impl Meanings {
    pub(super) fn new() -> Self {
        let schema = SchemaSettings::default().with(|s| s.inline_subschemas = true).into_generator();
        Self(schema.into_root_schema_for::<Config>().to_value())
    }

    /// What `key` (a key or a section) means, in one line; empty if nothing of that name is there.
    pub(super) fn of(&self, key: &str) -> String {
        let found = key.split('.').try_fold(&self.0, |schema, name| properties(schema)?.get(name));
        let text = found.and_then(|s| s.get("description")).and_then(Json::as_str).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The fields of a struct, also of one that may be left out.
fn properties(schema: &Json) -> Option<&Json> {
    let choices = schema.get("anyOf").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    schema.get("properties").or_else(|| choices.iter().find_map(|s| s.get("properties")))
}

pub(super) fn kind(setting: &Setting) -> String {
    match setting.kind {
        Kind::Text(word, _) => word.into(),
        Kind::List(word, _) => format!("list of {word}"),
        Kind::Choice(words) => words.iter().map(|w| format!("`\"{w}\"`")).collect::<Vec<_>>().join(", "),
        Kind::Flag => "`true`, `false`".into(),
        Kind::Span(min, max) => format!("time, {} to {}", exact(min), exact(max)),
        Kind::Count(min, max) => format!("whole number, {min} to {max}"),
        Kind::Number(min, max) => format!("number, {min} to {max}"),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every field of the configuration, as its schema has it.
    fn fields(path: &str, schema: &Json, out: &mut Vec<String>) {
        match properties(schema).and_then(Json::as_object) {
            Some(object) => {
                for (name, schema) in object {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    fields(&path, schema, out);
                }
            }
            None => out.push(path.into()),
        }
    }

    #[test]
    fn every_field_is_a_key_and_every_key_has_a_meaning_and_a_row() {
        let mut expected = Vec::new();
        fields("", &Meanings::new().0, &mut expected);
        expected.retain(|k| k != "rules.every");
        expected.sort();
        let mut keys: Vec<String> = settings().iter().map(|s| s.key.to_string()).collect();
        keys.sort();
        assert_eq!(keys, expected);
        let (table, meanings) = (reference(), Meanings::new());
        for key in keys {
            let meaning = meanings.of(&key);
            assert!(meaning.ends_with('.') && !meaning.contains("[`"), "{key}: {meaning:?}");
            let row = table.lines().find(|l| l.starts_with(&format!("| `{key}` | "))).unwrap();
            assert!(row.contains(&meaning) && row.matches(" | ").count() == 3, "{row}");
        }
    }
}
