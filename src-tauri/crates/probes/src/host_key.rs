//! The keys by which SSH hosts are known again, in files as OpenSSH has them.

#![allow(clippy::result_large_err, reason = "a fault is met once a connection, not once a request")]

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use russh::keys::{
    Algorithm, EcdsaCurve, HashAlg, PublicKey, PublicKeyBase64,
    known_hosts::{known_host_keys_path, learn_known_hosts_path},
};

use crate::{ssh_words::SshFault, target::SshTarget};

/// A key that a host showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostKey {
    /// The host's name or address, as it is configured.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The kind of key, as `ssh-keygen -l` shows it: `ED25519`, `ECDSA`, `RSA`.
    pub algorithm: String,
    /// Its fingerprint, as `ssh` shows it: `SHA256:…`.
    pub fingerprint: String,
    /// The key as OpenSSH writes it.
    line: String,
}

/// A key that a host is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    /// Its kind and fingerprint.
    pub fingerprint: String,
    /// The file that it stands in.
    pub file: PathBuf,
    /// Its line there, from 1.
    pub line: usize,
}

/// How it is with the key that a host showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostKeyFault {
    /// The host was never seen before.
    Unknown(HostKey),
    /// The host is known by another key.
    Changed(HostKey, KnownKey),
}

impl HostKey {
    fn new(target: &SshTarget, key: &PublicKey) -> Self {
        Self {
            host: target.host.clone(),
            port: target.port,
            algorithm: name(&key.algorithm()),
            fingerprint: key.fingerprint(HashAlg::Sha256).to_string(),
            line: key.to_openssh().unwrap_or_default(),
        }
    }

    /// Writes it into `file`, so that the host is known from now on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn trust(&self, file: &Path) -> Result<(), String> {
        let failed = |e: &dyn std::fmt::Display| format!("{} cannot be written: {e}", file.display());
        let key = PublicKey::from_openssh(&self.line).map_err(|e| failed(&e))?;
        learn_known_hosts_path(&self.host.to_lowercase(), self.port, &key, file).map_err(|e| failed(&e))
    }
}

/// `ED25519`, as `ssh-keygen -l` has it.
fn name(algorithm: &Algorithm) -> String {
    match algorithm {
        Algorithm::Ecdsa { .. } => "ECDSA".into(),
        Algorithm::Rsa { .. } => "RSA".into(),
        Algorithm::Dsa => "DSA".into(),
        Algorithm::Ed25519 => "ED25519".into(),
        other => other.as_str().to_uppercase(),
    }
}

/// All that is known of one host.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    target: SshTarget,
    /// What a person has trusted in this program; it counts before what `ssh` knows.
    own: Vec<(PublicKey, KnownKey)>,
    of_ssh: Vec<(PublicKey, KnownKey)>,
    revoked: Vec<(PublicKey, KnownKey)>,
}

impl Known {
    /// Reads the files.
    ///
    /// # Errors
    /// When this program's own file is there and cannot be read. One of `ssh` that cannot be read knows nobody.
    pub(crate) fn read(target: &SshTarget) -> Result<Self, SshFault> {
        let of_ssh = target.folder.as_ref().map(|folder| folder.join("known_hosts"));
        let unreadable =
            |file: &Path, why: String| SshFault::KnownHosts { file: file.display().to_string(), why };
        let own = match &target.known_hosts {
            Some(file) => keys(target, file).map_err(|why| unreadable(file, why))?,
            None => Vec::new(),
        };
        Ok(Self {
            target: target.clone(),
            own,
            revoked: of_ssh.as_deref().map(revoked).unwrap_or_default(),
            of_ssh: of_ssh.and_then(|file| keys(target, &file).ok()).unwrap_or_default(),
        })
    }

    /// Whether the host is the one that is known.
    pub(crate) fn judge(&self, key: &PublicKey) -> Result<(), SshFault> {
        let shown = HostKey::new(&self.target, key);
        let same = |known: &&(PublicKey, KnownKey)| known.0.key_data() == key.key_data();
        if let Some((_, known)) = self.revoked.iter().find(same) {
            return Err(SshFault::HostKeyRevoked { shown, known: known.clone() });
        }
        // A key of another kind is another key: whoever stands between the two may have a new one of each kind.
        let known = if self.own.is_empty() { &self.of_ssh } else { &self.own };
        match known.first() {
            _ if known.iter().any(|k| same(&k)) => Ok(()),
            Some((_, known)) => Err(SshFault::HostKey(HostKeyFault::Changed(shown, known.clone()))),
            None => Err(SshFault::HostKey(HostKeyFault::Unknown(shown))),
        }
    }

    /// The kinds of key to ask the host for: those that it is known by first, as it may have several.
    pub(crate) fn preferred(&self) -> Vec<Algorithm> {
        let known = if self.own.is_empty() { &self.of_ssh } else { &self.own };
        let ecdsa = |curve| Algorithm::Ecdsa { curve };
        let mut all = vec![
            Algorithm::Ed25519,
            ecdsa(EcdsaCurve::NistP256),
            ecdsa(EcdsaCurve::NistP384),
            ecdsa(EcdsaCurve::NistP521),
            Algorithm::Rsa { hash: Some(HashAlg::Sha512) },
            Algorithm::Rsa { hash: Some(HashAlg::Sha256) },
        ];
        let is_known = |algorithm: &Algorithm| {
            known.iter().any(|(key, _)| match (key.algorithm(), algorithm) {
                (Algorithm::Rsa { .. }, Algorithm::Rsa { .. }) => true,
                (of_key, algorithm) => of_key == *algorithm,
            })
        };
        // It keeps the order within each half.
        all.sort_by_key(|algorithm| !is_known(algorithm));
        all
    }
}

