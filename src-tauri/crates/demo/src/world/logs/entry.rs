//! What is logged when, before it is put into words.

use watchkeeper_core::{
    reading::{ContainerStatus, Source},
    time::Span,
};

use super::{Stream, text};
use crate::{
    fault::{Fault, FaultKind},
    random::{Topic, unit},
    timeline::{HEALTHCHECK_EVERY, Ms, Stay, end, ms},
    world::{World, acts::key},
};

/// One record of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A line of the start, by its number.
    Startup(u8),
    /// A line of an ordinary end.
    Shutdown(u8),
    /// The HEALTHCHECK's own request.
    Healthcheck { status: u16 },
    /// A user's request, by its number in the list of requests.
    Request { what: u8, status: u16 },
    /// A word of the application that says nothing bad.
    Chat(u8),
    /// The last words before a crash.
    Crash,
    /// The database cannot be reached.
    DatabaseError,
    /// A query took long.
    SlowQuery { ms: u32 },
    /// The database found a damaged page.
    Corruption,
    /// An error, by its number in the list of errors.
    Error(u8),
    /// A warning, by its number in the list of warnings.
    Warning(u8),
    /// A stranger tried a password.
    RefusedLogin,
}

/// A user's request, as it comes to the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world) struct Visit {
    /// Such as `GET /`.
    pub(in crate::world) request: &'static str,
    /// What an application that runs answers.
    pub(in crate::world) status: u16,
    /// Whether it is for the page or one of its assets.
    pub(in crate::world) of_page: bool,
}

/// In each slot of this length one user does something, or nobody does.
const SLOT: Ms = 5_000;

/// The share of slots, in percent, in which somebody does.
const BUSY: u64 = 35;

impl Entry {
    /// Whether it is written on healthy days too.
    pub(super) const fn is_ordinary(&self) -> bool {
        matches!(
            self,
            Self::Startup(_)
                | Self::Shutdown(_)
                | Self::Healthcheck { .. }
                | Self::Request { .. }
                | Self::Chat(_)
                | Self::Crash
        )
    }

    pub(super) const fn stream(&self) -> Stream {
        match self {
            Self::Startup(0) | Self::Healthcheck { .. } | Self::Request { .. } | Self::RefusedLogin => {
                Stream::Stdout
            }
            _ => Stream::Stderr,
        }
    }

    /// Whether reading it gives a record that is kept.
    pub(super) const fn is_notable(&self) -> bool {
        matches!(
            self,
            Self::Crash
                | Self::DatabaseError
                | Self::SlowQuery { .. }
                | Self::Corruption
                | Self::Error(_)
                | Self::Warning(_)
        )
    }

    /// The status of a request, and whether it is a login.
    pub(super) const fn access(&self) -> Option<(u16, bool)> {
        match *self {
            Self::Healthcheck { status } => Some((status, false)),
            Self::Request { what, status } => Some((status, what == text::LOGIN)),
            Self::RefusedLogin => Some((401, true)),
            _ => None,
        }
    }
}

impl World {
    /// Tells `each` what is logged in [`from`, `to`), in no particular order.
    pub(super) fn entries(&self, from: Ms, to: Ms, each: &mut impl FnMut(Ms, Entry)) {
        // Each container has a log of its own, and one that was set aside misses what the other writes meanwhile.
        let of = self.timeline.at(to).container;
        let ours = |at: Ms| self.acts.is_empty() || self.timeline.at(at).container == of;
        let mut tell = |at: Ms, entry: Entry| {
            if (from..to).contains(&at) && ours(at) && self.comes_in(at, entry) {
                each(at, entry);
            }
        };
        // The last words of a stay are written before its end, those of a start after its begin.
        for (stay, until, first) in self.timeline.stays(from - self.boot, to.saturating_add(1_000)) {
            self.of_stay(stay, until, first, (from, to), &mut tell);
        }
        for (at, bits) in self.traffic(from, to).filter(|(at, _)| self.serving(*at)) {
            tell(at, self.what_is_done(at, bits));
        }
        for (n, fault) in self.faults.iter().enumerate() {
            if ms(fault.at) < to && end(fault) > from {
                self.of_fault(key(n, self.scenario.faults.len(), ms(fault.at)), fault, (from, to), &mut tell);
            }
        }
    }

    /// What users ask for in [`from`, `to`), whether or not anything answers.
    pub(in crate::world) fn visits(&self, from: Ms, to: Ms) -> impl Iterator<Item = (Ms, Visit)> {
        self.traffic(from, to).filter_map(|(at, bits)| match self.what_is_done(at, bits) {
            Entry::Request { what, status } => {
                Some((at, Visit { request: text::request(what), status, of_page: what <= text::LAST_PAGE }))
            }
            _ => None,
        })
    }

    /// Why the application does not answer at `at`: what a server before it says then, and its words for it.
    pub(in crate::world) fn not_answering(&self, at: Ms) -> Option<(u16, &'static str)> {
        if self.timeline.at(at).status == ContainerStatus::Paused {
            Some((
                504,
                "upstream timed out (110: Operation timed out) while reading response header from upstream",
            ))
        } else {
            (!self.serving(at))
                .then_some((502, "connect() failed (111: Connection refused) while connecting to upstream"))
        }
    }

    /// Whether what is logged comes to the application at all: a front end in a container of its own hands out the page, and
    /// what others ask for comes by way of it.
    fn comes_in(&self, at: Ms, entry: Entry) -> bool {
        match (self.front_end_runs(at), entry) {
            (Some(runs), Entry::Request { what, .. }) => runs && what > text::LAST_PAGE,
            (Some(runs), Entry::RefusedLogin) => runs,
            _ => true,
        }
    }

