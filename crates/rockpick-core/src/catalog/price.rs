//! What an offer costs.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::schema::{LongEntry, PerMillion, PriceEntry, RatesEntry};
use crate::money::Usd;
use crate::packed::day;
use crate::task::Tier;

/// Prices of one token each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// A token sent.
    pub input: Option<Usd>,
    /// A token received.
    pub output: Option<Usd>,
    /// A token sent that is read from the cache.
    pub cache_read: Option<Usd>,
    /// A token written to the cache for five minutes.
    pub cache_write: Option<Usd>,
    /// A token written to the cache for an hour.
    pub cache_write_1h: Option<Usd>,
}

/// Above this many input tokens the whole request is billed at other rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongContext {
    /// The most input tokens at the usual rates.
    pub above: u64,
    /// The rates above it.
    pub rates: Rates,
}

/// What is billed by other things than tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// One picture made.
    pub image: Option<Usd>,
    /// A second of video or sound.
    pub second: Option<Usd>,
    /// One query of a reranker.
    pub query: Option<Usd>,
    /// An audio token sent.
    pub audio_input: Option<Usd>,
    /// An audio token received.
    pub audio_output: Option<Usd>,
    /// What the figures are for, when a model has several: `720p24`.
    pub variant: Option<String>,
}

/// A listed price that stands beside an estimate because it looks odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// A token sent.
    pub input: Option<Usd>,
    /// A token received.
    pub output: Option<Usd>,
    /// A key of `rules/sources.toml`.
    pub source: String,
}

/// The price of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The usual rates.
    pub standard: Rates,
    /// Rates of the batch tier.
    pub batch: Option<Rates>,
    /// Rates of the flex tier.
    pub flex: Option<Rates>,
    /// Rates of the priority tier.
    pub priority: Option<Rates>,
    /// Long requests.
    pub long: Option<LongContext>,
    /// What is not billed by tokens; the default variant first.
    pub media: Vec<Media>,
    /// Derived by a stated rule from another Region or route, not listed.
    pub estimated: bool,
    /// A listed price that looks odd: the true one lies between it and the estimate.
    pub listed: Option<Listed>,
    /// A key of `rules/sources.toml`.
    pub source: String,
    /// The date of the figures.
    #[serde(with = "day")]
    pub as_of: Date,
}

/// What one request holds, for its cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens sent.
    pub input: u64,
    /// Tokens received, without those of thinking.
    pub output: u64,
    /// Tokens of thinking before the answer; billed as tokens received.
    pub thinking: u64,
    /// Pictures made.
    pub images: u64,
    /// Seconds of video or sound.
    pub seconds: u64,
    /// Queries of a reranker.
    pub queries: u64,
    /// Lines of the picture of a video, where prices differ by them; 0 = as the model makes it by default.
    pub lines: u64,
}

impl Usage {
    /// Tokens received: the answer and the thinking before it.
    #[must_use]
    pub const fn received(&self) -> u64 {
        self.output.saturating_add(self.thinking)
    }
}

impl Rates {
    fn over(self, below: Self) -> Self {
        Self {
            input: self.input.or(below.input),
            output: self.output.or(below.output),
            cache_read: self.cache_read.or(below.cache_read),
            cache_write: self.cache_write.or(below.cache_write),
            cache_write_1h: self.cache_write_1h.or(below.cache_write_1h),
        }
    }

    fn cost(&self, usage: Usage) -> Option<Usd> {
        let part = |rate: Option<Usd>, count: u64| {
            if count == 0 { Some(Usd::ZERO) } else { rate.map(|rate| rate * count) }
        };
        if self.input.is_none() && self.output.is_none() {
            return None;
        }
        Some(
            part(self.input, usage.input)?
                + part(self.output, usage.received()).unwrap_or_default(),
        )
    }
}

impl Media {
    fn cost(&self, usage: Usage) -> Option<Usd> {
        let parts =
            [(self.image, usage.images), (self.second, usage.seconds), (self.query, usage.queries)];
        let billed = parts.iter().filter_map(|(price, count)| price.map(|price| price * *count));
        parts.iter().any(|(price, count)| price.is_some() && *count > 0).then(|| billed.sum())
    }

