//! Closed to the tray, started twice, ended and started again: the watch does not notice, or says so.

use std::time::Duration;

use watchkeeper_store::{Access, Store};
use watchkeeper_tests::window::{
    app::{App, PATIENCE, program},
    desk::{Desk, Ours},
    notifications::Daemon,
    page::{press, says, text},
    screen::Screen,
    tray::Panel,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_watch_outlives_its_window() {
    let desk = Desk::new(1400, 900);
    let mut daemon = Daemon::start(&desk.bus).await;
    let panel = Panel::start(&desk.bus).await;
    let screen = Screen::of(&desk);
    let data = tempfile::tempdir().unwrap();
    let app = App::start(&desk, data.path(), &["--demo"]).await;
    says(&app.page, "Monitoring log").await;
    screen.wait_until_shown(true).await;
    let readings = Readings::of(data.path()).await;
    readings.rise().await;

    // Closed, it goes on in the tray and says so, once for all.
    screen.close();
    screen.wait_until_shown(false).await;
    let said = daemon.wait_for("where it went", |n| n.body.contains("tray")).await;
    readings.rise().await;
    panel.press("Open").await;
    screen.wait_until_shown(true).await;
    screen.close();
    screen.wait_until_shown(false).await;

    // A second start shows the first one's window, and ends.
    let second = desk.command(program()).env("WATCHKEEPER_DATA", data.path()).spawn().unwrap();
    let mut second = Ours(second);
    screen.wait_until_shown(true).await;
    let ended = tokio::task::spawn_blocking(move || second.0.wait().unwrap());
    let ended = tokio::time::timeout(PATIENCE, ended).await.expect("the second start goes on").unwrap();
    assert!(ended.success(), "{ended:?}");
    readings.rise().await;
    let where_it_went = daemon.all().iter().filter(|n| n.body == said.body).count();
    assert_eq!(where_it_went, 1, "{:?}", daemon.all());

    // To quit asks first, as a watch stands.
    panel.press("Quit").await;
    says(&app.page, "Quit and stop watching").await;
    press(&app.page, "Keep watching").await;
    readings.rise().await;
    panel.press("Quit").await;
    says(&app.page, "Quit and stop watching").await;
    // The page goes with the program, perhaps before the driver has its answer.
    let page = app.page.clone();
    let pressed = tokio::spawn(async move { press(&page, "Quit and stop watching").await });
    screen.wait_until_shown(false).await;
    pressed.abort();
    let id = readings.session.clone();
    readings.free().await;
    app.end().await;

    // Started again it goes on where it was, on the same session, and the gap is told.
    let app = App::start(&desk, data.path(), &[]).await;
    says(&app.page, "Watch resumed").await;
    readings.rise().await;
    assert_eq!(Readings::of(data.path()).await.session, id);
    let said = text(&app.page).await;
    assert!(!said.contains("Nothing has been recorded yet"), "{said}");
    app.end().await;
}

/// What the journal says meanwhile, seen from outside of the app.
pub(crate) struct Readings {
    store: Store,
    session: String,
}

impl Readings {
    pub(crate) async fn of(data: &std::path::Path) -> Self {
        let store = Store::open(&data.join("watchkeeper.db"), Access::ReadOnly).await.unwrap();
        let looking = async {
            loop {
                if let Some(session) = store.sessions().await.unwrap().first() {
                    return session.id.clone();
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let session = tokio::time::timeout(PATIENCE, looking).await.expect("no session was opened");
        Self { store, session }
    }

    /// Waits until more has been recorded than now.
    pub(crate) async fn rise(&self) {
        let count = async || self.store.counts(&self.session).await.unwrap().readings;
        let before = count().await;
        let looking = async {
            while count().await <= before {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.expect("nothing more was recorded");
    }

    /// Waits until nobody writes the session.
    pub(crate) async fn free(&self) {
        let looking = async {
            while self.store.writer_of(&self.session).unwrap() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.expect("the watch was not ended");
    }
}
