//! Models side by side: text, table, CSV and JSON (`rockpick.compare.v1`).

pub mod json;

mod rows;

use std::fmt::Write as _;
use std::io;

use comfy_table::Cell;
use jiff::civil::Date;

use self::rows::Row;
use super::table;
use crate::catalog::Model;
use crate::recommend::listing::Listed;
use crate::recommend::{Filter, Recommendation};

/// The name and version of the shape; the version is raised when a field changes its meaning.
pub const SCHEMA: &str = "rockpick.compare.v1";
/// Names longer than this are cut at a space in the header of a table.
const CELL: usize = 44;

/// Models to be set side by side, and what they are measured by.
pub struct Comparison<'a> {
    /// The facts and the task that it rests on.
    pub answer: &'a Recommendation<'a>,
    /// What is asked of offers.
    pub filter: Filter<'a>,
    /// The category, if one was named.
    pub category: Option<&'a str>,
    /// The models, as they were asked for.
    pub models: Vec<Listed<'a>>,
    /// What should be known.
    pub notes: Vec<String>,
}

impl<'a> Comparison<'a> {
    fn model(&self, listed: &Listed<'_>) -> &'a Model {
        self.answer.catalog.model(listed.model)
    }

    fn as_of(&self) -> Date {
        self.filter.as_of
    }
}

/// The models side by side for people: what is alike for all of them is left to the wide form.
#[must_use]
pub fn text(comparison: &Comparison<'_>) -> String {
    let rows = rows::rows(comparison);
    let mut text = sheet(comparison, rows.iter().filter(|row| !row.detail || !row.is_alike()));
    let alike: Vec<&str> = rows
        .iter()
        .filter(|row| row.detail && row.is_alike())
        .map(|row| row.title.as_str())
        .collect();
    if !alike.is_empty() {
        let _ = writeln!(text, "\nalike: {}", alike.join(", "));
    }
    for note in &comparison.notes {
        let _ = writeln!(text, "! {note}");
    }
    text.push_str("\nprices in US dollars for a million tokens in / out unless they say otherwise; ~ estimated; ? not known\n");
    let _ = writeln!(text, "facts of {}", comparison.answer.catalog.as_of());
    text
}

/// Every row as a table.
#[must_use]
pub fn table(comparison: &Comparison<'_>) -> String {
    sheet(comparison, rows::rows(comparison).iter())
}

fn sheet<'r>(comparison: &Comparison<'_>, rows: impl Iterator<Item = &'r Row>) -> String {
    let mut table = table::bare();
    let names = comparison.models.iter().map(|listed| comparison.model(listed).name.as_str());
    table.set_header(std::iter::once("").chain(names));
    for row in rows {
        let cells: Vec<Vec<String>> = row.cells.iter().map(|cell| folded(cell)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        for line in 0..height {
            let title = if line == 0 { row.title.as_str() } else { "" };
            let parts = cells.iter().map(|cell| cell.get(line).map_or("", String::as_str));
            table.add_row(std::iter::once(title).chain(parts).map(Cell::new));
        }
    }
    table::lines(&table)
}

/// A long cell in lines, broken at spaces.
fn folded(cell: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in cell.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < CELL => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Every row as CSV: the title, then a field for each model.
///
/// # Errors
/// When it cannot be written.
pub fn csv(comparison: &Comparison<'_>, out: &mut dyn io::Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    let ids = comparison.models.iter().map(|listed| comparison.model(listed).id.as_str());
    writer.write_record(std::iter::once("field").chain(ids))?;
    for row in rows::rows(comparison) {
        writer.write_record(
            std::iter::once(row.title.as_str()).chain(row.cells.iter().map(String::as_str)),
        )?;
    }
    writer.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_cells_break_at_spaces() {
        let cell = "eu-central-1, eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-3";
        assert_eq!(
            folded(cell),
            ["eu-central-1, eu-north-1, eu-south-1,", "eu-south-2, eu-west-1, eu-west-3"]
        );
        assert_eq!(folded(""), [""]);
    }
}
