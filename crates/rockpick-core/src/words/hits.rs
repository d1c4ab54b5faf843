//! The phrases of a text, each with what is left of its meaning beside the others, and the clauses.

use super::meaning::{Kind, Meaning, Roles};
use super::scan::{Hit, LONGEST_PHRASE};
use super::vocabulary::Vocabulary;
use crate::text::Text;

/// Signs that end a clause wherever they stand.
const ENDS: &str = ";!?()[]{}\n…—–|\"“”«»、。，；（）？！";

/// Parts that a word loses inside a longer phrase: "not" in "must not leave", "more than" in "no more than".
fn lost_inside() -> Roles {
    [Roles::NEGATION, Roles::AT_MOST, Roles::OR, Roles::BREAK]
        .into_iter()
        .fold(Roles::NONE, Roles::or)
}

pub(super) fn hits(vocabulary: &Vocabulary, text: &Text<'_>) -> Vec<Hit> {
    let found = vocabulary.phrases.find(text);
    let mut hits = Vec::with_capacity(found.len());
    let mut long: Vec<Hit> = Vec::new();
    for found in found {
        let words = found.first..found.first + found.length;
        let Some(meaning) = vocabulary.meaning(found.meaning, text, &words) else { continue };
        let hit = Hit { meaning, first: words.start, end: words.end };
        hits.push(hit);
        if found.length > 1 {
            long.push(hit);
        }
    }
    if !long.is_empty() {
        hits.retain_mut(|hit| keeps(hit, &long));
    }
    hits
}

/// Takes from a hit what a longer one around it means; whether anything is left.
fn keeps(hit: &mut Hit, long: &[Hit]) -> bool {
    let from = long.partition_point(|other| other.first + LONGEST_PHRASE < hit.first);
    let around = long[from..].iter().take_while(|other| other.first <= hit.first);
    for other in
        around.filter(|other| other.end >= hit.end && other.end - other.first > hit.end - hit.first)
    {
        match hit.meaning {
            // A provider's phrase may begin with the very word that bars it: "not llama".
            Meaning::Part(roles) if other.meaning.kind() != Kind::Provider => {
                hit.meaning = Meaning::Part(roles.without(lost_inside()));
            }
            Meaning::Part(_) => {}
            meaning if meaning.kind() == other.meaning.kind() => return false,
            // "Espacio Económico Europeo" wants nothing cheap.
            Meaning::Preference(_) | Meaning::WeakPreference(_)
                if other.meaning.kind() == Kind::Place =>
            {
                return false;
            }
            _ => {}
        }
    }
    hit.meaning != Meaning::Part(Roles::NONE)
}

/// The number of its clause for every word.
pub(super) fn clauses(text: &Text<'_>) -> Vec<u32> {
    let source = text.source();
    let (mut clause, mut end) = (0, 0);
    let number = |index: usize| {
        let span = text.span(index..index + 1);
        let gap = source.get(end..span.start).unwrap_or("");
        clause += u32::from(index > 0 && parts_clauses(gap, source.as_bytes().get(span.start)));
        end = span.end;
        clause
    };
    (0..text.len()).map(number).collect()
}

/// Whether the signs between two words end a clause. A point or comma between digits does not, nor does a hyphen or slash.
fn parts_clauses(gap: &str, next: Option<&u8>) -> bool {
    if gap == " " {
        return false;
    }
    let tight = gap.len() == 1;
    gap.contains(" - ")
        || gap.chars().any(|sign| match sign {
            ',' => !tight || !next.is_some_and(u8::is_ascii_digit),
            // "At most $.05"
            '.' => !(tight || (gap.ends_with('.') && next.is_some_and(u8::is_ascii_digit))),
            sign => ENDS.contains(sign),
        })
}
