//! `cargo xtask windows`

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    needs::{DEBIAN_CARGO, DEBIAN_RUSTC, Group},
    place::Place,
    setup,
    shell::{Call, Failed, on_path, part},
    ui,
};

const TRIPLE: &str = "x86_64-pc-windows-gnu";
const PACKAGES: [&str; 4] = ["--package", "watchkeeper", "--package", "sms-watchkeeper"];

/// Builds watchkeeper.exe and the app, watches a demo day with the first, and holds the report against its chain.
pub(crate) fn windows(place: &Place, arguments: &[String]) -> Result<u8, Failed> {
    let build_only = match arguments {
        [] => false,
        [one] if one == "--no-run" => true,
        _ => return Err(Failed::usage("`windows` takes --no-run or nothing.")),
    };
    setup::require(&[Group::Build, Group::Ui, Group::Windows])?;
    ui::build(place)?;
    part("Build watchkeeper.exe and sms-watchkeeper.exe");
    let folder = place.target.join("windows");
    let built = build(place, &folder)?;
    let [program, app] = ["watchkeeper.exe", "sms-watchkeeper.exe"].map(|name| built.join(name));
    for program in [&program, &app] {
        println!("\n{} ({} KiB)", program.display(), fs::metadata(program).map_or(0, |m| m.len() / 1024));
    }
    if build_only {
        return Ok(0);
    }
    let host = Host::prepare(&place.root, &folder)?;
    part("The app, as far as it goes without a webview");
    host.call(&app).arg("--version").run()?;
    let code = host.call(&app).arg("--nonsense").code()?;
    if code != 3 {
        return Err(Failed::new(format!(
            "a wrong command line has to end the app with exit code 3, and it ended with {code}."
        )));
    }
    part("A demo day");
    host.call(&program).arg("--version").run()?;
    let out = folder.join("demo-day");
    if out.exists() {
        fs::remove_dir_all(&out).map_err(|e| {
            Failed::new(format!("the last report, {}, cannot be removed: {e}.", out.display()))
        })?;
    }
    let code = host.call(&program).args(["demo", "--speed", "720", "--out"]).arg(host.path(&out)).code()?;
    if !(0..=2).contains(&code) {
        return Err(Failed::new(format!("the demo day ended with {code}, which is no verdict (0, 1 or 2).")));
    }
    part("Its report, whole and with one byte changed");
    let report = json_report(&out)?;
    host.call(&program).arg("verify").arg(host.path(&report)).run()?;
    let changed = spoiled(&report)?;
    let code = host.call(&program).arg("verify").arg(host.path(&changed)).code()?;
    if code != 1 {
        return Err(Failed::new(format!(
            "a report with one byte changed has to fail to verify with exit code 1, and it ended with {code}: {}",
            changed.display()
        )));
    }
    println!("\nThe Windows program watched a day; its report verifies, and a changed one does not.");
    Ok(0)
}

/// Builds into a target folder of its own, as two toolchains would throw away each other's work; gives the folder of the
/// programs.
fn build(place: &Place, folder: &Path) -> Result<PathBuf, Failed> {
    if cfg!(windows) {
        Call::cargo("build").arg("--locked").args(PACKAGES).run()?;
        return Ok(place.target.join("debug"));
    }
    Call::new(DEBIAN_CARGO)
        .without_cargo_variables()
        .without("RUSTUP_TOOLCHAIN")
        .without("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", folder)
        // Building the standard library needs unstable options, and Debian's compiler is a stable one.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", DEBIAN_RUSTC)
        .args(["build", "--locked"])
        // Nobody debugs it here, and it links in a third of the time.
        .args(["--config", "profile.dev.debug=false", "--config", "profile.dev.package.\"*\".debug=false"])
        .args(["-Zbuild-std=std,panic_unwind", "--target", TRIPLE])
        .args(PACKAGES)
        .run()?;
    Ok(folder.join(TRIPLE).join("debug"))
}

