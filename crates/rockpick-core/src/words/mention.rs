//! Mentions: what in a text looks like a constraint, with what it would mean. Whether it is one, `role` decides.

use std::ops::Range;

use super::amount::{Amount, amount_of};
use super::meaning::{Claim, Meaning, Roles, RouteWord};
use super::number::{ONE, Quantity, and_a_half, quantities};
use super::scan::{Hit, Scan};
use super::unit::{Rate, rate_after, rate_at, rate_before, rate_by_piece};
use super::vocabulary::{Extent, Shown, SizeRow};
use crate::task::{Feature, Latency, Modality, Preference, ProviderSet};

/// How far from an amount its unit may stand, in words.
const UNIT_REACH: usize = 4;
/// How far from a number its unit of time may stand, in words; the same before it.
const RATE_REACH: usize = 8;
const RATE_REACH_BEFORE: usize = 4;
/// How far a video may stand from its minutes, and what makes one from them, in words.
const VIDEO_REACH: usize = 3;
const MAKE_REACH: usize = 12;

/// Something that looks like a constraint.
#[derive(Clone, Debug)]
pub(super) struct Mention<'s> {
    pub words: Range<usize>,
    pub value: Value<'s>,
}

/// What a mention would mean.
#[derive(Clone, Debug)]
pub(super) enum Value<'s> {
    Place(Named),
    Money(Amount, Option<Rate<'s>>),
    Count(Count<'s>),
    /// Milliseconds.
    Wait(u64),
    Latency(Latency),
    Preference(Preference, Strength),
    Feature(Feature),
    Providers(ProviderSet),
    Route(RouteWord),
    Claim(Claim),
}

/// Whether words say little but the wish, or are ordinary words too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    Strong,
    Weak,
}

/// A place's name in the text.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub place: u16,
    pub extent: Extent,
    /// A Region's code, or its name as AWS writes it.
    pub certain: bool,
    pub adjective: bool,
}

/// A number with what it counts.
#[derive(Clone, Debug)]
pub(super) struct Count<'s> {
    pub quantity: Quantity,
    /// What it would be a volume by.
    pub rate: Option<Rate<'s>>,
    /// What it would be a size in.
    pub size: Option<&'s SizeRow>,
    /// What the same time of video has, where the size is that of a video.
    pub shown: Option<&'s Shown>,
}

/// Every mention of a text, by its place.
pub(super) fn mentions<'s>(scan: &Scan<'s, '_>) -> Vec<Mention<'s>> {
    let mut found = places(scan);
    numbers(scan, &mut found);
    for hit in &scan.hits {
        let value = match hit.meaning {
            Meaning::Latency(latency) => Value::Latency(latency),
            Meaning::Preference(preference) => Value::Preference(preference, Strength::Strong),
            Meaning::WeakPreference(preference) => Value::Preference(preference, Strength::Weak),
            Meaning::Feature(feature) => Value::Feature(feature),
            Meaning::Route(route) => Value::Route(route),
            Meaning::Claim(claim) => Value::Claim(claim),
            Meaning::Law(place) => Value::Claim(Claim::Law(place)),
            _ => continue,
        };
        found.push(Mention { words: hit.first..hit.end, value });
    }
    providers(scan, &mut found);
    names_only(&mut found);
    no_rates(&mut found);
    seconds_in_words(scan, &mut found);
    let strength = |value: &Value<'_>| {
        if let Value::Preference(_, strength) = value { *strength } else { Strength::Strong }
    };
    found.sort_by_key(|mention| (mention.words.start, mention.words.end, strength(&mention.value)));
    found.dedup_by(|one, other| one.words == other.words && one.value.is_same(&other.value));
    found
}

fn places<'s>(scan: &Scan<'_, '_>) -> Vec<Mention<'s>> {
    let mut names: Vec<(Range<usize>, Named)> = Vec::new();
    for hit in &scan.hits {
        let (place, certain, adjective) = match hit.meaning {
            Meaning::Place(place) => (place, false, false),
            Meaning::Code(place) => (place, true, false),
            Meaning::Adjective(place) => (place, false, true),
            _ => continue,
        };
        let name = Named { place, extent: scan.place(place).extent, certain, adjective };
        match names.last_mut() {
            Some((words, last)) if words.end > hit.first => {
                // "The us-east-1 Region" names no country.
                if (last.adjective && !adjective) || (certain && !last.certain) {
                    (*words, *last) = (hit.first..hit.end, name);
                }
            }
            _ => names.push((hit.first..hit.end, name)),
        }
    }
    names.into_iter().map(|(words, name)| Mention { words, value: Value::Place(name) }).collect()
}

