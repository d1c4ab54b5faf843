//! Providers wanted or barred: "only models from Amazon", "nada de Meta".

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::reader::Reader;
use super::scan::Scan;
use super::way::is_need;
use crate::task::Provider;

/// How many words may stand between "use" and the provider: "use only models from the family".
const FILLERS: usize = 5;
/// How many words may stand between the provider and what is said of it: "are the two vendors that we have cleared".
const VERDICT_REACH: usize = 10;

/// Words from "embeddings" to "de Cohere".
const MODEL_REACH: usize = 3;

/// What is said about a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    Wanted,
    Barred,
    /// A name in passing, such as a yardstick.
    Mentioned,
}

/// A provider's name, whether it is an ordinary word too, and where it stands.
struct Name {
    provider: Provider,
    weak: bool,
    words: Range<usize>,
}

/// Reads every provider that is wanted or barred.
pub(super) fn read(reader: &mut Reader<'_, '_>) {
    let names = names(&reader.scan);
    if names.is_empty() {
        return;
    }
    for (name, wish) in names.iter().zip(wishes(&reader.scan, &names)) {
        set(reader, name, wish);
    }
    let both = reader.reading.constraints.providers.and(reader.reading.constraints.exclude);
    for provider in both.iter() {
        let name = reader.scan.vocabulary.providers[usize::from(provider.0)].clone();
        reader.note(format!("{name} is both wanted and barred; it is barred"));
    }
    reader.reading.constraints.providers = reader.reading.constraints.providers.without(both);
}

/// What is said of each name. What stands before a list goes for all of it; what stands behind it too, where an "or" holds it together.
fn wishes(scan: &Scan<'_, '_>, names: &[Name]) -> Vec<Wish> {
    let joined = |index: usize| index > 0 && joins(scan, names[index - 1].words.end, names[index].words.start);
    // Beside names that are nothing else an ordinary word is a name too.
    let vague = names.iter().all(|name| name.weak);
    let mut wishes: Vec<Option<Wish>> = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let own = wish(scan, name).or_else(|| verdict(scan, name.words.end, vague));
        let led = if joined(index) && !starts_anew(scan, names, index) { wishes[index - 1] } else { None };
        let pair = index == 1 && scan.gap(names[0].words.end).contains(',');
        let models = of_models(scan, name).filter(|_| led.is_none() || pair);
        wishes.push(own.or(models).or(led).or_else(|| choice(scan, names, index)));
    }
    let mut held = false;
    for index in (1..names.len()).rev() {
        let (end, first) = (names[index - 1].words.end, names[index].words.start);
        held = joined(index) && (held || end < first);
        let is_open = wish(scan, &names[index - 1]).is_none() && wishes[index].is_some_and(|wish| wish != Wish::Mentioned);
        if held && is_open && wishes[index - 1].is_none_or(|wish| wish == Wish::Wanted) {
            wishes[index - 1] = wishes[index];
        }
    }
    wishes.into_iter().map(|wish| wish.unwrap_or(Wish::Mentioned)).collect()
}

/// "Only Cohere, Qwen kommt nicht infrage": behind a comma a sentence begins rather than the next of a list.
fn starts_anew(scan: &Scan<'_, '_>, names: &[Name], index: usize) -> bool {
    let (first, end) = (names[index].words.start, names[index].words.end);
    let listed = scan.clause_ends(end) || scan.role_at(end, Roles::OR.or(Roles::GOES_ON).or(Roles::MODEL)).is_some();
    names[index - 1].words.end == first && !scan.gap(first).contains('/') && !listed
}

fn names(scan: &Scan<'_, '_>) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for hit in &scan.hits {
        let (provider, weak) = match hit.meaning {
            Meaning::Provider(provider) => (provider, false),
            Meaning::WeakProvider(provider) => (provider, true),
            _ => continue,
        };
        match names.last_mut() {
            Some(last) if last.words.end > hit.first => last.words.end = last.words.end.max(hit.end),
            Some(last) if last.provider == provider && last.words.end == hit.first && !scan.clause_ends(hit.first) => {
                last.words.end = hit.end;
                last.weak &= weak;
            }
            _ => names.push(Name { provider, weak, words: hit.first..hit.end }),
        }
    }
    for name in &mut names {
        name.words.end = possessed(scan, name.words.end);
    }
    for index in 1..names.len() {
        // "Meta or DeepSeek": beside a name that is nothing else, an ordinary word is a name too.
        if joins(scan, names[index - 1].words.end, names[index].words.start) {
            names[index].weak &= names[index - 1].weak;
        }
    }
    for index in (1..names.len()).rev() {
        if joins(scan, names[index - 1].words.end, names[index].words.start) {
            names[index - 1].weak &= names[index].weak;
        }
    }
    names
}

/// Behind "'s own", where the name is all that follows: "Amazon's own".
fn possessed(scan: &Scan<'_, '_>, end: usize) -> usize {
    let own = if scan.gap(end).chars().count() == 1 { scan.role_at(end, Roles::OWN) } else { None };
    own.filter(|own| scan.role_at(end, Roles::MODEL).is_none_or(|models| models <= *own)).unwrap_or(end)
}

