//! Mending files: only the IDs change, and a file is either the old one or the new one.

use std::fs;
use std::io::{self, Write as _};
use std::ops::Range;
use std::path::Path;

use rockpick_scan::{Fixes, Held, apply};

use crate::cli::CliError;
use crate::output::scan::Scanned;

/// Lines around a change that a diff shows.
const AROUND: usize = 3;

/// A file that was changed.
pub(super) struct Changed {
    pub count: usize,
}

/// The changes to a file.
type Changes = Vec<(Range<usize>, String)>;

/// What these fixes change, file by file.
fn changes(found: &[Scanned], fixes: Fixes) -> Vec<(&Scanned, Changes)> {
    let held: Held = found.iter().flat_map(|scanned| scanned.scan.held.iter().cloned()).collect();
    let of_file = |scanned: &Scanned| -> Changes {
        let own = scanned.scan.findings.iter();
        own.filter_map(|finding| {
            let new = fixes.replacement(finding, &held)?;
            Some((finding.start..finding.end, new.to_owned()))
        })
        .collect()
    };
    let editable = found.iter().filter(|scanned| scanned.scan.editable);
    editable
        .map(|scanned| (scanned, of_file(scanned)))
        .filter(|(_, changes)| !changes.is_empty())
        .collect()
}

/// The old and the new bytes of a file. IDs that no longer stand where they were found stay.
fn mended(scanned: &Scanned, changes: &mut Changes) -> Result<(Vec<u8>, Vec<u8>), CliError> {
    let unreadable =
        |error: io::Error| CliError::usage(format!("cannot read {}: {error}", scanned.path));
    let old = fs::read(&scanned.path).map_err(unreadable)?;
    let ids = |range: &Range<usize>| {
        let own = scanned.scan.findings.iter().find(|finding| finding.start == range.start);
        own.is_some_and(|finding| old.get(range.clone()) == Some(finding.id.as_bytes()))
    };
    changes.retain(|(range, _)| ids(range));
    let new = apply(&old, changes);
    Ok((old, new))
}

/// Changes the files.
pub(super) fn write(found: &[Scanned], fixes: Fixes) -> Result<Vec<Changed>, CliError> {
    let mut changed = Vec::new();
    for (scanned, mut changes) in changes(found, fixes) {
        let (old, new) = mended(scanned, &mut changes)?;
        if old != new {
            replace(Path::new(&scanned.path), &new)?;
            changed.push(Changed { count: changes.len() });
        }
    }
    Ok(changed)
}

/// Writes a file beside the old one and puts it in its place, with its mode.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let written = || -> io::Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        match fs::metadata(path) {
            Ok(known) => fs::set_permissions(file.path(), known.permissions())?,
            Err(_) => fs::set_permissions(file.path(), readable()?)?,
        }
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    written().map_err(|error| CliError::usage(format!("cannot write {}: {error}", path.display())))
}

/// The mode of a new file that others may read.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "elsewhere it may fail")]
fn readable() -> io::Result<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable() -> io::Result<fs::Permissions> {
    Ok(fs::metadata(".")?.permissions())
}

/// The changes as a unified diff.
pub(super) fn diff(found: &[Scanned], fixes: Fixes) -> Result<String, CliError> {
    let mut text = String::new();
    for (scanned, mut changes) in changes(found, fixes) {
        let (old, new) = mended(scanned, &mut changes)?;
        let (old, new) = (String::from_utf8_lossy(&old), String::from_utf8_lossy(&new));
        let old: Vec<&str> = old.split_inclusive('\n').collect();
        let new: Vec<&str> = new.split_inclusive('\n').collect();
        if old != new {
            text.push_str(&format!("--- a/{0}\n+++ b/{0}\n", scanned.path));
            hunks(&old, &new, &mut text);
        }
    }
    Ok(text)
}

/// The hunks of two texts with the same number of lines.
fn hunks(old: &[&str], new: &[&str], text: &mut String) {
    let changed: Vec<usize> =
        old.iter().zip(new).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
    let mut rest = changed.as_slice();
    while let Some(&first) = rest.first() {
        let far = rest.windows(2).position(|pair| pair[1] - pair[0] > 2 * AROUND);
        let (own, others) = rest.split_at(far.map_or(rest.len(), |at| at + 1));
        rest = others;
        let last = own.last().copied().unwrap_or(first);
        let (from, to) = (first.saturating_sub(AROUND), old.len().min(last + AROUND + 1));
        text.push_str(&format!("@@ -{0},{1} +{0},{1} @@\n", from + 1, to - from));
        let mut at = from;
        while at < to {
            let end = (at..to).find(|line| old[*line] == new[*line]).unwrap_or(to);
            if end == at {
                line(text, ' ', old[at]);
                at += 1;
                continue;
            }
            old[at..end].iter().for_each(|own| line(text, '-', own));
            new[at..end].iter().for_each(|own| line(text, '+', own));
            at = end;
        }
    }
}

fn line(text: &mut String, sign: char, line: &str) {
    text.push(sign);
    text.push_str(line);
    if !line.ends_with('\n') {
        text.push_str("\n\\ No newline at end of file\n");
    }
}
