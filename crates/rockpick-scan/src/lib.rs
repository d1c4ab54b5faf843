//! Finds IDs of Amazon Bedrock in the text of files and says what is wrong with each on a date, in a Region.
//!
//! Nothing here reads files, a clock, or a network: [`Scanner::scan`] takes the path and the bytes of a file and returns its
//! findings. All facts come from the [`Catalog`](rockpick_core::Catalog); the words by which files of other tools are understood are
//! in `words`.

mod context;
mod edit;
mod finding;
mod fix;
mod ignores;
mod judge;
mod known;
mod lines;
mod mention;
mod parameters;
mod place;
mod region;
mod scanner;
mod successor;
mod tell;
mod test_of;
mod unknown;
mod words;

pub use self::edit::apply;
pub use self::finding::{Finding, Fix, From, Level, Rule, Successor};
pub use self::fix::{Fixes, Held, hold};
pub use self::ignores::Unused;
pub use self::place::Place;
pub use self::scanner::{FileScan, Options, Scanner, Skip, Sound, Suppressed, fingerprint};
