//! What a price or a volume is for: "a month", "/day", "por cada mil peticiones", "mensuales".

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::number::{ONE, Quantity, rounded};
use super::scan::Scan;
use super::vocabulary::{Manner, UnitRow};
use crate::task::Per;

/// A million, the number of tokens that prices are for.
const MILLION: u128 = 1_000_000;

/// A unit that something is counted or paid by.
#[derive(Clone, Debug)]
pub(super) struct Rate<'s> {
    /// Its row; `None` for tokens.
    pub unit: Option<&'s UnitRow>,
    /// For how many units: "per 1,000 requests". In 10⁻¹².
    count: u128,
    pub words: Range<usize>,
    /// The quantity that gave `count`.
    pub quantity: Option<usize>,
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
        let (times, months) = self.unit.map_or((MILLION, 1), |unit| (unit.a_month.unwrap_or(1).into(), unit.months.into()));
        let total = value.saturating_mul(times) / months;
        if self.count == ONE { total } else { total.saturating_mul(MILLION) / (self.count / MILLION).max(1) }
    }

    /// A number per this unit as one per month.
    pub(super) fn monthly(&self, value: u128) -> Option<u64> {
        self.is_time().then(|| rounded(self.apply(value)))
    }
}

/// The unit that begins within `reach` words from `start` on, in the same clause.
pub(super) fn rate_after<'s>(scan: &Scan<'s, '_>, quantities: &[Quantity], start: usize, reach: usize) -> Option<Rate<'s>> {
    scan.after(start, reach + 1).find_map(|index| rate_at(scan, quantities, index, Roles::EACH.or(Roles::ARTICLE)))
}

/// The unit that ends within `reach` words before `end`, in the same clause: "a monthly budget of", "al mes".
pub(super) fn rate_before<'s>(scan: &Scan<'s, '_>, quantities: &[Quantity], end: usize, reach: usize) -> Option<Rate<'s>> {
    let rate = |index| rate_at(scan, quantities, index, Roles::EACH).filter(|rate| rate.words.end <= end);
    scan.before(end, reach + 2).rev().find_map(rate)
}

/// The unit that begins at a word: with a word such as "per" or a slash before it, or an adverb.
pub(super) fn rate_at<'s>(scan: &Scan<'s, '_>, quantities: &[Quantity], index: usize, per: Roles) -> Option<Rate<'s>> {
    let hits = scan.at(index);
    let adverb = hits.iter().find_map(|hit| match hit.meaning {
        Meaning::Rate(unit) => Some(Rate { unit: Some(scan.unit(unit)), count: ONE, words: index..hit.end, quantity: None }),
        _ => None,
    });
    if adverb.is_some() {
        return adverb;
    }
    // "in an hour" is a time to wait, "50 in an hour" is rare.
    let waits = || scan.role_before(index, Roles::IN.or(Roles::WITHIN).or(Roles::AT_MOST).or(Roles::LINK)).is_some();
    let each = hits.iter().filter(|hit| hit.meaning.roles().meet(per));
    let each = each.filter(|hit| !hit.meaning.roles().meet(Roles::ARTICLE) || hit.meaning.roles().meet(Roles::EACH) || !waits());
    let slash = (scan.gap(index).trim() == "/").then_some(index);
    each.map(|hit| hit.end).chain(slash).find_map(|start| counted(scan, quantities, index, start))
}

/// "1,000 requests", "million tokens", "request": what follows "per".
fn counted<'s>(scan: &Scan<'s, '_>, quantities: &[Quantity], first: usize, start: usize) -> Option<Rate<'s>> {
    if scan.clause_ends(start) && start != first {
        return None;
    }
    let known = quantities.binary_search_by_key(&start, |quantity| quantity.first).ok();
    let (mut count, mut at) = known.map_or((ONE, start), |index| (quantities[index].value, quantities[index].end));
    while let Some((factor, end)) = scan.at(at).iter().find_map(|hit| match hit.meaning {
        Meaning::Multiplier(factor) => Some((factor, hit.end)),
        _ => None,
    }) {
        (count, at) = (count.saturating_mul(factor.into()), end);
    }
    let behind = || unit_at(scan, scan.role_at(at, Roles::INPUT.or(Roles::OUTPUT).or(Roles::OF))?);
    let (unit, end) = unit_at(scan, at).or_else(behind)?;
    Some(Rate { unit, count, words: first..end, quantity: known })
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
    let is_token = |meaning| matches!(meaning, Meaning::Size(size) if scan.size(size).manner == Manner::Exact);
    hits.iter().find(|hit| is_token(hit.meaning)).map(|hit| (None, hit.end))
}
