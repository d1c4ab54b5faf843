//! Budgets: "under $200 a month", "menos de 2 centavos por petición".

use std::ops::Range;

use super::amount::{Amount, amount_of, and_a_half};
use super::meaning::{Meaning, Roles};
use super::number::{ONE, Quantity};
use super::reader::Reader;
use super::scan::Scan;
use super::unit::{Rate, rate_after, rate_at, rate_before, rate_by_piece};
use crate::money::Usd;
use crate::task::{Budget, Per};

/// How far from an amount its unit may stand, in words.
const UNIT_REACH: usize = 4;

/// A trillion dollars: a larger budget is a slip, and too close to the largest amount there is.
const MOST: u128 = ONE * 1_000_000_000_000;

/// Reads every budget; the first one counts.
pub(super) fn read(reader: &mut Reader<'_, '_>, quantities: &mut [Quantity]) {
    for index in 0..quantities.len() {
        let quantity = quantities[index];
        if quantity.used {
            continue;
        }
        let Some(amount) = amount_of(&reader.scan, &quantity) else {
            quantities[index].used = refuse_bare(reader, &quantity);
            continue;
        };
        quantities[index].used = true;
        let rate = rate_of(&reader.scan, quantities, &amount);
        // "Per million tokens" is no size.
        let counted = rate.as_ref().map_or(0..0, |rate| within(quantities, &rate.words));
        quantities[counted].iter_mut().for_each(|counted| counted.used = true);
        let is_lower_end = quantities.get(index + 1).is_some_and(|next| is_range(reader, &amount, next));
        let uncounted = rate.as_ref().filter(|rate| rate.per().is_none());
        if is_lower_end {
            continue;
        }
        if let Some(rate) = uncounted {
            if is_budget(reader, &amount, None) {
                let said = reader.original(amount.words.start..rate.words.end.max(amount.words.end));
                reader.note(format!("no budget read from \"{said}\": name it per request, image, month or million tokens"));
            }
        } else if is_budget(reader, &amount, rate.as_ref()) {
            set(reader, &amount, rate.as_ref());
        }
    }
    single(reader, quantities);
}

/// The quantities that begin in the words.
fn within(quantities: &[Quantity], words: &Range<usize>) -> Range<usize> {
    let before = |end: usize| quantities.partition_point(|quantity| quantity.first < end);
    before(words.start)..before(words.end)
}

/// What the amount is for: a unit right behind it, one that follows, or one before it; else any piece that it is paid by.
fn rate_of<'s>(scan: &Scan<'s, '_>, quantities: &[Quantity], amount: &Amount) -> Option<Rate<'s>> {
    let (start, end) = (amount.words.start, amount.words.end);
    let small = amount.value < scan.limits().month_from.picos();
    rate_after(scan, quantities, end, 0)
        .or_else(|| rate_by_piece(scan, end, 0, small))
        .or_else(|| rate_after(scan, quantities, end, UNIT_REACH))
        .or_else(|| rate_at(scan, quantities, end, Roles::FILLER))
        .or_else(|| rate_before(scan, quantities, start, UNIT_REACH))
        .or_else(|| rate_by_piece(scan, end, UNIT_REACH, small))
}

/// "A budget of 300 a month" is no volume, and no budget either without a currency.
fn refuse_bare(reader: &mut Reader<'_, '_>, quantity: &Quantity) -> bool {
    let scan = &reader.scan;
    let mut first = quantity.first;
    while let Some(before) = scan.role_before(first, Roles::AT_MOST.or(Roles::OF)).filter(|before| *before < first) {
        first = before;
    }
    let is_budget = scan.role_before(first, Roles::BUDGET).is_some() || scan.role_before(quantity.first, Roles::BUDGET).is_some();
    let measured = scan.at(quantity.end).iter().any(|hit| matches!(hit.meaning, Meaning::Size(_)));
    if is_budget && !measured && quantity.value > ONE {
        let said = scan.text.original(quantity.first..quantity.end).to_owned();
        reader.note(format!("no budget read from \"{said}\": it names no currency"));
    }
    is_budget && !measured
}

/// "A cent per call", "un dólar al día": money without a number.
fn single(reader: &mut Reader<'_, '_>, quantities: &[Quantity]) {
    for index in 0..reader.scan.hits.len() {
        let hit = reader.scan.hits[index];
        let (currency, value) = match hit.meaning {
            Meaning::Currency(currency) => (currency, ONE),
            Meaning::Cents(currency) => (currency, ONE / 100),
            _ => continue,
        };
        let half = and_a_half(&reader.scan, hit.end);
        let article = reader.scan.role_before(hit.first, Roles::EACH.or(Roles::ARTICLE));
        let Some(first) = article.or(half.map(|_| hit.first)) else { continue };
        if quantities.iter().any(|quantity| quantity.first < hit.end && quantity.end > first) {
            continue;
        }
        let end = half.unwrap_or(hit.end);
        let amount = Amount { currency, value: value + half.map_or(0, |_| value / 2), words: first..end };
        let rate = rate_after(&reader.scan, &[], end, 1).or_else(|| rate_by_piece(&reader.scan, end, 0, true));
        let Some(rate) = rate else { continue };
        if is_budget(reader, &amount, Some(&rate)) {
            set(reader, &amount, Some(&rate));
        }
    }
}

