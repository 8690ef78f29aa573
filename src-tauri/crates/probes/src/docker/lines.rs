//! Frames put together into lines, each with Docker's time.

use chrono::{DateTime, Utc};

use super::frames::Frame;

/// The most bytes that are kept of one line; dockerd cuts at 16 KiB, and parts beyond these are let go.
const LONGEST: usize = 64 * 1024;

/// One line of the container, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// When Docker received its first part, by the NAS's clock.
    pub(super) at: DateTime<Utc>,
    pub(super) text: String,
}

/// Puts lines together from frames that each begin with a time. A line over 16 KiB comes in several frames, of which
/// only the last ends with a newline; what has no end yet is kept for the next frame.
#[derive(Debug, Default)]
pub(super) struct Lines {
    open: [Option<(DateTime<Utc>, Vec<u8>)>; 2],
}

/// The time that a frame begins with, and the rest; `None` where it begins with none.
pub(super) fn stamp(frame: &Frame) -> Option<(DateTime<Utc>, &[u8])> {
    let space = frame.bytes.iter().take(48).position(|b| *b == b' ')?;
    let (time, rest) = frame.bytes.split_at(space);
    let time = DateTime::parse_from_rfc3339(std::str::from_utf8(time).ok()?).ok()?;
    Some((time.with_timezone(&Utc), rest.get(1..)?))
}

impl Lines {
    /// Takes one part of a line that arrived `at`; gives the line if that was its end.
    pub(super) fn push(&mut self, stream: u8, at: DateTime<Utc>, part: &[u8]) -> Option<Line> {
        let slot = self.open.get_mut(usize::from(stream == 2))?;
        let (at, mut bytes) = slot.take().unwrap_or_else(|| (at, Vec::new()));
        let room = LONGEST.saturating_sub(bytes.len());
        bytes.extend(part.iter().take(room));
        if part.ends_with(b"\n") {
            return Some(line(at, &bytes));
        }
        *slot = Some((at, bytes));
        None
    }

    /// The lines that never got an end: their container is gone.
    pub(super) fn finish(&mut self) -> impl Iterator<Item = Line> + use<> {
        std::mem::take(&mut self.open).into_iter().flatten().map(|(at, bytes)| line(at, &bytes))
    }
}

/// Not every line is UTF-8; what is not becomes U+FFFD.
fn line(at: DateTime<Utc>, bytes: &[u8]) -> Line {
    let text = String::from_utf8_lossy(bytes);
    Line { at, text: text.trim_end_matches(['\r', '\n']).to_owned() }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;

    fn at(nanos: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(nanos)
    }

    #[test]
    fn parts_become_lines_per_stream() {
        let mut lines = Lines::default();
        assert_eq!(lines.push(1, at(1), "αρχή ".as_bytes()), None);
        assert_eq!(lines.push(2, at(2), b"error\n"), Some(Line { at: at(2), text: "error".into() }));
        let (a, b) = "τέλος\r\n".as_bytes().split_at(3);
        assert_eq!(lines.push(1, at(3), a), None, "cut inside a character");
        assert_eq!(lines.push(1, at(3), b), Some(Line { at: at(1), text: "αρχή τέλος".into() }));
        assert_eq!(
            lines.push(1, at(4), b"\xff\xfe bad\n"),
            Some(Line { at: at(4), text: "\u{fffd}\u{fffd} bad".into() })
        );
        assert_eq!(lines.push(1, at(5), b"\n"), Some(Line { at: at(5), text: String::new() }));
        lines.push(2, at(6), b"half");
        assert_eq!(lines.finish().collect::<Vec<_>>(), vec![Line { at: at(6), text: "half".into() }]);
        assert_eq!(lines.finish().count(), 0);
    }

    #[test]
    fn a_line_is_bounded() {
        let mut lines = Lines::default();
        for _ in 0..8 {
            assert_eq!(lines.push(1, at(1), &[b'x'; 16 * 1024]), None);
        }
        assert_eq!(lines.push(1, at(1), b"\n").unwrap().text.len(), LONGEST);
    }

    #[test]
    fn times_are_read() {
        let frame = |text: &'static [u8]| Frame { stream: 1, bytes: Bytes::from_static(text) };
        let nanos = |text| stamp(&frame(text)).map(|(at, rest)| (at.timestamp_subsec_nanos(), rest.to_vec()));
        assert_eq!(nanos(b"2026-11-23T04:25:51.418629123Z hi\n"), Some((418_629_123, b"hi\n".to_vec())));
        assert_eq!(nanos(b"2026-11-23T04:25:51.418629123+02:00 \n"), Some((418_629_123, b"\n".to_vec())));
        for text in [b"hi there".as_slice(), b"", b"2026-11-23T04:25:51Z", b"\xff\xff x"] {
            assert_eq!(nanos(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_frames_are_survived(frames in prop::collection::vec((any::<u8>(), prop::collection::vec(any::<u8>(), 0..60)), 0..12)) {
            let mut lines = Lines::default();
            for (stream, bytes) in frames {
                let frame = Frame { stream, bytes: bytes.into() };
                let (at, part) = stamp(&frame).unwrap_or((at(0), &frame.bytes));
                if let Some(line) = lines.push(stream, at, part) {
                    prop_assert!(!line.text.ends_with('\n'));
                }
            }
            let _ = lines.finish().count();
        }
    }
}
