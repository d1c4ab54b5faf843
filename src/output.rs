//! Answers in the forms people and programs read them: pure functions of results.

pub mod classified;
pub mod compare;
pub mod diagnostics;
pub mod explain;
pub mod facts;
pub mod full;
#[cfg(feature = "route")]
pub mod job;
pub mod json;
pub mod models;
#[cfg(feature = "route")]
pub mod reply;
pub mod retired;
pub mod scan;
#[cfg(feature = "history")]
pub mod spend;
pub mod table;
pub mod text;

mod also;
mod choice;
mod figures;
mod listing;
mod page;
mod readings;
mod rejected;
mod shown;
mod style;
mod understood;

pub use self::page::Screen;
pub use self::shown::{shown, shown_json, shown_line};
