//! The rows of a comparison: what is compared, and what of it each model has.

use super::Comparison;
use crate::catalog::{ListPrice, Model, Offer, Usage};
use crate::output::figures;
use crate::recommend::Reason;
use crate::recommend::listing::Listed;
use crate::rules::Category;
use crate::rules::evidence::{Age, figure};
use crate::task::{Effort, Feature, RegionSet, Tier};

/// A row: a title and a cell for each model.
pub(super) struct Row {
    pub title: String,
    pub cells: Vec<String>,
    /// Whether it only matters where models differ.
    pub detail: bool,
}

impl Row {
    /// Whether it tells no model from another.
    pub fn is_alike(&self) -> bool {
        self.cells.windows(2).all(|pair| pair[0] == pair[1])
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// All rows, without those that are empty for every model.
pub(super) fn rows(comparison: &Comparison<'_>) -> Vec<Row> {
    let mut rows = identity(comparison);
    rows.extend(reach(comparison));
    rows.extend(prices(comparison));
    rows.extend(limits(comparison));
    rows.extend(evidence(comparison));
    rows.extend(features(comparison));
    rows.retain(|row| !row.is_empty());
    rows
}

fn row(
    comparison: &Comparison<'_>,
    title: &str,
    detail: bool,
    cell: impl Fn(&Listed<'_>, &Model) -> String,
) -> Row {
    let cells =
        comparison.models.iter().map(|listed| cell(listed, comparison.model(listed))).collect();
    Row { title: title.to_owned(), cells, detail }
}

fn identity(comparison: &Comparison<'_>) -> Vec<Row> {
    let catalog = comparison.answer.catalog;
    let as_of = comparison.as_of();
    let day =
        |date: Option<jiff::civil::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    vec![
        row(comparison, "model", false, |_, model| model.id.clone()),
        row(comparison, "provider", false, |_, model| {
            catalog.provider(model.provider).name.clone()
        }),
        row(comparison, "kind", true, |_, model| model.kind.to_string()),
        row(comparison, "takes", false, |_, model| figures::modalities(model.input)),
        row(comparison, "gives", true, |_, model| figures::modalities(model.output)),
        row(comparison, "on Bedrock since", false, |_, model| day(model.launched)),
        row(comparison, "status", false, |_, model| figures::status(model, as_of)),
        row(comparison, "days left", false, |_, model| {
            model.lifecycle.days_left(as_of).map(|days| days.to_string()).unwrap_or_default()
        }),
        row(comparison, "no end before", false, |_, model| day(model.lifecycle.eol_floor)),
        row(comparison, "successor", false, |_, model| {
            model.lifecycle.successor.clone().unwrap_or_default()
        }),
        row(comparison, "fits", false, |listed, _| {
            let codes: Vec<&str> = listed.reasons.iter().map(Reason::name).collect();
            if codes.is_empty() { "yes".to_owned() } else { format!("no: {}", codes.join(", ")) }
        }),
    ]
}

fn reach(comparison: &Comparison<'_>) -> Vec<Row> {
    let catalog = comparison.answer.catalog;
    let of_offer = |listed: &Listed<'_>, cell: &dyn Fn(&Offer) -> String| {
        listed.offer.map_or_else(|| "–".to_owned(), cell)
    };
    vec![
        row(comparison, "call", false, |listed, _| {
            of_offer(listed, &|offer| catalog.invoke_id(offer).into_owned())
        }),
        row(comparison, "from", false, |listed, _| {
            of_offer(listed, &|offer| catalog.code(offer.region).to_owned())
        }),
        row(comparison, "route", false, |listed, _| {
            of_offer(listed, &|offer| offer.route.to_string())
        }),
        row(comparison, "data goes to", false, |listed, _| {
            of_offer(listed, &|offer| figures::destinations(catalog, offer.destinations))
        }),
        row(comparison, "Regions", false, |listed, _| {
            let offers = catalog.offers_of(listed.model);
            let regions: RegionSet = offers.iter().map(|offer| offer.region).collect();
            format!("{}: {}", regions.len(), figures::by_route(offers))
                .trim_end_matches(": ")
                .to_owned()
        }),
    ]
}

fn prices(comparison: &Comparison<'_>) -> Vec<Row> {
    let answer = comparison.answer;
    let catalog = answer.catalog;
    let usage = comparison.filter.usage;
    let at_tier = |listed: &Listed<'_>, tier| {
        let price = listed.offer.and_then(|offer| catalog.price(offer))?;
        ListPrice::of(price, tier)
    };
    let mut rows = vec![row(comparison, "price", false, |listed, _| {
        figures::price(at_tier(listed, Tier::Standard))
    })];
    for tier in Tier::ALL.iter().filter(|tier| **tier != Tier::Standard) {
        let cell = |listed: &Listed<'_>, _: &Model| {
            at_tier(listed, *tier).map(|price| figures::price(Some(price))).unwrap_or_default()
        };
        rows.push(row(comparison, &format!("price, {tier}"), false, cell));
    }
    rows.push(row(comparison, "cache read", false, |listed, _| {
        let rates = listed.offer.and_then(|offer| catalog.price(offer)).map(|price| price.standard);
        rates
            .and_then(|rates| rates.cache_read)
            .map(|rate| rate.million().to_string())
            .unwrap_or_default()
    }));
    if usage != Usage::default() {
        let title = format!(
            "a request ({} in, {} out)",
            figures::tokens(Some(usage.input)),
            figures::tokens(Some(usage.output))
        );
        rows.push(row(comparison, &title, false, |listed, _| figures::money(listed.cost)));
    }
    if let Some(requests) = answer.understanding.constraints.per_month {
        let title = format!("a month ({})", figures::tokens(Some(requests)));
        rows.push(row(comparison, &title, false, |listed, _| {
            figures::money(listed.cost.map(|cost| cost * requests))
        }));
    }
    rows
}

