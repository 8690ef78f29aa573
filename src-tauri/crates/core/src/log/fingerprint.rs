//! What two records have in common that differ only in numbers, ids, times, paths and quoted values.

use sha2::{Digest, Sha256};

/// The fingerprint of a record without a traceback: 16 hexadecimal digits over its logger and the shape of its first
/// line. Stable from version to version: it stands in journals.
pub fn fingerprint(logger: Option<&str>, text: &str) -> String {
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    digest(&["text", logger.unwrap_or_default(), &shape(line)])
}

/// The fingerprint of a record with a traceback: the exception's type, and the function and file (without folders and
/// line numbers) in which it was raised.
pub(super) fn of_exception(exception: &str, function: &str, file: &str) -> String {
    digest(&["exception", exception, function, file])
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hex::encode(hash.finalize().get(..8).unwrap_or_default())
}

/// At most this much of a line makes its shape.
const MOST_CHARS: usize = 400;
/// A quoted value that is longer is read as words.
const MOST_QUOTED: usize = 300;

/// `line` with `#` for numbers, times, addresses, ids and hashes, `~` for paths and URLs and `"` for quoted values;
/// several of a kind in a list become one.
fn shape(line: &str) -> String {
    let mut out = String::with_capacity(line.len().min(MOST_CHARS));
    let mut rest = line.trim();
    let mut read = 0;
    while let Some(c) = rest.chars().next() {
        if read > MOST_CHARS {
            break;
        }
        let used = if let Some(used) = quoted(rest, &out) {
            mark(&mut out, '"');
            used
        } else if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            c.len_utf8()
        } else if is_word(c) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let token = rest.get(..end).unwrap_or_default();
            let bare = token.trim_end_matches(['.', ':', '-']);
            push_token(&mut out, bare);
            out.push_str(token.get(bare.len()..).unwrap_or_default());
            end
        } else {
            out.push(c);
            c.len_utf8()
        };
        read += used;
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

/// Characters that stand inside numbers, times, addresses, ids, paths and words.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || "_.:/\\%@+-".contains(c)
}

/// How long the quoted value at the start of `rest` is, quotes included. An apostrophe inside a word opens none.
fn quoted(rest: &str, before: &str) -> Option<usize> {
    let open = rest.chars().next()?;
    let close = match open {
        '"' | '\'' | '`' => open,
        '«' => '»',
        '“' => '”',
        '‘' => '’',
        _ => return None,
    };
    if open == '\'' && before.ends_with(|c: char| c.is_alphanumeric() || c == '#') {
        return None;
    }
    let inner = rest.get(open.len_utf8()..)?;
    let length = inner.find(close).filter(|l| *l <= MOST_QUOTED)?;
    Some(open.len_utf8() + length + close.len_utf8())
}

/// Pushes a mark, unless the list before it ends in the same: `#, #, #` is `#`.
fn mark(out: &mut String, kind: char) {
    let before = out.trim_end_matches([',', ' ']);
    if before.ends_with(kind) && before.len() < out.len() {
        out.truncate(before.len());
    } else if !(kind == '#' && out.ends_with('#')) {
        out.push(kind);
    }
}

fn push_token(out: &mut String, token: &str) {
    if token.is_empty() {
        return;
    }
    let has_digit = token.bytes().any(|b| b.is_ascii_digit());
    if token.contains(['/', '\\']) {
        let is_date = has_digit && token.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'/' | b':'));
        mark(out, if is_date { '#' } else { '~' });
    } else if is_id(token, has_digit) {
        mark(out, '#');
    } else if has_digit {
        push_without_numbers(out, token);
    } else {
        out.push_str(token);
    }
}

/// Hexadecimal ids, UUIDs, IPv6 addresses, long random ids.
fn is_id(token: &str, has_digit: bool) -> bool {
    let bytes = token.as_bytes();
    let hex = token.strip_prefix("0x").unwrap_or(token);
    let only_hex = hex.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b'-' | b':'));
    if only_hex && (hex.len() < token.len() || hex.len() >= 8 || (has_digit && hex.len() >= 6)) {
        return true;
    }
    if only_hex && hex.bytes().filter(|b| *b == b':').count() >= 2 {
        return true;
    }
    let random = bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    random && has_digit && bytes.len() >= 20
}

