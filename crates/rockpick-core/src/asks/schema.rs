//! The shape of `rules/asks.toml`, `hints.toml` and `nouns.toml`, whose heads say what each key is for.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::catalog::schema::{Entries, entry};
use crate::task::{Effort, Modality};

/// A list of words and phrases.
pub(super) type Words = Vec<String>;

entry! {
    /// The file `asks.toml`.
    AsksFile {
        names: NamesEntry,
        every_region: EveryRegionEntry,
        effort: BTreeMap<Effort, Words>,
        lifetime: LifetimeEntry,
        #[serde(default)] partitions: Entries<PartitionEntry>,
        unknown_regions: UnknownRegionsEntry,
    }
}

entry! {
    /// When a name of models is a wish.
    NamesEntry {
        longest: u32,
        before: Words, fillers: Words, models: Words, after: Words, joints: Words, negations: Words,
        newest: Words, places: Words, place_fillers: Words, blank: Words,
    }
}

entry! {
    /// When every Region has to serve.
    EveryRegionEntry { before: Words, anywhere: Words }
}

entry! {
    /// When a model has to last.
    LifetimeEntry { before: Words, years: Words, months: Words, numbers: Entries<u16> }
}

entry! {
    /// A partition of AWS.
    PartitionEntry {
        name: String,
        codes: Words,
        words: Words,
        #[serde(default)] regions: Vec<Spanned<String>>,
        #[serde(default)] says: String,
        source: Spanned<String>,
    }
}

entry! {
    /// What the codes of Regions look like.
    UnknownRegionsEntry { compass: Words }
}

/// What a hint is about. The names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// What a model has to take in.
    Takes,
    /// Another service of AWS does just that.
    Service,
    /// It is no job for a language model.
    NotALanguageModel,
    /// How it is paid for.
    Credits,
}

entry! {
    /// A table of `hints.toml`.
    HintEntry {
        about: About,
        words: Words,
        #[serde(default)] with: Words,
        #[serde(default)] unless: Words,
        category: Option<Spanned<String>>,
        #[serde(default)] input: Vec<Modality>,
        #[serde(default)] says: String,
        source: Option<Spanned<String>>,
    }
}

entry! {
    /// A table of `nouns.toml`.
    NounEntry {
        tokens: u64,
        because: String,
        words: Words,
        source: Spanned<String>,
    }
}
