//! Bodies of other APIs, rewritten as Converse's: what Converse has itself stays as it is.
//!
//! Anthropic's Messages API, chat completions and Nova's own body name most things differently and mean the same. What has no
//! counterpart is named in a note; what would change the meaning when it is left out is an error.

mod blocks;
mod check;
mod tools;

use serde_json::{Map, Value, json};

pub(super) use self::tools::offered;

/// Where Converse takes what is a provider's own.
pub(super) const MORE_FIELDS: &str = "additionalModelRequestFields";

/// Fields of other APIs, and the field of `inferenceConfig` that says the same.
const INFERENCE: [(&str, &str); 8] = [
    ("max_tokens", "maxTokens"),
    ("max_completion_tokens", "maxTokens"),
    ("max_output_tokens", "maxTokens"),
    ("max_new_tokens", "maxTokens"),
    ("temperature", "temperature"),
    ("top_p", "topP"),
    ("stop_sequences", "stopSequences"),
    ("stop", "stopSequences"),
];
/// Fields that Converse takes as the provider's own.
const OWN: [&str; 8] = [
    "thinking",
    "output_config",
    "reasoning_config",
    "reasoning",
    "reasoning_effort",
    "reasoningConfig",
    "top_k",
    "anthropic_beta",
];
/// Fields that say how a body is sent, not what is asked.
const TRANSPORT: [&str; 4] = ["anthropic_version", "stream", "stream_options", "schemaVersion"];
/// The fields of Converse's body beside the conversation.
const CONVERSE: [&str; 11] = [
    "additionalModelRequestFields",
    "additionalModelResponseFieldPaths",
    "guardrailConfig",
    "inferenceConfig",
    "modelId",
    "outputConfig",
    "performanceConfig",
    "projectIdentifier",
    "promptVariables",
    "requestMetadata",
    "serviceTier",
];
/// What a body without `messages` is, by a field that only it has.
const OTHERS: [(&str, &str); 7] = [
    ("input", "of the Responses API"),
    ("contents", "of Gemini's API"),
    ("inputText", "of InvokeModel for one family of models"),
    ("prompt", "of InvokeModel for one family of models"),
    ("inputPrompt", "of InvokeModel for one family of models"),
    ("message", "of InvokeModel for one family of models"),
    ("texts", "of InvokeModel for embeddings"),
];

/// Rewrites a body in place; gives what should be known about it.
///
/// # Errors
/// What the body is, when it cannot be rewritten.
pub(super) fn to_converse(body: &mut Map<String, Value>) -> Result<Vec<String>, String> {
    unwrap(body)?;
    let other =
        OTHERS.iter().find(|(key, _)| body.contains_key(*key) && !body.contains_key("messages"));
    if let Some((_, what)) = other {
        return Err(format!(
            "it is a body {what}, not of Converse, the Messages API or chat completions"
        ));
    }
    let mut rewriting = Rewriting::default();
    rewriting.inference(body);
    rewriting.own(body);
    rewriting.tools(body);
    rewriting.format(body)?;
    rewriting.tier(body);
    blocks::conversation(body, &mut rewriting)?;
    rewriting.left_over(body);
    Ok(rewriting.notes())
}

/// Takes a body out of what it is wrapped in: a record of a batch, or the arguments of InvokeModel.
fn unwrap(body: &mut Map<String, Value>) -> Result<(), String> {
    for wrapper in ["modelInput", "body"] {
        let inner = match body.remove(wrapper) {
            None => continue,
            Some(Value::String(text)) => serde_json::from_str(&text)
                .map_err(|error| format!("`{wrapper}` is not JSON: {error}"))?,
            Some(inner) => inner,
        };
        let Value::Object(mut inner) = inner else {
            return Err(format!("`{wrapper}` is not an object"));
        };
        if let Some(model) = body.remove("modelId") {
            inner.entry("modelId").or_insert(model);
        }
        *body = inner;
    }
    Ok(())
}

/// What is done to one body.
#[derive(Default)]
struct Rewriting {
    /// Fields of another API that were rewritten.
    converted: Vec<String>,
    /// Fields that are not sent.
    dropped: Vec<String>,
    /// What else was changed.
    noted: Vec<String>,
}

