//! `GET /containers/NAME/logs`: frames of standard output and standard error. `follow` is taken for no.

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use watchkeeper_core::{part::Part, time::Span};

use super::{Asked, message, truth};
use crate::{
    shape,
    world::{Stream, World},
};

pub(super) fn answer(world: &World, part: Part, t: Span, asked: &Asked) -> Response {
    let (stdout, stderr) = (truth(asked, "stdout", false), truth(asked, "stderr", false));
    if !stdout && !stderr {
        return message(StatusCode::BAD_REQUEST, "Bad parameters: you must choose at least one stream");
    }
    let since = time(asked.get("since"));
    let until = time(asked.get("until"));
    let mut lines = world.log_lines_of(part, None, t);
    lines.retain(|l| {
        let wanted = if l.stream == Stream::Stdout { stdout } else { stderr };
        wanted && since.is_none_or(|s| l.at >= s) && until.is_none_or(|u| l.at <= u)
    });
    let tail = asked.get("tail").and_then(|n| n.parse::<usize>().ok()).unwrap_or(usize::MAX);
    let stamps = truth(asked, "timestamps", false);
    let mut frames = Vec::new();
    for line in lines.iter().skip(lines.len().saturating_sub(tail)) {
        let text = if stamps {
            format!("{} {}\n", shape::stamp(line.at), line.text)
        } else {
            format!("{}\n", line.text)
        };
        frames.extend_from_slice(&[if line.stream == Stream::Stdout { 1 } else { 2 }, 0, 0, 0]);
        frames.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        frames.extend_from_slice(text.as_bytes());
    }
    ([(header::CONTENT_TYPE, "application/vnd.docker.raw-stream")], Body::from(frames)).into_response()
}

/// An instant of a query: seconds since 1970 with up to nine decimals. Nothing, or 0, is no limit.
pub(super) fn time(text: Option<&String>) -> Option<DateTime<Utc>> {
    let text = text?;
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = seconds.parse().ok()?;
    let nanos: u32 = format!("{fraction:0<9}").chars().take(9).collect::<String>().parse().ok()?;
    if seconds == 0 && nanos == 0 {
        return None;
    }
    DateTime::from_timestamp(seconds, nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_as_the_engine_reads_them() {
        for (text, nanos) in [
            ("1768062600", Some(1_768_062_600_000_000_000_i64)),
            ("1768062600.5", Some(1_768_062_600_500_000_000)),
            ("1768062600.000000123", Some(1_768_062_600_000_000_123)),
            ("0", None),
            ("soon", None),
        ] {
            let read = time(Some(&text.to_owned())).and_then(|t| t.timestamp_nanos_opt());
            assert_eq!(read, nanos, "{text}");
        }
        assert_eq!(time(None), None);
    }
}
