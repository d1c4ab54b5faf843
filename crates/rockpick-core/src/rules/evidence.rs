//! How good models are at a category's tasks, from dated public results, on one scale.
//!
//! A rating `R` becomes `z = R·ln10/400`, a share `p` becomes `z = ln(p/(1−p))`: differences of `z` are log-odds of doing
//! better. A model's quality is `2/(1+e^Δ)`, where `Δ` is how far it lies behind the best of each board, weighted: twice the
//! chance of beating the best.
//!
//! A model is as good as it was measured at one reasoning effort. At its other efforts a quality is predicted from the
//! model's curve over efforts (`rules/effort.toml`), with a wider interval.

mod combine;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub(super) use self::combine::all;
use super::schema::{Better, Scale};
use crate::catalog::lifecycle::days_between;
use crate::packed::{Packed, day};
use crate::task::{Effort, ModelIndex};

/// Shares are kept away from 0 and 1, where log-odds say more than a benchmark can.
const SHARES: (f64, f64) = (0.02, 0.95);
/// Days after which a result counts half.
const HALF_LIFE: f64 = 24.0 * 30.4;
/// A date to count ages from; any would do.
const REFERENCE: Date = jiff::civil::date(2026, 1, 1);
/// How uncertain a result without an interval is, in log-odds.
const ERROR: f64 = 0.1;

/// A public comparison of models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Board {
    /// The key in `rules/benchmarks.toml`.
    pub key: String,
    /// Its name.
    pub title: String,
    /// What it measures, in words.
    pub measures: String,
    /// What its figures are.
    pub scale: Scale,
    /// Which end is the good one.
    pub better: Better,
    /// Whether it measures truth to a source rather than popularity.
    pub faithfulness: bool,
    /// How much a result counts: 1 for independent ones, less for vendors' own.
    pub tier: f64,
    /// The board that predicts a missing result, by its place in the list.
    pub(super) impute_from: Option<usize>,
    /// A key of `rules/sources.toml`.
    pub source: String,
    /// What a log-odd of the index behind a model's curve over efforts is worth on this board, in log-odds.
    pub(super) effort_slope: f64,
    /// Its results, sorted by model; a model has one for each effort that was measured.
    pub(super) results: Packed<Vec<BoardResult>>,
}

/// What a board says of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardResult {
    /// The model.
    pub model: ModelIndex,
    /// The reasoning effort it was measured at, where the source names one.
    pub effort: Option<Effort>,
    /// The figure as published.
    pub value: f64,
    /// When.
    #[serde(with = "day")]
    pub date: Date,
    pub(super) z: f64,
    pub(super) error: f64,
}

/// What public results say of a model at a category's tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// How good it is at each level of its thinking, in their order.
    pub(super) levels: Vec<Quality>,
    /// The confidence on the reference date; all results lose weight alike, so that of any other date follows from it.
    pub(super) base_confidence: f32,
    /// The results it rests on.
    pub observed: Vec<Observation>,
    /// The boards whose results are predicted from another; they add no confidence.
    pub imputed: Vec<u8>,
}

/// How good a model is at a category's tasks, at one level of its thinking.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// From 0 to 1: twice the chance of beating the best.
    pub value: f32,
    /// The lower end of what it may be.
    pub low: f32,
    /// The upper end of what it may be.
    pub high: f32,
    /// The effort of the results that count most; `None` for a model without efforts.
    pub measured_at: Option<Effort>,
    /// Whether it is predicted from results at another effort.
    pub predicted: bool,
}

/// What a result of the reference date is worth on a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Age(f32);

impl Age {
    /// On a date.
    #[must_use]
    pub fn on(date: Date) -> Self {
        Self(0.5f64.powf(days_between(REFERENCE, date) as f64 / HALF_LIFE) as f32)
    }
}

/// A result that a quality rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The board, by its place in the list.
    pub board: u8,
    /// How much it counts: its share in the category times the tier of the board.
    pub weight: f32,
    /// The figure as published.
    pub value: f64,
    /// The reasoning effort it was measured at, where the source names one.
    pub effort: Option<Effort>,
    /// When.
    #[serde(with = "day")]
    pub date: Date,
}

impl Evidence {
    /// How good the model is at a level of its thinking, counted from 0.
    #[must_use]
    pub fn at(&self, level: usize) -> Option<&Quality> {
        self.levels.get(level)
    }

    /// The best that it can be.
    #[must_use]
    pub fn best(&self) -> Option<&Quality> {
        self.levels.iter().max_by(|a, b| a.value.total_cmp(&b.value))
    }

    /// How much evidence there is, 0 to 1: what is observed, each result worth half after two years.
    #[must_use]
    pub fn confidence(&self, age: Age) -> f32 {
        (self.base_confidence * age.0).min(1.0)
    }

    /// The date of the newest result.
    #[must_use]
    pub fn as_of(&self) -> Option<Date> {
        self.observed.iter().map(|observation| observation.date).max()
    }
}

/// A figure on the common scale: more is better, differences are log-odds.
pub(super) fn log_odds(value: f64, scale: Scale, better: Better) -> f64 {
    let share = match scale {
        Scale::Rating => {
            return value * std::f64::consts::LN_10 / 400.0
                * if better == Better::Lower { -1.0 } else { 1.0 };
        }
        Scale::Share => value,
        Scale::Percent => value / 100.0,
    };
    let share = if better == Better::Lower { 1.0 - share } else { share };
    let share = share.clamp(SHARES.0, SHARES.1);
    (share / (1.0 - share)).ln()
}

/// Half the width of a result's interval on the common scale.
pub(super) fn error_of(
    value: f64,
    low: Option<f64>,
    high: Option<f64>,
    scale: Scale,
    better: Better,
) -> f64 {
    match (low, high) {
        (Some(low), Some(high)) => {
            (log_odds(high, scale, better) - log_odds(low, scale, better)).abs() / 2.0
        }
        (Some(end), None) | (None, Some(end)) => {
            (log_odds(end, scale, better) - log_odds(value, scale, better)).abs()
        }
        (None, None) => ERROR,
    }
}

/// A board's figure for people: `1508.8`, `5.1 %`, `0.42`.
#[must_use]
pub fn figure(value: f64, scale: Scale) -> String {
    match scale {
        Scale::Rating => format!("{value:.0}"),
        Scale::Share => format!("{value:.2}"),
        Scale::Percent => format!("{value:.1} %"),
    }
}

impl Board {
    /// How many results it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.results.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    /// The results of a model, one for each effort that was measured.
    #[must_use]
    pub fn results_of(&self, model: ModelIndex) -> &[BoardResult] {
        let start = self.results.partition_point(|result| result.model < model);
        let end = self.results.partition_point(|result| result.model <= model);
        &self.results[start..end]
    }

    /// The date of the newest result.
    #[must_use]
    pub fn as_of(&self) -> Option<Date> {
        self.results.iter().map(|result| result.date).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_is_better_where_the_board_says_so() {
        let good = log_odds(4.1, Scale::Percent, Better::Lower);
        let bad = log_odds(14.5, Scale::Percent, Better::Lower);
        assert!(good > bad);
    }
}
