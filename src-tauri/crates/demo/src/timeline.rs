//! The container's life, worked out beforehand from the faults: what it is at any instant, and the Engine's events.

use watchkeeper_core::{
    reading::{ContainerAction, ContainerHealth, ContainerStatus, Source},
    time::Span,
};

use crate::fault::{Fault, FaultKind};

/// Milliseconds since the start of the world; negative before it.
pub(crate) type Ms = i64;

/// Never.
pub(crate) const FOREVER: Ms = Ms::MAX / 4;

/// How often the image's HEALTHCHECK runs; three failures in a row make the container unhealthy.
pub(crate) const HEALTHCHECK_EVERY: Ms = 30_000;

/// Memory in use shortly after a start and when warm, and the limit, in MiB.
pub(crate) const COLD_MIB: f64 = 330.0;
pub(crate) const WARM_MIB: f64 = 412.0;
pub(crate) const LIMIT_MIB: f64 = 1_024.0;

/// How long an operator's stop takes: the application ends its requests and says 0.
const STOP: Ms = 300;

/// How long the container is away after the kernel ended a leak.
const AFTER_LEAK: Ms = 5_000;

/// How far a leak without an end is followed: some 250 deaths.
const MOST_STAYS: usize = 512;

/// What the container is from `from` until the next stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stay {
    pub(crate) from: Ms,
    /// Between removal and creation there is no container of the name.
    pub(crate) exists: bool,
    pub(crate) status: ContainerStatus,
    /// Which container, from 0, and which image.
    pub(crate) container: u32,
    pub(crate) image: u32,
    pub(crate) created: Ms,
    pub(crate) started: Ms,
    pub(crate) finished: Option<Ms>,
    pub(crate) restarts: u64,
    pub(crate) oom: bool,
    pub(crate) exit_code: i64,
}

/// One event of the Engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Happening {
    pub(crate) at: Ms,
    pub(crate) action: ContainerAction,
    pub(crate) container: u32,
    pub(crate) image: u32,
    pub(crate) exit_code: Option<i64>,
}

/// The whole life.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timeline {
    stays: Vec<Stay>,
    health: Vec<(Ms, ContainerHealth)>,
    happenings: Vec<Happening>,
}

impl Timeline {
    /// The life of a container that was made and started at `born`, with what `faults` do to it. One that ends or
    /// freezes the container while it is not running begins when it runs again.
    pub(crate) fn new(born: Ms, faults: &[Fault]) -> Self {
        let mut life = Life::begin(born);
        let mut queue: Vec<&Fault> = faults.iter().filter(|f| f.kind.is_of_container()).collect();
        queue.sort_by_key(|f| f.at);
        let mut queue = queue.into_iter().peekable();
        loop {
            let next = queue.peek().map(|f| ms(f.at).max(life.free));
            let leaks = life.stays.len() < MOST_STAYS;
            let full = if leaks { leak_ends(life.now.started, life.free, faults) } else { None };
            match (full, next) {
                (Some(end), next) if next.is_none_or(|n| end < n) => {
                    life.die(end, 137, true, Some(AFTER_LEAK));
                }
                (_, Some(at)) => {
                    if let Some(fault) = queue.next() {
                        life.suffer(fault, at);
                    }
                }
                _ => break,
            }
            if life.free == FOREVER {
                break;
            }
        }
        let Life { stays, mut happenings, .. } = life;
        let health = health(&stays, faults);
        // The first word after a start is part of the start; each change afterwards is an event.
        for (at, word) in &health {
            if *word != ContainerHealth::Starting {
                let stay = stay_at(&stays, *at);
                happenings.push(Happening {
                    at: *at,
                    action: ContainerAction::Health(*word),
                    container: stay.container,
                    image: stay.image,
                    exit_code: None,
                });
            }
        }
        happenings.sort_by_key(|h| h.at);
        Self { stays, health, happenings }
    }

    /// What the container is at `t`.
    pub(crate) fn at(&self, t: Ms) -> &Stay {
        stay_at(&self.stays, t)
    }

    /// The stays that have a part in [`from`, `to`), each with its end and whether it is the very first.
    pub(crate) fn stays(&self, from: Ms, to: Ms) -> impl Iterator<Item = (&Stay, Ms, bool)> {
        let first = self.stays.partition_point(|s| s.from <= from).saturating_sub(1);
        let until = |i: usize| self.stays.get(i + 1).map_or(FOREVER, |s| s.from);
        let stays = self.stays.iter().enumerate().skip(first).take_while(move |(_, s)| s.from < to);
        stays.map(move |(i, s)| (s, until(i), i == 0))
    }

