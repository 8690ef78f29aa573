//! Bringing the journal's format up to date, with a copy made before.

use std::path::{Path, PathBuf};

use sqlx::{
    SqliteConnection,
    migrate::{MigrateError, Migrator},
};
use tokio::task;

use crate::{StoreError, files};

/// The journal's formats, oldest first.
static MIGRATIONS: Migrator = sqlx::migrate!();

/// The newest format that this version knows: a date and time, such as 20261123060000.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0)
}

/// Brings the journal from format `from` (0 where it is new) to the newest one. Each step is one transaction.
pub(crate) async fn bring_up_to_date(
    path: &Path,
    connection: &mut SqliteConnection,
    from: i64,
) -> Result<(), StoreError> {
    if from == newest() {
        return Ok(());
    }
    let copy = if from > 0 { Some(copy_before(path, connection, newest()).await?) } else { None };
    match MIGRATIONS.run_direct(None, connection, false).await {
        Ok(()) => {
            tracing::info!(from, to = newest(), ?copy, "the journal was brought up to date");
            Ok(())
        }
        Err(MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _))
            if crate::error::primary_code(&e) == Some(13) =>
        {
            Err(StoreError::DiskFull {
                doing: "bringing the journal up to date".into(),
                path: path.to_owned(),
            })
        }
        Err(e) => Err(StoreError::Migration { path: path.to_owned(), why: e.to_string(), copy }),
    }
}

/// Copies the journal, with what stands in its write-ahead log, to `<path>.before-<version>`; to `…-2` and so on where
/// that is taken by a copy with other contents.
async fn copy_before(
    path: &Path,
    connection: &mut SqliteConnection,
    version: i64,
) -> Result<PathBuf, StoreError> {
    let failed = |why: String| StoreError::Migration {
        path: path.to_owned(),
        why: format!(
            "the copy that is made before could not be written ({why}); free some space in its folder"
        ),
        copy: None,
    };
    let to = files::beside(path, &format!(".before-{version}"));
    let part = files::beside(&to, ".part");
    // Left over from a start that was cut short; SQLite writes into an empty or new file only.
    if part.exists() {
        std::fs::remove_file(&part).map_err(|e| failed(e.to_string()))?;
    }
    let name = part.to_str().ok_or_else(|| StoreError::PathNotUnicode(path.to_owned()))?;
    sqlx::query("VACUUM INTO ?").bind(name).execute(connection).await.map_err(|e| failed(e.to_string()))?;
    task::spawn_blocking(move || keep(&part, &to))
        .await
        .map_err(|e| failed(e.to_string()))?
        .map_err(|e| failed(e.to_string()))
}

/// Gives the finished copy its name.
fn keep(part: &Path, to: &Path) -> std::io::Result<PathBuf> {
    for n in 1_u32.. {
        let to = if n == 1 { to.to_owned() } else { files::beside(to, &format!("-{n}")) };
        if !to.exists() {
            files::settle(part, &to)?;
            return Ok(to);
        }
        if files::same_bytes(part, &to)? {
            std::fs::remove_file(part)?;
            return Ok(to);
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}
