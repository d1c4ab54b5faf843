//! Regions and residency.

use std::ops::Range;

use super::demand::{Judged, law};
use super::meaning::Roles;
use super::mention::{Named, Value};
use super::reader::Reader;
use super::role::Role;
use super::scan::Scan;
use super::vocabulary::{Extent, PlaceRow};
use crate::task::{Region, RegionSet, Residency};

/// Words between "any" and a place: "any of the Japanese Regions".
const ANY_REACH: usize = 4;

/// Places that data must stay in, as they were said together: "Germany or France".
struct Stay {
    codes: Vec<String>,
    regions: RegionSet,
    words: Range<usize>,
}

/// Sets every Region and the place that data must not leave.
pub(super) fn apply(reader: &mut Reader<'_, '_, '_>, judged: &[Judged<'_, '_>]) {
    let mut stays: Vec<Stay> = Vec::new();
    let mut last_stays = false;
    for one in judged {
        let Value::Place(name) = &one.mention.value else { continue };
        let words = one.mention.words.clone();
        let row = reader.scan.place(name.place);
        let stays_there = one.role == Role::Stay || (one.role == Role::Call && row.residency);
        if stays_there {
            stay(reader, &mut stays, name, words, one.joined && last_stays);
        } else if one.role == Role::Call && !is_around(reader.scan, name, judged) {
            call(reader, name, words);
        }
        last_stays = stays_there;
    }
    if let Some((place, words)) = judged
        .iter()
        .find_map(|one| Some((law(one)?, one.mention.words.clone())))
        .filter(|_| stays.is_empty())
    {
        let row = reader.scan.place(place);
        let said = reader.scan.text.original(words.clone());
        reader.note(format!("\"{said}\" is read as: data stays in the {}", row.name));
        stays.push(Stay { codes: vec![row.code.clone()], regions: row.regions, words });
    }
    residency(reader, &stays);
}

/// Whether a Region inside the place is called as well: "US East (Ohio)", "Madrid, Spain".
fn is_around(scan: &Scan<'_, '_>, name: &Named, judged: &[Judged<'_, '_>]) -> bool {
    let outer = scan.place(name.place);
    let inside = |inner: &PlaceRow| {
        !inner.callable.is_empty()
            && inner.callable != outer.callable
            && inner.callable.is_within(outer.callable)
    };
    let called = judged.iter().filter(|one| matches!(one.role, Role::Call | Role::Stay));
    matches!(name.extent, Extent::Country | Extent::Area)
        && called
            .filter_map(
                |one| if let Value::Place(name) = &one.mention.value { Some(name) } else { None },
            )
            .any(|other| {
                matches!(other.extent, Extent::Region | Extent::City)
                    && inside(scan.place(other.place))
            })
}

fn call(reader: &mut Reader<'_, '_, '_>, name: &Named, words: Range<usize>) {
    let row = reader.scan.place(name.place);
    if row.callable.is_empty() {
        return reader.note(format!("AWS has no Region with Bedrock in {}", row.name));
    }
    let regions = meant(reader, name, &words);
    let known = &mut reader.reading.constraints.regions;
    *known = known.or(regions);
    let value =
        if name.extent == Extent::Region { row.code.clone() } else { codes(reader.scan, regions) };
    reader.said("regions", value, words);
}

/// The Regions that a place stands for: of a country with a main one that, unless any of them will do.
fn meant(reader: &mut Reader<'_, '_, '_>, name: &Named, words: &Range<usize>) -> RegionSet {
    let scan = reader.scan;
    let row = scan.place(name.place);
    let any = || {
        let near = scan.before(words.start, ANY_REACH).start..scan.after(words.end, ANY_REACH).end;
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
    let code = |region: Region| scan.place(u16::from(region.0)).code.as_str();
    regions.iter().map(code).collect::<Vec<_>>().join(",")
}

fn stay(
    reader: &mut Reader<'_, '_, '_>,
    stays: &mut Vec<Stay>,
    name: &Named,
    words: Range<usize>,
    joined: bool,
) {
    let row = reader.scan.place(name.place);
    if name.extent == Extent::City {
        let note =
            format!("no Region is in {}: name a country or a Region for data to stay in", row.name);
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

/// The narrowest of what was said.
fn residency(reader: &mut Reader<'_, '_, '_>, stays: &[Stay]) {
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
pub(super) fn conflict(reader: &mut Reader<'_, '_, '_>) {
    let constraints = &reader.reading.constraints;
    let Some(residency) = &constraints.residency else { return };
    let outside = constraints.regions.without(residency.regions);
    if !outside.is_empty() {
        let note = format!(
            "{} is outside {}, where data must stay",
            codes(reader.scan, outside),
            residency.name
        );
        reader.note(note);
    }
}