impl Rewriting {
    fn inference(&mut self, body: &mut Map<String, Value>) {
        let mut config = match body.remove("inferenceConfig") {
            Some(Value::Object(config)) => config,
            _ => Map::new(),
        };
        for (field, own) in INFERENCE {
            let nested = if field == own { None } else { config.remove(field) };
            let Some(value) = body.remove(field).or(nested).filter(|value| !value.is_null()) else {
                continue;
            };
            let value =
                if own == "stopSequences" && value.is_string() { json!([value]) } else { value };
            config.entry(own).or_insert(value);
            self.converted.push(field.to_owned());
        }
        if let Some(top_k) = config.remove("topK").or_else(|| config.remove("top_k")) {
            body.insert("top_k".to_owned(), top_k);
        }
        config.retain(|field, value| {
            let known = INFERENCE.iter().any(|(_, own)| own == field);
            if !known && !value.is_null() {
                self.dropped.push(format!("inferenceConfig.{field}"));
            }
            known && !value.is_null()
        });
        if !config.is_empty() {
            body.insert("inferenceConfig".to_owned(), Value::Object(config));
        }
    }

    /// What Converse takes as the provider's own as well.
    fn own(&mut self, body: &mut Map<String, Value>) {
        for field in OWN {
            let Some(value) = body.remove(field).filter(|value| !value.is_null()) else { continue };
            let more = body.entry(MORE_FIELDS).or_insert_with(|| json!({}));
            if let Value::Object(more) = more {
                more.entry(field).or_insert(value);
            }
            self.converted.push(field.to_owned());
        }
    }

    fn tools(&mut self, body: &mut Map<String, Value>) {
        let choice = body.remove("tool_choice").or_else(|| body.remove("function_call"));
        let Some(tools) = body.remove("tools").or_else(|| body.remove("functions")) else {
            let forces = |choice: &Value| !choice.is_null() && choice != "auto" && choice != "none";
            self.dropped.extend(choice.filter(forces).map(|_| "tool_choice".to_owned()));
            return;
        };
        let mut config = json!({ "tools": tools });
        if let Some(choice) = choice {
            config["toolChoice"] = choice;
        }
        body.entry("toolConfig").or_insert(config);
        self.converted.push("tools".to_owned());
    }

    /// The schema that an answer is held to.
    fn format(&mut self, body: &mut Map<String, Value>) -> Result<(), String> {
        let Some(format) = body.remove("response_format").or_else(|| body.remove("output_format"))
        else {
            return Ok(());
        };
        let schema =
            ["/json_schema/schema", "/schema"].iter().find_map(|path| format.pointer(path));
        match (format.get("type").and_then(Value::as_str), schema) {
            (Some("text"), _) => {}
            (_, Some(schema)) => {
                let name =
                    format.pointer("/json_schema/name").cloned().unwrap_or_else(|| json!("answer"));
                let schema = json!({ "schema": schema.to_string(), "name": name });
                let text = json!({ "type": "json_schema", "structure": { "jsonSchema": schema } });
                body.entry("outputConfig").or_insert(json!({ "textFormat": text }));
                self.converted.push("response_format".to_owned());
            }
            _ => return Err(
                "`response_format` without a schema has no counterpart in Converse: give a schema"
                    .to_owned(),
            ),
        }
        Ok(())
    }

    fn tier(&mut self, body: &mut Map<String, Value>) {
        match body.remove("service_tier") {
            None => {}
            Some(Value::String(tier))
                if ["auto", "default", "standard_only"].contains(&tier.as_str()) => {}
            Some(tier) => {
                body.entry("serviceTier").or_insert(json!({ "type": tier }));
                self.converted.push("service_tier".to_owned());
            }
        }
    }

    /// What is left: fields of a newer Converse are passed on, those of other APIs are not.
    fn left_over(&mut self, body: &mut Map<String, Value>) {
        for field in TRANSPORT {
            if body.remove(field).is_some() {
                self.converted.push(field.to_owned());
            }
        }
        if let Some(model) = body.remove("model") {
            body.entry("modelId").or_insert(model);
        }
        let foreign = !self.converted.is_empty();
        let reads = |field: &str| {
            ["messages", "system", "toolConfig"].contains(&field) || CONVERSE.contains(&field)
        };
        body.retain(|field, value| {
            let stays = reads(field) || !(foreign || field.contains('_') || value.is_null());
            if !stays && !value.is_null() {
                self.dropped.push(field.to_owned());
            }
            stays && !value.is_null()
        });
    }

    fn notes(mut self) -> Vec<String> {
        self.noted.dedup();
        let mut notes = self.noted;
        if !self.converted.is_empty() {
            self.converted.dedup();
            notes
                .push(format!("the body is rewritten for Converse: {}", self.converted.join(", ")));
        }
        if !self.dropped.is_empty() {
            self.dropped.dedup();
            let fields: Vec<String> =
                self.dropped.iter().map(|field| format!("`{field}`")).collect();
            notes.push(format!("{} not sent: Converse has no place for it", are(&fields)));
        }
        notes
    }
}

/// The names with "is" or "are".
fn are(names: &[String]) -> String {
    format!("{} {}", names.join(", "), if names.len() == 1 { "is" } else { "are" })
}
