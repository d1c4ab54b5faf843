//! How a task is understood: its category, its constraints, what a request holds.

use jiff::civil::Date;

use super::filter::Filter;
use super::gone::{self, Gone};
use super::readings;
use crate::asks::{Hint, Noun, Refusal, home_of};
use crate::catalog::{Catalog, Status, Usage};
use crate::classify::{Classification, Reading};
use crate::read::{classified, need};
use crate::rules::{Category, RuleSet};
use crate::task::{Constraints, Latency, ModelIndex, Preference, Task};
use crate::text::Text;
use crate::vocabulary::vocabulary;
use crate::words::{Mentioned, Said};

/// No answer is shorter, in tokens: a label.
const SHORTEST_ANSWER: u64 = 5;

/// What the answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A recommendation for the category that was read or given.
    Category,
    /// A recommendation for general text: the words do not tell the task.
    General,
    /// The models that were named, without a task.
    Listing(ListingOrder),
}

impl Answer {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::General => "general",
            Self::Listing(_) => "listing",
        }
    }
}

vocabulary! {
    /// What a listing begins with.
    ListingOrder {
        /// The model launched last.
        Newest = "newest",
        /// The cheapest tokens.
        Cheapest = "cheapest",
        /// The best at general text.
        Best = "best",
    }
}

/// A task as it was understood.
#[derive(Clone, Debug)]
pub struct Understanding<'a> {
    /// The category; `None` when the words do not tell and nothing is assumed.
    pub category: Option<&'a Category>,
    /// What the answer is.
    pub answer: Answer,
    /// Whether the words do not tell the task, so that general text is assumed.
    pub general: bool,
    /// How sure it is, 0 to 1; 1 when the category was given.
    pub confidence: f32,
    /// What the words say of every category.
    pub classification: Classification,
    /// What was asked explicitly and, where that is silent, in words.
    pub constraints: Constraints,
    /// What was read from the words, whether or not something explicit won over it.
    pub said: Vec<Said>,
    /// Everything in the words that looked like a constraint, used or not.
    pub mentions: Vec<Mentioned>,
    /// What weighs most.
    pub preference: Preference,
    /// What one request holds.
    pub usage: Usage,
    /// Whether tokens are the category's assumption: input, output.
    pub assumed: (bool, bool),
    /// What was mentioned and not used, or names what no fact covers.
    pub unused: Vec<String>,
    /// What should be known about how it was read.
    pub notes: Vec<String>,
    /// Models that were named and cannot be called any more.
    pub gone: Vec<Gone>,
    /// What certain words mean for the answer.
    pub hints: Vec<&'a Hint>,
    /// Why nothing can be recommended at all.
    pub refused: Option<Refusal>,
}

impl<'a> Understanding<'a> {
    /// Reads a task.
    #[must_use]
    pub fn of(task: &Task, catalog: &Catalog, rules: &'a RuleSet) -> Self {
        Self::without(task, catalog, rules, &[])
    }

