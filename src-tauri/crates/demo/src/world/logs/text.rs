//! The log entries in the words of the real thing: uvicorn, Python's logging, alembic, tracebacks.

use chrono::{DateTime, Utc};

use super::entry::Entry;
use crate::{
    random::Topic,
    timeline::Ms,
    world::{World, http::REFUSED},
};

/// How many lines a start and an ordinary end have.
pub(super) const STARTUP: u8 = 8;
pub(super) const SHUTDOWN: u8 = 4;

/// How many there are to choose from.
pub(super) const REQUESTS: u8 = PATHS.len() as u8;
pub(super) const CHATS: u8 = 2;
pub(super) const ERRORS: u8 = FAILURES.len() as u8;
pub(super) const WARNINGS: u8 = CAUTIONS.len() as u8;

/// Requests up to this one are for the page and its assets.
pub(super) const LAST_PAGE: u8 = 1;

/// The request that is a login.
pub(super) const LOGIN: u8 = 4;

const PATHS: [&str; 6] = [
    "GET /",
    "GET /assets/index-5d1c0b7e.js",
    "GET /api/v1/students/?skip=0&limit=20",
    "GET /api/v1/courses/",
    "POST /api/v1/auth/login",
    "GET /api/v1/grades/student/17",
];

const CAUTIONS: [(&str, &str); 2] = [
    ("backend.middleware.deprecation", "The query parameter 'page' is deprecated, use 'skip'"),
    ("backend.services.report_cache", "Report cache is stale, rebuilding it for 3 courses"),
];

const FAILURES: [(&str, &str, &[&str]); 3] = [
    (
        "backend.services.analytics",
        "Could not work out the average of course 17",
        &[
            "Traceback (most recent call last):",
            "  File \"/app/backend/services/analytics.py\", line 212, in course_average",
            "    return total / weight",
            "           ~~~~~~^~~~~~~~",
            "ZeroDivisionError: division by zero",
        ],
    ),
    ("backend.routers.routers_exports", "Export 4711 was given up after 3 attempts", &[]),
    (
        "backend.services.import_service",
        "Row 88 of the import could not be read",
        &[
            "Traceback (most recent call last):",
            "  File \"/app/backend/services/import_service.py\", line 97, in read_row",
            "    value = int(cell)",
            "ValueError: invalid literal for int() with base 10: 'δώδεκα'",
        ],
    ),
];

const CRASH: &[&str] = &[
    "Traceback (most recent call last):",
    "  File \"/app/backend/main.py\", line 388, in watch_workers",
    "    raise RuntimeError(\"worker pool lost its last worker\")",
    "RuntimeError: worker pool lost its last worker",
];

const DATABASE: &[&str] = &[
    "Traceback (most recent call last):",
    "  File \"/app/backend/health_checks.py\", line 171, in _check_database",
    "    db.execute(text(\"SELECT 1\"))",
    "  File \"/usr/local/lib/python3.11/site-packages/psycopg/connection.py\", line 117, in connect",
    "    raise last_ex.with_traceback(None)",
    "psycopg.OperationalError: connection failed: connection to server at \"172.20.0.2\", port 5432 failed: Connection refused",
];

/// A user's request by its number.
pub(super) fn request(what: u8) -> &'static str {
    PATHS.get(usize::from(what)).copied().unwrap_or("GET /")
}

/// The lines under the first one.
pub(super) fn rest(entry: Entry) -> &'static [&'static str] {
    match entry {
        Entry::Crash => CRASH,
        Entry::DatabaseError => DATABASE,
        Entry::Error(n) => FAILURES.get(usize::from(n)).map_or(&[], |f| f.2),
        _ => &[],
    }
}

/// A line of uvicorn's access log: `client` is address and port, `request` such as `GET /health`.
pub fn access_line(client: &str, request: &str, status: u16) -> String {
    let reason = match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "",
    };
    format!("INFO:     {client} - \"{request} HTTP/1.1\" {status} {reason}")
}

