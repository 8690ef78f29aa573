//! The Engine's log stream cut into frames: one per write of the container, with the stream it went to.
//!
//! Source: Docker Engine API, « Attach to a container », section « Stream format ».

use bytes::{Buf, Bytes, BytesMut};

/// dockerd cuts lines at 16 KiB; a frame this long is no frame.
const LONGEST: usize = 1024 * 1024;
const HEADER: usize = 8;

/// Bytes in, frames out.
#[derive(Debug)]
pub(crate) struct Frames {
    buffer: BytesMut,
    tty: bool,
}

/// One write: 1 is stdout, 2 is stderr; with a TTY all is 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) stream: u8,
    pub(crate) bytes: Bytes,
}

/// What came is no log stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a log stream: {0}")]
pub(crate) struct FrameError(String);

impl Frames {
    /// With a TTY the stream is raw: it has lines and no headers.
    pub(crate) fn new(tty: bool) -> Self {
        Self { buffer: BytesMut::new(), tty }
    }

    /// Takes in what arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame, if there is one.
    pub(crate) fn next(&mut self) -> Result<Option<Frame>, FrameError> {
        if self.tty { self.next_line() } else { self.next_frame() }
    }

    /// What is left at the end of the stream: the last line of a TTY.
    pub(crate) fn rest(&mut self) -> Option<Frame> {
        let bytes = self.buffer.split().freeze();
        (self.tty && !bytes.is_empty()).then_some(Frame { stream: 1, bytes })
    }

    fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        let Some([stream, a, b, c, length @ ..]) = self.buffer.first_chunk::<HEADER>().copied() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(length) as usize;
        if stream > 2 || (a, b, c) != (0, 0, 0) || length > LONGEST {
            return Err(FrameError(format!("a header of stream {stream} and {length} bytes")));
        }
        if self.buffer.len() < HEADER + length {
            return Ok(None);
        }
        self.buffer.advance(HEADER);
        Ok(Some(Frame { stream, bytes: self.buffer.split_to(length).freeze() }))
    }

    fn next_line(&mut self) -> Result<Option<Frame>, FrameError> {
        match self.buffer.iter().position(|b| *b == b'\n') {
            Some(end) => Ok(Some(Frame { stream: 1, bytes: self.buffer.split_to(end + 1).freeze() })),
            None if self.buffer.len() > LONGEST => Err(FrameError(format!("a line of over {LONGEST} bytes"))),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
pub(crate) fn frame(stream: u8, text: &[u8]) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap().to_be_bytes();
    [&[stream, 0, 0, 0], length.as_slice(), text].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(frames: &mut Frames) -> Vec<(u8, Vec<u8>)> {
        std::iter::from_fn(|| frames.next().unwrap()).map(|f| (f.stream, f.bytes.to_vec())).collect()
    }

    #[test]
    fn frames_are_found_wherever_the_bytes_are_cut() {
        let wire = [frame(1, b"one\n"), frame(2, b""), frame(2, "δύο\n".as_bytes())].concat();
        let expected = vec![(1, b"one\n".to_vec()), (2, Vec::new()), (2, "δύο\n".as_bytes().to_vec())];
        for cut in 0..wire.len() {
            let mut frames = Frames::new(false);
            let (a, b) = wire.split_at(cut);
            frames.push(a);
            let mut found = all(&mut frames);
            frames.push(b);
            found.extend(all(&mut frames));
            assert_eq!(found, expected, "cut at {cut}");
        }
    }

    #[test]
    fn a_tty_has_lines() {
        let mut frames = Frames::new(true);
        frames.push(b"one\r\ntwo\r\nthr");
        assert_eq!(all(&mut frames), vec![(1, b"one\r\n".to_vec()), (1, b"two\r\n".to_vec())]);
        assert_eq!(frames.rest().unwrap().bytes, "thr");
        assert_eq!(frames.rest(), None);
    }

    #[test]
    fn what_is_no_stream_is_refused() {
        for wire in
            [b"HTTP/1.1 200 OK".as_slice(), &[1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], &[3, 0, 0, 0, 0, 0, 0, 1]]
        {
            let mut frames = Frames::new(false);
            frames.push(wire);
            assert!(frames.next().is_err(), "{wire:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8), tty: bool) {
            let mut frames = Frames::new(tty);
            'outer: for chunk in chunks {
                frames.push(&chunk);
                loop {
                    match frames.next() {
                        Ok(Some(_)) => {}
                        Ok(None) => break,
                        Err(_) => break 'outer,
                    }
                }
            }
            let _ = frames.rest();
        }
    }
}
