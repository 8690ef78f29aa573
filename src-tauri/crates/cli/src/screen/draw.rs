//! The picture itself: from the state at the top to the log at the bottom, at any size.

use ratatui::{
    Frame,
    layout::Rect,
    style::{Color, Modifier, Style},
    text::{Line, Span as Words},
    widgets::Paragraph,
};
use watchkeeper_core::{
    session::IncidentState,
    time::{Span, WatchTime},
    view::{IncidentView, RungState, Stage, View},
};

use super::{Foot, Picture, bar};
use crate::words::{self, Mood};

/// Rows that the log keeps before the baselines get any.
const LEAST_LOG: usize = 4;
/// From here on a checkpoint's countdown shows its seconds.
const SOON: Span = Span::mins(10);
/// From this width on there is room for remarks.
const WIDE: usize = 110;

/// Draws the whole picture.
pub(super) fn draw(frame: &mut Frame<'_>, picture: &Picture<'_>) {
    let area = frame.area();
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let mut rows = head(picture, width);
    let incidents = incidents(picture, width);
    // What is short of room gives way in this order: baselines, then incidents, then the log.
    let free = height.saturating_sub(rows.len() + 1);
    let incidents_get = incidents.len().min(free.saturating_sub(LEAST_LOG).max(1));
    let baselines = baselines(picture, width);
    if rows.len() + baselines.len() + incidents_get + LEAST_LOG < height {
        rows.extend(baselines);
    }
    rows.extend(incidents.into_iter().take(incidents_get));
    let log_gets = height.saturating_sub(rows.len() + 1);
    rows.extend(log(picture, width, log_gets));
    rows.truncate(height.saturating_sub(1));
    rows.resize(height.saturating_sub(1), Line::default());
    rows.push(foot(picture, width));
    let rows = rows.into_iter().skip(usize::from(height == 0)).collect::<Vec<_>>();
    frame.render_widget(
        Paragraph::new(rows),
        Rect { x: area.x, y: area.y, width: area.width, height: area.height },
    );
}

/// Whether the picture shows seconds: a rehearsal, a checkpoint soon, an incident that lasts.
pub(super) fn is_near(view: &View) -> bool {
    words::is_fast(view.opening.pace)
        || view.incidents.iter().any(|i| i.incident.is_running())
        || view.next_check.as_ref().is_some_and(|next| next.due_in < SOON)
}

impl Picture<'_> {
    /// A length of time as it is shown: in minutes, unless every second counts.
    fn shown(&self, span: Span) -> Span {
        let minute = Span::mins(1).as_millis();
        if is_near(self.view) || span.as_millis() < minute {
            span
        } else {
            Span::millis(span.as_millis() / minute * minute)
        }
    }
    fn now(&self) -> WatchTime {
        self.view.now.watch + self.ahead
    }
    fn style(&self, mood: Mood) -> Style {
        if !self.colour {
            return Style::new();
        }
        match mood {
            Mood::Good => Style::new().fg(Color::Green),
            Mood::Warning => Style::new().fg(Color::Yellow),
            Mood::Bad => Style::new().fg(Color::Red),
            Mood::Quiet => Style::new().add_modifier(Modifier::DIM),
        }
    }
    fn told(&self, shape: &'static str, mood: Mood) -> Words<'static> {
        Words::styled(shape, self.style(mood))
    }
}

const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);
const DIM: Style = Style::new().add_modifier(Modifier::DIM);

