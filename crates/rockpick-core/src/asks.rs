//! What a need asks for by name: models and families, partitions of AWS, several Regions at once, and what certain words mean for
//! the answer.
//!
//! All words are data: `rules/asks.toml`, `families.toml`, `hints.toml`, `nouns.toml`. Only what is plainly asked for counts: a model
//! that is a yardstick, a rival's, or to be left constrains nothing.

mod compile;
mod effort;
mod hints;
mod lasting;
mod names;
mod places;
mod schema;
mod sentence;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub(crate) use self::compile::compile;
pub use self::hints::Hint;
pub(crate) use self::places::home_of;
pub use self::schema::About;
use self::sentence::Sentence;
use crate::catalog::{Catalog, Members};
use crate::packed::Packed;
use crate::phrase::Phrases;
use crate::task::{Effort, RegionSet};
use crate::text::Text;
use crate::words::{Reading, Vocabulary};

/// From this probability on the role that was read of a provider or a place counts for a name that stands there.
const LIKELY: f32 = 0.65;

/// The words by which asks are read, compiled from `rules/`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Asks {
    phrases: Phrases<Meaning>,
    partitions: Packed<Vec<Partition>>,
    hints: Packed<Vec<Hint>>,
    nouns: Packed<Vec<Noun>>,
    compass: Vec<String>,
    /// A longer text names no models that are wished for, in words.
    longest: usize,
}

/// What a phrase means. Numbers are places in tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Meaning {
    Family(u16),
    /// An ordinary word too.
    WeakFamily(u16),
    /// A phrase that is a wish by itself.
    CertainFamily(u16),
    Part(Part),
    Partition(u8),
    Hint(u8),
    HintWith(u8),
    HintUnless(u8),
    Noun(u8),
    Effort(Effort),
    /// A number in words.
    Number(u16),
}

/// The part that a word plays around a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Part {
    Before,
    Filler,
    Models,
    After,
    Joint,
    Negation,
    Newest,
    Place,
    PlaceFiller,
    Every,
    EveryAnywhere,
    Lasting,
    Year,
    Month,
    Blank,
}

/// A partition of AWS besides the commercial one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Partition {
    name: String,
    /// How the codes of its Regions begin.
    codes: Vec<String>,
    regions: RegionSet,
    says: String,
    source: String,
}

/// What one piece of something holds, in tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noun {
    /// Its key in `rules/nouns.toml`.
    pub name: String,
    /// Its tokens.
    pub tokens: u64,
    /// Why so many.
    pub because: String,
    /// A key of `rules/sources.toml`.
    pub source: String,
}

/// Why nothing can be recommended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its stable code.
    pub code: &'static str,
    /// What is not known.
    pub text: String,
    /// Where that comes from: a key of `rules/sources.toml`.
    pub source: Option<String>,
}

/// What a text asks for by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked<'a> {
    /// Whether models or families are asked for, living or gone.
    pub names: bool,
    /// Retired ids among them: of what is wished for only where nothing living goes by the name.
    pub gone: Vec<u16>,
    /// Models and retired ids that are named in passing.
    pub mentioned: Members,
    /// Whether the newest is wanted.
    pub newest: bool,
    /// A place that no source knows anything of.
    pub refused: Option<Refusal>,
    /// What certain words mean for the answer.
    pub hints: Vec<&'a Hint>,
    /// What a request holds one of.
    pub noun: Option<&'a Noun>,
    /// Whether all words are read as constraints or tell nothing of a task.
    pub blank: bool,
    /// What the classifier reads: the text without the names of models.
    pub masked: Option<String>,
}