    /// Reads a task, but for what its words say of some fields.
    pub(super) fn without(
        task: &Task,
        catalog: &Catalog,
        rules: &'a RuleSet,
        fields: &[&str],
    ) -> Self {
        let text = Text::new(&task.text);
        let reading = if task.is_prompt { Reading::Prompt } else { Reading::Need };
        // What a prompt says is for the model that answers it.
        let (mut read, asked) =
            if task.is_prompt { Default::default() } else { need(&text, catalog, rules) };
        let classification = classified(&text, reading, &read, &asked, rules);
        readings::forget(&mut read, fields);
        let unused = [read.not_used(&task.text), read.not_checked(&task.text)];
        let mut notes = read.notes;
        let mut constraints = merged(&task.constraints, &read.constraints);
        let gone = gone::named(task, &asked, catalog, &mut constraints);
        let hints = asked.hints;
        let (category, confidence) = match &task.category {
            Some(name) => (rules.category(name), 1.0),
            None => guessed(&classification, &hints, rules),
        };
        let category = category.map(|category| as_said(category, task, &text, &mut notes));
        let prefer = task.preference.or(read.preference);
        let answer = match category {
            Some(_) => Answer::Category,
            // "What replaces Claude 2?": what follows it is the answer.
            None if asked.names || (!gone.is_empty() && task.retired.is_empty()) => {
                Answer::Listing(order(asked.newest, prefer))
            }
            None => Answer::General,
        };
        let category = category.or_else(|| assumed(answer, task, rules));
        let preference = prefer.or(category.and_then(|category| category.prefer)).unwrap_or(
            match constraints.latency {
                Some(Latency::Low) => Preference::Speed,
                _ => Preference::Balanced,
            },
        );
        fall_back(task, &mut constraints, &mut notes);
        // What follows a model that is gone is meant where nothing but that model was asked for.
        let explicit = !task.constraints.models.is_empty() || !task.retired.is_empty();
        if constraints.models.is_empty() && (explicit || matches!(answer, Answer::Listing(_))) {
            constraints.models = gone::successors(&gone);
        }
        settle(task, answer, catalog, &mut constraints);
        for hint in &hints {
            constraints.input_modalities = constraints.input_modalities.or(hint.input);
        }
        let given = constraints.tokens;
        if let Some(category) = category {
            fit_to(category, &task.constraints, &mut constraints, &mut notes);
            piece(category, asked.noun, &mut constraints, &mut notes);
        }
        let refused = asked.refused.filter(|_| task.constraints.regions.is_empty());
        let category = category.filter(|_| refused.is_none());
        Self {
            category,
            answer,
            general: answer == Answer::General && category.is_some(),
            confidence,
            classification,
            usage: usage(category, &constraints),
            assumed: (given.input.is_none(), given.output.is_none()),
            constraints,
            said: read.found,
            mentions: read.mentions,
            preference,
            unused: unused.into_iter().flatten().collect(),
            notes,
            gone,
            hints,
            refused,
        }
    }

    /// What is asked of offers when the task belongs to `category`.
    #[must_use]
    pub fn filter<'f>(
        &self,
        catalog: &'f Catalog,
        category: &'f Category,
        as_of: Date,
    ) -> Filter<'f> {
        self.filter_under(catalog, category, self.constraints.clone(), as_of)
    }

    /// The same under other constraints.
    pub(super) fn filter_under<'f>(
        &self,
        catalog: &'f Catalog,
        category: &'f Category,
        constraints: Constraints,
        as_of: Date,
    ) -> Filter<'f> {
        let mut filter = Filter::new(catalog, category, constraints, self.usage, as_of);
        if matches!(self.answer, Answer::Listing(_)) {
            // A list of models is for no request in particular: only a context that is asked for counts.
            filter.context = self.constraints.min_context.unwrap_or(0);
        }
        filter
    }
}

/// The category that the words are read as; what a hint says of it counts more.
fn guessed<'a>(
    classification: &Classification,
    hints: &[&Hint],
    rules: &'a RuleSet,
) -> (Option<&'a Category>, f32) {
    let meant = hints.iter().find_map(|hint| rules.category(hint.category.as_ref()?));
    let Some((place, probability)) = classification.scores.first() else { return (meant, 0.0) };
    let category = meant.or_else(|| rules.categories.get(*place).filter(|_| classification.sure));
    (category, *probability)
}

/// What is meant where the words tell no task: nothing when that is refused, or nothing is said at all.
fn assumed<'a>(answer: Answer, task: &Task, rules: &'a RuleSet) -> Option<&'a Category> {
    match answer {
        Answer::Category => None,
        Answer::Listing(_) => Some(&rules.any),
        Answer::General if task.strict || (task.text.trim().is_empty() && !task.is_prompt) => None,
        Answer::General => rules.category(rules.preference(Preference::Balanced)?.alone.as_ref()?),
    }
}

/// What a list of models begins with: the newest, unless the words prefer something else.
fn order(newest: bool, prefer: Option<Preference>) -> ListingOrder {
    match prefer {
        _ if newest => ListingOrder::Newest,
        Some(Preference::Cost) => ListingOrder::Cheapest,
        Some(Preference::Quality) => ListingOrder::Best,
        _ => ListingOrder::Newest,
    }
}

/// Calls from where data has to stay when no Region is named and it lies in another partition; a list shows all that was named.
fn settle(task: &Task, answer: Answer, catalog: &Catalog, constraints: &mut Constraints) {
    if let Some(residency) =
        constraints.residency.as_ref().filter(|_| constraints.regions.is_empty())
    {
        constraints.regions = home_of(residency, catalog);
    }
    let is_active =
        |model: &ModelIndex| catalog.model(*model).lifecycle.status(task.as_of) == Status::Active;
    let in_words = !constraints.models.is_empty() && task.constraints.models.is_empty();
    // Who names models that are all on their way out means them all the same.
    constraints.include_legacy |= in_words && !constraints.models.iter().any(is_active);
    if matches!(answer, Answer::Listing(_)) {
        constraints.include_legacy = true;
        constraints.allow_unknown = true;
    }
}

