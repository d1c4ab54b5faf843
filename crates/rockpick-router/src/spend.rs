//! What calls cost, written down in a file that all processes of a user share, and budgets over it.
//!
//! An amount is set aside before a call and settled after it, so that calls made at the same time cannot spend the same money. What a
//! process had set aside that was killed stays counted: nobody knows what it was billed. Prompts and answers are not written down.

mod budget;
mod file;
mod history;
mod total;

pub use self::budget::{Budget, Period};
pub use self::history::{History, HistoryError};
pub use self::total::{By, Total};
