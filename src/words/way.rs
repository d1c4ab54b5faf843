//! Why a name in a text is a place: "hosted in …", "must stay in …", "close to …", "(Tokyo)".

use std::ops::Range;

use super::meaning::{Kind, Meaning, Roles};
use super::origin::{called_from, is_of_infrastructure};
use super::scan::{Hit, Scan};
use super::stay::stay;
use super::vocabulary::Extent;

/// How many words may stand between a place and what makes it one: "in our own AWS Frankfurt Region".
const FILLERS: usize = 4;
/// The same for hosting words: "the Regions that we use are in".
const LINKS: usize = 6;

/// Words between "a" and "in": "for a small family bakery in".
const HOUSE_REACH: usize = 5;

/// What a place is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Data must stay there.
    Stay,
    /// It is called there, as a hosting word says.
    Host,
    /// It is called there, as "in" at the end of a need says.
    Plain,
    /// It is called from nearby.
    Near,
}

/// A name of a place in the text.
pub(super) struct Named {
    /// In the vocabulary's table.
    pub place: u16,
    pub extent: Extent,
    /// Its code, or its name as AWS writes it: no doubt.
    pub certain: bool,
    pub adjective: bool,
    pub words: Range<usize>,
}

/// What makes the name a place, and the word where that begins.
pub(super) fn way(scan: &Scan<'_, '_>, name: &Named) -> Option<(Way, usize)> {
    let stay = stay(scan, name).map(|first| (Way::Stay, first));
    stay.or_else(|| {
        if is_of_infrastructure(scan, name) {
            return None;
        }
        let hosted = triggered(scan, name.words.start, Roles::HOSTED).is_some();
        let general = is_general_question(scan) || (!hosted && speaks_about(scan, name.words.start));
        let certain = name.certain.then_some((Way::Host, name.words.start));
        certain.or_else(|| if general { None } else { called(scan, name) })
    })
}

fn called(scan: &Scan<'_, '_>, name: &Named) -> Option<(Way, usize)> {
    let large = is_large(scan, name);
    if let Some((first, only)) = host(scan, name) {
        let is_region = name.extent == Extent::Country && names_a_region(scan, name);
        return Some((if only && large && !is_region { Way::Stay } else { Way::Host }, first));
    }
    if name.adjective {
        return None;
    }
    if let Some(called) = called_from(scan, name) {
        return Some(called);
    }
    if let Some(first) = nearest_region(scan, name) {
        return Some((Way::Near, first));
    }
    let (inner, first) = triggered(scan, name.words.start, Roles::IN.or(Roles::NEAR))?;
    if scan.role_before(inner, Roles::NEAR) == Some(first) {
        return is_need(scan).then_some((Way::Near, first));
    }
    let only = scan.role_before(first, Roles::ONLY);
    let only_after = scan.role_at(name.words.end, Roles::ONLY).filter(|_| !scan.clause_ends(name.words.end));
    if large && is_need(scan) && (only.is_some() || only_after.is_some()) {
        return Some((Way::Stay, only.unwrap_or(first)));
    }
    is_plain(scan, name, first).then_some((Way::Plain, first))
}

/// "The Region closest to our office is Ohio".
fn nearest_region(scan: &Scan<'_, '_>, name: &Named) -> Option<usize> {
    let link = scan.role_before(name.words.start, Roles::LINK)?;
    let before = scan.clause(link).start..link;
    let is_said = scan.has(before.clone(), Roles::REGION_NOUN) && scan.has(before.clone(), Roles::NEAR);
    (is_said && is_need(scan)).then_some(before.start)
}

