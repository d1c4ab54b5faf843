//! The shape of the catalog's TOML files. `rules/README.md` says what each key means.

mod price;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Spanned;

pub use self::price::{LongEntry, PerMillion, PriceEntry, RatesEntry};
use super::form::Dialect;
use crate::task::{Feature, Interface, Kind, Modality, Retention};

/// A table of a file, in the order of its keys, each key with its place.
pub type Entries<T> = BTreeMap<Spanned<String>, T>;

/// A TOML date without a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::value::Datetime::deserialize(deserializer)?;
        let wrong = || D::Error::custom("invalid date: expected a day such as 2026-10-27");
        let date = value.date.filter(|_| value.time.is_none()).ok_or_else(wrong)?;
        let (year, month, day) =
            (i16::try_from(date.year), i8::try_from(date.month), i8::try_from(date.day));
        match (year, month, day) {
            (Ok(year), Ok(month), Ok(day)) => {
                Date::new(year, month, day).map(Day).map_err(|_| wrong())
            }
            _ => Err(wrong()),
        }
    }
}

/// A decimal written as a string, for figures that are not money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decimal(pub f64);

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number: f64 =
            text.parse().map_err(|_| D::Error::custom(format!("invalid number \"{text}\"")))?;
        if number.is_finite() {
            Ok(Self(number))
        } else {
            Err(D::Error::custom(format!("invalid number \"{text}\"")))
        }
    }
}

macro_rules! entry {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident : $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        #[allow(missing_docs, dead_code, reason = "rules/README.md documents every key; some are read elsewhere")]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),* }
    };
}
pub(crate) use entry;

entry! {
    /// A table of `sources.toml`.
    SourceEntry {
        what: String,
        licence: String,
        date: Spanned<Day>,
        #[serde(default)] scans: Vec<Spanned<String>>,
    }
}

entry! {
    /// A table of `providers.toml`.
    ProviderEntry {
        name: String,
        prefixes: Vec<String>,
        #[serde(default)] words: Vec<String>,
        #[serde(default)] weak_words: Vec<String>,
    }
}

entry! {
    /// A table of `families.toml`.
    FamilyEntry {
        name: String,
        models: Vec<Spanned<String>>,
        #[serde(default)] words: Vec<String>,
        #[serde(default)] weak_words: Vec<String>,
        #[serde(default)] certain_words: Vec<String>,
        source: Option<Spanned<String>>,
    }
}

entry! {
    /// A table of `bodies.toml`.
    BodyEntry {
        models: Vec<String>,
        body: Spanned<String>,
        #[serde(default)] words: BTreeMap<String, String>,
        #[serde(default)] choices: BTreeMap<String, Vec<String>>,
        prompt: Option<usize>,
        edit: Option<String>,
        batch: Option<usize>,
        #[serde(default)] result: Vec<String>,
        talk: Option<Dialect>,
        #[serde(default)] blocks: Vec<String>,
        #[serde(default)] needs: Vec<Modality>,
        turns: Option<TurnsEntry>,
        thoughts: Option<(String, String)>,
    }
}

entry! {
    /// The template of a prompt.
    TurnsEntry {
        #[serde(default)] start: String,
        #[serde(default)] system: String,
        user: String,
        assistant: String,
        #[serde(default)] ask: String,
    }
}

entry! {
    /// A table of `features.toml`.
    FeatureEntry {
        title: String,
        #[serde(default)] aliases: Vec<String>,
        #[serde(default)] words: Vec<String>,
    }
}

entry! {
    /// A table of `models/<provider>.toml`.
    ModelEntry {
        name: String,
        kind: Kind,
        input: Vec<Modality>,
        output: Vec<Modality>,
        launched: Option<Day>,
        alias_of: Option<Spanned<String>>,
        unpriced: Option<Spanned<String>>,
        source: Spanned<String>,
        limits: Option<LimitsEntry>,
        features: Option<FeaturesEntry>,
        contract: Option<ContractEntry>,
        retention: Option<RetentionEntry>,
        lifecycle: LifecycleEntry,
        access: Option<AccessEntry>,
        inferred: Option<InferredEntry>,
        #[serde(default)] provisioned: Vec<ProvisionedEntry>,
        #[serde(default)] price: Vec<PriceEntry>,
    }
}

entry! {
    /// How much a model takes and gives.
    LimitsEntry { context: Option<u64>, max_output: Option<u64>, source: Spanned<String> }
}

entry! {
    /// What a model can do; what is in neither list is unknown.
    FeaturesEntry {
        #[serde(default)] yes: Vec<Spanned<Feature>>,
        #[serde(default)] no: Vec<Spanned<Feature>>,
        #[serde(default)] efforts: Vec<String>,
        #[serde(default)] by_api: BTreeMap<Interface, ByApiEntry>,
        source: Spanned<String>,
    }
}

