//! What to do about a failure.

use watchkeeper_core::reading::{FailureKind, Place};

/// One or two sentences for the person at the PC.
pub(super) const fn advice(place: Place, kind: FailureKind) -> &'static str {
    use FailureKind as K;
    match (place, kind) {
        (Place::ThisPc, _) => "Plug in the cable or connect the Wi-Fi; look whether the PC has an address.",
        (Place::Network, K::NameNotFound) => {
            "Write the NAS's IP address into the configuration, or look at the router's DNS."
        }
        (Place::Network, _) => "Look at router, switch and cables; a reference address may be wrong, too.",
        (Place::Nas, K::Timeout) => {
            "Look whether the NAS is switched on and the address is right; a firewall may drop what comes from this PC."
        }
        (Place::Nas, _) => "Look whether the NAS is switched on and on the same network as this PC.",
        (Place::DockerEngine, K::Refused) => {
            "Start Container Station (or Docker), and look whether it listens on the port in the configuration."
        }
        (Place::DockerEngine, K::Tls | K::Denied) => {
            "Take ca.pem, cert.pem and key.pem again from Container Station → Preferences → Docker Certificate."
        }
        (Place::DockerEngine, K::Timeout) => {
            "The NAS may be overloaded; look at its load, and restart Container Station."
        }
        (Place::DockerEngine, _) => "Look at Container Station on the NAS, and restart it.",
        (Place::Container, K::NoContainer) => {
            "Look at `docker ps --all` for the container's name, and correct it in the configuration."
        }
        (Place::Container, K::Refused) => {
            "Look whether the container runs and publishes the port in the configuration (`docker ps`)."
        }
        (Place::Container, _) => "Look at `docker ps --all` and at the container's log.",
        (Place::Application, K::Tls) => {
            "Use the name that the certificate bears, or name its authority's PEM file in the configuration."
        }
        (Place::Application, K::BadAnswer) => {
            "Look whether the address in the configuration is the SMS's own."
        }
        (Place::Application, K::Status(404)) => {
            "Look whether the address in the configuration has the right path."
        }
        (Place::Application, K::Status(429)) => {
            "The SMS limits requests: wait a minute, and watch less often."
        }
        (Place::Application, _) => "Look at the container's log; a restart of the container may help.",
        (Place::Database, _) => "Look at the database's log and at the disk of the NAS.",
    }
}
