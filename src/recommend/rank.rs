//! The order of the offers that fit.

use super::filter::Filter;
use crate::catalog::Offer;
use crate::money::Usd;
use crate::rules::evidence::Age;
use crate::rules::{Action, Order, PreferenceRule, Quality};
use crate::task::{Feature, ModelIndex, Tier};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a choice stands, best first.
    Standing {
        /// A rule puts it first.
        Pinned = "pinned",
        /// Good enough, with enough evidence.
        Good = "good",
        /// Public evidence says that it is not good enough.
        BelowFloor = "below-floor",
        /// There is too little evidence to say.
        Unproven = "unproven",
        /// There is no public evidence at all.
        NoEvidence = "no-evidence",
    }
}

/// An offer that fits, with what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<'a> {
    /// The model.
    pub model: ModelIndex,
    /// The best of its offers that fit.
    pub offer: &'a Offer,
    /// What one request costs, where known.
    pub cost: Option<Usd>,
    /// How good it is at the task, where public evidence says.
    pub quality: Option<&'a Quality>,
    /// How much evidence there is, 0 to 1.
    pub confidence: f32,
    /// Where it stands.
    pub standing: Standing,
    /// Whether a rule puts it before others of the same standing.
    pub boosted: bool,
}

/// The ranking and what it was measured by.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking<'a> {
    /// Best first.
    pub choices: Vec<Choice<'a>>,
    /// The best quality that counts, if any choice has one.
    pub best_quality: Option<f32>,
    /// The least quality that is good enough.
    pub floor: f32,
}

impl Choice<'_> {
    fn quality_value(&self) -> f32 {
        self.quality.map_or(0.0, |quality| quality.value)
    }
}

/// Ranks the best offers of all models that fit.
pub(super) fn rank<'a>(filter: &Filter<'a>, rule: &PreferenceRule, floor: Option<f64>) -> Ranking<'a> {
    let age = Age::on(filter.as_of);
    let mut choices: Vec<Choice<'a>> = Vec::with_capacity(filter.catalog.models().len());
    choices.extend(filter.catalog.indices().filter_map(|model| choice(filter, model, age)));
    let sure = |choice: &&Choice<'_>| choice.confidence >= rule.confidence_floor;
    let best_of = |best: Option<f32>, choice: &Choice<'_>| {
        let value = choice.quality.map(|quality| quality.value);
        best.into_iter().chain(value).reduce(f32::max)
    };
    let best_quality = choices.iter().filter(sure).fold(None, best_of).or_else(|| choices.iter().fold(None, best_of));
    let share = floor.map_or(rule.quality_floor, |floor| floor as f32);
    let floor = best_quality.map_or(0.0, |best| best * share);
    for choice in &mut choices {
        choice.standing = standing(filter, choice, rule, best_quality, floor);
    }
    sort(filter, &mut choices, rule.order);
    Ranking { choices, best_quality, floor }
}

fn choice<'a>(filter: &Filter<'a>, model: ModelIndex, age: Age) -> Option<Choice<'a>> {
    let (offer, cost) = filter.best_offer(model)?;
    let quality = filter.category.quality(model);
    Some(Choice {
        model,
        offer,
        cost,
        quality,
        confidence: quality.map_or(0.0, |quality| quality.confidence(age)),
        standing: Standing::NoEvidence,
        boosted: false,
    })
}

/// A stand-in for speed, greater is faster: public speed figures may not be redistributed, but smaller models cost less a token
/// and answer faster. Latency-optimised models count twice.
fn speed(filter: &Filter<'_>, offer: &Offer) -> f32 {
    let rate = filter.catalog.price(offer).and_then(|price| price.rates(Tier::Standard)?.output);
    let optimised = filter.catalog.model(offer.model).has(Feature::LatencyOptimized) == Some(true);
    let speed = rate.map_or(0.0, |rate| 1.0 / (rate.million().as_f64() as f32).max(0.01));
    if optimised { speed * 2.0 } else { speed }
}

fn standing(filter: &Filter<'_>, choice: &mut Choice<'_>, rule: &PreferenceRule, best: Option<f32>, floor: f32) -> Standing {
    let action = filter.category.action(choice.model).map(|candidate| candidate.action);
    choice.boosted = action == Some(Action::Boost);
    if action == Some(Action::Pin) {
        return Standing::Pinned;
    }
    match (best, choice.quality) {
        // Nobody has evidence: what a model can do decides, and all stand alike.
        (None, _) => Standing::Good,
        (_, None) => Standing::NoEvidence,
        _ if choice.confidence < rule.confidence_floor => Standing::Unproven,
        (_, Some(quality)) if quality.value < floor => Standing::BelowFloor,
        _ => Standing::Good,
    }
}

/// Quality, cost and speed weighed as the category says, 0 to 1: their weighted geometric mean, each beside the best of what
/// fits. It is for comparing; the ranking follows the preference.
pub(super) fn score(filter: &Filter<'_>, choices: &[Choice<'_>], best_quality: Option<f32>, of: &Choice<'_>) -> f32 {
    let dollars = |cost: Option<Usd>| cost.map_or(0.0, |cost| cost.as_f64() as f32);
    let cheapest = dollars(choices.iter().filter_map(|choice| choice.cost).min());
    let fastest = choices.iter().map(|choice| speed(filter, choice.offer)).fold(0.0, f32::max);
    let weights = filter.category.weights;
    let total = (weights.quality + weights.cost + weights.speed).max(1) as f32;
    let part = |own: f32, best: f32, weight: u32| {
        let share = if best > 0.0 { (own / best).clamp(0.01, 1.0) } else { 1.0 };
        weight as f32 * share.ln()
    };
    let cost = dollars(of.cost);
    let cheapness = if cost > 0.0 { cheapest / cost } else { f32::from(u8::from(of.cost.is_some())) };
    let sum = part(of.quality_value(), best_quality.unwrap_or(0.0), weights.quality)
        + part(cheapness, 1.0, weights.cost)
        + part(speed(filter, of.offer), fastest, weights.speed);
    (sum / total).exp()
}

fn sort(filter: &Filter<'_>, choices: &mut [Choice<'_>], order: Order) {
    let good = |choice: &&Choice<'_>| choice.standing == Standing::Good;
    let best = choices.iter().filter(good).max_by(|a, b| a.quality_value().total_cmp(&b.quality_value()));
    let best = best.and_then(|choice| choice.quality);
    let ties = |choice: &Choice<'_>| choice.quality.zip(best).is_some_and(|(own, best)| own.ties_with(best));
    choices.sort_by_cached_key(|choice| {
        let quality = greatest_first(choice.quality_value());
        let first = match (choice.standing, order) {
            (Standing::NoEvidence, _) | (Standing::Pinned | Standing::Good, Order::Cost) => 0,
            (Standing::Pinned | Standing::Good, Order::Speed) => greatest_first(speed(filter, choice.offer)),
            (Standing::Pinned | Standing::Good, Order::Quality) if best.is_none() || ties(choice) => 0,
            _ => quality,
        };
        // Then the cheaper comes first, and of two that cost the same, the better.
        let cost = choice.cost.map_or(u128::MAX, Usd::picos);
        (choice.standing, !choice.boosted, first, cost, quality, choice.model)
    });
}

/// A number that is not below zero, such that the greatest comes first and after nothing but 0.
fn greatest_first(number: f32) -> u32 {
    u32::MAX - number.to_bits()
}
