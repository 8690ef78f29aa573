//! What `--help` says.

/// The overview.
pub(crate) const ALL: &str = "\
SMS Watchkeeper: the commands of a work tree.

  cargo xtask run [ARGS…]   build the app and open it on a simulated day; with ARGS the program for the terminal
  cargo xtask test          everything that is checked: format, lints, tests, seeded days, a real Docker Engine, the window
  cargo xtask bench         measure the watch and the window: memory, CPU, time to notification, to the first paint, frames
  cargo xtask screenshots   make the pictures of the README from the real app
  cargo xtask windows       build watchkeeper.exe, run a demo day with it and verify its report
  cargo xtask setup [WHAT…] install what is missing, or print the one command that does
  cargo xtask demo-image    make the container image of the simulated SMS

Begin with `cargo xtask run`. `cargo xtask help COMMAND` says more about one of them.
Each command prints the steps it runs (`$ …`), and ends with 0 only if all of them did.
What is built lies in CARGO_TARGET_DIR, or where cargo puts it by default.";

/// The help on one command, if there is such a command.
pub(crate) fn of(command: &str) -> Option<&'static str> {
    Some(match command {
        "run" => RUN,
        "test" => TEST,
        "bench" => BENCH,
        "screenshots" => SCREENSHOTS,
        "windows" => WINDOWS,
        "setup" => SETUP,
        "demo-image" => IMAGE,
        _ => return None,
    })
}

const RUN: &str = "\
cargo xtask run [ARGS…]

Without ARGS, where there is a screen: builds the desktop app in release and opens it on a simulated SMS whose day takes
ten minutes. Where there is none (no DISPLAY and no WAYLAND_DISPLAY), `watchkeeper` watches that day in the terminal at
720-fold speed and leaves the report in out/demo.
With ARGS: builds `watchkeeper` in release and runs it with them; its help is `cargo xtask run --help`.

  cargo xtask run                                  the app, on the demo day
  cargo xtask run demo --scenario crash            another day, in the terminal
  cargo xtask run config init                      a config file for your own deployment
  cargo xtask run watch --config watchkeeper.toml

The exit code is that of the program: for `watchkeeper` 0 pass, 1 fail, 2 inconclusive, 3 usage or config, 4 could not
run.";

const TEST: &str = "\
cargo xtask test

In this order, stopping at the first step that fails:
  format          cargo fmt --all --check
  pages           npm ci where needed, npm run build: types, texts in each language, bundle
  pages' logic    npm test
  pages' looks    every page in each theme, language and size in Chromium: pictures, accessibility, keyboard
  lints           cargo clippy --all-targets, warnings are errors
  build           the workspace with its tests, and the programs that the tests start
  examples        the examples in the documentation (cargo test --doc)
  tests           the rest: units, the crate rules, 1 000 simulated days, sessions against a served deployment, and
                  sessions against a real Docker Engine, which the tests start for themselves
  the app         the built app on a screen of the tests' own, driven through WebKit's driver; tray and notifications
                  on a bus of the tests' own

The Docker part needs Linux, root, dockerd and ip; the app's needs Linux, WebKitGTK, Xvfb, dbus-daemon, WebKitWebDriver
and Chromium. Where these are missing they are skipped, and that is said at the end; with WATCHKEEPER_REQUIRE_DOCKER=1 or
WATCHKEEPER_REQUIRE_WINDOW=1 it fails instead. What can be installed is installed first (see `setup`).

  WATCHKEEPER_DAYS=N    how many days are simulated
  WATCHKEEPER_SEED=S    only the day with this seed: a failing day prints its own

Not part of it: the Windows program (`cargo xtask windows`).";

const SCREENSHOTS: &str = "\
cargo xtask screenshots

Builds the app, opens it on a screen of its own (Xvfb) with a simulated day, goes through its pages in light and dark and
in two sizes, and writes the pictures of the README to .github/pictures. Linux only; needs what `test` needs for the app.";

const BENCH: &str = "\
cargo xtask bench [ARGS…]

Measures the watch and the window in release, each figure with n, median and spread, as a table and as JSON in
out/bench. With --readme the README gets the figures; --quick takes fewer of them. Close other programs first: two busy cores give other figures.";

const WINDOWS: &str = "\
cargo xtask windows [--no-run]

On Linux: cross-builds watchkeeper.exe and the app, sms-watchkeeper.exe (x86_64-pc-windows-gnu), with Debian's rustc-web,
cargo-web, rust-web-src and mingw-w64, standard library included, then under Wine: shows the app's version (its window
needs WebView2, which Wine lacks), watches a demo day with watchkeeper.exe, verifies the report, changes one byte of it
and sees that it no longer verifies. --no-run builds only.
On Windows: builds it with the toolchain at hand and does the same without Wine.

Debug build, as for tests; it lies in the target folder under `windows`. The first build takes some 15 minutes on two
cores, a later one seconds.";

const SETUP: &str = "\
cargo xtask setup [build] [ui] [window] [window-tests] [docker] [windows] [all]

Installs what is missing: for building (the default), for the window's pages, for the app's window, for its tests, for the
tests on a real Docker Engine, for the Windows program.
On Debian and Ubuntu as root it calls apt-get; elsewhere it prints the one command to run, and ends with 1 if
something is missing. `run`, `test` and `windows` call it by themselves.";

const IMAGE: &str = "\
cargo xtask demo-image [TAG]

Builds the simulated SMS and makes a container image of it, FROM scratch, `sms-app:1.15.1` by default, with the Docker
Engine that `docker` reaches. Then, for a rehearsal:

  docker run -d --name sms-app --memory 256m -p 127.0.0.1:8080:8000 sms-app:1.15.1";