impl Asks {
    /// Reads what is asked for by name into what was read of constraints.
    #[must_use]
    pub fn read<'a>(
        &'a self,
        text: &Text<'_>,
        vocabulary: &Vocabulary,
        catalog: &Catalog,
        read: &mut Reading,
    ) -> Asked<'a> {
        let sentence = Sentence::new(text, self.phrases.find(text));
        let mut asked = Asked::default();
        if text.len() <= self.longest {
            let located = places::is_located(&sentence, vocabulary, read);
            let wanted = names::read(&sentence, catalog, located, read);
            let gone = wish(catalog, &wanted, read);
            asked.names = !wanted.spans.is_empty();
            asked.gone = gone;
            asked.mentioned = wanted.mentioned;
            asked.newest = sentence.has(Part::Newest, 0..text.len());
            asked.masked = masked(text, wanted.spans.iter().chain(&wanted.passing));
            pinned(text, catalog, read);
            places::every_region(&sentence, vocabulary, catalog, asked.names, read);
        }
        effort::read(&sentence, read);
        lasting::read(&sentence, read);
        asked.refused = places::partitions(&sentence, self, vocabulary, catalog, read);
        asked.hints = hints::read(&sentence, self);
        asked.noun = sentence.noun().and_then(|noun| self.nouns.get(usize::from(noun)));
        asked.blank = is_blank(&sentence, read, &asked);
        asked
    }
}

/// Reads IDs of profiles: what is written out to the letter is meant to the letter.
fn pinned(text: &Text<'_>, catalog: &Catalog, read: &mut Reading) {
    let is_sign = |sign: char| !sign.is_alphanumeric();
    let words = text
        .source()
        .split_whitespace()
        .map(|word| word.trim_matches(is_sign))
        .filter(|word| word.contains('.'));
    for (model, id) in words.filter_map(|word| catalog.pinned(word)) {
        if read.constraints.models.contains(&model) {
            read.constraints.pinned.push((model, id));
        }
    }
}

/// Puts the models that are wished for into the constraints; the retired ids that are, where nothing else is.
fn wish(catalog: &Catalog, wanted: &names::Wanted, read: &mut Reading) -> Vec<u16> {
    if wanted.spans.is_empty() {
        return Vec::new();
    }
    let mut members: Members = wanted.members.clone();
    let constraints = &mut read.constraints;
    if members.models.is_empty() {
        return members.retired;
    }
    // "Claude or models from Amazon": a provider that is named beside models stands for all of its own.
    let others = constraints.providers;
    members
        .models
        .extend(catalog.indices().filter(|index| others.contains(catalog.model(*index).provider)));
    members.models.sort_unstable();
    members.models.dedup();
    constraints.providers = crate::task::ProviderSet::EMPTY;
    constraints.models = members.models;
    Vec::new()
}

/// Whether every word is read as a constraint, frequent in a language, or of no task. What is sent or made tells a task.
fn is_blank(sentence: &Sentence<'_, '_>, read: &Reading, asked: &Asked<'_>) -> bool {
    let read_from = |index: usize| {
        let word = sentence.text.span(index..index + 1);
        let constraints = read.found.iter().filter(|said| !said.field.ends_with("modalities"));
        constraints.into_iter().any(|said| said.span.start < word.end && word.start < said.span.end)
    };
    let is_digit =
        |index: usize| sentence.text.word(index).bytes().all(|byte| byte.is_ascii_digit());
    let blank = |index: usize| {
        let part = |found: &sentence::Hit| {
            matches!(found.meaning, Meaning::Part(_) | Meaning::Partition(_) | Meaning::Hint(_))
        };
        read_from(index) || is_digit(index) || sentence.covering(index).any(part)
    };
    asked.hints.iter().all(|hint| hint.about == About::Credits)
        && (0..sentence.text.len()).all(blank)
}

/// The text with blanks instead of the names.
fn masked<'s>(text: &Text<'_>, spans: impl Iterator<Item = &'s Range<usize>>) -> Option<String> {
    let mut spans = spans.peekable();
    spans.peek()?;
    let mut masked = text.source().to_owned();
    for span in spans {
        masked.replace_range(span.clone(), &" ".repeat(span.len()));
    }
    Some(masked)
}
