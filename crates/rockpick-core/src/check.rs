//! Linting and testing rules as a whole, beyond what makes them unusable.

mod expect;
mod facts;
mod left_out;
mod tasks;

use jiff::civil::Date;

pub use self::expect::{Accuracy, TestReport, test};
pub use self::left_out::{LeftOut, left_out, mentions};
use crate::diagnostic::Diagnostics;
use crate::knowledge::Knowledge;
use crate::rules::schema::TaskFile;
use crate::source::RuleFile;

/// What people should look at in rules that compile, on a date.
#[must_use]
pub fn check(files: &[RuleFile], knowledge: &Knowledge, as_of: Date) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for file in files.iter().filter(|file| file.texts().nth(1).is_some()) {
        diagnostics.extend(file.lost());
    }
    facts::check(files, &knowledge.catalog, as_of, &mut diagnostics);
    tasks::check(files, knowledge, as_of, &mut diagnostics);
    diagnostics.sort();
    diagnostics
}

/// A category's file and what it says.
type ParsedTask<'a> = (&'a RuleFile, TaskFile);

/// The categories' files; their mistakes were told when the rules were compiled.
fn task_files(files: &[RuleFile]) -> Vec<ParsedTask<'_>> {
    let tasks = files.iter().filter(|file| file.path.starts_with("tasks/"));
    tasks.filter_map(|file| Some((file, file.parse(&mut Diagnostics::default())?))).collect()
}
