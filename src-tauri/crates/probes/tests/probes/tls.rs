//! Client certificates, and what is said when they or the server's do not fit. The server is rustls itself, one
//! connection per thread.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    sync::Arc,
    time::Duration,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, Stream,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};
use watchkeeper_core::reading::{FailureKind, Place, Value};
use watchkeeper_probes::{
    DeploymentConfig, DockerEndpoint, HttpTarget, Prospect,
    docker::{Engine, Version},
    http::{Api, HttpClient},
    ladder::RungOutcome,
    network::NetworkCheck,
};

use crate::support::{ask, failure, value};

struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
struct Pair {
    cert: String,
    key: String,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }
    fn issue(&self, names: &[&str], years: (i32, i32)) -> Pair {
        let mut params =
            CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
        params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
        let key = KeyPair::generate().unwrap();
        let cert = params.signed_by(&key, &self.0).unwrap();
        Pair { cert: cert.pem(), key: key.serialize_pem() }
    }
}

const NOW: (i32, i32) = (2020, 2090);

/// Serves one fixed answer over TLS; with `clients`, only to clients with a certificate of that authority.
fn serve(server: &Pair, clients: Option<&Authority>) -> u16 {
    let provider = Arc::new(ring::default_provider());
    let versions =
        ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().unwrap();
    let verifying = match clients {
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(authority.0.pem().as_bytes()).unwrap()).unwrap();
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            versions.with_client_cert_verifier(verifier)
        }
        None => versions.with_no_client_auth(),
    };
    let chain = vec![CertificateDer::from_pem_slice(server.cert.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(server.key.as_bytes()).unwrap();
    let config = Arc::new(verifying.with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for tcp in listener.incoming() {
            let (mut tcp, config) = (tcp.unwrap(), config.clone());
            std::thread::spawn(move || {
                let mut tls = ServerConnection::new(config).unwrap();
                let mut stream = Stream::new(&mut tls, &mut tcp);
                let mut head = [0; 4096];
                if stream.read(&mut head).is_ok_and(|n| n > 0) {
                    let body = r#"{"Version":"24.0.7","ApiVersion":"1.43"}"#;
                    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
                    let _ = write!(stream, "{head} {}\r\n\r\n{body}", body.len());
                }
                // Let the alert of a refused handshake go out before the connection closes.
                let _ = stream.flush();
                let _ = tcp.shutdown(std::net::Shutdown::Write);
                let _ = tcp.read(&mut [0; 1024]);
            });
        }
    });
    port
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn engine(port: u16, certificates: &Path) -> Version {
    let endpoint = DockerEndpoint::parse(&format!("tcp://127.0.0.1:{port}"), Some(certificates)).unwrap();
    Version::new(Arc::new(Engine::new(&endpoint, Duration::from_secs(20), None).unwrap()))
}

#[tokio::test]
async fn certificates_are_checked_both_ways_and_faults_are_told_apart() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let good = ours.issue(&["127.0.0.1", "localhost"], NOW);
    let client = ours.issue(&["watchkeeper"], NOW);
    let stranger = theirs.issue(&["watchkeeper"], NOW);
    let nameless = ours.issue(&[], NOW);
    let other = ours.issue(&["nas.local"], NOW);
    let expired = ours.issue(&["127.0.0.1"], (2020, 2021));
    // The server's certificate, ca.pem, the client's, a pinned one; what is said, of what kind, and the advice.
    for (server, ca, client, pinned, says) in [
        (&good, &ours, &client, None, None),
        (&nameless, &ours, &client, Some(&nameless), None),
        (
            &good,
            &theirs,
            &client,
            None,
            Some((FailureKind::Tls, "authority that is trusted", "engine_authority")),
        ),
        (&nameless, &ours, &client, None, Some((FailureKind::Tls, "SubjectAltName", "engine_name"))),
        (&other, &ours, &client, None, Some((FailureKind::Tls, "not made for", "engine_name"))),
        (&expired, &ours, &client, None, Some((FailureKind::Tls, "expired", "certificate_expired"))),
        (
            &good,
            &ours,
            &client,
            Some(&nameless),
            Some((FailureKind::Tls, "not the pinned one", "engine_not_pinned")),
        ),
        (
            &good,
            &ours,
            &stranger,
            None,
            Some((FailureKind::Denied, "refused the client certificate", "client_certificate")),
        ),
    ] {
        let ca = ca.0.pem();
        let mut files = vec![("ca.pem", ca.as_str()), ("cert.pem", &client.cert), ("key.pem", &client.key)];
        if let Some(pinned) = pinned {
            files.push(("server.pem", &pinned.cert));
        }
        let folder = folder(&files);
        let probe_port = serve(server, Some(&ours));
        let probe = engine(probe_port, folder.path());
        let answer = ask(&probe).await;
        match says {
            None => {
                assert!(matches!(value(answer), Value::Engine(_)));
                // Over the connection that is kept alive, or a new one.
                assert!(matches!(value(ask(&probe).await), Value::Engine(_)));
            }
            Some((kind, part, code)) => {
                let failure = failure(answer);
                assert_eq!(
                    (failure.place, failure.kind),
                    (Place::DockerEngine, kind),
                    "{part}: {}",
                    failure.message
                );
                assert!(failure.message.contains(part), "{part}: {}", failure.message);
                assert_eq!(advice(probe_port, folder.path()).await, code, "{part}");
            }
        }
    }
}

