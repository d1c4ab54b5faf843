//! Facts of models as JSON: the parts that `models`, `explain` and `compare` share. Prices are exact decimals in US dollars.

mod price;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

pub use self::price::{PricePart, RangePart, TariffPart};
use super::{figures, json};
use crate::catalog::SuccessorIs;
use crate::catalog::{Catalog, Model, Offer, Way};
use crate::money::Usd;
use crate::recommend::Explanation;
use crate::recommend::listing::Listed;
use crate::task::{Feature, FeatureSet, Modality};

/// What a model is, can do and how it is called.
#[derive(Serialize)]
pub struct ModelPart<'a> {
    model: &'a str,
    name: &'a str,
    provider: &'a str,
    kind: &'static str,
    input: Vec<&'static str>,
    output: Vec<&'static str>,
    launched: Option<String>,
    alias_of: Option<&'a str>,
    apis: Vec<&'a str>,
    lifecycle: LifecyclePart<'a>,
    limits: LimitsPart<'a>,
    features: FeaturesPart<'a>,
    contract: ContractPart<'a>,
    retention: &'static str,
    unpriced: Option<&'a str>,
    provisioned: Vec<ProvisionedPart<'a>>,
    source: &'a str,
}

#[derive(Serialize)]
struct LifecyclePart<'a> {
    status: &'static str,
    api_status: &'static str,
    legacy_since: Option<String>,
    extended_access_from: Option<String>,
    eol: Option<String>,
    eol_in: Vec<EndPart<'a>>,
    eol_floor: Option<String>,
    days_left: Option<i64>,
    successor: Option<&'a str>,
    successor_is: Option<&'static str>,
    source: &'a str,
}

#[derive(Serialize)]
struct EndPart<'a> {
    eol: String,
    regions: Vec<&'a str>,
}

#[derive(Serialize)]
struct LimitsPart<'a> {
    context: Option<u64>,
    max_output: Option<u64>,
    source: Option<&'a str>,
}

#[derive(Serialize)]
struct FeaturesPart<'a> {
    yes: Vec<&'static str>,
    no: Vec<&'static str>,
    unknown: Vec<&'static str>,
    efforts: &'a [String],
    by_api: BTreeMap<&'static str, ByApiPart<'a>>,
    source: Option<&'a str>,
}

#[derive(Serialize)]
struct ByApiPart<'a> {
    yes: Vec<&'static str>,
    no: Vec<&'static str>,
    source: &'a str,
}

#[derive(Serialize)]
struct ContractPart<'a> {
    refuses: &'a [String],
    exclusive: &'a [Vec<String>],
    source: Option<&'a str>,
}

#[derive(Serialize)]
struct ProvisionedPart<'a> {
    id: &'a str,
    regions: Vec<&'a str>,
}

/// One id with the Regions it can be called from.
#[derive(Serialize)]
pub struct WayPart<'a> {
    invoke_id: String,
    route: &'static str,
    api: &'a str,
    from: Vec<FromPart<'a>>,
}

#[derive(Serialize)]
struct FromPart<'a> {
    region: &'a str,
    destinations: Vec<&'a str>,
    inferred: bool,
}

/// An id and a Region to call it from.
#[derive(Serialize)]
pub struct CallPart<'a> {
    invoke_id: String,
    region: &'a str,
    route: &'static str,
    inferred: bool,
}

/// The cheapest of a model's offers that fit.
#[derive(Serialize)]
pub struct BestPart<'a> {
    #[serde(flatten)]
    call: CallPart<'a>,
    destinations: Vec<&'a str>,
    price: Option<PricePart<'a>>,
    per_request_usd: Option<Usd>,
}

/// Where facts come from.
#[derive(Serialize)]
pub struct SourcePart<'a> {
    key: &'a str,
    what: &'a str,
    licence: &'a str,
    date: String,
}

/// The facts that an answer rests on.
#[derive(Serialize)]
pub struct CatalogPart {
    as_of: String,
    models: usize,
    offers: usize,
}

/// A reason with its code and source.
#[derive(Serialize)]
pub struct ReasonPart {
    code: &'static str,
    text: String,
    source: Option<String>,
}

impl From<Explanation> for ReasonPart {
    fn from(reason: Explanation) -> Self {
        Self { code: reason.code, text: reason.text, source: reason.source }
    }
}

impl CatalogPart {
    /// The date and size of a catalog.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        Self {
            as_of: catalog.as_of().to_string(),
            models: catalog.models().len(),
            offers: catalog.offers().len(),
        }
    }
}

