//! From the desk's errors to those of the window.

use watchkeeper_desk::{Code, DeskError, Help};
use watchkeeper_report::ReportError;
use watchkeeper_store::StoreError;

use crate::contract::{Advice, ErrorCode, RequestError};

impl RequestError {
    /// An error of this kind.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, advice: None }
    }

    /// With what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With what to do, as somebody at the window does it.
    #[must_use]
    pub(crate) fn helped(mut self, help: Help) -> Self {
        match in_the_window(help) {
            Ok((id, words, name)) => {
                self.help = Some(words.replace("{name}", &name));
                self.advice = Some(Advice { id, name });
            }
            Err(words) => (self.help, self.advice) = (Some(words), None),
        }
        self
    }

    /// The keychain does not give the password of an account that `variable` may hold the password of.
    pub(crate) fn no_keychain(what: String, variable: &str) -> Self {
        let (id, words, name) = known("keychain", KEYCHAIN, variable.to_owned());
        let words = words.replace("{name}", &name);
        Self { advice: Some(Advice { id, name }), ..Self::new(ErrorCode::Keychain, what).help(words) }
    }

    /// The keychain does not give what opens a NAS by SSH; `variable` may hold its account's password.
    pub(crate) fn no_keychain_for_ssh(what: String, variable: &str) -> Self {
        let (id, words, name) = known("keychain_ssh", KEYCHAIN_SSH, variable.to_owned());
        let words = words.replace("{name}", &name);
        Self { advice: Some(Advice { id, name }), ..Self::new(ErrorCode::Keychain, what).help(words) }
    }

    pub(crate) fn nothing_shown() -> Self {
        Self::new(ErrorCode::NothingShown, "no session is shown")
    }
}

impl From<DeskError> for RequestError {
    fn from(error: DeskError) -> Self {
        let code = match error.code {
            Code::Input => ErrorCode::Input,
            Code::Refused => ErrorCode::Refused,
            Code::NoSession => ErrorCode::NotFound,
            Code::InUse => ErrorCode::InUse,
            Code::SignedOff => ErrorCode::SignedOff,
            Code::Damaged => ErrorCode::Damaged,
            Code::Broken => ErrorCode::Broken,
            Code::CouldNot => ErrorCode::CouldNot,
        };
        let plain = Self::new(code, error.what);
        match error.help {
            Some(help) => plain.helped(help),
            None => plain,
        }
    }
}

const KEYCHAIN: &str = "unlock the keychain, then try again; where there is none, set {name} before the app is started, or \
                        open the set-up of the deployment and leave its account out: the login check is left out then";

const KEYCHAIN_SSH: &str = "unlock the keychain, then try again; where there is none, set {name} before the app is started, or \
                            use a private key without a passphrase or one of the SSH agent";

/// What a help is known by, its words, and what stands in them as `{name}`.
type Known = (&'static str, &'static str, String);

const fn known(id: &'static str, words: &'static str, name: String) -> Known {
    (id, words, name)
}

/// What to do, as somebody at the window does it; or the words that are the same everywhere.
fn in_the_window(help: Help) -> Result<Known, String> {
    let none = String::new();
    Ok(match help {
        Help::Words(words) => return Err(words),
        Help::Configuration => {
            known("configuration", "put its file back, or set the deployment up anew", none)
        }
        Help::ConfigurationLines => known(
            "configuration_lines",
            "correct these lines in a text editor, or remove the file and set the deployment up anew",
            none,
        ),
        Help::PlanFile | Help::PlanLines => known(
            "plan",
            "open the plan in the settings: change it there, or go back to the built-in one",
            none,
        ),
        Help::Password { variable } => known(
            "password",
            "open the set-up of the deployment and type the password there, or leave its account out: the login check is \
             left out then. Where there is no keychain, set {name} before the app is started",
            variable,
        ),
        Help::SimulatedEnded { .. } => {
            known("simulated_ended", "open it to look at it, or begin another simulated day", none)
        }
        Help::SimulatedAnew => known("simulated_anew", "begin another simulated day", none),
        Help::Real { .. } => known("real", "set its deployment up here, then go on with it", none),
        Help::Elsewhere { .. } => {
            known("elsewhere", "leave it to that program; opened here, it can be looked at", none)
        }
        Help::Anew => known("anew", "begin a new watch of the deployment", none),
        Help::SignOff { .. } => known("sign_off", "open it and sign it off, or begin a new watch", none),
        Help::GoOn => known("go_on", "go on with the watch first", none),
        Help::TookEffect { .. } => known("took_effect", "look at the log, whether it took effect", none),
        Help::Hangs => known(
            "hangs",
            "look at the program that watches it; if it hangs, end it, then go on with the watch here",
            none,
        ),
        Help::SameVersion => known("same_version", "use the same version of both programs", none),
        Help::Sessions => known("sessions", "the first page lists those that are there", none),
        Help::Status => known("status", "look again: it may have changed meanwhile", none),
        Help::Name => known("name", "write your name in the settings", none),
        Help::Journal { .. } => {
            known("journal", "its journal may be damaged: restore the data folder from a copy", none)
        }
        Help::Chain { .. } => known(
            "chain",
            "somebody changed the journal after it was written, or the disk did: restore the data folder from a copy",
            none,
        ),
        Help::Folder => {
            known("folder", "look at the folder's rights and free space, or choose another one", none)
        }
    })
}

