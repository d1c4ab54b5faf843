//! Prices as JSON, with all their tiers: exact decimals in US dollars.

use serde::Serialize;

use super::CallPart;
use crate::catalog::price::{LongContext, Media, Rates};
use crate::catalog::{Catalog, Price, Tariff};
use crate::money::Usd;
use crate::task::Tier;

/// One price with the calls that it is for.
#[derive(Serialize)]
pub struct TariffPart<'a> {
    calls: Vec<CallPart<'a>>,
    #[serde(flatten)]
    price: PricePart<'a>,
}

/// A price with all its tiers, in US dollars for a million tokens or for one of what is billed.
#[derive(Serialize)]
pub struct PricePart<'a> {
    unit: &'static str,
    standard: RatesPart,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<RatesPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flex: Option<RatesPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<RatesPart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    long_context: Option<LongPart>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<MediaPart<'a>>,
    estimated: bool,
    source: &'a str,
    as_of: String,
    #[serde(flatten)]
    range: Option<RangePart>,
}

/// Between which figures a price lies when a listed one looks odd and stands beside the estimate.
#[derive(Serialize)]
pub struct RangePart {
    low: EndPart,
    high: EndPart,
    listed_source: String,
}

#[derive(Serialize)]
struct EndPart {
    input: Option<Usd>,
    output: Option<Usd>,
}

impl RangePart {
    /// The range of a price at a tier, if it has one.
    pub(in crate::output) fn of(price: &Price, tier: Tier) -> Option<Self> {
        let listed = price.listed.as_ref().filter(|_| tier == Tier::Standard)?;
        let rates = price.standard;
        let pick =
            |own: Option<Usd>, other: Option<Usd>, most: fn(Usd, Usd) -> Usd| match (own, other) {
                (Some(own), Some(other)) => Some(most(own, other).million()),
                (own, other) => own.or(other).map(Usd::million),
            };
        let end = |most: fn(Usd, Usd) -> Usd| EndPart {
            input: pick(rates.input, listed.input, most),
            output: pick(rates.output, listed.output, most),
        };
        Some(Self { low: end(Usd::min), high: end(Usd::max), listed_source: listed.source.clone() })
    }
}

#[derive(Serialize)]
struct RatesPart {
    input: Option<Usd>,
    output: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_read: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_write: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_write_1h: Option<Usd>,
}

#[derive(Serialize)]
struct LongPart {
    above: u64,
    #[serde(flatten)]
    rates: RatesPart,
}

#[derive(Serialize)]
struct MediaPart<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_image: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_second: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_query: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_input: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audio_output: Option<Usd>,
}

impl<'a> TariffPart<'a> {
    /// A price with its calls.
    #[must_use]
    pub fn of(catalog: &'a Catalog, tariff: &Tariff<'a>) -> Self {
        Self {
            calls: tariff.offers.iter().map(|offer| CallPart::of(catalog, offer)).collect(),
            price: PricePart::of(tariff.price),
        }
    }
}

impl<'a> PricePart<'a> {
    /// A price with all its tiers.
    #[must_use]
    pub fn of(price: &'a Price) -> Self {
        Self {
            unit: "usd_per_million_tokens",
            standard: rates(&price.standard),
            batch: price.batch.as_ref().map(rates),
            flex: price.flex.as_ref().map(rates),
            priority: price.priority.as_ref().map(rates),
            long_context: price.long.as_ref().map(long),
            media: price.media.iter().map(media).collect(),
            estimated: price.estimated,
            source: &price.source,
            as_of: price.as_of.to_string(),
            range: RangePart::of(price, Tier::Standard),
        }
    }
}

fn rates(rates: &Rates) -> RatesPart {
    let million = |rate: Option<Usd>| rate.map(Usd::million);
    RatesPart {
        input: million(rates.input),
        output: million(rates.output),
        cache_read: million(rates.cache_read),
        cache_write: million(rates.cache_write),
        cache_write_1h: million(rates.cache_write_1h),
    }
}

fn long(long: &LongContext) -> LongPart {
    LongPart { above: long.above, rates: rates(&long.rates) }
}

fn media(media: &Media) -> MediaPart<'_> {
    MediaPart {
        variant: media.variant.as_deref(),
        per_image: media.image,
        per_second: media.second,
        per_query: media.query,
        audio_input: media.audio_input.map(Usd::million),
        audio_output: media.audio_output.map(Usd::million),
    }
}
