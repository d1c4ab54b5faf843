//! The shape of the rules' TOML files. `rules/README.md` says what each key means.

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::catalog::schema::{Day, Decimal, entry};
use crate::task::{Feature, Kind, Modality};

entry! {
    /// A file `tasks/<category>.toml`.
    TaskFile {
        title: String,
        about: String,
        #[serde(default)] signals: SignalsEntry,
        #[serde(default)] examples: ExamplesEntry,
        #[serde(default)] requires: RequiresEntry,
        #[serde(default)] tokens: TokensEntry,
        #[serde(default)] weights: WeightsEntry,
        #[serde(default)] evidence: std::collections::BTreeMap<Spanned<String>, f64>,
        #[serde(default)] candidates: Vec<CandidateEntry>,
        #[serde(default)] expect: Vec<ExpectEntry>,
    }
}

/// Words that speak for or against a category.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "rules/README.md documents every key")]
pub struct SignalsEntry {
    pub strong: Vec<Spanned<String>>,
    pub weak: Vec<Spanned<String>>,
    pub against: Vec<Spanned<String>>,
}

/// What the classifier learns from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "rules/README.md documents every key")]
pub struct ExamplesEntry {
    pub needs: Vec<Spanned<String>>,
    pub prompts: Vec<Spanned<String>>,
}

/// What a model must have.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "rules/README.md documents every key")]
pub struct RequiresEntry {
    pub kind: Option<Kind>,
    pub input: Vec<Modality>,
    pub output: Vec<Modality>,
    pub context: Option<u64>,
    pub features: Vec<Feature>,
}

/// What a request holds when the task does not say.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "rules/README.md documents every key")]
pub struct TokensEntry {
    pub input: u64,
    pub output: u64,
    pub images: u64,
    pub seconds: u64,
    pub queries: u64,
}

/// What counts how much in the score.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "rules/README.md documents every key")]
pub struct WeightsEntry {
    pub quality: u32,
    pub cost: u32,
    pub speed: u32,
}

impl Default for WeightsEntry {
    fn default() -> Self {
        Self { quality: 1, cost: 1, speed: 1 }
    }
}

/// What a rule does with the models it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Nothing else competes.
    Only,
    /// Goes first whenever it is eligible.
    Pin,
    /// Goes before others of the same standing.
    Boost,
    /// Does not compete.
    Bar,
}

entry! {
    /// A rule about some models.
    CandidateEntry {
        model: Spanned<String>,
        action: Action,
        because: String,
        source: Spanned<String>,
    }
}

entry! {
    /// An expectation that `rules test` holds the rules to.
    ExpectEntry {
        task: Spanned<String>,
        category: Option<String>,
        region: Option<String>,
        residency: Option<String>,
        as_of: Option<Day>,
        model: Option<String>,
        invoke_id: Option<String>,
        rejected: Option<String>,
        nothing_fits: Option<bool>,
    }
}

entry! {
    /// A table of `preferences.toml`.
    PreferenceEntry {
        title: String,
        about: String,
        order: Order,
        quality_floor: Decimal,
        confidence_floor: Decimal,
        alone: Option<Spanned<String>>,
        #[serde(default)] words: Vec<String>,
    }
}

/// What sorts the offers that are good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The cheapest first.
    Cost,
    /// The best first.
    Quality,
    /// The fastest first.
    Speed,
}

/// What a board's figures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Elo-like: 400 points are odds of ten to one.
    Rating,
    /// From 0 to 1.
    Share,
    /// From 0 to 100.
    Percent,
}

/// Which end of a board's scale is the good one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

entry! {
    /// A table of `benchmarks.toml`.
    BenchmarkEntry {
        title: String,
        measures: String,
        scale: Scale,
        better: Better,
        #[serde(default)] faithfulness: bool,
        tier: f64,
        impute_from: Option<Spanned<String>>,
        source: Spanned<String>,
    }
}

entry! {
    /// A table of `evidence.toml`.
    BoardEntry { as_of: Day, rows: Vec<ResultEntry> }
}

entry! {
    /// One result.
    ResultEntry {
        model: Spanned<String>,
        effort: Option<String>,
        value: Decimal,
        low: Option<Decimal>,
        high: Option<Decimal>,
        as_of: Option<Day>,
    }
}

/// The day of a result: its own, or its board's.
#[must_use]
pub fn day_of(board: &BoardEntry, row: &ResultEntry) -> Date {
    row.as_of.unwrap_or(board.as_of).0
}
