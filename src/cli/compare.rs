//! `rockpick compare`: models side by side.

use std::io::Write as _;

use clap::Args;

use super::constraints::ConstraintArgs;
use super::explain::subject;
use super::models::measurable;
use super::{CliError, Exit, Form, Global, output, settings};
use crate::catalog::Catalog;
use crate::output::compare::{self, Comparison};
use crate::output::explain::Subject;
use crate::recommend::Recommender;
use crate::recommend::listing::Listed;
use crate::rules::Category;
use crate::task::ModelIndex;

/// How many models can be told apart side by side.
const MOST: usize = 8;

#[derive(Clone, Debug, Args)]
pub(super) struct CompareArgs {
    /// The models, two to eight: ids, ids of profiles, ARNs or names.
    #[arg(value_name = "MODEL", required = true)]
    asked: Vec<String>,
    #[command(flatten)]
    constraints: ConstraintArgs,
}

pub(super) fn run(args: &CompareArgs, global: &Global) -> Result<Exit, CliError> {
    let knowledge = settings::knowledge(global)?;
    let mut notes = Vec::new();
    let models = models(&knowledge.catalog, &args.asked, &mut notes)?;
    let task = args.constraints.advice(String::new(), &knowledge, global)?;
    let any = Category::undemanding();
    let mut answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    measurable(&answer.understanding)?;
    let category = answer.category();
    answer.understanding.category = Some(category.unwrap_or(&any));
    let filter =
        answer.understanding.filter(&knowledge.catalog, category.unwrap_or(&any), task.as_of);
    notes.extend(answer.understanding.notes.iter().cloned());
    let comparison = Comparison {
        category: category.map(|category| category.name.as_str()),
        models: models.into_iter().map(|index| Listed::of(&filter, index)).collect(),
        notes,
        filter,
        answer: &answer,
    };
    write(&comparison, global)?;
    Ok(Exit::Answer)
}

/// The models that are named, each once, in the order given; what follows a retired id stands in its place.
fn models(
    catalog: &Catalog,
    asked: &[String],
    notes: &mut Vec<String>,
) -> Result<Vec<ModelIndex>, CliError> {
    let mut models = Vec::new();
    for name in asked {
        let index = match subject(catalog, name)? {
            Subject::Model(index) => index,
            Subject::Retired(retired) => {
                let successor = retired.successor.as_deref().and_then(|id| catalog.index_of(id));
                let Some(successor) = successor else {
                    let error = CliError::usage(format!(
                        "`{}` is retired, and no source names what follows it",
                        retired.id
                    ));
                    return Err(error
                        .help(format!("`rockpick explain {}` tells what is known", retired.id)));
                };
                let since = retired.eol.map(|eol| format!(" since {eol}")).unwrap_or_default();
                let follows = &catalog.model(successor).name;
                notes.push(format!(
                    "{} is retired{since}; {follows} follows it and stands in its place",
                    retired.id
                ));
                successor
            }
        };
        if !models.contains(&index) {
            models.push(index);
        }
    }
    match models.len() {
        0 | 1 => Err(CliError::usage("one model alone cannot be compared")
            .help("name two to eight different models")),
        2..=MOST => Ok(models),
        many => Err(CliError::usage(format!("{many} models are too many to compare"))
            .help("name two to eight different models")),
    }
}

fn write(comparison: &Comparison<'_>, global: &Global) -> Result<(), CliError> {
    if global.query.is_some() {
        return output::json(compare::json::document(comparison)?, global);
    }
    let mut out = output::stdout();
    match global.output.unwrap_or(Form::Text) {
        Form::Json | Form::Jsonl => {
            return output::json(compare::json::document(comparison)?, global);
        }
        Form::Text => out.write_all(compare::text(comparison).as_bytes())?,
        Form::Table | Form::Wide => out.write_all(compare::table(comparison).as_bytes())?,
        Form::Csv => compare::csv(comparison, &mut out)?,
        Form::Id => {
            for offer in comparison.models.iter().filter_map(|listed| listed.offer) {
                writeln!(out, "{}", comparison.answer.catalog.invoke_id(offer))?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
