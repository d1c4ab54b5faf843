//! Picks the right Amazon Bedrock model for a described task, says why, and can call it.

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod output;

#[cfg(all(doctest, feature = "aws"))]
#[doc = include_str!("../docs/calling.md")]
mod calling {}

#[cfg(feature = "aws")]
pub use rockpick_bedrock as bedrock;
pub use rockpick_core::{
    Catalog, Knowledge, Recommendation, Recommender, RuleSet, asks, catalog, check, classify, diagnostic, money, packed, phrase,
    read, recommend, rules, source, task, text, words,
};
pub use rockpick_knowledge as knowledge;
pub use rockpick_knowledge::bundled;
#[cfg(feature = "route")]
pub use rockpick_router as router;
#[cfg(feature = "history")]
pub use rockpick_router::spend;
