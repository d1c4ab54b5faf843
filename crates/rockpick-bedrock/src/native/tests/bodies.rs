//! Bodies as models want them.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::form;
use crate::native::body;
use rockpick_core::task::Tier;
use rockpick_router::{
    Block, Guardrail, Life, Media, MediaKind, Request, Role, Schema, Tool, Turn,
};

fn written(id: &str, request: &Request) -> Value {
    let form = form(id);
    body(request, &form, form.talk.as_ref().expect("a conversation")).expect("a body").0
}

fn turn(role: Role, blocks: Vec<Block>) -> Turn {
    Turn { role, blocks }
}

/// A conversation in which a tool was called, with a picture, a system prompt and all parameters.
fn full() -> Request {
    let picture = Media {
        kind: MediaKind::Image,
        format: "png".into(),
        name: String::new(),
        bytes: Arc::from(*b"abc"),
    };
    let call = Block::ToolUse { id: "t1".into(), name: "add".into(), input: json!({"a": 1}) };
    let result = Block::ToolResult { id: "t1".into(), text: "2".into(), failed: false };
    Request {
        system: vec![Block::Text("be brief".into()), Block::CachePoint(Life::Minutes)],
        turns: vec![
            turn(Role::User, vec![Block::Media(picture), Block::Text("look".into())]),
            turn(Role::Assistant, vec![Block::Text("let me see".into()), call]),
            turn(Role::User, vec![result]),
        ],
        tools: vec![Tool::Function {
            name: "add".into(),
            description: Some("adds".into()),
            schema: json!({"type": "object"}),
            strict: None,
        }],
        tool_choice: Some(json!({"any": {}})),
        max_tokens: Some(100),
        temperature: Some(0.5),
        stop: vec!["|".into()],
        schema: Some(Schema { name: "answer".into(), json: json!({"type": "object"}) }),
        extra: Map::from_iter([(
            "additionalModelRequestFields".to_owned(),
            json!({"output_config": {"effort": "low"}}),
        )]),
        ..Request::default()
    }
}

#[test]
fn messages_of_typed_blocks() {
    let expected = json!({
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 100,
        "system": [{"type": "text", "text": "be brief", "cache_control": {"type": "ephemeral"}}],
        "messages": [
            {"role": "user", "content": [
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "YWJj"}},
                {"type": "text", "text": "look"},
            ]},
            {"role": "assistant", "content": [
                {"type": "text", "text": "let me see"},
                {"type": "tool_use", "id": "t1", "name": "add", "input": {"a": 1}},
            ]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "2"}]},
        ],
        "tools": [{"name": "add", "input_schema": {"type": "object"}, "description": "adds"}],
        "tool_choice": {"type": "any"},
        "temperature": 0.5,
        "stop_sequences": ["|"],
        "output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}, "effort": "low"},
    });
    assert_eq!(written("anthropic.claude-haiku-4-5-20251001-v1:0", &full()), expected);
}

#[test]
fn what_converse_alone_has_becomes_messages_too() {
    let blocks = vec![
        Block::Native(
            json!({"reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}}),
        ),
        Block::Native(
            json!({"document": {"format": "txt", "name": "notes", "source": {"bytes": "YWJj"}}}),
        ),
        Block::Native(
            json!({"toolResult": {"toolUseId": "t", "content": [{"json": {"a": 1}}], "status": "error"}}),
        ),
    ];
    let request = Request { turns: vec![turn(Role::User, blocks)], ..Request::default() };
    let expected = json!([
        {"type": "thinking", "thinking": "hm", "signature": "s"},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "abc"}, "title": "notes"},
        {"type": "tool_result", "tool_use_id": "t", "content": "{\"a\":1}", "is_error": true},
    ]);
    assert_eq!(written("anthropic.claude-v2", &request)["messages"][0]["content"], expected);
}

#[test]
fn messages_of_chat_completions() {
    let expected = json!({
        "messages": [
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": [
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,YWJj"}},
                {"type": "text", "text": "look"},
            ]},
            {"role": "assistant", "content": "let me see", "tool_calls": [
                {"id": "t1", "type": "function", "function": {"name": "add", "arguments": "{\"a\":1}"}},
            ]},
            {"role": "tool", "tool_call_id": "t1", "content": "2"},
        ],
        "max_completion_tokens": 100,
        "temperature": 0.5,
        "stop": ["|"],
        "tools": [{"type": "function", "function": {"name": "add", "parameters": {"type": "object"}, "description": "adds"}}],
        "tool_choice": "required",
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": true}},
        "output_config": {"effort": "low"},
    });
    assert_eq!(written("openai.gpt-oss-20b-1:0", &full()), expected);
    let own = written("mistral.mistral-large-2407-v1:0", &full());
    assert_eq!(
        (&own["tool_choice"], own.get("stop"), &own["max_tokens"]),
        (&json!("any"), None, &json!(100))
    );
}

