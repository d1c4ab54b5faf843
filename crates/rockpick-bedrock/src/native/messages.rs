//! Conversations as messages of typed blocks.

use aws_smithy_types::base64;
use serde_json::{Map, Value, json};

use super::body::{list, schema, tool_text, turns};
use super::shape::{Found, count};
use crate::error;
use crate::wire::Tokens;
use rockpick_router::{Event, Failure};

/// What fills a body of this dialect.
pub(super) fn values(converse: &Value) -> Map<String, Value> {
    let messages: Vec<Value> = turns(converse)
        .map(|(role, content)| json!({ "role": role, "content": blocks(content) }))
        .collect();
    let config = converse.get("toolConfig");
    let values = [
        ("MESSAGES", Some(messages.into())),
        ("SYSTEM", converse.get("system").map(|system| blocks(list(Some(system))).into())),
        ("TOOLS", config.map(|config| tools(list(config.get("tools"))).into())),
        ("TOOL_CHOICE", config.and_then(|config| choice(config.get("toolChoice")?))),
        (
            "SCHEMA",
            schema(converse).map(|schema| json!({ "type": "json_schema", "schema": schema })),
        ),
    ];
    values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn blocks(converse: &[Value]) -> Vec<Value> {
    let mut blocks = Vec::with_capacity(converse.len());
    for block in converse {
        match block.get("cachePoint") {
            Some(point) => cache(&mut blocks, point),
            None => blocks.extend(self::block(block)),
        }
    }
    blocks
}

/// A cache point is a mark on what stands before it.
fn cache(blocks: &mut [Value], point: &Value) {
    let Some(last) = blocks.last_mut() else { return };
    last["cache_control"] = json!({ "type": "ephemeral" });
    if let Some(ttl) = point.get("ttl") {
        last["cache_control"]["ttl"] = ttl.clone();
    }
}

/// A block, if there is such a one here.
fn block(block: &Value) -> Option<Value> {
    let (name, value) = block.as_object()?.iter().next()?;
    Some(match name.as_str() {
        "text" => json!({ "type": "text", "text": value }),
        "image" => json!({ "type": "image", "source": bytes(value, "image")? }),
        "document" => document(value)?,
        "toolUse" => {
            json!({ "type": "tool_use", "id": value.get("toolUseId"), "name": value.get("name"), "input": value.get("input") })
        }
        "toolResult" => tool_result(value),
        "reasoningContent" => thought(value)?,
        _ => return None,
    })
}

fn bytes(media: &Value, kind: &str) -> Option<Value> {
    let format = media.get("format")?.as_str()?;
    let data = media.pointer("/source/bytes")?;
    Some(json!({ "type": "base64", "media_type": format!("{kind}/{format}"), "data": data }))
}

/// A document; one of text is written as text.
fn document(document: &Value) -> Option<Value> {
    let plain = |data: &str| String::from_utf8(base64::decode(data).ok()?).ok();
    let is_pdf = document.get("format")?.as_str() == Some("pdf");
    let text = document
        .pointer("/source/bytes")
        .and_then(Value::as_str)
        .filter(|_| !is_pdf)
        .and_then(plain);
    let source = match text {
        Some(text) => json!({ "type": "text", "media_type": "text/plain", "data": text }),
        None => bytes(document, "application")?,
    };
    Some(json!({ "type": "document", "source": source, "title": document.get("name") }))
}

fn tool_result(result: &Value) -> Value {
    let content = list(result.get("content"));
    let content: Value = if content.iter().any(|part| part.get("image").is_some()) {
        blocks(content).into()
    } else {
        tool_text(result).into()
    };
    let mut block = json!({ "type": "tool_result", "tool_use_id": result.get("toolUseId"), "content": content });
    if result.get("status").and_then(Value::as_str) == Some("error") {
        block["is_error"] = true.into();
    }
    block
}

fn thought(thought: &Value) -> Option<Value> {
    if let Some(data) = thought.get("redactedContent") {
        return Some(json!({ "type": "redacted_thinking", "data": data }));
    }
    let said = thought.get("reasoningText")?;
    Some(
        json!({ "type": "thinking", "thinking": said.get("text"), "signature": said.get("signature") }),
    )
}

fn tools(converse: &[Value]) -> Vec<Value> {
    let mut tools = Vec::with_capacity(converse.len());
    for tool in converse {
        if let Some(point) = tool.get("cachePoint") {
            cache(&mut tools, point);
        } else if let Some(spec) = tool.get("toolSpec") {
            let mut tool = json!({ "name": spec.get("name"), "input_schema": spec.pointer("/inputSchema/json") });
            for field in ["description", "strict"] {
                if let Some(value) = spec.get(field) {
                    tool[field] = value.clone();
                }
            }
            tools.push(tool);
        }
    }
    tools
}

/// Which tool must be called: in Converse the only key says it.
fn choice(choice: &Value) -> Option<Value> {
    let (kind, value) = choice.as_object()?.iter().next()?;
    let mut choice = json!({ "type": kind });
    if let Some(name) = value.get("name") {
        choice["name"] = name.clone();
    }
    Some(choice)
}

/// A whole answer.
pub(super) fn of_reply(reply: &Value) -> Found {
    let mut events = Vec::new();
    for (place, part) in (0..).zip(list(reply.get("content"))) {
        of_block(place, part, &mut events);
        if let Some(input) = part.get("input").filter(|_| is(part, "tool_use")) {
            events.push(Event::ToolInput { block: place, json: input.to_string() });
        }
    }
    Found { events, reason: text_at(reply, "/stop_reason"), ends: true, tokens: tokens(reply) }
}

/// An event of a stream. The reason comes before the end, which is an event of its own.
pub(super) fn of_event(name: &str, event: &Value) -> Result<Found, Failure> {
    let place = event.get("index").and_then(Value::as_u64).unwrap_or(0);
    let mut found = Found::default();
    match name {
        "message_start" => found.tokens = tokens(&event["message"]),
        "content_block_start" => of_block(place, &event["content_block"], &mut found.events),
        "content_block_delta" => found.events.extend(of_delta(place, &event["delta"])),
        "message_delta" => {
            (found.reason, found.tokens) = (text_at(event, "/delta/stop_reason"), tokens(event));
        }
        "message_stop" => found.ends = true,
        "error" => {
            let code = match event.pointer("/error/type").and_then(Value::as_str) {
                Some("rate_limit_error") => "throttlingException",
                Some("overloaded_error") => "serviceUnavailableException",
                _ => "modelStreamErrorException",
            };
            return Err(error::of_event(
                code,
                &text_at(event, "/error/message").unwrap_or_default(),
            ));
        }
        _ => {}
    }
    Ok(found)
}

fn of_block(place: u64, block: &Value, events: &mut Vec<Event>) {
    let field = |name: &str| text_at(block, name).unwrap_or_default();
    match block.get("type").and_then(Value::as_str) {
        Some("text") => events.push(Event::Text(field("/text"))),
        Some("thinking") => events.push(Event::Reasoning(field("/thinking"))),
        // Thoughts that are kept secret are for the provider alone.
        Some("redacted_thinking") | None => {}
        Some("tool_use") => {
            events.push(Event::ToolCall { block: place, id: field("/id"), name: field("/name") });
        }
        Some(_) => events.push(Event::Native(block.clone())),
    }
}

fn of_delta(block: u64, delta: &Value) -> Option<Event> {
    match delta.get("type")?.as_str()? {
        "text_delta" => text_at(delta, "/text").map(Event::Text),
        "thinking_delta" => text_at(delta, "/thinking").map(Event::Reasoning),
        "input_json_delta" => {
            text_at(delta, "/partial_json").map(|json| Event::ToolInput { block, json })
        }
        "signature_delta" => None,
        _ => Some(Event::Native(delta.clone())),
    }
}

fn tokens(answer: &Value) -> Tokens {
    Tokens {
        input: count(answer, &["/usage/input_tokens"]),
        output: count(answer, &["/usage/output_tokens"]),
        cache_read: count(answer, &["/usage/cache_read_input_tokens"]),
        cache_write: count(answer, &["/usage/cache_creation_input_tokens"]),
        cache_write_1h: count(answer, &["/usage/cache_creation/ephemeral_1h_input_tokens"]),
        tier: None,
    }
}

fn is(block: &Value, kind: &str) -> bool {
    block.get("type").and_then(Value::as_str) == Some(kind)
}

fn text_at(value: &Value, path: &str) -> Option<String> {
    value.pointer(path).and_then(Value::as_str).map(str::to_owned)
}
