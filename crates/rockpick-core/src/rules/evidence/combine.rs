//! From the results of boards to the quality of every model at every level of its thinking, when rules are compiled.

use super::{Board, BoardResult, Evidence, HALF_LIFE, Observation, Quality, REFERENCE};
use crate::catalog::Model;
use crate::catalog::lifecycle::days_between;
use crate::catalog::thinking::Thinking;
use crate::task::ModelIndex;

/// A fit needs this many models on both boards, and this much correlation.
const FIT: (usize, f64) = (8, 0.6);
/// How uncertain a board is that nobody measured a model on, in log-odds.
const UNMEASURED: f64 = 0.5;
/// How uncertain a quality at another effort is: a part that is always there, and a share of the way between the efforts,
/// both in log-odds.
const OTHER_EFFORT: (f64, f64) = (0.05, 0.5);

/// A straight line that predicts one board from another.
struct Fit {
    intercept: f64,
    slope: f64,
    error: f64,
}

/// A board of a category: its place in the list, its share of the weights, its best result, and what predicts it.
struct Counted<'a> {
    at: usize,
    board: &'a Board,
    share: f64,
    best: f64,
    fit: Option<(Fit, &'a Board)>,
}

/// The part that one board plays in a quality.
struct Part {
    share: f64,
    behind: f64,
    error: f64,
    /// Log-odds between the effort that was measured and the one that is meant, with the sign; none where they are the same.
    shift: Option<f64>,
    effort: usize,
}

/// What boards say of every model, from those that tell and what each counts.
pub(in crate::rules) fn all<'m>(
    boards: &[Board],
    weights: &[(usize, f64)],
    models: impl Iterator<Item = (ModelIndex, &'m Model)>,
) -> Vec<Option<Evidence>> {
    let total: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let counted: Vec<Counted<'_>> = weights
        .iter()
        .map(|(at, weight)| {
            let board = &boards[*at];
            let from = board.impute_from.map(|from| &boards[from]);
            Counted {
                at: *at,
                board,
                share: weight / total,
                best: board.results.iter().map(|result| result.z).fold(f64::NEG_INFINITY, f64::max),
                fit: from.and_then(|from| Some((fit(board, from)?, from))),
            }
        })
        .collect();
    models.map(|(index, model)| evidence(&counted, index, &model.thinking)).collect()
}

fn evidence(counted: &[Counted<'_>], model: ModelIndex, thinking: &Thinking) -> Option<Evidence> {
    let observed: Vec<Observation> =
        counted.iter().flat_map(|counted| observations(counted, model)).collect();
    if observed.is_empty() {
        return None;
    }
    let imputed = |counted: &&Counted<'_>| {
        let from = counted.fit.as_ref().map(|(_, from)| !from.results_of(model).is_empty());
        counted.board.results_of(model).is_empty() && from == Some(true)
    };
    let worth = |counted: &Counted<'_>| {
        let newest = counted.board.results_of(model).iter().map(|result| result.date).max()?;
        let age = days_between(newest, REFERENCE) as f64;
        Some(counted.share * counted.board.tier * 0.5f64.powf(age / HALF_LIFE))
    };
    Some(Evidence {
        levels: (0..thinking.levels().len())
            .map(|level| quality(counted, model, thinking, level))
            .collect(),
        base_confidence: counted.iter().filter_map(worth).sum::<f64>() as f32,
        imputed: counted.iter().filter(imputed).map(|counted| counted.at as u8).collect(),
        observed,
    })
}

fn observations(counted: &Counted<'_>, model: ModelIndex) -> impl Iterator<Item = Observation> {
    counted.board.results_of(model).iter().map(|result| Observation {
        board: counted.at as u8,
        weight: (counted.share * counted.board.tier) as f32,
        value: result.value,
        effort: result.effort,
        date: result.date,
    })
}

fn quality(
    counted: &[Counted<'_>],
    model: ModelIndex,
    thinking: &Thinking,
    level: usize,
) -> Quality {
    let parts: Vec<Part> =
        counted.iter().filter_map(|counted| part(counted, model, thinking, level)).collect();
    let known: f64 = parts.iter().map(|part| part.share).sum();
    let behind = parts.iter().map(|part| part.share * part.behind).sum::<f64>() / known;
    let noise = parts.iter().map(|part| (part.share * part.error / known).powi(2)).sum::<f64>();
    // What is predicted for another effort errs in the same direction on every board.
    let shifts = parts.iter().filter_map(|part| Some((part.share, part.shift?)));
    let moved: f64 = shifts
        .map(|(share, shift)| share * (OTHER_EFFORT.0 + OTHER_EFFORT.1 * shift.abs()))
        .sum::<f64>()
        / known;
    let unmeasured = (1.0 - known).max(0.0) * UNMEASURED;
    let error = (noise + moved.powi(2) + unmeasured.powi(2)).sqrt();
    let value = |behind: f64| (2.0 / (1.0 + behind.max(0.0).exp())) as f32;
    // A quality that is predicted in part names the effort that it is predicted from.
    let predicted = parts.iter().any(|part| part.shift.is_some());
    let told = parts.iter().filter(|part| part.shift.is_some() == predicted);
    let most = told.max_by(|a, b| a.share.total_cmp(&b.share));
    Quality {
        value: value(behind),
        low: value(behind + error),
        high: value(behind - error),
        measured_at: most.and_then(|part| thinking.levels()[part.effort].effort),
        predicted,
    }
}

/// What a board says of a model at a level: its own result, or what another board predicts.
fn part(
    counted: &Counted<'_>,
    model: ModelIndex,
    thinking: &Thinking,
    level: usize,
) -> Option<Part> {
    let own = nearest(counted.board, model, thinking, level);
    let (expected, error, effort, slope) = match (own, &counted.fit) {
        (Some((result, effort)), _) => (result.z, result.error, effort, counted.board.effort_slope),
        (None, Some((fit, from))) => {
            let (result, effort) = nearest(from, model, thinking, level)?;
            (
                fit.intercept + fit.slope * result.z,
                fit.error,
                effort,
                fit.slope.abs() * from.effort_slope,
            )
        }
        (None, None) => return None,
    };
    let levels = thinking.levels();
    let shift = slope * f64::from(levels[level].behind - levels[effort].behind);
    Some(Part {
        share: counted.share,
        behind: (counted.best - expected + shift).max(0.0),
        error,
        shift: (effort != level).then_some(shift),
        effort,
    })
}

/// The result at an effort, or else the one whose effort is the nearest, with its place among the levels.
fn nearest<'b>(
    board: &'b Board,
    model: ModelIndex,
    thinking: &Thinking,
    level: usize,
) -> Option<(&'b BoardResult, usize)> {
    let placed =
        board.results_of(model).iter().map(|result| (result, thinking.place_of(result.effort)));
    placed.min_by(|(one, a), (other, b)| {
        let distance = |place: &usize| place.abs_diff(level);
        distance(a)
            .cmp(&distance(b))
            .then(other.date.cmp(&one.date))
            .then(other.z.total_cmp(&one.z))
    })
}

fn fit(board: &Board, from: &Board) -> Option<Fit> {
    let same = |result: &BoardResult| {
        let others = from.results_of(result.model);
        let other = others.iter().find(|other| other.effort == result.effort).or(others.first())?;
        Some((other.z, result.z))
    };
    let mut pairs: Vec<(f64, f64)> = board.results.iter().filter_map(same).collect();
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
