//! Access log lines: uvicorn's and nginx's combined format.

use super::AccessCounts;

/// One request of an access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Access {
    status: u16,
    is_login: bool,
}

impl Access {
    /// Counts the request.
    pub(super) fn count(self, counts: &mut AccessCounts) {
        counts.requests = counts.requests.saturating_add(1);
        if self.status >= 500 {
            counts.server_errors = counts.server_errors.saturating_add(1);
        }
        if self.is_login && matches!(self.status, 400 | 401 | 403 | 429) {
            counts.refused_logins = counts.refused_logins.saturating_add(1);
        }
    }
}

/// `172.17.0.1:53870 - "GET /metrics HTTP/1.1" 200 OK`, the level before it taken off.
pub(super) fn uvicorn(message: &str) -> Option<Access> {
    let (client, rest) = message.split_once(" - \"")?;
    if client.contains(' ') {
        return None;
    }
    // The path is percent-encoded, so the last quote ends the request.
    let (request, tail) = rest.rsplit_once('"')?;
    let known = request.split(' ').next_back().is_some_and(|v| v.starts_with("HTTP/"));
    if known { access(request, tail) } else { None }
}

/// `1.2.3.4 - user [10/Jan/2026:16:30:00 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8"`.
pub(super) fn combined(line: &str) -> Option<Access> {
    let (client, rest) = line.split_once(" - ")?;
    if client.is_empty() || client.contains([' ', '"', '[']) {
        return None;
    }
    let (_user, rest) = rest.split_once(" [")?;
    let (time, rest) = rest.split_once("] \"")?;
    if !is_access_time(time) {
        return None;
    }
    // nginx writes a quote inside the request as \x22.
    let (request, tail) = rest.split_once('"')?;
    access(request, tail)
}

/// `tail` is what follows the closing quote of the request: a blank, the status, and more.
fn access(request: &str, tail: &str) -> Option<Access> {
    let mut words = tail.strip_prefix(' ')?.split(' ');
    let status = words.next().filter(|s| s.len() == 3)?.parse().ok().filter(|s| (100..600).contains(s))?;
    let mut request = request.split(' ');
    let is_post = request.next() == Some("POST");
    let path = request.next().unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
    Some(Access { status, is_login: is_post && path.trim_end_matches('/').ends_with("/login") })
}

/// `10/Jan/2026:16:30:00 +0000`.
fn is_access_time(time: &str) -> bool {
    let mut fields = time.split(['/', ':', ' ']);
    let mut number = |digits: usize| {
        fields.next().is_some_and(|f| f.len() == digits && f.bytes().all(|b| b.is_ascii_digit()))
    };
    number(2) && {
        let month = time.get(3..6).is_some_and(|m| m.bytes().all(|b| b.is_ascii_alphabetic()));
        month && time.len() >= 20 && time.get(6..7) == Some("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(found: Option<Access>) -> Option<(u32, u32)> {
        let mut counts = AccessCounts::default();
        found?.count(&mut counts);
        assert_eq!(counts.requests, 1);
        Some((counts.server_errors, counts.refused_logins))
    }

    #[test]
    fn requests_are_known_in_both_formats() {
        for (message, expected) in [
            (r#"172.17.0.1:53870 - "GET /metrics HTTP/1.1" 200 OK"#, Some((0, 0))),
            (r#"172.17.0.1:53870 - "GET /metrics HTTP/1.1" 200"#, Some((0, 0))),
            (r#"172.17.0.1:1 - "GET /api/v1/students/ HTTP/1.1" 500 Internal Server Error"#, Some((1, 0))),
            (r#"::1:1 - "POST /api/v1/auth/login HTTP/1.1" 401 Unauthorized"#, Some((0, 1))),
            (r#"::1:1 - "POST /api/v1/auth/login/?next=x HTTP/1.1" 429 Too Many Requests"#, Some((0, 1))),
            (r#"::1:1 - "POST /api/v1/auth/login HTTP/1.1" 200 OK"#, Some((0, 0))),
            (r#"::1:1 - "GET /login HTTP/1.1" 401 Unauthorized"#, Some((0, 0))),
            (r#"::1:1 - "POST /api/v1/students HTTP/1.1" 401 Unauthorized"#, Some((0, 0))),
            (r#"1.2.3.4:1 - "WebSocket /ws" [accepted]"#, None),
            (r#"he said - "GET x HTTP/1.1" 200 OK"#, None),
            ("Started server process [7]", None),
        ] {
            assert_eq!(counts(uvicorn(message)), expected, "{message}");
        }
        for (line, expected) in [
            (
                r#"1.2.3.4 - - [10/Jan/2026:16:30:00 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.0" "-""#,
                Some((0, 0)),
            ),
            (
                r#"2001:db8::7 - anna [10/Jan/2026:16:30:00 +0200] "GET /api HTTP/2.0" 502 157 "https://x/" "Mozilla""#,
                Some((1, 0)),
            ),
            (
                r#"1.2.3.4 - - [10/Jan/2026:16:30:00 +0000] "POST /api/v1/auth/login HTTP/1.1" 400 12 "-" "-""#,
                Some((0, 1)),
            ),
            (r#"1.2.3.4 - - [10/Jan/2026:16:30:00 +0000] "\x16\x03\x01" 400 157 "-" "-""#, Some((0, 0))),
            (r#"1.2.3.4 - - [10/Jan/2026:16:30:00 +0000] "" 400 0 "-" "-""#, Some((0, 0))),
            (r#"1.2.3.4 - - [soon] "GET / HTTP/1.1" 200 612"#, None),
            (r#"1.2.3.4 - - [10/Jan/2026:16:30:00 +0000] "GET / HTTP/1.1" 2000 612"#, None),
        ] {
            assert_eq!(counts(combined(line)), expected, "{line}");
        }
    }
}
