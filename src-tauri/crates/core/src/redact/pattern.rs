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
