//! What the commands need from the machine, and whether it is there.

use std::path::Path;

use crate::shell::on_path;

/// A group of things that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Building anything at all.
    Build,
    /// The window's pages, built and tested.
    Ui,
    /// The desktop app with its window.
    Window,
    /// Tests of the window: a screen, a browser, a bus.
    WindowTests,
    /// Tests on a real Docker Engine.
    Docker,
    /// The Windows program, built and run on Debian.
    Windows,
}

impl Group {
    pub(crate) const ALL: [Self; 6] =
        [Self::Build, Self::Ui, Self::Window, Self::WindowTests, Self::Docker, Self::Windows];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "build" => Self::Build,
            "ui" => Self::Ui,
            "window" => Self::Window,
            "window-tests" => Self::WindowTests,
            "docker" => Self::Docker,
            "windows" => Self::Windows,
            _ => return None,
        })
    }
}

/// One thing, where it is looked for, and the Debian packages that bring it.
pub(crate) struct Need {
    pub(crate) group: Group,
    pub(crate) name: &'static str,
    /// Any of these will do: a path if it begins with `/`, else a program on the PATH.
    any_of: &'static [&'static str],
    pub(crate) packages: &'static str,
    pub(crate) why: &'static str,
}

impl Need {
    pub(crate) fn is_there(&self) -> bool {
        self.any_of
            .iter()
            .any(|one| if one.starts_with('/') { Path::new(one).exists() } else { on_path(one) })
    }
}

/// What `groups` need and this machine lacks. On Windows only Node: the Rust toolchain brings its own linker's needs, and
/// the system its webview.
pub(crate) fn missing(groups: &[Group]) -> Vec<&'static Need> {
    if cfg!(windows) {
        return NEEDS
            .iter()
            .filter(|n| n.group == Group::Ui && groups.contains(&n.group) && !n.is_there())
            .collect();
    }
    let everywhere = |need: &Need| matches!(need.group, Group::Build | Group::Ui);
    let wanted = |need: &Need| everywhere(need) || cfg!(target_os = "linux");
    NEEDS.iter().filter(|n| groups.contains(&n.group) && wanted(n) && !n.is_there()).collect()
}

/// Debian's toolchain, whose sources give the Windows standard library.
pub(crate) const DEBIAN_CARGO: &str = "/usr/bin/cargo";
/// Its compiler.
pub(crate) const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// npm, as it is started.
pub(crate) const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

const RUST_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

