//! What is asked: a text, the constraints on the answer, and how to weigh quality against cost.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::money::Usd;

/// Declares an enum whose names in TOML, JSON and flags are one list.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$about])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in TOML, JSON and flags.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of that name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// What a model takes or gives.
    Modality {
        /// Written text.
        Text = "text",
        /// Pictures, and pages seen as pictures.
        Image = "image",
        /// Moving pictures.
        Video = "video",
        /// Sound without words in particular.
        Audio = "audio",
        /// Spoken words.
        Speech = "speech",
        /// Vectors.
        Embedding = "embedding",
    }
}

vocabulary! {
    /// What a model is for: models of different kinds are called in different ways.
    Kind {
        /// Text in, text out, perhaps with pictures and documents.
        Text = "text",
        /// Makes or edits pictures.
        Image = "image",
        /// Makes video.
        Video = "video",
        /// Speaks and listens.
        Speech = "speech",
        /// Turns content into vectors.
        Embedding = "embedding",
        /// Orders search results.
        Rerank = "rerank",
    }
}

vocabulary! {
    /// Something a model or its API can do. `rules/features.toml` has titles and words.
    Feature {
        /// Served by Converse.
        Converse = "converse",
        /// Served by InvokeModel.
        Invoke = "invoke",
        /// Answers arrive as they are written.
        Streaming = "streaming",
        /// Calls functions.
        Tools = "tools",
        /// Takes a system prompt.
        SystemPrompt = "system-prompt",
        /// Understands pictures.
        Vision = "vision",
        /// Takes documents such as PDF.
        Documents = "documents",
        /// Thinks before it answers.
        Reasoning = "reasoning",
        /// Prompt caching.
        Caching = "caching",
        /// Output held to a JSON schema.
        Json = "json",
        /// Guardrails apply.
        Guardrails = "guardrails",
        /// Batch inference.
        Batch = "batch",
        /// The flex tier.
        Flex = "flex",
        /// The priority tier.
        Priority = "priority",
        /// Exact token counts before a call.
        CountTokens = "count-tokens",
        /// Can be fine-tuned.
        FineTuning = "fine-tuning",
        /// Bedrock Agents.
        Agents = "agents",
        /// Bedrock Knowledge Bases.
        KnowledgeBase = "knowledge-base",
        /// Drives a computer's screen.
        ComputerUse = "computer-use",
        /// Latency-optimised inference.
        LatencyOptimized = "latency-optimized",
        /// Intelligent prompt routing.
        PromptRouting = "prompt-routing",
    }
}

vocabulary! {
    /// How an offer is called, and with that where data may go.
    Route {
        /// By the bare id; data stays in the source Region.
        InRegion = "in-region",
        /// By a geographic inference profile; data stays in its destination Regions.
        Geo = "geo",
        /// By the global inference profile; data may go to any commercial Region.
        Global = "global",
        /// By the bedrock-mantle endpoint; not by Converse or InvokeModel.
        Mantle = "mantle",
    }
}

vocabulary! {
    /// A service tier: the same model at another price and urgency.
    Tier {
        /// The usual.
        Standard = "standard",
        /// Files of requests within a day.
        Batch = "batch",
        /// Slower and cheaper.
        Flex = "flex",
        /// Faster and dearer.
        Priority = "priority",
    }
}

vocabulary! {
    /// Which APIs may serve the answer.
    Api {
        /// Only what bedrock-runtime's Converse or InvokeModel serves.
        Converse = "converse",
        /// Also what only bedrock-mantle serves.
        Any = "any",
    }
}

vocabulary! {
    /// What weighs most among the offers that fit. `rules/preferences.toml` says what each does.
    Preference {
        /// The cheapest that is good enough.
        Cost = "cost",
        /// The best.
        Quality = "quality",
        /// The fastest that is good enough.
        Speed = "speed",
        /// The cheapest of the good ones.
        Balanced = "balanced",
    }
}

vocabulary! {
    /// How soon an answer is needed.
    Latency {
        /// While somebody waits.
        Low = "low",
        /// Hours later is fine.
        Batch = "batch",
    }
}

vocabulary! {
    /// What the provider or AWS may keep of prompts.
    Retention {
        /// Nothing.
        None = "none",
        /// AWS may keep flagged traffic for review.
        Aws = "aws",
        /// Shared with the provider.
        Provider = "provider",
    }
}

vocabulary! {
    /// What a budget is for.
    Per {
        /// One request.
        Request = "request",
        /// All requests of a month.
        Month = "month",
        /// A million tokens, input and output together in the task's own mix.
        MillionTokens = "1m",
        /// One picture.
        Image = "image",
    }
}

