//! Models side by side as JSON: `rockpick.compare.v1`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Comparison, SCHEMA};
use crate::money::Usd;
use crate::output::explain::json::{EvidencePart, evidence_part};
use crate::output::facts::{
    self, BestPart, CatalogPart, ModelPart, ReasonPart, SourcePart, WayPart,
};
use crate::output::json::{ConstraintsPart, constraints};
use crate::recommend::listing::Listed;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    as_of: String,
    category: Option<&'a str>,
    tokens: TokensPart,
    constraints: ConstraintsPart<'a>,
    models: Vec<SidePart<'a>>,
    notes: &'a [String],
    sources: Vec<SourcePart<'a>>,
    catalog: CatalogPart,
}

#[derive(Serialize)]
struct TokensPart {
    input: u64,
    output: u64,
}

/// One side of a comparison.
#[derive(Serialize)]
struct SidePart<'a> {
    #[serde(flatten)]
    model: ModelPart<'a>,
    fits: bool,
    reasons: Vec<ReasonPart>,
    best: Option<BestPart<'a>>,
    per_month_usd: Option<Usd>,
    reach: Vec<WayPart<'a>>,
    evidence: Vec<EvidencePart<'a>>,
}

/// The comparison as a JSON value.
///
/// # Errors
/// None in practice: every part can be written as JSON.
pub fn document(comparison: &Comparison<'_>) -> Result<serde_json::Value, serde_json::Error> {
    let answer = comparison.answer;
    let usage = comparison.filter.usage;
    serde_json::to_value(Document {
        schema: SCHEMA,
        as_of: comparison.as_of().to_string(),
        category: comparison.category,
        tokens: TokensPart { input: usage.input, output: usage.output },
        constraints: constraints(answer.catalog, &answer.understanding.constraints),
        models: comparison.models.iter().map(|listed| side(comparison, listed)).collect(),
        notes: &comparison.notes,
        sources: facts::sources(answer.catalog, sources(comparison)),
        catalog: CatalogPart::of(answer.catalog),
    })
}

fn side<'a>(comparison: &Comparison<'a>, listed: &Listed<'a>) -> SidePart<'a> {
    let answer = comparison.answer;
    let catalog = answer.catalog;
    let categories = answer
        .rules
        .categories()
        .iter()
        .filter(|own| comparison.category.is_none_or(|name| own.name == name));
    let requests = answer.understanding.constraints.per_month;
    SidePart {
        model: ModelPart::of(catalog, catalog.model(listed.model), comparison.as_of()),
        fits: listed.reasons.is_empty(),
        reasons: listed
            .reasons
            .iter()
            .map(|reason| comparison.filter.explain(listed.model, reason).into())
            .collect(),
        best: BestPart::of(catalog, listed),
        per_month_usd: listed.cost.zip(requests).map(|(cost, requests)| cost * requests),
        reach: catalog
            .ways(catalog.offers_of(listed.model))
            .iter()
            .map(|way| WayPart::of(catalog, way))
            .collect(),
        evidence: categories
            .filter_map(|category| {
                evidence_part(
                    answer.catalog,
                    answer.rules,
                    category,
                    listed.model,
                    comparison.as_of(),
                )
            })
            .collect(),
    }
}

fn sources<'a>(comparison: &Comparison<'a>) -> BTreeSet<&'a str> {
    let catalog = comparison.answer.catalog;
    let mut keys = BTreeSet::new();
    for listed in &comparison.models {
        let model = comparison.model(listed);
        keys.extend(facts::of_model(model));
        keys.extend(
            listed.offer.and_then(|offer| catalog.price(offer)).map(|price| price.source.as_str()),
        );
        let boards = comparison.answer.rules.boards().iter();
        keys.extend(
            boards
                .filter(|board| !board.results_of(listed.model).is_empty())
                .map(|board| board.source.as_str()),
        );
    }
    keys
}
