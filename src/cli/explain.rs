//! `rockpick explain`: what is known of one model, and what a task makes of it.

use std::io::Write as _;

use clap::Args;

use super::constraints::ConstraintArgs;
use super::misplaced::{self, Misplaced};
use super::models::measurable;
use super::{CliError, Exit, Form, Global, constraints, output, recommend, settings};
use crate::catalog::Catalog;
use crate::catalog::Named;
use crate::output::explain::{self, Dossier, Subject};
use crate::recommend::{Recommendation, Recommender};
use crate::rules::Category;
use crate::task::{Constraints, Task};

/// How many models are listed when a name stands for several.
const MOST_LISTED: usize = 20;

#[derive(Clone, Debug, Args)]
pub(super) struct ExplainArgs {
    /// The model: its id, the id of a profile, an ARN, its name, or an id that is gone.
    #[arg(value_name = "MODEL")]
    asked: String,
    /// The task it is judged by, in your own words; `-` reads it from stdin.
    #[arg(value_name = "TASK")]
    words: Vec<String>,
    #[command(flatten)]
    constraints: ConstraintArgs,
}

pub(super) fn run(args: &ExplainArgs, global: &Global) -> Result<Exit, CliError> {
    let knowledge = settings::knowledge(global)?;
    let catalog = &knowledge.catalog;
    let subject = subject(catalog, &args.asked)?;
    let task = args.constraints.advice(recommend::words(&args.words, true)?, &knowledge, global)?;
    let any = Category::undemanding();
    let mut answer = Recommender::new(catalog, &knowledge.rules).recommend(&task);
    measurable(&answer.understanding)?;
    let mut notes = notes(catalog, args, &answer);
    let category = answer.category().unwrap_or(&any);
    answer.understanding.category = Some(category);
    notes.append(&mut answer.understanding.notes.clone());
    let dossier = dossier(&answer, category, &args.asked, subject, notes);
    let wrong =
        misplaced::find(catalog, &args.asked, dossier.answer.understanding.constraints.regions);
    if let Some(wrong) = &wrong {
        tell_first(wrong, global)?;
    }
    write(&dossier, global)?;
    let nothing = global.output == Some(Form::Id) && dossier.ids().is_empty();
    if nothing {
        writeln!(
            anstream::stderr(),
            "nothing to call: `rockpick explain {}` tells why",
            args.asked
        )?;
    }
    Ok(if nothing || wrong.is_some() { Exit::Nothing } else { Exit::Answer })
}

/// That the ID cannot be called comes before everything else: on stdout for people, on stderr beside what programs read.
fn tell_first(wrong: &Misplaced, global: &Global) -> Result<(), CliError> {
    let advice = wrong.advice().map(|advice| format!("  {advice}\n")).unwrap_or_default();
    let line = format!("{}\n{advice}", wrong.message());
    let for_people = global.query.is_none()
        && matches!(global.output, None | Some(Form::Text | Form::Table | Form::Wide));
    if for_people {
        return output::text(&line);
    }
    anstream::stderr().write_all(line.as_bytes())?;
    Ok(())
}

fn dossier<'a>(
    answer: &'a Recommendation<'a>,
    category: &'a Category,
    asked: &'a str,
    subject: Subject<'a>,
    notes: Vec<String>,
) -> Dossier<'a> {
    let filter = answer.understanding.filter(answer.catalog, category, answer.task.as_of);
    let migration = match subject {
        Subject::Model(index) => filter.from_model(index),
        Subject::Retired(retired) => filter.from_retired(retired),
    };
    let judged = match subject {
        Subject::Model(index) => Some(index),
        Subject::Retired(_) => migration.as_ref().map(|migration| migration.after),
    };
    let verdict = judged.filter(|_| demands(&answer.task)).map(|index| answer.verdict(index));
    let changes =
        migration.as_ref().map(|migration| filter.changes_in_a_call(migration)).unwrap_or_default();
    Dossier { answer, filter, asked, subject, verdict, migration, changes, notes }
}

/// Whether anything is asked of models, so that there is something to judge.
fn demands(task: &Task) -> bool {
    !task.text.trim().is_empty()
        || task.category.is_some()
        || task.constraints != Constraints::default()
}

/// The model or the retired id that a name stands for.
pub(super) fn subject<'k>(catalog: &'k Catalog, name: &str) -> Result<Subject<'k>, CliError> {
    match catalog.find(name) {
        Named::Model(index) => Ok(Subject::Model(index)),
        Named::Retired(retired) => Ok(Subject::Retired(retired)),
        Named::Several(models) => {
            let models = constraints::living(catalog, models, settings::today());
            if let [only] = models.as_slice() {
                return Ok(Subject::Model(*only));
            }
            let mut error = CliError::usage(format!("`{name}` stands for {} models", models.len()));
            for index in models.iter().take(MOST_LISTED) {
                let model = catalog.model(*index);
                error = error.help(format!("{} ({})", model.id, model.name));
            }
            Err(error)
        }
        Named::Unknown(near) => {
            let error =
                CliError::usage(format!("there is no model `{name}` in the catalog")).meant(near);
            Err(error.help(
                "`rockpick models` lists them, `rockpick models --retired` those that are gone",
            ))
        }
    }
}

fn notes(catalog: &Catalog, args: &ExplainArgs, answer: &Recommendation<'_>) -> Vec<String> {
    let wrong = misplaced::find(catalog, &args.asked, answer.understanding.constraints.regions);
    let told = wrong.map(|wrong| {
        std::iter::once(wrong.message()).chain(wrong.advice()).collect::<Vec<_>>().join("; ")
    });
    let mut notes: Vec<String> =
        told.or_else(|| profile(catalog, &args.asked)).into_iter().collect();
    if answer.understanding.general {
        notes.push(
            "the words do not tell the task, so general text is assumed; --task CATEGORY sets it"
                .to_owned(),
        );
    }
    notes
}

/// That the id of a profile was asked for which no source lists.
fn profile(catalog: &Catalog, asked: &str) -> Option<String> {
    let id = asked.trim().rsplit('/').next().unwrap_or(asked);
    let bare = catalog.bare(id);
    let model = catalog.index_of(bare).filter(|_| bare != id)?;
    let ways = catalog.ways(catalog.offers_of(model));
    let listed = ways.iter().any(|way| way.id.eq_ignore_ascii_case(id));
    (!listed).then(|| format!("no source lists the profile {id}"))
}

fn write(dossier: &Dossier<'_>, global: &Global) -> Result<(), CliError> {
    if global.query.is_some() {
        return output::json(explain::json::document(dossier)?, global);
    }
    let mut out = output::stdout();
    match global.output.unwrap_or(Form::Text) {
        Form::Json | Form::Jsonl => return output::json(explain::json::document(dossier)?, global),
        Form::Text | Form::Table => {
            out.write_all(explain::text::dossier(dossier, false).as_bytes())?;
        }
        Form::Wide => out.write_all(explain::text::dossier(dossier, true).as_bytes())?,
        Form::Csv => explain::csv(dossier, &mut out)?,
        Form::Id => {
            for id in dossier.ids() {
                writeln!(out, "{id}")?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
