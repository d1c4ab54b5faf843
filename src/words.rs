//! Constraints said in words: Regions, residency, money, volumes, sizes, features, providers, latency, preferences.
//!
//! All words are data: `rules/words.toml`, `regions.toml`, `places.toml`, and the words in the files of features, preferences and
//! providers. One pass finds every phrase; then each reader looks at the neighbours of what concerns it. What is in doubt is not
//! read: a constraint that nobody meant would hide the right answer.

mod amount;
mod compile;
mod direction;
mod figures;
mod hits;
mod meaning;
mod money;
mod number;
mod origin;
mod parts;
mod place;
mod provider;
mod reader;
mod scan;
mod schema;
mod size;
mod stay;
mod table;
mod unit;
mod vocabulary;
mod volume;
mod wait;
mod way;
mod wish;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub(crate) use self::compile::compile;
pub use self::number::readings;
use self::reader::Reader;
use self::scan::Scan;
pub use self::vocabulary::{PlaceName, Vocabulary};
use crate::task::{Constraints, Latency, Preference};
use crate::text::Text;

/// Stands for what is left out of a very long text; it ends a clause.
const BETWEEN_ENDS: &str = "\n\n";

/// What was read from a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The demands.
    pub constraints: Constraints,
    /// What weighs most, when the text says so.
    pub preference: Option<Preference>,
    /// The words that each demand was read from.
    pub found: Vec<Said>,
    /// What the person should know: conversions, conflicts, what was not read.
    pub notes: Vec<String>,
}

impl Reading {
    /// With what follows from the demands: data that must stay in the only Region of a place is sent there from nowhere else, and
    /// what must be fast is waited for.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let wanted = &mut self.constraints;
        let home = wanted.residency.as_ref().map(|residency| residency.regions).filter(|regions| regions.len() == 1);
        if let Some(home) = home.filter(|_| wanted.regions.is_empty()) {
            wanted.regions = home;
        }
        if self.preference == Some(Preference::Speed) {
            wanted.latency = wanted.latency.or(Some(Latency::Low));
        }
        self
    }
}

/// A demand with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The field of the constraints, or `preference`.
    pub field: &'static str,
    /// What was read.
    pub value: String,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
}

impl Vocabulary {
    /// Reads the constraints of a described need. Of a very long text only both ends are read: the rest is material.
    #[must_use]
    pub fn read(&self, text: &Text<'_>) -> Reading {
        let half = self.limits.longest_read / 2;
        if text.len() <= 2 * half {
            return self.read_all(text);
        }
        let (head, tail) = (text.span(0..half).end, text.span(text.len() - half..text.len()).start);
        let ends = [&text.source()[..head], BETWEEN_ENDS, &text.source()[tail..]].concat();
        let mut reading = self.read_all(&Text::new(&ends));
        let moved = tail - (head + BETWEEN_ENDS.len());
        let place = |at: usize| if at > head { at + moved } else { at };
        for said in &mut reading.found {
            said.span = place(said.span.start)..place(said.span.end);
        }
        reading
    }

    fn read_all(&self, text: &Text<'_>) -> Reading {
        let mut reader = Reader { scan: Scan::new(self, text), reading: Reading::default() };
        if reader.scan.hits.is_empty() {
            return reader.reading;
        }
        let mut quantities = number::quantities(&reader.scan);
        money::read(&mut reader, &mut quantities);
        wait::read(&mut reader, &mut quantities);
        volume::read(&mut reader, &mut quantities);
        size::read(&mut reader, &mut quantities);
        place::read(&mut reader);
        provider::read(&mut reader);
        wish::read(&mut reader);
        reader.reading
    }
}
