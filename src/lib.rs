//! Picks the right Amazon Bedrock model for a described task, says why, and can call it.
//!
//! A [`Task`] becomes an [`Answer`]: *offers*, each of which is one ID to call from one Region by one route at one reasoning effort,
//! with its cost, where data goes, and how good it is by dated public evidence. The way there is
//! `Task` → understanding (category, constraints in words) → filter (every offer fits or has a reason) → ranking → `Answer`. It is
//! pure: no network, no clock, the same answer every time.
//!
//! ```
//! use rockpick::{Rockpick, Task};
//!
//! let rockpick = Rockpick::bundled();
//! let answer = rockpick.recommend(&Task::new("un chatbot barato para soporte").region("eu-south-2"))?;
//! println!("{answer}");
//! for (model, reasons) in answer.rejected().take(3) {
//!     println!("{model}: {}", reasons.join(", "));
//! }
//! # Ok::<(), rockpick::Error>(())
//! ```
//!
//! An answer is serializable, and nothing that fits is an error with what would have to change:
//!
//! ```
//! use rockpick::{ErrorKind, Rockpick, Task};
//!
//! let rockpick = Rockpick::bundled();
//! let answer = rockpick.recommend(&Task::new("").category("images").region("eu-west-1"))?;
//! assert_eq!(answer.best().unwrap_err().kind(), ErrorKind::NothingFits);
//! # Ok::<(), rockpick::Error>(())
//! ```
//!
//! The [`router`] calls what was recommended, one offer after another, inside the constraints; [`bedrock`] is its way to AWS, and any
//! other [`router::Invoke`] is as good. `docs/calling.md` shows both.
//!
//! # Features
//! - `cli` (default): the command.
//! - `aws` (default): calls to Amazon Bedrock with the AWS SDK.
//! - `history` (default): the ledger of what calls cost, and budgets.
//! - `route`: the router alone, for callers with their own transport.

#[cfg(feature = "cli")]
#[doc(hidden)] // the command's own
pub mod cli;
mod face;
#[cfg(feature = "cli")]
#[doc(hidden)] // the command's own
pub mod output;

#[cfg(all(doctest, feature = "aws"))]
#[doc = include_str!("../docs/calling.md")]
mod calling {}

pub use face::{Answer, Choice, Error, ErrorKind, Rockpick, Task};
#[cfg(feature = "aws")]
pub use rockpick_bedrock as bedrock;
pub use rockpick_core::money::Usd;
pub use rockpick_core::task::{Budget, Effort, Preference};
pub use rockpick_core::{Knowledge, Recommendation, Recommender, catalog, recommend, rules, task};
// Parts of the core that the command and the tests use; not the face of the library.
#[doc(hidden)]
pub use rockpick_core::{
    Catalog, RuleSet, asks, check, classify, diagnostic, money, packed, phrase, read, source, text,
    words,
};
#[doc(hidden)]
pub use rockpick_knowledge as knowledge;
pub use rockpick_knowledge::bundled;
#[cfg(feature = "route")]
pub use rockpick_router as router;
#[cfg(feature = "history")]
pub use rockpick_router::spend;
