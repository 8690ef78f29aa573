//! Certificates and keys from files: read once, checked before anything is connected.

use std::{fs::File, io::Read as _, path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, InconsistentKeys, RootCertStore,
    SignatureScheme,
    client::{
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_cert_signed_by_trust_anchor,
    },
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem, pem::PemObject},
    server::ParsedCertificate,
};

use super::TargetError;

/// No such file is larger.
const CAP: u64 = 1024 * 1024;

const FROM_THE_NAS: &str = "Take ca.pem, cert.pem and key.pem from Container Station → Preferences → Docker Certificate \
                            into one folder, and name it as `deployment.docker_certificates`";
const THE_PIN: &str = "Save the Engine's own certificate as PEM there, or remove the file";
const THE_AUTHORITY: &str = "Correct `deployment.ca_file`: it names a file of certificate authorities in PEM";

/// What is wrong with a file of certificates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    /// It cannot be read, with the system's reason.
    #[error("it cannot be read ({0})")]
    Unreadable(String),
    /// It is larger than 1 MiB.
    #[error("it is larger than {} KiB, so it is no such file", CAP / 1024)]
    TooLarge,
    /// There is no certificate in it.
    #[error("it holds no certificate in PEM (a block that begins with -----BEGIN CERTIFICATE-----)")]
    NoCertificate,
    /// What stands in it is damaged, with the reason.
    #[error("a certificate in it is damaged ({0})")]
    Damaged(String),
    /// There is no private key in it that can be used.
    #[error("it holds no private key in PEM, or only one that is encrypted")]
    NoKey,
    /// It is the key of another certificate.
    #[error("it is not the key of the certificate beside it")]
    WrongKey,
    /// No certificate in it holds any more, since this day.
    #[error("it expired on {0} (UTC)")]
    Expired(String),
    /// No certificate in it holds yet, until this day.
    #[error("it holds from {0} (UTC) on: look at this PC's clock")]
    NotYet(String),
}

impl CertificateFault {
    /// It is a matter of the day. Who is shown it may take it all the same.
    pub const fn is_of_time(&self) -> bool {
        matches!(self, Self::Expired(_) | Self::NotYet(_))
    }
}

/// TLS with client certificates as the Docker Engine wants it: `folder` holds `cert.pem` and `key.pem`, and either `ca.pem`
/// or, to pin the Engine's own certificate, `server.pem`. This PC's own authorities are not trusted for it.
///
/// # Errors
/// [`TargetError::Certificates`], with the file.
pub(crate) fn engine_tls(folder: &Path) -> Result<ClientConfig, TargetError> {
    let (pin, cert, key) = (folder.join("server.pem"), folder.join("cert.pem"), folder.join("key.pem"));
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|e| TargetError::Client(e.to_string()))?;
    let verifying = if pin.exists() {
        let pinned = certificates(&pin).and_then(first).map_err(at(&pin, THE_PIN))?;
        builder.dangerous().with_custom_certificate_verifier(Arc::new(Pinned { pinned, provider }))
    } else {
        builder.with_root_certificates(authorities(&folder.join("ca.pem"))?)
    };
    let ours = certificates(&cert).map_err(at(&cert, FROM_THE_NAS))?;
    let secret = private_key(&key).map_err(at(&key, FROM_THE_NAS))?;
    verifying.with_client_auth_cert(ours, secret).map_err(|e| match e {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            at(&key, FROM_THE_NAS)(CertificateFault::WrongKey)
        }
        Error::InvalidCertificate(e) => at(&cert, FROM_THE_NAS)(CertificateFault::Damaged(e.to_string())),
        // The file was read as PEM; what the block holds is no key of a kind that ring signs with.
        _ => at(&key, FROM_THE_NAS)(CertificateFault::NoKey),
    })
}

/// That the certificates in `folder` can be used for an Engine, and hold `now`.
///
/// # Errors
/// [`TargetError::Certificates`], with the file.
pub fn check_certificates(folder: &Path, now: DateTime<Utc>) -> Result<(), TargetError> {
    engine_tls(folder)?;
    engine_out_of_time(folder, now)
}

/// The authorities in the file `path`, to be trusted besides this PC's own.
///
/// # Errors
/// [`TargetError::Certificates`].
pub(crate) fn extra_roots(path: &Path) -> Result<Vec<CertificateDer<'static>>, TargetError> {
    let found = certificates(path).map_err(at(path, THE_AUTHORITY))?;
    // Looked at here, where the file is still known.
    trusted(&found).map_err(at(path, THE_AUTHORITY))?;
    Ok(found)
}

