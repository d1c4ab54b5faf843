//! Whether a size is that of what goes in or of what comes out.

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::scan::Scan;

/// How far a noun may stand from its size, in words.
const NOUN_REACH: usize = 3;

/// Which way tokens go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Input,
    Output,
}

/// The direction of the size in `words`; `None` when nothing tells it. What is written has a limit more often than a measure.
/// As an attribute the size stands before what has it: "300-page contracts".
pub(super) fn direction(scan: &Scan<'_, '_>, words: &Range<usize>, written: bool, attribute: bool) -> Option<Direction> {
    let first = words.start;
    said(scan, words)
        .or_else(|| by_size_before(scan, first))
        .or_else(|| if attribute { None } else { of_result(scan, words) })
        .or_else(|| by_noun_after(scan, words, written, attribute))
        .or_else(|| by_noun_before(scan, first, written))
        .or_else(|| by_result(scan, first, written))
        .or_else(|| by_clause_before(scan, words, written))
        .or_else(|| by_verb(scan, first))
}

/// "500 output tokens", "2,000 tokens de entrada", "input: 2000 tokens".
fn said(scan: &Scan<'_, '_>, words: &Range<usize>) -> Option<Direction> {
    let side = |at: usize| {
        let is = |roles| scan.role_at(at, roles).is_some();
        if is(Roles::OUTPUT) { Some(Direction::Output) } else { is(Roles::INPUT).then_some(Direction::Input) }
    };
    let inside = (words.start + 1..words.end).find_map(side);
    let behind = || if scan.clause_ends(words.end) { None } else { side(words.end).filter(|_| !is_into(scan, words.end)) };
    let before = || {
        let of = scan.role_before(words.start, Roles::OF).unwrap_or(words.start);
        // "Summarise each call in 100 words": nothing goes in there.
        let leads = |first: usize| scan.role_at(first, Roles::INTO) == Some(of);
        let side = |roles| scan.role_before(of, roles).is_some_and(|first| !leads(first) && (first > 0 || of != words.start));
        if side(Roles::OUTPUT) { Some(Direction::Output) } else { side(Roles::INPUT).then_some(Direction::Input) }
    };
    inside.or_else(behind).or_else(before)
}

/// The direction of a number that counts what was counted before: "and returns 400", "answers of 400", "400 out".
pub(super) fn of_bare(scan: &Scan<'_, '_>, words: &Range<usize>) -> Option<Direction> {
    let of = scan.role_before(words.start, Roles::OF);
    let noun = || of.and_then(|of| (of.saturating_sub(2)..of).rev().find_map(|at| noun(scan, at, true)));
    let made = || scan.role_before(words.start, Roles::PRODUCE).map(|_| Direction::Output);
    said(scan, words).or_else(noun).or_else(made)
}

/// "40 pages into two pages", "90-page files down to one page".
fn by_size_before(scan: &Scan<'_, '_>, first: usize) -> Option<Direction> {
    let into = into_before(scan, first)?;
    let is_size = |meaning| matches!(meaning, Meaning::Size(_));
    let size = scan.within(scan.before(into, NOUN_REACH + 1)).iter().any(|hit| is_size(hit.meaning));
    // "A thesis (180 pages) in one page": also out of brackets.
    (size || scan.ending(into).any(|hit| is_size(hit.meaning))).then_some(Direction::Output)
}

/// Where "into", "in less than" before a size begins; a limit alone leads to nothing: "contracts up to 300 pages".
fn into_before(scan: &Scan<'_, '_>, first: usize) -> Option<usize> {
    let into = scan.role_before(first, Roles::INTO)?;
    let limit = scan.role_at(into, Roles::AT_MOST) == Some(first);
    let into = if limit { scan.role_before(into, Roles::INTO)? } else { into };
    (into > 0 && scan.role_at(into, Roles::AT_MOST).is_none()).then_some(into)
}

