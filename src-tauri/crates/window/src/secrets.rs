//! Passwords in the keychain. One thread asks it: where the system's service does not answer, one waits for it and not
//! one for each question. A password is kept with the account that it belongs to, under the deployment that it is for:
//! an address may change, and another account has another password. What opens a NAS by SSH is kept alike.

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, time::timeout};

use crate::{
    contract::{ErrorCode, KeychainState, RequestError},
    deployments::PASSWORD_ENV,
    host::Keychain,
};

/// To be told whether there is a password, and which. A locked keychain asks the person meanwhile.
pub(crate) const TO_READ: Duration = Duration::from_secs(10);
/// To keep one or to forget it: a person is there and may have to unlock it first.
pub(crate) const TO_WRITE: Duration = Duration::from_secs(90);
/// What was learned of the keychain is asked for anew after this time.
const FRESH: Duration = Duration::from_secs(30);
/// An account that nobody has: asked for to see whether the keychain answers.
const PROBE: &str = "nobody";

type Job = Box<dyn FnOnce(&dyn Keychain) + Send>;

/// The keychain, and the way to it.
pub(crate) struct Secrets {
    jobs: mpsc::Sender<Job>,
    learned: Mutex<Learned>,
    notes: Arc<Notes>,
    /// The data folder: each has its own deployments.
    folder: String,
}

/// Whether there may be a password under a name, as far as this program has seen to it.
#[derive(Default)]
pub(crate) struct Notes(Mutex<HashMap<String, bool>>);

impl Notes {
    /// Somebody has a password kept under `name`, or it is known that there is none.
    pub(crate) fn note(&self, name: &str, filled: bool) {
        self.all().insert(name.to_owned(), filled);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known of the keychain.
#[derive(Default)]
struct Learned {
    state: Option<KeychainState>,
    asked: Option<Instant>,
}

/// Whose password it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    /// As it is compared: an e-mail address, or what is opened by SSH.
    name: String,
    /// What earlier versions filed its password under.
    earlier: String,
}

impl Account {
    pub(crate) fn new(email: &str, url: &str) -> Self {
        let name = email.trim().to_lowercase();
        let earlier = format!("{name} at {}", url.trim().trim_end_matches('/'));
        Self { name, earlier }
    }

    /// Of something that is opened by SSH: an account on a NAS, or a private key. No earlier version kept any.
    pub(crate) const fn by_ssh(name: String) -> Self {
        Self { name, earlier: String::new() }
    }

    /// There is none.
    pub(crate) const fn is_nobody(&self) -> bool {
        self.name.is_empty()
    }

    /// Somebody else's password is no use for it.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
    }

    /// An earlier version kept one password for both.
    pub(crate) fn shares_with(&self, other: &Self) -> bool {
        self.earlier == other.earlier
    }
}

impl Secrets {
    pub(crate) fn new(keychain: Arc<dyn Keychain>, data: &Path) -> Self {
        let folder = data.canonicalize().unwrap_or_else(|_| data.to_owned());
        let (jobs, waiting) = mpsc::channel::<Job>();
        let work = move || {
            for job in waiting {
                // A fault in a system's library is no reason never to ask again; who asked is told.
                let _ = catch_unwind(AssertUnwindSafe(|| job(keychain.as_ref())));
            }
        };
        // Without the thread nobody takes the jobs, and that is what each question is answered with.
        if let Err(e) = thread::Builder::new().name("keychain".into()).spawn(work) {
            tracing::error!("the keychain cannot be asked: {e}");
        }
        Self { jobs, learned: Mutex::default(), notes: Arc::default(), folder: folder.display().to_string() }
    }

    /// What a deployment's password is filed under.
    pub(crate) fn of_deployment(&self, id: &str) -> String {
        format!("deployment {id} in {}", self.folder)
    }

    /// What a password is filed under that was typed in a set-up and belongs to nothing yet.
    pub(crate) fn of_set_up(&self, deployment: Option<&str>) -> String {
        match deployment {
            Some(id) => format!("set-up of {id} in {}", self.folder),
            None => format!("set-up in {}", self.folder),
        }
    }

    /// For what is done with the keychain, to be noted when its turn has come.
    pub(crate) fn notes(&self) -> Arc<Notes> {
        Arc::clone(&self.notes)
    }

    /// As [`Notes::note`], at once.
    pub(crate) fn note(&self, name: &str, filled: bool) {
        self.notes.note(name, filled);
    }

    /// Nothing was kept under `name` since the program began, unless it was noted.
    pub(crate) fn note_unless_known(&self, name: &str, filled: bool) {
        self.notes.all().entry(name.to_owned()).or_insert(filled);
    }

