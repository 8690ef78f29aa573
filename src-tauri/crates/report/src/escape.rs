//! Text from outside, made harmless: a log line, an API message or a note never becomes Markdown or HTML.

use watchkeeper_core::log::is_invisible;

/// `text` on one line, so that it reads as itself in a paragraph, a list item or a table cell.
///
/// Escaped is only what would act: `health_check` and `< 500 ms` stay as they are, which keeps the file itself legible.
pub(crate) fn text(text: &str) -> String {
    let line = one_line(text);
    let mut out = String::with_capacity(line.len() + 8);
    let mut chars = line.chars().peekable();
    // What stands before the first character acts like a blank.
    let mut before = ' ';
    let ordered = ordered_list_delimiter(&line);
    for place in 0.. {
        let Some(c) = chars.next() else { break };
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' | '^' => out.extend(['\\', c]),
            '_' if !(before.is_alphanumeric() && next.is_alphanumeric()) => out.push_str("\\_"),
            '<' if next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?') => out.push_str("&lt;"),
            '&' if next.is_ascii_alphanumeric() || next == '#' => out.push_str("&amp;"),
            ':' if place == 0 => out.push_str("\\:"),
            '>' if place == 0 => out.push_str("&gt;"),
            '#' | '+' | '-' | '=' if place == 0 && begins_a_block(&line, c) => out.extend(['\\', c]),
            // `http://` and `www.` turn into links by themselves in many readers.
            '/' if before == ':' && next == '/' => out.push_str("\\/"),
            '.' if ends_with_www(&out) => out.push_str("\\."),
            _ if Some(place) == ordered => out.extend(['\\', c]),
            _ => out.push(c),
        }
        before = c;
    }
    out
}

/// `text` on one line, at most `most` characters of it, then as [`text`] makes it.
pub(crate) fn brief(text: &str, most: usize) -> String {
    self::text(&shortened(&one_line(text), most))
}

/// `text` of several lines as one list item or paragraph: each line harmless, hard breaks between them, later ones
/// indented by `indent` blanks.
pub(crate) fn lines(text: &str, indent: usize) -> String {
    let all: Vec<String> = text.lines().map(self::text).filter(|l| !l.is_empty()).collect();
    all.join(&format!("\\\n{}", " ".repeat(indent)))
}

/// `text` as inline code. A bar ends a table's cell even inside of code, so it is escaped there: readers undo that in
/// tables only, which is why a name with a bar is no code at all.
pub(crate) fn code(text: &str) -> String {
    let line = one_line(text);
    if line.is_empty() || line.contains('|') {
        return self::text(&line);
    }
    let ticks = "`".repeat(longest_run(&line, '`') + 1);
    // A blank on both sides is taken away again by the reader; one is needed beside a backtick.
    let pad = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{line}{pad}{ticks}")
}

/// `text` in a code fence that cannot be closed from inside. Lines are cut at `most` characters.
pub(crate) fn fence(language: &str, text: &str, most: usize) -> String {
    let ticks = "`".repeat(longest_run(text, '`').max(2) + 1);
    let mut out = format!("{ticks}{language}\n");
    for line in text.lines() {
        let harmless: String = line.chars().map(visible).collect();
        out += shortened(harmless.trim_end(), most).as_str();
        out.push('\n');
    }
    out + &ticks
}

/// `text` on one line for a terminal: nothing in it moves the cursor or turns the direction of reading.
pub(crate) fn plain(text: &str) -> String {
    one_line(text)
}

/// At most `most` characters, with an ellipsis where some are missing.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// Blanks, tabs and line ends as single blanks; control characters made visible.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(visible(c));
        }
    }
    out
}

/// A control character as its picture; what turns the direction of reading or cannot be seen, as `�`.
fn visible(c: char) -> char {
    match c {
        '\t' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        _ if is_invisible(c) => '\u{fffd}',
        _ => c,
    }
}

fn ends_with_www(text: &str) -> bool {
    text.len().checked_sub(3).and_then(|from| text.get(from..)).is_some_and(|t| t.eq_ignore_ascii_case("www"))
}

/// Whether `line`, which begins with `c`, would be a heading, a list item, a rule or an underline.
fn begins_a_block(line: &str, c: char) -> bool {
    let rest = line.trim_start_matches(c);
    rest.is_empty() || rest.starts_with(' ')
}

