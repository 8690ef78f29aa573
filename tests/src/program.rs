//! The programs of the workspace, built, for tests that start them.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// `watchkeeper`, the watch in a terminal.
///
/// # Errors
/// It does not build.
pub fn watchkeeper() -> Result<PathBuf, String> {
    program("WATCHKEEPER_PROGRAM", "watchkeeper", "watchkeeper")
}

/// `sms-demo`, the simulated SMS for a real container.
///
/// # Errors
/// It does not build.
pub fn sms_demo() -> Result<PathBuf, String> {
    program("WATCHKEEPER_SMS_DEMO", "watchkeeper-demo", "sms-demo")
}

/// The program that `variable` names, as `cargo xtask test` sets it, or one that is built now.
fn program(variable: &str, package: &str, name: &str) -> Result<PathBuf, String> {
    if let Some(path) = env::var_os(variable).map(PathBuf::from) {
        return if path.is_file() {
            Ok(path)
        } else {
            Err(format!("{variable} names {}, and there is no such file.", path.display()))
        };
    }
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--package", package, "--bin", name])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .map_err(|e| format!("{name} cannot be built: cargo could not be started ({e})."))?;
    if !output.status.success() {
        return Err(format!("{name} does not build:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    // A test lies in TARGET/debug/deps, the program in TARGET/debug.
    let test = env::current_exe().map_err(|e| format!("this test does not know where it lies: {e}"))?;
    let folder = test.ancestors().nth(2).unwrap_or(Path::new("."));
    let path = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if path.is_file() { Ok(path) } else { Err(format!("{name} was built, but not as {}.", path.display())) }
}
