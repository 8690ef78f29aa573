//! What can go wrong with the journal file, and what to do about it.

use std::{
    io,
    path::{Path, PathBuf},
};

use watchkeeper_engine::ports::JournalError;

use crate::damage::Aside;

/// Why the store could not do what it was asked. Each says what failed, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The path names a folder.
    #[error("{} is a folder, not a journal: name a file in it, such as {}", .0.display(), .0.join("watchkeeper.db").display())]
    Folder(PathBuf),
    /// Opened for reading, and there is nothing.
    #[error("there is no journal at {}: start a watch first, or check the data folder's path", .0.display())]
    Missing(PathBuf),
    /// SQLite takes paths in Unicode only.
    #[error("the path {} is not valid Unicode, which SQLite needs: choose another data folder", .0.display())]
    PathNotUnicode(PathBuf),
    /// The file or its folder cannot be read or written.
    #[error(
        "the journal {} cannot be {access}: {why}. Check that the folder exists and that you may write in it and in \
         the files there (watchkeeper.db, -wal and -shm), or choose another data folder",
        path.display()
    )]
    NoAccess {
        /// The journal.
        path: PathBuf,
        /// `opened`, `written`, …
        access: &'static str,
        /// The system's words.
        why: String,
    },
    /// Write-ahead logging is not to be had on this file system.
    #[error(
        "the folder of {} cannot hold a journal: SQLite's write-ahead log does not work there, as on most network \
         shares. Choose a folder on a local disk",
        .0.display()
    )]
    NoWriteAheadLog(PathBuf),
    /// A database, but not this program's.
    #[error("{} is a database of another program: choose another file or folder for the journal", .0.display())]
    Foreign(PathBuf),
    /// Written by a newer version.
    #[error(
        "the journal {} was written by a newer version of SMS Watchkeeper (its format is {found}, this version knows \
         up to {known}): update this program. The file was not touched",
        path.display()
    )]
    Newer {
        /// The journal.
        path: PathBuf,
        /// Its newest migration.
        found: i64,
        /// This program's newest migration.
        known: i64,
    },
    /// Written by an older version, and opened for reading only.
    #[error(
        "the journal {} has an older format: open it once for writing with this version, such as by starting a watch; \
         a copy of it is made before it is brought up to date",
        .0.display()
    )]
    Older(PathBuf),
    /// The file is damaged.
    #[error("the journal {} is damaged: {why}. Nothing in it was changed. {aside}", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
        /// Where its copy is.
        aside: Aside,
    },
    /// The format could not be brought up to date.
    #[error(
        "the journal {} could not be brought up to date: {why}. {}",
        path.display(),
        copy.as_ref().map_or_else(|| "It is as it was".to_owned(), |c| format!("It is as it was, and so is its copy {}", c.display()))
    )]
    Migration {
        /// The journal.
        path: PathBuf,
        /// What went wrong.
        why: String,
        /// The copy made before, if it came to that.
        copy: Option<PathBuf>,
    },
    /// An older version's watch is running on a journal that this version would have to change.
    #[error(
        "the journal {} has an older format and a watch of that version is running (session {session}): end that watch, \
         then start this version again",
        path.display()
    )]
    OlderInUse {
        /// The journal.
        path: PathBuf,
        /// The session that is being watched.
        session: String,
    },
    /// The disk is full.
    #[error("the disk is full: {doing} failed for {}. Free some space there; nothing was stored by halves", path.display())]
    DiskFull {
        /// What was being done.
        doing: String,
        /// The journal.
        path: PathBuf,
    },
    /// Another process kept the file locked for too long.
    #[error(
        "{doing} failed: another process keeps {} locked. Close other programs that have it open (a backup, a database \
         browser), then try again",
        path.display()
    )]
    Busy {
        /// What was being done.
        doing: String,
        /// The journal.
        path: PathBuf,
    },
    /// Anything else that SQLite says.
    #[error("{doing} failed for {}: {why}", path.display())]
    Database {
        /// What was being done.
        doing: String,
        /// The journal.
        path: PathBuf,
        /// SQLite's words.
        why: String,
    },
    /// Opened for reading only.
    #[error("{doing} failed: {} was opened for reading only", path.display())]
    ReadOnly {
        /// What was being done.
        doing: String,
        /// The journal.
        path: PathBuf,
    },
    /// Not a session id.
    #[error(
        "`{0}` is not a session id: use 1 to 64 letters (a–z), digits, `.`, `-` and `_`, beginning with a letter or digit and \
         not ending with `.`"
    )]
    SessionId(String),
    /// No such session.
    #[error("there is no session `{session}` in {}", path.display())]
    NoSession {
        /// The id that was asked for.
        session: String,
        /// The journal.
        path: PathBuf,
    },
    /// The id is taken.
    #[error("there is a session `{0}` already: resume it, or choose another id")]
    SessionExists(String),
    /// Another process writes the session.
    #[error("session `{session}` is being watched by another process: leave it to that one, or end it first (lock: {})", lock.display())]
    InUse {
        /// The session.
        session: String,
        /// The lock's file.
        lock: PathBuf,
    },
    /// Closed for writing.
    #[error("session `{0}` is signed off and closed for writing: open a new session")]
    SignedOff(String),
    /// What was to be stored does not continue what is stored.
    #[error(
        "session `{session}`: {what} was refused: {why}. Another process may have written in between; start the watch again"
    )]
    Refused {
        /// The session.
        session: String,
        /// What was to be stored.
        what: String,
        /// Why it does not fit.
        why: String,
    },
    /// Over the size allowed.
    #[error("{what} is {bytes} bytes long; {limit} are allowed. Shorten it")]
    TooLarge {
        /// What.
        what: String,
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A stored row is not what the program wrote.
    #[error(
        "session `{session}`: {table} {entry} in {} cannot be read: {why}",
        path.display()
    )]
    Row {
        /// The journal.
        path: PathBuf,
        /// `event`, `reading`, `evidence` or `inbox`.
        table: &'static str,
        /// The session.
        session: String,
        /// The event's sequence, the reading's number, the ticket.
        entry: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The readings went away while they were read.
    #[error("session `{0}`: its readings were pruned while they were being read: ask again")]
    PrunedMeanwhile(String),
    /// No such ticket.
    #[error(
        "there is no command number {0} in the inbox: it was never left, or its session has been tidied up since"
    )]
    NoTicket(i64),
}

