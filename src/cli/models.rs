//! `rockpick models`: the catalog, filtered and sorted.

use std::io::{self, Write as _};

use clap::Args;

use super::constraints::{ConstraintArgs, named};
use super::{CliError, Exit, Form, Global, misplaced, output, settings};
use crate::Knowledge;
use crate::catalog::{Catalog, Retired};
use crate::output::models::{self, Listing, Shape};
use crate::output::retired;
use crate::recommend::listing::{Scope, SortKey, sort};
use crate::recommend::{Filter, Understanding};
use crate::rules::Category;
use crate::task::Api;

#[derive(Clone, Debug, Args)]
pub(super) struct ModelsArgs {
    /// Sort by name, provider, launched, context, input-price, output-price, quality, regions or status: the best first.
    #[arg(long, value_name = "KEY", default_value = "provider")]
    sort_by: String,
    /// The other way round; what is not known stays last.
    #[arg(long)]
    reverse: bool,
    /// Show at most so many.
    #[arg(long, value_name = "N")]
    max_results: Option<usize>,
    /// Also what has ended, what only bedrock-mantle serves and what no source says how to call; no Region of the environment.
    #[arg(long)]
    all: bool,
    /// The ids that cannot be called any more, with what follows them.
    #[arg(long, conflicts_with = "all")]
    retired: bool,
    #[command(flatten)]
    constraints: ConstraintArgs,
}

pub(super) fn run(args: &ModelsArgs, global: &Global) -> Result<Exit, CliError> {
    let key = named(Some(&args.sort_by), "sort key", SortKey::named, SortKey::ALL)?
        .unwrap_or(SortKey::Provider);
    let knowledge = settings::knowledge(global)?;
    if args.retired {
        return gone(args, global, &knowledge.catalog);
    }
    if key == SortKey::Quality && !args.constraints.names_a_category() {
        return Err(CliError::usage("quality is measured for a task")
            .help("name one with --task, such as --task summarization"));
    }
    let any = Category::undemanding();
    let understanding = understood(args, global, &knowledge)?;
    let filter = understanding.filter(
        &knowledge.catalog,
        understanding.category.unwrap_or(&any),
        args.constraints.as_of()?,
    );
    let scope = if args.all { Scope::Everything } else { Scope::Callable };
    let listing = listing(args, &knowledge.catalog, &filter, &understanding, key, scope);
    write(&listing, global)?;
    let gone = understanding.gone.iter().map(|gone| gone.text(&knowledge.catalog));
    notes(&gone.chain(understanding.notes.iter().cloned()).collect::<Vec<_>>(), listing.truncated)?;
    if listing.rows.is_empty() && listing.truncated == 0 {
        nothing(&listing)?;
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Answer)
}

fn understood<'k>(
    args: &ModelsArgs,
    global: &Global,
    knowledge: &'k Knowledge,
) -> Result<Understanding<'k>, CliError> {
    let mut task = args.constraints.advice(String::new(), knowledge, global)?;
    if args.all {
        task.defaults.region = None;
        task.constraints.api = Some(Api::Any);
    }
    let understanding = Understanding::of(&task, &knowledge.catalog, &knowledge.rules);
    measurable(&understanding)?;
    if let Some(wrong) =
        misplaced::named(&args.constraints, &knowledge.catalog, &understanding.constraints)
    {
        return Err(wrong.into());
    }
    Ok(understanding)
}

/// A budget is for a request, so what a request holds has to be known.
pub(super) fn measurable(understanding: &Understanding<'_>) -> Result<(), CliError> {
    let tokens = &understanding.constraints.tokens;
    let sized =
        understanding.category.is_some() || tokens.input.is_some() || tokens.output.is_some();
    if understanding.constraints.max_cost.is_some() && !sized {
        let error =
            CliError::usage("--max-cost cannot be measured: nothing says what a request holds");
        return Err(error.help("add --tokens IN/OUT, or name a category with --task"));
    }
    Ok(())
}

