//! The shape of rows of prices.

use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Spanned;

use super::{Day, entry};
use crate::money::Usd;
use crate::task::Route;

/// A price in dollars per million, kept as the price of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerMillion(pub Usd);

impl<'de> Deserialize<'de> for PerMillion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let price = Usd::parse_per_million(&text);
        price
            .map(Self)
            .map_err(|error| D::Error::custom(format!("invalid price \"{text}\": {error}")))
    }
}

/// A price in dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dollars(pub Usd);

impl<'de> Deserialize<'de> for Dollars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Usd::parse(&text)
            .map(Self)
            .map_err(|error| D::Error::custom(format!("invalid price \"{text}\": {error}")))
    }
}

entry! {
    /// Prices of tokens, in dollars per million.
    RatesEntry {
        input: Option<PerMillion>,
        output: Option<PerMillion>,
        cache_read: Option<PerMillion>,
        cache_write: Option<PerMillion>,
        cache_write_1h: Option<PerMillion>,
    }
}

entry! {
    /// Prices above a threshold of input tokens.
    LongEntry {
        above: u64,
        input: Option<PerMillion>,
        output: Option<PerMillion>,
        cache_read: Option<PerMillion>,
        cache_write: Option<PerMillion>,
        cache_write_1h: Option<PerMillion>,
    }
}

entry! {
    /// A row of prices.
    PriceEntry {
        #[serde(default)] routes: Vec<Route>,
        #[serde(default)] regions: Vec<Spanned<String>>,
        prefix: Option<String>,
        input: Option<PerMillion>,
        output: Option<PerMillion>,
        cache_read: Option<PerMillion>,
        cache_write: Option<PerMillion>,
        cache_write_1h: Option<PerMillion>,
        batch: Option<RatesEntry>,
        flex: Option<RatesEntry>,
        priority: Option<RatesEntry>,
        long: Option<LongEntry>,
        #[serde(default)] estimated: bool,
        listed: Option<ListedEntry>,
        source: Spanned<String>,
        as_of: Option<Day>,
        per_image: Option<Dollars>,
        per_second: Option<Dollars>,
        per_query: Option<Dollars>,
        audio_input: Option<PerMillion>,
        audio_output: Option<PerMillion>,
        variant: Option<String>,
    }
}

entry! {
    /// A listed price that the row does not follow because it looks odd.
    ListedEntry { input: Option<PerMillion>, output: Option<PerMillion>, source: Spanned<String> }
}
