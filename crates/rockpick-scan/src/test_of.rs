//! Tests of texts: what stands in them is a part of IDs and no ID.

use crate::words::TESTS;

/// How far from the ID is looked, in bytes.
const NEAR: usize = 200;

/// Whether an ID stands in `startswith("…")`, `"…" in id`, a regular expression, or the like.
pub(crate) fn is_test(text: &str, start: usize, end: usize) -> bool {
    let from = crate::lines::floor(text, start.saturating_sub(NEAR));
    let before = text[from..start].rsplit('\n').next().unwrap_or_default();
    let after = text.get(end..).unwrap_or_default().split('\n').next().unwrap_or_default();
    is_argument(before) || is_member(before, after)
}

/// Whether the open call before the ID is one of those that test.
fn is_argument(before: &str) -> bool {
    let mut depth = 0_i32;
    let bytes = before.as_bytes();
    for at in (0..bytes.len()).rev() {
        match bytes[at] {
            b')' => depth += 1,
            b'(' if depth > 0 => depth -= 1,
            b'(' => {
                let name = before[..at].trim_end();
                if name.is_empty() || name.ends_with('(') {
                    continue;
                }
                let word = name
                    .rsplit(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_'))
                    .next()
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                return TESTS.contains(&word.as_str());
            }
            _ => {}
        }
    }
    false
}

/// Whether the literal is asked for in a text: `"…" in id`, or stands in a regular expression `/…/`.
fn is_member(before: &str, after: &str) -> bool {
    let Some(quote) = after.chars().next().filter(|sign| matches!(sign, '"' | '\'')) else {
        return before.ends_with("/^") || before.ends_with("^(");
    };
    let rest = after[quote.len_utf8()..].trim_start();
    let rest = rest.strip_prefix("not ").map_or(rest, str::trim_start);
    let asked = rest.strip_prefix("in ").unwrap_or_default().trim_start();
    let prose = ["the ", "your ", "a ", "an ", "this ", "our ", "my "];
    if prose.iter().any(|word| asked.starts_with(word)) {
        return false;
    }
    // `for "…" in` does not exist; `x = "…" in [` is a list and not a text.
    !asked.is_empty() && !asked.starts_with(['[', '(', '{'])
}
