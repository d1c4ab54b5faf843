//! Several Regions that all have to serve: failover, or one answer for every site.

use super::filter::Filter;
use crate::catalog::Offer;
use crate::task::{ModelIndex, RegionSet};

impl<'a> Filter<'a> {
    /// Whether every one of the Regions has an offer that fits.
    pub(super) fn is_everywhere(&self, index: ModelIndex) -> bool {
        self.regions
            .iter()
            .all(|region| self.offers_from(index, RegionSet::only(region)).next().is_some())
    }

    /// What to call from each of the Regions, where every one of them has to serve: the cheapest that fits there.
    #[must_use]
    pub fn everywhere(&self, index: ModelIndex) -> Vec<&'a Offer> {
        let cheapest = |region| {
            let offers = self.offers_from(index, RegionSet::only(region));
            offers
                .min_by_key(|(offer, cost)| (cost.is_none(), *cost, offer.route))
                .map(|(offer, _)| offer)
        };
        if self.constraints.every_region {
            self.regions.iter().filter_map(cheapest).collect()
        } else {
            Vec::new()
        }
    }

    /// Which of the Regions cannot call a model, in words.
    pub(super) fn missing(&self, index: ModelIndex) -> String {
        let fails = |region: &crate::task::Region| {
            self.offers_from(index, RegionSet::only(*region)).next().is_none()
        };
        let regions: RegionSet = self.regions.iter().filter(fails).collect();
        format!("no offer from {} fits", self.catalog.codes(regions).join(", "))
    }
}
