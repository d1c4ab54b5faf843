//! What else a task may mean: a second category where the first is in doubt, and the task without what was read from its words.

use super::{Answer, Choice, Recommendation, Recommender};
use crate::rules::Category;
use crate::task::{Constraints, Task};
use crate::words::{self, Said};

/// Below this probability a category is one of two readings.
const SURE: f32 = 0.8;
/// A second reading has this probability at the least, and a guess at no category this one.
const PLAUSIBLE: f32 = 0.05;
const GUESS: f32 = 0.12;
/// So many readings are shown, and so many ways out of a dead end.
const READINGS: usize = 2;
const WAYS: usize = 3;
/// The fields that keep models out.
const FILTERS: [&str; 16] = [
    "regions",
    "residency",
    "in_region",
    "global",
    "max_cost",
    "features",
    "providers",
    "exclude",
    "models",
    "min_context",
    "tokens",
    "input_modalities",
    "output_modalities",
    "latency",
    "effort",
    "min_lifetime",
];

/// A category that the words may mean, with its first choice.
#[derive(Clone, Debug)]
pub struct AsRead<'a> {
    /// The category.
    pub category: &'a Category,
    /// Its probability.
    pub probability: f32,
    /// What is chosen for it; `None` where nothing fits.
    pub choice: Option<Choice<'a>>,
}

/// The first choice without some of what was read from the words.
#[derive(Clone, Debug)]
pub struct Without<'a> {
    /// What is not asked for any more, with the words that it was read from.
    pub dropped: Vec<Said>,
    /// What is chosen then.
    pub choice: Choice<'a>,
}

impl<'a> Recommendation<'a> {
    /// The two likeliest readings where the first is in doubt, likeliest first; nothing where the category is sure, given, or none.
    #[must_use]
    pub fn readings(&self) -> Vec<AsRead<'a>> {
        let understood = &self.understanding;
        let scores = &understood.classification.scores;
        let first = scores.first().copied().unwrap_or_default();
        let is_open =
            self.task.category.is_none() && !self.task.is_prompt && understood.refused.is_none();
        let least = match understood.answer {
            Answer::Category if self.is_category(first.0) && first.1 < SURE => PLAUSIBLE,
            // What is no category for another reason than a low probability is none in a second reading either.
            Answer::General
                if first.1 < self.rules.classifier().floor(understood.classification.reading) =>
            {
                GUESS
            }
            _ => return Vec::new(),
        };
        let plausible = scores
            .iter()
            .take(READINGS)
            .filter(|(_, probability)| is_open && *probability >= least);
        let readings: Vec<AsRead<'a>> = plausible
            .filter_map(|(place, probability)| self.as_read(*place, *probability))
            .collect();
        let is_told = matches!(understood.answer, Answer::Category) && readings.len() < READINGS;
        if is_told { Vec::new() } else { readings }
    }

    fn is_category(&self, place: usize) -> bool {
        let named = self.rules.categories().get(place).map(|category| &category.name);
        self.category().is_some_and(|category| Some(&category.name) == named)
    }

    fn as_read(&self, place: usize, probability: f32) -> Option<AsRead<'a>> {
        let category = self.rules.categories().get(place)?;
        let choice = if self.is_category(place) {
            self.best().cloned()
        } else {
            let task = Task { category: Some(category.name.clone()), ..self.task.clone() };
            Recommender::new(self.catalog, self.rules).recommend(&task).best().cloned()
        };
        Some(AsRead { category, probability, choice })
    }

    /// Where nothing fits: the answers without what was read from the words, one thing at a time, or as few as it takes.
    #[must_use]
    pub fn without_words(&self) -> Vec<Without<'a>> {
        if self.best().is_some() || self.category().is_none() || self.task.is_prompt {
            return Vec::new();
        }
        let fields = self.filters_read();
        let one: Vec<Vec<&'static str>> = fields.iter().map(|field| vec![*field]).collect();
        let pairs = fields
            .iter()
            .enumerate()
            .flat_map(|(at, one)| fields[at + 1..].iter().map(move |other| vec![*one, *other]));
        let ways = [one, pairs.collect(), vec![fields.clone()]];
        let found = |ways: &Vec<Vec<&'static str>>| -> Vec<Without<'a>> {
            ways.iter().filter_map(|dropped| self.without(dropped)).take(WAYS).collect()
        };
        ways.iter().map(found).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The fields that were read from words and keep models out, in the order of the text. A list without its models is none.
    fn filters_read(&self) -> Vec<&'static str> {
        let mut fields: Vec<&'static str> = Vec::new();
        for field in self.understanding.said.iter().map(|said| said.field) {
            if FILTERS.contains(&field)
                && !fields.contains(&field)
                && !(self.is_listing() && field == "models")
            {
                fields.push(field);
            }
        }
        fields
    }

    fn without(&self, fields: &[&'static str]) -> Option<Without<'a>> {
        let answer =
            Recommender::new(self.catalog, self.rules).recommend_without(&self.task, fields);
        let dropped = self
            .understanding
            .said
            .iter()
            .filter(|said| fields.contains(&said.field))
            .cloned()
            .collect();
        Some(Without { dropped, choice: answer.best()?.clone() })
    }
}

/// Takes back what was read of some fields.
pub(super) fn forget(read: &mut words::Reading, fields: &[&str]) {
    let nothing = Constraints::default();
    let constraints = &mut read.constraints;
    for field in fields {
        match *field {
            "regions" => {
                constraints.regions = nothing.regions;
                constraints.every_region = false;
            }
            "residency" => constraints.residency = None,
            "in_region" => constraints.in_region = false,
            "global" => constraints.global = None,
            "max_cost" => constraints.max_cost = None,
            "features" => constraints.features = nothing.features,
            "providers" => constraints.providers = nothing.providers,
            "exclude" => constraints.exclude = nothing.exclude,
            "models" => {
                constraints.models.clear();
                constraints.pinned.clear();
            }
            "min_context" => constraints.min_context = None,
            "tokens" => constraints.tokens = nothing.tokens,
            "input_modalities" => constraints.input_modalities = nothing.input_modalities,
            "output_modalities" => constraints.output_modalities = nothing.output_modalities,
            "latency" => constraints.latency = None,
            "effort" => constraints.effort = None,
            "min_lifetime" => constraints.min_lifetime = None,
            _ => {}
        }
    }
    read.found.retain(|said| !fields.contains(&said.field));
    // The Region of the place where data has to stay goes with it, unless the words name it as well.
    if fields.contains(&"residency") && !read.found.iter().any(|said| said.field == "regions") {
        read.constraints.regions = nothing.regions;
    }
}