/// "A summary of 200 words of articles", "resumir en 200 palabras artículos": what comes out is said first.
fn of_result(scan: &Scan<'_, '_>, words: &Range<usize>) -> Option<Direction> {
    let of = if scan.clause_ends(words.end) { None } else { scan.role_at(words.end, Roles::OF) };
    let made = || {
        let noun = scan.role_before(scan.role_before(words.start, Roles::OF)?, Roles::OUTPUT_NOUN)?;
        (scan.role_at(noun, Roles::INPUT_NOUN).is_none() && by_verb(scan, noun).is_none()).then_some(Direction::Output)
    };
    let shortened = || {
        let verbs = scan.before(into_before(scan, words.start)?, NOUN_REACH);
        let noun = scan.after(words.end, 2).any(|at| noun(scan, at, true).is_some());
        (noun && scan.has(verbs, Roles::CONSUME)).then_some(Direction::Output)
    };
    if of.is_some() { made() } else { shortened() }
}

/// Whether the word leads to something else: "500 tokens in Spanish".
fn is_into(scan: &Scan<'_, '_>, index: usize) -> bool {
    let end = scan.role_at(index, Roles::INTO).unwrap_or(index);
    end > index && !scan.clause_ends(end) && scan.role_at(end, Roles::GOES_ON).is_none()
}

/// "a 500-word answer", "300-page contracts"; but "summarise 500-word answers" and "write a 20-page report".
fn by_noun_after(scan: &Scan<'_, '_>, words: &Range<usize>, written: bool, attribute: bool) -> Option<Direction> {
    // "… is 900 words and the recap": what follows "and" is of something else.
    let of = scan.role_before(words.start, Roles::OF).filter(|_| !attribute);
    let owned = of.is_some_and(|of| scan.before(of, 2).any(|at| noun(scan, at, written).is_some()));
    // "Bids of 30 pages for tenders": nor is what they are for.
    let other = if owned { Roles::OR.or(Roles::FOR) } else { Roles::OR };
    let goes_on = |at: &usize| scan.role_at(*at, other).is_none();
    let direction = scan.after(words.end, NOUN_REACH).take_while(goes_on).find_map(|at| noun(scan, at, written))?;
    if is_of_a_result(scan, words.start, attribute) {
        return Some(Direction::Input);
    }
    Some(by_verb(scan, words.start).unwrap_or(direction))
}

/// "Digest of 25-page white papers": what is made of them is said already.
fn is_of_a_result(scan: &Scan<'_, '_>, first: usize, attribute: bool) -> bool {
    let result = scan.role_before(first, Roles::OF).and_then(|of| scan.role_before(of, Roles::OUTPUT_NOUN));
    result.is_some_and(|at| attribute || scan.role_at(at, Roles::CONSUME).is_some())
}

/// "summaries of 200 words", "contratos escaneados de 300 páginas".
fn by_noun_before(scan: &Scan<'_, '_>, first: usize, written: bool) -> Option<Direction> {
    // "Mails en menos de 50 palabras": that "de" belongs to the limit.
    let limit = scan.role_before(first, Roles::INTO);
    let of = scan.role_before(first, Roles::OF).filter(|of| limit.is_none_or(|limit| limit >= *of));
    let of = of.or_else(|| scan.role_before(limit?, Roles::OF))?;
    let reach = scan.before(of, NOUN_REACH + 1);
    let (at, direction) = reach.rev().find_map(|at| noun(scan, at, written).map(|direction| (at, direction)))?;
    if is_shortened(scan, at) {
        return Some(Direction::Input);
    }
    let verb = by_verb(scan, at);
    let settled = direction == Direction::Output && !is_either(scan, at);
    Some(if settled { direction } else { verb.unwrap_or(direction) })
}

