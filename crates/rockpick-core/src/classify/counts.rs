//! What the plain counts of features say for each category: naive Bayes beside what gradient steps learn.
//!
//! Counts see every example once and alike. That helps where a category is told by a word that few examples hold, and the
//! texts are by other authors than the examples.

use super::descend::Example;

/// What counts add to the weights learned: the value with the highest likelihood when a fourth of the authors is left out.
const SHARE: f32 = 0.4;
/// What each feature is taken to have been seen in each category.
const UNSEEN: f32 = 0.1;

/// Adds what counts say to weights in rows of `stride`. Each example of a category counts as much as `importance` says.
pub(super) fn add(weights: &mut [f32], stride: usize, examples: &[&Example], importance: &[f32]) {
    let mut counts = vec![UNSEEN; weights.len()];
    for example in examples {
        for (feature, value) in &example.features {
            counts[*feature as usize * stride + example.category] +=
                value * importance[example.category];
        }
    }
    let categories = importance.len();
    let mut totals = vec![0.0f32; categories];
    for row in counts.chunks_exact(stride) {
        totals.iter_mut().zip(row).for_each(|(total, count)| *total += count);
    }
    for (row, counts) in weights.chunks_exact_mut(stride).zip(counts.chunks_exact(stride)) {
        let shares: Vec<f32> =
            counts.iter().zip(&totals).map(|(count, total)| (count / total).ln()).collect();
        let mean = shares.iter().sum::<f32>() / categories as f32;
        row.iter_mut().zip(shares).for_each(|(weight, share)| *weight += SHARE * (share - mean));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_speaks_for_the_category_whose_examples_hold_it() {
        let example =
            |category, feature| Example { category, place: 0, features: vec![(feature, 1.0)] };
        let examples = [example(0, 0), example(0, 0), example(1, 1)];
        let mut weights = vec![0.0; 3 * 8];
        add(&mut weights, 8, &examples.iter().collect::<Vec<_>>(), &[1.0, 2.0]);
        assert!(weights[0] > 0.0 && weights[1] < 0.0, "{weights:?}");
        assert!(weights[8] < 0.0 && weights[9] > 0.0, "{weights:?}");
        assert!(weights[16].abs() < 1e-6, "what no example holds says nothing: {weights:?}");
    }
}
