//! Markdown, block by block, with one blank line between any two.

use crate::escape;

/// Several items as a list below the item that they belong to, one on its own line, none as `None`.
pub(crate) fn nested(items: &[String]) -> String {
    match items {
        [] => "None".into(),
        [one] => one.clone(),
        more => more.iter().map(|item| format!("\n  - {item}")).collect(),
    }
}

/// [`nested`] of at most `most` items: of more, the middle is left out and counted.
pub(crate) fn nested_at_most(most: usize, items: &[String]) -> String {
    let left_out = items.len().saturating_sub(most);
    if left_out == 0 {
        return nested(items);
    }
    let (first, rest) = items.split_at(most / 2);
    let (_, last) = rest.split_at(left_out);
    let more = format!("… {left_out} more; the JSON report has them all");
    nested(&[first, &[more], last].concat())
}

/// A document in the making. What comes in is Markdown already: text from outside goes through [`escape`] first.
#[derive(Debug, Default)]
pub(crate) struct Doc(String);

impl Doc {
    pub(crate) fn block(&mut self, markdown: &str) {
        let markdown = markdown.trim_end();
        if markdown.is_empty() {
            return;
        }
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(markdown);
        self.0.push('\n');
    }

    pub(crate) fn heading(&mut self, level: usize, markdown: &str) {
        self.block(&format!("{} {markdown}", "#".repeat(level)));
    }

    pub(crate) fn rule(&mut self) {
        self.block("---");
    }

    pub(crate) fn list<I: IntoIterator<Item: AsRef<str>>>(&mut self, items: I) {
        let lines: Vec<String> = items.into_iter().map(|i| format!("- {}", i.as_ref())).collect();
        self.block(&lines.join("\n"));
    }

    pub(crate) fn numbered<I: IntoIterator<Item: AsRef<str>>>(&mut self, items: I) {
        let lines: Vec<String> = (1..).zip(items).map(|(n, i)| format!("{n}. {}", i.as_ref())).collect();
        self.block(&lines.join("\n"));
    }

    /// `- **Owner**: …` for each pair.
    pub(crate) fn fields<'a, I: IntoIterator<Item = (&'a str, String)>>(&mut self, fields: I) {
        self.list(fields.into_iter().map(|(name, value)| {
            let blank = if value.starts_with('\n') { "" } else { " " };
            format!("**{name}**:{blank}{value}")
        }));
    }

    /// A table; none without rows. Cells are single lines.
    pub(crate) fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        let mut lines =
            vec![format!("| {} |", header.join(" | ")), format!("|{}", " --- |".repeat(header.len()))];
        lines.extend(rows.iter().map(|cells| format!("| {} |", cells.join(" | "))));
        self.block(&lines.join("\n"));
    }

    /// Text from outside in a code fence, its lines cut at `most` characters.
    pub(crate) fn fence(&mut self, language: &str, text: &str, most: usize) {
        self.block(&escape::fence(language, text, most));
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}
