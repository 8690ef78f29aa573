//! The program's own log, beside the journal: a file that does not grow without end. What enters it is redacted.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    panic,
    path::{Path, PathBuf},
    sync::Mutex,
};

use tracing_subscriber::EnvFilter;
use watchkeeper_core::redact::redact;

use crate::problem::Problem;

/// At this size a new file is begun; the one before is kept, an older one is not.
const MOST: u64 = 2 * 1024 * 1024;

/// Writes what is traced into `data/log`, from now on. `filter` says what is.
///
/// # Errors
/// When the folder cannot be written, or `filter` is none.
pub(crate) fn begin(data: &Path, filter: &str) -> Result<(), Problem> {
    let filter = EnvFilter::try_new(filter).map_err(|e| {
        Problem::new(format!("`{filter}` is no log level: {e}"), "write error, warn, info, debug or trace")
    })?;
    let folder = data.join("log");
    let log = Rotating::open(folder.join("sms-watchkeeper.log"), MOST).map_err(|e| {
        Problem::new(
            format!("the folder {} cannot be written: {e}", folder.display()),
            "see to it that it can be written and that the disk is not full, or name another one with --data",
        )
    })?;
    // It fails only where somebody was faster, as in a test.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Mutex::new(log))
        .try_init();
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |what| {
        tracing::error!("{what}");
        before(what);
    }));
    Ok(())
}

/// A file that is set aside when it has grown.
struct Rotating {
    path: PathBuf,
    most: u64,
    /// `None` while no file could be opened.
    file: Option<File>,
    size: u64,
}

impl Rotating {
    fn open(path: PathBuf, most: u64) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut log = Self { path, most, file: None, size: 0 };
        log.reopen()?;
        Ok(log)
    }

    fn reopen(&mut self) -> io::Result<()> {
        let file = OpenOptions::new().create(true).append(true).open(&self.path)?;
        self.size = file.metadata()?.len();
        self.file = Some(file);
        Ok(())
    }

    fn set_aside(&mut self) -> io::Result<()> {
        // Windows renames no file that is open.
        self.file = None;
        let moved = fs::rename(&self.path, self.path.with_extension("1.log"));
        self.reopen()?;
        moved
    }
}

impl Write for Rotating {
    /// Takes one line, or several, as a whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let text = redact(&text);
        if self.size > 0 && self.size + text.len() as u64 > self.most {
            // If it cannot be set aside it grows: better than to lose what is to be written.
            let _ = self.set_aside();
        }
        if let Some(file) = &mut self.file {
            file.write_all(text.as_bytes())?;
            self.size += text.len() as u64;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_keeps_one_file_beside_the_one_that_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log/a.log");
        let mut log = Rotating::open(path.clone(), 30).unwrap();
        for n in 0..7 {
            log.write_all(format!("line number {n}\n").as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "line number 6\n");
        assert_eq!(
            fs::read_to_string(path.with_extension("1.log")).unwrap(),
            "line number 4\nline number 5\n"
        );
        assert_eq!(fs::read_dir(folder.path().join("log")).unwrap().count(), 2);
        // The next start goes on with the file that is there.
        let mut log = Rotating::open(path.clone(), 30).unwrap();
        log.write_all(b"line number 7\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "line number 6\nline number 7\n");
    }

    #[test]
    fn a_secret_does_not_get_into_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        let mut log = Rotating::open(path.clone(), MOST).unwrap();
        log.write_all(b"POST failed: password=hunter2\n").unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("POST failed") && !text.contains("hunter2"), "{text}");
    }
}
