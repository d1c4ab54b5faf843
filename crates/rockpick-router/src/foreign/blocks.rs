//! Turns and blocks of other APIs as Converse's.

use serde_json::{Map, Value, json};

use super::Rewriting;
use super::check::{self, KINDS};

/// Rewrites the system prompt and all messages of a body.
pub(super) fn conversation(
    body: &mut Map<String, Value>,
    rewriting: &mut Rewriting,
) -> Result<(), String> {
    let mut reading = Reading { rewriting, within: false };
    let mut system = match body.remove("system") {
        Some(value) => reading.content(value, "`system`")?,
        None => Vec::new(),
    };
    if let Some(Value::Array(messages)) = body.remove("messages") {
        let mut turns = Vec::with_capacity(messages.len());
        for (at, message) in messages.into_iter().enumerate() {
            reading.message(at, message, &mut turns, &mut system)?;
        }
        body.insert("messages".to_owned(), turns.into());
    }
    if !system.is_empty() {
        body.insert("system".to_owned(), system.into());
    }
    Ok(())
}

struct Reading<'a> {
    rewriting: &'a mut Rewriting,
    /// Whether a tool's result is read.
    within: bool,
}

impl Reading<'_> {
    fn message(
        &mut self,
        at: usize,
        message: Value,
        turns: &mut Vec<Value>,
        system: &mut Vec<Value>,
    ) -> Result<(), String> {
        let Value::Object(mut message) = message else {
            return Err(format!("message {at} is not an object"));
        };
        let place = format!("message {at}");
        let role = message.remove("role").and_then(|role| role.as_str().map(str::to_owned));
        let content = message.remove("content");
        let calls = calls(&mut message);
        // An answer that only calls tools may have no content.
        let missing = content.is_none() && calls.is_empty();
        let mut blocks = self.content(content.unwrap_or(Value::Null), &place)?;
        if missing {
            return Err(format!("{place} has no `content`"));
        }
        match role.as_deref() {
            Some("user") => turns.push(json!({ "role": "user", "content": blocks })),
            Some("assistant") => {
                if !calls.is_empty() {
                    self.rewriting.converted.push("tool_calls".to_owned());
                }
                blocks.extend(calls);
                turns.push(json!({ "role": "assistant", "content": blocks }));
            }
            Some(role @ ("system" | "developer")) => {
                self.rewriting.converted.push(format!("the role `{role}`"));
                system.extend(blocks);
            }
            Some("tool" | "function") => {
                self.rewriting.converted.push("the role `tool`".to_owned());
                let id = ["tool_call_id", "name"]
                    .iter()
                    .find_map(|key| message.remove(*key))
                    .unwrap_or_default();
                let result = json!({ "toolResult": { "toolUseId": id, "content": blocks } });
                turns.push(json!({ "role": "user", "content": [result] }));
            }
            _ => return Err(format!("{place} has neither the role `user` nor `assistant`")),
        }
        message.retain(|_, value| !value.is_null());
        self.rewriting
            .dropped
            .extend(message.into_iter().map(|(field, _)| format!("messages.{field}")));
        Ok(())
    }

    /// The blocks of a content: a text, blocks of Converse, or blocks with a `type`.
    fn content(&mut self, value: Value, place: &str) -> Result<Vec<Value>, String> {
        match value {
            Value::Null => Ok(Vec::new()),
            Value::String(text) => Ok(vec![json!({ "text": text })]),
            Value::Array(parts) => {
                let mut blocks = Vec::with_capacity(parts.len());
                for (at, part) in parts.into_iter().enumerate() {
                    self.block(part, &format!("block {at} of {place}"), &mut blocks)?;
                }
                Ok(blocks)
            }
            Value::Object(part) => self.content(Value::Array(vec![Value::Object(part)]), place),
            _ => Err(format!("{place} has content that is neither text nor blocks")),
        }
    }

    fn block(&mut self, part: Value, place: &str, blocks: &mut Vec<Value>) -> Result<(), String> {
        let mut part = match part {
            Value::String(text) => {
                blocks.push(json!({ "text": text }));
                return Ok(());
            }
            Value::Object(part) => part,
            _ => return Err(format!("{place} is not an object")),
        };
        part.retain(|_, value| !value.is_null());
        let Some(kind) = part.get("type").and_then(Value::as_str).map(str::to_owned) else {
            return self.own(part, place, blocks);
        };
        let cached = part.remove("cache_control");
        let block = self.typed(&kind, &mut part, place)?;
        if let Some((kind, value)) = block.as_object().and_then(|block| block.iter().next()) {
            check::block(kind, value, self.within).map_err(|why| format!("{place} {why}"))?;
        }
        blocks.push(block);
        self.rewriting.converted.push(format!("blocks `{kind}`"));
        blocks.extend(cached.map(|control| self.point(cache_point(&control))));
        Ok(())
    }

    /// A block of Converse: with several keys it is several blocks.
    fn own(
        &mut self,
        part: Map<String, Value>,
        place: &str,
        blocks: &mut Vec<Value>,
    ) -> Result<(), String> {
        if part.is_empty() {
            self.rewriting.noted.push("empty blocks are not sent: Bedrock refuses them".to_owned());
        }
        for (key, mut value) in part {
            if key == "toolResult"
                && let Some(content) = value.get_mut("content")
            {
                *content = self.result(content.take(), place)?.into();
            }
            // A mark beside a block that is known says something about it.
            if !KINDS.contains(&key.as_str()) && !value.is_object() {
                self.rewriting.dropped.push(format!("messages.content.{key}"));
                continue;
            }
            check::block(&key, &value, self.within).map_err(|why| format!("{place} {why}"))?;
            blocks.push(if key == "cachePoint" {
                self.point(json!({ key: value }))
            } else {
                json!({ key: value })
            });
        }
        Ok(())
    }

    /// What a tool answered.
    fn result(&mut self, content: Value, place: &str) -> Result<Vec<Value>, String> {
        let outside = std::mem::replace(&mut self.within, true);
        let blocks = self.content(content, place);
        self.within = outside;
        blocks
    }

    fn point(&mut self, mut block: Value) -> Value {
        let note = block.get_mut("cachePoint").and_then(check::point);
        self.rewriting.noted.extend(note);
        block
    }

    fn typed(
        &mut self,
        kind: &str,
        part: &mut Map<String, Value>,
        place: &str,
    ) -> Result<Value, String> {
        let mut field = |name: &str| part.remove(name).unwrap_or_default();
        Ok(match kind {
            "text" | "input_text" | "output_text" => json!({ "text": field("text") }),
            "refusal" => json!({ "text": field("refusal") }),
            "image" => image(&field("source"), place)?,
            "image_url" | "input_image" => {
                let url = field("image_url");
                picture(url.get("url").unwrap_or(&url), place)?
            }
            "document" => document(&field("source"), &field("title"), place)?,
            "file" | "input_file" => {
                let file = field("file");
                file_of(
                    &if file.is_object() { file } else { Value::Object(std::mem::take(part)) },
                    place,
                )?
            }
            "tool_use" => {
                json!({ "toolUse": { "toolUseId": field("id"), "name": field("name"), "input": field("input") } })
            }
            "tool_result" => {
                let (id, content, failed) =
                    (field("tool_use_id"), field("content"), field("is_error"));
                let mut result =
                    json!({ "toolUseId": id, "content": self.result(content, place)? });
                if failed == Value::Bool(true) {
                    result["status"] = "error".into();
                }
                json!({ "toolResult": result })
            }
            "thinking" => {
                let thought = json!({ "text": field("thinking"), "signature": field("signature") });
                json!({ "reasoningContent": { "reasoningText": thought } })
            }
            "redacted_thinking" => {
                json!({ "reasoningContent": { "redactedContent": field("data") } })
            }
            other => {
                return Err(format!(
                    "{place} is of the type `{other}`, which Converse does not have"
                ));
            }
        })
    }
}

