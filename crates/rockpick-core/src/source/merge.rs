//! One layer of a rule file laid over those below it: tables merge, rows stay, everything else is replaced.

use std::collections::HashMap;
use std::mem;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::mistake::joined;

/// In an overlay's table: the keys of this table for which nothing of the layers below counts.
const REPLACES: &str = "replaces";

/// How the rows of a list of tables go over those of the layers below.
enum Rows {
    /// A row takes the place of the one with the same values of these keys; the others stay.
    By(&'static [&'static str]),
    /// All stay, the overlay's first: offer by offer it is decided which of them count.
    Stacked,
}

/// The lists of tables that merge, by their key. Lists of tables that are not here are replaced, as other lists are.
const ROWS: [(&str, Rows); 6] = [
    ("candidates", Rows::By(&["model", "when"])),
    ("efforts", Rows::By(&["effort"])),
    ("expect", Rows::By(&["task", "region", "residency", "prefer", "per-month", "as-of"])),
    ("price", Rows::Stacked),
    ("provisioned", Rows::By(&["id"])),
    ("rows", Rows::By(&["model", "effort"])),
];

/// A list that takes the place of one below, without all that stood there.
pub(super) struct Loss {
    /// The list as its header or key has it: `amazon.nova-lite-v1:0.access.in-region`.
    pub path: String,
    /// Its key in its own table.
    pub key: String,
    /// Where the overlay has it.
    pub over: Range<usize>,
    /// Where the layer below has it.
    pub below: Range<usize>,
    /// How many stood there.
    pub stood: usize,
    /// Those that are gone.
    pub gone: Vec<Range<usize>>,
}

/// A key in `replaces` that nothing below has.
pub(super) struct Vain {
    pub key: Spanned<String>,
    pub known: Vec<String>,
}

/// Lays one table over another, and keeps what that takes away.
#[derive(Default)]
pub(super) struct Merger {
    pub losses: Vec<Loss>,
    pub vain: Vec<Vain>,
    path: Vec<String>,
}

impl Merger {
    /// Puts `over` on `below`.
    pub fn merge<'a>(&mut self, below: &mut DeTable<'a>, mut over: DeTable<'a>) {
        for key in meant(&mut over) {
            if below.remove(key.get_ref().as_str()).is_none() {
                let known = below.keys().map(|key| key.get_ref().to_string()).collect();
                self.vain.push(Vain { key, known });
            }
        }
        for (key, value) in over {
            let name = key.get_ref().to_string();
            let Some(existing) = below.get_mut(name.as_str()) else {
                below.insert(key, value);
                continue;
            };
            self.path.push(name);
            if let Some(value) = self.lay(existing, value) {
                below.remove(&key);
                below.insert(key, value);
            }
            self.path.pop();
        }
    }

    /// Merges a value into the one below it, or gives it back where it takes its place.
    fn lay<'a>(
        &mut self,
        below: &mut Spanned<DeValue<'a>>,
        over: Spanned<DeValue<'a>>,
    ) -> Option<Spanned<DeValue<'a>>> {
        let (span, spans) = (below.span(), over.span());
        let over = match (below.get_mut(), over.into_inner()) {
            (DeValue::Table(table), DeValue::Table(inner)) => {
                self.merge(table, inner);
                return None;
            }
            (DeValue::Array(items), DeValue::Array(own)) => {
                match self.rows().filter(|_| are_rows(items) && are_rows(&own) && !own.is_empty()) {
                    Some(rows) => {
                        lay_rows(items, own, rows);
                        return None;
                    }
                    None => {
                        self.losses.extend(self.loss((items, span), (&own, spans.clone())));
                        DeValue::Array(own)
                    }
                }
            }
            (_, other) => other,
        };
        Some(Spanned::new(spans, over))
    }

    fn rows(&self) -> Option<&'static Rows> {
        let key = self.path.last()?;
        ROWS.iter().find(|(name, _)| name == key).map(|(_, rows)| rows)
    }

    fn loss(
        &self,
        (below, span): (&DeArray<'_>, Range<usize>),
        (over, at): (&DeArray<'_>, Range<usize>),
    ) -> Option<Loss> {
        let kept: Vec<String> = over.iter().map(|item| said(item.get_ref())).collect();
        let kept: std::collections::HashSet<&str> = kept.iter().map(String::as_str).collect();
        let gone = below.iter().filter(|item| !kept.contains(said(item.get_ref()).as_str()));
        let gone: Vec<Range<usize>> = gone.map(|item| item.span()).collect();
        (!gone.is_empty()).then(|| Loss {
            path: joined(self.path.iter().map(String::as_str)),
            key: self.path.last().cloned().unwrap_or_default(),
            over: at,
            below: span,
            stood: below.len(),
            gone,
        })
    }
}

/// Takes the keys out that a table is meant to replace. What is no list of texts stays, for the schema to refuse.
fn meant(over: &mut DeTable<'_>) -> Vec<Spanned<String>> {
    let list = over.get(REPLACES).and_then(|value| value.get_ref().as_array());
    let text = |item: &Spanned<DeValue<'_>>| {
        Some(Spanned::new(item.span(), item.get_ref().as_str()?.to_owned()))
    };
    let keys: Option<Vec<_>> = list.and_then(|items| items.iter().map(text).collect());
    if keys.is_some() {
        over.remove(REPLACES);
    }
    keys.unwrap_or_default()
}

fn are_rows(items: &DeArray<'_>) -> bool {
    items.iter().all(|item| item.get_ref().is_table())
}

fn lay_rows<'a>(below: &mut DeArray<'a>, over: DeArray<'a>, rows: &Rows) {
    let Rows::By(keys) = rows else {
        for row in mem::replace(below, over) {
            below.push(row);
        }
        return;
    };
    // The same row twice in one layer is a mistake that must not hide: each place is taken once.
    let mut places: HashMap<String, usize> = below
        .iter()
        .enumerate()
        .map(|(place, row)| (identity(row.get_ref(), keys), place))
        .collect();
    for row in over {
        match places.remove(&identity(row.get_ref(), keys)).and_then(|place| below.get_mut(place)) {
            Some(taken) => *taken = row,
            None => below.push(row),
        }
    }
}

/// What tells a row from the others; a key that is absent is one that is empty.
fn identity(row: &DeValue<'_>, keys: &[&str]) -> String {
    let value = |key: &&str| row.as_table().and_then(|table| table.get(*key));
    keys.iter()
        .map(|key| value(key).map_or("[]".to_owned(), |value| said(value.get_ref())) + "\n")
        .collect()
}

/// A value in one spelling, whatever its place, blanks and order.
fn said(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Array(items) => {
            let mut items: Vec<String> = items.iter().map(|item| said(item.get_ref())).collect();
            items.sort();
            format!("[{}]", items.join(","))
        }
        DeValue::Table(table) => {
            let mut entries: Vec<String> = table
                .iter()
                .map(|(key, value)| format!("{:?}={}", key.get_ref(), said(value.get_ref())))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
        DeValue::String(text) => format!("{text:?}"),
        other => format!("{other:?}"),
    }
}
