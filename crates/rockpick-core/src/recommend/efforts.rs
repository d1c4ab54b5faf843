//! What else was chosen from: a model's other efforts, the best by each preference, and what the global route would give.

use super::rank::{Choice, Standing};
use super::{Filter, Recommendation};
use crate::catalog::Usage;
use crate::money::Usd;
use crate::rules::{Grade, Quality};
use crate::task::{Constraints, Effort, Preference, Route};

/// A model at one of its efforts.
#[derive(Clone, Debug, PartialEq)]
pub struct EffortChoice<'a> {
    /// The effort; `None` where the model takes none.
    pub effort: Option<Effort>,
    /// What one request holds, the thinking included.
    pub usage: Usage,
    /// What one request costs, where known.
    pub cost: Option<Usd>,
    /// How good the model is at it, where public evidence says.
    pub quality: Option<&'a Quality>,
    /// Why it may not be asked for, as codes; none where it may.
    pub rejected: Vec<&'static str>,
}

impl<'a> Recommendation<'a> {
    /// The choice's model at every effort that it takes, least first.
    #[must_use]
    pub fn efforts(&self, choice: &Choice<'a>) -> Vec<EffortChoice<'a>> {
        let Some(filter) = self.filter() else { return Vec::new() };
        let levels = self.catalog.model(choice.model).thinking.levels();
        let efforts = levels.iter().enumerate().map(|(at, level)| {
            let usage = filter.usage_at(level);
            let cost = filter.cost_of(choice.offer, usage);
            EffortChoice {
                effort: level.effort,
                usage,
                cost,
                quality: choice.evidence.and_then(|evidence| evidence.at(at)),
                rejected: self.against(&filter, choice, at, cost),
            }
        });
        efforts.collect()
    }

    /// What stands against a level of the choice's model.
    fn against(
        &self,
        filter: &Filter<'a>,
        choice: &Choice<'a>,
        level: usize,
        cost: Option<Usd>,
    ) -> Vec<&'static str> {
        let model = self.catalog.model(choice.model);
        let quality = choice.evidence.and_then(|evidence| evidence.at(level));
        let usage = filter.usage_at(&model.thinking.levels()[level]);
        let asked = filter.levels(model).any(|(at, _)| at == level);
        let below = quality.is_some_and(|quality| quality.value < self.floor())
            && choice.standing != Standing::BelowFloor;
        let wait = super::unit::wait(model, usage);
        let found = [
            (!asked, self.why_not_asked(filter, choice, level)),
            (!filter.pays(cost), "over-budget"),
            (!self.all_too_slow() && filter.is_too_slow(wait), "too-slow"),
            (below, Standing::BelowFloor.name()),
        ];
        found.into_iter().filter(|(holds, _)| *holds).map(|(_, code)| code).collect()
    }

    fn why_not_asked(
        &self,
        filter: &Filter<'a>,
        choice: &Choice<'a>,
        level: usize,
    ) -> &'static str {
        let wanted = &filter.constraints;
        let levels = self.catalog.model(choice.model).thinking.levels();
        if !levels[level].askable {
            "no-request-field"
        } else if wanted.effort.is_some() && wanted.effort != levels[level].effort {
            "effort-not-wanted"
        } else if wanted.no_thinking {
            "thinking-forbidden"
        } else {
            super::Reason::OutputTooShort.name()
        }
    }

    /// The first choice by a preference, everything else being as it was asked.
    #[must_use]
    pub fn first_by(&self, preference: Preference) -> Option<Choice<'a>> {
        self.first_under(&self.understanding.constraints, preference, None)
    }

    /// The best offer by the global route, where that is closed although nobody closed it and nothing else fits, or nothing
    /// that is good.
    #[must_use]
    pub fn with_global(&self) -> Option<Choice<'a>> {
        let weak = self.best().is_none_or(|best| matches!(self.grade(best), Grade::Weak));
        if !weak || !self.is_kept_close() {
            return None;
        }
        let open = Constraints { global: Some(true), ..self.understanding.constraints.clone() };
        let floor = self.task.quality_floor;
        self.first_under(&open, self.understanding.preference, floor)
            .filter(|choice| choice.offer.route == Route::Global)
    }

    /// Whether the global route is closed because a Region is given, and nobody said anything of it.
    #[must_use]
    pub fn is_kept_close(&self) -> bool {
        let wanted = &self.understanding.constraints;
        wanted.global.is_none() && !wanted.regions.is_empty() && wanted.residency.is_none()
    }

    fn first_under(
        &self,
        constraints: &Constraints,
        preference: Preference,
        floor: Option<f64>,
    ) -> Option<Choice<'a>> {
        let (rules, as_of) = (self.rules, self.task.as_of);
        let ranking = self.understanding.ranking(
            self.catalog,
            rules,
            constraints,
            preference,
            floor,
            as_of,
        )?;
        ranking.choices.into_iter().next()
    }
}
