//! Features, modalities, latency and preferences.

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::reader::Reader;
use super::scan::{Hit, Scan};
use crate::task::{Feature, Latency, Preference};

/// Words between "generate" and "images".
const MAKE_REACH: usize = 5;
/// Words between "pictures" and "created by AI": "pictures of dishes created by AI".
const MADE_REACH: usize = 5;
/// Words between "read" and "images".
const READ_REACH: usize = 6;

/// Reads every demand that needs no number and no name.
pub(super) fn read(reader: &mut Reader<'_, '_>) {
    let mut preferences: Vec<(Preference, Range<usize>)> = Vec::new();
    for index in 0..reader.scan.hits.len() {
        let hit = reader.scan.hits[index];
        let is_wish = matches!(
            hit.meaning,
            Meaning::Feature(_)
                | Meaning::Latency(_)
                | Meaning::Preference(_)
                | Meaning::Depicted(_)
                | Meaning::Taken(_)
                | Meaning::Given(_)
        );
        if !is_wish || reader.scan.negated(hit.first, hit.end) || is_about_a_batch(&reader.scan, &hit) {
            continue;
        }
        match hit.meaning {
            Meaning::Preference(preference) => {
                if !is_of_something_else(&reader.scan, &hit) {
                    preferences.push((preference, hit.first..hit.end));
                }
            }
            _ => wish(reader, &hit),
        }
    }
    prefer(reader, &preferences);
}

/// "Port a COBOL batch job", "explain why the nightly job fails": the batch is what the text is about.
fn is_about_a_batch(scan: &Scan<'_, '_>, hit: &Hit) -> bool {
    let batch = matches!(hit.meaning, Meaning::Latency(Latency::Batch) | Meaning::Feature(Feature::Batch));
    batch && scan.has(scan.clause(hit.first), Roles::LATENCY_SUBJECT)
}

fn wish(reader: &mut Reader<'_, '_>, hit: &Hit) {
    let words = hit.first..hit.end;
    let depicted = depicted(&reader.scan, hit);
    let constraints = &mut reader.reading.constraints;
    match hit.meaning {
        Meaning::Feature(feature) if !constraints.features.contains(feature) => {
            constraints.features.insert(feature);
            reader.said("features", feature.name(), words);
        }
        Meaning::Latency(latency) => set_latency(reader, latency, words),
        Meaning::Depicted(modality) | Meaning::Taken(modality) | Meaning::Given(modality) => {
            let (set, field) = match depicted {
                Some(Roles::READ) => (&mut constraints.input_modalities, "input_modalities"),
                Some(_) => (&mut constraints.output_modalities, "output_modalities"),
                None => return,
            };
            if !set.contains(modality) {
                set.insert(modality);
                reader.said(field, modality.name(), words);
            }
        }
        _ => {}
    }
}

fn set_latency(reader: &mut Reader<'_, '_>, latency: Latency, words: Range<usize>) {
    match reader.reading.constraints.latency {
        Some(known) if known != latency => {
            reader.note(format!("both latency {known} and {latency} are asked for; {known} counts"));
        }
        Some(_) => {}
        None => {
            reader.reading.constraints.latency = Some(latency);
            reader.said("latency", latency.name(), words);
        }
    }
}

/// Whether what is depicted is read or made, by the nearest verb before it.
fn depicted(scan: &Scan<'_, '_>, hit: &Hit) -> Option<Roles> {
    let covers = |other: &Hit| other.end >= hit.end && other.meaning.roles().meet(Roles::NOT_PICTURE);
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
                scan.role_at(between, Roles::APART).is_some_and(|_| scan.role_at(between, Roles::ARTICLE).is_none())
            });
            return (hit.first - end < MAKE_REACH && !apart).then_some(Roles::MAKE);
        }
    }
    scan.after(hit.end, MADE_REACH).any(made).then_some(Roles::MAKE)
}

/// "descriptions of photos", "captions for photos": the pictures are read.
fn is_made_from(scan: &Scan<'_, '_>, at: usize, hit: &Hit) -> bool {
    let result = scan.role_at(at, Roles::OUTPUT_NOUN).filter(|_| scan.role_at(at, Roles::INPUT_NOUN).is_none());
    result.and_then(|end| scan.role_at(end, Roles::APART)).is_some_and(|end| end <= hit.first)
}

/// "cheap flights", "vuelos baratos": the price of something that is no model.
fn is_of_something_else(scan: &Scan<'_, '_>, hit: &Hit) -> bool {
    let after = !scan.clause_ends(hit.end) && scan.role_at(hit.end, Roles::NOT_OF).is_some();
    after || scan.role_before(hit.first, Roles::NOT_OF).is_some()
}

/// One preference from all that were said. What is only said by words of latency gives way.
fn prefer(reader: &mut Reader<'_, '_>, said: &[(Preference, Range<usize>)]) {
    let find = |wanted: Preference| said.iter().find(|(preference, _)| *preference == wanted);
    let (cost, quality) = (find(Preference::Cost), find(Preference::Quality));
    let chosen = match (find(Preference::Balanced), cost, quality) {
        (Some(balanced), ..) => Some(balanced),
        (None, Some(cost), Some(quality)) => {
            let (cost, quality) = (reader.scan.text.original(cost.1.clone()), reader.scan.text.original(quality.1.clone()));
            let note = format!("\"{cost}\" and \"{quality}\" pull in opposite directions; neither is preferred");
            return reader.note(note);
        }
        (None, cost, quality) => cost.or(quality).or_else(|| find(Preference::Speed)),
    };
    // "Fast and cheap": the price is preferred, and the answers still have to be quick.
    if chosen.is_some_and(|(preference, _)| *preference == Preference::Cost)
        && reader.reading.constraints.latency.is_none()
        && let Some((_, words)) = find(Preference::Speed)
    {
        set_latency(reader, Latency::Low, words.clone());
    }
    if let Some((preference, words)) = chosen {
        reader.reading.preference = Some(*preference);
        reader.said("preference", preference.name(), words.clone());
    }
}
