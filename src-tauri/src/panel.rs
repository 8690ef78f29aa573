//! Whether the desktop has a tray at all.

/// Some panel shows tray icons.
#[cfg(target_os = "linux")]
pub(crate) async fn shows_trays() -> bool {
    use std::time::Duration;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    let asked = async {
        let bus = zbus::Connection::session().await?;
        let watcher = zbus::Proxy::new(&bus, WATCHER, "/StatusNotifierWatcher", WATCHER).await?;
        watcher.get_property::<bool>("IsStatusNotifierHostRegistered").await
    };
    match tokio::time::timeout(Duration::from_secs(1), asked).await {
        Ok(Ok(there)) => there,
        Ok(Err(e)) => {
            tracing::debug!("no tray: {e}");
            false
        }
        Err(_) => false,
    }
}

/// Some panel shows tray icons: every Windows has one.
#[cfg(not(target_os = "linux"))]
#[allow(clippy::unused_async, reason = "elsewhere it has to be asked for")]
pub(crate) async fn shows_trays() -> bool {
    true
}
