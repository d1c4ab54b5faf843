//! Choices in short: by each preference, for each reading, and without what was read from the words.

use serde::Serialize;

use super::rounded;
use crate::money::Usd;
use crate::recommend::{AsRead, Choice, Recommendation, Without};
use crate::task::{Effort, Preference};
use crate::words::Said;

/// The first choice by each preference, everything else being as it was asked.
#[derive(Serialize)]
pub(super) struct PicksPart<'a> {
    value: Option<PickPart<'a>>,
    quality: Option<PickPart<'a>>,
    cheapest: Option<PickPart<'a>>,
}

#[derive(Serialize)]
struct PickPart<'a> {
    model: &'a str,
    invoke_id: String,
    effort: Option<&'static str>,
    per_request_usd: Option<Usd>,
    quality: Option<f64>,
    grade: &'static str,
}

/// A category that the words may mean, with its first choice.
#[derive(Serialize)]
pub(super) struct ReadingPart<'a> {
    category: &'a str,
    probability: f64,
    choice: Option<PickPart<'a>>,
}

/// The first choice without some constraints that were read from the words.
#[derive(Serialize)]
pub(super) struct WithoutPart<'a> {
    constraints: Vec<DroppedPart>,
    choice: PickPart<'a>,
}

#[derive(Serialize)]
struct DroppedPart {
    constraint: &'static str,
    value: String,
    text: String,
}

pub(super) fn picks<'a>(answer: &Recommendation<'a>) -> PicksPart<'a> {
    let first = |preference| answer.first_by(preference).map(|choice| pick(answer, &choice));
    PicksPart {
        value: first(Preference::Balanced),
        quality: first(Preference::Quality),
        cheapest: first(Preference::Cost),
    }
}

fn pick<'a>(answer: &Recommendation<'a>, choice: &Choice<'a>) -> PickPart<'a> {
    PickPart {
        model: &answer.catalog.model(choice.model).id,
        invoke_id: answer.catalog.invoke_id(choice.offer).into_owned(),
        effort: choice.effort.map(Effort::name),
        per_request_usd: choice.cost,
        quality: choice.quality.map(|quality| rounded(quality.value)),
        grade: answer.grade(choice).name(),
    }
}

pub(super) fn readings<'a>(answer: &Recommendation<'a>) -> Vec<ReadingPart<'a>> {
    let part = |reading: AsRead<'a>| ReadingPart {
        category: &reading.category.name,
        probability: rounded(reading.probability),
        choice: reading.choice.map(|choice| pick(answer, &choice)),
    };
    answer.readings().into_iter().map(part).collect()
}

pub(super) fn without<'a>(answer: &Recommendation<'a>) -> Vec<WithoutPart<'a>> {
    let dropped = |said: Said| DroppedPart {
        constraint: said.field,
        text: answer.task.text.get(said.span).unwrap_or_default().to_owned(),
        value: said.value,
    };
    let part = |way: Without<'a>| WithoutPart {
        constraints: way.dropped.into_iter().map(dropped).collect(),
        choice: pick(answer, &way.choice),
    };
    answer.without_words().into_iter().map(part).collect()
}
