//! What a price or a volume is for: "a month", "/day", "por cada mil peticiones", "mensuales".

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::number::{ONE, Quantity, rounded};
use super::scan::Scan;
use super::vocabulary::{Manner, UnitRow};
use crate::task::{Modality, Per};

/// A million, the number of tokens that prices are for.
const MILLION: u128 = 1_000_000;

/// From so many on anything may be paid by that number: "per thousand parcels".
const MANY: u128 = 100 * ONE;

/// A unit that something is counted or paid by.
#[derive(Clone, Debug)]
pub(super) struct Rate<'s> {
    /// Its row; `None` for tokens.
    pub unit: Option<&'s UnitRow>,
    /// For how many units: "per 1,000 requests". In 10⁻¹².
    count: u128,
    pub words: Range<usize>,
}

impl Rate<'_> {
    /// The budget that a price for it makes; `None` when none is counted so.
    pub(super) fn per(&self) -> Option<Per> {
        self.unit.map_or(Some(Per::MillionTokens), |unit| unit.per)
    }

    /// Why it is brought to a month as it is; empty when there is nothing to say.
    pub(super) fn because(&self) -> &str {
        self.unit.map_or("", |unit| &unit.because)
    }

    /// Whether it is a unit of time.
    pub(super) fn is_time(&self) -> bool {
        self.unit.is_some_and(|unit| unit.a_month.is_some())
    }

    /// An amount for this unit as one for its budget.
    pub(super) fn apply(&self, value: u128) -> u128 {
        let (times, months) = self
            .unit
            .map_or((MILLION, 1), |unit| (unit.a_month.unwrap_or(1).into(), unit.months.into()));
        let total = value.saturating_mul(times) / months;
        if self.count == ONE {
            total
        } else {
            total.saturating_mul(MILLION) / (self.count / MILLION).max(1)
        }
    }

    /// A number per this unit as one per month.
    pub(super) fn monthly(&self, value: u128) -> Option<u64> {
        self.is_time().then(|| rounded(self.apply(value)))
    }
}

/// The unit that begins within `reach` words from `start` on, in the same clause.
pub(super) fn rate_after<'s>(
    scan: &Scan<'s, '_>,
    quantities: &[Quantity],
    start: usize,
    reach: usize,
) -> Option<Rate<'s>> {
    scan.after(start, reach + 1)
        .find_map(|index| rate_at(scan, quantities, index, Roles::EACH.or(Roles::ARTICLE)))
}

/// What is paid by the piece right behind an amount or shortly after, whatever it is called: "per lease", "a thread", "apiece".
/// Of a small amount an article says enough; of a large one it may be a price of anything.
pub(super) fn rate_by_piece<'s>(
    scan: &Scan<'s, '_>,
    start: usize,
    reach: usize,
    small: bool,
) -> Option<Rate<'s>> {
    let request = scan.vocabulary.unit_for(Per::Request)?;
    let rate = |unit: &'s UnitRow, words| Rate { unit: Some(unit), count: ONE, words };
    scan.after(start, reach + 1).find_map(|index| {
        if let Some(end) = scan.role_at(index, Roles::APIECE) {
            return Some(rate(pictures_before(scan, start).unwrap_or(request), index..end));
        }
        let each = if index == start && small {
            Roles::EACH_ONE.or(Roles::ARTICLE)
        } else {
            Roles::EACH_ONE
        };
        let slash = scan.slash_before(index).then_some(index);
        let noun = scan.role_at(index, each).filter(|noun| !scan.clause_ends(*noun)).or(slash)?;
        is_piece(scan, noun).then(|| rate(request, index..noun + 1))
    })
}

/// A word that is no time, no measure and nobody.
fn is_piece(scan: &Scan<'_, '_>, index: usize) -> bool {
    let letters =
        scan.text.word(index).chars().all(char::is_alphabetic) && scan.text.word(index).len() > 1;
    let other = |meaning: Meaning| match meaning {
        Meaning::Unit(_)
        | Meaning::Rate(_)
        | Meaning::Number(_)
        | Meaning::Currency(_)
        | Meaning::Cents(_)
        | Meaning::Multiplier(_) => true,
        Meaning::Size(size) => scan.size(size).manner != Manner::Counted,
        meaning => meaning.roles().meet(Roles::NOT_REQUESTS.or(Roles::NEGATION)),
    };
    letters && !scan.at(index).iter().any(|hit| other(hit.meaning))
}

