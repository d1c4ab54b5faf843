//! Finding many phrases in a text at once.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::packed::{Bytes, cut, pack};
use crate::text::{Text, fold};

/// A phrase found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<M> {
    /// What the phrase stands for.
    pub meaning: M,
    /// The first word of the text that it covers.
    pub first: usize,
    /// How many words it covers.
    pub length: usize,
}

/// What a word that stands for every word that begins so ends in.
const STEM: &[u8] = b"*";

/// A set of phrases, each with a meaning, that can be found in a text in one pass.
///
/// Phrases are compared word by word, folded. A word that ends in `*` stands for every word that begins so.
/// The table is bytes that need no preparation: that of the bundled rules is made at build time and read where it lies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "", deserialize = "'de: 'static"))]
pub struct Phrases<M> {
    /// Phrases with the same first word stand together.
    runs: Bytes,
    /// Where in `runs` those of a first word are: open addressing by its hash, 1 + the place or 0, four bytes each.
    exact: Bytes,
    /// The same for first words that end in `*`.
    stems: Bytes,
    /// The length of the shortest of those, in bytes.
    shortest_stem: usize,
    meanings: PhantomData<M>,
}

impl<M> Default for Phrases<M> {
    fn default() -> Self {
        Self {
            runs: Bytes::default(),
            exact: Bytes::default(),
            stems: Bytes::default(),
            shortest_stem: usize::MAX,
            meanings: PhantomData,
        }
    }
}

impl<M: PartialEq + Serialize + DeserializeOwned> Phrases<M> {
    /// Makes the table. Phrases without a letter or digit are left out.
    pub fn new<'a>(phrases: impl IntoIterator<Item = (&'a str, M)>) -> Self {
        let mut by_first = BTreeMap::<String, Vec<(Vec<String>, M)>>::new();
        for (phrase, meaning) in phrases {
            let mut words = words(phrase).into_iter();
            if let Some(first) = words.next() {
                by_first.entry(first).or_default().push((words.collect(), meaning));
            }
        }
        let mut runs = Vec::new();
        let mut starts = [Vec::new(), Vec::new()];
        let mut shortest_stem = usize::MAX;
        for (first, mut phrases) in by_first {
            phrases.sort_by(|a, b| a.0.cmp(&b.0));
            phrases.dedup();
            let (is_stem, word) =
                first.strip_suffix('*').map_or((false, first.as_str()), |stem| (true, stem));
            if is_stem {
                shortest_stem = shortest_stem.min(word.len());
            }
            starts[usize::from(is_stem)].push((hash_of(word), runs.len() as u32 + 1));
            let rests = phrases.iter().flat_map(|(rest, meaning)| {
                let rest: Vec<u8> = rest.iter().flat_map(pack).collect();
                [pack(&rest), pack(&pack(meaning))].concat()
            });
            runs.extend([pack(&word), pack(&rests.collect::<Vec<u8>>())].concat());
        }
        let [exact, stems] = starts.map(|starts| slots(&starts).into());
        Self { runs: runs.into(), exact, stems, shortest_stem, meanings: PhantomData }
    }

    /// Every phrase of the text, in the order of their first words; phrases may overlap.
    #[must_use]
    pub fn find(&self, text: &Text<'_>) -> Vec<Found<M>> {
        self.find_in(text, 0..text.len())
    }

    /// The same for phrases that begin with one of the words `range`.
    #[must_use]
    pub fn find_in(&self, text: &Text<'_>, range: std::ops::Range<usize>) -> Vec<Found<M>> {
        let mut found = Vec::new();
        for index in range {
            let word = text.word(index).as_bytes();
            let mut hash = SEED;
            for (at, byte) in word.iter().enumerate() {
                hash = step(hash, *byte);
                if at + 1 >= self.shortest_stem
                    && let Some(run) = self.run(&self.stems, hash, &word[..=at])
                {
                    Self::collect(run, text, index, &mut found);
                }
            }
            if let Some(run) = self.run(&self.exact, hash, word) {
                Self::collect(run, text, index, &mut found);
            }
        }
        found
    }

    /// The phrases that begin with a word, each as the rest of its words and its meaning.
    fn run(&self, slots: &[u8], hash: u64, word: &[u8]) -> Option<&[u8]> {
        let (slots, _) = slots.as_chunks();
        let mask = slots.len().checked_sub(1)?;
        let mut slot = hash as usize & mask;
        loop {
            let start = (u32::from_le_bytes(slots[slot]) as usize).checked_sub(1)?;
            let mut run = self.runs.get(start..)?;
            if cut(&mut run)? == word {
                return cut(&mut run);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn collect(mut run: &[u8], text: &Text<'_>, index: usize, found: &mut Vec<Found<M>>) {
        let next = text.word(index + 1).as_bytes();
        while let (Some(rest), Some(meaning)) = (cut(&mut run), cut(&mut run)) {
            // Most phrases fail at their second word, which is the same for all of them.
            if cut(&mut &*rest).is_some_and(|pattern| !fits(pattern, next)) {
                continue;
            }
            let Some(length) = continues(rest, text, index + 1) else { continue };
            found.extend(postcard::from_bytes(meaning).map(|meaning| Found {
                meaning,
                first: index,
                length: 1 + length,
            }));
        }
    }
}

/// How many words the rest of a phrase has, when the text goes on with it at `from`.
fn continues(mut rest: &[u8], text: &Text<'_>, from: usize) -> Option<usize> {
    let mut length = 0;
    while let Some(pattern) = cut(&mut rest) {
        if !fits(pattern, text.word(from + length).as_bytes()) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// Whether a word is the one that a phrase has, or begins with its stem.
fn fits(pattern: &[u8], word: &[u8]) -> bool {
    pattern.strip_suffix(STEM).map_or(word == pattern, |stem| word.starts_with(stem))
}

/// The words of a phrase, folded; a stem keeps its mark.
fn words(phrase: &str) -> Vec<String> {
    let words = phrase.split_whitespace().flat_map(|part| {
        let folded = fold(part);
        let mut words: Vec<String> =
            folded.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if let Some(last) = words.last_mut().filter(|_| part.ends_with('*')) {
            last.push('*');
        }
        words
    });
    words.collect()
}

/// At most a quarter of the places is taken, so that a search is short and ends.
fn slots(starts: &[(u64, u32)]) -> Vec<u8> {
    if starts.is_empty() {
        return Vec::new();
    }
    let mut slots = vec![0; (starts.len() * 4).next_power_of_two()];
    let mask = slots.len() - 1;
    for (hash, start) in starts {
        let mut slot = *hash as usize & mask;
        while slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        slots[slot] = *start;
    }
    slots.into_iter().flat_map(u32::to_le_bytes).collect()
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
        let table =
            Phrases::new(phrases.iter().zip(0..).map(|(phrase, meaning)| (*phrase, meaning)));
        let text = Text::new(text);
        let found = table.find(&text);
        found
            .iter()
            .map(|hit| (hit.meaning, text.original(hit.first..hit.first + hit.length).to_owned()))
            .collect()
    }

    #[test]
    fn phrases_match_on_whole_words_only() {
        assert_eq!(meanings(&["cat"], "concatenate cats, a Cat"), [(0, "Cat".into())]);
    }

    #[test]
    fn stems_match_any_ending_in_any_position() {
        let found =
            meanings(&["resum*", "resumen ejecutivo*", "re*"], "Resúmenes; un resumen ejecutivos");
        let expected = [
            (2, "Resúmenes"),
            (0, "Resúmenes"),
            (2, "resumen"),
            (0, "resumen"),
            (1, "resumen ejecutivos"),
        ];
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
