//! What calls have cost: a table, JSON (`rockpick.spend.v1`) and CSV.

use std::io;
use std::path::Path;

use comfy_table::{Cell, CellAlignment};
use serde::Serialize;
use serde_json::Value;

use super::table;
use crate::money::Usd;
use crate::spend::{Budget, By, Period, Total};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    file: String,
    by: By,
    cost_usd: Usd,
    totals: &'a [Total],
    budgets: Vec<BudgetPart>,
}

#[derive(Serialize)]
struct BudgetPart {
    usd: Usd,
    per: crate::spend::Period,
    left_usd: Usd,
}

/// The history as a JSON value.
///
/// # Errors
/// None in practice: every part can be written as JSON.
pub fn document(
    file: &Path,
    by: By,
    totals: &[Total],
    left: &[(Budget, Usd)],
) -> Result<Value, serde_json::Error> {
    serde_json::to_value(Document {
        schema: "rockpick.spend.v1",
        file: file.display().to_string(),
        by,
        cost_usd: totals.iter().map(|total| total.cost).sum(),
        totals,
        budgets: left
            .iter()
            .map(|(budget, left)| BudgetPart { usd: budget.usd, per: budget.per, left_usd: *left })
            .collect(),
    })
}

/// The history for people.
#[must_use]
pub fn text(file: &Path, by: By, totals: &[Total], left: &[(Budget, Usd)]) -> String {
    let mut text = if totals.is_empty() {
        format!("Nothing is written down in {}.\n", file.display())
    } else {
        let mut table = table::bare();
        let name = by.name().to_uppercase();
        table.set_header([name.as_str(), "CALLS", "TOKENS IN", "TOKENS OUT", "COST"]);
        for total in totals {
            let figures = [total.calls, total.input_tokens, total.output_tokens]
                .map(|figure| figure.to_string());
            let mark = if total.estimated > 0 { "~" } else { "" };
            let right = figures.into_iter().chain([format!("{mark}{}", total.cost)]);
            let right = right.map(|figure| Cell::new(figure).set_alignment(CellAlignment::Right));
            table.add_row([Cell::new(&total.name)].into_iter().chain(right));
        }
        table::lines(&table)
    };
    let open: Usd = totals.iter().map(|total| total.open).sum();
    if open > Usd::ZERO {
        text.push_str(&format!(
            "{open} of it is set aside for calls that have not ended, or that were killed.\n"
        ));
    }
    let estimated: u64 = totals.iter().map(|total| total.estimated).sum();
    if estimated > 0 {
        text.push_str(&format!(
            "~: {estimated} calls whose cost is estimated, because nobody said what was used.\n"
        ));
    }
    let unpriced: u64 = totals.iter().map(|total| total.unpriced).sum();
    if unpriced > 0 {
        text.push_str(&format!(
            "The price of {unpriced} calls is not known; the sums are without them.\n"
        ));
    }
    for (budget, left) in left {
        let article = if budget.per == Period::Hour { "an" } else { "a" };
        text.push_str(&format!("{left} is left of {} {article} {}.\n", budget.usd, budget.per));
    }
    text
}

/// The history as CSV with a header.
///
/// # Errors
/// When it cannot be written.
pub fn csv(by: By, totals: &[Total], out: impl io::Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        by.name(),
        "calls",
        "input_tokens",
        "output_tokens",
        "cost_usd",
        "open_usd",
        "unpriced",
        "estimated",
    ])?;
    for total in totals {
        let figures =
            [total.calls, total.input_tokens, total.output_tokens].map(|figure| figure.to_string());
        let [calls, input, output] = &figures;
        let (cost, open) = (total.cost.to_decimal(), total.open.to_decimal());
        let (unpriced, estimated) = (total.unpriced.to_string(), total.estimated.to_string());
        writer.write_record([
            &total.name,
            calls,
            input,
            output,
            &cost,
            &open,
            &unpriced,
            &estimated,
        ])?;
    }
    writer.flush()?;
    Ok(())
}
