//! How long to wait before connecting again.

use std::time::Duration;

use rand::{TryRng, rngs::SysRng};
use tokio::time::sleep;

use super::events::Patience;

/// Waits that double from one try to the next.
#[derive(Debug)]
pub(super) struct Backoff {
    patience: Patience,
    next: Duration,
}

impl Backoff {
    pub(super) const fn new(patience: Patience) -> Self {
        Self { patience, next: patience.first }
    }

    /// Waits, after a connection that held for `held`; zero where none came about. Only one that held is a reason to be
    /// quick again: an Engine that takes connections and ends them at once is not knocked at twice a second.
    pub(super) async fn pause(&mut self, held: Duration) {
        sleep(self.wait(held).mul_f64(jitter())).await;
    }

    fn wait(&mut self, held: Duration) -> Duration {
        if held >= self.patience.longest {
            self.next = self.patience.first;
        }
        let wait = self.next;
        self.next = (wait * 2).min(self.patience.longest);
        wait
    }
}

/// Between a half and one, so that two watches do not knock in step.
fn jitter() -> f64 {
    let random = SysRng.try_next_u32().unwrap_or(u32::MAX);
    0.5 + f64::from(random) / f64::from(u32::MAX) / 2.0
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waits_double_until_a_connection_held() {
        let patience = Patience::default();
        for (name, held, expected) in [
            (
                "nobody there",
                &[0; 9][..],
                &[500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000][..],
            ),
            ("taken and ended at once", &[0, 10, 29_999, 0], &[500, 1_000, 2_000, 4_000]),
            ("one that held", &[0, 0, 0, 30_000, 0, 0], &[500, 1_000, 2_000, 500, 1_000, 2_000]),
            ("each of them held", &[60_000; 3], &[500, 500, 500]),
        ] {
            let mut backoff = Backoff::new(patience);
            for (try_, (held, expected)) in held.iter().zip(expected).enumerate() {
                let from = Instant::now();
                backoff.pause(Duration::from_millis(*held)).await;
                // The timer is one of whole milliseconds.
                let (waited, most) = (from.elapsed(), Duration::from_millis(*expected));
                assert!(
                    waited >= most / 2 && waited <= most + Duration::from_millis(1),
                    "{name}: {waited:?} before try {try_}, and not {:?} to {most:?}",
                    most / 2
                );
            }
        }
    }

    #[test]
    fn two_watches_do_not_wait_the_same() {
        let waits: Vec<f64> = (0..20).map(|_| jitter()).collect();
        assert!(waits.iter().all(|j| (0.5..=1.0).contains(j)), "{waits:?}");
        assert!(waits.windows(2).any(|w| w[0] != w[1]), "{waits:?}");
    }
}
