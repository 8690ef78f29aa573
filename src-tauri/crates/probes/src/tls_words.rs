//! TLS errors in words that say what to do.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage};
use watchkeeper_core::reading::FailureKind;

/// What a TLS error means, as a kind and one sentence without a full stop.
pub(crate) fn words(error: &Error) -> (FailureKind, String) {
    use CertificateError as C;
    let say = |text: &str| (FailureKind::Tls, text.to_owned());
    match error {
        Error::InvalidCertificate(fault) => match fault {
            C::NotValidForName => {
                say("its certificate is not made for this name (or bears no SubjectAltName at all): \
                 use the name that the certificate bears, or pin the certificate as server.pem")
            }
            C::NotValidForNameContext { presented, .. } if presented.is_empty() => {
                say("its certificate bears no SubjectAltName, so it is valid for no name: \
                 have the NAS make a new one, or pin it as server.pem")
            }
            C::NotValidForNameContext { expected, presented } => (
                FailureKind::Tls,
                format!(
                    "its certificate is not made for `{}` but for {}: use that name, or pin the certificate as server.pem",
                    expected.to_str(),
                    presented.join(", ")
                ),
            ),
            // A new authority under the old one's name shows as a bad signature.
            C::UnknownIssuer | C::BadSignature => {
                say("its certificate was not issued by an authority that is trusted here: \
                 take ca.pem from the same NAS again, it changes when the NAS makes new certificates")
            }
            C::Expired | C::ExpiredContext { .. } => {
                say("its certificate has expired: have the NAS make a new one (and look at this PC's clock)")
            }
            C::NotValidYet | C::NotValidYetContext { .. } => {
                say("its certificate is not valid yet: look at this PC's clock and at the NAS's")
            }
            C::Revoked => say("its certificate was revoked"),
            C::ApplicationVerificationFailure => say(
                "its certificate is not the pinned one (server.pem): either the NAS made a new certificate, \
                 or something else answers in its place",
            ),
            other => (FailureKind::Tls, format!("its certificate is not accepted: {other}")),
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
                FailureKind::Denied,
                format!(
                    "it refused the client certificate ({alert:?}): take cert.pem and key.pem from the same NAS again"
                ),
            ),
            other => (FailureKind::Tls, format!("it ended the TLS handshake ({other:?})")),
        },
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            say("what listens there does not speak TLS: is it the right port?")
        }
        Error::NoCertificatesPresented => say("it showed no certificate"),
        other => (FailureKind::Tls, format!("the TLS handshake failed: {other}")),
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
        for (error, kind, part) in [
            (Error::InvalidCertificate(name(&[])), FailureKind::Tls, "no SubjectAltName"),
            (
                Error::InvalidCertificate(name(&["DnsName(\"other\")"])),
                FailureKind::Tls,
                "not made for `nas.local`",
            ),
            (
                Error::InvalidCertificate(CertificateError::NotValidForName),
                FailureKind::Tls,
                "SubjectAltName",
            ),
            (Error::InvalidCertificate(CertificateError::UnknownIssuer), FailureKind::Tls, "authority"),
            (Error::InvalidCertificate(CertificateError::BadSignature), FailureKind::Tls, "authority"),
            (Error::InvalidCertificate(CertificateError::Expired), FailureKind::Tls, "expired"),
            (Error::InvalidCertificate(CertificateError::NotValidYet), FailureKind::Tls, "clock"),
            (
                Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure),
                FailureKind::Tls,
                "pinned",
            ),
            (
                Error::AlertReceived(AlertDescription::BadCertificate),
                FailureKind::Denied,
                "client certificate",
            ),
            (
                Error::AlertReceived(AlertDescription::CertificateRequired),
                FailureKind::Denied,
                "client certificate",
            ),
            (Error::AlertReceived(AlertDescription::ProtocolVersion), FailureKind::Tls, "ended"),
            (Error::InvalidMessage(InvalidMessage::InvalidContentType), FailureKind::Tls, "right port"),
        ] {
            let (got, text) = words(&error);
            assert_eq!(got, kind, "{error:?}");
            assert!(text.contains(part), "{error:?}: {text}");
        }
    }
}
