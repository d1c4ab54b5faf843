//! The model that follows one that ends, and the ID by which it is called.

use jiff::civil::Date;
use rockpick_core::catalog::{Catalog, Destinations, Offer, Status, SuccessorIs};
use rockpick_core::task::{ModalitySet, ModelIndex, Region, RegionSet, Route};

use crate::known::Subject;

/// The most successors that are followed: enough for any chain, and an end for a circle.
const LONGEST_CHAIN: usize = 8;

/// A model to move to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Next {
    pub model: ModelIndex,
    pub is: &'static str,
}

/// The first successor that lives on a day and gives the same kind of answer.
pub(crate) fn next(
    catalog: &Catalog,
    subject: Subject<'_>,
    as_of: Date,
    region: Option<Region>,
) -> Option<Next> {
    let (mut id, basis, output) = match subject {
        Subject::Model(index) => {
            let model = catalog.model(index);
            let life = &model.lifecycle;
            (life.successor.as_deref()?, life.successor_is, Some(model.output))
        }
        Subject::Retired(gone) => (gone.successor.as_deref()?, gone.successor_is, None),
    };
    let is = if basis == Some(SuccessorIs::Fact) { "fact" } else { "judgement" };
    for _ in 0..LONGEST_CHAIN {
        let index = catalog.index_of(id);
        if let Some(index) = index.filter(|index| lives(catalog, *index, as_of, region)) {
            let same = output.is_none_or(|output| overlaps(output, catalog.model(index).output));
            return same.then_some(Next { model: index, is });
        }
        id = match index {
            Some(index) => catalog.model(index).lifecycle.successor.as_deref()?,
            None => {
                let gone = catalog.retired().iter().find(|gone| gone.id == id)?;
                gone.successor.as_deref()?
            }
        };
    }
    None
}

fn overlaps(own: ModalitySet, other: ModalitySet) -> bool {
    own.iter().any(|modality| other.contains(modality))
}

fn lives(catalog: &Catalog, model: ModelIndex, as_of: Date, region: Option<Region>) -> bool {
    let life = &catalog.model(model).lifecycle;
    let regions = region.map_or_else(|| catalog.regions_of(model), RegionSet::only);
    life.status_within(regions, as_of) != Status::Eol
}

/// How a call is made: from where, and by what the old ID is written with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub region: Option<Region>,
    pub prefix: Option<&'a str>,
    /// The program adds a prefix itself.
    pub expression: bool,
}

/// The ID by which a model is called; `None` where nothing decides it.
pub(crate) fn invoke_id(catalog: &Catalog, model: ModelIndex, call: Call<'_>) -> Option<String> {
    let bare = &catalog.model(model).id;
    if call.expression {
        let profiled = runtime(catalog, model).any(|offer| offer.route == Route::Geo);
        return profiled.then(|| bare.clone());
    }
    if let Some(region) = call.region {
        return best(catalog, catalog.offers_from(model, region));
    }
    if let Some(prefix) = call.prefix
        && runtime(catalog, model).any(|offer| catalog.prefix(offer) == Some(prefix))
    {
        return Some(format!("{prefix}.{bare}"));
    }
    let mut ids: Vec<_> = runtime(catalog, model).map(|offer| catalog.invoke_id(offer)).collect();
    ids.dedup();
    ids.sort();
    ids.dedup();
    match ids.as_slice() {
        [only] => Some(only.clone().into_owned()),
        _ => None,
    }
}

/// The offers of bedrock-runtime.
pub(crate) fn runtime(catalog: &Catalog, model: ModelIndex) -> impl Iterator<Item = &Offer> {
    catalog.offers_of(model).iter().filter(|offer| offer.route != Route::Mantle)
}

/// The ID that keeps data nearest: the bare one, then the geo profile with the fewest Regions, then the global one.
pub(crate) fn best(catalog: &Catalog, offers: &[Offer]) -> Option<String> {
    nearest(offers, |_| true).map(|offer| catalog.invoke_id(offer).into_owned())
}

/// The offer among some that keeps data nearest.
pub(crate) fn nearest(offers: &[Offer], test: impl Fn(&Offer) -> bool) -> Option<&Offer> {
    offers
        .iter()
        .filter(|offer| offer.route != Route::Mantle && test(offer))
        .min_by_key(|offer| (offer.route, width(offer.destinations)))
}

fn width(destinations: Destinations) -> usize {
    match destinations {
        Destinations::Regions(regions) => regions.len(),
        Destinations::AnyCommercial | Destinations::Unknown => usize::MAX,
    }
}
