//! A TOML text as a tree that knows its lines: what the plan and the configuration are read with.
//!
//! Faults never quote the text by themselves: a value may be a secret in the wrong place.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{log::is_invisible, time::Span};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The line in the text, from 1.
    pub(crate) line: usize,
    /// What is wrong there and what would be right.
    pub(crate) what: String,
}

impl Fault {
    pub(crate) fn new(line: usize, what: impl Into<String>) -> Self {
        Self { line, what: what.into() }
    }
}

/// A value with the line it stands on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lined<T> {
    pub(crate) line: usize,
    pub(crate) value: T,
}

/// A table of the tree.
#[derive(Clone, Copy)]
pub(crate) struct Table<'a> {
    text: &'a str,
    entries: &'a DeTable<'a>,
    /// Where it begins: the line of its header.
    pub(crate) line: usize,
}

/// An entry of a table, or an element of an array.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    text: &'a str,
    value: &'a Spanned<DeValue<'a>>,
    /// The line of its key; of itself in an array.
    pub(crate) line: usize,
}

/// A path of Windows in double quotes is the mistake that everybody makes once.
const BACKSLASH: &str = "; a path with \\ belongs in single quotes";

/// Parses `text` and hands its root to `read`.
///
/// # Errors
/// What `read` answers, or where the text is not TOML.
pub(crate) fn read<T, E: From<Fault>>(
    text: &str,
    read: impl FnOnce(Table<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let root = DeTable::parse(text).map_err(|e| {
        let line = e.span().map_or(1, |s| line_at(text, s.start));
        let path = ["escape", "unicode"].iter().any(|word| e.message().contains(word));
        let path = if path { BACKSLASH } else { "" };
        Fault::new(line, format!("this is not TOML: {}{path}", e.message()))
    })?;
    read(Table { text, entries: root.get_ref(), line: 1 })
}

impl<'a> Table<'a> {
    /// Every key with its entry.
    pub(crate) fn entries(self) -> impl Iterator<Item = (&'a str, Entry<'a>)> {
        self.entries.iter().map(move |(key, value)| {
            (
                key.get_ref().as_ref(),
                Entry { text: self.text, value, line: line_at(self.text, key.span().start) },
            )
        })
    }

    /// The entry called `key`.
    pub(crate) fn get(self, key: &str) -> Option<Entry<'a>> {
        let (key, value) = self.entries.get_key_value(key)?;
        Some(Entry { text: self.text, value, line: line_at(self.text, key.span().start) })
    }

    /// Nothing else than `known` is in it.
    ///
    /// # Errors
    /// The first key in the text that is not known, with the nearest one that is.
    pub(crate) fn only(self, known: &[&str]) -> Result<(), Fault> {
        let strange = self.entries().filter(|(k, _)| !known.contains(k)).min_by_key(|(_, e)| e.line);
        strange.map_or(Ok(()), |(key, entry)| Err(Fault::new(entry.line, unknown_key(key, known))))
    }

    /// The entry called `key` as `convert` reads it, with its line.
    ///
    /// # Errors
    /// When it is of another type.
    pub(crate) fn read<T>(
        self,
        key: &str,
        convert: impl FnOnce(Entry<'a>) -> Result<T, String>,
    ) -> Result<Option<Lined<T>>, Fault> {
        let Some(entry) = self.get(key) else { return Ok(None) };
        let value = convert(entry).map_err(|what| Fault::new(entry.line, format!("`{key}`: {what}")))?;
        Ok(Some(Lined { line: entry.line, value }))
    }
}

impl<'a> Entry<'a> {
    /// As text.
    pub(crate) fn text(self) -> Result<&'a str, String> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(text.as_ref()),
            other => Err(format!("write text in quotes; this is {}", kind(other))),
        }
    }

    /// As a length of time.
    pub(crate) fn span(self) -> Result<Span, String> {
        match self.value.get_ref() {
            DeValue::String(text) => text.parse().map_err(|_| {
                "write a number and a unit in quotes, such as \"30s\", \"5m\", \"1h30m\" or \"24h\""
                    .to_string()
            }),
            DeValue::Integer(n) if n.radix() == 10 => {
                Err(format!("{n} has no unit: write \"{n}s\", \"{n}m\" or \"{n}h\""))
            }
            other => Err(format!(
                "write a length of time in quotes, such as \"30s\" or \"24h\"; this is {}",
                kind(other)
            )),
        }
    }

    /// As a whole number that is not negative.
    pub(crate) fn count(self) -> Result<u64, String> {
        match self.value.get_ref() {
            DeValue::Integer(n) => u64::from_str_radix(n.as_str(), n.radix())
                .map_err(|_| "write a whole number that is not negative".to_string()),
            other => Err(format!("write a whole number without quotes; this is {}", kind(other))),
        }
    }

    /// As `true` or `false`.
    pub(crate) fn flag(self) -> Result<bool, String> {
        match self.value.get_ref() {
            DeValue::Boolean(on) => Ok(*on),
            other => Err(format!("write true or false without quotes; this is {}", kind(other))),
        }
    }

    /// As a number.
    pub(crate) fn number(self) -> Result<f64, String> {
        let number = match self.value.get_ref() {
            DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
            DeValue::Float(n) => n.as_str().parse::<f64>().ok().filter(|n| n.is_finite()),
            other => return Err(format!("write a number without quotes; this is {}", kind(other))),
        };
        number.ok_or_else(|| "write an ordinary number".to_string())
    }

    /// As an array.
    pub(crate) fn list(self) -> Result<Vec<Self>, String> {
        match self.value.get_ref() {
            DeValue::Array(elements) => {
                Ok(elements.iter().map(|value| Self { value, line: self.line_of(value), ..self }).collect())
            }
            other => Err(format!("write a list in square brackets; this is {}", kind(other))),
        }
    }

    /// As a table.
    pub(crate) fn table(self) -> Result<Table<'a>, String> {
        match self.value.get_ref() {
            DeValue::Table(entries) => Ok(Table { text: self.text, entries, line: self.line_of(self.value) }),
            other => Err(format!("this is a section, not {}", kind(other))),
        }
    }

    fn line_of(self, value: &Spanned<DeValue<'_>>) -> usize {
        line_at(self.text, value.span().start)
    }
}

