//! `rockpick scan`: IDs in source, configuration and docs that are dead, wrong, or called from the wrong Region.

mod baseline;
mod changed;
mod edit;
mod flags;
mod settings;
mod walk;

use std::io::Write as _;

use rockpick_scan::{Fixes, Level, Scanner};

pub(super) use self::flags::ScanArgs;
pub(super) use self::settings::ScanSettings;
use super::{CliError, Exit, Form, Global, output};
use crate::output::scan::{self, Report, ScanForm};

pub(super) fn run(args: &ScanArgs, global: &Global) -> Result<Exit, CliError> {
    let knowledge = super::settings::knowledge(global)?;
    let catalog = &knowledge.catalog;
    let plan = settings::Plan::of(args, global, catalog)?;
    let scanner = Scanner::new(catalog);
    let mut found = walk::all(args, &plan, &scanner)?;
    if let Some(path) = &plan.baseline {
        if args.write_baseline {
            let count = baseline::write(path, &found)?;
            writeln!(anstream::stderr(), "{}: {count} findings", path.display())?;
            return Ok(Exit::Answer);
        }
        baseline::take(path, &mut found)?;
    } else if args.write_baseline {
        return Err(CliError::usage("--write-baseline needs --baseline FILE"));
    }
    if let Some(fixes) = args.fixes() {
        if args.diff {
            let text = edit::diff(&found, fixes)?;
            output::text(&text)?;
            let clean = text.is_empty() || args.exit_zero;
            return Ok(if clean { Exit::Answer } else { Exit::Nothing });
        }
        fix(args, &plan, &scanner, &mut found, fixes)?;
    }
    let report = Report::of(plan.options.as_of, catalog.as_of(), found);
    write(&report, args, global)?;
    let bad = plan.fail_on.is_some_and(|level| report.worst() >= Some(level));
    Ok(if bad { Exit::Nothing } else { Exit::Answer })
}

/// Mends what can be mended, and looks again at what was changed.
fn fix(
    args: &ScanArgs,
    plan: &settings::Plan,
    scanner: &Scanner<'_>,
    found: &mut Vec<scan::Scanned>,
    fixes: Fixes,
) -> Result<(), CliError> {
    let changed = edit::write(found, fixes)?;
    let count: usize = changed.iter().map(|change| change.count).sum();
    writeln!(anstream::stderr(), "changed {count} IDs in {} files", changed.len())?;
    if count > 0 {
        *found = walk::all(args, plan, scanner)?;
        if let Some(path) = &plan.baseline {
            baseline::take(path, found)?;
        }
    }
    Ok(())
}

fn write(report: &Report, args: &ScanArgs, global: &Global) -> Result<(), CliError> {
    let form = args.form(global)?;
    if global.query.is_some() || form == ScanForm::Json {
        return output::json(scan::json::document(report, args.list), global);
    }
    let mut out = output::plain();
    match form {
        ScanForm::Text | ScanForm::Json => {
            return output::text(&scan::text::report(report, args.list));
        }
        ScanForm::Jsonl => scan::json::lines(report, &mut out)?,
        ScanForm::Sarif => {
            serde_json::to_writer_pretty(&mut out, &scan::sarif::document(report))?;
            writeln!(out)?;
        }
        ScanForm::Gitlab => {
            serde_json::to_writer_pretty(&mut out, &scan::gitlab::document(report))?;
            writeln!(out)?;
        }
        ScanForm::Github => {
            out.write_all(scan::github::report(report).as_bytes())?;
            step_summary(report)?;
        }
        ScanForm::Junit => out.write_all(scan::junit::report(report).as_bytes())?,
        ScanForm::Markdown => out.write_all(scan::markdown::report(report).as_bytes())?,
        ScanForm::Csv => scan::csv(report, &mut out)?,
    }
    out.flush()?;
    Ok(())
}

/// Adds the table to the summary of a step of GitHub Actions, where there is one.
fn step_summary(report: &Report) -> Result<(), CliError> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(scan::markdown::report(report).as_bytes())?;
    Ok(())
}

impl ScanArgs {
    /// Which fixes are made or shown.
    fn fixes(&self) -> Option<Fixes> {
        match self.fix {
            Some(flags::Which::Safe) => Some(Fixes::Safe),
            Some(flags::Which::All) => Some(Fixes::All),
            None => self.diff.then_some(Fixes::Safe),
        }
    }

    /// The form of the report.
    fn form(&self, global: &Global) -> Result<ScanForm, CliError> {
        if let Some(form) = self.report {
            return Ok(form);
        }
        match global.output {
            None | Some(Form::Text) => Ok(ScanForm::Text),
            Some(Form::Json) => Ok(ScanForm::Json),
            Some(Form::Jsonl) => Ok(ScanForm::Jsonl),
            Some(Form::Csv) => Ok(ScanForm::Csv),
            Some(Form::Table | Form::Wide | Form::Id) => Err(CliError::usage(
                "scan has no such form of output",
            )
            .help("give one of text, json, jsonl, sarif, github, gitlab, junit, markdown, csv")),
        }
    }
}

/// The level of a name.
fn level(name: &str) -> Result<Level, CliError> {
    Level::ALL.into_iter().find(|level| level.name() == name).ok_or_else(|| {
        CliError::usage(format!("there is no level `{name}`"))
            .help("the levels are error, warning, note")
    })
}
