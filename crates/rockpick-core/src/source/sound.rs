//! Texts that no rule file may hold, whatever its shape: they are printed on terminals, in tables and in logs.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::RuleFile;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// The longest key and the longest text that stands on one line, in bytes.
const LONGEST_LINE: usize = 256;
/// The longest text of any kind, in bytes.
const LONGEST_TEXT: usize = 64 << 10;
/// The keys whose texts stand on one line: what people see as names.
const ONE_LINE: [&str; 6] = ["name", "title", "invoke-id", "id", "prefix", "variant"];
/// The keys whose texts say something.
const NEVER_BLANK: [&str; 5] = ["name", "title", "id", "because", "task"];

/// Tells of every key and text that holds control characters, or is too long for what it is.
pub(super) fn check(file: &RuleFile, table: &Spanned<DeTable<'_>>, diagnostics: &mut Diagnostics) {
    Reader { file, diagnostics }.table(table.get_ref());
}

struct Reader<'a> {
    file: &'a RuleFile,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            self.text(key.get_ref(), &key.span(), true, "key");
            self.value(key.get_ref(), value);
        }
    }

    fn value(&mut self, key: &str, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.table(table),
            DeValue::Array(items) => items.iter().for_each(|item| self.value(key, item)),
            DeValue::String(text) => {
                self.text(text, &value.span(), ONE_LINE.contains(&key), "text");
                if NEVER_BLANK.contains(&key) && text.trim().is_empty() {
                    let message = format!("`{key}` is blank");
                    self.diagnostics.push(
                        Diagnostic::error(Code::WrongValue, message)
                            .at(self.file.place(value.span())),
                    );
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, span: &Range<usize>, one_line: bool, what: &str) {
        let longest = if one_line { LONGEST_LINE } else { LONGEST_TEXT };
        if text.len() > longest {
            let message =
                format!("this {what} has {} bytes, more than the {longest} that fit", text.len());
            self.diagnostics.push(Diagnostic::error(Code::TooLarge, message).at(self.start(span)));
        }
        let odd = text
            .chars()
            .find(|sign| hides(*sign) || (one_line && matches!(sign, '\n' | '\t' | '\r')));
        if let Some(sign) = odd {
            let message =
                format!("this {what} holds the control character U+{:04X}", u32::from(sign));
            let diagnostic = Diagnostic::error(Code::ControlCharacter, message)
                .at(self.file.place(span.clone()));
            self.diagnostics
                .push(diagnostic.help("take it out: it would reach terminals and logs as it is"));
        }
    }

    /// The first byte of what is too long to be shown.
    fn start(&self, span: &Range<usize>) -> crate::diagnostic::Place {
        self.file.place(span.start..span.start + 1)
    }
}

/// Whether a character does something to a terminal, or to the order in which text is shown, instead of being seen.
fn hides(sign: char) -> bool {
    (sign.is_control() && !matches!(sign, '\n' | '\t' | '\r'))
        || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