/// The place that a clause of its own is, or one with "only": ", Frankfurt", "(Tokyo)", "EU only".
pub(super) fn own_clause(scan: &Scan<'_, '_>, name: &Named, is_listed: bool) -> Option<(Way, usize)> {
    let (first, end) = (name.words.start, name.words.end);
    let only =
        scan.role_before(first, Roles::ONLY).is_some() || (scan.role_at(end, Roles::ONLY).is_some() && !scan.clause_ends(end));
    let sound =
        !name.adjective && (only || is_need(scan)) && !is_general_question(scan) && !scan.has(0..scan.text.len(), Roles::SUBJECT);
    if !sound {
        return None;
    }
    if only && is_large(scan, name) {
        return Some((Way::Stay, first));
    }
    let clause = between_colons(scan, scan.clause(first), first);
    let covered = |at: usize| {
        let covers = |meaning: Meaning| match meaning {
            Meaning::Place(_) | Meaning::Code(_) => true,
            meaning => meaning.roles().meet(
                Roles::FILLER
                    .or(Roles::LINK)
                    .or(Roles::ONLY)
                    .or(Roles::OR)
                    .or(Roles::HOST_NOUN)
                    .or(Roles::ONLY_AFTER)
                    .or(Roles::DATA),
            ),
        };
        scan.within(at.saturating_sub(FILLERS)..at + 1).iter().any(|hit| hit.end > at && covers(hit.meaning))
    };
    // "In N. Virginia and Ohio": the point inside the name parts no clause.
    let is_rest = |hit: &Hit| hit.end > clause.start && hit.meaning.kind() == Kind::Place;
    let whole = !scan.within(clause.start.saturating_sub(FILLERS)..clause.start).iter().any(is_rest);
    let alone = whole
        && clause.len() <= scan.limits().longest_own_clause
        && clause.len() < scan.text.len()
        && clause.clone().all(covered);
    let data = scan.has(clause, Roles::DATA) && !matches!(name.extent, Extent::City);
    (alone && !is_listed).then_some((if data { Way::Stay } else { Way::Plain }, first))
}

/// Whether "only" there says where data must stay; an area with a main Region is called, as a Region is.
fn is_large(scan: &Scan<'_, '_>, name: &Named) -> bool {
    name.extent == Extent::Country || (name.extent == Extent::Area && scan.place(name.place).main.is_empty())
}

/// "Frankfurt: a chatbot": what a colon parts counts as clauses of their own here.
fn between_colons(scan: &Scan<'_, '_>, clause: Range<usize>, index: usize) -> Range<usize> {
    let colon = |at: &usize| scan.gap(*at).contains(':');
    let start = (clause.start + 1..=index).rev().find(colon).unwrap_or(clause.start);
    let end = (index + 1..clause.end).find(colon).unwrap_or(clause.end);
    start..end
}

/// The word of that part before the name, over words such as "the AWS Region": where it ends and where it begins.
pub(super) fn triggered(scan: &Scan<'_, '_>, first: usize, roles: Roles) -> Option<(usize, usize)> {
    let mut at = first;
    for _ in 0..=FILLERS {
        if let Some(found) = scan.role_before(at, roles) {
            return Some((at, found));
        }
        at = scan.role_before(at, Roles::FILLER)?;
    }
    None
}

/// Where the hosting word begins, and whether it is "only" there.
fn host(scan: &Scan<'_, '_>, name: &Named) -> Option<(usize, bool)> {
    let (first, end) = (name.words.start, name.words.end);
    let noun_after = scan.role_at(end, Roles::HOST_NOUN).filter(|_| !scan.clause_ends(end));
    if let Some(noun_end) = noun_after {
        let only = scan.role_before(first, Roles::ONLY).is_some()
            || (scan.role_at(noun_end, Roles::ONLY).is_some() && !scan.clause_ends(noun_end));
        return Some((first, only));
    }
    if name.adjective {
        let noun = scan.role_before(first, Roles::HOST_NOUN)?;
        return Some((noun, scan.role_before(noun, Roles::ONLY).is_some()));
    }
    let (mut at, mut only) = (first, scan.role_at(end, Roles::ONLY).is_some() && !scan.clause_ends(end));
    for _ in 0..=LINKS {
        only |= scan.role_before(at, Roles::ONLY).is_some();
        if let Some(host) = scan.role_before(at, Roles::HOST) {
            only |= scan.role_before(host, Roles::ONLY).is_some();
            return Some((host, only));
        }
        at = scan.role_before(at, Roles::LINK.or(Roles::FILLER).or(Roles::ONLY))?;
    }
    None
}

