//! What the absence of an offer means: a fact where a complete scan looked, else that nobody knows.

use jiff::civil::Date;

use super::lifecycle::days_between;
use super::{Catalog, Offer, SourceInfo};
use crate::task::{ModelIndex, Region, RegionSet};

/// For so many days after its date a complete scan decides what cannot be called.
const DECIDES_FOR: i64 = 90;

impl Catalog {
    /// The Regions among `wanted` of which nobody knows on a date whether a model can be called from them.
    #[must_use]
    pub fn reach_unknown(&self, model: ModelIndex, wanted: RegionSet, as_of: Date) -> RegionSet {
        let known = self.regions_of(model);
        wanted
            .without(known)
            .iter()
            .filter(|region| !self.is_absent(model, *region, as_of))
            .collect()
    }

    /// What an inferred offer rests on, in words; `None` for an offer that a source lists.
    #[must_use]
    pub fn inference(&self, offer: &Offer) -> Option<String> {
        if !offer.inferred {
            return None;
        }
        let code = self.code(offer.region);
        let listed =
            self.price(offer).map(|price| format!(" of {}", price.as_of)).unwrap_or_default();
        Some(format!("inferred: no complete scan covers {code}; a price{listed} names it there"))
    }

    /// Whether a complete scan decides on a date that a model without an offer cannot be called from a Region.
    fn is_absent(&self, model: ModelIndex, region: Region, as_of: Date) -> bool {
        let scans = self.sources().iter().filter(|source| source.scans.contains(region));
        let mut deciding = scans.filter(|source| days_between(source.date, as_of) <= DECIDES_FOR);
        deciding.any(|source| self.was_seen_by(model, source))
    }

    /// Whether a model had been launched when a scan was made: by its date, else by the scan itself.
    fn was_seen_by(&self, model: ModelIndex, scan: &SourceInfo) -> bool {
        match self.model(model).launched {
            Some(launched) => launched < scan.date,
            None => self
                .offers_of(model)
                .iter()
                .any(|offer| !offer.inferred && scan.scans.contains(offer.region)),
        }
    }
}