/// `v1.15.1` is `v#`, `12:30:01,011` is `#`, `-3.5ms` is `#ms`.
fn push_without_numbers(out: &mut String, token: &str) {
    let mut chars = token.chars().peekable();
    let mut in_number = false;
    while let Some(c) = chars.next() {
        let next_is_digit = chars.peek().is_some_and(char::is_ascii_digit);
        if c.is_ascii_digit() {
            if !in_number {
                mark(out, '#');
                in_number = true;
            }
        } else if in_number && next_is_digit && ".:-_+T".contains(c) {
            // Joins two numbers to one.
        } else if !in_number && next_is_digit && "+-".contains(c) && !out.ends_with(char::is_alphanumeric) {
            // A sign.
        } else {
            in_number = false;
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn records_of_the_same_problem_have_the_same_shape() {
        for (line, expected) in [
            ("Student 42 not found", "Student # not found"),
            ("took 12.5 ms of -3", "took # ms of #"),
            ("took 1234ms", "took #ms"),
            ("id 550e8400-e29b-41d4-a716-446655440000 gone", "id # gone"),
            ("commit a1b2c3d and deadbeefcafe", "commit # and #"),
            ("at 0x7f3a2c", "at #"),
            ("from 172.17.0.1:53870 and fe80::1:2", "from # and #"),
            ("at 2026-01-09 10:26:32,011 UTC", "at # UTC"),
            ("since 2026-01-09T10:26:32.011Z", "since #Z"),
            ("open /app/data/x7.db: failed", "open ~: failed"),
            ("C:\\data\\x.txt gone", "~ gone"),
            ("GET http://nas:8080/a?b failed", "GET ~?b failed"),
            ("column 'x' of \"y z\" and `k`", "column \" of \" and \""),
            ("can't and don't 5", "can't and don't #"),
            ("in (1, 2, 3) or ('a', 'b')", "in (#) or (\")"),
            ("in (1, 2)", "in (#)"),
            ("v1.15.1 of sms_db2", "v# of sms_db#"),
            ("request req_8fKx93LmQz01TrNw52 lost", "request # lost"),
            ("Σφάλμα 5 «τιμή»  τέλος", "Σφάλμα # \" τέλος"),
            ("feedback and added", "feedback and added"),
            ("", ""),
        ] {
            assert_eq!(shape(line), expected, "{line}");
        }
    }

    #[test]
    fn different_problems_differ_and_the_digits_are_stable() {
        assert_eq!(fingerprint(Some("a"), "Student 1\nx"), fingerprint(Some("a"), "Student 2\ny"));
        assert_ne!(fingerprint(Some("a"), "Student 1"), fingerprint(Some("b"), "Student 1"));
        assert_ne!(fingerprint(None, "Student 1"), fingerprint(None, "Course 1"));
        assert_ne!(of_exception("E", "f", "g"), of_exception("E", "fg", ""));
        // These stand in journals: a change here parts what belongs together.
        assert_eq!(fingerprint(Some("backend.db"), "Student 42 not found"), "5b91d6ac8e3de49e");
        assert_eq!(of_exception("ValueError", "load", "service.py"), "f7d31d572cd4a7e8");
    }

    proptest! {
        #[test]
        fn any_text_has_sixteen_digits(logger in any::<Option<String>>(), text in any::<String>(), odd in "[\"'«»“”/:#0-9a-f.λ -]{0,40}") {
            for text in [&text, &odd] {
                let digits = fingerprint(logger.as_deref(), text);
                prop_assert_eq!(digits.len(), 16);
                prop_assert!(digits.bytes().all(|b| b.is_ascii_hexdigit()));
            }
        }

        #[test]
        fn numbers_do_not_matter(word in "[a-zα-ω]{1,8}", a in 0u64..1_000_000_000_000, b in 0u64..1_000_000_000_000) {
            prop_assert_eq!(
                fingerprint(None, &format!("{word} {a} failed: '{a}'")),
                fingerprint(None, &format!("{word} {b} failed: '{b}'"))
            );
        }
    }
}
