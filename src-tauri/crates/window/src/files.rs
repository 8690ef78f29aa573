//! The program's own small files in the data folder: settings, what was looked at, the set-up that was left.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use watchkeeper_desk::new_file;

use crate::contract::{AppSettings, ErrorCode, RequestError, SetUp};

/// What the program remembers of itself.
const STATE: &str = "state.json";
/// So many sessions are remembered with how far their log was read.
const REMEMBERED: usize = 200;

/// What the program remembers of itself. Nothing of it is a record: the journal is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Remembered {
    /// The session that was shown.
    pub(crate) showing: Option<String>,
    /// The sessions that this program watched, with their deployments; `None` for a simulated one.
    pub(crate) watching: BTreeMap<String, Option<String>>,
    /// How far each session's log was read.
    pub(crate) looked: BTreeMap<String, Looked>,
}

/// How far a log was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Looked {
    pub(crate) seq: u64,
    pub(crate) utc: DateTime<Utc>,
}

impl Remembered {
    /// Notes that the log was read; the oldest notes go when there are too many.
    pub(crate) fn looked(&mut self, session: &str, looked: Looked) {
        self.looked.insert(session.to_owned(), looked);
        while self.looked.len() > REMEMBERED {
            let Some(oldest) = self.looked.iter().min_by_key(|(_, l)| l.utc).map(|(id, _)| id.clone()) else {
                return;
            };
            self.looked.remove(&oldest);
        }
    }
}

/// The files.
#[derive(Debug)]
pub(crate) struct Files {
    folder: PathBuf,
    /// Those that were begun anew since the program was started, each with why.
    anew: Mutex<Vec<(String, String)>>,
}

impl Files {
    pub(crate) const fn new(folder: PathBuf) -> Self {
        Self { folder, anew: Mutex::new(Vec::new()) }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn deployments(&self) -> PathBuf {
        self.folder.join("deployments")
    }

    /// The files that could not be understood and were begun anew since the program was started, each with why.
    pub(crate) fn begun_anew(&self) -> Vec<String> {
        self.anew().iter().map(|(_, why)| why.clone()).collect()
    }

    /// Why it is not known any more what was watched, where that is so.
    pub(crate) fn forgotten(&self) -> Option<String> {
        self.anew().iter().find(|(name, _)| name == STATE).map(|(_, why)| why.clone())
    }

    /// None is ever half-noted.
    fn anew(&self) -> MutexGuard<'_, Vec<(String, String)>> {
        self.anew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn settings(&self) -> AppSettings {
        self.read("settings.json").unwrap_or_default()
    }

    pub(crate) fn keep_settings(&self, settings: &AppSettings) -> Result<(), RequestError> {
        self.write("settings.json", settings)
    }

    pub(crate) fn remembered(&self) -> Remembered {
        self.read(STATE).unwrap_or_default()
    }

    pub(crate) fn keep_remembered(&self, remembered: &Remembered) -> Result<(), RequestError> {
        self.write(STATE, remembered)
    }

    pub(crate) fn draft(&self) -> Option<SetUp> {
        self.read("set-up.json")
    }

    pub(crate) fn keep_draft(&self, draft: &SetUp) -> Result<(), RequestError> {
        self.write("set-up.json", draft)
    }

    pub(crate) fn drop_draft(&self) -> Result<(), RequestError> {
        match fs::remove_file(self.folder.join("set-up.json")) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(RequestError::new(
                ErrorCode::CouldNot,
                format!("the set-up in {} cannot be removed: {e}", self.folder.display()),
            )),
            _ => Ok(()),
        }
    }

    /// What a file holds. One that cannot be understood is kept aside and begun anew: it is no record, and a program
    /// that does not start helps nobody at night.
    fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let path = self.folder.join(name);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) => {
                if e.kind() != io::ErrorKind::NotFound {
                    self.begin_anew(name, &format!("cannot be read ({e})"));
                }
                return None;
            }
        };
        match serde_json::from_slice(&bytes) {
            Ok(value) => Some(value),
            Err(e) => {
                self.begin_anew(name, &format!("is not understood ({e})"));
                None
            }
        }
    }

    /// Keeps a file aside, and notes it once: one that stays is read again and again.
    fn begin_anew(&self, name: &str, fault: &str) {
        let path = self.folder.join(name);
        let kept = new_file::aside(&path, "unreadable").map_or_else(
            |e| format!("it stays until it is written anew ({e})"),
            |to| format!("it is kept as {}", to.display()),
        );
        let noted = (name.to_owned(), format!("{} {fault}; {kept}", path.display()));
        let mut anew = self.anew();
        if !anew.contains(&noted) {
            tracing::warn!("{}", noted.1);
            anew.push(noted);
        }
    }

    fn write(&self, name: &str, value: &impl Serialize) -> Result<(), RequestError> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|e| RequestError::new(ErrorCode::CouldNot, format!("{name} cannot be written: {e}")))?;
        Ok(new_file::write(&self.folder.join(name), &text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().to_owned());
        assert_eq!((files.draft(), files.remembered()), (None, Remembered::default()));
        let draft = SetUp { name: "Νησί".into(), ..SetUp::default() };
        files.keep_draft(&draft).unwrap();
        assert_eq!(files.draft(), Some(draft));
        files.drop_draft().unwrap();
        files.drop_draft().unwrap();
        assert_eq!(files.draft(), None);
        assert_eq!(files.begun_anew(), [""; 0]);
    }

    #[test]
    fn what_is_not_understood_is_kept_aside_and_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let files = Files::new(folder.path().to_owned());
        for (text, kept) in [
            ("{\"owner\": 7", "settings.json.unreadable"),
            ("7", "settings.json.unreadable-2"),
            ("", "settings.json.unreadable-3"),
        ] {
            fs::write(path("settings.json"), text).unwrap();
            assert_eq!(files.settings(), AppSettings::default());
            assert_eq!(fs::read_to_string(path(kept)).unwrap(), text);
            let told = files.begun_anew();
            assert!(
                told.last().unwrap().ends_with(&format!("it is kept as {}", path(kept).display())),
                "{told:?}"
            );
        }
        assert_eq!(files.forgotten(), None);
        fs::create_dir(path("state.json")).unwrap();
        for _ in 0..2 {
            assert_eq!(files.remembered(), Remembered::default());
        }
        let (told, forgotten) = (files.begun_anew(), files.forgotten().unwrap());
        assert!(told.len() == 4 && told[3] == forgotten, "{told:?}");
        assert!(forgotten.contains("state.json cannot be read (") && path("state.json.unreadable").is_dir());
    }

    #[test]
    fn the_oldest_looks_are_forgotten() {
        let mut remembered = Remembered::default();
        for i in 0..(REMEMBERED as i64 + 5) {
            let utc = DateTime::from_timestamp(i, 0).unwrap();
            remembered.looked(&format!("s{i}"), Looked { seq: 1, utc });
        }
        assert_eq!(remembered.looked.len(), REMEMBERED);
        assert!(!remembered.looked.contains_key("s4") && remembered.looked.contains_key("s5"));
    }
}
