//! The unit of choice: an offer at a level of its model's thinking, with what a request costs and how long it takes.

use super::filter::Filter;
use crate::catalog::thinking::Level;
use crate::catalog::{Model, Offer, Usage};
use crate::money::Usd;
use crate::task::{Budget, Effort, ModelIndex, Per, RegionSet, Route, Tier, Wait};

/// An offer at a level of its model's thinking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit<'a> {
    /// The offer.
    pub offer: &'a Offer,
    /// The place of the level among those of the model.
    pub level: usize,
    /// What one request costs, the thinking included, where known.
    pub cost: Option<Usd>,
}

impl<'a> Filter<'a> {
    /// The levels of a model's thinking that a request may ask for, with their places.
    pub(super) fn levels<'m>(
        &self,
        model: &'m Model,
    ) -> impl Iterator<Item = (usize, &'m Level)> + use<'m> {
        let (effort, still) = (self.constraints.effort, self.constraints.no_thinking);
        let most = model.limits.max_output.unwrap_or(u64::MAX).saturating_sub(self.usage.output);
        let share = self.category.thinking;
        model.thinking.levels().iter().enumerate().filter(move |(at, level)| {
            // What has no effort to ask for and does not think answers as if none were asked.
            let silent = level.tokens == 0 && level.effort.is_none_or(|own| own == Effort::None);
            // A model that knows only on and off is asked for any effort by a budget.
            let as_budget = level.effort == Some(Effort::On) && effort != Some(Effort::None);
            let named = |effort| level.effort == Some(effort) || (effort == Effort::None && silent);
            let asked = as_budget || effort.is_none_or(named);
            let allowed = !still || silent;
            // The first level is what the model does at the least; a longer one has to leave room for the answer.
            level.askable && asked && allowed && (*at == 0 || scaled(level.tokens, share) <= most)
        })
    }

    /// What one request holds at a level, the thinking included.
    #[must_use]
    pub fn usage_at(&self, level: &Level) -> Usage {
        Usage { thinking: scaled(level.tokens, self.category.thinking), ..self.usage }
    }

    /// The cheapest offer of a model that fits and its cost per request, at the least thinking; `None` when none fits.
    #[must_use]
    pub fn best_offer(&self, index: ModelIndex) -> Option<(&'a Offer, Option<Usd>)> {
        if !self.competes(index) {
            return None;
        }
        let model = self.catalog.model(index);
        let (_, level) = self.levels(model).next()?;
        let (offer, cost) = self.cheapest(&self.first_by_price(index), self.usage_at(level))?;
        self.pays(cost).then_some((offer, cost))
    }

    /// Adds the best offers of a model, one for each level that may be asked for, whatever they cost.
    pub(super) fn add_units(&self, index: ModelIndex, units: &mut Vec<Unit<'a>>) {
        if !self.competes(index) {
            return;
        }
        let offers = self.first_by_price(index);
        let levels = self.levels(self.catalog.model(index));
        units.extend(levels.filter_map(|(at, level)| {
            let (offer, cost) = self.cheapest(&offers, self.usage_at(level))?;
            Some(Unit { offer, level: at, cost })
        }));
    }

    /// Whether a model can be called from one of the Regions and no reason stands against it.
    fn competes(&self, index: ModelIndex) -> bool {
        !self.catalog.regions_of(index).and(self.regions).is_empty() && self.may_be_meant(index)
    }

    /// The offers of a model that may be taken: of all that have the same price the first one. What thinking costs
    /// changes nothing about that, so the many offers are gone through once for all levels.
    fn first_by_price(&self, index: ModelIndex) -> Vec<&'a Offer> {
        let mut first: Vec<&'a Offer> = Vec::new();
        for offer in self.takeable(index, self.served(index)) {
            match first.iter_mut().rev().find(|held| held.price == offer.price) {
                Some(held) if self.rank(held) <= self.rank(offer) => {}
                Some(held) => *held = offer,
                None => first.push(offer),
            }
        }
        first
    }

    /// The cheapest of some offers for so much, with its cost; of equally cheap ones the first.
    fn cheapest(&self, offers: &[&'a Offer], usage: Usage) -> Option<(&'a Offer, Option<Usd>)> {
        let priced = offers.iter().map(|offer| (*offer, self.cost_of(offer, usage)));
        priced.min_by_key(|(offer, cost)| (cost.is_none(), *cost, self.rank(offer)))
    }

    /// The place of an offer among equally cheap ones.
    fn rank(&self, offer: &Offer) -> (Route, usize) {
        (offer.route, self.distance(offer))
    }

    /// Every offer of a model that fits, with its cost per request at the least thinking.
    pub(super) fn offers_meant(
        &self,
        index: ModelIndex,
    ) -> impl Iterator<Item = (&'a Offer, Option<Usd>)> {
        let model_fits = self.may_be_meant(index);
        self.offers_that_fit(index).filter(move |_| model_fits)
    }

    /// Every offer of a model that fits, with its cost per request at a level.
    pub fn offers(
        &self,
        index: ModelIndex,
        level: usize,
    ) -> impl Iterator<Item = (&'a Offer, Option<Usd>)> {
        let model_fits = self.may_be_meant(index);
        self.offers_at(index, level).filter(move |_| model_fits)
    }

    /// Every offer of a model that fits, with its cost per request at the least thinking, whatever stands against the model
    /// itself.
    pub fn offers_that_fit(
        &self,
        index: ModelIndex,
    ) -> impl Iterator<Item = (&'a Offer, Option<Usd>)> {
        let first = self.levels(self.catalog.model(index)).next();
        self.offers_at(index, first.map_or(0, |(at, _)| at))
    }

    /// The level at which a model is best at the category among those that may be asked for, with its effort; the least where
    /// evidence does not tell them apart.
    pub(super) fn best_level(&self, index: ModelIndex) -> (usize, Option<Effort>) {
        let evidence = self.category.evidence(index);
        let value = |at: usize| {
            evidence.and_then(|evidence| evidence.at(at)).map_or(0.0, |quality| quality.value)
        };
        let levels = self.levels(self.catalog.model(index)).map(|(at, level)| (at, level.effort));
        levels
            .reduce(|best, next| if value(next.0) > value(best.0) { next } else { best })
            .unwrap_or((0, None))
    }

    pub(super) fn offers_at(
        &self,
        index: ModelIndex,
        level: usize,
    ) -> impl Iterator<Item = (&'a Offer, Option<Usd>)> {
        let levels = self.catalog.model(index).thinking.levels();
        let usage = self.usage_at(&levels[level.min(levels.len() - 1)]);
        self.priced(index, usage).filter(|(_, cost)| self.pays(*cost))
    }

    /// Every offer of a model that may be taken, with what so much costs.
    fn priced(
        &self,
        index: ModelIndex,
        usage: Usage,
    ) -> impl Iterator<Item = (&'a Offer, Option<Usd>)> {
        self.priced_from(index, self.served(index), usage)
    }

    /// The Regions that a model may be called from; none where every one of them has to serve and one does not.
    fn served(&self, index: ModelIndex) -> RegionSet {
        let serves = !self.constraints.every_region || self.is_everywhere(index);
        if serves { self.regions } else { RegionSet::EMPTY }
    }

    /// The offers of a model from some Regions that may be taken, whatever they cost.
    fn takeable(&self, index: ModelIndex, regions: RegionSet) -> impl Iterator<Item = &'a Offer> {
        let catalog = self.catalog;
        let regions = catalog.regions_of(index).and(regions);
        let offers = regions.iter().flat_map(move |region| catalog.offers_from(index, region));
        offers.filter(|offer| self.allows(offer))
    }

    /// The offers of a model from some Regions that fit, with their costs per request at the least thinking.
    pub(super) fn offers_from(
        &self,
        index: ModelIndex,
        regions: RegionSet,
    ) -> impl Iterator<Item = (&'a Offer, Option<Usd>)> {
        let first = self.levels(self.catalog.model(index)).next();
        let usage = first.map_or(self.usage, |(_, level)| self.usage_at(level));
        self.priced_from(index, regions, usage).filter(|(_, cost)| self.pays(*cost))
    }

    fn priced_from(
        &self,
        index: ModelIndex,
        regions: RegionSet,
        usage: Usage,
    ) -> impl Iterator<Item = (&'a Offer, Option<Usd>)> {
        self.takeable(index, regions).map(move |offer| (offer, self.cost_of(offer, usage)))
    }

    /// What one request costs by an offer at the least thinking, where known.
    #[must_use]
    pub fn cost(&self, offer: &Offer) -> Option<Usd> {
        let (_, level) = self.levels(self.catalog.model(offer.model)).next()?;
        self.cost_of(offer, self.usage_at(level))
    }

    /// What so much costs by an offer, where known.
    #[must_use]
    pub fn cost_of(&self, offer: &Offer, usage: Usage) -> Option<Usd> {
        self.catalog.price(offer).and_then(|price| price.cost(self.tier, usage))
    }

    /// Whether a cost per request is one that may be paid.
    pub(super) fn pays(&self, cost: Option<Usd>) -> bool {
        (self.tier == Tier::Standard || cost.is_some()) && self.affordable(cost)
    }

    pub(super) fn affordable(&self, cost: Option<Usd>) -> bool {
        let Some(budget) = self.budget() else { return true };
        cost.and_then(|cost| self.measured(cost, budget.per))
            .is_some_and(|spent| spent <= budget.usd)
    }

    /// A cost per request in the unit of a budget; `None` where that makes no sense.
    #[must_use]
    pub fn measured(&self, cost: Usd, per: Per) -> Option<Usd> {
        match per {
            Per::Request => Some(cost),
            Per::Month => self.constraints.per_month.map(|requests| cost * requests),
            Per::MillionTokens => {
                let tokens = self.usage.input.saturating_add(self.usage.output);
                (tokens > 0).then(|| cost.per_million_of(tokens))
            }
            Per::Image => Some(cost.split(self.usage.images)),
        }
    }

    /// The budget, if there is one that offers can be held to: one for a month says nothing without a volume.
    #[must_use]
    pub fn budget(&self) -> Option<Budget> {
        self.constraints
            .max_cost
            .filter(|budget| budget.per != Per::Month || self.constraints.per_month.is_some())
    }

    /// The shortest wait for an answer of a model among the levels that may be asked for; `None` where nothing is known.
    pub(super) fn least_wait(&self, model: &Model) -> Option<(u64, u64)> {
        self.levels(model).filter_map(|(_, level)| wait(model, self.usage_at(level))).min()
    }

    /// Whether so long a wait is longer than may be waited.
    pub(super) fn is_too_slow(&self, wait: Option<(u64, u64)>) -> bool {
        self.constraints.max_wait.zip(wait).is_some_and(|(most, wait)| of(most, wait) > most.millis)
    }
}

/// Milliseconds to the first and to the last token of an answer; `None` where nothing is known of the model's speed.
pub(super) fn wait(model: &Model, usage: Usage) -> Option<(u64, u64)> {
    model.thinking.wait(usage.thinking, usage.output)
}

/// The one of the two waits that a limit is about.
pub(super) fn of(limit: Wait, (first, last): (u64, u64)) -> u64 {
    if limit.first_token { first } else { last }
}

/// A typical answer's tokens of thinking, as often as a category's tasks make a model think.
fn scaled(tokens: u64, share: f32) -> u64 {
    (tokens as f64 * f64::from(share)).round() as u64
}
