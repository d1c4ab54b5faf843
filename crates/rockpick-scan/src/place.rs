//! Where in a tree and in a file an ID stands.

use crate::lines::{Lines, floor};
use crate::mention::Mention;
use crate::words::{
    DASH, DOC_FOLDERS, DOCS, HASH, MARKUP, PRICES, SEMICOLON, SLASH, TEST_FOLDERS, TEST_NAMES,
};

/// Where an ID stands: everywhere but in code a finding is at most a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// What runs, or configures what runs.
    Code,
    /// A comment.
    Comment,
    /// What people read.
    Docs,
    /// A test.
    Test,
    /// A table of prices.
    Prices,
    /// What a cell of a notebook once printed.
    Output,
}

impl Place {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Comment => "comment",
            Self::Docs => "docs",
            Self::Test => "test",
            Self::Prices => "price-table",
            Self::Output => "notebook-output",
        }
    }
}

/// What is known of a file's places.
pub(crate) struct Places {
    whole: Option<Place>,
    notebook: bool,
    comments: Vec<(usize, usize)>,
}

impl Places {
    pub(crate) fn of(path: &str, text: &str) -> Self {
        let path = path.replace('\\', "/");
        let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        let ending = name.rsplit_once('.').map_or(name.as_str(), |(_, ending)| ending).to_owned();
        let ending = if name.starts_with(".env") || name.starts_with("makefile") {
            "env".to_owned()
        } else if name.starts_with("dockerfile") {
            "dockerfile".to_owned()
        } else {
            ending
        };
        Self {
            whole: whole(&path, &name, &ending),
            notebook: ending == "ipynb",
            comments: Syntax::of(&ending).map(|syntax| syntax.comments(text)).unwrap_or_default(),
        }
    }

    pub(crate) fn is_comment(&self, at: usize) -> bool {
        let next = self.comments.partition_point(|(start, _)| *start <= at);
        next.checked_sub(1).is_some_and(|own| at < self.comments[own].1)
    }

    /// The place of a mention.
    pub(crate) fn at(&self, lines: &Lines<'_>, mention: &Mention) -> Place {
        if self.notebook
            && let Some(place) = cell(lines.text, mention.start)
        {
            return place;
        }
        if let Some(whole) = self.whole {
            return whole;
        }
        if self.is_comment(mention.start) {
            return Place::Comment;
        }
        if is_priced(lines, mention) { Place::Prices } else { Place::Code }
    }
}

fn whole(path: &str, name: &str, ending: &str) -> Option<Place> {
    let folders = || path.rsplit('/').skip(1).map(str::to_ascii_lowercase);
    let test = folders().any(|folder| TEST_FOLDERS.contains(&folder.as_str()))
        || TEST_NAMES.iter().any(|part| match part.strip_suffix('_') {
            Some(_) => name.starts_with(part),
            None => name.contains(part),
        })
        || name == "conftest.py"
        || name.ends_with("test.java")
        || name.ends_with("test.kt");
    if test {
        return Some(Place::Test);
    }
    let listed = matches!(name, "requirements.txt" | "cmakelists.txt");
    let docs = DOCS.contains(&ending) && !listed
        || name.starts_with("readme")
        || name.starts_with("changelog")
        || folders().any(|folder| DOC_FOLDERS.contains(&folder.as_str()));
    docs.then_some(Place::Docs)
}

/// How far before an ID the start of its cell is looked for, in bytes.
const CELL: usize = 256 << 10;

/// What kind of cell a byte of a notebook stands in; `None` in code.
fn cell(text: &str, at: usize) -> Option<Place> {
    let before = &text[floor(text, at.saturating_sub(CELL))..at];
    let last = |key: &str| before.rfind(key);
    let kind = last("\"cell_type\"").map(|at| &before[at..])?;
    if last("\"outputs\"") > last("\"source\"").max(last("\"cell_type\"")) {
        return Some(Place::Output);
    }
    let kind = kind.split(',').next().unwrap_or_default();
    (kind.contains("markdown") || kind.contains("raw")).then_some(Place::Docs)
}

/// How many lines around an ID are looked through for prices.
const NEAR: usize = 6;
/// How many lines above an ID its table may begin.
const FAR: usize = 200;

