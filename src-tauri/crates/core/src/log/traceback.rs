//! Python tracebacks: chained ones, and exception groups with their margin of `|`.

use super::fingerprint;

/// A traceback as it comes in, line by line.
#[derive(Debug, Clone)]
pub(super) struct Traceback {
    phase: Phase,
    grouped: bool,
    /// File name without folders, and function, of the last frame seen.
    frame: Option<(String, String)>,
    /// The type of the last exception seen.
    exception: Option<String>,
}

/// What a line is to a traceback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// A frame, a source line, a blank, a joining sentence, more of a message.
    Part,
    /// The line that names the exception.
    Exception,
    /// None of it.
    Foreign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Frames; the exception's line is still to come.
    Frames,
    /// The exception's line was there.
    Said,
    /// « During handling of the above exception »: another traceback follows.
    Joined,
}

impl Traceback {
    /// Whether `line` begins a traceback.
    pub(super) fn starts(line: &str) -> bool {
        let line = line.trim_start_matches([' ', '|', '+']);
        line.starts_with("Traceback (most recent call last):")
            || line.starts_with("Exception Group Traceback (most recent call last):")
    }

    /// The traceback that `line` begins.
    pub(super) fn begin(line: &str) -> Self {
        Self { phase: Phase::Frames, grouped: line.contains("Exception Group"), frame: None, exception: None }
    }

    /// Whether the exception's line is still to come.
    pub(super) fn is_unfinished(&self) -> bool {
        self.phase != Phase::Said
    }

    /// What `line` is to this traceback.
    pub(super) fn feed(&mut self, line: &str) -> Fit {
        let (content, in_group) = without_margin(line);
        if content.trim().is_empty() || (in_group && content.trim_start().starts_with("+-")) {
            return Fit::Part;
        }
        if Self::starts(content) {
            let more = self.phase != Phase::Said || (self.grouped && in_group);
            self.grouped |= line.contains("Exception Group");
            self.phase = if more { Phase::Frames } else { self.phase };
            return if more { Fit::Part } else { Fit::Foreign };
        }
        if let Some(frame) = frame(content) {
            self.frame = Some(frame);
            return Fit::Part;
        }
        if content.starts_with([' ', '\t']) {
            return Fit::Part;
        }
        if is_join(content) {
            self.phase = Phase::Joined;
            return Fit::Part;
        }
        if self.phase == Phase::Said && !in_group {
            return if is_more_of_a_message(content) { Fit::Part } else { Fit::Foreign };
        }
        match exception_type(content) {
            Some(name) => {
                self.exception = Some(name.into());
                self.phase = Phase::Said;
                Fit::Exception
            }
            // A message of several lines, inside a group.
            None if in_group => Fit::Part,
            None => Fit::Foreign,
        }
    }

    /// The fingerprint of the last exception (the one that was not handled) and the frame that raised it.
    pub(super) fn fingerprint(&self) -> String {
        let (file, function) = self.frame.as_ref().map_or(("", ""), |(a, b)| (a.as_str(), b.as_str()));
        fingerprint::of_exception(self.exception.as_deref().unwrap_or_default(), function, file)
    }
}

/// Lines without indentation that drivers and SQLAlchemy put below a message.
pub(super) fn is_more_of_a_message(line: &str) -> bool {
    [
        "[SQL: ",
        "[parameters: ",
        "(Background on this error at: ",
        "DETAIL:  ",
        "HINT:  ",
        "CONTEXT:  ",
        "LINE ",
    ]
    .iter()
    .any(|start| line.starts_with(start))
}

/// The exception's type in `backend.errors.NotFound: no such student` or `KeyboardInterrupt`.
pub(super) fn exception_type(line: &str) -> Option<&str> {
    let name = line.split(':').next()?;
    let shaped = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.len() <= 200
        && name.chars().all(|c| c.is_alphanumeric() || "_.<>".contains(c));
    let after = line.get(name.len()..)?;
    (shaped && (after.is_empty() || after == ":" || after.starts_with(": "))).then_some(name)
}

