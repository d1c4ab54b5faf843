//! The catalog as a list: the models that some constraints leave, each with its best offer, in an order asked for.

use std::cmp::{Ordering, Reverse};

use super::filter::{Filter, Reason, Reasons};
use crate::catalog::{Catalog, ListPrice, Offer, Status, Usage};
use crate::money::Usd;
use crate::rules::{Evidence, Quality};
use crate::task::{Effort, ModelIndex, RegionSet, RouteSet};
use crate::vocabulary::vocabulary;

/// How much of the catalog a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// What can be called, models in their legacy phase and of limited access included.
    Callable,
    /// Also what has ended and what no source says how to call.
    Everything,
}

vocabulary! {
    /// What a list is sorted by: the best first, what is not known last.
    SortKey {
        /// By name.
        Name = "name",
        /// By provider, then by id.
        Provider = "provider",
        /// The newest first.
        Launched = "launched",
        /// The largest context window first.
        Context = "context",
        /// The cheapest tokens sent first.
        InputPrice = "input-price",
        /// The cheapest tokens received first.
        OutputPrice = "output-price",
        /// The best at the category first.
        Quality = "quality",
        /// What can be called from the most Regions first.
        Regions = "regions",
        /// Active first, ended last.
        Status = "status",
    }
}

/// A model with what matters of it under some constraints.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<'a> {
    /// The model.
    pub model: ModelIndex,
    /// Where it stands in its life on the date asked about.
    pub status: Status,
    /// The cheapest of the offers that fit.
    pub offer: Option<&'a Offer>,
    /// What that one costs.
    pub price: Option<ListPrice>,
    /// What one request costs by it at the effort, when it is known what a request holds.
    pub cost: Option<Usd>,
    /// Every offer that fits.
    pub offers: Vec<&'a Offer>,
    /// The effort at which it is best at the category, where evidence tells them apart; else the least.
    pub effort: Option<Effort>,
    /// How good it is at the category at that effort.
    pub quality: Option<&'a Quality>,
    /// What the quality rests on.
    pub evidence: Option<&'a Evidence>,
    /// What stands against it.
    pub reasons: Reasons,
}

impl<'a> Listed<'a> {
    /// A model under the constraints of a filter, whether or not it fits them.
    #[must_use]
    pub fn of(filter: &Filter<'a>, index: ModelIndex) -> Self {
        let catalog = filter.catalog;
        let evidence = filter.category.evidence(index);
        let (level, effort) = filter.best_level(index);
        let fitting: Vec<(&'a Offer, Option<Usd>)> = filter.offers_at(index, level).collect();
        let listed = |offer: &Offer| {
            catalog.price(offer).and_then(|price| ListPrice::of(price, filter.tier))
        };
        let best = fitting.iter().min_by_key(|(offer, cost)| {
            let weight = listed(offer).map(|price| price.weight());
            (weight.is_none(), cost.is_none(), *cost, weight, offer.route, filter.distance(offer))
        });
        let offer = best.map(|(offer, _)| *offer);
        Self {
            model: index,
            status: filter.status_of(index),
            offer,
            price: offer.and_then(listed),
            cost: best.and_then(|(_, cost)| *cost).filter(|_| filter.usage != Usage::default()),
            offers: fitting.into_iter().map(|(offer, _)| offer).collect(),
            effort,
            quality: evidence.and_then(|evidence| evidence.at(level)),
            evidence,
            reasons: filter.reasons(index),
        }
    }

    /// From where it can be called.
    #[must_use]
    pub fn regions(&self) -> RegionSet {
        self.offers.iter().map(|offer| offer.region).collect()
    }

    /// By which routes.
    #[must_use]
    pub fn routes(&self) -> RouteSet {
        self.offers.iter().map(|offer| offer.route).collect()
    }
}

impl<'a> Filter<'a> {
    /// The models that fit, by id.
    #[must_use]
    pub fn list(&self, scope: Scope) -> Vec<Listed<'a>> {
        let pardoned = self.pardoned(scope);
        let all = self.catalog.indices().map(|index| Listed::of(self, index));
        all.filter(|listed| listed.reasons.without(pardoned).is_empty()).collect()
    }

