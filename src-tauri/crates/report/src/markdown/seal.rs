//! The last line of a Markdown report.

use watchkeeper_core::{chain::Hash, view::Head};

use crate::{FORMAT, FORMAT_VERSION};

/// What the last line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seal {
    pub(crate) head: Head,
    /// SHA-256 of everything above the line.
    pub(crate) digest: Hash,
}

/// Why a last line is no seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SealError {
    /// It is something else.
    Missing,
    /// It is one, of this format.
    Version(u32),
}

impl Seal {
    /// `text` with its seal below it.
    pub(crate) fn close(mut text: String, head: Head) -> String {
        if !text.is_empty() {
            text.push('\n');
        }
        let seal = Self { head, digest: Hash::of(text.as_bytes()) };
        text += &seal.line();
        text
    }

    /// The line itself.
    pub(crate) fn line(&self) -> String {
        let Head { seq, hash } = self.head;
        format!("<!-- {FORMAT} format={FORMAT_VERSION} head={seq} hash={hash} sha-256={} -->\n", self.digest)
    }

    /// Splits a sealed text into what the seal covers and the seal. Tolerates nothing: the line has to be exactly as
    /// [`Seal::line`] writes it.
    pub(crate) fn split(bytes: &[u8]) -> Result<(&[u8], Self), SealError> {
        let body = bytes.strip_suffix(b"\n").ok_or(SealError::Missing)?;
        let start = body.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let (above, line) = bytes.split_at_checked(start).ok_or(SealError::Missing)?;
        let line = std::str::from_utf8(line).map_err(|_| SealError::Missing)?;
        let words: Vec<&str> = line.split(' ').collect();
        let (version, head, hash, digest) = match words.as_slice() {
            ["<!--", name, version, head, hash, digest, "-->\n"] if *name == FORMAT => {
                (version, head, hash, digest)
            }
            _ => return Err(SealError::Missing),
        };
        let version: u32 = number(version, "format=").ok_or(SealError::Missing)?;
        if version != FORMAT_VERSION {
            return Err(SealError::Version(version));
        }
        let seal = Self {
            head: Head {
                seq: number(head, "head=").ok_or(SealError::Missing)?,
                hash: hash.strip_prefix("hash=").and_then(Hash::parse).ok_or(SealError::Missing)?,
            },
            digest: digest.strip_prefix("sha-256=").and_then(Hash::parse).ok_or(SealError::Missing)?,
        };
        if seal.line() == line { Ok((above, seal)) } else { Err(SealError::Missing) }
    }
}

fn number<T: std::str::FromStr>(word: &str, name: &str) -> Option<T> {
    word.strip_prefix(name)?.parse().ok()
}
