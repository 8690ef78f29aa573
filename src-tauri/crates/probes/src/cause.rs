//! Why a request failed, read off the chain of errors, and where that lies.

use std::{error::Error, io};

use watchkeeper_core::reading::{FailureKind, Place};

use crate::{
    docker::DialError,
    ssh_words::SshFault,
    target::DockerEndpoint,
    tls_words::{self, TlsFault},
};

/// Whom the request was meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// The SMS over HTTP.
    Sms,
    /// The Docker Engine over the network.
    Engine,
    /// The Docker Engine by a socket or pipe on this PC.
    LocalEngine,
    /// The Docker Engine by SSH to its host.
    EngineBySsh,
}

impl Peer {
    /// Who answers at `endpoint`.
    pub(crate) const fn of(endpoint: &DockerEndpoint) -> Self {
        match endpoint {
            DockerEndpoint::Unix(_) | DockerEndpoint::Pipe(_) => Self::LocalEngine,
            DockerEndpoint::Plain { .. } | DockerEndpoint::Tls { .. } => Self::Engine,
            DockerEndpoint::Ssh(_) => Self::EngineBySsh,
        }
    }
}

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cause {
    /// This PC has no way to the address.
    NoRoute,
    /// The name is not known.
    NameNotFound,
    /// The host is not there, as far as the routers and neighbours can tell.
    HostUnreachable,
    /// No answer to the attempt to connect.
    ConnectTimeout,
    /// The host says that nothing listens.
    Refused,
    /// There is no such socket or pipe.
    NoSocket,
    /// This PC's account may not use the socket or pipe.
    NotAllowed,
    /// TLS, with its words.
    Tls(TlsFault, String),
    /// SSH.
    Ssh(SshFault),
    /// Connected, and then no answer in time.
    Timeout,
    /// The connection broke.
    Broken,
    /// What came is not HTTP.
    NotHttp,
}

impl Cause {
    /// The cause of a request that ended with `error`; `connecting` tells whether it had a connection yet.
    pub(crate) fn of(error: &(dyn Error + 'static), connecting: bool) -> Self {
        let mut found = None;
        walk(error, &mut |part| {
            // Of several, the outermost; but TLS and SSH explain what is wrapped around them.
            if let Some(DialError(cause)) = part.downcast_ref::<DialError>() {
                found = Some(cause.clone());
                return;
            }
            match cause_of_part(part, connecting) {
                Some(tls @ Self::Tls(..)) => found = Some(tls),
                Some(cause) if found.is_none() => found = Some(cause),
                _ => {}
            }
        });
        found.unwrap_or(if connecting { Self::HostUnreachable } else { Self::Broken })
    }

    /// Place and kind, as far as the error alone tells.
    pub(crate) fn place(&self, peer: Peer) -> (Place, FailureKind) {
        let beyond = match peer {
            Peer::Sms => Place::Application,
            Peer::Engine | Peer::LocalEngine | Peer::EngineBySsh => Place::DockerEngine,
        };
        match self {
            Self::NoRoute => (Place::ThisPc, FailureKind::Unreachable),
            Self::NameNotFound => (Place::Network, FailureKind::NameNotFound),
            Self::HostUnreachable => (Place::Nas, FailureKind::Unreachable),
            Self::ConnectTimeout if peer == Peer::LocalEngine => (Place::DockerEngine, FailureKind::Timeout),
            Self::ConnectTimeout => (Place::Nas, FailureKind::Timeout),
            // Docker publishes the port only while the container runs.
            Self::Refused if peer == Peer::Sms => (Place::Container, FailureKind::Refused),
            Self::Refused | Self::NoSocket => (Place::DockerEngine, FailureKind::Refused),
            Self::NotAllowed => (Place::DockerEngine, FailureKind::Denied),
            Self::Tls(fault, _) => (beyond, fault.kind()),
            Self::Ssh(fault) => (beyond, fault.kind()),
            Self::Timeout => (beyond, FailureKind::Timeout),
            Self::Broken => (beyond, FailureKind::Broken),
            Self::NotHttp => (beyond, FailureKind::BadAnswer),
        }
    }

    /// Whether this PC's own network could be behind it.
    pub(crate) fn may_be_the_network(&self, peer: Peer) -> bool {
        peer != Peer::LocalEngine
            && matches!(
                self,
                Self::NameNotFound
                    | Self::HostUnreachable
                    | Self::ConnectTimeout
                    | Self::NoRoute
                    // A connection that was kept alive does not tell when the cable was pulled.
                    | Self::Timeout
                    | Self::Broken
            )
    }

    /// One clause for people.
    pub(crate) fn words(&self, peer: Peer) -> String {
        match self {
            Self::NoRoute => "this PC has no route to it".into(),
            Self::NameNotFound => "its name cannot be resolved".into(),
            Self::HostUnreachable => "the host cannot be reached".into(),
            Self::ConnectTimeout => "no answer to the attempt to connect".into(),
            Self::Refused if peer == Peer::Sms => "connection refused: nothing listens on that port".into(),
            Self::Refused if peer == Peer::EngineBySsh => {
                "connection refused: no SSH server listens there; is SSH switched on at the NAS?".into()
            }
            Self::Refused => "connection refused: the Docker Engine does not listen there".into(),
            Self::NoSocket => "there is no such socket: is Docker installed and running?".into(),
            Self::NotAllowed => "this account may not use the socket: join the group `docker`".into(),
            Self::Tls(_, words) => words.clone(),
            Self::Ssh(fault) => fault.words(),
            Self::Timeout => "connected, but no whole answer in time".into(),
            Self::Broken => "the connection broke".into(),
            Self::NotHttp => "what answers there does not speak HTTP".into(),
        }
    }
}

/// Visits an error and all that lies under it. An `io::Error` hides what it wraps from `source()`.
fn walk(error: &(dyn Error + 'static), visit: &mut dyn FnMut(&(dyn Error + 'static))) {
    let mut next = Some(error);
    // Chains are a handful long; the bound is against one that bites its tail.
    for _ in 0..32 {
        let Some(part) = next else { return };
        visit(part);
        next = match part.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => part.source(),
        };
    }
}

