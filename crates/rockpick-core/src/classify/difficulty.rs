//! How hard a prompt is, 0 to 1, from its text alone.

use serde::{Deserialize, Serialize};

use super::manner::DifficultyEntry;
use crate::phrase::Phrases;
use crate::text::Text;

/// So many words and bytes of a prompt are looked at.
const WORDS: usize = 400;
const BYTES: usize = 4096;
/// Words of so many bytes count as long.
const LONG: usize = 9;

/// What makes a prompt difficult.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Difficulty {
    base: f32,
    length: f32,
    numbers: f32,
    long_words: f32,
    signs: f32,
    quantities: f32,
    /// Words of quantity.
    words: Phrases<()>,
}

impl Difficulty {
    pub(super) fn new(entry: &DifficultyEntry) -> Self {
        Self {
            base: entry.base,
            length: entry.length,
            numbers: entry.numbers,
            long_words: entry.long_words,
            signs: entry.signs,
            quantities: entry.quantities,
            words: Phrases::new(entry.quantity_words.split_whitespace().map(|word| (word, ()))),
        }
    }

    /// How hard the text is.
    pub(super) fn of(&self, text: &Text<'_>) -> f32 {
        let words = text.len().min(WORDS);
        let quantities = self.words.find_in(text, 0..words).len();
        let signs = Signs::of(text.source());
        let long = text.words().take(words).filter(|word| word.len() >= LONG).count();
        let log_odds = self.base
            + self.length * (text.len() as f32).ln_1p()
            + self.numbers * signs.numbers.min(12.0)
            + self.long_words * long as f32 / words.max(1) as f32
            + self.signs * signs.formal
            + self.quantities * quantities.min(8) as f32;
        1.0 / (1.0 + (-log_odds).exp())
    }
}

/// What the signs of a text show.
struct Signs {
    numbers: f32,
    /// The share of signs of formulas and code.
    formal: f32,
}

impl Signs {
    fn of(source: &str) -> Self {
        let looked_at = &source.as_bytes()[..source.len().min(BYTES)];
        let (mut numbers, mut formal) = (0u16, 0u16);
        let mut before = b' ';
        for byte in looked_at {
            match byte {
                b'0'..=b'9' => {
                    numbers += u16::from(
                        !before.is_ascii_alphanumeric() && !matches!(before, b'.' | b','),
                    );
                }
                b'=' | b'\\' | b'^' | b'$' | b'{' | b'}' | b'<' | b'>' | b'_' | b'+' | b'*'
                | b'[' | b']' => formal += 1,
                _ => {}
            }
            before = *byte;
        }
        Self { numbers: numbers.into(), formal: f32::from(formal) / looked_at.len().max(1) as f32 }
    }
}
