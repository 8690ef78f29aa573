//! `cargo xtask run`

use std::{env, fs};

use crate::{
    needs::Group,
    place::Place,
    setup,
    shell::{Call, Failed, part},
    ui,
};

/// Builds in release and runs: the desktop app on a simulated day, or, with arguments or where there is no screen, the
/// program for the terminal. Gives its exit code.
pub(crate) fn run(place: &Place, arguments: &[String]) -> Result<u8, Failed> {
    if arguments.is_empty() && has_screen() { window(place) } else { terminal(place, arguments) }
}

/// Whether a window could be shown.
fn has_screen() -> bool {
    let set = |name| env::var_os(name).is_some_and(|v| !v.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

fn window(place: &Place) -> Result<u8, Failed> {
    setup::require(&[Group::Build, Group::Ui, Group::Window])?;
    ui::build(place)?;
    part("Build");
    // The same features as `cargo xtask bench` builds with, so that nothing is built twice.
    Call::cargo("build")
        .args(["--locked", "--workspace", "--features", "watchkeeper-tests/window"])
        .args(["--release", "--bin", "sms-watchkeeper"])
        .run()?;
    part("The app, on a simulated day that takes ten minutes");
    let data = place.out("app");
    println!(
        "Its journal lies in {}; the app goes on in the tray when its window is closed.",
        data.display()
    );
    exit_code(
        Call::new(place.program("release", "sms-watchkeeper"))
            .arg("--demo")
            .arg("--data")
            .arg(data)
            .code()?,
    )
}

fn terminal(place: &Place, arguments: &[String]) -> Result<u8, Failed> {
    setup::require(&[Group::Build])?;
    part("Build");
    Call::cargo("build").args(["--locked", "--release", "--package", "watchkeeper"]).run()?;
    let out = place.out("demo");
    let call = Call::new(place.program("release", "watchkeeper"));
    let demo = arguments.is_empty();
    let call = if demo {
        println!("\nThere is no screen for the window: the same watch is shown here.");
        part("A simulated day at 720-fold speed: it takes about two minutes");
        call.args(["demo", "--speed", "720", "--out"]).arg(&out)
    } else {
        call.args(arguments)
    };
    let code = call.code()?;
    if demo {
        let mut left: Vec<_> = fs::read_dir(&out)
            .map(|entries| entries.flatten().map(|e| e.path()).filter(|p| p.is_file()).collect())
            .unwrap_or_default();
        left.sort();
        match left.as_slice() {
            [] => println!("\nNo report was left in {}.", out.display()),
            files => {
                println!("\nThe report:");
                files.iter().for_each(|f| println!("  {}", f.display()));
            }
        }
    }
    exit_code(code)
}

/// A signal has no exit code: it could not run to its end.
fn exit_code(code: i32) -> Result<u8, Failed> {
    Ok(u8::try_from(code).unwrap_or(4))
}
