//! What is being read: the scanned text, and what has been found so far.

use std::ops::Range;

use super::scan::Scan;
use super::{Reading, Said};

/// A text under reading.
pub(super) struct Reader<'r, 's, 't> {
    pub scan: &'r Scan<'s, 't>,
    pub reading: Reading,
}

impl Reader<'_, '_, '_> {
    /// Keeps the words that a constraint was read from.
    pub(super) fn said(
        &mut self,
        field: &'static str,
        value: impl Into<String>,
        words: Range<usize>,
    ) {
        let span = self.span(words);
        self.reading.found.push(Said { field, value: value.into(), span });
    }

    /// Where words stand, with a sign of money before them.
    pub(super) fn span(&self, words: Range<usize>) -> Range<usize> {
        let span = self.scan.text.span(words);
        self.with_sign(&span)..span.end
    }

    /// The start of the span, or of the sign of money right before it, which is no word.
    pub(super) fn with_sign(&self, span: &Range<usize>) -> usize {
        let before = self.scan.text.source().get(..span.start).unwrap_or("");
        let sign = |(sign, ..): &&(String, u8, bool)| before.ends_with(sign.as_str());
        self.scan
            .vocabulary
            .signs
            .iter()
            .find(sign)
            .map_or(span.start, |(sign, ..)| span.start - sign.len())
    }

    /// The words as they are written, with a sign of money before them.
    pub(super) fn original(&self, words: Range<usize>) -> String {
        self.scan.text.source().get(self.span(words)).unwrap_or("").to_owned()
    }

    /// Tells the person something about the reading, once.
    pub(super) fn note(&mut self, note: String) {
        if !self.reading.notes.contains(&note) {
            self.reading.notes.push(note);
        }
    }
}