/// Names of providers; one that follows itself ("Amazon Nova") is one name.
fn providers(scan: &Scan<'_, '_>, found: &mut Vec<Mention<'_>>) {
    let mut names: Vec<(Range<usize>, ProviderSet)> = Vec::new();
    for hit in &scan.hits {
        let providers = match hit.meaning {
            Meaning::Provider(provider) | Meaning::WeakProvider(provider) => {
                ProviderSet::only(provider)
            }
            Meaning::Origin(origin) => scan.vocabulary.origins[usize::from(origin)],
            _ => continue,
        };
        match names.last_mut() {
            Some((words, last))
                if words.end > hit.first || (*last == providers && words.end == hit.first) =>
            {
                words.end = words.end.max(hit.end);
            }
            _ => names.push((hit.first..hit.end, providers)),
        }
    }
    found.extend(
        names
            .into_iter()
            .map(|(words, providers)| Mention { words, value: Value::Providers(providers) }),
    );
}

/// Leaves out what is but part of a name: "Claude Instant", "Nova Multimodal Embeddings".
fn names_only(found: &mut Vec<Mention<'_>>) {
    let is_name = |mention: &&Mention<'_>| {
        matches!(mention.value, Value::Providers(_)) && mention.words.len() > 1
    };
    let names: Vec<Range<usize>> =
        found.iter().filter(is_name).map(|name| name.words.clone()).collect();
    let inside = |words: &Range<usize>| {
        names.iter().any(|name| name.start <= words.start && words.end <= name.end)
    };
    found.retain(|mention| match mention.value {
        Value::Feature(_) | Value::Preference(..) | Value::Latency(_) => !inside(&mention.words),
        _ => true,
    });
}

/// Leaves out times that a number or an amount is counted by: "300 a day" waits for nothing.
fn no_rates(found: &mut Vec<Mention<'_>>) {
    let rate = |mention: &Mention<'_>| match &mention.value {
        Value::Count(Count { rate: Some(rate), .. }) | Value::Money(_, Some(rate)) => {
            Some(rate.words.clone())
        }
        _ => None,
    };
    let rates: Vec<Range<usize>> = found.iter().filter_map(rate).collect();
    let inside = |words: &Range<usize>| {
        rates.iter().any(|rate| rate.start < words.end && words.start < rate.end)
    };
    found.retain(|mention| {
        !matches!(mention.value, Value::Latency(Latency::Batch)) || !inside(&mention.words)
    });
}

/// Amounts of money, waits, and what else is counted.
fn numbers<'s>(scan: &Scan<'s, '_>, found: &mut Vec<Mention<'s>>) {
    let mut quantities = quantities(scan);
    for index in 0..quantities.len() {
        let quantity = quantities[index];
        if quantity.used {
            continue;
        }
        let Some(amount) = amount_of(scan, &quantity) else { continue };
        quantities[index].used = true;
        let rate = rate_of(scan, &quantities, &amount);
        // "Per million tokens" is no size.
        if let Some(rate) = &rate {
            let inside = |other: &&mut Quantity| rate.words.contains(&other.first);
            quantities.iter_mut().filter(inside).for_each(|other| other.used = true);
        }
        let words = covering(&amount.words, rate.as_ref());
        found.push(Mention { words, value: Value::Money(amount, rate) });
    }
    coins(scan, &quantities, found);
    let mut last_rate: Option<Range<usize>> = None;
    for index in 0..quantities.len() {
        let quantity = quantities[index];
        if quantity.used || is_article(scan, &quantity) {
            continue;
        }
        if let Some((millis, end)) = millis(scan, &quantity) {
            found.push(Mention { words: quantity.first..end, value: Value::Wait(millis) });
            continue;
        }
        let size = size_of(scan, &quantity);
        let rate = volume_rate(scan, &quantities, &quantity, size.as_ref().map(|(_, end)| *end));
        let rate = rate.filter(|_| !is_label(scan, &quantity));
        // "5,000 reports of 30 pages a month": the rate is that of the reports.
        let taken = |rate: &Rate<'_>| size.is_some() && last_rate.as_ref() == Some(&rate.words);
        let rate = rate.filter(|rate| !taken(rate));
        last_rate = rate.as_ref().map(|rate| rate.words.clone()).or(last_rate);
        let end = size.as_ref().map_or(quantity.end, |(_, end)| *end);
        let near = rate
            .as_ref()
            .filter(|rate| rate.words.start <= end + 2 && rate.words.end + 2 >= quantity.first);
        let words = covering(&(quantity.first..end), near);
        let size = size.map(|(row, _)| row);
        let shown = size
            .and_then(|row| row.shown.as_ref())
            .filter(|_| is_shown(scan, &(quantity.first..end)));
        found.push(Mention { words, value: Value::Count(Count { quantity, rate, size, shown }) });
    }
}

