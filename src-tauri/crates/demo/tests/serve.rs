//! The served world, asked over plain sockets as anybody could.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test whose set-up fails has failed")]

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, TimeZone, Utc};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};
use watchkeeper_core::{reading::Source, time::Span};
use watchkeeper_demo::{
    Fault, FaultKind, Layout, Scenario, SimTime, World,
    serve::{Options, Served, SmsOptions, Stage},
    shape,
};

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 10, 16, 30, 0).unwrap()
}

/// A served world whose clock the test sets.
struct Play {
    served: Served,
    now: Arc<AtomicU64>,
}

impl Play {
    async fn with(faults: &[Fault], shape: SmsOptions) -> Self {
        Self::of_scenario(Scenario::of("test", faults.to_vec()), shape).await
    }

    async fn of_scenario(scenario: Scenario, shape: SmsOptions) -> Self {
        let now = Arc::new(AtomicU64::new(0));
        let told = now.clone();
        let time = SimTime::of(Arc::new(move || Span::millis(told.load(Ordering::Relaxed))), 10_000.0);
        let world = World::new(scenario, 7, start());
        let stage = Arc::new(Stage::new(Arc::new(world), time));
        let served = Served::on(stage, Options { shape, ..Options::default() }).await.unwrap();
        Self { served, now }
    }

    async fn of(faults: &[Fault]) -> Self {
        Self::with(faults, SmsOptions::default()).await
    }

    fn at(&self, t: Span) {
        self.now.store(t.as_millis(), Ordering::Relaxed);
    }

    async fn sms(&self, path: &str) -> Option<Answer> {
        ask(self.served.sms(), "GET", path, "", None).await
    }

    async fn docker(&self, path: &str) -> Option<Answer> {
        ask(self.served.docker().unwrap(), "GET", path, "", None).await
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
    fn header(&self, name: &str) -> Option<&str> {
        let line = self.head.lines().find(|l| l.to_lowercase().starts_with(&format!("{name}: ")))?;
        line.split_once(": ").map(|(_, v)| v)
    }
}

/// One request on a connection of its own; `None` when the connection breaks.
async fn ask(to: SocketAddr, method: &str, path: &str, headers: &str, body: Option<Value>) -> Option<Answer> {
    let mut stream = TcpStream::connect(to).await.ok()?;
    let body = body.map(|b| b.to_string()).unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: sim\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head, body: bytes[end + 4..].to_vec() })
}

async fn login(play: &Play, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    ask(play.served.sms(), "POST", "/api/v1/auth/login", "", Some(body)).await.unwrap()
}

#[tokio::test]
async fn the_sms_answers_in_its_shapes_and_says_that_it_is_simulated() {
    let play = Play::of(&[]).await;
    play.at(Span::hours(1));
    for (path, status, has) in [
        ("/health", 200, "\"status\":\"healthy\""),
        ("/health/ready", 200, "\"status\":\"ready\""),
        ("/health/live", 200, "\"uptime_seconds\":4318"),
        ("/", 200, "<div id=\"root\">"),
        ("/students/12", 200, "<div id=\"root\">"),
        (shape::ASSET, 200, "simulated"),
        ("/assets/other.js", 404, "\"detail\":\"Not Found\""),
        ("/api", 200, "\"version\":\"1.15.1\""),
        ("/api/v2/none", 404, "\"detail\":\"Not Found\""),
        ("/metrics", 404, "\"detail\":\"Not Found\""),
        ("/api/v1/students/", 401, "\"detail\":\"Not authenticated\""),
        ("/api/v1/auth/login", 405, "\"detail\""),
    ] {
        let answer = play.sms(path).await.unwrap();
        assert_eq!(answer.status, status, "{path}");
        assert!(String::from_utf8_lossy(&answer.body).contains(has), "{path}");
        assert_eq!(answer.header("x-simulated"), Some("true"), "{path}");
        assert!(answer.header("x-simulated-latency-ms").unwrap().parse::<f64>().unwrap() > 0.0, "{path}");
        assert_eq!(answer.header("x-simulated-time"), Some("2026-01-10T17:30:00.000000000Z"));
        assert_eq!(answer.header("date"), Some("Sat, 10 Jan 2026 17:30:00 GMT"));
    }
}

