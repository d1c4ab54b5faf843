//! `rockpick rules`: lint, test and show the rules, and explain what was found.

mod check;
mod explain;
mod show;
mod test;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{CliError, Exit, Form, Global, output, settings};
use crate::Knowledge;
use crate::diagnostic::{Diagnostics, Severity};
use crate::output::diagnostics::{self, Texts};
use crate::source::RuleFile;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// Look for mistakes and oddities in the rules, with folders laid over them.
    Check(FoldersArgs),
    /// Hold the rules to their own examples and `[[expect]]` entries.
    Test(test::TestArgs),
    /// Print the rules as they are after merging, as TOML.
    Show(show::ShowArgs),
    /// Explain a diagnostic's code.
    Explain(explain::ExplainArgs),
}

#[derive(Clone, Debug, Args)]
pub(super) struct FoldersArgs {
    /// Folders of rules laid over the bundled ones and those of --rules, the last one on top.
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// The date to judge by (default: today).
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

pub(super) fn run(command: &RulesCommand, global: &Global) -> Result<Exit, CliError> {
    match command {
        RulesCommand::Check(args) => check::run(args, global),
        RulesCommand::Test(args) => test::run(args, global),
        RulesCommand::Show(args) => show::run(args, global),
        RulesCommand::Explain(args) => explain::run(args, global),
    }
}

impl FoldersArgs {
    fn files(&self, global: &Global) -> Result<Vec<RuleFile>, CliError> {
        settings::files(global.rule_folders().0.iter().chain(&self.folders).map(PathBuf::as_path))
    }

    fn has_folders(&self, global: &Global) -> bool {
        !self.folders.is_empty() || !global.rule_folders().0.is_empty()
    }

    fn as_of(&self) -> Result<Date, CliError> {
        let Some(text) = &self.as_of else { return Ok(settings::today()) };
        text.parse().map_err(|_| {
            CliError::usage(format!("`{text}` is not a date")).help("dates look like 2026-11-21")
        })
    }
}

/// What a check found, with what it looked at, in the form that is wanted.
struct Findings<'a> {
    diagnostics: &'a Diagnostics,
    files: &'a [RuleFile],
    /// Further figures for JSON.
    figures: Value,
    /// The last lines for people.
    summary: String,
}

impl Findings<'_> {
    fn write(self, global: &Global) -> Result<Exit, CliError> {
        let texts = Texts::of(self.files);
        let found = diagnostics::json(self.diagnostics, &texts);
        match global.output {
            Some(Form::Jsonl) if global.query.is_none() => {
                let mut out = output::stdout();
                for object in found {
                    std::io::Write::write_all(&mut out, format!("{object}\n").as_bytes())?;
                }
                std::io::Write::flush(&mut out)?;
            }
            Some(Form::Json | Form::Jsonl) => {
                let mut document = json!({ "schema": "rockpick.diagnostics.v1" });
                document["figures"] = self.figures;
                document["diagnostics"] = found.into();
                output::json(document, global)?;
            }
            _ if global.query.is_some() => {
                output::json(json!({ "figures": self.figures, "diagnostics": found }), global)?;
            }
            _ => {
                let text = diagnostics::text(self.diagnostics, &texts, true) + &self.summary;
                output::text(&text)?;
            }
        }
        Ok(if self.diagnostics.is_empty() { Exit::Answer } else { Exit::Nothing })
    }
}

/// `3 errors, 1 warning`, or `nothing found`.
fn tally(diagnostics: &Diagnostics) -> String {
    let errors =
        diagnostics.0.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let warnings = diagnostics.0.len() - errors;
    match (errors, warnings) {
        (0, 0) => "nothing found".to_owned(),
        (errors, 0) => count(errors, "error"),
        (0, warnings) => count(warnings, "warning"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The rules compiled, or all mistakes as the error of the command.
fn compiled(files: Vec<RuleFile>) -> Result<(Knowledge, Vec<RuleFile>), CliError> {
    let (knowledge, diagnostics) = Knowledge::compile(&files);
    match knowledge.filter(|_| !diagnostics.has_errors()) {
        Some(knowledge) => Ok((knowledge, files)),
        None => Err(CliError::rules(diagnostics, files)),
    }
}
