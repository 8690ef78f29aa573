//! The window's pages: built by npm in `ui/`.

use std::{fs, time::SystemTime};

use crate::{
    needs::{Group, NPM},
    place::Place,
    setup,
    shell::{Call, Failed, part},
};

/// Builds the pages into `ui/dist`, which the desktop app takes in when it is built. What they are built from is fetched
/// when the lock file has changed since it was last fetched.
///
/// # Errors
/// What is missing, or the step that failed.
pub(crate) fn build(place: &Place) -> Result<(), Failed> {
    setup::require(&[Group::Ui])?;
    part("The window's pages");
    fetch(place)?;
    npm(place).args(["run", "build"]).run()
}

/// A call of npm for the pages.
pub(crate) fn npm(place: &Place) -> Call {
    Call::new(NPM).arg("--prefix").arg(place.root.join("ui"))
}

fn fetch(place: &Place) -> Result<(), Failed> {
    let ui = place.root.join("ui");
    let changed =
        |file: &str| fs::metadata(ui.join(file)).and_then(|m| m.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    // npm leaves this file behind when it is done.
    if changed("node_modules/.package-lock.json") > changed("package-lock.json") {
        return Ok(());
    }
    npm(place).args(["ci", "--no-audit", "--no-fund"]).run()
}
