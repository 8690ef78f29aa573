//! What opens a NAS by SSH: kept in the keychain as the password of the SMS's account is, under the deployment that it is
//! for and with what it opens. A password is never shown to another host than the one it was typed for.

use std::sync::Weak;

use watchkeeper_core::config::DockerAddress;
use watchkeeper_desk::{
    deployment::{Configured, SshSecrets},
    password,
};
use watchkeeper_probes::{Secret, ladder::RungOutcome};

use crate::{
    contract::{AccountState, ErrorCode, RequestError, SetUp, SshSecret, SshState},
    desktop::Desktop,
    host::Keychain,
    secrets::{self, Account, TO_READ, TO_WRITE},
    setting_up::{LONGEST_PASSWORD, another_stays, not_in_the_keychain, stays_in_the_keychain},
};

const BOTH: [SshSecret; 2] = [SshSecret::Password, SshSecret::Passphrase];
/// What `doctor` advises where something that opens the NAS is wanted and not there, or wrong.
const WANTED: [&str; 4] = ["passphrase", "ssh_no_key", "ssh_key_refused", "ssh_password"];

/// What was found in the keychain, in the order of [`BOTH`].
type Found = Result<[Option<String>; 2], RequestError>;

/// What the secrets of a way by SSH open, in the order of [`BOTH`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opened([Account; 2]);

impl Opened {
    /// `None` where the Engine is not reached by SSH, or no account on the NAS is named.
    fn of(docker: &str, key: &str) -> Option<Self> {
        let Ok(DockerAddress::Ssh { user, host, .. }) = docker.trim().parse() else { return None };
        let account = format!("{user}@{}", host.to_lowercase());
        let key = match key.trim() {
            "" => "the usual keys",
            key => key,
        };
        Some(Self([account, key.to_owned()].map(Account::by_ssh)))
    }

    fn of_draft(draft: &SetUp) -> Option<Self> {
        Self::of(&draft.docker, &draft.ssh_key)
    }

    fn of_configured(configured: &Configured) -> Option<Self> {
        let settings = &configured.config.deployment;
        Self::of(&settings.docker.to_string(), settings.ssh_key.as_deref().unwrap_or_default())
    }

    const fn by(&self, which: SshSecret) -> &Account {
        let Self([password, passphrase]) = self;
        match which {
            SshSecret::Password => password,
            SshSecret::Passphrase => passphrase,
        }
    }
}

/// What a secret is filed under, beside the account's password that is filed under `beside`.
fn filed(which: SshSecret, beside: &str) -> String {
    match which {
        SshSecret::Password => format!("SSH password of {beside}"),
        SshSecret::Passphrase => format!("SSH key's passphrase of {beside}"),
    }
}

/// What both are filed under.
pub(crate) fn both_filed(beside: &str) -> [String; 2] {
    BOTH.map(|which| filed(which, beside))
}

impl Desktop {
    /// Keeps what opens the set-up's NAS by SSH in the keychain: for the deployment where it opens the same there already,
    /// else until the set-up is finished or dropped.
    ///
    /// # Errors
    /// `input` where the set-up names no account on a NAS, or this can be no such secret; `keychain` where that cannot be
    /// used.
    pub async fn remember_ssh_secret(
        &self,
        draft: &SetUp,
        which: SshSecret,
        secret: String,
    ) -> Result<(), RequestError> {
        let opened = Opened::of_draft(draft).ok_or_else(|| {
            RequestError::new(ErrorCode::Input, "the address of the Docker Engine names no account on a NAS")
                .help("write it as ssh://admin@nas.local")
        })?;
        if secret.is_empty() || secret.len() > LONGEST_PASSWORD {
            return Err(RequestError::new(ErrorCode::Input, "this is no password and no passphrase"));
        }
        let place = self.ssh_place(draft, &opened, which);
        // Also where nobody waits for it any more: it may be kept later.
        self.secrets.note(&place, true);
        let notes = self.secrets.notes();
        let kept = self.secrets.ask(TO_WRITE, move |keychain| {
            secrets::keep(keychain, &place, opened.by(which), &secret)?;
            // What was asked for before may have emptied the place meanwhile.
            notes.note(&place, true);
            Ok(())
        });
        kept.await
    }

    /// Forgets what opens the set-up's NAS by SSH.
    ///
    /// # Errors
    /// `keychain` where it cannot be used.
    pub async fn forget_ssh_secret(&self, draft: &SetUp, which: SshSecret) -> Result<(), RequestError> {
        let deployment = draft.deployment.as_deref();
        let mut names = vec![filed(which, &self.secrets.of_set_up(deployment))];
        names.extend(deployment.map(|id| filed(which, &self.secrets.of_deployment(id))));
        let all = names.clone();
        let forgotten =
            self.secrets.ask(TO_WRITE, move |keychain| all.iter().try_for_each(|name| keychain.forget(name)));
        forgotten.await?;
        names.iter().for_each(|name| self.secrets.note(name, false));
        Ok(())
    }

