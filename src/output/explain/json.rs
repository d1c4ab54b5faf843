//! All that is known of one model, as JSON: `rockpick.explain.v1`.

use jiff::civil::Date;
use serde::Serialize;

use super::{Dossier, SCHEMA, Subject};
use crate::catalog::SuccessorIs;
use crate::catalog::{Catalog, Usage};
use crate::money::Usd;
use crate::output::facts::{
    self, CallPart, CatalogPart, ModelPart, ReasonPart, SourcePart, TariffPart, WayPart,
};
use crate::output::json::{ConstraintsPart, constraints, rounded};
use crate::output::retired::RetiredPart;
use crate::recommend::migration::Migration;
use crate::recommend::verdict::Verdict;
use crate::rules::evidence::Age;
use crate::rules::{Category, RuleSet};
use crate::task::{Effort, ModelIndex};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    asked: &'a str,
    as_of: String,
    text: &'a str,
    category: Option<&'a str>,
    constraints: ConstraintsPart<'a>,
    model: Option<ModelPart<'a>>,
    retired: Option<RetiredPart<'a>>,
    ids: Vec<String>,
    reach: Vec<WayPart<'a>>,
    prices: Vec<TariffPart<'a>>,
    evidence: Vec<EvidencePart<'a>>,
    boards: Vec<BoardPart<'a>>,
    migration: Option<MigrationPart<'a>>,
    verdict: Option<VerdictPart<'a>>,
    /// Why the id that was asked about cannot be called from where it is meant to be.
    notes: &'a [String],
    sources: Vec<SourcePart<'a>>,
    catalog: CatalogPart,
}

/// How good a model is at a category, and what that rests on.
#[derive(Serialize)]
pub(in crate::output) struct EvidencePart<'a> {
    category: &'a str,
    effort: Option<&'static str>,
    quality: f64,
    low: f64,
    high: f64,
    confidence: f64,
    as_of: Option<String>,
    boards: Vec<&'a str>,
    imputed: Vec<&'a str>,
    efforts: Vec<EffortPart>,
}

/// How good a model is at one of its efforts.
#[derive(Serialize)]
struct EffortPart {
    effort: Option<&'static str>,
    quality: f64,
    low: f64,
    high: f64,
    predicted: bool,
}

#[derive(Serialize)]
struct BoardPart<'a> {
    board: &'a str,
    title: &'a str,
    measures: &'a str,
    faithfulness: bool,
    value: f64,
    effort: Option<&'a str>,
    date: String,
    source: &'a str,
}

#[derive(Serialize)]
struct MigrationPart<'a> {
    from: &'a str,
    to: &'a str,
    name: &'a str,
    successor_is: Option<&'static str>,
    past: &'a [&'a str],
    reach: Vec<WayPart<'a>>,
    changes: Vec<ReasonPart>,
    source: &'a str,
}

#[derive(Serialize)]
struct VerdictPart<'a> {
    model: &'a str,
    fits: bool,
    chosen: bool,
    rank: Option<usize>,
    fitting: Option<usize>,
    call: Option<CallPart<'a>>,
    per_request_usd: Option<Usd>,
    reasons: Vec<ReasonPart>,
    changes: Vec<ChangePart<'a>>,
    choice: Option<&'a str>,
}

#[derive(Serialize)]
struct ChangePart<'a> {
    code: &'static str,
    text: &'a str,
}

/// The dossier as a JSON value.
///
/// # Errors
/// None in practice: every part can be written as JSON.
pub fn document(dossier: &Dossier<'_>) -> Result<serde_json::Value, serde_json::Error> {
    let catalog = dossier.catalog();
    let answer = dossier.answer;
    let index = dossier.model().map(|(index, _)| index);
    let offers = index.map(|index| dossier.offers(index)).unwrap_or_default();
    serde_json::to_value(Document {
        schema: SCHEMA,
        asked: dossier.asked,
        as_of: dossier.as_of().to_string(),
        text: &answer.task.text,
        // The category that demands nothing has no name of its own.
        category: answer
            .category()
            .map(|category| category.name.as_str())
            .filter(|name| answer.rules.category(name).is_some()),
        constraints: constraints(catalog, &answer.understanding.constraints),
        model: dossier.model().map(|(_, model)| ModelPart::of(catalog, model, dossier.as_of())),
        retired: match dossier.subject {
            Subject::Retired(retired) => Some(RetiredPart::of(retired)),
            Subject::Model(_) => None,
        },
        ids: dossier.ids(),
        reach: catalog
            .ways(offers.iter().copied())
            .iter()
            .map(|way| WayPart::of(catalog, way))
            .collect(),
        prices: catalog
            .tariffs(offers.iter().copied())
            .iter()
            .map(|tariff| TariffPart::of(catalog, tariff))
            .collect(),
        evidence: index.map(|index| evidence(dossier, index)).unwrap_or_default(),
        boards: index.map(|index| boards(dossier, index)).unwrap_or_default(),
        migration: dossier.migration.as_ref().map(|migration| moved(dossier, migration)),
        verdict: dossier.verdict.as_ref().map(|verdict| judged(dossier, verdict)),
        notes: &dossier.notes,
        sources: facts::sources(catalog, dossier.sources()),
        catalog: CatalogPart::of(catalog),
    })
}