impl From<StoreError> for RequestError {
    fn from(error: StoreError) -> Self {
        DeskError::from(error).into()
    }
}

impl From<ReportError> for RequestError {
    fn from(error: ReportError) -> Self {
        Self::new(ErrorCode::CouldNot, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use watchkeeper_core::session::Refusal;
    use watchkeeper_engine::CommandError;

    use super::*;

    /// Nobody at the window is sent to the terminal, or to an editor where the window does it.
    #[test]
    fn the_window_has_words_of_its_own() {
        let session = || "2026-01-10-1630-v1.15.1".to_owned();
        let missing = StoreError::NoSession { session: session(), path: "j".into() };
        for (error, id, help) in [
            (DeskError::usage("x", "wait"), None, Some("wait")),
            (
                DeskError::usage("x", Help::Configuration),
                Some("configuration"),
                Some("set the deployment up"),
            ),
            (DeskError::usage("x", Help::ConfigurationLines), Some("configuration_lines"), Some("lines")),
            (DeskError::usage("x", Help::PlanFile), Some("plan"), Some("settings")),
            (DeskError::usage("x", Help::PlanLines), Some("plan"), Some("settings")),
            (
                DeskError::usage("x", Help::Password { variable: "PW".into() }),
                Some("password"),
                Some("set PW before"),
            ),
            (
                DeskError::usage("x", Help::SimulatedEnded { session: session() }),
                Some("simulated_ended"),
                None,
            ),
            (DeskError::usage("x", Help::SimulatedAnew), Some("simulated_anew"), None),
            (DeskError::usage("x", Help::Real { session: session() }), Some("real"), None),
            (DeskError::usage("x", Help::Elsewhere { session: session() }), Some("elsewhere"), None),
            (DeskError::usage("x", Help::Anew), Some("anew"), None),
            (DeskError::usage("x", Help::SignOff { session: session() }), Some("sign_off"), None),
            (DeskError::usage("x", Help::TookEffect { session: session() }), Some("took_effect"), None),
            (DeskError::usage("x", Help::Hangs), Some("hangs"), None),
            (DeskError::usage("x", Help::SameVersion), Some("same_version"), None),
            (DeskError::usage("x", Help::Journal { session: Some(session()) }), Some("journal"), None),
            (DeskError::usage("x", Help::Chain { session: session() }), Some("chain"), None),
            (DeskError::usage("x", Help::Folder), Some("folder"), None),
            (missing.into(), Some("sessions"), None),
            (CommandError::NobodyWatches.into(), Some("go_on"), None),
            (Refusal::NoIncident(7).into(), Some("status"), None),
            (Refusal::NoName.into(), Some("name"), Some("settings")),
            (Refusal::CheckRunning.into(), None, None),
        ] {
            let error = RequestError::from(error);
            assert_eq!(error.advice.as_ref().map(|a| a.id), id, "{error:?}");
            let said = error.help.as_deref().unwrap_or_default();
            assert!(said.contains(help.unwrap_or_default()), "{error:?}");
            for foreign in ["watchkeeper ", "--", "`", "[", "{name}"] {
                assert!(!said.contains(foreign), "{error:?}");
            }
        }
    }
}
