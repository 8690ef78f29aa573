//! What a terminal would swallow: colour codes and control characters.

use std::borrow::Cow;

/// `line` without ANSI escape sequences and without control characters other than the tab.
pub(crate) fn clean(line: &str) -> Cow<'_, str> {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    if line.chars().all(|c| c == '\t' || !(c.is_control() || is_invisible(c))) {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape(&mut chars),
            // The same as ESC [, in eight bits.
            '\u{9b}' => skip_sequence(&mut chars),
            '\t' => out.push(c),
            c if c.is_control() || is_invisible(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Marks that turn the direction of writing, and characters that nobody sees: between a name and its value they would
/// keep the two apart, and a name with them reads as another one.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// The rest of a control sequence: up to its last letter.
fn skip_sequence(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
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

/// ECMA-48: `ESC [ … letter` (CSI), `ESC ] … BEL` or `ESC ] … ESC \` (OSC), otherwise one character.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.peek() {
        Some('[') => {
            chars.next();
            skip_sequence(chars);
        }
        // OSC, DCS, APC, PM and SOS all go on to their terminator.
        Some(']' | 'P' | '_' | '^' | 'X') => {
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
            ("a\u{202e}b\u{61c}c\u{2066}d\u{e0041}e", "abcde"),
        ] {
            assert_eq!(clean(line), text, "{line:?}");
        }
    }
}