    /// What the keychain holds for the way of a set-up; `None` where the way is not by SSH.
    pub(crate) async fn ssh_found(&self, draft: &SetUp) -> Option<Found> {
        let opened = Opened::of_draft(draft)?;
        let typed = both_filed(&self.secrets.of_set_up(draft.deployment.as_deref()));
        let places = BOTH.map(|which| self.ssh_place(draft, &opened, which));
        let found = self.secrets.ask(TO_READ, move |keychain| {
            let [password, passphrase] = BOTH;
            let [of_password, of_passphrase] = &places;
            let [typed_password, typed_passphrase] = &typed;
            Ok([
                first(keychain, [typed_password, of_password], opened.by(password))?,
                first(keychain, [typed_passphrase, of_passphrase], opened.by(passphrase))?,
            ])
        });
        Some(found.await)
    }

    /// A deployment's configuration with what opens its NAS by SSH, where the keychain holds it.
    ///
    /// # Errors
    /// `keychain` where it cannot be asked and the NAS does not let us in without.
    pub(crate) async fn with_ssh_secrets(
        &self,
        deployment: &str,
        configured: Configured,
    ) -> Result<Configured, RequestError> {
        let Some(opened) = Opened::of_configured(&configured) else { return Ok(configured) };
        let places = both_filed(&self.secrets.of_deployment(deployment));
        let found = self.secrets.ask(TO_READ, move |keychain| {
            let [of_password, of_passphrase] = &places;
            Ok([
                secrets::kept(keychain, of_password, opened.by(SshSecret::Password))?,
                secrets::kept(keychain, of_passphrase, opened.by(SshSecret::Passphrase))?,
            ])
        });
        let why = match found.await {
            Ok(found) => return Ok(configured.with_ssh_secrets(secrets_of(found))),
            Err(e) => e.message,
        };
        // Most ways need nothing of it: a key does, or the environment.
        tracing::warn!("the keychain gives nothing for SSH: {why}");
        let way = configured.walk().await?;
        let is_wanted = way
            .rungs
            .iter()
            .any(|rung| matches!(rung.outcome, RungOutcome::Failed { code, .. } if WANTED.contains(&code)));
        if is_wanted {
            let settings = &configured.config.deployment;
            let what = format!("the keychain gives nothing that opens {}: {why}", settings.docker);
            return Err(RequestError::no_keychain_for_ssh(what, &settings.ssh_password_env));
        }
        Ok(configured)
    }

    /// What the way of a deployment opens, as it is kept.
    pub(crate) fn kept_opened(&self, deployment: &str) -> Option<Opened> {
        Opened::of_configured(&self.deployments.read(deployment).ok()?)
    }

    /// What was typed in a set-up for SSH becomes the deployment's, once it is finished; what opens something else is
    /// forgotten. `before` is what its way opened; `changed` is the deployment that was changed.
    pub(crate) fn settle_ssh(&self, draft: &SetUp, id: &str, before: Option<&Opened>, changed: Option<&str>) {
        let now = Opened::of_draft(draft);
        let (own, typed) = (self.secrets.of_deployment(id), self.secrets.of_set_up(changed));
        for which in BOTH {
            let account = now.as_ref().map(|opened| opened.by(which).clone());
            let earlier = before.map(|opened| opened.by(which).clone());
            let (own, typed) = (filed(which, &own), filed(which, &typed));
            if account.is_none() && earlier.is_none() && !self.secrets.may_hold(&typed) {
                continue;
            }
            let is_new = changed.is_none();
            if is_new && !self.deployments.was_removed(id) {
                self.secrets.note_unless_known(&own, false);
            }
            let is_typed = account.is_some() && self.secrets.was_filled(&typed);
            let stays = earlier.is_some() && earlier != account && self.secrets.may_hold(&own);
            if is_typed {
                self.secrets.note(&own, true);
            }
            let notes = self.secrets.notes();
            let place = own.clone();
            let settled = self.secrets.ask(TO_WRITE, move |keychain| {
                let secret =
                    account.as_ref().map(|a| secrets::kept(keychain, &typed, a)).transpose()?.flatten();
                match (&account, secret) {
                    (Some(account), Some(secret)) => {
                        secrets::keep(keychain, &own, account, &secret)?;
                        notes.note(&own, true);
                    }
                    (Some(account), None) if !is_new && secrets::kept(keychain, &own, account)?.is_some() => {
                    }
                    // What lies there opens something else, or is of a deployment of this name that was removed.
                    _ => {
                        keychain.forget(&own)?;
                        notes.note(&own, false);
                    }
                }
                keychain.forget(&typed)?;
                notes.note(&typed, false);
                Ok(())
            });
            let (me, name) = (Weak::clone(&self.me), id.to_owned());
            tokio::spawn(async move {
                let Err(e) = settled.await else { return };
                tracing::warn!("what opens the NAS of {name} by SSH could not be filed: {}", e.message);
                let Some(desktop) = me.upgrade() else { return };
                let words = desktop.words();
                if is_typed {
                    desktop.say(not_in_the_keychain(words, &name, &e.message));
                }
                if stays {
                    desktop.say(another_stays(words, &name, &place, &e.message));
                }
            });
        }
    }

