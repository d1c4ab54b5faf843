//! Regions and residency.

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::reader::Reader;
use super::scan::Scan;
use super::stay::never_abroad;
use super::vocabulary::Extent;
use super::way::{Named, Way, goes_on, is_general_question, own_clause, speaks_about, way};
use crate::task::{RegionSet, Residency};

/// Words between "any" and a place: "any of the Japanese Regions".
const ANY_REACH: usize = 4;

/// Places that data must stay in, as they were said together: "Germany or France".
struct Stay {
    codes: Vec<String>,
    regions: RegionSet,
    words: Range<usize>,
}

/// What was read of the name before.
struct Previous {
    way: Option<Way>,
    name: usize,
}

/// Reads every Region and the place that data must not leave.
pub(super) fn read(reader: &mut Reader<'_, '_>) {
    let names = names(&reader.scan);
    let mut stays: Vec<Stay> = Vec::new();
    let mut previous: Option<Previous> = None;
    let mut outer: Option<(Way, usize)> = None;
    let mut called: Vec<u16> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let scan = &reader.scan;
        if names.get(index + 1).is_some_and(|next| is_outer_name(scan, name, next)) {
            outer = way(scan, name);
            continue;
        }
        let outer = outer.take().map(|(way, _)| (way, name.words.start));
        let last = previous.as_ref().map(|previous| (&names[previous.name], previous.way));
        let inherited = last.and_then(|(last, way)| inherits(scan, last, name).then_some(way));
        let is_part =
            inherited.is_some() && last.is_some_and(|(last, _)| contains(scan, name, last) && last.extent == Extent::Region);
        if is_part {
            continue;
        }
        let own = way(scan, name);
        let own = own.filter(|(way, _)| *way != Way::Plain || !is_of_other_places(scan, &names, index));
        let joined = inherited.flatten().map(|way| (way, name.words.start));
        let joined = joined.filter(|(way, _)| *way != Way::Plain || !is_of_other_places(scan, &names, index));
        let found = own.or(joined).or(outer).or_else(|| own_clause(scan, name, is_listed(scan, &names, index, last)));
        let found = found.filter(|(way, first)| *way == Way::Stay || !is_barred(scan, *first));
        if let Some((way, first)) = found {
            called.push(name.place);
            apply(reader, &mut stays, name, way, first..name.words.end, own.is_none() && inherited.is_some());
        }
        previous = Some(Previous { way: found.map(|(way, _)| way), name: index });
    }
    home(reader, &mut stays, &called);
    law(reader, &mut stays);
    residency(reader, &stays);
    conflict(reader);
}

fn names(scan: &Scan<'_, '_>) -> Vec<Named> {
    let mut names: Vec<Named> = Vec::new();
    for hit in &scan.hits {
        let (place, certain, adjective) = match hit.meaning {
            Meaning::Place(place) => (place, false, false),
            Meaning::Code(place) => (place, true, false),
            Meaning::Adjective(place) => (place, false, true),
            _ => continue,
        };
        let extent = scan.place(place).extent;
        let name = Named { place, extent, certain, adjective, words: hit.first..hit.end };
        match names.last_mut() {
            Some(last) if last.words.end > hit.first => {
                // "The us-east-1 Region" names no country.
                if (last.adjective && !adjective) || (certain && !last.certain) {
                    *last = name;
                }
            }
            _ => names.push(name),
        }
    }
    names
}

/// Whether what was said of the last name goes for this one: "Frankfurt or Dublin", "Madrid, Spain".
fn inherits(scan: &Scan<'_, '_>, last: &Named, name: &Named) -> bool {
    let (end, first) = (last.words.end, name.words.start);
    if end == first {
        let listed = scan.gap(first).contains([',', '/', '(']) && last.extent == name.extent && goes_on(scan, name.words.end);
        return !name.adjective && (listed || contains(scan, name, last));
    }
    let or = scan.role_at(end, Roles::OR);
    let skipped = or.and_then(|or| scan.role_at(or, Roles::IN.or(Roles::FILLER)));
    !name.adjective && (or == Some(first) || skipped == Some(first))
}

