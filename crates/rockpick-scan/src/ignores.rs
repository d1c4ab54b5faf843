//! `rockpick: ignore[rule,…] reason` on the line or the one above, and `rockpick: ignore-file`.

use crate::finding::Rule;
use crate::lines::Lines;

/// In so many first lines a whole file can be left out.
const FIRST: usize = 20;
const SIGN: &str = "rockpick: ignore";

/// A remark that ignores nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// The line, from 1.
    pub line: usize,
    /// What it says.
    pub text: String,
}

/// The remarks of a file.
pub(crate) struct Ignores {
    pub whole: bool,
    all: Vec<Remark>,
}

struct Remark {
    /// The line that it is on.
    line: usize,
    /// The line that it is about.
    about: usize,
    /// The rules; none = all.
    rules: Vec<Rule>,
    text: String,
    used: bool,
}

impl Ignores {
    pub(crate) fn of(lines: &Lines<'_>) -> Self {
        let mut ignores = Self { whole: false, all: Vec::new() };
        for (at, _) in lines.text.match_indices(SIGN) {
            let line = lines.at(at);
            let rest = lines.after(at + SIGN.len());
            if rest.starts_with("-file") {
                ignores.whole |= line < FIRST;
                continue;
            }
            if !(rest.is_empty() || rest.starts_with(['[', ' ', '*', '-', '\r', '"', '\\'])) {
                continue;
            }
            let listed = rest.strip_prefix('[').and_then(|rest| rest.split(']').next());
            let rules =
                listed.unwrap_or_default().split(',').filter_map(|name| Rule::named(name.trim()));
            // A comment of its own is about the next line; one behind code is about that code.
            let before = lines.before(at);
            let own = !before.chars().any(|sign| sign.is_alphanumeric());
            let end = rest.find(']').map_or(0, |end| end + 1);
            ignores.all.push(Remark {
                line,
                about: if own { line + 1 } else { line },
                rules: rules.collect(),
                text: format!("{SIGN}{}", rest.get(..end).unwrap_or_default()),
                used: false,
            });
        }
        ignores
    }

    /// Whether a finding is left out.
    pub(crate) fn take(&mut self, line: usize, rule: Rule) -> bool {
        let mut taken = false;
        for remark in &mut self.all {
            let about = remark.about == line || remark.line == line;
            // Names that are no rules ignore nothing.
            let named = remark.text.ends_with(']');
            if about && (remark.rules.contains(&rule) || (remark.rules.is_empty() && !named)) {
                remark.used = true;
                taken = true;
            }
        }
        taken
    }

    pub(crate) fn unused(self) -> Vec<Unused> {
        let unused = self.all.into_iter().filter(|remark| !remark.used);
        unused.map(|remark| Unused { line: remark.line + 1, text: remark.text }).collect()
    }
}
