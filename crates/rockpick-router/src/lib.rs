//! Calls what was recommended: one offer after another, down the ranking, never outside what was asked.
//!
//! [`Router`] drives any [`Invoke`]; it owns every retry. An answer is a [`Call`] that is read piece by piece, or as a whole with
//! [`Router::route`]. Until something of the answer was delivered another offer may take over; from then on a failure ends it.

mod bill;
mod call;
mod converse;
mod cooldown;
mod course;
mod ending;
mod failure;
mod foreign;
mod invoke;
mod job;
mod ledger;
mod lesson;
mod media;
mod mend;
mod own_body;
mod plan;
mod repair;
mod reply;
mod request;
#[cfg(feature = "history")]
pub mod spend;
mod video;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use self::call::{Call, Lost};
use self::cooldown::Cooldowns;
pub use self::failure::{Action, Failure, Kind, Rest};
pub use self::invoke::{Answer, Invoke, Target};
pub use self::job::{Job, filled, results};
pub use self::ledger::{Expense, Ledger, LedgerError, Reservation, Reserved, Spent};
use self::lesson::Lessons;
pub use self::lesson::{Lesson, Parameter};
pub use self::mend::mend;
pub use self::plan::{Candidate, Plan};
pub use self::repair::{Facts, Repair, fit, forbids_thinking};
pub use self::reply::{Attempt, Collected, Event, Reply, ToolCall, Usage};
pub use self::request::{
    Block, Guardrail, Life, Media, MediaKind, Request, Role, Schema, Tool, Turn,
};
pub use self::video::{Inspect, JobReport, JobState, Pace, Sight, Start, Watch, region_of};

/// The bounds that a router keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The most calls for one request.
    pub attempts: usize,
    /// The most offers of one model that are tried in a row.
    pub routes: usize,
    /// How often an offer of a model is tried once more.
    pub retries: usize,
    /// The first pause before a retry; it doubles, and up to half of it is left to chance.
    pub pause: Duration,
    /// The longest pause; when the service asks for a longer one, another offer is tried.
    pub longest_pause: Duration,
    /// How long an answer that streams may take to begin.
    pub first_byte: Duration,
    /// How long the next piece of an answer may take.
    pub idle: Duration,
    /// How long everything may take.
    pub total: Duration,
    /// How long an offer that failed is left alone at first; it doubles with each failure of a probe.
    pub cooldown: Duration,
    /// Whether a request that would have to be changed fails instead.
    pub strict: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            attempts: 32,
            routes: 3,
            retries: 1,
            pause: Duration::from_millis(200),
            longest_pause: Duration::from_secs(5),
            first_byte: Duration::from_mins(2),
            idle: Duration::from_mins(2),
            total: Duration::from_mins(10),
            cooldown: Duration::from_secs(30),
            strict: false,
        }
    }
}

/// Routes requests; shared by all of a process, so that what one call learns helps the next.
#[derive(Debug)]
pub struct Router<I> {
    invoke: I,
    policy: Policy,
    ledger: Option<Box<dyn Ledger>>,
    cooldowns: Mutex<Cooldowns>,
    lessons: Mutex<Lessons>,
    chance: Mutex<u64>,
}

impl<I: Invoke> Router<I> {
    /// A router over what makes the calls.
    #[must_use]
    pub fn new(invoke: I, policy: Policy) -> Self {
        let cooldowns = Mutex::new(Cooldowns::new(policy.cooldown));
        Self {
            invoke,
            policy,
            ledger: None,
            cooldowns,
            lessons: Mutex::default(),
            chance: Mutex::new(0x9E37_79B9_7F4A_7C15),
        }
    }

    /// The same with another seed for the jitter of pauses: processes that start together should not retry together.
    #[must_use]
    pub fn seeded(self, seed: u64) -> Self {
        *lock(&self.chance) ^= seed.rotate_left(17);
        self
    }

    /// The same, with an account of what is spent: nothing is called that it has no money for.
    #[must_use]
    pub fn accounted(self, ledger: Box<dyn Ledger>) -> Self {
        Self { ledger: Some(ledger), ..self }
    }

    /// What makes the calls.
    #[must_use]
    pub fn invoke(&self) -> &I {
        &self.invoke
    }

    /// Begins to answer a request; nothing is called before the first [`Call::next`].
    #[must_use]
    pub fn call<'r>(&'r self, plan: Plan<'r>, request: Request) -> Call<'r, I> {
        Call::new(self, plan, request)
    }

    /// Answers a request as a whole.
    ///
    /// # Errors
    /// [`Lost`], when nothing that may be called answers.
    pub async fn route(&self, plan: Plan<'_>, request: Request) -> Result<Reply, Lost> {
        let mut call = self.call(plan, request);
        while let Some(event) = call.next().await {
            event?;
        }
        Ok(call.reply())
    }

    /// The pause before a retry: between half of it and all of it.
    fn pause(&self, retry: u32) -> Duration {
        let whole =
            self.policy.pause.saturating_mul(1 << retry.min(16)).min(self.policy.longest_pause);
        whole.mul_f64(0.5 + self.chance() / 2.0)
    }

    /// A number from 0 to 1 (xorshift64*: nothing secret hangs on it).
    fn chance(&self) -> f64 {
        let mut state = lock(&self.chance);
        *state = (*state).max(1);
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A lock whose holder panicked still guards plain data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
