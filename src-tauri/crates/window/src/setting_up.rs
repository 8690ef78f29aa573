//! The deployments that are kept: set up, looked at, changed and removed, each with its password in the keychain.

use std::{
    sync::{Weak, atomic::Ordering},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::time::timeout;
use watchkeeper_core::{notify::Urgency, time::Span};
use watchkeeper_desk::{
    certificates::{self, Pasted},
    deployment::{Configured, Misfit},
    password,
};
use watchkeeper_probes::{
    Secret, TargetError,
    host_key::HostKeyFault,
    ladder,
    target::{CertificateFault, check_certificates},
};

use crate::{
    contract::{
        AccountState, ConfigPage, ErrorCode, Examination, FieldFault, KeptCertificates, KeychainState,
        KnownHostKey, LadderRung, RequestError, RungOutcome, SetUp, ShownHostKey, Told,
    },
    deployments::{self, PASSWORD_ENV},
    desktop::Desktop,
    host::Message,
    secrets::{self, Account, TO_READ, TO_WRITE},
    ssh_secrets::{both_filed, secrets_of, ssh_state},
    tray::Words,
    words::cause,
};

/// No password is longer.
pub(crate) const LONGEST_PASSWORD: usize = 1_024;
/// What is to be said at once waits no longer for the keychain.
const AT_ONCE: Duration = Duration::from_secs(1);

impl Desktop {
    /// A deployment's configuration, key by key.
    ///
    /// # Errors
    /// When there is no such deployment, or its file is no TOML.
    pub fn config(&self, deployment: &str) -> Result<ConfigPage, RequestError> {
        self.deployments.page(deployment)
    }

    /// Changes one key of a deployment's configuration; `None` leaves it out, so that its default holds. With faults
    /// nothing is changed.
    ///
    /// # Errors
    /// When there is no such deployment or key, or the file cannot be written.
    pub fn change_config(
        &self,
        deployment: &str,
        key: &str,
        value: Option<&str>,
    ) -> Result<ConfigPage, RequestError> {
        let page = self.deployments.change(deployment, key, value)?;
        self.host.tell(Message::Changed);
        Ok(page)
    }

    /// Forgets a deployment with its password; its sessions stay. That the password could not be forgotten is told.
    ///
    /// # Errors
    /// When it is watched, or its file cannot be moved.
    pub fn remove_deployment(&self, deployment: &str) -> Result<(), RequestError> {
        let _reserved = self.reserve(deployment)?;
        let before = self.kept_account(deployment);
        let elsewhere = self.has_password_elsewhere(deployment);
        let opened = self.kept_opened(deployment);
        self.deployments.remove(deployment)?;
        self.forget_plan_draft(deployment);
        self.forget_ssh(deployment, opened.as_ref());
        let (own, set_up) =
            (self.secrets.of_deployment(deployment), self.secrets.of_set_up(Some(deployment)));
        let account = before.filter(|account| !self.is_shared(account, deployment));
        let place = own.clone();
        let may_hold = self.secrets.may_hold(&own);
        let forgotten = self.secrets.ask(TO_WRITE, move |keychain| {
            // One that fails leaves the others to be tried.
            let all = [
                keychain.forget(&own),
                keychain.forget(&set_up),
                account.map_or(Ok(()), |account| secrets::forget_earlier(keychain, &account)),
            ];
            all.into_iter().collect::<Result<(), String>>()
        });
        let (me, deployment) = (Weak::clone(&self.me), deployment.to_owned());
        tokio::spawn(async move {
            let forgotten = forgotten.await;
            if let (Ok(()), Some(desktop)) = (&forgotten, me.upgrade()) {
                desktop.secrets.note(&place, false);
            }
            let Err(e) = forgotten else { return };
            tracing::warn!("the password of {deployment} was not forgotten: {}", e.message);
            let told = !elsewhere && may_hold;
            let Some(desktop) = me.upgrade().filter(|_| told) else { return };
            desktop.say(stays_in_the_keychain(desktop.words(), &deployment, &place, &e.message));
        });
        self.host.tell(Message::Changed);
        Ok(())
    }

    /// The set-up that was left, else a fresh one.
    pub fn set_up(&self) -> SetUp {
        self.files.draft().unwrap_or_else(|| {
            // What an earlier one could not file is not this one's.
            let typed = self.secrets.of_set_up(None);
            for place in all_filed(&typed) {
                self.secrets.note(&place, false);
            }
            self.forget_typed(&typed);
            SetUp {
                environment: "production".into(),
                container: "sms-app".into(),
                owner: self.state().settings.owner.clone(),
                ..SetUp::default()
            }
        })
    }

    /// A set-up that changes a deployment.
    ///
    /// # Errors
    /// When there is no such deployment, or its file is no TOML.
    pub fn set_up_of(&self, deployment: &str) -> Result<SetUp, RequestError> {
        let set_up = self.deployments.set_up_of(deployment)?;
        for place in all_filed(&self.secrets.of_set_up(Some(deployment))) {
            self.secrets.note_unless_known(&place, false);
        }
        Ok(set_up)
    }

    /// Keeps a set-up that is under way.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save_set_up(&self, draft: &SetUp) -> Result<(), RequestError> {
        self.files.keep_draft(draft)
    }

    /// Forgets the set-up that is under way, with the passwords that were typed in it.
    ///
    /// # Errors
    /// When its file cannot be removed.
    pub fn drop_set_up(&self) -> Result<(), RequestError> {
        let place = self.secrets.of_set_up(self.files.draft().and_then(|d| d.deployment).as_deref());
        self.files.drop_draft()?;
        self.forget_typed(&place);
        self.host.tell(Message::Changed);
        Ok(())
    }

    /// Forgets the passwords that were typed in a set-up; the account's is filed under `place`.
    fn forget_typed(&self, place: &str) {
        let places = all_filed(place);
        let forgotten = self.secrets.ask(TO_WRITE, move |keychain| {
            // One that fails leaves the others to be tried.
            let all: Vec<_> = places.iter().map(|place| keychain.forget(place)).collect();
            all.into_iter().collect::<Result<(), String>>()
        });
        tokio::spawn(async move {
            if let Err(e) = forgotten.await {
                tracing::debug!("what was typed in a set-up was not forgotten: {}", e.message);
            }
        });
    }

    /// What can be said of a set-up at once: what is wrong with what was typed, and how it is with the account where the
    /// keychain answers by then. The way is not walked, and the files that it needs are not read: their folder may not
    /// answer.
    ///
    /// # Errors
    /// When the configuration that it changes cannot be read.
    pub async fn look_over(&self, draft: &SetUp) -> Result<Examination, RequestError> {
        let faults = self.deployments.faults(draft)?;
        let configured = self.deployments.to_look_at(draft)?;
        let account = timeout(AT_ONCE, self.account_state(draft, configured.as_ref()));
        let (account, found) = tokio::join!(account, timeout(AT_ONCE, self.ssh_found(draft)));
        // What is not said at once is said by the whole look.
        let account = account.unwrap_or(AccountState::Unknown);
        let ssh = ssh_state(found.unwrap_or_default().as_ref(), configured.as_ref());
        let variable = variable(configured.as_ref());
        Ok(Examination { faults, rungs: Vec::new(), running: None, account, variable, host_key: None, ssh })
    }

    /// Looks at a set-up: what is wrong with what was typed, and how far the way to the deployment leads.
    ///
    /// # Errors
    /// `refused` when a newer look was asked for meanwhile.
    pub async fn examine(&self, draft: &SetUp) -> Result<Examination, RequestError> {
        let look = self.looks.fetch_add(1, Ordering::SeqCst) + 1;
        let mut faults = self.deployments.faults(draft)?;
        let configured = self.deployments.to_look_at(draft)?;
        let found = self.ssh_found(draft).await;
        let ssh = ssh_state(found.as_ref(), configured.as_ref());
        let way = async {
            Ok::<_, RequestError>(match &configured {
                Some(configured) => {
                    let opening = found.and_then(Result::ok).map(secrets_of).unwrap_or_default();
                    let (way, misfits) = configured.clone().with_ssh_secrets(opening).look().await?;
                    (
                        way.rungs.into_iter().map(rung).collect(),
                        way.version,
                        misfits,
                        way.host_key.map(host_key),
                    )
                }
                None => (Vec::new(), None, Vec::new(), None),
            })
        };
        let (way, account) = tokio::join!(way, self.account_state(draft, configured.as_ref()));
        let (rungs, running, misfits, host_key) = way?;
        faults.extend(misfits.into_iter().map(misfit));
        if self.looks.load(Ordering::SeqCst) != look {
            return Err(RequestError::new(ErrorCode::Refused, "a newer look was asked for"));
        }
        let variable = variable(configured.as_ref());
        Ok(Examination { faults, rungs, running, account, variable, host_key, ssh })
    }

    /// Trusts the host key that the NAS of a set-up shows by SSH, where it is new and has this fingerprint.
    ///
    /// # Errors
    /// `refused` when the NAS shows another one now, or is known by another one; or when it cannot be kept.
    pub async fn trust_host_key(&self, draft: &SetUp, fingerprint: &str) -> Result<(), RequestError> {
        let refused = |what: &str| RequestError::new(ErrorCode::Refused, what);
        let configured =
            self.deployments.to_look_at(draft)?.ok_or_else(|| refused("the set-up is not complete"))?;
        match configured.look().await?.0.host_key {
            Some(HostKeyFault::Unknown(key)) if key.fingerprint == fingerprint => {
                configured.trust(&key)?;
                Ok(())
            }
            Some(_) => Err(refused(
                "the NAS shows another host key, or was known by another one: nothing was trusted",
            )),
            None => Err(refused("the NAS shows no host key that is to be trusted")),
        }
    }

    /// Keeps certificates for the Docker Engine that were pasted.
    ///
    /// # Errors
    /// What is wrong with which of the three, or that they cannot be kept.
    pub fn keep_certificates(
        &self,
        ca: String,
        cert: String,
        key: String,
    ) -> Result<KeptCertificates, RequestError> {
        let folder = certificates::keep(self.deployments.data(), &Pasted { ca, cert, key })?;
        // How long they hold is what they are refused with afterwards.
        let until = match check_certificates(&folder, DateTime::<Utc>::MAX_UTC) {
            Err(TargetError::Certificates { fault: CertificateFault::Expired(day), path, .. })
                if path.ends_with("cert.pem") =>
            {
                Some(day)
            }
            _ => None,
        };
        Ok(KeptCertificates { folder: folder.display().to_string(), until })
    }

    /// Keeps what was set up; gives the deployment's id. What was typed as its password becomes the deployment's. That
    /// the draft stays, that a password which was typed could not be filed, or that one which is not the account's may be
    /// left, is told: the deployment is kept all the same.
    ///
    /// # Errors
    /// When something is wrong with it, or it cannot be written.
    pub fn finish_set_up(&self, draft: &SetUp) -> Result<String, RequestError> {
        let changed = draft.deployment.as_deref().filter(|id| self.deployments.path(id).is_ok());
        let before = changed.and_then(|id| self.kept_account(id));
        let opened = changed.and_then(|id| self.kept_opened(id));
        let is_unreadable = changed.is_some_and(|id| self.deployments.read(id).is_err());
        let is_new = changed.is_none();
        let id = self.deployments.keep(draft)?;
        if let Err(e) = self.files.drop_draft() {
            tracing::warn!("{}", e.message);
            self.say(draft_stays(self.words(), &id, &e.message));
        }
        self.settle_ssh(draft, &id, opened.as_ref(), changed);
        let (own, typed) = (self.secrets.of_deployment(&id), self.secrets.of_set_up(changed));
        let account = Account::new(&draft.email, &draft.url);
        let shared = before.as_ref().is_none_or(|before| self.is_shared(before, &id));
        if is_new && !self.deployments.was_removed(&id) {
            self.secrets.note_unless_known(&own, false);
        }
        let of_another = is_new || is_unreadable || before.as_ref().is_some_and(|b| !b.is_same(&account));
        let stays = of_another && self.secrets.may_hold(&own);
        let is_typed = self.secrets.may_hold(&typed) && !account.is_nobody();
        if is_typed {
            self.secrets.note(&own, true);
        }
        let place = own.clone();
        let notes = self.secrets.notes();
        // In turn before anything that asks for the deployment's password.
        let settled = self.secrets.ask(TO_WRITE, move |keychain| {
            let typed_now = secrets::kept(keychain, &typed, &account)?;
            let stays_same = typed_now.is_none() && before.as_ref().is_some_and(|b| b.is_same(&account));
            match (typed_now, &before) {
                // An address may change; another account has another password.
                (None, Some(before)) if stays_same => {
                    secrets::taken_over(keychain, &own, before, shared)?;
                }
                (Some(password), _) => secrets::keep(keychain, &own, &account, &password)?,
                // The deployment could not be read before: what lies there may be its own.
                (None, _) if !is_new && secrets::kept(keychain, &own, &account)?.is_some() => {}
                // What lies there is another account's, or of a deployment of this name that was removed.
                (None, _) => {
                    keychain.forget(&own)?;
                    notes.note(&own, false);
                }
            }
            if let Some(before) = before.filter(|_| !shared && !stays_same) {
                secrets::forget_earlier(keychain, &before)?;
            }
            keychain.forget(&typed)?;
            notes.note(&typed, false);
            Ok(())
        });
        let elsewhere = self.has_password_elsewhere(&id);
        let (me, name) = (Weak::clone(&self.me), id.clone());
        tokio::spawn(async move {
            let Err(e) = settled.await else { return };
            tracing::warn!("the password of {name} could not be filed: {}", e.message);
            let Some(desktop) = me.upgrade() else { return };
            let words = desktop.words();
            if is_typed && !elsewhere {
                desktop.say(not_in_the_keychain(words, &name, &e.message));
            }
            if stays {
                desktop.say(another_stays(words, &name, &place, &e.message));
            }
        });
        self.host.tell(Message::Changed);
        Ok(id)
    }

    /// Keeps the password of the set-up's account in the keychain: for the deployment where the account is its own
    /// already, else until the set-up is finished or dropped.
    ///
    /// # Errors
    /// `keychain` where it cannot be used.
    pub async fn remember_password(&self, draft: &SetUp, password: String) -> Result<(), RequestError> {
        let account = Account::new(&draft.email, &draft.url);
        if password.is_empty() || password.len() > LONGEST_PASSWORD || account.is_nobody() {
            return Err(RequestError::new(ErrorCode::Input, "this is no password of an account"));
        }
        let place = self.place_of(draft, &account);
        // Also where nobody waits for it any more: it may be kept later.
        self.secrets.note(&place, true);
        let notes = self.secrets.notes();
        let kept = self.secrets.ask(TO_WRITE, move |keychain| {
            secrets::keep(keychain, &place, &account, &password)?;
            // What was asked for before may have emptied the place meanwhile.
            notes.note(&place, true);
            Ok(())
        });
        kept.await
    }

    /// Forgets the password of the set-up's account.
    ///
    /// # Errors
    /// `keychain` where it cannot be used.
    pub async fn forget_password(&self, draft: &SetUp) -> Result<(), RequestError> {
        let account = Account::new(&draft.email, &draft.url);
        let typed = self.secrets.of_set_up(draft.deployment.as_deref());
        let place = self.place_of(draft, &account);
        let earlier = self.earlier_of(draft, &account);
        let names = [place.clone(), typed.clone()];
        self.secrets
            .ask(TO_WRITE, move |keychain| {
                keychain.forget(&place)?;
                keychain.forget(&typed)?;
                let (earlier, shared) = earlier;
                if shared { Ok(()) } else { secrets::forget_earlier(keychain, &earlier) }
            })
            .await?;
        names.iter().for_each(|name| self.secrets.note(name, false));
        Ok(())
    }

    /// A deployment's configuration with its passwords from the keychain, where they are there.
    ///
    /// # Errors
    /// `keychain` where it cannot be asked, and what it may hold is needed and not in the environment either.
    pub(crate) async fn configured(&self, deployment: &str) -> Result<Configured, RequestError> {
        let configured = self.with_password(deployment, self.deployments.read(deployment)?).await?;
        self.with_ssh_secrets(deployment, configured).await
    }

    async fn with_password(
        &self,
        deployment: &str,
        configured: Configured,
    ) -> Result<Configured, RequestError> {
        let Some(login) = &configured.config.login else { return Ok(configured) };
        let account = Account::new(&login.email, &configured.config.deployment.url);
        let (own, shared) = (self.secrets.of_deployment(deployment), self.is_shared(&account, deployment));
        let password = self
            .secrets
            .ask(TO_READ, move |keychain| secrets::taken_over(keychain, &own, &account, shared))
            .await;
        let password = match password {
            Ok(password) => password.map(Secret::new),
            Err(e) if password::in_environment(login).is_some() => {
                tracing::warn!("the keychain: {}; the password is the environment's", e.message);
                None
            }
            Err(e) => {
                let what = format!("the keychain gives no password for {}: {}", login.email, e.message);
                return Err(RequestError::no_keychain(what, &login.password_env));
            }
        };
        Ok(configured.with_password(password))
    }

    /// How it is with the keychain, as far as is known; asks anew where that is old, and tells when it has changed.
    pub(crate) fn keychain_state(&self) -> KeychainState {
        if let Some(asked) = self.secrets.look() {
            let me = Weak::clone(&self.me);
            tokio::spawn(async move {
                let state = asked.await;
                if let Some(desktop) = me.upgrade()
                    && desktop.secrets.learn(state)
                {
                    desktop.host.tell(Message::Changed);
                }
            });
        }
        self.secrets.state()
    }

    async fn account_state(&self, draft: &SetUp, configured: Option<&Configured>) -> AccountState {
        let account = Account::new(&draft.email, &draft.url);
        if account.is_nobody() {
            return AccountState::None;
        }
        let typed = self.secrets.of_set_up(draft.deployment.as_deref());
        let place = self.place_of(draft, &account);
        let earlier = self.earlier_of(draft, &account);
        let there = self.secrets.ask(TO_READ, move |keychain| {
            Ok(secrets::kept(keychain, &place, &account)?.is_some()
                || secrets::kept(keychain, &typed, &account)?.is_some()
                || secrets::kept_earlier(keychain, &earlier.0)?.is_some())
        });
        let there = there.await;
        let login = configured.and_then(|c| c.config.login.as_ref());
        match there {
            Ok(true) => AccountState::InKeychain,
            _ if login.and_then(password::in_environment).is_some() => AccountState::InEnvironment,
            Ok(false) => AccountState::Missing,
            Err(_) => AccountState::NoKeychain,
        }
    }

    /// A deployment has no account, or its password comes from the environment: there may be no keychain at all.
    fn has_password_elsewhere(&self, deployment: &str) -> bool {
        let login = self.deployments.read(deployment).ok().and_then(|c| c.config.login);
        login.is_none_or(|l| password::in_environment(&l).is_some())
    }

    /// The account that a deployment is kept with.
    fn kept_account(&self, deployment: &str) -> Option<Account> {
        let config = self.deployments.read(deployment).ok()?.config;
        Some(Account::new(&config.login?.email, &config.deployment.url))
    }

    /// The set-up's account is the one that its deployment is kept with.
    fn own_account(&self, draft: &SetUp, account: &Account) -> Option<Account> {
        self.kept_account(draft.deployment.as_deref()?).filter(|kept| kept.is_same(account))
    }

    /// Where the password of the set-up's account belongs.
    fn place_of(&self, draft: &SetUp, account: &Account) -> String {
        match &draft.deployment {
            Some(id) if self.own_account(draft, account).is_some() => self.secrets.of_deployment(id),
            id => self.secrets.of_set_up(id.as_deref()),
        }
    }

    /// What an earlier version would have filed the password of the set-up's account under, and whether it is another
    /// deployment's as well.
    fn earlier_of(&self, draft: &SetUp, account: &Account) -> (Account, bool) {
        let earlier = self.own_account(draft, account).unwrap_or_else(|| account.clone());
        let shared = self.is_shared(&earlier, draft.deployment.as_deref().unwrap_or_default());
        (earlier, shared)
    }

    /// Another deployment has the same account at the same address.
    fn is_shared(&self, account: &Account, deployment: &str) -> bool {
        let mut others = self.deployments.ids().into_iter().filter(|id| id != deployment);
        others.any(|id| self.kept_account(&id).is_some_and(|other| other.shares_with(account)))
    }

    /// Tells the person at the window something that came of what they asked for before.
    pub(crate) fn say(&self, (title, body): (&str, String)) {
        self.host.tell(Message::Told(Told {
            session: String::new(),
            title: title.into(),
            body,
            urgency: Urgency::Normal,
            incident: None,
            english: false,
        }));
    }
}

