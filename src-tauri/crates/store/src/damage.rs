//! A damaged journal is copied aside before anything else is done with it. Nothing is ever deleted.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

use crate::files::{beside, copy_whole, same_bytes, siblings, size};

/// Where the copy of a damaged journal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aside {
    /// Copied to this file, with its `-wal` and `-shm` beside it.
    Copied(PathBuf),
    /// It could not be copied, and why.
    Failed(String),
    /// Found while the journal was in use; the next opening makes the copy.
    AtNextOpening,
    /// Opened for reading only: nothing is written, so nothing is copied.
    ReadingOnly,
}

impl fmt::Display for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Copied(to) => write!(
                f,
                "A copy is at {}. To go on, move the journal with its -wal and -shm to another folder, then put a backup in its \
                 place or start with a new one; `sqlite3 FILE .recover` may save what can be read",
                to.display()
            ),
            Self::Failed(why) => write!(
                f,
                "It could not be copied aside ({why}): free some space or copy it yourself, with its -wal and -shm, \
                 before you try anything else"
            ),
            Self::AtNextOpening => f.write_str(
                "Check the disk; the next start makes a copy of the journal and says how to go on",
            ),
            Self::ReadingOnly => {
                f.write_str("Keep a copy of it, with its -wal and -shm, before you try anything else")
            }
        }
    }
}

/// Copies the journal with its `-wal` and `-shm` to `<path>.damaged-<UTC time>`, unless there is such a copy already.
pub(crate) fn set_aside(path: &Path, now: DateTime<Utc>) -> Aside {
    match copy(path, now) {
        Ok(to) => Aside::Copied(to),
        Err(e) => Aside::Failed(e.to_string()),
    }
}

fn copy(path: &Path, now: DateTime<Utc>) -> io::Result<PathBuf> {
    // Each start finds the same damage again; one copy of it is enough.
    for (name, earlier) in siblings(path, ".damaged-", "")? {
        let whole = !["-wal", "-shm", ".part"].iter().any(|end| name.ends_with(end));
        if whole
            && same_bytes(path, &earlier)?
            && same_bytes(&beside(path, "-wal"), &beside(&earlier, "-wal"))?
        {
            return Ok(earlier);
        }
    }
    let stamp = now.format("%Y%m%dT%H%M%SZ").to_string();
    let free = (1..)
        .map(|n| if n == 1 { stamp.clone() } else { format!("{stamp}-{n}") })
        .map(|name| beside(path, &format!(".damaged-{name}")))
        .find(|to| !to.exists());
    let to = free.ok_or(io::ErrorKind::AlreadyExists)?;
    // SQLite makes the -shm anew, and Windows may have it locked: a copy is nice to have. The journal comes last: where
    // its copy is, the log's is too.
    let _ = copy_whole(&beside(path, "-shm"), &beside(&to, "-shm"));
    for suffix in ["-wal", ""] {
        let from = beside(path, suffix);
        if size(&from)? > 0 || suffix.is_empty() && from.exists() {
            copy_whole(&from, &beside(&to, suffix))?;
        }
    }
    Ok(to)
}
