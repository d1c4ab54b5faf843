//! Everything that a text says, read in one go: its category, its constraints, its difficulty.

use std::ops::Range;

use crate::asks::Asked;
use crate::catalog::Catalog;
use crate::classify::{Classification, FoundSignal, Reading};
use crate::rules::RuleSet;
use crate::task::Modality;
use crate::text::Text;
use crate::words;

/// A text as it was read.
#[derive(Clone, Debug)]
pub struct ReadText<'a> {
    /// The text.
    pub source: &'a str,
    /// The name of its category; `None` when it cannot be told.
    pub category: Option<&'a str>,
    /// What it says of every category.
    pub classification: Classification,
    /// The constraints and the preference in its words.
    pub words: words::Reading,
    /// How hard it is as a prompt, 0 to 1.
    pub difficulty: f32,
    /// What the words say for the first categories by what was learned, when that was asked for.
    pub explained: Vec<FoundSignal>,
}

impl<'a> ReadText<'a> {
    /// Reads a text, with the words that carried the first `explained` categories.
    #[must_use]
    pub fn of(
        source: &'a str,
        reading: Reading,
        catalog: &Catalog,
        rules: &'a RuleSet,
        explained: usize,
    ) -> Self {
        let text = Text::new(source);
        let classifier = rules.classifier();
        let (words, asked) = need(&text, catalog, rules);
        let classification = classified(&text, reading, &words, &asked, rules);
        let best = classification.scores.first().filter(|_| classification.sure);
        let first = classification.scores.iter().take(explained);
        let explained = first
            .flat_map(|(category, _)| classifier.explain(&text, classification.reading, *category))
            .collect();
        Self {
            source,
            category: best
                .and_then(|(place, _)| classifier.names().get(*place))
                .map(String::as_str),
            words,
            difficulty: classifier.difficulty(&text),
            classification,
            explained,
        }
    }

    /// The probability of the first category.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        self.classification.scores.first().map_or(0.0, |(_, probability)| *probability)
    }
}

/// The constraints in the words of a need, and what it asks for by name.
pub(crate) fn need<'a>(
    text: &Text<'_>,
    catalog: &Catalog,
    rules: &'a RuleSet,
) -> (words::Reading, Asked<'a>) {
    let mut words = rules.vocabulary.read(text).settled();
    let asked = rules.asks.read(text, &rules.vocabulary, catalog, &mut words);
    (words, asked)
}

/// What a text says of every category. It is sure of none where the words are constraints and nothing else, or name models and no task.
pub(crate) fn classified(
    text: &Text<'_>,
    reading: Reading,
    words: &words::Reading,
    asked: &Asked<'_>,
    rules: &RuleSet,
) -> Classification {
    let masked = asked.masked.as_deref().map(Text::new);
    let text = masked.as_ref().unwrap_or(text);
    let mut classification = rules.classifier().classify(text, reading, &asked_for(words, rules));
    let best = classification.scores.first().map(|(place, _)| *place);
    let is_signaled = || {
        classification
            .signals
            .iter()
            .any(|signal| Some(signal.category) == best && signal.weight > 0.0)
    };
    // A category's own name, and nothing else, is that category.
    let categories = rules.classifier().names();
    if let Some(own) =
        categories.iter().position(|name| text.source().trim().eq_ignore_ascii_case(name))
    {
        classification.scores.sort_by_key(|(place, _)| *place != own);
        classification
            .scores
            .iter_mut()
            .for_each(|(place, score)| *score = f32::from(u8::from(*place == own)));
        classification.sure = true;
        return classification;
    }
    // Beside the names of models a question's own words tell little of a task.
    let named = asked.names || !asked.mentioned.retired.is_empty();
    classification.sure &= !asked.blank && (!named || is_signaled());
    classification
}

/// The places where words ask for something to be made, each with a category whose models make it.
pub(crate) fn asked_for(words: &words::Reading, rules: &RuleSet) -> Vec<(Range<usize>, usize)> {
    let asked = words.found.iter().filter(|said| said.field == "output_modalities");
    let asked = asked.filter_map(|said| Some((&said.span, Modality::named(&said.value)?)));
    let given = |(span, modality): (&Range<usize>, Modality)| {
        let categories =
            rules.categories().iter().take(rules.classifier().names().len()).enumerate();
        let giving =
            categories.filter(move |(_, category)| category.requires.gives().contains(modality));
        let span = span.clone();
        giving.map(move |(category, _)| (span.clone(), category))
    };
    asked.flat_map(given).collect()
}