/// The calls of tools of an answer of chat completions, as blocks.
fn calls(message: &mut Map<String, Value>) -> Vec<Value> {
    let listed = match message.remove("tool_calls") {
        Some(Value::Array(calls)) => calls,
        _ => Vec::new(),
    };
    let older = message
        .remove("function_call")
        .map(|function| json!({ "id": function.get("name"), "function": function }));
    let block = |call: Value| {
        let function = call.get("function").unwrap_or(&call);
        let given = function.get("arguments").cloned().unwrap_or_default();
        let input =
            given.as_str().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(given);
        json!({ "toolUse": { "toolUseId": call.get("id"), "name": function.get("name"), "input": input } })
    };
    listed.into_iter().chain(older.filter(|call| !call["function"].is_null())).map(block).collect()
}

/// A mark of Anthropic's as a block behind what it marks.
pub(super) fn cache_point(control: &Value) -> Value {
    let mut point = json!({ "type": "default" });
    if let Some(life) = control.get("ttl") {
        point["ttl"] = life.clone();
    }
    json!({ "cachePoint": point })
}

fn image(source: &Value, place: &str) -> Result<Value, String> {
    let text = |name: &str| source.get(name).and_then(Value::as_str);
    match (text("type"), text("media_type"), text("data")) {
        (Some("base64"), Some(kind), Some(data)) => Ok(bytes("image", kind, data)),
        (Some("url"), ..) => picture(&source["url"], place),
        _ => Err(format!("{place} holds a picture without data")),
    }
}

