//! Certificates as a NAS hands them out: an authority, the Engine's own, a client's.

use std::{fs, path::Path};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};

/// Writes them into `folder`: ca.pem, cert.pem and key.pem for the client, engine.pem and engine-key.pem; and in
/// `stranger/` a client's from another authority, with the right ca.pem. `host` is where the Engine is.
pub(super) fn write(folder: &Path, host: &str) -> Result<(), String> {
    let stranger = folder.join("stranger");
    fs::create_dir_all(&stranger).map_err(|e| format!("{}: {e}", stranger.display()))?;
    let authority = authority("Test NAS")?;
    let other = self::authority("Another NAS")?;
    for (to, name, pem) in [(folder, "ca.pem", authority.pem()), (&stranger, "ca.pem", authority.pem())] {
        put(to, name, &pem)?;
    }
    issue(
        &authority,
        "engine",
        ExtendedKeyUsagePurpose::ServerAuth,
        host,
        folder,
        ["engine.pem", "engine-key.pem"],
    )?;
    issue(&authority, "client", ExtendedKeyUsagePurpose::ClientAuth, host, folder, ["cert.pem", "key.pem"])?;
    issue(&other, "client", ExtendedKeyUsagePurpose::ClientAuth, host, &stranger, ["cert.pem", "key.pem"])
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> Result<Authority, String> {
    let mut params = CertificateParams::new(Vec::new()).map_err(text)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().map_err(text)?).map_err(text)
}

fn issue(
    authority: &Authority,
    name: &str,
    purpose: ExtendedKeyUsagePurpose,
    host: &str,
    folder: &Path,
    [cert, key]: [&str; 2],
) -> Result<(), String> {
    let names = vec!["localhost".to_owned(), host.to_owned()];
    let mut params = CertificateParams::new(names).map_err(text)?;
    params.extended_key_usages = vec![purpose];
    params.distinguished_name.push(DnType::CommonName, name);
    let pair = KeyPair::generate().map_err(text)?;
    put(folder, cert, &params.signed_by(&pair, authority).map_err(text)?.pem())?;
    put(folder, key, &pair.serialize_pem())
}

fn put(folder: &Path, name: &str, pem: &str) -> Result<(), String> {
    let path = folder.join(name);
    fs::write(&path, pem).map_err(|e| format!("{}: {e}", path.display()))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err takes")]
fn text(error: rcgen::Error) -> String {
    format!("a test certificate could not be made: {error}")
}
