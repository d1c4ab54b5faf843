//! Which language a text is in, as far as frequent words, letters and scripts tell.

use serde::{Deserialize, Serialize};

use super::manner::{LanguageEntry, Script};
use super::table::{LANGUAGES, WordTable, hash_word};
use crate::text::Text;

/// So many words and bytes are looked at.
const WORDS: usize = 48;
const BYTES: usize = 600;
/// So much a language has to gather, and so many times what the next one has.
const ENOUGH: f32 = 0.9;
const CLEARLY: f32 = 1.15;
/// The least share of the words that a language has to account for.
const SHARE: f32 = 0.12;

/// A language that can be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Language {
    code: String,
    letters: String,
    kana: bool,
    han: bool,
}

/// The languages in the order of the bits of the table of words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Languages(Vec<Language>);

impl Languages {
    pub(super) fn new<'a>(
        entries: impl IntoIterator<Item = (&'a String, &'a LanguageEntry)>,
    ) -> Self {
        let language = |(code, entry): (&String, &LanguageEntry)| Language {
            code: code.clone(),
            letters: entry.letters.clone(),
            kana: entry.script == Some(Script::Kana),
            han: entry.script == Some(Script::Han),
        };
        Self(entries.into_iter().map(language).collect())
    }

    /// The code of the language of a text.
    pub(super) fn of(&self, text: &Text<'_>, words: &WordTable) -> Option<&str> {
        let (kana, han) = scripts(text.source());
        if kana + han > 0 && (kana + han) * 3 > text.len().min(BYTES / 3) {
            let wanted = |language: &&Language| if kana > 0 { language.kana } else { language.han };
            return self.0.iter().find(wanted).map(|language| language.code.as_str());
        }
        let mut scores = [0.0f32; LANGUAGES];
        count_words(text, words, &mut scores);
        self.count_letters(text.source(), &mut scores);
        self.best(&scores, text.len().min(WORDS))
    }

    fn count_letters(&self, source: &str, scores: &mut [f32; LANGUAGES]) {
        let beyond_ascii =
            source.char_indices().take_while(|(at, _)| *at < BYTES).map(|(_, character)| character);
        for character in beyond_ascii.filter(|character| !character.is_ascii()) {
            for (language, score) in self.0.iter().zip(scores.iter_mut()) {
                *score +=
                    f32::from(u8::from(language.letters.contains(character.to_ascii_lowercase())));
            }
        }
    }

    fn best(&self, scores: &[f32; LANGUAGES], words: usize) -> Option<&str> {
        let (mut best, mut next, mut place) = (0.0, 0.0, 0);
        for (at, score) in scores.iter().enumerate() {
            if *score > best {
                (next, best, place) = (best, *score, at);
            } else if *score > next {
                next = *score;
            }
        }
        let told = best >= ENOUGH && best >= next * CLEARLY && best >= SHARE * words as f32;
        self.0.get(place).filter(|_| told).map(|language| language.code.as_str())
    }
}

/// How many Japanese syllables and how many Chinese characters a text begins with.
fn scripts(source: &str) -> (usize, usize) {
    let (mut kana, mut han) = (0, 0);
    for (_, character) in source.char_indices().take_while(|(at, _)| *at < BYTES) {
        match u32::from(character) {
            0x3040..=0x30ff => kana += 1,
            0x3400..=0x9fff => han += 1,
            _ => {}
        }
    }
    (kana, han)
}

fn count_words(text: &Text<'_>, words: &WordTable, scores: &mut [f32; LANGUAGES]) {
    for word in text.words().take(WORDS) {
        let mask = words.mask(hash_word(word)) & ((1 << LANGUAGES) - 1);
        let share = 1.0 / mask.count_ones().max(1) as f32;
        for (bit, score) in scores.iter_mut().enumerate() {
            *score += if mask & 1 << bit == 0 { 0.0 } else { share };
        }
    }
}
