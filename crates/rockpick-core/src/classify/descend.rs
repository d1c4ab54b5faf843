//! Multinomial logistic regression by gradient steps, the same every time.

use super::counts;
use super::features::Values;
use super::head::{Head, stride};

/// How often all examples are gone through, at most and at least; in between, as often as the work that is allowed permits.
const ROUNDS: std::ops::RangeInclusive<usize> = 5..=20;
/// Two kinds are told apart sooner than many categories.
const ROUNDS_OF_TWO: usize = 8;
/// The work that is allowed, in weights looked at: it keeps loading large sets of people's own under a second.
const WORK: usize = 1_500_000_000;
/// The size of the first step, and how fast steps get smaller.
const STEP: f32 = 4.0;
const STEP_OF_MANY: f32 = 3.0;
const FALL: f32 = 0.3;
/// How strongly weights are pulled to zero.
const DECAY: f32 = 2e-3;
const DECAY_OF_MANY: f32 = 8e-4;
/// How much slower what a category starts with is learned.
const BIAS: f32 = 0.01;
/// Corrections smaller than this are left out where there are many categories.
const SMALL: f32 = 2e-3;
pub(super) const MANY: usize = 40;
/// Fewer than one in so many are corrected one by one, more all together.
const FEW: usize = 8;
/// Where there are many categories, an example that is read right with this probability rests for so many rounds.
const LEARNT: f32 = 0.95;
const REST: u8 = 2;

/// An example as numbers.
pub(super) struct Example {
    pub category: usize,
    /// Its place among the category's examples.
    pub place: usize,
    pub features: Vec<(u32, f32)>,
}

/// How often examples are gone through that cost so much work each time.
pub(super) fn rounds(work: usize, categories: usize) -> usize {
    match categories {
        0..=2 => ROUNDS_OF_TWO,
        3..=MANY => (WORK / work.max(1)).clamp(*ROUNDS.start(), *ROUNDS.end()),
        _ => *ROUNDS.start(),
    }
}

/// How much an example of each category counts: the fewer it has, the more each of them.
fn importance(examples: &[&Example], categories: usize) -> Vec<f32> {
    let mut counts = vec![0usize; categories];
    examples.iter().for_each(|example| counts[example.category] += 1);
    let taught = counts.iter().filter(|count| **count > 0).count();
    counts.iter().map(|count| examples.len() as f32 / (taught * count).max(1) as f32).collect()
}

/// Gradient steps over the examples, which were made with `values`.
pub(super) fn descend(examples: &[&Example], categories: usize, values: Values) -> Head {
    let stride = stride(categories);
    let work = examples.iter().map(|example| example.features.len()).sum::<usize>() * stride;
    let (many, rounds) = (categories > MANY, rounds(work, categories));
    let importance = importance(examples, categories);
    let (first_step, decay) = if many { (STEP_OF_MANY, DECAY_OF_MANY) } else { (STEP, DECAY) };
    let mut weights = vec![0.0f32; values.buckets() * stride];
    let mut bias = vec![0.0f32; categories];
    let mut odds = vec![0.0f32; stride];
    let mut rested = vec![0u8; examples.len()];
    for round in 0..rounds {
        let step = first_step / (1.0 + round as f32 * FALL);
        for (example, rest) in examples.iter().zip(&mut rested) {
            if *rest > 0 {
                *rest -= 1;
                continue;
            }
            predict(&weights, &bias, example, &mut odds);
            if many && odds[example.category] > LEARNT {
                *rest = REST;
            }
            odds[example.category] -= 1.0;
            odds.iter_mut().for_each(|odds| *odds *= -step * importance[example.category]);
            bias.iter_mut().zip(&odds).for_each(|(bias, gradient)| *bias += gradient * BIAS);
            correct(&mut weights, example, &odds, 1.0 - step * decay, many);
        }
    }
    if values.counts {
        counts::add(&mut weights, stride, examples, &importance);
    }
    Head::new(values, &weights, bias)
}

/// Moves the weights of an example's features. With many categories only those that are off by more than a little: few are.
fn correct(weights: &mut [f32], example: &Example, gradients: &[f32], shrink: f32, many: bool) {
    let is_off = |gradient: f32| !many || gradient.abs() > SMALL;
    let off = || gradients.iter().copied().enumerate().filter(|(_, gradient)| is_off(*gradient));
    let stride = gradients.len();
    if off().count() * FEW < stride {
        let off: Vec<(usize, f32)> = off().collect();
        for (feature, value) in &example.features {
            let row = &mut weights[*feature as usize * stride..][..stride];
            for (category, gradient) in &off {
                row[*category] = row[*category] * shrink + gradient * value;
            }
        }
        return;
    }
    let kept: Vec<f32> =
        gradients.iter().map(|gradient| if is_off(*gradient) { shrink } else { 1.0 }).collect();
    let moved: Vec<f32> =
        gradients.iter().map(|gradient| if is_off(*gradient) { *gradient } else { 0.0 }).collect();
    for (feature, value) in &example.features {
        let row = &mut weights[*feature as usize * stride..][..stride];
        for ((weight, kept), moved) in row.iter_mut().zip(&kept).zip(&moved) {
            *weight = *weight * kept + moved * value;
        }
    }
}

/// The probability of each category.
fn predict(weights: &[f32], bias: &[f32], example: &Example, odds: &mut [f32]) {
    odds.fill(0.0);
    let stride = odds.len();
    let row = |feature: u32| &weights[feature as usize * stride..][..stride];
    // Four rows at once: their way from memory is most of the work.
    let (fours, rest) = example.features.as_chunks::<4>();
    for [a, b, c, d] in fours {
        let rows = row(a.0).iter().zip(row(b.0)).zip(row(c.0).iter().zip(row(d.0)));
        for (sum, ((wa, wb), (wc, wd))) in odds.iter_mut().zip(rows) {
            *sum += (wa * a.1 + wb * b.1) + (wc * c.1 + wd * d.1);
        }
    }
    for (feature, value) in rest {
        odds.iter_mut().zip(row(*feature)).for_each(|(sum, weight)| *sum += weight * value);
    }
    let (odds, beyond) = odds.split_at_mut(bias.len());
    beyond.fill(0.0);
    odds.iter_mut().zip(bias).for_each(|(sum, bias)| *sum += bias);
    super::to_probabilities(odds, 1.0);
}
