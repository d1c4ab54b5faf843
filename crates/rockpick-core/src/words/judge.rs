//! A linear model of roles: for every feature, how much it says for each role of a group.

use serde::{Deserialize, Serialize};

use super::context::Context;
use super::mention::Value;
use super::role::{COLUMNS, Role};
use crate::packed::Bytes;

/// How many different features there are; a power of two.
pub(super) const BUCKETS: usize = 1 << 17;
/// So many features most mentions have at the most.
const FEATURES: usize = 128;

/// What was learned from labeled sentences.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Judge {
    /// Feature by feature a weight for each role, in steps of `step`, stored as bytes around 128.
    weights: Bytes,
    step: f32,
}

impl Judge {
    /// Rounds learned weights to bytes.
    pub(super) fn new(weights: &[[f32; COLUMNS]]) -> Self {
        let largest = weights.iter().flatten().map(|weight| weight.abs()).fold(0.0, f32::max);
        let step = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        let byte = |weight: &f32| ((weight / step).round() as i32 + 128) as u8;
        Self { weights: weights.iter().flatten().map(byte).collect::<Vec<u8>>().into(), step }
    }

    /// The likeliest role of a mention among those that are possible, with its probability.
    pub(super) fn role(
        &self,
        context: &Context<'_, '_, '_>,
        index: usize,
        value: &Value<'_>,
    ) -> (Role, f32) {
        let (rows, _) = self.weights.as_chunks::<COLUMNS>();
        let (mut sums, mut squares) = ([0i32; COLUMNS], 0);
        context.each(index, |feature, value| {
            squares += value * value;
            if let Some(row) = rows.get(bucket(feature)) {
                sums.iter_mut()
                    .zip(row)
                    .for_each(|(sum, weight)| *sum += (i32::from(*weight) - 128) * value);
            }
        });
        let scale = self.step / (squares.max(1) as f32).sqrt();
        let mut odds = sums.map(|sum| sum as f32 * scale);
        let roles = value.roles();
        to_probabilities(&mut odds, roles);
        let best = roles.into_iter().zip(odds).max_by(|one, other| one.1.total_cmp(&other.1));
        best.map_or((Role::Mention, 0.0), |(role, probability)| {
            (role.unwrap_or(Role::Mention), probability)
        })
    }
}

impl Judge {
    /// The column of the likeliest role by features of length 1 together.
    pub(super) fn column(&self, features: &[(u32, f32)], roles: [Option<Role>; COLUMNS]) -> usize {
        let (rows, _) = self.weights.as_chunks::<COLUMNS>();
        let mut odds = [0.0f32; COLUMNS];
        for (feature, value) in features {
            let row = rows.get(*feature as usize).into_iter().flatten();
            odds.iter_mut()
                .zip(row)
                .for_each(|(sum, weight)| *sum += (f32::from(*weight) - 128.0) * value * self.step);
        }
        to_probabilities(&mut odds, roles);
        (0..COLUMNS).max_by(|one, other| odds[*one].total_cmp(&odds[*other])).unwrap_or_default()
    }
}

/// The features of a mention as numbers, of length 1 together.
pub(super) fn vector(context: &Context<'_, '_, '_>, index: usize) -> Vec<(u32, f32)> {
    let mut features = Vec::with_capacity(FEATURES);
    context.each(index, |feature, value| features.push((bucket(feature) as u32, value as f32)));
    let length = features.iter().map(|(_, value)| value * value).sum::<f32>().max(1.0).sqrt();
    features.iter_mut().for_each(|(_, value)| *value /= length);
    features
}

fn bucket(feature: u64) -> usize {
    feature as usize & (BUCKETS - 1)
}

/// Turns log-odds into probabilities of the roles that there are, in place.
pub(super) fn to_probabilities(odds: &mut [f32; COLUMNS], roles: [Option<Role>; COLUMNS]) {
    odds.iter_mut()
        .zip(roles)
        .filter(|(_, role)| role.is_none())
        .for_each(|(value, _)| *value = f32::NEG_INFINITY);
    let highest = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    odds.iter_mut().for_each(|value| *value = (*value - highest).exp());
    let total: f32 = odds.iter().sum();
    odds.iter_mut().for_each(|value| *value /= total);
}
