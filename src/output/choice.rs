//! A choice for people: what to call, from where, what it costs, how good it is.

use super::figures;
use super::page::Page;
use super::style::{BOLD, GOOD};
use super::table::{self, Column};
use crate::catalog::{Destinations, ListPrice, Offer, PlaceInfo};
use crate::money::Usd;
use crate::recommend::{Choice, Recommendation};
use crate::task::{Preference, RegionSet, Tier};

/// So many Regions are named.
const FEW: usize = 2;

/// The choice: its ID alone on a line, to be copied.
pub(super) fn first(page: &mut Page, answer: &Recommendation<'_>, best: &Choice<'_>) {
    let catalog = answer.catalog;
    let name = titled(answer, best);
    page.item(&format!("{GOOD}→{GOOD:#} "), &format!("{BOLD}{name}{BOLD:#}"));
    page.block(&format!("  {GOOD}{}{GOOD:#}", catalog.invoke_id(best.offer)));
    page.item("  ", &format!("{}, {}", cost(answer, best), quality(answer, best)));
    let from = catalog.code(best.offer.region);
    let to = processed(answer, best.offer);
    page.item("  ", &format!("call it from {from} ({}): {to}", best.offer.route));
}

/// Where data is processed: the Regions, or the place that they are in where they are many.
fn processed(answer: &Recommendation<'_>, offer: &Offer) -> String {
    let catalog = answer.catalog;
    let Destinations::Regions(regions) = offer.destinations else {
        let to = figures::destinations(catalog, offer.destinations);
        return format!("data may be processed in {to}");
    };
    if regions.len() <= FEW {
        return format!("data is processed in {}", catalog.codes(regions).join(", "));
    }
    let holds = |regions: RegionSet, place: RegionSet| regions.without(place).is_empty();
    let wanted = answer.understanding.constraints.residency.as_ref();
    let name = wanted
        .filter(|wanted| holds(regions, wanted.regions))
        .map(|wanted| catalog.place_name(wanted))
        .or_else(|| {
            let places = catalog.places().iter().filter(|place| holds(regions, place.regions));
            let size = |place: &&PlaceInfo| (place.regions.len(), place.name.len());
            places.min_by_key(size).map(|place| place.name.as_str())
        });
    match name {
        Some(name) => format!("data stays in {name} ({} Regions)", regions.len()),
        None => format!("data is processed in {}", catalog.codes(regions).join(", ")),
    }
}

/// A model with the effort of a choice: `Claude Sonnet 5.5, medium effort`.
fn titled(answer: &Recommendation<'_>, choice: &Choice<'_>) -> String {
    let name = &answer.catalog.model(choice.model).name;
    match choice.effort.map(|effort| effort.name()) {
        None => name.clone(),
        Some("none") => format!("{name}, no thinking"),
        Some("on") => format!("{name}, thinking on"),
        Some(effort) => format!("{name}, {effort} effort"),
    }
}

/// `$1.12 per 1k requests`, with the sum of a month where the volume is known.
fn cost(answer: &Recommendation<'_>, choice: &Choice<'_>) -> String {
    let Some(per_thousand) = thousand(answer, choice) else { return "price not known".to_owned() };
    let month = answer.per_month(choice).map(|sum| format!(" ({sum} a month)")).unwrap_or_default();
    format!("{per_thousand} per 1k requests{month}")
}

/// What a thousand requests cost, `~` where that is estimated.
pub(super) fn thousand(answer: &Recommendation<'_>, choice: &Choice<'_>) -> Option<String> {
    let mark = if table::is_estimated(answer, choice) { "~" } else { "" };
    Some(format!("{mark}{}", choice.cost? * 1_000))
}

/// `quality 72% (good)`.
pub(super) fn quality(answer: &Recommendation<'_>, choice: &Choice<'_>) -> String {
    match choice.quality {
        Some(_) => format!("quality {}", graded(answer, choice)),
        None => "quality not measured".to_owned(),
    }
}