    /// How many lines the figures are for: those of `720p24` for 720.
    fn lines(&self) -> Option<u64> {
        let variant = self.variant.as_deref()?;
        let end = variant
            .find(|sign: char| !sign.is_ascii_digit())
            .filter(|end| variant[*end..].starts_with('p'))?;
        variant[..end].parse().ok()
    }
}

impl Price {
    /// The rates of a tier; `None` when the tier is not listed.
    #[must_use]
    pub fn rates(&self, tier: Tier) -> Option<&Rates> {
        match tier {
            Tier::Standard => Some(&self.standard),
            Tier::Batch => self.batch.as_ref(),
            Tier::Flex => self.flex.as_ref(),
            Tier::Priority => self.priority.as_ref(),
        }
    }

    /// The rates that a request of this size is billed at.
    #[must_use]
    pub fn rates_for(&self, tier: Tier, usage: Usage) -> Option<&Rates> {
        match &self.long {
            Some(long) if tier == Tier::Standard && usage.input > long.above => Some(&long.rates),
            _ => self.rates(tier),
        }
    }

    /// What one request costs; `None` when the price of what it holds is not known.
    #[must_use]
    pub fn cost(&self, tier: Tier, usage: Usage) -> Option<Usd> {
        let tokens = self.rates_for(tier, usage).and_then(|rates| rates.cost(usage));
        let media = if tier == Tier::Standard {
            self.media(usage.lines).and_then(|media| media.cost(usage))
        } else {
            None
        };
        match (tokens, media) {
            (None, None) => None,
            (tokens, media) => Some(tokens.unwrap_or_default() + media.unwrap_or_default()),
        }
    }

    /// The figures for a picture of so many lines; the default ones where nothing tells.
    fn media(&self, lines: u64) -> Option<&Media> {
        let exact = self.media.iter().find(|media| lines > 0 && media.lines() == Some(lines));
        exact.or(self.media.first())
    }

    /// This price over that of the layers below: what it does not say comes from there, with the source of what it does say.
    pub(super) fn over(self, below: Self) -> Self {
        let says_nothing = self.standard == Rates::default() && self.media.is_empty();
        let (estimated, listed, source, as_of) = if says_nothing {
            (below.estimated, below.listed, below.source, below.as_of)
        } else {
            (self.estimated, self.listed, self.source, self.as_of)
        };
        // Figures without a variant are for all of them.
        let is_for_all = self.media.iter().any(|media| media.variant.is_none());
        let kept = below.media.into_iter().filter(|media| {
            !is_for_all && self.media.iter().all(|own| own.variant != media.variant)
        });
        let media = self.media.iter().cloned().chain(kept).collect();
        Self {
            standard: self.standard.over(below.standard),
            batch: over(self.batch, below.batch),
            flex: over(self.flex, below.flex),
            priority: over(self.priority, below.priority),
            long: self.long.or(below.long),
            media,
            estimated,
            listed,
            source,
            as_of,
        }
    }

    pub(super) fn compile(rows: &[&PriceEntry], as_of: Date) -> Self {
        let first = rows[0];
        let rates = |entry: &Option<RatesEntry>| entry.as_ref().map(tier_rates);
        Self {
            standard: standard_rates(first),
            batch: rates(&first.batch),
            flex: rates(&first.flex),
            priority: rates(&first.priority),
            long: first.long.as_ref().map(long_rates),
            media: rows.iter().filter_map(|row| media(row)).collect(),
            estimated: first.estimated,
            listed: first.listed.as_ref().map(|listed| Listed {
                input: usd(listed.input),
                output: usd(listed.output),
                source: listed.source.get_ref().clone(),
            }),
            source: first.source.get_ref().clone(),
            as_of: first.as_of.map_or(as_of, |day| day.0),
        }
    }
}

fn over(rates: Option<Rates>, below: Option<Rates>) -> Option<Rates> {
    match (rates, below) {
        (Some(rates), Some(below)) => Some(rates.over(below)),
        (rates, below) => rates.or(below),
    }
}

