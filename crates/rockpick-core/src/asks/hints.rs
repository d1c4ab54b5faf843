//! What certain words mean for the answer: what a model has to take in, which service does a job better, how it is paid for.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::schema::About;
use super::sentence::Sentence;
use super::{Asks, Meaning};
use crate::task::ModalitySet;

/// How many words may stand between the two halves of a hint.
const REACH: usize = 8;

/// What certain words mean for the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// Its key in `rules/hints.toml`.
    pub name: String,
    /// What it is about.
    pub about: About,
    /// The category that is meant, whatever the words are read as.
    pub category: Option<String>,
    /// What a model has to take in.
    pub input: ModalitySet,
    /// What should be known.
    pub says: String,
    /// A key of `rules/sources.toml`.
    pub source: Option<String>,
    /// Whether a second group of words has to stand near the first.
    pub(super) paired: bool,
}

/// The hints that the words give, each once.
pub(super) fn read<'a>(sentence: &Sentence<'_, '_>, asks: &'a Asks) -> Vec<&'a Hint> {
    let words = |wanted: Meaning| {
        sentence.hits.iter().filter(move |hit| hit.meaning == wanted).map(|hit| hit.first..hit.end)
    };
    let said = |index: u8| {
        let hint = asks.hints.get(usize::from(index))?;
        let near = |one: &Range<usize>| {
            words(Meaning::HintWith(index)).any(|other| apart(one, &other) <= REACH)
        };
        let given = words(Meaning::Hint(index)).any(|own| !hint.paired || near(&own));
        (given && words(Meaning::HintUnless(index)).next().is_none()).then_some(hint)
    };
    let mut indices: Vec<u8> = sentence
        .hits
        .iter()
        .filter_map(|hit| match hit.meaning {
            Meaning::Hint(index) => Some(index),
            _ => None,
        })
        .collect();
    indices.sort_unstable();
    indices.dedup();
    indices.into_iter().filter_map(said).collect()
}

/// How many words lie between two phrases.
fn apart(one: &Range<usize>, other: &Range<usize>) -> usize {
    one.start.max(other.start).saturating_sub(one.end.min(other.end))
}
