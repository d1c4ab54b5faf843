//! The shape of `rules/words.toml`, whose head says what each list is for.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Spanned;

use super::vocabulary::Manner;
use crate::catalog::schema::{Day, Entries, entry};
use crate::money::Usd;
use crate::task::{Feature, Modality, Per, Preference};

/// A list of words and phrases.
pub(crate) type Words = Vec<String>;

/// An exact decimal, in 10⁻¹².
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Figure(pub Usd);

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Usd::parse(&text)
            .map(Self)
            .map_err(|error| D::Error::custom(format!("invalid number \"{text}\": {error}")))
    }
}

/// The key that all these files have in common; what else is in them is read by those who keep it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct OnlyWords {
    #[serde(default)]
    pub words: Words,
}

entry! {
    /// The file `words.toml`.
    WordsFile {
        reading: ReadingEntry,
        numbers: BTreeMap<Figure, Words>,
        #[serde(default)] numerals: BTreeMap<String, NumeralEntry>,
        multipliers: BTreeMap<Figure, Words>,
        currencies: BTreeMap<String, CurrencyEntry>,
        money: MoneyEntry,
        units: BTreeMap<String, UnitEntry>,
        volume: VolumeEntry,
        sizes: BTreeMap<String, SizeEntry>,
        direction: DirectionEntry,
        context: ContextEntry,
        place: PlaceEntry,
        residency: ResidencyEntry,
        negation: NegationEntry,
        provider: ProviderWordsEntry,
        latency: LatencyEntry,
        modalities: BTreeMap<Modality, ModalityEntry>,
        picturing: PicturingEntry,
        features: BTreeMap<Feature, Words>,
        #[serde(default)] wishes: BTreeMap<Preference, Words>,
        route: RouteEntry,
        claims: BTreeMap<String, Words>,
    }
}

entry! {
    /// How far words reach.
    ReadingEntry { longest_need: u32, longest_read: u32, negation_reach: u32, largest_request: u64 }
}

entry! {
    /// How a language writes numbers as one word.
    NumeralEntry {
        units: Words, tens: Words, joint: Option<String>, #[serde(default)] elided: Words, hundred: String, thousand: String, thousands: String,
    }
}

entry! {
    /// A currency; without `usd` its amounts are refused.
    CurrencyEntry {
        #[serde(default)] signs: Words,
        #[serde(default)] words: Words,
        #[serde(default)] cent_signs: Words,
        #[serde(default)] cents: Words,
        usd: Option<Figure>,
        as_of: Option<Day>,
        source: Option<String>,
    }
}

entry! {
    /// What makes an amount a budget.
    MoneyEntry {
        each: Words, each_one: Words, apiece: Words, articles: Words, at_most: Words, month_from: Figure,
    }
}

entry! {
    /// What a price or a volume is for.
    UnitEntry {
        per: Option<Per>,
        a_month: Option<u64>,
        #[serde(default = "one")] months: u64,
        #[serde(default)] busy: bool,
        because: Option<String>,
        words: Words,
        #[serde(default)] rates: Words,
    }
}

fn one() -> u64 {
    1
}

entry! {
    /// What is no volume of requests, and what always is.
    VolumeEntry { not_requests: Words, volume: Words }
}

entry! {
    /// How many tokens something has.
    SizeEntry {
        tokens: Figure,
        #[serde(default)] manner: Manner,
        because: Option<String>,
        shown: Option<ShownEntry>,
        words: Words,
    }
}

entry! {
    /// How many tokens the same time of video has, which is billed by its frames.
    ShownEntry { tokens: Figure, at_most: u64, because: String }
}

entry! {
    /// Whether a size is that of the input or of the output.
    DirectionEntry {
        spoken: Words, output_nouns: Words, input_nouns: Words, produce: Words, consume: Words, into: Words, of: Words, output: Words,
        input: Words, depict: Words,
    }
}

entry! {
    /// A context window.
    ContextEntry { words: Words, smallest: u64 }
}

entry! {
    /// What makes a name a Region.
    PlaceEntry {
        r#in: Words, within: Words, links: Words, fillers: Words, any: Words, of: Words, or: Words,
    }
}

entry! {
    /// Laws that say where data must stay.
    ResidencyEntry { laws: Entries<Words> }
}

entry! {
    /// What turns a demand round.
    NegationEntry { words: Words, not_negation: Words, after: Words, breaks: Words }
}

entry! {
    /// Providers by where they come from.
    ProviderWordsEntry { origins: BTreeMap<String, OriginEntry> }
}

entry! {
    /// How soon.
    LatencyEntry { longest_wait: u64, low: Words, batch: Words, patient: Words, later: Words, seconds: Words, milliseconds: Words, first_token: Words }
}

entry! {
    /// Pictures, sound, video.
    ModalityEntry { nouns: Words, input: Words, output: Words }
}

entry! {
    /// Verbs that make or read what is depicted.
    PicturingEntry { make: Words, made: Words, read: Words, apart: Words, not_pictures: Words }
}

entry! {
    /// Which ways requests may take.
    RouteEntry { in_region: Words, no_global: Words, global: Words, open: Words }
}

entry! {
    /// A file `mentions/<language>-<number>.toml`: labeled sentences.
    MentionsFile {
        language: String,
        style: String,
        /// The category of a need, or nothing, and the need with its marks.
        needs: Vec<(String, Spanned<String>)>,
    }
}

entry! {
    /// Providers that people name by where they come from.
    OriginEntry { providers: Vec<Spanned<String>>, words: Words }
}
