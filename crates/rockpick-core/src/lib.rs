//! The pure part of rockpick: what a task, a model, an offer, and a rule are, how texts are read, and what is recommended.
//!
//! Nothing here reads a clock, a network, or the environment. [`Knowledge::compile`] makes the catalog and the rules from the TOML
//! files of `rules/`; [`Recommender`] answers a [`task::Task`] from them. The crate `rockpick` is the face for programs.

pub mod asks;
pub mod catalog;
pub mod check;
pub mod classify;
pub mod diagnostic;
pub mod knowledge;
pub mod money;
pub mod packed;
pub mod phrase;
pub mod read;
pub mod recommend;
pub mod rules;
pub mod source;
pub mod task;
pub mod text;
pub mod words;

#[cfg(test)]
mod bundled;
mod vocabulary;

pub use catalog::Catalog;
pub use knowledge::Knowledge;
pub use recommend::{Recommendation, Recommender};
pub use rules::RuleSet;

/// A hash of this crate's sources: what was compiled by other sources may have another form.
pub const BUILD: &str = env!("ROCKPICK_CORE_BUILD");
