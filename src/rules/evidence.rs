//! How good models are at a category's tasks, from dated public results, on one scale.
//!
//! A rating `R` becomes `z = R·ln10/400`, a share `p` becomes `z = ln(p/(1−p))`: differences of `z` are log-odds of doing
//! better. A model's quality is `2/(1+e^Δ)`, where `Δ` is how far it lies behind the best of each board, weighted: twice the
//! chance of beating the best.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::schema::{Better, Scale};
use crate::catalog::lifecycle::days_between;
use crate::packed::{Packed, day};
use crate::task::ModelIndex;

/// Shares are kept away from 0 and 1, where log-odds say more than a benchmark can.
const SHARES: (f64, f64) = (0.02, 0.95);
/// Days after which a result counts half.
const HALF_LIFE: f64 = 24.0 * 30.4;
/// A date to count ages from; any would do.
const REFERENCE: Date = jiff::civil::date(2026, 1, 1);
/// How uncertain a result without an interval is, in log-odds.
const ERROR: f64 = 0.1;
/// A fit needs this many models on both boards, and this much correlation.
const FIT: (usize, f64) = (8, 0.6);

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
    /// Its results, one a model: the best of its efforts.
    pub(super) results: Packed<Vec<BoardResult>>,
}

/// What a board says of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoardResult {
    /// The model.
    pub model: ModelIndex,
    /// The reasoning effort it was measured at.
    pub effort: Option<String>,
    /// The figure as published.
    pub value: f64,
    /// When.
    #[serde(with = "day")]
    pub date: Date,
    pub(super) z: f64,
    pub(super) error: f64,
}

/// How good a model is at a category's tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// From 0 to 1: twice the chance of beating the best.
    pub value: f32,
    /// The lower end of what it may be.
    pub low: f32,
    /// The upper end of what it may be.
    pub high: f32,
    /// The confidence on the reference date; all results lose weight alike, so that of any other date follows from it.
    pub(super) base_confidence: f32,
    /// The results it rests on.
    pub observed: Vec<Observation>,
    /// The boards whose results are predicted from another; they add no confidence.
    pub imputed: Vec<u8>,
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
    /// The reasoning effort it was measured at.
    pub effort: Option<String>,
    /// When.
    #[serde(with = "day")]
    pub date: Date,
}

impl Quality {
    /// How much evidence there is, 0 to 1: what is observed, each result worth half after two years.
    #[must_use]
    pub fn confidence(&self, age: Age) -> f32 {
        (self.base_confidence * age.0).min(1.0)
    }

    /// The reasoning efforts that its results were measured at, each once.
    pub fn efforts(&self) -> impl Iterator<Item = &str> {
        let efforts: std::collections::BTreeSet<&str> = self.observed.iter().filter_map(|seen| seen.effort.as_deref()).collect();
        efforts.into_iter()
    }

    /// The date of the newest result.
    #[must_use]
    pub fn as_of(&self) -> Option<Date> {
        self.observed.iter().map(|observation| observation.date).max()
    }