/// What is wrong with the unknown key `key`, with the nearest of `known`.
pub(crate) fn unknown_key(key: &str, known: &[&str]) -> String {
    let advice = nearest(key, known.iter().copied())
        .map_or_else(|| format!("known here: {}", known.join(", ")), |n| format!("did you mean `{n}`?"));
    format!("the key {} is not known; {advice}", shown(key))
}

/// The one of `known` that `word` was probably meant to be.
pub(crate) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let word: Vec<char> = word.to_lowercase().replace(['-', ' '], "_").chars().take(64).collect();
    let close = (word.len() / 3).max(2);
    known
        .map(|k| (distance(&word, &k.chars().collect::<Vec<_>>()), k))
        .filter(|(d, k)| *d <= close && *d < k.chars().count())
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

/// `text` in back-ticks for a message: at most 60 characters, control characters escaped.
pub(crate) fn shown(text: &str) -> String {
    let cut: String = text.chars().take(60).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    format!("`{}{more}`", cut.escape_debug())
}

/// Nothing in a text that is not seen, or that makes it read as what it is not: it ends up in a log that is signed.
pub(crate) fn seen(text: &str) -> Result<(), String> {
    match text.trim().chars().find(|&c| c.is_control() || is_invisible(c)) {
        Some(c) if c.is_control() => Err(format!(
            "it holds the control character U+{:04X}: write one line of plain text",
            u32::from(c)
        )),
        Some(c) => Err(format!(
            "it holds the character U+{:04X}, which is not seen or turns the direction of writing: type the text anew, \
             instead of pasting it",
            u32::from(c)
        )),
        None => Ok(()),
    }
}

/// `span` exactly, as plans and configurations write it: `30s`, `1h30m`, `24h`, `2d`.
pub(crate) fn exact(span: Span) -> String {
    const DAY: u64 = 86_400_000;
    let ms = span.as_millis();
    match ms {
        0 => return "0s".into(),
        _ if ms.is_multiple_of(DAY) && ms > DAY => return format!("{}d", ms / DAY),
        _ => {}
    }
    [(3_600_000, "h", u64::MAX), (60_000, "m", 60), (1_000, "s", 60), (1, "ms", 1_000)]
        .into_iter()
        .map(|(unit, name, of)| (ms / unit % of, name))
        .filter(|(n, _)| *n > 0)
        .map(|(n, name)| format!("{n}{name}"))
        .collect()
}

