//! The end of the program. It never hangs: what does not end in time is given up, and said to be.

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, timeout_at},
};

use crate::{desktop::Desktop, host::Message};

/// A person who quits waits no longer: a watch ends at once, unless it gathers evidence or the disk hangs.
const QUIT: Duration = Duration::from_secs(10);

impl Desktop {
    /// The program is about to end.
    pub(crate) fn is_ending(&self) -> bool {
        self.parting.get().is_some()
    }

    /// Stops every watch, so that each goes on when the program starts again, and waits for it, but not longer than
    /// `within`, nor than was said at first. Gives the sessions that are given up: nothing that was recorded is lost, but
    /// their journals have no farewell, and tell of a gap until they go on.
    pub async fn stop_all(&self, within: Duration) -> Vec<String> {
        let until = Instant::now() + within;
        let until = until.min(*self.parting.get_or_init(|| until));
        let live: Vec<_> = self.state().live.iter().map(|(id, watch)| (id.clone(), watch.clone())).collect();
        let mut left: Vec<String> = live.iter().map(|(id, _)| id.clone()).collect();
        let mut parting = JoinSet::new();
        for (id, mut watch) in live {
            parting.spawn(async move {
                watch.handle.stop("the program was ended").await;
                // The sender goes with the watch's own task: then it is over as well.
                let _ = watch.over.wait_for(|over| *over).await;
                id
            });
        }
        while let Ok(Some(ended)) = timeout_at(until, parting.join_next()).await {
            if let Ok(ended) = ended {
                left.retain(|id| *id != ended);
            }
        }
        left.sort();
        for id in &left {
            tracing::warn!(
                "the watch of {id} did not end in time and is given up; its journal tells of a gap"
            );
        }
        left
    }

    /// Ends the program. Where a watch stands it is `stop`ped first, or else the person is asked: by the page, or by a
    /// dialog of the system's where no page answers.
    pub async fn quit(&self, stop: bool) {
        if self.is_watching() && !stop && !self.is_ending() {
            if self.host.page_answers().await {
                self.host.tell(Message::AskedToQuit);
                return;
            }
            if self.asking.swap(true, SeqCst) {
                return;
            }
            let wanted = self.host.confirm_quit().await;
            self.asking.store(false, SeqCst);
            if !wanted {
                return;
            }
        }
        self.stop_all(QUIT).await;
        self.host.exit();
    }
}
