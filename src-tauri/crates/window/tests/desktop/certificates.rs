//! Certificates that are pasted into the set-up.

use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use super::{passwords::draft, *};

/// A certificate that holds until the first day of a year, and its key.
fn pair(until: i32) -> (String, String) {
    let mut params = CertificateParams::new(vec!["nas.local".into()]).unwrap();
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

#[tokio::test]
async fn what_is_pasted_is_understood_and_kept_or_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let (_, desktop) = opened(folder.path()).await;
    let ((ca, _), (cert, key), (old, old_key)) = (pair(2051), pair(2042), pair(2020));
    let kept = desktop.keep_certificates(ca.clone(), cert.clone(), key.clone()).unwrap();
    // This PC's own one, and not that of the authority.
    assert_eq!(kept.until.as_deref(), Some("2042-01-01"));
    let set_up = SetUp {
        docker: "tcp://127.0.0.1:1".into(),
        docker_certificates: kept.folder,
        email: String::new(),
        ..draft(&desktop, "http://127.0.0.1:1")
    };
    assert_eq!(desktop.examine(&set_up).await.unwrap().faults, []);
    for (ca, cert, key, says) in [
        (&ca, &cert, &cert, "key.pem: it holds no private key"),
        (&ca, &key, &key, "cert.pem: it holds no certificate"),
        (&key, &cert, &key, "ca.pem: it holds no certificate"),
        (&ca, &cert, &old_key, "key.pem: it is not the key"),
        (&ca, &old, &old_key, "cert.pem: it expired on 2020-01-01"),
        (&old, &cert, &key, "ca.pem: it expired on 2020-01-01"),
    ] {
        let refused = desktop.keep_certificates(ca.clone(), cert.clone(), key.clone()).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Input);
        assert!(refused.message.contains(says), "{says}: {}", refused.message);
        assert!(!format!("{refused:?}").contains("PRIVATE KEY-----\n"), "{refused:?}");
    }
    // Nothing of what was refused lies about.
    let all = std::fs::read_dir(folder.path().join("certificates")).unwrap().count();
    assert_eq!(all, 1);
}
