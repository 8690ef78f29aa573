//! Memory, CPU and disk.

use watchkeeper_core::{
    part::Part,
    reading::{ContainerStatus, Usage},
    time::Span,
};

use super::{World, limit_bytes};
use crate::{
    fault::FaultKind,
    random::{Topic, normal, unit},
    timeline::{COLD_MIB, LIMIT_MIB, Ms, WARM_MIB, end, ms},
};

/// How many cores the NAS has.
pub(crate) const CORES: u32 = 4;

const MIB: f64 = 1_048_576.0;

/// How long the application needs to load what it needs.
const WARM_UP: Ms = 60_000;

/// For how long the CPU's noise stays the same.
const CPU_BUCKET: Ms = 30_000;

/// How full the disk is to begin with, in percent.
const DISK_PERCENT: f64 = 41.3;

impl World {
    /// What `docker stats` says of the application's container at `t`; `None` where it does not run. CPU is that of the half
    /// minute in which `t` lies.
    pub fn usage(&self, t: Span) -> Option<Usage> {
        self.usage_of(Part::Application, t)
    }

    /// The same of the container of `part`.
    pub fn usage_of(&self, part: Part, t: Span) -> Option<Usage> {
        let at = ms(t);
        let stay = self.life_of(part)?.at(at);
        let cpu = match stay.status {
            ContainerStatus::Running => self.cpu_share(part, at) * f64::from(CORES),
            ContainerStatus::Paused => 0.0,
            _ => return None,
        };
        stay.exists.then(|| Usage {
            cpu_percent: Some(cpu),
            online_cpus: CORES,
            memory_bytes: (self.memory_mib(part, at) * MIB) as u64,
            memory_limit: Some(limit_bytes(part)),
        })
    }

    /// CPU time that the application's container has used since its start, in nanoseconds; never falls while it runs.
    pub fn cpu_nanos(&self, t: Span) -> u64 {
        self.cpu_nanos_of(Part::Application, t)
    }

    /// The same of the container of `part`.
    pub fn cpu_nanos_of(&self, part: Part, t: Span) -> u64 {
        let at = ms(t);
        let Some(stay) = self.life_of(part).map(|life| life.at(at)) else { return 0 };
        if stay.status != ContainerStatus::Running {
            return 0;
        }
        let nanos = |from: Ms, to: Ms| {
            self.cpu_share(part, from) / 100.0 * f64::from(CORES) * (to - from).max(0) as f64 * 1_000_000.0
        };
        let mut from = stay.started;
        let mut total = 0.0;
        while from < at {
            let edge = (from.div_euclid(CPU_BUCKET) + 1) * CPU_BUCKET;
            let to = self.cpu_edges(from).fold(edge, Ms::min).min(at);
            total += nanos(from, to);
            from = to;
        }
        total as u64
    }

    /// CPU time of the whole NAS since long ago, in nanoseconds.
    pub fn system_nanos(&self, t: Span) -> u64 {
        (t.as_millis() + 86_400_000).saturating_mul(u64::from(CORES)).saturating_mul(1_000_000)
    }

    /// How full the disk is, in percent.
    pub fn disk_percent(&self, t: Span) -> f64 {
        let filled: f64 = self
            .active(t)
            .filter_map(|f| match f.kind {
                FaultKind::DiskFilling { percent_per_hour } => {
                    Some(percent_per_hour * t.saturating_sub(f.at).as_hours_f64())
                }
                _ => None,
            })
            .sum();
        (DISK_PERCENT + filled).min(99.0)
    }

    /// In percent of all cores.
    fn cpu_share(&self, part: Part, at: Ms) -> f64 {
        let bucket = at.div_euclid(CPU_BUCKET).cast_unsigned();
        if !part.is_application() {
            return self.cpu_beside(part, bucket);
        }
        let calm = 7.0 + normal(self.draw(Topic::Cpu, 0, bucket), 2.0);
        let t = Span::millis(at.max(0).cast_unsigned());
        let busy = self.active(t).filter_map(|f| match f.kind {
            FaultKind::HighCpu { percent } => Some((percent + (calm - 7.0) / 2.0).min(100.0)),
            _ => None,
        });
        busy.fold(calm, f64::max)
    }

    /// Where a fault begins or ends to use the CPU, after `from`.
    fn cpu_edges(&self, from: Ms) -> impl Iterator<Item = Ms> {
        let faults = self.faults.iter().filter(|f| matches!(f.kind, FaultKind::HighCpu { .. }));
        faults.flat_map(|f| [ms(f.at), end(f)]).filter(move |e| *e > from)
    }

    fn memory_mib(&self, part: Part, at: Ms) -> f64 {
        let started = self.life_of(part).map_or(at, |life| life.at(at).started);
        if !part.is_application() {
            return self.memory_beside(part, at - started, at);
        }
        let warm = ((at - started) as f64 / WARM_UP as f64).clamp(0.0, 1.0);
        let mut mib = COLD_MIB + (WARM_MIB - COLD_MIB) * warm;
        let noise = 4.0 * normal(self.draw(Topic::Memory, 0, at.cast_unsigned()), 2.5);
        for fault in &self.faults {
            if !(ms(fault.at)..end(fault)).contains(&at) {
                continue;
            }
            match fault.kind {
                FaultKind::MemoryLeak { mib_per_hour } => {
                    mib += mib_per_hour * (at - ms(fault.at).max(started)) as f64 / 3_600_000.0;
                }
                FaultKind::HighMemory { percent } | FaultKind::CapacityUse { percent } => {
                    mib = mib.max(LIMIT_MIB * percent / 100.0);
                }
                _ => {}
            }
        }
        (mib + noise).clamp(1.0, LIMIT_MIB)
    }

    /// Bytes of cached files that the kernel counts as those of the container of `part`.
    pub(crate) fn cache_bytes(&self, part: Part, t: Span) -> u64 {
        if !part.is_application() {
            return limit_bytes(part) / 16;
        }
        (90.0 * MIB + 8.0 * MIB * unit(self.draw(Topic::Memory, 1, t.as_millis()))) as u64
    }
}
