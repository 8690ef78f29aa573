//! Secrets in the system's keychain: the Credential Manager of Windows, the Secret Service of a Linux desktop.

use std::sync::{Arc, Mutex, PoisonError};

use keyring_core::{CredentialStore, Entry, Error};
use watchkeeper_desk::IDENTIFIER;
use watchkeeper_window::host::Keychain;

/// What helps where there is none.
const INSTEAD: &str = if cfg!(windows) {
    "keep the password in an environment variable instead"
} else {
    "install and unlock a keyring such as GNOME Keyring or KWallet, or keep the password in an environment variable"
};

/// The keychain of this system.
#[derive(Default)]
pub(crate) struct SystemKeychain {
    /// Kept once it was reached. It may not be there yet when the session begins, so it is looked for again.
    store: Mutex<Option<Arc<CredentialStore>>>,
}

impl Keychain for SystemKeychain {
    fn password(&self, account: &str) -> Result<Option<String>, String> {
        self.with(account, |entry| match entry.get_password() {
            Ok(password) => Ok(Some(password)),
            Err(Error::NoEntry) => Ok(None),
            Err(e) => Err(e),
        })
    }

    fn remember(&self, account: &str, password: &str) -> Result<(), String> {
        self.with(account, |entry| entry.set_password(password))
    }

    fn forget(&self, account: &str) -> Result<(), String> {
        self.with(account, |entry| match entry.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            done => done,
        })
    }
}

impl SystemKeychain {
    /// Does something with the account's entry. The system's service may not answer.
    fn with<T>(
        &self,
        account: &str,
        act: impl FnOnce(&Entry) -> keyring_core::Result<T>,
    ) -> Result<T, String> {
        let done = reached(&self.store)
            .and_then(|store| store.build(IDENTIFIER, account, modifiers().as_ref()))
            .and_then(|entry| act(&entry));
        if let Err(Error::PlatformFailure(_) | Error::NoStorageAccess(_)) = &done {
            // The service may have been started anew; the next call looks for it again.
            *self.store.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        done.map_err(|e| in_words(&e))
    }
}

fn reached(kept: &Mutex<Option<Arc<CredentialStore>>>) -> keyring_core::Result<Arc<CredentialStore>> {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(store) = &*kept {
        return Ok(Arc::clone(store));
    }
    let store = system()?;
    *kept = Some(Arc::clone(&store));
    Ok(store)
}

#[cfg(target_os = "linux")]
fn system() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(windows)]
fn system() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// The password stays on this PC: by default Windows lets it go with the person to other ones.
fn modifiers() -> Option<std::collections::HashMap<&'static str, &'static str>> {
    cfg!(windows).then(|| [("persistence", "Local")].into())
}

/// Never with a secret in it.
fn in_words(error: &Error) -> String {
    match error {
        // What the session bus says of it means nothing to a person.
        Error::PlatformFailure(e) if cfg!(target_os = "linux") => {
            tracing::debug!("the keychain: {e}");
            format!("this desktop has no keychain that answers: {INSTEAD}")
        }
        Error::NoStorageAccess(e) => {
            format!("the system's keychain is locked ({e}): unlock it, then try again")
        }
        Error::TooLong(_, most) => format!("the keychain takes at most {most} characters"),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            "what the keychain holds for this account is no text: keep the password anew".into()
        }
        Error::Ambiguous(_) => {
            "the keychain holds several passwords for this account: remove all but one of them".into()
        }
        e => format!("the system's keychain cannot be used ({e}): {INSTEAD}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_to_do_and_holds_no_secret() {
        let secret = b"hunter2".to_vec();
        for (error, words) in [
            (Error::NoStorageAccess("locked".into()), "unlock it"),
            (Error::BadEncoding(secret.clone()), "keep the password anew"),
            (Error::BadDataFormat(secret, "bad".into()), "keep the password anew"),
            (Error::PlatformFailure("no such service".into()), "environment variable"),
            (Error::TooLong("password".into(), 2560), "2560"),
        ] {
            let text = in_words(&error);
            assert!(text.contains(words) && !text.contains("hunter2"), "{text}");
        }
    }
}