fn limits(comparison: &Comparison<'_>) -> Vec<Row> {
    vec![
        row(comparison, "context", false, |_, model| figures::tokens(model.limits.context)),
        row(comparison, "longest answer", false, |_, model| {
            figures::tokens(model.limits.max_output)
        }),
        row(comparison, "prompts kept by", true, |_, model| model.retention.to_string()),
        row(comparison, "refuses", false, |_, model| model.contract.refuses.join(", ")),
        row(comparison, "only one of", false, |_, model| {
            let groups = model.contract.exclusive.iter().map(|group| group.join(", "));
            groups.collect::<Vec<_>>().join("; ")
        }),
        row(comparison, "reasoning efforts", false, |_, model| efforts(model)),
    ]
}

/// The quality for the category named with the results it rests on, else that for every category with evidence.
fn evidence(comparison: &Comparison<'_>) -> Vec<Row> {
    let rules = comparison.answer.rules;
    let mut rows = Vec::new();
    for category in rules
        .categories()
        .iter()
        .filter(|own| comparison.category.is_none_or(|name| own.name == name))
    {
        let known =
            comparison.models.iter().any(|listed| category.evidence(listed.model).is_some());
        if known || comparison.category.is_some() {
            rows.push(quality(comparison, category));
        }
    }
    let wanted = comparison.category.and_then(|name| rules.category(name));
    for (at, _) in wanted.iter().flat_map(|category| &category.boards) {
        let Some(board) = rules.boards().get(usize::from(*at)) else { continue };
        rows.push(row(comparison, &board.title, false, |listed, _| {
            let results = board.results_of(listed.model).iter();
            let at = |effort: Option<Effort>| {
                effort.map(|effort| format!(" at {effort}")).unwrap_or_default()
            };
            let shown = results.map(|result| {
                format!(
                    "{}{} ({})",
                    figure(result.value, board.scale),
                    at(result.effort),
                    result.date
                )
            });
            shown.collect::<Vec<_>>().join(", ")
        }));
    }
    rows
}

fn quality(comparison: &Comparison<'_>, category: &Category) -> Row {
    let as_of = comparison.as_of();
    row(comparison, &format!("quality, {}", category.name), false, |listed, model| {
        let Some(evidence) = category.evidence(listed.model) else {
            return figures::quality(None, None);
        };
        let efforts = model.thinking.levels().iter().enumerate().filter_map(|(at, level)| {
            let quality = figures::quality(Some(evidence.at(at)?), None);
            Some(
                level
                    .effort
                    .map_or_else(|| quality.clone(), |effort| format!("{effort} {quality}")),
            )
        });
        let efforts: Vec<String> = efforts.collect();
        format!("{}, confidence {:.2}", efforts.join(", "), evidence.confidence(Age::on(as_of)))
    })
}

/// The efforts that a model takes, as far as its thinking is known, else as its source lists them.
fn efforts(model: &Model) -> String {
    let known: Vec<&str> =
        model.thinking.levels().iter().filter_map(|level| level.effort.map(Effort::name)).collect();
    if known.is_empty() { model.features.efforts.join(", ") } else { known.join(", ") }
}

fn features(comparison: &Comparison<'_>) -> Vec<Row> {
    let catalog = comparison.answer.catalog;
    let word = |has: Option<bool>| has.map_or("?", |has| if has { "yes" } else { "no" }).to_owned();
    let row = |feature: &Feature| {
        row(comparison, catalog.feature_title(*feature), true, |_, model| word(model.has(*feature)))
    };
    Feature::ALL.iter().map(row).collect()
}
