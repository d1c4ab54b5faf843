//! How a task was understood: its kind, what was read from its words, flags, and assumptions.

use serde_json::Value;

use super::json;
use super::listing;
use super::page::Page;
use super::style::{BOLD, WARN};
use crate::money::grouped;
use crate::recommend::Recommendation;
use crate::rules::Grade;

/// The first line of an answer.
pub(super) fn title(answer: &Recommendation<'_>) -> String {
    let understood = &answer.understanding;
    if answer.is_listing() {
        return format!("{BOLD}{}{BOLD:#}", listing::title(answer));
    }
    if understood.general {
        return format!("{BOLD}{}{BOLD:#}", listing::general(answer));
    }
    let Some(category) = understood.category else { return String::new() };
    let percent = (understood.confidence * 100.0).round();
    let sure = if percent < 100.0 { format!(" ({percent}% sure)") } else { String::new() };
    let is_weak = answer.best().is_some_and(|best| answer.grade(best) == Grade::Weak);
    let weak =
        if is_weak { format!("; {WARN}what fits is weak at it{WARN:#}") } else { String::new() };
    let order = order(answer);
    format!("{BOLD}{}{BOLD:#}{sure}: {order} first{weak}", category.title)
}

/// What comes first under the preference.
pub(super) fn order(answer: &Recommendation<'_>) -> &'static str {
    match answer.understanding.preference.name() {
        "cheap" => "lowest cost",
        "quality" => "highest quality",
        "fast" => "fastest model",
        _ => "cheapest good model",
    }
}

/// What was read from words and flags, what was not used, and what is assumed.
pub(super) fn details(page: &mut Page, answer: &Recommendation<'_>) {
    let understood = &answer.understanding;
    let read = understood.said.iter().map(|said| {
        let words = answer.task.text.get(said.span.clone()).unwrap_or_default();
        format!("{} (\"{words}\")", phrase(&said.field.replace('_', "-"), &said.value))
    });
    let read = read.collect::<Vec<_>>().join("; ");
    let flags = flags(answer);
    for (label, text) in [("read", read), ("flags", flags)] {
        if !text.is_empty() {
            page.labeled(label, &text);
        }
    }
    for unused in &understood.unused {
        page.labeled("note", unused);
    }
    if understood.category.is_some() && !answer.is_listing() {
        page.labeled("a request", &request(answer));
    }
}

/// What one request holds.
fn request(answer: &Recommendation<'_>) -> String {
    let usage = answer.understanding.usage;
    let assumed = match answer.understanding.assumed {
        (false, false) => "",
        _ => " (assumed; --tokens IN/OUT)",
    };
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
    let tokens = |count: u64| grouped(u128::from(count));
    format!("{} tokens in, {} out{media}{assumed}", tokens(usage.input), tokens(usage.output))
}

/// The constraints that were given as flags.
fn flags(answer: &Recommendation<'_>) -> String {
    let given = json::constraints(answer.catalog, &answer.task.constraints);
    let given = serde_json::to_value(given).unwrap_or_default();
    let fields = given.as_object().into_iter().flatten();
    let told = fields.filter_map(|(field, value)| {
        let value = match (field.as_str(), value) {
            ("api", Value::String(api)) if api == "runtime" => return None,
            ("max_cost", Value::Object(_)) => {
                let budget = answer.task.constraints.max_cost?;
                format!("{} per {}", budget.usd, budget.per.name())
            }
            (_, Value::String(text)) => text.clone(),
            (_, Value::Number(number)) => number.to_string(),
            (_, Value::Bool(true)) => String::new(),
            (_, Value::Array(items)) if !items.is_empty() => {
                let items: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                items.join(", ")
            }
            _ => return None,
        };
        Some(phrase(&field.replace('_', "-"), &value))
    });
    told.collect::<Vec<_>>().join("; ")
}

/// A constraint in words.
fn phrase(field: &str, value: &str) -> String {
    match field {
        "regions" => format!("Region {value}"),
        "residency" => format!("data stays in {value}"),
        "max-cost" => format!("at most {value}"),
        "per-month" => {
            let count = value.parse::<u128>().map_or_else(|_| value.to_owned(), grouped);
            format!("{count} requests a month")
        }
        "preference" => format!("prefer {value}"),
        // A family is told by its words, not by the IDs of its members.
        "models" => value.trim_start_matches("models ").to_owned(),
        "providers" => format!("provider {value}"),
        "exclude" => format!("not {value}"),
        _ if value.is_empty() => field.replace('-', " "),
        _ => format!("{} {value}", field.replace('-', " ")),
    }
}
