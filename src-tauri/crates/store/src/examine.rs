//! Looking at what lies at the journal's path, without changing it.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use sqlx::{Connection, Row, SqliteConnection};

use crate::{
    StoreError, connect,
    error::primary_code,
    files::{beside, size},
    lock::session_locks,
};

/// `WKPR`, as the first migration sets it.
const APPLICATION_ID: i64 = 0x574B_5052;

/// What lies there.
#[derive(Debug)]
pub(crate) enum Found {
    /// Nothing, or an empty file that a start left which was cut short.
    Nothing,
    /// A journal in good order.
    Journal {
        /// Its newest migration; 0 where the first one is still to come.
        format: i64,
        /// Whether it can be read only as something that nobody can change.
        immutable: bool,
    },
    /// Not what a journal should be, and in which way.
    Damaged(String),
}

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// At each page. Takes about two seconds for each GiB that the system has in its cache.
    EachPage,
    /// At the outside: somebody is writing the journal, and has looked at it before.
    Outside,
}

/// Looks.
pub(crate) async fn examine(path: &Path, care: Care) -> Result<Found, StoreError> {
    match outside(path) {
        Ok(None) => {}
        Ok(Some(found)) => return Ok(found),
        Err(e) => return Err(StoreError::io(path, "opened", &e)),
    }
    let (mut connection, immutable) = match open(path).await {
        Ok(open) => open,
        Err(e) => return broken_or(path, &e),
    };
    let answer = match look(&mut connection, care).await {
        Ok(Look::Format(format)) => Ok(Found::Journal { format, immutable }),
        Ok(Look::Wrong(why)) => Ok(Found::Damaged(why)),
        Ok(Look::Foreign) => Err(StoreError::Foreign(path.to_owned())),
        Err(e) => broken_or(path, &e),
    };
    // It only read; what it says at the end changes nothing.
    let _ = connection.close().await;
    answer
}

enum Look {
    Format(i64),
    Wrong(String),
    Foreign,
}

fn broken_or(path: &Path, error: &sqlx::Error) -> Result<Found, StoreError> {
    match primary_code(error) {
        Some(11 | 26) => Ok(Found::Damaged(error.to_string())),
        _ => Err(StoreError::sqlite(path, "opening the journal", error)),
    }
}

/// What can be seen without SQLite.
fn outside(path: &Path) -> io::Result<Option<Found>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            // The write-ahead log alone: the journal was moved away without it, or lost.
            let orphan = size(&beside(path, "-wal"))? > 0;
            return Ok(Some(if orphan {
                Found::Damaged("the file is missing while its write-ahead log (-wal) is there".into())
            } else {
                Found::Nothing
            }));
        }
        Err(e) => return Err(e),
    };
    let mut head = Vec::new();
    file.by_ref().take(100).read_to_end(&mut head)?;
    if head.is_empty() {
        let was_used = size(&beside(path, "-wal"))? > 0 || !session_locks(path)?.is_empty();
        return Ok(Some(if was_used {
            Found::Damaged("the file is empty although sessions were recorded in it".into())
        } else {
            Found::Nothing
        }));
    }
    if !head.starts_with(b"SQLite format 3\0") {
        return Ok(Some(Found::Damaged("it does not begin as an SQLite database does".into())));
    }
    Ok((head.len() < 100).then(|| Found::Damaged(format!("it ends after {} bytes", head.len()))))
}

/// A connection that reads. Where not even SQLite's lock can be written, nobody else can write the journal either.
async fn open(path: &Path) -> sqlx::Result<(SqliteConnection, bool)> {
    let error = match try_out(path, false).await {
        Ok(connection) => return Ok((connection, false)),
        Err(e) => e,
    };
    // A write that was cut short has to be rolled back first, and a reader may not do that.
    if primary_code(&error) == Some(8) && size(&beside(path, "-journal")).is_ok_and(|s| s > 0) {
        let mut writer = connect::writing(path).await?;
        sqlx::query("SELECT count(*) FROM sqlite_schema").execute(&mut writer).await?;
        writer.close().await?;
        return Ok((try_out(path, false).await?, false));
    }
    let log_is_empty = size(&beside(path, "-wal")).is_ok_and(|s| s == 0);
    if primary_code(&error) == Some(14) && log_is_empty {
        return Ok((try_out(path, true).await?, true));
    }
    Err(error)
}

async fn try_out(path: &Path, immutable: bool) -> sqlx::Result<SqliteConnection> {
    let mut connection = connect::reading(path, immutable).await?;
    sqlx::query("SELECT count(*) FROM sqlite_schema").execute(&mut connection).await?;
    Ok(connection)
}

async fn look(connection: &mut SqliteConnection, care: Care) -> sqlx::Result<Look> {
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .fetch_all(&mut *connection)
        .await?;
    let application: i64 =
        sqlx::query("PRAGMA application_id").fetch_one(&mut *connection).await?.try_get(0)?;
    let migrated = tables.iter().any(|t| t == "_sqlx_migrations");
    if !migrated && !tables.is_empty() || !matches!(application, 0 | APPLICATION_ID) {
        return Ok(Look::Foreign);
    }
    if care == Care::EachPage {
        let wrong: Vec<String> =
            sqlx::query_scalar("PRAGMA quick_check(3)").fetch_all(&mut *connection).await?;
        if wrong.iter().any(|w| w != "ok") {
            return Ok(Look::Wrong(wrong.join("; ").replace('\n', " ")));
        }
    }
    if !migrated {
        return Ok(Look::Format(0));
    }
    let format: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(&mut *connection)
        .await?;
    if format.is_some() && application == 0 {
        return Ok(Look::Foreign);
    }
    Ok(Look::Format(format.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Access, Store};

    #[tokio::test]
    async fn a_journal_that_nobody_can_change_is_read_without_locks() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("100%25 #1?κενό.db");
        Store::open(&path, Access::Write).await.unwrap().close().await.unwrap();
        let mut connection = try_out(&path, true).await.unwrap();
        assert!(
            matches!(look(&mut connection, Care::EachPage).await.unwrap(), Look::Format(format) if format > 0)
        );
        assert!(!beside(&path, "-shm").exists(), "it leaves nothing beside the journal");
    }
}
