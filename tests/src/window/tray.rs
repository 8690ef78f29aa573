//! A panel that shows no icon but knows what it would show.

use std::collections::HashMap;

use tokio::sync::watch;
use zbus::{Connection, OwnedObjectPath, OwnedVariant, Proxy, Variant, connection, message::Header};

use super::app::PATIENCE;

/// The panel.
pub struct Panel {
    bus: Connection,
    /// The bus name and the path of each icon that was registered.
    items: watch::Receiver<Vec<(String, String)>>,
}

struct Watcher(watch::Sender<Vec<(String, String)>>);

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

#[expect(clippy::needless_pass_by_value, reason = "as the interface hands it over")]
#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let item = if service.starts_with('/') {
            (sender, service)
        } else {
            (service, "/StatusNotifierItem".into())
        };
        self.0.send_modify(|all| all.push(item));
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.borrow().iter().map(|(name, path)| format!("{name}{path}")).collect()
    }
}

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As the menu counts.
    pub id: i32,
    /// What it says.
    pub label: String,
    /// Whether it can be pressed.
    pub enabled: bool,
}

type Layout = (u32, (i32, HashMap<String, OwnedVariant>, Vec<OwnedVariant>));

impl Panel {
    /// Serves on the bus.
    pub async fn start(address: &str) -> Self {
        let (sender, items) = watch::channel(Vec::new());
        let bus = connection::Builder::address(address)
            .name(WATCHER)
            .serve_at("/StatusNotifierWatcher", Watcher(sender))
            .build()
            .await
            .unwrap();
        Self { bus, items }
    }

    /// Waits for the app's icon.
    async fn item(&self) -> (String, String) {
        let mut items = self.items.clone();
        let all = tokio::time::timeout(PATIENCE, items.wait_for(|all| !all.is_empty()));
        all.await.expect("no icon was registered").unwrap().last().unwrap().clone()
    }

    async fn proxy(&self, interface: &'static str, path: String) -> Proxy<'static> {
        let (name, _) = self.item().await;
        Proxy::new(&self.bus, name, path, interface).await.unwrap()
    }

    /// The icon that is shown, by its file's content: told apart as a person would.
    pub async fn icon(&self) -> Vec<u8> {
        let (_, path) = self.item().await;
        let item = self.proxy("org.kde.StatusNotifierItem", path).await;
        let name: String = item.get_property("IconName").await.unwrap();
        let folder: String = item.get_property("IconThemePath").await.unwrap_or_default();
        let path = if name.starts_with('/') {
            name.into()
        } else {
            std::path::Path::new(&folder).join(format!("{name}.png"))
        };
        std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    async fn menu_proxy(&self) -> Proxy<'static> {
        let (_, path) = self.item().await;
        let item = self.proxy("org.kde.StatusNotifierItem", path).await;
        let menu: OwnedObjectPath = item.get_property("Menu").await.unwrap();
        self.proxy("com.canonical.dbusmenu", menu.to_string()).await
    }

    /// The menu, from top to bottom, without its lines.
    pub async fn menu(&self) -> Vec<Entry> {
        let menu = self.menu_proxy().await;
        let (_, (_, _, children)): Layout =
            menu.call("GetLayout", &(0_i32, -1_i32, Vec::<String>::new())).await.unwrap();
        children.into_iter().filter_map(entry).collect()
    }

    /// Waits until the menu is as it is meant to be.
    pub async fn wait_for(&self, what: &str, meant: impl Fn(&[Entry]) -> bool) -> Vec<Entry> {
        let looking = async {
            loop {
                let menu = self.menu().await;
                if meant(&menu) {
                    return menu;
                }
                // The library tells of changes by a signal that it leaves out at times; it is asked again.
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, looking).await {
            Ok(menu) => menu,
            Err(_) => panic!("{what}: {:?}", self.menu().await),
        }
    }

    /// Presses an entry, which has to be enabled.
    pub async fn press(&self, label: &str) {
        let menu = self.wait_for(label, |m| m.iter().any(|e| e.label.starts_with(label) && e.enabled)).await;
        let id = menu.iter().find(|e| e.label.starts_with(label)).unwrap().id;
        let nothing = Variant::from(0_i32);
        self.menu_proxy().await.call::<_, _, ()>("Event", &(id, "clicked", nothing, 0_u32)).await.unwrap();
    }
}

fn entry(value: OwnedVariant) -> Option<Entry> {
    let (id, properties, _): (i32, HashMap<String, OwnedVariant>, Vec<OwnedVariant>) =
        value.try_into().ok()?;
    let label: String = properties.get("label")?.try_clone().ok()?.try_into().ok()?;
    let enabled = properties.get("enabled").and_then(|v| bool::try_from(v).ok()).unwrap_or(true);
    Some(Entry { id, label: label.replace('_', ""), enabled })
}
