//! The container: what `inspect` shows and what the event stream tells, put together.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Seen, touches::Touches};
use crate::{
    event::{ContainerChange, ContainerNews, Touch},
    part::Part,
    reading::{
        ContainerAction, ContainerEvent, ContainerHealth, ContainerState, ContainerStatus, FailedHealthRun,
    },
    time::WatchTime,
};

/// The fold of inspect answers and events.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Container {
    /// Of which part it is.
    pub part: Part,
    /// The last inspect answer; its id, image and start are what later ones are held against.
    pub state: Option<Seen<ContainerState>>,
    /// Every change, in the order in which it was learned.
    pub news: Vec<ContainerNews>,
    /// Since when it does not run; `None` while it runs or nothing is known.
    pub down_since: Option<WatchTime>,
    /// Until when it was down the last time that it was.
    pub down_until: Option<WatchTime>,
    /// The last change for the worse.
    pub last_bad: Option<WatchTime>,
    /// Inspect answers in a row that show it running and not unhealthy, since the last change for the worse.
    pub good_looks: u32,
    /// Failed runs of its HEALTHCHECK that were read back after a time in which nobody looked, with when they were learned;
    /// the last [`Container::MOST_HEALTH_RUNS`].
    pub health_runs_read_back: Vec<(WatchTime, FailedHealthRun)>,
    /// The start that is known of, by the NAS's clock.
    known_start: Option<DateTime<Utc>>,
    /// The first signal of the present ending: somebody's doing.
    signal: Option<(DateTime<Utc>, Option<String>)>,
    oom: Option<DateTime<Utc>>,
    touches: Touches,
    /// The other image that its image's name was last seen to stand for.
    tag_moved: Option<String>,
    /// It was started, by an event that was read back, and nobody told of the end before.
    unseen_end: bool,
}

/// A start in the event stream comes shortly after the `StartedAt` that it speaks of.
const SAME_START: TimeDelta = TimeDelta::seconds(2);
/// `docker stop` waits this long at most in any sane configuration between its signal and the end.
const STOP_LASTS: TimeDelta = TimeDelta::seconds(300);
/// The kernel's kill and the end of the container lie this close together.
const OOM_LASTS: TimeDelta = TimeDelta::seconds(10);

impl Container {
    /// The most failed runs of the HEALTHCHECK that are kept of those read back.
    pub const MOST_HEALTH_RUNS: usize = 20;

    pub(super) fn of(part: Part) -> Self {
        Self { part, ..Self::default() }
    }

    /// Whether the last look showed it running and nothing worse was heard since.
    pub fn is_up(&self) -> bool {
        self.down_since.is_none()
            && self.state.as_ref().is_some_and(|s| s.value.status == ContainerStatus::Running)
    }

    /// There is no container of that name.
    pub(super) fn gone(&mut self, at: WatchTime) {
        if self.state.is_some() && self.down_since.is_none() {
            self.tell(ContainerChange::Removed, None, at, false);
        }
        self.down_since.get_or_insert(at);
        self.good_looks = 0;
    }

