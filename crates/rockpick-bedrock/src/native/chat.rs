//! Conversations as chat completions have them.

use serde_json::{Map, Value, json};

use super::body::{list, schema, text, tool_text, turns};
use super::shape::{Found, count};
use crate::wire::Tokens;
use rockpick_router::Event;

/// What fills a body of this dialect.
pub(super) fn values(converse: &Value) -> Map<String, Value> {
    let mut messages = Vec::new();
    let system = list(converse.get("system"));
    if !system.is_empty() {
        messages.push(json!({ "role": "system", "content": text(system) }));
    }
    for (role, blocks) in turns(converse) {
        match role {
            "assistant" => messages.push(assistant(blocks)),
            _ => user(blocks, &mut messages),
        }
    }
    let config = converse.get("toolConfig");
    let values = [
        ("MESSAGES", Some(messages.into())),
        ("TOOLS", config.map(|config| list(config.get("tools")).iter().filter_map(tool).collect())),
        ("TOOL_CHOICE", config.and_then(|config| choice(config.get("toolChoice")?))),
        ("SCHEMA", schema(converse).map(|schema| format(converse, &schema))),
    ];
    values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// What the user says; what tools answered are messages of their own.
fn user(blocks: &[Value], messages: &mut Vec<Value>) {
    let results = blocks.iter().filter_map(|block| block.get("toolResult"));
    messages.extend(
        results.map(|result| json!({ "role": "tool", "tool_call_id": result.get("toolUseId"), "content": tool_text(result) })),
    );
    let parts: Vec<Value> = blocks.iter().filter_map(part).collect();
    let plain = parts.iter().all(|part| part.get("text").is_some());
    if !parts.is_empty() {
        let content: Value = if plain { text(blocks).into() } else { parts.into() };
        messages.push(json!({ "role": "user", "content": content }));
    }
}

fn part(block: &Value) -> Option<Value> {
    if let Some(text) = block.get("text") {
        return Some(json!({ "type": "text", "text": text }));
    }
    let image = block.get("image")?;
    let (format, data) =
        (image.get("format")?.as_str()?, image.pointer("/source/bytes")?.as_str()?);
    Some(
        json!({ "type": "image_url", "image_url": { "url": format!("data:image/{format};base64,{data}") } }),
    )
}

fn assistant(blocks: &[Value]) -> Value {
    let calls = blocks.iter().filter_map(|block| block.get("toolUse")).map(|call| {
        let input = call.get("input").map_or_else(|| "{}".to_owned(), Value::to_string);
        json!({ "id": call.get("toolUseId"), "type": "function", "function": { "name": call.get("name"), "arguments": input } })
    });
    let calls: Vec<Value> = calls.collect();
    let mut message = json!({ "role": "assistant", "content": text(blocks) });
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    message
}

fn tool(tool: &Value) -> Option<Value> {
    let spec = tool.get("toolSpec")?;
    let mut function =
        json!({ "name": spec.get("name"), "parameters": spec.pointer("/inputSchema/json") });
    for field in ["description", "strict"] {
        if let Some(value) = spec.get(field) {
            function[field] = value.clone();
        }
    }
    Some(json!({ "type": "function", "function": function }))
}

/// Which tool must be called: in Converse the only key says it.
fn choice(choice: &Value) -> Option<Value> {
    let (kind, value) = choice.as_object()?.iter().next()?;
    Some(match kind.as_str() {
        "tool" => json!({ "type": "function", "function": { "name": value.get("name") } }),
        "any" => "required".into(),
        _ => kind.as_str().into(),
    })
}

fn format(converse: &Value, schema: &Value) -> Value {
    let name = converse
        .pointer("/outputConfig/textFormat/structure/jsonSchema/name")
        .and_then(Value::as_str);
    json!({ "type": "json_schema", "json_schema": { "name": name.unwrap_or("answer"), "schema": schema, "strict": true } })
}

/// An answer or a chunk of one: the first choice, whose message is whole or a delta.
pub(super) fn of_choice(answer: &Value, part: &str) -> Found {
    let choice = &answer["choices"][0];
    let message = &choice[part];
    let mut events = Vec::new();
    let thought =
        ["reasoning_content", "reasoning"].iter().find_map(|field| message.get(field)?.as_str());
    events.extend(thought.map(|thought| Event::Reasoning(thought.to_owned())));
    match &message["content"] {
        Value::String(text) => events.push(Event::Text(text.clone())),
        Value::Array(parts) => events.push(Event::Text(text(parts))),
        _ => {}
    }
    for (place, call) in (0..).zip(list(message.get("tool_calls"))) {
        of_call(place, call, &mut events);
    }
    let reason =
        ["finish_reason", "stop_reason"].iter().find_map(|field| choice.get(field)?.as_str());
    let tokens = Tokens {
        input: count(answer, &["/usage/prompt_tokens"]),
        output: count(answer, &["/usage/completion_tokens"]),
        ..Tokens::default()
    };
    Found { events, ends: reason.is_some(), reason: reason.map(str::to_owned), tokens }
}

/// A call of a tool; in a stream only its first piece bears the name.
fn of_call(place: u64, call: &Value, events: &mut Vec<Event>) {
    let block = call.get("index").and_then(Value::as_u64).unwrap_or(place);
    let field =
        |path: &str| call.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (id, name) = (field("/id"), field("/function/name"));
    if !name.is_empty() {
        events.push(Event::ToolCall { block, id, name });
    }
    let json = match call.pointer("/function/arguments") {
        Some(Value::String(json)) => json.clone(),
        Some(arguments @ Value::Object(_)) => arguments.to_string(),
        _ => String::new(),
    };
    events.push(Event::ToolInput { block, json });
}
