//! What serde and the TOML parser complain of, in words for people.

use std::fmt::Write as _;

use super::RuleFile;
use super::mend::{Step, is_integer};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};
use crate::task::Feature;

/// A text in a message is cut after so many characters.
const LONGEST_TEXT: usize = 40;
/// So many names are listed in an advice.
const MOST_NAMES: usize = 24;

/// A mistake of the TOML itself.
pub(super) fn of_syntax(file: &RuleFile, error: &toml::de::Error) -> Diagnostic {
    let place = file.place(error.span().unwrap_or(0..0));
    let text = error.span().and_then(|span| file.text_at(span)).unwrap_or_default();
    match error.message() {
        "duplicate key" => {
            Diagnostic::error(Code::Duplicate, format!("the key `{text}` stands here twice"))
                .at(place)
        }
        message
            if is_bare(text)
                && ["string values must be quoted", "invalid boolean"]
                    .iter()
                    .any(|start| message.starts_with(start)) =>
        {
            let message = "a text stands in quotes".to_owned();
            Diagnostic::error(Code::Syntax, message)
                .at(place)
                .replace_with(Some(format!("\"{text}\"")))
        }
        message => Diagnostic::error(Code::Syntax, plain(message)).at(place),
    }
}

/// The commonest complaints of the TOML parser in plainer words.
fn plain(message: &str) -> &str {
    match message {
        _ if message.ends_with("string, expected `\"`")
            || message.ends_with("string, expected `'`") =>
        {
            "this text does not end: its closing quote is missing"
        }
        _ if message.contains("string, expected non-") => "this character cannot stand in a text",
        "unclosed array, expected `]`" => "this list does not end: `]` is missing",
        "unclosed table, expected `]`" | "unclosed array table, expected `]`" => {
            "this header does not end: `]` is missing"
        }
        _ => message,
    }
}

fn is_bare(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.'))
}

/// A mistake against the schema, in what `path` leads to.
pub(super) fn of_schema(file: &RuleFile, error: &toml::de::Error, path: &[Step]) -> Diagnostic {
    let message = error.message();
    let mut names = message.split('`').skip(1).step_by(2);
    let span = error.span().unwrap_or(0..0);
    let place = file.place(span.clone());
    let diagnostic = if message.starts_with("unknown field") {
        let wrong = names.next().unwrap_or_default();
        let known: Vec<&str> = names.collect();
        let above = path.split_last().map_or(path, |(_, above)| above);
        not_in(
            Code::UnknownKey,
            format!("`{wrong}` is no key of {}", table_name(above)),
            wrong,
            &known,
            "",
            "the keys are",
        )
    } else if message.starts_with("missing field") {
        let missing = names.next().unwrap_or_default();
        Diagnostic::error(
            Code::MissingKey,
            format!("the key `{missing}` is missing in {}", table_name(path)),
        )
    } else if message.starts_with("unknown variant") {
        let wrong = names.next().unwrap_or_default();
        variant(wrong, &names.collect::<Vec<_>>(), &dotted(path))
    } else if let Some((_, wrong_and_expected)) =
        message.split_once("invalid type: ").or(message.split_once("invalid value: "))
    {
        wrong_type(wrong_and_expected, &key_name(path), file.text_at(span).unwrap_or_default())
    } else if message.starts_with("wanted string or table") {
        wrong_type("something else, expected a string", &key_name(path), "")
    } else {
        Diagnostic::error(Code::WrongValue, message)
    };
    diagnostic.at(place)
}

/// Adds a mistake; several keys that are missing in the same table are one mistake.
pub(super) fn tell(mistake: Diagnostic, diagnostics: &mut Diagnostics) {
    let missing = |diagnostic: &Diagnostic| {
        diagnostic.code == Code::MissingKey && mistake.code == Code::MissingKey
    };
    let table = |diagnostic: &Diagnostic| {
        diagnostic.message.split_once(" missing in ").map(|(_, table)| table.to_owned())
    };
    let same = |other: &&mut Diagnostic| {
        missing(other) && other.place == mistake.place && table(other) == table(&mistake)
    };
    match diagnostics.0.iter_mut().find(same) {
        Some(other) => {
            let key = mistake.message.split('`').nth(1).unwrap_or_default();
            let (keys, rest) =
                other.message.split_once(" missing in ").unwrap_or((&other.message, ""));
            let keys = keys
                .trim_start_matches("the key ")
                .trim_start_matches("the keys ")
                .trim_end_matches(" is")
                .trim_end_matches(" are");
            other.message = format!("the keys {keys}, `{key}` are missing in {rest}");
        }
        None => diagnostics.push(mistake),
    }
}

