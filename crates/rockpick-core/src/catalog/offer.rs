//! An offer: from this Region, by this route, call exactly this id.

use serde::{Deserialize, Serialize};

use crate::task::{ModelIndex, Region, RegionSet, Route};

/// Where data of a request may be processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destinations {
    /// In these Regions.
    Regions(RegionSet),
    /// In any commercial Region; AWS does not list them.
    AnyCommercial,
    /// Not known.
    Unknown,
}

impl Destinations {
    /// Whether data is sure to stay in `regions`.
    #[must_use]
    pub fn are_within(self, regions: RegionSet) -> bool {
        matches!(self, Self::Regions(own) if own.is_within(regions))
    }
}

/// One way to call one model from one Region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What is called.
    pub model: ModelIndex,
    /// From where.
    pub region: Region,
    /// How.
    pub route: Route,
    /// The prefix of the id, by its place in the catalog's list; `None` = the bare id.
    pub(crate) prefix: Option<u8>,
    /// Where data may be processed.
    pub destinations: Destinations,
    /// Whether only a price that names the Region speaks for it: no scan lists it.
    pub inferred: bool,
    /// Its price, by its place in the catalog's list; `None` = not known.
    pub(crate) price: Option<u16>,
}