/// "Summaries of novels of 300 pages", "resumir novelas de 300 páginas": what is made elsewhere is read here.
fn is_shortened(scan: &Scan<'_, '_>, noun: usize) -> bool {
    let of = scan.role_before(noun, Roles::OF);
    // Of one thing a part may be meant: "a chapter of novel".
    let many = scan.text.word(noun).ends_with('s');
    let result = of
        .and_then(|of| scan.role_before(of, Roles::OUTPUT_NOUN))
        .filter(|at| many && scan.role_at(*at, Roles::PRODUCE).is_none());
    let size_ends = |at: usize| scan.ending(at).any(|hit| matches!(hit.meaning, Meaning::Size(_)));
    let sized = [of.unwrap_or(noun), noun].into_iter().any(|at| !scan.clause_ends(at) && size_ends(at));
    let verb = scan.role_before(noun, Roles::CONSUME).filter(|verb| scan.role_at(*verb, Roles::OUTPUT_NOUN).is_none());
    sized || result.is_some() || verb.is_some()
}

fn noun(scan: &Scan<'_, '_>, at: usize, written: bool) -> Option<Direction> {
    let (made, taken) = (scan.role_at(at, Roles::OUTPUT_NOUN), scan.role_at(at, Roles::INPUT_NOUN));
    // "Memoria técnica" is written, "memoria" is read: the longer name says more.
    let written = written || made > taken;
    match (made.is_some(), taken.is_some()) {
        (true, true) => Some(if written { Direction::Output } else { Direction::Input }),
        (true, false) => Some(Direction::Output),
        (false, true) => Some(Direction::Input),
        (false, false) => None,
    }
}

/// Whether the noun can be either: articles are read and written.
fn is_either(scan: &Scan<'_, '_>, at: usize) -> bool {
    scan.role_at(at, Roles::OUTPUT_NOUN).is_some() && scan.role_at(at, Roles::INPUT_NOUN).is_some()
}

/// "summarise in 200 words", "answers under 100 words"; but "contracts up to 300 pages".
fn by_result(scan: &Scan<'_, '_>, first: usize, written: bool) -> Option<Direction> {
    let into = scan.role_before(first, Roles::INTO)?;
    let is_input =
        into > 0 && scan.role_before(into, Roles::INPUT_NOUN).is_some() && scan.role_before(into, Roles::CONSUME).is_none();
    let reach = scan.before(into, scan.limits().clause_reach);
    let acts = written || scan.has(reach.clone(), Roles::CONSUME.or(Roles::PRODUCE).or(Roles::OUTPUT_NOUN));
    let comes_in =
        is_input && !scan.has(reach, Roles::PRODUCE.or(Roles::OUTPUT_NOUN)) && scan.role_at(into, Roles::AT_MOST).is_some();
    (acts && !comes_in).then_some(Direction::Output)
}

/// "Grant proposals, ten pages", "essay on the war, 800 words": a clause of its own is about what stands before it.
fn by_clause_before(scan: &Scan<'_, '_>, words: &Range<usize>, written: bool) -> Option<Direction> {
    if !scan.clause_ends(words.start) || scan.clause(words.start).end > words.end + 1 || words.start == 0 {
        return None;
    }
    let before = scan.clause(words.start - 1);
    let verb = by_verb(scan, words.start - 1).or_else(|| by_verb(scan, before.end));
    let noun = || before.clone().find_map(|at| noun(scan, at, written));
    verb.or_else(noun).or(written.then_some(Direction::Output))
}

/// The nearest verb before: "write", "draft" make; "summarise", "read" take.
fn by_verb(scan: &Scan<'_, '_>, first: usize) -> Option<Direction> {
    let verb = |at: usize| {
        // "Summaries" are no verb.
        if scan.role_at(at, Roles::OUTPUT_NOUN).is_some() && scan.role_at(at, Roles::CONSUME).is_some() {
            return None;
        }
        let takes = scan.role_at(at, Roles::CONSUME).map(|_| Direction::Input);
        takes.or_else(|| scan.role_at(at, Roles::PRODUCE).map(|_| Direction::Output))
    };
    scan.before(first, scan.limits().clause_reach).rev().find_map(verb)
}
