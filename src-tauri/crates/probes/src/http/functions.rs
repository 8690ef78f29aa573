//! The basic functionality test: log in, list students. Never at the price of locking the school out.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::Utc;
use reqwest::{
    Method,
    header::{ACCEPT, AUTHORIZATION},
};
use serde_json::json;
use tokio::{sync::Mutex, time::Instant};
use watchkeeper_core::{
    chain::Hash,
    reading::{Answer, FunctionsAnswer, Source, Value},
};
use watchkeeper_engine::ports::{Depth, LoginLedger, LoginTry, Probe};

use super::{
    client::{Fetched, HttpClient, Missed},
    envelope::{data, error_message},
    plain::JSON,
    students,
};
use crate::target::{Login, Secret};

/// The SMS counts failed logins per account and address: five in 300 s lock the school's address out. One attempt in
/// this time can never get there, whatever becomes of its answer.
const BETWEEN_LOGINS: Duration = Duration::from_secs(600);
/// A login that got no usable answer is tried again after a quarter of it: twice in 300 s at most, were both to count.
const AGAIN_AFTER: u32 = 4;
/// The SMS's own lock-out, for a 429 that does not say how long.
const LOCK_OUT: Duration = Duration::from_secs(300);
/// The SMS may limit reads to this many a minute.
const READS_A_MINUTE: usize = 60;

/// The probe of [`Source::Functions`]. Asks at checkpoints only.
///
/// After a refused login the password is never tried again by this probe. A login that got no usable answer is tried
/// again after 150 s, a good one is renewed after 600 s, or once before when the SMS no longer takes its token.
pub struct Functions {
    client: Arc<HttpClient>,
    login: Option<Login>,
    between_logins: Duration,
    ledger: Option<Arc<dyn LoginLedger>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// When the next login may be sent.
    not_before: Option<Instant>,
    /// Why the password is not tried again.
    refused: Option<String>,
    logins_from: Option<Instant>,
    reads_from: Option<Instant>,
    reads: VecDeque<Instant>,
}

#[derive(Clone)]
struct Token {
    secret: Secret,
    since: Instant,
}

/// Why there is nothing more to try: an answer for people, or a failed request.
enum Stop {
    Answer(FunctionsAnswer),
    Missed(Missed),
}

impl From<Missed> for Stop {
    fn from(missed: Missed) -> Self {
        Self::Missed(missed)
    }
}

impl Functions {
    /// A probe over `client`; without `login` it answers that no account is configured.
    pub fn new(client: Arc<HttpClient>, login: Option<Login>) -> Self {
        let between_logins = BETWEEN_LOGINS.div_f64(client.speed());
        Self { client, login, between_logins, ledger: None, state: Mutex::new(State::default()) }
    }

    /// Keeps its pauses also after logins of programs that ran before, as `ledger` has them.
    #[must_use]
    pub fn remembering(mut self, ledger: Option<Arc<dyn LoginLedger>>) -> Self {
        self.ledger = ledger;
        self
    }

    async fn test(&self, login: &Login) -> Result<(f64, FunctionsAnswer), Stop> {
        let mut state = self.state.lock().await;
        let from = Instant::now();
        let fresh = state.token.as_ref().is_some_and(|token| token.since.elapsed() < self.between_logins);
        let mut remark = String::new();
        let token = match state.token.clone().filter(|_| fresh) {
            Some(token) => {
                remark = format!(
                    "logged in {} s ago; the token was used again, to stay clear of the lock-out",
                    token.since.elapsed().as_secs()
                );
                token
            }
            None => self.log_in(login, &mut state, false).await?,
        };
        let mut listed = self.list(&mut state, &token).await?;
        if listed.status == 401 && fresh {
            remark.clear();
            state.token = None;
            let token = self.log_in(login, &mut state, true).await?;
            listed = self.list(&mut state, &token).await?;
        }
        let students = self.count(&mut state, &listed)?;
        if students.is_none() {
            remark = "the list of students does not say how many there are".into();
        }
        let took_ms = from.elapsed().as_secs_f64() * 1_000.0;
        Ok((took_ms, FunctionsAnswer { login: Some(true), students, remark }))
    }

