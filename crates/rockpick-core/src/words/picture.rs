//! Pictures, sound and video: whether they are taken in or given out.

use super::meaning::{Meaning, Roles};
use super::reader::Reader;
use super::scan::{Hit, Scan};

/// Words between "generate" and "images".
const MAKE_REACH: usize = 5;
/// Words between "pictures" and "created by AI": "pictures of dishes created by AI".
const MADE_REACH: usize = 5;
/// Words between "read" and "images".
const READ_REACH: usize = 6;

/// Reads what must be taken in and given out.
pub(super) fn read(reader: &mut Reader<'_, '_, '_>) {
    for index in 0..reader.scan.hits.len() {
        let hit = reader.scan.hits[index];
        let (Meaning::Depicted(modality) | Meaning::Taken(modality) | Meaning::Given(modality)) =
            hit.meaning
        else {
            continue;
        };
        if reader.scan.negated(hit.first, hit.end) {
            continue;
        }
        let depicted = depicted(reader.scan, &hit);
        let constraints = &mut reader.reading.constraints;
        let (set, field) = match depicted {
            Some(Roles::READ) => (&mut constraints.input_modalities, "input_modalities"),
            Some(_) => (&mut constraints.output_modalities, "output_modalities"),
            None => continue,
        };
        if !set.contains(modality) {
            set.insert(modality);
            reader.said(field, modality.name(), hit.first..hit.end);
        }
    }
}

/// Whether what is depicted is read or made, by the nearest verb before it.
fn depicted(scan: &Scan<'_, '_>, hit: &Hit) -> Option<Roles> {
    let covers =
        |other: &Hit| other.end >= hit.end && other.meaning.roles().meet(Roles::NOT_PICTURE);
    if scan.within(hit.first.saturating_sub(READ_REACH)..hit.first + 1).iter().any(covers) {
        return None;
    }
    match hit.meaning {
        Meaning::Taken(_) => return Some(Roles::READ),
        Meaning::Given(_) => return Some(Roles::MAKE),
        _ => {}
    }
    let reach = scan.before(hit.first, READ_REACH);
    let made = |at: usize| scan.role_at(at, Roles::MADE).is_some();
    for at in reach.rev() {
        if scan.role_at(at, Roles::READ).is_some_and(|end| end <= hit.first) {
            return Some(Roles::READ);
        }
        if is_made_from(scan, at, hit) {
            return Some(Roles::READ);
        }
        if let Some(end) = scan.role_at(at, Roles::MAKE).filter(|end| *end <= hit.first) {
            let apart = (end..hit.first).any(|between| {
                scan.role_at(between, Roles::APART)
                    .is_some_and(|_| scan.role_at(between, Roles::ARTICLE).is_none())
            });
            return (hit.first - end < MAKE_REACH && !apart).then_some(Roles::MAKE);
        }
    }
    scan.after(hit.end, MADE_REACH).any(made).then_some(Roles::MAKE)
}

/// "descriptions of photos", "captions for photos": the pictures are read.
fn is_made_from(scan: &Scan<'_, '_>, at: usize, hit: &Hit) -> bool {
    let result = scan
        .role_at(at, Roles::OUTPUT_NOUN)
        .filter(|_| scan.role_at(at, Roles::INPUT_NOUN).is_none());
    result.and_then(|end| scan.role_at(end, Roles::APART)).is_some_and(|end| end <= hit.first)
}
