//! Mending what is wrong in a file, so that reading can go on to the next mistake.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeFloat, DeInteger, DeTable, DeValue};

/// Where the spans of values begin that stand in for wrong or missing ones: no file is as long.
const STAND_INS: usize = usize::MAX / 2;
/// A value that still does not fit after so many is given up.
const MOST_STAND_INS: usize = 200;

/// Whether a span is that of a value which stands in for a wrong or missing one.
pub(super) fn stands_in(span: &Range<usize>) -> bool {
    span.start >= STAND_INS
}

/// A step from a table or list to something in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Item(usize),
}

/// The way from the file to what a span covers: the innermost of all that have this span. Empty for the file itself.
pub(super) fn find(table: &Spanned<DeTable<'_>>, span: &Range<usize>) -> Vec<Step> {
    let mut path = Vec::new();
    if !in_table(table.get_ref(), span, &mut path) {
        path.clear();
    }
    path
}

fn in_table(table: &DeTable<'_>, span: &Range<usize>, path: &mut Vec<Step>) -> bool {
    // A header such as `[a]` does not cover what follows it, so everything has to be looked through.
    table.iter().any(|(key, value)| {
        path.push(Step::Key(key.get_ref().to_string()));
        let found = in_value(value, span, path) || key.span() == *span;
        if !found {
            path.pop();
        }
        found
    })
}

fn in_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>, path: &mut Vec<Step>) -> bool {
    let inside = match value.get_ref() {
        DeValue::Table(table) => in_table(table, span, path),
        DeValue::Array(items) => items.iter().enumerate().any(|(index, item)| {
            path.push(Step::Item(index));
            let found = in_value(item, span, path);
            if !found {
                path.pop();
            }
            found
        }),
        _ => false,
    };
    inside || value.span() == *span
}

/// Puts values in place of wrong and missing ones.
#[derive(Default)]
pub(super) struct Mender {
    count: usize,
}

impl Mender {
    /// Mends what a message of serde complains of; whether that was possible.
    pub fn mend(&mut self, file: &mut DeTable<'_>, path: &[Step], message: &str) -> bool {
        let named = message.split('`').nth(1).unwrap_or_default();
        self.count += 1;
        if self.count > MOST_STAND_INS {
            return false;
        }
        if message.starts_with("unknown field") {
            return match path.split_last() {
                Some((Step::Key(key), above)) => {
                    table_at(file, above).is_some_and(|table| table.remove(key.as_str()).is_some())
                }
                _ => false,
            };
        }
        if message.starts_with("missing field") {
            let value = self.spanned(text(""));
            let key = Spanned::new(value.span(), named.to_owned().into());
            return table_at(file, path).is_some_and(|table| table.insert(key, value).is_none());
        }
        let value = self.spanned(fitting(message));
        value_at(file, path).is_some_and(|place| {
            *place = value;
            true
        })
    }

    /// Gives a value a span of its own, so that it can be found again.
    fn spanned(&self, value: DeValue<'static>) -> Spanned<DeValue<'static>> {
        let start = STAND_INS + self.count;
        Spanned::new(start..start + 1, value)
    }
}

/// A value of the type that a message of serde asks for.
fn fitting(message: &str) -> DeValue<'static> {
    let day = || "2000-01-01".parse().map_or(text(""), DeValue::Datetime);
    match message.rsplit("expected ").next().unwrap_or_default() {
        _ if message.starts_with("unknown variant") => {
            text(message.split('`').nth(3).unwrap_or_default())
        }
        _ if message.starts_with("invalid date") => day(),
        _ if message.starts_with("invalid price") || message.starts_with("invalid number") => {
            text("0")
        }
        "a TOML datetime" => day(),
        "a sequence" => DeValue::Array(DeArray::new()),
        "a boolean" => DeValue::Boolean(false),
        "f32" | "f64" => DeValue::Float(DeFloat::default()),
        other if other == "a map" || other.starts_with("struct ") => DeValue::Table(DeTable::new()),
        other if is_integer(other) => DeValue::Integer(DeInteger::default()),
        _ => text(""),
    }
}

/// Whether a name is that of one of Rust's integers.
pub(super) fn is_integer(name: &str) -> bool {
    name.strip_prefix(['u', 'i']).is_some_and(|size| size == "size" || size.parse::<u8>().is_ok())
}

fn text(text: &str) -> DeValue<'static> {
    DeValue::String(text.to_owned().into())
}

fn value_at<'t, 'd>(
    table: &'t mut DeTable<'d>,
    path: &[Step],
) -> Option<&'t mut Spanned<DeValue<'d>>> {
    let (first, rest) = path.split_first()?;
    let Step::Key(key) = first else { return None };
    let mut value = table.get_mut(key.as_str())?;
    for step in rest {
        value = match (value.get_mut(), step) {
            (DeValue::Table(table), Step::Key(key)) => table.get_mut(key.as_str())?,
            (DeValue::Array(items), Step::Item(index)) => items.get_mut(*index)?,
            _ => return None,
        };
    }
    Some(value)
}

fn table_at<'t, 'd>(file: &'t mut DeTable<'d>, path: &[Step]) -> Option<&'t mut DeTable<'d>> {
    if path.is_empty() {
        return Some(file);
    }
    match value_at(file, path)?.get_mut() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}