    /// Whether there may be a password under `name`; one of an earlier run of the program may be.
    pub(crate) fn may_hold(&self, name: &str) -> bool {
        self.notes.all().get(name).copied().unwrap_or(true)
    }

    /// Whether something was kept under `name` since the program began, and is there still.
    pub(crate) fn was_filled(&self, name: &str) -> bool {
        self.notes.all().get(name) == Some(&true)
    }

    /// Has something done with the keychain, after what was asked for before. It is waited for by the future alone, and
    /// not done any more when that has given up before its turn came.
    pub(crate) fn ask<T, F>(
        &self,
        patience: Duration,
        act: F,
    ) -> impl Future<Output = Result<T, RequestError>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Keychain) -> Result<T, String> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |keychain| {
            if !answer.is_closed() {
                // Who asked may give up in this moment.
                let _ = answer.send(act(keychain));
            }
        });
        // A job that nobody takes is dropped, and its answer with it.
        let _ = self.jobs.send(job);
        async move {
            match timeout(patience, answered).await {
                Ok(Ok(done)) => done,
                Ok(Err(_)) => Err("the keychain could not be asked: start the program again".into()),
                Err(_) => Err(format!(
                    "the system's keychain did not answer within {} s: unlock it, then try again",
                    patience.as_secs()
                )),
            }
            .map_err(|e| RequestError::new(ErrorCode::Keychain, e))
        }
    }

    /// What is known of the keychain; nothing is asked.
    pub(crate) fn state(&self) -> KeychainState {
        self.learned().state.clone().unwrap_or_else(|| KeychainState {
            available: true,
            word: "it was asked and has not answered yet".into(),
            variable: PASSWORD_ENV.into(),
        })
    }

    /// Asks the keychain whether it answers, unless that is known or being asked; gives what came of it where that is
    /// new.
    pub(crate) fn look(&self) -> Option<impl Future<Output = KeychainState> + Send + use<>> {
        {
            let mut learned = self.learned();
            if learned.asked.is_some_and(|at| at.elapsed() < FRESH) {
                return None;
            }
            learned.asked = Some(Instant::now());
        }
        let asked = self.ask(TO_READ, |keychain| keychain.password(PROBE));
        Some(async move {
            let (available, word) = match asked.await {
                Ok(_) => (true, String::new()),
                Err(e) => (false, e.message),
            };
            KeychainState { available, word, variable: PASSWORD_ENV.into() }
        })
    }

    /// Keeps what was learned; says whether it is new.
    pub(crate) fn learn(&self, state: KeychainState) -> bool {
        let mut learned = self.learned();
        let new = learned.state.as_ref() != Some(&state);
        learned.state = Some(state);
        new
    }

    fn learned(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The password of `account` that is kept under `name`; that of another account is none.
pub(crate) fn kept(keychain: &dyn Keychain, name: &str, account: &Account) -> Result<Option<String>, String> {
    let entry = keychain.password(name)?;
    Ok(entry.and_then(|entry| {
        let (name, password) = entry.split_once('\n')?;
        (name == account.name).then(|| password.to_owned())
    }))
}

/// Keeps the password of `account` under `name`, in place of what is there.
pub(crate) fn keep(
    keychain: &dyn Keychain,
    name: &str,
    account: &Account,
    password: &str,
) -> Result<(), String> {
    keychain.remember(name, &format!("{}\n{password}", account.name))
}

/// The password that an earlier version kept for `account`.
pub(crate) fn kept_earlier(keychain: &dyn Keychain, account: &Account) -> Result<Option<String>, String> {
    keychain.password(&account.earlier)
}

/// Forgets what an earlier version kept for `account`.
pub(crate) fn forget_earlier(keychain: &dyn Keychain, account: &Account) -> Result<(), String> {
    keychain.forget(&account.earlier)
}

/// The password of `account` that is kept under `name`. One that an earlier version kept is moved there, and stays where
/// it was too when it is `shared`.
pub(crate) fn taken_over(
    keychain: &dyn Keychain,
    name: &str,
    account: &Account,
    shared: bool,
) -> Result<Option<String>, String> {
    if let Some(password) = kept(keychain, name, account)? {
        return Ok(Some(password));
    }
    let Some(password) = kept_earlier(keychain, account)? else { return Ok(None) };
    let moved = keep(keychain, name, account, &password)
        .and_then(|()| if shared { Ok(()) } else { forget_earlier(keychain, account) });
    if let Err(e) = moved {
        // It is there all the same, and moved another time.
        tracing::warn!("a password in the keychain could not be filed anew: {e}");
    }
    Ok(Some(password))
}
