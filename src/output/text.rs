//! A recommendation for people.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{also, listing, readings, table};
use crate::catalog::lifecycle::days_between;
use crate::money::grouped;
use crate::recommend::{Choice, Reason, Recommendation};
use crate::rules::Grade;
use crate::task::ModelIndex;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(super) const WARN: Style = AnsiColor::Yellow.on_default();
/// How many of the ranking are shown when nothing else is asked.
const SHORT_LIST: usize = 5;
/// How wide lists of names run, in columns.
const WIDTH: usize = 100;

/// The whole answer: how the task was understood, the short list, why, what else, and what was rejected.
#[must_use]
pub fn recommendation(answer: &Recommendation<'_>, most: Option<usize>) -> String {
    let mut text = understood(answer);
    match answer.best() {
        Some(_) if answer.is_listing() => text.push_str(&listing::table(answer, most)),
        Some(best) => {
            text.push('\n');
            text.push_str(&table::short(answer, most.unwrap_or(SHORT_LIST)));
            let more = answer.ranked().len().saturating_sub(most.unwrap_or(SHORT_LIST));
            if more > 0 {
                let _ = writeln!(
                    text,
                    "{DIM}  and {more} more that fit; --max-results or -o table shows them{DIM:#}"
                );
            }
            why(&mut text, answer, best);
            also::lines(&mut text, answer, best);
        }
        None => {
            text.push_str(&nothing(answer));
            readings::without_words(&mut text, answer);
        }
    }
    also::by_global(&mut text, answer);
    readings::others(&mut text, answer);
    warnings(&mut text, answer);
    rejected(&mut text, answer, most);
    facts(&mut text, answer);
    text
}

pub(super) fn understood(answer: &Recommendation<'_>) -> String {
    let mut text = String::new();
    let understood = &answer.understanding;
    if answer.is_listing() {
        let _ = writeln!(text, "{BOLD}{}{BOLD:#}", listing::title(answer));
    } else if understood.general {
        let _ = writeln!(text, "{BOLD}{}{BOLD:#}", listing::general(answer));
    } else if let Some(category) = understood.category {
        let sure = if understood.confidence < 1.0 {
            format!(" ({:.0} % sure)", understood.confidence * 100.0)
        } else {
            String::new()
        };
        let weak = answer.best().is_some_and(|best| answer.grade(best) == Grade::Weak);
        let weak =
            if weak { format!("; {WARN}what fits is weak at this{WARN:#}") } else { String::new() };
        let _ = writeln!(
            text,
            "{BOLD}{}{BOLD:#}{sure}, {} first{weak}",
            category.title,
            preference_words(answer)
        );
    }
    for said in &understood.said {
        let words = answer.task.text.get(said.span.clone()).unwrap_or_default();
        let _ = writeln!(
            text,
            "  {DIM}read{DIM:#} {} {} {DIM}from \"{words}\"{DIM:#}",
            said.field.replace('_', " "),
            said.value
        );
    }
    if understood.category.is_some() && !answer.is_listing() {
        let usage = understood.usage;
        let assumed = if understood.assumed.0 || understood.assumed.1 {
            " (assumed; --tokens IN/OUT sets them)"
        } else {
            ""
        };
        let tokens = format!(
            "{} tokens in, {} out",
            grouped(u128::from(usage.input)),
            grouped(u128::from(usage.output))
        );
        let counts = [
            (usage.images, "image", "images"),
            (usage.seconds, "second", "seconds"),
            (usage.queries, "query", "queries"),
        ];
        let named = |(count, one, many): (u64, &str, &str)| match count {
            0 => String::new(),
            1 => format!(", 1 {one}"),
            count => format!(", {count} {many}"),
        };
        let media: String = counts.into_iter().map(named).collect();
        let _ = writeln!(text, "  {DIM}a request holds{DIM:#} {tokens}{media}{assumed}");
    }
    text
}