    /// Whether the two may be equally good.
    #[must_use]
    pub fn ties_with(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

/// A figure on the common scale: more is better, differences are log-odds.
pub(super) fn log_odds(value: f64, scale: Scale, better: Better) -> f64 {
    let share = match scale {
        Scale::Rating => return value * std::f64::consts::LN_10 / 400.0 * if better == Better::Lower { -1.0 } else { 1.0 },
        Scale::Share => value,
        Scale::Percent => value / 100.0,
    };
    let share = if better == Better::Lower { 1.0 - share } else { share };
    let share = share.clamp(SHARES.0, SHARES.1);
    (share / (1.0 - share)).ln()
}

/// Half the width of a result's interval on the common scale.
pub(super) fn error_of(value: f64, low: Option<f64>, high: Option<f64>, scale: Scale, better: Better) -> f64 {
    match (low, high) {
        (Some(low), Some(high)) => (log_odds(high, scale, better) - log_odds(low, scale, better)).abs() / 2.0,
        (Some(end), None) | (None, Some(end)) => (log_odds(end, scale, better) - log_odds(value, scale, better)).abs(),
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

/// A straight line that predicts one board from another.
struct Fit {
    intercept: f64,
    slope: f64,
    error: f64,
}

fn fit(board: &Board, from: &Board) -> Option<Fit> {
    let mut pairs: Vec<(f64, f64)> =
        board.results.iter().filter_map(|result| from.result(result.model).map(|other| (other.z, result.z))).collect();
    // The ids of one model on two endpoints have the same results; they count once.
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    pairs.dedup();
    let count = pairs.len() as f64;
    let mean = |pick: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(pick).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(&|pair| pair.0), mean(&|pair| pair.1));
    let spread = |pick: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(pick).sum::<f64>();
    let xx = spread(&|pair| (pair.0 - mean_x).powi(2));
    let xy = spread(&|pair| (pair.0 - mean_x) * (pair.1 - mean_y));
    let yy = spread(&|pair| (pair.1 - mean_y).powi(2));
    let correlation = xy / (xx * yy).sqrt();
    if pairs.len() < FIT.0 || !correlation.is_finite() || correlation.abs() < FIT.1 {
        return None;
    }
    let slope = xy / xx;
    let error = (yy * (1.0 - correlation * correlation) / count).sqrt();
    Some(Fit { intercept: mean_y - slope * mean_x, slope, error })
}

impl Board {
    /// How many models it has results for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.results.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    /// The result of a model.
    #[must_use]
    pub fn result(&self, model: ModelIndex) -> Option<&BoardResult> {
        let found = self.results.binary_search_by_key(&model, |result| result.model).ok();
        found.map(|at| &self.results[at])
    }
}

/// The part that one board plays in a model's quality.
struct Part {
    weight: f64,
    behind: f64,
    error: f64,
}

/// The quality of every model for a category, from the boards that tell and what each counts.
pub(super) fn qualities(boards: &[Board], weights: &[(usize, f64)], models: &[ModelIndex]) -> Vec<Option<Quality>> {
    let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let fits: Vec<Option<Fit>> =
        weights.iter().map(|(at, _)| boards[*at].impute_from.and_then(|from| fit(&boards[*at], &boards[from]))).collect();
    let best: Vec<f64> = weights
        .iter()
        .map(|(at, _)| boards[*at].results.iter().map(|result| result.z).fold(f64::NEG_INFINITY, f64::max))
        .collect();
    let quality = |model: &ModelIndex| {
        let mut parts = Vec::new();
        let mut observed = Vec::new();
        let mut imputed = Vec::new();
        for (((at, weight), fit), best) in weights.iter().zip(&fits).zip(&best) {
            let board = &boards[*at];
            let share = weight / total;
            if let Some(result) = board.result(*model) {
                parts.push(Part { weight: share, behind: best - result.z, error: result.error });
                observed.push(Observation {
                    board: *at as u8,
                    weight: (share * board.tier) as f32,
                    value: result.value,
                    effort: result.effort.clone(),
                    date: result.date,
                });
            } else if let Some((fit, from)) = fit.as_ref().zip(board.impute_from.and_then(|from| boards[from].result(*model))) {
                let expected = fit.intercept + fit.slope * from.z;
                parts.push(Part { weight: share, behind: (best - expected).max(0.0), error: fit.error });
                imputed.push(*at as u8);
            }
        }
        (!observed.is_empty()).then(|| combine(&parts, observed, imputed))
    };
    models.iter().map(quality).collect()
}

fn combine(parts: &[Part], observed: Vec<Observation>, imputed: Vec<u8>) -> Quality {
    let total: f64 = parts.iter().map(|part| part.weight).sum();
    let behind = parts.iter().map(|part| part.weight * part.behind).sum::<f64>() / total;
    let error = parts.iter().map(|part| (part.weight * part.error).powi(2)).sum::<f64>().sqrt() / total;
    let value = |behind: f64| (2.0 / (1.0 + behind.max(0.0).exp())) as f32;
    let worth = |seen: &Observation| f64::from(seen.weight) * 0.5f64.powf(days_between(seen.date, REFERENCE) as f64 / HALF_LIFE);
    Quality {
        value: value(behind),
        low: value(behind + error),
        high: value(behind - error),
        base_confidence: observed.iter().map(worth).sum::<f64>() as f32,
        observed,
        imputed,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn board(results: &[(u16, f64)], impute_from: Option<usize>) -> Board {
        let results = results.iter().map(|(model, value)| BoardResult {
            model: ModelIndex(*model),
            effort: None,
            value: *value,
            date: date(2026, 10, 1),
            z: log_odds(*value, Scale::Rating, Better::Higher),
            error: 0.01,
        });
        Board {
            key: "board".into(),
            title: "Board".into(),
            measures: "something".into(),
            scale: Scale::Rating,
            better: Better::Higher,
            faithfulness: false,
            tier: 1.0,
            impute_from,
            source: "arena".into(),
            results: results.collect::<Vec<_>>().into(),
        }
    }

    #[test]
    fn the_best_has_quality_one_and_even_odds_are_behind_by_nothing() {
        let boards = [board(&[(0, 1500.0), (1, 1100.0)], None)];
        let all = qualities(&boards, &[(0, 1.0)], &[ModelIndex(0), ModelIndex(1), ModelIndex(2)]);
        let value = |at: usize| all[at].as_ref().map(|quality| quality.value);
        assert!((value(0).unwrap() - 1.0).abs() < 1e-6);
        // 400 points behind: beaten ten times out of eleven.
        assert!((value(1).unwrap() - 2.0 / 11.0).abs() < 1e-6);
        assert_eq!(value(2), None, "no result, no quality");
    }

    #[test]
    fn what_is_imputed_adds_no_confidence() {
        let known: Vec<(u16, f64)> = (0..10).map(|at| (at, 1000.0 + 10.0 * f64::from(at))).collect();
        let partly: Vec<(u16, f64)> = known.iter().skip(1).copied().collect();
        let boards = [board(&known, None), board(&partly, Some(0))];
        let all = qualities(&boards, &[(0, 0.5), (1, 0.5)], &[ModelIndex(0), ModelIndex(9)]);
        let (first, last) = (all[0].as_ref().unwrap(), all[1].as_ref().unwrap());
        assert_eq!(first.imputed, [1]);
        assert!((first.confidence(Age::on(date(2026, 10, 1))) - 0.5).abs() < 1e-6);
        assert!((last.confidence(Age::on(date(2026, 10, 1))) - 1.0).abs() < 1e-6);
        assert!(last.confidence(Age::on(date(2028, 10, 1))) < 0.51, "half after two years");
    }

    #[test]
    fn lower_is_better_where_the_board_says_so() {
        let good = log_odds(4.1, Scale::Percent, Better::Lower);
        let bad = log_odds(14.5, Scale::Percent, Better::Lower);
        assert!(good > bad);
    }
}
