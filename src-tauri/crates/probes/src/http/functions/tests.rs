use std::sync::Mutex as StdMutex;

use axum::{
    Json, Router,
    extract::State as Shared,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::Value as JsonValue;

use super::*;
use crate::{network::NetworkCheck, target::HttpTarget};

/// A scripted SMS: its answers in order (the last one again and again), and what it was asked.
#[derive(Default)]
struct Sms {
    logins: Vec<(u16, Option<u64>, JsonValue)>,
    lists: Vec<(u16, Option<u64>, JsonValue)>,
    /// Passwords sent, and tokens used.
    asked: Vec<String>,
}

type Script = Arc<StdMutex<Sms>>;

fn next(answers: &mut Vec<(u16, Option<u64>, JsonValue)>) -> Response {
    let (status, retry, body) = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
    let mut response = (StatusCode::from_u16(status).unwrap(), Json(body)).into_response();
    if let Some(seconds) = retry {
        response.headers_mut().insert("retry-after", seconds.into());
    }
    response
}

async fn login(Shared(sms): Shared<Script>, Json(sent): Json<JsonValue>) -> Response {
    let mut sms = sms.lock().unwrap();
    sms.asked.push(format!(
        "login {} {}",
        sent["email"].as_str().unwrap(),
        sent["password"].as_str().unwrap()
    ));
    next(&mut sms.logins)
}

async fn list(Shared(sms): Shared<Script>, headers: HeaderMap) -> Response {
    let mut sms = sms.lock().unwrap();
    sms.asked.push(format!("list {}", headers["authorization"].to_str().unwrap()));
    next(&mut sms.lists)
}

async fn probe(sms: Sms) -> (Functions, Script) {
    let script = Arc::new(StdMutex::new(sms));
    let router = Router::new()
        .route("/api/v1/auth/login", post(login))
        .route("/api/v1/students/", get(list))
        .with_state(script.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let target = HttpTarget::parse(&format!("http://{address}")).unwrap();
    let network =
        Arc::new(NetworkCheck::new("127.0.0.1", address.port(), &[], Duration::from_secs(1)).unwrap());
    let client = Arc::new(HttpClient::new(&target, network).unwrap());
    let login = Login { email: "watch@sms.gr".into(), password: Secret::new("pw") };
    (Functions::new(client, Some(login)), script)
}

async fn ask(probe: &Functions) -> Answer {
    let mut answers = probe.ask(Depth::Checkpoint).await;
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

async fn functions(probe: &Functions) -> FunctionsAnswer {
    match ask(probe).await.outcome {
        Outcome::Value(Value::Functions(answer)) => answer,
        other => panic!("{other:?}"),
    }
}

fn asked(script: &Script) -> Vec<String> {
    std::mem::take(&mut script.lock().unwrap().asked)
}

fn token() -> (u16, Option<u64>, JsonValue) {
    (200, None, json!({"access_token": "t1", "token_type": "bearer"}))
}
fn students() -> (u16, Option<u64>, JsonValue) {
    (200, None, json!({"items": [{"id": 1}], "total": 42, "skip": 0, "limit": 1}))
}

use watchkeeper_core::reading::{FailureKind, Outcome, Place};
use watchkeeper_engine::ports::JournalError;

#[tokio::test]
async fn both_shapes_work_and_the_token_is_used_again() {
    let wrap = |(status, retry, body): (u16, Option<u64>, JsonValue)| {
        (status, retry, json!({"success": true, "data": body, "error": null, "meta": {}}))
    };
    for (logins, lists) in [(token(), students()), (wrap(token()), wrap(students()))] {
        let (probe, script) = probe(Sms { logins: vec![logins], lists: vec![lists], ..Sms::default() }).await;
        assert!(probe.ask(Depth::Routine).await.is_empty());
        let first = functions(&probe).await;
        assert_eq!((first.login, first.students, first.remark.as_str()), (Some(true), Some(42), ""));
        let second = functions(&probe).await;
        assert_eq!((second.login, second.students), (Some(true), Some(42)));
        assert!(second.remark.contains("used again"), "{}", second.remark);
        assert_eq!(asked(&script), ["login watch@sms.gr pw", "list Bearer t1", "list Bearer t1"]);
    }
}

#[tokio::test]
async fn a_refused_password_is_never_tried_again() {
    let envelope =
        json!({"success": false, "data": null, "error": {"code": "HTTP_401", "message": "Wrong password"}});
    for (status, body) in [
        (400, json!({"detail": "Wrong password"})),
        (401, envelope),
        (403, json!({"detail": "Wrong password"})),
        (422, json!({"detail": [{"msg": "Wrong password"}]})),
    ] {
        let (mut probe, script) =
            probe(Sms { logins: vec![(status, None, body)], lists: vec![students()], ..Sms::default() })
                .await;
        // Not even when the pause between logins is over.
        probe.between_logins = Duration::ZERO;
        for _ in 0..10 {
            let answer = functions(&probe).await;
            assert_eq!((answer.login, answer.students), (Some(false), None));
            for part in ["Wrong password", "not tried again", "configuration"] {
                assert!(answer.remark.contains(part), "{status}: {}", answer.remark);
            }
        }
        assert_eq!(asked(&script), ["login watch@sms.gr pw"], "{status}");
    }
}

#[tokio::test]
async fn a_lock_out_is_waited_for() {
    let (mut probe, script) = probe(Sms {
        logins: vec![(429, Some(120), json!({"detail": "Too many"}))],
        lists: vec![students()],
        ..Sms::default()
    })
    .await;
    probe.between_logins = Duration::ZERO;
    for _ in 0..3 {
        let answer = functions(&probe).await;
        assert_eq!(answer.login, None);
        assert!(answer.remark.contains("429"), "{}", answer.remark);
    }
    assert_eq!(asked(&script).len(), 1);
}

/// A ledger in memory.
#[derive(Default)]
struct Ledger(StdMutex<Option<LoginTry>>);

#[async_trait]
impl LoginLedger for Ledger {
    async fn last(&self, _: &str) -> Result<Option<LoginTry>, JournalError> {
        Ok(*self.0.lock().unwrap())
    }
    async fn note(&self, _: &str, last: Option<LoginTry>) -> Result<(), JournalError> {
        *self.0.lock().unwrap() = last;
        Ok(())
    }
}

/// Each `check` is a program of its own: a hundred of them with a wrong password are one wrong login in ten minutes.
#[tokio::test]
async fn programs_one_after_the_other_do_not_lock_the_address_out() {
    let ledger = Arc::new(Ledger::default());
    let refused = (400, None, json!({"detail": "Wrong password"}));
    for n in 0..100 {
        let (probe, script) =
            probe(Sms { logins: vec![refused.clone()], lists: vec![students()], ..Sms::default() }).await;
        let answer = functions(&probe.remembering(Some(ledger.clone()))).await;
        if n == 0 {
            assert_eq!((answer.login, asked(&script).len()), (Some(false), 1));
        } else {
            assert_eq!((answer.login, asked(&script).len()), (None, 0));
            assert!(answer.remark.contains("was refused"), "{}", answer.remark);
        }
    }
    let ago =
        |minutes: i64, refused| LoginTry { at: Utc::now() - chrono::TimeDelta::minutes(minutes), refused };
    for (last, tried) in [
        (Some(ago(9, true)), false),
        (Some(ago(11, true)), true),
        (Some(ago(2, false)), false),
        (Some(ago(3, false)), true),
        // The clock was hours ahead when it was noted.
        (Some(ago(-300, true)), true),
        (None, true),
    ] {
        *ledger.0.lock().unwrap() = last;
        let (probe, script) =
            probe(Sms { logins: vec![token()], lists: vec![students()], ..Sms::default() }).await;
        functions(&probe.remembering(Some(ledger.clone()))).await;
        assert_eq!(!asked(&script).is_empty(), tried, "{last:?}");
        assert_eq!(ledger.0.lock().unwrap().is_none(), tried, "a good login leaves nothing: {last:?}");
    }
}

#[tokio::test]
async fn a_token_that_is_no_longer_taken_is_renewed_once() {
    let gone = (401, None, json!({"detail": "expired"}));
    let (probe, script) = probe(Sms {
        logins: vec![token(), (200, None, json!({"access_token": "t2"})), token()],
        lists: vec![students(), gone.clone(), students(), gone],
        ..Sms::default()
    })
    .await;
    functions(&probe).await;
    let renewed = functions(&probe).await;
    assert_eq!((renewed.login, renewed.students, renewed.remark.as_str()), (Some(true), Some(42), ""));
    // From here on no token is taken: one more login for the one that had worked, and then none for ten minutes.
    let refused = functions(&probe).await;
    assert_eq!((refused.login, refused.students), (Some(true), None));
    assert!(refused.remark.contains("401: expired"), "{}", refused.remark);
    for _ in 0..5 {
        assert!(functions(&probe).await.remark.contains("at the earliest"));
    }
    let logins = asked(&script).iter().filter(|a| a.starts_with("login")).count();
    assert_eq!(logins, 3);
}

#[tokio::test]
async fn an_old_token_is_not_used_again() {
    let (mut probe, script) =
        probe(Sms { logins: vec![token()], lists: vec![students()], ..Sms::default() }).await;
    probe.between_logins = Duration::ZERO;
    functions(&probe).await;
    functions(&probe).await;
    assert_eq!(asked(&script).iter().filter(|a| a.starts_with("login")).count(), 2);
}

#[tokio::test]
async fn a_failing_sms_is_a_failure_and_logins_keep_their_pause() {
    for (logins, lists, kind, requests) in [
        ((500, None, json!({"detail": "boom"})), students(), FailureKind::Status(500), 1),
        ((200, None, json!({"mfa": true})), students(), FailureKind::BadAnswer, 1),
        (token(), (502, None, json!(null)), FailureKind::Status(502), 2),
        (token(), (200, None, json!({"hello": 1})), FailureKind::BadAnswer, 2),
    ] {
        let (probe, script) = probe(Sms { logins: vec![logins], lists: vec![lists], ..Sms::default() }).await;
        match ask(&probe).await.outcome {
            Outcome::Failure(f) => assert_eq!((f.place, f.kind), (Place::Application, kind)),
            other => panic!("{other:?}"),
        }
        assert_eq!(asked(&script).len(), requests);
        ask(&probe).await;
        assert!(!asked(&script).iter().any(|a| a.starts_with("login")));
    }
}

#[tokio::test]
async fn reads_stay_within_sixty_a_minute() {
    let (probe, script) =
        probe(Sms { logins: vec![token()], lists: vec![students()], ..Sms::default() }).await;
    for _ in 0..READS_A_MINUTE {
        assert_eq!(functions(&probe).await.students, Some(42));
    }
    let left_out = functions(&probe).await;
    assert_eq!((left_out.login, left_out.students), (None, None));
    assert_eq!(asked(&script).iter().filter(|a| a.starts_with("list")).count(), READS_A_MINUTE);
}

#[tokio::test]
async fn limited_reads_are_waited_for() {
    let limited = (429, Some(30), json!({"detail": "slow down"}));
    let (probe, script) = probe(Sms { logins: vec![token()], lists: vec![limited], ..Sms::default() }).await;
    for _ in 0..3 {
        assert!(functions(&probe).await.remark.contains("429"));
    }
    assert_eq!(asked(&script).iter().filter(|a| a.starts_with("list")).count(), 1);
}

#[tokio::test]
async fn without_an_account_nothing_is_tried() {
    let (mut probe, script) =
        probe(Sms { logins: vec![token()], lists: vec![students()], ..Sms::default() }).await;
    probe.login = None;
    let answer = functions(&probe).await;
    assert_eq!((answer.login, answer.remark.as_str()), (None, "no account configured"));
    assert!(asked(&script).is_empty());
}

/// A login goes where the configuration says: not to another port, and not even to another path.
#[tokio::test]
async fn a_password_is_never_redirected() {
    for status in [301, 302, 303, 307, 308] {
        let (_, thief) =
            probe(Sms { logins: vec![token()], lists: vec![students()], ..Sms::default() }).await;
        let steal = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to = format!("http://{}/api/v1/auth/login", steal.local_addr().unwrap());
        let router = Router::new().route(
            "/api/v1/auth/login",
            post(move || async move {
                (StatusCode::from_u16(status).unwrap(), [("location", to)]).into_response()
            }),
        );
        let taken = thief.clone();
        tokio::spawn(async move {
            let app = Router::new().route("/api/v1/auth/login", post(login)).with_state(taken);
            axum::serve(steal, app).await.unwrap();
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let target = HttpTarget::parse(&format!("http://{address}")).unwrap();
        let network =
            Arc::new(NetworkCheck::new("127.0.0.1", address.port(), &[], Duration::from_secs(1)).unwrap());
        let account = Login { email: "watch@sms.gr".into(), password: Secret::new("pw") };
        let probe = Functions::new(Arc::new(HttpClient::new(&target, network).unwrap()), Some(account));
        let answer = functions(&probe).await;
        assert!(answer.login.is_none() && answer.remark.contains("redirects"), "{status}: {}", answer.remark);
        assert!(asked(&thief).is_empty(), "{status}");
    }
}
