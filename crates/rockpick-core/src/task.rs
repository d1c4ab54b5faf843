//! What is asked: a text, the constraints on the answer, and how to weigh quality against cost.

mod sets;
mod terms;

use std::fmt::{self, Display, Formatter};

use jiff::Span;
use jiff::civil::Date;

pub use self::sets::{
    FeatureSet, ModalitySet, ModelIndex, Provider, ProviderSet, Region, RegionSet, RouteSet,
};
pub use self::terms::{
    Api, Effort, Feature, Interface, Kind, Latency, Modality, Per, Preference, Retention, Route,
    Tier,
};
use crate::money::Usd;

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

impl Budget {
    /// An amount for one request.
    #[must_use]
    pub fn per_request(usd: impl Into<Usd>) -> Self {
        Self { usd: usd.into(), per: Per::Request }
    }

    /// An amount for all requests of a month.
    #[must_use]
    pub fn per_month(usd: impl Into<Usd>) -> Self {
        Self { usd: usd.into(), per: Per::Month }
    }
}

/// The longest that an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// Milliseconds.
    pub millis: u64,
    /// Whether it is the wait for the first token, and not for the last one.
    pub first_token: bool,
}

/// How long a model has to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// So long from the day asked about.
    For {
        /// Months of the calendar.
        months: u16,
        /// Days on top of them.
        days: u16,
    },
    /// Until a day.
    Until(Date),
}

impl Display for Lifetime {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::For { months, days: 0 } => write!(f, "{months}m"),
            Self::For { months: 0, days } => write!(f, "{days}d"),
            Self::For { months, days } => write!(f, "{months}m {days}d"),
            Self::Until(day) => day.fmt(f),
        }
    }
}

impl Lifetime {
    /// The last day that a model must reach when it is taken on `from`.
    #[must_use]
    pub fn until(self, from: Date) -> Date {
        match self {
            Self::For { months, days } => {
                from.saturating_add(Span::new().months(months).days(days))
            }
            Self::Until(day) => day,
        }
    }
}

/// What a request holds, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Tokens sent.
    pub input: Option<u64>,
    /// Tokens received.
    pub output: Option<u64>,
    /// Seconds of video or sound made.
    pub seconds: Option<u64>,
    /// Lines of the picture of a video: 720 of `720p`.
    pub lines: Option<u64>,
}

/// What the answer must satisfy. Empty means no demand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints {
    /// Source Regions: any of them.
    pub regions: RegionSet,
    /// Whether every one of these Regions has to be able to call the model.
    pub every_region: bool,
    /// Where data must stay.
    pub residency: Option<Residency>,
    /// Whether the global route may be taken; `None` leaves it to the residency.
    pub global: Option<bool>,
    /// Whether data must not leave the Region that is called.
    pub in_region: bool,
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
    /// The longest wait for an answer.
    pub max_wait: Option<Wait>,
    /// The reasoning effort; `None` = whichever serves best.
    pub effort: Option<Effort>,
    /// Whether the request forbids thinking: it begins the answer, sets a temperature or forces a tool.
    pub no_thinking: bool,
    /// Of these models only the offers with these IDs: profiles that were named outright.
    pub pinned: Vec<(ModelIndex, String)>,
    /// How soon an answer is needed.
    pub latency: Option<Latency>,
    /// The tier it is to be billed at.
    pub tier: Option<Tier>,
    /// What may be kept of prompts, at the most.
    pub retention: Option<Retention>,
    /// Whether models in their legacy phase may be chosen.
    pub include_legacy: bool,
    /// How long the model has to last at the least.
    pub min_lifetime: Option<Lifetime>,
    /// Whether a feature that is not known counts as present.
    pub allow_unknown: bool,
    /// Which APIs may serve it; `None` = Converse and InvokeModel.
    pub api: Option<Api>,
}

/// What counts where neither flags nor words say anything, and where that comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The Region to call from.
    pub region: Option<(Region, String)>,
    /// Where data must stay.
    pub residency: Option<(Residency, String)>,
    /// Whether the global route competes.
    pub allow_global: bool,
}

/// One task.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The need in the user's own words, or the prompt.
    pub text: String,
    /// Whether the text is a prompt to be answered: its category is read from it, and no constraint.
    pub is_prompt: bool,
    /// The category, when it is given rather than read.
    pub category: Option<String>,
    /// What was asked explicitly; it wins over what is read from the words.
    pub constraints: Constraints,
    /// What weighs most; `None` = as the words say, else balanced.
    pub preference: Option<Preference>,
    /// The least share of the best eligible quality, 0 to 1; `None` = as the preference says.
    pub quality_floor: Option<f64>,
    /// What counts where neither flags nor words say anything.
    pub defaults: Defaults,
    /// The date on which the answer has to hold.
    pub as_of: Date,
    /// Whether a need that does not tell its task has no answer; otherwise it is answered for general text.
    pub strict: bool,
    /// Retired ids that were named explicitly, by their places in the catalog: their successors are meant.
    pub retired: Vec<u16>,
}

impl Task {
    /// A task in words, to be answered for a date.
    #[must_use]
    pub fn new(text: impl Into<String>, as_of: Date) -> Self {
        Self {
            text: text.into(),
            is_prompt: false,
            category: None,
            constraints: Constraints::default(),
            preference: None,
            quality_floor: None,
            defaults: Defaults::default(),
            as_of,
            strict: false,
            retired: Vec::new(),
        }
    }
}