/// "Canadian region only": a Region is asked for, and nothing is said of where data must stay.
fn names_a_region(scan: &Scan<'_, '_>, name: &Named) -> bool {
    let after = scan.role_at(name.words.end, Roles::REGION_NOUN).filter(|_| !scan.clause_ends(name.words.end));
    after.is_some() || triggered(scan, name.words.start, Roles::REGION_NOUN).is_some()
}

/// "in Spain" at the end of a need, and not of people there or of what the text is about.
fn is_plain(scan: &Scan<'_, '_>, name: &Named, first: usize) -> bool {
    !scan.is_long() && is_need(scan) && goes_on(scan, name.words.end) && !is_of_people(scan, first) && !is_of_a_house(scan, first)
}

/// "for a bakery in Dublin", "photos of birds in Canada" say where that is; "a support chatbot in Dublin" and "500 tickets a month in Dublin" do not.
fn is_of_a_house(scan: &Scan<'_, '_>, first: usize) -> bool {
    let reach = scan.before(first, HOUSE_REACH);
    let opens = |at: usize| scan.role_at(at, Roles::ARTICLE.or(Roles::BELONGS));
    let Some(house) = reach.clone().rev().find_map(opens) else { return false };
    let task = Roles::NEED.or(Roles::INPUT_NOUN).or(Roles::OUTPUT_NOUN).or(Roles::DATA);
    let is_task =
        |meaning: Meaning| meaning.roles().meet(task) || (meaning.kind() != Kind::Part && meaning.kind() != Kind::Number);
    house < first && !scan.within(house..first).iter().any(|hit| is_task(hit.meaning))
}

/// "our customers in", "the users are in".
fn is_of_people(scan: &Scan<'_, '_>, first: usize) -> bool {
    let linked = scan.role_before(first, Roles::LINK).unwrap_or(first);
    [first, linked].into_iter().any(|at| scan.role_before(at, Roles::PEOPLE).is_some())
}

/// Whether the place is the end of what it belongs to: not "in Paris Saint-Germain".
pub(super) fn goes_on(scan: &Scan<'_, '_>, end: usize) -> bool {
    let demand = |meaning: Meaning| {
        matches!(meaning, Meaning::Preference(_) | Meaning::Latency(_) | Meaning::Feature(_) | Meaning::Law(_))
            || meaning.roles().meet(Roles::GOES_ON.or(Roles::OR).or(Roles::AT_MOST).or(Roles::BUDGET).or(Roles::STAY))
    };
    scan.clause_ends(end) || scan.gap(end).contains(':') || scan.at(end).iter().any(|hit| demand(hit.meaning))
}

/// Whether the text is a need at all.
pub(super) fn is_need(scan: &Scan<'_, '_>) -> bool {
    let tells = |meaning: Meaning| match meaning {
        Meaning::Part(roles) => roles.meet(Roles::NEED),
        Meaning::Rate(_) => true,
        meaning => !matches!(meaning.kind(), Kind::Place | Kind::Law | Kind::Number | Kind::Multiplier | Kind::Unit),
    };
    !scan.is_long() && scan.hits.iter().any(|hit| tells(hit.meaning))
}

/// A question or an order of general knowledge, unless it asks for a model.
pub(super) fn is_general_question(scan: &Scan<'_, '_>) -> bool {
    scan.role_at(0, Roles::OPENER).is_some() && !scan.has(0..scan.text.len(), Roles::MODEL_QUESTION)
}

/// Whether the clause up to the word says what it is about: "history of", "flights"; but not "by law".
pub(super) fn speaks_about(scan: &Scan<'_, '_>, index: usize) -> bool {
    let start = scan.clause(index).start;
    let hits = || scan.within(start..index).iter().filter(|hit| hit.end <= index);
    let is_other = |subject: &Hit| {
        let around =
            |hit: &Hit| hit.first <= subject.first && hit.end >= subject.end && hit.meaning.roles().meet(Roles::NOT_SUBJECT);
        hits().any(around)
    };
    hits().any(|hit| hit.meaning.roles().meet(Roles::SUBJECT) && !is_other(hit))
}
