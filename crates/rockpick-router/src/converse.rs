//! Conversations in Converse's own JSON, and what a request demands of a model.

use serde_json::{Map, Value};

use super::foreign::{self, MORE_FIELDS};
use super::{Block, Life, MediaKind, Repair, Request, Role, Turn};
use rockpick_core::task::Effort;
use rockpick_core::task::{Feature, FeatureSet, Modality, ModalitySet, Tier};

impl Request {
    /// Reads a conversation: the messages of Converse, or a whole body with `messages`, `system`, `toolConfig` and the rest. Bodies of
    /// the Messages API and of chat completions are rewritten; [`Request::repairs`] says what that changed.
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
        request.repairs.extend(foreign::to_converse(&mut body)?.into_iter().map(Repair::new));
        let Some(Value::Array(messages)) = body.remove("messages") else {
            return Err("there are no `messages`".to_owned());
        };
        request.turns = messages
            .into_iter()
            .enumerate()
            .map(|(at, message)| turn(at, message))
            .collect::<Result<_, _>>()?;
        if let Some(system) = body.remove("system") {
            request.system = blocks(system).ok_or("`system` is no list of blocks")?;
        }
        if let Some(config) = body.remove("inferenceConfig") {
            request.read_inference(&config)?;
        }
        if let Some(config) = body.remove("toolConfig").filter(|config| !config.is_null()) {
            request.read_tools(config)?;
        }
        request.read_settings(&mut body)?;
        request.extra = body;
        Ok(request)
    }

    fn read_inference(&mut self, config: &Value) -> Result<(), String> {
        let number = |field: &str| match config.get(field).filter(|value| !value.is_null()) {
            None => Ok(None),
            Some(value) => value
                .as_f64()
                .map(Some)
                .ok_or_else(|| format!("`inferenceConfig.{field}` is not a number")),
        };
        self.max_tokens = number("maxTokens")?.map(|most| most as u64);
        (self.temperature, self.top_p) = (number("temperature")?, number("topP")?);
        let stop = config.get("stopSequences").and_then(Value::as_array);
        self.stop =
            stop.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        for (field, share) in [("temperature", self.temperature), ("topP", self.top_p)] {
            if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                return Err(format!("`inferenceConfig.{field}` must be from 0 to 1"));
            }
        }
        if self.max_tokens == Some(0) {
            return Err("`inferenceConfig.maxTokens` must be at least 1".to_owned());
        }
        Ok(())
    }

    /// What flags say as well, so that both mean the same: the model, the tier, latency, tags, the effort.
    fn read_settings(&mut self, body: &mut Map<String, Value>) -> Result<(), String> {
        if let Some(Value::String(model)) = body.remove("modelId") {
            self.model = Some(model);
        }
        let word = |body: &Map<String, Value>, path: [&str; 2]| {
            body.get(path[0])?.get(path[1])?.as_str().map(str::to_owned)
        };
        let tier = word(body, ["serviceTier", "type"]);
        self.tier = match tier.as_deref() {
            Some("default") => Some(Tier::Standard),
            Some(name) => Tier::named(name).filter(|tier| *tier != Tier::Batch),
            None => None,
        };
        if self.tier.is_some() {
            body.remove("serviceTier");
        }
        if word(body, ["performanceConfig", "latency"]).as_deref() == Some("optimized") {
            self.fast = true;
            body.remove("performanceConfig");
        }
        if let Some(Value::Object(tags)) = body.remove("requestMetadata") {
            let text =
                |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.metadata = tags.into_iter().map(|(key, value)| (key, text(value))).collect();
        }
        // Converse's own word for the effort; what stands in a provider's words is read when the model is known.
        let effort = body
            .get_mut("outputConfig")
            .and_then(Value::as_object_mut)
            .and_then(|config| config.remove("effort"));
        self.effort =
            effort.filter(|effort| !effort.is_null()).map(|word| effort_of(&word)).transpose()?;
        body.retain(|field, value| {
            field != "outputConfig" || value.as_object().is_none_or(|config| !config.is_empty())
        });
        // The API takes no empty object here.
        body.retain(|field, value| {
            field != MORE_FIELDS || value.as_object().is_none_or(|more| !more.is_empty())
        });
        Ok(())
    }

    /// Reads tools: Converse's `toolConfig`, a list of its tools, or functions as other APIs and tool servers write them.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read_tools(&mut self, value: Value) -> Result<(), String> {
        let offered = foreign::offered(value)?;
        (self.tools, self.tool_choice) = (offered.tools, offered.choice);
        self.repairs.extend(offered.notes.into_iter().map(Repair::new));
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
            (self.effort.is_some_and(|effort| effort != Effort::None), Feature::Reasoning),
            (
                self.guardrail.is_some() || self.extra.contains_key("guardrailConfig"),
                Feature::Guardrails,
            ),
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
            Self::Native(value) => {
                MediaKind::ALL.iter().copied().find(|kind| value.get(kind.name()).is_some())
            }
            _ => None,
        }
    }
}