/// The place of the `.` or `)` of a number that would begin an ordered list.
fn ordered_list_delimiter(line: &str) -> Option<usize> {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let mut rest = line.chars().skip(digits);
    let delimiter = matches!(rest.next(), Some('.' | ')'));
    (digits > 0 && delimiter && rest.next().is_none_or(char::is_whitespace)).then_some(digits)
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(|run| run.chars().count()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_act_is_escaped() {
        for (from, to) in [
            ("< 500 ms, n 480; p = 0.512", "< 500 ms, n 480; p = 0.512"),
            ("health_check of sms-app", "health_check of sms-app"),
            ("__init__.py", "\\_\\_init\\_\\_.py"),
            ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
            ("a | b", "a \\| b"),
            ("one\ntwo\r\n\tthree", "one two three"),
            ("# heading", "\\# heading"),
            ("1. first", "1\\. first"),
            ("1.15.1 is out", "1.15.1 is out"),
            ("12) twelfth", "12\\) twelfth"),
            ("#1 Container crashes", "#1 Container crashes"),
            ("- item", "\\- item"),
            ("---", "\\---"),
            ("-3 s", "-3 s"),
            ("> quote", "&gt; quote"),
            ("AT&T & Söhne &amp;", "AT&amp;T & Söhne &amp;amp;"),
            ("http://evil.example/", "http:\\//evil.example/"),
            ("see www.evil.example", "see www\\.evil.example"),
            ("[x](y) ![z]", "\\[x\\](y) !\\[z\\]"),
            ("\u{1b}[31mred\u{202e}", "␛\\[31mred�"),
            ("Βάση δεδομένων", "Βάση δεδομένων"),
        ] {
            assert_eq!(text(from), to, "{from:?}");
        }
    }

    /// What a reader makes of Markdown: its text, and its tags.
    fn read(markdown: &str) -> (String, Vec<String>) {
        use pulldown_cmark::{Event, Options, Parser};
        let (mut text, mut tags) = (String::new(), Vec::new());
        for event in Parser::new_ext(markdown, Options::all()) {
            match event {
                Event::Text(t) | Event::Code(t) => text += &t,
                Event::SoftBreak | Event::HardBreak => text.push('\n'),
                Event::Start(tag) => tags.push(format!("{tag:?}")),
                Event::End(_) => {}
                other => tags.push(format!("{other:?}")),
            }
        }
        (text, tags)
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_reads_as_itself(from in "[-a-z0-9 .,:;#+=_*`~<>&!?|\\\\/$@'\"^{}()\\[\\]\n\t%ώ\u{1b}\u{202e}]{0,40}") {
            let wanted = one_line(&from);
            // Quotes are made typographic by some readers, which is their right.
            let plain = |s: &str| s.replace(['“', '”', '‘', '’', '–', '—', '…'], "").replace(['\'', '"', '-', '.'], "");
            let (read_text, tags) = read(&format!("- **x**: {}\n", text(&from)));
            proptest::prop_assert_eq!(plain(&read_text), plain(format!("x: {wanted}").trim_end()));
            proptest::prop_assert_eq!(tags.len(), 3, "{:?}", tags);
            let (read_text, tags) = read(&format!("| a |\n| --- |\n| {} |\n", text(&from)));
            proptest::prop_assert_eq!(plain(&read_text), plain(&format!("a{wanted}")));
            proptest::prop_assert_eq!(tags.len(), 5, "{:?}", tags);
            let (_, tags) = read(&format!("- {}\n", lines(&from, 2)));
            proptest::prop_assert!(tags.len() <= 3, "{:?}", tags);
            let (read_text, tags) = read(&fence("text", &from, 80));
            proptest::prop_assert_eq!(tags.len(), 1, "{:?}", tags);
            proptest::prop_assert_eq!(read_text.lines().count(), from.lines().count());
            let (read_text, tags) = read(&format!("x {}", code(&from)));
            proptest::prop_assert_eq!(plain(&read_text), plain(format!("x {wanted}").trim_end()));
            proptest::prop_assert_eq!(tags.len(), 1, "{:?}", tags);
        }
    }

    #[test]
    fn fences_and_code_are_longer_than_what_they_hold() {
        assert_eq!(fence("text", "a\n```\nb", 80), "````text\na\n```\nb\n````");
        assert_eq!(fence("", "`````", 80), "``````\n`````\n``````");
        for (from, to) in
            [("sms-app", "`sms-app`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a|b", "a\\|b"), ("", "")]
        {
            assert_eq!(code(from), to, "{from:?}");
        }
    }

    #[test]
    fn long_text_is_cut_with_an_ellipsis() {
        assert_eq!(shortened("abcdef", 6), "abcdef");
        assert_eq!(shortened("abcdefg", 6), "abcde…");
        assert_eq!(shortened("ab cdefg", 4), "ab…");
    }
}