    /// Takes an event in; true where a process began and series start anew.
    pub(super) fn event(&mut self, seen: WatchTime, event: &ContainerEvent, again: bool) -> bool {
        let at = Some(event.at);
        match &event.action {
            ContainerAction::Kill(signal) => {
                // `docker stop` sends a second signal when the first had no effect; the first one says what was meant.
                if !signal.as_deref().is_none_or(is_ending) {
                    return false;
                }
                let fresh = self.signal.as_ref().is_none_or(|(t, _)| event.at - *t > STOP_LASTS);
                if fresh {
                    self.signal = Some((event.at, signal.clone()));
                }
            }
            ContainerAction::Oom => {
                self.oom = Some(event.at);
                let just_died = self.lives().next().is_some_and(|n| {
                    matches!(n.change, ContainerChange::Crashed { .. } | ContainerChange::Killed { .. })
                        && n.at.is_some_and(|t| event.at - t < OOM_LASTS)
                });
                if just_died {
                    self.tell(ContainerChange::OomKilled, at, seen, again);
                }
            }
            ContainerAction::Die => {
                // A look at the container may have told of it already, and even of the start after it.
                if self.known_start.is_none_or(|start| start <= event.at) {
                    self.down_since.get_or_insert(seen);
                }
                let change = self.ending(event);
                if !self.told_ending(event.at) {
                    self.tell(change, at, seen, again);
                }
                self.oom = None;
            }
            ContainerAction::Start => return self.started(seen, event.at, again),
            ContainerAction::Pause => {
                self.down_since.get_or_insert(seen);
                self.tell(ContainerChange::Paused, at, seen, again);
            }
            ContainerAction::Unpause => {
                self.back(seen);
                self.tell(ContainerChange::Unpaused, at, seen, again);
            }
            ContainerAction::Destroy if self.knows(&event.id) => {
                self.down_since.get_or_insert(seen);
                self.tell(ContainerChange::Removed, at, seen, again);
            }
            ContainerAction::Health(ContainerHealth::Unhealthy) => {
                self.good_looks = 0;
                self.tell(ContainerChange::Unhealthy, at, seen, again);
            }
            ContainerAction::Health(ContainerHealth::Healthy) => {
                self.tell(ContainerChange::Healthy, at, seen, again);
            }
            ContainerAction::Exec
            | ContainerAction::CopyOut
            | ContainerAction::CopyIn
            | ContainerAction::Export
            | ContainerAction::Commit
            | ContainerAction::Attach
            | ContainerAction::Update => {
                if let Some(touch) = Touch::of(&event.action) {
                    self.touches.take(touch, event.at, seen, again);
                    self.tell_touches(seen);
                }
            }
            ContainerAction::Health(_)
            | ContainerAction::Create
            | ContainerAction::Stop
            | ContainerAction::Restart
            | ContainerAction::Rename
            | ContainerAction::Destroy
            | ContainerAction::Other(_) => {}
        }
        false
    }

    /// Takes an inspect answer in; true where another process runs now and series start anew.
    pub(super) fn inspect(&mut self, at: WatchTime, now: &ContainerState, again: bool) -> bool {
        let before = self.state.replace(Seen { at, value: now.clone() }).map(|s| s.value);
        let again = again || std::mem::take(&mut self.unseen_end);
        if again && let Some(before) = &before {
            self.read_back_health(at, before, now);
        }
        let mut anew = false;
        self.tell_touches(at);
        match &before {
            None => self.known_start = self.known_start.max(now.started_at),
            Some(before) if before.id != now.id => {
                anew = true;
                self.known_start = now.started_at;
                let change = if before.image_id == now.image_id {
                    ContainerChange::Recreated
                } else {
                    ContainerChange::ImageChanged {
                        from: before.image_id.clone(),
                        to: now.image_id.clone(),
                        name: (before.image == now.image).then(|| now.image.clone()),
                    }
                };
                self.tell(change, now.started_at, at, again);
            }
            Some(before) => {
                if now.oom_killed && !before.oom_killed && !self.told_oom(now.finished_at) {
                    self.tell(ContainerChange::OomKilled, now.finished_at, at, again);
                }
                if self.is_another_start(before, now) {
                    anew = true;
                    self.known_start = now.started_at;
                    // Where its end was told, this is the start after it, and no interruption of its own.
                    let change = if self.down_since.is_some() {
                        ContainerChange::Started
                    } else {
                        ContainerChange::Restarted { restart_count: now.restart_count }
                    };
                    self.tell(change, now.started_at, at, again);
                }
            }
        }
        self.reach(at, before.as_ref(), now, again);
        self.look(at, now, again);
        anew
    }

    /// Holds rights, mounts and ports against those before, and the image against what its name stands for.
    fn reach(&mut self, at: WatchTime, before: Option<&ContainerState>, now: &ContainerState, again: bool) {
        let started = now.started_at.filter(|_| before.is_some_and(|before| before.id != now.id));
        match (before.and_then(|before| before.reach.as_ref()), &now.reach) {
            (Some(old), Some(new)) if old != new => {
                let differences = old.differences(new);
                let grave = differences.iter().any(|d| d.grave);
                let what: Vec<String> = differences.into_iter().map(|d| d.what).collect();
                if !what.is_empty() {
                    self.tell(ContainerChange::ReachChanged { what, grave }, started, at, again);
                }
            }
            (None, Some(new)) => {
                let what = new.notable();
                if !what.is_empty() {
                    self.tell(ContainerChange::ReachesFar { what }, None, at, again);
                }
            }
            _ => {}
        }
        match &now.named_image {
            Some(named) if *named == now.image_id => self.tag_moved = None,
            Some(named) if self.tag_moved.as_ref() != Some(named) => {
                self.tag_moved = Some(named.clone());
                let change = ContainerChange::TagMoved { name: now.image.clone(), to: named.clone() };
                self.tell(change, None, at, again);
            }
            _ => {}
        }
    }

