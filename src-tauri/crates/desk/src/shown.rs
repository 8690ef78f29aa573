//! Which notifications are shown now: one of each incident, and not too many, as each holds a connection to the desktop.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use watchkeeper_core::notify::Urgency;
use watchkeeper_engine::ports::Notification;

/// So many are held. Of more, the oldest are let go: some desktops take them away then, and a click on the others leads
/// nowhere. What stays until it is seen is not let go for that.
const MOST: usize = 16;
/// Where all of them stay until they are seen, so many are held, and no more.
const MOST_KEPT: usize = 64;

static SHOWN: Mutex<Shown> = Mutex::new(Shown { all: Vec::new(), count: 0 });

/// What a notification is about: the later one takes the place of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum About {
    /// An incident of a session.
    Incident(String, u32),
    /// Something else of a session, by its title.
    Other(String, String),
}

impl About {
    pub(crate) fn of(session: &str, notification: &Notification) -> Self {
        match notification.incident {
            Some(incident) => Self::Incident(session.to_owned(), incident),
            None => Self::Other(session.to_owned(), notification.title.clone()),
        }
    }
}

/// The notifications, the oldest first.
#[derive(Debug)]
pub(crate) struct Shown {
    all: Vec<Entry>,
    count: u64,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    about: About,
    /// It stays until it is seen.
    kept: bool,
    /// Closes it; when dropped, it is let go.
    close: oneshot::Sender<()>,
}

impl Shown {
    /// Those of this program. None is ever half-noted.
    pub(crate) fn here() -> MutexGuard<'static, Self> {
        SHOWN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether what is shown about it from now on stays until it is seen: something critical, or what takes its place.
    pub(crate) fn is_kept(&self, about: &About, urgency: Urgency) -> bool {
        urgency == Urgency::Critical || self.all.iter().any(|e| e.kept && e.about == *about)
    }

    /// Notes that another one is shown, and closes the one whose place it takes. Gives its number, and what tells that
    /// it is to be closed (`Ok`) or let go.
    pub(crate) fn put(&mut self, about: About, kept: bool) -> (u64, oneshot::Receiver<()>) {
        let place = self.all.iter().position(|e| e.about == about);
        if let Some(before) = place.map(|at| self.all.remove(at)) {
            // The person may have closed it in this moment.
            let _ = before.close.send(());
        }
        if self.all.len() >= MOST {
            match self.all.iter().position(|e| !e.kept) {
                Some(oldest) => _ = self.all.remove(oldest),
                None if self.all.len() >= MOST_KEPT => {
                    let lost = self.all.remove(0);
                    tracing::warn!("too many notifications wait to be seen: {:?} is let go", lost.about);
                }
                None => {}
            }
        }
        self.count += 1;
        let (close, closed) = oneshot::channel();
        self.all.push(Entry { number: self.count, about, kept, close });
        (self.count, closed)
    }

    /// It is shown no more.
    pub(crate) fn gone(&mut self, number: u64) {
        self.all.retain(|e| e.number != number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notification(title: &str, urgency: Urgency, incident: Option<u32>) -> Notification {
        Notification { title: title.into(), body: String::new(), urgency, incident }
    }

    #[test]
    fn one_stands_for_each_incident_and_a_night_of_them_does_not_pile_up() {
        let mut shown = Shown { all: Vec::new(), count: 0 };
        let put = |shown: &mut Shown, session: &str, it: &Notification| {
            let about = About::of(session, it);
            let kept = shown.is_kept(&about, it.urgency);
            (kept, shown.put(about, kept))
        };
        let opened = notification("Critical: crash", Urgency::Critical, Some(1));
        let recovered = notification("Recovered: crash", Urgency::Normal, Some(1));
        let missed = notification("Hour 2 was missed", Urgency::Normal, None);
        let (_, (_, mut first)) = put(&mut shown, "a", &opened);
        let (_, (other, mut another)) = put(&mut shown, "b", &opened);
        let (_, (_, mut check)) = put(&mut shown, "a", &missed);
        // The recovery takes the place of its own incident's, and stays as that would have.
        let (kept, (_, mut second)) = put(&mut shown, "a", &recovered);
        assert_eq!((kept, first.try_recv()), (true, Ok(())));
        for open in [&mut another, &mut check, &mut second] {
            assert_eq!(open.try_recv(), Err(oneshot::error::TryRecvError::Empty));
        }
        assert!(!put(&mut shown, "c", &recovered).0);
        shown.gone(other);
        assert_eq!(shown.all.len(), 3);
        // What need not stay is let go first, and the oldest before the newest.
        let mut night = Vec::new();
        for incident in 10..200 {
            night
                .push(put(&mut shown, "a", &notification("Critical", Urgency::Critical, Some(incident))).1.1);
        }
        assert_eq!(shown.all.len(), MOST_KEPT);
        for gone in [&mut check, &mut second] {
            assert_eq!(gone.try_recv(), Err(oneshot::error::TryRecvError::Closed));
        }
        let held = night.iter_mut().map(oneshot::Receiver::try_recv);
        assert_eq!(held.filter(|n| *n != Err(oneshot::error::TryRecvError::Closed)).count(), MOST_KEPT);
    }

    #[test]
    fn what_nobody_has_seen_is_not_let_go_for_what_need_not_stay() {
        let mut shown = Shown { all: Vec::new(), count: 0 };
        let mut critical: Vec<_> =
            (0..20).map(|n| shown.put(About::Incident("a".into(), n), true).1).collect();
        let mut others: Vec<_> =
            (20..60).map(|n| shown.put(About::Incident("a".into(), n), false).1).collect();
        let closed =
            |n: &mut oneshot::Receiver<()>| n.try_recv() == Err(oneshot::error::TryRecvError::Closed);
        assert!(!critical.iter_mut().any(closed) && !closed(&mut others.pop().unwrap()));
        assert!(others.iter_mut().all(closed));
        assert_eq!(shown.all.len(), 21);
    }
}
