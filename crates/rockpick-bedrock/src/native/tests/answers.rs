//! Answers as models give them, whole and in chunks.

use serde_json::{Value, json};

use super::form;
use crate::native::Reader;
use crate::wire::Tokens;
use rockpick_router::{Collected, Event, Usage};

fn read(id: &str) -> Reader {
    Reader::new(form(id).talk.as_ref().expect("a conversation"))
}

fn collect(events: &[Event]) -> Collected {
    let mut got = Collected::default();
    events.iter().for_each(|event| got.add(event));
    got
}

fn usage(input: u64, output: u64) -> Usage {
    Usage { input_tokens: input, output_tokens: output, ..Usage::default() }
}

#[test]
fn whole_answers_of_every_shape() {
    let billed = Tokens { input: Some(7), output: Some(3), ..Tokens::default() };
    for (id, answer, text, stop) in [
        (
            "amazon.titan-text-lite-v1",
            json!({"inputTextTokenCount": 7, "results": [{"tokenCount": 3, "outputText": "hi", "completionReason": "LENGTH"}]}),
            "hi",
            "max_tokens",
        ),
        (
            "meta.llama3-8b-instruct-v1:0",
            json!({"generation": "hi", "prompt_token_count": 7, "generation_token_count": 3, "stop_reason": "stop"}),
            "hi",
            "end_turn",
        ),
        (
            "mistral.mistral-7b-instruct-v0:2",
            json!({"outputs": [{"text": "hi", "stop_reason": "length"}]}),
            "hi",
            "max_tokens",
        ),
        (
            "cohere.command-text-v14",
            json!({"generations": [{"text": "hi", "finish_reason": "COMPLETE"}], "prompt": "x"}),
            "hi",
            "end_turn",
        ),
        (
            "cohere.command-r-v1:0",
            json!({"text": "hi", "chat_history": [], "finish_reason": "STOP_SEQUENCE"}),
            "hi",
            "stop_sequence",
        ),
        (
            "anthropic.claude-v2",
            json!({"type": "completion", "completion": "hi", "stop_reason": "stop_sequence", "stop": "\n\nHuman:"}),
            "hi",
            "stop_sequence",
        ),
        (
            "ai21.j2-ultra-v1",
            json!({"prompt": {"text": "x"}, "completions": [{"data": {"text": "hi"}, "finishReason": {"reason": "endoftext"}}]}),
            "hi",
            "end_turn",
        ),
        (
            "twelvelabs.pegasus-1-2-v1:0",
            json!({"message": "hi", "finishReason": "stop"}),
            "hi",
            "end_turn",
        ),
        (
            "arn:aws:sagemaker:us-east-1:1:endpoint/e",
            json!({"choices": [{"text": "hi", "finish_reason": "length"}], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}),
            "hi",
            "max_tokens",
        ),
        (
            "ai21.jamba-1-5-mini-v1:0",
            json!({"choices": [{"message": {"content": "hi", "tool_calls": null}, "finish_reason": "stop"}]}),
            "hi",
            "end_turn",
        ),
        (
            "mistral.mistral-large-2407-v1:0",
            json!({"choices": [{"message": {"content": "hi"}, "stop_reason": "stop"}]}),
            "hi",
            "end_turn",
        ),
        (
            "amazon.nova-lite-v1:0",
            json!({"output": {"message": {"content": [{"text": "hi"}]}}, "stopReason": "end_turn", "usage": {"inputTokens": 7}}),
            "hi",
            "end_turn",
        ),
        (
            "anthropic.claude-v2",
            json!({"type": "message", "content": [{"type": "text", "text": "hi"}], "stop_reason": "refusal"}),
            "hi",
            "refusal",
        ),
        (
            "amazon.titan-text-lite-v1",
            json!({"results": [{"outputText": "no"}], "amazon-bedrock-guardrailAction": "INTERVENED"}),
            "no",
            "guardrail_intervened",
        ),
    ] {
        let got = collect(&read(id).whole(&answer, billed).expect("an answer"));
        assert_eq!(
            (got.text.as_str(), got.stop_reason.as_deref(), got.usage),
            (text, Some(stop), Some(usage(7, 3))),
            "{answer}"
        );
    }
}

#[test]
fn whole_answers_with_calls_without_text_and_of_no_shape() {
    let billed = Tokens { input: Some(7), output: Some(3), ..Tokens::default() };
    let called = json!({"text": "so", "tool_calls": [{"name": "add", "parameters": {"a": 1}}], "finish_reason": "COMPLETE"});
    let calls = collect(&read("cohere.command-r-v1:0").whole(&called, billed).expect("an answer"))
        .tool_calls();
    assert_eq!((calls[0].name.as_str(), &calls[0].input), ("add", &json!({"a": 1})));
    let empty = json!({"type": "message", "content": [], "stop_reason": "end_turn"});
    let got =
        collect(&read("anthropic.claude-v2").whole(&empty, Tokens::default()).expect("an answer"));
    assert_eq!(
        (got.text.as_str(), got.stop_reason.as_deref(), got.usage),
        ("", Some("end_turn"), None)
    );
    assert!(read("anthropic.claude-v2").whole(&json!({"x": 1}), billed).is_err());
}