/// Declares a small set over a vocabulary or an index, kept as bits.
macro_rules! bit_set {
    ($(#[$meta:meta])* $set:ident($bits:ty) of $item:ty, $index:expr, $from:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub struct $set($bits);

        impl $set {
            /// The empty set.
            pub const EMPTY: Self = Self(0);

            /// The set of one.
            #[must_use]
            pub fn only(item: $item) -> Self {
                Self(1 << $index(item))
            }

            /// Adds an item.
            pub fn insert(&mut self, item: $item) {
                self.0 |= 1 << $index(item);
            }

            /// Whether the item is in.
            #[must_use]
            pub fn contains(self, item: $item) -> bool {
                self.0 & (1 << $index(item)) != 0
            }

            /// Whether nothing is in.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// How many are in.
            #[must_use]
            pub const fn len(self) -> usize {
                self.0.count_ones() as usize
            }

            /// What is in both.
            #[must_use]
            pub const fn and(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }

            /// What is in either.
            #[must_use]
            pub const fn or(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// What is in this one only.
            #[must_use]
            pub const fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }

            /// Whether all of this set is in the other.
            #[must_use]
            pub const fn is_within(self, other: Self) -> bool {
                self.0 & !other.0 == 0
            }

            /// The items in order.
            pub fn iter(self) -> impl Iterator<Item = $item> {
                (0..<$bits>::BITS as usize).filter(move |index| self.0 & (1 << index) != 0).filter_map($from)
            }
        }

        impl FromIterator<$item> for $set {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                items.into_iter().fold(Self::EMPTY, |set, item| set.or(Self::only(item)))
            }
        }
    };
}

bit_set! {
    /// Some features.
    FeatureSet(u32) of Feature, |item: Feature| item as usize, |index| Feature::ALL.get(index).copied()
}
bit_set! {
    /// Some modalities.
    ModalitySet(u8) of Modality, |item: Modality| item as usize, |index| Modality::ALL.get(index).copied()
}
bit_set! {
    /// Some routes.
    RouteSet(u8) of Route, |item: Route| item as usize, |index| Route::ALL.get(index).copied()
}

/// An AWS Region of the catalogue, by its place in `rules/regions.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Region(pub(crate) u8);

bit_set! {
    /// Some Regions.
    RegionSet(u64) of Region, |item: Region| item.0 as usize, |index| u8::try_from(index).ok().map(Region)
}

/// A provider of the catalogue, by its place in `rules/providers.toml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Provider(pub(crate) u8);

bit_set! {
    /// Some providers.
    ProviderSet(u64) of Provider, |item: Provider| item.0 as usize, |index| u8::try_from(index).ok().map(Provider)
}

/// A model of the catalogue, by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModelIndex(pub(crate) u16);

/// Where data must stay: every destination Region of an offer has to be one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residency {
    /// As people name it: `eu`, `de`, `eu-central-1`.
    pub name: String,
    /// The Regions of that place; none when AWS has no Region there.
    pub regions: RegionSet,
}

/// The most that something may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The amount.
    pub usd: Usd,
    /// What it is for.
    pub per: Per,
}

/// What a request holds, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Tokens sent.
    pub input: Option<u64>,
    /// Tokens received.
    pub output: Option<u64>,
}

/// What the answer must satisfy. Empty means no demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Source Regions: any of them.
    pub regions: RegionSet,
    /// Where data must stay.
    pub residency: Option<Residency>,
    /// Whether the global route may be taken; `None` leaves it to the residency.
    pub global: Option<bool>,
    /// The most it may cost.
    pub max_cost: Option<Budget>,
    /// Requests a month.
    pub per_month: Option<u64>,
    /// Tokens of one request.
    pub tokens: Tokens,
    /// The least context window, in tokens.
    pub min_context: Option<u64>,
    /// What must be taken in.
    pub input_modalities: ModalitySet,
    /// What must be given out.
    pub output_modalities: ModalitySet,
    /// What the model must be able to do.
    pub features: FeatureSet,
    /// Providers wanted: any of them.
    pub providers: ProviderSet,
    /// Providers barred.
    pub exclude: ProviderSet,
    /// Only these models.
    pub models: Vec<ModelIndex>,
    /// How soon an answer is needed.
    pub latency: Option<Latency>,
    /// The tier it is to be billed at.
    pub tier: Option<Tier>,
    /// What may be kept of prompts, at the most.
    pub retention: Option<Retention>,
    /// Whether models in their legacy phase may be chosen.
    pub include_legacy: bool,
    /// Whether a feature that is not known counts as present.
    pub allow_unknown: bool,
    /// Which APIs may serve it; `None` = Converse and InvokeModel.
    pub api: Option<Api>,
}

/// One task.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The need in the user's own words.
    pub text: String,
    /// The category, when it is given rather than read.
    pub category: Option<String>,
    /// What was asked explicitly; it wins over what is read from the words.
    pub constraints: Constraints,
    /// What weighs most; `None` = as the words say, else balanced.
    pub preference: Option<Preference>,
    /// The least share of the best eligible quality, 0 to 1; `None` = as the preference says.
    pub quality_floor: Option<f64>,
    /// The date on which the answer has to hold.
    pub as_of: Date,
}

impl Task {
    /// A task in words, to be answered for a date.
    #[must_use]
    pub fn new(text: impl Into<String>, as_of: Date) -> Self {
        Self {
            text: text.into(),
            category: None,
            constraints: Constraints::default(),
            preference: None,
            quality_floor: None,
            as_of,
        }
    }
}
