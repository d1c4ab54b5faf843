//! What goes wrong with a call, and what is done about it: one table.

use std::time::Duration;

use rockpick_core::vocabulary;

vocabulary! {
    /// What went wrong with a call. The names are the `outcome` of an attempt.
    Kind {
        /// Too many requests or tokens just now.
        Throttled = "throttled",
        /// The tokens of a day are used up.
        DailyLimit = "daily-limit",
        /// A quota of the account is exceeded.
        Quota = "quota",
        /// The service cannot answer just now.
        Unavailable = "unavailable",
        /// The model is still being made ready.
        NotReady = "not-ready",
        /// The model took too long, or nothing arrived in time.
        Timeout = "timeout",
        /// The model failed.
        ModelError = "model-error",
        /// The service failed.
        Internal = "internal",
        /// The account may not call the model.
        AccessDenied = "access-denied",
        /// A policy of the organization bars the Region.
        PolicyDenied = "policy-denied",
        /// The model's agreement or use-case form is missing.
        AgreementMissing = "agreement-missing",
        /// The model is only called by an inference profile.
        ProfileOnly = "profile-only",
        /// The id is not known there.
        InvalidId = "invalid-id",
        /// The model is gone.
        Eol = "eol",
        /// The request is longer than the model's context.
        TooLong = "too-long",
        /// The model lacks what the request needs.
        Unsupported = "unsupported",
        /// The request is malformed.
        InvalidRequest = "invalid-request",
        /// A filter stopped the request or the answer.
        ContentFiltered = "content-filtered",
        /// A guardrail answered in place of the model, or changed its answer.
        Guardrail = "guardrail",
        /// The model would not answer.
        Refused = "refused",
        /// The answer was cut at the most tokens that were asked for.
        MaxTokens = "max-tokens",
        /// The answer was cut where the context window ended.
        ContextFull = "context-full",
        /// The model paused and could go on.
        Paused = "paused",
        /// The model's answer or its call of a tool is malformed.
        Malformed = "malformed",
        /// The answer is empty.
        Empty = "empty",
        /// The answer ended for a reason that is not known.
        UnknownStop = "unknown-stop",
        /// The credentials have expired.
        CredentialsExpired = "credentials-expired",
        /// There are no credentials, or they are refused.
        CredentialsMissing = "credentials-missing",
        /// The machine's clock is wrong.
        ClockSkew = "clock-skew",
        /// The endpoint that was given is none.
        BadEndpoint = "bad-endpoint",
        /// No connection.
        Connect = "connect",
        /// The connection broke.
        Reset = "reset",
        /// What arrived is damaged.
        Corrupt = "corrupt",
        /// The answer ended before it was complete.
        Truncated = "truncated",
        /// It would cost more than is left.
        OverBudget = "over-budget",
        /// What is spent cannot be written down.
        Ledger = "ledger",
        /// It was ended by the caller.
        Cancelled = "cancelled",
    }
}

/// What is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The same offer once more after a pause; when that fails too, another route or Region.
    Retry,
    /// Another route or Region of the same model, then other models.
    OtherRoute,
    /// Another model.
    OtherModel,
    /// Another model with a larger context.
    LargerContext,
    /// Another model, but when a second one says the same, the request is at fault.
    SecondOpinion,
    /// Nothing: it would fail everywhere.
    Stop,
}

/// How long an offer is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Not at all: it is not the offer's fault.
    None,
    /// A little while, longer each time.
    While,
    /// An hour: it will not be better soon.
    Hour,
    /// As long as the process lives.
    Always,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// What was said, without prompt or reply.
    pub message: String,
    /// How long to wait, as the service says.
    pub retry_after: Option<Duration>,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
}

