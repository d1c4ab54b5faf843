//! A linear model: for every feature, how much it says for each category.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::features::{self, Feature, Values};
use super::table::WordTable;
use crate::packed::Bytes;
use crate::text::Text;

/// The weights of one kind of text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Head {
    /// What it looks at in a text.
    pub(super) values: Values,
    /// Feature by feature, a weight for each category, in steps of `step`, stored as bytes around 128. Rows are `stride` long.
    weights: Bytes,
    stride: usize,
    /// What one step is worth.
    step: f32,
    /// What each category starts with.
    bias: Vec<f32>,
}

/// How many weights are added at once.
const GROUP: usize = 8;
/// So many bytes, each times the largest value, add up to 16 bits.
const LONGEST_RUN: usize = (u16::MAX as usize) / (u8::MAX as usize * features::LARGEST as usize);
/// So many features most texts have at the most.
const FEATURES: usize = 256;

/// How long a row of weights is: whole groups of numbers are added at once.
pub(super) fn stride(categories: usize) -> usize {
    categories.next_multiple_of(GROUP)
}

impl Head {
    /// Rounds learned weights, in rows of `stride`, to bytes.
    pub(super) fn new(values: Values, weights: &[f32], bias: Vec<f32>) -> Self {
        let largest = weights.iter().map(|weight| weight.abs()).fold(0.0, f32::max);
        let step = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        let weights = weights
            .iter()
            .map(|weight| ((weight / step).round() as i32 + 128) as u8)
            .collect::<Vec<u8>>()
            .into();
        Self { values, weights, stride: stride(bias.len()), step, bias }
    }

    /// How much the text says for each category, in log-odds.
    pub(super) fn logits(
        &self,
        text: &Text<'_>,
        words: &WordTable,
        negated: &[Range<usize>],
    ) -> Vec<f32> {
        let mut norm = Norm::default();
        let mut features = Vec::with_capacity(FEATURES);
        features::each(text, words, negated, self.values, |Feature { bucket, value, .. }| {
            norm.add(value);
            features.push((bucket, value as u16));
        });
        let sums = self.sums(&features);
        let scale = self.step * norm.scale();
        let value = |(sum, bias): (&i32, &f32)| bias + (sum - 128 * norm.total) as f32 * scale;
        sums.iter().zip(&self.bias).map(value).collect()
    }

    /// The rows of features times their values, added up: one group of columns after another, so that sums stay in registers.
    fn sums(&self, features: &[(usize, u16)]) -> Vec<i32> {
        let (weights, _) = self.weights.as_chunks::<GROUP>();
        let groups = self.stride / GROUP;
        let mut sums = vec![0i32; self.stride];
        for (group, sums) in sums.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
            for run in features.chunks(LONGEST_RUN) {
                let mut short = [0u16; GROUP];
                for (bucket, value) in run {
                    let row = weights.get(bucket * groups + group).into_iter().flatten();
                    short
                        .iter_mut()
                        .zip(row)
                        .for_each(|(sum, weight)| *sum += u16::from(*weight) * value);
                }
                sums.iter_mut().zip(short).for_each(|(sum, short)| *sum += i32::from(short));
            }
        }
        sums
    }

    /// How much each word of the text says for a category, in log-odds: place of the word, or `NO_WORD` for the whole.
    pub(super) fn carried(
        &self,
        text: &Text<'_>,
        words: &WordTable,
        category: usize,
    ) -> Vec<(usize, f32)> {
        let mut norm = Norm::default();
        let mut carried: Vec<(usize, f32)> = Vec::new();
        features::each(
            text,
            words,
            &self.values.negated(text, words),
            self.values,
            |Feature { bucket, word, value }| {
                norm.add(value);
                let row = self.row(bucket);
                // What a feature says for all categories alike says nothing.
                let mean =
                    row.iter().take(self.bias.len()).map(|weight| f32::from(*weight)).sum::<f32>()
                        / self.bias.len().max(1) as f32;
                let says = (row.get(category).map_or(mean, |weight| f32::from(*weight)) - mean)
                    * value as f32;
                match carried.last_mut() {
                    Some((last, sum)) if *last == word => *sum += says,
                    _ => carried.push((word, says)),
                }
            },
        );
        let scale = self.step * norm.scale();
        carried.iter().map(|(word, says)| (*word, says * scale)).collect()
    }

    fn row(&self, bucket: usize) -> &[u8] {
        self.weights.get(bucket * self.stride..(bucket + 1) * self.stride).unwrap_or(&[])
    }
}

/// The length of a text's vector of features, so that long texts do not say more than short ones.
#[derive(Clone, Copy, Debug, Default)]
struct Norm {
    total: i32,
    squares: i32,
}

impl Norm {
    fn add(&mut self, value: i32) {
        self.total += value;
        self.squares += value * value;
    }

    fn scale(self) -> f32 {
        1.0 / (self.squares.max(1) as f32).sqrt()
    }
}