/// `line` without an exception group's margin (`  | `), and whether it has one.
pub(super) fn without_margin(line: &str) -> (&str, bool) {
    let inner = line.trim_start();
    if let Some(content) = inner.strip_prefix('|') {
        return (content.strip_prefix(' ').unwrap_or(content), true);
    }
    (line, line.len() > inner.len() && inner.starts_with('+'))
}

fn is_join(line: &str) -> bool {
    line.starts_with("During handling of the above exception, another exception occurred")
        || line.starts_with("The above exception was the direct cause of the following exception")
}

/// File name and function of `  File "/app/backend/db.py", line 12, in load`.
fn frame(line: &str) -> Option<(String, String)> {
    let (path, rest) = line.trim_start().strip_prefix("File \"")?.split_once("\", line ")?;
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let function = rest.split_once(", in ").map_or("", |(_, f)| f.trim());
    let short = |s: &str| s.chars().take(200).collect();
    Some((short(file), short(function)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Fit>, Traceback) {
        let mut lines = text.lines();
        let mut traceback = Traceback::begin(lines.next().unwrap());
        (lines.map(|l| traceback.feed(l)).collect(), traceback)
    }

    #[test]
    fn a_chain_is_one_traceback_and_its_last_exception_counts() {
        let (fits, traceback) = read(
            "Traceback (most recent call last):\n  File \"/usr/lib/a.py\", line 1, in connect\n    x()\nOSError: refused\n\n\
             The above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  \
             File \"/app/backend/db.py\", line 12, in load\nbackend.errors.Lost: gone\nDETAIL:  none\nNext line",
        );
        assert_eq!(fits.iter().filter(|f| **f == Fit::Exception).count(), 2);
        assert_eq!(fits.last(), Some(&Fit::Foreign));
        assert_eq!(fits.iter().filter(|f| **f == Fit::Foreign).count(), 1);
        assert_eq!(
            traceback.fingerprint(),
            fingerprint::of_exception("backend.errors.Lost", "load", "db.py")
        );
    }

    #[test]
    fn a_group_is_one_traceback_and_its_inner_exception_counts() {
        let (fits, traceback) = read(
            "  + Exception Group Traceback (most recent call last):\n  |   File \"/a/b.py\", line 1, in run\n  |     y()\n  \
             | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)\n  +-+---------------- 1 ----------------\n    \
             | Traceback (most recent call last):\n    |   File \"/app/c.py\", line 3, in inner\n    | ValueError: bad\n    \
             | second line of it\n    +------------------------------------\nINFO",
        );
        assert_eq!(fits.iter().filter(|f| **f == Fit::Exception).count(), 2);
        assert_eq!(fits.iter().filter(|f| **f == Fit::Foreign).count(), 1, "{fits:?}");
        assert_eq!(traceback.fingerprint(), fingerprint::of_exception("ValueError", "inner", "c.py"));
    }

    #[test]
    fn a_second_traceback_without_a_join_is_another_one() {
        let (fits, _) = read(
            "Traceback (most recent call last):\n  File \"a\", line 1, in f\nE: x\nTraceback (most recent call last):",
        );
        assert_eq!(fits, [Fit::Part, Fit::Exception, Fit::Foreign]);
    }

    #[test]
    fn exception_lines_are_known() {
        for (line, name) in [
            ("ValueError: x", Some("ValueError")),
            ("KeyboardInterrupt", Some("KeyboardInterrupt")),
            ("a.b.E:", Some("a.b.E")),
            ("__main__.f.<locals>.E: λ", Some("__main__.f.<locals>.E")),
            ("Λάθος: x", Some("Λάθος")),
            ("Not an exception", None),
            ("http://x", None),
            ("", None),
            ("5: x", None),
        ] {
            assert_eq!(exception_type(line), name, "{line}");
        }
    }
}