/// A line of Python's logging as the SMS formats it; `request` is the request's id, or `-`.
pub fn python_line(at: DateTime<Utc>, logger: &str, level: &str, request: &str, message: &str) -> String {
    format!("{} - {logger} - {level} - [{request}] - {message}", at.format("%Y-%m-%d %H:%M:%S,%3f"))
}

impl World {
    /// The first line of `entry`.
    pub(super) fn written(&self, at: Ms, entry: Entry) -> String {
        let python = |logger, level, message: String| {
            let request = match entry {
                Entry::Chat(0) | Entry::Error(_) | Entry::Warning(_) => {
                    format!("{:08x}", self.draw(Topic::Client, 1, at.cast_unsigned()) >> 32)
                }
                _ => "-".into(),
            };
            python_line(self.utc_ms(at), logger, level, &request, &message)
        };
        let access = |address: &str, request: &str, status| {
            let port = 32_768 + self.draw(Topic::Client, 0, at.cast_unsigned()) % 28_000;
            access_line(&format!("{address}:{port}"), request, status)
        };
        match entry {
            Entry::Startup(5) => python(
                "backend.main",
                "INFO",
                format!(
                    "Student Management System v{} starting (environment: docker)",
                    self.version_of(self.timeline.at(at).old)
                ),
            ),
            Entry::Startup(n) => startup(n).into(),
            Entry::Shutdown(n) => shutdown(n).into(),
            Entry::Healthcheck { status } => access("127.0.0.1", "GET /health", status),
            Entry::Request { what, status } => access("172.17.0.1", request(what), status),
            Entry::RefusedLogin => access("203.0.113.45", "POST /api/v1/auth/login", 401),
            Entry::Chat(0) => python("backend.routers.routers_students", "INFO", "Listed 20 students".into()),
            Entry::Chat(_) => {
                python("backend.services.reports", "INFO", "Η αναφορά της τάξης Β2 είναι έτοιμη".into())
            }
            Entry::Crash => {
                python("backend.main", "CRITICAL", "Unhandled exception, the process ends".into())
            }
            Entry::DatabaseError => {
                python("backend.health_checks", "ERROR", format!("Database health check failed: {REFUSED}"))
            }
            Entry::SlowQuery { ms } => python(
                "backend.db.query_profiler",
                "WARNING",
                format!("Slow query ({}.{:03}s): SELECT count(*) FROM students", ms / 1_000, ms % 1_000),
            ),
            Entry::Corruption => python(
                "backend.db",
                "ERROR",
                "(psycopg.errors.DataCorrupted) invalid page in block 42 of relation base/16384/16418".into(),
            ),
            Entry::Error(n) => {
                let (logger, message, _) = FAILURES.get(usize::from(n)).copied().unwrap_or_default();
                python(logger, "ERROR", message.into())
            }
            Entry::Warning(n) => {
                let (logger, message) = CAUTIONS.get(usize::from(n)).copied().unwrap_or_default();
                python(logger, "WARNING", message.into())
            }
        }
    }
}

/// What is written at a start, but for the application's own line.
pub fn startup_lines() -> impl Iterator<Item = &'static str> {
    (0..STARTUP).filter(|n| *n != 5).map(startup)
}

/// What is written at an ordinary end.
pub fn shutdown_lines() -> impl Iterator<Item = &'static str> {
    (0..SHUTDOWN).map(shutdown)
}

const fn startup(n: u8) -> &'static str {
    match n {
        0 => "Running database migrations...",
        1 => "INFO  [alembic.runtime.migration] Context impl PostgresqlImpl.",
        2 => "INFO  [alembic.runtime.migration] Will assume transactional DDL.",
        3 => "INFO:     Started server process [1]",
        4 => "INFO:     Waiting for application startup.",
        6 => "INFO:     Application startup complete.",
        _ => "INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)",
    }
}

const fn shutdown(n: u8) -> &'static str {
    match n {
        0 => "INFO:     Shutting down",
        1 => "INFO:     Waiting for application shutdown.",
        2 => "INFO:     Application shutdown complete.",
        _ => "INFO:     Finished server process [1]",
    }
}
