//! Certificates that were pasted: checked, and kept for this account alone.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use chrono::Utc;
use watchkeeper_probes::{TargetError, target::check_certificates};

use crate::{DeskError, Help};

/// No such text is longer, in bytes.
const LONGEST: usize = 256 * 1024;

/// What Container Station shows of a client's certificates, as PEM.
#[derive(Clone)]
pub struct Pasted {
    /// ca.pem: the authority's certificate.
    pub ca: String,
    /// cert.pem: the client's certificate.
    pub cert: String,
    /// key.pem: its private key.
    pub key: String,
}

/// Checks what was pasted and keeps it in a folder of its own within the data folder `data`; gives the folder.
///
/// # Errors
/// What is wrong with which of the three; nothing is kept then. Or that the folder cannot be written.
pub fn keep(data: &Path, pasted: &Pasted) -> Result<PathBuf, DeskError> {
    let all = data.join("certificates");
    let failed = |e: io::Error| {
        DeskError::could_not_run(format!("{} cannot be written: {e}", all.display()), Help::Folder)
    };
    own_folder(&all).map_err(failed)?;
    let mut number = 1_u32;
    let folder = loop {
        let folder = all.join(number.to_string());
        if !folder.exists() {
            break folder;
        }
        number += 1;
    };
    own_folder(&folder).map_err(failed)?;
    let kept = fill(&folder, pasted);
    if kept.is_err() {
        // What cannot be used must not lie about; that it may stay is no worse than the fault itself.
        let _ = fs::remove_dir_all(&folder);
    }
    kept.map(|()| folder)
}

fn fill(folder: &Path, pasted: &Pasted) -> Result<(), DeskError> {
    for (name, text) in [("ca.pem", &pasted.ca), ("cert.pem", &pasted.cert), ("key.pem", &pasted.key)] {
        if text.len() > LONGEST {
            return Err(DeskError::usage(
                format!("{name} is too long to be one"),
                "paste the file's text alone",
            ));
        }
        own_file(&folder.join(name), text)
            .map_err(|e| DeskError::could_not_run(format!("{name} cannot be written: {e}"), Help::Folder))?;
    }
    check_certificates(folder, Utc::now()).map_err(|error| match error {
        // The folder is gone by then; the person knows the text by its name.
        TargetError::Certificates { path, fault, .. } => {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            DeskError::usage(
                format!("{name}: {fault}"),
                "paste all three from the same NAS, each with its BEGIN and END line",
            )
        }
        other => other.into(),
    })
}

/// A folder that this account alone looks into.
fn own_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A new file that this account alone reads.
fn own_file(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    io::Write::write_all(&mut file, text.trim().as_bytes())?;
    io::Write::write_all(&mut file, b"\n")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertifiedKey, generate_simple_self_signed};

    use super::*;

    fn pair() -> (String, String) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(vec!["nas.local".into()]).unwrap();
        (cert.pem(), signing_key.serialize_pem())
    }

    #[test]
    fn what_is_pasted_is_kept_for_its_owner_or_not_at_all() {
        let ((cert, key), (_, other)) = (pair(), pair());
        let data = tempfile::tempdir().unwrap();
        let paste = |ca: &str, cert: &str, key: &str| {
            keep(data.path(), &Pasted { ca: ca.into(), cert: cert.into(), key: key.into() })
        };
        let first = paste(&cert, &format!("\n  {cert}\n"), &key).unwrap();
        let second = paste(&cert, &cert, &key).unwrap();
        assert_ne!(first, second);
        assert_eq!(check_certificates(&first, Utc::now()), Ok(()));
        #[cfg(unix)]
        for (path, mode) in
            [(first.clone(), 0o700), (first.join("key.pem"), 0o600), (first.join("ca.pem"), 0o600)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
        }
        for (ca, cert, key, says) in [
            ("", cert.as_str(), key.as_str(), "ca.pem: it holds no certificate"),
            (&cert, &key, &key, "cert.pem: it holds no certificate"),
            (&cert, &cert, &cert, "key.pem: it holds no private key"),
            (&cert, &cert, &other, "key.pem: it is not the key"),
            (&cert, &"x".repeat(LONGEST + 1), &key, "cert.pem is too long"),
        ] {
            let error = paste(ca, cert, key).unwrap_err().to_string();
            assert!(error.contains(says) && !error.contains("BEGIN PRIVATE"), "{says}: {error}");
        }
        assert_eq!(fs::read_dir(data.path().join("certificates")).unwrap().count(), 2);
    }
}