entry! {
    /// What differs when a model is called by one API.
    ByApiEntry {
        #[serde(default)] yes: Vec<Feature>,
        #[serde(default)] no: Vec<Feature>,
        source: Spanned<String>,
    }
}

entry! {
    /// Who may keep prompts.
    RetentionEntry { keeps: Retention, source: Spanned<String> }
}

entry! {
    /// How a request must look.
    ContractEntry {
        #[serde(default)] refuses: Vec<String>,
        #[serde(default)] exclusive: Vec<Vec<String>>,
        source: Spanned<String>,
    }
}

/// What the API says of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApiStatus {
    /// On offer.
    Active,
    /// On its way out.
    Legacy,
    /// Gone.
    Eol,
    /// Only for those who are let in.
    Limited,
}

entry! {
    /// The dates of a model.
    LifecycleEntry {
        status: ApiStatus,
        legacy_since: Option<Day>,
        extended_access_from: Option<Day>,
        eol: Option<Day>,
        #[serde(default)] eol_in: Vec<EndEntry>,
        eol_floor: Option<Day>,
        successor: Option<Spanned<String>>,
        successor_is: Option<SuccessorIs>,
        source: Spanned<String>,
    }
}

entry! {
    /// An end of life that holds for some Regions only.
    EndEntry { eol: Day, regions: Vec<Spanned<String>> }
}

/// Whether a successor is named by a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuccessorIs {
    /// The nearest model in use and price, as this project sees it.
    Judgement,
    /// A source names it.
    Fact,
}

impl SuccessorIs {
    /// The name in TOML and JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Judgement => "judgement",
            Self::Fact => "fact",
        }
    }
}

entry! {
    /// Where a model can be called by its bare id.
    AccessEntry {
        #[serde(default)] in_region: Vec<Spanned<String>>,
        #[serde(default)] in_region_unknown: Vec<Spanned<String>>,
        #[serde(default)] mantle: Vec<Spanned<String>>,
        #[serde(default)] mantle_apis: Vec<Interface>,
        source: Spanned<String>,
    }
}

entry! {
    /// Regions that only a price names: by the bare id on bedrock-runtime, and on bedrock-mantle.
    InferredEntry {
        #[serde(default)] in_region: Vec<Spanned<String>>,
        #[serde(default)] mantle: Vec<Spanned<String>>,
        source: Spanned<String>,
    }
}

entry! {
    /// A variant that is only for provisioned throughput.
    ProvisionedEntry { id: String, #[serde(default)] regions: Vec<Spanned<String>> }
}

entry! {
    /// A table of `profiles.toml`.
    ProfileEntry {
        prefix: String,
        models: Vec<Spanned<String>>,
        routes: Vec<ProfileRouteEntry>,
        #[serde(default)] inferred: bool,
        source: Spanned<String>,
    }
}

entry! {
    /// From which Regions a profile can be called, and where its data may go.
    ProfileRouteEntry { from: Vec<Spanned<String>>, to: Vec<Spanned<String>> }
}

entry! {
    /// A table of `retired.toml`.
    RetiredEntry {
        name: Option<String>,
        eol: Option<Day>,
        successor: Option<Spanned<String>>,
        successor_is: Option<SuccessorIs>,
        source: Spanned<String>,
    }
}

entry! {
    /// A table of `regions.toml`.
    RegionEntry {
        name: String,
        country: String,
        #[serde(default = "commercial")] partition: String,
        #[serde(default)] words: Vec<String>,
    }
}

fn commercial() -> String {
    "aws".to_owned()
}

entry! {
    /// The file `places.toml`.
    PlacesFile {
        countries: Entries<CountryEntry>,
        areas: Entries<AreaEntry>,
        #[serde(default)] cities: Entries<CityEntry>,
    }
}

entry! {
    /// A country.
    CountryEntry {
        name: String,
        #[serde(default)] words: Vec<String>,
        #[serde(default)] adjectives: Vec<String>,
        #[serde(default)] eu: bool,
        #[serde(default)] eea: bool,
        main: Option<Spanned<String>>,
    }
}

entry! {
    /// An area of several countries or Regions.
    AreaEntry {
        name: String,
        #[serde(default)] words: Vec<String>,
        #[serde(default)] adjectives: Vec<String>,
        member_of: Option<String>,
        #[serde(default)] countries: Vec<String>,
        #[serde(default)] regions: Vec<Spanned<String>>,
        main: Option<Spanned<String>>,
        plain: Option<String>,
    }
}

entry! {
    /// A city without a Region of its own.
    CityEntry { country: String, nearest: Spanned<String>, words: Vec<String> }
}