#[test]
fn calls_of_tools_thoughts_and_the_cache() {
    let answer = json!({
        "type": "message",
        "content": [
            {"type": "thinking", "thinking": "hm", "signature": "s"},
            {"type": "text", "text": "a"},
            {"type": "tool_use", "id": "t1", "name": "add", "input": {"a": 1}},
            {"type": "tool_use", "id": "t2", "name": "now", "input": {}},
        ],
        "stop_reason": "tool_use",
        "usage": {"input_tokens": 4, "output_tokens": 5, "cache_creation_input_tokens": 6, "cache_read_input_tokens": 7},
    });
    let got =
        collect(&read("anthropic.claude-v2").whole(&answer, Tokens::default()).expect("an answer"));
    let calls: Vec<_> =
        got.tool_calls().into_iter().map(|call| (call.id, call.name, call.input)).collect();
    assert_eq!(
        calls,
        [("t1".into(), "add".into(), json!({"a": 1})), ("t2".into(), "now".into(), json!({}))]
    );
    let took = Usage {
        input_tokens: 4,
        output_tokens: 5,
        cache_read_input_tokens: 7,
        cache_write_input_tokens: 6,
        ..Usage::default()
    };
    assert_eq!((got.reasoning.as_str(), got.usage), ("hm", Some(took)));

    let call = json!({"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{\"a\": 1}"}});
    let message = json!({"content": "<reasoning>hm</reasoning>", "tool_calls": [call]});
    let answer = json!({"choices": [{"message": message, "finish_reason": "tool_calls"}], "usage": {"prompt_tokens": 9, "completion_tokens": 2}});
    let got = collect(
        &read("openai.gpt-oss-20b-1:0").whole(&answer, Tokens::default()).expect("an answer"),
    );
    assert_eq!(
        (got.reasoning.as_str(), got.text.as_str(), got.stop_reason.as_deref()),
        ("hm", "", Some("tool_use"))
    );
    assert_eq!((got.tool_calls()[0].input["a"].as_u64(), got.usage), (Some(1), Some(usage(9, 2))));
}

/// What comes of chunks, and whether the answer came to its end before the stream did.
fn streamed(id: &str, chunks: &[Value]) -> (Collected, bool) {
    let mut reader = read(id);
    let mut events: Vec<Event> =
        chunks.iter().flat_map(|chunk| reader.chunk(chunk).expect("pieces")).collect();
    let ended = events.iter().any(|event| matches!(event, Event::Stop(_)));
    events.extend(reader.end());
    (collect(&events), ended)
}

const METRICS: &str = "amazon-bedrock-invocationMetrics";

#[test]
fn chunks_of_typed_blocks_end_with_their_stop() {
    let chunks = [
        json!({"type": "message_start", "message": {"content": [], "usage": {"input_tokens": 9, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "hi"}}),
        json!({"type": "content_block_start", "index": 1, "content_block": {"type": "tool_use", "id": "t1", "name": "add", "input": {}}}),
        json!({"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": "{\"a\""}}),
        json!({"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": ": 1}"}}),
        json!({"type": "ping"}),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 30}}),
        json!({"type": "message_stop", METRICS: {"inputTokenCount": 9, "outputTokenCount": 20, "cacheReadInputTokenCount": 4}}),
    ];
    let (got, ended) = streamed("anthropic.claude-v2", &chunks);
    let took = Usage {
        input_tokens: 9,
        output_tokens: 30,
        cache_read_input_tokens: 4,
        ..Usage::default()
    };
    assert_eq!(
        (got.text.as_str(), got.stop_reason.as_deref(), got.usage, ended),
        ("hi", Some("tool_use"), Some(took), true)
    );
    assert_eq!(got.tool_calls()[0].input, json!({"a": 1}));
    assert_eq!(
        streamed("anthropic.claude-v2", &chunks[..8]).0.stop_reason,
        None,
        "the reason is not the end"
    );
}

