//! Text as the rules compare it: words without case and accents, each with its place in the original.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// One word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands in the original, in bytes.
    pub span: Range<usize>,
    /// Where it stands in the folded text, in bytes.
    folded: Range<usize>,
}

/// A text cut into words, each folded: lower case, no accents.
///
/// A word is a run of letters and digits, with `+` or `#` at its end (`c++`, `c#`). A character of a script that writes
/// without spaces (Chinese, Japanese) is a word of its own.
#[derive(Clone, Debug, Default)]
pub struct Text<'a> {
    source: &'a str,
    folded: String,
    words: Vec<Word>,
}

impl<'a> Text<'a> {
    /// Cuts and folds a text in one pass.
    #[must_use]
    pub fn new(source: &'a str) -> Self {
        let mut text = Self {
            source,
            folded: String::with_capacity(source.len() + source.len() / 8),
            words: Vec::with_capacity(source.len() / 5 + 1),
        };
        let mut open = None;
        for (at, character) in source.char_indices() {
            if character.is_ascii_alphanumeric() {
                open = open.or_else(|| Some(text.begin(at)));
                text.folded.push(character.to_ascii_lowercase());
            } else if character.is_ascii() {
                let joins = open.is_some() && matches!(character, '+' | '#');
                if joins {
                    text.folded.push(character);
                } else {
                    text.end(&mut open, at);
                }
            } else {
                text.beyond_ascii(&mut open, at, character);
            }
        }
        text.end(&mut open, source.len());
        text
    }

    fn begin(&self, at: usize) -> (usize, usize) {
        (at, self.folded.len())
    }

    fn end(&mut self, open: &mut Option<(usize, usize)>, at: usize) {
        if let Some((start, folded)) = open.take() {
            self.words.push(Word { span: start..at, folded: folded..self.folded.len() });
            self.folded.push(' ');
        }
    }

    fn beyond_ascii(&mut self, open: &mut Option<(usize, usize)>, at: usize, character: char) {
        if is_combining_mark(character) {
            return;
        }
        if !character.is_alphanumeric() {
            return self.end(open, at);
        }
        let alone = writes_without_spaces(character);
        if alone {
            self.end(open, at);
        }
        *open = open.or_else(|| Some(self.begin(at)));
        for part in character.nfd().filter(|part| !is_combining_mark(*part)) {
            self.folded.extend(part.to_lowercase());
        }
        if alone {
            self.end(open, at + character.len_utf8());
        }
    }

    /// The original.
    #[must_use]
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// How many words it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it has no word at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The folded word at `index`, or "" beyond the end.
    #[must_use]
    pub fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |word| &self.folded[word.folded.clone()])
    }

    /// The words in order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| &self.folded[word.folded.clone()])
    }

    /// Where the words `range` stand in the original, in bytes.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Range<usize> {
        let start = self.words.get(range.start).map_or(self.source.len(), |word| word.span.start);
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.words.get(last))
            .map_or(start, |word| word.span.end);
        start..end.max(start)
    }

    /// The words `range` as they are written in the original.
    #[must_use]
    pub fn original(&self, range: Range<usize>) -> &'a str {
        &self.source[self.span(range)]
    }
}

/// A text folded to its words, joined by single spaces: the form in which phrases are compared.
#[must_use]
pub fn fold(text: &str) -> String {
    let text = Text::new(text);
    text.words().collect::<Vec<_>>().join(" ")
}

/// Whether a text fits a pattern in which `*` stands for anything.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            rest.is_empty()
                || text
                    .char_indices()
                    .map(|(at, _)| at)
                    .chain([text.len()])
                    .any(|at| glob(rest, &text[at..]))
        }),
    }
}

fn writes_without_spaces(character: char) -> bool {
    matches!(u32::from(character), 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_folded_and_keep_their_places() {
        let text = Text::new("¿Fráncfort, C++ o São Paulo?");
        assert_eq!(text.words().collect::<Vec<_>>(), ["francfort", "c++", "o", "sao", "paulo"]);
        assert_eq!(text.original(0..1), "Fráncfort");
        assert_eq!(text.original(3..5), "São Paulo");
    }

    #[test]
    fn decomposed_accents_fold_like_composed_ones() {
        assert_eq!(fold("resu\u{301}men"), fold("resúmen"));
    }

    #[test]
    fn scripts_without_spaces_give_a_word_a_character() {
        let text = Text::new("翻訳して");
        assert_eq!(text.len(), 4);
        assert_eq!(text.original(0..2), "翻訳");
    }

    #[test]
    fn a_star_stands_for_anything() {
        assert!(glob("stability.*", "stability.sd3-5-large-v1:0"));
        assert!(glob("*.sd3*large*", "stability.sd3-5-large-v1:0"));
        assert!(!glob("stability.*x", "stability.sd3"));
        assert!(glob("a", "a") && !glob("a", "ab"));
    }

    #[test]
    fn nothing_gives_no_words() {
        assert!(Text::new(" …\n").is_empty());
        assert_eq!(Text::new("").span(0..1), 0..0);
    }

    /// Letters of several scripts, accents in both forms, digits, signs, and anything else.
    fn any_text() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            4 => proptest::char::range('a', 'z'),
            2 => proptest::sample::select("ÁéñßİœǅＡ１²ﬁ".chars().collect::<Vec<_>>()),
            2 => proptest::sample::select(" .,;+#-_'\n\u{301}\u{308}".chars().collect::<Vec<_>>()),
            1 => proptest::sample::select("翻訳しデ한가각🦀".chars().collect::<Vec<_>>()),
            1 => any::<char>(),
        ];
        proptest::collection::vec(character, 0..40).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn spans_quote_the_text_in_order(source in any_text()) {
            let text = Text::new(&source);
            let mut end = 0;
            for index in 0..text.len() {
                let span = text.span(index..index + 1);
                prop_assert!(span.start >= end && !span.is_empty(), "{span:?} after {end}");
                // The word alone folds to what it is in the text.
                let quoted = source.get(span.clone()).expect("a span on char boundaries");
                prop_assert_eq!(fold(quoted), text.word(index));
                end = span.end;
            }
            prop_assert!(end <= source.len());
        }

        #[test]
        fn folding_is_settled_and_composition_changes_nothing(source in any_text()) {
            let folded = fold(&source);
            prop_assert_eq!(fold(&folded), folded.clone());
            let composed = |text: &str| text.nfc().collect::<String>();
            let decomposed = |text: &str| text.nfd().collect::<String>();
            prop_assert_eq!(fold(&composed(&source)), fold(&decomposed(&source)));
        }

        #[test]
        fn a_part_of_a_text_is_within_the_whole(
            source in any_text(),
            first in 0usize..40,
            length in 0usize..40,
        ) {
            let text = Text::new(&source);
            let words = first..first + length;
            prop_assert!(source.contains(text.original(words)));
        }
    }
}
