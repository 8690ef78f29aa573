//! Logging in, as `ssh` does it: the configured key, the agent's, the default ones, the password.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use russh::{
    MethodKind, MethodSet,
    client::{AuthResult, Handle, Handler, KeyboardInteractiveAuthResponse as Interactive},
    keys::{Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey, agent::AgentIdentity},
};
use tokio::time::Instant;

use super::{agent, key_file};
use crate::{
    ssh_words::{KeyFault, SshFault},
    target::{Secret, SshTarget},
};

/// What `ssh` looks for where no key is named.
const DEFAULTS: [&str; 3] = ["id_ed25519", "id_ecdsa", "id_rsa"];
/// sshd hangs up after six failures (MaxAuthTries); the password is to have its turn.
const MOST_KEYS: usize = 5;
/// A password that was refused is not tried again before.
const REFUSED_FOR: Duration = Duration::from_secs(10 * 60);

/// Logs in.
///
/// # Errors
/// What was tried last, or what is in the way of everything.
pub(super) async fn log_in<H: Handler>(handle: &mut Handle<H>, target: &SshTarget) -> Result<(), SshFault> {
    let mut attempt = Attempt { target, offered: Vec::new(), seen: Vec::new(), partly: false, allowed: None };
    match handle.authenticate_none(&target.user).await {
        Ok(AuthResult::Success) => return Ok(()),
        Ok(answer) => _ = attempt.note(answer),
        Err(_) => return Err(SshFault::NotSsh),
    }
    let mut fault = None;
    if let Some(path) = &target.key {
        match load(path, target.passphrase.as_ref()).await {
            Ok(key) => {
                if attempt.offer(handle, key, path).await {
                    return Ok(());
                }
            }
            Err(why) => fault = Some(SshFault::Key { file: path.display().to_string(), fault: why }),
        }
    }
    let agent = attempt.offer_agents(handle).await;
    if agent == Agents::Taken {
        return Ok(());
    }
    if target.key.is_none() {
        for path in defaults(target) {
            match load(&path, target.passphrase.as_ref()).await {
                Ok(key) => {
                    if attempt.offer(handle, key, &path).await {
                        return Ok(());
                    }
                }
                Err(KeyFault::Missing) => {}
                // It is no worse than the one before it.
                Err(why) => {
                    fault.get_or_insert(SshFault::Key { file: path.display().to_string(), fault: why });
                }
            }
        }
    }
    if let Some(password) = &target.password
        && let Some(taken) = attempt.password(handle, password).await
    {
        return taken;
    }
    if attempt.partly {
        return Err(SshFault::MoreWanted { user: target.user.clone() });
    }
    if let Some(fault) = fault {
        return Err(fault);
    }
    if attempt.offered.is_empty() {
        let agent = match agent {
            Agents::None(how) => how,
            _ => "no key of the SSH agent".into(),
        };
        return Err(SshFault::NoKey { user: target.user.clone(), agent });
    }
    Err(SshFault::KeysRefused { user: target.user.clone(), offered: attempt.offered })
}

/// How it went with the agent's keys.
#[derive(PartialEq, Eq)]
enum Agents {
    Taken,
    Refused,
    /// There are none, for people.
    None(String),
}

struct Attempt<'a> {
    target: &'a SshTarget,
    /// Keys that were offered, for people.
    offered: Vec<String>,
    seen: Vec<PublicKey>,
    /// One was taken, and more is wanted.
    partly: bool,
    /// What the host takes, as far as it said so.
    allowed: Option<MethodSet>,
}

