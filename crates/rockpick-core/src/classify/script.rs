//! Which scripts the examples are written in: of a text in another one every category would be a guess.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Lesson;

/// A script is known from so many examples on.
const FEW: usize = 5;
/// So many characters of a text tell its script.
const LOOKED_AT: usize = 400;

/// The blocks of 256 characters whose letters examples hold, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Scripts(Vec<u16>);

impl Scripts {
    pub(super) fn new(lessons: &[Lesson]) -> Self {
        let mut counts = BTreeMap::<u16, usize>::new();
        for text in lessons
            .iter()
            .flat_map(|lesson| lesson.needs.iter().chain(&lesson.labeled).chain(&lesson.prompts))
        {
            let mut blocks: Vec<u16> = letters(text).map(block).collect();
            blocks.sort_unstable();
            blocks.dedup();
            blocks.into_iter().for_each(|block| *counts.entry(block).or_default() += 1);
        }
        // Of a few examples nothing can be said.
        let few = counts.values().max().is_none_or(|most| *most < FEW * FEW);
        Self(
            counts
                .into_iter()
                .filter(|(_, count)| few || *count >= FEW)
                .map(|(block, _)| block)
                .collect(),
        )
    }

    /// Whether most letters of a text are of a script that examples are written in.
    pub(super) fn can_read(&self, text: &str) -> bool {
        let (mut known, mut all) = (0, 0);
        for letter in letters(text).take(LOOKED_AT) {
            all += 1;
            known += usize::from(letter.is_ascii() || self.0.binary_search(&block(letter)).is_ok());
        }
        2 * known >= all
    }
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| character.is_alphabetic())
}

fn block(letter: char) -> u16 {
    (u32::from(letter) >> 8) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_without_examples_cannot_be_read() {
        let needs = vec!["translate résumés into Greek".to_owned(); 30];
        let scripts = Scripts::new(&[Lesson { needs, ..Lesson::default() }]);
        assert!(
            scripts.can_read("a chatbot (чат) for our shop")
                && scripts.can_read("")
                && scripts.can_read("123")
        );
        assert!(!scripts.can_read("Мне нужен чат-бот") && !scripts.can_read("محادثة"));
    }
}
