//! Picks the right Amazon Bedrock model for a described task, says why, and can call it.

pub mod asks;
#[cfg(feature = "aws")]
pub mod bedrock;
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
pub mod packed;
pub mod phrase;
pub mod read;
pub mod recommend;
#[cfg(feature = "route")]
pub mod router;
pub mod rules;
pub mod source;
#[cfg(feature = "history")]
pub mod spend;
pub mod task;
pub mod text;
pub mod words;

mod vocabulary;

#[cfg(all(doctest, feature = "aws"))]
#[doc = include_str!("../docs/calling.md")]
mod calling {}

pub use catalog::Catalog;
pub use knowledge::Knowledge;
pub use recommend::{Recommendation, Recommender};
pub use rules::RuleSet;
