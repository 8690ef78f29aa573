//! The HTTP probes against servers that answer as SMS versions do, and as nothing should.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::support::{ask, client, closed, failure, serve, value};
use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{StatusCode, Uri, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use bytes::Bytes;
use futures_util::stream;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use watchkeeper_core::reading::{FailureKind, HealthStatus, HttpAnswer, Place, Value};
use watchkeeper_engine::ports::{Depth, Probe};
use watchkeeper_probes::{
    HttpTarget,
    http::{Api, Asset, Health, HttpClient, KnownAsset, Live, Page, Ready},
    network::NetworkCheck,
};

const PATIENT: Duration = Duration::from_secs(20);

fn json(status: u16, body: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, "application/json")], body.to_owned())
        .into_response()
}

/// All probes that one GET makes, over a server that answers each path alike.
async fn probes(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Vec<Box<dyn Probe>> {
    let address = serve(Router::new().fallback(move || async move { answer() })).await;
    all(&client(&address, PATIENT))
}

fn all(client: &Arc<HttpClient>) -> Vec<Box<dyn Probe>> {
    vec![
        Box::new(Health::new(client.clone())),
        Box::new(Ready::new(client.clone())),
        Box::new(Live::new(client.clone())),
        Box::new(Api::new(client.clone())),
        Box::new(Page::new(client.clone(), KnownAsset::default())),
        Box::new(Asset::new(client.clone(), KnownAsset::default())),
    ]
}

/// A real SMS cannot tell its latency; the simulated one, which does not sleep it, has to.
#[tokio::test]
async fn only_a_simulated_sms_is_believed_its_latency() {
    let router =
        Router::new().route("/api", get(|| async { ([("x-simulated-latency-ms", "86400000.5")], "{}") }));
    let address = serve(router).await;
    for (simulated, believed) in [(None, false), (Some(720.0), true)] {
        let mut target = HttpTarget::parse(&format!("http://{address}")).unwrap();
        target.simulated = simulated;
        let network = NetworkCheck::new(&target.host(), target.port(), &[], PATIENT).unwrap();
        let client = Arc::new(HttpClient::new(&target, Arc::new(network)).unwrap());
        let took = ask(&Api::new(client)).await.took_ms;
        assert_eq!(took == Some(86_400_000.5), believed, "{took:?}");
    }
}

#[tokio::test]
async fn a_healthy_sms_is_read() {
    let router = Router::new()
        .route("/health", get(|| async {
            json(200, r#"{"status":"healthy","version":"1.15.1","database":"connected","checks":{"database":{"status":"healthy","details":{"connected":true,"responsive":true}}}}"#)
        }))
        .route("/health/ready", get(|| async { json(200, r#"{"status":"ready","checks":{}}"#) }))
        .route("/health/live", get(|| async { json(200, r#"{"status":"alive"}"#) }))
        .route("/api", get(|| async { json(200, r#"{"message":"SMS"}"#) }))
        .route("/", get(|| async { Html(r#"<!doctype html><script src="/assets/index-1.js"></script>"#) }))
        .route("/assets/index-1.js", get(|| async { "let a = 1;" }));
    let client = client(&serve(router).await, PATIENT);
    for probe in all(&client) {
        let answer = ask(&*probe).await;
        assert!(answer.took_ms.is_some_and(|ms| ms > 0.0));
        match value(answer) {
            Value::Health(h) => assert_eq!((h.http_status, h.status), (200, HealthStatus::Healthy)),
            Value::Http(HttpAnswer { status, bytes }) => assert!(status == 200 && bytes > 5),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_unhealthy_sms_says_so_itself() {
    for body in [
        r#"{"detail":{"status":"unhealthy","checks":{"database":{"status":"unhealthy","message":"gone","details":{"connected":false}}}}}"#,
        r#"{"status":"not_ready","checks":{}}"#,
    ] {
        let mut probes = probes(move || json(503, body)).await;
        for probe in probes.drain(..2) {
            match value(ask(&*probe).await) {
                Value::Health(h) => assert_eq!((h.http_status, h.status), (503, HealthStatus::Unhealthy)),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn bad_statuses_are_the_applications() {
    for status in [400, 401, 404, 500, 502, 503, 504] {
        for probe in probes(move || json(status, r#"{"detail":"so it goes"}"#)).await {
            let failure = failure(ask(&*probe).await);
            assert_eq!((failure.place, failure.kind), (Place::Application, FailureKind::Status(status)));
            assert!(failure.message.contains("so it goes"), "{}", failure.message);
        }
    }
}

/// The SMS limits its readers: that is held against nobody, and it is not asked again before its time.
#[tokio::test]
async fn a_limit_is_no_failure_and_is_waited_for() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let limited = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "120")], r#"{"detail":"slow down"}"#)
    };
    let address = serve(Router::new().fallback(get(move || async move { limited() }))).await;
    let client = client(&address, PATIENT);
    for probe in all(&client) {
        for _ in 0..3 {
            assert!(probe.ask(Depth::Routine).await.is_empty(), "{}", probe.source().name());
        }
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1, "not even for another address");
}

#[tokio::test]
async fn a_page_in_place_of_data_is_a_bad_answer_and_the_other_way_round() {
    for probe in probes(|| Html("<!doctype html><title>Log in</title>").into_response()).await.drain(..4) {
        assert_eq!(failure(ask(&*probe).await).kind, FailureKind::BadAnswer, "{:?}", probe.source());
    }
    for body in ["", "[1]", "{\"status\":", "true"] {
        for probe in probes(move || json(200, body)).await {
            assert_eq!(
                failure(ask(&*probe).await).kind,
                FailureKind::BadAnswer,
                "{body} {:?}",
                probe.source()
            );
        }
    }
}

#[tokio::test]
async fn redirects_are_bounded_and_stay_on_the_host() {
    async fn hop(Path(n): Path<u32>) -> Response {
        if n == 0 {
            json(200, r#"{"ok":1}"#)
        } else {
            Redirect::temporary(&format!("/hop/{}", n - 1)).into_response()
        }
    }
    for (to, kind) in [
        ("/hop/2", None),
        ("/hop/3", Some("more than 3")),
        ("/api", Some("more than 3")),
        ("http://other.invalid/api", Some("other.invalid")),
        ("/login", Some("a page where data")),
    ] {
        let router = Router::new()
            .route("/api", get(move || async move { Redirect::temporary(to) }))
            .route("/hop/{n}", get(hop))
            .route("/login", get(|| async { Html("<html>Log in</html>") }));
        let answer = ask(&Api::new(client(&serve(router).await, PATIENT))).await;
        match kind {
            None => assert!(matches!(value(answer), Value::Http(_)), "{to}"),
            Some(says) => {
                let failure = failure(answer);
                assert_eq!(
                    (failure.place, failure.kind),
                    (Place::Application, FailureKind::BadAnswer),
                    "{to}"
                );
                assert!(failure.message.contains(says), "{to}: {}", failure.message);
            }
        }
    }
}

#[tokio::test]
async fn bodies_are_bounded() {
    let chunked = || {
        let chunks = stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from(vec![b' '; 64 * 1024])));
        Body::from_stream(chunks).into_response()
    };
    for probe in probes(chunked).await {
        assert_eq!(failure(ask(&*probe).await).kind, FailureKind::TooLarge);
    }
    for probe in probes(|| json(200, &format!("{{\"a\":\"{}\"}}", "x".repeat(1024 * 1024)))).await {
        assert_eq!(failure(ask(&*probe).await).kind, FailureKind::TooLarge);
    }
}

#[tokio::test]
async fn silence_is_the_applications_before_and_after_the_head() {
    let router = Router::new().route("/health", get(std::future::pending::<String>)).route(
        "/api",
        get(|| async { Body::from_stream(stream::pending::<Result<Bytes, Infallible>>()).into_response() }),
    );
    let client = client(&serve(router).await, Duration::from_millis(200));
    let probes: [Box<dyn Probe>; 2] = [Box::new(Health::new(client.clone())), Box::new(Api::new(client))];
    for probe in probes {
        let failure = failure(ask(&*probe).await);
        assert_eq!(
            (failure.place, failure.kind),
            (Place::Application, FailureKind::Timeout),
            "{}",
            failure.message
        );
    }
}

/// A server that reads a request, writes `answer` and closes.
async fn raw(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            let _ = stream.write_all(answer).await;
        }
    });
    address
}

#[tokio::test]
async fn a_connection_that_fails_is_placed() {
    let refused = failure(ask(&Api::new(client(&closed().await, PATIENT))).await);
    assert_eq!(
        (refused.place, refused.kind),
        (Place::Container, FailureKind::Refused),
        "{}",
        refused.message
    );

    for (answer, kind) in [
        (b"".as_slice(), FailureKind::Broken),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf", FailureKind::Broken),
        (b"SSH-2.0-OpenSSH_9.2\r\n", FailureKind::BadAnswer),
    ] {
        let failure = failure(ask(&Api::new(client(&raw(answer).await, PATIENT))).await);
        assert_eq!((failure.place, failure.kind), (Place::Application, kind), "{}", failure.message);
    }
    let unknown = failure(ask(&Api::new(client("no-such-host.invalid", PATIENT))).await);
    assert!(!unknown.place.is_deployment(), "{unknown:?}");
}

#[tokio::test]
async fn an_asset_follows_its_page_through_a_release() {
    use std::sync::atomic::{AtomicU32, Ordering};
    let release = Arc::new(AtomicU32::new(1));
    let served = release.clone();
    let router = Router::new().fallback(move |uri: Uri| async move {
        let asset = format!("/assets/index-{}.js", served.load(Ordering::SeqCst));
        match uri.path() {
            "/" => Html(format!("<html><script src=\"{asset}\"></script>")).into_response(),
            path if path == asset => "let a = 1;".into_response(),
            _ => json(404, r#"{"detail":"not found"}"#),
        }
    });
    let client = client(&serve(router).await, PATIENT);
    let known = KnownAsset::default();
    let (page, asset) = (Page::new(client.clone(), known.clone()), Asset::new(client, known));
    for n in 1..4 {
        release.store(n, Ordering::SeqCst);
        assert!(matches!(value(ask(&asset).await), Value::Http(_)), "asked before the page, release {n}");
        assert!(matches!(value(ask(&page).await), Value::Http(_)));
    }
}

#[tokio::test]
async fn an_asset_that_is_missing_is_told() {
    for (page, says) in [
        ("<html><script src=\"/assets/a.js\"></script>", "in its place"),
        ("<html>no scripts here</html>", "names no script"),
    ] {
        let router = Router::new().fallback(move || async move { Html(page) });
        let failure =
            failure(ask(&Asset::new(client(&serve(router).await, PATIENT), KnownAsset::default())).await);
        assert_eq!(failure.kind, FailureKind::BadAnswer);
        assert!(failure.message.contains(says), "{}", failure.message);
    }
}
