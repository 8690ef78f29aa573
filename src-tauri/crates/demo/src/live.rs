//! The world as it is by now: one that is changed while others look at it.

use std::sync::{Arc, PoisonError, RwLock};

use watchkeeper_core::time::Span;

use crate::{sim_time::SimTime, world::World};

/// A world that several look at, and that may become another one. A clone is the same world.
#[derive(Debug, Clone)]
pub struct Live(Arc<RwLock<Arc<World>>>);

impl Live {
    /// The world as it is by now.
    pub fn world(&self) -> Arc<World> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The world with the instant of `time` at which it is so: what is changed afterwards changes nothing before that.
    pub fn at(&self, time: &SimTime) -> (Arc<World>, Span) {
        let world = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (world.clone(), time.now())
    }

    /// Makes another world of it, as `change` says of the present one at the present instant of `time`, which is
    /// returned.
    pub fn change(&self, time: &SimTime, change: impl FnOnce(&World, Span) -> World) -> Span {
        let mut world = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let now = time.now();
        *world = Arc::new(change(&world, now));
        now
    }
}

impl From<Arc<World>> for Live {
    fn from(world: Arc<World>) -> Self {
        Self(Arc::new(RwLock::new(world)))
    }
}

impl From<&Arc<World>> for Live {
    fn from(world: &Arc<World>) -> Self {
        Arc::clone(world).into()
    }
}

impl From<&Self> for Live {
    fn from(live: &Self) -> Self {
        live.clone()
    }
}
