//! The log of a container beside the application's, whatever its format.

use watchkeeper_core::{
    log::{LogBatch, LogReader},
    part::Part,
    time::Span,
};

use super::{nginx, postgres};
use crate::{
    timeline::{Ms, ms},
    world::{LogLine, Stream, World},
};

/// Lines of one window, in whatever order they are found.
pub(super) struct Found {
    from: Ms,
    to: Ms,
    lines: Vec<(Ms, Stream, String)>,
}

impl Found {
    /// Takes the line that `text` makes, where `at` lies in the window.
    pub(super) fn tell(&mut self, at: Ms, stream: Stream, text: impl FnOnce() -> String) {
        if (self.from..self.to).contains(&at) {
            self.lines.push((at, stream, text()));
        }
    }

    /// The window.
    pub(super) const fn window(&self) -> (Ms, Ms) {
        (self.from, self.to)
    }
}

impl World {
    /// The log lines of the container of `part` in [`since`, `to`), or all since it was made, in their order.
    pub fn log_lines_of(&self, part: Part, since: Option<Span>, to: Span) -> Vec<LogLine> {
        let Some(life) = self.life_of(part) else { return Vec::new() };
        let (created, to) = (life.at(ms(to)).created, ms(to));
        let mut found = Found { from: since.map_or(created, |s| ms(s).max(created)), to, lines: Vec::new() };
        match part {
            Part::Application => return self.log_lines(since, Span::millis(to.max(0).cast_unsigned())),
            Part::FrontEnd => nginx::tell(self, life, &mut found),
            Part::Database => postgres::tell(self, life, &mut found),
        }
        found.lines.sort_by_key(|(at, ..)| *at);
        let line = |(at, stream, text)| LogLine { at: self.utc_ms(at), stream, text };
        found.lines.into_iter().map(line).collect()
    }

    /// What reading the lines of [`since`, `to`) of the container of `part` comes to.
    pub fn log_batch_of(&self, part: Part, since: Span, to: Span) -> LogBatch {
        if part.is_application() {
            return self.log_batch(since, to);
        }
        let mut reader = LogReader::default();
        for line in self.log_lines_of(part, Some(since), to) {
            reader.push(line.at, &line.text);
        }
        reader.flush();
        reader.take()
    }
}
