//! Answers to needs that name models and no task: all of them, and the choice is the first.

use std::cmp::Reverse;

use super::filter::Filter;
use super::rank::Choice;
use super::understand::ListingOrder;
use super::{Explanation, Recommendation};
use crate::asks::About;
use crate::catalog::Status;

/// Higher numbers in names are years and sizes.
const HIGHEST_VERSION: u32 = 20;

/// Sorts what fits as a list: what is active first, then the newest, the cheapest or the best.
pub(super) fn sort(filter: &Filter<'_>, choices: &mut [Choice<'_>], order: ListingOrder) {
    let model = |choice: &Choice<'_>| filter.catalog.model(choice.model);
    let status = |choice: &Choice<'_>| model(choice).lifecycle.status(filter.as_of);
    match order {
        ListingOrder::Cheapest => {
            choices.sort_by_key(|choice| (status(choice), choice.cost.is_none(), choice.cost));
        }
        ListingOrder::Best => choices.sort_by_key(|choice| {
            (
                status(choice),
                Reverse(choice.quality.map(|quality| quality.value.to_bits())),
                choice.model,
            )
        }),
        // Within one provider's models versions tell the order, also where no source tells the launch.
        ListingOrder::Newest => {
            let provider = choices.first().map(|choice| model(choice).provider);
            let alike = choices.iter().all(|choice| Some(model(choice).provider) == provider);
            choices.sort_by_cached_key(|choice| {
                let version = if alike { version(&model(choice).name) } else { Vec::new() };
                (status(choice), Reverse(version), Reverse(model(choice).launched), choice.model)
            });
        }
    }
}

/// The version in a name, by which one model is told from the next: 5 and 5 of "Claude Haiku 5.5"; sizes and years are none.
fn version(name: &str) -> Vec<u32> {
    let numbers =
        |word: &str| word.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>();
    let mut versions = name.split([' ', '-', '(', ')']).filter_map(numbers);
    versions
        .find(|numbers| numbers.first().is_some_and(|first| *first < HIGHEST_VERSION))
        .unwrap_or_default()
}

impl Recommendation<'_> {
    /// What should be known before anything else: what is not known, what is gone, what certain words mean.
    pub(super) fn told_first(&self) -> Vec<Explanation> {
        let understood = &self.understanding;
        let refused = understood.refused.iter().map(|refusal| Explanation {
            code: refusal.code,
            text: refusal.text.clone(),
            source: refusal.source.clone(),
        });
        let gone = understood.gone.iter().map(|gone| gone.told(self.catalog));
        let hints =
            understood.hints.iter().filter(|hint| !hint.says.is_empty()).map(|hint| Explanation {
                code: match hint.about {
                    About::Takes => "takes",
                    About::Service => "service",
                    About::NotALanguageModel => "not-a-language-model",
                    About::Credits => "credits",
                },
                text: hint.says.clone(),
                source: hint.source.clone(),
            });
        refused.chain(gone).chain(hints).chain(self.legacy_listed()).collect()
    }

    /// That models of a list, or the one that was named, are on their way out.
    fn legacy_listed(&self) -> Option<Explanation> {
        let is_legacy = |choice: &&Choice<'_>| {
            self.catalog.model(choice.model).lifecycle.status(self.task.as_of) == Status::Legacy
        };
        let alone = !self.understanding.constraints.models.is_empty()
            && self.best().as_ref().is_some_and(is_legacy);
        if !self.is_listing() && !alone {
            return None;
        }
        let names: Vec<String> = self
            .ranked()
            .iter()
            .filter(is_legacy)
            .map(|choice| {
                let model = self.catalog.model(choice.model);
                model.lifecycle.eol.map_or_else(
                    || model.name.clone(),
                    |eol| format!("{} (until {eol})", model.name),
                )
            })
            .collect();
        (!names.is_empty()).then(|| Explanation {
            code: "legacy",
            text: format!("on their way out: {}", names.join(", ")),
            source: None,
        })
    }
}
