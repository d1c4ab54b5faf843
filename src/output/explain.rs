//! What is known of one model, and what a task makes of it: text, CSV and JSON (`rockpick.explain.v1`).

pub mod json;
pub mod text;

mod prices;
mod reach;
mod verdict;

use std::collections::BTreeSet;
use std::io;

use jiff::civil::Date;

use super::facts;
use crate::catalog::{Catalog, ListPrice, Model, Offer, Retired, Status};
use crate::money::Usd;
use crate::recommend::listing::Listed;
use crate::recommend::migration::Migration;
use crate::recommend::verdict::Verdict;
use crate::recommend::{Explanation, Filter, Recommendation};
use crate::task::{ModelIndex, RegionSet, Tier};

/// The name and version of the shape; the version is raised when a field changes its meaning.
pub const SCHEMA: &str = "rockpick.explain.v1";

/// What was asked about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject<'a> {
    /// A model of the catalog.
    Model(ModelIndex),
    /// An id that cannot be called any more.
    Retired(&'a Retired),
}

/// All that is said of one model.
pub struct Dossier<'a> {
    /// The facts and the task that it rests on.
    pub answer: &'a Recommendation<'a>,
    /// What is asked of offers.
    pub filter: Filter<'a>,
    /// The name as it was typed.
    pub asked: &'a str,
    /// What that stands for.
    pub subject: Subject<'a>,
    /// What a task or constraints make of it; `None` when none were given.
    pub verdict: Option<Verdict<'a>>,
    /// The way to its successor, if it has one.
    pub migration: Option<Migration<'a>>,
    /// What changes in a call on that way.
    pub changes: Vec<Explanation>,
    /// What should be known.
    pub notes: Vec<String>,
}

impl<'a> Dossier<'a> {
    /// The catalog.
    #[must_use]
    pub fn catalog(&self) -> &'a Catalog {
        self.answer.catalog
    }

    /// The date asked about.
    #[must_use]
    pub fn as_of(&self) -> Date {
        self.filter.as_of
    }

    /// The model, unless the id is gone.
    #[must_use]
    pub fn model(&self) -> Option<(ModelIndex, &'a Model)> {
        match self.subject {
            Subject::Model(index) => Some((index, self.catalog().model(index))),
            Subject::Retired(_) => None,
        }
    }

    /// The Regions asked about; none when it is all of them.
    #[must_use]
    pub fn regions(&self) -> RegionSet {
        self.answer.understanding.constraints.regions
    }

    /// The offers of a model from the Regions asked about, whatever else is asked; all of them when none are.
    #[must_use]
    pub fn offers(&self, model: ModelIndex) -> Vec<&'a Offer> {
        let regions = self.regions();
        let meant = |offer: &&Offer| regions.is_empty() || regions.contains(offer.region);
        self.catalog().offers_of(model).iter().filter(meant).collect()
    }

    /// The model to be called: the one asked about, or what follows an id that is gone.
    #[must_use]
    pub fn callable(&self) -> Option<ModelIndex> {
        self.model()
            .map(|(index, _)| index)
            .or_else(|| self.migration.as_ref().map(|migration| migration.after))
    }

    /// The ids to call, that of the cheapest of the offers that fit first; none when calls fail.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        let catalog = self.catalog();
        let reach = |model: ModelIndex| match self.regions() {
            regions if regions.is_empty() => catalog.regions_of(model),
            regions => regions,
        };
        let status = |model: ModelIndex| {
            catalog.model(model).lifecycle.status_within(reach(model), self.as_of())
        };
        let lives = |model: &ModelIndex| status(*model) != Status::Eol;
        let Some(model) = self.callable().filter(lives) else { return Vec::new() };
        let mut offers = Listed::of(&self.filter, model).offers;
        let weight = |offer: &&Offer| {
            let listed =
                self.catalog().price(offer).and_then(|price| ListPrice::of(price, Tier::Standard));
            listed.map(|listed| listed.weight())
        };
        offers.sort_by_key(|offer| (weight(offer).is_none(), weight(offer), offer.route));
        let mut seen = BTreeSet::new();
        let ids = offers.into_iter().map(|offer| self.catalog().invoke_id(offer).into_owned());
        ids.filter(|id| seen.insert(id.clone())).collect()
    }

    /// The keys of every source that the dossier rests on.
    #[must_use]
    pub fn sources(&self) -> BTreeSet<&'a str> {
        let mut keys = BTreeSet::new();
        if let Subject::Retired(retired) = self.subject {
            keys.insert(retired.source.as_str());
        }
        if let Some((index, model)) = self.model() {
            keys.extend(facts::of_model(model));
            keys.extend(
                self.catalog()
                    .tariffs(self.offers(index))
                    .iter()
                    .map(|tariff| tariff.price.source.as_str()),
            );
            let boards = self.answer.rules.boards().iter();
            keys.extend(
                boards
                    .filter(|board| !board.results_of(index).is_empty())
                    .map(|board| board.source.as_str()),
            );
        }
        keys.extend(self.migration.as_ref().map(|migration| migration.source));
        let told =
            self.changes.iter().chain(self.verdict.iter().flat_map(|verdict| &verdict.reasons));
        let told: BTreeSet<&str> = told.filter_map(|reason| reason.source.as_deref()).collect();
        keys.extend(
            self.catalog()
                .sources()
                .iter()
                .map(|source| source.key.as_str())
                .filter(|key| told.contains(key)),
        );
        keys.retain(|key| !key.is_empty());
        keys
    }
}

/// The offers as CSV with a header: one line for every id and Region.
///
/// # Errors
/// When it cannot be written.
pub fn csv(dossier: &Dossier<'_>, out: &mut dyn io::Write) -> Result<(), csv::Error> {
    let catalog = dossier.catalog();
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "model",
        "invoke_id",
        "region",
        "route",
        "destinations",
        "input_usd_per_million",
        "output_usd_per_million",
        "per_image_usd",
        "per_second_usd",
        "per_query_usd",
        "estimated",
        "source",
        "as_of",
        "inferred",
    ])?;
    let money = |amount: Option<Usd>| amount.map(Usd::to_decimal).unwrap_or_default();
    for offer in dossier.callable().into_iter().flat_map(|model| dossier.offers(model)) {
        let price = catalog.price(offer);
        let listed =
            price.and_then(|price| ListPrice::of(price, Tier::Standard)).unwrap_or_default();
        writer.write_record([
            catalog.model(offer.model).id.clone(),
            catalog.invoke_id(offer).into_owned(),
            catalog.code(offer.region).to_owned(),
            offer.route.to_string(),
            super::json::destinations(catalog, offer).join(" "),
            money(listed.input),
            money(listed.output),
            money(listed.image),
            money(listed.second),
            money(listed.query),
            price.map(|price| price.estimated.to_string()).unwrap_or_default(),
            price.map(|price| price.source.clone()).unwrap_or_default(),
            price.map(|price| price.as_of.to_string()).unwrap_or_default(),
            offer.inferred.to_string(),
        ])?;
    }
    writer.flush()?;
    Ok(())
}
