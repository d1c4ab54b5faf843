//! Regions, countries and areas: where things are.

use serde::{Deserialize, Serialize};

use crate::task::RegionSet;

/// A Region as the catalog knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionInfo {
    /// Its code: `eu-central-1`.
    pub code: String,
    /// Its name: `Europe (Frankfurt)`.
    pub name: String,
    /// The country it is in: `de`.
    pub country: String,
    /// The partition of AWS that it belongs to: `aws`, `aws-us-gov`.
    pub partition: String,
    /// Whether it is one of the commercial Regions.
    pub commercial: bool,
}

/// A place that data can be kept in: a country or an area of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceInfo {
    /// Its code: `eu`, `de`.
    pub code: String,
    /// Its name: `Germany`.
    pub name: String,
    /// Its Regions; none when AWS has none there.
    pub regions: RegionSet,
}
