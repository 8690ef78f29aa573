//! One container after the other, and what faults and an operator's hands do to them.

use watchkeeper_core::{
    action::Stage,
    reading::{ContainerAction, ContainerStatus},
};

use super::{FOREVER, Happening, LIMIT_MIB, Ms, Stay, WARM_MIB, end, ms};
use crate::{
    fault::{Fault, FaultKind},
    world::Act,
};

/// How long an operator's stop takes: the application ends its requests and says 0.
const STOP: Ms = 300;

/// How long the container is away after the kernel ended a leak.
const AFTER_LEAK: Ms = 5_000;

/// How far a leak without an end is followed: some 250 deaths.
const MOST_STAYS: usize = 512;

/// From stop to start of `docker restart`.
const RESTART: Ms = 1_200;

/// How long the application tries to reach its database as it starts, before it gives up with [`NO_DATABASE`].
const STARTUP_FAILS: Ms = 4_000;

/// With what uvicorn ends where the application cannot start up.
const NO_DATABASE: i64 = 3;

/// What a roll back has done and nothing has undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Hands {
    /// The container of the previous image, made and not yet in its place.
    pub(crate) made: Option<(u32, Ms)>,
    /// Whether the container was stopped by hand.
    pub(crate) stopped: bool,
    /// The container that was set aside.
    pub(crate) aside: Option<Stay>,
}

/// The whole life, in order of its stays, and what the last roll back has left behind.
pub(super) fn lived(born: Ms, faults: &[Fault], acts: &[Act]) -> (Vec<Stay>, Vec<Happening>, Hands) {
    let mut life = Life::begin(born);
    let mut queue: Vec<&Fault> = faults.iter().filter(|f| f.kind.is_of_container()).collect();
    queue.sort_by_key(|f| f.at);
    let mut queue = queue.into_iter().peekable();
    for act in acts {
        life.until(ms(act.at), faults, &mut queue);
        life.act(*act, faults);
    }
    life.until(FOREVER, faults, &mut queue);
    (life.stays, life.happenings, life.hands)
}

/// The container while its life is worked out.
struct Life {
    now: Stay,
    hands: Hands,
    /// How many containers there have been.
    made: u32,
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
            old: false,
            created: born,
            started: born,
            finished: None,
            restarts: 0,
            oom: false,
            exit_code: 0,
        };
        let stays = vec![now];
        let hands = Hands::default();
        let mut life = Self { now, hands, made: 1, stays, happenings: Vec::new(), free: born };
        life.tell(born, ContainerAction::Create, None);
        life.tell(born, ContainerAction::Start, None);
        life
    }

    fn suffer(&mut self, fault: &Fault, at: Ms) {
        if self.now.old && fault.kind.comes_with_the_release() {
            return;
        }
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

    /// Lives on up to `end`, with what of the `queue` falls into that time.
    fn until<'a>(
        &mut self,
        end: Ms,
        faults: &[Fault],
        queue: &mut std::iter::Peekable<impl Iterator<Item = &'a Fault>>,
    ) {
        while self.free < end {
            let next = queue.peek().map(|f| ms(f.at).max(self.free)).filter(|at| *at < end);
            let leaks = self.stays.len() < MOST_STAYS;
            let full = if leaks { leak_ends(self.now.started, self.free, faults) } else { None };
            match (full.filter(|full| *full < end), next) {
                (Some(full), next) if next.is_none_or(|n| full < n) => {
                    self.die(full, 137, true, Some(AFTER_LEAK));
                }
                (_, Some(at)) => {
                    if let Some(fault) = queue.next() {
                        self.suffer(fault, at);
                    }
                }
                _ => return,
            }
        }
    }

    /// What an operator does. Whatever would have happened to the container from then on is another story now.
    fn act(&mut self, act: Act, faults: &[Fault]) {
        let at = ms(act.at);
        match act.stage {
            Stage::Create => {
                self.hands.made = Some((self.made, at));
                self.made += 1;
                return;
            }
            Stage::Remove if !self.now.old => {
                self.hands.made = None;
                return;
            }
            // Nothing is done by it.
            Stage::Healthy | Stage::Verify => return,
            _ => {}
        }
        self.stays.retain(|s| s.from < at);
        self.happenings.retain(|h| h.at < at);
        if let Some(stay) = self.stays.last() {
            self.now = *stay;
        }
        match act.stage {
            Stage::Restart | Stage::Start if !self.now.exists => self.free = FOREVER,
            Stage::Restart if self.runs() => {
                self.stop(at);
                self.come_up(at + RESTART, faults);
                self.tell(at + RESTART, ContainerAction::Restart, None);
            }
            Stage::Restart | Stage::Start => {
                self.hands.stopped = false;
                self.come_up(at, faults);
            }
            Stage::Stop => {
                self.end(at);
                self.hands.stopped = true;
            }
            Stage::SetAside => {
                self.hands.aside = Some(self.now);
                self.stay(Stay { from: at, exists: false, ..self.now });
                self.free = FOREVER;
            }
            Stage::TakeName => {
                if let Some((container, created)) = self.hands.made.take() {
                    self.stay(Stay {
                        from: at,
                        exists: true,
                        status: ContainerStatus::Created,
                        container,
                        old: true,
                        created,
                        started: FOREVER,
                        finished: None,
                        restarts: 0,
                        oom: false,
                        exit_code: 0,
                        ..self.now
                    });
                    self.tell(at, ContainerAction::Rename, None);
                }
                self.free = FOREVER;
            }
            Stage::Remove => {
                self.end(at);
                let gone = self.now.from.max(at);
                self.tell(gone, ContainerAction::Destroy, None);
                self.stay(Stay { from: gone, exists: false, ..self.now });
            }
            Stage::GiveBack => {
                if let Some(before) = self.hands.aside.take() {
                    self.stay(Stay { from: at, ..before });
                    self.tell(at, ContainerAction::Rename, None);
                }
                self.hands.stopped = true;
                self.free = FOREVER;
            }
            Stage::Create | Stage::Healthy | Stage::Verify => {}
        }
    }

    const fn runs(&self) -> bool {
        self.now.exists && matches!(self.now.status, ContainerStatus::Running | ContainerStatus::Paused)
    }

    /// Is stopped by hand, and stays so; one that does not run is not started again.
    fn end(&mut self, at: Ms) {
        if self.runs() {
            self.stop(at);
        } else if self.now.status == ContainerStatus::Restarting {
            self.stay(Stay { from: at, status: ContainerStatus::Exited, ..self.now });
        }
        self.free = FOREVER;
    }

    /// Is started by hand. Without its database the application does not come up, and the restart policy tries again
    /// until it does.
    fn come_up(&mut self, at: Ms, faults: &[Fault]) {
        self.free = at;
        self.start(at, 0);
        let fails = at + STARTUP_FAILS;
        let down = faults
            .iter()
            .filter(|f| f.kind == FaultKind::DatabaseDown && (ms(f.at)..end(f)).contains(&fails))
            .map(end)
            .max();
        if let Some(back) = down {
            self.die(fails, NO_DATABASE, false, (back < FOREVER).then_some(back - fails));
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
            let (container, image) = (self.made, self.now.image + images);
            self.made += 1;
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
        let Stay { container, image, old, .. } = self.now;
        self.happenings.push(Happening { at, action, container, image, old, exit_code });
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
