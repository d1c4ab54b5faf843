//! The order of the offers that fit.

use jiff::civil::Date;

use super::Understanding;
use super::filter::Filter;
use super::unit::{self, Unit};
use crate::catalog::{Catalog, Offer, Usage};
use crate::money::Usd;
use crate::rules::evidence::Age;
use crate::rules::{Action, Evidence, Grade, Grades, Order, PreferenceRule, Quality, RuleSet};
use crate::task::{Constraints, Effort, ModelIndex, Preference};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a choice stands, best first.
    Standing {
        /// A rule puts it first.
        Pinned = "pinned",
        /// Good enough, even at the lower end of what its quality may be.
        Good = "good",
        /// Good enough by its quality, but not by the lower end of what that may be.
        LessProven = "less-proven",
        /// Public evidence says that it is not good enough.
        BelowFloor = "below-floor",
        /// There is no public evidence.
        NoEvidence = "no-evidence",
    }
}

/// An offer at a reasoning effort that fits, with what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<'a> {
    /// The model.
    pub model: ModelIndex,
    /// The best of its offers that fit.
    pub offer: &'a Offer,
    /// The reasoning effort; `None` where the model has none.
    pub effort: Option<Effort>,
    /// The place of the effort among the levels of the model's thinking.
    pub level: usize,
    /// What one request holds, the thinking included.
    pub usage: Usage,
    /// What one request costs, where known.
    pub cost: Option<Usd>,
    /// How good it is at the task at this effort, where public evidence says.
    pub quality: Option<&'a Quality>,
    /// What the quality rests on.
    pub evidence: Option<&'a Evidence>,
    /// How much evidence there is, 0 to 1.
    pub confidence: f32,
    /// Milliseconds to the first and to the last token of an answer, where medians are known.
    pub wait: Option<(u64, u64)>,
    /// Where it stands.
    pub standing: Standing,
    /// Whether a rule puts it before others of the same standing.
    pub boosted: bool,
}

/// The ranking and what it was measured by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking<'a> {
    /// Best first, each model once, at the effort that serves best.
    pub choices: Vec<Choice<'a>>,
    /// The best quality of what fits whatever it costs, if any has one.
    pub best_quality: Option<f32>,
    /// The least quality that is good enough.
    pub floor: f32,
    /// Whether nothing is known to answer within the longest wait, so that the wait rejects nothing.
    pub all_too_slow: bool,
}

impl Choice<'_> {
    /// How good it is on the one scale over all of Bedrock.
    #[must_use]
    pub fn grade(&self, grades: &Grades) -> Grade {
        grades.of(self.quality)
    }

    fn quality_value(&self) -> f32 {
        self.quality.map_or(0.0, |quality| quality.value)
    }
}

impl<'a> Understanding<'a> {
    /// Ranks what fits under some constraints and a preference; `None` when the task was not understood.
    pub(super) fn ranking(
        &self,
        catalog: &'a Catalog,
        rules: &'a RuleSet,
        constraints: &Constraints,
        preference: Preference,
        floor: Option<f64>,
        as_of: Date,
    ) -> Option<Ranking<'a>> {
        let rule = rules.preference(preference)?;
        let filter = self.filter_under(catalog, self.category?, constraints.clone(), as_of);
        Some(rank(&filter, By { rule, grades: rules.grades(), floor }))
    }
}

/// What a ranking is made by.
#[derive(Clone, Copy, Debug)]
pub(super) struct By<'r> {
    /// What the preference does.
    pub rule: &'r PreferenceRule,
    /// The grades of quality.
    pub grades: &'r Grades,
    /// The least share of the best quality, where the task says one.
    pub floor: Option<f64>,
}

/// Ranks the best offers of all models that fit, each at the effort that serves best.
pub(super) fn rank<'a>(filter: &Filter<'a>, by: By<'_>) -> Ranking<'a> {
    let mut rated = rated(filter);
    let best_quality =
        rated.iter().filter_map(|unit| unit.quality).map(|quality| quality.value).reduce(f32::max);
    let share = by.floor.map_or(by.rule.quality_floor, |floor| floor as f32);
    // Nothing weak is good enough, however weak the rest is. Who gives a floor means exactly that.
    let least = if by.floor.is_some() { 0.0 } else { by.grades.fair };
    let floor = best_quality.map_or(0.0, |best| (best * share).max(least));
    rated.retain(|unit| filter.pays(unit.of.cost));
    let all_too_slow = filter.constraints.max_wait.is_some() && !keep_fast(filter, &mut rated);
    for unit in &mut rated {
        unit.standing = standing(filter, unit, floor);
    }
    Ranking { choices: sorted(filter, &rated, by.rule), best_quality, floor, all_too_slow }
}