impl From<StoreError> for JournalError {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

impl StoreError {
    /// What SQLite's error means for the journal at `path`.
    pub(crate) fn sqlite(path: &Path, doing: &str, error: &sqlx::Error) -> Self {
        let (doing, path) = (doing.to_owned(), path.to_owned());
        // https://www.sqlite.org/rescode.html; the low byte is the primary code.
        match primary_code(error) {
            Some(5 | 6) => Self::Busy { doing, path },
            Some(13) => Self::DiskFull { doing, path },
            Some(8 | 3 | 23) => Self::NoAccess { path, access: "written", why: error.to_string() },
            Some(14) => Self::NoAccess { path, access: "opened", why: error.to_string() },
            Some(11 | 26) => Self::Damaged { path, why: error.to_string(), aside: Aside::AtNextOpening },
            _ => Self::Database { doing, path, why: error.to_string() },
        }
    }

    /// What the file system's error means for the journal at `path`.
    pub(crate) fn io(path: &Path, access: &'static str, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            return Self::DiskFull { doing: access.to_owned(), path: path.to_owned() };
        }
        Self::NoAccess { path: path.to_owned(), access, why: error.to_string() }
    }
}

/// SQLite's primary result code.
pub(crate) fn primary_code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse::<i32>().ok().map(|code| code & 0xff)
}