    fn tell_touches(&mut self, now: WatchTime) {
        for (touch, held) in self.touches.due(now) {
            let change = ContainerChange::Touched { touch, times: held.times };
            self.tell(change, Some(held.at), held.seen, held.again);
        }
    }

    /// The newest news of its life and death, newest first.
    fn lives(&self) -> impl Iterator<Item = &ContainerNews> {
        self.news.iter().rev().filter(|n| !n.change.is_of_security()).take(8)
    }

    /// Keeps the failed runs that the last look before did not show.
    fn read_back_health(&mut self, at: WatchTime, before: &ContainerState, now: &ContainerState) {
        let known = &before.failed_health_runs;
        let new = now.failed_health_runs.iter().filter(|run| !known.contains(run));
        self.health_runs_read_back.extend(new.map(|run| (at, run.clone())));
        let over = self.health_runs_read_back.len().saturating_sub(Self::MOST_HEALTH_RUNS);
        self.health_runs_read_back.drain(..over);
    }

    fn look(&mut self, at: WatchTime, now: &ContainerState, again: bool) {
        if now.status == ContainerStatus::Running {
            self.back(at);
            self.good_looks =
                if now.health == ContainerHealth::Unhealthy { 0 } else { self.good_looks.saturating_add(1) };
            return;
        }
        self.good_looks = 0;
        if self.down_since.is_none() {
            // No event told of it: the code is all that is left to go by.
            let change = match (now.status, now.oom_killed, now.exit_code) {
                (ContainerStatus::Paused, _, _) => ContainerChange::Paused,
                (_, true, _) => ContainerChange::OomKilled,
                (_, _, Some(137)) => ContainerChange::Killed { signal: Some("9".into()) },
                (_, _, code @ (Some(0 | 143) | None)) => ContainerChange::Stopped { exit_code: code },
                (_, _, exit_code) => ContainerChange::Crashed { exit_code },
            };
            self.down_since = Some(at);
            self.tell(change, now.finished_at, at, again);
        }
    }

    /// It runs.
    fn back(&mut self, seen: WatchTime) {
        if self.down_since.take().is_some() {
            self.down_until = Some(seen);
        }
    }

    fn started(&mut self, seen: WatchTime, at: DateTime<Utc>, again: bool) -> bool {
        self.signal = None;
        if self.known_start.is_some_and(|known| at <= known + SAME_START && !self.ended_between(known, at)) {
            self.back(seen);
            return false;
        }
        if again && self.is_up() {
            // It ran, and it was started: the Engine does not remember the end in between, as after its own restart. The
            // look that follows each event tells of it.
            self.unseen_end = true;
            return false;
        }
        self.known_start = Some(at);
        self.back(seen);
        self.tell(ContainerChange::Started, Some(at), seen, again);
        true
    }

    fn ending(&self, event: &ContainerEvent) -> ContainerChange {
        let soon_after = |t: &DateTime<Utc>, lasts| event.at >= *t && event.at - *t <= lasts;
        if self.oom.as_ref().is_some_and(|t| soon_after(t, OOM_LASTS)) {
            return ContainerChange::OomKilled;
        }
        match &self.signal {
            Some((t, signal)) if soon_after(t, STOP_LASTS) => {
                if signal.as_deref().is_some_and(is_kill) {
                    ContainerChange::Killed { signal: signal.clone() }
                } else {
                    ContainerChange::Stopped { exit_code: event.exit_code }
                }
            }
            _ => ContainerChange::Crashed { exit_code: event.exit_code },
        }
    }

    fn knows(&self, id: &str) -> bool {
        self.state.as_ref().is_none_or(|s| s.value.id == id)
    }

    /// Whether an end was told that lies between two starts: then they are two, however close together.
    fn ended_between(&self, one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
        self.lives().any(|n| is_ending_of(&n.change) && n.at.is_some_and(|end| one <= end && end <= other))
    }

    /// Whether the start that `now` shows is another one than that which is known of.
    fn is_another_start(&self, before: &ContainerState, now: &ContainerState) -> bool {
        let Some(started) = now.started_at else { return false };
        let Some(known) = self.known_start else { return true };
        let quickly = now.restart_count > before.restart_count || self.ended_between(known, started);
        started > known + SAME_START || (started > known && quickly)
    }

