//! Which category a text belongs to, how sure that is, and which words say so.
//!
//! What the rules' authors wrote as examples is what the classifier learns from; signals are words that they force. A described
//! need ("a bot for our shop") and a concrete prompt ("hi, where is my parcel?") look different, so each has a head of its own.

mod counts;
mod descend;
mod difficulty;
mod features;
mod head;
mod language;
mod learn;
mod manner;
mod negation;
mod script;
mod shape;
mod signals;
mod table;
mod validate;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use self::difficulty::Difficulty;
use self::head::Head;
use self::language::Languages;
pub use self::learn::Lesson;
pub use self::manner::Manner;
use self::script::Scripts;
use self::signals::Signals;
use self::table::{FILLER, LANGUAGES, NEGATION, WordTable};
pub use self::validate::{Misread, Parts, Report, leave_out};
use crate::text::{Text, fold};

/// Which kind of text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A described need.
    Need,
    /// A concrete prompt.
    Prompt,
}

/// A text is read as the other kind when it is of that kind with at least this probability.
const CLEARLY: f32 = 0.98;
/// So many categories are few.
const FEW: f32 = 16.0;

/// Reads texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Classifier {
    /// The categories by name, in the order in which heads count them.
    names: Vec<String>,
    needs: Head,
    prompts: Head,
    /// Tells needs from prompts.
    kinds: Head,
    signals: Signals,
    words: WordTable,
    languages: Languages,
    difficulty: Difficulty,
    scripts: Scripts,
    /// Floor and temperature, for needs and prompts.
    sureness: [(f32, f32); 2],
    /// What a need says for a category that gives what it asks for, in log-odds.
    gives: f32,
}

/// What a text is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Classification {
    /// Every category by its place, most likely first, with its probability.
    pub scores: Vec<(usize, f32)>,
    /// Whether the first one is more than a guess.
    pub sure: bool,
    /// As which kind it was read.
    pub reading: Reading,
    /// The signals that were found.
    pub signals: Vec<FoundSignal>,
    /// The code of the language, as far as it can be told.
    pub language: Option<String>,
}

/// What speaks for or against a category in a text: a signal, or a word by what was learned.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundSignal {
    /// Where, in bytes.
    pub span: Range<usize>,
    /// For which category, by its place.
    pub category: usize,
    /// How much it says for it, in log-odds; below zero against it.
    pub weight: f32,
}

impl Classifier {
    /// Learns from all lessons.
    #[must_use]
    pub fn learn(lessons: &[Lesson], manner: &Manner) -> Self {
        let words = words(manner);
        let [needs, prompts, kinds] = learn::heads(lessons, &words);
        Self {
            names: lessons.iter().map(|lesson| lesson.name.clone()).collect(),
            needs,
            prompts,
            kinds,
            signals: Signals::new(lessons, &manner.signals),
            words,
            languages: Languages::new(&manner.language),
            difficulty: Difficulty::new(&manner.difficulty),
            scripts: Scripts::new(lessons),
            sureness: [&manner.need, &manner.prompt]
                .map(|sureness| (sureness.floor, sureness.temperature)),
            gives: manner.signals.gives,
        }
    }

    /// The categories by name, in the order of their places.
    #[must_use]
    pub fn names(&self) -> &[String] {
        let told = self.names.iter().position(String::is_empty).unwrap_or(self.names.len());
        &self.names[..told]
    }

    /// Reads a text as the given kind, or as the other where it clearly is of that. `asked` are the places where it asks for something,
    /// each with a category that gives it; in prompts they are of the matter.
    #[must_use]
    pub fn classify(
        &self,
        text: &Text<'_>,
        reading: Reading,
        asked: &[(Range<usize>, usize)],
    ) -> Classification {
        let reading = self.kind(text, reading);
        let floor = self.floor(reading);
        let asked = if reading == Reading::Need { asked } else { &[] };
        let (mut scores, signals) = self.scores(text, reading, self.head(reading), asked);
        let tells = scores
            .first()
            .is_some_and(|(place, _)| self.names.get(*place).is_some_and(|name| !name.is_empty()));
        scores.retain(|(place, _)| self.names.get(*place).is_some_and(|name| !name.is_empty()));
        let sure = tells
            && !text.is_empty()
            && self.scripts.can_read(text.source())
            && scores.first().is_some_and(|(_, probability)| *probability >= floor);
        let language = self.languages.of(text, &self.words).map(str::to_owned);
        Classification { scores, sure, reading, signals, language }
    }

