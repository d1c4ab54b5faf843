//! What a text was read as, for programs and for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::json::{
    CategoryPart, ConstraintsPart, MentionPart, SaidPart, SignalPart, constraints, mention_part,
    rounded,
};
use super::json::{said_part, signal_part};
use crate::catalog::Catalog;
use crate::classify::{FoundSignal, Reading};
use crate::read::ReadText;
use crate::rules::RuleSet;

/// How many other categories are shown.
const ALTERNATIVES: usize = 3;
/// What a word has to say for a category to be shown, in log-odds, and how many such words are.
const TELLING: f32 = 0.1;
const WORDS: usize = 8;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const FOR: Style = AnsiColor::Green.on_default().bold();
const AGAINST: Style = AnsiColor::Red.on_default();

/// A text that was read, on one line.
#[derive(Serialize)]
pub struct Line<'a> {
    id: &'a serde_json::Value,
    category: Option<&'a str>,
    confidence: f64,
    alternatives: Vec<CategoryPart<'a>>,
    read_as: &'static str,
    language: Option<&'a str>,
    preference: Option<&'static str>,
    constraints: ConstraintsPart<'a>,
    difficulty: f64,
    signals: Vec<SignalPart<'a>>,
    read: Vec<SaidPart<'a>>,
    mentions: Vec<MentionPart<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<SignalPart<'a>>,
}

/// A text that was read, as JSON.
#[must_use]
pub fn line<'a>(
    read: &'a ReadText<'_>,
    id: &'a serde_json::Value,
    catalog: &'a Catalog,
    rules: &'a RuleSet,
) -> Line<'a> {
    let names = rules.classifier().names();
    Line {
        id,
        category: read.category,
        confidence: rounded(read.confidence()),
        alternatives: alternatives(read, rules),
        read_as: kind(read.classification.reading),
        language: read.classification.language.as_deref(),
        preference: read.words.preference.map(|preference| preference.name()),
        constraints: constraints(catalog, &read.words.constraints),
        difficulty: rounded(read.difficulty),
        signals: read
            .classification
            .signals
            .iter()
            .map(|signal| signal_part(read.source, names, signal))
            .collect(),
        read: read.words.found.iter().map(|said| said_part(read.source, said)).collect(),
        mentions: read
            .words
            .mentions
            .iter()
            .map(|mention| mention_part(read.source, mention))
            .collect(),
        words: telling(read)
            .into_iter()
            .map(|signal| signal_part(read.source, names, signal))
            .collect(),
    }
}

fn alternatives<'a>(read: &ReadText<'_>, rules: &'a RuleSet) -> Vec<CategoryPart<'a>> {
    let names = rules.classifier().names();
    let others = read
        .classification
        .scores
        .iter()
        .skip(usize::from(read.category.is_some()))
        .take(ALTERNATIVES);
    others
        .map(|(place, score)| CategoryPart {
            category: names.get(*place).map_or("", String::as_str),
            score: rounded(*score),
        })
        .collect()
}

fn kind(reading: Reading) -> &'static str {
    match reading {
        Reading::Need => "task",
        Reading::Prompt => "prompt",
    }
}

/// The words that say most for or against each explained category.
fn telling<'r>(read: &'r ReadText<'_>) -> Vec<&'r FoundSignal> {
    let mut telling: Vec<&FoundSignal> =
        read.explained.iter().filter(|word| word.weight.abs() >= TELLING).collect();
    telling.sort_by(|a, b| {
        b.weight.abs().total_cmp(&a.weight.abs()).then(a.span.start.cmp(&b.span.start))
    });
    let mut shown = std::collections::BTreeMap::<usize, usize>::new();
    telling.retain(|word| {
        let count = shown.entry(word.category).or_default();
        *count += 1;
        *count <= WORDS
    });
    telling
}

/// A text that was read, for people.
#[must_use]
pub fn text(read: &ReadText<'_>, rules: &RuleSet, explain: bool) -> String {
    let mut out = String::new();
    let percent = f64::from(read.confidence()) * 100.0;
    let _ = match read.category {
        Some(category) => {
            writeln!(
                out,
                "{BOLD}{category}{BOLD:#} ({percent:.0} % sure, read as a {})",
                kind(read.classification.reading)
            )
        }
        None => writeln!(
            out,
            "{BOLD}cannot tell{BOLD:#}; the nearest categories follow, --task CATEGORY settles it"
        ),
    };
    let others = alternatives(read, rules);
    let others: Vec<String> = others
        .iter()
        .map(|other| format!("{} {:.0} %", other.category, other.score * 100.0))
        .collect();
    let _ = writeln!(out, "  {DIM}other{DIM:#}      {}", others.join(", "));
    let _ = writeln!(
        out,
        "  {DIM}language{DIM:#}   {}",
        read.classification.language.as_deref().unwrap_or("not told")
    );
    let _ = writeln!(out, "  {DIM}difficulty{DIM:#} {:.2}", read.difficulty);
    if let Some(preference) = read.words.preference {
        let _ = writeln!(out, "  {DIM}prefers{DIM:#}    {}", preference.name());
    }
    for said in &read.words.found {
        let words = read.source.get(said.span.clone()).unwrap_or_default();
        let _ = writeln!(
            out,
            "  {DIM}read{DIM:#}       {} {} {DIM}from \"{words}\"{DIM:#}",
            said.field.replace('_', " "),
            said.value
        );
    }
    for told in [read.words.not_used(read.source), read.words.not_checked(read.source)]
        .into_iter()
        .flatten()
    {
        let _ = writeln!(out, "  {told}");
    }
    list(&mut out, "signal", read, rules, read.classification.signals.iter());
    if explain {
        list(&mut out, "word", read, rules, telling(read).into_iter());
        let _ = writeln!(out, "\n{}", marked(read));
    }
    out
}

fn list<'s>(
    out: &mut String,
    what: &str,
    read: &ReadText<'_>,
    rules: &RuleSet,
    signals: impl Iterator<Item = &'s FoundSignal>,
) {
    for signal in signals {
        let words = read.source.get(signal.span.clone()).unwrap_or_default();
        let category = rules.classifier().names().get(signal.category).map_or("", String::as_str);
        let _ = writeln!(
            out,
            "  {DIM}{what:<10}{DIM:#} {:+.2} {category:<14} \"{words}\"",
            signal.weight
        );
    }
}

/// The text with the words marked that speak for and against its first category.
fn marked(read: &ReadText<'_>) -> String {
    let first = read.classification.scores.first().map(|(place, _)| *place);
    let mut words: Vec<&FoundSignal> =
        telling(read).into_iter().filter(|word| Some(word.category) == first).collect();
    words.sort_by_key(|word| word.span.start);
    let mut out = String::new();
    let mut written = 0;
    for word in words {
        let style = if word.weight > 0.0 { FOR } else { AGAINST };
        let before = read.source.get(written..word.span.start).unwrap_or_default();
        let _ = write!(
            out,
            "{before}{style}{}{style:#}",
            read.source.get(word.span.clone()).unwrap_or_default()
        );
        written = word.span.end;
    }
    out.push_str(read.source.get(written..).unwrap_or_default());
    out
}
