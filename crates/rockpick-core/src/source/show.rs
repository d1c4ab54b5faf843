//! A rule file as it is after merging, as TOML, with the origin of each value.

use std::fmt::Write as _;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::RuleFile;
use super::merge::Merger;
use super::mistake::is_key;
use crate::diagnostic::Diagnostics;

impl RuleFile {
    /// The merged file as TOML; with `origin`, every value is followed by the file and line it comes from.
    ///
    /// Values are written as their authors wrote them; layers that are not TOML are left out.
    #[must_use]
    pub fn effective(&self, origin: bool) -> Option<String> {
        let texts = self.padded();
        let table = self.merged(&texts, &mut Merger::default(), &mut Diagnostics::default())?;
        let mut writer = Writer { file: self, origin, text: String::new() };
        writer.table("", table.get_ref());
        Some(writer.text)
    }

    /// The file and line, counted from 1, in which a span begins.
    fn origin(&self, span: Range<usize>) -> String {
        let place = self.place(span);
        let text = self
            .texts()
            .filter(|(shown, _)| *shown == place.file)
            .last()
            .map_or("", |(_, text)| text);
        let before = text.get(..place.span.start).unwrap_or(text);
        format!("{}:{}", place.file, 1 + before.matches('\n').count())
    }
}

struct Writer<'a> {
    file: &'a RuleFile,
    origin: bool,
    text: String,
}

impl Writer<'_> {
    /// What a table holds: first what fits on a line of its own, then what needs headers.
    fn table(&mut self, path: &str, table: &DeTable<'_>) {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let (plain, sections): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|(_, value)| self.is_plain(value));
        for (key, value) in plain {
            let written = self.file.text_at(value.span()).unwrap_or_default();
            let _ = write!(self.text, "{} = {written}", name(key.get_ref()));
            if self.origin {
                let _ = write!(self.text, "  # {}", self.file.origin(value.span()));
            }
            self.text.push('\n');
        }
        for (key, value) in sections {
            let path = if path.is_empty() {
                name(key.get_ref())
            } else {
                format!("{path}.{}", name(key.get_ref()))
            };
            match value.get_ref() {
                DeValue::Table(table) => self.section(&path, "[", "]", table),
                DeValue::Array(items) => {
                    for table in items.iter().filter_map(|item| item.get_ref().as_table()) {
                        self.section(&path, "[[", "]]", table);
                    }
                }
                _ => {}
            }
        }
    }

    fn section(&mut self, path: &str, open: &str, close: &str, table: &DeTable<'_>) {
        let has_lines = table.is_empty() || table.values().any(|value| self.is_plain(value));
        if has_lines || open == "[[" {
            let blank = if self.text.is_empty() { "" } else { "\n" };
            let _ = writeln!(self.text, "{blank}{open}{path}{close}");
        }
        self.table(path, table);
    }

    /// Whether a value can be written as it stands in one of the layers.
    fn is_plain(&self, value: &Spanned<DeValue<'_>>) -> bool {
        match value.get_ref() {
            DeValue::Table(table) => {
                let inline =
                    self.file.text_at(value.span()).is_some_and(|text| text.starts_with('{'));
                inline
                    && table
                        .values()
                        .all(|inner| within(&inner.span(), &value.span()) && self.is_plain(inner))
            }
            // The first table of a `[[list]]` has the span of the list itself, and rows of other layers stand elsewhere.
            DeValue::Array(items) => items
                .iter()
                .all(|item| item.span() != value.span() && within(&item.span(), &value.span())),
            _ => true,
        }
    }
}

fn within(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// A key as TOML writes it.
fn name(key: &str) -> String {
    if is_key(key) {
        return key.to_owned();
    }
    let mut quoted = String::from("\"");
    for sign in key.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            sign if sign.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(sign));
            }
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layered(below: &str, over: &str) -> RuleFile {
        let mut file = RuleFile::new("a.toml", "below.toml", below);
        file.overlay(RuleFile::new("a.toml", "over.toml", over));
        file
    }

    #[test]
    fn tables_merge_and_lists_are_replaced() {
        let file = layered(
            "list = [1, 2]\n[a]\nx = 1\ny = { z = [[1]] }\n[[b]]\nn = 1\n[[b]]\nn = 2\n",
            "list = [3]\n[a]\nx = 2\n[\"c.d\".e]\nq = 'k'\n[[b]]\nn = 3\n",
        );
        insta::assert_snapshot!(file.effective(true).unwrap_or_default());
    }

    #[test]
    fn what_is_shown_reads_back_as_the_same() {
        let file = layered(
            "a = { b = 1, c = 2 }\nd.e.f = 1\n",
            "a.b = 3\n\"k\\\"\\u0001\" = \"\"\"\nx\n\"\"\"\n",
        );
        let shown = file.effective(true).unwrap_or_default();
        let again = RuleFile::new("a.toml", "again.toml", shown.clone());
        assert_eq!(again.effective(false), file.effective(false), "{shown}");
        let read = |file: &RuleFile| file.parse::<toml::Table>(&mut Diagnostics::default());
        assert_eq!(read(&again), read(&file), "{shown}");
        assert!(read(&file).is_some());
    }
}