/// What of the certificates in `folder`, which can be read, does not hold `now`. A pinned certificate is taken whatever its
/// days are.
pub(crate) fn engine_out_of_time(folder: &Path, now: DateTime<Utc>) -> Result<(), TargetError> {
    let (pin, ca, cert) = (folder.join("server.pem"), folder.join("ca.pem"), folder.join("cert.pem"));
    // Those after the first one belong to its issuer.
    certificates(&cert).and_then(first).and_then(|c| in_time(&[c], now)).map_err(at(&cert, FROM_THE_NAS))?;
    if pin.exists() {
        return Ok(());
    }
    certificates(&ca).and_then(|all| in_time(&all, now)).map_err(at(&ca, FROM_THE_NAS))
}

/// That no authority in the file `path` holds `now`.
pub(crate) fn authority_out_of_time(path: &Path, now: DateTime<Utc>) -> Result<(), TargetError> {
    certificates(path).and_then(|all| in_time(&all, now)).map_err(at(path, THE_AUTHORITY))
}

/// Whether one of `certificates` holds `now`. The verifier looks at a certificate's days before anything else about it, so
/// nobody has to vouch for it here.
fn in_time(certificates: &[CertificateDer<'static>], now: DateTime<Utc>) -> Result<(), CertificateFault> {
    let seconds = |at: DateTime<Utc>| u64::try_from(at.timestamp()).unwrap_or_default();
    let day = |at: UnixTime| {
        let at = i64::try_from(at.as_secs()).ok().and_then(|s| DateTime::from_timestamp(s, 0));
        at.map(|at| at.format("%Y-%m-%d").to_string()).unwrap_or_default()
    };
    let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds(now)));
    let algorithms = ring::default_provider().signature_verification_algorithms.all;
    let mut worst = Ok(());
    for certificate in certificates {
        let said = ParsedCertificate::try_from(certificate).and_then(|parsed| {
            verify_server_cert_signed_by_trust_anchor(&parsed, &RootCertStore::empty(), &[], now, algorithms)
        });
        worst = Err(match said {
            Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) => {
                CertificateFault::Expired(day(not_after))
            }
            Err(Error::InvalidCertificate(CertificateError::NotValidYetContext { not_before, .. })) => {
                CertificateFault::NotYet(day(not_before))
            }
            _ => return Ok(()),
        });
    }
    worst
}

fn authorities(path: &Path) -> Result<RootCertStore, TargetError> {
    certificates(path).and_then(|found| trusted(&found)).map_err(at(path, FROM_THE_NAS))
}

fn trusted(certificates: &[CertificateDer<'static>]) -> Result<RootCertStore, CertificateFault> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate.clone()).map_err(|e| CertificateFault::Damaged(e.to_string()))?;
    }
    Ok(roots)
}

fn at(path: &Path, help: &'static str) -> impl FnOnce(CertificateFault) -> TargetError {
    move |fault| TargetError::Certificates { path: path.to_owned(), fault, help }
}

/// All certificates of a file; at least one.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateFault> {
    let found: Vec<_> = CertificateDer::pem_slice_iter(&read(path)?)
        .collect::<Result<_, _>>()
        .map_err(|e| CertificateFault::Damaged(e.to_string()))?;
    if found.is_empty() { Err(CertificateFault::NoCertificate) } else { Ok(found) }
}