#[tokio::test]
async fn who_logs_in_may_list_students_and_who_fails_five_times_is_locked_out() {
    for envelope in [false, true] {
        let play = Play::with(&[], SmsOptions { envelope, ..SmsOptions::default() }).await;
        let answer = login(&play, "watch@example.com", "simulated").await.json();
        assert_eq!(answer["token_type"], "bearer");
        let bearer = format!("Authorization: Bearer {}\r\n", answer["access_token"].as_str().unwrap());
        let path = "/api/v1/students/?skip=1&limit=2";
        let listed = ask(play.served.sms(), "GET", path, &bearer, None).await.unwrap().json();
        let page = if envelope { &listed["data"] } else { &listed };
        assert_eq!((&page["total"], &page["skip"], &page["limit"]), (&json!(412), &json!(1), &json!(2)));
        assert_eq!(page["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(listed.get("success"), envelope.then_some(&json!(true)));

        for _ in 0..5 {
            let refused = login(&play, "watch@example.com", "wrong").await;
            assert_eq!(refused.status, 400);
            let body = refused.json();
            if envelope {
                assert_eq!((&body["success"], &body["error"]["code"]), (&json!(false), &json!("HTTP_400")));
            } else {
                assert_eq!(body["detail"], "Invalid email or password");
            }
        }
        let locked = login(&play, "watch@example.com", "simulated").await;
        assert_eq!((locked.status, locked.header("retry-after")), (429, Some("300")));
        play.at(Span::secs(301));
        assert_eq!(login(&play, "watch@example.com", "simulated").await.status, 200);
    }
    let play = Play::of(&[]).await;
    let answer =
        ask(play.served.sms(), "POST", "/api/v1/auth/login", "", Some(json!({ "email": "x" }))).await;
    assert_eq!(answer.unwrap().status, 422);
}

#[tokio::test]
async fn faults_are_seen_from_outside_and_gone_after() {
    let at = Span::mins(10);
    let second = Span::mins(3);
    for (kind, path, during) in [
        (FaultKind::DatabaseDown, "/health", Some(503)),
        (FaultKind::DatabaseDown, "/health/ready", Some(503)),
        (FaultKind::FrontendDown, "/", Some(500)),
        (FaultKind::ApiDown, "/api", Some(500)),
        (FaultKind::LoginBroken, "/api", Some(200)),
        (FaultKind::HungEndpoint { source: Source::Api }, "/api", None),
        (FaultKind::ContainerCrash { exit_code: 3 }, "/health/live", None),
        (FaultKind::ContainerPaused, "/health/live", None),
        (FaultKind::NasDown, "/health/live", None),
        (FaultKind::EngineDown, "/health/live", Some(200)),
    ] {
        let play = Play::of(&[Fault::new(kind, at, second)]).await;
        for (t, status) in [(Span::mins(9), None), (Span::mins(11), Some(during)), (Span::mins(14), None)] {
            play.at(t);
            let expected = status.unwrap_or(Some(200));
            assert_eq!(play.sms(path).await.map(|a| a.status), expected, "{kind:?} {path} at {t}");
        }
    }
    let play = Play::of(&[Fault::new(FaultKind::EngineDown, at, second)]).await;
    for (t, up) in [(9, true), (11, false), (14, true)] {
        play.at(Span::mins(t));
        assert_eq!(play.docker("/_ping").await.is_some(), up, "{t}");
    }
    let body = Play::with(
        &[Fault::lasting(FaultKind::DatabaseDown, Span::ZERO)],
        SmsOptions { envelope: true, ..SmsOptions::default() },
    )
    .await;
    let wrapped = body.sms("/health").await.unwrap().json();
    assert_eq!(wrapped["error"]["details"]["status"], "unhealthy");
    assert_eq!(wrapped["error"]["path"], "/health");
}

#[tokio::test]
async fn an_injected_fault_happens_and_a_kept_connection_breaks() {
    let play = Play::of(&[]).await;
    let mut kept = BufReader::new(TcpStream::connect(play.served.sms()).await.unwrap());
    let request = b"GET /health/live HTTP/1.1\r\nHost: sim\r\n\r\n";
    kept.write_all(request).await.unwrap();
    let mut line = String::new();
    kept.read_line(&mut line).await.unwrap();
    assert_eq!(line, "HTTP/1.1 200 OK\r\n");
    play.served.stage().inject_now(FaultKind::ContainerStopped, None);
    play.at(Span::secs(1));
    kept.write_all(request).await.unwrap();
    let mut rest = String::new();
    // Reset or closed, either way without a second answer.
    let _ = kept.read_to_string(&mut rest).await;
    assert!(!rest.contains("HTTP/1.1"), "{rest}");
    assert!(play.sms("/health/live").await.is_none());
}

#[tokio::test]
async fn the_engine_answers_in_dockers_shapes() {
    let oom = Fault::new(FaultKind::OomKill, Span::mins(5), Span::mins(2));
    let play = Play::of(&[oom]).await;
    play.at(Span::mins(1));
    for prefix in ["", "/v1.41", "/v1.53"] {
        let get = async |path: &str| play.docker(&format!("{prefix}{path}")).await.unwrap();
        let ping = get("/_ping").await;
        assert_eq!((ping.body.as_slice(), ping.header("api-version")), (b"OK".as_slice(), Some("1.41")));
        assert_eq!(ping.header("x-simulated"), Some("true"));
        assert_eq!(get("/version").await.json()["ApiVersion"], "1.41");
        assert_eq!(get("/info").await.json()["ContainersRunning"], 1);
        assert_eq!(get("/containers/json").await.json()[0]["Names"][0], "/sms-app");
        let inspect = get("/containers/sms-app/json").await.json();
        assert_eq!(inspect["State"]["Status"], "running");
        assert_eq!(inspect["State"]["StartedAt"], "2026-01-10T16:18:00.000000000Z");
        assert_eq!(inspect["State"]["Health"]["Status"], "healthy");
        assert_eq!(inspect["RestartCount"], 0);
        let id = inspect["Id"].as_str().unwrap();
        assert_eq!(get(&format!("/containers/{id}/json")).await.json()["Name"], "/sms-app");
        let absent = get("/containers/other/json").await;
        assert_eq!((absent.status, absent.json()), (404, json!({ "message": "No such container: other" })));
        assert_eq!(get("/nothing").await.status, 404);
    }
    let stats = play.docker("/containers/sms-app/stats?stream=false&one-shot=true").await.unwrap().json();
    let used = stats["memory_stats"]["usage"].as_u64().unwrap();
    let used = used - stats["memory_stats"]["stats"]["total_inactive_file"].as_u64().unwrap();
    assert!((400..424).contains(&(used >> 20)), "{used}");
    assert_eq!(stats["memory_stats"]["limit"], 1_u64 << 30);
    assert_eq!(
        (&stats["precpu_stats"]["cpu_usage"]["total_usage"], &stats["cpu_stats"]["online_cpus"]),
        (&json!(0), &json!(4))
    );
    play.at(Span::mins(6));
    let state = play.docker("/containers/sms-app/json").await.unwrap().json()["State"].clone();
    assert_eq!(
        (&state["Status"], &state["OOMKilled"], &state["ExitCode"]),
        (&json!("restarting"), &json!(true), &json!(137))
    );
    assert!(play.sms("/health").await.is_none());
    let stats = play.docker("/containers/sms-app/stats?stream=false").await.unwrap().json();
    assert_eq!(stats["memory_stats"], json!({}));
    let refused = ask(play.served.docker().unwrap(), "POST", "/containers/sms-app/restart", "", None).await;
    assert_eq!(refused.unwrap().status, 501);
}

/// The frames of a log answer: stream and text.
fn frames(mut bytes: &[u8]) -> Vec<(u8, String)> {
    let mut frames = Vec::new();
    while let [stream, 0, 0, 0, a, b, c, d, rest @ ..] = bytes {
        let (text, rest) = rest.split_at(u32::from_be_bytes([*a, *b, *c, *d]) as usize);
        frames.push((*stream, String::from_utf8(text.to_vec()).unwrap()));
        bytes = rest;
    }
    assert!(bytes.is_empty());
    frames
}

#[tokio::test]
async fn logs_come_in_frames_and_in_the_window_asked_for() {
    let play = Play::of(&[Fault::new(FaultKind::DatabaseDown, Span::mins(10), Span::mins(2))]).await;
    play.at(Span::mins(20));
    let logs = async |query: &str| {
        let answer = play.docker(&format!("/containers/sms-app/logs?{query}")).await.unwrap();
        assert_eq!(answer.header("content-type"), Some("application/vnd.docker.raw-stream"));
        frames(&answer.body)
    };
    let all = logs("stdout=1&stderr=1").await;
    assert_eq!(all[0], (1, "Running database migrations...\n".into()));
    assert!(all.iter().any(|(s, t)| *s == 2 && t.contains(" - ERROR - ") && t.contains("psycopg")));
    assert!(
        all.iter().any(|(s, t)| *s == 1 && t.contains("\"GET /health HTTP/1.1\" 503 Service Unavailable"))
    );
    assert_eq!(logs("stdout=1&stderr=1&tail=5").await, all[all.len() - 5..]);
    assert!(logs("stdout=1").await.iter().all(|(s, _)| *s == 1));
    let since = (start() + chrono::TimeDelta::minutes(10)).timestamp();
    let until = since + 120;
    let query = format!("stdout=true&stderr=true&timestamps=true&since={since}&until={until}&follow=false");
    let window = logs(&query).await;
    assert!(window.len() > 30);
    for (_, text) in &window {
        let (stamp, _) = text.split_once(' ').unwrap();
        let at = DateTime::parse_from_rfc3339(stamp).unwrap().timestamp();
        assert!((since..=until).contains(&at), "{text}");
    }
    assert_eq!(play.docker("/containers/sms-app/logs").await.unwrap().status, 400);
}

#[tokio::test]
async fn events_are_told_from_the_past_and_as_they_happen() {
    let play =
        Play::of(&[Fault::new(FaultKind::ContainerCrash { exit_code: 3 }, Span::mins(5), Span::secs(10))])
            .await;
    play.at(Span::mins(1));
    let mut stream = TcpStream::connect(play.served.docker().unwrap()).await.unwrap();
    let since = start().timestamp() - 3_600;
    // "container" : ["sms-app"], percent-encoded.
    let filters = "%7B%22container%22%3A%5B%22sms-app%22%5D%7D";
    let request =
        format!("GET /v1.41/events?since={since}.000000000&filters={filters} HTTP/1.1\r\nHost: sim\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut next = async || loop {
        let line = lines.next_line().await.unwrap().unwrap();
        if line.starts_with('{') {
            return serde_json::from_str::<Value>(&line).unwrap();
        }
    };
    for action in ["create", "start", "health_status: healthy"] {
        assert_eq!(next().await["Action"], action);
    }
    play.at(Span::mins(6));
    let die = next().await;
    assert_eq!(
        (&die["Action"], &die["status"], &die["Type"]),
        (&json!("die"), &json!("die"), &json!("container"))
    );
    assert_eq!(
        (&die["Actor"]["Attributes"]["exitCode"], &die["Actor"]["Attributes"]["name"]),
        (&json!("3"), &json!("sms-app"))
    );
    assert_eq!(die["time"], start().timestamp() + 300);
    assert_eq!(die["timeNano"].as_i64(), (start() + chrono::TimeDelta::minutes(5)).timestamp_nanos_opt());
    assert_eq!(next().await["Action"], "start");
    let past =
        play.docker(&format!("/events?since={since}&until={}", start().timestamp() + 301)).await.unwrap();
    assert!(String::from_utf8(past.body).unwrap().contains("\"die\""));
}

#[tokio::test]
async fn a_blocked_way_breaks_the_event_stream_and_the_end_ends_it() {
    for blocked in [true, false] {
        let play = Play::of(&[Fault::new(FaultKind::NasDown, Span::mins(5), Span::mins(1))]).await;
        let mut stream = TcpStream::connect(play.served.docker().unwrap()).await.unwrap();
        stream.write_all(b"GET /events HTTP/1.1\r\nHost: sim\r\n\r\n").await.unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).await.unwrap();
        assert_eq!(line, "HTTP/1.1 200 OK\r\n");
        if blocked {
            play.at(Span::mins(5));
            let mut rest = Vec::new();
            // Cut in the middle: no last chunk.
            let _ = reader.read_to_end(&mut rest).await;
            assert!(!rest.ends_with(b"0\r\n\r\n"));
        } else {
            let (sms, docker) = (play.served.sms(), play.served.docker().unwrap());
            play.served.shutdown().await;
            let mut rest = Vec::new();
            reader.read_to_end(&mut rest).await.unwrap();
            assert!(rest.ends_with(b"0\r\n\r\n"));
            assert!(TcpStream::connect(sms).await.is_err() && TcpStream::connect(docker).await.is_err());
        }
    }
}

#[tokio::test]
async fn requests_are_told_to_who_wants_the_access_log() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = told.clone();
    let on_access = move |client: &str, request: &str, status: u16| {
        assert!(client.starts_with("127.0.0.1:"));
        log.lock().unwrap().push(format!("{request} {status}"));
    };
    let shape = SmsOptions { on_access: Some(Arc::new(on_access)), ..SmsOptions::default() };
    let play = Play::with(&[], shape).await;
    play.sms("/api/v1/students/?skip=0&limit=1").await.unwrap();
    login(&play, "watch@example.com", "wrong").await;
    assert_eq!(
        *told.lock().unwrap(),
        ["GET /api/v1/students/?skip=0&limit=1 401", "POST /api/v1/auth/login 400"]
    );
}

