//! The bundled rules of rockpick: compiled when this crate is built, and as files for people's own rules to be laid over.

use std::path::Path;

use rockpick_core::Knowledge;
use rockpick_core::diagnostic::Diagnostics;
use rockpick_core::packed::pack as packed;
use rockpick_core::source::{RuleFile, read_folder};

/// The texts of the bundled rules, by their paths below `rules/`.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));
static CATALOG: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.bin"));
static RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// A hash of everything that the form of compiled rules depends on.
pub const BUILD: &str = env!("ROCKPICK_BUILD");
/// How many parts the bytes of a knowledge have: the catalog, and the rules.
pub const PARTS: usize = 2;

/// What ships with the program, compiled when it was built.
///
/// # Panics
/// Never: the bytes were written by the same code at build time, and a test reads them.
#[must_use]
#[allow(clippy::expect_used, reason = "the bytes come from this crate's own build script")]
pub fn bundled() -> Knowledge {
    Knowledge {
        catalog: postcard::from_bytes(CATALOG).expect("the catalog compiled at build time"),
        rules: postcard::from_bytes(RULES).expect("the rules compiled at build time"),
    }
}

/// The parts of a knowledge as bytes. A part that is the same as the bundled one is left empty: most overlays change one of them.
#[must_use]
pub fn pack(knowledge: &Knowledge) -> [Vec<u8>; PARTS] {
    let own = |bytes: Vec<u8>, bundled: &[u8]| if bytes == bundled { Vec::new() } else { bytes };
    [own(packed(&knowledge.catalog), CATALOG), own(packed(&knowledge.rules), RULES)]
}

/// Reads what [`pack`] wrote in the same build of the program; `None` when that is not what the bytes are.
#[must_use]
pub fn unpack(parts: [&'static [u8]; PARTS]) -> Option<Knowledge> {
    let [catalog, rules] = parts;
    let own = |bytes, bundled| if <[u8]>::is_empty(bytes) { bundled } else { bytes };
    let (catalog, after) = postcard::take_from_bytes(own(catalog, CATALOG)).ok()?;
    let (rules, more) = postcard::take_from_bytes(own(rules, RULES)).ok()?;
    (after.is_empty() && more.is_empty()).then_some(Knowledge { catalog, rules })
}

/// The bundled rules with the files of folders laid over them, the last one on top: tables and rows merge, other lists are
/// replaced.
///
/// # Errors
/// Every mistake in the files, when there is one that is not only a warning.
pub fn with_overlays<'p>(
    folders: impl IntoIterator<Item = &'p Path>,
) -> Result<Knowledge, Diagnostics> {
    let (knowledge, diagnostics) = Knowledge::compile(&layered(folders)?);
    match knowledge {
        Some(knowledge) if !diagnostics.has_errors() => Ok(knowledge),
        _ => Err(diagnostics),
    }
}

/// The bundled rule files.
#[must_use]
pub fn bundled_files() -> Vec<RuleFile> {
    FILES.iter().map(|(path, text)| RuleFile::new(*path, format!("rules/{path}"), *text)).collect()
}

/// The bundled rule files with those of folders laid over them.
///
/// # Errors
/// A diagnostic for every folder and file that cannot be read.
pub fn layered<'p>(
    folders: impl IntoIterator<Item = &'p Path>,
) -> Result<Vec<RuleFile>, Diagnostics> {
    read_overlays(folders).map(laid_over_bundled)
}

/// The rule files of folders, those that go on top last.
///
/// # Errors
/// A diagnostic for every folder and file that cannot be read.
pub fn read_overlays<'p>(
    folders: impl IntoIterator<Item = &'p Path>,
) -> Result<Vec<RuleFile>, Diagnostics> {
    let mut files = Vec::new();
    let mut unreadable = Diagnostics::default();
    for folder in folders {
        match read_folder(folder) {
            Ok(read) => files.extend(read),
            Err(diagnostics) => unreadable.extend(diagnostics),
        }
    }
    if unreadable.is_empty() { Ok(files) } else { Err(unreadable) }
}

/// The bundled rule files with others laid over them, one after the other.
#[must_use]
pub fn laid_over_bundled(overlays: Vec<RuleFile>) -> Vec<RuleFile> {
    let mut files = bundled_files();
    for file in overlays {
        match files.iter_mut().find(|own| own.path == file.path) {
            Some(own) => own.overlay(file),
            None => files.push(file),
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

#[cfg(test)]
mod tests {
    use rockpick_core::knowledge::{FILES as KNOWN, FOLDERS};

    use super::*;

    #[test]
    fn every_bundled_file_is_one_that_is_read() {
        for (path, _) in FILES {
            let known = path
                .split_once('/')
                .map_or(KNOWN.contains(path), |(folder, _)| FOLDERS.contains(&folder));
            assert!(known, "{path}");
        }
    }

    #[test]
    fn what_is_packed_comes_out_the_same() {
        let known = bundled();
        assert!(pack(&known).iter().all(Vec::is_empty), "the bundled parts are not kept again");
        assert_eq!(unpack([&[], &[]]), Some(known));
    }
}
