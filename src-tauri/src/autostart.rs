//! Start with the PC, for this user alone.

use std::{env, ffi::OsString, path::Path};

use crate::args::HIDDEN;

/// Whether the program starts with the PC, from now on, with the data folder that was named.
///
/// # Errors
/// Why not, for people.
pub(crate) fn set(on: bool, data: Option<&Path>) -> Result<(), String> {
    system::set(on.then(|| command(data)).transpose()?.as_deref())
}

/// The command line of the start.
fn command(data: Option<&Path>) -> Result<Vec<String>, String> {
    // An AppImage is started anew by its own file, not by what it unpacks.
    let program = env::var_os("APPIMAGE").map_or_else(
        || env::current_exe().map_err(|e| format!("it is not known where the program lies: {e}")),
        |image| Ok(image.into()),
    )?;
    let mut words: Vec<OsString> = vec![program.into(), HIDDEN.into()];
    if let Some(data) = data {
        let data = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
        words.extend(["--data".into(), data.into()]);
    }
    let text = |w: OsString| w.into_string().map_err(|w| format!("{} cannot be written down", w.display()));
    words.into_iter().map(text).collect()
}

/// An entry in the folder that the desktop starts programs from.
#[cfg(target_os = "linux")]
mod system {
    use std::{fs, io, path::PathBuf};

    use watchkeeper_desk::{IDENTIFIER, new_file};

    pub(super) fn set(command: Option<&[String]>) -> Result<(), String> {
        let path = entry()?;
        let Some(command) = command else {
            return match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    Err(format!("{} cannot be taken away: {e}", path.display()))
                }
                _ => Ok(()),
            };
        };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|e| format!("{} cannot be made: {e}", folder.display()))?;
        }
        new_file::write(&path, &desktop_entry(command)).map_err(|e| e.to_string())
    }

    fn entry() -> Result<PathBuf, String> {
        let config = directories::BaseDirs::new().ok_or("there is no home folder")?.config_dir().to_owned();
        Ok(config.join("autostart").join(format!("{IDENTIFIER}.desktop")))
    }

    /// <https://specifications.freedesktop.org/desktop-entry-spec/latest/>
    pub(super) fn desktop_entry(command: &[String]) -> String {
        let words: Vec<String> = command.iter().map(|w| quoted(w)).collect();
        let exec = words.join(" ");
        format!(
            "[Desktop Entry]\nType=Application\nName=SMS Watchkeeper\nExec={exec}\nTerminal=false\nStartupNotify=false\n"
        )
    }

    /// Quoted as an argument of `Exec`, then escaped as every value is.
    fn quoted(word: &str) -> String {
        let mut argument = String::from('"');
        for c in word.chars() {
            match c {
                '"' | '`' | '$' | '\\' => argument.extend(['\\', c]),
                '%' => argument.push_str("%%"),
                _ => argument.push(c),
            }
        }
        argument.push('"');
        argument.replace('\\', r"\\").replace('\n', r"\n")
    }
}

/// A value in the registry's list of what starts with the session.
#[cfg(windows)]
mod system {
    use windows_registry::CURRENT_USER;

    const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
    /// Where the task manager notes what the person has switched off.
    const APPROVED: &str = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";
    const NAME: &str = "SMS Watchkeeper";
    /// `ERROR_FILE_NOT_FOUND` as a result code.
    const NOT_THERE: i32 = 0x8007_0002_u32.cast_signed();

    pub(super) fn set(command: Option<&[String]>) -> Result<(), String> {
        let done = match command {
            Some(command) => {
                let words: Vec<String> = command.iter().map(|w| quoted(w)).collect();
                CURRENT_USER
                    .create(RUN)
                    .and_then(|key| key.set_string(NAME, words.join(" ")))
                    // Switched on here counts, whatever was switched off there before.
                    .and_then(|()| forget(APPROVED))
            }
            None => forget(RUN),
        };
        done.map_err(|e| format!("the registry could not be written: {e}"))
    }

    fn forget(key: &str) -> windows_registry::Result<()> {
        match CURRENT_USER.options().write().open(key).and_then(|key| key.remove_value(NAME)) {
            Err(e) if e.code().0 != NOT_THERE => Err(e),
            _ => Ok(()),
        }
    }

    /// No path on Windows holds a quotation mark; a backslash at the end would take the closing one with it.
    fn quoted(word: &str) -> String {
        let end = if word.ends_with('\\') { "\\" } else { "" };
        format!("\"{word}{end}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_starts_in_the_tray_with_the_same_data_folder() {
        let words = command(Some(Path::new("/data"))).unwrap();
        assert_eq!(words.get(1).map(String::as_str), Some(HIDDEN));
        assert!(words.contains(&"--data".to_owned()));
        assert_eq!(command(None).unwrap().len(), 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_path_with_blanks_and_signs_is_one_word() {
        let entry = system::desktop_entry(&["/opt/SMS Watch/100%/a\"b$c\\d".to_owned(), HIDDEN.to_owned()]);
        let exec = entry.lines().find(|l| l.starts_with("Exec=")).unwrap();
        assert_eq!(exec, r#"Exec="/opt/SMS Watch/100%%/a\\"b\\$c\\\\d" "--hidden""#);
    }
}
