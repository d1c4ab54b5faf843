//! Partitions of AWS, Regions that are not known, and Regions that have to serve all at once.

use std::ops::Range;

use super::sentence::Sentence;
use super::{Asks, LIKELY, Meaning, Part, Partition, Refusal};
use crate::catalog::Catalog;
use crate::task::{RegionSet, Residency};
use crate::words::{Mentioned, PlaceName, Reading, Role, Said, Vocabulary};

/// How many words may stand between "in" and a place.
const FILLERS: usize = 2;
/// How many words may stand between "not" and a partition.
const NEGATION_REACH: usize = 4;
/// No code of a Region is longer, in bytes.
const LONGEST_CODE: usize = 24;

/// Reads whether every one of several Regions has to serve; with that, or with models asked for, a place behind "in" is a Region.
pub(super) fn every_region(
    sentence: &Sentence<'_, '_>,
    vocabulary: &Vocabulary,
    catalog: &Catalog,
    names_models: bool,
    read: &mut Reading,
) {
    let places = vocabulary.place_names(sentence.text);
    let said_anywhere = sentence.has(Part::EveryAnywhere, 0..sentence.text.len());
    let mut every = said_anywhere;
    let mut named: Vec<&PlaceName> = Vec::new();
    let mut last_end = None;
    for place in &places {
        let listed = last_end.is_some_and(|end| follows(sentence, end, place.words.start));
        let way = led(sentence, place.words.start);
        every |= way == Some(Part::Every);
        let kept_apart = kept(sentence, place, read);
        if !kept_apart && (listed || way.is_some() || (said_anywhere && place.certain)) {
            named.push(place);
            last_end = Some(place.words.end);
        } else {
            last_end = None;
        }
    }
    let regions = named.iter().fold(RegionSet::EMPTY, |all, place| all.or(place.regions));
    every &= regions.or(read.constraints.regions).len() > 1;
    let sought = names_models && read.constraints.regions.is_empty();
    if !every && !sought {
        return;
    }
    for place in named.iter().filter(|place| !place.regions.is_within(read.constraints.regions)) {
        let value = catalog.codes(place.regions).join(", ");
        read.found.push(Said {
            field: "regions",
            value,
            span: sentence.text.span(place.words.clone()),
        });
    }
    read.constraints.regions = read.constraints.regions.or(regions);
    read.constraints.every_region = every;
}

/// Whether a Region or a place that data must stay in is spoken of.
pub(super) fn is_located(
    sentence: &Sentence<'_, '_>,
    vocabulary: &Vocabulary,
    read: &Reading,
) -> bool {
    let said = read.found.iter().any(|said| matches!(said.field, "regions" | "residency"));
    said || vocabulary
        .place_names(sentence.text)
        .iter()
        .any(|place| place.certain || led(sentence, place.words.start).is_some())
}

/// Whether words say of a place that data stays there, which is no Region to call from.
fn kept(sentence: &Sentence<'_, '_>, place: &PlaceName, read: &Reading) -> bool {
    let span = sentence.text.span(place.words.clone());
    read.found.iter().any(|said| {
        said.field == "residency" && said.span.start < span.end && span.start < said.span.end
    })
}

/// What leads to a place: "in Frankfurt", "both Dublin …".
fn led(sentence: &Sentence<'_, '_>, first: usize) -> Option<Part> {
    let mut at = first;
    for _ in 0..=FILLERS {
        if sentence.before(at, Part::Every).is_some() {
            return Some(Part::Every);
        }
        if let Some(preposition) = sentence.before(at, Part::Place) {
            // "In all of: …", "in every one of …".
            return Some(if sentence.before(preposition, Part::Every).is_some() {
                Part::Every
            } else {
                Part::Place
            });
        }
        // "All of: Frankfurt" parts the list from its words.
        if at == first && sentence.gap(first).trim() == ":" && ends_with_every(sentence, first) {
            return Some(Part::Every);
        }
        at = sentence.before(at, Part::PlaceFiller)?;
    }
    None
}

