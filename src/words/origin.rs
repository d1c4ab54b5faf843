//! Places that something comes from or goes to: "called from Ohio", "an online shop from Oregon"; but "letters from Ireland".

use super::meaning::{Meaning, Roles};
use super::scan::{Hit, Scan};
use super::way::{Named, Way, goes_on, is_need, triggered};

/// Words between "invoked" and "from": "invoked 3,000 times a month from".
const CALL_REACH: usize = 6;
/// Words between "for a" and the house: "for our small online".
const HOUSE_REACH: usize = 4;
/// Words before "desde" that may say what comes from there: "cartas que nos llegan desde".
const SENT_REACH: usize = 6;

/// How and where it begins that the need says from where it is called, or where the house is that it is for.
pub(super) fn called_from(scan: &Scan<'_, '_>, name: &Named) -> Option<(Way, usize)> {
    if scan.is_long() || !is_need(scan) || !goes_on(scan, name.words.end) {
        return None;
    }
    if let Some(house) = house(scan, name) {
        return Some((Way::Plain, house));
    }
    let (_, first) = triggered(scan, name.words.start, Roles::FROM.or(Roles::WORK_FROM))?;
    if is_called(scan, first) || is_worked_from(scan, first) || is_own_call(scan, first) {
        return Some((Way::Host, first));
    }
    let opens = scan.clause_ends(first) && !scan.has(0..scan.text.len(), Roles::SUBJECT) && !scan.has(0..first, Roles::SENT);
    opens.then_some((Way::Plain, first))
}

/// "…, calls made from": behind the need a clause that only says from where the calls come; "calls from Ireland" alone are material.
fn is_own_call(scan: &Scan<'_, '_>, first: usize) -> bool {
    let says_what = || scan.role_at(first, Roles::FROM).is_some_and(|end| end > first + 1);
    let is_bare = || scan.at(first).iter().any(|hit| hit.end == first + 1 && hit.meaning.roles().meet(Roles::FROM));
    first > 0 && scan.clause_ends(first) && says_what() && !is_bare()
}

/// "From Lisbon to Porto", "copies from us-east-1 to eu-west-1": one end of the way between two places.
fn is_on_the_way(scan: &Scan<'_, '_>, name: &Named) -> bool {
    let is_place = |hit: &&Hit| matches!(hit.meaning, Meaning::Place(_) | Meaning::Code(_));
    let leaves = |first: usize| triggered(scan, first, Roles::FROM.or(Roles::WORK_FROM)).is_some();
    let to = |at: usize| scan.role_at(at, Roles::INTO).filter(|_| scan.role_at(at, Roles::IN).is_none());
    let (first, end) = (name.words.start, name.words.end);
    let goal = || to(end).filter(|_| !scan.clause_ends(end)).is_some_and(|at| scan.at(at).iter().any(|hit| is_place(&hit)));
    let start = || {
        let before = scan.role_before(first, Roles::INTO).filter(|at| to(*at).is_some());
        before.is_some_and(|at| scan.ending(at).filter(is_place).any(|hit| leaves(hit.first)))
    };
    (leaves(first) && goal()) || start()
}

/// "Invoked 3,000 times a month from": between a word of calling and "from" stands nothing but how often.
fn is_called(scan: &Scan<'_, '_>, first: usize) -> bool {
    let mut at = first;
    while first - at < CALL_REACH {
        if scan.role_before(at, Roles::HOST).is_some() {
            return true;
        }
        let counts = |meaning: Meaning| {
            matches!(meaning, Meaning::Number(_) | Meaning::Multiplier(_) | Meaning::Unit(_) | Meaning::Rate(_))
                || meaning.roles().meet(Roles::EACH.or(Roles::ARTICLE).or(Roles::OF).or(Roles::NOT_REQUESTS))
        };
        let before = scan.ending(at).filter(|hit| counts(hit.meaning)).map(|hit| hit.first).min();
        let digits =
            || at.checked_sub(1).filter(|before| scan.text.word(*before).starts_with(|sign: char| sign.is_ascii_digit()));
        match before.or_else(digits) {
            Some(before) => at = before,
            None => return false,
        }
    }
    false
}

/// Spanish "desde" says from where one works, unless something that travels stands before it: "vuelos desde Madrid".
fn is_worked_from(scan: &Scan<'_, '_>, first: usize) -> bool {
    let before = scan.before(first, SENT_REACH);
    scan.role_at(first, Roles::WORK_FROM).is_some() && !scan.has(before, Roles::SENT.or(Roles::PEOPLE))
}

/// "For an online shop from Oregon", "para una tienda de Virginia": the house that it is for calls from there.
fn house(scan: &Scan<'_, '_>, name: &Named) -> Option<usize> {
    let (_, first) = triggered(scan, name.words.start, Roles::FROM.or(Roles::WORK_FROM).or(Roles::BELONGS))?;
    let house = scan.role_before(first, Roles::HOUSE)?;
    let mut at = house;
    for _ in 0..=HOUSE_REACH {
        if let Some(article) = scan.role_before(at, Roles::ARTICLE.or(Roles::FILLER)) {
            return scan.role_before(article, Roles::FOR).map(|_| house);
        }
        at = at.checked_sub(1).filter(|before| scan.same_clause(*before, first))?;
    }
    None
}

/// "Code that deploys to us-east-1", "Terraform for us-east-1 buckets": what the text is about runs there.
pub(super) fn is_of_infrastructure(scan: &Scan<'_, '_>, name: &Named) -> bool {
    let first = triggered(scan, name.words.start, Roles::INFRA_VERB).map(|(_, first)| first);
    let has_noun = || scan.has(scan.clause(name.words.start).start..name.words.start, Roles::INFRA);
    let noun_after = !scan.clause_ends(name.words.end) && scan.role_at(name.words.end, Roles::INFRA).is_some();
    let for_it = || triggered(scan, name.words.start, Roles::FOR).is_some();
    first.is_some() || noun_after || (for_it() && has_noun()) || is_on_the_way(scan, name)
}
