//! What a record speaks of beyond its level, by the sentences that the database and its drivers use.

use super::{Level, Sign, format::Format};
use crate::redact::pattern::{Needles, Pattern};

/// The sign in `said`: the message and, of a traceback, the exceptions' own lines; never statements or source code.
pub(super) fn sign(format: Format, level: Level, said: &str) -> Option<Sign> {
    let grave = level >= Level::Warning;
    if !grave && !WORTH_A_LOOK.are_in(said) {
        return None;
    }
    if DAMAGED.is_match(said) || (grave && SAYS_DAMAGED.is_match(said)) {
        return Some(Sign::DataCorruption);
    }
    // The server's own log tells of clients that went away, restarts and wrong passwords too: only « no room » counts.
    let lost = if format == Format::Postgres { &NO_ROOM } else { &UNREACHABLE };
    if grave && lost.is_match(said) {
        return Some(Sign::DatabaseConnection);
    }
    is_slow(format, said).then_some(Sign::SlowQuery)
}

/// A query that took more than a second: PostgreSQL's `duration: 1234.5 ms`, the SMS's `Slow query (1.234s): …`.
fn is_slow(format: Format, said: &str) -> bool {
    let milliseconds = if format == Format::Postgres {
        said.strip_prefix("duration: ")
            .and_then(|d| d.split_once(" ms"))
            .and_then(|(n, _)| n.parse::<f64>().ok())
    } else {
        SLOW.captures_at(said, 0).and_then(|found| {
            let factor = if found.get(2)?.as_str().eq_ignore_ascii_case("ms") { 1.0 } else { 1_000.0 };
            Some(found.get(1)?.as_str().parse::<f64>().ok()? * factor)
        })
    };
    milliseconds.is_some_and(|ms| ms > 1_000.0)
}

/// Every sign that does not ask for a level has one of these words in it.
static WORTH_A_LOOK: Needles = Needles::new(&[
    "malformed",
    "not a database",
    "in block",
    "read block",
    "chunk number",
    "verification failed",
    "zero page",
    "corrupt",
    "status of transaction",
    "memory alloc",
    "checksum in",
    "checkpoint record",
    "relfrozenxid",
    "slow query",
    "slow_query",
    "duration: ",
]);
/// Literal sentences of SQLite and PostgreSQL; nobody says them of anything else, so the level does not matter.
static DAMAGED: Pattern = Pattern::new(concat!(
    r"(?i-u:database disk image is malformed|file is not a database|invalid page in block [0-9]|invalid page header in block",
    r"|could not read block [0-9]+|missing chunk number [0-9]|unexpected chunk number [0-9]|page verification failed",
    r"|unexpected zero page at block|contains corrupted page at block|could not access status of transaction [0-9]",
    r"|invalid memory alloc request size [0-9]|compressed (?:pglz|lz4) data is corrupt",
    r"|incorrect checksum in control file|could not locate a valid checkpoint record|before relfrozenxid)",
));
/// What others say of damage too, so only in a warning or worse.
static SAYS_DAMAGED: Pattern = Pattern::new(concat!(
    r"(?i-u:checksum mismatch|checksum verification failed|data corruption|integrity[_ ]check failed",
    r"|corrupt(?:ed)? (?:database|table|index|page|data)|(?:database|table|index|page|data) (?:is|are) corrupt)",
));
static NO_ROOM: Pattern =
    Pattern::new(r"(?i-u:too many clients already|remaining connection slots are reserved)");
