//! Private keys from files.

use std::{fs, io, path::Path};

use russh::keys::{PrivateKey, decode_secret_key};

use crate::ssh_words::KeyFault;

/// No private key is larger.
const CAP: u64 = 64 * 1024;

/// Reads a private key, with its passphrase where it is encrypted.
pub(super) fn read(path: &Path, passphrase: Option<&str>) -> Result<PrivateKey, KeyFault> {
    let unreadable = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound => KeyFault::Missing,
        _ => KeyFault::Unreadable(e.to_string()),
    };
    // A pipe would be waited for, and a device never ends.
    let about = fs::metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        return Err(KeyFault::Unreadable("it is no file".into()));
    }
    if about.len() > CAP {
        return Err(KeyFault::NoKey);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As `ssh` has it.
        let mode = about.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyFault::OpenToOthers(mode));
        }
    }
    let text = String::from_utf8(fs::read(path).map_err(unreadable)?).map_err(|_| KeyFault::NoKey)?;
    match decode_secret_key(&text, None) {
        Ok(key) => Ok(key),
        Err(_) if !is_encrypted(&text) => Err(KeyFault::NoKey),
        Err(_) => match passphrase {
            None => Err(KeyFault::NoPassphrase),
            Some(passphrase) => {
                decode_secret_key(&text, Some(passphrase)).map_err(|_| KeyFault::WrongPassphrase)
            }
        },
    }
}

fn is_encrypted(text: &str) -> bool {
    text.contains("ENCRYPTED")
        || matches!(decode_secret_key(text, None), Err(russh::keys::Error::KeyIsEncrypted))
        || (text.starts_with("PuTTY-User-Key-File-") && !text.contains("Encryption: none"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::{os::unix::fs::PermissionsExt, process::Command};

    use super::*;

    #[test]
    fn keys_are_read_and_each_fault_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, kind, form, passphrase) in [
            ("plain", "ed25519", "RFC4716", ""),
            ("locked", "ed25519", "RFC4716", "Kalimera"),
            ("ecdsa", "ecdsa", "RFC4716", "Kalimera"),
            ("pem", "rsa", "PEM", ""),
            ("pkcs8", "ecdsa", "PKCS8", ""),
            ("locked-pkcs8", "ecdsa", "PKCS8", "Kalimera"),
        ] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", kind, "-m", form, "-N", passphrase, "-f"])
                .arg(path(name))
                .status();
            assert!(made.unwrap().success(), "{name}");
        }
        fs::write(path("none"), "nothing").unwrap();
        fs::write(path("long"), "-".repeat(70_000)).unwrap();
        for name in ["none", "long"] {
            fs::set_permissions(path(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        fs::copy(path("plain"), path("open")).unwrap();
        fs::set_permissions(path("open"), fs::Permissions::from_mode(0o640)).unwrap();
        let unreadable = KeyFault::Unreadable("it is no file".into());
        for (name, passphrase, fault) in [
            ("plain", None, None),
            ("plain", Some("not needed"), None),
            ("locked", Some("Kalimera"), None),
            ("ecdsa", Some("Kalimera"), None),
            ("pem", None, None),
            ("pkcs8", None, None),
            ("locked-pkcs8", Some("Kalimera"), None),
            ("locked", None, Some(KeyFault::NoPassphrase)),
            ("locked", Some("kalimera"), Some(KeyFault::WrongPassphrase)),
            ("locked-pkcs8", None, Some(KeyFault::NoPassphrase)),
            ("locked-pkcs8", Some("x"), Some(KeyFault::WrongPassphrase)),
            ("missing", None, Some(KeyFault::Missing)),
            (".", None, Some(unreadable)),
            ("none", None, Some(KeyFault::NoKey)),
            ("long", None, Some(KeyFault::NoKey)),
            ("open", None, Some(KeyFault::OpenToOthers(0o640))),
        ] {
            assert_eq!(read(&path(name), passphrase).err(), fault, "{name} with {passphrase:?}");
        }
    }
}