/// A unit with what evidence says of it.
#[derive(Clone, Copy)]
struct Rated<'a> {
    of: Unit<'a>,
    quality: Option<&'a Quality>,
    standing: Standing,
}

impl Rated<'_> {
    fn wait(&self, filter: &Filter<'_>) -> Option<(u64, u64)> {
        let model = filter.catalog.model(self.of.offer.model);
        unit::wait(model, filter.usage_at(&model.thinking.levels()[self.of.level]))
    }

    fn quality_value(&self) -> f32 {
        self.quality.map_or(0.0, |quality| quality.value)
    }
}

/// Every model that fits whatever it costs, at every effort that may be asked for.
fn rated<'a>(filter: &Filter<'a>) -> Vec<Rated<'a>> {
    let mut units = Vec::with_capacity(filter.catalog.models().len());
    for model in filter.catalog.indices() {
        filter.add_units(model, &mut units);
    }
    let rate = |of: Unit<'a>| {
        let evidence = filter.category.evidence(of.offer.model);
        Rated {
            of,
            quality: evidence.and_then(|evidence| evidence.at(of.level)),
            standing: Standing::NoEvidence,
        }
    };
    units.into_iter().map(rate).collect()
}

/// Drops what is too slow, unless nothing is known to be fast enough.
fn keep_fast(filter: &Filter<'_>, rated: &mut Vec<Rated<'_>>) -> bool {
    let in_time = |unit: &Rated<'_>| {
        let wait = unit.wait(filter);
        wait.is_some() && !filter.is_too_slow(wait)
    };
    let any = rated.iter().any(in_time);
    if any {
        rated.retain(|unit| !filter.is_too_slow(unit.wait(filter)));
    }
    any
}

fn choice<'a>(filter: &Filter<'a>, rated: &Rated<'a>, age: Age) -> Choice<'a> {
    let Unit { offer, level, cost } = rated.of;
    let model = filter.catalog.model(offer.model);
    let evidence = filter.category.evidence(offer.model);
    let chosen = &model.thinking.levels()[level];
    let usage = filter.usage_at(chosen);
    Choice {
        model: offer.model,
        offer,
        effort: chosen.effort,
        level,
        usage,
        cost,
        quality: rated.quality,
        evidence,
        confidence: evidence.map_or(0.0, |evidence| evidence.confidence(age)),
        wait: unit::wait(model, usage),
        standing: rated.standing,
        boosted: is(filter, offer.model, Action::Boost),
    }
}

/// Whether a rule of the category does so with the model.
fn is(filter: &Filter<'_>, model: ModelIndex, action: Action) -> bool {
    filter.category.action(model).is_some_and(|candidate| candidate.action == action)
}

fn standing(filter: &Filter<'_>, unit: &Rated<'_>, floor: f32) -> Standing {
    if is(filter, unit.of.offer.model, Action::Pin) {
        return Standing::Pinned;
    }
    match unit.quality {
        None => Standing::NoEvidence,
        Some(quality) if quality.low >= floor => Standing::Good,
        Some(quality) if quality.value >= floor => Standing::LessProven,
        Some(_) => Standing::BelowFloor,
    }
}

