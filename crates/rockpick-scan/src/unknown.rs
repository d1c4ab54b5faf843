//! IDs that the catalog does not have: whether they are reported, and what is meant.

use std::collections::HashSet;

use rockpick_core::task::ModelIndex;

use crate::context::flat;
use crate::judge::Case;
use crate::known::Subject;
use crate::words::SPACED;

/// How many signs may differ in one that is meant.
const FAR: usize = 2;

/// Whether an ID without a model is a mistake, and not a part of one, or another platform's.
pub(crate) fn is_reported(case: &Case<'_, '_>) -> bool {
    let base = case.read.base;
    if is_of_other_platform(base) || (case.words.other && !case.words.aws) {
        return false;
    }
    if is_versioned(base) {
        return true;
    }
    let before = flat(case.lines.before(case.mention.start));
    let asked =
        before.contains("model") && !before.contains("family") && !before.contains("prefix");
    let routed = case.read.prefix.is_some();
    if is_part(case, base) {
        return routed && asked;
    }
    routed || asked || case.meant().is_some()
}

/// Whether an ID ends in a version or a date.
fn is_versioned(base: &str) -> bool {
    if base.contains(':') {
        return true;
    }
    base.split('-').skip(1).any(|part| {
        let digits = part.strip_prefix('v').unwrap_or_default();
        let version = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let date = part.len() == 8
            && part.starts_with("20")
            && part.bytes().all(|byte| byte.is_ascii_digit());
        version || date
    })
}

/// Whether known IDs go on where it ends.
fn is_part(case: &Case<'_, '_>, base: &str) -> bool {
    case.known.ids().iter().any(|id| {
        id.strip_prefix(base).is_some_and(|rest| {
            rest.starts_with(['-', '.', ':']) || base.ends_with(|sign: char| !sign.is_ascii_digit())
        })
    })
}

/// Names that other platforms have for models of the same providers: `command-r-08-2024`, `llama-3.3`, `v3.0`.
fn is_of_other_platform(base: &str) -> bool {
    let parts: Vec<&str> = base.split('-').collect();
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let month = parts
        .windows(2)
        .any(|pair| digits(pair[0], 2) && digits(pair[1], 4) && pair[1].starts_with("20"));
    let spaced = parts.len() > 1
        && parts[0].split('.').nth(1).is_some_and(|name| SPACED.contains(&name))
        && parts[1].starts_with(|sign: char| sign.is_ascii_digit());
    let decimal = parts
        .last()
        .is_some_and(|last| last.strip_prefix('v').is_some_and(|version| version.contains('.')));
    month || spaced || decimal
}

/// The living model that is meant, where only one can be.
pub(crate) fn meant(case: &Case<'_, '_>) -> Option<ModelIndex> {
    let catalog = case.known.catalog;
    let runtime = |index: ModelIndex| {
        let model = catalog.model(index);
        model.alias_of.as_ref().and_then(|id| catalog.index_of(id)).unwrap_or(index)
    };
    if let Some(Subject::Model(index)) = case.read.subject {
        // The profile does not exist; the model does.
        return Some(runtime(index));
    }
    let base = case.read.base;
    let only = |test: &dyn Fn(&str) -> bool| {
        let found: HashSet<ModelIndex> = catalog
            .indices()
            .filter(|index| test(&catalog.model(*index).id))
            .map(runtime)
            .collect();
        (found.len() == 1).then(|| found.into_iter().next()).flatten()
    };
    let own = stem(base);
    let gone = catalog.retired().iter().any(|gone| stem(&gone.id) == own);
    if gone {
        return None;
    }
    only(&|id| stem(id) == own).or_else(|| {
        let digits = numbers(&own);
        only(&|id| numbers(&stem(id)) == digits && distance(&stem(id), &own) <= FAR)
    })
}

/// An ID without its version and date.
fn stem(id: &str) -> String {
    let id = id.split(':').next().unwrap_or(id);
    let dated = |part: &&str| {
        part.len() == 8 && part.starts_with("20") && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut parts: Vec<&str> = id.split('-').collect();
    if parts.len() > 1
        && parts.last().is_some_and(|last| {
            last.strip_prefix('v').is_some_and(|rest| rest.parse::<u8>().is_ok())
        })
    {
        parts.pop();
    }
    parts.retain(|part| !dated(part));
    parts.join("-")
}

fn numbers(id: &str) -> String {
    id.chars().filter(char::is_ascii_digit).collect()
}

/// How many signs differ.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, sign) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (column, other) in b.iter().enumerate() {
            let change = corner + usize::from(sign != *other);
            corner = row[column + 1];
            row[column + 1] = change.min(row[column] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}
