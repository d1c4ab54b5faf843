//! The shape of the rules' TOML files. `rules/README.md` says what each key means.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::catalog::schema::{Day, Decimal, entry};
use crate::task::{Feature, Kind, Modality, Preference};

entry! {
    /// A file `tasks/<category>.toml`.
    TaskFile {
        title: Option<String>,
        #[serde(default)] about: String,
        #[serde(default)] named_only: bool,
        prefer: Option<Preference>,
        #[serde(default)] signals: SignalsEntry,
        #[serde(default)] examples: ExamplesEntry,
        requires: Option<Spanned<RequiresEntry>>,
        tokens: Option<Spanned<TokensEntry>>,
        per_piece: Option<Spanned<Decimal>>,
        weights: Option<Spanned<WeightsEntry>>,
        #[serde(default)] evidence: BTreeMap<Spanned<String>, Spanned<f64>>,
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
    pub names: Vec<Spanned<String>>,
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
    pub context: Option<Spanned<u64>>,
    pub features: Vec<Feature>,
}

/// What a request holds when the task does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
#[allow(missing_docs, reason = "rules/README.md documents every key")]
pub struct TokensEntry {
    pub input: u64,
    pub output: u64,
    pub images: u64,
    pub seconds: u64,
    pub queries: u64,
    pub thinking: Option<Decimal>,
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
        #[serde(default)] when: Vec<String>,
    }
}

entry! {
    /// An expectation that `rules test` holds the rules to.
    ExpectEntry {
        task: Spanned<String>,
        region: Option<Spanned<String>>,
        residency: Option<Spanned<String>>,
        prefer: Option<Spanned<String>>,
        per_month: Option<u64>,
        as_of: Option<Day>,
        category: Option<Spanned<String>>,
        model: Option<Spanned<String>>,
        invoke_id: Option<Spanned<String>>,
        #[serde(default)] ranked: Vec<Spanned<String>>,
        #[serde(default)] rejected: Vec<RejectedEntry>,
        nothing_fits: Option<Spanned<bool>>,
    }
}

entry! {
    /// A model that an expectation wants rejected, perhaps for a certain reason.
    RejectedEntry { model: Spanned<String>, reason: Option<Spanned<String>> }
}

entry! {
    /// The file `grades.toml`.
    GradesFile { strong: Spanned<Decimal>, good: Spanned<Decimal>, fair: Spanned<Decimal> }
}

entry! {
    /// A table of `preferences.toml`.
    PreferenceEntry {
        title: String,
        about: String,
        order: Order,
        quality_floor: Spanned<Decimal>,
        near: Option<NearEntry>,
        alone: Option<Spanned<String>>,
        #[serde(default)] words: Vec<String>,
    }
}

entry! {
    /// When costs are near enough for quality to decide.
    NearEntry { cost: Spanned<Decimal>, quality: Spanned<Decimal> }
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
        tier: Spanned<f64>,
        impute_from: Option<Spanned<String>>,
        effort_slope: Option<Spanned<Decimal>>,
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