fn graded(answer: &Recommendation<'_>, choice: &Choice<'_>) -> String {
    match choice.quality {
        Some(_) => format!("{} ({})", figures::quality(choice.quality, None), answer.grade(choice)),
        None => "not measured".to_owned(),
    }
}

/// The first of the ranking as a table that fits the width.
pub(super) fn ranking(answer: &Recommendation<'_>, most: usize, width: usize) -> String {
    let monthly = answer.understanding.constraints.per_month.is_some();
    let shown = || answer.ranked().iter().take(most);
    let has_efforts = shown().any(|choice| choice.effort.is_some());
    let mut columns = vec![Column::left(""), Column::left("MODEL")];
    columns.extend(has_efforts.then(|| Column::left("EFFORT")));
    columns.push(Column::right(if monthly { "$/MONTH" } else { "$/1K REQ" }));
    columns.extend([
        Column::left("QUALITY"),
        Column::left("$/1M IN / OUT"),
        Column::right("CONTEXT"),
        Column::right("MAX OUT"),
        Column::left("MODEL ID"),
        Column::left("FROM"),
        Column::left("ROUTE"),
    ]);
    let rows = shown().enumerate().map(|(index, choice)| {
        let catalog = answer.catalog;
        let model = catalog.model(choice.model);
        let mut row = vec![if index == 0 { "→" } else { "" }.to_owned(), model.name.clone()];
        row.extend(has_efforts.then(|| figures::effort(choice.effort)));
        let month = || answer.per_month(choice).map(|sum| sum.to_string());
        let cost = if monthly { month() } else { thousand(answer, choice) };
        row.extend([
            cost.unwrap_or_else(|| "?".to_owned()),
            graded(answer, choice),
            figures::price(list_price(answer, choice)),
            figures::short(model.limits.context),
            figures::short(model.limits.max_output),
            catalog.invoke_id(choice.offer).into_owned(),
            catalog.code(choice.offer.region).to_owned(),
            choice.offer.route.to_string(),
        ]);
        row
    });
    table::fitting(&columns, &rows.collect::<Vec<_>>(), width)
}

/// The prices of a choice by unit, at the standard tier.
pub(super) fn list_price(answer: &Recommendation<'_>, choice: &Choice<'_>) -> Option<ListPrice> {
    answer.catalog.price(choice.offer).and_then(|price| ListPrice::of(price, Tier::Standard))
}

/// The best value, the best quality and the cheapest, where they are another choice than the first.
pub(super) fn picks<'a>(answer: &Recommendation<'a>) -> Vec<(&'static str, Choice<'a>)> {
    let labels = [
        ("best value", Preference::Balanced),
        ("best quality", Preference::Quality),
        ("cheapest", Preference::Cost),
    ];
    let mut seen: Vec<_> =
        answer.best().map(|best| (best.model, best.effort)).into_iter().collect();
    let mut picks = Vec::new();
    let others = labels.into_iter().filter(|(_, own)| *own != answer.understanding.preference);
    for (label, preference) in others {
        let Some(choice) = answer.first_by(preference) else { continue };
        if !seen.contains(&(choice.model, choice.effort)) {
            seen.push((choice.model, choice.effort));
            picks.push((label, choice));
        }
    }
    picks
}

/// A choice in a line: `Claude Sonnet 5.5, medium effort, $7.15 per 1k requests, 80% (strong)`.
pub(super) fn named(answer: &Recommendation<'_>, choice: &Choice<'_>) -> String {
    line(answer, choice, "per 1k requests")
}

/// The same below a table that names the unit: `Claude Opus 5.5, high effort, $34.10 per 1k, 98% (strong)`.
pub(super) fn in_short(answer: &Recommendation<'_>, choice: &Choice<'_>) -> String {
    line(answer, choice, "per 1k")
}

fn line(answer: &Recommendation<'_>, choice: &Choice<'_>, unit: &str) -> String {
    let cost = thousand(answer, choice).map(|cost| format!("{cost} {unit}"));
    let parts = [Some(titled(answer, choice)), cost, Some(graded(answer, choice))];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// An amount for one request, as the price of a thousand.
pub(super) fn per_thousand(cost: Usd) -> Usd {
    cost * 1_000
}
