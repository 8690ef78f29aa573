//! The container's life, worked out beforehand from the faults: what it is at any instant, and the Engine's events.

mod life;

use watchkeeper_core::{
    reading::{ContainerAction, ContainerHealth, ContainerStatus, Source},
    time::Span,
};

pub(crate) use life::Hands;

use crate::{
    fault::{Fault, FaultKind},
    world::Act,
};

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
    /// Whether it is of the previous release.
    pub(crate) old: bool,
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
    pub(crate) old: bool,
    pub(crate) exit_code: Option<i64>,
}

/// The whole life.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timeline {
    stays: Vec<Stay>,
    health: Vec<(Ms, ContainerHealth)>,
    happenings: Vec<Happening>,
    hands: Hands,
}

impl Timeline {
    /// The life of a container that was made and started at `born`, with what `faults` and `acts` do to it. A fault that
    /// ends or freezes the container while it is not running begins when it runs again.
    pub(crate) fn new(born: Ms, faults: &[Fault], acts: &[Act]) -> Self {
        let (stays, mut happenings, hands) = life::lived(born, faults, acts);
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
                    old: stay.old,
                    exit_code: None,
                });
            }
        }
        happenings.sort_by_key(|h| h.at);
        Self { stays, health, happenings, hands }
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

    /// What the last roll back has left behind.
    pub(crate) const fn hands(&self) -> &Hands {
        &self.hands
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
