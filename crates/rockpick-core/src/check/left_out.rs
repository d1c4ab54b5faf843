//! How well examples are read by a classifier that has not learned from them.

use std::collections::BTreeMap;

use super::task_files;
use crate::classify::{Parts, Reading, Report, leave_out};
use crate::diagnostic::Diagnostics;
use crate::knowledge::Knowledge;
use crate::rules::compile::{add_labeled, lesson, manner};
use crate::source::RuleFile;

/// What is read right when it is left out of learning.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftOut {
    /// The described needs.
    pub needs: Report,
    /// The concrete prompts.
    pub prompts: Report,
}

/// How many labeled mentions of each kind there are, and how many play the right role by what the other half of the labeled
/// sentences teaches.
#[must_use]
pub fn mentions(
    files: &[RuleFile],
    knowledge: &Knowledge,
) -> BTreeMap<&'static str, (usize, usize)> {
    crate::words::by_halves(files, &knowledge.rules.vocabulary)
}

/// Leaves out the examples of people's own categories, which are those that the bundled files do not have; where there are none, those
/// of all categories.
#[must_use]
pub fn left_out(files: &[RuleFile], bundled: &[RuleFile], parts: Parts) -> LeftOut {
    let tasks: Vec<_> =
        task_files(files).into_iter().filter(|(_, task)| !task.named_only).collect();
    let mut lessons: Vec<_> = tasks.iter().map(|(file, task)| lesson(file.stem(), task)).collect();
    add_labeled(&mut lessons, files);
    let manner = manner(files, &mut Diagnostics::default());
    let mut examined: Vec<bool> =
        tasks.iter().map(|(file, _)| !bundled.iter().any(|known| is_same(known, file))).collect();
    if !examined.contains(&true) {
        examined.fill(true);
    }
    let report = |reading| leave_out(&lessons, &manner, reading, parts, &examined);
    LeftOut { needs: report(Reading::Need), prompts: report(Reading::Prompt) }
}

fn is_same(one: &RuleFile, other: &RuleFile) -> bool {
    one.path == other.path
        && one.texts().map(|(_, text)| text).eq(other.texts().map(|(_, text)| text))
}