/// The unit of pictures, where what is counted last before the amount is a picture: "banners, 5 cents each".
fn pictures_before<'s>(scan: &Scan<'s, '_>, end: usize) -> Option<&'s UnitRow> {
    let known = scan.within(0..end).iter().rev().find_map(|hit| match hit.meaning {
        Meaning::Depicted(Modality::Image) => Some(true),
        Meaning::Unit(unit) => match scan.unit(unit).per {
            Some(Per::Image) => Some(true),
            Some(Per::Request) => Some(false),
            _ => None,
        },
        _ => None,
    });
    scan.vocabulary.unit_for(Per::Image).filter(|_| known == Some(true))
}

/// The unit that ends within `reach` words before `end`, in the same clause: "a monthly budget of", "al mes".
pub(super) fn rate_before<'s>(
    scan: &Scan<'s, '_>,
    quantities: &[Quantity],
    end: usize,
    reach: usize,
) -> Option<Rate<'s>> {
    let rate =
        |index| rate_at(scan, quantities, index, Roles::EACH).filter(|rate| rate.words.end <= end);
    scan.before(end, reach + 2).rev().find_map(rate)
}

/// The unit that begins at a word: with a word such as "per" or a slash before it, or an adverb.
pub(super) fn rate_at<'s>(
    scan: &Scan<'s, '_>,
    quantities: &[Quantity],
    index: usize,
    per: Roles,
) -> Option<Rate<'s>> {
    let hits = scan.at(index);
    let adverb = hits.iter().find_map(|hit| match hit.meaning {
        Meaning::Rate(unit) => {
            Some(Rate { unit: Some(scan.unit(unit)), count: ONE, words: index..hit.end })
        }
        _ => None,
    });
    if adverb.is_some() {
        return adverb;
    }
    // "in an hour" is a time to wait, "50 in an hour" is rare.
    let waits = || {
        scan.role_before(index, Roles::IN.or(Roles::WITHIN).or(Roles::AT_MOST).or(Roles::LINK))
            .is_some()
    };
    let each = hits.iter().filter(|hit| hit.meaning.roles().meet(per));
    let each = each.filter(|hit| {
        !hit.meaning.roles().meet(Roles::ARTICLE)
            || hit.meaning.roles().meet(Roles::EACH)
            || !waits()
    });
    let slash = scan.slash_before(index).then_some(index);
    each.map(|hit| hit.end).chain(slash).find_map(|start| counted(scan, quantities, index, start))
}

/// "1,000 requests", "million tokens", "request": what follows "per".
fn counted<'s>(
    scan: &Scan<'s, '_>,
    quantities: &[Quantity],
    first: usize,
    start: usize,
) -> Option<Rate<'s>> {
    if scan.clause_ends(start) && start != first {
        return None;
    }
    // "Every 24 hours" is a day.
    let known = quantities
        .binary_search_by_key(&start, |quantity| quantity.first)
        .ok()
        .filter(|_| unit_at(scan, start).is_none());
    let (mut count, mut at) =
        known.map_or((ONE, start), |index| (quantities[index].value, quantities[index].end));
    while let Some((factor, end)) = scan.at(at).iter().find_map(|hit| match hit.meaning {
        Meaning::Multiplier(factor) => Some((factor, hit.end)),
        _ => None,
    }) {
        (count, at) = (count.saturating_mul(factor.into()), end);
    }
    let behind = || unit_at(scan, scan.role_at(at, Roles::INPUT.or(Roles::OUTPUT).or(Roles::OF))?);
    // "Per thousand parcels", "por cada 1.000".
    let piece = || {
        let request = scan
            .vocabulary
            .unit_for(Per::Request)
            .filter(|_| (MANY..MILLION * ONE).contains(&count))?;
        if scan.clause_ends(at) {
            Some((Some(request), at))
        } else {
            is_piece(scan, at).then_some((Some(request), at + 1))
        }
    };
    let (unit, end) = unit_at(scan, at).or_else(behind).or_else(piece)?;
    Some(Rate { unit, count, words: first..end })
}

/// The unit at a word, and where it ends; tokens have no row.
fn unit_at<'s>(scan: &Scan<'s, '_>, at: usize) -> Option<(Option<&'s UnitRow>, usize)> {
    let hits = scan.at(at);
    let units = hits.iter().filter_map(|hit| match hit.meaning {
        Meaning::Unit(unit) => Some((unit, hit.end)),
        _ => None,
    });
    if let Some((unit, end)) = units.max_by_key(|(_, end)| *end) {
        return Some((Some(scan.unit(unit)), end));
    }
    let is_token =
        |meaning| matches!(meaning, Meaning::Size(size) if scan.size(size).manner == Manner::Exact);
    hits.iter().find(|hit| is_token(hit.meaning)).map(|hit| (None, hit.end))
}
