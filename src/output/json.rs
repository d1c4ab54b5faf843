//! A recommendation as JSON: `rockpick.recommendation.v1`.

use serde::Serialize;

use crate::catalog::{Catalog, Destinations, Offer, Price};
use crate::classify::FoundSignal;
use crate::money::Usd;
use crate::recommend::{Alternative, Change, Choice, Explanation, Filter, Recommendation};
use crate::task::{Constraints, Feature, Route, Tier};
use crate::words::Said;

/// The name and version of the shape; the version is raised when a field changes its meaning.
pub const SCHEMA: &str = "rockpick.recommendation.v1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    task: TaskPart<'a>,
    choice: Option<ChoicePart<'a>>,
    ranked: Vec<ChoicePart<'a>>,
    rejected: Vec<RejectedPart<'a>>,
    changes: Vec<ChangePart>,
    warnings: Vec<ReasonPart>,
    catalog: CatalogPart,
}

#[derive(Serialize)]
struct TaskPart<'a> {
    text: &'a str,
    category: Option<&'a str>,
    confidence: f64,
    alternatives: Vec<CategoryPart<'a>>,
    language: Option<&'a str>,
    preference: &'static str,
    quality_floor: f64,
    as_of: String,
    tokens: TokensPart,
    constraints: ConstraintsPart<'a>,
    read: Vec<SaidPart<'a>>,
    signals: Vec<SignalPart<'a>>,
}

#[derive(Serialize)]
pub(super) struct CategoryPart<'a> {
    pub(super) category: &'a str,
    pub(super) score: f64,
}

#[derive(Serialize)]
struct TokensPart {
    input: u64,
    output: u64,
    assumed: bool,
}

/// What was asked of offers, explicitly or in words; the shape that `classify` has as well.
#[derive(Serialize)]
pub struct ConstraintsPart<'a> {
    regions: Vec<&'a str>,
    residency: Option<&'a str>,
    global: Option<bool>,
    max_cost: Option<BudgetPart>,
    per_month: Option<u64>,
    tokens: AskedTokensPart,
    min_context: Option<u64>,
    input_modalities: Vec<&'static str>,
    output_modalities: Vec<&'static str>,
    features: Vec<&'static str>,
    providers: Vec<&'a str>,
    exclude: Vec<&'a str>,
    models: Vec<&'a str>,
    latency: Option<&'static str>,
    tier: Option<&'static str>,
    retention: Option<&'static str>,
    include_legacy: bool,
    allow_unknown: bool,
    api: &'static str,
}

#[derive(Serialize)]
struct BudgetPart {
    usd: Usd,
    per: &'static str,
}

#[derive(Serialize)]
struct AskedTokensPart {
    input: Option<u64>,
    output: Option<u64>,
}

#[derive(Serialize)]
pub(super) struct SaidPart<'a> {
    field: &'a str,
    value: &'a str,
    text: &'a str,
    span: [usize; 2],
}

#[derive(Serialize)]
pub(super) struct SignalPart<'a> {
    text: &'a str,
    span: [usize; 2],
    category: &'a str,
    weight: f32,
}

#[derive(Serialize)]
struct ChoicePart<'a> {
    model: &'a str,
    name: &'a str,
    provider: &'a str,
    invoke_id: String,
    region: &'a str,
    route: &'static str,
    api: &'a str,
    destinations: Vec<&'a str>,
    price: Option<PricePart<'a>>,
    cost: CostPart,
    score: f64,
    quality: Option<f64>,
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
}

#[derive(Serialize)]
struct CostPart {
    per_request_usd: Option<Usd>,
    per_month_usd: Option<Usd>,
}

#[derive(Serialize)]
struct LifecyclePart {
    status: &'static str,
    eol: Option<String>,
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
    per_request_usd: Option<Usd>,
}

#[derive(Serialize)]
struct RejectedPart<'a> {
    model: &'a str,
    name: &'a str,
    reasons: Vec<ReasonPart>,
}

