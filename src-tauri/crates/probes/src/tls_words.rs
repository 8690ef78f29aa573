//! TLS errors in words that say what to do.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};
use watchkeeper_core::reading::FailureKind;

/// What is wrong with a connection by TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsFault {
    /// The certificate bears another name, or none.
    Name,
    /// Its authority is not trusted.
    Authority,
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYet,
    /// It is not the pinned one.
    NotPinned,
    /// The client's certificate was refused.
    Client,
    /// What listens there does not speak TLS.
    NotTls,
    /// Another one.
    Other,
}

impl TlsFault {
    /// The kind of failure that it is in the journal.
    pub(crate) const fn kind(self) -> FailureKind {
        match self {
            Self::Client => FailureKind::Denied,
            _ => FailureKind::Tls,
        }
    }
}

/// What a TLS error means, and one sentence on it without a full stop.
pub(crate) fn words(error: &Error) -> (TlsFault, String) {
    use CertificateError as C;
    use TlsFault as F;
    let say = |fault, text: &str| (fault, text.to_owned());
    match error {
        Error::InvalidCertificate(fault) => match fault {
            C::NotValidForName => say(
                F::Name,
                "its certificate is not made for this name (or bears no SubjectAltName at all): \
                 use the name that the certificate bears, or pin the certificate as server.pem",
            ),
            C::NotValidForNameContext { presented, .. } if presented.is_empty() => say(
                F::Name,
                "its certificate bears no SubjectAltName, so it is valid for no name: \
                 have the NAS make a new one, or pin it as server.pem",
            ),
            C::NotValidForNameContext { expected, presented } => (
                F::Name,
                format!(
                    "its certificate is not made for `{}` but for {}: use that name, or pin the certificate as server.pem",
                    expected.to_str(),
                    presented.join(", ")
                ),
            ),
            // A new authority under the old one's name shows as a bad signature.
            C::UnknownIssuer | C::BadSignature => say(
                F::Authority,
                "its certificate was not issued by an authority that is trusted here: \
                 take ca.pem from the same NAS again, it changes when the NAS makes new certificates",
            ),
            C::Expired | C::ExpiredContext { .. } => say(
                F::Expired,
                "its certificate has expired: have the NAS make a new one (and look at this PC's clock)",
            ),
            C::NotValidYet | C::NotValidYetContext { .. } => {
                say(F::NotYet, "its certificate is not valid yet: look at this PC's clock and at the NAS's")
            }
            C::Revoked => say(F::Other, "its certificate was revoked"),
            C::ApplicationVerificationFailure => say(
                F::NotPinned,
                "its certificate is not the pinned one (server.pem): either the NAS made a new certificate, \
                 or something else answers in its place",
            ),
            other => (F::Other, format!("its certificate is not accepted: {other}")),
        },
        Error::AlertReceived(alert) => match alert {
            AlertDescription::BadCertificate
            | AlertDescription::CertificateRequired
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::DecryptError => (
                F::Client,
                format!(
                    "it refused the client certificate ({alert:?}): take cert.pem and key.pem from the same NAS again"
                ),
            ),
            other => (F::Other, format!("it ended the TLS handshake ({other:?})")),
        },
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            say(F::NotTls, "what listens there does not speak TLS: is it the right port?")
        }
        Error::NoCertificatesPresented => say(F::Other, "it showed no certificate"),
        other => (F::Other, format!("the TLS handshake failed: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::ServerName;

    use super::*;

    #[test]
    fn each_fault_has_its_own_words() {
        let name = |presented: &[&str]| CertificateError::NotValidForNameContext {
            expected: ServerName::try_from("nas.local").unwrap(),
            presented: presented.iter().map(ToString::to_string).collect(),
        };
        for (error, fault, part) in [
            (Error::InvalidCertificate(name(&[])), TlsFault::Name, "no SubjectAltName"),
            (
                Error::InvalidCertificate(name(&["DnsName(\"other\")"])),
                TlsFault::Name,
                "not made for `nas.local`",
            ),
            (Error::InvalidCertificate(CertificateError::NotValidForName), TlsFault::Name, "SubjectAltName"),
            (Error::InvalidCertificate(CertificateError::UnknownIssuer), TlsFault::Authority, "authority"),
            (Error::InvalidCertificate(CertificateError::BadSignature), TlsFault::Authority, "authority"),
            (Error::InvalidCertificate(CertificateError::Expired), TlsFault::Expired, "expired"),
            (Error::InvalidCertificate(CertificateError::NotValidYet), TlsFault::NotYet, "clock"),
            (
                Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure),
                TlsFault::NotPinned,
                "pinned",
            ),
            (Error::AlertReceived(AlertDescription::BadCertificate), TlsFault::Client, "client certificate"),
            (
                Error::AlertReceived(AlertDescription::CertificateRequired),
                TlsFault::Client,
                "client certificate",
            ),
            (Error::AlertReceived(AlertDescription::ProtocolVersion), TlsFault::Other, "ended"),
            (Error::InvalidMessage(InvalidMessage::InvalidContentType), TlsFault::NotTls, "right port"),
        ] {
            let (got, text) = words(&error);
            assert_eq!(got, fault, "{error:?}");
            assert!(text.contains(part), "{error:?}: {text}");
        }
    }
}