    /// What the HEALTHCHECK says at `t`. Of a container that does not run the Engine says unhealthy.
    pub(crate) fn health_at(&self, t: Ms) -> ContainerHealth {
        if !matches!(self.at(t).status, ContainerStatus::Running | ContainerStatus::Paused) {
            return ContainerHealth::Unhealthy;
        }
        let n = self.health.partition_point(|(from, _)| *from <= t);
        n.checked_sub(1).and_then(|i| self.health.get(i)).map_or(ContainerHealth::Starting, |(_, h)| *h)
    }

    /// The Engine's events in [`from`, `to`).
    pub(crate) fn happenings(&self, from: Ms, to: Ms) -> &[Happening] {
        let a = self.happenings.partition_point(|h| h.at < from);
        let b = self.happenings.partition_point(|h| h.at < to);
        self.happenings.get(a..b).unwrap_or_default()
    }
}

/// A span as milliseconds that may be subtracted.
pub(crate) fn ms(t: Span) -> Ms {
    Ms::try_from(t.as_millis()).unwrap_or(FOREVER).min(FOREVER)
}

/// When `fault` ends.
pub(crate) fn end(fault: &Fault) -> Ms {
    fault.end().map_or(FOREVER, ms)
}

fn stay_at(stays: &[Stay], t: Ms) -> &Stay {
    let n = stays.partition_point(|s| s.from <= t);
    // The first stay has no beginning, so there is always one.
    &stays[n.saturating_sub(1)]
}

/// The container while its life is worked out.
struct Life {
    now: Stay,
    stays: Vec<Stay>,
    happenings: Vec<Happening>,
    /// From when on it runs again, and the next thing may happen to it; [`FOREVER`] when it does not come back.
    free: Ms,
}

impl Life {
    fn begin(born: Ms) -> Self {
        let now = Stay {
            from: -FOREVER,
            exists: true,
            status: ContainerStatus::Running,
            container: 0,
            image: 0,
            created: born,
            started: born,
            finished: None,
            restarts: 0,
            oom: false,
            exit_code: 0,
        };
        let mut life = Self { now, stays: vec![now], happenings: Vec::new(), free: born };
        life.tell(born, ContainerAction::Create, None);
        life.tell(born, ContainerAction::Start, None);
        life
    }

    fn suffer(&mut self, fault: &Fault, at: Ms) {
        let lasts = fault.kind.length(fault.lasts).map(ms);
        match fault.kind {
            FaultKind::ContainerCrash { exit_code } => self.die(at, exit_code, false, lasts),
            FaultKind::OomKill => self.die(at, 137, true, lasts),
            FaultKind::OperatorRestart => {
                self.stop(at);
                if self.back(at, lasts) {
                    self.start(self.free, 0);
                    self.tell(self.free, ContainerAction::Restart, None);
                }
            }
            FaultKind::ContainerStopped => {
                self.stop(at);
                if self.back(at, lasts) {
                    self.start(self.free, 0);
                }
            }
            FaultKind::ContainerPaused => {
                self.tell(at, ContainerAction::Pause, None);
                self.stay(Stay { from: at, status: ContainerStatus::Paused, ..self.now });
                if self.back(at, lasts) {
                    self.tell(self.free, ContainerAction::Unpause, None);
                    self.stay(Stay { from: self.free, status: ContainerStatus::Running, ..self.now });
                }
            }
            FaultKind::ContainerRecreated => self.replace(at, lasts, 0),
            FaultKind::ImageSwapped => self.replace(at, lasts, 1),
            _ => {}
        }
    }

    fn die(&mut self, at: Ms, exit_code: i64, oom: bool, lasts: Option<Ms>) {
        if oom {
            self.tell(at, ContainerAction::Oom, None);
        }
        self.tell(at, ContainerAction::Die, Some(exit_code));
        let status = if lasts.is_some() { ContainerStatus::Restarting } else { ContainerStatus::Exited };
        self.stay(Stay { from: at, status, finished: Some(at), oom, exit_code, ..self.now });
        if self.back(at, lasts) {
            self.start(self.free, self.now.restarts + 1);
        }
    }

    fn stop(&mut self, at: Ms) {
        self.tell(at, ContainerAction::Kill(Some("15".into())), None);
        self.tell(at + STOP, ContainerAction::Die, Some(0));
        self.tell(at + STOP, ContainerAction::Stop, None);
        let (from, status) = (at + STOP, ContainerStatus::Exited);
        self.stay(Stay { from, status, finished: Some(from), oom: false, exit_code: 0, ..self.now });
    }