impl Attempt<'_> {
    /// Whether that was it.
    fn note(&mut self, answer: AuthResult) -> bool {
        match answer {
            AuthResult::Success => true,
            AuthResult::Failure { remaining_methods, partial_success } => {
                self.partly |= partial_success;
                self.allowed = Some(remaining_methods);
                false
            }
        }
    }

    fn takes(&self, method: MethodKind) -> bool {
        self.allowed.as_ref().is_some_and(|allowed| allowed.contains(&method))
    }

    /// Whether a key is to be offered: not twice, and not one too many.
    fn is_wanted(&mut self, key: &PublicKey, name: String) -> bool {
        let known = self.seen.iter().any(|k| k.key_data() == key.key_data());
        if known || self.offered.len() >= MOST_KEYS || !self.takes(MethodKind::PublicKey) {
            return false;
        }
        self.seen.push(key.clone());
        self.offered.push(name);
        true
    }

    async fn offer<H: Handler>(&mut self, handle: &mut Handle<H>, key: PrivateKey, path: &Path) -> bool {
        if !self.is_wanted(key.public_key(), path.display().to_string()) {
            return false;
        }
        let hash = hash(handle, &key.algorithm()).await;
        let key = PrivateKeyWithHashAlg::new(Arc::new(key), hash);
        match handle.authenticate_publickey(&self.target.user, key).await {
            Ok(answer) => self.note(answer),
            Err(_) => false,
        }
    }

    async fn offer_agents<H: Handler>(&mut self, handle: &mut Handle<H>) -> Agents {
        let (mut agent, keys) = match agent::keys().await {
            Ok(found) => found,
            Err(how) => return Agents::None(how),
        };
        for identity in keys {
            let key = identity.public_key().into_owned();
            let name = format!("{} of the agent", key.fingerprint(HashAlg::Sha256));
            if !self.is_wanted(&key, name) {
                continue;
            }
            let hash = hash(handle, &key.algorithm()).await;
            let user = &self.target.user;
            let answer = match identity {
                AgentIdentity::PublicKey { key, .. } => {
                    handle.authenticate_publickey_with(user, key, hash, &mut agent).await
                }
                AgentIdentity::Certificate { certificate, .. } => {
                    handle.authenticate_certificate_with(user, certificate, hash, &mut agent).await
                }
            };
            // One that the agent does not sign with is no reason to leave the others out.
            if let Ok(answer) = answer
                && self.note(answer)
            {
                return Agents::Taken;
            }
        }
        Agents::Refused
    }

    /// Tries the password; `None` where the host takes none.
    async fn password<H: Handler>(
        &mut self,
        handle: &mut Handle<H>,
        password: &Secret,
    ) -> Option<Result<(), SshFault>> {
        let by_password = self.takes(MethodKind::Password);
        if !by_password && !self.takes(MethodKind::KeyboardInteractive) {
            return None;
        }
        let refused = SshFault::PasswordRefused { user: self.target.user.clone() };
        if was_refused(self.target, password) {
            return Some(Err(refused));
        }
        let answer = if by_password {
            handle.authenticate_password(&self.target.user, password.expose()).await.ok()
        } else {
            self.interactively(handle, password).await
        };
        let Some(answer) = answer else {
            return Some(Err(SshFault::MoreWanted { user: self.target.user.clone() }));
        };
        let partly_before = self.partly;
        if self.note(answer) {
            return Some(Ok(()));
        }
        if self.partly && !partly_before {
            return None;
        }
        note_refused(self.target, password);
        Some(Err(refused))
    }

    /// The password as the answer to the one question for it; `None` where something else is asked.
    async fn interactively<H: Handler>(
        &self,
        handle: &mut Handle<H>,
        password: &Secret,
    ) -> Option<AuthResult> {
        let mut asked = false;
        let mut said = handle.authenticate_keyboard_interactive_start(&self.target.user, None).await.ok()?;
        // A server may ask on and on.
        for _ in 0..5 {
            let answers = match said {
                Interactive::Success => return Some(AuthResult::Success),
                Interactive::Failure { remaining_methods, partial_success } => {
                    return Some(AuthResult::Failure { remaining_methods, partial_success });
                }
                Interactive::InfoRequest { prompts, .. } if prompts.is_empty() => Vec::new(),
                Interactive::InfoRequest { prompts, .. } if prompts.len() == 1 && !asked => {
                    asked = true;
                    vec![password.expose().to_owned()]
                }
                Interactive::InfoRequest { .. } => return None,
            };
            said = handle.authenticate_keyboard_interactive_respond(answers).await.ok()?;
        }
        None
    }
}

/// An RSA key signs with the best hash that the host knows.
async fn hash<H: Handler>(handle: &Handle<H>, algorithm: &Algorithm) -> Option<HashAlg> {
    match algorithm {
        Algorithm::Rsa { .. } => {
            // A server that says nothing of it is newer than SHA-1 all the same.
            handle.best_supported_rsa_hash().await.ok().flatten().unwrap_or(Some(HashAlg::Sha256))
        }
        _ => None,
    }
}

/// A key is decrypted aside: that is made to take long.
async fn load(path: &Path, passphrase: Option<&Secret>) -> Result<PrivateKey, KeyFault> {
    let (path, passphrase) = (path.to_owned(), passphrase.cloned());
    let read = move || key_file::read(&path, passphrase.as_ref().map(Secret::expose));
    tokio::task::spawn_blocking(read).await.unwrap_or(Err(KeyFault::NoKey))
}

fn defaults(target: &SshTarget) -> Vec<PathBuf> {
    target.folder.iter().flat_map(|folder| DEFAULTS.map(|name| folder.join(name))).collect()
}

/// Passwords that a host refused, and when. Several clients of this program are one to the NAS, which locks out.
static REFUSED: Mutex<Vec<(String, Secret, Instant)>> = Mutex::new(Vec::new());

fn account(target: &SshTarget) -> String {
    format!("{}@{}:{}", target.user, target.host, target.port)
}

fn was_refused(target: &SshTarget, password: &Secret) -> bool {
    let mut refused = REFUSED.lock().unwrap_or_else(PoisonError::into_inner);
    refused.retain(|(_, _, at)| at.elapsed() < REFUSED_FOR);
    let account = account(target);
    refused.iter().any(|(of, what, _)| *of == account && what == password)
}

fn note_refused(target: &SshTarget, password: &Secret) {
    let mut refused = REFUSED.lock().unwrap_or_else(PoisonError::into_inner);
    refused.push((account(target), password.clone(), Instant::now()));
}