    /// Logs in, where that is allowed. `renew` is for a token that the SMS no longer takes.
    async fn log_in(&self, login: &Login, state: &mut State, renew: bool) -> Result<Token, Stop> {
        if let Some(why) = &state.refused {
            return Err(answer(Some(false), why.clone()));
        }
        if let Some(wait) = left(state.logins_from) {
            return Err(answer(
                None,
                format!("the SMS takes no logins from this PC for another {wait} s (429)"),
            ));
        }
        if let Some(wait) = left(state.not_before).filter(|_| !renew) {
            return Err(answer(
                None,
                format!(
                    "not tried, to stay clear of the lock-out: the last login was a short while ago; the next is tried in \
                     {wait} s at the earliest"
                ),
            ));
        }
        let account = self.account(login);
        if !renew {
            self.look_into_ledger(&account).await?;
        }
        // Before it is sent: dropped half-way, it may have counted.
        state.not_before = Some(Instant::now() + self.between_logins / AGAIN_AFTER);
        self.note(&account, Some(false)).await?;
        let request = self
            .client
            .request(Method::POST, self.client.url("api/v1/auth/login"))
            .header(ACCEPT, JSON)
            .json(&json!({ "email": login.email, "password": login.password.expose() }));
        let fetched = self.client.send(request).await?;
        match fetched.status {
            400 | 401 | 403 | 422 => {
                let said = error_message(&fetched.body).map(|m| format!(": {m}")).unwrap_or_default();
                let why = format!(
                    "the SMS refused the login of {} ({}{said}). It is not tried again, because five refusals lock out \
                     the whole address: correct the account in the configuration and start the watch again, ten minutes from \
                     now at the earliest",
                    login.email, fetched.status
                );
                state.refused = Some(why.clone());
                state.token = None;
                self.note(&account, Some(true)).await?;
                Err(answer(Some(false), why))
            }
            status @ 300..400 => Err(answer(
                None,
                format!(
                    "the SMS redirects the login ({status}), and a password goes nowhere but to the address in the \
                     configuration: write the one that a browser ends up at"
                ),
            )),
            429 => {
                let wait = fetched.retry_after.unwrap_or(LOCK_OUT);
                state.logins_from = Some(Instant::now() + wait);
                Err(answer(
                    None,
                    format!(
                        "the SMS takes no logins from this PC for {} s (429): someone failed to log in too often",
                        wait.as_secs()
                    ),
                ))
            }
            _ => {
                let token =
                    data(&fetched.json()?).get("access_token").and_then(|t| t.as_str()).map(Secret::new);
                let secret = token
                    .filter(|t| !t.expose().is_empty())
                    .ok_or_else(|| fetched.bad("took the login but gave no access_token"))?;
                let token = Token { secret, since: Instant::now() };
                state.token = Some(token.clone());
                state.not_before = Some(Instant::now() + self.between_logins);
                self.note(&account, None).await?;
                Ok(token)
            }
        }
    }

    /// The account at this SMS, without its name: what the ledger knows it by.
    fn account(&self, login: &Login) -> String {
        Hash::of(format!("{}\n{}", self.client.base(), login.email).as_bytes()).to_string()
    }

    /// Nothing where a login may be sent, as far as earlier programs are concerned.
    async fn look_into_ledger(&self, account: &str) -> Result<(), Stop> {
        let Some(ledger) = &self.ledger else { return Ok(()) };
        let last = ledger.last(account).await.map_err(|e| {
            answer(
                None,
                format!("not tried, to stay clear of the lock-out: earlier logins cannot be looked up ({e})"),
            )
        })?;
        let Some(last) = last else { return Ok(()) };
        let wait = self.between_logins / if last.refused { 1 } else { AGAIN_AFTER };
        let next = last.at + wait;
        // A time to come is that of a clock which was wrong then or is wrong now: it binds no longer than its pause.
        if Utc::now() >= next || last.at > Utc::now() + wait {
            return Ok(());
        }
        let what = if last.refused { "was refused" } else { "got no answer that is known" };
        Err(answer(
            None,
            format!(
                "not tried, to stay clear of the lock-out: the login at {} UTC {what}; the next is tried at {} UTC at the \
                 earliest",
                last.at.format("%H:%M:%S"),
                next.format("%H:%M:%S")
            ),
        ))
    }

