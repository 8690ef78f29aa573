//! The pictures of the README, from the real app.

use std::path::PathBuf;

use watchkeeper_tests::window::{
    app::App,
    desk::Desk,
    page::{find, picture, press, says},
};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes files into the work tree: `cargo xtask screenshots` asks for it"]
async fn of_the_readme() {
    let out = PathBuf::from(std::env::var_os("WATCHKEEPER_PICTURES").unwrap());
    std::fs::create_dir_all(&out).unwrap();
    let desk = Desk::new(1400, 1000);
    let data = tempfile::tempdir().unwrap();
    let app = App::start(&desk, data.path(), &[]).await;
    let page = &app.page;
    page.set_window_size(1280, 800).await.unwrap();
    says(page, "Try the demo day").await;
    picture(page, &out.join("welcome.png")).await;

    // A crash that lasts: what a tired person sees.
    find(page, "//select").await.select_by_value("down").await.unwrap();
    press(page, "10 min").await;
    press(page, "Start the demo").await;
    says(page, "Critical: Container crashes/restarts").await;
    says(page, "Nobody has acknowledged it yet").await;
    picture(page, &out.join("critical.png")).await;
    page.set_window_size(800, 600).await.unwrap();
    picture(page, &out.join("critical-800.png")).await;
    page.set_window_size(1280, 800).await.unwrap();
    press(page, "Issues").await;
    says(page, "Issue detection matrix").await;
    picture(page, &out.join("issues.png")).await;
    press(page, "Checks").await;
    says(page, "Hour 0").await;
    picture(page, &out.join("checks.png")).await;
    press(page, "Report").await;
    says(page, "The ten criteria").await;
    picture(page, &out.join("report.png")).await;
    press(page, "Settings").await;
    press(page, "Dark").await;
    press(page, "Watch").await;
    // Recovered, and an hour later.
    says(page, "Hour 2 complete").await;
    find(page, "//canvas").await;
    picture(page, &out.join("watch-dark.png")).await;
    app.end().await;
}
