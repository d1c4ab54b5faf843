//! `rockpick rules test`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::{Findings, FoldersArgs, compiled, count, tally};
use crate::check::{self, LeftOut, TestReport};
use crate::classify::{Parts, Report};
use crate::cli::{CliError, Exit, Form, Global};
use crate::knowledge::bundled_files;
use crate::output::table;

/// How many pairs of categories that are mixed up are told.
const MIXED_UP: usize = 8;

#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct TestArgs {
    #[command(flatten)]
    folders: FoldersArgs,
    /// Leave the examples out of learning in so many parts and read them then; 0 leaves that away [default: each by itself where that
    /// takes seconds, else as many parts as do].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=5000))]
    folds: Option<u16>,
    /// Leave each example out by itself, however long that takes: some minutes for 5,000 examples.
    #[arg(long, conflicts_with = "folds")]
    leave_one_out: bool,
}

impl TestArgs {
    fn parts(&self) -> Option<Parts> {
        match self.folds {
            _ if self.leave_one_out => Some(Parts::Each),
            None => Some(Parts::Quick),
            Some(0) => None,
            Some(parts) => Some(Parts::Exactly(parts.into())),
        }
    }
}

pub(super) fn run(args: &TestArgs, global: &Global) -> Result<Exit, CliError> {
    let as_of = args.folders.as_of()?;
    let (knowledge, files) = compiled(args.folders.files(global)?)?;
    let report = check::test(&files, &knowledge, as_of);
    let left_out = args.parts().map(|parts| check::left_out(&files, &bundled_files(), parts));
    let mentions = args.parts().map(|_| check::mentions(&files, &knowledge)).unwrap_or_default();
    let accuracy = report.accuracy.iter().map(
        |own| json!({ "category": own.category, "examples": own.examples, "right": own.right }),
    );
    let (expectations, held) = report.expectations;
    let figures = json!({
        "expectations": { "all": expectations, "held": held },
        "accuracy": accuracy.collect::<Vec<_>>(),
        "mentions": mentions.iter().map(|(kind, (all, right))| json!({ "kind": kind, "mentions": all, "right": right })).collect::<Vec<_>>(),
        "left_out": left_out.as_ref().map(|out| json!({ "needs": figures(&out.needs), "prompts": figures(&out.prompts) })),
    });
    let wide = global.output == Some(Form::Wide);
    let summary = summary(&report, left_out.as_ref(), &mentions, wide);
    Findings { diagnostics: &report.diagnostics, files: &files, figures, summary }.write(global)
}

fn figures(report: &Report) -> Value {
    let misread = report.misread.iter().map(|misread| {
        json!({
            "category": report.names[misread.category],
            "example": misread.example + 1,
            "read_as": report.names[misread.read_as],
            "confidence": (f64::from(misread.confidence) * 1_000.0).round() / 1_000.0,
        })
    });
    json!({
        "examples": report.total(),
        "one_by_one": report.is_one_by_one(),
        "parts": report.parts,
        "accuracy": (report.accuracy() * 1_000.0).round() / 1_000.0,
        "categories": report.names,
        "confusion": report.confusion,
        "misread": misread.collect::<Vec<_>>(),
    })
}

fn summary(
    report: &TestReport,
    left_out: Option<&LeftOut>,
    mentions: &BTreeMap<&'static str, (usize, usize)>,
    wide: bool,
) -> String {
    let mut text = String::new();
    let longest = report.accuracy.iter().map(|own| own.category.len()).max().unwrap_or(0);
    let _ = writeln!(text, "examples that read as their own category:");
    for own in &report.accuracy {
        let share = if own.examples == 0 {
            "no examples".to_owned()
        } else {
            percent(own.right, own.examples)
        };
        let _ = writeln!(
            text,
            "  {:longest$}  {:>5} of {:<5} {share}",
            own.category, own.right, own.examples
        );
    }
    for (what, out) in
        left_out.iter().flat_map(|out| [("needs", &out.needs), ("prompts", &out.prompts)])
    {
        if out.total() > 0 {
            told(&mut text, what, out, wide);
        }
    }
    if !mentions.is_empty() {
        let _ = writeln!(
            text,
            "roles of labeled mentions, each half read with what the other teaches:"
        );
        for (kind, (all, right)) in mentions {
            let _ = writeln!(text, "  {kind:8}  {right:>5} of {all:<5} {}", percent(*right, *all));
        }
    }
    let (all, held) = report.expectations;
    let _ = writeln!(
        text,
        "{}: {held} of {} held",
        tally(&report.diagnostics),
        count(all, "expectation")
    );
    text
}

/// What was read right though it was left out, and what is mixed up with what.
fn told(text: &mut String, what: &str, out: &Report, wide: bool) {
    let how = if out.is_one_by_one() {
        "one by one".to_owned()
    } else {
        format!("in {} parts", out.parts)
    };
    let (share, total) = (out.accuracy() * 100.0, out.total());
    let _ = writeln!(
        text,
        "{what} read right when they are left out of learning {how}: {share:.1} % of {total}"
    );
    let pairs = out.confusion.iter().enumerate().flat_map(|(own, row)| {
        row.iter().enumerate().map(move |(other, count)| (*count, own, other))
    });
    let mut pairs: Vec<_> =
        pairs.filter(|(count, own, other)| *count > 0 && own != other).collect();
    pairs.sort_by_key(|(count, own, other)| (std::cmp::Reverse(*count), *own, *other));
    for (count, own, other) in pairs.iter().take(MIXED_UP) {
        let _ = writeln!(text, "  {count:>4} of {} read as {}", out.names[*own], out.names[*other]);
    }
    if wide {
        let mut grid = table::bare();
        grid.set_header(
            std::iter::once(String::new())
                .chain((1..=out.names.len()).map(|place| place.to_string())),
        );
        for (place, (name, row)) in out.names.iter().zip(&out.confusion).enumerate() {
            grid.add_row(
                std::iter::once(format!("{} {name}", place + 1))
                    .chain(row.iter().map(ToString::to_string)),
            );
        }
        text.push_str(&table::lines(&grid));
        for misread in &out.misread {
            let (own, other) = (&out.names[misread.category], &out.names[misread.read_as]);
            let _ = writeln!(
                text,
                "  {own}: {what} {} reads as {other} ({:.0} %)",
                misread.example + 1,
                misread.confidence * 100.0
            );
        }
    }
}

/// Rounded down, so that 100 % means all.
fn percent(part: usize, whole: usize) -> String {
    let tenths = part * 1_000 / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}
