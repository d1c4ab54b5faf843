//! What the rules' own examples teach: lessons, and what a head learns from them.

use super::descend::{Example, MANY, descend};
use super::features::{self, Feature, KIND, NEED, PROMPT, Values};
use super::head::{Head, stride};
use super::table::{WordTable, hash_word, mix};
use super::{Reading, descend};
use crate::text::Text;

/// About so many features a text has for each byte.
const FEATURES_A_BYTE: usize = 4;

/// What one category teaches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lesson {
    /// The category's name; empty for needs that tell no category.
    pub name: String,
    /// Described needs.
    pub needs: Vec<String>,
    /// Concrete prompts.
    pub prompts: Vec<String>,
    /// Needs of labeled sentences: they teach as the others do, and are tested for their labels.
    pub labeled: Vec<String>,
    /// Words and phrases that speak strongly for it.
    pub strong: Vec<String>,
    /// Words and phrases that speak for it.
    pub weak: Vec<String>,
    /// Words and phrases that speak against it.
    pub against: Vec<String>,
    /// Names of the activity and of what comes out of it, which count in needs only.
    pub names: Vec<String>,
}

impl Lesson {
    /// The examples of needs, or those of prompts where there are none.
    fn for_needs(&self) -> Vec<&String> {
        let needs: Vec<&String> = self.needs.iter().chain(&self.labeled).collect();
        if needs.is_empty() { self.prompts.iter().collect() } else { needs }
    }

    /// The examples of prompts, or those of needs where there are none.
    fn for_prompts(&self) -> Vec<&String> {
        let prompts = if self.prompts.is_empty() { &self.needs } else { &self.prompts };
        prompts.iter().collect()
    }
}

/// The three heads: for needs, for prompts, and the one that tells needs (0) from prompts (1).
pub(super) fn heads(lessons: &[Lesson], words: &WordTable) -> [Head; 3] {
    let kinds = [kind(lessons, Lesson::for_needs), kind(lessons, Lesson::for_prompts)];
    std::thread::scope(|scope| {
        let prompts = scope.spawn(|| Course::of(lessons, Reading::Prompt, words).head());
        let needs = Course::of(lessons, Reading::Need, words).head();
        let kind = Course::new(&kinds, Lesson::for_needs, words, KIND).head();
        [needs, prompts.join().unwrap_or_default(), kind]
    })
}

/// All examples of a kind, as if they were those of one category. Categories that have one kind only say nothing about it.
fn kind(lessons: &[Lesson], pick: impl Fn(&Lesson) -> Vec<&String>) -> Lesson {
    let both =
        lessons.iter().filter(|lesson| !lesson.needs.is_empty() && !lesson.prompts.is_empty());
    Lesson {
        needs: both.flat_map(|lesson| pick(lesson).into_iter().cloned()).collect(),
        ..Lesson::default()
    }
}

/// The examples that a head learns from, in the order in which it goes through them.
pub(super) struct Course {
    pub examples: Vec<Example>,
    categories: usize,
    values: Values,
}

impl Course {
    /// What the head of one reading learns from.
    pub(super) fn of(lessons: &[Lesson], reading: Reading, words: &WordTable) -> Self {
        match reading {
            // Many categories are near one another: words tell them apart, pieces that several words share do not.
            Reading::Need if lessons.len() > MANY => {
                Self::new(lessons, Lesson::for_needs, words, PROMPT)
            }
            Reading::Need => Self::new(lessons, Lesson::for_needs, words, NEED),
            Reading::Prompt => Self::new(lessons, Lesson::for_prompts, words, PROMPT),
        }
    }

    fn new(
        lessons: &[Lesson],
        pick: impl Fn(&Lesson) -> Vec<&String>,
        words: &WordTable,
        values: Values,
    ) -> Self {
        let mut examples: Vec<(u64, Example)> = Vec::new();
        for (category, lesson) in lessons.iter().enumerate() {
            let example = |(place, text): (usize, &String)| {
                (order(text), Example { category, place, features: vector(text, words, values) })
            };
            examples.extend(pick(lesson).into_iter().enumerate().map(example));
        }
        examples.sort_by_key(|(order, example)| (*order, example.category, example.place));
        Self {
            examples: examples.into_iter().map(|(_, example)| example).collect(),
            categories: lessons.len(),
            values,
        }
    }

    /// Learns from all examples.
    pub(super) fn head(&self) -> Head {
        self.head_without(|_| false)
    }

    /// Learns from all examples but some, told by their places in the course: the same as if they were not there.
    pub(super) fn head_without(&self, left_out: impl Fn(usize) -> bool) -> Head {
        let kept = self
            .examples
            .iter()
            .enumerate()
            .filter(|(at, _)| !left_out(*at))
            .map(|(_, example)| example);
        descend(&kept.collect::<Vec<_>>(), self.categories, self.values)
    }

    /// How much work learning is, in weights looked at.
    pub(super) fn work(&self) -> usize {
        let once = self.examples.iter().map(|example| example.features.len()).sum::<usize>()
            * stride(self.categories);
        once * descend::rounds(once, self.categories)
    }
}

/// Texts are learned in an order that looks random and does not depend on the others: what is added or left out moves none.
fn order(text: &str) -> u64 {
    mix(hash_word(text))
}

fn vector(text: &str, words: &WordTable, values: Values) -> Vec<(u32, f32)> {
    let mut features = Vec::with_capacity(text.len() * FEATURES_A_BYTE);
    let text = Text::new(text);
    let negated = values.negated(&text, words);
    features::each(&text, words, &negated, values, |Feature { bucket, value, .. }| {
        features.push((bucket as u32, value as f32));
    });
    let length = features.iter().map(|(_, value)| value * value).sum::<f32>().max(1.0).sqrt();
    features.iter_mut().for_each(|(_, value)| *value /= length);
    features
}
