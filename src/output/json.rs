//! A recommendation as JSON: `rockpick.recommendation.v1`.

mod choice;
mod constraints;
mod line;
mod picks;

use serde::Serialize;

use self::choice::ChoicePart;
pub(super) use self::choice::rounded;
pub use self::choice::{api, destinations};
pub use self::constraints::{ConstraintsPart, constraints};
pub use self::line::{Line, line};
use self::picks::{PicksPart, ReadingPart, WithoutPart};
use crate::classify::FoundSignal;
use crate::recommend::{Change, Explanation, Recommendation};
use crate::words::{Mentioned, Said};

/// The name and version of the shape; the version is raised when a field changes its meaning.
pub const SCHEMA: &str = "rockpick.recommendation.v1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    task: TaskPart<'a>,
    choice: Option<ChoicePart<'a>>,
    ranked: Vec<ChoicePart<'a>>,
    rejected: Vec<RejectedPart<'a>>,
    with_global: Option<ChoicePart<'a>>,
    picks: PicksPart<'a>,
    /// The two likeliest categories where the first is in doubt.
    readings: Vec<ReadingPart<'a>>,
    /// Where nothing fits: the answers without what was read from the words.
    without: Vec<WithoutPart<'a>>,
    changes: Vec<ChangePart>,
    warnings: Vec<ReasonPart>,
    catalog: CatalogPart,
}

#[derive(Serialize)]
struct TaskPart<'a> {
    text: &'a str,
    category: Option<&'a str>,
    /// What the answer is: `category`, `general` where the words do not tell the task, `listing` of models that were named.
    answer: &'static str,
    confidence: f64,
    alternatives: Vec<CategoryPart<'a>>,
    language: Option<&'a str>,
    preference: &'static str,
    quality_floor: f64,
    as_of: String,
    tokens: TokensPart,
    constraints: ConstraintsPart<'a>,
    read: Vec<SaidPart<'a>>,
    mentions: Vec<MentionPart<'a>>,
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

#[derive(Serialize)]
pub(super) struct SaidPart<'a> {
    field: &'a str,
    value: &'a str,
    text: &'a str,
    span: [usize; 2],
}

/// Something in the text that looks like a constraint.
#[derive(Serialize)]
pub(super) struct MentionPart<'a> {
    text: &'a str,
    span: [usize; 2],
    kind: &'static str,
    role: &'static str,
    value: &'a str,
    confidence: f64,
    used: bool,
}

#[derive(Serialize)]
pub(super) struct SignalPart<'a> {
    text: &'a str,
    span: [usize; 2],
    category: &'a str,
    weight: f32,
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
pub fn document(
    answer: &Recommendation<'_>,
    most: Option<usize>,
) -> Result<serde_json::Value, serde_json::Error> {
    let filter = answer.filter();
    let most = most.unwrap_or(usize::MAX);
    let rejected = answer.rejected().map(|(model, reasons)| RejectedPart {
        model: &answer.catalog.model(model).id,
        name: &answer.catalog.model(model).name,
        reasons: filter
            .iter()
            .flat_map(|filter| reasons.iter().map(|reason| filter.explain(model, reason).into()))
            .collect(),
    });
    let rejected = rejected.take(most).collect();
    serde_json::to_value(Document {
        schema: SCHEMA,
        task: task(answer),
        choice: answer.best().map(|choice| choice::part(answer, filter.as_ref(), choice)),
        ranked: answer
            .ranked()
            .iter()
            .take(most)
            .map(|choice| choice::part(answer, filter.as_ref(), choice))
            .collect(),
        rejected,
        with_global: answer
            .with_global()
            .map(|choice| choice::part(answer, filter.as_ref(), &choice)),
        picks: picks::picks(answer),
        readings: picks::readings(answer),
        without: picks::without(answer),
        changes: if answer.best().is_none() {
            answer.changes(None).into_iter().map(Into::into).collect()
        } else {
            Vec::new()
        },
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
    let category =
        understood.category.filter(|_| !answer.is_listing()).map(|category| category.name.as_str());
    let alternatives =
        understood.classification.scores.iter().filter(|(place, _)| Some(name(*place)) != category);
    TaskPart {
        text,
        category,
        answer: understood.answer.name(),
        confidence: rounded(understood.confidence),
        alternatives: alternatives
            .take(3)
            .map(|(place, score)| CategoryPart { category: name(*place), score: rounded(*score) })
            .collect(),
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
        mentions: understood.mentions.iter().map(|mention| mention_part(text, mention)).collect(),
        signals: understood
            .classification
            .signals
            .iter()
            .map(|signal| signal_part(text, names, signal))
            .collect(),
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

pub(super) fn mention_part<'a>(text: &'a str, mention: &'a Mentioned) -> MentionPart<'a> {
    MentionPart {
        text: text.get(mention.span.clone()).unwrap_or_default(),
        span: [mention.span.start, mention.span.end],
        kind: mention.kind,
        role: mention.role.name(),
        value: &mention.value,
        confidence: rounded(mention.confidence),
        used: mention.used,
    }
}

pub(super) fn signal_part<'a>(
    text: &'a str,
    names: &'a [String],
    signal: &FoundSignal,
) -> SignalPart<'a> {
    SignalPart {
        text: text.get(signal.span.clone()).unwrap_or_default(),
        span: [signal.span.start, signal.span.end],
        category: names.get(signal.category).map_or("", String::as_str),
        weight: signal.weight,
    }
}
