//! What the containers beside the application's use of the machine: little.

use watchkeeper_core::part::Part;

use crate::{
    random::{Topic, normal},
    timeline::Ms,
    world::World,
};

/// How long a fresh process needs until it has the memory that it keeps.
const WARM_UP: Ms = 10 * 60_000;

/// Memory shortly after a start and when warm, in MiB, and CPU in percent of all cores.
struct Use {
    cold: f64,
    warm: f64,
    noise: f64,
    cpu: f64,
}

const fn of(part: Part) -> Use {
    match part {
        Part::Database => Use { cold: 104.0, warm: 156.0, noise: 1.0, cpu: 1.6 },
        Part::FrontEnd | Part::Application => Use { cold: 7.0, warm: 11.0, noise: 0.3, cpu: 0.2 },
    }
}

impl World {
    /// Memory of the container of `part`, that has run for `age`, at `at`, in MiB.
    pub(in crate::world) fn memory_beside(&self, part: Part, age: Ms, at: Ms) -> f64 {
        let Use { cold, warm, noise, .. } = of(part);
        let share = (age as f64 / WARM_UP as f64).clamp(0.0, 1.0);
        let bits = self.draw(Topic::Memory, 2 + part as u64, at.cast_unsigned());
        (cold + (warm - cold) * share + noise * normal(bits, 2.5)).max(1.0)
    }

    /// CPU of the container of `part` in the half minute number `bucket`, in percent of all cores.
    pub(in crate::world) fn cpu_beside(&self, part: Part, bucket: u64) -> f64 {
        let usual = of(part).cpu;
        usual * (1.0 + 0.25 * normal(self.draw(Topic::Cpu, part as u64, bucket), 2.0))
    }
}
