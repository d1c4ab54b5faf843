//! Files that differ from a commit, as git lists them.

use std::path::PathBuf;
use std::process::Command;

use crate::cli::CliError;

/// The files below some paths that differ from a commit or are new.
pub(super) fn files(reference: &str, paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    if reference.is_empty() || reference.starts_with('-') {
        return Err(CliError::usage(format!("`{reference}` is no commit")));
    }
    let mut files =
        git(&["diff", "--name-only", "--relative", "-z", "--diff-filter=d", reference], paths)?;
    files.extend(git(&["ls-files", "--others", "--exclude-standard", "-z"], paths)?);
    files.sort();
    files.dedup();
    Ok(files)
}

fn git(arguments: &[&str], paths: &[PathBuf]) -> Result<Vec<PathBuf>, CliError> {
    let output = Command::new("git").args(arguments).arg("--").args(paths).output();
    let output =
        output.map_err(|error| CliError::usage(format!("--changed needs git: {error}")))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        let why =
            why.lines().next().unwrap_or("git failed").trim_start_matches("fatal: ").to_owned();
        return Err(CliError::usage(format!("git cannot tell what changed: {why}")));
    }
    let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    Ok(names.map(path).collect())
}

#[cfg(unix)]
fn path(name: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    PathBuf::from(std::ffi::OsStr::from_bytes(name))
}

#[cfg(not(unix))]
fn path(name: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(name).into_owned())
}