#[derive(Serialize)]
struct ReasonPart {
    code: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

#[derive(Serialize)]
struct ChangePart {
    code: &'static str,
    text: String,
    fitting: usize,
}

#[derive(Serialize)]
struct CatalogPart {
    as_of: String,
    models: usize,
    offers: usize,
}

/// The recommendation as a JSON value; `most` cuts the ranking short, `None` gives all of it.
///
/// # Errors
/// None in practice: every part can be written as JSON.
pub fn document(answer: &Recommendation<'_>, most: Option<usize>) -> Result<serde_json::Value, serde_json::Error> {
    let filter = answer.filter();
    let most = most.unwrap_or(usize::MAX);
    let rejected = answer.rejected().map(|(model, reasons)| RejectedPart {
        model: &answer.catalog.model(model).id,
        name: &answer.catalog.model(model).name,
        reasons: filter.iter().flat_map(|filter| reasons.iter().map(|reason| filter.explain(model, reason).into())).collect(),
    });
    let rejected = rejected.take(most).collect();
    serde_json::to_value(Document {
        schema: SCHEMA,
        task: task(answer),
        choice: answer.best().map(|choice| choice_part(answer, filter.as_ref(), choice)),
        ranked: answer.ranked().iter().take(most).map(|choice| choice_part(answer, filter.as_ref(), choice)).collect(),
        rejected,
        changes: if answer.best().is_none() { answer.changes(None).into_iter().map(Into::into).collect() } else { Vec::new() },
        warnings: answer.warnings().into_iter().map(Into::into).collect(),
        catalog: CatalogPart {
            as_of: answer.catalog.as_of().to_string(),
            models: answer.catalog.models().len(),
            offers: answer.catalog.offers().len(),
        },
    })
}

impl From<Explanation> for ReasonPart {
    fn from(reason: Explanation) -> Self {
        Self { code: reason.code, text: reason.text, source: reason.source }
    }
}

impl From<Change> for ChangePart {
    fn from(change: Change) -> Self {
        Self { code: change.code, text: change.text, fitting: change.fitting }
    }
}

fn task<'a>(answer: &'a Recommendation<'_>) -> TaskPart<'a> {
    let understood = &answer.understanding;
    let text = answer.task.text.as_str();
    let names = answer.rules.classifier().names();
    let name = |place: usize| names.get(place).map_or("", String::as_str);
    let category = understood.category.map(|category| category.name.as_str());
    let alternatives = understood.classification.scores.iter().filter(|(place, _)| Some(name(*place)) != category);
    TaskPart {
        text,
        category,
        confidence: rounded(understood.confidence),
        alternatives: alternatives.take(3).map(|(place, score)| CategoryPart { category: name(*place), score: rounded(*score) }).collect(),
        language: understood.classification.language.as_deref(),
        preference: understood.preference.name(),
        quality_floor: rounded(answer.floor()),
        as_of: answer.task.as_of.to_string(),
        tokens: TokensPart {
            input: understood.usage.input,
            output: understood.usage.output,
            assumed: understood.assumed.0 || understood.assumed.1,
        },
        constraints: constraints(answer.catalog, &understood.constraints),
        read: understood.said.iter().map(|said| said_part(text, said)).collect(),
        signals: understood.classification.signals.iter().map(|signal| signal_part(text, names, signal)).collect(),
    }
}

pub(super) fn said_part<'a>(text: &'a str, said: &'a Said) -> SaidPart<'a> {
    SaidPart {
        field: said.field,
        value: &said.value,
        text: text.get(said.span.clone()).unwrap_or_default(),
        span: [said.span.start, said.span.end],
    }
}

pub(super) fn signal_part<'a>(text: &'a str, names: &'a [String], signal: &FoundSignal) -> SignalPart<'a> {
    SignalPart {
        text: text.get(signal.span.clone()).unwrap_or_default(),
        span: [signal.span.start, signal.span.end],
        category: names.get(signal.category).map_or("", String::as_str),
        weight: signal.weight,
    }
}

/// Constraints as JSON shows them.
#[must_use]
pub fn constraints<'a>(catalog: &'a Catalog, wanted: &'a Constraints) -> ConstraintsPart<'a> {
    ConstraintsPart {
        regions: catalog.codes(wanted.regions),
        residency: wanted.residency.as_ref().map(|residency| residency.name.as_str()),
        global: wanted.global,
        max_cost: wanted.max_cost.map(|budget| BudgetPart { usd: budget.usd, per: budget.per.name() }),
        per_month: wanted.per_month,
        tokens: AskedTokensPart { input: wanted.tokens.input, output: wanted.tokens.output },
        min_context: wanted.min_context,
        input_modalities: wanted.input_modalities.iter().map(|modality| modality.name()).collect(),
        output_modalities: wanted.output_modalities.iter().map(|modality| modality.name()).collect(),
        features: wanted.features.iter().map(|feature| feature.name()).collect(),
        providers: wanted.providers.iter().map(|provider| catalog.provider(provider).key.as_str()).collect(),
        exclude: wanted.exclude.iter().map(|provider| catalog.provider(provider).key.as_str()).collect(),
        models: wanted.models.iter().map(|model| catalog.model(*model).id.as_str()).collect(),
        latency: wanted.latency.map(|latency| latency.name()),
        tier: wanted.tier.map(|tier| tier.name()),
        retention: wanted.retention.map(|retention| retention.name()),
        include_legacy: wanted.include_legacy,
        allow_unknown: wanted.allow_unknown,
        api: wanted.api.map_or("converse", |api| api.name()),
    }
}

fn choice_part<'a>(answer: &Recommendation<'a>, filter: Option<&Filter<'a>>, choice: &Choice<'a>) -> ChoicePart<'a> {
    let catalog = answer.catalog;
    let model = catalog.model(choice.model);
    let tier = filter.map_or(Tier::Standard, |filter| filter.tier());
    ChoicePart {
        model: &model.id,
        name: &model.name,
        provider: &catalog.provider(model.provider).key,
        invoke_id: catalog.invoke_id(choice.offer).into_owned(),
        region: catalog.code(choice.offer.region),
        route: choice.offer.route.name(),
        api: api(catalog, choice.offer),
        destinations: destinations(catalog, choice.offer),
        price: catalog.price(choice.offer).map(|price| price_part(price, tier)),
        cost: CostPart { per_request_usd: choice.cost, per_month_usd: answer.per_month(choice) },
        score: rounded(choice.score),
        quality: choice.quality.map(|quality| rounded(quality.value)),
        quality_as_of: choice.quality.and_then(|quality| quality.as_of()).map(|date| date.to_string()),
        confidence: rounded(choice.confidence),
        standing: choice.standing.name(),
        lifecycle: LifecyclePart {
            status: model.lifecycle.status(answer.task.as_of).name(),
            eol: model.lifecycle.eol.map(|date| date.to_string()),
        },
        alternatives: alternatives(answer, choice),
        other_offers: filter.map(|filter| other_offers(catalog, filter, choice)).unwrap_or_default(),
        reasons: answer.reasons(choice).into_iter().map(Into::into).collect(),
    }
}

