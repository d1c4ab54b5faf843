//! Volumes: "40k support tickets a month", "30 documentos diarios".

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::number::{ONE, Quantity};
use super::reader::Reader;
use super::scan::Scan;
use super::unit::{Rate, rate_at, rate_before};
use super::vocabulary::Manner;

/// How far from a number its unit of time may stand, in words.
const REACH: usize = 8;
/// The same for a unit before the number.
const REACH_BEFORE: usize = 4;

/// From how many on "times" are those of requests, whatever is done.
const MANY_TIMES: u128 = 1_000;
/// The same where something is called or run.
const SOME_TIMES: u128 = 100;

/// Numbers that are rather a year than a count.
const YEARS: std::ops::RangeInclusive<u16> = 2001..=2049;

/// Reads the volume; the first one counts.
pub(super) fn read(reader: &mut Reader<'_, '_>, quantities: &mut [Quantity]) {
    let mut taken: Option<Range<usize>> = None;
    for index in 0..quantities.len() {
        let quantity = quantities[index];
        if quantity.used
            || quantity.value < ONE
            || reader.scan.is_long()
            || is_article(reader, &quantity)
            || is_time(reader, &quantity)
            || is_year(reader, &quantity)
        {
            continue;
        }
        if is_attribute(reader, &quantity) {
            continue;
        }
        let Some(rate) = after(reader, quantities, &quantity).or_else(|| before(reader, quantities, &quantity)) else { continue };
        // "5,000 reports of 30 pages a month": the rate is that of the reports.
        if taken.as_ref() == Some(&rate.words) && size_end(reader, &quantity).is_some() {
            continue;
        }
        taken = Some(rate.words.clone());
        let words = rate.words.start.min(quantity.first)..rate.words.end.max(quantity.end);
        let Some(count) = rate.monthly(quantity.value).filter(|count| *count > 0) else { continue };
        quantities[index].used = true;
        if !is_of_requests(reader, &quantity, &rate, &words) {
            continue;
        }
        set(reader, count, &rate, words);
    }
}

/// "400-page annual reports": the hyphen makes the size say what things are like, not how many there are.
fn is_attribute(reader: &Reader<'_, '_>, quantity: &Quantity) -> bool {
    reader.scan.gap(quantity.end) == "-" && size_end(reader, quantity).is_some()
}

/// "Un presupuesto mensual", "one daily report": rather an article than a number.
fn is_article(reader: &Reader<'_, '_>, quantity: &Quantity) -> bool {
    let spelled = reader.scan.at(quantity.first).iter().any(|hit| matches!(hit.meaning, Meaning::Number(_)));
    spelled && quantity.value == ONE
}

/// "The 2026 annual report": four digits without a sign that are a year of our time, before an adverb of time.
fn is_year(reader: &Reader<'_, '_>, quantity: &Quantity) -> bool {
    let written = reader.scan.text.word(quantity.first);
    let year = written.len() == 4 && written.parse().is_ok_and(|year: u16| YEARS.contains(&year));
    let adverb = reader.scan.at(quantity.end).iter().any(|hit| matches!(hit.meaning, Meaning::Rate(_)));
    year && quantity.end == quantity.first + 1 && adverb
}

/// "Three weeks", "18 %": no count of anything.
fn is_time(reader: &Reader<'_, '_>, quantity: &Quantity) -> bool {
    let scan = &reader.scan;
    let time = |meaning| matches!(meaning, Meaning::Unit(unit) if scan.unit(unit).a_month.is_some());
    let percent = scan.gap(quantity.end).trim_start().starts_with('%');
    // "350/day" is a rate.
    let counted = scan.clause_ends(quantity.end) || scan.slash_before(quantity.end);
    percent || (!counted && scan.at(quantity.end).iter().any(|hit| time(hit.meaning)))
}

fn set(reader: &mut Reader<'_, '_>, count: u64, rate: &Rate<'_>, words: Range<usize>) {
    let said = reader.scan.text.original(words.clone()).to_owned();
    if let Some(first) = reader.reading.constraints.per_month {
        if first != count {
            reader.note(format!("a second volume, \"{said}\", is not used"));
        }
        return;
    }
    if !rate.because().is_empty() {
        reader.note(format!("\"{said}\" is {count} a month: {}", rate.because()));
    }
    reader.reading.constraints.per_month = Some(count);
    reader.said("per_month", count.to_string(), words);
}

