use super::*;

#[test]
fn each_format_is_read_as_what_it_is() {
    use Format::{Nginx, Postgres, Python};
    use Level::{Critical, Debug, Error, Info, Warning};
    for (line, expected) in [
        // the SMS's own layout
        (
            "2026-01-09 10:26:32,011 - backend.security.csrf - INFO - [-] - CSRF error protection on",
            (Python, Info, Some("backend.security.csrf"), "CSRF error protection on"),
        ),
        (
            "2026-01-09 10:26:32,011 - backend.db - ERROR - [3f2b-1] - Lost: a - b",
            (Python, Error, Some("backend.db"), "Lost: a - b"),
        ),
        (
            "2026-01-09 10:26:32,011 - root - CRITICAL - no request id",
            (Python, Critical, Some("root"), "no request id"),
        ),
        (
            "2026-01-09 10:26:32,011 - root - WARNING - [-] - Λάθος βαθμός",
            (Python, Warning, Some("root"), "Λάθος βαθμός"),
        ),
        ("2026-01-09 10:26:32,011 - root - DEBUG - [a b] - x", (Python, Debug, Some("root"), "[a b] - x")),
        // SQLAlchemy's echo, supervisor
        (
            "2026-01-09 10:26:32,011 INFO sqlalchemy.engine.Engine SELECT 1",
            (Python, Info, Some("sqlalchemy.engine.Engine"), "SELECT 1"),
        ),
        (
            "2026-01-09 10:26:32,011 WARN exited: api (exit status 1)",
            (Python, Warning, None, "exited: api (exit status 1)"),
        ),
        // uvicorn
        (
            "INFO:     Started server process [7]",
            (Python, Info, Some("uvicorn"), "Started server process [7]"),
        ),
        (
            "ERROR:    Exception in ASGI application",
            (Python, Error, Some("uvicorn"), "Exception in ASGI application"),
        ),
        ("CRITICAL: x", (Python, Critical, Some("uvicorn"), "x")),
        // alembic, which cuts the level to five letters
        (
            "INFO  [alembic.runtime.migration] Context impl SQLiteImpl.",
            (Python, Info, Some("alembic.runtime.migration"), "Context impl SQLiteImpl."),
        ),
        ("WARNI [alembic.env] x", (Python, Warning, Some("alembic.env"), "x")),
        // logging's basic layout, gunicorn
        ("WARNING:root:low", (Python, Warning, Some("root"), "low")),
        (
            "[2026-01-10 16:30:00 +0000] [42] [ERROR] Worker died",
            (Python, Error, Some("gunicorn"), "Worker died"),
        ),
        // PostgreSQL
        (
            "2026-01-10 16:30:00.123 UTC [42] ERROR:  relation \"x\" does not exist at character 15",
            (Postgres, Error, Some("postgres"), "relation \"x\" does not exist at character 15"),
        ),
        (
            "2026-01-10 16:30:00.123 UTC [42] LOG:  database system is ready to accept connections",
            (Postgres, Info, Some("postgres"), "database system is ready to accept connections"),
        ),
        (
            "2026-01-10 16:30:00.123 EET [42] FATAL:  the database system is starting up",
            (Postgres, Critical, Some("postgres"), "the database system is starting up"),
        ),
        ("2026-01-10 16:30:00.123 UTC [42] PANIC:  x", (Postgres, Critical, Some("postgres"), "x")),
        ("2026-01-10 16:30:00 UTC [42-1] sms@sms WARNING:  x", (Postgres, Warning, Some("postgres"), "x")),
        ("2026-01-10 16:30:00.123 UTC [42] NOTICE:  x", (Postgres, Info, Some("postgres"), "x")),
        ("2026-01-10 16:30:00.123 UTC [42] DEBUG2:  x", (Postgres, Debug, Some("postgres"), "x")),
        // nginx
        (
            "2026/01/10 16:30:00 [error] 31#31: *7 connect() failed (111: Connection refused)",
            (Nginx, Error, Some("nginx"), "connect() failed (111: Connection refused)"),
        ),
        (
            "2026/01/10 16:30:00 [notice] 1#1: start worker processes",
            (Nginx, Info, Some("nginx"), "start worker processes"),
        ),
        ("2026/01/10 16:30:00 [warn] 1#1: x", (Nginx, Warning, Some("nginx"), "x")),
        (
            "2026/01/10 16:30:00 [emerg] 1#1: host not found",
            (Nginx, Critical, Some("nginx"), "host not found"),
        ),
        ("2026/01/10 16:30:00 [crit] 1#1: x", (Nginx, Critical, Some("nginx"), "x")),
        ("2026/01/10 16:30:00 [alert] 1#1: x", (Nginx, Critical, Some("nginx"), "x")),
        ("2026/01/10 16:30:00 [info] 1#1: x", (Nginx, Info, Some("nginx"), "x")),
        ("2026/01/10 16:30:00 [debug] 1#1: x", (Nginx, Debug, Some("nginx"), "x")),
    ] {
        let Line::Head(head) = read(line) else { panic!("{line}: {:?}", read(line)) };
        assert_eq!((head.format, head.level, head.logger.as_deref(), &*head.message), expected, "{line}");
    }
}

#[test]
fn json_records_are_read_by_their_fields() {
    for (line, level, logger, message) in [
        (r#"{"level":"error","msg":"lost","logger":"db"}"#, Level::Error, Some("db"), "lost"),
        (
            r#"{"levelname":"WARNING","message":"low","name":"root","n":1}"#,
            Level::Warning,
            Some("root"),
            "low",
        ),
        (r#"{"severity":"CRITICAL","event":"x"}"#, Level::Critical, None, "x"),
        (r#"{"message":"an error to come","level":"info"}"#, Level::Info, None, "an error to come"),
        (r#"{"message":"no level"}"#, Level::Info, None, "no level"),
        (r#"{"level":30,"msg":"a number"}"#, Level::Info, None, "a number"),
    ] {
        let Line::Head(head) = read(line) else { panic!("{line}") };
        assert_eq!(
            (head.format, head.level, head.logger.as_deref(), &*head.message),
            (Format::Json, level, logger, message)
        );
    }
    let Line::Head(head) = read(r#"{"level":"info","message":"x","exc_info":"Traceback …"}"#) else {
        panic!()
    };
    assert_eq!(head.traceback.as_deref(), Some("Traceback …"));
}

#[test]
fn what_only_looks_like_a_format_is_bare() {
    for line in [
        "Starting the ERROR handler",
        "ERROR",
        "ERRORS: 5",
        "INFORMATION: x",
        "2026-01-09 10:26:32,011",
        "2026-01-09 10:26:32,011 - a sentence, no logger - INFO - [-] - x",
        "2026-01-09 10:26:32,011 - backend - LOUD - [-] - x",
        "2026-01-0Χ 10:26:32,011 - backend - INFO - [-] - x",
        "2026-13-09",
        "Error: x",
        "{not json}",
        "{\"a\":1}",
        "{",
        "[INFO] x",
        "/docker-entrypoint.sh: Configuration complete; ready for start up",
        "�ï¿½ mis-encoded",
        "ΕΡΡΟΡ: x",
    ] {
        assert_eq!(read(line), Line::Bare, "{line}");
    }
}

#[test]
fn lines_below_a_postgres_record_are_known_as_such() {
    assert_eq!(
        read("2026-01-10 16:30:00.123 UTC [42] STATEMENT:  SELECT 1"),
        Line::PostgresMore { pid: "42", text: "STATEMENT:  SELECT 1" }
    );
}