/// The name of the advice that the ladder gives for the Engine.
async fn advice(port: u16, certificates: &Path) -> &'static str {
    let prospect = Prospect::new(DeploymentConfig {
        http: HttpTarget::parse(&format!("http://127.0.0.1:{port}")).unwrap(),
        docker: DockerEndpoint::parse(&format!("tcp://127.0.0.1:{port}"), Some(certificates)).unwrap(),
        containers: "sms-app".into(),
        docker_timeout: Duration::from_secs(20),
        references: Vec::new(),
        since: chrono::Utc::now(),
        logs_recorded_to: std::collections::BTreeMap::new(),
    });
    let way = prospect.unwrap().way().await;
    let rung = way.rungs.into_iter().find(|r| r.title == "Docker Engine").unwrap();
    match rung.outcome {
        RungOutcome::Failed { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_engine_without_tls_is_told() {
    let ours = Authority::new();
    let client = ours.issue(&["watchkeeper"], NOW);
    let folder = folder(&[("ca.pem", &ours.0.pem()), ("cert.pem", &client.cert), ("key.pem", &client.key)]);
    let address = crate::support::engine::FakeEngine::default().serve().await;
    let port = address.rsplit_once(':').unwrap().1.parse().unwrap();
    let failure = failure(ask(&engine(port, folder.path())).await);
    assert_eq!(failure.kind, FailureKind::Tls, "{}", failure.message);
    assert!(failure.message.contains("does not speak TLS"), "{}", failure.message);
    assert_eq!(advice(port, folder.path()).await, "not_tls");
}

#[tokio::test]
async fn the_sms_over_https_needs_an_authority_that_is_known() {
    let (ours, theirs) = (Authority::new(), Authority::new());
    let port = serve(&ours.issue(&["127.0.0.1"], NOW), None);
    for (authority, works) in [(Some(&ours), true), (Some(&theirs), false), (None, false)] {
        let mut target = HttpTarget::parse(&format!("https://127.0.0.1:{port}")).unwrap();
        target.timeout = Duration::from_secs(20);
        let folder = authority.map(|a| folder(&[("extra.pem", &a.0.pem())]));
        target.extra_ca = folder.as_ref().map(|f| f.path().join("extra.pem"));
        let network = Arc::new(NetworkCheck::new("127.0.0.1", port, &[], Duration::from_secs(1)).unwrap());
        let answer = ask(&Api::new(Arc::new(HttpClient::new(&target, network).unwrap()))).await;
        if works {
            assert!(matches!(value(answer), Value::Http(_)));
        } else {
            let failure = failure(answer);
            assert_eq!(
                (failure.place, failure.kind),
                (Place::Application, FailureKind::Tls),
                "{}",
                failure.message
            );
        }
    }
}