fn ends_with_every(sentence: &Sentence<'_, '_>, end: usize) -> bool {
    sentence.hits.iter().any(|hit| hit.end == end && hit.meaning == Meaning::Part(Part::Every))
}

/// Whether a place goes on with a list: "Frankfurt, Singapore and São Paulo".
fn follows(sentence: &Sentence<'_, '_>, end: usize, first: usize) -> bool {
    let behind = sentence.at(end, Part::Joint).unwrap_or(end);
    let skipped = sentence.at(behind, Part::Place).unwrap_or(behind);
    let comma = sentence.gap(end).contains([',', '/']) || sentence.gap(behind).contains(',');
    (behind == first || skipped == first) && (behind > end || comma)
}

/// Whether the place is read as one that is left, or in which people are.
fn is_passed_over(read: &Reading, span: &Range<usize>) -> bool {
    let here = |mention: &&Mentioned| {
        mention.kind == "place" && mention.span.start < span.end && span.start < mention.span.end
    };
    let unused = |role| matches!(role, Role::Left | Role::People | Role::NeedNot | Role::Barred);
    read.mentions
        .iter()
        .filter(here)
        .any(|mention| unused(mention.role) && mention.confidence >= LIKELY)
}

/// Reads partitions and codes of Regions that are not known; a refusal where nothing is known of the place that is asked for.
pub(super) fn partitions(
    sentence: &Sentence<'_, '_>,
    asks: &Asks,
    vocabulary: &Vocabulary,
    catalog: &Catalog,
    read: &mut Reading,
) -> Option<Refusal> {
    for hit in &sentence.hits {
        let Meaning::Partition(index) = hit.meaning else { continue };
        let said = sentence.text.span(hit.first..hit.end);
        if is_passed_over(read, &said) || sentence.negated(hit.first, NEGATION_REACH) {
            continue;
        }
        let partition = asks.partitions.get(usize::from(index))?;
        if partition.regions.is_empty() {
            return Some(refusal(partition, &partition.name));
        }
        called_from(partition, sentence, vocabulary, catalog, read, said);
    }
    zones(sentence.text.source(), asks, catalog, read);
    let (unknown, span) =
        codes(sentence.text.source(), asks).find(|(code, _)| region_of(code, catalog).is_none())?;
    // "eu" of "eu-west-9" is no place that data must stay in.
    let within = |said: &Said| {
        said.field == "residency" && span.start <= said.span.start && said.span.end <= span.end
    };
    if read.found.iter().any(within) {
        read.constraints.residency = None;
        read.found.retain(|said| !within(said));
    }
    let of = asks
        .partitions
        .iter()
        .find(|partition| partition.codes.iter().any(|code| unknown.starts_with(code.as_str())));
    match of {
        Some(partition) => {
            Some(refusal(partition, &format!("{unknown}, one of {}", partition.name)))
        }
        None if read.constraints.regions.is_empty() => Some(Refusal {
            code: "region-unknown",
            text: format!("no source knows the Region {unknown}"),
            source: None,
        }),
        None => {
            read.notes.push(format!("no source knows the Region {unknown}, so it is left out"));
            None
        }
    }
}

/// Calls from the Regions of a partition alone: those that are named, or else all of them.
fn called_from(
    partition: &Partition,
    sentence: &Sentence<'_, '_>,
    vocabulary: &Vocabulary,
    catalog: &Catalog,
    read: &mut Reading,
    said: std::ops::Range<usize>,
) {
    let named =
        vocabulary.place_names(sentence.text).into_iter().filter(|place| place.regions.len() == 1);
    let named =
        named.fold(RegionSet::EMPTY, |all, place| all.or(place.regions)).and(partition.regions);
    let asked = read.constraints.regions.and(partition.regions).or(named);
    let regions = if asked.is_empty() { partition.regions } else { asked };
    // What else was read of Regions is of other accounts.
    read.found.retain(|said| {
        said.field != "regions"
            || catalog.codes(partition.regions).iter().any(|code| said.value.contains(code))
    });
    if !read.found.iter().any(|said| said.field == "regions") {
        read.found.push(Said {
            field: "regions",
            value: catalog.codes(regions).join(", "),
            span: said,
        });
    }
    read.constraints.regions = regions;
}

