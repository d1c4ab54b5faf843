//! Facts of models as short text, for the cells of tables and the lines of explanations.

use jiff::civil::Date;

use crate::catalog::{Catalog, Destinations, ListPrice, Model, Offer, Status, Way};
use crate::money::{Usd, grouped};
use crate::rules::{Evidence, Quality};
use crate::task::{Effort, Feature, FeatureSet, Modality, ModalitySet, RegionSet, Route};

/// How many of many Regions are named.
const FEW: usize = 3;

/// Tokens in groups of three digits; `?` when nobody says.
pub(super) fn tokens(count: Option<u64>) -> String {
    count.map_or_else(|| "?".to_owned(), |count| grouped(u128::from(count)))
}

/// An amount, or `?`.
pub(super) fn money(amount: Option<Usd>) -> String {
    amount.map_or_else(|| "?".to_owned(), |amount| amount.to_string())
}

/// Names joined by commas.
pub(super) fn modalities(set: ModalitySet) -> String {
    set.iter().map(Modality::name).collect::<Vec<_>>().join(", ")
}

/// Names joined by commas.
pub(super) fn features(set: FeatureSet) -> String {
    set.iter().map(Feature::name).collect::<Vec<_>>().join(", ")
}

/// A price in the cell of a table: `$0.11 / $0.55` for a million tokens in and out, `$0.04 an image`, `~` when estimated.
pub(super) fn price(price: Option<ListPrice>) -> String {
    let Some(price) = price else { return "?".to_owned() };
    let mut parts = Vec::new();
    if price.input.is_some() || price.output.is_some() {
        parts.push(format!(
            "{} / {}",
            side(price.input, price.listed_input),
            side(price.output, price.listed_output)
        ));
    }
    let media = [(price.image, "an image"), (price.second, "a second"), (price.query, "a query")];
    parts.extend(
        media
            .into_iter()
            .filter_map(|(amount, unit)| amount.map(|amount| format!("{amount} {unit}"))),
    );
    format!("{}{}", if price.estimated { "~" } else { "" }, parts.join(", "))
}

/// One side of a price: a range where a listed figure stands beside the estimate.
fn side(rate: Option<Usd>, listed: Option<Usd>) -> String {
    match (rate, listed) {
        (Some(rate), Some(listed)) if rate != listed => {
            format!("{}–{}", rate.min(listed), rate.max(listed))
        }
        (Some(rate), _) => rate.to_string(),
        (None, _) => "–".to_owned(),
    }
}

/// A status with the end that belongs to it: `legacy, ends 2027-03-30`.
pub(super) fn status(model: &Model, as_of: Date) -> String {
    let status = model.lifecycle.status(as_of);
    match (status, model.lifecycle.eol) {
        (Status::Eol, Some(eol)) => format!("ended {eol}"),
        (Status::Eol, None) => "ended".to_owned(),
        (_, Some(eol)) => format!("{status}, ends {eol}"),
        (_, None) => status.to_string(),
    }
}

/// A quality with the month of its newest evidence, `~` when it is predicted from another effort.
pub(super) fn quality(quality: Option<&Quality>, evidence: Option<&Evidence>) -> String {
    let Some(quality) = quality else { return "no evidence".to_owned() };
    let date = evidence.and_then(|evidence| evidence.as_of());
    let date =
        date.map(|date| format!(" ({}-{:02})", date.year(), date.month())).unwrap_or_default();
    let percent = (quality.value * 100.0).round();
    format!("{}{percent}%{date}", if quality.predicted { "~" } else { "" })
}

/// Tokens in a few characters: `128k`, `1M`; `?` when no source says.
pub(super) fn short(count: Option<u64>) -> String {
    match count {
        None => "?".to_owned(),
        Some(count) if count >= 1_000_000 && count.is_multiple_of(100_000) => {
            let millions = format!("{:.1}", count as f64 / 1e6);
            format!("{}M", millions.trim_end_matches(".0"))
        }
        Some(count) if count >= 1_000 => format!("{}k", count / 1_000),
        Some(count) => count.to_string(),
    }
}

/// A reasoning effort in the cell of a table; nothing for a model without efforts.
pub(super) fn effort(effort: Option<Effort>) -> String {
    effort.map(|effort| effort.name().to_owned()).unwrap_or_default()
}

/// `1 Region`, `5 Regions`.
pub(super) fn regions(count: usize) -> String {
    if count == 1 { "1 Region".to_owned() } else { format!("{count} Regions") }
}

/// From how many Regions each route goes: `geo 18, global 31`.
pub(super) fn by_route(offers: &[Offer]) -> String {
    let count = |route: Route| {
        offers
            .iter()
            .filter(|offer| offer.route == route)
            .map(|offer| offer.region)
            .collect::<RegionSet>()
            .len()
    };
    let routes =
        Route::ALL.iter().map(|route| (*route, count(*route))).filter(|(_, count)| *count > 0);
    routes.map(|(route, count)| format!("{route} {count}")).collect::<Vec<_>>().join(", ")
}

/// Some Regions: how many and the first of them.
pub(super) fn from(catalog: &Catalog, regions: RegionSet) -> String {
    let codes = catalog.codes(regions);
    match codes.len().saturating_sub(FEW) {
        0 | 1 => codes.join(", "),
        more => format!("{} and {more} more", codes[..FEW].join(", ")),
    }
}

/// Where data of a way may go.
pub(super) fn goes_to(catalog: &Catalog, way: &Way<'_>) -> String {
    if way.stays() && way.offers.len() > 1 {
        return "the Region that is called".to_owned();
    }
    match way.destinations().as_slice() {
        [one] => destinations(catalog, *one),
        several => {
            let known = |place: &Destinations| match place {
                Destinations::Regions(regions) => Some(*regions),
                _ => None,
            };
            let all = several.iter().filter_map(known).fold(RegionSet::EMPTY, RegionSet::or);
            format!("differs by Region, in all {}", catalog.codes(all).join(", "))
        }
    }
}

/// Where data may go.
pub(super) fn destinations(catalog: &Catalog, destinations: Destinations) -> String {
    match destinations {
        Destinations::Regions(regions) => catalog.codes(regions).join(", "),
        Destinations::AnyCommercial => "any commercial Region".to_owned(),
        Destinations::Unknown => "not known".to_owned(),
    }
}

/// The APIs that serve a model.
pub(super) fn apis(model: &Model) -> Vec<&str> {
    let runtime = [(Feature::Converse, "converse"), (Feature::Invoke, "invoke")];
    let mut apis: Vec<&str> = runtime
        .into_iter()
        .filter(|(feature, _)| model.has(*feature) == Some(true))
        .map(|(_, name)| name)
        .collect();
    apis.extend(model.mantle_apis.iter().map(|api| api.name()));
    apis
}

/// The features that no source speaks of.
pub(super) fn unknown(model: &Model) -> FeatureSet {
    let all: FeatureSet = Feature::ALL.iter().copied().collect();
    all.without(model.features.yes).without(model.features.no)
}
