//! Whether this PC's own network is there, found out without asking the deployment.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex as StdMutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{
    net::{TcpStream, ToSocketAddrs, UdpSocket, lookup_host},
    sync::Mutex,
    time::{Instant, timeout},
};
use watchkeeper_core::reading::{Answer, Failure, FailureKind, Place, Source, Value};
use watchkeeper_engine::ports::{Depth, Probe};

use crate::{
    cause::{Cause, Peer},
    target::TargetError,
};

/// One probe's failure sets off the check; the others that fail in the same moment share its answer.
const SHARED_FOR: Duration = Duration::from_secs(2);

/// A request may have been sent this long before it was given up: what failed then may have been the network's fault,
/// though it is there again.
const AFTERMATH: Duration = Duration::from_secs(15);

/// Looks whether this PC has a route to the NAS, and whether anything else on the network answers.
#[derive(Debug)]
pub struct NetworkCheck {
    host: String,
    port: u16,
    references: Vec<String>,
    patience: Duration,
    /// The address that the name had when it was last resolved.
    known: StdMutex<Option<SocketAddr>>,
    last: Mutex<Option<(Instant, Result<Found, Failure>)>>,
    last_knock: Mutex<Option<(Instant, bool)>>,
    /// The last time that the network or the NAS was not there.
    last_failure: StdMutex<Option<(Instant, Failure)>>,
}

/// What the network is like where it is there.
#[derive(Debug, Clone)]
struct Found {
    /// For people.
    how: String,
    /// The NAS's name is gone, and its last address is silent.
    silent: bool,
}

