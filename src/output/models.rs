//! The catalog as a list: text, tables, CSV and JSON (`rockpick.models.v1`).

use std::io;

use comfy_table::{Cell, CellAlignment};
use jiff::civil::Date;
use serde::Serialize;

use super::facts::{BestPart, CatalogPart, ModelPart};
use super::{figures, json, table};
use crate::catalog::{Catalog, Model};
use crate::money::Usd;
use crate::recommend::Reason;
use crate::recommend::listing::Listed;
use crate::task::{Constraints, Route, Tier};

/// The name and version of the shape; the version is raised when a field changes its meaning.
pub const SCHEMA: &str = "rockpick.models.v1";

/// A list and what it was asked for.
pub struct Listing<'a> {
    /// The facts it rests on.
    pub catalog: &'a Catalog,
    /// The constraints, as they are shown.
    pub constraints: &'a Constraints,
    /// The category, if one was named.
    pub category: Option<&'a str>,
    /// The date asked about.
    pub as_of: Date,
    /// The models, in order.
    pub rows: Vec<Listed<'a>>,
    /// How many more there are.
    pub truncated: usize,
    /// How many are left out, by the first reason against each.
    pub left_out: Vec<(Reason, usize)>,
}

impl<'a> Listing<'a> {
    fn model(&self, row: &Listed<'_>) -> &'a Model {
        self.catalog.model(row.model)
    }
}

/// The list for people: a table and what it counts.
#[must_use]
pub fn text(listing: &Listing<'_>) -> String {
    let total = listing.rows.len() + listing.truncated;
    if total == 0 {
        return String::new();
    }
    let admitted =
        |reason: &Reason| reason.admitted_by().map(|flag| format!(" ({flag})")).unwrap_or_default();
    let left: Vec<String> = listing
        .left_out
        .iter()
        .map(|(reason, count)| format!("{count} {reason}{}", admitted(reason)))
        .collect();
    let left =
        if left.is_empty() { String::new() } else { format!("left out: {}\n", left.join(", ")) };
    let prices =
        "prices in US dollars for a million tokens in / out unless they say otherwise; ~ estimated";
    let what = if total == 1 { "model" } else { "models" };
    format!(
        "{}\n{prices}\n{left}{total} {what} · facts of {}\n",
        table(listing, Shape::Text),
        listing.catalog.as_of()
    )
}

/// How much of a model a table shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// What most people want.
    Text,
    /// What most programs want.
    Table,
    /// Features, APIs and tiers as well.
    Wide,
}

/// A column: its title, whether it holds figures, and its cell for a model.
type Column = (&'static str, bool, fn(&Listing<'_>, &Listed<'_>) -> String);

/// The list as a table.
#[must_use]
pub fn table(listing: &Listing<'_>, shape: Shape) -> String {
    let columns = columns(listing, shape);
    let mut table = table::bare();
    table.set_header(columns.iter().map(|(title, ..)| *title));
    for row in &listing.rows {
        table.add_row(columns.iter().map(|(_, figures, cell)| {
            let alignment = if *figures { CellAlignment::Right } else { CellAlignment::Left };
            Cell::new(cell(listing, row)).set_alignment(alignment)
        }));
    }
    table::lines(&table)
}

fn columns(listing: &Listing<'_>, shape: Shape) -> Vec<Column> {
    let placed = !listing.constraints.regions.is_empty();
    let costed = listing.rows.iter().any(|row| row.cost.is_some());
    let all: [(bool, Column); 20] = [
        // With a Region the id to call there says which model it is.
        (shape > Shape::Text || !placed, ("MODEL", false, |list, row| list.model(row).id.clone())),
        (
            placed,
            ("CALL", false, |list, row| {
                row.offer
                    .map(|offer| list.catalog.invoke_id(offer).into_owned())
                    .unwrap_or_default()
            }),
        ),
        (
            placed,
            ("FROM", false, |list, row| {
                row.offer
                    .map_or_else(String::new, |offer| list.catalog.code(offer.region).to_owned())
            }),
        ),
        (true, ("NAME", false, |list, row| list.model(row).name.clone())),
        (
            shape > Shape::Text,
            ("PROVIDER", false, |list, row| {
                list.catalog.provider(list.model(row).provider).key.clone()
            }),
        ),
        (true, ("KIND", false, |list, row| list.model(row).kind.to_string())),
        (true, ("STATUS", false, |list, row| figures::status(list.model(row), list.as_of))),
        (true, ("CONTEXT", true, |list, row| figures::tokens(list.model(row).limits.context))),
        (
            shape > Shape::Text,
            ("MAX OUT", true, |list, row| figures::tokens(list.model(row).limits.max_output)),
        ),
        (true, ("TAKES", false, |list, row| figures::modalities(list.model(row).input))),
        (
            shape > Shape::Text,
            ("GIVES", false, |list, row| figures::modalities(list.model(row).output)),
        ),
        (true, ("PRICE", true, |_, row| figures::price(row.price))),
        (costed, ("$/REQUEST", true, |_, row| figures::money(row.cost))),
        (
            listing.category.is_some(),
            ("QUALITY", false, |_, row| figures::quality(row.quality, row.evidence)),
        ),
        (true, ("REGIONS", true, |_, row| row.regions().len().to_string())),
        (true, ("ROUTES", false, |_, row| routes(row))),
        (
            shape == Shape::Wide,
            ("LAUNCHED", false, |list, row| {
                super::facts::day(list.model(row).launched).unwrap_or_default()
            }),
        ),
        (
            shape == Shape::Wide,
            ("APIS", false, |list, row| figures::apis(list.model(row)).join(", ")),
        ),
        (shape == Shape::Wide, ("TIERS", false, |list, row| tiers(list, row).join(", "))),
        (
            shape == Shape::Wide,
            ("FEATURES", false, |list, row| figures::features(list.model(row).features.yes)),
        ),
    ];
    all.into_iter().filter(|(shown, _)| *shown).map(|(_, column)| column).collect()
}

fn routes(row: &Listed<'_>) -> String {
    row.routes().iter().map(Route::name).collect::<Vec<_>>().join(", ")
}

/// The tiers that have a price by the best offer.
fn tiers(listing: &Listing<'_>, row: &Listed<'_>) -> Vec<&'static str> {
    let price = row.offer.and_then(|offer| listing.catalog.price(offer));
    let has = |tier: &&Tier| price.is_some_and(|price| price.rates(**tier).is_some());
    Tier::ALL.iter().filter(has).map(|tier| tier.name()).collect()
}