/// `text` as a TOML string.
pub(crate) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// The line, from 1, of the byte at `offset`.
fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

/// How many letters must be changed, added, left out or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (above[j] + usize::from(x != y)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && *x == b[j - 1] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_named_by_its_number() {
        for (text, named) in [
            ("QNAP Κύπρος", None),
            (" קיפרוס, \u{1f5c4}\u{fe0f} ", None),
            ("QNAP\u{202e}surpyC", Some("U+202E")),
            ("\u{202a}a", Some("U+202A")),
            ("a\u{2066}", Some("U+2066")),
            ("a\u{2069}b", Some("U+2069")),
            ("a\u{200e}b", Some("U+200E")),
            ("a\u{200f}b", Some("U+200F")),
            ("a\u{61c}b", Some("U+061C")),
            ("a\u{200b}b", Some("U+200B")),
            ("a\u{feff}b", Some("U+FEFF")),
            ("a\u{ad}b", Some("U+00AD")),
            ("a\u{2028}b", Some("U+2028")),
            ("a\u{e0041}b", Some("U+E0041")),
            ("a\nb", Some("U+000A")),
            ("a\u{0}b", Some("U+0000")),
            ("a\u{9b}b", Some("U+009B")),
        ] {
            match (seen(text), named) {
                (Ok(()), None) => {}
                (Err(e), Some(named)) => assert!(e.contains(&format!("character {named}")), "{text:?}: {e}"),
                (got, _) => panic!("{text:?}: {got:?}"),
            }
        }
    }

    #[test]
    fn the_nearest_word_is_suggested_and_a_far_one_is_not() {
        let known = ["container_health", "memory_stable", "memory_trend", "every", "to", "at"];
        for (word, near) in [
            ("container_helth", Some("container_health")),
            ("Memory-Trend", Some("memory_trend")),
            ("evrey", Some("every")),
            ("form", None),
            ("x", None),
            ("", None),
            ("something else altogether", None),
        ] {
            assert_eq!(nearest(word, known.into_iter()), near, "{word}");
        }
    }

    #[test]
    fn the_distance_counts_a_swap_once() {
        for (a, b, d) in
            [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("form", "from", 1), ("ab", "ba", 1)]
        {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!((distance(&a, &b), distance(&b, &a)), (d, d));
        }
    }

    #[test]
    fn exact_spans_are_read_back() {
        for (ms, text) in [
            (0, "0s"),
            (30_000, "30s"),
            (5_400_000, "1h30m"),
            (86_400_000, "24h"),
            (172_800_000, "2d"),
            (1_500, "1s500ms"),
            (90_061_001, "25h1m1s1ms"),
        ] {
            assert_eq!(exact(Span::millis(ms)), text);
            assert_eq!(text.parse(), Ok(Span::millis(ms)));
        }
    }

    #[test]
    fn lines_are_those_of_the_keys_headers_and_elements() {
        let text = "a = 1\n[b]\n\nc = [\n  1,\n  2,\n]\n[[d]]\ne.f = 1\n[[d]]\n";
        let lines = read(text, |root| {
            let b = root.get("b").unwrap();
            let c = b.table().unwrap().get("c").unwrap();
            let d = root.get("d").unwrap().list().unwrap();
            let e = d[0].table().unwrap().get("e").unwrap();
            Ok::<_, Fault>([
                root.get("a").unwrap().line,
                b.line,
                b.table().unwrap().line,
                c.line,
                c.list().unwrap()[1].line,
                d[0].line,
                e.line,
                d[1].table().unwrap().line,
            ])
        });
        assert_eq!(lines, Ok([1, 2, 2, 4, 6, 8, 9, 10]));
    }

    #[test]
    fn a_syntax_error_does_not_quote_the_text() {
        for text in
            ["x = 1\npassword = hunter2\n", "password = \"hunter2\n", "hunter2", "[a]\nb=1\n[a]\nhunter2 = 2"]
        {
            let fault = read(text, |_| Ok::<_, Fault>(())).unwrap_err();
            assert!(!fault.what.contains("hunter2"), "{}", fault.what);
        }
    }
}