impl NetworkCheck {
    /// A check on the way to `host`. `references` are `HOST:PORT`s on the same network, such as the router's, that
    /// answer while the network is there; a refused connection is an answer too. `patience` bounds each step.
    ///
    /// # Errors
    /// [`TargetError::Reference`] for what is no `HOST:PORT`.
    pub fn new(
        host: &str,
        port: u16,
        references: &[String],
        patience: Duration,
    ) -> Result<Self, TargetError> {
        for reference in references {
            let valid = reference
                .rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|p| p > 0));
            if !valid {
                return Err(TargetError::Reference(reference.clone()));
            }
        }
        Ok(Self {
            host: host.to_owned(),
            port,
            references: references.to_vec(),
            patience,
            known: StdMutex::new(None),
            last: Mutex::new(None),
            last_knock: Mutex::new(None),
            last_failure: StdMutex::new(None),
        })
    }

    /// What the network is like now, or was within the last two seconds.
    ///
    /// # Errors
    /// A failure at [`Place::ThisPc`] or [`Place::Network`].
    pub async fn look(&self) -> Result<String, Failure> {
        self.found().await.map(|found| found.how)
    }

    async fn found(&self) -> Result<Found, Failure> {
        let mut last = self.last.lock().await;
        if let Some((at, answer)) = last.as_ref()
            && at.elapsed() < SHARED_FOR
        {
            return answer.clone();
        }
        let answer = self.look_now().await;
        if let Err(failure) = &answer {
            self.note_failure(failure.clone());
        }
        *last = Some((Instant::now(), answer.clone()));
        answer
    }

    fn note_failure(&self, failure: Failure) {
        let mut failed = self.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        *failed = Some((Instant::now(), failure));
    }

    /// What the failure of the network, or of the way to the NAS, was a moment ago.
    fn just_failed(&self) -> Option<Failure> {
        let failed = self.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        failed.as_ref().filter(|(at, _)| at.elapsed() < AFTERMATH).map(|(_, failure)| failure.clone())
    }

    /// Whether the NAS takes a new connection or refuses it. Those who ask meanwhile share the answer.
    async fn nas_answers(&self) -> bool {
        let asked = Instant::now();
        let mut last = self.last_knock.lock().await;
        if let Some((at, answer)) = last.as_ref()
            && *at >= asked
        {
            return *answer;
        }
        let answer = self.answers((self.host.as_str(), self.port)).await;
        if !answer {
            let message = format!("{} took no connection", self.host);
            self.note_failure(Failure { place: Place::Nas, kind: FailureKind::Timeout, message });
        }
        *last = Some((Instant::now(), answer));
        answer
    }

    async fn look_now(&self) -> Result<Found, Failure> {
        let resolved = self.resolve().await;
        let known = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if resolved.is_some() {
                *known = resolved;
            }
            *known
        };
        let local = self.local_address(known).await?;
        let reference = self.first_reference().await;
        if let (None, false) = (&reference, self.references.is_empty()) {
            return Err(Failure {
                place: Place::Network,
                kind: FailureKind::Unreachable,
                message: format!(
                    "this PC ({local}) reaches none of its reference addresses ({}): look at cable, Wi-Fi and router",
                    self.references.join(", ")
                ),
            });
        }
        // A NAS that tells its name itself (mDNS) takes it along when it goes down. Where its address is silent too, that is
        // no fault of the network's.
        let silent = match known.filter(|_| resolved.is_none()) {
            Some(address) => !self.answers(address).await,
            None => false,
        };
        if resolved.is_none() && !silent {
            return Err(Failure {
                place: Place::Network,
                kind: FailureKind::NameNotFound,
                message: format!(
                    "the name `{}` cannot be resolved: look at the DNS, or use an IP address",
                    self.host
                ),
            });
        }
        if silent {
            let how = format!(
                "{local} is on the network; neither the name {} nor its last address answers",
                self.host
            );
            return Ok(Found { how, silent });
        }
        let how = match reference {
            Some(reference) => format!("{local} has a route to {}; {reference} answers", self.host),
            None => format!("{local} has a route to {}", self.host),
        };
        Ok(Found { how, silent })
    }

    async fn resolve(&self) -> Option<SocketAddr> {
        if let Ok(ip) = self.host.parse::<IpAddr>() {
            return Some(SocketAddr::new(ip, self.port));
        }
        timeout(self.patience, lookup_host((self.host.as_str(), self.port))).await.ok()?.ok()?.next()
    }

    /// The address that this PC would send from. A connected UDP socket sends nothing; it only asks the routes.
    async fn local_address(&self, target: Option<SocketAddr>) -> Result<IpAddr, Failure> {
        // Without an address of the NAS, any address beyond the local networks (a documentation one, RFC 5737) tells
        // whether there is a default route.
        let target = target.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 9));
        let any: IpAddr =
            if target.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
        let local = async {
            let socket = UdpSocket::bind((any, 0)).await?;
            socket.connect(target).await?;
            socket.local_addr()
        };
        let missing =
            |why: String| Failure { place: Place::ThisPc, kind: FailureKind::Unreachable, message: why };
        let local = match local.await {
            Ok(address) => address.ip(),
            Err(e) => {
                return Err(missing(format!(
                    "this PC has no route to {}: is a cable plugged in or Wi-Fi connected? ({e})",
                    self.host
                )));
            }
        };
        if is_self_assigned(local) && !is_self_assigned(target.ip()) {
            return Err(missing(format!(
                "this PC gave itself the address {local}: it found no DHCP server, so it is not on the network"
            )));
        }
        Ok(local)
    }

    /// Whether anything answers there; a refused connection is an answer too.
    async fn answers(&self, address: impl ToSocketAddrs) -> bool {
        match timeout(self.patience, TcpStream::connect(address)).await {
            Ok(Ok(_)) => true,
            Ok(Err(e)) => Cause::of(&e, true) == Cause::Refused,
            Err(_) => false,
        }
    }

    async fn first_reference(&self) -> Option<String> {
        let mut tries: FuturesUnordered<_> = self
            .references
            .iter()
            .map(|reference| async move { self.answers(reference.as_str()).await.then(|| reference.clone()) })
            .collect();
        while let Some(answer) = tries.next().await {
            if answer.is_some() {
                return answer;
            }
        }
        None
    }
}

/// IPv4 only: IPv6 link-local addresses are always there and mean nothing.
fn is_self_assigned(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V4(v4) if v4.is_link_local())
}

