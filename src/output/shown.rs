//! Texts of others on a terminal: what would steer it is shown, not done.

use std::borrow::Cow;

/// A text in which control characters but line ends and tabs, and marks that turn the direction of writing, are written out.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(steers) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for sign in text.chars() {
        if steers(sign) { shown.extend(sign.escape_unicode()) } else { shown.push(sign) }
    }
    Cow::Owned(shown)
}

/// Whether a terminal acts on it.
fn steers(sign: char) -> bool {
    let turns = matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || sign.is_control() && !matches!(sign, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_others_steers_a_terminal() {
        assert_eq!(shown("A\u{1b}]52;c;UFdORUQ=\u{7}B"), "A\\u{1b}]52;c;UFdORUQ=\\u{7}B");
        assert_eq!(shown("a\u{9b}31m\rb\u{202e}"), "a\\u{9b}31m\\u{d}b\\u{202e}");
        assert!(matches!(shown("é\t\n文"), Cow::Borrowed(_)));
    }
}
