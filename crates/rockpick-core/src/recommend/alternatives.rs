//! What else there is: the price of keeping data in a place, other tiers, and what would have to change when nothing fits.

use super::filter::Filter;
use super::rank::Choice;
use super::{Reason, Recommendation};
use crate::catalog::Offer;
use crate::money::Usd;
use crate::task::{
    Api, Budget, Constraints, FeatureSet, ModelIndex, ProviderSet, RegionSet, Route, Tier,
};

/// Another way to call the same model, with what it costs beside the choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative<'a> {
    /// The offer.
    pub offer: &'a Offer,
    /// The tier.
    pub tier: Tier,
    /// What one request costs.
    pub cost: Usd,
    /// How much more that is than the choice, in percent; below zero when it is less.
    pub percent: f64,
}

/// One change that would let models fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// A stable code: the constraint that would have to go or to move.
    pub code: &'static str,
    /// The change in words, with what then fits.
    pub text: String,
    /// How many models would fit.
    pub fitting: usize,
}

impl<'a> Recommendation<'a> {
    /// The same model at its other tiers, cheapest first.
    #[must_use]
    pub fn tiers(&self, choice: &Choice<'a>) -> Vec<Alternative<'a>> {
        let Some((filter, cost)) = self.filter().zip(choice.cost) else { return Vec::new() };
        let Some(price) = self.catalog.price(choice.offer) else { return Vec::new() };
        let others = [Tier::Batch, Tier::Flex].into_iter().filter(|tier| *tier != filter.tier);
        let mut all: Vec<Alternative<'a>> = others
            .filter_map(|tier| {
                price
                    .cost(tier, choice.usage)
                    .map(|other| alternative(choice.offer, tier, other, cost))
            })
            .filter(|other| other.cost < cost)
            .collect();
        all.sort_by_key(|other| other.cost);
        all
    }

    /// The cheapest way to call the same model from the same Regions if data could go anywhere, when a residency rules it out.
    #[must_use]
    pub fn without_residency(&self, choice: &Choice<'a>) -> Option<Alternative<'a>> {
        self.understanding.constraints.residency.as_ref()?;
        let constraints = Constraints { residency: None, ..self.understanding.constraints.clone() };
        self.cheapest(choice, constraints).filter(|other| Some(other.cost) < choice.cost)
    }

    /// The cheapest way to call the same model by the global route, when that is closed although nobody closed it.
    #[must_use]
    pub fn if_global(&self, choice: &Choice<'a>) -> Option<Alternative<'a>> {
        if !self.is_kept_close() {
            return None;
        }
        let constraints =
            Constraints { global: Some(true), ..self.understanding.constraints.clone() };
        let global = |other: &Alternative<'_>| {
            other.offer.route == Route::Global && Some(other.cost) < choice.cost
        };
        self.cheapest(choice, constraints).filter(global)
    }

    /// The cheapest way to call the same model with its data kept in the Region or a geography, when the choice is global.
    #[must_use]
    pub fn kept_closer(&self, choice: &Choice<'a>) -> Option<Alternative<'a>> {
        if choice.offer.route != Route::Global {
            return None;
        }
        let constraints = Constraints {
            global: Some(false),
            max_cost: None,
            ..self.understanding.constraints.clone()
        };
        self.cheapest(choice, constraints)
    }

    fn cheapest(&self, choice: &Choice<'a>, constraints: Constraints) -> Option<Alternative<'a>> {
        let cost = choice.cost?;
        let category = self.understanding.category?;
        let filter = Filter::new(
            self.catalog,
            category,
            constraints,
            self.understanding.usage,
            self.task.as_of,
        );
        let mut units = Vec::new();
        filter.add_units(choice.model, &mut units);
        let unit =
            units.iter().find(|unit| unit.level == choice.level && filter.pays(unit.cost))?;
        Some(alternative(unit.offer, filter.tier, unit.cost?, cost))
    }

    /// What would have to change for something to fit, each change alone; for all models or for one.
    #[must_use]
    pub fn changes(&self, only: Option<ModelIndex>) -> Vec<Change> {
        let Some(category) = self.understanding.category else { return Vec::new() };
        let wanted = &self.understanding.constraints;
        let mut changes = Vec::new();
        for (code, words, relaxed) in relaxations(wanted) {
            let filter = Filter::new(
                self.catalog,
                category,
                relaxed,
                self.understanding.usage,
                self.task.as_of,
            );
            let fitting = fitting(&filter, only);
            if !fitting.is_empty() {
                let text = match code {
                    "region" => self.in_other_regions(&filter, &fitting),
                    "budget" => self.at_a_price(&filter, &fitting, wanted.max_cost),
                    _ => format!("{words}, {} would fit", self.names(&fitting)),
                };
                changes.push(Change { code, text, fitting: fitting.len() });
            }
        }
        changes
    }

    fn names(&self, models: &[ModelIndex]) -> String {
        match models {
            [one] => self.catalog.model(*one).name.clone(),
            many => format!("{} models", many.len()),
        }
    }

    /// From where models could be called: the three best Regions, with names where there are few.
    fn in_other_regions(&self, filter: &Filter<'_>, models: &[ModelIndex]) -> String {
        let regions_of = |model: &ModelIndex| {
            filter.offers_meant(*model).map(|(offer, _)| offer.region).collect::<RegionSet>()
        };
        let from: Vec<(RegionSet, ModelIndex)> =
            models.iter().map(|model| (regions_of(model), *model)).collect();
        let all = from.iter().fold(RegionSet::EMPTY, |all, (regions, _)| all.or(*regions));
        if let [one] = models {
            return format!(
                "from {}, {} would fit",
                filter.some_regions(all),
                self.catalog.model(*one).name
            );
        }
        let there = |region| {
            from.iter()
                .filter(move |(regions, _)| regions.contains(region))
                .map(|(_, model)| *model)
        };
        let mut best: Vec<_> = all.iter().map(|region| (there(region).count(), region)).collect();
        best.sort_by_key(|(count, region)| {
            (std::cmp::Reverse(*count), std::cmp::Reverse(self.catalog.reach(*region)))
        });
        let shown = best.iter().take(3).map(|(count, region)| {
            let names: Vec<&str> =
                there(*region).map(|model| self.catalog.model(model).name.as_str()).collect();
            let fit =
                if *count == 1 { "1 model fits".to_owned() } else { format!("{count} models fit") };
            let list =
                if *count <= FEW { format!(": {}", names.join(", ")) } else { String::new() };
            format!("in {} {fit}{list}", self.catalog.code(*region))
        });
        shown.collect::<Vec<_>>().join("; ")
    }

    fn at_a_price(
        &self,
        filter: &Filter<'_>,
        models: &[ModelIndex],
        budget: Option<Budget>,
    ) -> String {
        let Some(budget) = budget else { return String::new() };
        let cheapest = models
            .iter()
            .filter_map(|model| {
                filter
                    .best_offer(*model)
                    .and_then(|(_, cost)| Some((filter.measured(cost?, budget.per)?, *model)))
            })
            .min();
        cheapest.map_or_else(
            || format!("without the budget, {} would fit", self.names(models)),
            |(cost, model)| {
                let name = &self.catalog.model(model).name;
                format!("at {cost} {}, {name} fits", super::reasons::per(budget.per))
            },
        )
    }

    /// The rejected models by reason: how many each keeps out, most first.
    #[must_use]
    pub fn rejections_by_reason(&self) -> Vec<(Reason, Vec<ModelIndex>)> {
        let mut groups: Vec<(Reason, Vec<ModelIndex>)> = Vec::new();
        for (model, reasons) in self.rejected() {
            for reason in reasons.iter() {
                match groups.iter_mut().find(|(own, _)| *own == reason) {
                    Some((_, models)) => models.push(model),
                    None => groups.push((reason, vec![model])),
                }
            }
        }
        groups.sort_by_key(|(reason, models)| (std::cmp::Reverse(models.len()), *reason));
        groups
    }
}

/// So many models are named; more are counted.
const FEW: usize = 4;

fn alternative(offer: &Offer, tier: Tier, cost: Usd, than: Usd) -> Alternative<'_> {
    let percent =
        if than == Usd::ZERO { 0.0 } else { (cost.as_f64() / than.as_f64() - 1.0) * 100.0 };
    Alternative { offer, tier, cost, percent }
}

fn fitting(filter: &Filter<'_>, only: Option<ModelIndex>) -> Vec<ModelIndex> {
    let meant = |model: &ModelIndex| only.is_none_or(|only| only == *model);
    filter
        .catalog
        .indices()
        .filter(meant)
        .filter(|model| filter.best_offer(*model).is_some())
        .collect()
}

/// The constraints with one of them relaxed at a time: a code, words, the rest.
fn relaxations(wanted: &Constraints) -> Vec<(&'static str, String, Constraints)> {
    let mut all = Vec::new();
    let mut add = |applies: bool, code, words: &str, change: &dyn Fn(&mut Constraints)| {
        if applies {
            let mut relaxed = wanted.clone();
            change(&mut relaxed);
            all.push((code, words.to_owned(), relaxed));
        }
    };
    add(!wanted.regions.is_empty(), "region", "from another Region", &|own| {
        own.regions = RegionSet::EMPTY;
    });
    add(wanted.max_cost.is_some(), "budget", "without the budget", &|own| own.max_cost = None);
    add(wanted.residency.is_some(), "residency", "if data could leave that place", &|own| {
        own.residency = None;
    });
    add(wanted.in_region, "in-region", "if data could leave the Region", &|own| {
        own.in_region = false;
    });
    let closed =
        wanted.global == Some(false) || (wanted.global.is_none() && !wanted.regions.is_empty());
    add(closed, "global", "with --allow-global", &|own| own.global = Some(true));
    add(wanted.api.is_none(), "api", "with --api any", &|own| own.api = Some(Api::Any));
    add(wanted.min_lifetime.is_some(), "lifetime", "if it could end sooner", &|own| {
        own.min_lifetime = None;
    });
    add(!wanted.include_legacy, "legacy", "with --include-legacy", &|own| {
        own.include_legacy = true;
    });
    add(!wanted.allow_unknown, "unknown", "with --allow-unknown", &|own| own.allow_unknown = true);
    add(!wanted.features.is_empty(), "feature", "without the features asked", &|own| {
        own.features = FeatureSet::EMPTY;
    });
    add(wanted.min_context.is_some(), "context", "with a smaller context", &|own| {
        own.min_context = None;
    });
    add(!wanted.providers.is_empty(), "provider", "from any provider", &|own| {
        own.providers = ProviderSet::EMPTY;
    });
    add(!wanted.exclude.is_empty(), "exclude", "with no provider excluded", &|own| {
        own.exclude = ProviderSet::EMPTY;
    });
    add(!wanted.models.is_empty(), "model", "with any model", &|own| own.models.clear());
    add(!wanted.pinned.is_empty(), "profile", "by another profile", &|own| own.pinned.clear());
    add(wanted.effort.is_some(), "effort", "at any effort", &|own| own.effort = None);
    add(wanted.no_thinking, "thinking", "where the request allows thinking", &|own| {
        own.no_thinking = false;
    });
    add(wanted.tier.is_some(), "tier", "at the standard tier", &|own| own.tier = None);
    add(wanted.retention.is_some(), "retention", "with any retention", &|own| own.retention = None);
    all
}
