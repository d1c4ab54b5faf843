//! Learns the roles of mentions from labeled sentences.

use std::collections::BTreeMap;

use super::context::{Context, mix};
use super::judge::{BUCKETS, Judge, to_probabilities, vector};
use super::markup::Labeled;
use super::mention::mentions;
use super::role::{COLUMNS, Role};
use super::scan::Scan;
use super::vocabulary::Vocabulary;
use crate::text::Text;

/// How often all examples are gone through.
const ROUNDS: usize = 12;
/// The size of the first step, and how fast steps get smaller.
const STEP: f32 = 6.0;
const FALL: f32 = 0.4;
/// How strongly weights are pulled to zero.
const DECAY: f32 = 1e-4;

/// A mention as numbers, with the column of its role.
struct Example {
    order: u64,
    kind: &'static str,
    roles: [Option<Role>; COLUMNS],
    role: usize,
    features: Vec<(u32, f32)>,
}

/// Which half of the labeled sentences one is in: one half can be read with what the other teaches.
pub(super) fn is_checking(text: &str) -> bool {
    order(text) >> 40 & 1 == 1
}

/// A sentence's place in the order of learning: random, and independent of the others.
fn order(text: &str) -> u64 {
    mix(text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
}

/// Learns from labeled sentences.
pub(super) fn learn(vocabulary: &Vocabulary, sentences: &[Labeled]) -> Judge {
    let mut examples: Vec<Example> =
        sentences.iter().flat_map(|labeled| examples(vocabulary, labeled)).collect();
    examples.sort_by_key(|example| example.order);
    let mut weights = vec![[0.0f32; COLUMNS]; BUCKETS];
    for round in 0..ROUNDS {
        let step = STEP / (1.0 + round as f32 * FALL);
        for example in &examples {
            descend(&mut weights, example, step);
        }
    }
    Judge::new(&weights)
}

/// How many mentions of each kind there are in one half of the sentences, and how many play the right role by what the other
/// half teaches.
pub(super) fn by_halves(
    vocabulary: &Vocabulary,
    sentences: &[Labeled],
) -> BTreeMap<&'static str, (usize, usize)> {
    let mut counts = BTreeMap::<&'static str, (usize, usize)>::new();
    let (one, other): (Vec<Labeled>, Vec<Labeled>) =
        sentences.iter().cloned().partition(|labeled| is_checking(&labeled.text));
    for (taught, read) in [(&one, &other), (&other, &one)] {
        let judge = learn(vocabulary, taught);
        for example in read.iter().flat_map(|labeled| examples(vocabulary, labeled)) {
            let (all, right) = counts.entry(example.kind).or_default();
            *all += 1;
            *right += usize::from(judge.column(&example.features, example.roles) == example.role);
        }
    }
    counts
}

/// Moves the weights of an example's features towards its role.
fn descend(weights: &mut [[f32; COLUMNS]], example: &Example, step: f32) {
    let mut odds = [0.0f32; COLUMNS];
    for (feature, value) in &example.features {
        odds.iter_mut()
            .zip(&weights[*feature as usize])
            .for_each(|(sum, weight)| *sum += weight * value);
    }
    to_probabilities(&mut odds, example.roles);
    odds[example.role] -= 1.0;
    let keep = 1.0 - step * DECAY;
    for (feature, value) in &example.features {
        let row = weights[*feature as usize].iter_mut().zip(&odds);
        row.for_each(|(weight, gradient)| *weight = *weight * keep - step * gradient * value);
    }
}

/// The mentions of a sentence with their roles; what has no label is a mention and nothing more.
fn examples(vocabulary: &Vocabulary, labeled: &Labeled) -> Vec<Example> {
    let text = Text::new(&labeled.text);
    let scan = Scan::new(vocabulary, &text);
    let mentions = mentions(&scan);
    let context = Context::new(&scan, &mentions);
    let example = |index: usize| {
        let mention = &mentions[index];
        let (group, place) = (mention.value.group(), text.span(mention.words.clone()));
        let common = |other: &std::ops::Range<usize>| {
            place.end.min(other.end).saturating_sub(place.start.max(other.start))
        };
        let labels = labeled
            .labels
            .iter()
            .filter(|label| group.has_kind(&label.kind) && common(&label.span) > 0);
        let label = labels.max_by_key(|label| common(&label.span));
        let role = label.map_or(Role::Mention, |label| group.role(&label.kind, &label.role));
        let roles = mention.value.roles();
        let role = roles.iter().position(|known| *known == Some(role))?;
        let order = mix(order(&labeled.text) ^ index as u64);
        let kind = mention.value.kind(Role::Mention);
        Some(Example { order, kind, roles, role, features: vector(&context, index) })
    };
    (0..mentions.len()).filter_map(example).collect()
}
