//! The text of a record as it grows: bounded, with its beginning, its end and its exception kept.

use std::collections::VecDeque;

use super::LogRecord;
use crate::redact::{REDACTED, redact};

/// Lines of one record. However many come, some 10 KiB are kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    head: String,
    tail: VecDeque<String>,
    tail_bytes: usize,
    left_out: u32,
    /// The last exception's line, with the number of lines before it.
    exception: Option<(u32, String)>,
    lines: u32,
    /// Lines still to be swallowed at most, inside a private key.
    in_key: u32,
}

/// Room for the beginning where more follows; alone it may fill the record.
const HEAD: usize = 1_800;
const TAIL: usize = 1_500;
const LINE: usize = 700;
/// A 16 384-bit key has fewer lines.
const MOST_KEY_LINES: u32 = 220;

impl Text {
    /// A text that begins with `line`.
    pub(super) fn new(line: &str) -> Self {
        let mut text = Self::default();
        let line = text.without_key(line).unwrap_or_default();
        text.head = cut(&line, LogRecord::MAX_TEXT).to_owned();
        text
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &str) {
        self.lines = self.lines.saturating_add(1);
        let Some(line) = self.without_key(line) else { return };
        let line = cut(&line, LINE);
        if self.tail.is_empty() && self.left_out == 0 && self.head.len() + line.len() < HEAD {
            if !self.head.is_empty() {
                self.head.push('\n');
            }
            self.head.push_str(line);
            return;
        }
        self.tail_bytes += line.len() + 1;
        self.tail.push_back(line.to_owned());
        while self.tail_bytes > TAIL
            && let Some(first) = self.tail.pop_front()
        {
            self.tail_bytes -= first.len() + 1;
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Adds the line that names an exception; it is never left out.
    pub(super) fn push_exception(&mut self, line: &str) {
        self.push(line);
        self.exception = Some((self.lines, cut(line, LINE).to_owned()));
    }

    /// The first lines, as they came in.
    pub(super) fn head(&self) -> &str {
        &self.head
    }

    /// The whole, redacted, at most [`LogRecord::MAX_TEXT`] bytes.
    pub(super) fn finish(&self) -> String {
        if self.tail.is_empty() && self.left_out == 0 {
            return cut(&redact(&self.head), LogRecord::MAX_TEXT).to_owned();
        }
        let mut whole = cut(&self.head, HEAD).to_owned();
        if self.left_out > 0 {
            whole.push_str(&format!("\n… {} lines left out …", self.left_out));
        }
        let tail_begins = self.lines - u32::try_from(self.tail.len()).unwrap_or(self.lines).min(self.lines);
        if let Some((at, line)) = &self.exception
            && self.left_out > 0
            && *at <= tail_begins
            && !self.head.ends_with(line.as_str())
        {
            whole.push('\n');
            whole.push_str(line);
        }
        for line in &self.tail {
            whole.push('\n');
            whole.push_str(line);
        }
        cut(&redact(&whole), LogRecord::MAX_TEXT).to_owned()
    }

    /// `line` without a private key that goes on in the lines after it: its end may be left out, or never come.
    fn without_key<'a>(&mut self, line: &'a str) -> Option<std::borrow::Cow<'a, str>> {
        if self.in_key > 0 {
            let ends = line.contains("-----END ");
            self.in_key = if ends { 0 } else { self.in_key - 1 };
            return None;
        }
        let Some(at) =
            line.find("-----BEGIN ").filter(|_| line.contains("PRIVATE KEY") && !line.contains("-----END "))
        else {
            return Some(line.into());
        };
        self.in_key = MOST_KEY_LINES;
        Some(format!("{}{REDACTED}", line.get(..at).unwrap_or_default()).into())
    }
}

/// `text` up to `most` bytes, at a character's boundary.
pub(super) fn cut(text: &str, most: usize) -> &str {
    text.get(..text.floor_char_boundary(most)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_traceback_keeps_its_beginning_its_end_and_its_exception() {
        let mut text = Text::new("Request failed");
        for n in 0..5_000 {
            text.push(&format!("  File \"/app/backend/module_{n}.py\", line {n}, in f"));
        }
        text.push_exception("ValueError: the cause");
        for n in 0..500 {
            text.push(&format!("  detail {n} of the message"));
        }
        let whole = text.finish();
        assert!(whole.starts_with("Request failed\n  File \"/app/backend/module_0.py\""), "{whole}");
        assert!(whole.ends_with("detail 499 of the message"), "{whole}");
        assert!(whole.contains(" lines left out …\nValueError: the cause\n"), "{whole}");
        assert!(whole.len() <= LogRecord::MAX_TEXT);
    }

    #[test]
    fn an_exception_that_is_kept_anyway_stands_there_once() {
        for frames in [1, 100] {
            let mut text = Text::new("Request failed");
            for n in 0..frames {
                text.push(&format!("  File \"/app/backend/module_{n}.py\", line {n}, in f"));
            }
            text.push_exception("ValueError: the cause");
            assert_eq!(text.finish().matches("ValueError").count(), 1, "{frames}");
        }
    }

    #[test]
    fn a_private_key_is_swallowed_even_where_its_end_is_missing() {
        let mut text = Text::new("key: -----BEGIN PRIVATE KEY-----");
        for _ in 0..100 {
            text.push("  TUlJRXZRSUJBREFOQmdrcWhraUc5dzBCQVFFRkFBU0NCS2N3Z2dTak");
        }
        assert_eq!(text.finish(), "key: [redacted]");
        text.push("  -----END PRIVATE KEY-----");
        text.push("  after");
        assert_eq!(text.finish(), "key: [redacted]\n  after");
    }

    #[test]
    fn greek_is_cut_between_characters() {
        let whole = Text::new(&"α".repeat(5_000)).finish();
        assert_eq!(whole.len(), LogRecord::MAX_TEXT);
        assert_eq!(Text::new(&format!("x{}", "α".repeat(5_000))).finish().len(), LogRecord::MAX_TEXT - 1);
    }
}
