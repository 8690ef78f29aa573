//! The store: one journal file for all sessions.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::Utc;
use sqlx::{Connection, Row, SqliteConnection, SqlitePool};
use tokio::task;

use crate::{
    StoreError, check_session_id,
    connect::{self, Writer},
    damage::{self, Aside},
    examine::{Care, Found, examine},
    files,
    lock::{self, OpeningLock},
    migration,
};

/// What the store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To record, and to leave commands in the inbox. Makes the journal where there is none.
    Write,
    /// To look. Changes nothing and needs no right to write.
    ReadOnly,
}

/// The journal file. Cheap to clone; all clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) path: PathBuf,
    pub(crate) readers: SqlitePool,
    writer: Option<Writer>,
}

impl Store {
    /// Opens the journal at `path`. For [`Access::Write`], makes it and its folder where they are missing, and brings an
    /// older format up to date after copying the file to `<path>.before-<version>`. Unless a watch is running on it, the
    /// whole file is checked; a damaged one is copied to `<path>.damaged-<UTC time>` and refused.
    ///
    /// # Errors
    /// A path that cannot hold a journal, or a file that is none, is damaged, or was written by a newer version.
    pub async fn open(path: &Path, access: Access) -> Result<Self, StoreError> {
        // SQLite reads `file:…` and `:memory:` as something else than a file's name; absolute paths are neither.
        let path = std::path::absolute(path).map_err(|e| StoreError::io(path, "opened", &e))?;
        if path.to_str().is_none() {
            return Err(StoreError::PathNotUnicode(path));
        }
        if path.is_dir() {
            return Err(StoreError::Folder(path));
        }
        match access {
            Access::Write => open_to_write(path).await,
            Access::ReadOnly => open_to_read(path).await,
        }
    }

    /// The journal's path, absolute.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// The size of the journal with its write-ahead log, in bytes.
    ///
    /// # Errors
    /// When the file system does not tell.
    pub fn file_size(&self) -> Result<u64, StoreError> {
        let path = self.path();
        let sizes =
            || -> io::Result<u64> { Ok(files::size(path)? + files::size(&files::beside(path, "-wal"))?) };
        sizes().map_err(|e| StoreError::io(path, "measured", &e))
    }

    /// Whether some process, this one too, is writing `session` now.
    ///
    /// # Errors
    /// When `session` is no session id, or the lock's file cannot be looked at.
    pub fn writer_of(&self, session: &str) -> Result<bool, StoreError> {
        lock::is_held(self.path(), check_session_id(session)?)
    }

    /// Closes the connections and takes the write-ahead log in. Without it the same happens at the next opening. Does
    /// nothing to the writing connection while a clone is left.
    ///
    /// # Errors
    /// What SQLite says.
    pub async fn close(self) -> Result<(), StoreError> {
        self.inner.readers.close().await;
        if let Some(Inner { path, writer: Some(writer), .. }) = Arc::into_inner(self.inner) {
            writer.close().await.map_err(|e| StoreError::sqlite(&path, "closing the journal", &e))?;
        }
        Ok(())
    }

    /// The connection that writes, for `doing`.
    pub(crate) fn writer(&self, doing: &str) -> Result<&Writer, StoreError> {
        let read_only = || StoreError::ReadOnly { doing: doing.to_owned(), path: self.inner.path.clone() };
        self.inner.writer.as_ref().ok_or_else(read_only)
    }

    /// What SQLite's error means while `doing`.
    pub(crate) fn says(&self, doing: &str) -> impl Fn(sqlx::Error) -> StoreError + use<> {
        let (path, doing) = (self.inner.path.clone(), doing.to_owned());
        move |error| StoreError::sqlite(&path, &doing, &error)
    }
}

async fn open_to_write(path: PathBuf) -> Result<Store, StoreError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| StoreError::io(&path, "written", &e))?;
    }
    let _turn = OpeningLock::take(&path).await?;
    let watched = lock::any_held(&path).map_err(|e| StoreError::io(&path, "opened", &e))?;
    let format = match examine(&path, care(watched.as_deref())).await? {
        Found::Nothing => 0,
        Found::Journal { format, .. } => format,
        Found::Damaged(why) => {
            let from = path.clone();
            let aside = task::spawn_blocking(move || damage::set_aside(&from, Utc::now()))
                .await
                .unwrap_or_else(|e| Aside::Failed(e.to_string()));
            return Err(StoreError::Damaged { path, why, aside });
        }
    };
    let known = migration::newest();
    if format > known {
        return Err(StoreError::Newer { path, found: format, known });
    }
    if let Some(session) = watched.filter(|_| 0 < format && format < known) {
        return Err(StoreError::OlderInUse { path, session });
    }
    let opening = |e: sqlx::Error| StoreError::sqlite(&path, "opening the journal", &e);
    files::private(&path).map_err(|e| StoreError::io(&path, "written", &e))?;
    let mut connection = connect::writing(&path).await.map_err(opening)?;
    may_write(&path, &mut connection).await?;
    migration::bring_up_to_date(&path, &mut connection, format).await?;
    let readers = connect::readers(&path, false);
    let writer = Writer::new(&path, connection);
    Ok(Store { inner: Arc::new(Inner { path, readers, writer: Some(writer) }) })
}

async fn open_to_read(path: PathBuf) -> Result<Store, StoreError> {
    let watched = lock::any_held(&path).unwrap_or(None);
    let (format, immutable) = match examine(&path, care(watched.as_deref())).await? {
        Found::Nothing => return Err(StoreError::Missing(path)),
        Found::Journal { format, immutable } => (format, immutable),
        Found::Damaged(why) => return Err(StoreError::Damaged { path, why, aside: Aside::ReadingOnly }),
    };
    let known = migration::newest();
    match format {
        0 => Err(StoreError::Missing(path)),
        found if found > known => Err(StoreError::Newer { path, found, known }),
        found if found < known => Err(StoreError::Older(path)),
        _ => {
            let readers = connect::readers(&path, immutable);
            Ok(Store { inner: Arc::new(Inner { path, readers, writer: None }) })
        }
    }
}

/// Whoever writes the journal has looked at each page when it began; the others need not wait for it again.
const fn care(watched: Option<&str>) -> Care {
    if watched.is_some() { Care::Outside } else { Care::EachPage }
}

/// SQLite opens what it cannot write for reading and says so at the first write, which would be late.
async fn may_write(path: &Path, connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let says = |e: sqlx::Error| StoreError::sqlite(path, "opening the journal for writing", &e);
    let mode = sqlx::query("PRAGMA journal_mode").fetch_one(&mut *connection).await.map_err(says)?;
    if !mode.try_get::<String, _>(0).map_err(says)?.eq_ignore_ascii_case("wal") {
        return Err(StoreError::NoWriteAheadLog(path.to_owned()));
    }
    let nothing = connection.begin_with("BEGIN IMMEDIATE").await.map_err(says)?;
    nothing.rollback().await.map_err(says)
}
