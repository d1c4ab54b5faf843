//! Answers in the forms people and programs read them: pure functions of results.

pub mod json;
#[cfg(feature = "route")]
pub mod reply;
pub mod table;
pub mod text;
