//! One line, read by its format: what stands before the message, and the message.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    Level,
    access::{self, Access},
};

/// What a line is by itself.
#[derive(Debug, PartialEq)]
pub(super) enum Line<'a> {
    /// A request of an access log.
    Access(Access),
    /// The first line of a record.
    Head(Head<'a>),
    /// `DETAIL:`, `STATEMENT:` and the like of the PostgreSQL process `pid`: it belongs to the record before it.
    PostgresMore { pid: &'a str, text: &'a str },
    /// Nothing that is known.
    Bare,
}

/// The first line of a record, taken apart.
#[derive(Debug, PartialEq)]
pub(super) struct Head<'a> {
    pub(super) format: Format,
    pub(super) level: Level,
    pub(super) logger: Option<Cow<'a, str>>,
    pub(super) message: Cow<'a, str>,
    /// PostgreSQL's process id.
    pub(super) pid: Option<&'a str>,
    /// A traceback that came inside the record (JSON).
    pub(super) traceback: Option<String>,
}

/// Which program wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Python logging in one of its layouts, uvicorn and alembic among them.
    Python,
    Postgres,
    Nginx,
    Json,
    /// A print, or the first line of what nobody announced.
    Bare,
}

/// Reads `line`, which has no colour codes and no line break.
pub(super) fn read(line: &str) -> Line<'_> {
    let Some(first) = line.bytes().next() else { return Line::Bare };
    let found = match first {
        b'0'..=b'9' => stamped(line).or_else(|| access::combined(line).map(Line::Access)),
        b'A'..=b'Z' => levelled(line),
        b'[' => gunicorn(line),
        b'{' => json(line),
        _ => None,
    };
    // IPv6 clients begin with a letter or a colon.
    let found = found.or_else(|| match first {
        b'a'..=b'f' | b':' => access::combined(line).map(Line::Access),
        _ => None,
    });
    found.unwrap_or(Line::Bare)
}

/// The level that `word` names, in any of the formats.
pub(super) fn level(word: &str) -> Option<Level> {
    Some(match word.to_ascii_uppercase().as_str() {
        "TRACE" | "DEBUG" | "DEBUG1" | "DEBUG2" | "DEBUG3" | "DEBUG4" | "DEBUG5" => Level::Debug,
        "INFO" | "NOTICE" | "LOG" => Level::Info,
        "WARN" | "WARNING" | "WARNI" => Level::Warning,
        "ERROR" | "ERR" => Level::Error,
        "CRITICAL" | "CRITI" | "CRIT" | "FATAL" | "PANIC" | "ALERT" | "EMERG" | "EMERGENCY" => {
            Level::Critical
        }
        _ => return None,
    })
}

fn head<'a>(format: Format, level: Level, logger: Option<&'a str>, message: &'a str) -> Line<'a> {
    Line::Head(Head {
        format,
        level,
        logger: logger.map(Cow::Borrowed),
        message: Cow::Borrowed(message),
        pid: None,
        traceback: None,
    })
}

/// A record of Python logging; with uvicorn's access messages told apart.
fn python<'a>(level: Level, logger: Option<&'a str>, message: &'a str) -> Line<'a> {
    match access::uvicorn(message) {
        Some(found) => Line::Access(found),
        None => head(Format::Python, level, logger, message),
    }
}

/// Lines that begin with a date and a time.
fn stamped(line: &str) -> Option<Line<'_>> {
    let (separator, rest) = after_stamp(line)?;
    if separator == b'/' {
        return nginx(rest);
    }
    if let Some(rest) = rest.strip_prefix(" - ") {
        // 2026-01-09 10:26:32,011 - backend.security.csrf - INFO - [-] - message
        let (logger, rest) = rest.split_once(" - ")?;
        let (word, message) = rest.split_once(" - ").or_else(|| rest.strip_suffix(" -").map(|w| (w, "")))?;
        let level = level(word).filter(|_| is_name(logger))?;
        return Some(python(level, Some(logger), without_request_id(message)));
    }
    let rest = rest.strip_prefix(' ')?;
    if let Some(found) = postgres(rest) {
        return Some(found);
    }
    // SQLAlchemy's echo: 2026-01-09 10:26:32,011 INFO sqlalchemy.engine.Engine SELECT 1
    let (word, rest) = rest.split_once(' ')?;
    let level = level(word)?;
    let (logger, message) = match rest.trim_start().split_once(' ') {
        Some((logger, message)) if logger.contains('.') && is_name(logger) => (Some(logger), message),
        _ => (None, rest),
    };
    Some(python(level, logger, message))
}

/// `[-] - message` or `[request id] - message`.
fn without_request_id(message: &str) -> &str {
    let id = message.strip_prefix('[').and_then(|m| m.split_once("] - "));
    match id {
        Some((id, message)) if !id.contains(' ') => message,
        _ => message,
    }
}

