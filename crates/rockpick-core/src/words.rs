//! Constraints said in words: Regions, residency, money, volumes, sizes, features, providers, latency, preferences.
//!
//! All words are data: `rules/words.toml`, `regions.toml`, `places.toml`, and the words in the files of features, preferences and
//! providers. One pass finds every phrase; then each reader looks at the neighbors of what concerns it. What is in doubt is not
//! read: a constraint that nobody meant would hide the right answer.

mod amount;
mod budget;
mod compile;
mod context;
mod demand;
mod figures;
mod hits;
mod judge;
mod learn;
mod markup;
mod meaning;
mod mention;
mod number;
mod numeral;
mod parts;
mod picture;
mod place;
mod reader;
mod role;
mod scan;
mod schema;
mod size;
mod table;
mod unit;
mod value;
mod vocabulary;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

pub(crate) use self::compile::{compile, labeled};
use self::context::Context;
use self::demand::Judged;
use self::mention::{Mention, mentions};
pub use self::number::readings;
use self::reader::Reader;
pub use self::role::Role;
use self::scan::Scan;
pub use self::vocabulary::{PlaceName, Vocabulary};
use crate::diagnostic::Diagnostics;
use crate::source::RuleFile;
use crate::task::{Constraints, Latency, Preference};
use crate::text::Text;

/// From this probability on a mention in a long text, which may be about anything, plays its likeliest role; in others
/// `Group::likely` says from which.
const SURE: f32 = 0.8;

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
    /// Everything that looked like a constraint, used or not, by its place.
    pub mentions: Vec<Mentioned>,
    /// What the person should know: conversions, conflicts, what was not read.
    pub notes: Vec<String>,
}

impl Reading {
    /// What was not used of a text, and why, in one line for people; `None` when that is nothing.
    #[must_use]
    pub fn not_used(&self, source: &str) -> Option<String> {
        let told = self
            .mentions
            .iter()
            .filter(|mention| !mention.used && mention.confidence >= role::LIKELY)
            .filter_map(|mention| {
                let because = mention.role.because()?;
                Some(format!("\"{}\" ({because})", source.get(mention.span.clone())?))
            });
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| format!("not used: {}", told.join(", ")))
    }

    /// What a text demands and no fact covers, in one line for people; `None` when that is nothing.
    #[must_use]
    pub fn not_checked(&self, source: &str) -> Option<String> {
        let claims = self.mentions.iter().filter(|mention| {
            mention.kind == "claim" && mention.role == Role::Need && !mention.used
        });
        let said: Vec<String> = claims
            .filter_map(|claim| source.get(claim.span.clone()))
            .map(|said| format!("\"{said}\""))
            .collect();
        (!said.is_empty())
            .then(|| format!("not checked, as no fact here covers it: {}", said.join(", ")))
    }

    /// With what follows from the demands: data that must stay in the only Region of a place is sent there from nowhere else, and
    /// what must be fast is waited for.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let wanted = &mut self.constraints;
        let home = wanted
            .residency
            .as_ref()
            .map(|residency| residency.regions)
            .filter(|regions| regions.len() == 1);
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

/// Something in a text that looks like a constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Mentioned {
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// What kind of thing it is: place, money, count, wait, wish, feature, provider, route, claim.
    pub kind: &'static str,
    /// What it is for the choice.
    pub role: Role,
    /// What it would mean.
    pub value: String,
    /// The probability of the role.
    pub confidence: f32,
    /// Whether a demand was read from it.
    pub used: bool,
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
        for mentioned in &mut reading.mentions {
            mentioned.span = place(mentioned.span.start)..place(mentioned.span.end);
        }
        reading
    }

    fn read_all(&self, text: &Text<'_>) -> Reading {
        let scan = Scan::new(self, text);
        let mut reader = Reader { scan: &scan, reading: Reading::default() };
        let has_number =
            || text.words().any(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
        if scan.hits.is_empty() && !has_number() {
            return reader.reading;
        }
        picture::read(&mut reader);
        let mentions = mentions(&scan);
        let context = Context::new(&scan, &mentions);
        let floor = |mention: &Mention<'_>| {
            if scan.is_long() { SURE } else { mention.value.group().likely() }
        };
        let judge = |(index, mention): (usize, &Mention<'_>)| {
            self.judge.role(&context, index, &mention.value)
        };
        let roles: Vec<(Role, f32)> = mentions.iter().enumerate().map(judge).collect();
        let judged = mentions.iter().zip(&roles).enumerate().map(
            |(index, (mention, (role, probability)))| Judged {
                mention,
                role: if *probability < floor(mention) { Role::Mention } else { *role },
                probability: *probability,
                joined: context.follows(index),
            },
        );
        demand::apply(&mut reader, &judged.collect::<Vec<_>>());
        reader.reading.found.sort_by_key(|said| said.span.start);
        for (mention, (role, confidence)) in mentions.iter().zip(roles) {
            let place = reader.span(mention.words.clone());
            let overlaps = |said: &Said| said.span.start < place.end && place.start < said.span.end;
            let used = reader.reading.found.iter().any(overlaps);
            let (kind, value) = (mention.value.kind(role), mention.value.shown(self));
            reader.reading.mentions.push(Mentioned {
                span: place,
                kind,
                role,
                value,
                confidence,
                used,
            });
        }
        reader.reading
    }
}

/// How many labeled mentions of each kind there are, and how many play the right role by what the other half of the labeled
/// sentences teaches.
pub(crate) fn by_halves(
    files: &[RuleFile],
    vocabulary: &Vocabulary,
) -> BTreeMap<&'static str, (usize, usize)> {
    learn::by_halves(vocabulary, &labeled(files, &mut Diagnostics::default()))
}