/// The list as CSV with a header; several values of one field are separated by spaces.
///
/// # Errors
/// When it cannot be written.
pub fn csv(listing: &Listing<'_>, out: &mut dyn io::Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "model",
        "name",
        "provider",
        "kind",
        "status",
        "eol",
        "context",
        "max_output",
        "input",
        "output",
        "invoke_id",
        "region",
        "route",
        "input_usd_per_million",
        "output_usd_per_million",
        "per_image_usd",
        "per_second_usd",
        "per_query_usd",
        "estimated",
        "per_request_usd",
        "quality",
        "regions",
        "routes",
    ])?;
    for row in &listing.rows {
        writer.write_record(record(listing, row))?;
    }
    writer.flush()?;
    Ok(())
}

fn record(listing: &Listing<'_>, row: &Listed<'_>) -> Vec<String> {
    let catalog = listing.catalog;
    let model = catalog.model(row.model);
    let price = row.price.unwrap_or_default();
    let money = |amount: Option<Usd>| amount.map(Usd::to_decimal).unwrap_or_default();
    let count = |tokens: Option<u64>| tokens.map(|tokens| tokens.to_string()).unwrap_or_default();
    vec![
        model.id.clone(),
        model.name.clone(),
        catalog.provider(model.provider).key.clone(),
        model.kind.to_string(),
        row.status.to_string(),
        super::facts::day(model.lifecycle.eol).unwrap_or_default(),
        count(model.limits.context),
        count(model.limits.max_output),
        figures::modalities(model.input).replace(", ", " "),
        figures::modalities(model.output).replace(", ", " "),
        row.offer.map(|offer| catalog.invoke_id(offer).into_owned()).unwrap_or_default(),
        row.offer.map(|offer| catalog.code(offer.region).to_owned()).unwrap_or_default(),
        row.offer.map(|offer| offer.route.to_string()).unwrap_or_default(),
        money(price.input),
        money(price.output),
        money(price.image),
        money(price.second),
        money(price.query),
        if row.price.is_some() { price.estimated.to_string() } else { String::new() },
        money(row.cost),
        row.quality.map(|quality| format!("{:.3}", quality.value)).unwrap_or_default(),
        catalog.codes(row.regions()).join(" "),
        routes(row).replace(", ", " "),
    ]
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    as_of: String,
    category: Option<&'a str>,
    constraints: json::ConstraintsPart<'a>,
    models: Vec<RowPart<'a>>,
    truncated: usize,
    catalog: CatalogPart,
}

/// A model of the list; by itself on a line of `-o jsonl`.
#[derive(Serialize)]
pub struct RowPart<'a> {
    #[serde(flatten)]
    model: ModelPart<'a>,
    best: Option<BestPart<'a>>,
    regions: Vec<&'a str>,
    routes: Vec<&'static str>,
    quality: Option<f64>,
    quality_as_of: Option<String>,
}

/// One model of the list.
#[must_use]
pub fn row<'a>(listing: &Listing<'a>, row: &Listed<'a>) -> RowPart<'a> {
    let catalog = listing.catalog;
    RowPart {
        model: ModelPart::of(catalog, catalog.model(row.model), listing.as_of),
        best: BestPart::of(catalog, row),
        regions: catalog.codes(row.regions()),
        routes: row.routes().iter().map(Route::name).collect(),
        quality: row.quality.map(|quality| json::rounded(quality.value)),
        quality_as_of: row.evidence.and_then(|evidence| super::facts::day(evidence.as_of())),
    }
}

/// The list as a JSON value.
///
/// # Errors
/// None in practice: every part can be written as JSON.
pub fn document(listing: &Listing<'_>) -> Result<serde_json::Value, serde_json::Error> {
    serde_json::to_value(Document {
        schema: SCHEMA,
        as_of: listing.as_of.to_string(),
        category: listing.category,
        constraints: json::constraints(listing.catalog, listing.constraints),
        models: listing.rows.iter().map(|one| row(listing, one)).collect(),
        truncated: listing.truncated,
        catalog: CatalogPart::of(listing.catalog),
    })
}