/// Whether the name is the first half of a Region's name: "EE. UU. Este (Norte de Virginia)", "AWS Europa (España)".
fn is_outer_name(scan: &Scan<'_, '_>, name: &Named, next: &Named) -> bool {
    let larger =
        matches!((name.extent, next.extent), (Extent::Country | Extent::Area, Extent::Region) | (Extent::Area, Extent::Country));
    let near = next.words.start <= name.words.end + 1 && scan.gap(next.words.start).trim() == "(";
    larger && near && !name.adjective && !next.adjective && !name.certain
}

/// Whether a place is the country of the other.
fn contains(scan: &Scan<'_, '_>, outer: &Named, inner: &Named) -> bool {
    scan.place(inner.place).country == Some(outer.place)
}

/// Whether the name stands in a list of places that nothing is said of: "Rome, Paris and Tokyo".
fn is_listed(scan: &Scan<'_, '_>, names: &[Named], index: usize, last: Option<(&Named, Option<Way>)>) -> bool {
    let name = &names[index];
    let after_last = last.is_some_and(|(last, way)| {
        way.is_none() && last.words.end == name.words.start && scan.gap(name.words.start).contains(',')
    });
    let before_next = names.get(index + 1).is_some_and(|next| next.words.start == name.words.end && !contains(scan, next, name));
    after_last || before_next
}

/// "Used cars in Texas and Ohio": beside a place without a Region even a Region's name says only where something is.
fn is_of_other_places(scan: &Scan<'_, '_>, names: &[Named], index: usize) -> bool {
    let name = &names[index];
    let beside = |one: &Named, other: &Named| one.words.end < other.words.start && inherits(scan, one, other);
    let has_no_region = |other: &Named| other.extent == Extent::City || scan.place(other.place).callable.is_empty();
    let before = index.checked_sub(1).map(|at| &names[at]).filter(|before| beside(before, name));
    let after = names.get(index + 1).filter(|after| beside(name, after));
    before.into_iter().chain(after).any(has_no_region)
}

/// "not in Frankfurt", "anywhere but Ohio".
fn is_barred(scan: &Scan<'_, '_>, first: usize) -> bool {
    let bars = |hit: &super::scan::Hit| {
        let roles = hit.meaning.roles();
        // "Called out of Ohio".
        let bars = roles.meet(Roles::NEGATION.or(Roles::BAR)) && !roles.meet(Roles::WORK_FROM);
        bars && hit.end <= first && hit.end + 1 >= first
    };
    scan.within(scan.before(first, 4)).iter().any(bars)
}

fn apply(reader: &mut Reader<'_, '_>, stays: &mut Vec<Stay>, name: &Named, way: Way, words: Range<usize>, joined: bool) {
    let row = reader.scan.place(name.place);
    let plain_city = name.extent == Extent::City && way == Way::Plain;
    if way == Way::Stay || (row.residency && matches!(way, Way::Host | Way::Plain)) {
        return stay(reader, stays, name, words, joined);
    }
    if row.callable.is_empty() && !plain_city {
        return reader.note(format!("AWS has no Region with Bedrock in {}", row.name));
    }
    if !plain_city {
        let regions = meant(reader, name);
        let known = &mut reader.reading.constraints.regions;
        *known = known.or(regions);
        let value = if name.extent == Extent::Region { row.code.clone() } else { codes(&reader.scan, regions) };
        reader.said("regions", value, words);
    }
}

/// The Regions that a place stands for: of a country with a main one that, unless any of them will do.
fn meant(reader: &mut Reader<'_, '_>, name: &Named) -> RegionSet {
    let scan = &reader.scan;
    let row = scan.place(name.place);
    let any = || {
        let near = scan.before(name.words.start, ANY_REACH).start..scan.after(name.words.end, ANY_REACH).end;
        scan.has(near, Roles::ANY)
    };
    if row.main.is_empty() || any() {
        return row.callable;
    }
    let (main, others) = (row.main, codes(scan, row.callable.without(row.main)));
    reader.note(format!("\"{}\" is read as its main Region; it has {others} as well", row.name));
    main
}

