//! The pictures of the README, from the real app.

use std::path::PathBuf;

use crate::{
    app::App,
    desk::Desk,
    page::{evaluate, find, picture, press, says},
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
    says(page, "Try the demo day").await;
    page.set_window_size(1280, 800).await.unwrap();
    picture(page, &out.join("welcome.png")).await;
    let select = find(page, "//select").await;
    select.select_by_value("crash").await.unwrap();
    press(page, "2 min").await;
    press(page, "Start the demo").await;
    says(page, "Critical").await;
    picture(page, &out.join("watch.png")).await;
    for name in ["Checks", "Issues", "Log", "Report", "Settings"] {
        press(page, name).await;
        says(page, "").await;
        picture(page, &out.join(format!("{}.png", name.to_lowercase()))).await;
    }
    println!("{}", evaluate(page, "return navigator.userAgent").await);
    app.end().await;
}
