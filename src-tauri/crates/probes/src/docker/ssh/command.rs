//! What is run on the host where it does not forward to the Engine's socket, and what its end means.

use crate::{
    ssh_words::{SocketState, SshFault},
    target::SshTarget,
};

/// Where `docker` may lie. A NAS keeps it in Container Station's folder, which is on no remote command's PATH.
const PLACES: &str = "docker /usr/local/bin/docker /usr/bin/docker /opt/bin/docker \
                      /share/*/.qpkg/container-station/bin/docker \
                      /share/*/.qpkg/container-station/usr/bin/docker";

/// `$1` is the socket where it is not the usual one, `$2` the socket in any case, `$3` the program where it is named.
const SCRIPT: &str = r#"try() {
  if command -v "$1" >/dev/null 2>&1; then
    if [ -n "$2" ]; then exec "$1" --host "unix://$2" system dial-stdio; fi
    exec "$1" system dial-stdio
  fi
}
if [ -n "$3" ]; then try "$3" "$1"; else for docker in PLACES; do try "$docker" "$1"; done; fi
if [ ! -e "$2" ]; then echo "watchkeeper: missing" >&2
elif [ -r "$2" ] && [ -w "$2" ]; then echo "watchkeeper: forbidden" >&2
else echo "watchkeeper: denied" >&2; fi
exit 127"#;

/// The command for `docker system dial-stdio`, in whatever shell the account has.
pub(super) fn command(target: &SshTarget, socket: &str) -> String {
    let script = SCRIPT.replace("PLACES", PLACES);
    let words = [
        script.as_str(),
        "watchkeeper",
        target.socket.as_deref().unwrap_or_default(),
        socket,
        target.docker.as_deref().unwrap_or_default(),
    ];
    let words: Vec<String> = words.into_iter().map(quoted).collect();
    format!("exec sh -c {}", words.join(" "))
}

/// As a POSIX shell takes it for one word.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Why the command ended with `status`, having `said` this on its standard error.
pub(super) fn ended(status: Option<u32>, said: &str, user: &str, socket: &str) -> SshFault {
    let low = said.to_lowercase();
    let state = match said.lines().find_map(|line| line.strip_prefix("watchkeeper: ")) {
        Some("missing") => Some(SocketState::Missing),
        Some("forbidden") => Some(SocketState::Forbidden),
        Some("denied") => Some(SocketState::Denied),
        _ if status == Some(127) => Some(SocketState::Unknown),
        _ => None,
    };
    let in_short = || match said.lines().map(str::trim).find(|line| !line.is_empty()) {
        Some(line) => line.chars().take(300).collect(),
        None => match status {
            Some(status) => format!("exit code {status}"),
            None => "without a word".to_owned(),
        },
    };
    if let Some(state) = state {
        return SshFault::NoDocker { socket: socket.into(), state };
    }
    if low.contains("permission denied") {
        return SshFault::Denied { user: user.into(), socket: socket.into() };
    }
    let no_socket =
        low.contains("dial unix") && ["no such file", "refused"].iter().any(|why| low.contains(why));
    if no_socket || low.contains("cannot connect to the docker daemon") || low.contains("daemon running") {
        return SshFault::NotRunning(in_short());
    }
    if low.contains("dial-stdio") || low.contains("not a docker command") {
        return SshFault::TooOld(in_short());
    }
    if low.contains("not available") || low.contains("not allowed") || low.contains("nologin") {
        return SshFault::NoCommands(in_short());
    }
    SshFault::Command(in_short())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_told_apart() {
        let denied = "Got permission denied while trying to connect to the Docker daemon socket at \
                      unix:///var/run/docker.sock: …";
        let no_docker = |state| SshFault::NoDocker { socket: "/s".into(), state };
        for (status, said, fault) in [
            (Some(127), "watchkeeper: missing\n", no_docker(SocketState::Missing)),
            (Some(127), "motd\nwatchkeeper: forbidden\n", no_docker(SocketState::Forbidden)),
            (Some(127), "watchkeeper: denied\n", no_docker(SocketState::Denied)),
            (Some(127), "sh: not found\n", no_docker(SocketState::Unknown)),
            (Some(1), denied, SshFault::Denied { user: "admin".into(), socket: "/s".into() }),
            (
                Some(1),
                "permission denied while trying to connect to the Docker API",
                SshFault::Denied { user: "admin".into(), socket: "/s".into() },
            ),
            (
                Some(1),
                "Cannot connect to the Docker daemon at unix:///s. Is the docker daemon running?",
                SshFault::NotRunning(
                    "Cannot connect to the Docker daemon at unix:///s. Is the docker daemon running?".into(),
                ),
            ),
            (
                Some(125),
                "unknown command: dial-stdio",
                SshFault::TooOld("unknown command: dial-stdio".into()),
            ),
            (
                Some(1),
                "This account is currently not available.",
                SshFault::NoCommands("This account is currently not available.".into()),
            ),
            (Some(3), "\n  odd \n", SshFault::Command("odd".into())),
            (Some(3), "", SshFault::Command("exit code 3".into())),
            (None, "", SshFault::Command("without a word".into())),
        ] {
            assert_eq!(ended(status, said, "admin", "/s"), fault, "{said}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_runs_it_with_any_path() {
        use std::{fs, os::unix::fs::PermissionsExt, process::Command};

        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("it's $HOME; a `docker`");
        fs::write(&program, "#!/bin/sh\necho \"$@\"\n").unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let run = |target: &SshTarget, socket: &str| {
            let done = Command::new("sh").args(["-c", &command(target, socket)]).output().unwrap();
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
            (done.status.code(), text(&done.stdout), text(&done.stderr))
        };
        let mut target = SshTarget::new("admin", "nas.local", 22);
        target.docker = Some(program.display().to_string());
        assert_eq!(run(&target, "/x"), (Some(0), "system dial-stdio".into(), String::new()));
        target.socket = Some("/run/it's".into());
        assert_eq!(run(&target, "/run/it's").1, "--host unix:///run/it's system dial-stdio");
        target.docker = Some("/no/docker".into());
        assert_eq!(run(&target, "/no/sock"), (Some(127), String::new(), "watchkeeper: missing".into()));
        assert_eq!(run(&target, "/dev/null"), (Some(127), String::new(), "watchkeeper: forbidden".into()));
    }
}
