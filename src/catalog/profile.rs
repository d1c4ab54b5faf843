//! Ids of inference profiles as people paste them: whether they can be called from where they are used.

use super::{Catalog, Offer};
use crate::task::{ModelIndex, RegionSet, Route};

/// The longest prefix of a profile, in bytes.
const LONGEST_PREFIX: usize = 6;

impl Catalog {
    /// The model whose id follows what looks like the prefix of a profile, also one that no source lists.
    pub(super) fn behind_prefix(&self, id: &str) -> Option<ModelIndex> {
        let (prefix, rest) = id.split_once('.')?;
        let looks_right = prefix.len() <= LONGEST_PREFIX && prefix.bytes().all(|byte| byte.is_ascii_lowercase());
        self.index_of(rest).filter(|_| looks_right)
    }

    /// Why the id of a profile cannot be called from some Regions, and what can be called there instead; `None` when it can be, when it
    /// is not the id of a profile of a known model, or when no Region is meant.
    #[must_use]
    pub fn uncallable(&self, asked: &str, regions: RegionSet) -> Option<String> {
        let id = asked.trim().rsplit('/').next().unwrap_or(asked);
        let model = self.behind_prefix(id).filter(|_| !regions.is_empty())?;
        let here: Vec<&Offer> = self.offers_of(model).iter().filter(|offer| regions.contains(offer.region)).collect();
        if here.iter().any(|offer| self.invoke_id(offer).eq_ignore_ascii_case(id)) {
            return None;
        }
        let from = self.codes(regions).join(", ");
        let mut ids: Vec<String> = Vec::new();
        for offer in here.iter().filter(|offer| offer.route != Route::Mantle) {
            let told = format!("{} (data may be processed in {})", self.invoke_id(offer), self.processed_in(offer));
            if !ids.contains(&told) {
                ids.push(told);
            }
        }
        let instead = match ids.as_slice() {
            [] => self.called_elsewhere(model, id),
            _ => format!("call {}", ids.join(" or ")),
        };
        Some(format!("{id} cannot be called from {from}: {instead}"))
    }

    fn processed_in(&self, offer: &Offer) -> String {
        match offer.destinations {
            super::Destinations::Regions(regions) => self.codes(regions).join(", "),
            super::Destinations::AnyCommercial => "any commercial Region".to_owned(),
            super::Destinations::Unknown => "Regions that no source names".to_owned(),
        }
    }

    fn called_elsewhere(&self, model: ModelIndex, id: &str) -> String {
        let own = self.offers_of(model).iter().filter(|offer| self.invoke_id(offer).eq_ignore_ascii_case(id));
        let regions: RegionSet = own.map(|offer| offer.region).collect();
        if regions.is_empty() {
            return format!("no source lists it, nor another id of {} there", self.model(model).name);
        }
        format!("it is called from {}", self.codes(regions).join(", "))
    }
}
