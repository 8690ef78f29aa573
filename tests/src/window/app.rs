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

use super::{
    desk::{Desk, Ours},
    processes,
};

/// No test waits longer for what is to happen.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The built app.
pub fn program() -> PathBuf {
    std::env::var_os("WATCHKEEPER_APP").map(PathBuf::from).filter(|p| p.is_file()).expect(
        "WATCHKEEPER_APP names no built app: `cargo xtask test` builds it and sets this, \
         or: cargo build -p sms-watchkeeper",
    )
}

/// The app with its window under a driver. It ends with this.
pub struct App {
    /// Its page.
    pub page: Client,
    /// Its process.
    pub pid: u32,
    driver: Ours,
}

impl App {
    /// Starts the app at `desk` on the journal in `data`.
    pub async fn start(desk: &Desk, data: &Path, args: &[&str]) -> Self {
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
        let program = std::fs::canonicalize(program()).unwrap();
        let started = processes::tree(driver.0.id());
        let pid =
            started.into_iter().find(|pid| processes::runs(*pid, &program)).expect("the app does not run");
        Self { page, pid, driver }
    }

    /// Ends the app as the end of the session at the PC does.
    pub async fn end(self) {
        let Self { page, pid, driver } = self;
        // The driver ends the app with its session, and does not wait for it.
        let _ = page.close().await;
        let program = std::fs::canonicalize(program()).unwrap();
        let ending = async {
            while processes::runs(pid, &program) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ending).await.expect("the app does not end");
        drop(driver);
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
