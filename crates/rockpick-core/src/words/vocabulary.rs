//! The tables behind the phrases: what a meaning's number stands for.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::judge::Judge;
use super::meaning::Meaning;
use crate::money::Usd;
use crate::phrase::Phrases;
use crate::task::{Per, ProviderSet, RegionSet};
use crate::text::Text;

/// Every word by which constraints are read, compiled from `rules/`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Vocabulary {
    pub(super) phrases: Phrases<Meaning>,
    /// Phrases that count only as they are spelled.
    pub(super) spelled: Vec<(String, Meaning)>,
    /// What may stand right behind the digits of a number, sorted: `k`, `usd`, `pp`.
    pub(super) suffixes: Vec<(String, Meaning)>,
    /// Signs of money with the place of their currency and whether they are for its hundredths; the longest first.
    pub(super) signs: Vec<(String, u8, bool)>,
    pub(super) places: Vec<PlaceRow>,
    pub(super) currencies: Vec<CurrencyRow>,
    pub(super) units: Vec<UnitRow>,
    pub(super) sizes: Vec<SizeRow>,
    /// The keys of the providers.
    pub(super) providers: Vec<String>,
    /// The providers of each origin.
    pub(super) origins: Vec<ProviderSet>,
    /// What demands are about that no fact covers.
    pub(super) claims: Vec<String>,
    /// What the labeled sentences teach of roles.
    pub(super) judge: Judge,
    pub(super) limits: Limits,
}

impl Vocabulary {
    /// What a phrase that was found means; `None` when its spelling counts and is another one.
    pub(super) fn meaning(
        &self,
        found: Meaning,
        text: &Text<'_>,
        words: &Range<usize>,
    ) -> Option<Meaning> {
        match found {
            Meaning::Spelled(index) => {
                let (spelling, meaning) = self.spelled.get(usize::from(index))?;
                (text.original(words.clone()) == spelling).then_some(*meaning)
            }
            meaning => Some(meaning),
        }
    }

    /// The Regions, countries and cities named in a text, whatever is said of them; the longest where names overlap.
    #[must_use]
    pub fn place_names(&self, text: &Text<'_>) -> Vec<PlaceName> {
        let mut names: Vec<PlaceName> = Vec::new();
        for found in self.phrases.find(text) {
            let words = found.first..found.first + found.length;
            let (place, certain) = match self.meaning(found.meaning, text, &words) {
                Some(Meaning::Place(place)) => (self.place(place), false),
                Some(Meaning::Code(place)) => (self.place(place), true),
                _ => continue,
            };
            let regions = if place.main.is_empty() { place.callable } else { place.main };
            if place.extent == Extent::Area || regions.is_empty() {
                continue;
            }
            match names.last_mut() {
                Some(last) if last.words.end > words.start && last.words.len() >= words.len() => {}
                Some(last) if last.words.end > words.start => {
                    *last = PlaceName { regions, certain, words }
                }
                _ => names.push(PlaceName { regions, certain, words }),
            }
        }
        names
    }

    pub(super) fn place(&self, index: u16) -> &PlaceRow {
        &self.places[usize::from(index)]
    }

    pub(super) fn unit(&self, index: u8) -> &UnitRow {
        &self.units[usize::from(index)]
    }

    /// The unit of what a budget of that kind is for, no unit of time.
    pub(super) fn unit_for(&self, per: Per) -> Option<&UnitRow> {
        self.units.iter().find(|unit| unit.per == Some(per) && unit.a_month.is_none())
    }

    pub(super) fn size(&self, index: u8) -> &SizeRow {
        &self.sizes[usize::from(index)]
    }

    pub(super) fn currency(&self, index: u8) -> &CurrencyRow {
        &self.currencies[usize::from(index)]
    }

    /// What stands right behind the digits of a number.
    pub(super) fn suffix(&self, letters: &str) -> Option<Meaning> {
        let index = self.suffixes.binary_search_by(|(word, _)| word.as_str().cmp(letters)).ok()?;
        self.suffixes.get(index).map(|(_, meaning)| *meaning)
    }
}

/// A name of a place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceName {
    /// The Regions to call when it is named.
    pub regions: RegionSet,
    /// Whether it is a Region's code or its name as AWS writes it.
    pub certain: bool,
    /// Where it stands, in words.
    pub words: Range<usize>,
}

/// How large a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Extent {
    Region,
    Country,
    Area,
    City,
}

/// A place that people name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct PlaceRow {
    /// `eu-central-1`, `de`, `eu`, `madrid`.
    pub code: String,
    /// As people write it.
    pub name: String,
    pub extent: Extent,
    /// The Regions in it: where data is when it is there.
    pub regions: RegionSet,
    /// The Regions to call when it is named: commercial ones; for a city the nearest.
    pub callable: RegionSet,
    /// Of these the one that is meant where none is named; empty where there is no such one.
    pub main: RegionSet,
    /// Of a Region or city: the place of its country in the table.
    pub country: Option<u16>,
    /// Whether "hosted in" it says where data must stay rather than which Region to call.
    pub residency: bool,
}

/// A currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct CurrencyRow {
    pub name: String,
    /// What one is worth; `None` when amounts in it are refused.
    pub usd: Option<Usd>,
    /// Where the rate comes from, with its date; empty for dollars.
    pub origin: String,
}

/// What a price or a volume is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct UnitRow {
    pub name: String,
    pub per: Option<Per>,
    /// So many in so many months, for units of time.
    pub a_month: Option<u64>,
    pub months: u64,
    /// Too short for anything but traffic.
    pub busy: bool,
    pub because: String,
}

/// What a size is a measure of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Manner {
    /// Of what there is.
    #[default]
    Measured,
    /// It is the token itself.
    Exact,
    /// So many of them a month are a volume: pages.
    Counted,
    /// Only of what is said: minutes.
    Spoken,
    /// A limit for an answer more often than a measure: words.
    Written,
}

/// A size with its tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SizeRow {
    pub name: String,
    pub tokens: Usd,
    pub manner: Manner,
    pub because: String,
    /// The same of video.
    pub shown: Option<Shown>,
}

/// How many tokens a time of video has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Shown {
    pub tokens: Usd,
    pub at_most: u64,
    pub because: String,
}

/// How far words reach, and what is too much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Limits {
    pub longest_need: usize,
    pub longest_read: usize,
    pub negation_reach: usize,
    pub largest_request: u64,
    pub smallest_context: u64,
    pub longest_wait: u64,
    pub month_from: Usd,
}
