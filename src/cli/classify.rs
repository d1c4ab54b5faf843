//! `rockpick classify`: texts are read, and what was read is shown.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::lines::{self, LineError};
use super::{CliError, Exit, Form, Global, output, settings};
use crate::Knowledge;
use crate::classify::Reading;
use crate::output::classified;
use crate::read::ReadText;

/// How many categories are explained.
const EXPLAINED: usize = 2;

#[derive(Clone, Debug, Args)]
pub(super) struct ClassifyArgs {
    /// The text; `-` reads it from stdin.
    #[arg(value_name = "TEXT", required_unless_present = "file")]
    words: Vec<String>,
    /// File of texts, one a line: text, or JSON with `id` and `text`; answers are written one a line.
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    file: Option<PathBuf>,
    /// What the texts are.
    #[arg(long = "as", value_name = "KIND", default_value = "task")]
    kind: Kind,
    /// Show which words carried it.
    #[arg(long)]
    explain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A described need.
    Task,
    /// A prompt as it is sent to a model.
    Prompt,
}

impl ClassifyArgs {
    fn read<'a>(&self, text: &'a str, knowledge: &'a Knowledge) -> ReadText<'a> {
        let reading = match self.kind {
            Kind::Task => Reading::Need,
            Kind::Prompt => Reading::Prompt,
        };
        ReadText::of(
            text,
            reading,
            &knowledge.catalog,
            &knowledge.rules,
            if self.explain { EXPLAINED } else { 0 },
        )
    }
}

pub(super) fn run(args: &ClassifyArgs, global: &Global) -> Result<Exit, CliError> {
    if let Some(form) =
        global.output.filter(|form| !matches!(form, Form::Text | Form::Json | Form::Jsonl))
    {
        let form =
            form.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        return Err(CliError::usage(format!("classify has no form `{form}`"))
            .help("it has text, json and jsonl"));
    }
    let knowledge = settings::knowledge(global)?;
    match &args.file {
        Some(path) => many(args, &knowledge, path),
        None => one(args, global, &knowledge),
    }
}

fn one(args: &ClassifyArgs, global: &Global, knowledge: &Knowledge) -> Result<Exit, CliError> {
    let text = if args.words == ["-"] { lines::stdin_text()? } else { args.words.join(" ") };
    let read = args.read(&text, knowledge);
    if global.query.is_some() || matches!(global.output, Some(Form::Json | Form::Jsonl)) {
        let line =
            classified::line(&read, &serde_json::Value::Null, &knowledge.catalog, &knowledge.rules);
        output::json(serde_json::to_value(line)?, global)?;
    } else {
        let mut out = output::stdout();
        out.write_all(classified::text(&read, &knowledge.rules, args.explain).as_bytes())?;
        out.flush()?;
    }
    Ok(if read.category.is_some() { Exit::Answer } else { Exit::Nothing })
}

fn many(args: &ClassifyArgs, knowledge: &Knowledge, path: &Path) -> Result<Exit, CliError> {
    let mut out = output::plain();
    let bad = lines::each(path, |text| {
        let (id, text) = lines::id_and_text(text)?;
        let read = args.read(&text, knowledge);
        let line = classified::line(&read, &id, &knowledge.catalog, &knowledge.rules);
        serde_json::to_writer(&mut out, &line).map_err(|error| LineError::Write(error.into()))?;
        out.write_all(b"\n").map_err(|error| LineError::Write(error.into()))
    })?;
    out.flush()?;
    Ok(if bad { Exit::Usage } else { Exit::Answer })
}