impl Kind {
    /// The table: what is done, and how long the offer rests.
    #[must_use]
    #[allow(clippy::match_same_arms, reason = "a table reads row by row")]
    pub const fn response(self) -> (Action, Rest) {
        match self {
            Self::Throttled | Self::Unavailable | Self::NotReady => (Action::Retry, Rest::While),
            Self::Internal | Self::Connect | Self::Reset | Self::Corrupt | Self::Truncated => {
                (Action::Retry, Rest::While)
            }
            // Asking again at once would only wait or be counted again.
            Self::Timeout | Self::ModelError => (Action::OtherRoute, Rest::While),
            Self::DailyLimit | Self::Quota => (Action::OtherRoute, Rest::Hour),
            Self::PolicyDenied | Self::ProfileOnly | Self::InvalidId => {
                (Action::OtherRoute, Rest::Always)
            }
            Self::AccessDenied | Self::AgreementMissing | Self::Eol => {
                (Action::OtherModel, Rest::Always)
            }
            Self::Unsupported => (Action::OtherModel, Rest::None),
            // Another offer may do better; the same one would be billed again.
            Self::Malformed | Self::Empty | Self::UnknownStop => (Action::OtherRoute, Rest::None),
            Self::MaxTokens | Self::ContextFull | Self::Paused => (Action::Stop, Rest::None),
            Self::TooLong => (Action::LargerContext, Rest::None),
            Self::InvalidRequest => (Action::SecondOpinion, Rest::None),
            // Another model is not asked to say what one may not.
            Self::ContentFiltered | Self::Guardrail | Self::Refused => (Action::Stop, Rest::None),
            Self::CredentialsExpired | Self::CredentialsMissing | Self::ClockSkew => {
                (Action::Stop, Rest::None)
            }
            Self::OverBudget | Self::Ledger | Self::Cancelled | Self::BadEndpoint => {
                (Action::Stop, Rest::None)
            }
        }
    }

    /// Whether a whole answer came, that was cut short.
    #[must_use]
    pub const fn is_cut(self) -> bool {
        matches!(self, Self::MaxTokens | Self::ContextFull | Self::Paused)
    }

    /// Whether all offers of the model rest, not only the one that was called.
    #[must_use]
    pub const fn is_of_the_model(self) -> bool {
        matches!(self, Self::AccessDenied | Self::AgreementMissing | Self::Eol)
    }

    /// Whether Bedrock may have worked on a request that ended like this before anything arrived: nobody says what it then billed.
    #[must_use]
    pub const fn may_be_billed(self) -> bool {
        matches!(self, Self::Timeout | Self::Reset | Self::Cancelled)
    }

    /// Whether the service may have done what was asked although it failed: nobody answered to the end.
    #[must_use]
    pub const fn leaves_doubt(self) -> bool {
        matches!(
            self,
            Self::Timeout | Self::Internal | Self::Reset | Self::Corrupt | Self::Truncated
        )
    }

    /// What to do about it, for people.
    #[must_use]
    #[allow(clippy::match_same_arms, reason = "a table reads row by row")]
    pub const fn fix(self) -> Option<&'static str> {
        Some(match self {
            Self::Throttled | Self::Unavailable | Self::NotReady => {
                "try again in a moment, or let other Regions or models compete"
            }
            Self::DailyLimit | Self::Quota => {
                "ask for a higher quota in Service Quotas, or let other Regions or models compete"
            }
            Self::AccessDenied => {
                "ask for the IAM permission bedrock:InvokeModel on this model and, for a profile, on its destination Regions"
            }
            Self::PolicyDenied => {
                "a service control policy bars a Region: give --region or --residency that it allows"
            }
            Self::AgreementMissing => {
                "accept the model's agreement, or send its use-case form, from the model catalog of the Bedrock console"
            }
            Self::CredentialsExpired => "sign in again: `aws sso login`, or renew the session",
            Self::CredentialsMissing => {
                "set AWS_BEARER_TOKEN_BEDROCK, or sign in with `aws configure` or `aws sso login`, or give --profile"
            }
            Self::ClockSkew => "set this machine's clock",
            Self::BadEndpoint => {
                "give --endpoint-url or AWS_ENDPOINT_URL with its scheme, such as http://localhost:4566"
            }
            Self::Connect => "check the network, HTTPS_PROXY, the Region and --endpoint-url",
            Self::TooLong => "send less, or give --min-context so that larger models are chosen",
            Self::ContentFiltered => "a filter of the provider or a guardrail stopped it",
            Self::Guardrail => "the guardrail's policy in the Bedrock console says what it stops",
            Self::Refused => {
                "another model may answer: give --model, or say more about the purpose"
            }
            Self::MaxTokens => "--max-tokens raises that",
            Self::ContextFull => {
                "send less, or give --min-context so that larger models are chosen"
            }
            Self::Paused => "send the answer back as the model's turn, and it goes on",
            Self::OverBudget => {
                "raise the budget or ask for less; `rockpick spend` shows what was spent"
            }
            Self::Timeout => "give a longer --timeout, or ask for a shorter answer",
            _ => return None,
        })
    }
}

impl Failure {
    /// A failure without an HTTP answer.
    #[must_use]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), retry_after: None, status: None }
    }
}
