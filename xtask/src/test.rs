//! `cargo xtask test`

use std::{env, time::Instant};

use crate::{
    needs::{Group, missing},
    place::Place,
    setup,
    shell::{Call, Failed, on_path, part},
    ui,
};

/// Everything that is checked, in the order of how soon it tells.
pub(crate) fn test(place: &Place, arguments: &[String]) -> Result<u8, Failed> {
    if let Some(word) = arguments.first() {
        return Err(Failed::usage(format!(
            "`test` takes no arguments, and `{word}` is one. One test alone: \
                                          cargo test --package CRATE NAME"
        )));
    }
    setup::require(&[Group::Build, Group::Ui])?;
    toolchain()?;
    let docker = docker()?;
    let window = window()?;
    let with_window = window.is_ok();
    let mut steps = Steps::default();
    steps.step("format", Call::cargo("fmt").args(["--all", "--check"]))?;
    // The desktop app takes the pages in when it is built.
    steps.doing("pages", || ui::build(place))?;
    steps.step("pages' logic", ui::npm(place).args(["test"]))?;
    if with_window {
        let pictures = place.target.join("pictures");
        let look = ui::npm(place).args(["run", "pictures", "--"]).arg(pictures);
        steps.step("pages' looks", look)?;
    }
    // Without a webview library the desktop app is not built; all others are the default members.
    let all: &[&str] = if with_window {
        &["--locked", "--workspace", "--features", "watchkeeper-tests/window"]
    } else {
        &["--locked"]
    };
    let clippy = Call::cargo("clippy").args(all).args(["--all-targets", "--", "-D", "warnings"]);
    steps.step("lints", clippy)?;
    steps.step("build", Call::cargo("build").args(all).args(["--all-targets"]))?;
    steps.step("examples", Call::cargo("test").args(all).arg("--doc"))?;
    let nextest = Call::cargo("nextest").arg("--version").succeeds();
    if !nextest {
        println!("\ncargo-nextest is not installed: `cargo test` does the same, more slowly.");
    }
    let programs = |call: Call| {
        call.env("WATCHKEEPER_SMS_DEMO", place.program("debug", "sms-demo"))
            .env("WATCHKEEPER_PROGRAM", place.program("debug", "watchkeeper"))
    };
    let tests = if nextest {
        Call::cargo("nextest").arg("run").args(all).args(["--filterset", "not binary(window)"])
    } else {
        Call::cargo("test").args(["--locked", "--lib", "--bins", "--tests", "--no-fail-fast"])
    };
    steps.step("tests", programs(tests))?;
    if with_window {
        // By themselves: a window is watched as a person would, and the simulated days take every core.
        let app = if nextest {
            Call::cargo("nextest")
                .arg("run")
                .args(all)
                .args(["--filterset", "binary(window)"])
                .args(["--test-threads", "1"])
        } else {
            Call::cargo("test").args(all).args(["--test", "window", "--", "--test-threads", "1"])
        };
        let app = app.env("WATCHKEEPER_APP", place.program("debug", "sms-watchkeeper"));
        steps.step("the app", programs(app))?;
    }
    steps.summary();
    let mut skipped = vec!["the Windows program, which is no part of this: cargo xtask windows".to_owned()];
    if let Err(reason) = window {
        skipped.insert(0, format!("THE DESKTOP APP AND ITS WINDOW: {reason}"));
    }
    if let Err(reason) = docker {
        skipped.insert(0, format!("THE SESSIONS ON A REAL DOCKER ENGINE: {reason}"));
    }
    for reason in skipped {
        println!("SKIPPED: {reason}");
    }
    Ok(0)
}

/// Whether the desktop app can be built and its window tested, or why that is skipped.
///
/// # Errors
/// It cannot, but WATCHKEEPER_REQUIRE_WINDOW=1 asks for it.
fn window() -> Result<Result<(), String>, Failed> {
    let reason = if cfg!(not(target_os = "linux")) {
        "its window is driven by WebKit's driver, which runs on Linux only.".to_owned()
    } else {
        match setup::require(&[Group::Window, Group::WindowTests]) {
            Ok(()) => return Ok(Ok(())),
            Err(failed) => failed.to_string(),
        }
    };
    if env::var_os("WATCHKEEPER_REQUIRE_WINDOW").is_some_and(|v| v == "1") {
        return Err(Failed::new(format!("WATCHKEEPER_REQUIRE_WINDOW=1, but {reason}")));
    }
    println!("\nSKIPPED: the desktop app and its window: {reason}");
    Ok(Err(reason))
}

/// The toolchain's own parts that not every installation has.
///
/// # Errors
/// The one command that brings them.
fn toolchain() -> Result<(), Failed> {
    let lacks = |part: &str| !Call::cargo(part).arg("--version").succeeds();
    if lacks("fmt") || lacks("clippy") {
        let add = || Call::new("rustup").args(["component", "add", "rustfmt", "clippy"]);
        if !on_path("rustup") || add().run().is_err() || lacks("fmt") || lacks("clippy") {
            return Err(Failed::new(
                "rustfmt or clippy is missing. Run this once:\n  rustup component add rustfmt clippy",
            ));
        }
    }
    Ok(())
}

/// Whether the tests on a real Docker Engine can run, or why they are skipped.
///
/// # Errors
/// They cannot, but WATCHKEEPER_REQUIRE_DOCKER=1 asks for them.
fn docker() -> Result<Result<(), String>, Failed> {
    let reason = if cfg!(not(target_os = "linux")) {
        "dockerd runs on Linux only.".to_owned()
    } else if !setup::is_root() {
        "dockerd and its bridge need root: sudo -E env \"PATH=$PATH\" cargo xtask test.".to_owned()
    } else if !missing(&[Group::Docker]).is_empty() {
        match setup::require(&[Group::Docker]) {
            Ok(()) => return Ok(Ok(())),
            Err(failed) => failed.to_string(),
        }
    } else {
        return Ok(Ok(()));
    };
    if env::var_os("WATCHKEEPER_REQUIRE_DOCKER").is_some_and(|v| v == "1") {
        return Err(Failed::new(format!("WATCHKEEPER_REQUIRE_DOCKER=1, but {reason}")));
    }
    println!("\nSKIPPED: the sessions on a real Docker Engine: {reason}");
    Ok(Err(reason))
}

/// The steps done so far, with what they took.
#[derive(Default)]
struct Steps(Vec<(&'static str, f64)>);

impl Steps {
    fn step(&mut self, name: &'static str, call: Call) -> Result<(), Failed> {
        part(name);
        self.doing(name, || call.run())
    }

    fn doing(&mut self, name: &'static str, work: impl FnOnce() -> Result<(), Failed>) -> Result<(), Failed> {
        let begun = Instant::now();
        let result = work();
        self.0.push((name, begun.elapsed().as_secs_f64()));
        if let Err(failed) = result {
            self.summary();
            println!("  FAILED: {name}");
            return Err(failed);
        }
        Ok(())
    }
    fn summary(&self) {
        part("Summary");
        for (name, seconds) in &self.0 {
            println!("  {name:<14} {seconds:>7.1} s");
        }
    }
}
