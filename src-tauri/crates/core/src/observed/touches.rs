//! What people do to a container while it runs. A script that does it every second is told of once a minute, with how
//! often; each single time stands in the readings.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    event::Touch,
    reading::ContainerAction,
    time::{Span, WatchTime},
};

/// The time within which what is repeated is counted and not told.
const TOGETHER: Span = Span::mins(1);

/// What was told of late, and what was not told yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Touches {
    told: BTreeMap<Touch, WatchTime>,
    held: BTreeMap<Touch, Held>,
}

/// Touches of one kind that are not told yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Held {
    pub(super) times: u32,
    /// The last one's time, by the NAS's clock.
    pub(super) at: DateTime<Utc>,
    /// When the watch learned of the last one.
    pub(super) seen: WatchTime,
    /// Read back after a gap.
    pub(super) again: bool,
}

impl Touches {
    /// Takes one in; [`Touches::due`] tells when it is to be told.
    pub(super) fn take(&mut self, touch: Touch, at: DateTime<Utc>, seen: WatchTime, again: bool) {
        let held = self.held.entry(touch).or_insert(Held { times: 0, at, seen, again });
        *held = Held { times: held.times.saturating_add(1), at, seen, again: held.again || again };
    }

    /// What is to be told at `now`.
    pub(super) fn due(&mut self, now: WatchTime) -> Vec<(Touch, Held)> {
        let told = &self.told;
        let is_due = |touch: &Touch| told.get(touch).is_none_or(|at| now.since(*at) >= TOGETHER);
        let touches: Vec<Touch> = self.held.keys().copied().filter(is_due).collect();
        let due: Vec<_> = touches.into_iter().filter_map(|t| self.held.remove_entry(&t)).collect();
        self.told.extend(due.iter().map(|(touch, _)| (*touch, now)));
        due
    }
}

impl Touch {
    /// The touch that `action` is, if it is one.
    pub(super) const fn of(action: &ContainerAction) -> Option<Self> {
        Some(match action {
            ContainerAction::Exec => Self::Exec,
            ContainerAction::CopyOut => Self::CopyOut,
            ContainerAction::CopyIn => Self::CopyIn,
            ContainerAction::Export => Self::Export,
            ContainerAction::Commit => Self::Commit,
            ContainerAction::Attach => Self::Attach,
            ContainerAction::Update => Self::Update,
            _ => return None,
        })
    }

    /// Whether it may take secrets out or change what runs. To attach shows what the log shows, and limits are no secret.
    pub const fn is_grave(self) -> bool {
        !matches!(self, Self::Attach | Self::Update)
    }

    /// For people.
    pub(super) const fn describe(self) -> &'static str {
        match self {
            Self::Exec => "Somebody ran a command in the container (docker exec)",
            Self::CopyOut => "Somebody copied files out of the container (docker cp)",
            Self::CopyIn => "Somebody copied files into the container (docker cp)",
            Self::Export => "Somebody copied all files of the container (docker export)",
            Self::Commit => "Somebody made an image of the container with all of its files (docker commit)",
            Self::Attach => "Somebody attached to the container (docker attach)",
            Self::Update => "Somebody changed the container's limits or restart policy (docker update)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_repeated_is_told_once_a_minute_and_none_is_lost() {
        let mut touches = Touches::default();
        let mut told = Vec::new();
        for second in 0..150_u64 {
            let now = WatchTime(second * 1_000);
            if second < 125 {
                let at = DateTime::from_timestamp(i64::try_from(second).unwrap(), 0).unwrap();
                touches.take(Touch::Exec, at, now, false);
            }
            if second == 5 {
                touches.take(Touch::CopyOut, DateTime::UNIX_EPOCH, now, true);
            }
            told.extend(touches.due(now).into_iter().map(|(touch, held)| (second, touch, held.times)));
        }
        let copy = (5, Touch::CopyOut, 1);
        assert_eq!(told, [(0, Touch::Exec, 1), copy, (60, Touch::Exec, 60), (120, Touch::Exec, 60)]);
        let rest = touches.due(WatchTime(180_000));
        assert_eq!(rest.iter().map(|(_, held)| held.times).sum::<u32>(), 4);
    }
}
