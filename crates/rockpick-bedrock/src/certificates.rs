//! Certificates that the environment names: the connector ends the program over some that it cannot use, so they are read before.

use std::env;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::base64;

/// Certificates beside the system's, as the AWS CLI has them.
const BUNDLE: &str = "AWS_CA_BUNDLE";
/// Certificates in place of the system's.
const FILE: &str = "SSL_CERT_FILE";
const FOLDERS: &str = "SSL_CERT_DIR";
/// No file of certificates is larger, in bytes.
const MOST: u64 = 16 << 20;
/// Characters in a line of PEM.
const LINE: usize = 64;

/// Certificates that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// The variable that names them.
    pub variable: &'static str,
    /// What is wrong with them.
    pub why: String,
}

/// Whether the certificates that the environment names can be used.
///
/// # Errors
/// The first variable whose certificates cannot be.
pub fn check_certificates() -> Result<(), Unusable> {
    let wrong = |variable| move |why| Unusable { variable, why };
    if let Some(path) = named(BUNDLE) {
        of_file(&path).map_err(wrong(BUNDLE))?;
    }
    let folders: Vec<PathBuf> = env::var_os(FOLDERS)
        .iter()
        .flat_map(env::split_paths)
        .filter(|path| is_named(path))
        .collect();
    match env::var_os(FILE).map(PathBuf::from) {
        Some(path) if is_named(&path) => of_file(&path).map_err(wrong(FILE))?,
        // An empty name is one as well for the connector, and then no certificate of the system counts.
        Some(_) if folders.is_empty() => return Err(wrong(FILE)("names no file".to_owned())),
        _ => {}
    }
    of_folders(&folders).map_err(wrong(FOLDERS))
}

/// The certificates of `AWS_CA_BUNDLE` that can be used, one PEM each: those that cannot would end the program.
pub(super) fn bundle() -> Vec<Vec<u8>> {
    let bytes = named(BUNDLE).and_then(|path| content(&path).ok()).unwrap_or_default();
    usable(&bytes).map(|certificate| pem(&certificate)).collect()
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| is_named(path))
}

fn is_named(path: &Path) -> bool {
    !path.as_os_str().is_empty()
}

fn of_file(path: &Path) -> Result<(), String> {
    let shown = path.display();
    let known =
        path.metadata().map_err(|error| format!("names {shown}, which cannot be read: {error}"))?;
    if known.is_dir() {
        return Err(format!("names {shown}, which is a folder"));
    }
    if known.len() > MOST {
        return Err(too_long(path));
    }
    if !known.is_file() && !is_device(path) {
        // What a pipe holds can be read only once.
        return Ok(());
    }
    let bytes =
        content(path).map_err(|error| format!("names {shown}, which cannot be read: {error}"))?;
    match usable(&bytes).next() {
        Some(_) => Ok(()),
        None => Err(format!("names {shown}, which holds no certificate that can be used")),
    }
}

/// The connector reads every file of these folders.
fn of_folders(folders: &[PathBuf]) -> Result<(), String> {
    let mut found = folders.is_empty();
    for folder in folders {
        let unreadable =
            |error: io::Error| format!("names {}, which cannot be read: {error}", folder.display());
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let Ok(known) = path.metadata() else { continue };
            if !known.is_file() {
                continue;
            }
            if known.len() > MOST {
                return Err(too_long(&path));
            }
            found = found || content(&path).is_ok_and(|bytes| usable(&bytes).next().is_some());
        }
    }
    let names: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
    if found {
        Ok(())
    } else {
        Err(format!("names {}, which holds no certificate that can be used", names.join(", ")))
    }
}

fn too_long(path: &Path) -> String {
    format!("names {}, which is longer than {} MiB", path.display(), MOST >> 20)
}

#[cfg(unix)]
fn is_device(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|known| std::os::unix::fs::FileTypeExt::is_char_device(&known.file_type()))
}

#[cfg(not(unix))]
fn is_device(_: &Path) -> bool {
    false
}

fn content(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The certificates in a text that can be trusted by; what else stands in it does not count.
fn usable(bytes: &[u8]) -> impl Iterator<Item = CertificateDer<'static>> + '_ {
    let certificates = CertificateDer::pem_slice_iter(bytes).filter_map(Result::ok);
    certificates.filter(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok())
}

fn pem(certificate: &CertificateDer<'_>) -> Vec<u8> {
    let text = base64::encode(certificate.as_ref());
    let mut pem = b"-----BEGIN CERTIFICATE-----\n".to_vec();
    for line in text.as_bytes().chunks(LINE) {
        pem.extend_from_slice(line);
        pem.push(b'\n');
    }
    pem.extend_from_slice(b"-----END CERTIFICATE-----\n");
    pem
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signed by itself, for tests alone.
    const OWN: &str = "-----BEGIN CERTIFICATE-----
MIIBcDCCARWgAwIBAgIUWkTIgmfPEveCjcvlxEGyhJvH548wCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBdDAgFw0yNjExMzAxNzAyMjJaGA8yMTI2MTEwNjE3MDIyMlow
DDEKMAgGA1UEAwwBdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCueunAi3C7y
GbwhpAVXKUtKzqPFH27DcERqkJMCT0HgMQDbIQ8sc++ddTX/PgJiyu9tUcPgDBZ1
yP0P6XLB2UGjUzBRMB0GA1UdDgQWBBQGJtY85TC7MucbZFBgXPkTJRuSijAfBgNV
HSMEGDAWgBQGJtY85TC7MucbZFBgXPkTJRuSijAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0kAMEYCIQCbfVBOduY5I4ShyRosmsSUwhbVAF+cHNlwfruTOF33
lQIhAPxwVXVDMvWOH29Riga5kwzGcnFpSQTv4HIfu6CO/nQG
-----END CERTIFICATE-----
";

    #[test]
    fn those_that_can_be_used_are_found_among_others() {
        let broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        let text = format!("# Issuer: nobody\n{broken}{OWN}");
        let found: Vec<CertificateDer<'_>> = usable(text.as_bytes()).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(String::from_utf8(pem(&found[0])).expect("text"), OWN);
    }

    #[test]
    fn what_is_no_certificate_is_not_used() {
        for text in [
            "",
            "127.0.0.1 localhost\n",
            "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nMIIB",
        ] {
            assert_eq!(usable(text.as_bytes()).count(), 0, "{text}");
        }
    }

    #[test]
    fn files_and_folders_are_looked_at_before_they_are_used() {
        let folder = env::temp_dir().join(format!("rockpick-certificates-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        assert!(
            of_folders(std::slice::from_ref(&folder))
                .is_err_and(|why| why.contains("no certificate"))
        );
        let file = folder.join("0a1b2c3d.0");
        fs::write(&file, "# no certificate").expect("a file");
        assert!(of_file(&file).is_err_and(|why| why.contains("no certificate")));
        File::options()
            .write(true)
            .open(&file)
            .and_then(|file| file.set_len(5 << 30))
            .expect("a sparse file");
        assert!(of_file(&file).is_err_and(|why| why.contains("16 MiB")));
        assert!(of_folders(std::slice::from_ref(&folder)).is_err_and(|why| why.contains("16 MiB")));
        assert!(of_file(&folder).is_err_and(|why| why.contains("folder")));
        assert!(of_file(&folder.join("none")).is_err_and(|why| why.contains("cannot be read")));
        fs::remove_dir_all(&folder).expect("removed");
    }
}