/// What a password and what opens the NAS by SSH are filed under; the account's is under `place`.
fn all_filed(place: &str) -> [String; 3] {
    let [password, passphrase] = both_filed(place);
    [place.to_owned(), password, passphrase]
}

/// A deployment was removed, but its password may not be. `why` comes from the program, in English.
pub(crate) fn stays_in_the_keychain(
    words: Words,
    id: &str,
    place: &str,
    why: &str,
) -> (&'static str, String) {
    match words {
        Words::En => (
            "The password may still be in the keychain",
            format!(
                "{id} was removed, but its password could not be: {why}. Remove the entry “{place}” in the keychain \
                 yourself."
            ),
        ),
        Words::El => (
            "Ο κωδικός ίσως είναι ακόμη στην κλειδοθήκη",
            format!(
                "Η εγκατάσταση {id} αφαιρέθηκε, αλλά όχι ο κωδικός της. Αφαιρέστε εσείς την καταχώριση «{place}» από \
                 την κλειδοθήκη.{}",
                cause(why)
            ),
        ),
    }
}

/// A deployment is kept, but its password may not be. `why` comes from the program, in English.
pub(crate) fn not_in_the_keychain(words: Words, id: &str, why: &str) -> (&'static str, String) {
    match words {
        Words::En => (
            "The password may not be in the keychain",
            format!(
                "{id} is kept, but its password could not be: {why}. Unlock the keychain, then open the set-up of {id} \
                 and type the password again where it is missing."
            ),
        ),
        Words::El => (
            "Ο κωδικός ίσως δεν είναι στην κλειδοθήκη",
            format!(
                "Η εγκατάσταση {id} αποθηκεύτηκε, αλλά όχι ο κωδικός της. Ξεκλειδώστε την κλειδοθήκη, ανοίξτε τη \
                 ρύθμιση της {id} και γράψτε ξανά τον κωδικό, αν λείπει.{}",
                cause(why)
            ),
        ),
    }
}

