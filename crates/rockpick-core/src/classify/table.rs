//! What is known of single words: which languages they are frequent in, and whether they say nothing about a task.

use serde::{Deserialize, Serialize};

use crate::packed::Bytes;

/// The bit of words that say nothing about a task.
pub(super) const FILLER: u16 = 1 << 15;
/// The bit of words that negate what follows.
pub(super) const NEGATION: u16 = 1 << 14;
/// How many languages there may be: the bits below.
pub(super) const LANGUAGES: usize = 14;

/// Words and a mask for each, found by hash without a comparison of letters: a clash costs nothing worse than a wrong bit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct WordTable {
    /// Open addressing: the tag and the mask of a word, the lowest byte first. A mask of 0 is a free place.
    slots: Bytes,
}

type Slot = [u8; 6];

impl WordTable {
    /// The table of folded words and their masks; masks of a word that comes twice are joined.
    pub(super) fn new<'a>(words: impl IntoIterator<Item = (&'a str, u16)>) -> Self {
        let mut masks = std::collections::BTreeMap::<u64, u16>::new();
        for (word, mask) in words {
            *masks.entry(hash_word(word)).or_default() |= mask;
        }
        let mut slots: Vec<Slot> = vec![Slot::default(); (masks.len() * 4).next_power_of_two()];
        for (hash, mask) in masks {
            let at = place(&slots, hash);
            slots[at][..4].copy_from_slice(&tag(hash));
            slots[at][4..].copy_from_slice(&mask.to_le_bytes());
        }
        Self { slots: slots.concat().into() }
    }

    /// The mask of a word, by its hash; 0 when it is not known.
    pub(super) fn mask(&self, hash: u64) -> u16 {
        let (slots, _) = self.slots.as_chunks();
        if slots.is_empty() { 0 } else { mask_of(slots[place(slots, hash)]) }
    }
}

/// Where a word stands or would stand. A quarter of the places are taken at most, so the search ends.
fn place(slots: &[Slot], hash: u64) -> usize {
    let last = slots.len() - 1;
    let mut place = hash as usize & last;
    while mask_of(slots[place]) != 0 && slots[place][..4] != tag(hash) {
        place = (place + 1) & last;
    }
    place
}

fn mask_of(slot: Slot) -> u16 {
    u16::from_le_bytes([slot[4], slot[5]])
}

fn tag(hash: u64) -> [u8; 4] {
    ((hash >> 32) as u32).to_le_bytes()
}

/// The hash of a folded word.
pub(super) fn hash_word(word: &str) -> u64 {
    mix(word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }))
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