/// A picture by its URL: only one that holds its data can be sent.
fn picture(url: &Value, place: &str) -> Result<Value, String> {
    let data = url
        .as_str()
        .and_then(|url| url.strip_prefix("data:"))
        .and_then(|rest| rest.split_once(";base64,"));
    let (kind, data) = data.ok_or_else(|| {
        format!("{place} names a picture by its URL: Bedrock fetches none, --attach sends it")
    })?;
    Ok(bytes("image", kind, data))
}

fn document(source: &Value, title: &Value, place: &str) -> Result<Value, String> {
    let text = |name: &str| source.get(name).and_then(Value::as_str);
    let name = title.as_str().unwrap_or("document");
    let mut document = match (text("type"), text("media_type"), text("data")) {
        (Some("base64"), Some(kind), Some(data)) => {
            bytes("document", kind, data)["document"].take()
        }
        (Some("text"), _, Some(words)) => json!({ "format": "txt", "source": { "text": words } }),
        _ => return Err(format!("{place} holds a document without data: --attach sends a file")),
    };
    document["name"] = name.into();
    Ok(json!({ "document": document }))
}

fn file_of(file: &Value, place: &str) -> Result<Value, String> {
    let data =
        file.get("file_data").and_then(Value::as_str).and_then(|url| url.strip_prefix("data:"));
    let data = data.and_then(|rest| rest.split_once(";base64,"));
    let (kind, data) =
        data.ok_or_else(|| format!("{place} names a file of another service: --attach sends it"))?;
    let name = file.get("filename").and_then(Value::as_str).unwrap_or("document");
    let mut document = bytes("document", kind, data);
    document["document"]["name"] = name.into();
    Ok(document)
}

/// A file by its media type, in Converse's words for formats.
fn bytes(kind: &str, media_type: &str, data: &str) -> Value {
    let format = match media_type.rsplit('/').next().unwrap_or(media_type) {
        "jpg" => "jpeg",
        "plain" => "txt",
        "markdown" => "md",
        "msword" => "doc",
        "vnd.ms-excel" => "xls",
        "vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        other => other,
    };
    json!({ kind: { "format": format, "source": { "bytes": data } } })
}
