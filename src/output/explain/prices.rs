//! The prices of a model as a table: a line for each tier, the calls that share a price together.

use std::fmt::Write as _;

use comfy_table::{Cell, CellAlignment};

use super::Dossier;
use super::text::from;
use crate::catalog::price::{Media, Rates};
use crate::catalog::{Tariff, Way};
use crate::money::{Usd, grouped};
use crate::output::{figures, table};
use crate::task::{ModelIndex, Tier};

/// How many prices are shown when nobody asks for a Region or for all of them.
const FEW: usize = 4;

/// A line of the table: what it is for and its figures.
struct Line {
    what: String,
    rates: Rates,
    /// What is listed beside the estimate of this line.
    listed: Rates,
}

/// The prices of a model from the Regions asked about; a few of many unless all are wanted.
pub(super) fn table(dossier: &Dossier<'_>, model: ModelIndex, all: bool) -> String {
    let catalog = dossier.catalog();
    let tariffs = catalog.tariffs(dossier.offers(model));
    if tariffs.is_empty() {
        let unpriced = &catalog.model(model).unpriced;
        return unpriced.as_ref().map_or("  no source gives a price\n".to_owned(), |source| {
            format!("  AWS publishes none{}\n", from(source))
        });
    }
    let shown =
        if all || !dossier.regions().is_empty() { tariffs.len() } else { FEW.min(tariffs.len()) };
    let mut text = tokens(dossier, &tariffs[..shown]);
    text.push_str(&media(dossier, &tariffs[..shown]));
    if shown < tariffs.len() {
        let _ = writeln!(
            text,
            "  and {} more prices; --region or -o wide shows them",
            tariffs.len() - shown
        );
    }
    text
}

fn tokens(dossier: &Dossier<'_>, tariffs: &[Tariff<'_>]) -> String {
    let mut table = table::bare();
    table.set_header([
        "  CALL",
        "FROM",
        "TIER",
        "IN",
        "OUT",
        "CACHE READ",
        "CACHE WRITE",
        "WRITE 1 H",
        "SOURCE",
    ]);
    let mut any = false;
    for tariff in tariffs {
        for (index, line) in lines(tariff).into_iter().enumerate() {
            any = true;
            let (call, from) =
                if index == 0 { calls(dossier, tariff) } else { (String::new(), String::new()) };
            let rates = line.rates;
            let mut row =
                vec![Cell::new(format!("  {call}")), Cell::new(from), Cell::new(line.what)];
            let figures = [
                range(rates.input, line.listed.input),
                range(rates.output, line.listed.output),
                million(rates.cache_read),
                million(rates.cache_write),
                million(rates.cache_write_1h),
            ];
            row.extend(figures.map(|figure| Cell::new(figure).set_alignment(CellAlignment::Right)));
            row.push(Cell::new(if index == 0 { source(tariff) } else { String::new() }));
            table.add_row(row);
        }
    }
    if any { table::lines(&table) } else { String::new() }
}

fn lines(tariff: &Tariff<'_>) -> Vec<Line> {
    let price = tariff.price;
    let tiers = Tier::ALL.iter().filter_map(|tier| {
        let listed = price.listed.as_ref().filter(|_| *tier == Tier::Standard);
        let listed = listed.map(|listed| Rates {
            input: listed.input,
            output: listed.output,
            ..Rates::default()
        });
        Some(Line {
            what: tier.to_string(),
            rates: *price.rates(*tier)?,
            listed: listed.unwrap_or_default(),
        })
    });
    let mut lines: Vec<Line> = tiers.filter(|line| line.rates != Rates::default()).collect();
    if let Some(long) = &price.long {
        let what = format!("above {} in", grouped(u128::from(long.above)));
        lines
            .insert(1.min(lines.len()), Line { what, rates: long.rates, listed: Rates::default() });
    }
    lines
}

fn media(dossier: &Dossier<'_>, tariffs: &[Tariff<'_>]) -> String {
    let mut text = String::new();
    for tariff in tariffs.iter().filter(|tariff| !tariff.price.media.is_empty()) {
        let (call, from) = calls(dossier, tariff);
        let figures: Vec<String> = tariff.price.media.iter().map(of_media).collect();
        let _ = writeln!(text, "  {call} from {from}: {} [{}]", figures.join("; "), source(tariff));
    }
    text
}

fn of_media(media: &Media) -> String {
    let units = [(media.image, "an image"), (media.second, "a second"), (media.query, "a query")];
    let audio = [
        (media.audio_input, "a million audio tokens in"),
        (media.audio_output, "a million audio tokens out"),
    ];
    let single =
        units.into_iter().filter_map(|(price, unit)| price.map(|price| format!("{price} {unit}")));
    let million = audio
        .into_iter()
        .filter_map(|(price, unit)| price.map(|price| format!("{} {unit}", price.million())));
    let variant = media.variant.as_ref().map(|variant| format!(" ({variant})")).unwrap_or_default();
    format!("{}{variant}", single.chain(million).collect::<Vec<_>>().join(", "))
}

/// The ids that share a price, and from where they are called.
fn calls(dossier: &Dossier<'_>, tariff: &Tariff<'_>) -> (String, String) {
    let catalog = dossier.catalog();
    let ways: Vec<Way<'_>> = catalog.ways(tariff.offers.iter().copied());
    let mut ids: Vec<&str> = ways.iter().map(|way| way.id.as_ref()).collect();
    ids.dedup();
    let from = tariff.offers.iter().map(|offer| offer.region).collect();
    (ids.join(", "), figures::from(catalog, from))
}

fn source(tariff: &Tariff<'_>) -> String {
    let price = tariff.price;
    let listed = price.listed.as_ref().map(|listed| {
        let sides = [listed.input, listed.output]
            .into_iter()
            .flatten()
            .map(|rate| rate.million().to_string());
        format!("; {} lists {}", listed.source, sides.collect::<Vec<_>>().join(" / "))
    });
    let estimated = if price.estimated { ", estimated" } else { "" };
    format!("{} {}{estimated}{}", price.source, price.as_of, listed.unwrap_or_default())
}

/// A figure, or between which two the price lies.
fn range(rate: Option<Usd>, listed: Option<Usd>) -> String {
    match rate.zip(listed).filter(|(rate, listed)| rate != listed) {
        Some((rate, listed)) => {
            format!("~{}–{}", rate.min(listed).million(), rate.max(listed).million())
        }
        None => million(rate),
    }
}

fn million(rate: Option<Usd>) -> String {
    rate.map_or_else(String::new, |rate| rate.million().to_string())
}