/// Takes the size of what is named for what a request holds, where the words do not give one; the answer is the category's share of it.
fn piece(
    category: &Category,
    noun: Option<&Noun>,
    constraints: &mut Constraints,
    notes: &mut Vec<String>,
) {
    let Some((noun, share)) =
        noun.zip(category.per_piece).filter(|_| constraints.tokens.input.is_none())
    else {
        return;
    };
    constraints.tokens.input = Some(noun.tokens);
    let most = category.usage.output;
    let answer = ((noun.tokens as f64 * share).round() as u64).max(SHORTEST_ANSWER.min(most));
    constraints.tokens.output =
        constraints.tokens.output.or(Some(if most == 0 { 0 } else { answer }));
    notes.push(format!(
        "a request is taken for one {} of {} tokens: {}",
        noun.name, noun.tokens, noun.because
    ));
}

/// The category as a described need has it. A prompt is for the model that answers it.
fn as_said<'a>(
    category: &'a Category,
    task: &Task,
    text: &Text<'_>,
    notes: &mut Vec<String>,
) -> &'a Category {
    if task.is_prompt {
        return category;
    }
    let (said, others) = category.as_said(text);
    for rule in others
        .iter()
        .filter_map(|other| other.only())
        .filter(|rule| !said.candidates.contains(rule))
    {
        notes.push(format!(
            "the words ask for more than one thing; for another: {} ({})",
            rule.pattern, rule.because
        ));
    }
    said
}

/// Takes the defaults where nothing is said: the Region of the environment unless data has to stay elsewhere.
fn fall_back(task: &Task, constraints: &mut Constraints, notes: &mut Vec<String>) {
    if let Some((residency, from)) =
        task.defaults.residency.as_ref().filter(|_| constraints.residency.is_none())
    {
        notes.push(format!("data stays in {}, as {from} says", residency.name));
        constraints.residency = Some(residency.clone());
    }
    let open =
        constraints.global.is_none() && constraints.residency.is_none() && !constraints.in_region;
    if task.defaults.allow_global && open {
        constraints.global = Some(true);
    }
    let Some((region, from)) =
        task.defaults.region.as_ref().filter(|_| constraints.regions.is_empty())
    else {
        return;
    };
    match &constraints.residency {
        Some(residency) if !residency.regions.contains(*region) => {
            notes.push(format!(
                "the Region of {from} lies outside {} and is not used",
                residency.name
            ));
        }
        _ => {
            constraints.regions.insert(*region);
            notes.push(format!("the Region is that of {from}"));
        }
    }
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
fn fit_to(
    category: &Category,
    explicit: &Constraints,
    constraints: &mut Constraints,
    notes: &mut Vec<String>,
) {
    let own = category.requires.gives();
    let beyond = constraints.output_modalities.without(own).without(explicit.output_modalities);
    if !own.is_empty() && !beyond.is_empty() {
        let names: Vec<&str> = beyond.iter().map(|modality| modality.name()).collect();
        notes.push(format!(
            "the words ask for {} as well; {} gives none",
            names.join(" and "),
            category.name
        ));
        constraints.output_modalities = constraints.output_modalities.without(beyond);
    }
}

/// What is explicit, and what was read where that is silent.
fn merged(explicit: &Constraints, read: &Constraints) -> Constraints {
    let mut all = explicit.clone();
    if all.regions.is_empty() {
        all.regions = read.regions;
        all.every_region |= read.every_region;
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
        all.models.clone_from(&read.models);
        all.pinned.clone_from(&read.pinned);
    }
    all.exclude = all.exclude.or(read.exclude.without(explicit.providers));
    all.max_wait = all.max_wait.or(read.max_wait);
    all.min_lifetime = all.min_lifetime.or(read.min_lifetime);
    all.effort = all.effort.or(read.effort);
    all.latency = all.latency.or(read.latency);
    all.tier = all.tier.or(read.tier);
    all.retention = all.retention.or(read.retention);
    all
}
