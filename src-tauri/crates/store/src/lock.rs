//! One process writes a session: a lock on a file, which the system takes back when the process ends, however it ends.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{StoreError, check_session_id, files};

/// How long somebody who only looks whether a lock is held may be in the way.
const PATIENCE: Duration = Duration::from_millis(20);
const TRIES: u32 = 15;

/// The right to write one session, until it is dropped or the process ends. The file, `<journal>.<session>.lock`,
/// stays: to remove it would let two processes lock two files of one name.
#[derive(Debug)]
pub(crate) struct SessionLock {
    _file: File,
}

impl SessionLock {
    /// Takes the lock of `session`.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another holds it; when the file cannot be made.
    pub(crate) async fn take(journal: &Path, session: &str) -> Result<Self, StoreError> {
        let path = lock_path(journal, session)?;
        let file = open(&path).map_err(|e| StoreError::io(&path, "opened", &e))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(PATIENCE).await,
                Err(TryLockError::Error(e)) => return Err(StoreError::io(&path, "locked", &e)),
            }
        }
        Err(StoreError::InUse { session: session.to_owned(), lock: path })
    }
}

/// Whether a process holds the lock of `session` now.
pub(crate) fn is_held(journal: &Path, session: &str) -> Result<bool, StoreError> {
    let path = lock_path(journal, session)?;
    is_locked(&path).map_err(|e| StoreError::io(&path, "opened", &e))
}

/// A session of the journal that some process is writing, if there is one.
pub(crate) fn any_held(journal: &Path) -> io::Result<Option<String>> {
    for (session, path) in session_locks(journal)? {
        if is_locked(&path)? {
            return Ok(Some(session));
        }
    }
    Ok(None)
}

/// The sessions that have, or once had, a writer, with their lock files.
pub(crate) fn session_locks(journal: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    files::siblings(journal, ".", ".lock")
}

/// Held while a journal is looked at, made or brought up to date, so that two starts do not do it at once.
#[derive(Debug)]
pub(crate) struct OpeningLock {
    _file: File,
}

impl OpeningLock {
    /// Waits for its turn, for at most half a minute.
    pub(crate) async fn take(journal: &Path) -> Result<Self, StoreError> {
        let path = files::beside(journal, "-opening");
        let file = open(&path).map_err(|e| StoreError::io(&path, "opened", &e))?;
        for _ in 0..1_500 {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(PATIENCE).await,
                Err(TryLockError::Error(e)) => return Err(StoreError::io(&path, "locked", &e)),
            }
        }
        Err(StoreError::Busy { doing: "opening the journal".into(), path: journal.to_owned() })
    }
}

fn lock_path(journal: &Path, session: &str) -> Result<PathBuf, StoreError> {
    // Windows sees one file under both spellings, other systems two.
    let session = check_session_id(session)?.to_ascii_lowercase();
    Ok(files::beside(journal, &format!(".{session}.lock")))
}

fn open(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(false).open(path)
}

fn is_locked(path: &Path) -> io::Result<bool> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(e),
    };
    // Shared: two who look at once are not in each other's way.
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(e)) => Err(e),
    }
}
