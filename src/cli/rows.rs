//! Answers to many tasks, one a line.

use std::io::Write;

use serde_json::Value;

use super::{CliError, Form, Global, output};
use crate::output::json;
use crate::recommend::Recommendation;

/// How many IDs of the ranking a line of JSON shows.
const LINE_RANKING: usize = 3;
/// The fields of a row.
const FIELDS: [&str; 7] =
    ["id", "category", "model", "invoke_id", "effort", "region", "per_request_usd"];

/// Where the answers go, in the form that is asked for.
pub(super) enum Rows {
    /// A JSON object a line, with so many IDs.
    Json(Box<dyn Write>, usize),
    /// The first ID of each answer; an empty line where nothing fits.
    Ids(Box<dyn Write>),
    /// Rows of values, between commas or tabs.
    Values(Box<csv::Writer<Box<dyn Write>>>),
}

impl Rows {
    pub(super) fn new(global: &Global, most: Option<usize>) -> Result<Self, CliError> {
        if global.query.is_some() {
            let error = CliError::usage("--query cannot be used with --file");
            return Err(error.help("each line is an object: pick with a tool such as jq"));
        }
        let out = output::plain();
        match global.output {
            None | Some(Form::Json | Form::Jsonl) => {
                Ok(Self::Json(out, most.unwrap_or(LINE_RANKING)))
            }
            Some(Form::Id) => Ok(Self::Ids(out)),
            Some(Form::Csv) => {
                let mut rows = csv::Writer::from_writer(out);
                rows.write_record(FIELDS)?;
                Ok(Self::Values(Box::new(rows)))
            }
            Some(Form::Text) => {
                let rows = csv::WriterBuilder::new().delimiter(b'\t').from_writer(out);
                Ok(Self::Values(Box::new(rows)))
            }
            Some(Form::Table | Form::Wide) => {
                let error =
                    CliError::usage("--file answers line by line, and a table needs all lines");
                Err(error.help("give -o text, csv, jsonl or id"))
            }
        }
    }

    /// Adds the answer to the task with that ID.
    pub(super) fn add(&mut self, answer: &Recommendation<'_>, id: &Value) -> Result<(), CliError> {
        match self {
            Self::Json(out, most) => {
                serde_json::to_writer(&mut *out, &json::line(answer, id, *most))?;
                out.write_all(b"\n")?;
            }
            Self::Ids(out) => {
                let best = answer.best().map(|best| answer.catalog.invoke_id(best.offer));
                writeln!(out, "{}", best.unwrap_or_default())?;
            }
            Self::Values(rows) => rows.write_record(values(answer, id))?,
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), CliError> {
        match self {
            Self::Json(mut out, _) | Self::Ids(mut out) => out.flush()?,
            Self::Values(mut rows) => rows.flush()?,
        }
        Ok(())
    }
}

/// The fields of an answer; those of the choice are empty where nothing fits.
fn values(answer: &Recommendation<'_>, id: &Value) -> [String; 7] {
    let id = match id {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let category = answer.category().map(|category| category.name.clone()).unwrap_or_default();
    let Some(best) = answer.best() else {
        return [
            id,
            category,
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ];
    };
    let catalog = answer.catalog;
    [
        id,
        category,
        catalog.model(best.model).id.clone(),
        catalog.invoke_id(best.offer).into_owned(),
        best.effort.map(|effort| effort.name().to_owned()).unwrap_or_default(),
        catalog.code(best.offer.region).to_owned(),
        best.cost.map(|cost| cost.to_decimal()).unwrap_or_default(),
    ]
}
