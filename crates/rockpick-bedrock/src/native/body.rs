//! A request in a model's own body.

use serde_json::{Map, Value};

use super::{chat, messages, prompt};
use crate::body::converse;
use rockpick_core::catalog::{Dialect, Form, Talk};
use rockpick_router::{Request, filled};

/// Headers of InvokeModel for what Converse has in its body: the field, the path in it, the header.
const HEADERS: [(&str, &str, &str); 4] = [
    ("guardrailConfig", "/guardrailIdentifier", "x-amzn-bedrock-guardrailidentifier"),
    ("guardrailConfig", "/guardrailVersion", "x-amzn-bedrock-guardrailversion"),
    ("performanceConfig", "/latency", "x-amzn-bedrock-performanceconfig-latency"),
    ("serviceTier", "/type", "x-amzn-bedrock-service-tier"),
];

/// The body, and what goes into headers; `None` when the form is no JSON.
pub(crate) fn body(
    request: &Request,
    form: &Form,
    talk: &Talk,
) -> Option<(Value, Vec<(&'static str, String)>)> {
    let converse = converse(request);
    let mut values = common(request, &converse);
    values.extend(match talk.dialect {
        Dialect::Messages => messages::values(&converse),
        Dialect::Chat => chat::values(&converse),
        Dialect::Converse => as_it_is(&converse),
        Dialect::Prompt => prompt::values(&converse, &talk.turns),
        Dialect::History => prompt::history(&converse),
    });
    let mut body = filled(form, &values)?;
    // What is a provider's own in Converse stands at the top of the provider's own body.
    if let Some(own) = converse.get("additionalModelRequestFields") {
        merge(&mut body, own);
    }
    Some((body, headers(&converse)))
}

/// What Converse has in its body and InvokeModel in headers.
fn headers(converse: &Value) -> Vec<(&'static str, String)> {
    let text =
        |field: &str, path: &str| Some(converse.get(field)?.pointer(path)?.as_str()?.to_owned());
    let mut headers: Vec<_> = HEADERS
        .iter()
        .filter_map(|(field, path, header)| Some((*header, text(field, path)?)))
        .collect();
    if let Some(metadata) = converse.get("requestMetadata") {
        headers.push(("x-amzn-bedrock-request-metadata", metadata.to_string()));
    }
    headers
}

/// The values that are the same in every dialect.
fn common(request: &Request, converse: &Value) -> Map<String, Value> {
    let inference = |field: &str| converse.get("inferenceConfig")?.get(field).cloned();
    let values = [
        ("MAX_TOKENS", inference("maxTokens")),
        ("TEMPERATURE", inference("temperature")),
        ("TOP_P", inference("topP")),
        ("STOP", inference("stopSequences")),
        ("STREAM", request.stream.then(|| true.into())),
        ("SCHEMA", schema(converse)),
    ];
    values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The JSON schema of an answer: Converse holds it as text.
pub(super) fn schema(converse: &Value) -> Option<Value> {
    let text = converse.pointer("/outputConfig/textFormat/structure/jsonSchema/schema")?;
    serde_json::from_str(text.as_str()?).ok()
}

fn as_it_is(converse: &Value) -> Map<String, Value> {
    let places = [
        ("MESSAGES", "/messages"),
        ("SYSTEM", "/system"),
        ("TOOLS", "/toolConfig/tools"),
        ("TOOL_CHOICE", "/toolConfig/toolChoice"),
    ];
    places
        .iter()
        .filter_map(|(name, path)| Some(((*name).to_owned(), converse.pointer(path)?.clone())))
        .collect()
}

/// Adds fields to an object, field by field all the way down.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.as_str()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// The messages of a body of Converse: who speaks, and the blocks.
pub(super) fn turns(converse: &Value) -> impl Iterator<Item = (&str, &[Value])> {
    let messages = converse.get("messages").and_then(Value::as_array);
    messages.into_iter().flatten().map(|message| {
        let role = message.get("role").and_then(Value::as_str).unwrap_or_default();
        (role, list(message.get("content")))
    })
}

/// A list that may not be there.
pub(super) fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of blocks, one below the other.
pub(super) fn text(blocks: &[Value]) -> String {
    let texts: Vec<&str> = blocks.iter().filter_map(|block| block.get("text")?.as_str()).collect();
    texts.join("\n")
}

/// What a tool answered, as text.
pub(super) fn tool_text(result: &Value) -> String {
    let parts = list(result.get("content")).iter();
    let texts = parts.filter_map(|part| match part.get("text") {
        Some(text) => text.as_str().map(str::to_owned),
        None => part.get("json").map(Value::to_string),
    });
    texts.collect::<Vec<_>>().join("\n")
}