fn codes(scan: &Scan<'_, '_>, regions: RegionSet) -> String {
    let code = |region: crate::task::Region| scan.place(u16::from(region.0)).code.as_str();
    regions.iter().map(code).collect::<Vec<_>>().join(",")
}

fn stay(reader: &mut Reader<'_, '_>, stays: &mut Vec<Stay>, name: &Named, words: Range<usize>, joined: bool) {
    let row = reader.scan.place(name.place);
    if name.extent == Extent::City {
        let note = format!("no Region is in {}: name a country or a Region for data to stay in", row.name);
        return reader.note(note);
    }
    let (code, regions) = (row.code.clone(), row.regions);
    match stays.last_mut().filter(|_| joined) {
        Some(last) => {
            last.codes.push(code);
            last.regions = last.regions.or(regions);
            last.words.end = words.end;
        }
        None => stays.push(Stay { codes: vec![code], regions, words }),
    }
}

/// "Hosted in Canada, and the data must not leave the country": the one country that is called.
fn home(reader: &mut Reader<'_, '_>, stays: &mut Vec<Stay>, called: &[u16]) {
    let scan = &reader.scan;
    let mut countries = called.iter().map(|place| match scan.place(*place).extent {
        Extent::Country => Some(*place),
        _ => scan.place(*place).country,
    });
    let first = countries.next().flatten();
    let Some(country) = first.filter(|first| countries.all(|other| other == Some(*first)) && stays.is_empty()) else { return };
    if let Some(words) = never_abroad(scan) {
        let row = scan.place(country);
        stays.push(Stay { codes: vec![row.code.clone()], regions: row.regions, words });
    }
}

/// A law counts where no place is named, and where it is not what the text is about: "GDPR applies", not "questions about GDPR".
fn law(reader: &mut Reader<'_, '_>, stays: &mut Vec<Stay>) {
    let scan = &reader.scan;
    let counts = |first: usize, end: usize| {
        let fits = scan.role_at(end, Roles::LAW_ADJECTIVE).is_some();
        let follows = fits || goes_on(scan, end) || scan.role_at(end, Roles::LAW_AFTER).is_some_and(|end| goes_on(scan, end));
        let read = scan.has(scan.before(first, 2), Roles::CONSUME.or(Roles::PRODUCE));
        follows
            && !read
            && !scan.is_long()
            && !is_general_question(scan)
            && !speaks_about(scan, first)
            && !scan.negated(first, end)
    };
    let found = scan.hits.iter().find_map(|hit| match hit.meaning {
        Meaning::Law(place) if counts(hit.first, hit.end) => Some((place, hit.first..hit.end)),
        _ => None,
    });
    if let Some((place, words)) = found.filter(|_| stays.is_empty()) {
        let row = reader.scan.place(place);
        let said = reader.scan.text.original(words.clone());
        reader.note(format!("\"{said}\" is read as: data stays in the {}", row.name));
        stays.push(Stay { codes: vec![row.code.clone()], regions: row.regions, words });
    }
}

/// The narrowest of what was said.
fn residency(reader: &mut Reader<'_, '_>, stays: &[Stay]) {
    let Some(first) = stays.first() else { return };
    let mut narrowest = first;
    for stay in &stays[1..] {
        if stay.regions.is_within(narrowest.regions) {
            narrowest = stay;
        } else if !narrowest.regions.is_within(stay.regions) {
            let (one, other) = (narrowest.codes.join(","), stay.codes.join(","));
            reader.note(format!("data cannot stay both in {one} and in {other}; {one} counts"));
        }
    }
    let name = narrowest.codes.join(",");
    reader.said("residency", name.clone(), narrowest.words.clone());
    reader.reading.constraints.residency = Some(Residency { name, regions: narrowest.regions });
}

/// A Region outside the place that data must stay in.
fn conflict(reader: &mut Reader<'_, '_>) {
    let constraints = &reader.reading.constraints;
    let Some(residency) = &constraints.residency else { return };
    let outside = constraints.regions.without(residency.regions);
    if !outside.is_empty() {
        let note = format!("{} is outside {}, where data must stay", codes(&reader.scan, outside), residency.name);
        reader.note(note);
    }
}
