//! The shape of `rules/words.toml`, whose head says what each list is for.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::catalog::schema::{Day, entry};

/// A list of words and phrases.
pub(crate) type Words = Vec<String>;

entry! {
    /// The file `words.toml`.
    WordsFile {
        reading: ReadingEntry,
        numbers: BTreeMap<String, Words>,
        multipliers: BTreeMap<String, Words>,
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
        modalities: BTreeMap<String, ModalityEntry>,
        picturing: PicturingEntry,
        features: BTreeMap<String, Words>,
        preference: PreferenceWordsEntry,
    }
}

entry! {
    /// How far words reach.
    ReadingEntry { longest_need: u32, negation_reach: u32, clause_reach: u32, largest_request: u64 }
}

entry! {
    /// A currency; without `usd` its amounts are refused.
    CurrencyEntry {
        #[serde(default)] signs: Words,
        #[serde(default)] words: Words,
        #[serde(default)] cent_signs: Words,
        #[serde(default)] cents: Words,
        usd: Option<String>,
        as_of: Option<Day>,
        source: Option<String>,
    }
}

entry! {
    /// What makes an amount a budget.
    MoneyEntry {
        each: Words, budget: Words, cost: Words, at_most: Words, at_most_after: Words, more_than: Words, not_budget: Words,
        month_from: String,
    }
}

entry! {
    /// What a price or a volume is for.
    UnitEntry {
        per: Option<String>,
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
    VolumeEntry { not_requests: Words, requests: Words, volume: Words }
}

entry! {
    /// How many tokens something has.
    SizeEntry {
        tokens: String,
        #[serde(default)] counted: bool,
        #[serde(default)] spoken: bool,
        because: Option<String>,
        words: Words,
    }
}

entry! {
    /// Whether a size is that of the input or of the output.
    DirectionEntry {
        spoken: Words, output_nouns: Words, input_nouns: Words, produce: Words, consume: Words, into: Words, of: Words, output: Words,
        input: Words,
    }
}

entry! {
    /// A context window.
    ContextEntry { words: Words, smallest: u64 }
}

entry! {
    /// What makes a name a Region.
    PlaceEntry {
        r#in: Words, within: Words, near: Words, links: Words, fillers: Words, host: Words, host_nouns: Words, soil: Words, only: Words,
        goes_on: Words, or: Words, need: Words, subject: Words, people: Words, openers: Words, model_question: Words,
        longest_own_clause: u32,
    }
}

entry! {
    /// What makes a name a place that data must not leave.
    ResidencyEntry {
        stay: Words, verbs: Words, data: Words, after: Words, nouns: Words, law_after: Words, laws: BTreeMap<String, Words>,
    }
}

entry! {
    /// What turns a demand round.
    NegationEntry { words: Words, not_negation: Words, after: Words, breaks: Words }
}

entry! {
    /// What makes a provider's name a wish, or bars it.
    ProviderWordsEntry {
        want: Words, loose: Words, fillers: Words, bar: Words, bar_after: Words, only_after: Words, models: Words, not_a_wish: Words,
    }
}

entry! {
    /// How soon.
    LatencyEntry { low: Words, batch: Words }
}

entry! {
    /// Pictures, sound, video.
    ModalityEntry { nouns: Words, input: Words, output: Words }
}

entry! {
    /// Verbs that make or read what is depicted.
    PicturingEntry { make: Words, read: Words }
}

entry! {
    /// What is cheap or fast without being a model.
    PreferenceWordsEntry { not_of: Words }
}
