//! Providers wanted or barred: "only models from Amazon", "nada de Meta".

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::reader::Reader;
use super::scan::Scan;
use crate::task::Provider;

/// How many words may stand between "use" and the provider: "use only models from the family".
const FILLERS: usize = 5;

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
    let mut previous: Option<(Wish, usize)> = None;
    for (index, name) in names.iter().enumerate() {
        let scan = &reader.scan;
        let joined = previous.filter(|(_, end)| joins(scan, *end, name.words.start)).map(|(wish, _)| wish);
        let wish = wish(scan, name).or(joined).or_else(|| choice(scan, &names, index)).unwrap_or(Wish::Mentioned);
        previous = Some((wish, name.words.end));
        set(reader, name, wish);
    }
    let both = reader.reading.constraints.providers.and(reader.reading.constraints.exclude);
    for provider in both.iter() {
        let name = reader.scan.vocabulary.providers[usize::from(provider.0)].clone();
        reader.note(format!("{name} is both wanted and barred; it is barred"));
    }
    reader.reading.constraints.providers = reader.reading.constraints.providers.without(both);
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
    names
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
    if let Some(wish) = inside(scan, name) {
        return Some(wish);
    }
    let behind = |roles| scan.role_at(name.words.end, roles).is_some() && !scan.clause_ends(name.words.end);
    let models = scan.role_at(name.words.end, Roles::MODEL).filter(|_| behind(Roles::MODEL)).unwrap_or(name.words.end);
    let barred = scan.role_at(models, Roles::BAR_AFTER.or(Roles::NEGATION_AFTER)).is_some() && !scan.clause_ends(models);
    if barred {
        return Some(Wish::Barred);
    }
    let of_models = behind(Roles::MODEL) || behind(Roles::ONLY_AFTER);
    let before = leading(scan, name, of_models || stands_free(scan, name));
    before.or_else(|| (of_models && !scan.has(scan.clause(name.words.start), Roles::NOT_A_WISH)).then_some(Wish::Wanted))
}

/// Some names are phrases that hold their verb: "use llama", "no llama".
fn inside(scan: &Scan<'_, '_>, name: &Name) -> Option<Wish> {
    let has = |roles| scan.has(name.words.clone(), roles);
    if has(Roles::BAR) || has(Roles::NEGATION) {
        return Some(Wish::Barred);
    }
    let wanted = (has(Roles::WANT) || has(Roles::LOOSE)) && !scan.has(name.words.clone(), Roles::NOT_A_WISH);
    wanted.then(|| if scan.negated_before(name.words.start) { Wish::Barred } else { Wish::Wanted })
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
            let barred = scan.negated_before(want) && scan.role_before(first, Roles::ONLY).is_none();
            return Some(if barred { Wish::Barred } else { Wish::Wanted });
        }
        first = scan.role_before(first, Roles::PROVIDER_FILLER)?;
    }
    None
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

/// "Claude or Nova", ", Claude": names that are a clause of their own are a choice.
fn choice(scan: &Scan<'_, '_>, names: &[Name], index: usize) -> Option<Wish> {
    let name = &names[index];
    if scan.is_long() || scan.role_at(0, Roles::OPENER).is_some() || scan.has(scan.clause(name.words.start), Roles::NOT_A_WISH) {
        return None;
    }
    let pair = names
        .get(index + 1)
        .is_some_and(|next| next.provider != name.provider && scan.role_at(name.words.end, Roles::OR) == Some(next.words.start));
    let alone = !name.weak && scan.clause(name.words.start) == name.words && scan.text.len() > name.words.len();
    (alone || (pair && !name.weak)).then_some(Wish::Wanted)
}
