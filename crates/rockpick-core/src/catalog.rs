//! The catalog: models, the offers by which they can be called, prices, Regions, and ids that are gone.

pub mod families;
pub mod form;
pub mod lifecycle;
pub mod model;
pub mod offer;
pub mod place;
pub mod price;
mod profile;
pub mod quirk;
pub mod reach;
pub mod thinking;
pub mod thinking_fields;

mod compile;
mod coverage;
pub(crate) mod names;
pub(crate) mod schema;

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::families::{Family, Members};
pub use self::form::{Dialect, Form, Talk, Turns};
pub use self::lifecycle::Status;
pub use self::model::{Model, Retired};
pub use self::names::Named;
pub use self::offer::{Destinations, Offer};
pub use self::place::{PlaceInfo, RegionInfo};
pub use self::price::{Price, Usage};
pub use self::quirk::{Quirk, QuirkInfo, QuirkSet};
pub use self::reach::{ListPrice, Tariff, Way};
pub use self::schema::SuccessorIs;
pub use self::thinking_fields::ThinkingFields;
use crate::packed::{Packed, day};
use crate::task::{Feature, ModelIndex, Provider, Region, RegionSet};

/// Everything known about what can be called on Bedrock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Catalog {
    models: Vec<Model>,
    /// Sorted by model, Region and route.
    offers: Vec<Offer>,
    /// Where the offers of each pair of a model and a Region begin, and the end.
    pair_starts: Vec<u16>,
    /// For each model: its first pair, and the Regions of its pairs.
    reach_of: Vec<(u16, RegionSet)>,
    prices: Vec<Packed<Price>>,
    prefixes: Vec<String>,
    retired: Packed<Vec<Retired>>,
    families: Packed<Vec<Family>>,
    regions: Vec<RegionInfo>,
    places: Packed<Vec<PlaceInfo>>,
    providers: Packed<Vec<ProviderInfo>>,
    features: Packed<Vec<FeatureInfo>>,
    forms: Packed<Vec<Form>>,
    thinking: Packed<Vec<ThinkingFields>>,
    quirks: Packed<Vec<QuirkInfo>>,
    sources: Packed<Vec<SourceInfo>>,
    profiles: u32,
    /// How many models can be called from each Region.
    reach: Vec<u16>,
    /// The date of the source that names most of the models.
    #[serde(with = "day")]
    as_of: Date,
}

/// A provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderInfo {
    /// The key: `anthropic`.
    pub key: String,
    /// The name people use.
    pub name: String,
    /// What its ids begin with.
    pub prefixes: Vec<String>,
}

/// A feature's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureInfo {
    /// The feature.
    pub feature: Feature,
    /// Its name for people.
    pub title: String,
    /// Other names it is asked for by.
    pub aliases: Vec<String>,
}

/// Where facts come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceInfo {
    /// The key that facts name.
    pub key: String,
    /// What it is.
    pub what: String,
    /// Its license, as the key `licence` gives it.
    pub licence: String,
    /// The date of its facts.
    #[serde(with = "day")]
    pub date: Date,
    /// The Regions in which it lists everything that could be called on its date.
    pub scans: RegionSet,
}

impl Catalog {
    /// The models, sorted by id.
    #[must_use]
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The name for people of a country or an area, by its code; the code where it has none.
    #[must_use]
    pub fn place_named<'a>(&'a self, code: &'a str) -> &'a str {
        self.places
            .iter()
            .find(|place| place.code == code)
            .map_or(code, |place| place.name.as_str())
    }

    /// A model.
    #[must_use]
    pub fn model(&self, index: ModelIndex) -> &Model {
        &self.models[usize::from(index.0)]
    }

    /// Takes a speed for a model's own, in place of what the rules say: milliseconds to the first token, and tokens a second.
    pub fn set_speed(
        &mut self,
        index: ModelIndex,
        first_token_ms: u32,
        rate: u32,
        measured: thinking::Measured,
    ) {
        let thinking = &mut self.models[usize::from(index.0)].thinking;
        thinking.first_token_ms = Some(first_token_ms);
        thinking.tokens_per_second = Some(rate);
        thinking.measured = measured;
    }

    /// The indices of all models.
    pub fn indices(&self) -> impl Iterator<Item = ModelIndex> + use<> {
        (0..self.models.len() as u16).map(ModelIndex)
    }

    /// Every offer.
    #[must_use]
    pub fn offers(&self) -> &[Offer] {
        &self.offers
    }

    /// The Regions from which a model can be called.
    #[must_use]
    pub fn regions_of(&self, model: ModelIndex) -> RegionSet {
        self.reach_of[usize::from(model.0)].1
    }

    /// The offers of one model, by Region and route.
    #[must_use]
    pub fn offers_of(&self, model: ModelIndex) -> &[Offer] {
        let (first, regions) = self.reach_of[usize::from(model.0)];
        self.pairs_from(usize::from(first), regions.len())
    }

    /// The offers of one model from one Region, by route.
    #[must_use]
    pub fn offers_from(&self, model: ModelIndex, region: Region) -> &[Offer] {
        let (first, regions) = self.reach_of[usize::from(model.0)];
        let count = usize::from(regions.contains(region));
        self.pairs_from(usize::from(first) + regions.rank(region), count)
    }

    fn pairs_from(&self, first: usize, count: usize) -> &[Offer] {
        &self.offers
            [usize::from(self.pair_starts[first])..usize::from(self.pair_starts[first + count])]
    }

