//! Picks the right Amazon Bedrock model for a described task, says why, and can call it.

pub mod catalog;
pub mod check;
pub mod classify;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostic;
pub mod knowledge;
pub mod money;
#[cfg(feature = "cli")]
pub mod output;
pub mod phrase;
pub mod read;
pub mod recommend;
pub mod rules;
pub mod source;
pub mod task;
pub mod text;
pub mod words;

mod vocabulary;

pub use catalog::Catalog;
pub use knowledge::Knowledge;
pub use recommend::{Recommendation, Recommender};
pub use rules::RuleSet;
