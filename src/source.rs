//! Rule files as they are read: TOML with places, every mistake of a file found in one run.

use std::fs;
use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, nearest};

/// The largest rule file that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// A text that gave some or all of a rule file: the bundled one, or a layer that people put over it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Layer {
    /// Its path as the user knows it, for diagnostics.
    shown: String,
    text: String,
    /// Where its places begin: each layer's places follow those of the layers below, so that one number tells both.
    start: usize,
}

/// One rule file, with the layers that people put over it: tables merge, everything else is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// Its path below the rules folder, with `/`: `tasks/code.toml`.
    pub path: String,
    layers: Vec<Layer>,
}

impl RuleFile {
    /// A file of one layer.
    #[must_use]
    pub fn new(path: impl Into<String>, shown: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), layers: vec![Layer { shown: shown.into(), text: text.into(), start: 0 }] }
    }

    /// Puts the layers of `over` on top.
    pub fn overlay(&mut self, over: Self) {
        for layer in over.layers {
            let start = self.layers.last().map_or(0, |last| last.start + last.text.len() + 1);
            self.layers.push(Layer { start, ..layer });
        }
    }

    /// The file's name without folder and ending: `code`.
    #[must_use]
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.strip_suffix(".toml").unwrap_or(name)
    }

    /// Where a span of the merged file stands.
    #[must_use]
    pub fn place(&self, span: Range<usize>) -> Place {
        let found = self.layers.iter().rev().find(|layer| layer.start <= span.start);
        let (shown, start) = found.map_or(("rules", 0), |layer| (layer.shown.as_str(), layer.start));
        Place { file: shown.to_owned(), span: span.start - start..span.end.max(span.start) - start }
    }

    /// What a span of the merged file says.
    #[must_use]
    pub fn text_at(&self, span: Range<usize>) -> Option<&str> {
        let layer = self.layers.iter().rev().find(|layer| layer.start <= span.start)?;
        layer.text.get(span.start - layer.start..span.end.checked_sub(layer.start)?)
    }

    /// The texts of the layers by the names that diagnostics use.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.layers.iter().map(|layer| (layer.shown.as_str(), layer.text.as_str()))
    }

    /// Reads the file as a `T`, adding every mistake to `diagnostics`; `None` when there is one.
    pub fn parse<T: DeserializeOwned>(&self, diagnostics: &mut Diagnostics) -> Option<T> {
        // The layers' spans are told apart by blanks in front of the text; they are cheap and only overlays have any.
        let texts: Vec<String> = self.layers.iter().map(|layer| " ".repeat(layer.start) + &layer.text).collect();
        let mut table = self.merged(&texts, diagnostics)?;
        let mut complete = true;
        loop {
            let error = match T::deserialize(toml::de::Deserializer::from(table.clone())) {
                Ok(value) => return complete.then_some(value),
                Err(error) => error,
            };
            complete = false;
            diagnostics.push(self.diagnose(&error));
            // serde stops at the first mistake: take it out and look for the next one.
            if !error.span().is_some_and(|span| remove(table.get_mut(), &span)) {
                return None;
            }
        }
    }

    fn merged<'a>(&self, texts: &'a [String], diagnostics: &mut Diagnostics) -> Option<Spanned<DeTable<'a>>> {
        let mut merged: Option<Spanned<DeTable<'a>>> = None;
        let mut sound = true;
        for text in texts {
            let (table, errors) = DeTable::parse_recoverable(text);
            sound &= errors.is_empty();
            for error in &errors {
                diagnostics.push(self.diagnose(error));
            }
            match &mut merged {
                None => merged = Some(table),
                Some(below) => merge(below.get_mut(), table.into_inner()),
            }
        }
        merged.filter(|_| sound)
    }

    fn diagnose(&self, error: &toml::de::Error) -> Diagnostic {
        let message = error.message().to_owned();
        let code = code_of(&message);
        let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        let replacement = match (code, names.split_first()) {
            (Code::UnknownKey, Some((wrong, known))) => nearest(wrong, known.iter().copied()).map(str::to_owned),
            (Code::WrongValue, Some((wrong, known))) if message.starts_with("unknown variant") => {
                nearest(wrong, known.iter().copied()).map(|name| format!("\"{name}\""))
            }
            _ => None,
        };
        let place = self.place(error.span().unwrap_or(0..0));
        Diagnostic::error(code, message).at(place).replace_with(replacement)
    }
}