    /// Exactly the id to call.
    #[must_use]
    pub fn invoke_id(&self, offer: &Offer) -> Cow<'_, str> {
        let id = &self.model(offer.model).id;
        match offer.prefix.and_then(|prefix| self.prefixes.get(usize::from(prefix))) {
            Some(prefix) => Cow::Owned(format!("{prefix}.{id}")),
            None => Cow::Borrowed(id),
        }
    }

    /// The prefix of the id to call: `eu`, `global`; `None` for the bare id.
    #[must_use]
    pub fn prefix(&self, offer: &Offer) -> Option<&str> {
        offer.prefix.and_then(|prefix| self.prefixes.get(usize::from(prefix))).map(String::as_str)
    }

    /// The prefixes of all profiles: `eu`, `global`.
    pub fn prefixes(&self) -> impl Iterator<Item = &str> {
        self.prefixes.iter().map(String::as_str)
    }

    /// What an offer costs, where known.
    #[must_use]
    pub fn price(&self, offer: &Offer) -> Option<&Price> {
        offer.price.map(|price| &*self.prices[usize::from(price)])
    }

    /// The different prices.
    pub fn prices(&self) -> impl Iterator<Item = &Price> {
        self.prices.iter().map(|price| &**price)
    }

    /// Ids that cannot be called any more.
    #[must_use]
    pub fn retired(&self) -> &[Retired] {
        &self.retired
    }

    /// The Regions.
    #[must_use]
    pub fn regions(&self) -> &[RegionInfo] {
        &self.regions
    }

    /// A Region's facts.
    #[must_use]
    pub fn region_info(&self, region: Region) -> &RegionInfo {
        &self.regions[usize::from(region.0)]
    }

    /// A Region's code.
    #[must_use]
    pub fn code(&self, region: Region) -> &str {
        &self.region_info(region).code
    }

    /// The codes of some Regions.
    #[must_use]
    pub fn codes(&self, regions: RegionSet) -> Vec<&str> {
        regions.iter().map(|region| self.code(region)).collect()
    }

    /// The Regions of a partition.
    #[must_use]
    pub fn partition(&self, partition: &str) -> RegionSet {
        (0..)
            .zip(&self.regions)
            .filter(|(_, info)| info.partition == partition)
            .map(|(index, _)| Region(index))
            .collect()
    }

    /// All commercial Regions.
    #[must_use]
    pub fn commercial(&self) -> RegionSet {
        (0..)
            .zip(&self.regions)
            .filter(|(_, info)| info.commercial)
            .map(|(index, _)| Region(index))
            .collect()
    }

    /// How many models can be called from a Region.
    #[must_use]
    pub fn reach(&self, region: Region) -> usize {
        self.reach.get(usize::from(region.0)).copied().map_or(0, usize::from)
    }

    /// Countries and areas.
    #[must_use]
    pub fn places(&self) -> &[PlaceInfo] {
        &self.places
    }

    /// The providers.
    #[must_use]
    pub fn providers(&self) -> &[ProviderInfo] {
        &self.providers
    }

    /// A provider's facts.
    #[must_use]
    pub fn provider(&self, provider: Provider) -> &ProviderInfo {
        &self.providers[usize::from(provider.0)]
    }

    /// The features' names.
    #[must_use]
    pub fn features(&self) -> &[FeatureInfo] {
        &self.features
    }

    /// The bodies that InvokeModel and StartAsyncInvoke take.
    #[must_use]
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// The body that a model takes, by its bare id or an ARN: the form that names it most exactly.
    #[must_use]
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.forms
            .iter()
            .filter_map(|form| Some((form.fits(id)?, form)))
            .max_by_key(|(length, _)| *length)
            .map(|(_, form)| form)
    }

    /// The ways in which models are asked to think.
    #[must_use]
    pub fn ways_of_thinking(&self) -> &[ThinkingFields] {
        &self.thinking
    }

    /// How a model is asked to think, by its bare ID; `None` where no way is known.
    #[must_use]
    pub fn thinking_fields(&self, id: &str) -> Option<&ThinkingFields> {
        let start = |thinking: &ThinkingFields| {
            thinking
                .models
                .iter()
                .filter(|start| id.starts_with(start.as_str()))
                .map(String::len)
                .max()
        };
        let found = self.thinking.iter().filter_map(|thinking| Some((start(thinking)?, thinking)));
        found
            .max_by_key(|(length, _)| *length)
            .map(|(_, thinking)| thinking)
            .filter(|thinking| thinking.fields.is_some())
    }

    /// What a model refuses, by its bare ID.
    #[must_use]
    pub fn quirks(&self, id: &str) -> QuirkSet {
        self.quirks.iter().filter(|info| info.has(id)).map(|info| info.quirk).collect()
    }

    /// The sources of facts.
    #[must_use]
    pub fn sources(&self) -> &[SourceInfo] {
        &self.sources
    }

    /// A source by its key.
    #[must_use]
    pub fn source(&self, key: &str) -> Option<&SourceInfo> {
        self.sources.iter().find(|source| source.key == key)
    }

    /// How many inference profiles the offers go through.
    #[must_use]
    pub fn profiles(&self) -> u32 {
        self.profiles
    }

    /// How many pairs of a model and a source Region have an offer.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.pair_starts.len() - 1
    }

    /// The date of the facts: that of the source that names most of the models.
    #[must_use]
    pub fn as_of(&self) -> Date {
        self.as_of
    }
}