    fn replace(&mut self, at: Ms, lasts: Option<Ms>, images: u32) {
        self.stop(at);
        let gone = at + STOP;
        self.tell(gone, ContainerAction::Destroy, None);
        self.stay(Stay { from: gone, exists: false, ..self.now });
        if self.back(at, lasts) {
            let free = self.free;
            let (container, image) = (self.now.container + 1, self.now.image + images);
            self.now = Stay { exists: true, container, image, created: free, finished: None, ..self.now };
            self.tell(free, ContainerAction::Create, None);
            self.start(free, 0);
        }
    }

    /// Sets when it runs again; whether it does. Never before an operator's stop is through.
    fn back(&mut self, at: Ms, lasts: Option<Ms>) -> bool {
        self.free = lasts.map_or(FOREVER, |l| (at + l.max(STOP + 100)).min(FOREVER));
        self.free < FOREVER
    }

    fn start(&mut self, at: Ms, restarts: u64) {
        self.tell(at, ContainerAction::Start, None);
        let status = ContainerStatus::Running;
        self.stay(Stay { from: at, status, started: at, restarts, oom: false, exit_code: 0, ..self.now });
    }

    fn stay(&mut self, stay: Stay) {
        self.now = stay;
        self.stays.push(stay);
    }

    fn tell(&mut self, at: Ms, action: ContainerAction, exit_code: Option<i64>) {
        let (container, image) = (self.now.container, self.now.image);
        self.happenings.push(Happening { at, action, container, image, exit_code });
    }
}

/// When a leak reaches the limit in the life that began at `started`, if it does, and not before `from`.
fn leak_ends(started: Ms, from: Ms, faults: &[Fault]) -> Option<Ms> {
    faults
        .iter()
        .filter_map(|f| match f.kind {
            FaultKind::MemoryLeak { mib_per_hour } if mib_per_hour > 0.0 => {
                let begun = ms(f.at).max(started);
                let full = begun + ((LIMIT_MIB - WARM_MIB) / mib_per_hour * 3_600_000.0) as Ms;
                (full < end(f) && full >= from).then_some(full)
            }
            _ => None,
        })
        .min()
}

/// The HEALTHCHECK's changes of mind.
fn health(stays: &[Stay], faults: &[Fault]) -> Vec<(Ms, ContainerHealth)> {
    let mut bad: Vec<(Ms, Ms)> =
        faults.iter().filter(|f| fails_health(f.kind)).map(|f| (ms(f.at), end(f))).collect();
    bad.sort_unstable();
    let failing = |t: Ms| bad.iter().any(|(a, b)| (*a..*b).contains(&t));
    let mut words = Vec::new();
    for (i, stay) in stays.iter().enumerate() {
        let runs = stay.status == ContainerStatus::Running && stay.exists;
        // Thawed: the life goes on and so does the word.
        if !runs || (i > 0 && stay.from != stay.started) {
            continue;
        }
        let alive =
            |s: &&Stay| s.exists && matches!(s.status, ContainerStatus::Running | ContainerStatus::Paused);
        let until = stays.iter().skip(i + 1).find(|s| !alive(s)).map_or(FOREVER, |s| s.from);
        words.push((stay.started, ContainerHealth::Starting));
        let check = |n: Ms| stay.started + n * HEALTHCHECK_EVERY;
        let mut word = ContainerHealth::Starting;
        let mut failures = 0;
        let mut n = 1;
        while check(n) < until {
            let t = check(n);
            if failing(t) {
                failures += 1;
                if failures == 3 && word != ContainerHealth::Unhealthy {
                    word = ContainerHealth::Unhealthy;
                    words.push((t, word));
                }
            } else {
                failures = 0;
                if word != ContainerHealth::Healthy {
                    word = ContainerHealth::Healthy;
                    words.push((t, word));
                }
            }
            // Nothing changes until a bad time begins or ends: go straight there.
            let settled = failures == 0 || failures >= 3;
            let change = bad.iter().flat_map(|(a, b)| [*a, *b]).filter(|c| *c > t).min();
            n = match (settled, change) {
                (false, _) => n + 1,
                (true, None) => break,
                (true, Some(c)) if c >= FOREVER => break,
                (true, Some(c)) => {
                    (c - stay.started + HEALTHCHECK_EVERY - 1).div_euclid(HEALTHCHECK_EVERY).max(n + 1)
                }
            };
        }
    }
    words
}

/// Whether the HEALTHCHECK, which asks `/health`, fails under it.
fn fails_health(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::DatabaseDown | FaultKind::HungEndpoint { source: Source::Health })
}

#[cfg(test)]
mod tests;
