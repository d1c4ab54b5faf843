//! What may be spent over days and months, and the file that says what was.

use std::path::PathBuf;

use clap::Args;
use etcetera::BaseStrategy as _;

use super::dollars::dollars;
use super::{CliError, settings};
use crate::spend::{Budget, History, HistoryError, Period};

/// Flags about what is spent.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct BudgetArgs {
    /// The most that calls may cost in a stretch of the calendar, whichever process makes them: $5/day, 0.50/hour, 100/month.
    #[arg(long, value_name = "USD/PERIOD", env = "ROCKPICK_BUDGET", value_delimiter = ';', value_parser = given)]
    budget: Vec<Given>,
    /// File in which calls and their costs are written down; --budget alone has one in the user's own state folder.
    #[arg(long, value_name = "FILE", env = "ROCKPICK_HISTORY")]
    history: Option<PathBuf>,
}

/// A budget; what is empty between two `;` is none.
#[derive(Clone, Copy, Debug)]
struct Given(Option<Budget>);

fn given(text: &str) -> Result<Given, String> {
    if text.trim().is_empty() {
        return Ok(Given(None));
    }
    budget(text.trim()).map(|budget| Given(Some(budget))).map_err(|error| error.in_one_line())
}

impl BudgetArgs {
    /// The history in which calls are to be written down, if that is wanted.
    #[cfg(feature = "aws")]
    pub(super) fn ledger(&self) -> Result<Option<History>, CliError> {
        if self.budgets().is_empty() && self.history.is_none() {
            Ok(None)
        } else {
            self.history().map(Some)
        }
    }

    /// The history that is there, with the budgets over it: looking at it begins none.
    pub(super) fn written(&self) -> Result<Option<History>, CliError> {
        if self.path()?.symlink_metadata().is_ok() { self.history().map(Some) } else { Ok(None) }
    }

    /// Whether what is given can be used, where nothing is called and no history is begun.
    #[cfg(feature = "aws")]
    pub(super) fn check(&self) -> Result<(), CliError> {
        self.history.as_deref().map_or(Ok(()), |path| History::check(path).map_err(unusable))
    }

    fn history(&self) -> Result<History, CliError> {
        let budgets = self.budgets();
        Ok(History::open(&self.path()?, settings::now).map_err(unusable)?.within(budgets))
    }

    /// The budgets, all of which hold.
    pub(super) fn budgets(&self) -> Vec<Budget> {
        self.budget.iter().filter_map(|given| given.0).collect()
    }

    /// The file of the history.
    pub(super) fn path(&self) -> Result<PathBuf, CliError> {
        if let Some(path) = &self.history {
            return Ok(path.clone());
        }
        let nowhere = || {
            CliError::usage("there is no home folder for the history of spend")
                .help("name a file with --history")
        };
        let places = etcetera::choose_base_strategy().map_err(|_| nowhere())?;
        let folder = places.state_dir().unwrap_or_else(|| places.data_dir());
        Ok(folder.join("rockpick").join("spend.db"))
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that `map_err` takes")]
fn unusable(error: HistoryError) -> CliError {
    CliError::usage(error.to_string())
        .help("name another file with --history, or move that one away")
}

fn budget(text: &str) -> Result<Budget, CliError> {
    let (amount, period) = text.split_once('/').unwrap_or((text, ""));
    let per = match period.trim() {
        "h" => Some(Period::Hour),
        "d" => Some(Period::Day),
        "mo" => Some(Period::Month),
        name => Period::named(name),
    };
    let unknown = || {
        CliError::usage(format!("`{text}` does not say in which time it may be spent"))
            .help("give it with /hour, /day, /week, /month or /year, such as 5/day")
    };
    Ok(Budget { per: per.ok_or_else(unknown)?, usd: dollars(amount)? })
}