impl<'a> ModelPart<'a> {
    /// A model on a date.
    #[must_use]
    pub fn of(catalog: &'a Catalog, model: &'a Model, as_of: Date) -> Self {
        let provisioned = model.provisioned.iter();
        Self {
            model: &model.id,
            name: &model.name,
            provider: &catalog.provider(model.provider).key,
            kind: model.kind.name(),
            input: model.input.iter().map(Modality::name).collect(),
            output: model.output.iter().map(Modality::name).collect(),
            launched: day(model.launched),
            alias_of: model.alias_of.as_deref(),
            apis: figures::apis(model),
            lifecycle: lifecycle(catalog, model, as_of),
            limits: LimitsPart {
                context: model.limits.context,
                max_output: model.limits.max_output,
                source: named(&model.limits.source),
            },
            features: FeaturesPart {
                yes: model.features.yes.iter().map(Feature::name).collect(),
                no: model.features.no.iter().map(Feature::name).collect(),
                unknown: figures::unknown(model).iter().map(Feature::name).collect(),
                efforts: &model.features.efforts,
                by_api: by_api(model),
                source: named(&model.features.source),
            },
            contract: ContractPart {
                refuses: &model.contract.refuses,
                exclusive: &model.contract.exclusive,
                source: named(&model.contract.source),
            },
            retention: model.retention.name(),
            unpriced: model.unpriced.as_deref(),
            provisioned: provisioned
                .map(|own| ProvisionedPart { id: &own.id, regions: catalog.codes(own.regions) })
                .collect(),
            source: &model.source,
        }
    }
}

/// What differs by the API, and only that.
fn by_api(model: &Model) -> BTreeMap<&'static str, ByApiPart<'_>> {
    let names = |set: FeatureSet| set.iter().map(Feature::name).collect();
    let own = model.features.by_api.iter();
    own.map(|own| {
        (own.api.name(), ByApiPart { yes: names(own.yes), no: names(own.no), source: &own.source })
    })
    .collect()
}

fn lifecycle<'a>(catalog: &'a Catalog, model: &'a Model, as_of: Date) -> LifecyclePart<'a> {
    let life = &model.lifecycle;
    LifecyclePart {
        status: life.status(as_of).name(),
        api_status: life.api_status.name(),
        legacy_since: day(life.legacy_since),
        extended_access_from: day(life.extended_access_from),
        eol: day(life.eol),
        eol_in: life
            .eol_in
            .iter()
            .map(|end| EndPart { eol: end.eol.to_string(), regions: catalog.codes(end.regions) })
            .collect(),
        eol_floor: day(life.eol_floor),
        days_left: life.days_left(as_of),
        successor: life.successor.as_deref(),
        successor_is: life.successor_is.map(SuccessorIs::name),
        source: &life.source,
    }
}

impl<'a> WayPart<'a> {
    /// An id with its Regions.
    #[must_use]
    pub fn of(catalog: &'a Catalog, way: &Way<'a>) -> Self {
        let from = way.offers.iter();
        Self {
            invoke_id: way.id.clone().into_owned(),
            route: way.route.name(),
            api: way.offers.first().map_or("", |offer| json::api(catalog, offer)),
            from: from
                .map(|offer| FromPart {
                    region: catalog.code(offer.region),
                    destinations: json::destinations(catalog, offer),
                    inferred: offer.inferred,
                })
                .collect(),
        }
    }
}

impl<'a> CallPart<'a> {
    /// An offer as a call.
    #[must_use]
    pub fn of(catalog: &'a Catalog, offer: &'a Offer) -> Self {
        Self {
            invoke_id: catalog.invoke_id(offer).into_owned(),
            region: catalog.code(offer.region),
            route: offer.route.name(),
            inferred: offer.inferred,
        }
    }
}

impl<'a> BestPart<'a> {
    /// The best offer of a listed model, if one fits.
    #[must_use]
    pub fn of(catalog: &'a Catalog, listed: &Listed<'a>) -> Option<Self> {
        let offer = listed.offer?;
        Some(Self {
            call: CallPart::of(catalog, offer),
            destinations: json::destinations(catalog, offer),
            price: catalog.price(offer).map(PricePart::of),
            per_request_usd: listed.cost,
        })
    }
}

/// The sources behind some keys, each once, by key.
#[must_use]
pub fn sources<'a>(
    catalog: &'a Catalog,
    keys: impl IntoIterator<Item = &'a str>,
) -> Vec<SourcePart<'a>> {
    let keys: BTreeSet<&str> = keys.into_iter().collect();
    let known = keys.into_iter().filter_map(|key| catalog.source(key));
    known
        .map(|source| SourcePart {
            key: &source.key,
            what: &source.what,
            licence: &source.licence,
            date: source.date.to_string(),
        })
        .collect()
}

/// The keys of the sources of a model's own facts.
pub(super) fn of_model(model: &Model) -> impl Iterator<Item = &str> {
    let keys = [
        &model.source,
        &model.lifecycle.source,
        &model.limits.source,
        &model.features.source,
        &model.contract.source,
    ];
    keys.into_iter().chain(&model.unpriced).map(String::as_str).filter(|key| !key.is_empty())
}

pub(super) fn day(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

/// A source's key, unless the group has none.
fn named(source: &str) -> Option<&str> {
    (!source.is_empty()).then_some(source)
}
