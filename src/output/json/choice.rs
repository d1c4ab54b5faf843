//! A choice as JSON: what to call, what it costs, why.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ReasonPart;
use crate::catalog::thinking::{Level, Measured};
use crate::catalog::{Catalog, Destinations, Offer, Price, Usage};
use crate::money::Usd;
use crate::output::facts::RangePart;
use crate::recommend::{Alternative, Choice, EffortChoice, Filter, Recommendation};
use crate::task::{Api, Effort, Feature, RegionSet, Route, Tier};

#[derive(Serialize)]
pub(super) struct ChoicePart<'a> {
    model: &'a str,
    name: &'a str,
    provider: &'a str,
    invoke_id: String,
    region: &'a str,
    /// Where every Region named has to serve: those Regions, and the id to call from each.
    #[serde(skip_serializing_if = "Option::is_none")]
    regions: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoke_ids: Option<BTreeMap<&'a str, String>>,
    route: &'static str,
    api: &'a str,
    destinations: Vec<&'a str>,
    inferred: bool,
    price: Option<PricePart<'a>>,
    cost: CostPart,
    effort: Option<&'static str>,
    efforts: Vec<EffortPart>,
    score: f64,
    quality: Option<f64>,
    quality_effort: Option<&'static str>,
    quality_predicted: bool,
    quality_low: Option<f64>,
    quality_high: Option<f64>,
    grade: &'static str,
    wait_ms: Option<WaitPart>,
    quality_as_of: Option<String>,
    confidence: f64,
    standing: &'static str,
    lifecycle: LifecyclePart,
    alternatives: Vec<AlternativePart<'a>>,
    other_offers: Vec<OfferPart<'a>>,
    reasons: Vec<ReasonPart>,
}

#[derive(Serialize)]
struct PricePart<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_read: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_write: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    long_context_above: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_image: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_second: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_query: Option<Usd>,
    unit: &'static str,
    tier: &'static str,
    source: &'a str,
    as_of: String,
    estimated: bool,
    #[serde(flatten)]
    range: Option<RangePart>,
}

#[derive(Serialize)]
struct CostPart {
    per_request_usd: Option<Usd>,
    per_month_usd: Option<Usd>,
    tokens: TokensPart,
    estimated: bool,
}

/// What one request holds; its cost is the price of these.
#[derive(Serialize)]
struct TokensPart {
    input: u64,
    output: u64,
    thinking: u64,
}

/// The model at one of its efforts; `rejected` holds the codes of what stands against it.
#[derive(Serialize)]
struct EffortPart {
    effort: Option<&'static str>,
    quality: Option<f64>,
    quality_predicted: bool,
    cost: CostPart,
    rejected: Vec<&'static str>,
}

/// Milliseconds to an answer, by medians.
#[derive(Serialize)]
struct WaitPart {
    first_token: u64,
    last_token: u64,
    on_bedrock: bool,
    measured_here: Option<String>,
}

#[derive(Serialize)]
struct LifecyclePart {
    status: &'static str,
    eol: Option<String>,
    eol_floor: Option<String>,
}

#[derive(Serialize)]
struct AlternativePart<'a> {
    kind: &'static str,
    invoke_id: String,
    region: &'a str,
    route: &'static str,
    tier: &'static str,
    per_request_usd: Usd,
    percent: f64,
}

#[derive(Serialize)]
struct OfferPart<'a> {
    invoke_id: String,
    region: &'a str,
    route: &'static str,
    inferred: bool,
    per_request_usd: Option<Usd>,
}

/// A choice as JSON shows it.
pub(super) fn part<'a>(
    answer: &Recommendation<'a>,
    filter: Option<&Filter<'a>>,
    choice: &Choice<'a>,
) -> ChoicePart<'a> {
    let catalog = answer.catalog;
    let model = catalog.model(choice.model);
    let tier = filter.map_or(Tier::Standard, |filter| filter.tier());
    let thinking = &model.thinking;
    let everywhere =
        filter.map(|filter| filter.everywhere(choice.model)).filter(|offers| !offers.is_empty());
    let everywhere = everywhere.map(|offers| {
        let id =
            |offer: &&Offer| (catalog.code(offer.region), catalog.invoke_id(offer).into_owned());
        offers.iter().map(id).collect::<BTreeMap<_, _>>()
    });
    ChoicePart {
        model: &model.id,
        name: &model.name,
        provider: &catalog.provider(model.provider).key,
        invoke_id: catalog.invoke_id(choice.offer).into_owned(),
        region: catalog.code(choice.offer.region),
        regions: everywhere.as_ref().map(|ids| ids.keys().copied().collect()),
        invoke_ids: everywhere,
        route: choice.offer.route.name(),
        api: match answer.understanding.constraints.api {
            Some(asked @ Api::Invoke) => asked.name(),
            _ => match filter.and_then(|filter| filter.mantle_api(choice.offer)) {
                Some(mantle) => mantle.name(),
                None => api(catalog, choice.offer),
            },
        },
        destinations: destinations(catalog, choice.offer),
        inferred: choice.offer.inferred,
        price: catalog.price(choice.offer).map(|price| price_part(price, tier)),
        cost: cost(answer, choice.cost, choice.usage, thinking.levels().get(choice.level)),
        effort: choice.effort.map(Effort::name),
        efforts: efforts(answer, choice),
        score: rounded(answer.score(choice)),
        quality: choice.quality.map(|quality| rounded(quality.value)),
        quality_effort: choice.quality.and_then(|quality| quality.measured_at).map(Effort::name),
        quality_predicted: choice.quality.is_some_and(|quality| quality.predicted),
        quality_low: choice.quality.map(|quality| rounded(quality.low)),
        quality_high: choice.quality.map(|quality| rounded(quality.high)),
        grade: answer.grade(choice).name(),
        wait_ms: choice.wait.map(|(first, last)| WaitPart {
            first_token: first,
            last_token: last,
            on_bedrock: thinking.measured != Measured::Elsewhere,
            measured_here: match thinking.measured {
                Measured::Here(day) => Some(day.to_string()),
                _ => None,
            },
        }),
        quality_as_of: choice
            .evidence
            .and_then(|evidence| evidence.as_of())
            .map(|date| date.to_string()),
        confidence: rounded(choice.confidence),
        standing: choice.standing.name(),
        lifecycle: LifecyclePart {
            status: model
                .lifecycle
                .status_within(RegionSet::only(choice.offer.region), answer.task.as_of)
                .name(),
            eol: model.lifecycle.eol_from(choice.offer.region).map(|date| date.to_string()),
            eol_floor: model.lifecycle.eol_floor.map(|date| date.to_string()),
        },
        alternatives: alternatives(answer, choice),
        other_offers: filter
            .map(|filter| other_offers(catalog, filter, choice))
            .unwrap_or_default(),
        reasons: answer.reasons(choice).into_iter().map(Into::into).collect(),
    }
}

