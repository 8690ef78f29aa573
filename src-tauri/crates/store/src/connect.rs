//! How the journal is connected to: one connection that writes, a few that read.

use std::{
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection, SqlitePool, Transaction,
    sqlite::{
        Sqlite, SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions,
        SqliteSynchronous,
    },
};
use tokio::sync::{Mutex, MutexGuard};

/// Each connection's page cache in KiB. Writing is appending and reading is paging, so that more would not be faster.
const CACHE_KIB: i64 = 256;

/// Whether a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// It does: events. The write-ahead log is synced as a whole, so that all readings recorded before are safe as well.
    Full,
    /// It survives the process, not a power cut: readings and the inbox.
    Normal,
}

/// The one connection of this process that writes.
#[derive(Debug)]
pub(crate) struct Writer(Mutex<Line>);

/// The connection, while nobody else has it.
#[derive(Debug)]
pub(crate) struct Line {
    path: PathBuf,
    connection: SqliteConnection,
    /// `None` when it is not known.
    durability: Option<Durability>,
    /// Whether the last transaction was committed, if there was one.
    settled: bool,
}

/// A transaction that writes; rolled back when dropped.
#[derive(Debug)]
pub(crate) struct Writing<'a> {
    tx: Transaction<'a, Sqlite>,
    settled: &'a mut bool,
}

impl Writer {
    pub(crate) fn new(path: &Path, connection: SqliteConnection) -> Self {
        Self(Mutex::new(Line { path: path.to_owned(), connection, durability: None, settled: true }))
    }
    /// Waits for the connection.
    pub(crate) async fn line(&self) -> MutexGuard<'_, Line> {
        self.0.lock().await
    }
    /// Closes the connection; SQLite takes the write-ahead log in when it was the last one.
    pub(crate) async fn close(self) -> sqlx::Result<()> {
        self.0.into_inner().connection.close().await
    }
}

impl Line {
    /// Begins to write. Nobody else, in no process, writes until the transaction ends, so that what is read in it still
    /// holds when it commits.
    pub(crate) async fn begin(&mut self, durability: Durability) -> sqlx::Result<Writing<'_>> {
        if !self.settled {
            // SQLite itself rolls back when the disk is full; sqlx then waits for a transaction that is gone. A new
            // connection knows nothing of either.
            let old = std::mem::replace(&mut self.connection, writing(&self.path).await?);
            (self.settled, self.durability) = (true, None);
            let _ = old.close().await;
        }
        if self.durability != Some(durability) {
            self.durability = None;
            let pragma = match durability {
                Durability::Full => "PRAGMA synchronous = FULL",
                Durability::Normal => "PRAGMA synchronous = NORMAL",
            };
            sqlx::query(pragma).execute(&mut self.connection).await?;
            self.durability = Some(durability);
        }
        self.settled = false;
        let tx = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Writing { tx, settled: &mut self.settled })
    }
    /// The connection itself, for what cannot be done in a transaction.
    pub(crate) const fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }
}

impl Writing<'_> {
    /// Ends it; what was written is stored when this returns.
    pub(crate) async fn commit(self) -> sqlx::Result<()> {
        self.tx.commit().await?;
        *self.settled = true;
        Ok(())
    }
}

impl Deref for Writing<'_> {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        &self.tx
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }
}

/// A connection that writes, and makes the file where there is none.
pub(crate) async fn writing(path: &Path) -> sqlx::Result<SqliteConnection> {
    common(path)
        .create_if_missing(true)
        // Lets retention give space back without writing the whole file anew.
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", (4 << 20).to_string())
        // A backup or a virus scanner that holds the file is no reason to end a watch: the readings wait.
        .busy_timeout(Duration::from_secs(90))
        .connect()
        .await
}

/// A connection that changes nothing, not even by taking the write-ahead log in. `immutable` for a file that lies where
/// nobody can write, not even SQLite its lock.
pub(crate) async fn reading(path: &Path, immutable: bool) -> sqlx::Result<SqliteConnection> {
    common(path).read_only(true).immutable(immutable).connect().await
}

/// Connections for reading, opened when needed and closed again after half a minute.
pub(crate) fn readers(path: &Path, immutable: bool) -> SqlitePool {
    SqlitePoolOptions::new()
        .min_connections(0)
        .max_connections(2)
        .acquire_timeout(Duration::from_secs(60))
        .idle_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .connect_lazy_with(common(path).read_only(true).immutable(immutable))
}

fn common(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(24)
        .pragma("cache_size", (-CACHE_KIB).to_string())
        .pragma("mmap_size", "0")
        // SQL that a damaged or foreign file brings along is not run.
        .pragma("trusted_schema", "OFF")
        .disable_statement_logging()
}