fn head(picture: &Picture<'_>, width: usize) -> Vec<Line<'static>> {
    let view = picture.view;
    let (shape, word, mood) = words::headline(view);
    let utc = view.now.utc + view.opening.pace.utc_span(picture.ahead).to_chrono();
    let what = format!(
        "   v{} on {} ({})",
        view.opening.release.version, view.opening.deployment.name, view.opening.deployment.environment
    );
    let state = Words::styled(format!("{shape} {word}"), picture.style(mood).add_modifier(Modifier::BOLD));
    let clock = if is_near(view) { words::time(utc) } else { utc.format("%H:%M").to_string() };
    let clock = format!("{clock} UTC");
    let first = ends(vec![state, Words::raw(what)], Words::raw(clock), width);

    let session = format!("{}, {}", view.opening.session, view.opening.owner);
    let kind = words::kind(view).unwrap_or_default();
    let room = width.saturating_sub(session.chars().count() + 2);
    // Of a simulation or a rehearsal its name matters least.
    let kind =
        if kind.chars().count() <= room { kind } else { words::cut(&kind, room.max("SIMULATED".len())) };
    let session = Words::styled(session, DIM);
    let second = ends(vec![session], Words::styled(kind, picture.style(Mood::Warning)), width);

    let cells = bar::cells(view, picture.now(), width);
    let line = cells.into_iter().map(|cell| {
        let style = picture.style(cell.mood);
        Words::styled(cell.shape, if cell.now { style.add_modifier(Modifier::REVERSED) } else { style })
    });

    let length = view.opening.plan.length;
    let elapsed = (view.elapsed + picture.ahead).min(length);
    let percent = elapsed.as_millis() * 100 / length.as_millis().max(1);
    let phase = view.phase.clone().map(|p| format!(" · {p}")).unwrap_or_default();
    let elapsed = picture.shown(elapsed);
    let passed = Words::raw(format!("{elapsed} of {length} ({percent} %){phase}"));
    let coverage = format!("observed {:.1} %", view.coverage_percent);
    let mut head = vec![
        first,
        second,
        Line::from_iter(line),
        ends(vec![passed], Words::raw(coverage), width),
        next(picture, width),
    ];
    head.extend(ladder(picture, width));
    head
}

fn next(picture: &Picture<'_>, width: usize) -> Line<'static> {
    let view = picture.view;
    let text = match (&view.next_check, view.stage) {
        (_, Stage::SignedOff) => "Signed off and closed".to_owned(),
        (_, Stage::Concluded) => format!("Over: {} — {}", view.verdict.finding.label(), view.verdict.reason),
        (Some(next), _) => {
            let left = picture.shown(next.due_in.saturating_sub(picture.ahead));
            let at = next.due.format("%H:%M UTC");
            if left == Span::ZERO {
                format!("Next: {} now", next.title)
            } else {
                format!("Next: {} at {at}, in {left}", next.title)
            }
        }
        (None, _) => "No checkpoint is left".into(),
    };
    let taken = view.checks.iter().filter(|c| c.check.result.is_some()).count();
    let right = Words::styled(format!("{taken} of {} checks", view.checks.len()), DIM);
    ends(vec![Words::styled(text, BOLD)], right, width)
}

fn ladder(picture: &Picture<'_>, width: usize) -> Vec<Line<'static>> {
    let short = ["PC", "network", "NAS", "Docker", "container", "API", "database"];
    let mut line = Vec::new();
    for (rung, name) in picture.view.ladder.iter().zip(short) {
        let (shape, _, mood) = words::rung(rung.state);
        line.push(picture.told(shape, mood));
        line.push(Words::raw(format!(" {name}  ")));
    }
    let mut lines = vec![Line::from(line)];
    // What is behind the first broken rung cannot be seen.
    if let Some(broken) = picture.view.ladder.iter().find(|rung| rung.state == RungState::Bad) {
        let text = words::cut(&format!("  {}: {}", broken.place.label(), broken.detail), width);
        lines.push(Line::styled(text, picture.style(Mood::Bad)));
    }
    lines
}

fn baselines(picture: &Picture<'_>, width: usize) -> Vec<Line<'static>> {
    let wide = width >= WIDE;
    let mut rows =
        vec![Line::styled(format!("  {:<26}{:<26}{:<15}{:>8}", "Baseline", "Now", "Target", "n"), DIM)];
    for baseline in &picture.view.baselines {
        let (shape, _, mood) = words::finding(baseline.finding);
        let text = format!(
            " {:<26}{:<26}{:<15}{:>8}",
            words::cut(baseline.metric.label(), 25),
            words::cut(words::short(&baseline.current), 25),
            words::cut(words::short(&baseline.target), 14),
            baseline.n
        );
        let note = if wide { words::cut(&baseline.note, width.saturating_sub(80)) } else { String::new() };
        rows.push(Line::from(vec![
            picture.told(shape, mood),
            Words::raw(text),
            Words::styled(format!("  {note}"), DIM),
        ]));
    }
    rows
}

/// What lasts, then what waits for a person's word; the gravest first.
fn incidents(picture: &Picture<'_>, width: usize) -> Vec<Line<'static>> {
    let view = picture.view;
    let waits = |i: &&IncidentView| {
        i.incident.explained_by.is_none()
            && (i.incident.state == IncidentState::Open
                || (i.incident.state == IncidentState::Recovered && i.incident.is_critical()))
    };
    let mut shown: Vec<&IncidentView> = view.incidents.iter().filter(waits).collect();
    shown.sort_by_key(|i| {
        (i.incident.state != IncidentState::Open, std::cmp::Reverse(i.severity), i.incident.id)
    });
    if shown.is_empty() {
        let past = match view.incidents.len() {
            0 => "No incidents".to_owned(),
            n => format!("No open incidents; {} before", words::counted(n, "incident", "incidents")),
        };
        return vec![Line::styled(past, DIM)];
    }
    shown.into_iter().flat_map(|it| incident(picture, it, width)).collect()
}

fn incident(picture: &Picture<'_>, it: &IncidentView, width: usize) -> Vec<Line<'static>> {
    let (shape, word, mood) = words::severity(it.severity);
    let open = it.incident.state == IncidentState::Open;
    let (state, mood) = if open {
        (format!("{} for {}", words::incident(it), it.lasted + picture.ahead), mood)
    } else {
        ("recovered; close it with its cause".to_owned(), Mood::Quiet)
    };
    let title = format!(" #{} {word}: {} ({}), ", it.incident.id, it.title, it.incident.problem.subject);
    let mut rows = vec![Line::from(vec![
        picture.told(shape, mood),
        Words::styled(words::cut(&title, width.saturating_sub(state.chars().count() + 1)), BOLD),
        Words::styled(state, picture.style(mood)),
    ])];
    let steps: Vec<String> =
        it.escalation.iter().filter_map(|s| words::step(s, picture.view, picture.ahead)).collect();
    if open && !steps.is_empty() {
        let one = format!("    {}", steps.join(" · "));
        let lines = if one.chars().count() <= width {
            vec![one]
        } else {
            steps.iter().map(|step| format!("    {step}")).collect()
        };
        rows.extend(lines.iter().map(|line| Line::styled(words::cut(line, width), picture.style(mood))));
    }
    if open && it.incident.acknowledged.is_none() && it.incident.is_critical() {
        let hint = format!("    watchkeeper ack {} --reason \"…\"   says that you are at it", it.incident.id);
        rows.push(Line::styled(words::cut(&hint, width), DIM));
    }
    rows
}

fn log(picture: &Picture<'_>, width: usize, rows: usize) -> Vec<Line<'static>> {
    let log = &picture.view.log;
    let rule = "─".repeat(width);
    let mut lines = vec![Line::styled(rule, DIM)];
    for line in log.iter().skip(log.len().saturating_sub(rows.saturating_sub(1))) {
        let (shape, mood) = match line.severity {
            Some(severity) => {
                let (shape, _, mood) = words::severity(severity);
                (shape, mood)
            }
            None => (" ", Mood::Quiet),
        };
        let text = line.text.replace('\n', " ");
        lines.push(Line::from(vec![
            Words::styled(format!("{} ", words::time(line.moment.utc)), DIM),
            picture.told(shape, mood),
            Words::raw(format!(" {}", words::cut(&text, width.saturating_sub(11)))),
        ]));
    }
    lines
}

fn foot(picture: &Picture<'_>, width: usize) -> Line<'static> {
    match &picture.foot {
        Foot::Hint => Line::styled(words::cut("Ctrl-C stops the watch; it can be resumed", width), DIM),
        Foot::Told(text) => {
            Line::styled(words::cut(&format!("» {text}"), width), picture.style(Mood::Warning))
        }
        Foot::Confirm => {
            Line::styled(words::cut("Stop the watch? Press q again; any other key goes on", width), BOLD)
        }
        Foot::Stopping => Line::styled(words::cut("Stopping …", width), BOLD),
    }
}

/// Something at the left, something at the right. The left gives way.
fn ends(left: Vec<Words<'static>>, right: Words<'static>, width: usize) -> Line<'static> {
    let right_width = right.width();
    let room = width.saturating_sub(right_width + usize::from(right_width > 0));
    let mut line = Vec::new();
    let mut used = 0;
    for words in left {
        let text = words::cut(&words.content, room - used);
        used += text.chars().count();
        line.push(Words::styled(text, words.style));
    }
    line.push(Words::raw(" ".repeat(width.saturating_sub(used + right_width))));
    line.push(right);
    Line::from(line)
}

/// For the tests of this picture and for those who want one without a terminal.
#[cfg(test)]
pub(crate) fn rows_of(view: &View, width: u16, height: u16, foot: Foot) -> Vec<String> {
    use ratatui::{Terminal, backend::TestBackend};
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let picture = Picture { view, ahead: Span::ZERO, colour: true, foot };
    terminal.draw(|frame| draw(frame, &picture)).unwrap();
    let buffer = terminal.backend().buffer();
    (0..height)
        .map(|y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned())
        .collect()
}

#[cfg(test)]
#[path = "draw_tests.rs"]
mod tests;