static UNREACHABLE: Pattern = Pattern::new(concat!(
    r"(?i-u:could not connect to server|server closed the connection unexpectedly|too many (?:clients already|connections for)",
    r"|remaining connection slots are reserved|could not translate host name|unable to open database file",
    r"|ssl connection has been closed unexpectedly|connection was closed in the middle of operation",
    r"|terminating connection due to administrator command|queuepool limit of size|database connection (?:failed|lost|refused|error)",
    r"|(?:could not|failed to|cannot|can't|unable to) connect to (?:the )?(?:database|postgres)",
    r"|(?:connectiondoesnotexist|cannotconnectnow|toomanyconnections|connectionfailure)error)",
    r"|(?i-u:connection to server (?:at|on) )[^\n]*(?i-u:failed)",
    r"|(?i-u:connect call failed \()[^\n]*5432",
    r"|(?i-u:operationalerror|interfaceerror)[^\n]*(?i-u:connection refused|timed out|timeout expired|no route to host",
    r"|connection reset|connection already closed|connection is closed|connection is lost|the database system is)",
));
static SLOW: Pattern =
    Pattern::new(r"(?i-u:slow[ _]query)[^0-9\n]*([0-9]+(?:\.[0-9]+)?) ?(?i-u:(ms|s)(?-u:\b))");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_compile() {
        for p in [&DAMAGED, &SAYS_DAMAGED, &NO_ROOM, &UNREACHABLE, &SLOW] {
            assert!(p.compile_error().is_none(), "{:?}", p.compile_error());
        }
    }

    #[test]
    fn signs_are_found_in_what_databases_and_drivers_say() {
        use Sign::{DataCorruption as Damage, DatabaseConnection as Lost, SlowQuery as Slow};
        let (python, postgres) = (Format::Python, Format::Postgres);
        for (format, level, said, expected) in [
            (
                python,
                Level::Error,
                r#"connection to server at "db" (172.18.0.2), port 5432 failed: Connection refused"#,
                Some(Lost),
            ),
            (
                python,
                Level::Error,
                "(psycopg2.OperationalError) could not connect to server: Connection refused",
                Some(Lost),
            ),
            (
                python,
                Level::Error,
                "psycopg.OperationalError: server closed the connection unexpectedly",
                Some(Lost),
            ),
            (
                python,
                Level::Error,
                "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) unable to open database file",
                Some(Lost),
            ),
            (
                python,
                Level::Error,
                "ConnectionRefusedError: [Errno 111] Connect call failed ('172.18.0.2', 5432)",
                Some(Lost),
            ),
            (
                python,
                Level::Error,
                "asyncpg.exceptions.ConnectionDoesNotExistError: connection was closed",
                Some(Lost),
            ),
            (
                python,
                Level::Error,
                "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached",
                Some(Lost),
            ),
            (python, Level::Warning, "FATAL:  sorry, too many clients already", Some(Lost)),
            (
                python,
                Level::Error,
                "OperationalError: FATAL:  the database system is starting up",
                Some(Lost),
            ),
            (python, Level::Info, "could not connect to server, trying again", None),
            (
                python,
                Level::Error,
                "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) no such table: x",
                None,
            ),
            (
                python,
                Level::Error,
                "ConnectionRefusedError: [Errno 111] Connect call failed ('172.18.0.9', 6379)",
                None,
            ),
            (
                python,
                Level::Error,
                "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused.",
                None,
            ),
            (postgres, Level::Critical, "sorry, too many clients already", Some(Lost)),
            (postgres, Level::Critical, "the database system is starting up", None),
            (postgres, Level::Critical, "the database system is shutting down", None),
            (postgres, Level::Critical, "terminating connection due to administrator command", None),
            (postgres, Level::Critical, "password authentication failed for user \"x\"", None),
            (python, Level::Error, "sqlite3.DatabaseError: database disk image is malformed", Some(Damage)),
            (python, Level::Info, "sqlite3.DatabaseError: database disk image is malformed", Some(Damage)),
            (postgres, Level::Error, "invalid page in block 7 of relation base/16384/24576", Some(Damage)),
            (
                postgres,
                Level::Warning,
                "page verification failed, calculated checksum 3482 but expected 51",
                Some(Damage),
            ),
            (
                postgres,
                Level::Error,
                "could not read block 3 in file \"base/1/2\": read only 0 of 8192 bytes",
                Some(Damage),
            ),
            (
                postgres,
                Level::Error,
                "missing chunk number 0 for toast value 16401 in pg_toast_2619",
                Some(Damage),
            ),
            (
                postgres,
                Level::Error,
                "index \"users_pkey\" contains unexpected zero page at block 4",
                Some(Damage),
            ),
            (postgres, Level::Critical, "could not locate a valid checkpoint record", Some(Damage)),
            (python, Level::Error, "sqlite3.DatabaseError: file is not a database", Some(Damage)),
            (postgres, Level::Error, "invalid page header in block 7 of relation base/1/2", Some(Damage)),
            (
                postgres,
                Level::Error,
                "unexpected chunk number 3 (expected 0) for toast value 1",
                Some(Damage),
            ),
            (postgres, Level::Error, "index \"x\" contains corrupted page at block 3", Some(Damage)),
            (postgres, Level::Error, "could not access status of transaction 1234", Some(Damage)),
            (postgres, Level::Error, "invalid memory alloc request size 18446744073709551613", Some(Damage)),
            (postgres, Level::Error, "compressed pglz data is corrupt", Some(Damage)),
            (postgres, Level::Critical, "incorrect checksum in control file", Some(Damage)),
            (postgres, Level::Error, "found xmin 5 from before relfrozenxid 9", Some(Damage)),
            (python, Level::Warning, "backup: checksum mismatch", Some(Damage)),
            (python, Level::Info, "looking for data corruption, checksum mismatch: none", None),
            (postgres, Level::Info, "duration: 1234.567 ms  statement: SELECT 1", Some(Slow)),
            (postgres, Level::Info, "duration: 1000.000 ms  statement: SELECT 1", None),
            (postgres, Level::Info, "duration: 12.1 ms  plan:", None),
            (python, Level::Warning, "Slow query (1.234s): SELECT students.id FROM students", Some(Slow)),
            (python, Level::Warning, "Slow query (0.134s): SELECT pg_sleep(5)", None),
            (python, Level::Warning, "Slow query detected: 2500 ms", Some(Slow)),
            (python, Level::Warning, "slow query", None),
            (python, Level::Error, "Student 5 not found", None),
        ] {
            assert_eq!(sign(format, level, said), expected, "{said}");
            if DAMAGED.is_match(said) || is_slow(format, said) {
                assert_eq!(sign(format, Level::Info, said), expected, "{said}");
            }
        }
    }
}