fn usd(price: Option<PerMillion>) -> Option<Usd> {
    price.map(|price| price.0)
}

macro_rules! rates_of {
    ($entry:expr) => {
        Rates {
            input: usd($entry.input),
            output: usd($entry.output),
            cache_read: usd($entry.cache_read),
            cache_write: usd($entry.cache_write),
            cache_write_1h: usd($entry.cache_write_1h),
        }
    };
}

fn standard_rates(entry: &PriceEntry) -> Rates {
    rates_of!(entry)
}

fn tier_rates(entry: &RatesEntry) -> Rates {
    rates_of!(entry)
}

fn long_rates(entry: &LongEntry) -> LongContext {
    LongContext { above: entry.above, rates: rates_of!(entry) }
}

fn media(entry: &PriceEntry) -> Option<Media> {
    let media = Media {
        image: entry.per_image.map(|price| price.0),
        second: entry.per_second.map(|price| price.0),
        query: entry.per_query.map(|price| price.0),
        audio_input: usd(entry.audio_input),
        audio_output: usd(entry.audio_output),
        variant: entry.variant.clone(),
    };
    let empty = Media { variant: media.variant.clone(), ..Media::default() };
    (media != empty).then_some(media)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn rates(input: &str, output: &str) -> Rates {
        let price = |text| Usd::parse_per_million(text).ok();
        Rates { input: price(input), output: price(output), ..Rates::default() }
    }

    fn price(standard: Rates) -> Price {
        Price {
            standard,
            batch: None,
            flex: None,
            priority: None,
            long: None,
            media: Vec::new(),
            estimated: false,
            listed: None,
            source: "litellm".into(),
            as_of: date(2026, 10, 27),
        }
    }

    #[test]
    fn a_request_costs_its_tokens() {
        let usage = Usage { input: 1_200, output: 200, ..Usage::default() };
        let cost = price(rates("0.11", "0.55")).cost(Tier::Standard, usage).expect("priced");
        assert_eq!(cost.to_decimal(), "0.000242");
    }

    #[test]
    fn a_long_request_is_repriced_as_a_whole() {
        let long = LongContext { above: 100_000, rates: rates("0.5", "2.5") };
        let price = Price { long: Some(long), ..price(rates("0.1", "0.5")) };
        let cost = |input| {
            price
                .cost(Tier::Standard, Usage { input, ..Usage::default() })
                .expect("priced")
                .to_decimal()
        };
        assert_eq!(cost(100_000), "0.01");
        assert_eq!(cost(100_001), "0.0500005");
    }

    #[test]
    fn what_is_not_priced_is_not_free() {
        let usage = Usage { input: 10, output: 10, ..Usage::default() };
        assert_eq!(price(Rates::default()).cost(Tier::Standard, usage), None);
        assert_eq!(price(rates("1", "1")).cost(Tier::Flex, usage), None);
    }

    #[test]
    fn pictures_are_billed_apiece() {
        let media = Media { image: Usd::parse("0.04").ok(), ..Media::default() };
        let price = Price { media: vec![media], ..price(Rates::default()) };
        let cost = price.cost(Tier::Standard, Usage { images: 3, ..Usage::default() });
        assert_eq!(cost.map(Usd::to_decimal).as_deref(), Some("0.12"));
    }

    #[test]
    fn a_second_costs_what_its_lines_do() {
        let media = |variant: &str, second| Media {
            second: Usd::parse(second).ok(),
            variant: Some(variant.to_owned()),
            ..Media::default()
        };
        let price = Price {
            media: vec![media("720p24", "1.5"), media("540p24", "0.75")],
            ..price(Rates::default())
        };
        let cost = |lines| {
            price
                .cost(Tier::Standard, Usage { seconds: 5, lines, ..Usage::default() })
                .map(Usd::to_decimal)
        };
        assert_eq!(
            [cost(0), cost(540), cost(720)].map(Option::unwrap_or_default),
            ["7.5", "3.75", "7.5"]
        );
    }
}
