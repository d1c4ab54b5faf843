//! Answers in the forms people and programs read them: pure functions of results.

pub mod classified;
pub mod json;
pub mod table;
pub mod text;
