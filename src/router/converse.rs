//! Conversations in Converse's own JSON, and what a request demands of a model.

use serde_json::{Map, Value};

use super::{Block, MediaKind, Request, Role, Tool, Turn};
use crate::task::{Feature, FeatureSet, Modality, ModalitySet};

impl Request {
    /// Reads a conversation: the messages of Converse, or a whole body with `messages`, `system`, `toolConfig` and the rest.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn from_converse(value: Value) -> Result<Self, String> {
        let mut body = match value {
            Value::Array(_) => Map::from_iter([("messages".to_owned(), value)]),
            Value::Object(body) => body,
            _ => return Err("neither a list of messages nor an object with `messages`".to_owned()),
        };
        let mut request = Self::default();
        let Some(Value::Array(messages)) = body.remove("messages") else { return Err("there are no `messages`".to_owned()) };
        request.turns = messages.into_iter().enumerate().map(|(at, message)| turn(at, message)).collect::<Result<_, _>>()?;
        if let Some(system) = body.remove("system") {
            request.system = blocks(system).ok_or("`system` is no list of blocks")?;
        }
        if let Some(config) = body.remove("inferenceConfig") {
            request.read_inference(&config);
        }
        if let Some(config) = body.remove("toolConfig") {
            request.read_tools(config)?;
        }
        // What Bedrock adds on the way, and what the command line decides.
        body.remove("modelId");
        request.extra = body;
        Ok(request)
    }

    fn read_inference(&mut self, config: &Value) {
        self.max_tokens = config.get("maxTokens").and_then(Value::as_u64);
        self.temperature = config.get("temperature").and_then(Value::as_f64);
        self.top_p = config.get("topP").and_then(Value::as_f64);
        let stop = config.get("stopSequences").and_then(Value::as_array);
        self.stop = stop.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    }

    /// Reads tools: Converse's `toolConfig`, a list of its tools, or a list of functions as other APIs write them.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read_tools(&mut self, value: Value) -> Result<(), String> {
        let tools = match value {
            Value::Array(tools) => tools,
            Value::Object(mut config) => {
                self.tool_choice = config.remove("toolChoice");
                match config.remove("tools") {
                    Some(Value::Array(tools)) => tools,
                    _ => return Err("there are no `tools`".to_owned()),
                }
            }
            _ => return Err("neither a list of tools nor an object with `tools`".to_owned()),
        };
        self.tools = tools
            .into_iter()
            .enumerate()
            .map(|(at, value)| tool(value).ok_or_else(|| format!("tool {at} has no name and schema")))
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// What a model must take in and be able to do for this request.
    #[must_use]
    pub fn needs(&self) -> (ModalitySet, FeatureSet) {
        let mut input = ModalitySet::only(Modality::Text);
        let mut features = FeatureSet::EMPTY;
        for kind in self.blocks().filter_map(Block::media_kind) {
            match kind {
                MediaKind::Image => input.insert(Modality::Image),
                MediaKind::Video => input.insert(Modality::Video),
                MediaKind::Audio => input.insert(Modality::Audio),
                MediaKind::Document => features.insert(Feature::Documents),
            }
        }
        for (wanted, feature) in [
            (!self.tools.is_empty(), Feature::Tools),
            (self.schema.is_some(), Feature::Json),
            (self.effort.is_some(), Feature::Reasoning),
            (self.guardrail.is_some() || self.extra.contains_key("guardrailConfig"), Feature::Guardrails),
        ] {
            if wanted {
                features.insert(feature);
            }
        }
        (input, features)
    }
}

impl Block {
    fn media_kind(&self) -> Option<MediaKind> {
        match self {
            Self::Media(media) => Some(media.kind),
            Self::Native(value) => MediaKind::ALL.iter().copied().find(|kind| value.get(kind.name()).is_some()),
            _ => None,
        }
    }
}

fn turn(at: usize, message: Value) -> Result<Turn, String> {
    let Value::Object(mut message) = message else { return Err(format!("message {at} is no object")) };
    let role = message.get("role").and_then(Value::as_str).and_then(Role::named);
    let role = role.ok_or_else(|| format!("message {at} has neither the role `user` nor `assistant`"))?;
    let content = message.remove("content").and_then(blocks);
    Ok(Turn { role, blocks: content.ok_or_else(|| format!("message {at} has no `content`"))? })
}

/// Blocks; a bare text is one, as other APIs write it.
fn blocks(value: Value) -> Option<Vec<Block>> {
    match value {
        Value::String(text) => Some(vec![Block::Text(text)]),
        Value::Array(blocks) => Some(blocks.into_iter().map(block).collect()),
        _ => None,
    }
}

fn block(value: Value) -> Block {
    match value.as_object().filter(|block| block.len() == 1).and_then(|block| block.iter().next()) {
        Some((key, Value::String(text))) if key == "text" => Block::Text(text.clone()),
        Some((key, Value::Object(point))) if key == "cachePoint" && point.len() == 1 => Block::CachePoint,
        _ => Block::Native(value),
    }
}

fn tool(value: Value) -> Option<Tool> {
    if value.as_object()?.keys().all(|key| ["toolSpec", "cachePoint", "systemTool"].contains(&key.as_str())) {
        return Some(Tool::Native(value));
    }
    let function = value.get("function").unwrap_or(&value);
    let schema = ["parameters", "input_schema", "inputSchema"].iter().find_map(|key| function.get(*key));
    let text = |key: &str| function.get(key).and_then(Value::as_str).map(str::to_owned);
    let schema = schema.cloned().unwrap_or_else(|| serde_json::json!({ "type": "object", "properties": {} }));
    Some(Tool::Function { name: text("name")?, description: text("description"), schema })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_body_is_read_and_nothing_of_it_is_lost() {
        let request = Request::from_converse(json!({
            "messages": [{"role": "user", "content": [{"text": "hi"}, {"image": {"format": "png", "source": {"bytes": "AA=="}}}]}],
            "system": [{"text": "be brief"}, {"cachePoint": {"type": "default"}}],
            "inferenceConfig": {"maxTokens": 10, "stopSequences": ["|"]},
            "toolConfig": {"tools": [{"toolSpec": {"name": "a"}}], "toolChoice": {"auto": {}}},
            "guardrailConfig": {"guardrailIdentifier": "g"},
        }))
        .expect("a request");
        assert_eq!((request.max_tokens, request.stop.as_slice()), (Some(10), ["|".to_owned()].as_slice()));
        assert_eq!(request.system[1], Block::CachePoint);
        assert!(request.extra.contains_key("guardrailConfig") && request.tool_choice.is_some());
        let (input, features) = request.needs();
        assert!(input.contains(Modality::Image) && features.contains(Feature::Tools) && features.contains(Feature::Guardrails));
    }

    #[test]
    fn functions_of_other_apis_are_tools() {
        let mut request = Request::default();
        let function =
            json!({"type": "function", "function": {"name": "add", "description": "adds", "parameters": {"type": "object"}}});
        request.read_tools(json!([function, {"name": "now"}])).expect("tools");
        assert!(matches!(&request.tools[0], Tool::Function { name, .. } if name == "add"));
        assert!(request.read_tools(json!([{"x": 1}])).is_err());
    }

    #[test]
    fn what_is_no_conversation_is_refused() {
        for value in [json!(1), json!({}), json!([{"role": "robot", "content": []}]), json!([{"role": "user"}])] {
            assert!(Request::from_converse(value.clone()).is_err(), "{value}");
        }
    }
}
