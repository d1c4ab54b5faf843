//! From where a model can be called and for how long, as far as sources know.

use super::filter::{Filter, Reason};
use crate::catalog::lifecycle::days_between;
use crate::catalog::{Model, Offer, Status};
use crate::task::{ModelIndex, RegionSet};

/// So many days before the facts a launch that no source dates is not taken for granted.
const LONG_BEFORE: i64 = 90;

impl Filter<'_> {
    /// Whether calls by an offer still succeed where the end differs by Region; else the model itself is judged.
    pub(super) fn lives(&self, offer: &Offer) -> bool {
        let life = &self.catalog.model(offer.model).lifecycle;
        life.eol_in.is_empty() || !life.has_ended_in(offer.region, self.as_of)
    }

    /// Where a model stands in its life, in that of the Regions asked about where it lasts longest.
    pub(super) fn status_of(&self, index: ModelIndex) -> Status {
        let life = &self.catalog.model(index).lifecycle;
        if life.eol_in.is_empty() {
            return life.status(self.as_of);
        }
        life.status_within(self.catalog.regions_of(index).and(self.regions), self.as_of)
    }

    /// Whether a model came to Bedrock after the day asked about. Where no source gives its launch, that is not known for days long
    /// before those of the facts, and what is not known is not yes.
    pub(super) fn is_not_launched(&self, model: &Model) -> bool {
        match model.launched {
            Some(launched) => launched > self.as_of,
            None => days_between(self.as_of, self.catalog.as_of()) > LONG_BEFORE,
        }
    }

    /// Whether a model ends before the lifetime asked for is over; `None` when no source tells, or none is asked for.
    pub(super) fn ends_too_soon(&self, model: &Model) -> Option<bool> {
        let asked = self.constraints.min_lifetime?;
        model.lifecycle.ends_before(asked.until(self.as_of))
    }

    /// Absence is a reason only where a complete scan looked.
    pub(super) fn named_by_knowledge(&self, index: ModelIndex, reason: Reason) -> Reason {
        match reason {
            Reason::NotInRegion if !self.unknown_reach(index).is_empty() => Reason::ReachUnknown,
            _ => reason,
        }
    }

    /// The Regions asked about of which nobody knows whether a model can be called from them.
    pub(super) fn unknown_reach(&self, index: ModelIndex) -> RegionSet {
        self.catalog.reach_unknown(index, self.regions, self.as_of)
    }
}
