//! The files beside the journal, and copying them.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

/// `<path><suffix>`: the file beside the journal.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// The files beside the journal whose names go on after it with `prefix` and end with `suffix`, by name; each with what
/// stands between.
pub(crate) fn siblings(path: &Path, prefix: &str, suffix: &str) -> io::Result<Vec<(String, PathBuf)>> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str())) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.file_name();
        let between = file
            .to_str()
            .and_then(|f| f.strip_prefix(name))
            .and_then(|f| f.strip_prefix(prefix))
            .and_then(|f| f.strip_suffix(suffix));
        if let Some(between) = between {
            found.push((between.to_owned(), entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// Copies `from` to `to`, which is either whole and on the disk or not there.
pub(crate) fn copy_whole(from: &Path, to: &Path) -> io::Result<()> {
    let part = beside(to, ".part");
    fs::copy(from, &part)?;
    settle(&part, to)
}

/// Makes the finished `part` durable under its name `to`.
pub(crate) fn settle(part: &Path, to: &Path) -> io::Result<()> {
    // Windows syncs a file only through a handle that may write.
    File::options().write(true).open(part)?.sync_all()?;
    fs::rename(part, to)
}

/// Whether two files have the same bytes; a missing one equals an empty one.
pub(crate) fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    if size(a)? != size(b)? {
        return Ok(false);
    }
    if size(a)? == 0 {
        return Ok(true);
    }
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    let (mut of_a, mut of_b) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let n = fill(&mut a, &mut of_a)?;
        let m = fill(&mut b, &mut of_b)?;
        if of_a.get(..n) != of_b.get(..m) {
            return Ok(false);
        }
        if n == 0 {
            return Ok(true);
        }
    }
}

/// A file's size in bytes; 0 where there is none.
pub(crate) fn size(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Ok(meta) => Ok(meta.len()),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(e) => Err(e),
    }
}

fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|r| !r.is_empty()) {
        match file.read(rest)? {
            0 => break,
            n => filled += n,
        }
    }
    Ok(filled)
}

/// Makes the file where there is none, for its owner alone: names, addresses and log lines are nobody else's business.
/// On Windows the user's folder is private already.
pub(crate) fn private(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    }
}
