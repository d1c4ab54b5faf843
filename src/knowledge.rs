//! The catalogue and the rules that go with it: bundled, or with people's own files laid over them.

use std::path::Path;

use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
#[cfg(feature = "cli")]
use crate::packed::pack;
use crate::rules::RuleSet;
use crate::source::{RuleFile, read_folder};

/// The texts of the bundled rules, by their paths below `rules/`.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));
static CATALOG: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.bin"));
static RULES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// How many parts the bytes of a knowledge have: the catalog, and the rules.
#[cfg(feature = "cli")]
pub(crate) const PARTS: usize = 2;

/// What is known: models and offers, and the rules that choose among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Knowledge {
    /// Models, offers, prices, Regions.
    pub catalog: Catalog,
    /// Categories, preferences, evidence.
    pub rules: RuleSet,
}

impl Knowledge {
    /// What ships with the program, compiled when it was built.
    ///
    /// # Panics
    /// Never: the bytes were written by the same code at build time, and a test reads them.
    #[must_use]
    #[allow(clippy::expect_used, reason = "the bytes come from this crate's own build script")]
    pub fn bundled() -> Self {
        Self {
            catalog: postcard::from_bytes(CATALOG).expect("the catalogue compiled at build time"),
            rules: postcard::from_bytes(RULES).expect("the rules compiled at build time"),
        }
    }

    /// Its parts as bytes. A part that is the same as the bundled one is left empty: most overlays change one of them.
    #[cfg(feature = "cli")]
    pub(crate) fn pack(&self) -> [Vec<u8>; PARTS] {
        let own = |bytes: Vec<u8>, bundled: &[u8]| if bytes == bundled { Vec::new() } else { bytes };
        [own(pack(&self.catalog), CATALOG), own(pack(&self.rules), RULES)]
    }

    /// Reads what `pack` wrote in the same build of the program; `None` when that is not what the bytes are.
    #[cfg(feature = "cli")]
    pub(crate) fn unpack(parts: [&'static [u8]; PARTS]) -> Option<Self> {
        let [catalog, rules] = parts;
        let own = |bytes, bundled| if <[u8]>::is_empty(bytes) { bundled } else { bytes };
        let (catalog, after) = postcard::take_from_bytes(own(catalog, CATALOG)).ok()?;
        let (rules, more) = postcard::take_from_bytes(own(rules, RULES)).ok()?;
        (after.is_empty() && more.is_empty()).then_some(Self { catalog, rules })
    }

    /// The bundled rules with the files of folders laid over them, the last one on top: tables and rows merge, other lists are
    /// replaced.
    ///
    /// # Errors
    /// Every mistake in the files, when there is one that is not only a warning.
    pub fn with_overlays<'p>(folders: impl IntoIterator<Item = &'p Path>) -> Result<Self, Diagnostics> {
        let files = layered(folders)?;
        let (knowledge, diagnostics) = Self::compile(&files);
        match knowledge {
            Some(knowledge) if !diagnostics.has_errors() => Ok(knowledge),
            _ => Err(diagnostics),
        }
    }

    /// Compiles rule files; with every mistake, and with nothing else when they are too broken.
    #[must_use]
    pub fn compile(files: &[RuleFile]) -> (Option<Self>, Diagnostics) {
        let mut diagnostics = Diagnostics::default();
        for file in files {
            unknown_file(file, &mut diagnostics);
        }
        let catalog = Catalog::compile(files, &mut diagnostics);
        let knowledge = catalog.and_then(|catalog| {
            let rules = RuleSet::compile(files, &catalog, &mut diagnostics)?;
            Some(Self { catalog, rules })
        });
        diagnostics.sort();
        (knowledge, diagnostics)
    }
}

/// Tells of a file that nothing reads.
fn unknown_file(file: &RuleFile, diagnostics: &mut Diagnostics) {
    let known = || FILES.iter().map(|(path, _)| *path).filter(|path| !path.contains('/'));
    let is_known = match file.path.split_once('/') {
        Some((folder, _)) => matches!(folder, "mentions" | "models" | "tasks"),
        None => known().any(|path| path == file.path),
    };
    if is_known {
        return;
    }
    let diagnostic = Diagnostic::warning(Code::UnknownFile, format!("{} is none of the rules, so nothing reads it", file.path));
    let meant = match file.path.split_once('/') {
        Some((folder, name)) => nearest(folder, ["mentions", "models", "tasks"]).map(|folder| format!("{folder}/{name}")),
        None => nearest(&file.path, known()).map(str::to_owned),
    };
    let help = meant.map_or("categories stand in tasks/, models in models/".to_owned(), |meant| format!("did you mean {meant}?"));
    diagnostics.push(diagnostic.at(file.place(0..0)).help(help));
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
pub fn layered<'p>(folders: impl IntoIterator<Item = &'p Path>) -> Result<Vec<RuleFile>, Diagnostics> {
    read_overlays(folders).map(laid_over_bundled)
}

/// The rule files of folders, those that go on top last.
pub(crate) fn read_overlays<'p>(folders: impl IntoIterator<Item = &'p Path>) -> Result<Vec<RuleFile>, Diagnostics> {
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
pub(crate) fn laid_over_bundled(overlays: Vec<RuleFile>) -> Vec<RuleFile> {
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
    use super::*;

    #[test]
    fn the_bundled_bytes_are_what_the_files_say() {
        let (compiled, diagnostics) = Knowledge::compile(&bundled_files());
        assert!(diagnostics.is_empty(), "{diagnostics}");
        assert!(compiled == Some(Knowledge::bundled()));
    }
}