/// The failure of a request to `peer` at `what`, placed with the help of the network check where that can tell more.
pub(crate) async fn placed(cause: &Cause, peer: Peer, what: &str, network: Option<&NetworkCheck>) -> Failure {
    let (mut place, mut kind) = cause.place(peer);
    let mut words = cause.words(peer);
    if let Some(network) = network
        && cause.may_be_the_network(peer)
    {
        match network.found().await {
            Err(failure) => return failure,
            Ok(found) if found.silent && *cause == Cause::NameNotFound => {
                (place, kind) = (Place::Nas, FailureKind::Unreachable);
            }
            Ok(_) => {
                // A connection that was kept alive does not tell either when it is the NAS that has gone.
                let kept = matches!(cause, Cause::Timeout | Cause::Broken);
                // What broke was ended by somebody who is there. What was waited for in vain may have been lost on the way.
                let in_vain = matches!(
                    cause,
                    Cause::Timeout | Cause::ConnectTimeout | Cause::HostUnreachable | Cause::NoRoute
                );
                let before = network.just_failed().filter(|_| in_vain);
                if (kept || before.is_some()) && !network.nas_answers().await {
                    (place, kind) = (Place::Nas, FailureKind::Timeout);
                    words += if kept { ", and the NAS does not answer to a new one" } else { "" };
                } else if let Some(failure) = before {
                    let message = format!("{what}: {words}; a moment ago {}", failure.message);
                    return Failure { message, ..failure };
                }
            }
        }
    }
    Failure { place, kind, message: format!("{what}: {words}") }
}

/// The probe of [`Source::Network`].
pub struct Network {
    check: Arc<NetworkCheck>,
}

impl Network {
    /// A probe that answers with what `check` finds.
    pub const fn new(check: Arc<NetworkCheck>) -> Self {
        Self { check }
    }
}

#[async_trait]
impl Probe for Network {
    fn source(&self) -> Source {
        Source::Network
    }
    async fn ask(&self, _depth: Depth) -> Vec<Answer> {
        vec![match self.check.look().await {
            Ok(how) => Answer::untimed(Source::Network, Value::Network(how)),
            Err(f) => Answer::failure(Source::Network, None, f.place, f.kind, f.message),
        }]
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    const PATIENCE: Duration = Duration::from_millis(500);

    fn check(host: &str, references: &[String]) -> NetworkCheck {
        NetworkCheck::new(host, 8080, references, PATIENCE).unwrap()
    }

    /// A loopback port on which nothing listens: connecting to it is refused.
    async fn closed_port() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().to_string()
    }

    #[tokio::test]
    async fn loopback_has_a_route_and_a_refusal_is_an_answer() {
        let found = check("127.0.0.1", &[closed_port().await]).look().await.unwrap();
        assert!(found.contains("127.0.0.1 has a route") && found.contains("answers"), "{found}");
        assert!(check("127.0.0.1", &[]).look().await.is_ok());
    }

    #[tokio::test]
    async fn with_no_reference_left_the_network_is_to_blame() {
        let check = check("127.0.0.1", &["no-such-host.invalid:9".into()]);
        let failure = check.look().await.unwrap_err();
        assert_eq!(failure.place, Place::Network);
        assert!(failure.message.contains("no-such-host.invalid:9"), "{}", failure.message);

        let cause = Cause::ConnectTimeout;
        assert_eq!(placed(&cause, Peer::Sms, "x", Some(&check)).await.place, Place::Network);
        assert_eq!(placed(&cause, Peer::Sms, "x", None).await.place, Place::Nas);
        assert_eq!(placed(&Cause::Refused, Peer::Sms, "x", Some(&check)).await.place, Place::Container);
        assert_eq!(placed(&cause, Peer::LocalEngine, "x", Some(&check)).await.place, Place::DockerEngine);
    }

    #[tokio::test]
    async fn with_the_network_there_the_nas_is_to_blame() {
        let check = check("127.0.0.1", &[closed_port().await]);
        assert_eq!(placed(&Cause::ConnectTimeout, Peer::Engine, "x", Some(&check)).await.place, Place::Nas);
    }

