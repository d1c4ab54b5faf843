//! Whether a size is that of what goes in or of what comes out.

use std::ops::Range;

use super::meaning::Roles;
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
pub(super) fn direction(scan: &Scan<'_, '_>, words: &Range<usize>, written: bool) -> Option<Direction> {
    let first = words.start;
    said(scan, words)
        .or_else(|| by_noun_after(scan, words, written))
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
        let side = |roles| scan.role_before(of, roles).is_some_and(|first| first > 0 || of != words.start);
        if side(Roles::OUTPUT) { Some(Direction::Output) } else { side(Roles::INPUT).then_some(Direction::Input) }
    };
    inside.or_else(behind).or_else(before)
}

/// Whether the word leads to something else: "500 tokens in Spanish".
fn is_into(scan: &Scan<'_, '_>, index: usize) -> bool {
    let end = scan.role_at(index, Roles::INTO).unwrap_or(index);
    end > index && !scan.clause_ends(end) && scan.role_at(end, Roles::GOES_ON).is_none()
}

/// "a 500-word answer", "300-page contracts"; but "summarise 500-word answers" and "write a 20-page report".
fn by_noun_after(scan: &Scan<'_, '_>, words: &Range<usize>, written: bool) -> Option<Direction> {
    // "… is 900 words and the recap": what follows "and" is of something else.
    let goes_on = |at: &usize| scan.role_at(*at, Roles::OR).is_none();
    let direction = scan.after(words.end, NOUN_REACH).take_while(goes_on).find_map(|at| noun(scan, at, written))?;
    if is_of_a_result(scan, words.start) {
        return Some(Direction::Input);
    }
    Some(by_verb(scan, words.start).unwrap_or(direction))
}

/// "Digest of 25-page white papers": what is made of them is said already.
fn is_of_a_result(scan: &Scan<'_, '_>, first: usize) -> bool {
    let result = scan.role_before(first, Roles::OF).and_then(|of| scan.role_before(of, Roles::OUTPUT_NOUN));
    result.is_some_and(|at| scan.role_at(at, Roles::CONSUME).is_some())
}

/// "summaries of 200 words", "contratos escaneados de 300 páginas".
fn by_noun_before(scan: &Scan<'_, '_>, first: usize, written: bool) -> Option<Direction> {
    let of = scan.role_before(first, Roles::OF)?;
    let reach = scan.before(of, NOUN_REACH + 1);
    let (at, direction) = reach.rev().find_map(|at| noun(scan, at, written).map(|direction| (at, direction)))?;
    let verb = by_verb(scan, at);
    let settled = direction == Direction::Output && !is_either(scan, at);
    Some(if settled { direction } else { verb.unwrap_or(direction) })
}

fn noun(scan: &Scan<'_, '_>, at: usize, written: bool) -> Option<Direction> {
    let (made, taken) = (scan.role_at(at, Roles::OUTPUT_NOUN).is_some(), scan.role_at(at, Roles::INPUT_NOUN).is_some());
    match (made, taken) {
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