fn effort_of(word: &Value) -> Result<Effort, String> {
    let effort = word.as_str().and_then(|word| Effort::named(&word.trim().to_lowercase()));
    effort.ok_or_else(|| {
        let efforts: Vec<&str> = Effort::ALL.iter().map(|effort| effort.name()).collect();
        format!("`outputConfig.effort` is {word}: the efforts are {}", efforts.join(", "))
    })
}

fn turn(at: usize, message: Value) -> Result<Turn, String> {
    let Value::Object(mut message) = message else {
        return Err(format!("message {at} is not an object"));
    };
    let role = message.get("role").and_then(Value::as_str).and_then(Role::named);
    let role =
        role.ok_or_else(|| format!("message {at} has neither the role `user` nor `assistant`"))?;
    let content = message.remove("content").and_then(blocks);
    Ok(Turn { role, blocks: content.ok_or_else(|| format!("message {at} has no `content`"))? })
}

fn blocks(value: Value) -> Option<Vec<Block>> {
    match value {
        Value::Array(blocks) => Some(blocks.into_iter().map(block).collect()),
        _ => None,
    }
}

fn block(value: Value) -> Block {
    match value.as_object().filter(|block| block.len() == 1).and_then(|block| block.iter().next()) {
        Some((key, Value::String(text))) if key == "text" => Block::Text(text.clone()),
        Some((key, point)) if key == "cachePoint" => Block::CachePoint(
            point.get("ttl").and_then(Value::as_str).and_then(Life::named).unwrap_or(Life::Minutes),
        ),
        _ => Block::Native(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Tool;
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
        assert_eq!(
            (request.max_tokens, request.stop.as_slice()),
            (Some(10), ["|".to_owned()].as_slice())
        );
        assert_eq!(request.system[1], Block::CachePoint(Life::Minutes));
        assert!(request.extra.contains_key("guardrailConfig") && request.tool_choice.is_some());
        let (input, features) = request.needs();
        assert!(
            input.contains(Modality::Image)
                && features.contains(Feature::Tools)
                && features.contains(Feature::Guardrails)
        );
    }

    #[test]
    fn functions_of_other_apis_are_tools() {
        let mut request = Request::default();
        let function = json!({"type": "function", "function": {"name": "add", "description": "adds", "parameters": {"type": "object"}}});
        request.read_tools(json!([function, {"name": "now"}])).expect("tools");
        assert!(matches!(&request.tools[0], Tool::Function { name, .. } if name == "add"));
        assert!(request.read_tools(json!([{"x": 1}])).is_err());
    }

    #[test]
    fn what_is_no_conversation_is_refused() {
        for value in [
            json!(1),
            json!({}),
            json!([{"role": "robot", "content": []}]),
            json!([{"role": "user"}]),
        ] {
            assert!(Request::from_converse(value.clone()).is_err(), "{value}");
        }
    }
}