const NEEDS: [Need; 21] = [
    Need {
        group: Group::Build,
        name: "a C compiler",
        any_of: &["cc"],
        packages: "build-essential",
        why: "SQLite and the cryptography are partly C",
    },
    Need {
        group: Group::Ui,
        name: "Node.js",
        any_of: &["node"],
        packages: "nodejs",
        why: "the window's pages are built with it",
    },
    Need {
        group: Group::Ui,
        name: "npm",
        any_of: &[NPM],
        packages: "npm",
        why: "it brings what the window's pages are built from",
    },
    Need {
        group: Group::Window,
        name: "WebKitGTK with its headers",
        any_of: &[
            "/usr/lib/x86_64-linux-gnu/pkgconfig/webkit2gtk-4.1.pc",
            "/usr/lib/aarch64-linux-gnu/pkgconfig/webkit2gtk-4.1.pc",
            "/usr/lib/pkgconfig/webkit2gtk-4.1.pc",
            "/usr/lib64/pkgconfig/webkit2gtk-4.1.pc",
        ],
        packages: "libwebkit2gtk-4.1-dev librsvg2-dev libdbus-1-dev pkg-config",
        why: "the window is drawn by it",
    },
    Need {
        group: Group::Window,
        name: "the tray's library",
        any_of: &[
            "/usr/lib/x86_64-linux-gnu/libayatana-appindicator3.so.1",
            "/usr/lib/aarch64-linux-gnu/libayatana-appindicator3.so.1",
            "/usr/lib/libayatana-appindicator3.so.1",
            "/usr/lib64/libayatana-appindicator3.so.1",
        ],
        packages: "libayatana-appindicator3-dev",
        why: "the icon in the tray is shown by it",
    },
    Need {
        group: Group::WindowTests,
        name: "Xvfb",
        any_of: &["Xvfb"],
        packages: "xvfb",
        why: "the window is shown on a screen of the tests' own",
    },
    Need {
        group: Group::WindowTests,
        name: "dbus-daemon",
        any_of: &["dbus-daemon"],
        packages: "dbus",
        why: "tray and notifications are tested on a bus of the tests' own",
    },
    Need {
        group: Group::WindowTests,
        name: "WebKitWebDriver",
        any_of: &["WebKitWebDriver"],
        packages: "webkit2gtk-driver",
        why: "it drives the window",
    },
    Need {
        group: Group::WindowTests,
        name: "xdotool",
        any_of: &["xdotool"],
        packages: "xdotool",
        why: "it answers the system's own dialogs",
    },
    Need {
        group: Group::WindowTests,
        name: "Chromium",
        any_of: &["chromium", "chromium-browser", "google-chrome"],
        packages: "chromium fonts-dejavu fonts-noto-core",
        why: "every page is looked at in it",
    },
    Need {
        group: Group::Docker,
        name: "dockerd",
        any_of: &["dockerd", "/usr/sbin/dockerd"],
        packages: "docker.io",
        why: "the tests start a Docker Engine of their own",
    },
    Need {
        group: Group::Docker,
        name: "docker",
        any_of: &["docker"],
        packages: "docker.io",
        why: "the tests crash and recreate real containers",
    },
    Need {
        group: Group::Docker,
        name: "ip",
        any_of: &["ip", "/usr/sbin/ip", "/sbin/ip"],
        packages: "iproute2",
        why: "that Engine gets a bridge of its own",
    },
    Need {
        group: Group::Docker,
        name: "sshd",
        any_of: &["/usr/sbin/sshd", "/usr/bin/sshd"],
        packages: "openssh-server",
        why: "the tests reach that Engine by SSH, too",
    },
    Need {
        group: Group::Docker,
        name: "ssh-agent",
        any_of: &["ssh-agent"],
        packages: "openssh-client",
        why: "the keys of an SSH agent are tried",
    },
    Need {
        group: Group::Docker,
        name: "nft",
        any_of: &["nft", "/usr/sbin/nft", "/sbin/nft"],
        packages: "nftables",
        why: "packets are dropped on a network of the tests' own",
    },
    Need {
        group: Group::Windows,
        name: "Debian's rustc",
        any_of: &[DEBIAN_RUSTC],
        packages: "rustc-web",
        why: "its sources and compiler fit together",
    },
    Need {
        group: Group::Windows,
        name: "Debian's cargo",
        any_of: &[DEBIAN_CARGO],
        packages: "cargo-web",
        why: "it builds the Windows standard library",
    },
    Need {
        group: Group::Windows,
        name: "the sources of Rust's standard library",
        any_of: &[RUST_SOURCES],
        packages: "rust-web-src",
        why: "there is no prebuilt one for Windows in Debian",
    },
    Need {
        group: Group::Windows,
        name: "MinGW",
        any_of: &["x86_64-w64-mingw32-gcc"],
        packages: "mingw-w64",
        why: "it compiles the C parts and links",
    },
    Need {
        group: Group::Windows,
        name: "Wine",
        any_of: &["wine64", "/usr/lib/wine/wine64"],
        packages: "wine wine64",
        why: "it runs the Windows program",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_can_be_found_and_missed() {
        let need = |any_of| Need { group: Group::Build, name: "x", any_of, packages: "x", why: "x" };
        assert!(need(&["no-such-program", env!("CARGO_MANIFEST_DIR")]).is_there());
        assert!(!need(&["no-such-program", "/no/such/file"]).is_there());
    }
}