fn set(reader: &mut Reader<'_, '_>, name: &Name, wish: Wish) {
    let constraints = &mut reader.reading.constraints;
    let (set, field) = match wish {
        Wish::Wanted => (&mut constraints.providers, "providers"),
        Wish::Barred => (&mut constraints.exclude, "exclude"),
        Wish::Mentioned => return,
    };
    if !set.contains(name.provider) {
        set.insert(name.provider);
        let key = reader.scan.vocabulary.providers[usize::from(name.provider.0)].clone();
        reader.said(field, key, name.words.clone());
    }
}

/// What the words around the name say.
fn wish(scan: &Scan<'_, '_>, name: &Name) -> Option<Wish> {
    if is_refused(scan, name) {
        return Some(Wish::Barred);
    }
    if let Some(wish) = inside(scan, name) {
        return Some(wish);
    }
    let behind = |roles| scan.role_at(name.words.end, roles).is_some() && !scan.clause_ends(name.words.end);
    let models = scan.role_at(name.words.end, Roles::MODEL).filter(|_| behind(Roles::MODEL)).unwrap_or(name.words.end);
    let barred = scan.role_at(models, Roles::BAR_AFTER.or(Roles::NEGATION_AFTER)).filter(|_| !scan.clause_ends(models));
    // "Amazon is out of toner" is about a shop.
    if barred.is_some_and(|after| !name.weak || ends_verdict(scan, after, true)) {
        return Some(Wish::Barred);
    }
    leading(scan, name, names_models(scan, name) || stands_free(scan, name))
}

/// "The models of Qwen no": a bare "no" ends the clause behind the name.
fn is_refused(scan: &Scan<'_, '_>, name: &Name) -> bool {
    let end = name.words.end;
    let no = scan.role_at(end, Roles::NEGATION).filter(|_| !scan.clause_ends(end));
    no.is_some_and(|after| !name.weak && scan.clause_ends(after))
}

/// "Cohere models", "Mistral only".
fn names_models(scan: &Scan<'_, '_>, name: &Name) -> bool {
    let held = || scan.has(name.words.clone(), Roles::MODEL) && stands_free(scan, name);
    let behind = scan.role_at(name.words.end, Roles::MODEL.or(Roles::ONLY_AFTER));
    (behind.is_some() && !scan.clause_ends(name.words.end)) || held()
}

/// What the word for models beside the name says where no other word speaks of it.
fn of_models(scan: &Scan<'_, '_>, name: &Name) -> Option<Wish> {
    (names_models(scan, name) && !scan.has(scan.clause(name.words.start), Roles::NOT_A_WISH)).then_some(Wish::Wanted)
}

/// Some names are phrases that hold their verb: "use llama", "no llama".
fn inside(scan: &Scan<'_, '_>, name: &Name) -> Option<Wish> {
    let has = |roles| scan.has(name.words.clone(), roles);
    if has(Roles::BAR) || has(Roles::NEGATION) {
        return Some(Wish::Barred);
    }
    let wanted = (has(Roles::WANT) || has(Roles::LOOSE)) && !scan.has(name.words.clone(), Roles::NOT_A_WISH);
    // "Any but", "forbidden to use": what is said of it may reach into the name's first word.
    let (first, end) = (name.words.start, name.words.end);
    let around = scan.within(scan.before(first, FILLERS).start..first);
    let reaching = |roles| around.iter().any(|hit| hit.end > first && hit.end < end && hit.meaning.roles().meet(roles));
    if reaching(Roles::BAR.or(Roles::NEGATION)) {
        return Some(Wish::Barred);
    }
    let barred = || scan.negated_before(first) || scan.has(scan.before(first, FILLERS), Roles::BAR);
    (wanted || reaching(Roles::WANT)).then(|| if barred() { Wish::Barred } else { Wish::Wanted })
}

/// Whether nothing follows that the name belongs to: "use Nova", not "use Amazon Connect".
fn stands_free(scan: &Scan<'_, '_>, name: &Name) -> bool {
    let end = name.words.end;
    scan.clause_ends(end) || scan.gap(end).contains(':') || scan.role_at(end, Roles::GOES_ON.or(Roles::OR)).is_some()
}

