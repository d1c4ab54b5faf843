//! Ids that cannot be called any more, as a list: tables, CSV and JSON (`rockpick.models.v1` with `retired`).

use std::io;

use serde::Serialize;

use super::facts::{CatalogPart, day};
use super::{models, table};
use crate::catalog::SuccessorIs;
use crate::catalog::{Catalog, Retired};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    retired: Vec<RetiredPart<'a>>,
    truncated: usize,
    catalog: CatalogPart,
}

/// An id that cannot be called any more.
#[derive(Serialize)]
pub struct RetiredPart<'a> {
    model: &'a str,
    name: Option<&'a str>,
    eol: Option<String>,
    successor: Option<&'a str>,
    successor_is: Option<&'static str>,
    source: &'a str,
}

impl<'a> RetiredPart<'a> {
    /// An id with its successor.
    #[must_use]
    pub fn of(retired: &'a Retired) -> Self {
        Self {
            model: &retired.id,
            name: retired.name.as_deref(),
            eol: day(retired.eol),
            successor: retired.successor.as_deref(),
            successor_is: retired.successor_is.map(SuccessorIs::name),
            source: &retired.source,
        }
    }
}

/// The ids as a JSON value.
///
/// # Errors
/// None in practice: every part can be written as JSON.
pub fn document(
    catalog: &Catalog,
    rows: &[&Retired],
    truncated: usize,
) -> Result<serde_json::Value, serde_json::Error> {
    let retired = rows.iter().map(|row| RetiredPart::of(row)).collect();
    serde_json::to_value(Document {
        schema: models::SCHEMA,
        retired,
        truncated,
        catalog: CatalogPart::of(catalog),
    })
}

/// The ids as a table.
#[must_use]
pub fn table(rows: &[&Retired]) -> String {
    let mut table = table::bare();
    table.set_header(["ID", "NAME", "ENDED", "SUCCESSOR", "SUCCESSOR BY", "SOURCE"]);
    for row in rows {
        table.add_row(record(row).map(|cell| if cell.is_empty() { "?".to_owned() } else { cell }));
    }
    table::lines(&table)
}

/// The ids as CSV with a header.
///
/// # Errors
/// When it cannot be written.
pub fn csv(rows: &[&Retired], out: &mut dyn io::Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["model", "name", "eol", "successor", "successor_is", "source"])?;
    for row in rows {
        writer.write_record(record(row))?;
    }
    writer.flush()?;
    Ok(())
}

fn record(row: &Retired) -> [String; 6] {
    [
        row.id.clone(),
        row.name.clone().unwrap_or_default(),
        day(row.eol).unwrap_or_default(),
        row.successor.clone().unwrap_or_default(),
        row.successor_is.map_or_else(String::new, |basis| basis.name().to_owned()),
        row.source.clone(),
    ]
}
