//! Writing files whole, and never over another one unasked.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{DeskError, Help};

/// A name under which none of a set of files is in `folder` yet: `stem`, else `stem-2` and so on. `names` gives the files'
/// names under a name.
pub fn free_stem(folder: &Path, stem: &str, names: impl Fn(&str) -> Vec<String>) -> String {
    let taken = |stem: &str| names(stem).iter().any(|name| folder.join(name).exists());
    let numbered = (2_u32..).map(|number| format!("{stem}-{number}"));
    let mut stems = std::iter::once(stem.to_owned()).chain(numbered);
    stems.find(|stem| !taken(stem)).unwrap_or_else(|| stem.to_owned())
}

/// Writes `files` (their names and contents) into `folder`, over what is there. Gives the paths.
///
/// # Errors
/// When the folder or a file cannot be written; no file is left half-written.
pub fn write_all(folder: &Path, files: &[(String, String)]) -> Result<Vec<PathBuf>, DeskError> {
    fs::create_dir_all(folder).map_err(|e| failed(folder, &e))?;
    files
        .iter()
        .map(|(name, content)| {
            let path = folder.join(name);
            write(&path, content).map(|()| path)
        })
        .collect()
}

/// Writes a file by way of a temporary one beside it: it is there whole, or as it was.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, content: &str) -> Result<(), DeskError> {
    write_if(path, content, || Ok(true)).map(|_| ())
}

/// As [`write`], where it is `wanted` still, which is asked in the last moment; says whether it was.
///
/// # Errors
/// When it cannot be written, or `wanted` fails.
pub fn write_if<E: From<DeskError>>(
    path: &Path,
    content: &str,
    wanted: impl FnOnce() -> Result<bool, E>,
) -> Result<bool, E> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    // Two that write the same file at once each have their own; the later one holds.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_file_name(format!(".{name}.{}-{count}.tmp", process::id()));
    let failed = |e: io::Error| E::from(failed(path, &e));
    let filled = || {
        let mut file = fs::File::create(&beside)?;
        io::Write::write_all(&mut file, content.as_bytes())?;
        file.sync_all()
    };
    let written = filled().map_err(failed).and_then(|()| wanted()).and_then(|wanted| {
        if wanted {
            fs::rename(&beside, path).map_err(failed)?;
        }
        Ok(wanted)
    });
    if !matches!(written, Ok(true)) {
        // The half of a file helps nobody; it may never have been made.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Renames `x.toml` to `x.toml.removed` where it is `as_what` `removed`, so that it can be had again; gives its new name.
/// What was put aside before stays.
///
/// # Errors
/// When it cannot be renamed.
pub fn aside(path: &Path, as_what: &str) -> io::Result<PathBuf> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut to = path.with_file_name(format!("{name}.{as_what}"));
    let mut number = 2_u32;
    while to.exists() {
        to = path.with_file_name(format!("{name}.{as_what}-{number}"));
        number += 1;
    }
    fs::rename(path, &to)?;
    Ok(to)
}

fn failed(path: &Path, error: &io::Error) -> DeskError {
    DeskError::could_not_run(format!("{} cannot be written: {error}", path.display()), Help::Folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten_unasked_and_pairs_keep_their_number() {
        let folder = tempfile::tempdir().unwrap();
        let names = |stem: &str| vec![format!("{stem}.md"), format!("{stem}.json")];
        let put = |content: &str, force: bool| {
            let stem = if force { "r".to_owned() } else { free_stem(folder.path(), "r", names) };
            let files: Vec<_> = names(&stem).into_iter().map(|name| (name, content.to_owned())).collect();
            write_all(folder.path(), &files).unwrap();
            stem
        };
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(put("1", false), "r");
        assert_eq!(put("2", false), "r-2");
        fs::remove_file(folder.path().join("r.md")).unwrap();
        assert_eq!(put("3", false), "r-3");
        assert_eq!(put("4", true), "r");
        assert_eq!((read("r.json").as_str(), read("r-2.json").as_str()), ("4", "2"));
        let left: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .filter_map(|e| e.ok()?.file_name().into_string().ok())
            .collect();
        assert!(left.iter().all(|n| !n.ends_with(".tmp")), "{left:?}");
    }

    #[test]
    fn what_is_not_wanted_any_more_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.toml");
        write(&path, "theirs").unwrap();
        let refused = DeskError::usage("no", "no");
        for answer in [Ok(false), Err(refused)] {
            assert_eq!(write_if(&path, "mine", || answer.clone()), answer);
            assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        }
        assert_eq!(write_if(&path, "mine", || Ok::<_, DeskError>(true)), Ok(true));
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    }

    #[test]
    fn what_cannot_be_written_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = write_all(&file, &[("r.md".into(), String::new())]).unwrap_err();
        assert!(error.what.contains("file") && error.help.is_some(), "{error}");
    }
}