/// The wish before the name, over words such as "models from the".
fn leading(scan: &Scan<'_, '_>, name: &Name, certain: bool) -> Option<Wish> {
    let mut first = name.words.start;
    for _ in 0..=FILLERS {
        if scan
            .role_before(first, Roles::NOT_A_WISH)
            .is_some_and(|at| scan.role_before(first, Roles::WANT.or(Roles::BAR)).is_none_or(|want| at <= want))
        {
            return Some(Wish::Mentioned);
        }
        if (!name.weak || certain) && scan.role_before(first, Roles::BAR.or(Roles::NEGATION)).is_some() {
            return Some(Wish::Barred);
        }
        let wants = if name.weak { Roles::WANT } else { Roles::WANT.or(Roles::LOOSE) };
        if let Some(want) = scan.role_before(first, wants).filter(|_| !name.weak || certain) {
            let bars = || scan.has(scan.before(want, MODEL_REACH), Roles::BAR);
            let barred = (scan.negated_before(want) || bars()) && scan.role_before(first, Roles::ONLY).is_none();
            return Some(if barred { Wish::Barred } else { Wish::Wanted });
        }
        if let Some(models) = models_of(scan, first).filter(|_| !name.weak) {
            return Some(if scan.negated_before(models) { Wish::Barred } else { Wish::Wanted });
        }
        first = scan.role_before(first, Roles::PROVIDER_FILLER)?;
    }
    None
}

/// "Embeddings multilingües de Cohere", "a small model from": where the models begin that come from the provider.
fn models_of(scan: &Scan<'_, '_>, first: usize) -> Option<usize> {
    let of = scan.role_before(first, Roles::BELONGS.or(Roles::FROM))?;
    scan.before(of, MODEL_REACH).rev().find(|at| scan.role_at(*at, Roles::MODEL).is_some_and(|end| end <= of))
}

/// Whether two names are joined: "Claude or Nova", "Anthropic, Meta", "Claude or models from Amazon".
fn joins(scan: &Scan<'_, '_>, end: usize, first: usize) -> bool {
    if end == first {
        return scan.gap(first).contains([',', '/']);
    }
    let mut at = scan.role_at(end, Roles::OR);
    for _ in 0..FILLERS {
        match at {
            Some(reached) if reached < first => at = scan.role_at(reached, Roles::PROVIDER_FILLER),
            _ => break,
        }
    }
    at == Some(first)
}

/// What is said behind the name: "Meta would do", "Qwen would not", "Cohere is the one vendor we have cleared", "Qwen lo tenemos vetado".
fn verdict(scan: &Scan<'_, '_>, end: usize, weak: bool) -> Option<Wish> {
    let (mut at, mut negated, mut linked) = (end, false, false);
    for _ in 0..VERDICT_REACH {
        if scan.clause_ends(at) {
            return (negated && linked && !weak).then_some(Wish::Barred);
        }
        if let Some(after) = scan.role_at(at, Roles::APPROVED).filter(|after| ends_verdict(scan, *after, weak)) {
            let wish = if negated { Wish::Barred } else { Wish::Wanted };
            return (linked || after > at + 1 || negated).then_some(wish);
        }
        if scan.role_at(at, Roles::BAR_AFTER).is_some_and(|after| !weak || ends_verdict(scan, after, weak)) {
            return Some(if negated { Wish::Mentioned } else { Wish::Barred });
        }
        let is_not = scan.role_at(at, Roles::NEGATION);
        let link = scan.role_at(at, Roles::VERDICT_LINK);
        negated |= is_not.is_some();
        // "Isn't" is a link as well.
        linked |= link.is_some() || is_not.is_some_and(|after| after > at + 1);
        at = is_not.into_iter().chain(link).max()?;
    }
    None
}

/// Whether nothing follows that what is said belongs to: "Amazon is fine with returns".
fn ends_verdict(scan: &Scan<'_, '_>, end: usize, weak: bool) -> bool {
    scan.clause_ends(end)
        || scan.gap(end).contains(':')
        || (!weak && scan.role_at(end, Roles::GOES_ON.or(Roles::OR).or(Roles::VERDICT_LINK)).is_some())
}

/// "Claude or Nova", ", Claude": names that are a clause of their own are a choice.
fn choice(scan: &Scan<'_, '_>, names: &[Name], index: usize) -> Option<Wish> {
    let name = &names[index];
    let clause = scan.clause(name.words.start);
    if scan.is_long()
        || scan.role_at(0, Roles::OPENER).is_some()
        || scan.has(clause.clone(), Roles::NOT_A_WISH.or(Roles::NEGATION).or(Roles::BAR))
    {
        return None;
    }
    let next = names.get(index + 1).filter(|next| next.provider != name.provider);
    let next = next.filter(|next| scan.role_at(name.words.end, Roles::OR) == Some(next.words.start));
    let alone = !name.weak && clause == name.words && scan.text.len() > name.words.len();
    // "Nvidia or Google." names two of a kind, even if each is an ordinary word.
    let pair = next.is_some_and(|next| {
        let either = scan.role_at(name.words.end, Roles::EITHER).is_some();
        // "With Amazon or with Stability, …"
        let start = scan.role_before(name.words.start, Roles::LOOSE).unwrap_or(name.words.start);
        let own_clause = clause == (start..next.words.end) && scan.text.len() > clause.len();
        !name.weak || (either && own_clause)
    });
    // "…, con Stability, …": a clause of its own behind a need.
    let with = scan.role_before(name.words.start, Roles::LOOSE);
    let with_it = with.is_some_and(|with| with > 0 && clause == (with..name.words.end)) && is_need(scan);
    (alone || pair || with_it).then_some(Wish::Wanted)
}
