//! What to do about a failure.

use watchkeeper_core::reading::{FailureKind, Place};

use crate::{
    cause::{Cause, Peer},
    host_key::HostKeyFault,
    ssh_words::{KeyFault, SocketState, SshFault},
    tls_words::TlsFault,
};

macro_rules! advice {
    ($( $name:ident, $id:literal, $text:literal; )*) => {
        /// What to do: one or two sentences for the person at the PC, with a name that other languages know them by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Advice { $( $name, )* }

        impl Advice {
            /// Stays as it is, whatever becomes of the words.
            pub(super) const fn id(self) -> &'static str { match self { $( Self::$name => $id, )* } }
            pub(super) const fn text(self) -> &'static str { match self { $( Self::$name => $text, )* } }
        }
    };
}

advice! {
    Connect, "connect", "Plug in the cable or connect the Wi-Fi; look whether the PC has an address.";
    UseAddress, "use_address", "Write the NAS's IP address into the configuration, or look at the router's DNS.";
    Router, "router", "Look at router, switch and cables; a reference address may be wrong, too.";
    NasSilent, "nas_silent",
        "Look whether the NAS is switched on and the address is right; a firewall may drop what comes from this PC.";
    NasOff, "nas_off", "Look whether the NAS is switched on and on the same network as this PC.";
    StartDocker, "start_docker",
        "Start Container Station (or Docker), and look whether it listens on the port in the configuration.";
    Certificates, "certificates",
        "Take ca.pem, cert.pem and key.pem again from Container Station → Preferences → Docker Certificate.";
    OtherSystem, "other_system", "Reach the Docker Engine by tcp:// with its certificates, or by ssh://.";
    CertificateExpired, "certificate_expired",
        "Have the NAS make new certificates (Container Station → Preferences → Docker Certificate → Renew) and take all three \
         files again; look at the clocks of NAS and PC, too.";
    CertificateClock, "certificate_clock", "Set the clocks of this PC and of the NAS right; one of them is behind.";
    EngineName, "engine_name",
        "Write the name that the certificate bears into `deployment.docker`, or save the Engine's own certificate as server.pem \
         beside the others, which pins it.";
    EngineAuthority, "engine_authority",
        "Take ca.pem again from the NAS itself; if it is new already, something else answers in the NAS's place.";
    EngineNotPinned, "engine_not_pinned",
        "If the NAS got a new certificate, save that as server.pem; if not, something else answers in its place.";
    ClientCertificate, "client_certificate",
        "Take cert.pem and key.pem again from this NAS, together: those of another NAS, or of before it made new ones, are \
         refused.";
    NotTls, "not_tls",
        "Correct the port in `deployment.docker`: the one with certificates is 2376 by default.";
    SpeakTls, "speak_tls",
        "That port wants certificates: name their folder as `deployment.docker_certificates`.";
    LocalSocket, "local_socket",
        "Let this account use Docker (`sudo usermod -aG docker NAME`) and log in anew; on Windows, start Docker Desktop.";
    LocalDocker, "local_docker", "Install or start Docker on this PC, or correct the socket in `deployment.docker`.";
    EngineOld, "engine_old", "Update Container Station (or Docker) on the NAS.";
    SshOff, "ssh_off",
        "Switch SSH on at the NAS (QNAP: Control Panel → Network & File Services → Telnet / SSH), and look whether its port is \
         the one in `deployment.docker`.";
    NotSsh, "not_ssh",
        "Correct the port in `deployment.docker`; if it is right, look whether the NAS blocks this PC (QNAP: Control Panel → \
         Security → IP Access Protection).";
    SshOld, "ssh_old", "Update the firmware of the NAS, or reach the Engine by tcp:// with its certificates.";
    HostKeyUnknown, "host_key_unknown",
        "Compare the fingerprint with the NAS's own (`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` there, or whoever set it \
         up), then trust it.";
    HostKeyChanged, "host_key_changed",
        "Ask whoever looks after the NAS whether it was installed anew. Only then delete the named line of the file, and trust \
         the new key; otherwise do not connect from this network.";
    KnownHosts, "known_hosts", "Correct or delete that file; what was trusted in it is asked for again.";
    KeyFile, "key_file", "Correct `deployment.ssh_key`: it names the file of a private key that this account can read.";
    KeyRights, "key_rights", "Take the others' rights away with `chmod 600 FILE`.";
    Passphrase, "passphrase",
        "Set the environment variable that `deployment.ssh_passphrase_env` names (WATCHKEEPER_SSH_PASSPHRASE) to the key's \
         passphrase, or add the key to the SSH agent with `ssh-add`.";
    SshNoKey, "ssh_no_key",
        "Make a key with `ssh-keygen -t ed25519` and put its .pub line into ~/.ssh/authorized_keys on the NAS; or set the \
         environment variable that `deployment.ssh_password_env` names (WATCHKEEPER_SSH_PASSWORD).";
    SshKeyRefused, "ssh_key_refused",
        "Put the key's .pub line into ~/.ssh/authorized_keys of that account on the NAS, and look whether the account in \
         `deployment.docker` may use SSH (QNAP: administrators only).";
    SshPassword, "ssh_password",
        "Correct the environment variable that `deployment.ssh_password_env` names (WATCHKEEPER_SSH_PASSWORD), or use a key.";
    SshMore, "ssh_more", "Use a key for an account without 2-step verification.";
    SshDocker, "ssh_docker",
        "Allow forwarding at the NAS (`AllowStreamLocalForwarding yes` in its sshd_config), or name its docker program as \
         `deployment.docker_path` (QNAP: /share/CACHEDEV1_DATA/.qpkg/container-station/bin/docker).";
    SshSocket, "ssh_socket",
        "Use an account that may use Docker: a member of the group `docker`, on a QNAP of `administrators`.";
    SshCommands, "ssh_commands",
        "Use an account that may run commands, or allow forwarding at the NAS (`AllowStreamLocalForwarding yes`).";
    Overloaded, "overloaded", "The NAS may be overloaded; look at its load, and restart Container Station.";
    ContainerStation, "container_station", "Look at Container Station on the NAS, and restart it.";
    ContainerName, "container_name",
        "Look at `docker ps --all` for the container's name, and correct it in the configuration.";
    Publish, "publish",
        "Look whether the container runs and publishes the port in the configuration (`docker ps`).";
    ContainerLog, "container_log", "Look at `docker ps --all` and at the container's log.";
    CertificateName, "certificate_name",
        "Use the name that the certificate bears, or name its authority's PEM file in the configuration.";
    Address, "address", "Look whether the address in the configuration is the SMS's own.";
    Path, "path", "Look whether the address in the configuration has the right path.";
    WatchLess, "watch_less", "The SMS limits requests: wait a minute, and watch less often.";
    ApplicationLog, "application_log", "Look at the container's log; a restart of the container may help.";
    DatabaseLog, "database_log", "Look at the database's log and at the disk of the NAS.";
}

