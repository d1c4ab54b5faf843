//! An account of what is spent: an amount is set aside before a call, and what it came to is written down after it.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::{Target, Usage};
use rockpick_core::money::Usd;

/// Keeps account of what calls cost, perhaps for several processes, perhaps within a budget.
pub trait Ledger: Debug + Send + Sync {
    /// Sets an amount aside for a call, at once for everybody who shares the account: all of `most`, or what is left of the budget if
    /// that is at least `least`.
    ///
    /// # Errors
    /// When nothing can be written down; the call is then not made.
    fn reserve(&self, expense: &Expense<'_>) -> Result<Reservation, LedgerError>;

    /// Writes down what a call came to, in place of what was set aside for it.
    ///
    /// # Errors
    /// When that cannot be written down; what was set aside then stays so.
    fn settle(&self, reserved: Reserved, spent: &Spent<'_>) -> Result<(), LedgerError>;
}

/// A call that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct Expense<'a> {
    /// What is called.
    pub target: &'a Target,
    /// The model's bare id, where it is known.
    pub model: Option<&'a str>,
    /// The project that it is for, where the request names one.
    pub project: Option<&'a str>,
    /// The request's tags.
    pub tags: &'a BTreeMap<String, String>,
    /// What it costs with the shortest answer that is of use; `None` where no price is known.
    pub least: Option<Usd>,
    /// What it costs with the longest answer.
    pub most: Option<Usd>,
}

/// What comes of asking for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reservation {
    /// It is there.
    Made(Reserved),
    /// Too little is left, but some may come back: it is set aside for other calls.
    Later,
    /// Too little is left, or the call has no known price.
    Refused,
}

/// What was set aside for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// By which the account knows it.
    pub ticket: i64,
    /// How much; `None` where no price is known.
    pub amount: Option<Usd>,
}

/// What a call came to.
#[derive(Clone, Copy, Debug)]
pub struct Spent<'a> {
    /// What it cost; `None` where no price is known.
    pub cost: Option<Usd>,
    /// The tokens that it took.
    pub usage: Usage,
    /// Whether they are estimated, because nobody said.
    pub estimated: bool,
    /// `ok`, or the kind of failure.
    pub outcome: &'a str,
}

/// Why nothing can be written down.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is spent cannot be written down: {0}")]
pub struct LedgerError(pub String);