#[test]
fn chunks_of_one_text_end_with_the_reason() {
    let metrics = json!({"inputTokenCount": 7, "outputTokenCount": 3});
    for (id, first, last) in [
        (
            "amazon.titan-text-lite-v1",
            json!({"outputText": "hi", "completionReason": null, "inputTextTokenCount": 7}),
            json!({"outputText": "!", "totalOutputTextTokenCount": 3.0, "completionReason": "FINISH"}),
        ),
        (
            "meta.llama3-8b-instruct-v1:0",
            json!({"generation": "hi", "prompt_token_count": 7, "generation_token_count": 1, "stop_reason": null}),
            json!({"generation": "!", "prompt_token_count": null, "generation_token_count": 3, "stop_reason": "stop"}),
        ),
        (
            "mistral.mistral-7b-instruct-v0:2",
            json!({"outputs": [{"text": "hi", "stop_reason": null}]}),
            json!({"outputs": [{"text": "!", "stop_reason": "stop"}], METRICS: metrics}),
        ),
        (
            "anthropic.claude-v2",
            json!({"completion": "hi", "stop_reason": null}),
            json!({"completion": "!", "stop_reason": "end_turn", METRICS: metrics}),
        ),
        (
            "cohere.command-text-v14",
            json!({"text": "hi", "is_finished": false}),
            json!({"text": "!", "is_finished": true, "finish_reason": "COMPLETE", METRICS: metrics}),
        ),
        (
            "twelvelabs.pegasus-1-2-v1:0",
            json!({"message": "hi"}),
            json!({"message": "!", "finishReason": "stop", METRICS: metrics}),
        ),
    ] {
        let (got, ended) = streamed(id, &[first.clone(), last]);
        assert_eq!(
            (got.text.as_str(), got.stop_reason.as_deref(), got.usage, ended),
            ("hi!", Some("end_turn"), Some(usage(7, 3)), true),
            "{id}"
        );
        assert_eq!(streamed(id, &[first]).0.stop_reason, None, "{id}");
    }
}

#[test]
fn chunks_of_chat_completions_and_figures_after_the_end() {
    let delta = |delta: Value, reason: Value| json!({"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]});
    let call = |index: u64, id: &str, name: &str, json: &str| {
        delta(
            json!({"tool_calls": [{"index": index, "id": id, "function": {"name": name, "arguments": json}}]}),
            Value::Null,
        )
    };
    let chunks = [
        delta(json!({"role": "assistant", "content": ""}), Value::Null),
        delta(json!({"content": "<reasoning>h</reasoning>"}), Value::Null),
        delta(json!({"content": "<reasoning>m</reasoning>"}), Value::Null),
        call(0, "c1", "add", "{\"a\":"),
        call(0, "c1", "add", " 1}"),
        call(1, "c2", "now", ""),
        delta(json!({"content": "hi"}), Value::Null),
        delta(json!({}), json!("tool_calls")),
        json!({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3}}),
        json!({METRICS: {"inputTokenCount": 7, "outputTokenCount": 3}}),
    ];
    let (got, ended) = streamed("openai.gpt-oss-20b-1:0", &chunks);
    assert_eq!(
        (got.reasoning.as_str(), got.text.as_str(), got.stop_reason.as_deref()),
        ("hm", "hi", Some("tool_use"))
    );
    assert_eq!((got.usage, ended), (Some(usage(7, 3)), true));
    let inputs: Vec<Value> = got.tool_calls().into_iter().map(|call| call.input).collect();
    assert_eq!(inputs, [json!({"a": 1}), json!({})]);
}

#[test]
fn converses_events_as_chunks() {
    let chunks = [
        json!({"messageStart": {"role": "assistant"}}),
        json!({"contentBlockDelta": {"delta": {"text": "hi"}, "contentBlockIndex": 0}, "amazon-bedrock-guardrailAction": "INTERVENED"}),
        json!({"contentBlockStart": {"start": {"toolUse": {"toolUseId": "t", "name": "add"}}, "contentBlockIndex": 1}}),
        json!({"contentBlockDelta": {"delta": {"toolUse": {"input": "{}"}}, "contentBlockIndex": 1}}),
        json!({"messageStop": {"stopReason": "tool_use"}}),
        json!({"metadata": {"usage": {"inputTokens": 7, "outputTokens": 3, "cacheReadInputTokenCount": 2}}}),
    ];
    let (got, ended) = streamed("amazon.nova-lite-v1:0", &chunks);
    let took =
        Usage { input_tokens: 7, output_tokens: 3, cache_read_input_tokens: 2, ..Usage::default() };
    assert_eq!(
        (got.text.as_str(), got.stop_reason.as_deref(), got.usage, ended),
        ("hi", Some("tool_use"), Some(took), true)
    );
    assert_eq!(streamed("amazon.nova-lite-v1:0", &chunks[..4]).0.stop_reason, None);
}

#[test]
fn a_guardrail_that_blocks_ends_the_stream_with_one_chunk() {
    let blocked = json!({"outputText": "no", "totalOutputTextTokenCount": 3.0, "inputTextTokenCount": 7.0, "amazon-bedrock-guardrailAction": "INTERVENED"});
    let (got, ended) = streamed("amazon.titan-text-lite-v1", std::slice::from_ref(&blocked));
    assert_eq!(
        (got.text.as_str(), got.stop_reason.as_deref(), got.usage, ended),
        ("no", Some("guardrail_intervened"), Some(usage(7, 3)), false)
    );
    assert_eq!(
        streamed("amazon.titan-text-lite-v1", &[blocked.clone(), blocked]).0.stop_reason,
        None,
        "masked, and cut"
    );
}

#[test]
fn an_error_among_the_chunks_is_one() {
    let overloaded =
        json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    let failure = read("anthropic.claude-v2").chunk(&overloaded).expect_err("an error");
    assert_eq!(failure.kind, rockpick_router::Kind::Unavailable);
}
