//! A linear model: for every feature, how much it says for each category.

use serde::{Deserialize, Serialize};

use super::features;
use crate::text::Text;

/// The weights of one kind of text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Feature by feature, a weight for each category, in steps of `step`, stored as bytes around 128.
    #[serde(with = "bytes")]
    weights: Vec<u8>,
    /// What one step is worth.
    step: f32,
    /// What each category starts with.
    bias: Vec<f32>,
}

impl Head {
    /// Rounds learnt weights to bytes.
    pub(super) fn new(weights: &[f32], bias: Vec<f32>) -> Self {
        let largest = weights.iter().map(|weight| weight.abs()).fold(0.0, f32::max);
        let step = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        let weights = weights.iter().map(|weight| ((weight / step).round() as i32 + 128) as u8).collect();
        Self { weights, step, bias }
    }

    /// How much the text says for each category, in log-odds.
    pub(super) fn logits(&self, text: &Text<'_>, categories: usize) -> Vec<f32> {
        let mut sums = vec![0i32; categories];
        let mut count = 0i32;
        features::each(text, |feature, _| {
            count += 1;
            let Some(weights) = self.weights.get(feature * categories..(feature + 1) * categories) else { return };
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum += i32::from(*weight);
            }
        });
        let scale = self.step / (count.max(1) as f32).sqrt();
        let value = |(sum, bias): (&i32, &f32)| bias + (sum - 128 * count) as f32 * scale;
        sums.iter().zip(&self.bias).map(value).collect()
    }
}

/// Weights are read and written as one run of bytes.
mod bytes {
    use serde::de::{Deserializer, Visitor};
    use serde::ser::Serializer;

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}
