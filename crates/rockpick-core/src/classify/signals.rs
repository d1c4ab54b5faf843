//! Signals: words and phrases that people say speak for or against a category.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::manner::SignalWeights;
use super::{FoundSignal, Lesson};
use crate::phrase::{Found, Phrases};
use crate::text::Text;

/// In a long text signals count at its ends only: what stands in the middle is mostly pasted.
const HEAD_WORDS: usize = 22;
const TAIL_WORDS: usize = 20;
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
}

impl Signals {
    pub(super) fn new(lessons: &[Lesson], weights: &SignalWeights) -> Self {
        let mut phrases = Vec::new();
        for (category, lesson) in (0..).zip(lessons) {
            let lists = [(&lesson.strong, weights.strong), (&lesson.weak, weights.weak), (&lesson.against, weights.against)];
            for (phrase, weight) in lists.into_iter().flat_map(|(list, weight)| list.iter().map(move |phrase| (phrase, weight))) {
                phrases.push((phrase.as_str(), Signal { category, weight }));
            }
        }
        Self(Phrases::new(phrases))
    }

    /// The signals of a text: of those that overlap for one category, the longest.
    pub(super) fn find(&self, text: &Text<'_>, negated: &[Range<usize>]) -> Vec<FoundSignal> {
        let count = text.len();
        let mut found = Vec::new();
        if count > HEAD_WORDS + TAIL_WORDS {
            collect(text, negated, self.0.find_in(text, 0..HEAD_WORDS), &mut found);
            collect(text, negated, self.0.find_in(text, count - TAIL_WORDS..count), &mut found);
        } else {
            collect(text, negated, self.0.find(text), &mut found);
        }
        found
    }
}

fn collect(text: &Text<'_>, negated: &[Range<usize>], hits: Vec<Found<Signal>>, found: &mut Vec<FoundSignal>) {
    for hit in hits {
        let Signal { category, mut weight } = hit.meaning;
        if weight > 0.0 && negated.iter().any(|range| range.contains(&hit.first)) {
            weight *= NEGATED;
        }
        let signal = FoundSignal { span: text.span(hit.first..hit.first + hit.length), category: category.into(), weight };
        let overlaps = |other: &&mut FoundSignal| {
            other.category == signal.category && other.span.start < signal.span.end && signal.span.start < other.span.end
        };
        match found.iter_mut().find(overlaps) {
            Some(other) if other.span.len() < signal.span.len() => *other = signal,
            Some(_) => {}
            None => found.push(signal),
        }
    }
}
