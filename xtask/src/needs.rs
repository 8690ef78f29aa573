//! What the commands need from the machine, and whether it is there.

use std::path::Path;

use crate::shell::on_path;

/// A group of things that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    /// Building anything at all.
    Build,
    /// Tests on a real Docker Engine.
    Docker,
    /// The Windows program, built and run on Debian.
    Windows,
}

impl Group {
    pub(crate) const ALL: [Self; 3] = [Self::Build, Self::Docker, Self::Windows];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "build" => Self::Build,
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

/// What `groups` need and this machine lacks. Nothing on Windows: the Rust toolchain brings its own linker's needs.
pub(crate) fn missing(groups: &[Group]) -> Vec<&'static Need> {
    if cfg!(windows) {
        return Vec::new();
    }
    let linux_only = |need: &Need| need.group == Group::Build || cfg!(target_os = "linux");
    NEEDS.iter().filter(|n| groups.contains(&n.group) && linux_only(n) && !n.is_there()).collect()
}

/// Debian's toolchain, whose sources give the Windows standard library.
pub(crate) const DEBIAN_CARGO: &str = "/usr/bin/cargo";
/// Its compiler.
pub(crate) const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

const RUST_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

const NEEDS: [Need; 9] = [
    Need {
        group: Group::Build,
        name: "a C compiler",
        any_of: &["cc"],
        packages: "build-essential",
        why: "SQLite and the cryptography are partly C",
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
