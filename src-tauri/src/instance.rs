//! One program for each data folder, whatever the folder is called at the start: a link, a relative path, another case of
//! letters on Windows are the same place.

use std::{
    fs::{self, File, TryLockError},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io,
    path::{Path, PathBuf},
    process,
};

use serde::{Deserialize, Serialize};
use watchkeeper_desk::{IDENTIFIER, files, new_file};

use crate::problem::Problem;

/// What the program goes by on this desktop: a second start of the same identity shows the first one's window. Another
/// data folder is another program, which may run beside the first one.
pub(crate) fn identity(data: &Path) -> String {
    let place = place(data);
    if files::data_folder().is_some_and(|usual| self::place(&usual) == place) {
        return IDENTIFIER.to_owned();
    }
    let mut hash = DefaultHasher::new();
    place.hash(&mut hash);
    format!("{IDENTIFIER}.data{:016x}", hash.finish())
}

/// Where the folder really is.
fn place(data: &Path) -> PathBuf {
    data.canonicalize().unwrap_or_else(|_| data.to_owned())
}

/// The right to be the program of a data folder, until the process ends, however it ends: the system takes it back.
#[derive(Debug)]
pub(crate) struct Instance {
    _lock: File,
}

/// Who has it. On Windows nobody can read a file that is locked, so this lies beside it.
#[derive(Debug, Serialize, Deserialize)]
struct Running {
    process: u32,
    data: PathBuf,
}

impl Instance {
    /// Takes the data folder.
    ///
    /// # Errors
    /// Which program has it, and by which path; that the lock cannot be made.
    pub(crate) fn of(data: &Path) -> Result<Self, Problem> {
        let path = data.join("sms-watchkeeper.lock");
        let cannot = |e: io::Error| {
            Problem::new(
                format!("the file {} cannot be locked: {e}", path.display()),
                "see to it that the folder can be written and lies on a disk of this PC, or name another one with --data",
            )
        };
        // The file stays: to remove it would let two programs lock two files of one name.
        let lock = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(cannot)?;
        let running = data.join("sms-watchkeeper.running");
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(in_use(data, &running)),
            Err(TryLockError::Error(e)) => return Err(cannot(e)),
        }
        let this = Running { process: process::id(), data: data.to_owned() };
        let noted = serde_json::to_string(&this)
            .map_err(|e| e.to_string())
            .and_then(|text| new_file::write(&running, &text).map_err(|e| e.to_string()));
        if let Err(e) = noted {
            // The lock is what counts; the note is for people.
            tracing::warn!("which program has the data folder is not noted: {e}");
        }
        Ok(Self { _lock: lock })
    }
}

fn in_use(data: &Path, running: &Path) -> Problem {
    let noted = fs::read(running).ok().and_then(|text| serde_json::from_slice::<Running>(&text).ok());
    let who = noted.map_or_else(String::new, |running| {
        let named = if running.data == data {
            String::new()
        } else {
            format!(", which calls it {}", running.data.display())
        };
        format!(" (process {}{named})", running.process)
    });
    Problem::new(
        format!("SMS Watchkeeper is running already with the data folder {}{who}", data.display()),
        "use its window, which its icon in the tray opens, or end it there first; or name another folder with --data",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_has_one_identity_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir_all(data.join("log")).unwrap();
        let mut names = vec![data.join("log").join(".."), data.join(".")];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&data, folder.path().join("link")).unwrap();
            names.push(folder.path().join("link"));
        }
        #[cfg(windows)]
        names.push(PathBuf::from(data.display().to_string().to_uppercase()));
        for name in names {
            assert_eq!(identity(&name), identity(&data), "{}", name.display());
        }
        assert_ne!(identity(&data), identity(folder.path()));
        assert_ne!(identity(&data), IDENTIFIER);
        if let Some(usual) = files::data_folder() {
            assert_eq!(identity(&usual), IDENTIFIER);
        }
    }

    #[test]
    fn a_second_program_learns_who_has_the_folder_and_a_dead_one_has_it_no_more() {
        let folder = tempfile::tempdir().unwrap();
        // As a program leaves it that was killed.
        fs::write(folder.path().join("sms-watchkeeper.lock"), "").unwrap();
        fs::write(folder.path().join("sms-watchkeeper.running"), r#"{"process":1,"data":"/gone"}"#).unwrap();
        let first = Instance::of(folder.path()).unwrap();
        let refused = Instance::of(&folder.path().join(".")).unwrap_err().to_string();
        for part in [&process::id().to_string(), &folder.path().display().to_string(), "--data"] {
            assert!(refused.contains(part), "{refused}");
        }
        drop(first);
        Instance::of(folder.path()).unwrap();
    }
}