fn cause_of_part(part: &(dyn Error + 'static), connecting: bool) -> Option<Cause> {
    if let Some(tls) = part.downcast_ref::<rustls::Error>() {
        let (fault, words) = tls_words::words(tls);
        return Some(Cause::Tls(fault, words));
    }
    if let Some(error) = part.downcast_ref::<io::Error>() {
        return cause_of_io(error.kind(), error.raw_os_error(), connecting);
    }
    if let Some(error) = part.downcast_ref::<hyper::Error>() {
        if error.is_parse() {
            return Some(Cause::NotHttp);
        }
        if error.is_timeout() {
            return Some(Cause::Timeout);
        }
        if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
            return Some(Cause::Broken);
        }
    }
    // hyper-util keeps the type of its connect errors to itself; the resolver's carry this text and, below it, an
    // io::Error of no particular kind.
    if connecting && part.to_string() == "dns error" {
        return Some(Cause::NameNotFound);
    }
    None
}

/// What a kind of I/O error means. The numbers are Windows' (WinSock and pipes), for kinds that std does not name.
fn cause_of_io(kind: io::ErrorKind, os: Option<i32>, connecting: bool) -> Option<Cause> {
    use io::ErrorKind as K;
    if cfg!(windows) {
        match os {
            // WSAHOST_NOT_FOUND, WSATRY_AGAIN, WSANO_RECOVERY, WSANO_DATA.
            Some(11001..=11004) => return Some(Cause::NameNotFound),
            // ERROR_PIPE_BUSY, ERROR_SEM_TIMEOUT.
            Some(231 | 121) => return Some(Cause::Timeout),
            // ERROR_NO_DATA, ERROR_PIPE_NOT_CONNECTED.
            Some(232 | 233) => return Some(Cause::Broken),
            _ => {}
        }
    }
    match kind {
        K::NetworkUnreachable | K::NetworkDown | K::AddrNotAvailable => Some(Cause::NoRoute),
        K::HostUnreachable => Some(Cause::HostUnreachable),
        K::ConnectionRefused => Some(Cause::Refused),
        K::TimedOut if connecting => Some(Cause::ConnectTimeout),
        K::TimedOut => Some(Cause::Timeout),
        K::NotFound if connecting => Some(Cause::NoSocket),
        K::PermissionDenied if connecting => Some(Cause::NotAllowed),
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::NotConnected | K::UnexpectedEof => {
            Some(Cause::Broken)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rustls::AlertDescription;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Outer {
        text: &'static str,
        #[source]
        source: io::Error,
    }

    fn wrapped(text: &'static str, kind: io::ErrorKind) -> io::Error {
        io::Error::other(Outer { text, source: kind.into() })
    }

    #[test]
    fn every_kind_of_failure_has_its_place() {
        use io::ErrorKind as K;
        for (kind, connecting, peer, place, failure) in [
            (K::NetworkUnreachable, true, Peer::Sms, Place::ThisPc, FailureKind::Unreachable),
            (K::NetworkDown, true, Peer::Engine, Place::ThisPc, FailureKind::Unreachable),
            (K::AddrNotAvailable, true, Peer::Sms, Place::ThisPc, FailureKind::Unreachable),
            (K::HostUnreachable, true, Peer::Sms, Place::Nas, FailureKind::Unreachable),
            (K::HostUnreachable, false, Peer::Engine, Place::Nas, FailureKind::Unreachable),
            (K::TimedOut, true, Peer::Sms, Place::Nas, FailureKind::Timeout),
            (K::TimedOut, true, Peer::LocalEngine, Place::DockerEngine, FailureKind::Timeout),
            (K::TimedOut, false, Peer::Sms, Place::Application, FailureKind::Timeout),
            (K::TimedOut, false, Peer::Engine, Place::DockerEngine, FailureKind::Timeout),
            (K::ConnectionRefused, true, Peer::Sms, Place::Container, FailureKind::Refused),
            (K::ConnectionRefused, true, Peer::Engine, Place::DockerEngine, FailureKind::Refused),
            (K::ConnectionRefused, true, Peer::EngineBySsh, Place::DockerEngine, FailureKind::Refused),
            (K::TimedOut, true, Peer::EngineBySsh, Place::Nas, FailureKind::Timeout),
            (K::ConnectionReset, false, Peer::Sms, Place::Application, FailureKind::Broken),
            (K::ConnectionAborted, false, Peer::Sms, Place::Application, FailureKind::Broken),
            (K::BrokenPipe, false, Peer::Engine, Place::DockerEngine, FailureKind::Broken),
            (K::UnexpectedEof, false, Peer::Sms, Place::Application, FailureKind::Broken),
            (K::NotFound, true, Peer::LocalEngine, Place::DockerEngine, FailureKind::Refused),
            (K::PermissionDenied, true, Peer::LocalEngine, Place::DockerEngine, FailureKind::Denied),
        ] {
            for error in [io::Error::from(kind), wrapped("tcp connect error", kind)] {
                let cause = Cause::of(&error, connecting);
                assert_eq!(cause.place(peer), (place, failure), "{kind:?} {peer:?}");
                assert!(!cause.words(peer).is_empty());
            }
        }
    }

    #[test]
    fn names_and_tls_are_found_deep_in_the_chain() {
        let dns = wrapped("dns error", io::ErrorKind::Other);
        assert_eq!(Cause::of(&dns, true).place(Peer::Sms), (Place::Network, FailureKind::NameNotFound));

        let alert = rustls::Error::AlertReceived(AlertDescription::BadCertificate);
        let tls = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, alert));
        assert_eq!(Cause::of(&tls, false).place(Peer::Engine), (Place::DockerEngine, FailureKind::Denied));
    }

    #[test]
    fn what_is_said_of_ssh_counts_before_what_is_wrapped_around_it() {
        let fault = || Cause::Ssh(SshFault::PasswordRefused { user: "admin".into() });
        let error = io::Error::new(io::ErrorKind::BrokenPipe, DialError(fault()));
        assert_eq!(Cause::of(&error, false), fault());
        assert_eq!(Cause::of(&DialError(Cause::NameNotFound), true), Cause::NameNotFound);
        assert_eq!(fault().place(Peer::EngineBySsh), (Place::DockerEngine, FailureKind::Denied));
        assert!(!fault().may_be_the_network(Peer::EngineBySsh));
    }

    #[test]
    fn an_unknown_error_is_placed_by_how_far_it_came() {
        let odd = io::Error::other("odd");
        assert_eq!(Cause::of(&odd, true), Cause::HostUnreachable);
        assert_eq!(Cause::of(&odd, false), Cause::Broken);
    }
}
