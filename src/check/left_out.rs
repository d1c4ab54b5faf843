//! How well examples are read by a classifier that has not learnt from them.

use super::task_files;
use crate::classify::{Reading, Report, leave_out};
use crate::diagnostic::Diagnostics;
use crate::rules::compile::{lesson, manner};
use crate::source::RuleFile;

/// What is read right when it is left out of learning.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// The described needs.
    pub needs: Report,
    /// The concrete prompts.
    pub prompts: Report,
}

/// Leaves the examples out in `folds` parts, one part at a time.
#[must_use]
pub fn left_out(files: &[RuleFile], folds: usize) -> LeftOut {
    let lessons: Vec<_> = task_files(files).iter().map(|(file, task)| lesson(file.stem(), task)).collect();
    let manner = manner(files, &mut Diagnostics::default());
    let report = |reading| leave_out(&lessons, &manner, reading, folds);
    LeftOut { needs: report(Reading::Need), prompts: report(Reading::Prompt) }
}
