//! The lines of a text.

/// So many bytes around an ID tell what it is for: lines of a megabyte are not read for each.
const FAR: usize = 2_000;

/// Where the lines of a text begin.
pub(crate) struct Lines<'t> {
    /// The text.
    pub text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { text, starts: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The line, from 0, in which a byte stands.
    pub(crate) fn at(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// Where a line begins.
    pub(crate) fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// A line without its end, as far as it is looked at.
    pub(crate) fn get(&self, line: usize) -> &'t str {
        let start = self.start(line);
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let text = self.text.get(start..end.min(floor(self.text, start + FAR))).unwrap_or_default();
        text.strip_suffix('\r').unwrap_or(text)
    }

    /// What stands in a line before a byte, as far as it is looked at.
    pub(crate) fn before(&self, byte: usize) -> &'t str {
        let near = floor(self.text, byte.saturating_sub(FAR));
        self.text.get(self.start(self.at(byte)).max(near)..byte).unwrap_or_default()
    }

    /// What stands in a line from a byte on, as far as it is looked at.
    pub(crate) fn after(&self, byte: usize) -> &'t str {
        let near = floor(self.text, byte + FAR);
        let line = self.text.get(byte..near).unwrap_or_default();
        line.split('\n').next().unwrap_or_default()
    }

    /// The column of a byte, from 1, in characters. What follows an earlier byte of the line is counted from there.
    pub(crate) fn column(&self, byte: usize, earlier: Option<(usize, usize)>) -> usize {
        let line = self.start(self.at(byte));
        let (from, column) =
            earlier.filter(|(from, _)| *from >= line && *from <= byte).unwrap_or((line, 1));
        column + self.text.get(from..byte).map_or(0, |text| text.chars().count())
    }

    /// How far a line is indented; `None` for an empty one. A `- ` of a list counts as indentation.
    pub(crate) fn indent(&self, line: usize) -> Option<usize> {
        let text = self.get(line);
        let trimmed = text.trim_start();
        if trimmed.is_empty() {
            return None;
        }
        let own = text.len() - trimmed.len();
        Some(if trimmed.starts_with("- ") { own + 2 } else { own })
    }

    /// Whether a line begins an element of a list.
    pub(crate) fn is_item(&self, line: usize) -> bool {
        self.get(line).trim_start().starts_with("- ")
    }
}

/// The longest start of a text that ends at or before a byte and between two characters.
pub(crate) fn floor(text: &str, mut byte: usize) -> usize {
    byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}
