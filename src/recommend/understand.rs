//! How a task is understood: its category, its constraints, what a request holds.

use jiff::civil::Date;

use super::filter::Filter;
use crate::catalog::{Catalog, Usage};
use crate::classify::{Classification, Reading};
use crate::read::asked_for;
use crate::rules::{Category, RuleSet};
use crate::task::{Constraints, Latency, Preference, Task};
use crate::text::Text;
use crate::words::{self, Said};

/// A task as it was understood.
#[derive(Clone, Debug)]
pub struct Understanding<'a> {
    /// The category; `None` when the words do not tell.
    pub category: Option<&'a Category>,
    /// Whether the words of a prompt do not tell, so that it is treated like any conversation.
    pub general: bool,
    /// How sure it is, 0 to 1; 1 when the category was given.
    pub confidence: f32,
    /// What the words say of every category.
    pub classification: Classification,
    /// What was asked explicitly and, where that is silent, in words.
    pub constraints: Constraints,
    /// What was read from the words, whether or not something explicit won over it.
    pub said: Vec<Said>,
    /// What weighs most.
    pub preference: Preference,
    /// What one request holds.
    pub usage: Usage,
    /// Whether tokens are the category's assumption: input, output.
    pub assumed: (bool, bool),
    /// What should be known about how it was read.
    pub notes: Vec<String>,
}

impl<'a> Understanding<'a> {
    /// Reads a task.
    #[must_use]
    pub fn of(task: &Task, rules: &'a RuleSet) -> Self {
        let text = Text::new(&task.text);
        let reading = if task.is_prompt { Reading::Prompt } else { Reading::Need };
        // What a prompt says is for the model that answers it.
        let read = if task.is_prompt { words::Reading::default() } else { rules.vocabulary.read(&text).settled() };
        let classification = rules.classifier.classify(&text, reading, &asked_for(&read, rules));
        let mut notes = read.notes;
        let constraints = merged(&task.constraints, &read.constraints);
        let (category, confidence) = match &task.category {
            Some(name) => (rules.category(name), 1.0),
            None => guessed(&classification, rules),
        };
        let (category, confidence) = match (category, meant_alone(task, read.preference, rules)) {
            (None, Some(category)) => {
                notes.push(format!("the words say what weighs most, not what for: {} is assumed", category.name));
                (Some(category), confidence)
            }
            _ => (category, confidence),
        };
        let category = category.map(|category| as_said(category, task, &text, &mut notes));
        let unsure = task.is_prompt && category.is_none();
        let category = if unsure { general(rules) } else { category };
        let preference = task.preference.or(read.preference).unwrap_or(match constraints.latency {
            Some(Latency::Low) => Preference::Speed,
            _ => Preference::Balanced,
        });
        let mut constraints = constraints;
        fall_back(task, &mut constraints, &mut notes);
        if let Some(category) = category {
            fit_to(category, &task.constraints, &mut constraints, &mut notes);
        }
        Self {
            category,
            general: unsure,
            confidence,
            classification,
            usage: usage(category, &constraints),
            assumed: (constraints.tokens.input.is_none(), constraints.tokens.output.is_none()),
            constraints,
            said: read.found,
            preference,
            notes,
        }
    }

    /// What is asked of offers when the task belongs to `category`.
    #[must_use]
    pub fn filter<'f>(&self, catalog: &'f Catalog, category: &'f Category, as_of: Date) -> Filter<'f> {
        Filter::new(catalog, category, self.constraints.clone(), self.usage, as_of)
    }
}

fn guessed<'a>(classification: &Classification, rules: &'a RuleSet) -> (Option<&'a Category>, f32) {
    let Some((place, probability)) = classification.scores.first() else { return (None, 0.0) };
    let category = rules.categories.get(*place).filter(|_| classification.sure);
    (category, *probability)
}