/// `UTC [42] ERROR:  message`, also with a user and database before the level.
fn postgres(rest: &str) -> Option<Line<'_>> {
    let (zone, rest) = rest.split_once(" [")?;
    if zone.len() > 32 || zone.contains(' ') {
        return None;
    }
    let (pid, rest) = rest.split_once("] ")?;
    let pid = pid.split('-').next().filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))?;
    let (before, message) = rest.split_once(":  ").or_else(|| rest.strip_suffix(':').map(|b| (b, "")))?;
    let word = before.rsplit(' ').next()?;
    if matches!(word, "DETAIL" | "HINT" | "STATEMENT" | "CONTEXT" | "QUERY" | "LOCATION" | "BACKTRACE") {
        return Some(Line::PostgresMore { pid, text: rest });
    }
    let level = level(word).filter(|_| word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))?;
    let Line::Head(head) = head(Format::Postgres, level, Some("postgres"), message) else { return None };
    Some(Line::Head(Head { pid: Some(pid), ..head }))
}

/// ` [error] 31#31: *7 message`, the time taken off.
fn nginx(rest: &str) -> Option<Line<'_>> {
    let (word, rest) = rest.strip_prefix(" [")?.split_once("] ")?;
    let level = level(word)?;
    let (process, message) = rest.split_once(": ").unwrap_or(("", rest));
    let known = process.contains('#') && process.bytes().all(|b| b.is_ascii_digit() || b == b'#');
    let message = if known { message } else { rest };
    // The connection's number says nothing to a person.
    let message = match message.strip_prefix('*').and_then(|m| m.split_once(' ')) {
        Some((n, after)) if n.bytes().all(|b| b.is_ascii_digit()) => after,
        _ => message,
    };
    Some(head(Format::Nginx, level, Some("nginx"), message))
}

/// Lines that begin with their level: uvicorn, alembic, and Python's basic layout.
fn levelled(line: &str) -> Option<Line<'_>> {
    let letters = line.bytes().take(9).take_while(u8::is_ascii_uppercase).count();
    let (word, rest) = line.split_at_checked(letters)?;
    let level = level(word)?;
    if let Some(rest) = rest.strip_prefix(':') {
        let message = rest.trim_start();
        if message.len() < rest.len() || rest.is_empty() {
            // INFO:     Started server process [7]
            return Some(python(level, Some("uvicorn"), message));
        }
        // ERROR:root:message
        let (logger, message) = rest.split_once(':').filter(|(l, _)| is_name(l))?;
        return Some(python(level, Some(logger), message));
    }
    // INFO  [alembic.runtime.migration] message; the level is cut and padded to five letters
    let (logger, message) = rest.trim_start().strip_prefix('[')?.split_once("] ")?;
    is_name(logger).then(|| python(level, Some(logger), message))
}

/// `[2026-01-10 16:30:00 +0000] [42] [INFO] message`.
fn gunicorn(line: &str) -> Option<Line<'_>> {
    let (_, rest) = after_stamp(line.strip_prefix('[')?)?;
    let (_zone, rest) = rest.split_once("] [")?;
    let (_pid, rest) = rest.split_once("] [")?;
    let (word, message) = rest.split_once("] ")?;
    Some(python(level(word)?, Some("gunicorn"), message))
}

/// A record as one JSON object: `level` or `levelname`, `message` or `msg`.
fn json(line: &str) -> Option<Line<'_>> {
    if !line.trim_end().ends_with('}') {
        return None;
    }
    let Value::Object(mut fields) = serde_json::from_str(line).ok()? else { return None };
    let mut take = |names: &[&str]| {
        names.iter().find_map(|n| match fields.get_mut(*n) {
            Some(Value::String(s)) => Some(std::mem::take(s)),
            _ => None,
        })
    };
    let word = take(&["level", "levelname", "severity", "log.level", "error_severity"]);
    let message = take(&["message", "msg", "event"]);
    let logger = take(&["logger", "name", "logger_name"]);
    let traceback = take(&["exc_info", "exc_text", "exception", "traceback", "stack_trace"]);
    if word.is_none() && message.is_none() {
        return None;
    }
    Some(Line::Head(Head {
        format: Format::Json,
        level: word.as_deref().and_then(level).unwrap_or(Level::Info),
        logger: logger.filter(|l| is_name(l)).map(Cow::Owned),
        message: message.map_or_else(|| Cow::Borrowed(line), Cow::Owned),
        pid: None,
        traceback: traceback.filter(|t| !t.trim().is_empty()),
    }))
}

/// A logger's name, not a sentence.
fn is_name(name: &str) -> bool {
    (1..=120).contains(&name.len()) && name.chars().all(|c| c.is_alphanumeric() || "_.-<>/".contains(c))
}

/// What follows `2026-01-09 10:26:32,011` and the like (`/` in the date for nginx, `T` before the time, digits of the
/// second or none), and the date's separator.
fn after_stamp(line: &str) -> Option<(u8, &str)> {
    let b = line.as_bytes().first_chunk::<19>()?;
    let separator = b[4];
    let shaped = b.iter().enumerate().all(|(at, c)| match at {
        4 | 7 => *c == separator && matches!(separator, b'-' | b'/'),
        10 => matches!(c, b' ' | b'T'),
        13 | 16 => *c == b':',
        _ => c.is_ascii_digit(),
    });
    if !shaped {
        return None;
    }
    let rest = line.get(19..)?;
    let rest = match rest.strip_prefix([',', '.']) {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    Some((separator, rest))
}

#[cfg(test)]
mod tests;