/// What runs a Windows program: Windows, or Wine with a prefix of its own.
enum Host {
    Windows,
    Wine { wine: &'static str, prefix: PathBuf },
}

impl Host {
    fn prepare(root: &Path, folder: &Path) -> Result<Self, Failed> {
        if cfg!(windows) {
            return Ok(Self::Windows);
        }
        part("Wine");
        let wine = if on_path("wine64") { "wine64" } else { "/usr/lib/wine/wine64" };
        let prefix = folder.join("wine");
        let host = Self::Wine { wine, prefix: prefix.clone() };
        let system = prefix.join("drive_c/windows/system32");
        if !system.join("kernel32.dll").is_file() {
            let folder_of = |e| Failed::new(format!("{} cannot be made: {e}.", prefix.display()));
            fs::create_dir_all(&prefix).map_err(folder_of)?;
            host.call(Path::new("wineboot")).arg("--init").run()?;
        }
        Call::new("x86_64-w64-mingw32-gcc")
            .args(["-shared", "-O2", "-Wall", "-o"])
            .arg(system.join("bcryptprimitives.dll"))
            .arg(root.join("xtask/windows/bcryptprimitives.c"))
            .arg("-ladvapi32")
            .run()?;
        Ok(host)
    }

    fn call(&self, program: &Path) -> Call {
        match self {
            Self::Windows => Call::new(program),
            Self::Wine { wine, prefix } => {
                Call::new(wine)
                    .env("WINEPREFIX", prefix)
                    .quietly("WINEDEBUG", "-all")
                    .quietly("WINEARCH", "win64")
                    // No offers to download Mono and Gecko, which nothing here needs.
                    .quietly("WINEDLLOVERRIDES", "mscoree,mshtml=;bcryptprimitives=n")
                    .arg(program)
            }
        }
    }

    /// A path of this machine as the Windows program knows it.
    fn path(&self, path: &Path) -> PathBuf {
        match self {
            Self::Windows => path.to_owned(),
            Self::Wine { .. } => format!("Z:{}", path.display().to_string().replace('/', "\\")).into(),
        }
    }
}

impl Drop for Host {
    /// Ends the servers of this prefix, and of no other.
    fn drop(&mut self) {
        if let Self::Wine { prefix, .. } = self {
            let server = ["/usr/lib/wine/wineserver64", "/usr/lib/wine/wineserver"];
            let server = server.into_iter().find(|s| Path::new(s).is_file()).unwrap_or("wineserver");
            Call::new(server).env("WINEPREFIX", prefix).arg("-k").succeeds();
        }
    }
}

/// The one JSON report of a folder, in it or one below.
fn json_report(folder: &Path) -> Result<PathBuf, Failed> {
    let inside = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).map(|all| all.flatten().map(|e| e.path()).collect()).unwrap_or_default()
    };
    let mut files = inside(folder);
    files.extend(inside(folder).iter().filter(|p| p.is_dir()).flat_map(|d| inside(d)));
    files.retain(|p| p.extension().is_some_and(|e| e == "json"));
    match files.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err(Failed::new(format!(
            "the demo day left {} JSON reports in {}, where one is expected.",
            files.len(),
            folder.display()
        ))),
    }
}

/// A copy of the report beside it, with one digit of its last hash changed.
fn spoiled(report: &Path) -> Result<PathBuf, Failed> {
    let trouble = |e: std::io::Error| Failed::new(format!("{}: {e}.", report.display()));
    let mut bytes = fs::read(report).map_err(trouble)?;
    let Some(at) = last_digit_of_a_hash(&bytes) else {
        return Err(Failed::new(format!("there is no SHA-256 in the report {}.", report.display())));
    };
    if let Some(digit) = bytes.get_mut(at) {
        *digit = if *digit == b'0' { b'1' } else { b'0' };
    }
    let copy = report.with_extension("changed.json");
    fs::write(&copy, bytes).map_err(trouble)?;
    Ok(copy)
}

/// Where the last run of exactly 64 hexadecimal digits ends.
fn last_digit_of_a_hash(bytes: &[u8]) -> Option<usize> {
    let mut found = None;
    let mut run = 0;
    for (at, byte) in bytes.iter().chain([&b' ']).enumerate() {
        if byte.is_ascii_hexdigit() {
            run += 1;
        } else {
            if run == 64 {
                found = Some(at - 1);
            }
            run = 0;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_hash_is_found() {
        let hash = "ab".repeat(32);
        for (text, at) in [
            (format!("\"{hash}\""), Some(64)),
            (format!("\"{hash}\", \"{hash}\" x"), Some(132)),
            (hash.clone(), Some(63)),
            (format!("{hash}0"), None),
            (String::new(), None),
        ] {
            assert_eq!(last_digit_of_a_hash(text.as_bytes()), at, "{text}");
        }
    }
}