    /// A queue that is full: Linux lets those who still knock wait, as a host does that is switched off.
    #[cfg(target_os = "linux")]
    async fn silent() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let silent = socket.listen(1).unwrap();
        let address = silent.local_addr().unwrap();
        let mut waiting = Vec::new();
        while let Ok(Ok(stream)) = timeout(PATIENCE, TcpStream::connect(address)).await {
            waiting.push(stream);
        }
        (address, silent, waiting)
    }

    #[tokio::test]
    async fn what_the_network_broke_is_not_the_deployments_when_the_network_is_there_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let check = NetworkCheck::new("127.0.0.1", port, &[], PATIENCE).unwrap();
        let gone =
            Failure { place: Place::ThisPc, kind: FailureKind::Unreachable, message: "no cable".into() };
        let set = |ago| {
            *check.last_failure.lock().unwrap() =
                Instant::now().checked_sub(ago).map(|at| (at, gone.clone()));
        };
        set(Duration::from_secs(5));
        let failure = placed(&Cause::Timeout, Peer::Sms, "x", Some(&check)).await;
        assert_eq!((failure.place, failure.kind), (Place::ThisPc, FailureKind::Unreachable));
        assert!(failure.message.contains("x: connected, but") && failure.message.contains("no cable"));
        for (cause, place) in [(Cause::Refused, Place::Container), (Cause::Broken, Place::Application)] {
            assert_eq!(placed(&cause, Peer::Sms, "x", Some(&check)).await.place, place, "{cause:?}");
        }
        set(AFTERMATH);
        assert_eq!(placed(&Cause::Timeout, Peer::Sms, "x", Some(&check)).await.place, Place::Application);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_connection_that_was_kept_alive_is_told_from_its_end() {
        let (address, _silent, _waiting) = silent().await;
        let check_of = |port| NetworkCheck::new("127.0.0.1", port, &[], PATIENCE).unwrap();
        let closed: SocketAddr = closed_port().await.parse().unwrap();
        for (port, cause, peer, place) in [
            (address.port(), Cause::Timeout, Peer::Sms, Place::Nas),
            (address.port(), Cause::Broken, Peer::Engine, Place::Nas),
            (address.port(), Cause::NotHttp, Peer::Sms, Place::Application),
            (address.port(), Cause::ConnectTimeout, Peer::Engine, Place::Nas),
            (closed.port(), Cause::Timeout, Peer::Sms, Place::Application),
            (closed.port(), Cause::Broken, Peer::Engine, Place::DockerEngine),
        ] {
            let failure = placed(&cause, peer, "x", Some(&check_of(port))).await;
            assert_eq!(failure.place, place, "{cause:?} {peer:?}: {}", failure.message);
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_name_that_went_away_with_its_address_is_the_nas() {
        let (address, _silent, _waiting) = silent().await;
        let gone = check("no-such-host.invalid", &[closed_port().await]);
        *gone.known.lock().unwrap() = Some(address);
        let failure = placed(&Cause::NameNotFound, Peer::Sms, "x", Some(&gone)).await;
        assert_eq!((failure.place, failure.kind), (Place::Nas, FailureKind::Unreachable));

        let renamed = check("no-such-host.invalid", &[]);
        *renamed.known.lock().unwrap() = Some(closed_port().await.parse().unwrap());
        let failure = placed(&Cause::NameNotFound, Peer::Sms, "x", Some(&renamed)).await;
        assert_eq!(
            (failure.place, failure.kind),
            (Place::Network, FailureKind::NameNotFound),
            "the address answers"
        );
    }

    #[tokio::test]
    async fn a_name_that_is_unknown_is_no_fault_of_the_deployment() {
        let failure = check("no-such-host.invalid", &[]).look().await.unwrap_err();
        assert!(!failure.place.is_deployment(), "{failure:?}");
    }

    #[test]
    fn references_are_checked() {
        for text in ["router", "router:", ":80", "router:http", "router:0"] {
            assert!(NetworkCheck::new("nas", 80, &[text.into()], PATIENCE).is_err(), "{text}");
        }
        assert!(NetworkCheck::new("nas", 80, &["[fe80::1]:80".into()], PATIENCE).is_ok());
    }
}
