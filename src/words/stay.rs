//! Why a place is one that data must not leave: "must stay in …", "without leaving …", "keep all data in …".

use std::ops::Range;

use super::meaning::Roles;
use super::scan::{Hit, Scan};
use super::way::{Named, speaks_about, triggered};

/// Words between "keep" and "in": "keep all of our customers' data in".
const VERB_REACH: usize = 9;
/// What turns "leave" round.
const LEAVING_BARS: Roles = Roles::NEGATION.or(Roles::NEGATION_AFTER).or(Roles::BAR).or(Roles::BAR_AFTER);

/// Where the demand that data stay in the place begins.
pub(super) fn stay(scan: &Scan<'_, '_>, name: &Named) -> Option<usize> {
    let (first, end) = (name.words.start, name.words.end);
    let behind = |roles| scan.role_at(end, roles).is_some() && !scan.clause_ends(end);
    // "Must never cross the German border".
    let is_border = name.adjective && behind(Roles::SOIL);
    let before = triggered(scan, first, Roles::STAY).map(|(_, first)| first).filter(|_| !name.adjective || is_border);
    let beside = || behind(Roles::STAY_AFTER.or(Roles::RESIDENCY_NOUN).or(Roles::SOIL)).then_some(first);
    let noun = || scan.role_before(first, Roles::RESIDENCY_NOUN).or_else(|| scan.role_before(first, Roles::SOIL));
    let found = before.or_else(beside).or_else(noun).or_else(|| kept(scan, name));
    let Some(found) = found else { return never_left(scan, name) };
    let topic = speaks_about(scan, found) && !scan.has(scan.clause(first), Roles::DATA);
    (!scan.negated_before(found) && !topic).then_some(found).or_else(|| never_left(scan, name))
}

/// "Without data leaving the EU", "none of it may be sent outside Germany".
fn never_left(scan: &Scan<'_, '_>, name: &Named) -> Option<usize> {
    // "Never beyond French borders".
    let borders = !scan.clause_ends(name.words.end) && scan.role_at(name.words.end, Roles::SOIL).is_some();
    let (_, leave) = triggered(scan, name.words.start, Roles::LEAVE).filter(|_| !name.adjective || borders)?;
    let reach = scan.before(leave, VERB_REACH);
    let not = scan.within(reach).iter().find(|hit| hit.end <= leave && hit.meaning.roles().meet(LEAVING_BARS));
    not.map(|hit| hit.first)
}

/// "The data must not leave the country", "must stay in the country": where that is said.
pub(super) fn never_abroad(scan: &Scan<'_, '_>) -> Option<Range<usize>> {
    let said = |hit: &&Hit| {
        // "No pueden salir del" is a phrase of its own, and reaches into this one.
        let before = scan.within(scan.before(hit.first, VERB_REACH));
        let barred = || before.iter().any(|bar| bar.meaning.roles().meet(LEAVING_BARS.or(Roles::STAY)));
        let leaves = hit.meaning.roles().meet(Roles::ABROAD) && barred();
        leaves || (hit.meaning.roles().meet(Roles::AT_HOME) && !scan.negated_before(hit.first))
    };
    scan.hits.iter().find(said).filter(|_| !scan.is_long()).map(|hit| hit.first..hit.end)
}

/// "Keep all customer data in Japan", "processing within Germany".
fn kept(scan: &Scan<'_, '_>, name: &Named) -> Option<usize> {
    let adjective_fits = !name.adjective || scan.role_at(name.words.end, Roles::HOST_NOUN).is_some();
    let (_, first) = triggered(scan, name.words.start, Roles::IN.or(Roles::WITHIN)).filter(|_| adjective_fits)?;
    let reach = scan.before(first, VERB_REACH);
    if !scan.has(scan.clause(first).start..first, Roles::DATA) {
        return None;
    }
    let within = scan.role_at(first, Roles::WITHIN).is_some();
    // "…, data in Spain": the clause is about nothing but where data are.
    let data = scan.role_before(first, Roles::DATA).filter(|data| scan.clause_ends(*data));
    if data.is_some() {
        return data;
    }
    let verb = scan.within(reach.clone()).iter().find(|hit| hit.end <= first && hit.meaning.roles().meet(Roles::STAY_VERB));
    verb.map(|hit| hit.first).or_else(|| within.then_some(first))
}
