//! The roles that a mention can play, by its kind.

use serde::{Deserialize, Serialize};

/// What a mention is for the choice of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// The model is called from here.
    Call,
    /// Data must stay here.
    Stay,
    /// It is being left, or was before: a place, a provider.
    Left,
    /// Users, developers, goods or events are there.
    People,
    /// Explicitly no demand.
    NeedNot,
    /// Data or calls must not go there; not this provider.
    Barred,
    /// Somebody else uses it.
    Rival,
    /// The most that will be paid; how soon an answer is needed.
    Limit,
    /// What was or is paid.
    Past,
    /// The provider or the quality that is wanted.
    Want,
    /// The feature is needed.
    Need,
    /// It would be nice some day.
    SomeDay,
    /// Requests a month.
    Volume,
    /// Tokens sent.
    Input,
    /// Tokens received.
    Output,
    /// Tokens of context.
    Context,
    /// Hours later will do.
    Batch,
    /// Requests stay in the Region.
    Closed,
    /// Requests may take any route.
    Open,
    /// A complaint: the opposite is wanted.
    Against,
    /// Nothing of all this.
    Mention,
}

/// What mentions have in common whose roles are told apart by one set of weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Group {
    Place,
    Money,
    Number,
    Wish,
    Patience,
    Feature,
    Provider,
    Route,
    Claim,
}

/// A mention is likely to play a role from this probability on.
pub(super) const LIKELY: f32 = 0.5;

/// The most roles that mentions of a group have.
pub(super) const COLUMNS: usize = 8;

impl Group {
    /// The roles that the group's mentions can play, each in its column. Roles of several groups that the same words tell
    /// ("no need", "we left") stand in one column.
    pub(super) const fn roles(self) -> [Option<Role>; COLUMNS] {
        use Role::{
            Against, Barred, Batch, Call, Closed, Context, Input, Left, Limit, Mention, Need,
            NeedNot, Open, Output, Past, People, Rival, SomeDay, Stay, Volume, Want,
        };
        const NONE: Option<Role> = None;
        let other = Some(Mention);
        match self {
            Self::Place => [
                Some(Call),
                other,
                Some(Left),
                Some(NeedNot),
                Some(Barred),
                Some(People),
                Some(Stay),
                NONE,
            ],
            Self::Money => [Some(Limit), other, Some(Past), NONE, NONE, NONE, NONE, NONE],
            Self::Number => [
                Some(Limit),
                other,
                Some(Volume),
                Some(Input),
                Some(Output),
                Some(Context),
                Some(Batch),
                NONE,
            ],
            Self::Wish => [Some(Want), other, NONE, NONE, Some(Against), NONE, NONE, NONE],
            Self::Patience => [Some(Batch), other, NONE, NONE, NONE, NONE, NONE, NONE],
            Self::Feature => {
                [Some(Need), other, Some(SomeDay), Some(NeedNot), NONE, NONE, NONE, NONE]
            }
            Self::Provider => [
                Some(Want),
                other,
                Some(Left),
                Some(NeedNot),
                Some(Barred),
                Some(Rival),
                NONE,
                NONE,
            ],
            Self::Route => [Some(Closed), other, NONE, Some(Open), NONE, NONE, NONE, NONE],
            Self::Claim => [Some(Need), other, NONE, NONE, NONE, NONE, NONE, NONE],
        }
    }

    /// From this probability on a mention plays its likeliest role: a Region or a vendor that nobody meant hides most.
    pub(super) const fn likely(self) -> f32 {
        match self {
            Self::Place => 0.65,
            Self::Feature | Self::Provider => 0.75,
            _ => LIKELY,
        }
    }

    /// The kinds of the labels that its mentions can have.
    pub(super) fn has_kind(self, kind: &str) -> bool {
        match self {
            Self::Place => kind == "place",
            Self::Money => kind == "money",
            Self::Number => matches!(kind, "count" | "wait"),
            Self::Wish => matches!(kind, "wish" | "wait"),
            Self::Patience => matches!(kind, "wait" | "feature" | "wish"),
            Self::Feature => matches!(kind, "feature" | "wait"),
            Self::Provider => matches!(kind, "provider" | "model"),
            Self::Route => kind == "route",
            Self::Claim => kind == "claim",
        }
    }

    /// The role that a label of a kind means for the group.
    pub(super) fn role(self, kind: &str, role: &str) -> Role {
        match (self, kind, role) {
            (Self::Number, "wait", "limit") => Role::Limit,
            (Self::Wish, "wait", "limit") => Role::Want,
            (Self::Patience, "feature", "need")
            | (Self::Number | Self::Patience, "wait", "batch") => Role::Batch,
            (Self::Feature, "wait", "batch") => Role::Need,
            (Self::Wish | Self::Feature, "wait", _) | (Self::Patience, ..) => Role::Mention,
            _ => Role::named(role)
                .filter(|role| self.roles().contains(&Some(*role)))
                .unwrap_or(Role::Mention),
        }
    }
}

impl Role {
    /// The role of a label.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "call" => Self::Call,
            "stay" => Self::Stay,
            "left" => Self::Left,
            "people" => Self::People,
            "need-not" => Self::NeedNot,
            "barred" | "bar" => Self::Barred,
            "rival" => Self::Rival,
            "limit" => Self::Limit,
            "past" => Self::Past,
            "want" => Self::Want,
            "need" => Self::Need,
            "some-day" => Self::SomeDay,
            "volume" => Self::Volume,
            "input" => Self::Input,
            "output" => Self::Output,
            "context" => Self::Context,
            "batch" => Self::Batch,
            "closed" => Self::Closed,
            "open" => Self::Open,
            "against" => Self::Against,
            "mention" | "none" | "other" => Self::Mention,
            _ => return None,
        })
    }
}

impl Role {
    /// Its name, as labels and JSON have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Stay => "stay",
            Self::Left => "left",
            Self::People => "people",
            Self::NeedNot => "need-not",
            Self::Barred => "barred",
            Self::Rival => "rival",
            Self::Limit => "limit",
            Self::Past => "past",
            Self::Want => "want",
            Self::Need => "need",
            Self::SomeDay => "some-day",
            Self::Volume => "volume",
            Self::Input => "input",
            Self::Output => "output",
            Self::Context => "context",
            Self::Batch => "batch",
            Self::Closed => "closed",
            Self::Open => "open",
            Self::Against => "against",
            Self::Mention => "mention",
        }
    }

    /// Why a mention in this role is not used, for people; `None` for roles that are used and for mentions in passing.
    #[must_use]
    pub const fn because(self) -> Option<&'static str> {
        Some(match self {
            Self::Left => "being left",
            Self::People => "where people are",
            Self::NeedNot => "no demand",
            Self::Rival => "what others use",
            Self::Past => "what was paid",
            Self::SomeDay => "for later",
            Self::Against => "not wanted",
            _ => return None,
        })
    }
}

/// The kinds of labels, each with its roles.
pub(super) const LABELS: [(&str, &[&str]); 10] = [
    ("place", &["call", "stay", "left", "people", "need-not", "barred", "mention"]),
    ("money", &["limit", "past", "other"]),
    ("provider", &["want", "bar", "left", "rival", "need-not", "mention"]),
    ("model", &["want", "bar", "left", "rival", "need-not", "mention"]),
    ("count", &["volume", "input", "output", "context", "none"]),
    ("wait", &["limit", "batch", "mention"]),
    ("feature", &["need", "some-day", "need-not", "mention"]),
    ("route", &["closed", "open", "mention"]),
    ("wish", &["want", "against", "other"]),
    ("claim", &["need", "mention"]),
];
