//! The catalog and the rules that go with it, compiled from rule files.

use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::rules::RuleSet;
use crate::source::RuleFile;

/// The files beside the folders of models, tasks and labeled needs.
pub const FILES: &[&str] = &[
    "asks.toml",
    "benchmarks.toml",
    "bodies.toml",
    "effort.toml",
    "evidence.toml",
    "families.toml",
    "features.toml",
    "grades.toml",
    "hints.toml",
    "nouns.toml",
    "places.toml",
    "preferences.toml",
    "profiles.toml",
    "providers.toml",
    "quirks.toml",
    "reading.toml",
    "regions.toml",
    "retired.toml",
    "sources.toml",
    "thinking.toml",
    "words.toml",
];
/// The folders of files of one kind.
pub const FOLDERS: [&str; 3] = ["mentions", "models", "tasks"];

/// What is known: models and offers, and the rules that choose among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Knowledge {
    /// Models, offers, prices, Regions.
    pub catalog: Catalog,
    /// Categories, preferences, evidence.
    pub rules: RuleSet,
}

impl Knowledge {
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

/// Warns of a file that nothing reads.
fn unknown_file(file: &RuleFile, diagnostics: &mut Diagnostics) {
    let is_known = match file.path.split_once('/') {
        Some((folder, _)) => FOLDERS.contains(&folder),
        None => FILES.contains(&file.path.as_str()),
    };
    if is_known {
        return;
    }
    let diagnostic = Diagnostic::warning(
        Code::UnknownFile,
        format!("{} is none of the rules, so nothing reads it", file.path),
    );
    let meant = match file.path.split_once('/') {
        Some((folder, name)) => nearest(folder, FOLDERS).map(|folder| format!("{folder}/{name}")),
        None => nearest(&file.path, FILES.iter().copied()).map(str::to_owned),
    };
    let help = meant.map_or("categories stand in tasks/, models in models/".to_owned(), |meant| {
        format!("did you mean {meant}?")
    });
    diagnostics.push(diagnostic.at(file.place(0..0)).help(help));
}
