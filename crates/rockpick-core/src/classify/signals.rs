//! Signals: words and phrases that people say speak for or against a category.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::manner::SignalWeights;
use super::{FoundSignal, Lesson, Reading};
use crate::phrase::{Found, Phrases};
use crate::text::Text;

/// In a long prompt signals count at its ends only: what stands in the middle is mostly pasted.
const HEAD_WORDS: usize = 22;
const TAIL_WORDS: usize = 20;
/// So many words of a need are looked at.
const WORDS: usize = 1_000;
/// What is left of a signal that is negated: it speaks against its category, but less.
const NEGATED: f32 = -0.5;

/// The signals of all categories.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Signals(Phrases<Signal>);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Signal {
    category: u16,
    weight: f32,
    /// Whether it is a name, which counts in needs only: in a prompt it mostly belongs to the matter.
    names: bool,
}

impl Signals {
    pub(super) fn new(lessons: &[Lesson], weights: &SignalWeights) -> Self {
        let mut phrases = Vec::new();
        for (category, lesson) in (0..).zip(lessons) {
            let lists = [
                (&lesson.strong, weights.strong, false),
                (&lesson.weak, weights.weak, false),
                (&lesson.against, weights.against, false),
                (&lesson.names, weights.names, true),
            ];
            for (list, weight, names) in lists {
                phrases.extend(
                    list.iter().map(|phrase| (phrase.as_str(), Signal { category, weight, names })),
                );
            }
        }
        Self(Phrases::new(phrases))
    }

    /// The signals of a text: of those that overlap for one category, the longest, and of two as long the one that says more.
    pub(super) fn find(
        &self,
        text: &Text<'_>,
        reading: Reading,
        negated: &[Range<usize>],
    ) -> Vec<FoundSignal> {
        let count = text.len();
        let hits = match reading {
            Reading::Prompt if count > HEAD_WORDS + TAIL_WORDS => {
                let mut hits = self.0.find_in(text, 0..HEAD_WORDS);
                hits.extend(self.0.find_in(text, count - TAIL_WORDS..count));
                hits
            }
            _ => self.0.find_in(text, 0..count.min(WORDS)),
        };
        let meant = |hit: &Found<Signal>| reading == Reading::Need || !hit.meaning.names;
        collect(text, negated, hits.into_iter().filter(meant))
    }
}

fn collect(
    text: &Text<'_>,
    negated: &[Range<usize>],
    hits: impl Iterator<Item = Found<Signal>>,
) -> Vec<FoundSignal> {
    let mut found: Vec<FoundSignal> = Vec::new();
    for hit in hits {
        let Signal { category, mut weight, .. } = hit.meaning;
        if weight > 0.0 && negated.iter().any(|range| range.contains(&hit.first)) {
            weight *= NEGATED;
        }
        let signal = FoundSignal {
            span: text.span(hit.first..hit.first + hit.length),
            category: category.into(),
            weight,
        };
        let overlaps = |other: &&mut FoundSignal| {
            other.category == signal.category
                && other.span.start < signal.span.end
                && signal.span.start < other.span.end
        };
        match found.iter_mut().find(overlaps) {
            Some(other) if says_more(&signal, other) => *other = signal,
            Some(_) => {}
            None => found.push(signal),
        }
    }
    found
}

fn says_more(one: &FoundSignal, other: &FoundSignal) -> bool {
    let longer = one.span.len().cmp(&other.span.len());
    longer.is_gt() || (longer.is_eq() && one.weight > other.weight)
}
