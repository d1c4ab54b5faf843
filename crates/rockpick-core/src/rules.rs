//! The rules: categories of tasks, preferences, and what is known about how good models are.

pub mod evidence;
pub mod grade;

pub(crate) mod compile;
pub(crate) mod schema;

use serde::{Deserialize, Serialize};

pub use self::evidence::{Board, Evidence, Quality};
pub use self::grade::{Grade, Grades};
pub use self::schema::{Action, Order};
use crate::asks::Asks;
use crate::catalog::Usage;
use crate::classify::Classifier;
use crate::money::Usd;
use crate::packed::Packed;
use crate::phrase::Phrases;
use crate::task::{FeatureSet, Kind, Modality, ModalitySet, ModelIndex, Preference};
use crate::text::Text;
use crate::words::Vocabulary;

/// Everything that the rules say, compiled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct RuleSet {
    pub(crate) categories: Vec<Category>,
    pub(crate) preferences: Vec<PreferenceRule>,
    pub(crate) grades: Grades,
    pub(crate) boards: Vec<Board>,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) asks: Asks,
    /// What is asked of models that are named without a task: nothing. Qualities and tokens are those of general text.
    pub(crate) any: Category,
    pub(crate) classifier: Classifier,
}

/// A category of tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Category {
    /// Its name: that of its file.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// Whether it is only ever named, and never read from a text.
    pub named_only: bool,
    /// What weighs most in it when nothing else is said.
    pub prefer: Option<Preference>,
    /// What a model must have.
    pub requires: Requires,
    /// What a request holds when the task does not say.
    pub usage: Usage,
    /// How much its tasks make a model think, as a multiple of a typical answer's tokens of thinking.
    pub thinking: f32,
    /// Where a request is about one piece of what the words name, a tweet or a ticket: the answer's share of its tokens.
    pub per_piece: Option<f64>,
    /// What counts how much in the score.
    pub weights: Weights,
    /// The boards that tell, by their place, and what each counts.
    pub boards: Vec<(u8, f32)>,
    /// What evidence says of each model, by its place in the catalog.
    pub evidence: Packed<Vec<Option<Evidence>>>,
    /// Rules about some models.
    pub candidates: Vec<Candidate>,
    /// What becomes of it when a task says certain words.
    pub variants: Vec<Variant>,
}

/// A category with the rules that hold when a task says certain words: "remove the background".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Variant {
    words: Phrases<()>,
    category: Category,
}

/// What a category demands of a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requires {
    /// Its kind.
    pub kind: Option<Kind>,
    /// What it takes.
    pub input: ModalitySet,
    /// What it gives.
    pub output: ModalitySet,
    /// The least context window, in tokens.
    pub context: Option<u64>,
    /// What it can do.
    pub features: FeatureSet,
}

/// What counts how much in the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// Of quality.
    pub quality: u32,
    /// Of low cost.
    pub cost: u32,
    /// Of speed.
    pub speed: u32,
}

impl Requires {
    /// What a model of the category gives: what is demanded, or else what models of its kind give.
    #[must_use]
    pub fn gives(self) -> ModalitySet {
        let of_kind =
            || self.kind.and_then(|kind| Modality::named(kind.name())).into_iter().collect();
        if self.output.is_empty() { of_kind() } else { self.output }
    }
}

/// A rule about some models of a category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The id or glob as it is written.
    pub pattern: String,
    /// The models it names, sorted.
    pub models: Vec<ModelIndex>,
    /// What it does with them.
    pub action: Action,
    /// Why.
    pub because: String,
    /// A key of `rules/sources.toml`.
    pub source: String,
}

/// What a preference does to a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreferenceRule {
    /// Which it is.
    pub preference: Preference,
    /// What it does, for people.
    pub about: String,
    /// What sorts the offers that are good enough.
    pub order: Order,
    /// The least share of the best eligible quality.
    pub quality_floor: f32,
    /// When costs are near enough for quality to decide.
    pub near: Option<Near>,
    /// The category that is meant when a task says this and nothing else.
    pub alone: Option<String>,
}

/// When costs are near enough to the cheapest for quality to decide.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Near {
    /// The share of the cheapest cost that may come on top of it.
    pub cost: f32,
    /// Qualities count in steps of this: what lies between is no difference.
    pub quality: f32,
}

impl Near {
    /// The most that is near to a cost.
    #[must_use]
    pub fn most(&self, cheapest: Usd) -> Usd {
        cheapest + Usd::from_picos((cheapest.picos() as f64 * f64::from(self.cost)) as u128)
    }
}

impl RuleSet {
    /// The categories that are read from texts, by name, then those that are only named.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// A category by its name.
    #[must_use]
    pub fn category(&self, name: &str) -> Option<&Category> {
        self.categories.iter().find(|category| category.name == name)
    }

    /// The boards that evidence comes from.
    #[must_use]
    pub fn boards(&self) -> &[Board] {
        &self.boards
    }

    /// What reads texts.
    #[must_use]
    pub fn classifier(&self) -> &Classifier {
        &self.classifier
    }

    /// What reads the names, partitions and certain words of needs.
    #[must_use]
    pub fn asks(&self) -> &Asks {
        &self.asks
    }

    /// What a preference does.
    #[must_use]
    pub fn preference(&self, preference: Preference) -> Option<&PreferenceRule> {
        self.preferences.iter().find(|rule| rule.preference == preference)
    }

    /// The words for a quality.
    #[must_use]
    pub fn grades(&self) -> &Grades {
        &self.grades
    }

    /// How many results the boards hold.
    #[must_use]
    pub fn evidence_rows(&self) -> usize {
        self.boards.iter().map(Board::len).sum()
    }
}

impl Category {
    /// A category that demands nothing, for questions about models that name no task.
    #[must_use]
    pub fn undemanding() -> Self {
        Self {
            name: "any".to_owned(),
            title: "Any task".to_owned(),
            about: "Nothing in particular.".to_owned(),
            named_only: true,
            prefer: None,
            requires: Requires::default(),
            usage: Usage::default(),
            thinking: 1.0,
            per_piece: None,
            weights: Weights { quality: 0, cost: 0, speed: 0 },
            boards: Vec::new(),
            evidence: Vec::new().into(),
            candidates: Vec::new(),
            variants: Vec::new(),
        }
    }

    /// The category as the words of a task have it, and the other variants whose words are said as well: the one said first counts.
    #[must_use]
    pub fn as_said(&self, text: &Text<'_>) -> (&Self, Vec<&Self>) {
        let said = self.variants.iter().filter_map(|variant| {
            let first = variant.words.find(text).first()?.first;
            Some((first, &variant.category))
        });
        let mut said: Vec<(usize, &Self)> = said.collect();
        said.sort_by_key(|(first, _)| *first);
        let mut said = said.into_iter().map(|(_, category)| category);
        (said.next().unwrap_or(self), said.collect())
    }

    /// What a rule of the category does with a model: the first that names it counts.
    #[must_use]
    pub fn action(&self, model: ModelIndex) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.models.binary_search(&model).is_ok())
    }

    /// The rule that keeps everything else out, if there is one.
    #[must_use]
    pub fn only(&self) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.action == Action::Only)
    }

    /// What evidence says of a model, where there is any.
    #[must_use]
    pub fn evidence(&self, model: ModelIndex) -> Option<&Evidence> {
        self.evidence.get(usize::from(model.0)).and_then(Option::as_ref)
    }
}
