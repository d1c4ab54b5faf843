//! Conversations as one text, or as a message and those before it.

use serde_json::{Map, Value, json};

use super::body::{list, text, turns};
use rockpick_core::catalog::Turns;

/// The prompt that a template makes of a conversation, and a video beside it.
pub(super) fn values(converse: &Value, template: &Turns) -> Map<String, Value> {
    let said = |template: &str, blocks: &[Value]| template.replace("$TEXT", &text(blocks));
    let mut prompt = template.start.clone();
    let system = list(converse.get("system"));
    if !system.is_empty() {
        prompt.push_str(&said(&template.system, system));
    }
    for (role, blocks) in turns(converse) {
        prompt.push_str(&said(
            if role == "assistant" { &template.assistant } else { &template.user },
            blocks,
        ));
    }
    prompt.push_str(&template.ask);
    // Where nothing asks the model to go on, the last line has no end either.
    let prompt = if template.ask.is_empty() { prompt.trim_end() } else { prompt.as_str() };
    let mut values = Map::from_iter([("PROMPT".to_owned(), prompt.into())]);
    let video = turns(converse)
        .flat_map(|(_, blocks)| blocks)
        .find_map(|block| block.pointer("/video/source"));
    let places = [
        ("VIDEO", "/bytes"),
        ("VIDEO_URI", "/s3Location/uri"),
        ("VIDEO_OWNER", "/s3Location/bucketOwner"),
    ];
    values.extend(
        places
            .iter()
            .filter_map(|(name, path)| Some(((*name).to_owned(), video?.pointer(path)?.clone()))),
    );
    values
}

/// The last message, and those before it.
pub(super) fn history(converse: &Value) -> Map<String, Value> {
    let mut said: Vec<(&str, String)> =
        turns(converse).map(|(role, blocks)| (role, text(blocks))).collect();
    let last = said.pop().map(|(_, text)| text).unwrap_or_default();
    let before =
        said.into_iter().map(|(role, text)| json!({ "role": if role == "user" { "USER" } else { "CHATBOT" }, "message": text }));
    let before: Vec<Value> = before.collect();
    let mut values = Map::from_iter([("MESSAGE".to_owned(), last.into())]);
    if !before.is_empty() {
        values.insert("HISTORY".to_owned(), before.into());
    }
    let system = list(converse.get("system"));
    if !system.is_empty() {
        values.insert("SYSTEM".to_owned(), text(system).into());
    }
    values
}
