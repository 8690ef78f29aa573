//! A day at the app, from the first start to the sign-off.

use std::path::Path;

use watchkeeper_tests::window::{
    app::App,
    desk::Desk,
    notifications::Daemon,
    page::{find, press, press_found, says, text, write},
    tray::Panel,
};

#[tokio::test(flavor = "multi_thread")]
async fn from_the_first_start_to_the_sign_off() {
    let desk = Desk::new(1400, 900);
    let mut daemon = Daemon::start(&desk.bus).await;
    let panel = Panel::start(&desk.bus).await;
    let data = tempfile::tempdir().unwrap();
    let app = App::start(&desk, data.path(), &[]).await;
    let page = &app.page;

    // The first start offers the demo day, and the tray says that nobody watches.
    says(page, "Nothing has been recorded yet").await;
    let idle = panel.icon().await;
    let menu = panel.menu().await;
    let enabled = |label: &str| menu.iter().find(|e| e.label.starts_with(label)).map(|e| e.enabled);
    assert_eq!(enabled("Check now"), Some(false), "{menu:?}");
    assert_eq!(enabled("Open"), Some(true), "{menu:?}");
    find(page, "//select").await.select_by_value("down").await.unwrap();
    press(page, "10 min").await;
    press(page, "Start the demo").await;

    // The container goes down: the page says what is wrong and how long there is, the desktop was told, the tray shows it.
    says(page, "Critical: Container crashes/restarts").await;
    says(page, "Acknowledge").await;
    let said = text(page).await;
    assert!(said.contains("Restart") && said.contains("Roll back") || said.contains("roll back"), "{said}");
    let told = daemon.wait_for("the alarm", |n| n.urgency == 2).await;
    assert_eq!((told.timeout, told.actions.first().map(String::as_str)), (0, Some("default")), "{told:?}");
    let menu = panel
        .wait_for("the tray's alarm", |m| {
            m.iter().any(|e| e.label.starts_with("Acknowledge") && e.enabled)
                && m.iter().any(|e| e.label.contains("Critical"))
        })
        .await;
    assert!(menu.iter().any(|e| e.label.starts_with("Pause") && e.enabled), "{menu:?}");
    assert_ne!(panel.icon().await, idle);

    // Acknowledged with a reason, from the tray's way to the incident.
    panel.press("Acknowledge").await;
    says(page, "Issue detection matrix").await;
    press(page, "Acknowledge").await;
    write(page, "What are you going to do about it?", "Restarting it by hand").await;
    press_in_dialog(page, "Acknowledge").await;
    says(page, "Restarting it by hand").await;
    panel
        .wait_for("the acknowledged alarm", |m| {
            m.iter().any(|e| e.label.starts_with("Acknowledge") && !e.enabled)
        })
        .await;

    // Where it was before, by a click on the notification.
    press(page, "Checks").await;
    let latest = daemon.all().into_iter().rfind(|n| n.urgency == 2).unwrap();
    daemon.click(latest.id).await;
    says(page, "Issue detection matrix").await;

    // The report, by the system's own dialog, to a file that proves itself.
    let file = data.path().join("exported.json");
    press(page, "Report").await;
    press(page, "Export as JSON").await;
    answer_save_dialog(&desk, &file);
    says(page, "exported.json").await;
    let bytes = std::fs::read(&file).unwrap();
    watchkeeper_report::verify(&bytes).unwrap();

    // Signed off before the end, with a reason, and asked once more.
    write(page, "Your name", "Night watch").await;
    press(page, "Reject").await;
    write(page, "Reason (needed)", "The container does not stay up").await;
    press(page, "Sign off…").await;
    press_in_dialog(page, "Reject and close").await;
    says(page, "Signed off; the session is closed").await;
    let signed =
        panel.wait_for("the tray of a closed session", |m| m.iter().any(|e| e.label.contains("signed off")));
    signed.await;
    app.end().await;
}

/// Presses the button of the dialog that is open.
async fn press_in_dialog(page: &fantoccini::Client, name: &str) {
    let xpath = format!("//dialog[@open]//button[starts-with(normalize-space(.), \"{name}\")]");
    press_found(page, &xpath, name).await;
}

/// Types a path into GTK's dialog and confirms it.
fn answer_save_dialog(desk: &Desk, path: &Path) {
    let xdotool = |args: &[&str]| {
        let done = desk.command("xdotool").args(args).output().expect("xdotool cannot be started");
        assert!(done.status.success(), "xdotool {args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    };
    let window = xdotool(&["search", "--sync", "--onlyvisible", "--name", "^Save the report$"]);
    let window = window.lines().next().unwrap();
    // Without a window manager nobody gives a window the keyboard.
    xdotool(&["windowfocus", "--sync", window]);
    xdotool(&["key", "ctrl+a"]);
    xdotool(&["type", "--delay", "5", &path.display().to_string()]);
    xdotool(&["key", "Return"]);
}