fn first(certificates: Vec<CertificateDer<'static>>) -> Result<CertificateDer<'static>, CertificateFault> {
    certificates.into_iter().next().ok_or(CertificateFault::NoCertificate)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, CertificateFault> {
    PrivateKeyDer::from_pem_slice(&read(path)?).map_err(|e| match e {
        pem::Error::NoItemsFound => CertificateFault::NoKey,
        // Said without the error's own words, which may quote the key.
        _ => CertificateFault::Damaged("its PEM is broken".into()),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, CertificateFault> {
    let unreadable = |e: std::io::Error| CertificateFault::Unreadable(e.to_string());
    // A pipe would be waited for, and a device never ends.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(CertificateFault::Unreadable("it is no file".into()));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(CAP + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > CAP { Err(CertificateFault::TooLarge) } else { Ok(bytes) }
}

/// Takes one certificate and no other, whatever name it bears and whoever issued it. That the Engine holds its key is
/// proven by the handshake's signature, as ever.
#[derive(Debug)]
struct Pinned {
    pinned: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if *shown == self.pinned {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
        }
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use rcgen::{
        BasicConstraints, CertificateParams, CertifiedKey, IsCa, KeyPair, date_time_ymd,
        generate_simple_self_signed,
    };

    use super::*;

    fn pair() -> (String, String) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["nas.local".into()]).unwrap();
        (cert.pem(), signing_key.serialize_pem())
    }

    /// A PEM block of that kind whose base64 is whole and whose content is nothing.
    fn hollow(kind: &str) -> String {
        format!("-----BEGIN {kind}-----\nAAAA\n-----END {kind}-----\n")
    }

    #[test]
    fn each_fault_of_a_file_is_told_with_its_name() {
        let ((cert, key), (_, other_key)) = (pair(), pair());
        let large = " ".repeat(usize::try_from(CAP).unwrap() + 1);
        let broken = cert.replace("-----END", "--END");
        let with = |name: &'static str, text: &str| Some((name, text.to_owned()));
        for (changed, says) in [
            (None, None),
            (with("server.pem", &cert), None),
            (with("server.pem", "nothing"), Some("server.pem: it holds no certificate")),
            (with("ca.pem", ""), Some("ca.pem: it holds no certificate")),
            (with("ca.pem", &hollow("CERTIFICATE")), Some("ca.pem: a certificate in it is damaged")),
            (with("ca.pem", &broken), Some("ca.pem: a certificate in it is damaged")),
            (with("ca.pem", &large), Some("ca.pem: it is larger")),
            (with("cert.pem", &key), Some("cert.pem: it holds no certificate")),
            (with("cert.pem", &hollow("CERTIFICATE")), Some("cert.pem: a certificate in it is damaged")),
            (with("key.pem", &cert), Some("key.pem: it holds no private key")),
            (with("key.pem", &hollow("ENCRYPTED PRIVATE KEY")), Some("key.pem: it holds no private key")),
            (with("key.pem", &hollow("PRIVATE KEY")), Some("key.pem: it holds no private key")),
            (with("key.pem", &other_key), Some("key.pem: it is not the key")),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let usual = [("ca.pem", &cert), ("cert.pem", &cert), ("key.pem", &key)];
            let usual = usual.map(|(name, text)| (name, text.clone()));
            for (name, text) in usual.into_iter().chain(changed) {
                std::fs::write(folder.path().join(name), text).unwrap();
            }
            match (engine_tls(folder.path()), says) {
                (Ok(_), None) => {}
                (Err(e), Some(says)) => {
                    let e = e.to_string();
                    assert!(e.contains(says) && !e.contains(&key), "{says}: {e}");
                }
                (Ok(_), Some(says)) => panic!("taken, but should say {says}"),
                (Err(e), None) => panic!("{e}"),
            }
        }
    }

    /// A certificate that holds in these years, as an authority or as a client has it.
    fn of_years(from: i32, to: i32, authority: bool) -> (String, String) {
        let mut params = CertificateParams::new(vec!["nas.local".into()]).unwrap();
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        if authority {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let key = KeyPair::generate().unwrap();
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    #[test]
    fn a_certificate_is_told_from_one_that_held_once() {
        let old = |authority| of_years(2020, 2021, authority);
        let now = |authority| of_years(2020, 2040, authority);
        let (late, _) = of_years(2030, 2040, true);
        let both = format!("{}{}", old(true).0, now(true).0);
        for (ca, (cert, key), pin, says) in [
            (now(true).0, now(false), false, None),
            (now(false).0, now(true), false, None),
            (both, now(false), false, None),
            (old(true).0, now(false), false, Some("ca.pem: it expired on 2021-01-01 (UTC)")),
            (old(false).0, now(false), false, Some("ca.pem: it expired on 2021-01-01 (UTC)")),
            (late, now(false), false, Some("ca.pem: it holds from 2030-01-01 (UTC) on")),
            (now(true).0, old(false), false, Some("cert.pem: it expired on 2021-01-01 (UTC)")),
            (old(true).0, now(false), true, None),
            (old(true).0, old(false), true, Some("cert.pem: it expired")),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
            write("ca.pem", &ca);
            write("cert.pem", &cert);
            write("key.pem", &key);
            if pin {
                write("server.pem", &old(false).0);
            }
            // What is a matter of the day can be used: who is shown it decides.
            assert!(engine_tls(folder.path()).is_ok(), "{says:?}");
            let today = Utc.with_ymd_and_hms(2026, 11, 24, 0, 0, 0).unwrap();
            let found = engine_out_of_time(folder.path(), today).map_err(|e| e.to_string());
            match says {
                None => assert_eq!(found, Ok(())),
                Some(says) => assert!(found.as_ref().is_err_and(|e| e.contains(says)), "{says}: {found:?}"),
            }
            let authority = authority_out_of_time(&folder.path().join("ca.pem"), today);
            assert_eq!(authority.is_err(), pin || says.is_some_and(|s| s.starts_with("ca.pem")), "{says:?}");
        }
    }

    #[test]
    fn a_missing_file_is_told_with_where_to_get_it() {
        let error = engine_tls("/no/such/folder".as_ref()).unwrap_err().to_string();
        assert!(error.contains("ca.pem") && error.contains("Container Station"), "{error}");
        let error = extra_roots("/no/such/file.pem".as_ref()).unwrap_err().to_string();
        assert!(error.contains("file.pem") && error.contains("deployment.ca_file"), "{error}");
    }
}