    /// When somebody does something in [`from`, `to`), with what it is drawn from.
    fn traffic(&self, from: Ms, to: Ms) -> impl Iterator<Item = (Ms, u64)> {
        (from.div_euclid(SLOT)..=to.div_euclid(SLOT)).filter_map(move |slot| {
            let bits = self.draw(Topic::Traffic, 0, slot.cast_unsigned());
            let at = slot * SLOT + ((bits >> 32) % SLOT.cast_unsigned()).cast_signed();
            (bits % 100 < BUSY && (from..to).contains(&at)).then_some((at, bits >> 16))
        })
    }

    fn of_stay(
        &self,
        stay: &Stay,
        until: Ms,
        first: bool,
        window: (Ms, Ms),
        tell: &mut impl FnMut(Ms, Entry),
    ) {
        if stay.status == ContainerStatus::Running && (first || stay.from == stay.started) {
            for n in 0..text::STARTUP {
                let at = stay.started + self.boot * Ms::from(n) / Ms::from(text::STARTUP);
                if at < until {
                    tell(at, Entry::Startup(n));
                }
            }
        }
        if stay.status == ContainerStatus::Running && stay.exists {
            let begin = window.0.max(stay.from).max(stay.started + HEALTHCHECK_EVERY);
            for (_, at) in ticks(stay.started, HEALTHCHECK_EVERY, begin, window.1.min(until)) {
                let status = if self.database_up(at_span(at)) { 200 } else { 503 };
                tell(at, Entry::Healthcheck { status });
            }
        }
        if !first && stay.finished == Some(stay.from) {
            if stay.exit_code == 0 && stay.status == ContainerStatus::Exited && stay.exists {
                for n in 0..text::SHUTDOWN {
                    tell(stay.from - 250 + 60 * Ms::from(n), Entry::Shutdown(n));
                }
            } else if !matches!(stay.exit_code, 0 | 137) {
                tell(stay.from - 20, Entry::Crash);
            }
        }
    }

    fn what_is_done(&self, at: Ms, bits: u64) -> Entry {
        let what = u8::try_from(bits % u64::from(text::REQUESTS + text::CHATS)).unwrap_or(0);
        let Some(request) = (what < text::REQUESTS).then_some(what) else {
            return Entry::Chat(what - text::REQUESTS);
        };
        let page = request <= text::LAST_PAGE;
        let fails = self.active(at_span(at)).any(|f| match f.kind {
            FaultKind::FrontendDown => page,
            FaultKind::ApiDown | FaultKind::DatabaseDown => !page,
            FaultKind::LoginBroken => request == text::LOGIN,
            FaultKind::FlakyEndpoint { source: Source::Api, share } => {
                !page && unit(self.draw(Topic::Flaky, 1_000, at.cast_unsigned())) < share
            }
            _ => false,
        });
        Entry::Request { what: request, status: if fails { 500 } else { 200 } }
    }

    fn of_fault(&self, key: u64, fault: &Fault, window: (Ms, Ms), tell: &mut impl FnMut(Ms, Entry)) {
        let (begin, end) = (ms(fault.at), end(fault));
        let (from, to) = (window.0.max(begin), window.1.min(end));
        // Jitter delays a tick by up to half a period: look at the one before the window too.
        let mut every = |period: Ms, entry: &dyn Fn(u64) -> Entry| {
            let period = period.max(1);
            for (k, tick) in ticks(begin, period, from.saturating_sub(period).max(begin), to) {
                let bits = self.draw(Topic::LogFault, key, k);
                let late =
                    if k == 0 { 0 } else { (bits % (period.cast_unsigned() / 2).max(1)).cast_signed() };
                let at = tick + late;
                if (from..to).contains(&at) && self.serving(at) {
                    tell(at, entry(bits >> 32));
                }
            }
        };
        let hour = 3_600_000;
        match fault.kind {
            FaultKind::DatabaseDown => every(10_000, &|_| Entry::DatabaseError),
            FaultKind::SlowDatabase { ms } => {
                every(20_000, &|bits| Entry::SlowQuery { ms: ms + u32::try_from(bits % 200).unwrap_or(0) })
            }
            FaultKind::CorruptionInLog => every(300_000, &|_| Entry::Corruption),
            FaultKind::LogErrors { per_hour } if per_hour > 0 => {
                every(hour / Ms::from(per_hour), &|bits| Entry::Error(pick(bits, text::ERRORS)));
            }
            FaultKind::WarningLogs { per_hour } if per_hour > 0 => {
                every(hour / Ms::from(per_hour), &|bits| Entry::Warning(pick(bits, text::WARNINGS)));
            }
            FaultKind::FailedLoginFlood { per_minute } if per_minute > 0 => {
                every(60_000 / Ms::from(per_minute), &|_| Entry::RefusedLogin);
            }
            _ => {}
        }
    }
}

fn pick(bits: u64, of: u8) -> u8 {
    u8::try_from(bits % u64::from(of)).unwrap_or(0)
}

/// The ticks `origin + k × period` in [`from`, `to`), with their k.
pub(in crate::world) fn ticks(origin: Ms, period: Ms, from: Ms, to: Ms) -> impl Iterator<Item = (u64, Ms)> {
    let first = (from.max(origin) - origin + period - 1).div_euclid(period);
    (first..).map(move |k| (k.cast_unsigned(), origin + k * period)).take_while(move |(_, at)| *at < to)
}

fn at_span(at: Ms) -> Span {
    Span::millis(at.max(0).cast_unsigned())
}
