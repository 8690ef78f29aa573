//! What a terminal would swallow: colour codes and control characters.

use std::borrow::Cow;

/// `line` without ANSI escape sequences and without control characters other than the tab.
pub(crate) fn clean(line: &str) -> Cow<'_, str> {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    let is_plain = line.bytes().all(|b| (b >= 0x20 && b != 0x7f) || b == b'\t');
    if is_plain {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// ECMA-48: `ESC [ … letter` (CSI), `ESC ] … BEL` or `ESC ] … ESC \` (OSC), otherwise one character.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            while let Some(&c) = chars.peek() {
                if !(' '..='~').contains(&c) {
                    return;
                }
                chars.next();
                if ('@'..='~').contains(&c) {
                    return;
                }
            }
        }
        Some(']') => {
            while let Some(c) = chars.next() {
                if c == '\u{7}' || (c == '\u{1b}' && chars.next_if_eq(&'\\').is_some()) {
                    return;
                }
            }
        }
        Some(c) if c.is_ascii_graphic() => {
            chars.next();
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_control_characters_go() {
        for (line, text) in [
            ("plain, Ελληνικά\tand tab", "plain, Ελληνικά\tand tab"),
            ("\u{1b}[32mINFO\u{1b}[0m:     up", "INFO:     up"),
            ("\u{1b}[1;38;5;208mx\u{1b}[m", "x"),
            ("\u{1b}]0;title\u{7}x\u{1b}]8;;u\u{1b}\\y", "xy"),
            ("a\u{0}b\r", "ab"),
            ("cut \u{1b}[3", "cut "),
            ("cut \u{1b}", "cut "),
            ("\u{1b}[Λ", "Λ"),
            ("\u{feff}BOM", "BOM"),
        ] {
            assert_eq!(clean(line), text, "{line:?}");
        }
    }
}
