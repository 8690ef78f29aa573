//! The watch as plain lines: for a log file, a pipe, a terminal without a view; and as JSON, a line each.

use std::{
    io::{self, Write},
    time::Duration,
};

use serde_json::json;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep},
};
use watchkeeper_core::{session::LogLine, time::Span, view::View};
use watchkeeper_engine::{WatchHandle, ports::Notification};

use crate::{
    paint::Paint,
    words::{self, Mood},
};

/// New lines are looked for at most this often.
const PAUSE: Duration = Duration::from_millis(100);
/// A line on the progress comes after this much watch time …
const PROGRESS: Span = Span::mins(15);
/// … but not more often than this.
const PROGRESS_PAUSE: Duration = Duration::from_secs(10);

/// How the lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people.
    Plain(Paint),
    /// For scripts.
    Json,
}

/// Prints the lines of a watch, those after the event number `printed` as they come.
pub(crate) struct Lines {
    form: Form,
    printed: u64,
    progress: Option<(Span, Instant)>,
    /// Notifications that are told after the lines which they speak of.
    told: Vec<Notification>,
}

impl Lines {
    pub(crate) fn new(form: Form, printed: u64) -> Self {
        Self { form, printed, progress: None, told: Vec::new() }
    }

    /// Prints until `end` comes. What cannot be printed is let go: the watch does not end with its reader.
    pub(crate) async fn follow(
        mut self,
        watch: WatchHandle,
        mut told: mpsc::UnboundedReceiver<Notification>,
        mut end: oneshot::Receiver<()>,
    ) -> Self {
        let mut changes = watch.changes();
        loop {
            tokio::select! {
                biased;
                _ = &mut end => break,
                Some(notification) = told.recv() => {
                    self.told.push(notification);
                    if let Some(view) = watch.view().await {
                        self.print(&view);
                    }
                }
                changed = changes.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    if let Some(view) = watch.view().await {
                        self.print(&view);
                    }
                    sleep(PAUSE).await;
                }
            }
        }
        self.told.extend(std::iter::from_fn(|| told.try_recv().ok()));
        self
    }

    /// Prints what is new in `view`.
    pub(crate) fn print(&mut self, view: &View) {
        let new = view.log.iter().filter(|line| line.seq > self.printed);
        for line in new {
            let text = match self.form {
                Form::Plain(paint) => plain(line, paint),
                Form::Json => json!({
                    "type": "line",
                    "utc": line.moment.utc,
                    "watch_ms": line.moment.watch,
                    "seq": line.seq,
                    "severity": line.severity,
                    "incident": line.incident,
                    "text": line.text,
                })
                .to_string(),
            };
            put(&text);
        }
        self.printed = self.printed.max(view.head.seq);
        for notification in std::mem::take(&mut self.told) {
            self.tell(&notification);
        }
        if let Form::Plain(paint) = self.form {
            self.progress(view, paint);
        }
    }

    fn progress(&mut self, view: &View, paint: Paint) {
        let (last, at) = *self.progress.get_or_insert((view.elapsed, Instant::now()));
        let due = view.elapsed.saturating_sub(last) >= PROGRESS && at.elapsed() >= PROGRESS_PAUSE;
        if due && view.ended.is_none() {
            put(&paint.dim(progress(view)));
            self.progress = Some((view.elapsed, Instant::now()));
        }
    }

    fn tell(&self, notification: &Notification) {
        put(&match self.form {
            // The rest of it stands in the line of the log.
            Form::Plain(_) => format!("{:<23}  » told      {}", "", notification.title),
            Form::Json => json!({
                "type": "notification",
                "urgency": notification.urgency,
                "title": notification.title,
                "body": notification.body,
            })
            .to_string(),
        });
    }
}

/// `2026-01-10 16:30:05 UTC  ▲ major     text`
pub(crate) fn plain(line: &LogLine, paint: Paint) -> String {
    let severity = line.severity.map_or_else(String::new, |severity| {
        let (shape, word, _) = words::severity(severity);
        format!("{shape} {word}")
    });
    let severity = format!("{severity:<10}");
    let severity = match line.severity.map(words::severity).map(|(_, _, mood)| mood) {
        Some(Mood::Bad) => paint.red(severity),
        Some(Mood::Warning) => paint.yellow(severity),
        _ => severity,
    };
    format!("{}  {severity}  {}", words::stamp(line.moment.utc), line.text.replace('\n', " "))
}

fn progress(view: &View) -> String {
    let percent = view.elapsed.as_millis() * 100 / view.opening.plan.length.as_millis().max(1);
    let (shape, word, _) = words::tone(view.tone);
    let next =
        view.next_check.as_ref().map_or_else(String::new, |n| format!(", next: {} in {}", n.title, n.due_in));
    format!(
        "{}  {shape:<10}  {}, {} of {} ({percent} %), observed {:.1} %{next}",
        words::stamp(view.now.utc),
        word.to_lowercase(),
        view.elapsed,
        view.opening.plan.length,
        view.coverage_percent,
    )
}

/// Prints a line; where nobody reads any more, it is lost.
pub(crate) fn put(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use watchkeeper_core::{
        matrix::Severity,
        time::{Moment, WatchTime},
    };

    use super::*;

    #[test]
    fn lines_tell_when_how_grave_and_what() {
        let utc = chrono::DateTime::from_timestamp(1_768_062_605, 0).unwrap();
        let moment = Moment { utc, watch: WatchTime(5_000) };
        let line = |severity, text: &str| LogLine {
            moment,
            seq: 1,
            severity,
            incident: None,
            text: text.into(),
            kind: None,
        };
        for (severity, text, expected) in [
            (None, "begun", "2026-01-10 16:30:05 UTC              begun"),
            (Some(Severity::Major), "slow", "2026-01-10 16:30:05 UTC  ▲ major     slow"),
            (Some(Severity::Critical), "a\nb", "2026-01-10 16:30:05 UTC  ■ critical  a b"),
        ] {
            assert_eq!(plain(&line(severity, text), Paint::PLAIN), expected);
        }
    }
}
