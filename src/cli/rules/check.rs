//! `rockpick rules check`.

use serde_json::json;

use super::{Findings, FoldersArgs, tally};
use crate::Knowledge;
use crate::check;
use crate::cli::{CliError, Exit, Global};
use crate::diagnostic::{Code, Place};
use crate::knowledge::bundled_files;
use crate::source::RuleFile;

pub(super) fn run(args: &FoldersArgs, global: &Global) -> Result<Exit, CliError> {
    let files = args.files(global)?;
    let (knowledge, mut diagnostics) = Knowledge::compile(&files);
    // What rules lack as a whole can only be told when each of them is sound.
    if let Some(knowledge) = knowledge.as_ref().filter(|_| !diagnostics.has_errors()) {
        diagnostics.extend(check::check(&files, knowledge, args.as_of()?));
        diagnostics.sort();
    }
    // That the bundled facts grow old is no finding about the rules laid over them; every answer says their age anyway.
    if args.has_folders(global) {
        diagnostics.0.retain(|found| {
            found.code != Code::StaleFact || !found.place.as_ref().is_some_and(is_bundled)
        });
    }
    let models = knowledge.as_ref().map(|knowledge| knowledge.catalog.models().len());
    let categories = knowledge.as_ref().map(|knowledge| knowledge.rules.categories().len());
    let mut summary = format!("{}: {} files", tally(&diagnostics), files.len());
    if let (Some(models), Some(categories)) = (models, categories) {
        summary.push_str(&format!(", {models} models, {categories} categories"));
    }
    summary.push_str(" checked\n");
    if !diagnostics.is_empty() {
        summary.push_str("`rockpick rules explain CODE` tells what a code means\n");
    }
    let figures = json!({ "files": files.len(), "models": models, "categories": categories });
    Findings { diagnostics: &diagnostics, files: &files, figures, summary }.write(global)
}

fn is_bundled(place: &Place) -> bool {
    bundled_files().iter().flat_map(RuleFile::texts).any(|(shown, _)| shown == place.file)
}
