//! `sms-demo` as a process: its log, its control endpoint, and how it ends.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test whose set-up fails has failed")]
#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStderr, ChildStdout, Command, Stdio},
};

struct Demo {
    child: Child,
    port: u16,
    out: BufReader<ChildStdout>,
    err: BufReader<ChildStderr>,
}

impl Demo {
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sms-demo"))
            .env("PORT", "0")
            .envs(environment.iter().copied())
            .env("SMS_VERSION", "1.16.0")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let err = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let port =
            line.trim_start_matches("Simulated SMS on port ").split(':').next().unwrap().parse().unwrap();
        Self { child, port, out, err }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: sim\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.to_lowercase().contains("x-simulated: true"), "{answer}");
        answer
    }

    fn end_now(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end: exit code, what is left on stdout, and on stderr.
    fn end(mut self) -> (Option<i32>, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        self.err.read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code(), out, err)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Ended already where all went well.
        let _ = self.child.kill();
    }
}

#[test]
fn it_serves_logs_and_ends_with_0_when_asked_to() {
    let demo = Demo::start();
    assert!(demo.ask("GET", "/health", "").contains("\"version\":\"1.16.0\""));
    assert!(demo.ask("GET", "/__demo", "").contains("database_down"));
    let done = demo.ask("POST", "/__demo/fault", r#"{"kind":"database_down","lasts":"10m"}"#);
    assert!(done.starts_with("HTTP/1.1 202"), "{done}");
    assert!(demo.ask("GET", "/health", "").starts_with("HTTP/1.1 503"));
    let eaten = demo.ask("POST", "/__demo/eat?mib=3", "");
    assert!(eaten.contains("\"eaten_mib\":3"), "{eaten}");
    for (kind, status) in
        [("\"oom_kill\"", 422), ("\"pc_offline\"", 422), ("{\"high_cpu\":{\"percent\":9}}", 422)]
    {
        let refused = demo.ask("POST", "/__demo/fault", &format!("{{\"kind\":{kind}}}"));
        assert!(refused.starts_with(&format!("HTTP/1.1 {status}")), "{refused}");
    }
    let mut demo = demo;
    let mut seen = String::new();
    // The database's first traceback is written at once, so this ends.
    while !seen.contains("psycopg.OperationalError: connection failed") {
        seen.clear();
        assert!(demo.err.read_line(&mut seen).unwrap() > 0, "stderr ended");
    }
    let id = demo.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let (code, out, err) = demo.end();
    assert_eq!(code, Some(0));
    assert!(out.contains(" - \"GET /health HTTP/1.1\" 200 OK\n"), "{out}");
    assert!(out.contains(" - \"GET /health HTTP/1.1\" 503 Service Unavailable\n"), "{out}");
    assert!(
        err.ends_with("INFO:     Application shutdown complete.\nINFO:     Finished server process [1]\n"),
        "{err}"
    );
}

#[test]
fn it_crashes_on_demand_with_the_code_asked_for() {
    let demo = Demo::start();
    assert!(demo.ask("POST", "/__demo/crash?code=3", "").starts_with("HTTP/1.1 202"));
    let (code, _, err) = demo.end();
    assert_eq!(code, Some(3));
    assert!(err.contains(" - backend.main - CRITICAL - [-] - "), "{err}");
    assert!(
        err.contains("Running database migrations...") && err.contains("Traceback (most recent call last):")
    );
}

#[test]
fn what_is_no_number_is_refused_with_advice() {
    for (name, value) in [("PORT", "http"), ("SMS_COUNT_EVERY_MS", "0"), ("SMS_COUNT_EVERY_MS", "often")] {
        let run = Command::new(env!("CARGO_BIN_EXE_sms-demo")).env(name, value).output().unwrap();
        assert_eq!(run.status.code(), Some(1));
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(said.contains(&format!("{name} is `{value}`")), "{said}");
    }
}

#[test]
fn it_counts_in_its_log_where_it_is_asked_to() {
    let mut demo = Demo::start_with(&[("SMS_COUNT_EVERY_MS", "1")]);
    let mut number = 1;
    while number <= 3 {
        let mut line = String::new();
        assert!(demo.err.read_line(&mut line).unwrap() > 0, "stderr ended");
        if line.contains(" - backend.count - WARNING - ") {
            assert!(line.ends_with(&format!(" - number {number} (simulated)\n")), "{line}");
            number += 1;
        }
    }
}

#[test]
fn a_health_check_ends_as_the_other_one_is() {
    let demo = Demo::start();
    let look = |port: u16| {
        let run = Command::new(env!("CARGO_BIN_EXE_sms-demo"))
            .arg("--healthy")
            .env("PORT", port.to_string())
            .output()
            .unwrap();
        (run.status.code(), String::from_utf8_lossy(&run.stdout).into_owned())
    };
    assert_eq!(look(demo.port), (Some(0), "HTTP/1.1 200 OK\n".into()));
    demo.ask("POST", "/__demo/fault", r#"{"kind":"database_down","lasts":"10m"}"#);
    assert_eq!(look(demo.port), (Some(1), "HTTP/1.1 503 Service Unavailable\n".into()));
    let port = demo.port;
    demo.end_now();
    let (code, said) = look(port);
    assert_eq!(code, Some(1));
    assert!(said.starts_with(&format!("no answer on port {port}: ")), "{said}");
}

#[test]
fn arguments_are_explained_or_refused() {
    let ran = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_sms-demo")).args(arguments).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    for (arguments, code, out, err) in [
        (&["--help"][..], Some(0), "Usage: sms-demo", ""),
        (&["-h"], Some(0), "SMS_VERSION    the version that it says it is [1.15.1]", ""),
        (&["--port", "1"], Some(2), "", "no such argument as `--port`. See `sms-demo --help`."),
    ] {
        let (ended, told, complained) = ran(arguments);
        assert_eq!(ended, code, "{complained}");
        assert!(told.contains(out) && told.is_empty() == out.is_empty(), "{told}");
        assert!(complained.contains(err) && complained.is_empty() == err.is_empty(), "{complained}");
    }
}
