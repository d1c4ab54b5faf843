//! What a phrase of the vocabulary means.

use serde::{Deserialize, Serialize};

use crate::task::{Feature, Latency, Modality, Preference, Provider};

/// Declares the parts that a word can play, each a bit.
macro_rules! roles {
    ($($(#[$about:meta])* $name:ident),+ $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "the names of the constants below")]
        enum Bit { $($name),+ }

        impl Roles {
            $($(#[$about])* pub(super) const $name: Self = Self(1 << Bit::$name as u32);)+
        }
    };
}

/// The parts that a word without a value of its own can play in a sentence; one word can play several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Roles(u64);

#[rustfmt::skip]
roles! {
    // Places. `rules/words.toml` says of each list what it is for.
    IN, WITHIN, LINK, FILLER, ANY, BELONGS, OR,
    // Negation.
    NEGATION, NOT_NEGATION, NEGATION_AFTER, BREAK,
    // Money and volumes.
    EACH, EACH_ONE, APIECE, ARTICLE, AT_MOST, NOT_REQUESTS, VOLUME,
    // Sizes.
    SPOKEN, DEPICT, OUTPUT_NOUN, INPUT_NOUN, PRODUCE, CONSUME, INTO, OF, OUTPUT, INPUT, CONTEXT,
    // Pictures, waits.
    MAKE, MADE, READ, APART, NOT_PICTURE, SECONDS, MILLISECONDS, FIRST_TOKEN,
}

impl Roles {
    pub(super) const NONE: Self = Self(0);

    /// Whether the two have a part in common.
    pub(super) const fn meet(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Calls `use_role` with the number of each part.
    pub(super) fn each(self, mut use_role: impl FnMut(u32)) {
        let mut left = self.0;
        while left != 0 {
            use_role(left.trailing_zeros());
            left &= left - 1;
        }
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// What a phrase means. Numbers are places in the vocabulary's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Meaning {
    /// It only tells what its neighbors mean.
    Part(Roles),
    /// A Region, country, area or city, where a place is meant.
    Place(u16),
    /// A Region beyond doubt: its code, or its name as AWS writes it.
    Code(u16),
    /// German, European: a place only beside a word for a Region.
    Adjective(u16),
    /// A law that means a place.
    Law(u16),
    /// A number in words, in 10⁻¹².
    Number(u64),
    Multiplier(u64),
    Currency(u8),
    /// Hundredths of a currency.
    Cents(u8),
    Unit(u8),
    /// "Monthly": a unit that needs no "per".
    Rate(u8),
    Size(u8),
    Latency(Latency),
    Feature(Feature),
    Preference(Preference),
    /// An ordinary word too.
    WeakPreference(Preference),
    Provider(Provider),
    /// An ordinary word too.
    WeakProvider(Provider),
    /// All providers of one origin: a place in the table of origins.
    Origin(u8),
    /// Taken in or given out as its verb says.
    Depicted(Modality),
    Taken(Modality),
    Given(Modality),
    /// Which ways requests may take.
    Route(RouteWord),
    /// What no fact of a model covers.
    Claim(Claim),
    /// Means something only as it is spelled: a place in the table of spellings.
    Spelled(u16),
}

impl Meaning {
    pub(super) const fn roles(self) -> Roles {
        match self {
            Self::Part(roles) => roles,
            _ => Roles::NONE,
        }
    }

    /// Phrases of one kind swallow shorter ones of that kind: "North Virginia" is not also "Virginia".
    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::Part(_) | Self::Spelled(_) => Kind::Part,
            Self::Place(_) | Self::Code(_) | Self::Adjective(_) => Kind::Place,
            Self::Law(_) => Kind::Law,
            Self::Number(_) => Kind::Number,
            Self::Multiplier(_) => Kind::Multiplier,
            Self::Currency(_) | Self::Cents(_) => Kind::Money,
            Self::Unit(_) | Self::Rate(_) => Kind::Unit,
            Self::Size(_) => Kind::Size,
            Self::Latency(_) => Kind::Latency,
            Self::Feature(_) => Kind::Feature,
            Self::Preference(_) | Self::WeakPreference(_) => Kind::Preference,
            Self::Provider(_) | Self::WeakProvider(_) | Self::Origin(_) => Kind::Provider,
            Self::Depicted(_) | Self::Taken(_) | Self::Given(_) => Kind::Picture,
            Self::Route(_) => Kind::Route,
            Self::Claim(_) => Kind::Claim,
        }
    }
}

/// The kinds of meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Part,
    Place,
    Law,
    Number,
    Multiplier,
    Money,
    Unit,
    Size,
    Latency,
    Feature,
    Preference,
    Provider,
    Picture,
    Route,
    Claim,
}

/// A word for the ways that requests may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RouteWord {
    /// Requests stay in the Region.
    InRegion,
    /// Requests do not take the global route.
    NoGlobal,
    /// Requests may take the global route.
    Global,
    /// Requests may go to other Regions of the geography.
    Open,
}

/// A demand that no fact of a model covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Claim {
    /// A law that speaks of a place.
    Law(u16),
    /// Anything else: a place in the vocabulary's list of topics.
    Other(u8),
}
