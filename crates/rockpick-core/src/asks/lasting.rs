//! How long a model has to last, in words: "supported for at least a year", "not retired before 2028".

use jiff::civil::Date;

use super::sentence::Sentence;
use super::{Meaning, Part};
use crate::task::Lifetime;
use crate::words::{Reading, Said};

/// How many words may stand between what asks for it and the time.
const REACH: usize = 5;
/// How many words may stand between "not" and that.
const NEGATION_REACH: usize = 4;
/// The longest time, in months.
const LONGEST: u16 = 120;
/// The years that are meant by four digits.
const YEARS: std::ops::RangeInclusive<i16> = 2024..=2060;

/// Reads how long the model has to last; the last that is said counts.
pub(super) fn read(sentence: &Sentence<'_, '_>, read: &mut Reading) {
    let phrases = sentence.hits.iter().filter(|hit| hit.meaning == Meaning::Part(Part::Lasting));
    let negated = |first| sentence.negated(first, NEGATION_REACH);
    let mut found = phrases.filter(|hit| !negated(hit.first)).filter_map(|hit| {
        let behind = hit.end..sentence.text.len().min(hit.end + REACH);
        let (lifetime, end) = behind.into_iter().find_map(|index| time(sentence, index))?;
        Some((lifetime, hit.first..end))
    });
    let Some((lifetime, words)) = found.next_back() else { return };
    read.constraints.min_lifetime = Some(lifetime);
    read.found.push(Said {
        field: "min_lifetime",
        value: lifetime.to_string(),
        span: sentence.text.span(words),
    });
}

/// The time at a word, and where it ends: a number with its unit, or a year.
fn time(sentence: &Sentence<'_, '_>, index: usize) -> Option<(Lifetime, usize)> {
    let word = sentence.text.word(index);
    let in_words = sentence.hits.iter().find_map(|hit| match hit.meaning {
        Meaning::Number(number) if hit.first == index => Some((number, hit.end)),
        _ => None,
    });
    let (number, end) = in_words.or_else(|| Some((word.parse().ok()?, index + 1)))?;
    let months = [(Part::Year, 12), (Part::Month, 1)].into_iter().find_map(|(unit, months)| {
        let end = sentence.at(end, unit)?;
        Some((number.checked_mul(months).filter(|months| (1..=LONGEST).contains(months))?, end))
    });
    if let Some((months, end)) = months {
        return Some((Lifetime::For { months, days: 0 }, end));
    }
    let year = i16::try_from(number).ok().filter(|year| word.len() == 4 && YEARS.contains(year))?;
    Some((Lifetime::Until(Date::new(year, 1, 1).ok()?), end))
}
