//! Files that people write, read with care; and who they are.

use std::{
    env,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{task::spawn_blocking, time::timeout};

use crate::{DeskError, Help, IDENTIFIER};

/// What people write is small; a folder that has not given it by then does not answer.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// The folder that the journal and the configurations are kept in unless another is named; `None` without a home folder.
pub fn data_folder() -> Option<PathBuf> {
    Some(directories::BaseDirs::new()?.data_local_dir().join(IDENTIFIER))
}

/// The journal within a data folder.
pub fn journal_in(folder: &Path) -> PathBuf {
    folder.join("watchkeeper.db")
}

/// The name that the operating system has for the person.
pub fn person() -> String {
    ["USER", "USERNAME", "LOGNAME"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|n| !n.trim().is_empty()))
        .unwrap_or_else(|| "operator".into())
}

/// Reads a text file of at most `limit` bytes.
///
/// # Errors
/// What failed, with the file's name and `help`; its exit code is `usage`.
pub fn read_file(path: &Path, what: &str, limit: u64, help: impl Into<Help>) -> Result<Vec<u8>, DeskError> {
    let help = help.into();
    let refused = |what: String| DeskError::usage(what, help.clone());
    let failed = |e: io::Error| {
        let why = match e.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
            io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
            _ => e.to_string(),
        };
        refused(format!("{what} {} cannot be read: {why}", path.display()))
    };
    // A pipe would be waited for, and a device never ends.
    let kind = std::fs::metadata(path).map_err(failed)?;
    if !kind.is_file() {
        let why = if kind.is_dir() {
            io::ErrorKind::IsADirectory.into()
        } else {
            io::Error::other("it is no file")
        };
        return Err(failed(why));
    }
    let mut bytes = Vec::new();
    let read =
        std::fs::File::open(path).map_err(failed)?.take(limit + 1).read_to_end(&mut bytes).map_err(failed)?;
    if read as u64 > limit {
        let mib = limit >> 20;
        return Err(refused(format!("{what} {} is larger than {mib} MiB", path.display())));
    }
    Ok(bytes)
}

/// Reads `what` (such as "the plan") aside: the share that it lies on may not answer, and must hold nobody up.
///
/// # Errors
/// When it was not read within ten seconds.
pub async fn read_aside<T: Send + 'static>(
    what: &str,
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DeskError> {
    read_within(READ_WITHIN, what, read).await
}

async fn read_within<T: Send + 'static>(
    within: Duration,
    what: &str,
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<T, DeskError> {
    match timeout(within, spawn_blocking(read)).await {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(e)) => {
            Err(DeskError::could_not_run(format!("{what} could not be read: {e}"), "start the program again"))
        }
        Err(_) => Err(DeskError::could_not_run(
            format!("{what} could not be read within {} s", within.as_secs_f64()),
            "see to it that the folder it lies in answers, or keep it on this PC",
        )),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_folder_that_does_not_answer_holds_nobody_up() {
        assert_eq!(read_aside("the plan", || 7).await, Ok(7));
        let (answer, hangs) = mpsc::channel::<()>();
        let within = Duration::from_millis(20);
        let failed = read_within(within, "the plan", move || hangs.recv()).await.unwrap_err();
        assert_eq!(failed.what, "the plan could not be read within 0.02 s");
        drop(answer);
        let failed = read_aside("the plan", || panic!("as a test")).await.map(|()| 0).unwrap_err();
        assert!(failed.what.starts_with("the plan could not be read: "), "{}", failed.what);
    }

    #[test]
    fn only_files_are_read_and_nothing_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        assert!(Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
        std::fs::write(path("file"), "12345").unwrap();
        for (name, limit, expected) in [
            ("file", 5, Ok(b"12345".to_vec())),
            ("file", 4, Err("larger")),
            ("pipe", 5, Err("it is no file")),
            (".", 5, Err("it is a folder")),
            ("none", 5, Err("there is no such file")),
        ] {
            match (read_file(&path(name), "the plan", limit, "help"), expected) {
                (Ok(bytes), Ok(expected)) => assert_eq!(bytes, expected),
                (Err(e), Err(word)) => assert!(e.what.contains(word), "{name}: {}", e.what),
                (got, _) => panic!("{name}: {got:?}"),
            }
        }
    }
}
