//! The page's process dies in the middle of a watch, and is loaded anew; then it hangs, and the program is quit without it
//! all the same, and asks before.

use std::{
    fs,
    process::{Command, Stdio},
    time::Duration,
};

use watchkeeper_tests::window::{
    app::{PATIENCE, program},
    desk::{Desk, Ours},
    notifications::Daemon,
    screen::Screen,
    tray::Panel,
};

use crate::coming_and_going::Readings;

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_without_a_page_can_be_quit() {
    let desk = Desk::new(1400, 900);
    let _daemon = Daemon::start(&desk.bus).await;
    let panel = Panel::start(&desk.bus).await;
    let screen = Screen::of(&desk);
    let data = tempfile::tempdir().unwrap();
    let app = desk.command(program()).arg("--demo").env("WATCHKEEPER_DATA", data.path()).spawn().unwrap();
    let mut app = Ours(app);
    screen.wait_until_shown(true).await;
    let readings = Readings::of(data.path()).await;
    readings.rise().await;

    let first = page_of(app.0.id(), 0).expect("the app has no process for its page");
    signal(first, "-KILL");
    // Nobody asks for the window, which is shown. A process that dies before its page is there takes the whole program
    // along: WebKit ends it.
    let log = data.path().join("log/sms-watchkeeper.log");
    let looking = async {
        while fs::read_to_string(&log).unwrap_or_default().matches("the window is there").count() < 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("the page is not loaded anew");
    let second = page_of(app.0.id(), first).expect("the app has no new process for its page");
    signal(second, "-STOP");
    panel.press("Quit").await;
    let question = question(&desk).await;
    // It would stay behind, as it does not notice that the program is gone.
    signal(second, "-KILL");
    assert!(app.0.try_wait().unwrap().is_none());
    readings.rise().await;
    press_return(&desk, &question);
    readings.free().await;
    let ended = tokio::task::spawn_blocking(move || app.0.wait().unwrap());
    let ended = tokio::time::timeout(PATIENCE, ended).await.expect("the app goes on").unwrap();
    assert!(ended.success(), "{ended:?}");
}

fn signal(page: u32, signal: &str) {
    let told = Command::new("kill").args([signal, &page.to_string()]).status().unwrap();
    assert!(told.success());
}

/// The process of the app's page, a child of a child perhaps, and not an `earlier` one.
fn page_of(app: u32, earlier: u32) -> Option<u32> {
    let mut family = vec![app];
    let mut at = 0;
    while let Some(parent) = family.get(at).copied() {
        at += 1;
        let children =
            fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
        family.extend(children.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
    }
    family.into_iter().filter(|pid| *pid != earlier).find(|pid| {
        fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|comm| comm.starts_with("WebKitWebProc"))
    })
}

/// The window of the question, once it is there.
async fn question(desk: &Desk) -> String {
    let looking = async {
        loop {
            // It fails while there is none, and where another window goes in this moment.
            let search = ["search", "--onlyvisible", "--name", "^Quit SMS Watchkeeper"];
            let found = desk.command("xdotool").args(search).stderr(Stdio::null()).output().unwrap();
            if let Some(window) = String::from_utf8_lossy(&found.stdout).lines().next() {
                return window.to_owned();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("nobody asks")
}

fn press_return(desk: &Desk, window: &str) {
    // Without a window manager nobody gives a window the keyboard.
    for args in [&["windowfocus", "--sync", window][..], &["key", "Return"]] {
        let done = desk.command("xdotool").args(args).output().expect("xdotool cannot be started");
        assert!(done.status.success(), "xdotool {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
}
