//! What a text looks like to the classifier: hashed words, pairs of words, pieces of words and marks of the whole.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::table::{FILLER, WordTable, hash_word, mix};
use super::{negation, shape};
use crate::text::Text;

/// The place of a feature that comes from no single word.
pub(super) const NO_WORD: usize = usize::MAX;

/// In a text this short every word counts: "thanks" may be all it says.
const SHORT: usize = 5;
/// A word of so many bytes has too few letters to be told by them alone.
const SHORT_WORD: usize = 3;
/// So much of a word is looked at for pieces, in bytes.
const LONGEST_WORD: usize = 40;
/// Where the first bytes of letters of three begin.
const THREE_BYTES: u8 = 0xe0;
/// What has more letters and digits than any word of an alphabet is data: a key, a digest, a line of base64.
const DATA: usize = 64;

/// What each kind of feature counts. Words say more in a prompt; in a need, which is short, pieces carry over to other
/// forms of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Values {
    word: i32,
    pair: i32,
    apart: i32,
    first: i32,
    /// Pieces of a word; 0 leaves them away.
    piece: i32,
    /// The letters of a word in any order; 0 leaves them away: in long texts they changed nothing.
    letters: i32,
    /// The shortest and the longest pieces, in bytes of the folded word with its two edges.
    pieces: (usize, usize),
    mark: i32,
    /// Whether words that are negated are left away. In prompts a "not" has other meanings.
    negations: bool,
    /// So many words are read at both ends of a long text: what is asked stands at the beginning or at the end, and what is pasted
    /// says little. Of a need nothing is pasted.
    ends: (usize, usize),
    /// Whether what plain counts say is added. In prompts it is a loss.
    pub(super) counts: bool,
    /// How many different features there are, as a power of two: in needs of nine languages they are many.
    bits: u32,
}

impl Values {
    /// How many different features there are.
    pub(super) fn buckets(self) -> usize {
        1 << self.bits
    }

    fn bucket(self, hash: u64) -> usize {
        hash as usize & (self.buckets() - 1)
    }

    /// The words that are left away.
    pub(super) fn negated(self, text: &Text<'_>, words: &WordTable) -> Vec<Range<usize>> {
        if self.negations { negation::negated(text, words) } else { Vec::new() }
    }
}

/// The largest of all values.
pub(super) const LARGEST: i32 = 10;
/// For described needs.
pub(super) const NEED: Values = Values {
    word: 6,
    pair: 4,
    apart: 4,
    first: 4,
    piece: 4,
    letters: 6,
    pieces: (3, 6),
    mark: LARGEST,
    negations: true,
    ends: (60, 60),
    counts: true,
    bits: 16,
};
/// For concrete prompts.
pub(super) const PROMPT: Values = Values {
    word: 6,
    pair: 4,
    apart: 4,
    first: 8,
    piece: 3,
    letters: 0,
    pieces: (3, 5),
    mark: LARGEST,
    negations: false,
    ends: (30, 25),
    counts: false,
    bits: 15,
};

/// For telling needs from prompts: whole words do it as well as pieces, and faster.
pub(super) const KIND: Values = Values { piece: 0, letters: 6, pieces: (0, 0), ..PROMPT };

/// A feature of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Feature {
    /// Its place among the weights.
    pub bucket: usize,
    /// The word that it comes from; `NO_WORD` when it is a mark of the text as a whole.
    pub word: usize,
    /// How much it counts.
    pub value: i32,
}

/// Calls `use_feature` with every feature of the text, but for the words `negated`.
pub(super) fn each(
    text: &Text<'_>,
    words: &WordTable,
    negated: &[Range<usize>],
    values: Values,
    mut use_feature: impl FnMut(Feature),
) {
    let mut pieces = Vec::with_capacity(LONGEST_WORD + 2);
    let mut before = [START; 2];
    let mut place = 0;
    for at in read_words(text, values.ends) {
        if negated.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let word = text.word(at);
        if word.len() > DATA && word.is_ascii() {
            continue;
        }
        let own = hash_word(word);
        if words.mask(own) & FILLER != 0 && text.len() > SHORT {
            continue;
        }
        let mut emit = |hash: u64, value| {
            use_feature(Feature { bucket: values.bucket(hash), word: at, value });
        };
        emit(own, values.word);
        emit(mix(own ^ before[0].rotate_left(21)), values.pair);
        emit(mix(own ^ before[1].rotate_left(33)), values.apart);
        if place < 2 {
            emit(mix(own ^ (FIRST + place)), values.first);
        }
        if values.letters > 0 && word.len() > SHORT_WORD {
            emit(letters(word), values.letters);
        }
        if values.piece > 0 {
            each_piece(word, values.pieces, &mut pieces, |hash| emit(hash, values.piece));
        }
        before = [own, before[0]];
        place += 1;
        if at + 1 == values.ends.0 && text.len() > values.ends.0 + values.ends.1 {
            before = [START; 2];
        }
    }
    shape::each(text, |mark| {
        use_feature(Feature {
            bucket: values.bucket(hash(mark.as_bytes(), 3)),
            word: NO_WORD,
            value: values.mark,
        });
    });
}

/// The places of the words that are read: all of a short text, both ends of a long one.
fn read_words(
    text: &Text<'_>,
    (head, tail): (usize, usize),
) -> impl Iterator<Item = usize> + use<> {
    let count = text.len();
    let (head, tail) = if count > head + tail { (head, count - tail) } else { (count, count) };
    (0..head).chain(tail..count)
}

/// The letters of a word whatever their order: letters change places more often than any other slip is made. A sum needs no sorting.
fn letters(word: &str) -> u64 {
    mix(word.bytes().map(|byte| mix(u64::from(byte) ^ LETTERS)).fold(LETTERS, u64::wrapping_add))
}

fn each_piece(
    word: &str,
    (shortest, longest): (usize, usize),
    pieces: &mut Vec<u8>,
    mut use_piece: impl FnMut(u64),
) {
    pieces.clear();
    pieces.push(b'<');
    pieces.extend_from_slice(&word.as_bytes()[..word.len().min(LONGEST_WORD)]);
    pieces.push(b'>');
    // The letters of some scripts have three bytes, of which the first tells where they begin.
    let width =
        if word.as_bytes().first().is_some_and(|first| *first >= THREE_BYTES) { 3 } else { 1 };
    let begins = |start: &usize| width == 1 || pieces[*start] & 0xc0 != 0x80;
    // A longer piece goes on from the hash of the shorter one.
    for start in (0..pieces.len()).filter(begins) {
        let mut state = seed(2);
        for (at, byte) in pieces[start..].iter().take(longest * width).enumerate() {
            state = step(state, *byte);
            if at + 1 >= shortest * width {
                use_piece(mix(state));
            }
        }
    }
}

/// What stands before the first word, and what tells the first words from the others.
const START: u64 = 0x2545_f491_4f6c_dd1d;
const FIRST: u64 = 0x51ed_270b;
/// What tells the letters of a word from the word.
const LETTERS: u64 = 0x6a09_e667;

fn hash(bytes: &[u8], kind: u64) -> u64 {
    mix(bytes.iter().fold(seed(kind), |state, byte| step(state, *byte)))
}

/// FNV-1a, apart for each kind of feature.
fn seed(kind: u64) -> u64 {
    0xcbf2_9ce4_8422_2325 ^ (kind << 56)
}

fn step(state: u64, byte: u8) -> u64 {
    (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}