/// The keys of the host in one file; none where there is no file.
fn keys(target: &SshTarget, file: &Path) -> Result<Vec<(PublicKey, KnownKey)>, String> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e.to_string()),
    };
    let found =
        known_host_keys_path(&target.host.to_lowercase(), target.port, file).map_err(|e| e.to_string())?;
    Ok(found.into_iter().map(|(_, key)| known(key, &text, file)).collect())
}

/// The keys that `ssh` must never take for any host's.
fn revoked(file: &Path) -> Vec<(PublicKey, KnownKey)> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.strip_prefix("@revoked"));
    let keys = lines.filter_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        PublicKey::from_openssh(&format!("{} {}", words.next()?, words.next()?)).ok()
    });
    keys.map(|key| known(key, &text, file)).collect()
}

fn known(key: PublicKey, text: &str, file: &Path) -> (PublicKey, KnownKey) {
    let encoded = key.public_key_base64();
    let line = text.lines().position(|line| line.contains(&encoded)).map_or(1, |at| at + 1);
    let fingerprint = format!("{} {}", name(&key.algorithm()), key.fingerprint(HashAlg::Sha256));
    (key, KnownKey { fingerprint, file: file.to_owned(), line })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
    const B: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA6rWI3G1sz07DnfFlrouTcysQlj2P+jpNSOEWD9OJ3X";
    const ECDSA: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGCPkd9BV4xvgL+mfm6sTADwzWSjrAwGXOo3dk7ZXhyVCVQM8PvZlqpgxz1yb3AlDhvNgW+OBa36AYYbTmXs5Dg=";

    fn key(text: &str) -> PublicKey {
        PublicKey::from_openssh(text).unwrap()
    }

    #[test]
    fn a_host_is_known_by_what_was_trusted_and_by_nothing_else() {
        // This program's file, that of ssh, the key that is shown; what is said, and the line it stands in.
        for (own, of_ssh, shown, says) in [
            (String::new(), String::new(), A, "unknown"),
            (format!("# trusted\n\n[nas.local]:2222 {A}\n"), String::new(), A, "known"),
            (format!("# trusted\n\n[nas.local]:2222 {A}\n"), String::new(), B, "changed own 3"),
            (format!("[nas.local]:2222 {A}\n"), String::new(), ECDSA, "changed own 1"),
            (format!("[nas.local]:2222 {A}\n[nas.local]:2222 {ECDSA}\n"), String::new(), ECDSA, "known"),
            (format!("nas.local {A}\n[other]:2222 {A}\n"), String::new(), A, "unknown"),
            (String::new(), format!("[NAS.local]:2222,[nas.local]:2222 {A}\n"), A, "known"),
            (String::new(), format!("[nas.local]:2222 {A}\n"), B, "changed ssh 1"),
            (String::new(), format!("[nas.local]:2222 {A}\n"), ECDSA, "changed ssh 1"),
            // What a person trusted here counts before what ssh knows.
            (format!("[nas.local]:2222 {A}\n"), format!("[nas.local]:2222 {B}\n"), A, "known"),
            (format!("[nas.local]:2222 {A}\n"), format!("[nas.local]:2222 {B}\n"), B, "changed own 1"),
            (format!("[nas.local]:2222 {A}\n"), format!("@revoked * {A}\n"), A, "revoked 1"),
            ("[nas.local]:2222 ssh-ed25519 AAAA\n".into(), String::new(), A, "unreadable"),
            (String::new(), "[nas.local]:2222 ssh-ed25519 AAAA\n".into(), A, "unknown"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("own");
            fs::write(&file, &own).unwrap();
            fs::write(folder.path().join("known_hosts"), &of_ssh).unwrap();
            let target = SshTarget {
                known_hosts: Some(file),
                folder: Some(folder.path().into()),
                ..SshTarget::new("admin", "Nas.local", 2222)
            };
            let said = match Known::read(&target).and_then(|known| known.judge(&key(shown))) {
                Ok(()) => "known".to_owned(),
                Err(SshFault::HostKey(HostKeyFault::Unknown(_))) => "unknown".into(),
                Err(SshFault::HostKey(HostKeyFault::Changed(_, known))) => {
                    let own = if known.file.ends_with("own") { "own" } else { "ssh" };
                    format!("changed {own} {}", known.line)
                }
                Err(SshFault::HostKeyRevoked { known, .. }) => format!("revoked {}", known.line),
                Err(_) => "unreadable".into(),
            };
            assert_eq!(said, says, "own:\n{own}of ssh:\n{of_ssh}");
        }
    }

    #[test]
    fn a_key_that_was_trusted_is_known_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("not/yet/known_hosts");
        let target = SshTarget {
            known_hosts: Some(file.clone()),
            folder: None,
            ..SshTarget::new("admin", "fd00::5", 22)
        };
        let read = || Known::read(&target).unwrap();
        let Err(SshFault::HostKey(HostKeyFault::Unknown(shown))) = read().judge(&key(ECDSA)) else {
            panic!()
        };
        assert_eq!(shown.algorithm, "ECDSA");
        assert!(shown.fingerprint.starts_with("SHA256:"), "{}", shown.fingerprint);
        shown.trust(&file).unwrap();
        assert_eq!(read().judge(&key(ECDSA)), Ok(()));
        // It is asked for first, so that a host which has others as well shows this one.
        assert_eq!(read().preferred().first().map(name).as_deref(), Some("ECDSA"));
        assert!(matches!(read().judge(&key(A)), Err(SshFault::HostKey(HostKeyFault::Changed(..)))));
        assert!(shown.trust(folder.path()).unwrap_err().contains("cannot be written"));
    }
}