#[test]
fn converses_own_messages() {
    let own = written("amazon.nova-lite-v1:0", &full());
    assert_eq!(own["system"], json!([{"text": "be brief"}, {"cachePoint": {"type": "default"}}]));
    assert_eq!(
        own["inferenceConfig"],
        json!({"maxTokens": 100, "temperature": 0.5, "stopSequences": ["|"]})
    );
    assert_eq!(own["messages"][2]["content"][0]["toolResult"]["toolUseId"], "t1");
    assert_eq!(own["toolConfig"]["toolChoice"], json!({"any": {}}));
}

#[test]
fn one_text_by_a_template() {
    let turns = vec![
        turn(Role::User, vec![Block::Text("hi".into()), Block::Text("you".into())]),
        turn(Role::Assistant, vec![Block::Text("yes?".into())]),
        turn(Role::User, vec![Block::Text("why".into())]),
    ];
    let request = Request { turns, stream: true, max_tokens: Some(9), ..Request::default() };
    for (id, expected) in [
        (
            "mistral.mistral-7b-instruct-v0:2",
            json!({"prompt": "<s>[INST] hi\nyou [/INST] yes?</s>[INST] why [/INST]", "max_tokens": 9}),
        ),
        (
            "amazon.titan-text-lite-v1",
            json!({"inputText": "User: hi\nyou\nBot: yes?\nUser: why\nBot:", "textGenerationConfig": {"maxTokenCount": 9}}),
        ),
        (
            "cohere.command-text-v14",
            json!({"prompt": "User: hi\nyou\nChatbot: yes?\nUser: why\nChatbot:", "max_tokens": 9, "stream": true}),
        ),
        ("ai21.j2-ultra-v1", json!({"prompt": "hi\nyou\nyes?\nwhy", "maxTokens": 9})),
        (
            "cohere.command-r-v1:0",
            json!({"message": "why", "max_tokens": 9, "chat_history": [
                {"role": "USER", "message": "hi\nyou"}, {"role": "CHATBOT", "message": "yes?"},
            ]}),
        ),
    ] {
        assert_eq!(written(id, &request), expected, "{id}");
    }
    let request = Request { system: vec![Block::Text("be brief".into())], ..Request::new("hi") };
    let prompt = written("meta.llama3-1-8b-instruct-v1:0", &request)["prompt"]
        .as_str()
        .map(str::to_owned)
        .expect("a prompt");
    assert!(
        prompt.starts_with(
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nbe brief<|eot_id|>"
        ),
        "{prompt}"
    );
    assert!(
        prompt.ends_with("hi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"),
        "{prompt}"
    );
}

#[test]
fn a_video_has_its_place_and_what_is_no_body_goes_into_headers() {
    let video = Block::Native(
        json!({"video": {"format": "mp4", "source": {"s3Location": {"uri": "s3://b/k"}}}}),
    );
    let request = Request {
        turns: vec![turn(Role::User, vec![video, Block::Text("what happens".into())])],
        guardrail: Some(Guardrail { id: "g".into(), version: "1".into() }),
        tier: Some(Tier::Flex),
        metadata: [("team".to_owned(), "a".to_owned())].into(),
        ..Request::default()
    };
    let form = form("twelvelabs.pegasus-1-2-v1:0");
    let (body, headers) =
        body(&request, &form, form.talk.as_ref().expect("a conversation")).expect("a body");
    assert_eq!(
        body,
        json!({"inputPrompt": "what happens", "mediaSource": {"s3Location": {"uri": "s3://b/k"}}})
    );
    let expected = [
        ("x-amzn-bedrock-guardrailidentifier", "g"),
        ("x-amzn-bedrock-guardrailversion", "1"),
        ("x-amzn-bedrock-service-tier", "flex"),
        ("x-amzn-bedrock-request-metadata", "{\"team\":\"a\"}"),
    ];
    assert_eq!(headers, expected.map(|(name, value)| (name, value.to_owned())));
}

#[test]
fn every_form_of_a_conversation_has_a_place_for_what_is_said() {
    for form in rockpick_knowledge::bundled().catalog.forms() {
        let Some(talk) = &form.talk else { continue };
        let said = body(&Request::new("a certain word"), form, talk).expect("a body").0.to_string();
        assert!(
            said.contains("a certain word") && form.has_place("MAX_TOKENS"),
            "{}: {said}",
            form.name
        );
    }
}
