//! A recommendation on one line, for files of many tasks.

use serde::Serialize;

use super::choice::rounded;
use crate::money::Usd;
use crate::recommend::Recommendation;
use crate::task::Effort;

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
    effort: Option<&'static str>,
    quality: Option<f64>,
    grade: Option<&'static str>,
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
        category: answer
            .understanding
            .category
            .filter(|_| !answer.is_listing())
            .map(|category| category.name.as_str()),
        confidence: rounded(answer.understanding.confidence),
        model: best.map(|choice| catalog.model(choice.model).id.as_str()),
        invoke_id: best.map(|choice| catalog.invoke_id(choice.offer)),
        region: best.map(|choice| catalog.code(choice.offer.region)),
        route: best.map(|choice| choice.offer.route.name()),
        per_request_usd: best.and_then(|choice| choice.cost),
        per_month_usd: best.and_then(|choice| answer.per_month(choice)),
        effort: best.and_then(|choice| choice.effort).map(Effort::name),
        grade: best.map(|choice| answer.grade(choice).name()),
        quality: best.and_then(|choice| choice.quality.map(|quality| rounded(quality.value))),
        ranked: answer
            .ranked()
            .iter()
            .take(most)
            .map(|choice| catalog.model(choice.model).id.as_str())
            .collect(),
        rejected: catalog.models().len() - answer.ranked().len(),
    }
}