/// Whether prices stand in the block of a mention, or on its line.
fn is_priced(lines: &Lines<'_>, mention: &Mention) -> bool {
    let line = lines.at(mention.start);
    let has = |line: usize| {
        let text = lines.get(line);
        let text = text.get(..floor(text, 400)).unwrap_or_default();
        let text = text.to_ascii_lowercase();
        PRICES.iter().any(|word| text.contains(word))
            && text.bytes().any(|byte| byte.is_ascii_digit())
    };
    if has(line) {
        return true;
    }
    let Some(own) = lines.indent(line) else { return false };
    let opening = (line.saturating_sub(FAR)..line)
        .rev()
        .find(|above| lines.indent(*above).is_some_and(|indent| indent < own));
    if opening.is_some_and(|above| is_named_for_prices(lines.get(above))) {
        return true;
    }
    // What is indented below the ID belongs to it.
    let below = (line + 1..lines.len().min(line + 1 + NEAR))
        .take_while(|next| lines.indent(*next).is_some_and(|indent| indent > own));
    if below.clone().any(has) {
        return true;
    }
    let beside = |next: &usize| lines.indent(*next) == Some(own) && !lines.is_item(*next);
    let after = (line + 1..lines.len().min(line + 1 + NEAR)).take_while(beside);
    let before =
        (line.saturating_sub(NEAR)..line).rev().take_while(|next| lines.indent(*next) == Some(own));
    own > 0 && after.chain(before).any(|next| has(next) && !is_code(lines.get(next)))
}

/// Whether a line opens a table of prices: `PRICING = {`.
fn is_named_for_prices(line: &str) -> bool {
    let line = line.trim_end();
    let opens = line.ends_with(['{', '[', '(', ':', '>']);
    let line = line.get(..floor(line, 400)).unwrap_or_default().to_ascii_lowercase();
    opens && PRICES.iter().any(|word| line.contains(word))
}

/// Whether a line calls something: a price is written, not computed.
fn is_code(line: &str) -> bool {
    line.contains('(')
}

/// How comments are written.
struct Syntax {
    line: &'static [&'static str],
    block: &'static [(&'static str, &'static str)],
    /// Texts in three quotes; at the start of a line they are comments.
    triple: bool,
    backtick: bool,
}

impl Syntax {
    fn of(ending: &str) -> Option<Self> {
        let plain = Self { line: &[], block: &[], triple: false, backtick: false };
        let slash: &[(&str, &str)] = &[("/*", "*/")];
        Some(if ending == "tf" || ending == "hcl" {
            Self { line: &["#", "//"], block: slash, ..plain }
        } else if SLASH.contains(&ending) {
            let script = matches!(
                ending,
                "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "go"
            );
            Self { line: &["//"], block: slash, backtick: script, ..plain }
        } else if HASH.contains(&ending) {
            Self { line: &["#"], triple: matches!(ending, "py" | "pyi"), ..plain }
        } else if DASH.contains(&ending) {
            Self { line: &["--"], block: slash, ..plain }
        } else if SEMICOLON.contains(&ending) {
            Self { line: &[";", "#"], ..plain }
        } else if MARKUP.contains(&ending) {
            Self { block: &[("<!--", "-->")], ..plain }
        } else {
            return None;
        })
    }

    /// Where the comments of a text begin and end.
    fn comments(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let rest = &text.as_bytes()[at..];
            if let Some((open, close)) =
                self.block.iter().find(|(open, _)| rest.starts_with(open.as_bytes()))
            {
                let end = find(text, at + open.len(), close);
                found.push((at, end));
                at = end;
            } else if self
                .line
                .iter()
                .any(|sign| rest.starts_with(sign.as_bytes()) && self.counts(text, at))
            {
                let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
                found.push((at, end));
                at = end;
            } else if self.triple && (rest.starts_with(b"\"\"\"") || rest.starts_with(b"'''")) {
                let end = find(text, at + 3, &text[at..at + 3]);
                let line = text[..at].rfind('\n').map_or(0, |line| line + 1);
                if text[line..at].trim().is_empty() {
                    found.push((at, end));
                }
                at = end;
            } else if matches!(rest[0], b'"' | b'\'') || (self.backtick && rest[0] == b'`') {
                at = literal(text, at);
            } else {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found
    }

    /// A `#` inside a word and a `//` behind a colon begin no comment.
    fn counts(&self, text: &str, at: usize) -> bool {
        let before = text.as_bytes()[..at].last().copied().unwrap_or(b'\n');
        match text.as_bytes()[at] {
            b'#' => {
                before.is_ascii_whitespace() || (self.triple && !before.is_ascii_alphanumeric())
            }
            b'/' => before != b':',
            _ => true,
        }
    }
}

/// Where a text in quotes ends: at its quote, or with its line.
fn literal(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes[at];
    let mut next = at + 1;
    while next < bytes.len() {
        match bytes[next] {
            b'\\' => next += 2,
            b'\n' if quote != b'`' => return next,
            byte if byte == quote => return next + 1,
            _ => next += 1,
        }
    }
    text.len().min(floor(text, next))
}

fn find(text: &str, from: usize, what: &str) -> usize {
    text.get(from..)
        .and_then(|rest| rest.find(what))
        .map_or(text.len(), |at| from + at + what.len())
}
