//! `rockpick rules test`.

use std::fmt::Write as _;

use serde_json::json;

use super::{Findings, FoldersArgs, compiled, count, tally};
use crate::check::{self, TestReport};
use crate::cli::{CliError, Exit, Global};

pub(super) fn run(args: &FoldersArgs, global: &Global) -> Result<Exit, CliError> {
    let as_of = args.as_of()?;
    let (knowledge, files) = compiled(args.files(global)?)?;
    let report = check::test(&files, &knowledge, as_of);
    let accuracy =
        report.accuracy.iter().map(|own| json!({ "category": own.category, "examples": own.examples, "right": own.right }));
    let (expectations, held) = report.expectations;
    let figures = json!({
        "expectations": { "all": expectations, "held": held },
        "accuracy": accuracy.collect::<Vec<_>>(),
    });
    let summary = summary(&report);
    Findings { diagnostics: &report.diagnostics, files: &files, figures, summary }.write(global)
}

fn summary(report: &TestReport) -> String {
    let mut text = String::new();
    let longest = report.accuracy.iter().map(|own| own.category.len()).max().unwrap_or(0);
    let _ = writeln!(text, "examples that read as their own category:");
    for own in &report.accuracy {
        let share = if own.examples == 0 { "no examples".to_owned() } else { percent(own.right, own.examples) };
        let _ = writeln!(text, "  {:longest$}  {:>5} of {:<5} {share}", own.category, own.right, own.examples);
    }
    let (all, held) = report.expectations;
    let _ = writeln!(text, "{}: {held} of {} held", tally(&report.diagnostics), count(all, "expectation"));
    text
}

/// Rounded down, so that 100 % means all.
fn percent(part: usize, whole: usize) -> String {
    let tenths = part * 1_000 / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}