    /// Every category with its probability, most likely first, and the signals that were found.
    fn scores(
        &self,
        text: &Text<'_>,
        reading: Reading,
        head: &Head,
        asked: &[(Range<usize>, usize)],
    ) -> (Vec<(usize, f32)>, Vec<FoundSignal>) {
        let negated = head.values.negated(text, &self.words);
        let mut odds = head.logits(text, &self.words, &negated);
        let mut signals = self.signals.find(text, reading, &negated);
        let given = |(span, category): &(Range<usize>, usize)| FoundSignal {
            span: span.clone(),
            category: *category,
            weight: self.gives,
        };
        signals.extend(asked.iter().map(given));
        for signal in &signals {
            odds[signal.category] += signal.weight;
        }
        to_probabilities(&mut odds, self.sureness[reading as usize].1);
        let mut scores: Vec<(usize, f32)> = odds.into_iter().enumerate().collect();
        scores.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        (scores, signals)
    }

    /// How much each word says for a category by what was learned, in the order of the text; signals come on top.
    #[must_use]
    pub fn explain(&self, text: &Text<'_>, reading: Reading, category: usize) -> Vec<FoundSignal> {
        let carried = self.head(reading).carried(text, &self.words, category);
        let words = carried.into_iter().filter(|(word, _)| *word != features::NO_WORD);
        words
            .map(|(word, weight)| FoundSignal { span: text.span(word..word + 1), category, weight })
            .collect()
    }

    /// How hard a prompt is, 0 to 1, from its text alone.
    #[must_use]
    pub fn difficulty(&self, text: &Text<'_>) -> f32 {
        self.difficulty.of(text)
    }

    /// The probability below which a category is a guess. Floors are stated for few categories; among many, the likeliest one has less of
    /// the whole and is no worse a guess for it.
    #[must_use]
    pub fn floor(&self, reading: Reading) -> f32 {
        self.sureness[reading as usize].0 * (FEW / self.names.len() as f32).sqrt().min(1.0)
    }

    fn kind(&self, text: &Text<'_>, asked: Reading) -> Reading {
        let mut odds = self.kinds.logits(text, &self.words, &[]);
        to_probabilities(&mut odds, 1.0);
        match (asked, odds.as_slice()) {
            (Reading::Need, [_, prompt]) if *prompt > CLEARLY => Reading::Prompt,
            (Reading::Prompt, [need, _]) if *need > CLEARLY => Reading::Need,
            _ => asked,
        }
    }

    fn head(&self, reading: Reading) -> &Head {
        match reading {
            Reading::Need => &self.needs,
            Reading::Prompt => &self.prompts,
        }
    }
}

/// The words that say nothing about a task, and those that tell a language.
fn words(manner: &Manner) -> WordTable {
    let fillers = manner.fillers.values().map(|list| (list, FILLER));
    let negations = manner.negations.values().map(|list| (list, NEGATION));
    let languages = manner
        .language
        .values()
        .take(LANGUAGES)
        .enumerate()
        .map(|(bit, entry)| (&entry.words, 1 << bit));
    let lists: Vec<(String, u16)> =
        fillers.chain(negations).chain(languages).map(|(list, mask)| (fold(list), mask)).collect();
    WordTable::new(lists.iter().flat_map(|(list, mask)| list.split(' ').map(|word| (word, *mask))))
}

/// Turns log-odds into probabilities, in place.
fn to_probabilities(odds: &mut [f32], temperature: f32) {
    let highest = odds.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for value in odds.iter_mut() {
        *value = ((*value - highest) / temperature).exp();
        total += *value;
    }
    odds.iter_mut().for_each(|value| *value /= total);
}
