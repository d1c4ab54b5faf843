//! A request as Converse's JSON.

use aws_smithy_types::base64;
use serde_json::{Map, Value, json};

use rockpick_core::task::Tier;
use rockpick_router::{Block, Life, Media, MediaKind, Request, Tool, Turn};

/// The body of Converse and ConverseStream.
pub(super) fn converse(request: &Request) -> Value {
    let mut body = request.extra.clone();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(key.to_owned(), value);
        }
    };
    put("messages", Some(request.turns.iter().map(turn).collect()));
    put("system", system(request));
    put("inferenceConfig", Some(inference(request)));
    put("toolConfig", tools(request));
    put(
        "outputConfig",
        request.schema.as_ref().map(|schema| {
            let schema = json!({ "schema": schema.json.to_string(), "name": schema.name });
            json!({ "textFormat": { "type": "json_schema", "structure": { "jsonSchema": schema } } })
        }),
    );
    put(
        "guardrailConfig",
        request
            .guardrail
            .as_ref()
            .map(|guardrail| json!({ "guardrailIdentifier": guardrail.id, "guardrailVersion": guardrail.version })),
    );
    put("serviceTier", request.tier.and_then(tier).map(|name| json!({ "type": name })));
    put("performanceConfig", request.fast.then(|| json!({ "latency": "optimized" })));
    put("requestMetadata", (!request.metadata.is_empty()).then(|| json!(request.metadata)));
    Value::Object(body)
}

/// The tier in Converse's words; batch is another API.
fn tier(tier: Tier) -> Option<&'static str> {
    match tier {
        Tier::Standard | Tier::Batch => None,
        Tier::Flex => Some("flex"),
        Tier::Priority => Some("priority"),
    }
}

fn turn(turn: &Turn) -> Value {
    let content: Vec<Value> = turn.blocks.iter().map(block).collect();
    json!({ "role": turn.role, "content": content })
}

fn system(request: &Request) -> Option<Value> {
    let blocks: Vec<Value> = request.system.iter().map(block).collect();
    (!blocks.is_empty()).then_some(Value::Array(blocks))
}

fn inference(request: &Request) -> Value {
    let mut config = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            config.insert(key.to_owned(), value);
        }
    };
    put("maxTokens", request.max_tokens.map(Value::from));
    put("temperature", request.temperature.map(Value::from));
    put("topP", request.top_p.map(Value::from));
    put("stopSequences", (!request.stop.is_empty()).then(|| json!(request.stop)));
    Value::Object(config)
}

fn tools(request: &Request) -> Option<Value> {
    if request.tools.is_empty() {
        return None;
    }
    let tools: Vec<Value> = request.tools.iter().map(tool).collect();
    let mut config = json!({ "tools": tools });
    if let Some(choice) = &request.tool_choice {
        config["toolChoice"] = choice.clone();
    }
    Some(config)
}

fn tool(tool: &Tool) -> Value {
    match tool {
        Tool::Native(value) => value.clone(),
        Tool::CachePoint(life) => cache_point(*life),
        Tool::Function { name, description, schema, strict } => {
            let mut spec = json!({ "name": name, "inputSchema": { "json": schema } });
            if let Some(description) = description {
                spec["description"] = json!(description);
            }
            if let Some(strict) = strict {
                spec["strict"] = json!(strict);
            }
            json!({ "toolSpec": spec })
        }
    }
}

fn block(block: &Block) -> Value {
    match block {
        Block::Text(text) => json!({ "text": text }),
        Block::Media(media) => self::media(media),
        Block::ToolUse { id, name, input } => {
            json!({ "toolUse": { "toolUseId": id, "name": name, "input": input } })
        }
        Block::ToolResult { id, text, failed } => {
            let mut result = json!({ "toolUseId": id, "content": [{ "text": text }] });
            if *failed {
                result["status"] = json!("error");
            }
            json!({ "toolResult": result })
        }
        Block::CachePoint(life) => cache_point(*life),
        Block::Native(value) => value.clone(),
    }
}

/// Five minutes are what is meant when no life is given.
fn cache_point(life: Life) -> Value {
    let mut point = json!({ "type": "default" });
    if life == Life::Hour {
        point["ttl"] = json!(life);
    }
    json!({ "cachePoint": point })
}

fn media(media: &Media) -> Value {
    let mut part =
        json!({ "format": media.format, "source": { "bytes": base64::encode(&media.bytes) } });
    if media.kind == MediaKind::Document {
        part["name"] = json!(media.name);
    }
    json!({ media.kind.name(): part })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rockpick_router::{Guardrail, Role, Schema};

    #[test]
    fn a_full_request_has_converses_shape() {
        let request = Request {
            system: vec![Block::Text("be brief".into()), Block::CachePoint(Life::Minutes)],
            tools: vec![Tool::Function {
                name: "add".into(),
                description: None,
                schema: json!({"type": "object"}),
                strict: None,
            }],
            max_tokens: Some(100),
            temperature: Some(0.5),
            schema: Some(Schema { name: "answer".into(), json: json!({"type": "object"}) }),
            guardrail: Some(Guardrail { id: "g".into(), version: "1".into() }),
            tier: Some(Tier::Flex),
            fast: true,
            metadata: [("team".to_owned(), "a".to_owned())].into(),
            ..Request::new("hi")
        };
        let expected = json!({
            "messages": [{"role": "user", "content": [{"text": "hi"}]}],
            "system": [{"text": "be brief"}, {"cachePoint": {"type": "default"}}],
            "inferenceConfig": {"maxTokens": 100, "temperature": 0.5},
            "toolConfig": {"tools": [{"toolSpec": {"name": "add", "inputSchema": {"json": {"type": "object"}}}}]},
            "outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": "{\"type\":\"object\"}", "name": "answer"}}}},
            "guardrailConfig": {"guardrailIdentifier": "g", "guardrailVersion": "1"},
            "serviceTier": {"type": "flex"},
            "performanceConfig": {"latency": "optimized"},
            "requestMetadata": {"team": "a"},
        });
        assert_eq!(converse(&request), expected);
    }

    #[test]
    fn files_and_tool_results_have_converses_shape() {
        let pdf = Media {
            kind: MediaKind::Document,
            format: "pdf".into(),
            name: "report".into(),
            bytes: (*b"abc").into(),
        };
        let result = Block::ToolResult { id: "t".into(), text: "2".into(), failed: true };
        let blocks = vec![Block::Media(pdf), result];
        let expected = json!([
            {"document": {"format": "pdf", "name": "report", "source": {"bytes": "YWJj"}}},
            {"toolResult": {"toolUseId": "t", "content": [{"text": "2"}], "status": "error"}},
        ]);
        assert_eq!(turn(&Turn { role: Role::User, blocks })["content"], expected);
    }
}
