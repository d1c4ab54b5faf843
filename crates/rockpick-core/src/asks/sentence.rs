//! A text with the phrases of asks found in it, and the questions about neighbors.

use std::ops::Range;

use super::{Meaning, Part};
use crate::phrase::Found;
use crate::text::Text;

/// The longest phrase that is looked back for, in words.
const LONGEST_PHRASE: usize = 6;
/// Signs that end a clause.
const ENDS: [char; 12] = [',', ';', ':', '!', '?', '(', ')', '\n', '—', '–', '¿', '¡'];

/// A phrase in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub meaning: Meaning,
    pub first: usize,
    pub end: usize,
}

/// A text with its phrases.
pub(super) struct Sentence<'s, 't> {
    pub text: &'s Text<'t>,
    /// By first word.
    pub hits: Vec<Hit>,
}

impl<'s, 't> Sentence<'s, 't> {
    pub(super) fn new(text: &'s Text<'t>, found: Vec<Found<Meaning>>) -> Self {
        let hit = |found: Found<Meaning>| Hit {
            meaning: found.meaning,
            first: found.first,
            end: found.first + found.length,
        };
        Self { text, hits: found.into_iter().map(hit).collect() }
    }

    /// What stands between the word before `index` and that word.
    pub(super) fn gap(&self, index: usize) -> &'t str {
        let start = index.checked_sub(1).map_or(0, |last| self.text.span(last..index).end);
        let end = self.text.span(index..index + 1).start;
        self.text.source().get(start..end).unwrap_or("")
    }

    /// Whether a clause ends before the word `index`.
    pub(super) fn parted(&self, index: usize) -> bool {
        let gap = self.gap(index);
        index == 0
            || index >= self.text.len()
            || gap.contains(ENDS)
            || gap.contains(". ")
            || gap.contains(" - ")
    }

    /// Where the clause of the word before `index` begins.
    pub(super) fn clause_start(&self, index: usize) -> usize {
        (0..index).rev().find(|at| self.parted(*at)).unwrap_or(0)
    }

    fn parts(&self, part: Part) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(move |hit| hit.meaning == Meaning::Part(part))
    }

    /// Where the longest phrase of that part that begins at `index` ends.
    pub(super) fn at(&self, index: usize, part: Part) -> Option<usize> {
        self.parts(part).filter(|hit| hit.first == index).map(|hit| hit.end).max()
    }

    /// Where the longest phrase of that part that ends just before `index` begins, in the same clause.
    pub(super) fn before(&self, index: usize, part: Part) -> Option<usize> {
        let near =
            self.parts(part).filter(|hit| hit.end == index && hit.first + LONGEST_PHRASE >= index);
        let first = near.map(|hit| hit.first).min()?;
        (!self.parted(index)).then_some(first)
    }

    /// Whether a phrase of that part lies within the words.
    pub(super) fn has(&self, part: Part, words: Range<usize>) -> bool {
        self.parts(part).any(|hit| words.start <= hit.first && hit.end <= words.end)
    }

    /// The phrases that cover a word.
    pub(super) fn covering(&self, index: usize) -> impl Iterator<Item = &Hit> {
        self.hits.iter().filter(move |hit| hit.first <= index && index < hit.end)
    }

    /// Whether a negation stands before the word, over at most `reach` words of its clause.
    pub(super) fn negated(&self, index: usize, reach: usize) -> bool {
        let start = self.clause_start(index).max(index.saturating_sub(reach));
        self.has(Part::Negation, start..index)
    }

    /// The first thing of which a request holds one.
    pub(super) fn noun(&self) -> Option<u8> {
        let nouns = self.hits.iter().filter_map(|hit| match hit.meaning {
            Meaning::Noun(noun) => Some((hit.first, std::cmp::Reverse(hit.end), noun)),
            _ => None,
        });
        nouns.min().map(|(.., noun)| noun)
    }
}
