//! From a task to ranked offers, with the reasons for and against each.

pub mod filter;
pub mod gone;
pub mod listing;
pub mod migration;
pub mod rank;
pub mod understand;
pub mod unit;
pub mod verdict;

mod abilities;
mod alternatives;
mod efforts;
mod everywhere;
mod lasting;
mod merits;
mod named;
mod readings;
mod reasons;
mod warnings;

pub use self::alternatives::{Alternative, Change};
pub use self::efforts::EffortChoice;
pub use self::filter::{Filter, Reason, Reasons};
pub use self::rank::{Choice, Ranking, Standing};
pub use self::readings::{AsRead, Without};
pub use self::reasons::Explanation;
pub use self::understand::{Answer, ListingOrder, Understanding};
pub use self::unit::Unit;
use crate::catalog::Catalog;
use crate::money::Usd;
use crate::rules::{Category, Grade, PreferenceRule, RuleSet};
use crate::task::{ModelIndex, Task};

/// Recommends offers for tasks: pure, total, and the same every time.
#[derive(Clone, Copy, Debug)]
pub struct Recommender<'a> {
    catalog: &'a Catalog,
    rules: &'a RuleSet,
}

/// The answer to a task.
#[derive(Clone, Debug)]
pub struct Recommendation<'a> {
    /// The facts it rests on.
    pub catalog: &'a Catalog,
    /// The rules it rests on.
    pub rules: &'a RuleSet,
    /// What was asked.
    pub task: Task,
    /// How it was understood.
    pub understanding: Understanding<'a>,
    order: Vec<Choice<'a>>,
    best_quality: Option<f32>,
    floor: f32,
    all_too_slow: bool,
}

impl<'a> Recommender<'a> {
    /// Recommends from these facts by these rules.
    #[must_use]
    pub fn new(catalog: &'a Catalog, rules: &'a RuleSet) -> Self {
        Self { catalog, rules }
    }

    /// Answers a task. That nothing fits is an answer too: an empty ranking with every reason.
    #[must_use]
    pub fn recommend(&self, task: &Task) -> Recommendation<'a> {
        self.recommend_without(task, &[])
    }

    /// The same without what the words say of some fields.
    fn recommend_without(&self, task: &Task, fields: &[&str]) -> Recommendation<'a> {
        let understanding = Understanding::without(task, self.catalog, self.rules, fields);
        let Understanding { ref constraints, preference, .. } = understanding;
        let ranking = understanding.ranking(
            self.catalog,
            self.rules,
            constraints,
            preference,
            task.quality_floor,
            task.as_of,
        );
        let mut ranking = ranking.unwrap_or_default();
        if let (Answer::Listing(order), Some(category)) =
            (understanding.answer, understanding.category)
        {
            named::sort(
                &understanding.filter(self.catalog, category, task.as_of),
                &mut ranking.choices,
                order,
            );
        }
        Recommendation {
            catalog: self.catalog,
            rules: self.rules,
            task: task.clone(),
            understanding,
            order: ranking.choices,
            best_quality: ranking.best_quality,
            floor: ranking.floor,
            all_too_slow: ranking.all_too_slow,
        }
    }
}

impl<'a> Recommendation<'a> {
    /// The best choice, unless nothing fits.
    #[must_use]
    pub fn best(&self) -> Option<&Choice<'a>> {
        self.order.first()
    }

    /// What fits, best first: for every model the best of its offers.
    #[must_use]
    pub fn ranked(&self) -> &[Choice<'a>] {
        &self.order
    }

    /// What a choice costs a month, when it is known how many requests there are.
    #[must_use]
    pub fn per_month(&self, choice: &Choice<'_>) -> Option<Usd> {
        choice
            .cost
            .zip(self.understanding.constraints.per_month)
            .map(|(cost, requests)| cost * requests)
    }

    /// The models of the catalog that do not fit, by id, each with every reason.
    pub fn rejected(&self) -> impl Iterator<Item = (ModelIndex, Reasons)> {
        let filter = self.filter();
        let fits = |model: &ModelIndex| self.order.iter().any(|choice| choice.model == *model);
        let rejected: Vec<ModelIndex> =
            self.catalog.indices().filter(|model| !fits(model)).collect();
        rejected
            .into_iter()
            .filter_map(move |model| filter.as_ref().map(|filter| (model, filter.reasons(model))))
    }

    /// What was asked of offers; nothing when the task was not understood.
    #[must_use]
    pub fn filter(&self) -> Option<Filter<'a>> {
        let category = self.understanding.category?;
        Some(self.understanding.filter(self.catalog, category, self.task.as_of))
    }

    /// The category it was understood as.
    #[must_use]
    pub fn category(&self) -> Option<&'a Category> {
        self.understanding.category
    }

    /// Whether it is a list of the models that were named, without a task.
    #[must_use]
    pub fn is_listing(&self) -> bool {
        matches!(self.understanding.answer, Answer::Listing(_))
    }

    /// What the preference does.
    #[must_use]
    pub fn preference(&self) -> Option<&'a PreferenceRule> {
        self.rules.preference(self.understanding.preference)
    }

    /// Quality, cost and speed of a choice weighed as the category says, 0 to 1: for comparing, not what ranks.
    #[must_use]
    pub fn score(&self, choice: &Choice<'_>) -> f32 {
        self.filter()
            .map_or(0.0, |filter| rank::score(&filter, &self.order, self.best_quality, choice))
    }

    /// How good a choice is on the one scale over all of Bedrock.
    #[must_use]
    pub fn grade(&self, choice: &Choice<'_>) -> Grade {
        choice.grade(self.rules.grades())
    }

    /// Whether nothing is known to answer within the longest wait, so that the wait did not count.
    #[must_use]
    pub fn all_too_slow(&self) -> bool {
        self.all_too_slow
    }

    /// The best quality among what fits, as far as evidence says.
    #[must_use]
    pub fn best_quality(&self) -> Option<f32> {
        self.best_quality
    }

    /// The least quality that was good enough.
    #[must_use]
    pub fn floor(&self) -> f32 {
        self.floor
    }
}