    /// Whether the ending at `at`, by the NAS's clock, was told.
    fn told_ending(&self, at: DateTime<Utc>) -> bool {
        self.lives().any(|n| {
            // Where it was started in between, this is the end of another life.
            let same_life = |told: DateTime<Utc>| {
                self.known_start.is_none_or(|start| start < told.min(at) || start >= told.max(at))
            };
            is_ending_of(&n.change)
                && n.at.is_some_and(|told| (told - at).abs() <= SAME_START && same_life(told))
        })
    }

    fn told_oom(&self, finished: Option<DateTime<Utc>>) -> bool {
        self.lives().any(|n| {
            n.change == ContainerChange::OomKilled
                && match (n.at, finished) {
                    (Some(a), Some(b)) => (a - b).abs() <= OOM_LASTS,
                    _ => true,
                }
        })
    }

    fn tell(
        &mut self,
        change: ContainerChange,
        at: Option<DateTime<Utc>>,
        seen: WatchTime,
        reconstructed: bool,
    ) {
        if change.is_bad() {
            self.last_bad = Some(seen);
            self.good_looks = 0;
        }
        self.news.push(ContainerNews { part: self.part, change, at, seen, reconstructed });
    }
}

const fn is_ending_of(change: &ContainerChange) -> bool {
    matches!(
        change,
        ContainerChange::Crashed { .. }
            | ContainerChange::OomKilled
            | ContainerChange::Killed { .. }
            | ContainerChange::Stopped { .. }
    )
}

/// Whether a process is meant to end by it; SIGHUP or SIGUSR1 only tell it something.
fn is_ending(signal: &str) -> bool {
    let name = signal.strip_prefix("SIG").unwrap_or(signal);
    matches!(name, "2" | "3" | "9" | "15" | "INT" | "QUIT" | "KILL" | "TERM")
}

fn is_kill(signal: &str) -> bool {
    matches!(signal, "9" | "KILL" | "SIGKILL")
}

impl ContainerChange {
    /// Whether the service was interrupted by it, or is another one after it.
    pub const fn is_bad(&self) -> bool {
        !matches!(self, Self::Started | Self::Unpaused | Self::Healthy | Self::Unhealthy)
            && !self.is_of_security()
    }

    /// Whether it tells of hands that were laid on it, or of its rights, and not of its life and death.
    pub const fn is_of_security(&self) -> bool {
        matches!(
            self,
            Self::Touched { .. }
                | Self::ReachChanged { .. }
                | Self::ReachesFar { .. }
                | Self::TagMoved { .. }
        )
    }

    /// For people: what happened, in a few words.
    pub fn describe(&self) -> String {
        let code =
            |c: &Option<i64>| c.map_or_else(|| "unknown exit code".into(), |c| format!("exit code {c}"));
        match self {
            Self::Crashed { exit_code } => format!("Container crashed ({})", code(exit_code)),
            Self::OomKilled => "Container was killed by the kernel: out of memory".into(),
            Self::Killed { signal } => {
                format!(
                    "Container was killed by an operator (signal {})",
                    signal.as_deref().unwrap_or("unknown")
                )
            }
            Self::Stopped { exit_code } => {
                format!("Container was stopped by an operator ({})", code(exit_code))
            }
            Self::Started => "Container started".into(),
            Self::Restarted { restart_count } => {
                format!("Container was restarted (restart count {restart_count})")
            }
            Self::Paused => "Container was paused".into(),
            Self::Unpaused => "Container was unpaused".into(),
            Self::Recreated => "Container was recreated from the same image".into(),
            Self::ImageChanged { from, to, name } => {
                let under = name.as_ref().map_or_else(String::new, |n| format!(" under the same name {n}"));
                format!(
                    "Container was replaced by one from another image{under} ({} → {})",
                    short(from),
                    short(to)
                )
            }
            Self::Removed => "Container was removed".into(),
            Self::Unhealthy => "Container's HEALTHCHECK turned unhealthy".into(),
            Self::Healthy => "Container's HEALTHCHECK turned healthy".into(),
            Self::Touched { touch, times: 1 } => touch.describe().into(),
            Self::Touched { touch, times } => format!("{}, {times} times", touch.describe()),
            Self::ReachChanged { what, .. } => {
                format!("Container has other rights, mounts or ports than before: {}", what.join("; "))
            }
            Self::ReachesFar { what } => {
                format!("Container reaches far into the NAS: it {}", what.join("; it "))
            }
            Self::TagMoved { name, to } => format!(
                "The name {name} stands for another image now ({}); the container runs the old one until it is recreated",
                short(to)
            ),
        }
    }
}

/// Of a digest, as much as tells two apart.
fn short(digest: &str) -> String {
    digest.chars().take(19).collect()
}