/// What a request costs, with what it holds.
fn cost(
    answer: &Recommendation<'_>,
    cost: Option<Usd>,
    usage: Usage,
    level: Option<&Level>,
) -> CostPart {
    let requests = answer.understanding.constraints.per_month;
    CostPart {
        per_request_usd: cost,
        per_month_usd: cost.zip(requests).map(|(cost, requests)| cost * requests),
        tokens: TokensPart { input: usage.input, output: usage.output, thinking: usage.thinking },
        estimated: level.is_some_and(|level| level.estimated),
    }
}

/// The choice's model at every effort that it takes; nothing for a model without efforts.
fn efforts(answer: &Recommendation<'_>, choice: &Choice<'_>) -> Vec<EffortPart> {
    let thinking = &answer.catalog.model(choice.model).thinking;
    if !thinking.takes_efforts() {
        return Vec::new();
    }
    let of = |(other, level): (EffortChoice<'_>, &Level)| EffortPart {
        effort: other.effort.map(Effort::name),
        quality: other.quality.map(|quality| rounded(quality.value)),
        quality_predicted: other.quality.is_some_and(|quality| quality.predicted),
        cost: cost(answer, other.cost, other.usage, Some(level)),
        rejected: other.rejected,
    };
    answer.efforts(choice).into_iter().zip(thinking.levels()).map(of).collect()
}

/// The API that serves an offer.
#[must_use]
pub fn api<'a>(catalog: &'a Catalog, offer: &Offer) -> &'a str {
    let model = catalog.model(offer.model);
    match offer.route {
        Route::Mantle => model.mantle_apis.first().map_or("mantle", |api| api.name()),
        _ if model.has(Feature::Converse) == Some(true) => "converse",
        _ => "invoke",
    }
}

/// The codes of the Regions that data may go to; `*` for any commercial Region, nothing when not known.
#[must_use]
pub fn destinations<'a>(catalog: &'a Catalog, offer: &Offer) -> Vec<&'a str> {
    match offer.destinations {
        Destinations::Regions(regions) => catalog.codes(regions),
        Destinations::AnyCommercial => vec!["*"],
        Destinations::Unknown => Vec::new(),
    }
}

/// Three decimals: more would only look exact.
pub(in crate::output) fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1000.0).round() / 1000.0
}

fn price_part(price: &Price, tier: Tier) -> PricePart<'_> {
    let rates = price.rates(tier).copied().unwrap_or_default();
    let media = price.media.first();
    let million = |rate: Option<Usd>| rate.map(Usd::million);
    PricePart {
        input: million(rates.input),
        output: million(rates.output),
        cache_read: million(rates.cache_read),
        cache_write: million(rates.cache_write),
        long_context_above: price.long.map(|long| long.above),
        per_image: media.and_then(|media| media.image),
        per_second: media.and_then(|media| media.second),
        per_query: media.and_then(|media| media.query),
        unit: "usd_per_million_tokens",
        tier: tier.name(),
        source: &price.source,
        as_of: price.as_of.to_string(),
        estimated: price.estimated,
        range: RangePart::of(price, tier),
    }
}

fn alternatives<'a>(answer: &Recommendation<'a>, choice: &Choice<'a>) -> Vec<AlternativePart<'a>> {
    let catalog = answer.catalog;
    let part = |kind, other: Alternative<'a>| AlternativePart {
        kind,
        invoke_id: catalog.invoke_id(other.offer).into_owned(),
        region: catalog.code(other.offer.region),
        route: other.offer.route.name(),
        tier: other.tier.name(),
        per_request_usd: other.cost,
        percent: (other.percent * 10.0).round() / 10.0,
    };
    let tiers = answer.tiers(choice).into_iter().map(|other| part("tier", other));
    let free = answer.without_residency(choice).map(|other| part("without-residency", other));
    let closer = answer.kept_closer(choice).map(|other| part("without-global", other));
    let global = answer.if_global(choice).map(|other| part("with-global", other));
    tiers.chain(free).chain(closer).chain(global).collect()
}

fn other_offers<'a>(
    catalog: &'a Catalog,
    filter: &Filter<'a>,
    choice: &Choice<'a>,
) -> Vec<OfferPart<'a>> {
    let others =
        filter.offers(choice.model, choice.level).filter(|(offer, _)| *offer != choice.offer);
    others
        .map(|(offer, cost)| OfferPart {
            invoke_id: catalog.invoke_id(offer).into_owned(),
            region: catalog.code(offer.region),
            route: offer.route.name(),
            inferred: offer.inferred,
            per_request_usd: cost,
        })
        .collect()
}
