//! What a scan reports.

use jiff::civil::Date;

use crate::place::Place;

/// What can be wrong with an ID, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Calls fail.
    Eol,
    /// Calls will fail within days that are counted.
    EolSoon,
    /// On its way out.
    Legacy,
    /// No such model or profile.
    UnknownId,
    /// Not callable from the Region.
    WrongRegion,
    /// Callable through an inference profile only.
    ProfileRequired,
    /// A parameter near the call makes it fail.
    RefusesParameter,
    /// Data may leave the residency.
    LeavesResidency,
    /// Another offer of at least the same quality costs less.
    Cheaper,
    /// Part of a service that is closed to new accounts.
    RetiredService,
}

/// How bad a finding is, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// To know.
    Note,
    /// To look at.
    Warning,
    /// To mend.
    Error,
}

impl Rule {
    /// All rules, in their order.
    pub const ALL: [Self; 10] = [
        Self::Eol,
        Self::EolSoon,
        Self::Legacy,
        Self::UnknownId,
        Self::WrongRegion,
        Self::ProfileRequired,
        Self::RefusesParameter,
        Self::LeavesResidency,
        Self::Cheaper,
        Self::RetiredService,
    ];

    /// Its name, as it is written in flags, comments and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Eol => "eol",
            Self::EolSoon => "eol-soon",
            Self::Legacy => "legacy",
            Self::UnknownId => "unknown-id",
            Self::WrongRegion => "wrong-region",
            Self::ProfileRequired => "profile-required",
            Self::RefusesParameter => "refuses-parameter",
            Self::LeavesResidency => "leaves-residency",
            Self::Cheaper => "cheaper",
            Self::RetiredService => "retired-service",
        }
    }

    /// What it finds, in a sentence.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            Self::Eol => "The model has reached its end of life: calls fail.",
            Self::EolSoon => "The model reaches its end of life soon.",
            Self::Legacy => {
                "The model is legacy: accounts that do not use it yet are refused, and it will end."
            }
            Self::UnknownId => "No model or inference profile has this ID.",
            Self::WrongRegion => "The ID cannot be called from the Region of the call.",
            Self::ProfileRequired => {
                "The model is called through an inference profile, not by its bare ID."
            }
            Self::RefusesParameter => "A parameter of the request makes the call fail.",
            Self::LeavesResidency => "Data may be processed outside the residency.",
            Self::Cheaper => "Another offer of at least this quality costs less.",
            Self::RetiredService => {
                "Agents for Amazon Bedrock (Classic) is closed to new accounts."
            }
        }
    }

    /// The rule of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// How bad it is in code.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Eol | Self::EolSoon | Self::WrongRegion | Self::ProfileRequired => Level::Error,
            Self::Cheaper => Level::Note,
            _ => Level::Warning,
        }
    }
}

impl Level {
    /// All levels, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// The Region of a call and what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From {
    /// Its code.
    pub name: String,
    /// `region_name, line 4`.
    pub from: String,
}

/// The model to move to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// Its bare ID.
    pub model: String,
    /// The ID to call, where something decides it.
    pub invoke_id: Option<String>,
    /// Whether a source names it: `fact` or `judgement`.
    pub is: &'static str,
    /// Parameters near the mention that it refuses.
    pub refuses: Vec<&'static str>,
}

/// What would mend a finding, or why nothing is put in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to write instead of the ID.
    pub replacement: Option<String>,
    /// Whether it is the same model, called in the right form.
    pub safe: bool,
    /// Why.
    pub why: String,
}

/// Something that is wrong with one mention of an ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where the ID begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The column behind the ID.
    pub end_column: usize,
    /// The ID as written.
    pub id: String,
    /// The model that is meant, where known.
    pub model: Option<String>,
    /// The first rule that holds.
    pub rule: Rule,
    /// The others.
    pub also: Vec<Rule>,
    /// How bad it is, where it stands.
    pub level: Level,
    /// Where it stands.
    pub place: Place,
    /// The Region of the call, where known.
    pub region: Option<From>,
    /// When calls fail, where known.
    pub eol: Option<Date>,
    /// What is wrong, and what to do.
    pub message: String,
    /// The model to move to.
    pub successor: Option<Successor>,
    /// What would mend it.
    pub fix: Option<Fix>,
    /// The same as long as the line and the path stay the same.
    pub fingerprint: String,
    /// Why it does not count.
    pub suppressed: Option<crate::Suppressed>,
    /// Where the fact comes from: a key of `rules/sources.toml`.
    pub source: String,
}