fn covering(words: &Range<usize>, rate: Option<&Rate<'_>>) -> Range<usize> {
    rate.map_or(words.clone(), |rate| {
        words.start.min(rate.words.start)..words.end.max(rate.words.end)
    })
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

/// "A cent per call", "un dólar al día": money without a number.
fn coins<'s>(scan: &Scan<'s, '_>, quantities: &[Quantity], found: &mut Vec<Mention<'s>>) {
    for hit in &scan.hits {
        let (currency, value) = match hit.meaning {
            Meaning::Currency(currency) => (currency, ONE),
            Meaning::Cents(currency) => (currency, ONE / 100),
            _ => continue,
        };
        let half = and_a_half(scan, hit.end);
        let article = scan.role_before(hit.first, Roles::EACH.or(Roles::ARTICLE));
        let Some(first) = article.or(half.map(|_| hit.first)) else { continue };
        let taken =
            |mention: &Mention<'_>| mention.words.start < hit.end && mention.words.end > first;
        if quantities.iter().any(|quantity| quantity.first < hit.end && quantity.end > first)
            || found.iter().any(taken)
        {
            continue;
        }
        let end = half.unwrap_or(hit.end);
        let amount =
            Amount { currency, value: value + half.map_or(0, |_| value / 2), words: first..end };
        let rate = rate_after(scan, &[], end, 1).or_else(|| rate_by_piece(scan, end, 0, true));
        if let Some(rate) = rate {
            found.push(Mention {
                words: covering(&amount.words, Some(&rate)),
                value: Value::Money(amount, Some(rate)),
            });
        }
    }
}

/// "REQ-5512", "#4410": the number of a ticket counts nothing.
fn is_label(scan: &Scan<'_, '_>, quantity: &Quantity) -> bool {
    let gap = scan.gap(quantity.first);
    let last = quantity.first.checked_sub(1).map_or("", |last| scan.text.word(last));
    gap.ends_with(['#', '№']) || (gap == "-" && last.ends_with(char::is_alphabetic))
}

/// "A", "un", "eine": an article more often than a number.
fn is_article(scan: &Scan<'_, '_>, quantity: &Quantity) -> bool {
    quantity.value <= ONE && scan.role_at(quantity.first, Roles::ARTICLE).is_some()
}

/// The seconds of a time, and where its unit ends.
fn millis(scan: &Scan<'_, '_>, quantity: &Quantity) -> Option<(u64, usize)> {
    let suffixed =
        |roles| quantity.suffix.filter(|suffix| suffix.roles().meet(roles)).map(|_| quantity.end);
    // "200/s" is a rate.
    let apart = scan.clause_ends(quantity.end) || scan.slash_before(quantity.end);
    let behind = |roles| scan.role_at(quantity.end, roles).filter(|_| !apart);
    let unit = |roles| suffixed(roles).or_else(|| behind(roles));
    let times = |factor: u128| {
        u64::try_from(quantity.value.saturating_mul(factor) / ONE).unwrap_or(u64::MAX)
    };
    let short = unit(Roles::MILLISECONDS).map(|end| (times(1), end));
    short.or_else(|| unit(Roles::SECONDS).map(|end| (times(1_000), end)))
}