    /// Notes in the ledger what is known of the last login: refused, unknown, or (`None`) good.
    async fn note(&self, account: &str, refused: Option<bool>) -> Result<(), Stop> {
        let Some(ledger) = &self.ledger else { return Ok(()) };
        let last = refused.map(|refused| LoginTry { at: Utc::now(), refused });
        ledger
            .note(account, last)
            .await
            .map_err(|e| answer(None, format!("the login could not be noted, so none is tried: {e}")))
    }

    async fn list(&self, state: &mut State, token: &Token) -> Result<Fetched, Stop> {
        if let Some(wait) = left(state.reads_from) {
            return Err(answer(
                None,
                format!("not tried: the SMS takes no reads for another {wait} s (429)"),
            ));
        }
        while state.reads.front().is_some_and(|at| at.elapsed() >= Duration::from_secs(60)) {
            state.reads.pop_front();
        }
        if state.reads.len() >= READS_A_MINUTE {
            return Err(answer(None, format!("not tried, to stay within {READS_A_MINUTE} reads a minute")));
        }
        state.reads.push_back(Instant::now());
        let mut url = self.client.url("api/v1/students/");
        url.set_query(Some("skip=0&limit=1"));
        let request = self
            .client
            .request(Method::GET, url)
            .header(ACCEPT, JSON)
            .header(AUTHORIZATION, format!("Bearer {}", token.secret.expose()));
        Ok(self.client.send(request).await?)
    }

    fn count(&self, state: &mut State, listed: &Fetched) -> Result<Option<u64>, Stop> {
        match listed.status {
            200..300 => {
                let list = listed.json()?;
                if !students::is_list(&list) {
                    return Err(listed.bad("answered with what is no list of students").into());
                }
                Ok(students::total(&list))
            }
            429 => {
                let wait = listed.retry_after.unwrap_or(Duration::from_secs(60));
                state.reads_from = Some(Instant::now() + wait);
                Err(answer(
                    None,
                    format!("the SMS takes no reads from this PC for {} s (429)", wait.as_secs()),
                ))
            }
            status @ 400..500 => {
                if status == 401 {
                    state.token = None;
                }
                let said = error_message(&listed.body).map(|m| format!(": {m}")).unwrap_or_default();
                Err(answer(
                    Some(true),
                    format!("logged in, but the list of students answered {status}{said}"),
                ))
            }
            _ => Err(listed.bad_status().into()),
        }
    }
}

#[async_trait]
impl Probe for Functions {
    fn source(&self) -> Source {
        Source::Functions
    }
    async fn ask(&self, depth: Depth) -> Vec<Answer> {
        if depth != Depth::Checkpoint {
            return Vec::new();
        }
        let Some(login) = &self.login else {
            let remark = "no account configured".into();
            let none = FunctionsAnswer { login: None, students: None, remark };
            return vec![Answer::untimed(Source::Functions, Value::Functions(none))];
        };
        vec![match self.test(login).await {
            Ok((took_ms, done)) => Answer::value(Source::Functions, took_ms, Value::Functions(done)),
            Err(Stop::Answer(stopped)) => Answer::untimed(Source::Functions, Value::Functions(stopped)),
            Err(Stop::Missed(missed)) => missed.into_answer(Source::Functions),
        }]
    }
}

fn answer(login: Option<bool>, remark: String) -> Stop {
    Stop::Answer(FunctionsAnswer { login, students: None, remark })
}

/// Whole seconds until `then`, where it is still to come.
fn left(then: Option<Instant>) -> Option<u64> {
    let wait = then?.checked_duration_since(Instant::now())?;
    (!wait.is_zero()).then_some(wait.as_secs() + 1)
}

#[cfg(test)]
mod tests;
