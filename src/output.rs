//! Answers in the forms people and programs read them: pure functions of results.

pub mod classified;
pub mod compare;
pub mod explain;
pub mod facts;
pub mod diagnostics;
pub mod json;
pub mod models;
pub mod retired;
#[cfg(feature = "route")]
pub mod reply;
pub mod table;
pub mod text;

mod figures;
