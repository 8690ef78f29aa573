//! What passes for the way to the Docker Engine: certificates, host keys, and what opens a NAS by SSH.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::AccountState;

/// What opens a NAS by SSH and stands in no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SshSecret {
    /// The account's password.
    Password,
    /// The private key's passphrase.
    Passphrase,
}

/// Whether what opens a NAS by SSH is there. None of it is needed where a key without a passphrase does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SshState {
    /// The account's password.
    pub password: AccountState,
    /// The private key's passphrase.
    pub passphrase: AccountState,
    /// The environment variable that may hold the password.
    pub password_variable: String,
    /// The environment variable that may hold the passphrase.
    pub passphrase_variable: String,
}

/// Certificates that were pasted and kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct KeptCertificates {
    /// The folder that they are in now, to be named as `docker_certificates`.
    pub folder: String,
    /// The last day on which this PC's own one holds, in UTC: `2027-01-31`. `None` where it holds for ever.
    pub until: Option<String>,
}

/// A host key that is not the one that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ShownHostKey {
    /// Its kind: `ED25519`.
    pub algorithm: String,
    /// Its fingerprint: `SHA256:…`.
    pub fingerprint: String,
    /// The host is known by another key: kind and fingerprint, and where that stands. Without it the host is new, and may
    /// be trusted.
    pub known: Option<KnownHostKey>,
}

/// A host key that a person has trusted before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct KnownHostKey {
    /// Its kind and fingerprint.
    pub fingerprint: String,
    /// The file that it stands in.
    pub file: String,
    /// Its line there, from 1.
    pub line: usize,
}
