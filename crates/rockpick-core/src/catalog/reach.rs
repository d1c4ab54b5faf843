//! How a model is reached: the ids by which it is called, from which Regions, and at which prices.

use std::borrow::Cow;
use std::fmt;

use super::{Catalog, Destinations, Offer, Price};
use crate::money::Usd;
use crate::task::{RegionSet, Route, Tier};

/// One id by which a model can be called, with the Regions it can be called from.
#[derive(Clone, Debug, PartialEq)]
pub struct Way<'a> {
    /// Exactly the id to call.
    pub id: Cow<'a, str>,
    /// How that calls it.
    pub route: Route,
    /// One offer for every Region.
    pub offers: Vec<&'a Offer>,
}

/// One price and the offers that have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tariff<'a> {
    /// The price.
    pub price: &'a Price,
    /// The offers, in the catalog's order.
    pub offers: Vec<&'a Offer>,
}

/// A price as lists show it: one figure for each thing that is billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListPrice {
    /// A million tokens sent.
    pub input: Option<Usd>,
    /// A million tokens received.
    pub output: Option<Usd>,
    /// One picture made.
    pub image: Option<Usd>,
    /// A second of video or sound.
    pub second: Option<Usd>,
    /// One query of a reranker.
    pub query: Option<Usd>,
    /// Derived from another Region or route, not listed.
    pub estimated: bool,
    /// A million tokens sent, as listed, where that looks odd beside the estimate.
    pub listed_input: Option<Usd>,
    /// A million tokens received, likewise.
    pub listed_output: Option<Usd>,
}

impl Way<'_> {
    /// From which Regions.
    #[must_use]
    pub fn from(&self) -> RegionSet {
        self.offers.iter().map(|offer| offer.region).collect()
    }

    /// Whether only prices speak for it.
    #[must_use]
    pub fn is_inferred(&self) -> bool {
        self.offers.iter().all(|offer| offer.inferred)
    }

    /// Where data may go: the same from every Region, or each Region its own.
    #[must_use]
    pub fn destinations(&self) -> Vec<Destinations> {
        let mut all: Vec<Destinations> = Vec::new();
        for offer in &self.offers {
            if !all.contains(&offer.destinations) {
                all.push(offer.destinations);
            }
        }
        all
    }

    /// Whether data stays in the Region that is called, whichever it is.
    #[must_use]
    pub fn stays(&self) -> bool {
        self.offers.iter().all(|offer| offer.destinations.are_within(RegionSet::only(offer.region)))
    }
}

impl ListPrice {
    /// A price at a tier; `None` when the tier has none.
    #[must_use]
    pub fn of(price: &Price, tier: Tier) -> Option<Self> {
        let rates = price.rates(tier).copied().unwrap_or_default();
        let media = price.media.first().filter(|_| tier == Tier::Standard);
        let odd = price.listed.as_ref().filter(|_| tier == Tier::Standard);
        let listed = Self {
            input: rates.input.map(Usd::million),
            output: rates.output.map(Usd::million),
            image: media.and_then(|media| media.image),
            second: media.and_then(|media| media.second),
            query: media.and_then(|media| media.query),
            estimated: price.estimated,
            listed_input: odd.and_then(|odd| odd.input).map(Usd::million),
            listed_output: odd.and_then(|odd| odd.output).map(Usd::million),
        };
        (listed.weight() > Usd::ZERO).then_some(listed)
    }

    /// All figures added up: it tells cheaper from dearer among offers of one model, and nothing else.
    #[must_use]
    pub fn weight(&self) -> Usd {
        [self.input, self.output, self.image, self.second, self.query].into_iter().flatten().sum()
    }
}

impl fmt::Display for ListPrice {
    /// For people: `$0.11 in, $0.55 out a million tokens`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        match (self.input, self.output) {
            (Some(input), Some(output)) => {
                parts.push(format!("{input} in, {output} out a million tokens"));
            }
            (Some(input), None) => parts.push(format!("{input} in a million tokens")),
            (None, Some(output)) => parts.push(format!("{output} out a million tokens")),
            (None, None) => {}
        }
        let media = [(self.image, "an image"), (self.second, "a second"), (self.query, "a query")];
        parts.extend(
            media
                .into_iter()
                .filter_map(|(price, unit)| price.map(|price| format!("{price} {unit}"))),
        );
        write!(f, "{}{}", if self.estimated { "~" } else { "" }, parts.join(", "))
    }
}

impl Catalog {
    /// The ids among some offers of a model, by route.
    #[must_use]
    pub fn ways<'a>(&'a self, offers: impl IntoIterator<Item = &'a Offer>) -> Vec<Way<'a>> {
        let mut ways: Vec<Way<'a>> = Vec::new();
        for offer in offers {
            let known = ways.iter_mut().find(|way| {
                let first = way.offers.first();
                first.is_some_and(|first| {
                    (first.model, first.route, first.prefix)
                        == (offer.model, offer.route, offer.prefix)
                })
            });
            match known {
                Some(way) => way.offers.push(offer),
                None => ways.push(Way {
                    id: self.invoke_id(offer),
                    route: offer.route,
                    offers: vec![offer],
                }),
            }
        }
        ways.sort_by(|a, b| {
            a.route.cmp(&b.route).then(b.offers.len().cmp(&a.offers.len())).then(a.id.cmp(&b.id))
        });
        ways
    }

    /// The prices of some offers, the cheapest first.
    #[must_use]
    pub fn tariffs<'a>(&'a self, offers: impl IntoIterator<Item = &'a Offer>) -> Vec<Tariff<'a>> {
        let mut tariffs: Vec<Tariff<'a>> = Vec::new();
        for offer in offers {
            let Some(price) = self.price(offer) else { continue };
            match tariffs.iter_mut().find(|tariff| tariff.price == price) {
                Some(tariff) => tariff.offers.push(offer),
                None => tariffs.push(Tariff { price, offers: vec![offer] }),
            }
        }
        tariffs.sort_by_key(|tariff| {
            ListPrice::of(tariff.price, Tier::Standard).map(|listed| listed.weight())
        });
        tariffs
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::catalog::price::Rates;

    #[test]
    fn a_tier_without_figures_has_no_list_price() {
        let rates = Rates { input: Usd::parse_per_million("0.11").ok(), ..Rates::default() };
        let price = Price {
            standard: rates,
            batch: None,
            flex: None,
            priority: None,
            long: None,
            media: Vec::new(),
            estimated: false,
            listed: None,
            source: "litellm".into(),
            as_of: date(2026, 10, 27),
        };
        let listed = ListPrice::of(&price, Tier::Standard).and_then(|listed| listed.input);
        assert_eq!(listed.map(Usd::to_decimal).as_deref(), Some("0.11"));
        assert_eq!(ListPrice::of(&price, Tier::Flex), None);
    }
}
