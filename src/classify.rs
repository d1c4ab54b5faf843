//! Which category a text belongs to, how sure that is, and which words say so.
//!
//! What the rules' authors wrote as examples is what the classifier learns from; signals are words that they force. A described
//! need ("a bot for our shop") and a concrete prompt ("hi, where is my parcel?") look different, so each has a head of its own.

mod features;
mod head;
mod learn;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use self::head::Head;
pub use self::learn::Lesson;
use crate::phrase::Phrases;
use crate::text::Text;

/// Which kind of text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A described need.
    Need,
    /// A concrete prompt.
    Prompt,
}

/// Reads texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Classifier {
    /// The categories by name, in the order in which heads count them.
    names: Vec<String>,
    needs: Head,
    prompts: Head,
    signals: Phrases,
    /// What each signal means.
    meanings: Vec<Signal>,
}

/// A word or phrase that speaks for or against a category.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Signal {
    category: u16,
    weight: f32,
}

/// What a text is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// Every category by its place, most likely first, with its probability.
    pub scores: Vec<(usize, f32)>,
    /// The signals that were found.
    pub signals: Vec<FoundSignal>,
    /// The language, as far as a few common words tell.
    pub language: Option<&'static str>,
}

/// A signal in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundSignal {
    /// Where, in bytes.
    pub span: Range<usize>,
    /// For which category, by its place.
    pub category: usize,
    /// How much it says for it; below zero against it.
    pub weight: f32,
}

impl Classifier {
    /// The categories by name, in the order of their places.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads a text.
    #[must_use]
    pub fn classify(&self, text: &Text<'_>, reading: Reading) -> Classification {
        let head = match reading {
            Reading::Need => &self.needs,
            Reading::Prompt => &self.prompts,
        };
        let mut logits = head.logits(text, self.names.len());
        let signals = self.signals(text);
        for signal in &signals {
            logits[signal.category] += signal.weight;
        }
        Classification { scores: softmax(&logits), signals, language: None }
    }

    /// The signals of a text: of those that overlap for one category, the longest.
    fn signals(&self, text: &Text<'_>) -> Vec<FoundSignal> {
        let mut found: Vec<FoundSignal> = Vec::new();
        for hit in self.signals.find(text) {
            let signal = self.meanings[hit.meaning as usize];
            let span = text.span(hit.first..hit.first + hit.length);
            let category = usize::from(signal.category);
            let inside = |other: &FoundSignal| other.category == category && other.span.start < span.end && span.start < other.span.end;
            match found.iter_mut().find(|other| inside(other)) {
                Some(other) if other.span.len() < span.len() => *other = FoundSignal { span, category, weight: signal.weight },
                Some(_) => {}
                None => found.push(FoundSignal { span, category, weight: signal.weight }),
            }
        }
        found
    }
}

fn softmax(logits: &[f32]) -> Vec<(usize, f32)> {
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let odds: Vec<f32> = logits.iter().map(|logit| (logit - highest).exp()).collect();
    let total: f32 = odds.iter().sum();
    let mut scores: Vec<(usize, f32)> = odds.iter().map(|odds| odds / total).enumerate().collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scores
}
