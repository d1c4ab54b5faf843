//! `rockpick spend`: what calls have cost.

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::budget::BudgetArgs;
use super::{CliError, Exit, Form, Global, output};
use crate::output::spend;
use crate::spend::By;

#[derive(Clone, Debug, Args)]
pub(super) struct SpendArgs {
    /// Add up by this: day, model, project, tag, region or outcome.
    #[arg(long, value_name = "WHAT", default_value = "day", value_parser = ["day", "model", "project", "tag", "region", "outcome"])]
    by: String,
    /// The first day that counts, in UTC.
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    #[command(flatten)]
    budget: BudgetArgs,
}

pub(super) fn run(args: &SpendArgs, global: &Global) -> Result<Exit, CliError> {
    let by = By::named(&args.by).unwrap_or(By::Day);
    let since = args
        .since
        .and_then(|day| day.to_zoned(TimeZone::UTC).ok())
        .map(|start| start.timestamp().as_second());
    let path = args.budget.path()?;
    let unread = |error: crate::spend::HistoryError| CliError::usage(error.to_string());
    let (totals, left) = match args.budget.written()? {
        Some(history) => {
            (history.totals(by, since).map_err(unread)?, history.left().map_err(unread)?)
        }
        None => (
            Vec::new(),
            args.budget.budgets().into_iter().map(|budget| (budget, budget.usd)).collect(),
        ),
    };
    let json = global.query.is_some() || matches!(global.output, Some(Form::Json | Form::Jsonl));
    if json {
        output::json(spend::document(&path, by, &totals, &left)?, global)?;
    } else if global.output == Some(Form::Csv) {
        spend::csv(by, &totals, &mut output::stdout())?;
    } else {
        output::text(&spend::text(&path, by, &totals, &left))?;
    }
    Ok(Exit::Answer)
}