fn code_of(message: &str) -> Code {
    let begins = |starts: &[&str]| starts.iter().any(|start| message.starts_with(start));
    if begins(&["unknown field"]) {
        Code::UnknownKey
    } else if begins(&["missing field"]) {
        Code::MissingKey
    } else if begins(&["duplicate"]) {
        Code::Duplicate
    } else if begins(&["invalid type", "invalid value", "invalid price", "invalid date", "invalid number", "unknown variant"]) {
        Code::WrongValue
    } else {
        Code::Syntax
    }
}

/// Puts `over` on `below`: tables merge, everything else is replaced.
fn merge<'a>(below: &mut DeTable<'a>, over: DeTable<'a>) {
    for (key, value) in over {
        if let DeValue::Table(inner) = value.get_ref()
            && let Some(existing) = below.get_mut(&key)
            && let DeValue::Table(table) = existing.get_mut()
        {
            merge(table, inner.clone());
            continue;
        }
        below.remove(&key);
        below.insert(key, value);
    }
}

/// Takes the innermost entry that covers `wrong` out of the table.
fn remove(table: &mut DeTable<'_>, wrong: &Range<usize>) -> bool {
    let covers = |span: Range<usize>| span.start <= wrong.start && wrong.end <= span.end;
    if table.iter_mut().any(|(_, value)| descend(value, wrong)) {
        return true;
    }
    let key = table.iter().find(|(key, value)| covers(key.span()) || covers(value.span())).map(|(key, _)| key.clone());
    key.is_some_and(|key| table.remove(&key).is_some())
}

fn descend(value: &mut Spanned<DeValue<'_>>, wrong: &Range<usize>) -> bool {
    match value.get_mut() {
        DeValue::Table(inner) => remove(inner, wrong),
        DeValue::Array(items) => items.iter_mut().any(|item| descend(item, wrong)),
        _ => false,
    }
}

/// Reads a folder of rule files, in the order of their paths: `*.toml` there and in its folders `tasks` and `models`.
///
/// # Errors
/// A diagnostic for every file that cannot be read.
pub fn read_folder(folder: &Path) -> Result<Vec<RuleFile>, Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut files = Vec::new();
    if !folder.is_dir() {
        let message = format!("there is no folder of rules at {}", folder.display());
        diagnostics.push(Diagnostic::error(Code::Unreadable, message));
        return Err(diagnostics);
    }
    for below in ["", "models", "tasks"] {
        read_level(folder, below, &mut files, &mut diagnostics);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if diagnostics.has_errors() { Err(diagnostics) } else { Ok(files) }
}

fn read_level(folder: &Path, below: &str, files: &mut Vec<RuleFile>, diagnostics: &mut Diagnostics) {
    let Ok(entries) = fs::read_dir(folder.join(below)) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|ending| ending != "toml") || path.is_dir() {
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let inner = if below.is_empty() { name } else { format!("{below}/{name}") };
        let shown = path.display().to_string();
        match read_file(&path) {
            Ok(text) => files.push(RuleFile::new(inner, shown, text)),
            Err(why) => diagnostics.push(Diagnostic::error(Code::Unreadable, format!("{why}: {shown}"))),
        }
    }
}

fn read_file(path: &Path) -> Result<String, String> {
    let size = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > LARGEST {
        return Err(format!("the file has {size} bytes, more than the {LARGEST} that are read"));
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| format!("not UTF-8 at byte {}", error.utf8_error().valid_up_to()))
}