/// Quality, cost and speed weighed as the category says, 0 to 1: their weighted geometric mean, each beside the best of what
/// fits. It is for comparing; the ranking follows the preference.
pub(super) fn score(
    filter: &Filter<'_>,
    choices: &[Choice<'_>],
    best_quality: Option<f32>,
    of: &Choice<'_>,
) -> f32 {
    let dollars = |cost: Option<Usd>| cost.map_or(0.0, |cost| cost.as_f64() as f32);
    let cheapest = dollars(choices.iter().filter_map(|choice| choice.cost).min());
    let speed =
        |choice: &Choice<'_>| choice.wait.map_or(0.0, |(_, last)| 1.0 / (last as f32).max(1.0));
    let fastest = choices.iter().map(speed).fold(0.0, f32::max);
    let weights = filter.category.weights;
    let total = (weights.quality + weights.cost + weights.speed).max(1) as f32;
    let part = |own: f32, best: f32, weight: u32| {
        let share = if best > 0.0 { (own / best).clamp(0.01, 1.0) } else { 1.0 };
        weight as f32 * share.ln()
    };
    let cost = dollars(of.cost);
    let cheapness =
        if cost > 0.0 { cheapest / cost } else { f32::from(u8::from(of.cost.is_some())) };
    let sum = part(of.quality_value(), best_quality.unwrap_or(0.0), weights.quality)
        + part(cheapness, 1.0, weights.cost)
        + part(speed(of), fastest, weights.speed);
    (sum / total).exp()
}

/// The best of each model, best first.
fn sorted<'a>(filter: &Filter<'a>, rated: &[Rated<'a>], rule: &PreferenceRule) -> Vec<Choice<'a>> {
    let sorting = Sorting::of(filter, rated, rule);
    let mut keyed: Vec<(Key, &Rated<'a>)> = Vec::with_capacity(rated.len());
    for unit in rated {
        let key = sorting.key(unit);
        match keyed.last_mut() {
            Some(held) if held.1.of.offer.model == unit.of.offer.model => {
                if key < held.0 {
                    *held = (key, unit);
                }
            }
            _ => keyed.push((key, unit)),
        }
    }
    keyed.sort_unstable_by_key(|(key, _)| *key);
    let age = Age::on(filter.as_of);
    keyed.into_iter().map(|(_, unit)| choice(filter, unit, age)).collect()
}

/// Of two that stand alike, what is known to last as long as asked comes first.
type Key = (Standing, bool, bool, u64, u128, u32, ModelIndex, usize);

/// What units are sorted by.
struct Sorting<'s, 'a> {
    filter: &'s Filter<'a>,
    order: Order,
    /// The quality with the highest lower end of what is good enough: what lies below that end is worse, as far as evidence tells.
    best: Option<&'a Quality>,
    /// The most that is near the cheapest of what is good enough, and the steps in which quality counts there.
    near: Option<(u128, f32)>,
}

impl<'s, 'a> Sorting<'s, 'a> {
    fn of(filter: &'s Filter<'a>, rated: &[Rated<'a>], rule: &PreferenceRule) -> Self {
        let good = || rated.iter().filter(|unit| unit.standing == Standing::Good);
        let best = good().filter_map(|unit| unit.quality).max_by(|a, b| a.low.total_cmp(&b.low));
        let cheapest = good().filter_map(|unit| unit.of.cost).min();
        let near = rule
            .near
            .zip(cheapest)
            .map(|(near, cheapest)| (near.most(cheapest).picos(), near.quality));
        Self { filter, order: rule.order, best, near }
    }

    fn key(&self, unit: &Rated<'_>) -> Key {
        let model = unit.of.offer.model;
        let cost = unit.of.cost.map_or(u128::MAX, Usd::picos);
        let quality = greatest_first(unit.quality_value());
        let first = match (unit.standing, self.order) {
            (standing, Order::Speed) if standing != Standing::BelowFloor => {
                unit.wait(self.filter).map_or(u64::MAX, |(_, last)| last)
            }
            (Standing::Good, Order::Cost) => self.by_value(cost, unit.quality_value()),
            (Standing::NoEvidence, _) | (Standing::Pinned, Order::Cost) => 0,
            // What is as good as the best, as far as evidence tells, is told apart by its cost.
            (Standing::Pinned | Standing::Good, Order::Quality)
                if self.best.is_none_or(|best| ties(unit, best)) =>
            {
                0
            }
            _ => u64::from(quality),
        };
        // Then the cheaper comes first, and of two that cost the same, the better; then the lower effort.
        let lasts = self.filter.lifetime_unknown(model).is_none();
        (
            unit.standing,
            !lasts,
            !is(self.filter, model, Action::Boost),
            first,
            cost,
            quality,
            model,
            unit.of.level,
        )
    }

    /// What costs about as much as the cheapest comes before what costs more, the better of it first.
    fn by_value(&self, cost: u128, quality: f32) -> u64 {
        match self.near {
            Some((most, step)) if cost <= most => {
                u64::from(greatest_first((quality / step).floor()))
            }
            Some(_) => u64::MAX,
            None => 0,
        }
    }
}

/// Whether evidence does not tell a choice apart from the best. A prediction is no evidence against a measurement.
fn ties(unit: &Rated<'_>, best: &Quality) -> bool {
    unit.quality.is_some_and(|own| own.value >= best.low && (best.predicted || !own.predicted))
}

/// A number that is not below zero, such that the greatest comes first and after nothing but 0.
fn greatest_first(number: f32) -> u32 {
    u32::MAX - number.to_bits()
}