/// The category as a described need has it. A prompt is for the model that answers it.
fn as_said<'a>(category: &'a Category, task: &Task, text: &Text<'_>, notes: &mut Vec<String>) -> &'a Category {
    if task.is_prompt {
        return category;
    }
    let (said, others) = category.as_said(text);
    for rule in others.iter().filter_map(|other| other.only()).filter(|rule| !said.candidates.contains(rule)) {
        notes.push(format!("the words ask for more than one thing; for another: {} ({})", rule.pattern, rule.because));
    }
    said
}

/// Takes the Region of the environment when none is named, unless data has to stay elsewhere.
fn fall_back(task: &Task, constraints: &mut Constraints, notes: &mut Vec<String>) {
    let Some((region, from)) = task.fallback.as_ref().filter(|_| constraints.regions.is_empty()) else { return };
    match &constraints.residency {
        Some(residency) if !residency.regions.contains(*region) => {
            notes.push(format!("the Region of {from} lies outside {} and is not used", residency.name));
        }
        _ => {
            constraints.regions.insert(*region);
            notes.push(format!("the Region is that of {from}"));
        }
    }
}

/// The category whose demands are taken for a prompt that could be anything.
fn general(rules: &RuleSet) -> Option<&Category> {
    rules.category(rules.preference(Preference::Balanced)?.alone.as_ref()?)
}

/// What is meant by a task that says only what weighs most: "something cheap".
fn meant_alone<'a>(task: &Task, read: Option<Preference>, rules: &'a RuleSet) -> Option<&'a Category> {
    let preference = task.preference.or(read)?;
    rules.category(rules.preference(preference)?.alone.as_ref()?)
}

fn usage(category: Option<&Category>, constraints: &Constraints) -> Usage {
    let assumed = category.map(|category| category.usage).unwrap_or_default();
    Usage {
        input: constraints.tokens.input.unwrap_or(assumed.input),
        output: constraints.tokens.output.unwrap_or(assumed.output),
        seconds: constraints.tokens.seconds.unwrap_or(assumed.seconds),
        lines: constraints.tokens.lines.unwrap_or(assumed.lines),
        ..assumed
    }
}

/// What a category cannot give although the words ask for it is noted instead of leaving nothing that fits.
fn fit_to(category: &Category, explicit: &Constraints, constraints: &mut Constraints, notes: &mut Vec<String>) {
    let own = category.requires.gives();
    let beyond = constraints.output_modalities.without(own).without(explicit.output_modalities);
    if !own.is_empty() && !beyond.is_empty() {
        let names: Vec<&str> = beyond.iter().map(|modality| modality.name()).collect();
        notes.push(format!("the words ask for {} as well; {} gives none", names.join(" and "), category.name));
        constraints.output_modalities = constraints.output_modalities.without(beyond);
    }
}

/// What is explicit, and what was read where that is silent.
fn merged(explicit: &Constraints, read: &Constraints) -> Constraints {
    let mut all = explicit.clone();
    if all.regions.is_empty() {
        all.regions = read.regions;
    }
    if all.residency.is_none() {
        all.residency.clone_from(&read.residency);
    }
    all.global = all.global.or(read.global);
    all.in_region |= read.in_region;
    all.max_cost = all.max_cost.or(read.max_cost);
    all.per_month = all.per_month.or(read.per_month);
    all.tokens.input = all.tokens.input.or(read.tokens.input);
    all.tokens.output = all.tokens.output.or(read.tokens.output);
    all.min_context = all.min_context.or(read.min_context);
    all.input_modalities = all.input_modalities.or(read.input_modalities);
    all.output_modalities = all.output_modalities.or(read.output_modalities);
    all.features = all.features.or(read.features);
    if all.providers.is_empty() && all.models.is_empty() {
        all.providers = read.providers.without(all.exclude);
    }
    all.exclude = all.exclude.or(read.exclude.without(explicit.providers));
    all.max_wait = all.max_wait.or(read.max_wait);
    all.latency = all.latency.or(read.latency);
    all.tier = all.tier.or(read.tier);
    all.retention = all.retention.or(read.retention);
    all
}
