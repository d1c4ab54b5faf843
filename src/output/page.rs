//! Text for a terminal: lines that fit its width, with wrapped paragraphs under hanging indents.

use textwrap::{Options, WordSplitter};

use super::style::DIM;

/// The columns that labels of a page take.
const LABEL: usize = 10;
/// Nothing is narrower, in columns.
const NARROWEST: usize = 40;

/// How much room an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// In characters.
    pub columns: usize,
    /// In lines, with the one that the prompt of the shell takes.
    pub rows: usize,
}

impl Screen {
    /// What a terminal has when nobody says: 80 columns, 24 rows.
    pub const USUAL: Self = Self { columns: 80, rows: 24 };
}

/// An answer under way.
pub(super) struct Page {
    screen: Screen,
    lines: Vec<String>,
}

impl Page {
    pub(super) fn new(screen: Screen) -> Self {
        let columns = screen.columns.max(NARROWEST);
        Self { screen: Screen { columns, ..screen }, lines: Vec::new() }
    }

    pub(super) fn columns(&self) -> usize {
        self.screen.columns
    }

    /// The rows that are left on the first screen.
    pub(super) fn left(&self) -> usize {
        self.screen.rows.saturating_sub(self.lines.len() + 1)
    }

    /// Adds text that has its own lines.
    pub(super) fn block(&mut self, text: &str) {
        self.lines.extend(text.lines().map(str::to_owned));
    }

    pub(super) fn blank(&mut self) {
        self.lines.push(String::new());
    }

    /// Adds a paragraph whose further lines are indented like the words behind its `mark`.
    pub(super) fn item(&mut self, mark: &str, text: &str) {
        let indent = " ".repeat(textwrap::core::display_width(mark));
        self.wrapped(mark, &indent, text);
    }

    /// Adds a paragraph behind a label.
    pub(super) fn labeled(&mut self, label: &str, text: &str) {
        let first = format!("  {DIM}{label:<LABEL$}{DIM:#}");
        self.wrapped(&first, &" ".repeat(LABEL + 2), text);
    }

    fn wrapped(&mut self, first: &str, rest: &str, text: &str) {
        let options =
            whole_words(self.screen.columns).initial_indent(first).subsequent_indent(rest);
        let lines = textwrap::wrap(text, options);
        self.lines.extend(lines.into_iter().map(|line| line.into_owned()));
    }

    /// Adds an empty line where the screen has room for it and for so many lines more.
    pub(super) fn gap(&mut self, more: usize) {
        if self.left() > more {
            self.blank();
        }
    }

    pub(super) fn finish(self) -> String {
        self.lines.into_iter().map(|line| line + "\n").collect()
    }
}

/// Names joined by commas, in lines of a usual terminal, indented.
pub(super) fn wrapped(names: &[String]) -> String {
    let options = whole_words(Screen::USUAL.columns);
    textwrap::fill(&names.join(", "), options.initial_indent("    ").subsequent_indent("    "))
}

/// How many lines a paragraph takes behind a mark.
pub(super) fn height(columns: usize, mark: &str, text: &str) -> usize {
    let room = columns.saturating_sub(textwrap::core::display_width(mark)).max(1);
    textwrap::wrap(text, whole_words(room)).len()
}

/// IDs and codes of Regions are never cut, not at their hyphens either.
fn whole_words<'a>(columns: usize) -> Options<'a> {
    Options::new(columns).break_words(false).word_splitter(WordSplitter::NoHyphenation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_hang_under_their_first_word() {
        let mut page = Page::new(Screen { columns: 40, rows: 24 });
        page.item("  · ", "words that take more than the forty columns of this page");
        page.labeled("read", "Region");
        let text = page.finish();
        assert!(text.starts_with("  · words that take more than the forty\n    columns"), "{text}");
        assert!(text.lines().all(|line| textwrap::core::display_width(line) <= 40), "{text}");
        assert_eq!(height(40, "  · ", "one line"), 1);
    }
}
