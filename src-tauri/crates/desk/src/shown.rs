//! Which notifications are shown now: one of each incident, and not too many, as each holds a connection to the desktop.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use watchkeeper_core::notify::Urgency;
use watchkeeper_engine::ports::{About, Notification};

/// So many are held. Of more, the oldest are let go: some desktops take them away then, and a click on the others leads
/// nowhere. What stays until it is seen is not let go for that.
const MOST: usize = 16;
/// Where all of them stay until they are seen, so many are held, and no more.
const MOST_KEPT: usize = 64;

static SHOWN: Mutex<Shown> = Mutex::new(Shown { all: Vec::new(), count: 0 });

/// Where a notification stands: the later one takes the place of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spot {
    session: String,
    about: About,
    /// Of what is about nothing in particular.
    title: Option<String>,
}

impl Spot {
    pub(crate) fn of(session: &str, notification: &Notification) -> Self {
        let title = (notification.about == About::Other).then(|| notification.title.clone());
        Self { session: session.to_owned(), about: notification.about, title }
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
    spot: Spot,
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
    pub(crate) fn is_kept(&self, spot: &Spot, urgency: Urgency) -> bool {
        urgency == Urgency::Critical || self.all.iter().any(|e| e.kept && e.spot == *spot)
    }

    /// Notes that another one is shown, and closes the one whose place it takes. Gives its number, and what tells that
    /// it is to be closed (`Ok`) or let go.
    pub(crate) fn put(&mut self, spot: Spot, kept: bool) -> (u64, oneshot::Receiver<()>) {
        let place = self.all.iter().position(|e| e.spot == spot);
        if let Some(before) = place.map(|at| self.all.remove(at)) {
            // The person may have closed it in this moment.
            let _ = before.close.send(());
        }
        if self.all.len() >= MOST {
            match self.all.iter().position(|e| !e.kept) {
                Some(oldest) => _ = self.all.remove(oldest),
                None if self.all.len() >= MOST_KEPT => {
                    let lost = self.all.remove(0);
                    tracing::warn!("too many notifications wait to be seen: {:?} is let go", lost.spot);
                }
                None => {}
            }
        }
        self.count += 1;
        let (close, closed) = oneshot::channel();
        self.all.push(Entry { number: self.count, spot, kept, close });
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

    fn notification(title: &str, urgency: Urgency, about: About) -> Notification {
        Notification { title: title.into(), body: String::new(), urgency, about }
    }

    #[test]
    fn one_stands_for_each_incident_and_a_night_of_them_does_not_pile_up() {
        let mut shown = Shown { all: Vec::new(), count: 0 };
        let put = |shown: &mut Shown, session: &str, it: &Notification| {
            let spot = Spot::of(session, it);
            let kept = shown.is_kept(&spot, it.urgency);
            (kept, shown.put(spot, kept))
        };
        let opened = notification("Critical: crash", Urgency::Critical, About::Incident(1));
        let recovered = notification("Recovered: crash", Urgency::Normal, About::Incident(1));
        let missed = notification("Hour 2 was missed", Urgency::Normal, About::Other);
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
            night.push(
                put(&mut shown, "a", &notification("Critical", Urgency::Critical, About::Incident(incident)))
                    .1
                    .1,
            );
        }
        assert_eq!(shown.all.len(), MOST_KEPT);
        for gone in [&mut check, &mut second] {
            assert_eq!(gone.try_recv(), Err(oneshot::error::TryRecvError::Closed));
        }
        let held = night.iter_mut().map(oneshot::Receiver::try_recv);
        assert_eq!(held.filter(|n| *n != Err(oneshot::error::TryRecvError::Closed)).count(), MOST_KEPT);
    }

    #[test]
    fn that_the_watch_goes_on_takes_the_place_of_that_it_broke_off() {
        let mut shown = Shown { all: Vec::new(), count: 0 };
        let broke_off = notification("The watch broke off", Urgency::Critical, About::Watch);
        let goes_on = notification("The watch goes on", Urgency::Normal, About::Watch);
        let mut put = |session: &str, it: &Notification| {
            let spot = Spot::of(session, it);
            let kept = shown.is_kept(&spot, it.urgency);
            (kept, shown.put(spot, kept).1)
        };
        let (_, mut first) = put("a", &broke_off);
        let (_, mut another) = put("b", &broke_off);
        // What nobody has seen yet stays to be seen, with its good end.
        assert!(put("a", &goes_on).0);
        assert_eq!(first.try_recv(), Ok(()));
        assert_eq!(another.try_recv(), Err(oneshot::error::TryRecvError::Empty));
    }

    #[test]
    fn what_nobody_has_seen_is_not_let_go_for_what_need_not_stay() {
        let mut shown = Shown { all: Vec::new(), count: 0 };
        let spot = |n| Spot { session: "a".into(), about: About::Incident(n), title: None };
        let mut critical: Vec<_> = (0..20).map(|n| shown.put(spot(n), true).1).collect();
        let mut others: Vec<_> = (20..60).map(|n| shown.put(spot(n), false).1).collect();
        let closed =
            |n: &mut oneshot::Receiver<()>| n.try_recv() == Err(oneshot::error::TryRecvError::Closed);
        assert!(!critical.iter_mut().any(closed) && !closed(&mut others.pop().unwrap()));
        assert!(others.iter_mut().all(closed));
        assert_eq!(shown.all.len(), 21);
    }
}
