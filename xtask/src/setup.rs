//! Installing what is missing.

use std::fs;

use crate::{
    needs::{Group, missing},
    shell::{Call, Failed, on_path, part},
};

/// `cargo xtask setup`: 0 if everything is there in the end.
pub(crate) fn setup(arguments: &[String]) -> Result<u8, Failed> {
    let mut groups = Vec::new();
    for word in arguments {
        match Group::named(word) {
            Some(group) => groups.push(group),
            None if word == "all" => groups.extend(Group::ALL),
            None => {
                return Err(Failed::usage(format!(
                    "`{word}` cannot be set up: write build, ui, window, window-tests, docker, windows or all."
                )));
            }
        }
    }
    if groups.is_empty() {
        groups.push(Group::Build);
    }
    if cfg!(windows) {
        println!(
            "On Windows nothing is installed from here. Building needs the Visual C++ build tools:\n  \
             winget install Microsoft.VisualStudio.2022.BuildTools\nand in its installer \
             \"Desktop development with C++\"."
        );
        require(&groups)?;
        return Ok(0);
    }
    require(&groups)?;
    println!("Everything that is needed is there.");
    Ok(0)
}

/// Installs what `groups` lack, where that can be done from here.
///
/// # Errors
/// What is missing and the one command that installs it.
pub(crate) fn require(groups: &[Group]) -> Result<(), Failed> {
    let lacking = missing(groups);
    if lacking.is_empty() {
        return Ok(());
    }
    part("Something is missing");
    for need in &lacking {
        println!("  {} ({}): {}", need.name, need.packages, need.why);
    }
    let mut packages: Vec<&str> = lacking.iter().flat_map(|n| n.packages.split(' ')).collect();
    packages.sort_unstable();
    packages.dedup();
    if has_apt() && is_root() {
        let apt = || Call::new("apt-get").quietly("DEBIAN_FRONTEND", "noninteractive");
        apt().args(["update", "-q"]).run()?;
        apt().args(["install", "-qy", "--no-install-recommends"]).args(&packages).run()?;
    }
    let still = missing(groups);
    if still.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = still.iter().map(|n| n.name).collect();
    Err(Failed::new(format!("missing: {}. {}", names.join(", "), advice(&packages.join(" ")))))
}

/// Whether this process may install, start daemons and make bridges.
pub(crate) fn is_root() -> bool {
    // The owner of our own entry in /proc is who we are; it needs neither libc nor another program.
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0)
    }
    #[cfg(not(target_os = "linux"))]
    {
        false
    }
}

fn has_apt() -> bool {
    let debian =
        |text: String| text.lines().any(|l| l == "ID=debian" || l == "ID=ubuntu" || l.contains("debian"));
    on_path("apt-get") && fs::read_to_string("/etc/os-release").is_ok_and(debian)
}

fn advice(packages: &str) -> String {
    if has_apt() && !is_root() {
        format!(
            "Run this once:\n  sudo apt-get update && sudo apt-get install --no-install-recommends {packages}"
        )
    } else if has_apt() {
        "apt-get was run and did not bring it; its messages are above.".to_owned()
    } else if cfg!(target_os = "macos") {
        "Run this once:\n  xcode-select --install".to_owned()
    } else if cfg!(windows) {
        "Run this once, and open a new terminal:\n  winget install OpenJS.NodeJS.LTS".to_owned()
    } else {
        format!("Install what your system has in the place of Debian's packages {packages}.")
    }
}
