//! What is known of single words: which languages they are frequent in, and whether they say nothing about a task.

use serde::{Deserialize, Serialize};

/// The bit of words that say nothing about a task.
pub(super) const FILLER: u16 = 1 << 15;
/// The bit of words that negate what follows.
pub(super) const NEGATION: u16 = 1 << 14;
/// How many languages there may be: the bits below.
pub(super) const LANGUAGES: usize = 14;

/// Words and a mask for each, found by hash without a comparison of letters: a clash costs nothing worse than a wrong bit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WordTable {
    /// Open addressing; a mask of 0 is a free place.
    slots: Vec<(u32, u16)>,
}

impl WordTable {
    /// The table of folded words and their masks; masks of a word that comes twice are joined.
    pub(super) fn new<'a>(words: impl IntoIterator<Item = (&'a str, u16)>) -> Self {
        let mut masks = std::collections::BTreeMap::<u64, u16>::new();
        for (word, mask) in words {
            *masks.entry(hash_word(word)).or_default() |= mask;
        }
        let mut table = Self { slots: vec![(0, 0); (masks.len() * 4).next_power_of_two()] };
        for (hash, mask) in masks {
            let slot = table.slot(hash);
            table.slots[slot] = (tag(hash), mask);
        }
        table
    }

    /// The mask of a word, by its hash; 0 when it is not known.
    pub(super) fn mask(&self, hash: u64) -> u16 {
        if self.slots.is_empty() { 0 } else { self.slots[self.slot(hash)].1 }
    }

    /// Where a word stands or would stand. A quarter of the places are taken at most, so the search ends.
    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot].1 != 0 && self.slots[slot].0 != tag(hash) {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// The hash of a folded word.
pub(super) fn hash_word(word: &str) -> u64 {
    mix(word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
}

/// Spreads a hash over all its bits.
pub(super) fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_of_a_word_are_joined_and_others_are_unknown() {
        let table = WordTable::new([("de", 1), ("the", 4), ("de", 2)]);
        assert_eq!(table.mask(hash_word("de")), 3);
        assert_eq!(table.mask(hash_word("the")), 4);
        assert_eq!(table.mask(hash_word("model")), 0);
        assert_eq!(WordTable::default().mask(hash_word("the")), 0);
    }
}
