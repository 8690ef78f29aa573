//! `cargo xtask screenshots`

use crate::{
    needs::Group,
    place::Place,
    setup,
    shell::{Call, Failed, part},
    ui,
};

/// Makes the pictures of the README from the real app.
pub(crate) fn screenshots(place: &Place, arguments: &[String]) -> Result<u8, Failed> {
    if let Some(word) = arguments.first() {
        return Err(Failed::usage(format!("`screenshots` takes no arguments, and `{word}` is one.")));
    }
    if cfg!(not(target_os = "linux")) {
        return Err(Failed::new("the pictures are taken through WebKit's driver, which runs on Linux only."));
    }
    setup::require(&[Group::Build, Group::Ui, Group::Window, Group::WindowTests])?;
    ui::build(place)?;
    part("Build");
    Call::cargo("build")
        .args(["--locked", "--workspace", "--all-targets", "--features", "watchkeeper-tests/window"])
        .run()?;
    part("The pictures");
    // With the features that `cargo xtask test` builds with, so that nothing is built twice.
    Call::cargo("test")
        .args(["--locked", "--workspace", "--features", "watchkeeper-tests/window", "--test", "window", "--"])
        .args(["--ignored", "--exact", "pictures::of_the_readme", "--nocapture"])
        .env("WATCHKEEPER_APP", place.program("debug", "sms-watchkeeper"))
        .env("WATCHKEEPER_PICTURES", place.root.join(".github/pictures"))
        .run()?;
    Ok(0)
}
