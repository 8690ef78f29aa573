//! `Retry-After`, as RFC 9110 §10.2.3 has it.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// No server may silence the watch for longer.
const LONGEST: Duration = Duration::from_secs(3_600);

/// How long not to ask again: whole seconds, or a date (by this PC's clock). At most an hour.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc);
            (until - Utc::now()).to_std().unwrap_or(Duration::ZERO)
        }
    };
    Some(wait.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read() {
        for (text, wait) in [
            ("120", Some(Duration::from_secs(120))),
            (" 0 ", Some(Duration::ZERO)),
            ("99999999", Some(LONGEST)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(Duration::ZERO)),
            ("Sat, 06 Nov 2094 08:49:37 GMT", Some(LONGEST)),
            ("", None),
            ("soon", None),
            ("-5", None),
        ] {
            assert_eq!(parse(text), wait, "{text}");
        }
    }
}