/// A name that is not among those that may stand there.
fn not_in(
    code: Code,
    message: String,
    wrong: &str,
    known: &[&str],
    quote: &str,
    advice: &str,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, message);
    match nearest(wrong, known.iter().copied()) {
        Some(near) => diagnostic.replace_with(Some(format!("{quote}{near}{quote}"))),
        None if known.is_empty() || known.len() > MOST_NAMES => diagnostic,
        None => diagnostic.help(format!("{advice} {}", known.join(", "))),
    }
}

fn variant(wrong: &str, known: &[&str], key: &str) -> Diagnostic {
    let is_feature = known.iter().copied().eq(Feature::ALL.iter().map(|feature| feature.name()));
    if is_feature {
        return not_in(
            Code::UnknownFeature,
            format!("there is no feature `{wrong}`"),
            wrong,
            known,
            "\"",
            "the features are",
        );
    }
    not_in(
        Code::WrongValue,
        format!("`{wrong}` is no value of `{key}`"),
        wrong,
        known,
        "\"",
        "the values are",
    )
}

/// A value of the wrong type: what it is, what was expected, and the fix where it is plain.
fn wrong_type(message: &str, key: &str, text: &str) -> Diagnostic {
    let (found, expected) =
        message.rsplit_once(", expected ").unwrap_or((message, "something else"));
    let message =
        format!("{key} is {}, but {} is expected", found_name(found), expected_name(expected));
    Diagnostic::error(Code::WrongValue, message).replace_with(corrected(text, expected))
}

fn found_name(found: &str) -> String {
    match found.split_once(' ') {
        Some(("string", text)) => format!("the text {}", shortened(text)),
        Some(("integer", number)) => format!("the number {}", number.trim_matches('`')),
        Some(("floating", rest)) => {
            format!("the number {}", rest.trim_start_matches("point ").trim_matches('`'))
        }
        Some(("boolean", value)) => value.trim_matches('`').to_owned(),
        _ if found == "map" => "a table".to_owned(),
        _ if found == "sequence" => "a list".to_owned(),
        _ => found.to_owned(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((at, _)) => format!("{} …\"", &text[..at]),
        None => text.to_owned(),
    }
}

fn expected_name(expected: &str) -> String {
    let name = match expected {
        "a string" | "a borrowed string" | "string" => "a text in quotes",
        "a boolean" => "true or false",
        "a sequence" => "a list in brackets",
        "f32" | "f64" => "a number",
        "a TOML datetime" => "a day such as 2026-10-27",
        other if other.starts_with('u') && is_integer(other) => "a whole number from 0",
        other if is_integer(other) => "a whole number",
        other if other == "a map" || other.starts_with("struct ") => "a table",
        other => other,
    };
    name.to_owned()
}

/// The value as it was meant, where that is plain: quotes or brackets were forgotten, or are too many.
fn corrected(text: &str, expected: &str) -> Option<String> {
    let bare = text.trim_matches(['"', '\'']);
    let is_text = bare.len() != text.len();
    match expected {
        "a string" if is_bare(text) => Some(format!("\"{text}\"")),
        "a sequence" if is_text && !text.contains('\n') => Some(format!("[{text}]")),
        "a boolean" if is_text && matches!(bare, "true" | "false") => Some(bare.to_owned()),
        "f64" if is_text && bare.parse::<f64>().is_ok_and(f64::is_finite) => Some(bare.to_owned()),
        other if is_text && is_integer(other) && bare.parse::<u64>().is_ok() => {
            Some(bare.to_owned())
        }
        _ => None,
    }
}

/// A table as its header has it, or the file.
fn table_name(path: &[Step]) -> String {
    let name = dotted(path);
    match path.last() {
        None => "this file".to_owned(),
        Some(Step::Item(_)) => format!("`[[{name}]]`"),
        Some(Step::Key(_)) => format!("`[{name}]`"),
    }
}

fn key_name(path: &[Step]) -> String {
    match path.last() {
        None => "this".to_owned(),
        Some(Step::Item(index)) => format!("item {} of `{}`", index + 1, dotted(path)),
        Some(Step::Key(_)) => format!("`{}`", dotted(path)),
    }
}

fn dotted(path: &[Step]) -> String {
    joined(path.iter().filter_map(|step| match step {
        Step::Key(key) => Some(key.as_str()),
        Step::Item(_) => None,
    }))
}

/// Keys as a header has them: `"amazon.nova-lite-v1:0".access`.
pub(super) fn joined<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    let mut name = String::new();
    for key in keys {
        if !name.is_empty() {
            name.push('.');
        }
        let _ = if is_key(key) { name.write_str(key) } else { write!(name, "{key:?}") };
    }
    name
}

/// Whether a key needs no quotes.
pub(super) fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_'))
}
