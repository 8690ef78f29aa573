//! Regular expressions that are part of the program.

use std::sync::OnceLock;

use regex::{Captures, Regex};

/// A regular expression written in the source, compiled when first used. One that does not compile matches nothing;
/// each module tests that its own compile. No Unicode tables are built in: write `[0-9]`, `(?i-u:…)`, `(?-u:\b)`.
pub(crate) struct Pattern {
    source: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(crate) const fn new(source: &'static str) -> Self {
        Self { source, compiled: OnceLock::new() }
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.get().is_some_and(|r| r.is_match(text))
    }

    /// The first match at or after byte `from`.
    pub(crate) fn captures_at<'t>(&self, text: &'t str, from: usize) -> Option<Captures<'t>> {
        self.get().filter(|_| from <= text.len())?.captures_at(text, from)
    }

    /// `text` with each match replaced by what `with` gives for it; nothing where `with` never gives anything.
    pub(crate) fn replace(
        &self,
        text: &str,
        with: impl Fn(&Captures<'_>) -> Option<String>,
    ) -> Option<String> {
        let mut out: Option<String> = None;
        let mut copied = 0;
        for found in self.get()?.captures_iter(text) {
            let (Some(whole), Some(new)) = (found.get(0), with(&found)) else { continue };
            if new == whole.as_str() {
                continue;
            }
            let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
            out.push_str(text.get(copied..whole.start()).unwrap_or_default());
            out.push_str(&new);
            copied = whole.end();
        }
        let mut out = out?;
        out.push_str(text.get(copied..).unwrap_or_default());
        Some(out)
    }

    fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(self.source).ok()).as_ref()
    }

    #[cfg(test)]
    pub(crate) fn compile_error(&self) -> Option<regex::Error> {
        Regex::new(self.source).err()
    }
}

/// Words looked for all at once, whatever the case of their ASCII letters: the quick look before a [`Pattern`], for
/// the many lines that have nothing to find.
pub(crate) struct Needles {
    words: &'static [&'static str],
    /// Which bytes a word begins with, and which stand second.
    first: [bool; 256],
    second: [bool; 256],
}

impl Needles {
    /// `words` in lower case, of two bytes at least; a shorter one is never found.
    pub(crate) const fn new(words: &'static [&'static str]) -> Self {
        let (mut first, mut second) = ([false; 256], [false; 256]);
        let mut at = 0;
        while at < words.len() {
            if let [a, b, ..] = words[at].as_bytes() {
                first[*a as usize] = true;
                first[a.to_ascii_uppercase() as usize] = true;
                second[*b as usize] = true;
                second[b.to_ascii_uppercase() as usize] = true;
            }
            at += 1;
        }
        Self { words, first, second }
    }

    /// Whether `text` has one of the words in it.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.windows(2).enumerate().any(|(at, pair)| {
            let [a, b] = pair else { return false };
            self.first[usize::from(*a)]
                && self.second[usize::from(*b)]
                && self.begins_at(bytes.get(at..).unwrap_or_default())
        })
    }

    #[cold]
    fn begins_at(&self, rest: &[u8]) -> bool {
        self.words
            .iter()
            .any(|w| rest.get(..w.len()).is_some_and(|start| start.eq_ignore_ascii_case(w.as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_are_found_whatever_their_case_and_place() {
        static NEEDLES: Needles = Needles::new(&["key", "://", "pass"]);
        for text in ["key", "a KEY", "λKeyλ", "x://", "BYPASS"] {
            assert!(NEEDLES.are_in(text), "{text}");
        }
        for text in ["", "k", "ke", "ke y", "κey", "pas", ":/ /", "keλ"] {
            assert!(!NEEDLES.are_in(text), "{text}");
        }
    }
}
