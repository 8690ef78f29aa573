use proptest::prelude::*;

use super::*;
use crate::log::{LogRecord, Sign};

/// All records of `text`, given line by line, a second apart.
fn read(text: &str) -> LogBatch {
    let mut reader = LogReader::default();
    for (n, line) in text.lines().enumerate() {
        reader.push(second(n), line);
    }
    reader.flush();
    assert!(!reader.is_open());
    reader.take()
}

fn second(n: usize) -> DateTime<Utc> {
    DateTime::from_timestamp(1_768_000_000 + n as i64, 0).unwrap()
}

fn only(batch: &LogBatch) -> &LogRecord {
    assert_eq!(batch.notable.len(), 1, "{batch:#?}");
    &batch.notable[0]
}

const STREAM: &str = r#"INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.
Βάση έτοιμη, μηδέν errors
2026-01-09 10:26:32,011 - backend.main - INFO - [-] - Error handlers registered
INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)
INFO:     172.17.0.1:53870 - "GET /metrics HTTP/1.1" 200 OK
INFO:     172.17.0.1:53871 - "GET /api/v1/students/ HTTP/1.1" 500 Internal Server Error
INFO:     172.17.0.1:53872 - "POST /api/v1/auth/login HTTP/1.1" 401 Unauthorized
172.18.0.1 - - [10/Jan/2026:16:30:00 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.0" "-"
2026-01-09 10:26:33,011 - backend.db.query_profiler - WARNING - [r-1] - Slow query (1.204s): SELECT 1...

2026-01-09 10:26:34,011 - backend.auth - ERROR - [r-2] - Login failed for password=hunter2
2026-01-10 16:30:00.123 UTC [42] FATAL:  the database system is starting up
"#;

#[test]
fn a_mixed_stream_is_counted_by_level_and_not_by_word() {
    let batch = read(STREAM);
    assert_eq!(batch.lines, 12);
    assert_eq!(batch.count(Level::Info), 8);
    assert_eq!(batch.count(Level::Warning), 1);
    assert_eq!(batch.count(Level::Error), 1);
    assert_eq!(batch.count(Level::Critical), 1);
    assert_eq!((batch.access.requests, batch.access.server_errors, batch.access.refused_logins), (4, 1, 1));
    assert_eq!(batch.last_at, Some(second(11)));
    let texts: Vec<_> = batch.notable.iter().map(|r| (r.level, r.text.as_str(), r.sign)).collect();
    assert_eq!(
        texts,
        [
            (Level::Critical, "the database system is starting up", None),
            (Level::Error, "Login failed for password=[redacted]", None),
            (Level::Warning, "Slow query (1.204s): SELECT 1...", Some(Sign::SlowQuery)),
        ]
    );
}

const CHAINED: &str = r#"2026-01-09 10:26:34,011 - backend.health_checks - ERROR - [-] - Database health check failed: (psycopg.OperationalError) connection failed
[SQL: SELECT 1]
(Background on this error at: https://sqlalche.me/e/20/e3q8)
Traceback (most recent call last):
  File "/usr/lib/sqlalchemy/engine/base.py", line 146, in __init__
    self._dbapi_connection = engine.raw_connection()
    ~~~~~~~~~~~~~~~~~~~~~~^^
  File "/usr/lib/psycopg/connection.py", line 119, in connect
    raise last_ex.with_traceback(None)
psycopg.OperationalError: connection failed: connection to server at "172.18.0.2", port 5432 failed: Connection refused
	Is the server running on that host and accepting TCP/IP connections?

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/backend/health_checks.py", line 161, in _check_database
    db.execute(text("SELECT 1"))
sqlalchemy.exc.OperationalError: (psycopg.OperationalError) connection failed: connection to server at "172.18.0.2", port 5432 failed: Connection refused
	Is the server running on that host and accepting TCP/IP connections?
[SQL: SELECT 1]
(Background on this error at: https://sqlalche.me/e/20/e3q8)
"#;

#[test]
fn a_chained_traceback_is_one_record_with_its_line() {
    let batch = read(&format!("{CHAINED}INFO:     Shutting down\n"));
    let record = only(&batch);
    assert_eq!((record.level, record.logger.as_deref()), (Level::Error, Some("backend.health_checks")));
    assert_eq!(record.sign, Some(Sign::DatabaseConnection));
    assert!(record.text.starts_with("Database health check failed"), "{}", record.text);
    assert!(record.text.contains("direct cause"), "{}", record.text);
    assert!(record.headline().starts_with("sqlalchemy.exc.OperationalError: "), "{}", record.headline());
    assert_eq!(record.at, second(0));
    assert_eq!((batch.count(Level::Error), batch.count(Level::Info)), (1, 1));
    assert_eq!(batch.lines as usize, CHAINED.lines().count() + 1);
}

#[test]
fn tracebacks_stand_where_they_belong() {
    let frames =
        "Traceback (most recent call last):\n  File \"/app/a.py\", line 3, in f\n    g()\nValueError: bad";
    for (name, text, expected) in [
        ("alone", frames.to_owned(), vec![(Level::Error, "ValueError: bad")]),
        (
            "critical",
            format!("2026-01-09 10:26:34,011 - a - CRITICAL - [-] - x\n{frames}"),
            vec![(Level::Critical, "ValueError: bad")],
        ),
        ("below an info line", format!("INFO:     x\n{frames}"), vec![(Level::Error, "ValueError: bad")]),
        ("two of them", format!("{frames}\n{frames}"), vec![(Level::Error, "ValueError: bad"); 2]),
        (
            "another while handling",
            format!(
                "{frames}\n\nDuring handling of the above exception, another exception occurred:\n\n{}",
                frames.replace("bad", "worse")
            ),
            vec![(Level::Error, "ValueError: worse")],
        ),
        (
            "other lines in between",
            frames.replace(
                "    g()",
                "INFO:     1.2.3.4:1 - \"GET / HTTP/1.1\" 200 OK\nΜια εκτύπωση\nINFO:     x\n    g()",
            ),
            vec![(Level::Error, "ValueError: bad")],
        ),
        (
            "cut off by an error",
            format!(
                "Traceback (most recent call last):\n  File \"/app/a.py\", line 3, in f\nERROR:    x\n{frames}"
            ),
            vec![(Level::Error, "Traceback (most recent call last):"), (Level::Error, "ValueError: bad")],
        ),
        ("a print below", format!("{frames}\nBye\n  indented"), vec![(Level::Error, "ValueError: bad")]),
    ] {
        let batch = read(&text);
        let found: Vec<_> = batch.notable.iter().map(|r| (r.level, r.headline())).collect();
        assert_eq!(found, expected, "{name}: {batch:#?}");
    }
}

#[test]
fn an_exception_group_is_one_record() {
    let batch = read(
        "ERROR:    Exception in ASGI application\n  + Exception Group Traceback (most recent call last):\n  |   File \"/a/b.py\", line 1, in run\n  \
         |     y()\n  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)\n  +-+---------------- 1 ----------------\n    \
         | Traceback (most recent call last):\n    |   File \"/app/c.py\", line 3, in inner\n    | ValueError: bad\n    \
         +------------------------------------\n\nDuring handling of the above exception, another exception occurred:\n\n\
         Traceback (most recent call last):\n  File \"/app/d.py\", line 9, in outer\nRuntimeError: ended\nINFO:     next",
    );
    let record = only(&batch);
    assert_eq!(record.headline(), "RuntimeError: ended");
    assert!(record.text.contains("ValueError: bad"));
    assert_eq!(batch.count(Level::Error), 1);
    assert_eq!(batch.count(Level::Info), 1);
}

#[test]
fn the_same_problem_has_the_same_fingerprint() {
    let same =
        |a: &str, b: &str| assert_eq!(only(&read(a)).fingerprint, only(&read(b)).fingerprint, "{a} / {b}");
    let differ =
        |a: &str, b: &str| assert_ne!(only(&read(a)).fingerprint, only(&read(b)).fingerprint, "{a} / {b}");
    same(
        CHAINED,
        &CHAINED.replace("172.18.0.2", "10.0.0.9").replace("161", "170").replace("/app/", "/srv/sms/"),
    );
    differ(CHAINED, &CHAINED.replace("_check_database", "login"));
    differ(CHAINED, &CHAINED.replace("sqlalchemy.exc.OperationalError", "sqlalchemy.exc.DataError"));
    same("ERROR:    Student 5 at /app/x.py", "ERROR:    Student 77 at /srv/y.py");
    differ("ERROR:    Student 5", "ERROR:    Course 5");
}

#[test]
fn a_postgres_record_keeps_its_details() {
    let batch = read(
        "2026-01-10 16:30:00.123 UTC [42] ERROR:  duplicate key value violates unique constraint \"users_email_key\"\n\
         2026-01-10 16:30:00.123 UTC [42] DETAIL:  Key (id)=(5) already exists.\n\
         2026-01-10 16:30:00.123 UTC [42] STATEMENT:  INSERT INTO users\n\t\tVALUES ('could not read block 5')\n\
         2026-01-10 16:30:00.200 UTC [43] LOG:  duration: 2500.123 ms  statement: SELECT *\n\tFROM students\n\
         2026-01-10 16:30:00.300 UTC [44] LOG:  duration: 2.5 ms  statement: SELECT 1\n\
         2026-01-10 16:30:00.400 UTC [45] DETAIL:  of nobody here",
    );
    let found: Vec<_> = batch.notable.iter().map(|r| (r.level, r.text.as_str(), r.sign)).collect();
    assert_eq!(
        found,
        [
            (
                Level::Error,
                "duplicate key value violates unique constraint \"users_email_key\"\nDETAIL:  Key (id)=(5) already exists.\n\
                 STATEMENT:  INSERT INTO users\n\t\tVALUES ('could not read block 5')",
                None
            ),
            (
                Level::Info,
                "duration: 2500.123 ms  statement: SELECT *\n\tFROM students",
                Some(Sign::SlowQuery)
            ),
        ]
    );
    assert_eq!((batch.count(Level::Info), batch.lines), (3, 8));
}

#[test]
fn a_json_record_brings_its_traceback_along() {
    let batch = read(
        r#"{"level":"info","message":"x","exc_info":"Traceback (most recent call last):\n  File \"/app/a.py\", line 3, in f\nValueError: bad"}"#,
    );
    let plain =
        read("Traceback (most recent call last):\n  File \"/app/a.py\", line 9, in f\nValueError: worse");
    assert_eq!(only(&batch).level, Level::Error);
    assert_eq!(only(&batch).headline(), "ValueError: bad");
    assert_eq!(only(&batch).fingerprint, only(&plain).fingerprint);
}

#[test]
fn a_record_is_only_taken_when_it_is_whole() {
    let mut reader = LogReader::default();
    let mut lines = CHAINED.lines().enumerate();
    for (n, line) in lines.by_ref().take(6) {
        reader.push(second(n), line);
    }
    let first = reader.take();
    // Whoever reads the log anew begins with the record that was not yet whole.
    let before = second(0) - chrono::TimeDelta::nanoseconds(1);
    assert_eq!((first.lines, first.levels.len(), first.last_at), (6, 0, Some(before)));
    assert!(reader.is_open());
    for (n, line) in lines {
        reader.push(second(n), line);
    }
    reader.flush();
    let second_batch = reader.take();
    assert_eq!(only(&second_batch), only(&read(CHAINED)));
    assert_eq!((first.lines + second_batch.lines) as usize, CHAINED.lines().count());
    assert_eq!(reader.take(), LogBatch::default());
}

#[test]
fn colours_line_breaks_and_endless_records_do_no_harm() {
    let batch = read("\u{1b}[31mERROR\u{1b}[0m:    \u{1b}[1mlost\u{1b}[0m\r");
    assert_eq!((only(&batch).level, only(&batch).text.as_str()), (Level::Error, "lost"));

    let mut reader = LogReader::default();
    reader.push(second(0), "ERROR:    a\nERROR:    b\n");
    reader.push(second(1), "ERROR:    endless");
    for _ in 0..100_000 {
        reader.push(
            second(2),
            "  and on it goes, and on, and on, and on, and on, and on, and on, and on, and on, and on",
        );
    }
    reader.flush();
    let batch = reader.take();
    assert_eq!((batch.lines, batch.count(Level::Error)), (100_003, 3));
    assert!(batch.notable.iter().all(|r| r.text.len() <= LogRecord::MAX_TEXT));
}

#[test]
fn signs_in_source_lines_and_statements_do_not_count() {
    let batch = read(
        "Traceback (most recent call last):\n  File \"/app/a.py\", line 3, in f\n    \
         raise Lost(\"could not connect to server, database disk image is malformed\")\nLost: x",
    );
    assert_eq!(only(&batch).sign, None);
}

/// Lines of all kinds, whole and in pieces.
fn any_line() -> impl Strategy<Value = String> {
    let known: Vec<&'static str> = STREAM.lines().chain(CHAINED.lines()).collect();
    prop_oneof![
        4 => proptest::sample::select(known.clone()).prop_map(String::from),
        2 => (proptest::sample::select(known), 0usize..160).prop_map(|(l, n)| l.chars().skip(n % 40).take(n).collect()),
        1 => any::<String>(),
        1 => "[ \t|+]{0,4}(File \"|Traceback \\(most recent call last\\):|E: x|-----BEGIN PRIVATE KEY-----|\u{1b}\\[|λ|\\{\"level\":\"error\",\"exc_info\":\"|\"\\}){0,3}",
    ]
}

proptest! {
    #[test]
    fn no_line_is_lost_and_nothing_panics(lines in proptest::collection::vec((any_line(), 0u8..10), 0..60)) {
        let mut reader = LogReader::default();
        let mut pushed = 0u32;
        let (mut counted, mut records, mut grave, mut kept) = (0u32, 0u32, 0u32, 0u32);
        let mut add = |batch: LogBatch| {
            counted += batch.lines;
            records += batch.levels.values().sum::<u32>();
            grave += batch.levels.range(Level::Warning..).map(|(_, n)| n).sum::<u32>();
            kept += batch.left_out + u32::try_from(batch.notable.len()).unwrap();
            assert!(batch.notable.len() <= LogBatch::MAX_NOTABLE);
            assert!(batch.notable.iter().all(|r| r.text.len() <= LogRecord::MAX_TEXT && r.fingerprint.len() == 16));
            assert!(batch.notable.iter().all(|r| r.level >= Level::Warning || r.sign.is_some()));
            assert!(batch.access.server_errors <= batch.access.requests);
        };
        for (line, action) in &lines {
            reader.push(DateTime::UNIX_EPOCH, line);
            pushed += u32::try_from(line.strip_suffix('\n').unwrap_or(line).split('\n').count()).unwrap();
            match action {
                0 => { reader.flush(); add(reader.take()); }
                1 => add(reader.take()),
                _ => {}
            }
        }
        reader.flush();
        add(reader.take());
        prop_assert_eq!(counted, pushed);
        prop_assert!(records <= pushed);
        prop_assert!(kept >= grave, "{} < {}", kept, grave);
    }

    #[test]
    fn taking_in_between_changes_nothing(lines in proptest::collection::vec((any_line(), any::<bool>()), 0..40)) {
        let (mut once, mut often) = (LogReader::default(), LogReader::default());
        let mut levels = std::collections::BTreeMap::new();
        let mut add = |batch: LogBatch| for (level, n) in batch.levels { *levels.entry(level).or_insert(0) += n; };
        for (line, take) in &lines {
            once.push(DateTime::UNIX_EPOCH, line);
            often.push(DateTime::UNIX_EPOCH, line);
            if *take { add(often.take()); }
        }
        once.flush();
        often.flush();
        add(often.take());
        prop_assert_eq!(once.take().levels, levels);
    }

    #[test]
    fn no_secret_is_kept(secret in "q[A-Za-z0-9]{8,20}z", filler in 0usize..60, width in 1usize..200) {
        let mut reader = LogReader::default();
        reader.push(DateTime::UNIX_EPOCH, &format!("ERROR:    {} password={secret}", "x".repeat(filler * width)));
        for n in 0..filler {
            reader.push(DateTime::UNIX_EPOCH, &format!("  {n} {} postgresql://sms:{secret}@db/sms", "y".repeat(width)));
        }
        reader.push(DateTime::UNIX_EPOCH, &format!("  -----BEGIN PRIVATE KEY-----\n  {secret}"));
        reader.flush();
        let batch = reader.take();
        prop_assert!(!batch.notable.is_empty());
        prop_assert!(batch.notable.iter().all(|r| !r.text.contains(&secret)), "{:?}", batch.notable);
    }
}
