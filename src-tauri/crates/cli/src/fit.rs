//! Fitting lines into a terminal's width, at blanks, with what follows set under where the text began.

/// Lines are never made narrower than this.
const LEAST: usize = 40;

/// Each line of `text` in at most `width` columns; `None` leaves them as they are.
pub(crate) fn fit(text: &str, width: Option<usize>) -> String {
    let Some(width) = width.map(|w| w.max(LEAST)) else { return text.to_owned() };
    text.split('\n').map(|line| fit_line(line, width)).collect::<Vec<_>>().join("\n")
}

fn fit_line(line: &str, width: usize) -> String {
    if visible(line) <= width {
        return line.to_owned();
    }
    let hang = hang(line, width);
    let mut out = String::new();
    let mut column = 0;
    // The blanks of the line's first columns are its layout; later ones only part words.
    for piece in line.split_inclusive(' ') {
        let word = visible(piece.trim_end_matches(' '));
        if column > hang && column + word > width {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            out.push_str(&" ".repeat(hang));
            column = hang;
            if word == 0 {
                continue;
            }
        }
        out.push_str(piece);
        column += visible(piece);
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// The column at which the text of a line begins: after its last gap of two blanks or more near its beginning.
fn hang(line: &str, width: usize) -> usize {
    let most = 40.min(width / 2);
    let (mut column, mut blanks, mut hang) = (0, 0, 0);
    for c in plain(line) {
        if c == ' ' {
            blanks += 1;
        } else {
            if blanks >= 2 && column <= most {
                hang = column;
            }
            blanks = 0;
        }
        column += 1;
    }
    hang
}

/// How many columns it takes: colours take none.
fn visible(text: &str) -> usize {
    plain(text).count()
}

fn plain(text: &str) -> impl Iterator<Item = char> {
    let mut escaped = false;
    text.chars().filter(move |c| {
        let was = escaped;
        escaped = if was { *c != 'm' } else { *c == '\u{1b}' };
        !was && !escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_go_on_under_their_text() {
        for (line, fitted) in [
            ("short", "short"),
            (
                "Verdict    fail: not met: Container remains running",
                "Verdict    fail: not met: Container\n           remains running",
            ),
            (
                "          11 h 55 min without interruption, by Docker",
                "          11 h 55 min without\n          interruption, by Docker",
            ),
            (
                "a sentence of words without any layout at all, long",
                "a sentence of words without any layout\nat all, long",
            ),
            (
                "\u{1b}[31mred\u{1b}[0m and as long as the terminal is at",
                "\u{1b}[31mred\u{1b}[0m and as long as the terminal is at",
            ),
        ] {
            assert_eq!(fit(line, Some(40)), fitted);
            assert_eq!(fit(line, None), line);
        }
    }

    #[test]
    fn nothing_gets_lost() {
        let text = "αβγδε ".repeat(40) + &"x".repeat(90) + "\n  y  z";
        let fitted = fit(&text, Some(10));
        let words = |t: &str| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&fitted), words(&text));
    }
}
