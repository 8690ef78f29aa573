//! The report's words: state by mark and word, numbers with units, plural forms.

use watchkeeper_core::{
    checklist::{ItemOutcome, ItemResult},
    matrix::Severity,
    session::IncidentState,
    time::Span,
    verdict::Finding,
    view::View,
};

/// `1 incident`, `1,200 readings`.
pub(crate) fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n as u64), if n == 1 { one } else { many })
}

/// `31,680`.
pub(crate) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `48.2 KiB`.
pub(crate) fn bytes(n: u64) -> String {
    match n {
        1 => "1 byte".into(),
        0..1_024 => format!("{n} bytes"),
        1_024..1_048_576 => format!("{:.1} KiB", n as f64 / 1_024.0),
        _ => format!("{:.1} MiB", n as f64 / 1_048_576.0),
    }
}

/// `24 hours`, `90 minutes`, `1 hour`.
pub(crate) fn long(span: Span) -> String {
    let ms = span.as_millis();
    let whole = |unit: u64, one, many| counted(usize::try_from(ms / unit).unwrap_or(usize::MAX), one, many);
    match ms {
        0 => "no time".into(),
        _ if ms.is_multiple_of(3_600_000) => whole(3_600_000, "hour", "hours"),
        _ if ms.is_multiple_of(60_000) => whole(60_000, "minute", "minutes"),
        _ => span.to_string(),
    }
}

/// `once`, `twice`, `3 times`.
pub(crate) fn times(n: usize) -> String {
    match n {
        1 => "once".into(),
        2 => "twice".into(),
        n => counted(n, "time", "times"),
    }
}

/// How long something took; no time is `at once`.
pub(crate) fn after(span: Span) -> String {
    if span == Span::ZERO { "at once".into() } else { format!("after {span}") }
}

/// `24-hour`, `90-minute`.
pub(crate) fn compound(span: Span) -> String {
    let ms = span.as_millis();
    match ms {
        _ if ms.is_multiple_of(3_600_000) => format!("{}-hour", ms / 3_600_000),
        _ if ms.is_multiple_of(60_000) => format!("{}-minute", ms / 60_000),
        _ => format!("{}-second", ms / 1_000),
    }
}

/// With a capital first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Whether the plan ran at another pace than the world.
pub(crate) fn is_rehearsal(view: &View) -> bool {
    (view.opening.pace.speed - 1.0).abs() > f64::EPSILON
}

/// `✅ PASSED`, …
pub(crate) const fn outcome(outcome: ItemOutcome) -> &'static str {
    match outcome {
        ItemOutcome::Passed => "✅ PASSED",
        ItemOutcome::Failed => "❌ FAILED",
        ItemOutcome::Unknown => "❔ UNKNOWN",
        ItemOutcome::Owed => "✍️ OWED",
    }
}

/// `✅ PASS`, …
pub(crate) const fn finding(finding: Finding) -> &'static str {
    match finding {
        Finding::Pass => "✅ PASS",
        Finding::Fail => "❌ FAIL",
        Finding::Inconclusive => "❔ INCONCLUSIVE",
    }
}

/// `🔴`, …
pub(crate) const fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "🔴",
        Severity::Major => "🟠",
        Severity::Minor => "🟡",
    }
}

/// `🔴 OPEN`, …
pub(crate) const fn incident_state(state: IncidentState) -> &'static str {
    match state {
        IncidentState::Open => "🔴 OPEN",
        IncidentState::Recovered => "🟡 RECOVERED",
        IncidentState::Closed => "✅ CLOSED",
    }
}

/// How many of `lines` have `outcome`.
pub(crate) fn lines_with(lines: &[ItemResult], outcome: ItemOutcome) -> usize {
    lines.iter().filter(|l| l.outcome == outcome).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units_and_plural_forms() {
        assert_eq!(counted(1, "incident", "incidents"), "1 incident");
        assert_eq!(counted(0, "incident", "incidents"), "0 incidents");
        assert_eq!(counted(31_680, "reading", "readings"), "31,680 readings");
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(number(n), text);
        }
        for (n, text) in [(1, "1 byte"), (0, "0 bytes"), (1_023, "1023 bytes"), (49_357, "48.2 KiB")] {
            assert_eq!(bytes(n), text);
        }
        for (span, text, joined) in [
            (Span::hours(24), "24 hours", "24-hour"),
            (Span::hours(1), "1 hour", "1-hour"),
            (Span::mins(90), "90 minutes", "90-minute"),
            (Span::secs(90), "1 min 30 s", "90-second"),
        ] {
            assert_eq!((long(span).as_str(), compound(span).as_str()), (text, joined));
        }
    }
}
