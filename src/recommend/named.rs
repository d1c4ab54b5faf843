//! Answers to needs that name models and no task: all of them, and the choice is the first.

use std::cmp::Reverse;

use super::filter::Filter;
use super::rank::Choice;
use super::understand::ListingOrder;
use super::{Explanation, Recommendation};
use crate::asks::About;
use crate::catalog::Status;

/// Sorts what fits as a list: what is active first, then the newest, the cheapest or the best.
pub(super) fn sort(filter: &Filter<'_>, choices: &mut [Choice<'_>], order: ListingOrder) {
    let model = |choice: &Choice<'_>| filter.catalog.model(choice.model);
    let status = |choice: &Choice<'_>| model(choice).lifecycle.status(filter.as_of);
    match order {
        ListingOrder::Cheapest => choices.sort_by_key(|choice| (status(choice), choice.cost.is_none(), choice.cost)),
        ListingOrder::Best => choices.sort_by_key(|choice| {
            (status(choice), Reverse(choice.quality.map(|quality| quality.value.to_bits())), choice.model)
        }),
        // Of many models no source tells the launch: then the version in the name does.
        ListingOrder::Newest => choices.sort_by_cached_key(|choice| {
            (status(choice), Reverse(versions(&model(choice).name)), Reverse(model(choice).launched), choice.model)
        }),
    }
}

/// The numbers of a name, by which one version is told from the next: 5 and 5 of "Claude Haiku 5.5".
fn versions(name: &str) -> Vec<u32> {
    let numbers = name.split(|sign: char| !sign.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    numbers.take(2).collect()
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
        let hints = understood.hints.iter().filter(|hint| !hint.says.is_empty()).map(|hint| Explanation {
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

    /// That models of a list are on their way out.
    fn legacy_listed(&self) -> Option<Explanation> {
        if !self.is_listing() {
            return None;
        }
        let is_legacy = |choice: &&Choice<'_>| {
            self.catalog.model(choice.model).lifecycle.status(self.task.as_of) == Status::Legacy
        };
        let names: Vec<String> = self
            .ranked()
            .iter()
            .filter(is_legacy)
            .map(|choice| {
                let model = self.catalog.model(choice.model);
                model.lifecycle.eol.map_or_else(|| model.name.clone(), |eol| format!("{} (until {eol})", model.name))
            })
            .collect();
        (!names.is_empty()).then(|| Explanation {
            code: "legacy",
            text: format!("on their way out, and closed to new accounts: {}", names.join(", ")),
            source: None,
        })
    }
}