/// "$100 to $200": of a range the upper end counts.
fn is_range(reader: &Reader<'_, '_>, amount: &Amount, next: &Quantity) -> bool {
    let joined = match next.first.checked_sub(amount.words.end) {
        Some(0) => reader.scan.gap(next.first).contains(['-', '–']),
        Some(1) => reader.scan.role_at(amount.words.end, Roles::INTO.or(Roles::OR)).is_some(),
        _ => false,
    };
    joined && amount_of(&reader.scan, next).is_some()
}

/// Whether the amount is what somebody wants to spend on this, and not a price or a turnover that is talked about.
fn is_budget(reader: &Reader<'_, '_>, amount: &Amount, rate: Option<&Rate<'_>>) -> bool {
    let scan = &reader.scan;
    let words = &amount.words;
    let clause = scan.clause(words.start);
    let wide =
        clause.start.max(words.start.saturating_sub(2 * scan.limits().clause_reach))..clause.end.min(words.end + UNIT_REACH + 2);
    if scan.has(wide, Roles::NOT_BUDGET) || is_in_brackets(scan, &clause) {
        return false;
    }
    let near = scan.before(words.start, scan.limits().clause_reach);
    let behind = scan.after(words.end, UNIT_REACH + 2);
    let budget = scan.has(near.clone(), Roles::BUDGET) || scan.has(behind.clone(), Roles::BUDGET);
    let at_most = scan.has(near.clone(), Roles::AT_MOST) || scan.has(behind, Roles::AT_MOST_AFTER);
    // "Three cents a tweet that we tag, no more": also behind the comma.
    let at_most =
        at_most || (clause.end <= words.end + 2 * UNIT_REACH && scan.role_at(clause.end, Roles::AT_MOST_AFTER).is_some());
    // "Max. $5": the point ends no sentence.
    let short =
        scan.gap(words.start).starts_with('.') && scan.ending(words.start).any(|hit| hit.meaning.roles().meet(Roles::AT_MOST));
    let at_most = at_most || short;
    let more_than = scan.role_before(words.start, Roles::MORE_THAN);
    let at_most = at_most || more_than.is_some_and(|more_than| scan.negated_before(more_than));
    if more_than.is_some() && !budget && !at_most {
        return false;
    }
    match rate {
        Some(rate) if rate.vague => budget || at_most,
        Some(rate) => rate.per().is_some() && (budget || at_most || !scan.is_long()),
        None => budget || (at_most && amount.value < scan.limits().month_from.picos() && !scan.is_long()),
    }
}

/// "The rent (about $1,200 per month)": what is in brackets is of what stands before them.
fn is_in_brackets(scan: &Scan<'_, '_>, clause: &Range<usize>) -> bool {
    let before = || scan.before(clause.start - 1, scan.limits().clause_reach).start..clause.start;
    clause.start > 0 && scan.gap(clause.start).contains('(') && scan.has(before(), Roles::NOT_BUDGET)
}

fn set(reader: &mut Reader<'_, '_>, amount: &Amount, rate: Option<&Rate<'_>>) {
    let words =
        rate.map_or(amount.words.clone(), |rate| amount.words.start.min(rate.words.start)..amount.words.end.max(rate.words.end));
    let said = reader.original(words.clone());
    let currency = reader.scan.vocabulary.currency(amount.currency);
    let Some(worth) = currency.usd else {
        return reader
            .note(format!("no budget read from \"{said}\": amounts in {} are not converted; name it in USD", currency.name));
    };
    let quantity = Quantity { value: amount.value, first: 0, end: 0, suffix: None, used: false };
    let (value, per) = match rate {
        Some(rate) => (rate.apply(quantity.times(worth)), rate.per().unwrap_or(Per::Month)),
        None => (quantity.times(worth), reader.assumed_per(quantity.times(worth), &said)),
    };
    if value > MOST {
        return reader.note(format!("\"{said}\" is more than any bill and is not read as a budget"));
    }
    let usd = Usd::from_picos(value);
    if let Some(first) = reader.reading.constraints.max_cost {
        if first != (Budget { usd, per }) {
            reader.note(format!("a second budget, \"{said}\", is not used"));
        }
        return;
    }
    if !currency.origin.is_empty() {
        let rate = format!("1 {} = {} USD", currency.name, worth.to_decimal());
        reader.note(format!("\"{said}\" is read as {usd}: {rate} ({})", currency.origin));
    }
    if let Some(because) = rate.map(Rate::because).filter(|because| !because.is_empty()) {
        reader.note(format!("\"{said}\" is brought to a month: {because}"));
    }
    reader.reading.constraints.max_cost = Some(Budget { usd, per });
    reader.said("max_cost", format!("{usd} per {per}"), words);
}

impl Reader<'_, '_> {
    /// What a budget without a unit is for.
    fn assumed_per(&mut self, value: u128, said: &str) -> Per {
        let per = if value >= self.scan.limits().month_from.picos() { Per::Month } else { Per::Request };
        self.note(format!("\"{said}\" names no unit and is read as a budget per {per}"));
        per
    }
}
