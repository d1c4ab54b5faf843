//! What a text says it is not about: "not a chatbot", "sin imágenes".

use std::ops::Range;

use super::table::{NEGATION, WordTable, hash_word};
use crate::text::Text;

/// So many words after a negating one are negated, unless a sign ends them before.
const REACH: usize = 3;
/// Negations are looked for in so many words.
const WORDS: usize = 120;

/// The words that are negated, by their places.
pub(super) fn negated(text: &Text<'_>, words: &WordTable) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in 0..text.len().min(WORDS) {
        if words.mask(hash_word(text.word(at))) & NEGATION != 0 {
            let last = (at + 1..text.len().min(at + 1 + REACH))
                .take_while(|word| !ends_before(text, *word))
                .last();
            found.extend(last.map(|last| at + 1..last + 1));
        }
    }
    found
}

/// Whether a sign stands between a word and the one before it that ends what is said.
fn ends_before(text: &Text<'_>, word: usize) -> bool {
    let between = text.span(word - 1..word).end..text.span(word..word + 1).start;
    text.source()
        .get(between)
        .is_some_and(|signs| signs.contains([',', '.', ';', ':', '!', '?', '\n', '(', ')']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_negation_reaches_three_words_or_the_next_sign() {
        let words = WordTable::new([("not", NEGATION), ("sin", NEGATION)]);
        let negated = |source: &str| -> Vec<String> {
            let text = Text::new(source);
            super::negated(&text, &words)
                .into_iter()
                .map(|range| text.original(range).to_owned())
                .collect()
        };
        assert_eq!(negated("not a chatbot, only summaries"), ["a chatbot"]);
        assert_eq!(negated("sin imágenes"), ["imágenes"]);
        assert_eq!(negated("it is not one of the bots"), ["one of the"]);
        assert!(negated("why not").is_empty());
    }
}