pub(super) fn preference_words(answer: &Recommendation<'_>) -> &'static str {
    match answer.understanding.preference.name() {
        "cheap" => "lowest cost",
        "quality" => "quality",
        "fast" => "speed",
        _ => "the cheapest of the good ones",
    }
}

fn why(text: &mut String, answer: &Recommendation<'_>, best: &Choice<'_>) {
    let _ = writeln!(text, "\n{BOLD}Why {}{BOLD:#}", answer.catalog.model(best.model).name);
    for reason in answer.reasons(best) {
        let source =
            reason.source.map(|source| format!(" {DIM}[{source}]{DIM:#}")).unwrap_or_default();
        let _ = writeln!(text, "  · {}{source}", reason.text);
    }
}

/// That nothing fits, why, and what would have to change.
#[must_use]
pub fn nothing(answer: &Recommendation<'_>) -> String {
    let mut text = String::new();
    if let Some(refused) = &answer.understanding.refused {
        let _ = writeln!(text, "{WARN}No answer:{WARN:#} {}", refused.text);
        return text;
    }
    if answer.category().is_none() {
        let _ = writeln!(text, "{WARN}The words do not tell what kind of task it is.{WARN:#}");
        let _ =
            writeln!(text, "  nearest: {}; --task CATEGORY says which", listing::nearest(answer));
        return text;
    }
    let _ = writeln!(text, "{WARN}Nothing fits.{WARN:#}");
    let changes = answer.changes(None);
    if changes.is_empty() {
        let _ = writeln!(text, "  no single change would let a model fit");
    }
    for change in changes {
        let _ = writeln!(text, "  · {}", change.text);
    }
    text
}

fn warnings(text: &mut String, answer: &Recommendation<'_>) {
    let refused = answer.understanding.refused.as_ref().map(|refused| refused.code);
    let warnings: Vec<_> =
        answer.warnings().into_iter().filter(|warning| Some(warning.code) != refused).collect();
    if !warnings.is_empty() {
        text.push('\n');
    }
    for warning in warnings {
        let _ = writeln!(text, "{WARN}!{WARN:#} {}", warning.text);
    }
}

fn rejected(text: &mut String, answer: &Recommendation<'_>, most: Option<usize>) {
    let mut groups: Vec<(Reason, Vec<ModelIndex>)> = Vec::new();
    let mut count = 0;
    for (model, reasons) in answer.rejected() {
        count += 1;
        let Some(first) = reasons.iter().next() else { continue };
        match groups.iter_mut().find(|(own, _)| *own == first) {
            Some((_, models)) => models.push(model),
            None => groups.push((first, vec![model])),
        }
    }
    if count == 0 {
        return;
    }
    groups.sort_by_key(|(reason, _)| *reason);
    let _ = writeln!(
        text,
        "\n{BOLD}Rejected{BOLD:#} {count} of {} {DIM}(every reason: -o wide, -o json){DIM:#}",
        answer.catalog.models().len()
    );
    for (reason, models) in groups {
        let _ = writeln!(text, "  {GOOD}{}{GOOD:#} ({}): {}", reason, models.len(), reason.about());
        if reason == Reason::Kind {
            // Nobody could have meant these.
            continue;
        }
        let shown = most.unwrap_or(usize::MAX);
        let names: Vec<String> =
            models.iter().take(shown).map(|model| fact(answer, *model, reason)).collect();
        let _ = writeln!(text, "{}", wrapped(&names));
    }
}

/// A rejected model's name, with the figure that keeps it out where there is one.
fn fact(answer: &Recommendation<'_>, model: ModelIndex, reason: Reason) -> String {
    let info = answer.catalog.model(model);
    let life = &info.lifecycle;
    let detail = match reason {
        Reason::OverBudget => answer
            .filter()
            .and_then(|filter| filter.least_spent(model))
            .map(|cost| cost.to_string()),
        Reason::Legacy | Reason::Eol => life.eol.map(|eol| {
            format!("ends {eol}")
                .replace("ends", if eol <= answer.task.as_of { "ended" } else { "ends" })
        }),
        Reason::ContextTooSmall => info.limits.context.map(|context| grouped(u128::from(context))),
        _ => None,
    };
    let twin = info.alias_of.as_ref().map_or(String::new(), |_| " on mantle".to_owned());
    detail.map_or_else(
        || format!("{}{twin}", info.name),
        |detail| format!("{}{twin} ({detail})", info.name),
    )
}

pub(super) fn wrapped(names: &[String]) -> String {
    let mut lines = vec![String::from("   ")];
    for (index, name) in names.iter().enumerate() {
        let end = if index + 1 < names.len() { "," } else { "" };
        if lines.last().is_some_and(|line| {
            line.len() > 3 && line.chars().count() + name.chars().count() + 2 > WIDTH
        }) {
            lines.push(String::from("   "));
        }
        if let Some(line) = lines.last_mut() {
            let _ = write!(line, " {name}{end}");
        }
    }
    lines.join("\n")
}

fn facts(text: &mut String, answer: &Recommendation<'_>) {
    let catalog = answer.catalog;
    let asked = answer.task.as_of;
    let age = match days_between(catalog.as_of(), asked) {
        ..0 => format!("later than {asked}"),
        days => format!("{days} days old on {asked}"),
    };
    let _ = writeln!(
        text,
        "\n{DIM}facts of {} ({age}) · {} models, {} offers{DIM:#}",
        catalog.as_of(),
        catalog.models().len(),
        grouped(catalog.offers().len() as u128),
    );
}
