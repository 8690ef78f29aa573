//! A Markdown report: the seal below the text.

use watchkeeper_core::chain::Hash;

use super::{Changed, Kind, Verified, VerifyError};
use crate::{
    escape,
    markdown::{Seal, SealError, head_line, session_of},
};

pub(super) fn verify(bytes: &[u8]) -> Result<Verified, VerifyError> {
    let (above, seal) = match Seal::split(bytes) {
        Ok(split) => split,
        Err(SealError::Version(found)) => return Err(VerifyError::Version { found: found.into() }),
        Err(SealError::Missing) if holds(&unix(bytes)) => {
            return Err(VerifyError::Seal { only: Some(Changed::LineEnds) });
        }
        Err(SealError::Missing) => return Err(VerifyError::NoReport),
    };
    if Hash::of(above) != seal.digest {
        let only = holds(&unix(bytes)).then_some(Changed::LineEnds);
        return Err(VerifyError::Seal { only });
    }
    // The seal covers what is above it; what it says itself is covered by being said there too.
    let text = std::str::from_utf8(above).map_err(|_| VerifyError::NoReport)?;
    let head = head_line(seal.head);
    if !text.lines().any(|line| line == head) {
        return Err(VerifyError::Seal { only: None });
    }
    let session = session_of(text).map(escape::plain);
    let statement = format!(
        "The Markdown report{} was not changed since it was exported.\n\
         That alone proves nothing of what it says. Compare its chain head, entry {} with hash {}, with the JSON report \
         of the same session or with its journal, and verify that.",
        session.as_ref().map_or_else(String::new, |s| format!(" of session {s}")),
        seal.head.seq,
        seal.head.hash
    );
    Ok(Verified {
        kind: Kind::Markdown,
        session,
        events: 0,
        head_seq: seal.head.seq,
        head_hash: seal.head.hash,
        signed_off: None,
        evidence: 0,
        statement,
    })
}

fn holds(bytes: &[u8]) -> bool {
    Seal::split(bytes).is_ok_and(|(above, seal)| Hash::of(above) == seal.digest)
}

/// With line ends as they are written, one at the end.
fn unix(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1);
    let mut bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).iter().peekable();
    while let Some(b) = bytes.next() {
        if !(*b == b'\r' && bytes.peek() == Some(&&b'\n')) {
            out.push(*b);
        }
    }
    if out.last() != Some(&b'\n') {
        out.push(b'\n');
    }
    out
}