/// The unit of time after the number, over the noun that is counted and over sizes: "40k 300-page contracts a month".
fn after<'s>(reader: &Reader<'s, '_>, quantities: &[Quantity], quantity: &Quantity) -> Option<Rate<'s>> {
    let scan = &reader.scan;
    let mut index = match size_end(reader, quantity) {
        // "3-page letters a month" are three pages, "10,000 pages a month" are many.
        Some(size) => Some(size).filter(|size| {
            rate_at(scan, quantities, *size, Roles::EACH.or(Roles::ARTICLE)).is_some() || scan.role_at(*size, Roles::OF).is_some()
        })?,
        None => quantity.end,
    };
    let end = scan.after(quantity.end, REACH).end;
    while index < end {
        if let Some(rate) = rate_at(scan, quantities, index, Roles::EACH.or(Roles::ARTICLE)).filter(Rate::is_time) {
            return Some(rate);
        }
        match quantities.binary_search_by_key(&index, |other| other.first) {
            Ok(other) if size_end(reader, &quantities[other]).is_some() => index = quantities[other].end,
            Ok(_) => return None,
            Err(_) if scan.gap(index + 1).contains([':', '/']) && !scan.gap(index + 1).starts_with('/') => return None,
            Err(_) => index += 1,
        }
    }
    None
}

/// "Cada mes llegan 500 facturas", "a monthly volume of 40k".
fn before<'s>(reader: &Reader<'s, '_>, quantities: &[Quantity], quantity: &Quantity) -> Option<Rate<'s>> {
    let scan = &reader.scan;
    let rate = rate_before(scan, quantities, quantity.first, REACH_BEFORE);
    let rate = rate.or_else(|| ahead(scan, quantities, quantity.first)).filter(Rate::is_time)?;
    let adverb = scan.at(rate.words.start).iter().any(|hit| matches!(hit.meaning, Meaning::Rate(_)));
    let volume = scan.has(scan.before(rate.words.start, REACH_BEFORE).start..quantity.first, Roles::VOLUME);
    let linked = scan.role_before(quantity.first, Roles::LINK).is_some() && scan.role_before(quantity.first, Roles::IN).is_none();
    (volume || (!adverb && !linked && size_end(reader, quantity).is_none())).then_some(rate)
}

/// "Each month, 500 invoices": a clause that is nothing but the unit, before a comma.
fn ahead<'s>(scan: &Scan<'s, '_>, quantities: &[Quantity], first: usize) -> Option<Rate<'s>> {
    let start = scan.role_before(first, Roles::OF).unwrap_or(first);
    let clause = scan.clause(start.checked_sub(1)?);
    let whole = clause.end == start && clause.len() <= REACH_BEFORE && scan.gap(start).trim() == ",";
    rate_at(scan, quantities, clause.start, Roles::EACH).filter(|rate| whole && rate.words.end == start)
}

/// Where the size behind the number ends, when there is one.
fn size_end(reader: &Reader<'_, '_>, quantity: &Quantity) -> Option<usize> {
    if matches!(quantity.suffix, Some(Meaning::Size(_))) {
        return Some(quantity.end);
    }
    reader.scan.at(quantity.end).iter().filter(|hit| matches!(hit.meaning, Meaning::Size(_))).map(|hit| hit.end).max()
}

/// Whether what is counted is something that makes a request each.
fn is_of_requests(reader: &mut Reader<'_, '_>, quantity: &Quantity, rate: &Rate<'_>, words: &Range<usize>) -> bool {
    let scan = &reader.scan;
    let noun = quantity.end..scan.after(quantity.end, REACH).end.min(if rate.words.start > quantity.first {
        rate.words.start
    } else {
        usize::MAX
    });
    let size = scan.at(quantity.end).iter().find_map(|hit| match hit.meaning {
        Meaning::Size(size) => Some(scan.size(size)),
        _ => None,
    });
    let busy = rate.unit.is_some_and(|unit| unit.busy);
    let counted = size.is_none_or(|size| size.manner == Manner::Counted && scan.gap(quantity.end) != "-");
    // "Invoked 700 times a month"; nobody is reminded of something thousands of times.
    let called = quantity.value >= SOME_TIMES * ONE && scan.has(0..quantity.first, Roles::HOST);
    let many = (called || quantity.value >= MANY_TIMES * ONE) && scan.role_at(quantity.end, Roles::TIMES).is_some();
    let requests = many
        || scan.has(noun.clone(), Roles::REQUESTS)
        || (busy && scan.at(rate.words.start).iter().any(|hit| matches!(hit.meaning, Meaning::Rate(_))));
    if counted && (requests || (!busy && !scan.has(noun, Roles::NOT_REQUESTS))) {
        return true;
    }
    let said = scan.text.original(words.clone()).to_owned();
    reader.note(format!("\"{said}\" is not taken for a number of requests"));
    false
}
