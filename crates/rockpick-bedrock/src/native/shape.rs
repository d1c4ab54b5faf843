//! The shapes of answers, told by themselves.

use serde_json::Value;

use super::body::list;
use super::{chat, messages};
use crate::event;
use crate::wire::Tokens;
use rockpick_router::{Event, Failure};

/// What was found in an answer or a piece of one.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) events: Vec<Event>,
    /// Why the answer ends, in the model's own word.
    pub(super) reason: Option<String>,
    /// Whether the answer is complete with this.
    pub(super) ends: bool,
    /// What the model says it took.
    pub(super) tokens: Tokens,
}

/// Where models that give one text put it.
const TEXTS: &[&str] = &[
    "/results/0/outputText",
    "/outputText",
    "/generation",
    "/outputs/0/text",
    "/generations/0/text",
    "/completion",
    "/completions/0/data/text",
    "/choices/0/text",
    "/text",
    "/message",
];
/// Where they say why it ends.
const REASONS: &[&str] = &[
    "/results/0/completionReason",
    "/completionReason",
    "/outputs/0/stop_reason",
    "/generations/0/finish_reason",
    "/completions/0/finishReason/reason",
    "/choices/0/finish_reason",
    "/choices/0/stop_reason",
    "/stop_reason",
    "/finish_reason",
    "/finishReason",
];
/// Where they count what was sent.
const SENT: &[&str] = &["/inputTextTokenCount", "/prompt_token_count", "/usage/prompt_tokens"];
/// Where they count what was written.
const WRITTEN: &[&str] = &[
    "/results/0/tokenCount",
    "/totalOutputTextTokenCount",
    "/generation_token_count",
    "/usage/completion_tokens",
];
/// The events of Converse's stream, which some models have as fields.
const CONVERSE: &[&str] = &[
    "messageStart",
    "contentBlockStart",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
];

/// A whole answer; `None` when it has no shape that is known.
pub(super) fn of_reply(reply: &Value) -> Option<Found> {
    let mut found = if reply.get("type").and_then(Value::as_str) == Some("message") {
        messages::of_reply(reply)
    } else if reply.pointer("/output/message").is_some() {
        of_converse(event::of_reply(reply), reply)
    } else if reply.pointer("/choices/0/message").is_some() {
        chat::of_choice(reply, "message")
    } else {
        TEXTS.iter().find(|path| reply.pointer(path).is_some())?;
        plain(reply)
    };
    found.ends = true;
    Some(found)
}

/// A chunk of a stream: what is not known in it is passed over.
pub(super) fn of_chunk(chunk: &Value) -> Result<Vec<Found>, Failure> {
    let events = CONVERSE.iter().filter_map(|name| Some((*name, chunk.get(name)?)));
    let converse: Vec<Found> =
        events.map(|(name, event)| of_converse(event::of_stream(name, event), event)).collect();
    if !converse.is_empty() {
        return Ok(converse);
    }
    let found = match chunk.get("type").and_then(Value::as_str) {
        Some(name) if name != "completion" => messages::of_event(name, chunk)?,
        _ if chunk.pointer("/choices/0/delta").is_some() => chat::of_choice(chunk, "delta"),
        _ => plain(chunk),
    };
    Ok(vec![found])
}

/// What Converse says by events: the figures and the reason apart from the rest.
fn of_converse(events: impl IntoIterator<Item = Event>, said: &Value) -> Found {
    let mut found = Found { tokens: event::tokens(said).unwrap_or_default(), ..Found::default() };
    for event in events {
        match event {
            Event::Stop(reason) => {
                (found.reason, found.ends) =
                    (Some(reason).filter(|reason| reason != "unknown"), true);
            }
            Event::Usage(_) => {}
            event => found.events.push(event),
        }
    }
    found
}

/// An answer of one text.
fn plain(answer: &Value) -> Found {
    let text = first(answer, TEXTS).unwrap_or_default();
    let reason = first(answer, REASONS);
    let tokens =
        Tokens { input: count(answer, SENT), output: count(answer, WRITTEN), ..Tokens::default() };
    let mut events = vec![Event::Text(text.to_owned())];
    // Calls without ids, whose names and arguments come at once.
    for (block, call) in (0..).zip(list(answer.get("tool_calls"))) {
        let name = first(call, &["/name"]).unwrap_or_default().to_owned();
        events.push(Event::ToolCall { block, id: String::new(), name });
        events.extend(
            call.get("parameters").map(|json| Event::ToolInput { block, json: json.to_string() }),
        );
    }
    Found { events, ends: reason.is_some(), reason: reason.map(str::to_owned), tokens }
}

/// What Bedrock bills, in a stream.
pub(super) fn metrics(metrics: &Value) -> Tokens {
    Tokens {
        input: count(metrics, &["/inputTokenCount"]),
        output: count(metrics, &["/outputTokenCount"]),
        cache_read: count(metrics, &["/cacheReadInputTokenCount"]),
        cache_write: count(metrics, &["/cacheWriteInputTokenCount"]),
        ..Tokens::default()
    }
}

/// The first text that is there.
fn first<'v>(value: &'v Value, paths: &[&str]) -> Option<&'v str> {
    paths.iter().find_map(|path| value.pointer(path)?.as_str())
}

/// The first number that is there; some models write counts as `3.0`.
pub(super) fn count(value: &Value, paths: &[&str]) -> Option<u64> {
    let number =
        paths.iter().find_map(|path| value.pointer(path).filter(|value| value.is_number()))?;
    number.as_u64().or_else(|| number.as_f64().map(|number| number as u64))
}

/// Why an answer ends, in Converse's words; what has none there stays as it is.
pub(super) fn stop(own: &str) -> String {
    let own = own.to_lowercase();
    let word = match own.as_str() {
        "stop" | "finish" | "finished" | "complete" | "endoftext" | "eos_token" => "end_turn",
        "length" | "max_token" | "model_length" => "max_tokens",
        "tool_calls" | "function_call" => "tool_use",
        "stop_criteria_met" => "stop_sequence",
        "content_filter" | "error_toxic" => "content_filtered",
        "error_limit" => "model_context_window_exceeded",
        _ => own.as_str(),
    };
    word.to_owned()
}