fn evidence<'a>(dossier: &Dossier<'a>, index: ModelIndex) -> Vec<EvidencePart<'a>> {
    let answer = dossier.answer;
    answer
        .rules
        .categories()
        .iter()
        .filter_map(|category| {
            evidence_part(answer.catalog, answer.rules, category, index, dossier.as_of())
        })
        .collect()
}

/// What evidence says of a model in a category.
pub(in crate::output) fn evidence_part<'a>(
    catalog: &Catalog,
    rules: &'a RuleSet,
    category: &'a Category,
    index: ModelIndex,
    as_of: Date,
) -> Option<EvidencePart<'a>> {
    let evidence = category.evidence(index)?;
    let levels = catalog.model(index).thinking.levels();
    let efforts = levels.iter().enumerate().filter_map(|(at, level)| {
        let quality = evidence.at(at)?;
        Some(EffortPart {
            effort: level.effort.map(Effort::name),
            quality: rounded(quality.value),
            low: rounded(quality.low),
            high: rounded(quality.high),
            predicted: quality.predicted,
        })
    });
    let efforts: Vec<EffortPart> = efforts.collect();
    let best = efforts.iter().max_by(|a, b| a.quality.total_cmp(&b.quality))?;
    let key =
        |board: u8| rules.boards().get(usize::from(board)).map_or("", |board| board.key.as_str());
    Some(EvidencePart {
        category: &category.name,
        effort: best.effort,
        quality: best.quality,
        low: best.low,
        high: best.high,
        confidence: rounded(evidence.confidence(Age::on(as_of))),
        as_of: facts::day(evidence.as_of()),
        boards: evidence.observed.iter().map(|seen| key(seen.board)).collect(),
        imputed: evidence.imputed.iter().map(|board| key(*board)).collect(),
        efforts,
    })
}

fn boards<'a>(dossier: &Dossier<'a>, index: ModelIndex) -> Vec<BoardPart<'a>> {
    let boards = dossier.answer.rules.boards().iter();
    let seen =
        boards.flat_map(|board| board.results_of(index).iter().map(move |result| (board, result)));
    seen.map(|(board, result)| BoardPart {
        board: &board.key,
        title: &board.title,
        measures: &board.measures,
        faithfulness: board.faithfulness,
        value: result.value,
        effort: result.effort.map(Effort::name),
        date: result.date.to_string(),
        source: &board.source,
    })
    .collect()
}

fn moved<'a>(dossier: &'a Dossier<'a>, migration: &'a Migration<'a>) -> MigrationPart<'a> {
    let catalog = dossier.catalog();
    let after = catalog.model(migration.after);
    MigrationPart {
        from: migration.from,
        to: &after.id,
        name: &after.name,
        successor_is: migration.basis.map(SuccessorIs::name),
        past: &migration.past,
        reach: catalog
            .ways(dossier.offers(migration.after))
            .iter()
            .map(|way| WayPart::of(catalog, way))
            .collect(),
        changes: dossier.changes.iter().cloned().map(Into::into).collect(),
        source: migration.source,
    }
}

fn judged<'a>(dossier: &'a Dossier<'a>, verdict: &'a Verdict<'a>) -> VerdictPart<'a> {
    let catalog = dossier.catalog();
    let sized = dossier.filter.usage != Usage::default();
    VerdictPart {
        model: &catalog.model(verdict.model).id,
        fits: verdict.fits(),
        chosen: verdict.is_chosen(),
        rank: verdict.place.map(|(place, _)| place),
        fitting: verdict.place.map(|(_, fitting)| fitting),
        call: verdict.offer.map(|(offer, _)| CallPart::of(catalog, offer)),
        per_request_usd: verdict.offer.and_then(|(_, cost)| cost).filter(|_| sized),
        reasons: verdict.reasons.iter().cloned().map(Into::into).collect(),
        changes: verdict
            .changes
            .iter()
            .map(|change| ChangePart { code: change.code, text: &change.text })
            .collect(),
        choice: dossier.answer.best().map(|best| catalog.model(best.model).id.as_str()),
    }
}
