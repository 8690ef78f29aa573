//! A notification daemon that notes down what it is shown, and clicks when it is told to.

use std::collections::HashMap;

use tokio::sync::watch;
use zbus::{Connection, OwnedVariant, connection, object_server::SignalEmitter};

use super::app::PATIENCE;

/// A notification as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// The daemon's number for it.
    pub id: u32,
    /// Its first line.
    pub title: String,
    /// What it says below.
    pub body: String,
    /// 0 low, 1 normal, 2 critical.
    pub urgency: u8,
    /// In ms; 0 for ever, -1 as the daemon likes.
    pub timeout: i32,
    /// Keys and labels by turns.
    pub actions: Vec<String>,
}

/// The daemon.
pub struct Daemon {
    bus: Connection,
    arrived: watch::Receiver<Vec<Arrived>>,
}

struct Server(watch::Sender<Vec<Arrived>>);

const PATH: &str = "/org/freedesktop/Notifications";

#[expect(clippy::needless_pass_by_value, reason = "as the interface hands it over")]
#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    #[expect(clippy::too_many_arguments, reason = "as the protocol has it")]
    fn notify(
        &self,
        _app: String,
        replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedVariant>,
        timeout: i32,
    ) -> u32 {
        let urgency = hints.get("urgency").and_then(|v| u8::try_from(v).ok()).unwrap_or(1);
        let mut id = replaces;
        self.0.send_modify(|all| {
            if id == 0 {
                id = u32::try_from(all.len()).unwrap() + 1;
            }
            all.push(Arrived { id, title: summary, body, urgency, timeout, actions });
        });
        id
    }

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "persistence"].map(str::to_owned).to_vec()
    }

    fn close_notification(&self, _id: u32) {}

    fn get_server_information(&self) -> (String, String, String, String) {
        ("tests".into(), "tests".into(), "1".into(), "1.2".into())
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action_key: &str) -> zbus::Result<()>;
}

impl Daemon {
    /// Serves on the bus.
    pub async fn start(address: &str) -> Self {
        let (sender, arrived) = watch::channel(Vec::new());
        let bus = connection::Builder::address(address)
            .name("org.freedesktop.Notifications")
            .serve_at(PATH, Server(sender))
            .build()
            .await
            .unwrap();
        Self { bus, arrived }
    }

    /// Waits for a notification that is meant.
    pub async fn wait_for(&mut self, what: &str, meant: impl Fn(&Arrived) -> bool) -> Arrived {
        let found = tokio::time::timeout(PATIENCE, self.arrived.wait_for(|all| all.iter().any(&meant)));
        let Ok(Ok(all)) = found.await else { panic!("{what} did not arrive: {:?}", self.all()) };
        all.iter().find(|a| meant(a)).unwrap().clone()
    }

    /// All that arrived.
    pub fn all(&self) -> Vec<Arrived> {
        self.arrived.borrow().clone()
    }

    /// Clicks a notification.
    pub async fn click(&self, id: u32) {
        let emitter = SignalEmitter::new(&self.bus, PATH).unwrap();
        Server::action_invoked(&emitter, id, "default").await.unwrap();
    }
}