#[tokio::test]
async fn the_engine_tells_of_each_of_three_containers() {
    let crash = Fault::new(FaultKind::FrontEndCrash { exit_code: 1 }, Span::mins(10), Span::mins(5));
    let ended = Fault::new(FaultKind::ContainerCrash { exit_code: 3 }, Span::mins(20), Span::mins(5));
    let scenario = Scenario::of("test", vec![crash, ended]).in_layout(Layout::Three);
    let play = Play::of_scenario(scenario, SmsOptions::default()).await;
    play.at(Span::mins(5));
    let listed = play.docker("/v1.41/containers/json?all=1").await.unwrap().json();
    let names: Vec<&str> = listed.as_array().unwrap().iter().filter_map(|c| c["Names"][0].as_str()).collect();
    assert_eq!(names, ["/sms-backend-qnap", "/sms-frontend-qnap", "/sms-postgres-qnap"]);
    for (name, service, image, limit, log) in [
        ("sms-backend-qnap", "app", "sms-backend:1.15.1", 1_u64 << 30, "INFO:"),
        ("sms-frontend-qnap", "frontend", "sms-frontend:1.15.1", 256 << 20, "[notice] 1#1: nginx/"),
        (
            "sms-postgres-qnap",
            "postgres",
            "postgres:16-alpine",
            512 << 20,
            "UTC [71] LOG:  checkpoint complete",
        ),
    ] {
        let get = async |what: &str| play.docker(&format!("/containers/{name}/{what}")).await.unwrap();
        let inspect = get("json").await.json();
        assert_eq!(inspect["Name"], format!("/{name}"));
        assert_eq!(inspect["State"]["Status"], "running");
        assert_eq!(
            (&inspect["Config"]["Image"], &inspect["HostConfig"]["Memory"]),
            (&json!(image), &json!(limit))
        );
        assert_eq!(inspect["Config"]["Labels"]["com.sms.service"], service);
        let stats = get("stats?stream=false").await.json();
        assert_eq!((&stats["name"], &stats["id"]), (&json!(format!("/{name}")), &inspect["Id"]));
        assert_eq!(stats["memory_stats"]["limit"], limit);
        let lines = get("logs?stdout=1&stderr=1").await.body;
        assert!(String::from_utf8_lossy(&lines).contains(log), "{name}");
        let image = play.docker(&format!("/images/{image}/json")).await.unwrap().json();
        assert_eq!(image["Id"], inspect["Image"]);
    }
    // Without the front end nothing gets through, and the Engine shows why.
    play.at(Span::mins(12));
    assert!(play.sms("/health/live").await.is_none());
    for (name, status) in [("sms-backend-qnap", "running"), ("sms-frontend-qnap", "restarting")] {
        let state = play.docker(&format!("/containers/{name}/json")).await.unwrap().json();
        assert_eq!(state["State"]["Status"], status, "{name}");
    }
    // Without the application the front end still hands out the page.
    play.at(Span::mins(22));
    for (path, status) in
        [("/", 200), (shape::ASSET, 200), ("/health", 502), ("/api", 502), ("/api/v1/students/", 502)]
    {
        assert_eq!(play.sms(path).await.unwrap().status, status, "{path}");
    }
    let since = start().timestamp();
    let events = play.docker(&format!("/events?since={since}&until={}", since + 1_260)).await.unwrap();
    let told: Vec<String> = String::from_utf8_lossy(&events.body)
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|e| {
            format!(
                "{} {}",
                e["Actor"]["Attributes"]["name"].as_str().unwrap(),
                e["Action"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "sms-frontend-qnap die",
            "sms-frontend-qnap start",
            "sms-frontend-qnap health_status: healthy",
            "sms-backend-qnap die"
        ]
    );
}
