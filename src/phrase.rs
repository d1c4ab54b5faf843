//! Finding many phrases in a text at once.

use serde::{Deserialize, Serialize};

use crate::text::{Text, fold};

/// A phrase found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What the phrase stands for: the number it was entered with.
    pub meaning: u32,
    /// The first word of the text that it covers.
    pub first: usize,
    /// How many words it covers.
    pub length: usize,
}

/// A set of phrases, each with a meaning, that can be found in a text in one pass.
///
/// Phrases are compared word by word, folded. A word that ends in `*` stands for every word that begins so.
/// The table is made once (at build time for the bundled rules) and needs no preparation when it is read back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Phrases {
    /// Sorted by first word, so that phrases with the same first word stand together.
    entries: Vec<Entry>,
    /// Open addressing by the hash of the first word: 1 + the first entry that begins with it, 0 = free.
    exact: Vec<u32>,
    /// The same for first words that end in `*`.
    stems: Vec<u32>,
    shortest_stem: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Entry {
    first: Pattern,
    rest: Vec<Pattern>,
    meaning: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Pattern {
    stem: bool,
    word: String,
}

impl Pattern {
    fn matches(&self, word: &str) -> bool {
        if self.stem { word.starts_with(&self.word) } else { word == self.word }
    }
}

impl Phrases {
    /// Makes the table. Phrases without a letter or digit are left out.
    pub fn new<'a>(phrases: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        let mut entries: Vec<Entry> = phrases.into_iter().filter_map(|(phrase, meaning)| entry(phrase, meaning)).collect();
        entries.sort();
        entries.dedup();
        let shortest_stem = entries.iter().filter(|entry| entry.first.stem).map(|entry| entry.first.word.len()).min();
        Self {
            exact: slots(&entries, false),
            stems: slots(&entries, true),
            entries,
            shortest_stem: shortest_stem.unwrap_or(usize::MAX),
        }
    }

    /// Every phrase of the text, in the order of their first words; phrases may overlap.
    #[must_use]
    pub fn find(&self, text: &Text<'_>) -> Vec<Found> {
        self.find_in(text, 0..text.len())
    }

    /// The same for phrases that begin with one of the words `range`.
    #[must_use]
    pub fn find_in(&self, text: &Text<'_>, range: std::ops::Range<usize>) -> Vec<Found> {
        let mut found = Vec::new();
        for index in range {
            let word = text.word(index);
            let mut hash = SEED;
            for (at, byte) in word.bytes().enumerate() {
                hash = step(hash, byte);
                if at + 1 >= self.shortest_stem {
                    self.collect(self.start(&self.stems, hash), text, index, &mut found);
                }
            }
            self.collect(self.start(&self.exact, hash), text, index, &mut found);
        }
        found
    }

    /// The entry that a hash leads to; its words still have to be compared.
    fn start(&self, slots: &[u32], hash: u64) -> Option<usize> {
        if slots.is_empty() {
            return None;
        }
        let mask = slots.len() - 1;
        let mut slot = hash as usize & mask;
        while slots[slot] != 0 {
            let start = slots[slot] as usize - 1;
            if hash_of(&self.entries[start].first.word) == hash {
                return Some(start);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    fn collect(&self, start: Option<usize>, text: &Text<'_>, index: usize, found: &mut Vec<Found>) {
        let Some(start) = start else { return };
        let first = &self.entries[start].first;
        if !first.matches(text.word(index)) {
            return;
        }
        let run = self.entries[start..].iter().take_while(|entry| entry.first == *first);
        found.extend(run.filter(|entry| entry.continues(text, index + 1)).map(|entry| Found {
            meaning: entry.meaning,
            first: index,
            length: 1 + entry.rest.len(),
        }));
    }
}

impl Entry {
    fn continues(&self, text: &Text<'_>, from: usize) -> bool {
        self.rest.iter().enumerate().all(|(offset, pattern)| {
            let index = from + offset;
            index < text.len() && pattern.matches(text.word(index))
        })
    }
}

fn entry(phrase: &str, meaning: u32) -> Option<Entry> {
    let mut patterns = phrase.split_whitespace().flat_map(|part| {
        let stem = part.ends_with('*');
        let folded = fold(part);
        let words: Vec<Pattern> = folded
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| Pattern { stem: false, word: word.to_owned() })
            .collect();
        let last = words.len().saturating_sub(1);
        words.into_iter().enumerate().map(move |(index, pattern)| Pattern { stem: stem && index == last, ..pattern })
    });
    let first = patterns.next()?;
    Some(Entry { first, rest: patterns.collect(), meaning })
}

fn slots(entries: &[Entry], stem: bool) -> Vec<u32> {
    let mut firsts: Vec<(u64, u32)> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let known = index > 0 && entries[index - 1].first == entry.first;
        if entry.first.stem == stem && !known {
            firsts.push((hash_of(&entry.first.word), index as u32 + 1));
        }
    }
    if firsts.is_empty() {
        return Vec::new();
    }
    let size = (firsts.len() * 4).next_power_of_two();
    let mut slots = vec![0; size];
    for (hash, start) in firsts {
        let mut slot = hash as usize & (size - 1);
        while slots[slot] != 0 {
            slot = (slot + 1) & (size - 1);
        }
        slots[slot] = start;
    }
    slots
}

// FNV-1a: the hash of a word passes through the hashes of all its beginnings, which is how stems are found.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

fn hash_of(word: &str) -> u64 {
    word.bytes().fold(SEED, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(phrases: &[&str], text: &str) -> Vec<(u32, String)> {
        let table = Phrases::new(phrases.iter().zip(0..).map(|(phrase, meaning)| (*phrase, meaning)));
        let text = Text::new(text);
        let found = table.find(&text);
        found.iter().map(|hit| (hit.meaning, text.original(hit.first..hit.first + hit.length).to_owned())).collect()
    }

    #[test]
    fn phrases_match_on_whole_words_only() {
        assert_eq!(meanings(&["cat"], "concatenate cats, a Cat"), [(0, "Cat".into())]);
    }

    #[test]
    fn stems_match_any_ending_in_any_position() {
        let found = meanings(&["resum*", "resumen ejecutivo*", "re*"], "Resúmenes; un resumen ejecutivos");
        let expected = [(2, "Resúmenes"), (0, "Resúmenes"), (2, "resumen"), (0, "resumen"), (1, "resumen ejecutivos")];
        assert_eq!(found, expected.map(|(meaning, words)| (meaning, words.to_owned())));
    }

    #[test]
    fn a_phrase_may_not_run_over_the_end() {
        assert!(meanings(&["key points"], "the key").is_empty());
        assert!(meanings(&["", "*", "…"], "anything").is_empty());
    }

    #[test]
    fn signs_inside_a_phrase_count_as_gaps() {
        assert_eq!(meanings(&["tl;dr"], "TL;DR please"), [(0, "TL;DR".into())]);
    }
}
