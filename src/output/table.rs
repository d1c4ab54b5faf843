//! Rankings as tables and as CSV.

use std::io;

use comfy_table::{Cell, CellAlignment, Table, presets};

use textwrap::core::display_width;

use super::figures;
use crate::recommend::{Choice, Recommendation};

/// A column of a table that has to fit.
pub(super) struct Column {
    title: &'static str,
    is_right: bool,
}

impl Column {
    pub(super) const fn left(title: &'static str) -> Self {
        Self { title, is_right: false }
    }

    pub(super) const fn right(title: &'static str) -> Self {
        Self { title, is_right: true }
    }
}

/// A table of the first columns, as many as fit the width; at least two.
pub(super) fn fitting(columns: &[Column], rows: &[Vec<String>], width: usize) -> String {
    let first = |count: usize| {
        let mut table = bare();
        table.set_header(columns.iter().take(count).map(|column| column.title));
        for row in rows {
            let cells = row.iter().zip(columns).take(count).map(|(text, column)| {
                let aligned =
                    if column.is_right { CellAlignment::Right } else { CellAlignment::Left };
                Cell::new(text).set_alignment(aligned)
            });
            table.add_row(cells);
        }
        lines(&table)
    };
    let fits = |text: &String| text.lines().all(|line| display_width(line) <= width);
    (3..=columns.len()).rev().map(first).find(fits).unwrap_or_else(|| first(2))
}

/// The ranking as a table; the wide one has more columns and every reason against every model.
#[must_use]
pub fn ranking(answer: &Recommendation<'_>, most: Option<usize>, wide: bool) -> String {
    let mut table = bare();
    let mut header =
        vec!["#", "MODEL", "EFFORT", "CALL", "FROM", "ROUTE", "$/REQUEST", "$/MONTH", "QUALITY"];
    if wide {
        header.extend(["CONFIDENCE", "SCORE", "CONTEXT", "STATUS", "DATA GOES TO", "STANDING"]);
    }
    table.set_header(header);
    let filter = answer.filter();
    for (index, choice) in answer.ranked().iter().take(most.unwrap_or(usize::MAX)).enumerate() {
        let mut row = vec![(index + 1).to_string()];
        row.extend(columns(answer, choice));
        row.extend([
            cost(answer, choice),
            month(answer, choice),
            figures::quality(choice.quality, choice.evidence),
        ]);
        if wide {
            let model = answer.catalog.model(choice.model);
            row.extend([
                format!("{:.2}", choice.confidence),
                format!("{:.2}", answer.score(choice)),
                model.limits.context.map_or_else(|| "?".to_owned(), |context| context.to_string()),
                model.lifecycle.status(answer.task.as_of).to_string(),
                filter.as_ref().map(|filter| filter.goes_to(choice.offer)).unwrap_or_default(),
                choice.standing.to_string(),
            ]);
        }
        table.add_row(row);
    }
    let mut text = lines(&table);
    if wide {
        text.push('\n');
        text.push_str(&reasons(answer, most));
    }
    text
}

fn reasons(answer: &Recommendation<'_>, most: Option<usize>) -> String {
    let Some(filter) = answer.filter() else { return String::new() };
    let mut table = bare();
    table.set_header(["REJECTED", "REASON", "FACT"]);
    for (model, found) in answer.rejected().take(most.unwrap_or(usize::MAX)) {
        for (index, reason) in found.iter().enumerate() {
            let id = if index == 0 { answer.catalog.model(model).id.as_str() } else { "" };
            table.add_row([id.to_owned(), reason.to_string(), filter.explain(model, reason).text]);
        }
    }
    lines(&table)
}

/// The ranking as CSV with a header.
///
/// # Errors
/// When it cannot be written.
pub fn csv(
    answer: &Recommendation<'_>,
    most: Option<usize>,
    out: &mut dyn io::Write,
) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "rank",
        "model",
        "name",
        "invoke_id",
        "effort",
        "region",
        "route",
        "per_request_usd",
        "per_month_usd",
        "quality",
        "confidence",
        "score",
    ])?;
    for (index, choice) in answer.ranked().iter().take(most.unwrap_or(usize::MAX)).enumerate() {
        let catalog = answer.catalog;
        let model = catalog.model(choice.model);
        let money = |amount: Option<crate::money::Usd>| {
            amount.map(crate::money::Usd::to_decimal).unwrap_or_default()
        };
        writer.write_record([
            (index + 1).to_string(),
            model.id.clone(),
            model.name.clone(),
            catalog.invoke_id(choice.offer).into_owned(),
            figures::effort(choice.effort),
            catalog.code(choice.offer.region).to_owned(),
            choice.offer.route.to_string(),
            money(choice.cost),
            money(answer.per_month(choice)),
            choice.quality.map(|quality| format!("{:.3}", quality.value)).unwrap_or_default(),
            format!("{:.3}", choice.confidence),
            format!("{:.3}", answer.score(choice)),
        ])?;
    }
    writer.flush()?;
    Ok(())
}

/// A table without lines, two spaces between columns, as wide as its content.
#[must_use]
pub fn bare() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
}

/// A table as text, without spaces at the ends of lines.
#[must_use]
pub fn lines(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn columns(answer: &Recommendation<'_>, choice: &Choice<'_>) -> [String; 5] {
    let catalog = answer.catalog;
    [
        catalog.model(choice.model).name.clone(),
        figures::effort(choice.effort),
        catalog.invoke_id(choice.offer).into_owned(),
        catalog.code(choice.offer.region).to_owned(),
        choice.offer.route.to_string(),
    ]
}

/// Whether the cost of a choice rests on an estimate.
pub(super) fn is_estimated(answer: &Recommendation<'_>, choice: &Choice<'_>) -> bool {
    let thinking = answer.catalog.model(choice.model).thinking.levels().get(choice.level);
    thinking.is_some_and(|level| level.estimated)
        || answer.catalog.price(choice.offer).is_some_and(|price| price.estimated)
}

fn cost(answer: &Recommendation<'_>, choice: &Choice<'_>) -> String {
    let mark = if is_estimated(answer, choice) { "~" } else { "" };
    choice.cost.map_or_else(|| "?".to_owned(), |cost| format!("{mark}{cost}"))
}

fn month(answer: &Recommendation<'_>, choice: &Choice<'_>) -> String {
    answer.per_month(choice).map(|cost| cost.to_string()).unwrap_or_default()
}
