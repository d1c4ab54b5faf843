//! Rule files as they are read: TOML with places, every mistake of a file found in one run.

mod folder;
mod lost;
mod mend;
mod merge;
mod mistake;
mod show;
mod sound;

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::DeTable;

pub use self::folder::read_folder;
use self::mend::{Mender, Step};
use self::merge::Merger;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, nearest};

/// Nobody reads more mistakes of one file than these.
const MOST_MISTAKES: usize = 100;

/// A text that gave some or all of a rule file: the bundled one, or a layer that people put over it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Layer {
    /// Its path as the user knows it, for diagnostics.
    shown: String,
    text: String,
    /// Where its places begin: each layer's places follow those of the layers below, so that one number tells both.
    start: usize,
}

/// One rule file, with the layers that people put over it: tables merge, rows that `merge` tells apart stay, everything else
/// is replaced.
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
        Self {
            path: path.into(),
            layers: vec![Layer { shown: shown.into(), text: text.into(), start: 0 }],
        }
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
        if mend::stands_in(&span) {
            return Place::stand_in();
        }
        let found = self.layers.iter().rev().find(|layer| layer.start <= span.start);
        let (shown, start) =
            found.map_or(("rules", 0), |layer| (layer.shown.as_str(), layer.start));
        Place { file: shown.to_owned(), span: span.start - start..span.end.max(span.start) - start }
    }

    /// What a span of the merged file says.
    #[must_use]
    pub fn text_at(&self, span: Range<usize>) -> Option<&str> {
        let layer = self.layers.iter().rev().find(|layer| layer.start <= span.start)?;
        layer.text.get(span.start - layer.start..span.end.checked_sub(layer.start)?)
    }

    /// The layer that a span of the merged file is in, counted from 0, the lowest.
    pub(crate) fn layer_at(&self, span: &Range<usize>) -> usize {
        self.layers.iter().rposition(|layer| layer.start <= span.start).unwrap_or(0)
    }

    /// Whether something was found in this file: then values that stand in for wrong ones are not worth another word.
    pub(crate) fn is_told_of(&self, found: &Diagnostics) -> bool {
        let is_own = |place: &Place| self.layers.iter().any(|layer| layer.shown == place.file);
        found.0.iter().any(|found| found.place.as_ref().is_some_and(is_own))
    }

    /// The texts of the layers by the names that diagnostics use.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.layers.iter().map(|layer| (layer.shown.as_str(), layer.text.as_str()))
    }

    /// Reads the file as a `T`, adding every mistake to `diagnostics`; `None` when nothing can be made of it.
    ///
    /// What is wrong is mended, so that one mistake does not make others up; the value of a file with mistakes is not sound.
    pub fn parse<T: DeserializeOwned>(&self, diagnostics: &mut Diagnostics) -> Option<T> {
        let texts = self.padded();
        let mut table = self.merged(&texts, &mut Merger::default(), diagnostics)?;
        sound::check(self, &table, diagnostics);
        let mut mender = Mender::default();
        let mut mistakes = 0;
        loop {
            let error = match T::deserialize(toml::de::Deserializer::from(table.clone())) {
                Ok(value) => return Some(value),
                Err(error) => error,
            };
            // serde stops at the first mistake: mend it and look for the next one.
            let path = mend::find(&table, &error.span().unwrap_or(0..0));
            if !error.span().is_some_and(|span| mend::stands_in(&span)) {
                let found = mistake::of_schema(self, &error, &path);
                mistake::tell(self.with_meant_table(found, &path, table.get_ref()), diagnostics);
                mistakes += 1;
            }
            if mistakes == MOST_MISTAKES || !mender.mend(table.get_mut(), &path, error.message()) {
                return None;
            }
        }
    }

    /// A table of an overlay that lacks keys is most often one whose name has a slip, so that nothing stands below it.
    fn with_meant_table(&self, found: Diagnostic, path: &[Step], file: &DeTable<'_>) -> Diagnostic {
        let [Step::Key(name)] = path else { return found };
        if found.code != Code::MissingKey || self.layers.len() == 1 {
            return found;
        }
        let others = file.keys().map(|key| key.get_ref().as_ref()).filter(|key| key != name);
        match nearest(name, others) {
            Some(near) => found
                .help(format!("no layer below has a table of this name; did you mean `{near}`?")),
            None => found,
        }
    }

    /// The layers' texts with blanks in front, which tell their spans apart; only overlays have any.
    fn padded(&self) -> Vec<String> {
        self.layers.iter().map(|layer| " ".repeat(layer.start) + &layer.text).collect()
    }

    /// The layers laid over one another; those that are not TOML are left out and told.
    fn merged<'a>(
        &self,
        texts: &'a [String],
        merger: &mut Merger,
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<DeTable<'a>>> {
        let mut whole: Option<Spanned<DeTable<'a>>> = None;
        for text in texts {
            let (table, errors) = DeTable::parse_recoverable(text);
            for error in errors.iter().take(MOST_MISTAKES) {
                diagnostics.push(mistake::of_syntax(self, error));
            }
            match &mut whole {
                _ if !errors.is_empty() => {}
                None => whole = Some(table),
                Some(below) => merger.merge(below.get_mut(), table.into_inner()),
            }
        }
        whole
    }

    /// That a name stands for nothing, with the one that may be meant.
    pub(crate) fn unknown<'k>(
        &self,
        code: Code,
        what: &str,
        name: &Spanned<String>,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Diagnostic {
        let quoted = self.text_at(name.span()).is_some_and(|text| text.starts_with(['"', '\'']));
        let replacement = nearest(name.get_ref(), known)
            .map(|near| if quoted { format!("\"{near}\"") } else { near.to_owned() });
        let message = format!("there is no {what} `{}`", name.get_ref());
        Diagnostic::error(code, message).at(self.place(name.span())).replace_with(replacement)
    }
}