    /// What stands against the models that a list leaves out, most frequent first.
    #[must_use]
    pub fn left_out(&self, scope: Scope) -> Vec<(Reason, usize)> {
        let pardoned = self.pardoned(scope);
        let mut counts: Vec<(Reason, usize)> = Vec::new();
        for index in self.catalog.indices() {
            // Something that a flag admits is only told when nothing else stands against the model.
            let against = self.reasons(index).without(pardoned);
            let Some(first) =
                against.iter().min_by_key(|reason| (reason.admitted_by().is_some(), *reason))
            else {
                continue;
            };
            match counts.iter_mut().find(|(reason, _)| *reason == first) {
                Some((_, count)) => *count += 1,
                None => counts.push((first, 1)),
            }
        }
        counts.sort_by_key(|(reason, count)| (Reverse(*count), *reason));
        counts
    }

    /// What does not keep a model out of a list.
    fn pardoned(&self, scope: Scope) -> Reasons {
        let mut pardoned: Reasons = [Reason::Legacy, Reason::LimitedAccess].into_iter().collect();
        if scope == Scope::Everything {
            pardoned.insert(Reason::Eol);
            // What can be called from nowhere known is not among what a Region or a residency leaves.
            if self.constraints.regions.is_empty() && self.constraints.residency.is_none() {
                pardoned.insert(Reason::NoOffer);
                pardoned.insert(Reason::NotInRegion);
                pardoned.insert(Reason::ReachUnknown);
            }
        }
        pardoned
    }
}

impl Reason {
    /// The flag that lets a model into a list in spite of this, where there is one.
    #[must_use]
    pub const fn admitted_by(self) -> Option<&'static str> {
        match self {
            Self::Eol | Self::NoOffer => Some("--all"),
            Self::MantleOnly => Some("--api any"),
            Self::FeatureUnknown | Self::ContextUnknown => Some("--allow-unknown"),
            _ => None,
        }
    }
}

/// Sorts a list; what is not known comes last in either direction.
pub fn sort(catalog: &Catalog, rows: &mut [Listed<'_>], key: SortKey, reverse: bool) {
    rows.sort_by(|a, b| {
        let ordered = match key {
            SortKey::Name => turned(name(catalog, a).cmp(&name(catalog, b)), reverse),
            SortKey::Provider => turned(provider(catalog, a).cmp(provider(catalog, b)), reverse),
            SortKey::Launched => known(launched(catalog, a), launched(catalog, b), reverse),
            SortKey::Context => known(context(catalog, a), context(catalog, b), reverse),
            SortKey::InputPrice => known(
                a.price.and_then(|price| price.input),
                b.price.and_then(|price| price.input),
                reverse,
            ),
            SortKey::OutputPrice => known(
                a.price.and_then(|price| price.output),
                b.price.and_then(|price| price.output),
                reverse,
            ),
            SortKey::Quality => known(quality(a), quality(b), reverse),
            SortKey::Regions => turned(b.regions().len().cmp(&a.regions().len()), reverse),
            SortKey::Status => turned(a.status.cmp(&b.status), reverse),
        };
        ordered.then(a.model.cmp(&b.model))
    });
}

fn turned(ordering: Ordering, reverse: bool) -> Ordering {
    if reverse { ordering.reverse() } else { ordering }
}

fn known<T: Ord>(a: Option<T>, b: Option<T>, reverse: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => turned(a.cmp(&b), reverse),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn name(catalog: &Catalog, row: &Listed<'_>) -> String {
    catalog.model(row.model).name.to_lowercase()
}

fn provider<'a>(catalog: &'a Catalog, row: &Listed<'_>) -> &'a str {
    &catalog.provider(catalog.model(row.model).provider).key
}

fn launched(catalog: &Catalog, row: &Listed<'_>) -> Option<Reverse<jiff::civil::Date>> {
    catalog.model(row.model).launched.map(Reverse)
}

fn context(catalog: &Catalog, row: &Listed<'_>) -> Option<Reverse<u64>> {
    catalog.model(row.model).limits.context.map(Reverse)
}

/// The bits of floats that are not negative sort as the floats do.
fn quality(row: &Listed<'_>) -> Option<Reverse<u32>> {
    row.quality.map(|quality| Reverse(quality.value.to_bits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_comes_last_both_ways() {
        for reverse in [false, true] {
            assert_eq!(known(Some(1), None, reverse), Ordering::Less);
            assert_eq!(known(None, Some(1), reverse), Ordering::Greater);
        }
        assert_eq!(known(Some(1), Some(2), false), Ordering::Less);
        assert_eq!(known(Some(1), Some(2), true), Ordering::Greater);
    }
}
