//! The app at a desk, with a driver for its window.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::desk::{Desk, Ours};

/// No test waits longer for what is to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The built app.
pub(crate) fn program() -> PathBuf {
    std::env::var_os("WATCHKEEPER_APP").map(PathBuf::from).filter(|p| p.is_file()).expect(
        "WATCHKEEPER_APP names no built app: `cargo xtask test` builds it and sets this, \
         or: cargo build -p sms-watchkeeper",
    )
}

/// The app with its window under a driver. It ends with this.
pub(crate) struct App {
    pub(crate) page: Client,
    driver: Ours,
}

impl App {
    /// Starts the app at `desk` on the journal in `data`.
    pub(crate) async fn start(desk: &Desk, data: &Path, args: &[&str]) -> Self {
        let port = free_port();
        let driver = desk
            .command("WebKitWebDriver")
            .args([format!("--port={port}"), "--host=127.0.0.1".into()])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WATCHKEEPER_DATA", data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver cannot be started: `cargo xtask setup window-tests` installs it");
        let driver = Ours(driver);
        let listening = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                // The driver says nothing when it is ready.
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, listening).await.expect("the driver does not listen");
        let binary = json!({ "binary": program(), "args": args });
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("webkitgtk:browserOptions".into(), binary);
        let page = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("the app shows no window to the driver");
        Self { page, driver }
    }

    /// Ends the app as the end of the session at the PC does.
    pub(crate) async fn end(self) {
        let Self { page, driver } = self;
        // The driver ends the app with its session.
        let _ = page.close().await;
        drop(driver);
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
