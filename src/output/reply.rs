//! What a call brought, as JSON (`rockpick.reply.v1`) and as one line.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use crate::money::Usd;
use crate::router::{Attempt, Kind, Reply, ToolCall, Usage};
use crate::task::Tier;

/// The name and version of the shape; the version is raised when a field changes its meaning.
pub const SCHEMA: &str = "rockpick.reply.v1";

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    decision: Value,
    text: &'a str,
    reasoning: Option<&'a str>,
    tool_calls: &'a [ToolCall],
    stop_reason: Option<&'a str>,
    usage: Usage,
    usage_details: Details,
    cost_usd: Option<Usd>,
    cost_estimated: bool,
    outcome: &'static str,
    model: Option<&'a str>,
    invoke_id: &'a str,
    region: &'a str,
    ms: u64,
    attempts: Vec<AttemptPart<'a>>,
    warnings: Vec<String>,
}

/// What `usage` does not tell.
#[derive(Serialize)]
struct Details {
    cache_write_1h_input_tokens: u64,
    service_tier: Option<Tier>,
}

/// One try, as JSON has it.
#[derive(Serialize)]
pub(super) struct AttemptPart<'a> {
    invoke_id: &'a str,
    region: &'a str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    ms: u64,
}

/// A reply as a JSON value, with the decision that led to it and what should be known.
///
/// # Errors
/// None in practice: every part can be written as JSON.
pub fn document(
    reply: &Reply,
    decision: Value,
    warnings: Vec<String>,
) -> Result<Value, serde_json::Error> {
    serde_json::to_value(Document {
        schema: SCHEMA,
        decision,
        text: &reply.text,
        reasoning: reply.reasoning.as_deref(),
        tool_calls: &reply.tool_calls,
        stop_reason: reply.stop_reason.as_deref(),
        usage: reply.usage,
        usage_details: Details {
            cache_write_1h_input_tokens: reply.usage.cache_write_1h_input_tokens,
            service_tier: reply.usage.tier,
        },
        cost_usd: reply.cost,
        cost_estimated: reply.estimated,
        outcome: reply.attempts.last().and_then(|attempt| attempt.failure).map_or("ok", Kind::name),
        model: reply.model.as_deref(),
        invoke_id: &reply.invoke_id,
        region: &reply.region,
        ms: reply.took.as_millis() as u64,
        attempts: attempts(&reply.attempts),
        warnings,
    })
}

/// Tries as JSON has them.
pub(super) fn attempts(attempts: &[Attempt]) -> Vec<AttemptPart<'_>> {
    attempts.iter().map(AttemptPart::of).collect()
}

impl<'a> AttemptPart<'a> {
    fn of(attempt: &'a Attempt) -> Self {
        Self {
            invoke_id: &attempt.invoke_id,
            region: &attempt.region,
            outcome: attempt.failure.map_or("ok", |kind| kind.name()),
            message: attempt.message.as_deref(),
            ms: attempt.took.as_millis() as u64,
        }
    }
}

/// One line: `▸ Claude Haiku 5.5 · eu.anthropic.claude-haiku-5-5 · code · $0.0004 · 0.9 s · 2nd try`.
#[must_use]
pub fn line(reply: &Reply, name: &str, category: Option<&str>) -> String {
    let mut line = format!("▸ {name} · {}", reply.invoke_id);
    if let Some(category) = category {
        let _ = write!(line, " · {category}");
    }
    match reply.cost {
        Some(cost) => drop(write!(line, " · {}{cost}", if reply.estimated { "~" } else { "" })),
        None => line.push_str(" · cost not known"),
    }
    let _ = write!(line, " · {:.1} s", reply.took.as_secs_f64());
    if reply.attempts.len() > 1 {
        let _ = write!(line, " · {} try", ordinal(reply.attempts.len()));
    }
    line
}

/// So many tries are told one by one.
const MOST_TOLD: usize = 6;

/// What was tried, in order: `id from Region: outcome`.
#[must_use]
pub fn tried(reply: &Reply) -> String {
    let one = |attempt: &Attempt| {
        format!(
            "{} from {}: {}",
            attempt.invoke_id,
            attempt.region,
            attempt.failure.map_or("ok", |kind| kind.name())
        )
    };
    let told: Vec<String> = reply.attempts.iter().take(MOST_TOLD).map(one).collect();
    let more = reply.attempts.len().saturating_sub(MOST_TOLD);
    let told = told.join("; ");
    if more > 0 { format!("{told}; and {more} more, which --debug shows") } else { told }
}

fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_counted_in_words() {
        let ordinals: Vec<String> =
            [1, 2, 3, 4, 11, 12, 13, 21, 22].into_iter().map(ordinal).collect();
        assert_eq!(ordinals, ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd"]);
    }
}