/// What to do about a failure of the Docker Engine, where it is known why it did not answer.
pub(super) fn advice_by(cause: &Cause, peer: Peer, place: Place, kind: FailureKind) -> Advice {
    match cause {
        Cause::Tls(fault, _) => match fault {
            TlsFault::Name => Advice::EngineName,
            TlsFault::Authority => Advice::EngineAuthority,
            TlsFault::Expired => Advice::CertificateExpired,
            TlsFault::NotYet => Advice::CertificateClock,
            TlsFault::NotPinned => Advice::EngineNotPinned,
            TlsFault::Client => Advice::ClientCertificate,
            TlsFault::NotTls => Advice::NotTls,
            TlsFault::Other => Advice::Certificates,
        },
        Cause::Ssh(fault) => by_ssh(fault),
        Cause::Refused if peer == Peer::EngineBySsh => Advice::SshOff,
        Cause::NotAllowed => Advice::LocalSocket,
        Cause::NoSocket | Cause::Refused if peer == Peer::LocalEngine => Advice::LocalDocker,
        _ => advice(place, kind),
    }
}

fn by_ssh(fault: &SshFault) -> Advice {
    match fault {
        SshFault::NotSsh => Advice::NotSsh,
        SshFault::NothingInCommon(_) => Advice::SshOld,
        SshFault::HostKey(HostKeyFault::Unknown(_)) => Advice::HostKeyUnknown,
        SshFault::HostKey(HostKeyFault::Changed(..)) | SshFault::HostKeyRevoked { .. } => {
            Advice::HostKeyChanged
        }
        SshFault::KnownHosts { .. } => Advice::KnownHosts,
        SshFault::Key { fault: KeyFault::OpenToOthers(_), .. } => Advice::KeyRights,
        SshFault::Key { fault: KeyFault::NoPassphrase | KeyFault::WrongPassphrase, .. } => Advice::Passphrase,
        SshFault::Key { .. } => Advice::KeyFile,
        SshFault::NoKey { .. } => Advice::SshNoKey,
        SshFault::KeysRefused { .. } => Advice::SshKeyRefused,
        SshFault::PasswordRefused { .. } => Advice::SshPassword,
        SshFault::MoreWanted { .. } => Advice::SshMore,
        SshFault::NoDocker { state: SocketState::Denied, .. } | SshFault::Denied { .. } => Advice::SshSocket,
        SshFault::NoDocker { state: SocketState::Missing, .. } | SshFault::NotRunning(_) => {
            Advice::ContainerStation
        }
        SshFault::NoDocker { .. } => Advice::SshDocker,
        SshFault::NoCommands(_) => Advice::SshCommands,
        SshFault::TooOld(_) => Advice::EngineOld,
        SshFault::Command(_) => Advice::ContainerStation,
    }
}

pub(super) const fn advice(place: Place, kind: FailureKind) -> Advice {
    use FailureKind as K;
    match (place, kind) {
        (Place::ThisPc, _) => Advice::Connect,
        (Place::Network, K::NameNotFound) => Advice::UseAddress,
        (Place::Network, _) => Advice::Router,
        (Place::Nas, K::Timeout) => Advice::NasSilent,
        (Place::Nas, _) => Advice::NasOff,
        (Place::DockerEngine, K::Refused) => Advice::StartDocker,
        (Place::DockerEngine, K::Tls | K::Denied) => Advice::Certificates,
        (Place::DockerEngine, K::Timeout) => Advice::Overloaded,
        (Place::DockerEngine, _) => Advice::ContainerStation,
        (Place::Container, K::NoContainer) => Advice::ContainerName,
        (Place::Container, K::Refused) => Advice::Publish,
        (Place::Container, _) => Advice::ContainerLog,
        (Place::Application, K::Tls) => Advice::CertificateName,
        (Place::Application, K::BadAnswer) => Advice::Address,
        (Place::Application, K::Status(404)) => Advice::Path,
        (Place::Application, K::Status(429)) => Advice::WatchLess,
        (Place::Application, _) => Advice::ApplicationLog,
        (Place::Database, _) => Advice::DatabaseLog,
    }
}