fn listing<'a>(
    args: &ModelsArgs,
    catalog: &'a Catalog,
    filter: &'a Filter<'a>,
    understanding: &'a Understanding<'a>,
    key: SortKey,
    scope: Scope,
) -> Listing<'a> {
    let mut rows = filter.list(scope);
    sort(catalog, &mut rows, key, args.reverse);
    let truncated = rows.len().saturating_sub(args.max_results.unwrap_or(usize::MAX));
    rows.truncate(rows.len() - truncated);
    Listing {
        catalog,
        constraints: &understanding.constraints,
        category: understanding.category.map(|category| category.name.as_str()),
        as_of: filter.as_of,
        rows,
        truncated,
        left_out: filter.left_out(scope),
    }
}

fn write(listing: &Listing<'_>, global: &Global) -> Result<(), CliError> {
    if global.query.is_some() {
        return output::json(models::document(listing)?, global);
    }
    let mut out = output::stdout();
    match global.output.unwrap_or(Form::Text) {
        Form::Json => return output::json(models::document(listing)?, global),
        Form::Jsonl => {
            for row in &listing.rows {
                serde_json::to_writer(&mut out, &models::row(listing, row))?;
                out.write_all(b"\n")?;
            }
        }
        Form::Text => out.write_all(models::text(listing).as_bytes())?,
        Form::Table => out.write_all(models::table(listing, Shape::Table).as_bytes())?,
        Form::Wide => out.write_all(models::table(listing, Shape::Wide).as_bytes())?,
        Form::Csv => models::csv(listing, &mut out)?,
        Form::Id => {
            for row in &listing.rows {
                // With a Region the id to call there, else the model's own.
                let placed = row.offer.filter(|_| !listing.constraints.regions.is_empty());
                let id = placed.map_or_else(
                    || listing.catalog.model(row.model).id.as_str().into(),
                    |offer| listing.catalog.invoke_id(offer),
                );
                writeln!(out, "{id}")?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

fn notes(notes: &[String], truncated: usize) -> Result<(), CliError> {
    let mut err = io::stderr();
    for note in notes {
        writeln!(err, "NOTE: {note}")?;
    }
    if truncated > 0 {
        let what = if truncated == 1 { "entry was" } else { "entries were" };
        writeln!(err, "NOTE: {truncated} {what} truncated")?;
    }
    Ok(())
}

fn nothing(listing: &Listing<'_>) -> Result<(), CliError> {
    let mut err = io::stderr();
    writeln!(err, "nothing fits:")?;
    for (reason, count) in &listing.left_out {
        writeln!(err, "  {count} {reason}: {}", reason.about())?;
    }
    Ok(())
}

fn gone(args: &ModelsArgs, global: &Global, catalog: &Catalog) -> Result<Exit, CliError> {
    let wanted = args.constraints.constraints(catalog)?;
    let provider =
        |row: &Retired| row.id.split('.').next().and_then(|prefix| catalog.provider_named(prefix));
    let meant = |row: &&Retired| {
        let own = provider(row);
        let is = |set: crate::task::ProviderSet| own.is_some_and(|own| set.contains(own));
        (wanted.providers.is_empty() || is(wanted.providers)) && !is(wanted.exclude)
    };
    let mut rows: Vec<&Retired> = catalog.retired().iter().filter(meant).collect();
    rows.sort_by(|a, b| if args.reverse { b.id.cmp(&a.id) } else { a.id.cmp(&b.id) });
    let truncated = rows.len().saturating_sub(args.max_results.unwrap_or(usize::MAX));
    rows.truncate(rows.len() - truncated);
    write_gone(&rows, truncated, catalog, global)?;
    notes(&[], truncated)?;
    Ok(if rows.is_empty() && truncated == 0 { Exit::Nothing } else { Exit::Answer })
}

fn write_gone(
    rows: &[&Retired],
    truncated: usize,
    catalog: &Catalog,
    global: &Global,
) -> Result<(), CliError> {
    if global.query.is_some() {
        return output::json(retired::document(catalog, rows, truncated)?, global);
    }
    let mut out = output::stdout();
    match global.output.unwrap_or(Form::Text) {
        Form::Json => return output::json(retired::document(catalog, rows, truncated)?, global),
        Form::Jsonl => {
            for row in rows {
                serde_json::to_writer(&mut out, &retired::RetiredPart::of(row))?;
                out.write_all(b"\n")?;
            }
        }
        Form::Text | Form::Table | Form::Wide => out.write_all(retired::table(rows).as_bytes())?,
        Form::Csv => retired::csv(rows, &mut out)?,
        Form::Id => {
            for row in rows {
                writeln!(out, "{}", row.id)?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
