//! Small sets of terms, Regions and providers.

use serde::{Deserialize, Serialize};

use super::terms::{Feature, Modality, Route};
use crate::vocabulary::bit_set;

bit_set! {
    /// Some features.
    FeatureSet(u32) of Feature, |item: Feature| item as usize, |index| Feature::ALL.get(index).copied()
}
bit_set! {
    /// Some modalities.
    ModalitySet(u8) of Modality, |item: Modality| item as usize, |index| Modality::ALL.get(index).copied()
}
bit_set! {
    /// Some routes.
    RouteSet(u8) of Route, |item: Route| item as usize, |index| Route::ALL.get(index).copied()
}

/// An AWS Region of the catalog, by its place in `rules/regions.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Region(pub(crate) u8);

bit_set! {
    /// Some Regions.
    RegionSet(u64) of Region, |item: Region| item.0 as usize, |index| u8::try_from(index).ok().map(Region)
}

/// A provider of the catalog, by its place in `rules/providers.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Provider(pub(crate) u8);

bit_set! {
    /// Some providers.
    ProviderSet(u64) of Provider, |item: Provider| item.0 as usize, |index| u8::try_from(index).ok().map(Provider)
}

/// A model of the catalog, by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModelIndex(pub(crate) u16);