/// A deployment is kept, and a password that is not its account's may be under its name. `why` comes from the program, in
/// English.
pub(crate) fn another_stays(words: Words, id: &str, place: &str, why: &str) -> (&'static str, String) {
    match words {
        Words::En => (
            "An old password may still be in the keychain",
            format!(
                "{id} is kept, but what was kept under its name before could not be removed: {why}. Remove the entry \
                 “{place}” in the keychain yourself."
            ),
        ),
        Words::El => (
            "Ένας παλιός κωδικός ίσως είναι ακόμη στην κλειδοθήκη",
            format!(
                "Η εγκατάσταση {id} αποθηκεύτηκε, αλλά ό,τι υπήρχε πριν με το όνομά της δεν αφαιρέθηκε. Αφαιρέστε \
                 εσείς την καταχώριση «{place}» από την κλειδοθήκη.{}",
                cause(why)
            ),
        ),
    }
}

/// A deployment is kept, but the draft that it was made of stays. `why` comes from the program, in English.
fn draft_stays(words: Words, id: &str, why: &str) -> (&'static str, String) {
    match words {
        Words::En => {
            ("The draft of the set-up stays", format!("{id} is kept: do not finish the draft again. {why}."))
        }
        Words::El => (
            "Το πρόχειρο της ρύθμισης παραμένει",
            format!("Η εγκατάσταση {id} αποθηκεύτηκε: μην ολοκληρώσετε το πρόχειρο ξανά.{}", cause(why)),
        ),
    }
}

