//! The basic functionality test: log in, list students. Never at the price of locking the school out.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use async_trait::async_trait;
use reqwest::{
    Method,
    header::{ACCEPT, AUTHORIZATION},
};
use serde_json::json;
use tokio::{sync::Mutex, time::Instant};
use watchkeeper_core::reading::{Answer, FunctionsAnswer, Source, Value};
use watchkeeper_engine::ports::{Depth, Probe};

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
/// The SMS's own lock-out, for a 429 that does not say how long.
const LOCK_OUT: Duration = Duration::from_secs(300);
/// The SMS may limit reads to this many a minute.
const READS_A_MINUTE: usize = 60;

/// The probe of [`Source::Functions`]. Asks at checkpoints only.
///
/// After a refused login the password is never tried again by this probe; otherwise there is at most one login in ten
/// minutes, but for one more when the SMS no longer takes a token that it gave before.
pub struct Functions {
    client: Arc<HttpClient>,
    login: Option<Login>,
    between_logins: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// When a login was last sent, whether or not an answer was seen.
    tried: Option<Instant>,
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
        Self { client, login, between_logins, state: Mutex::new(State::default()) }
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
        if let Some(wait) = left(state.tried.map(|t| t + self.between_logins)).filter(|_| !renew) {
            return Err(answer(
                None,
                format!(
                    "not tried: the last login was less than ten minutes ago; the next is tried in {wait} s at the earliest"
                ),
            ));
        }
        // Before it is sent: dropped half-way, it may have counted.
        state.tried = Some(Instant::now());
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
                     the whole address: correct the account in the configuration and start the watch again",
                    login.email, fetched.status
                );
                state.refused = Some(why.clone());
                state.token = None;
                Err(answer(Some(false), why))
            }
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
                Ok(token)
            }
        }
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
