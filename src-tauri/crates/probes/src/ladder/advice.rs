//! What to do about a failure.

use watchkeeper_core::reading::{FailureKind, Place};

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
    OtherSystem, "other_system", "Reach the Docker Engine by tcp:// with its certificates.";
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