    /// Forgets what opened the NAS of a deployment that is no more. That it could not be is told.
    pub(crate) fn forget_ssh(&self, deployment: &str, opened: Option<&Opened>) {
        if opened.is_none() {
            return;
        }
        let (own, set_up) =
            (self.secrets.of_deployment(deployment), self.secrets.of_set_up(Some(deployment)));
        for which in BOTH {
            let (own, typed) = (filed(which, &own), filed(which, &set_up));
            let (place, may_hold) = (own.clone(), self.secrets.may_hold(&own));
            let notes = self.secrets.notes();
            let forgotten = self.secrets.ask(TO_WRITE, move |keychain| {
                keychain.forget(&own).and(keychain.forget(&typed))?;
                notes.note(&own, false);
                Ok(())
            });
            let (me, deployment) = (Weak::clone(&self.me), deployment.to_owned());
            tokio::spawn(async move {
                let Err(e) = forgotten.await else { return };
                tracing::warn!("what opened the NAS of {deployment} was not forgotten: {}", e.message);
                let Some(desktop) = me.upgrade().filter(|_| may_hold) else { return };
                desktop.say(stays_in_the_keychain(desktop.words(), &deployment, &place, &e.message));
            });
        }
    }

    /// Where a secret of the set-up belongs: at the deployment where it opens the same there.
    fn ssh_place(&self, draft: &SetUp, opened: &Opened, which: SshSecret) -> String {
        let deployment = draft.deployment.as_deref();
        let same = |id: &&str| self.kept_opened(id).is_some_and(|kept| kept.by(which) == opened.by(which));
        match deployment.filter(same) {
            Some(id) => filed(which, &self.secrets.of_deployment(id)),
            None => filed(which, &self.secrets.of_set_up(deployment)),
        }
    }
}

/// What there is to say of what was found; `None` while the keychain has not answered.
pub(crate) fn ssh_state(found: Option<&Found>, configured: Option<&Configured>) -> Option<SshState> {
    let settings = &configured?.config.deployment;
    if !matches!(settings.docker, DockerAddress::Ssh { .. }) {
        return None;
    }
    let of = |nth: fn(&[Option<String>; 2]) -> bool, variable: &str| match found {
        Some(Ok(found)) if nth(found) => AccountState::InKeychain,
        _ if password::in_variable(variable).is_some() => AccountState::InEnvironment,
        Some(Ok(_)) => AccountState::Missing,
        Some(Err(_)) => AccountState::NoKeychain,
        None => AccountState::Unknown,
    };
    Some(SshState {
        password: of(|[password, _]| password.is_some(), &settings.ssh_password_env),
        passphrase: of(|[_, passphrase]| passphrase.is_some(), &settings.ssh_passphrase_env),
        password_variable: settings.ssh_password_env.clone(),
        passphrase_variable: settings.ssh_passphrase_env.clone(),
    })
}

/// As the way is walked with them.
pub(crate) fn secrets_of([password, passphrase]: [Option<String>; 2]) -> SshSecrets {
    SshSecrets { password: password.map(Secret::new), passphrase: passphrase.map(Secret::new) }
}

/// The secret of `account` that is kept under the first of `names` that has it.
fn first(keychain: &dyn Keychain, names: [&String; 2], account: &Account) -> Result<Option<String>, String> {
    for name in names {
        if let Some(secret) = secrets::kept(keychain, name, account)? {
            return Ok(Some(secret));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_one_thing_and_no_other() {
        let of = |docker: &str, key: &str| Opened::of(docker, key);
        let first = of("ssh://admin@nas.local", "").unwrap();
        for (docker, key, same) in [
            ("ssh://admin@NAS.local:2222/run/docker.sock", " ", [true, true]),
            ("ssh://Admin@nas.local", "", [false, true]),
            ("ssh://admin@other.local", "", [false, true]),
            (" ssh://admin@nas.local ", "~/.ssh/nas", [true, false]),
        ] {
            let other = of(docker, key).unwrap();
            assert_eq!(BOTH.map(|which| first.by(which) == other.by(which)), same, "{docker} {key}");
        }
        for docker in ["ssh://nas.local", "tcp://nas.local:2376", "unix:///var/run/docker.sock", ""] {
            assert_eq!(of(docker, ""), None, "{docker}");
        }
    }
}
