//! Constraints as JSON: the same shape in every answer.

use serde::Serialize;

use crate::catalog::Catalog;
use crate::money::Usd;
use crate::task::Constraints;

/// What was asked of offers, explicitly or in words; the shape that `classify` has as well.
#[derive(Serialize)]
pub struct ConstraintsPart<'a> {
    regions: Vec<&'a str>,
    every_region: bool,
    residency: Option<&'a str>,
    global: Option<bool>,
    in_region: bool,
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
    effort: Option<&'static str>,
    max_wait_ms: Option<u64>,
    min_lifetime: Option<String>,
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

/// Constraints as JSON shows them.
#[must_use]
pub fn constraints<'a>(catalog: &'a Catalog, wanted: &'a Constraints) -> ConstraintsPart<'a> {
    ConstraintsPart {
        regions: catalog.codes(wanted.regions),
        every_region: wanted.every_region,
        residency: wanted.residency.as_ref().map(|residency| residency.name.as_str()),
        global: wanted.global,
        in_region: wanted.in_region,
        max_cost: wanted
            .max_cost
            .map(|budget| BudgetPart { usd: budget.usd, per: budget.per.name() }),
        per_month: wanted.per_month,
        tokens: AskedTokensPart { input: wanted.tokens.input, output: wanted.tokens.output },
        min_context: wanted.min_context,
        input_modalities: wanted.input_modalities.iter().map(|modality| modality.name()).collect(),
        output_modalities: wanted
            .output_modalities
            .iter()
            .map(|modality| modality.name())
            .collect(),
        features: wanted.features.iter().map(|feature| feature.name()).collect(),
        providers: wanted
            .providers
            .iter()
            .map(|provider| catalog.provider(provider).key.as_str())
            .collect(),
        exclude: wanted
            .exclude
            .iter()
            .map(|provider| catalog.provider(provider).key.as_str())
            .collect(),
        models: wanted.models.iter().map(|model| catalog.model(*model).id.as_str()).collect(),
        effort: wanted.effort.map(|effort| effort.name()),
        max_wait_ms: wanted.max_wait.map(|wait| wait.millis),
        min_lifetime: wanted.min_lifetime.map(|lifetime| lifetime.to_string()),
        latency: wanted.latency.map(|latency| latency.name()),
        tier: wanted.tier.map(|tier| tier.name()),
        retention: wanted.retention.map(|retention| retention.name()),
        include_legacy: wanted.include_legacy,
        allow_unknown: wanted.allow_unknown,
        api: wanted.api.map_or("runtime", |api| api.name()),
    }
}
