//! Texts of others on a terminal: what would steer it is shown, not done.

use std::borrow::Cow;

/// A text in which control characters but line ends and tabs, and marks that turn the direction of writing, are written out.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, steers, |sign| sign.escape_unicode().to_string())
}

/// The same for what is one line: a line end in a name would let others write lines of their own.
#[must_use]
pub fn shown_line(text: &str) -> Cow<'_, str> {
    let ends = |sign| steers(sign) || matches!(sign, '\n' | '\u{2028}' | '\u{2029}');
    escaped(text, ends, |sign| {
        if sign == '\n' { "\\n".to_owned() } else { sign.escape_unicode().to_string() }
    })
}

/// The same in JSON's own words, so that it stays the same JSON. Characters that steer are all within the first plane.
#[must_use]
pub fn shown_json(json: &str) -> Cow<'_, str> {
    escaped(json, steers, |sign| format!("\\u{:04x}", u32::from(sign)))
}

fn escaped(
    text: &str,
    is_escaped: impl Fn(char) -> bool,
    written: impl Fn(char) -> String,
) -> Cow<'_, str> {
    if !text.chars().any(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for sign in text.chars() {
        if is_escaped(sign) { shown.push_str(&written(sign)) } else { shown.push(sign) }
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

    #[test]
    fn a_name_writes_no_line_and_json_stays_json() {
        assert_eq!(shown_line("a\nerror: forged\u{9b}"), "a\\nerror: forged\\u{9b}");
        let text = "\u{9b}31m \u{202e} \u{2066} \u{7f} é";
        let json = serde_json::json!({ "text": text }).to_string();
        let told = shown_json(&json);
        assert!(!told.chars().any(steers), "{told}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&told).expect("JSON")["text"], text);
    }
}
