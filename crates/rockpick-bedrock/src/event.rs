//! From Converse's JSON to pieces of an answer. What is not known is passed on as it is, never a failure.

use serde_json::Value;

use super::wire::{Tokens, tier};
use rockpick_router::Event;

/// The pieces of a whole reply of Converse.
pub(super) fn of_reply(reply: &Value) -> Vec<Event> {
    let mut events = Vec::new();
    let content = reply.pointer("/output/message/content").and_then(Value::as_array);
    for (block, part) in (0..).zip(content.into_iter().flatten()) {
        of_block(block, part, &mut events);
    }
    events.extend(usage(reply));
    let reason = reply.get("stopReason").and_then(Value::as_str).unwrap_or("unknown");
    events.push(Event::Stop(reason.to_owned()));
    events
}

fn of_block(block: u64, part: &Value, events: &mut Vec<Event>) {
    if let Some(text) = text(part, "/text") {
        events.push(Event::Text(text));
    } else if let Some(text) = text(part, "/reasoningContent/reasoningText/text") {
        events.push(Event::Reasoning(text));
    } else if let Some(call) = part.get("toolUse") {
        events.push(tool_call(block, call));
        let json = call.get("input").map(Value::to_string).unwrap_or_default();
        events.push(Event::ToolInput { block, json });
    } else if let Some(cited) = part.pointer("/citationsContent/content").and_then(Value::as_array)
    {
        let texts = cited.iter().filter_map(|part| text(part, "/text"));
        events.extend(texts.map(Event::Text));
        events.push(Event::Native(part.clone()));
    } else if part.as_object().is_some_and(|part| !part.is_empty()) {
        events.push(Event::Native(part.clone()));
    }
}

/// The piece that an event of ConverseStream is, if it is one.
pub(super) fn of_stream(name: &str, event: &Value) -> Option<Event> {
    let block = event.get("contentBlockIndex").and_then(Value::as_u64).unwrap_or(0);
    match name {
        "contentBlockStart" => {
            let start = event.get("start")?;
            match start.get("toolUse") {
                Some(call) => Some(tool_call(block, call)),
                None => start
                    .as_object()
                    .filter(|start| !start.is_empty())
                    .map(|_| Event::Native(start.clone())),
            }
        }
        "contentBlockDelta" => of_delta(block, event.get("delta")?),
        "messageStop" => Some(Event::Stop(
            event.get("stopReason").and_then(Value::as_str).unwrap_or("unknown").to_owned(),
        )),
        "metadata" => usage(event),
        _ => None,
    }
}

fn of_delta(block: u64, delta: &Value) -> Option<Event> {
    if let Some(text) = text(delta, "/text") {
        Some(Event::Text(text))
    } else if let Some(json) = text(delta, "/toolUse/input") {
        Some(Event::ToolInput { block, json })
    } else if let Some(thought) = delta.get("reasoningContent") {
        // Signatures and redacted thoughts are for the provider alone.
        text(thought, "/text").map(Event::Reasoning)
    } else {
        delta.as_object().filter(|delta| !delta.is_empty()).map(|_| Event::Native(delta.clone()))
    }
}

fn text(value: &Value, path: &str) -> Option<String> {
    value.pointer(path).and_then(Value::as_str).map(str::to_owned)
}

fn tool_call(block: u64, call: &Value) -> Event {
    let field = |name: &str| call.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Event::ToolCall { block, id: field("toolUseId"), name: field("name") }
}

/// The token counts of Converse. When one of them is not a count, none is believed; the router
/// estimates one that is left out.
fn usage(value: &Value) -> Option<Event> {
    const COUNTS: [&str; 4] =
        ["inputTokens", "outputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"];
    let is_count = |name: &&str| {
        value["usage"].get(name).is_none_or(|count| count.is_null() || count.is_u64())
    };
    let tokens =
        tokens(value).filter(|tokens| tokens.input.is_some() || tokens.output.is_some())?;
    COUNTS.iter().all(is_count).then(|| Event::Usage(tokens.into()))
}

/// What it took and at which tier; InvokeModel has two of the names with another ending.
pub(super) fn tokens(value: &Value) -> Option<Tokens> {
    let usage = value.get("usage")?;
    let count = |names: &[&str]| names.iter().find_map(|name| usage.get(name)?.as_u64());
    let details = usage.get("cacheDetails").and_then(Value::as_array);
    let of_an_hour = |detail: &Value| {
        let is_one = detail.get("ttl").and_then(Value::as_str) == Some("1h");
        detail.get("inputTokens").and_then(Value::as_u64).filter(|_| is_one)
    };
    Some(Tokens {
        input: count(&["inputTokens"]),
        output: count(&["outputTokens"]),
        cache_read: count(&["cacheReadInputTokens", "cacheReadInputTokenCount"]),
        cache_write: count(&["cacheWriteInputTokens", "cacheWriteInputTokenCount"]),
        cache_write_1h: details
            .map(|details| details.iter().filter_map(of_an_hour).fold(0, u64::saturating_add)),
        tier: value.pointer("/serviceTier/type").and_then(Value::as_str).and_then(tier),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_count_is_not_believed() {
        let said = |usage: Value| of_stream("metadata", &json!({ "usage": usage })).is_some();
        assert!(said(json!({"inputTokens": 1, "outputTokens": 0, "cacheReadInputTokens": null})));
        assert!(said(json!({"outputTokens": 50})));
        for usage in [
            json!({"inputTokens": -5, "outputTokens": -5}),
            json!({"inputTokens": -5}),
            json!({"inputTokens": 5, "outputTokens": "7"}),
            json!({"inputTokens": 5, "outputTokens": 7, "cacheReadInputTokens": -1}),
            json!({"inputTokens": 1.5, "outputTokens": 7}),
            json!({}),
            json!(null),
        ] {
            assert!(!said(usage.clone()), "{usage}");
        }
    }
}