/// The environment variable that may hold the password of the account.
fn variable(configured: Option<&Configured>) -> String {
    let login = configured.and_then(|c| c.config.login.as_ref());
    login.map_or(PASSWORD_ENV, |l| l.password_env.as_str()).to_owned()
}

/// At the field of the set-up.
fn misfit(misfit: Misfit) -> FieldFault {
    FieldFault { field: deployments::field(misfit.key), message: misfit.what }
}

fn host_key(fault: HostKeyFault) -> ShownHostKey {
    let (key, known) = match fault {
        HostKeyFault::Unknown(key) => (key, None),
        HostKeyFault::Changed(key, known) => (key, Some(known)),
    };
    ShownHostKey {
        algorithm: key.algorithm,
        fingerprint: key.fingerprint,
        known: known.map(|known| KnownHostKey {
            fingerprint: known.fingerprint,
            file: known.file.display().to_string(),
            line: known.line,
        }),
    }
}

fn rung(rung: ladder::Rung) -> LadderRung {
    let took = Span::millis(u64::try_from(rung.took.as_millis()).unwrap_or(u64::MAX));
    let of = |outcome, text| LadderRung {
        place: rung.place,
        part: rung.part,
        outcome,
        text,
        advice: None,
        code: None,
        kind: None,
        took,
    };
    match rung.outcome {
        ladder::RungOutcome::Ok(found) => of(RungOutcome::Good, found),
        ladder::RungOutcome::Failed { what, advice, code, kind } => LadderRung {
            advice: Some(advice),
            code: Some(code.to_owned()),
            kind,
            ..of(RungOutcome::Bad, what)
        },
        ladder::RungOutcome::Skipped(why) => of(RungOutcome::Skipped, why),
    }
}