/// "In a second", "un segundo": a second without a number.
fn seconds_in_words(scan: &Scan<'_, '_>, found: &mut Vec<Mention<'_>>) {
    // A single letter is no word: "S/ 1.500".
    let in_words = |hit: &&Hit| {
        hit.meaning.roles().meet(Roles::SECONDS) && scan.text.word(hit.first).len() > 1
    };
    for hit in scan.hits.iter().filter(in_words) {
        let Some(first) = scan.role_before(hit.first, Roles::ARTICLE) else { continue };
        if !found.iter().any(|mention| mention.words.start < hit.end && first < mention.words.end) {
            found.push(Mention { words: first..hit.end, value: Value::Wait(1_000) });
        }
    }
}

/// The size behind the number, with at most one word between: "500 output tokens".
fn size_of<'s>(scan: &Scan<'s, '_>, quantity: &Quantity) -> Option<(&'s SizeRow, usize)> {
    if let Some(Meaning::Size(size)) = quantity.suffix {
        return Some((scan.size(size), quantity.end));
    }
    let at = |index: usize| {
        let sizes = scan.at(index).iter().filter_map(|hit| match hit.meaning {
            Meaning::Size(size) => Some((size, hit.end)),
            _ => None,
        });
        let (size, end) = sizes.max_by_key(|(_, end)| *end).filter(|_| !scan.clause_ends(index))?;
        Some((scan.size(size), end))
    };
    let between = Roles::INPUT.or(Roles::OUTPUT).or(Roles::OF);
    let next = || {
        scan.role_at(quantity.end, between).filter(|_| !scan.clause_ends(quantity.end)).and_then(at)
    };
    at(quantity.end).or_else(next)
}

/// Whether minutes or hours are those of a video that is looked at, not made.
fn is_shown(scan: &Scan<'_, '_>, words: &Range<usize>) -> bool {
    let video = |meaning| {
        matches!(meaning, Meaning::Depicted(Modality::Video) | Meaning::Taken(Modality::Video))
    };
    let near = [scan.before(words.start, VIDEO_REACH), scan.after(words.end, VIDEO_REACH)];
    let mut hits = near.into_iter().flat_map(|words| scan.within(words));
    hits.any(|hit| video(hit.meaning))
        && !scan.has(scan.before(words.start, MAKE_REACH), Roles::MAKE)
}

/// The unit of time that a number may be counted by.
fn volume_rate<'s>(
    scan: &Scan<'s, '_>,
    quantities: &[Quantity],
    quantity: &Quantity,
    size_end: Option<usize>,
) -> Option<Rate<'s>> {
    // "3-page letters a month": the hyphen makes the size say what the letters are like.
    if size_end.is_some() && scan.gap(quantity.end) == "-" {
        return None;
    }
    let mut index = size_end.unwrap_or(quantity.end);
    let end = scan.after(index, RATE_REACH).end;
    let mut after = None;
    while index < end && after.is_none() {
        after =
            rate_at(scan, quantities, index, Roles::EACH.or(Roles::ARTICLE)).filter(Rate::is_time);
        index = match quantities.binary_search_by_key(&index, |other| other.first) {
            // "40k 300-page contracts a month": what lies between is a size.
            Ok(other) => size_of(scan, &quantities[other]).map_or(end, |(_, end)| end),
            Err(_) => index + 1,
        };
    }
    after.or_else(|| rate_ahead(scan, quantities, quantity, size_end.is_some()))
}

/// The unit of time before a number: "cada mes llegan 500 facturas"; but not in "annual reports of 400 pages".
fn rate_ahead<'s>(
    scan: &Scan<'s, '_>,
    quantities: &[Quantity],
    quantity: &Quantity,
    is_size: bool,
) -> Option<Rate<'s>> {
    let rate =
        rate_before(scan, quantities, quantity.first, RATE_REACH_BEFORE).filter(Rate::is_time)?;
    let is_adverb =
        scan.at(rate.words.start).iter().any(|hit| matches!(hit.meaning, Meaning::Rate(_)));
    let around = scan.before(rate.words.start, RATE_REACH_BEFORE).start..quantity.first;
    // "Weekly: 3,000 messages"
    let beside = rate.words.end == quantity.first;
    (scan.has(around, Roles::VOLUME) || ((!is_adverb || beside) && !is_size)).then_some(rate)
}
