//! IDs of profiles that cannot be called from where somebody calls them: told first, with the ID that can.

use super::constraints::ConstraintArgs;
use super::{CliError, Exit};
use crate::catalog::{Catalog, Destinations, Offer, PlaceInfo};
use crate::task::{Constraints, ModelIndex, Region, RegionSet, Route};

/// More Regions than these are none in particular.
const MOST_REGIONS: usize = 3;
/// So many Regions are named one by one.
const MOST_NAMED: usize = 6;

/// A profile's ID that cannot be called from a Region.
pub(super) struct Misplaced {
    id: String,
    region: String,
    /// What can be called instead, and where data then goes.
    advice: Vec<String>,
}

impl Misplaced {
    /// The first thing to say, with what can be called instead.
    pub(super) fn message(&self) -> String {
        let instead = self.advice.first().map(|advice| format!(": {advice}")).unwrap_or_default();
        format!("`{}` cannot be called from {}{instead}", self.id, self.region)
    }

    /// What there is to say besides the message.
    pub(super) fn advice(&self) -> Option<String> {
        let rest = self.advice.get(1..).unwrap_or_default();
        (!rest.is_empty()).then(|| rest.join("; "))
    }

    /// That it cannot be called, without what can.
    #[cfg(feature = "aws")]
    pub(super) fn fact(&self) -> String {
        format!("`{}` cannot be called from {}", self.id, self.region)
    }

    /// All that can be done about it, where the message stands elsewhere.
    #[cfg(feature = "aws")]
    pub(super) fn fix(&self) -> String {
        self.advice.join("; ")
    }
}

impl From<Misplaced> for CliError {
    fn from(misplaced: Misplaced) -> Self {
        let error = Self::new(misplaced.message(), Exit::Nothing);
        misplaced.advice.into_iter().skip(1).fold(error, Self::help)
    }
}

/// The first of the named models that is a profile's ID and cannot be called from these Regions: by flags, or in the words.
pub(super) fn named(
    flags: &ConstraintArgs,
    catalog: &Catalog,
    wanted: &Constraints,
) -> Option<Misplaced> {
    let given = flags.models().iter().chain(wanted.pinned.iter().map(|(_, id)| id));
    given.into_iter().find_map(|given| find(catalog, given, wanted.regions))
}

/// What is wrong with an ID, when it is one of a known model's profiles and the facts say that it is not called from these Regions.
pub(super) fn find(catalog: &Catalog, given: &str, regions: RegionSet) -> Option<Misplaced> {
    let id = given.rsplit('/').next().map(|id| catalog.written(id))?;
    let own = given
        .strip_prefix("arn:")
        .and_then(|rest| rest.split(':').nth(2))
        .and_then(|code| catalog.region(code));
    let regions = own.map_or(regions, RegionSet::only);
    let (_, bare) = id.split_once('.').filter(|_| catalog.index_of(id).is_none())?;
    let model = catalog.index_of(bare)?;
    let region = regions.iter().next().filter(|_| regions.len() <= MOST_REGIONS)?;
    let called = |region: Region| {
        catalog.offers_from(model, region).iter().any(|offer| catalog.invoke_id(offer) == id)
    };
    if regions.iter().any(called) {
        return None;
    }
    let mut advice = instead(catalog, model, region);
    let from: Vec<&str> = catalog
        .regions_of(model)
        .iter()
        .filter(|region| called(*region))
        .map(|region| catalog.code(region))
        .collect();
    if advice.is_empty() && from.is_empty() {
        // What no source says is not known, and not that it cannot be.
        return None;
    }
    match from.as_slice() {
        [] => advice.push(format!("no source lists the profile `{id}`")),
        from => {
            let more = if from.len() > MOST_NAMED { " …" } else { "" };
            advice.push(format!(
                "`{id}` is called from {}{more}",
                from[..from.len().min(MOST_NAMED)].join(", ")
            ));
        }
    }
    Some(Misplaced { id: id.to_owned(), region: catalog.code(region).to_owned(), advice })
}

/// The IDs by which a model is called from a Region, the one that keeps data nearest first.
fn instead(catalog: &Catalog, model: ModelIndex, region: Region) -> Vec<String> {
    let mut offers: Vec<&Offer> = catalog
        .offers_from(model, region)
        .iter()
        .filter(|offer| offer.route != Route::Mantle)
        .collect();
    offers.sort_by_key(|offer| offer.route);
    // Countries have two letters; areas and groups of Regions have names.
    let is_country = |place: &&PlaceInfo| place.code.len() == 2 && place.regions.contains(region);
    let country =
        catalog.places().iter().filter(is_country).min_by_key(|place| place.regions.len());
    let leaves =
        |offer: &Offer| country.filter(|place| !offer.destinations.are_within(place.regions));
    let line = |(at, offer): (usize, &&Offer)| {
        let verb = if at == 0 { "call" } else { "or" };
        let goes = match (offer.destinations, leaves(offer)) {
            (Destinations::AnyCommercial, _) => {
                ", which may be answered in any commercial Region".to_owned()
            }
            (_, Some(place)) => format!(", which leaves {}", place.name),
            _ => String::new(),
        };
        format!("{verb} `{}`{goes}", catalog.invoke_id(offer))
    };
    offers.iter().enumerate().map(line).collect()
}
