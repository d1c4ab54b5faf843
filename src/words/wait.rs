//! A time to wait for an answer: "within two seconds", "under 300 ms", "it can take until tomorrow".

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::number::{ONE, Quantity};
use super::reader::Reader;
use super::scan::Scan;
use crate::task::{Latency, Modality};

/// Words between "can take" and "tomorrow", or between "tomorrow" and "is fine".
const REACH: usize = 4;

/// What takes seconds itself may stand so many words before them: "clips of at most five seconds".
const CLIP_REACH: usize = 3;

/// Reads short waits as a low latency, and that a long one does no harm as a batch.
pub(super) fn read(reader: &mut Reader<'_, '_>, quantities: &mut [Quantity]) {
    for quantity in quantities.iter_mut().filter(|quantity| !quantity.used) {
        let Some(words) = short(&reader.scan, quantity) else { continue };
        quantity.used = true;
        set(reader, Latency::Low, words);
    }
    let patient = (0..reader.scan.hits.len()).find_map(|index| {
        let hit = reader.scan.hits[index];
        let (scan, words) = (&reader.scan, hit.first..hit.end);
        let waits = hit.meaning.roles().meet(Roles::PATIENT) && can_wait(scan, &words);
        let fine = hit.meaning.roles().meet(Roles::LATER) && is_soon_enough(scan, &words);
        let about = || scan.negated_before(words.start) || scan.has(scan.clause(words.start), Roles::LATENCY_SUBJECT);
        ((waits || fine) && !about()).then_some(words)
    });
    if let Some(words) = patient {
        set(reader, Latency::Batch, words);
    }
}

fn set(reader: &mut Reader<'_, '_>, latency: Latency, words: Range<usize>) {
    if reader.reading.constraints.latency.is_none() && !reader.scan.is_long() {
        reader.reading.constraints.latency = Some(latency);
        reader.said("latency", latency.name(), words);
    }
}

/// The words of a wait of a few seconds at most.
fn short(scan: &Scan<'_, '_>, quantity: &Quantity) -> Option<Range<usize>> {
    let unit = |roles| scan.role_at(quantity.end, roles).filter(|_| !scan.clause_ends(quantity.end));
    let brief = quantity.value <= u128::from(scan.limits().longest_wait) * ONE;
    let end = unit(Roles::MILLISECONDS).or_else(|| unit(Roles::SECONDS).filter(|_| brief))?;
    let limit = scan.role_before(quantity.first, Roles::AT_MOST.or(Roles::WITHIN).or(Roles::INTO).or(Roles::IN));
    // "Won't wait more than two seconds".
    let no_more = || scan.role_before(quantity.first, Roles::MORE_THAN).filter(|more| scan.negated_before(*more));
    let behind = || scan.role_at(end, Roles::AT_MOST_AFTER).filter(|_| !scan.clause_ends(end)).map(|_| quantity.first);
    let first = limit.or_else(no_more).or_else(behind)?;
    let clip = |meaning| matches!(meaning, Meaning::Depicted(Modality::Video) | Meaning::Given(_));
    let is_clip = scan.within(scan.before(first, CLIP_REACH)).iter().any(|hit| clip(hit.meaning));
    (!is_clip).then_some(first..end)
}

/// "It can take until tomorrow", "pueden tardar unas horas", "it can wait": nothing but small words may stand between.
fn can_wait(scan: &Scan<'_, '_>, words: &Range<usize>) -> bool {
    if scan.clause_ends(words.end) {
        return scan.role_at(words.start, Roles::FINE) == Some(words.end);
    }
    let mut at = words.end;
    for _ in 0..REACH {
        if scan.clause_ends(at) {
            return false;
        }
        if scan.role_at(at, Roles::LATER).is_some() || is_long_time(scan, at) {
            return true;
        }
        let small = Roles::ARTICLE.or(Roles::OF).or(Roles::INTO).or(Roles::AT_MOST).or(Roles::FILLER);
        let number = || scan.at(at).iter().find(|hit| matches!(hit.meaning, Meaning::Number(_))).map(|hit| hit.end);
        let digits = || scan.text.word(at).bytes().all(|byte| byte.is_ascii_digit()).then_some(at + 1);
        let Some(next) = scan.role_at(at, small).or_else(number).or_else(digits) else { return false };
        at = next;
    }
    false
}

/// An hour or more.
fn is_long_time(scan: &Scan<'_, '_>, at: usize) -> bool {
    let long = |meaning| match meaning {
        Meaning::Unit(unit) => scan.unit(unit).a_month.is_some() && !scan.unit(unit).busy,
        Meaning::Size(size) => scan.size(size).name == "hour",
        _ => false,
    };
    scan.at(at).iter().any(|hit| long(hit.meaning))
}

/// "Tomorrow will do", "vale con tenerlo mañana".
fn is_soon_enough(scan: &Scan<'_, '_>, words: &Range<usize>) -> bool {
    let fine = |at| scan.role_at(at, Roles::FINE);
    // Before the time one word is too little: "vale con tenerlo mañana", not "¿vale la pena mañana?".
    let ahead = |at: usize| fine(at).is_some_and(|end| end > at + 1);
    scan.after(words.end, 2).any(|at| fine(at).is_some()) || scan.before(words.start, REACH).any(ahead)
}
