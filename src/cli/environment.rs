//! Files that the environment names and others read whole: one without an end would fill the memory, one without a certificate
//! would end the program.

use std::env;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::CliError;

/// The configuration of the AWS SDKs, read for the Region.
pub(super) const CONFIG: [&str; 1] = ["AWS_CONFIG_FILE"];
/// What calls read beside it; certificates are checked apart.
#[cfg(feature = "aws")]
pub(super) const FOR_CALLS: [&str; 3] = [
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];
/// No such file is larger, in bytes.
const MOST: u64 = 16 << 20;

/// Refuses files of these variables that are larger than any such file is, or have no end.
pub(super) fn check(variables: &[&str]) -> Result<(), CliError> {
    let named = variables
        .iter()
        .filter_map(|name| Some((name, env::var_os(name).filter(|path| !path.is_empty())?)));
    match named.into_iter().find(|(_, path)| is_endless(Path::new(path))) {
        None => Ok(()),
        Some((name, path)) => {
            let message = format!(
                "{name} names {}, which is longer than {} MiB",
                Path::new(&path).display(),
                MOST >> 20
            );
            Err(CliError::usage(message).help(format!("name the right file, or unset {name}")))
        }
    }
}

/// Refuses certificates that cannot be used: without them no connection is made, and some would end the program.
#[cfg(feature = "aws")]
pub(super) fn certificates() -> Result<(), CliError> {
    crate::bedrock::check_certificates().map_err(|unusable| {
        let name = unusable.variable;
        CliError::usage(format!("{name} {}", unusable.why))
            .help(format!("name certificates in PEM, or unset {name}"))
    })
}

/// Whether more can be read than such a file holds. What a pipe holds can be read only once, so pipes are left alone.
fn is_endless(path: &Path) -> bool {
    let Ok(known) = path.metadata() else { return false };
    known.len() > MOST || (is_device(known.file_type()) && read(path) > MOST)
}

fn read(path: &Path) -> u64 {
    let Ok(file) = File::open(path) else { return 0 };
    std::io::copy(&mut file.take(MOST + 1), &mut std::io::sink()).unwrap_or_default()
}

#[cfg(unix)]
fn is_device(kind: std::fs::FileType) -> bool {
    std::os::unix::fs::FileTypeExt::is_char_device(&kind)
}

#[cfg(not(unix))]
fn is_device(_: std::fs::FileType) -> bool {
    false
}