fn refusal(partition: &Partition, what: &str) -> Refusal {
    let says =
        if partition.says.is_empty() { String::new() } else { format!(": {}", partition.says) };
    let text = format!("no source knows which models can be called from {what}{says}");
    Refusal { code: "partition-unknown", text, source: Some(partition.source.clone()) }
}

/// What has the shape of a Region's code, an area, a point of the compass, a number; each with where it stands, in bytes.
fn codes<'t>(
    text: &'t str,
    asks: &'t Asks,
) -> impl Iterator<Item = (String, std::ops::Range<usize>)> + 't {
    let mut start = 0;
    let tokens = text
        .split_inclusive(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '-'))
        .map(move |token| {
            let (from, length) = (start, token.len());
            start += length;
            let token =
                token.trim_end_matches(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '-'));
            (token, from..from + token.len())
        });
    let tokens =
        tokens.filter(|(token, _)| token.len() <= LONGEST_CODE && token.matches('-').count() >= 2);
    let codes = tokens.map(|(token, span)| (token.to_ascii_lowercase(), span));
    codes.filter(|(code, _)| has_the_shape(code, asks))
}

/// The Region of a code, or of one of its zones: "us-east-1a".
fn region_of(code: &str, catalog: &Catalog) -> Option<crate::task::Region> {
    let zone = || catalog.region(code.trim_end_matches(|sign: char| sign.is_ascii_lowercase()));
    catalog.region(code).or_else(zone)
}

/// Takes a zone for its Region where no Region is named.
fn zones(text: &str, asks: &Asks, catalog: &Catalog, read: &mut Reading) {
    if !read.constraints.regions.is_empty() {
        return;
    }
    for (code, span) in codes(text, asks) {
        if let Some(region) = region_of(&code, catalog).filter(|_| catalog.region(&code).is_none())
        {
            read.constraints.regions.insert(region);
            read.found.push(Said {
                field: "regions",
                value: catalog.code(region).to_owned(),
                span,
            });
        }
    }
}

fn has_the_shape(code: &str, asks: &Asks) -> bool {
    let parts: Vec<&str> = code.split('-').collect();
    let [area, middle @ .., number] = parts.as_slice() else { return false };
    let lettered =
        (2..=4).contains(&area.len()) && area.bytes().all(|byte| byte.is_ascii_lowercase());
    let digits = number.trim_end_matches(|sign: char| sign.is_ascii_lowercase());
    let numbered =
        (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    lettered && numbered && middle.iter().any(|part| asks.compass.iter().any(|point| point == part))
}

impl Asks {
    /// The partition that a name or the code of a Region belongs to, for flags: `govcloud`, `cn-north-1`.
    #[must_use]
    pub fn partition_of(&self, name: &str) -> Option<(RegionSet, Refusal)> {
        let name = name.to_lowercase();
        let text = crate::text::Text::new(&name);
        let whole =
            |found: &crate::phrase::Found<Meaning>| found.first == 0 && found.length == text.len();
        let found =
            self.phrases.find(&text).into_iter().filter(whole).find_map(|found| {
                match found.meaning {
                    Meaning::Partition(index) => Some(usize::from(index)),
                    _ => None,
                }
            });
        let by_code = || {
            self.partitions
                .iter()
                .position(|own| own.codes.iter().any(|code| name.starts_with(code.as_str())))
        };
        let partition = self.partitions.get(found.or_else(by_code)?)?;
        Some((partition.regions, refusal(partition, &partition.name)))
    }
}

/// A residency without a Region in the commercial partition is called from its own Regions; one that is a Region, from that Region.
pub(crate) fn home_of(residency: &Residency, catalog: &Catalog) -> RegionSet {
    if !residency.regions.and(catalog.commercial()).is_empty() {
        return RegionSet::EMPTY;
    }
    catalog.region(&residency.name).map_or(residency.regions, RegionSet::only)
}