/// The API that serves an offer.
#[must_use]
pub fn api<'a>(catalog: &'a Catalog, offer: &Offer) -> &'a str {
    let model = catalog.model(offer.model);
    match offer.route {
        Route::Mantle => model.mantle_apis.first().map_or("mantle", String::as_str),
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
pub(super) fn rounded(value: f32) -> f64 {
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
    tiers.chain(free).chain(closer).collect()
}

fn other_offers<'a>(catalog: &'a Catalog, filter: &Filter<'a>, choice: &Choice<'a>) -> Vec<OfferPart<'a>> {
    let others = filter.offers(choice.model).filter(|(offer, _)| *offer != choice.offer);
    others
        .map(|(offer, cost)| OfferPart {
            invoke_id: catalog.invoke_id(offer).into_owned(),
            region: catalog.code(offer.region),
            route: offer.route.name(),
            per_request_usd: cost,
        })
        .collect()
}

/// A recommendation on one line, for files of many tasks: the choice and the ids that come after it.
#[derive(Serialize)]
pub struct Line<'a> {
    /// The id of the task, as it was given.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub id: &'a serde_json::Value,
    category: Option<&'a str>,
    confidence: f64,
    model: Option<&'a str>,
    invoke_id: Option<std::borrow::Cow<'a, str>>,
    region: Option<&'a str>,
    route: Option<&'static str>,
    per_request_usd: Option<Usd>,
    per_month_usd: Option<Usd>,
    quality: Option<f64>,
    ranked: Vec<&'a str>,
    rejected: usize,
}

/// A recommendation on one line, with the first `most` ids of the ranking.
#[must_use]
pub fn line<'a>(answer: &Recommendation<'a>, id: &'a serde_json::Value, most: usize) -> Line<'a> {
    let catalog = answer.catalog;
    let best = answer.best();
    Line {
        id,
        category: answer.understanding.category.map(|category| category.name.as_str()),
        confidence: rounded(answer.understanding.confidence),
        model: best.map(|choice| catalog.model(choice.model).id.as_str()),
        invoke_id: best.map(|choice| catalog.invoke_id(choice.offer)),
        region: best.map(|choice| catalog.code(choice.offer.region)),
        route: best.map(|choice| choice.offer.route.name()),
        per_request_usd: best.and_then(|choice| choice.cost),
        per_month_usd: best.and_then(|choice| answer.per_month(choice)),
        quality: best.and_then(|choice| choice.quality.map(|quality| rounded(quality.value))),
        ranked: answer.ranked().iter().take(most).map(|choice| catalog.model(choice.model).id.as_str()).collect(),
        rejected: catalog.models().len() - answer.ranked().len(),
    }
}
