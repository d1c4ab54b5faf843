//! The files of a scan: walked as git would, read on a few threads, kept only as findings.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};
use rockpick_scan::{Held, Scanner, Skip, hold};

use super::changed;
use super::flags::ScanArgs;
use super::settings::Plan;
use crate::cli::CliError;
use crate::output::scan::Scanned;

/// So many files are read at a time.
const THREADS: usize = 2;

/// What is found in all files, sorted by path.
pub(super) fn all(
    args: &ScanArgs,
    plan: &Plan,
    scanner: &Scanner<'_>,
) -> Result<Vec<Scanned>, CliError> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return stdin(args, plan, scanner);
    }
    let mut found = Vec::new();
    if let Some(reference) = &args.changed {
        let files = changed::files(reference, &args.paths)?;
        for path in files.into_iter().filter(|path| !plan.is_baseline(path)) {
            found.extend(file(&path, &path, plan, scanner));
        }
    } else {
        for root in &args.paths {
            root.symlink_metadata().map_err(|error| {
                CliError::usage(format!("cannot read {}: {error}", root.display()))
            })?;
            found.extend(below(root, plan, scanner));
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    let held: Held = found.iter().flat_map(|scanned| scanned.scan.held.iter().cloned()).collect();
    for finding in found.iter_mut().flat_map(|scanned| &mut scanned.scan.findings) {
        hold(finding, &held);
    }
    Ok(found)
}

fn stdin(args: &ScanArgs, plan: &Plan, scanner: &Scanner<'_>) -> Result<Vec<Scanned>, CliError> {
    if args.paths.len() > 1 || args.fix.is_some() || args.changed.is_some() {
        return Err(CliError::usage("`-` reads one file from stdin, and changes nothing"));
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(plan.largest + 1).read_to_end(&mut bytes);
    read.map_err(|error| CliError::usage(format!("cannot read stdin: {error}")))?;
    if bytes.len() as u64 > plan.largest {
        return Err(CliError::usage("stdin is larger than --max-file-size"));
    }
    let path = args.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("stdin"));
    Ok(vec![read_bytes(&path, &path, &bytes, plan, scanner)])
}

fn below(root: &Path, plan: &Plan, scanner: &Scanner<'_>) -> Vec<Scanned> {
    let found = Mutex::new(Vec::new());
    let walk = WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .follow_links(false)
        .threads(THREADS)
        .overrides(plan.exclude.clone())
        .filter_entry(|entry| entry.file_name() != ".git")
        .build_parallel();
    walk.run(|| {
        let found = &found;
        Box::new(move |entry| {
            let file = match entry {
                Ok(entry) => read_entry(root, &entry, plan, scanner),
                Err(error) => Some(Scanned::skipped(unreadable(&error, root), error.to_string())),
            };
            if let Some(file) = file {
                found.lock().unwrap_or_else(PoisonError::into_inner).push(file);
            }
            WalkState::Continue
        })
    });
    found.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// The path that an error of the walk is about.
fn unreadable(error: &ignore::Error, root: &Path) -> String {
    match error {
        ignore::Error::WithPath { path, .. } => shown(path),
        _ => shown(root),
    }
}

fn read_entry(
    root: &Path,
    entry: &DirEntry,
    plan: &Plan,
    scanner: &Scanner<'_>,
) -> Option<Scanned> {
    let path = entry.path();
    // The baseline names IDs itself.
    if !entry.file_type().is_some_and(|kind| kind.is_file()) || plan.is_baseline(path) {
        return None;
    }
    // What a folder is called above the root says nothing of the files in it.
    let below = path.strip_prefix(root).unwrap_or(path);
    let below = if below.as_os_str().is_empty() { own_name(path) } else { below };
    file(path, below, plan, scanner)
}

/// A file that was named itself: its path from here, or only its name.
fn own_name(path: &Path) -> &Path {
    let relative =
        path.is_relative() && !path.components().any(|part| part == Component::ParentDir);
    if relative { path } else { path.file_name().map_or(path, Path::new) }
}

fn file(path: &Path, below: &Path, plan: &Plan, scanner: &Scanner<'_>) -> Option<Scanned> {
    let failed = |error: &io::Error| Some(Scanned::skipped(shown(path), error.to_string()));
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return failed(&error),
    };
    let size = match file.metadata() {
        Ok(known) if known.is_file() => known.len(),
        Ok(_) => return None,
        Err(error) => return failed(&error),
    };
    if size > plan.largest {
        return Some(Scanned::skipped(shown(path), format!("larger than {} bytes", plan.largest)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    // A file may grow while it is read.
    if let Err(error) = file.by_ref().take(plan.largest).read_to_end(&mut bytes) {
        return failed(&error);
    }
    Some(read_bytes(path, below, &bytes, plan, scanner))
}

fn read_bytes(
    path: &Path,
    below: &Path,
    bytes: &[u8],
    plan: &Plan,
    scanner: &Scanner<'_>,
) -> Scanned {
    let own = plan.options_for(below);
    let options = own.as_ref().unwrap_or(&plan.options);
    let scan = scanner.scan(&below.to_string_lossy(), bytes, options);
    match scan.skipped {
        Some(Skip::Binary) => Scanned::skipped(shown(path), "binary".to_owned()),
        None => Scanned { path: shown(path), scan, skipped: None },
    }
}

/// A path as it is reported: without `./`, with slashes.
fn shown(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path).to_string_lossy();
    if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() }
}
