//! Conversations by InvokeModel against a small Bedrock on loopback: the body of each family out, its answer in.
#![cfg(all(feature = "cli", feature = "aws"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/command.rs"]
mod command;
#[path = "common/loopback.rs"]
mod loopback;

use std::process::Output;

use aws_smithy_types::base64;
use command::{err, json_of, out, run, tempfile};
use loopback::{End, Loopback, Says, error, frame, reply, stream};
use serde_json::{Value, json};

const CLAUDE: &str = "anthropic.claude-v2";
const LLAMA: &str = "meta.llama3-8b-instruct-v1:0";

async fn route(says: impl IntoIterator<Item = Says>, arguments: &[&str]) -> (Output, Loopback) {
    let server = Loopback::start(says).await;
    (run(&server, &[&["route", "-t", "chatbot"], arguments].concat(), None, &[]).await, server)
}

/// A whole answer, with what InvokeModel says in headers.
fn whole(body: &Value) -> Says {
    let header = Some(("x-amzn-bedrock-input-token-count", "12".to_owned()));
    Says::Json { status: 200, code: None, header, body: body.to_string().into_bytes() }
}

fn chunks(chunks: &[Value]) -> Vec<Vec<u8>> {
    chunks
        .iter()
        .map(|chunk| frame("event", "chunk", &json!({"bytes": base64::encode(chunk.to_string())})))
        .collect()
}

/// The chunks of an answer of typed blocks.
fn told(words: &[&str]) -> Vec<Vec<u8>> {
    let mut all = vec![
        json!({"type": "message_start", "message": {"content": [], "usage": {"input_tokens": 1_000}}}),
    ];
    all.push(json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}));
    let delta = |word: &&str| json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": word}});
    all.extend(words.iter().map(delta));
    all.push(json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 100}}));
    all.push(
        json!({"type": "message_stop", "amazon-bedrock-invocationMetrics": {"inputTokenCount": 1_000, "outputTokenCount": 100}}),
    );
    chunks(&all)
}

#[tokio::test]
async fn text_streams_out_of_the_providers_own_chunks() {
    let says = stream(&told(&["Hel", "lo"]), 11, End::Clean);
    let (output, server) =
        route([says], &["hi", "--system", "be brief", "--model", CLAUDE, "--api", "invoke"]).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("Hello\n", Some(0)),
        "{}",
        err(&output)
    );
    assert!(err(&output).contains("cannot be called any more"), "{}", err(&output));
    let seen = &server.seen()[0];
    assert!(
        seen.path.ends_with("/invoke-with-response-stream")
            && seen.authorization.starts_with("AWS4-HMAC-SHA256")
    );
    let expected = json!({
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 4_096,
        "system": [{"type": "text", "text": "be brief"}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
    });
    assert_eq!(seen.body, expected);
}

#[tokio::test]
async fn a_whole_answer_becomes_the_same_reply_as_converses() {
    let tools =
        tempfile("invoke-tools.json", br#"[{"name": "add", "parameters": {"type": "object"}}]"#);
    let call = json!({"id": "c1", "type": "function", "function": {"name": "add", "arguments": "{\"a\": 1}"}});
    let message = json!({"content": "<reasoning>hm</reasoning>so", "tool_calls": [call]});
    let answer = json!({"choices": [{"message": message, "finish_reason": "tool_calls"}], "usage": {"completion_tokens": 5}});
    let arguments = [
        "hi",
        "--tools",
        &tools,
        "--api",
        "invoke",
        "-m",
        "openai.gpt-oss-20b-1:0",
        "-r",
        "us-west-2",
        "-o",
        "json",
    ];
    let (output, server) = route([whole(&answer)], &arguments).await;
    let reply = json_of(&output.stdout);
    assert_eq!(
        (&reply["text"], &reply["reasoning"], &reply["stop_reason"]),
        (&json!("so"), &json!("hm"), &json!("tool_use"))
    );
    assert_eq!(reply["tool_calls"], json!([{"id": "c1", "name": "add", "input": {"a": 1}}]));
    assert_eq!(
        (&reply["usage"]["input_tokens"], &reply["usage"]["output_tokens"]),
        (&json!(12), &json!(5))
    );
    assert!(reply["cost_usd"].as_f64().is_some_and(|cost| cost > 0.0));
    assert_eq!(reply["decision"]["choice"]["api"], "invoke");
    assert!(server.seen()[0].path.ends_with("/invoke"));
}

#[tokio::test]
async fn an_answer_without_its_own_end_is_incomplete_and_kept() {
    let all = told(&["Once", " upon"]);
    let exception =
        [&all[..4], &[frame("exception", "modelStreamErrorException", &json!({"message": "no"}))]]
            .concat();
    let mut damaged = all.clone();
    damaged[4][20] ^= 1;
    // The reason is told before the end, which is an event of its own.
    for says in [
        stream(&all[..5], 9, End::Clean),
        stream(&all[..4], 9, End::Cut),
        stream(&exception, 9, End::Clean),
        stream(&damaged, 9, End::Clean),
    ] {
        let (output, server) = route([says], &["hi", "-m", CLAUDE, "--api", "invoke"]).await;
        assert_eq!(
            (out(&output).as_str(), output.status.code()),
            ("Once upon\n", Some(6)),
            "{}",
            err(&output)
        );
        assert_eq!(server.seen().len(), 1);
    }
    let generation = |text: &str, stop: Value| json!({"generation": text, "stop_reason": stop});
    let cut = chunks(&[generation("Once", Value::Null)]);
    let (output, _) =
        route([stream(&cut, 9, End::Clean)], &["hi", "-m", LLAMA, "--api", "invoke"]).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("Once\n", Some(6)),
        "{}",
        err(&output)
    );
    let end = chunks(&[generation("Once", Value::Null), generation("", json!("length"))]);
    let (output, _) =
        route([stream(&end, 9, End::Cut)], &["hi", "-m", LLAMA, "--api", "invoke"]).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("Once\n", Some(6)),
        "{}",
        err(&output)
    );
    assert!(err(&output).contains("--max-tokens"), "{}", err(&output));
}

#[tokio::test]
async fn errors_are_of_the_same_classes_and_teach_the_same() {
    let ok = || whole(&json!({"generation": "ok", "stop_reason": "stop"}));
    let throttled =
        error(429, "ThrottlingException", "Too many requests, please wait before trying again.");
    let long = error(
        400,
        "ValidationException",
        "Malformed input request: #/max_gen_len: 4096 is not less or equal to 2048, …",
    );
    let arguments = ["hi", "-m", "meta.llama2-13b-chat-v1", "--api", "invoke", "--no-stream"];
    let (output, server) = route([throttled, long, ok()], &arguments).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("ok\n", Some(0)),
        "{}",
        err(&output)
    );
    let asked: Vec<Value> =
        server.seen().iter().map(|seen| seen.body["max_gen_len"].clone()).collect();
    assert_eq!(asked, [json!(4_096), json!(4_096), json!(2_048)]);
    let denied = error(
        403,
        "AccessDeniedException",
        "You don't have access to the model with the specified model ID.",
    );
    let (output, _) = route([denied], &[&arguments[..], &["-o", "json"]].concat()).await;
    assert_eq!(
        (&json_of(&output.stderr)["code"], output.status.code()),
        (&json!("access-denied"), Some(3))
    );
}

#[tokio::test]
async fn what_a_body_cannot_hold_is_left_out_or_an_error() {
    let tools = tempfile(
        "invoke-more-tools.json",
        br#"[{"name": "add", "parameters": {"type": "object"}}]"#,
    );
    let arguments = ["hi", "-m", LLAMA, "--api", "invoke", "--no-stream", "--tools", &tools];
    let answer = || whole(&json!({"generation": "ok", "stop_reason": "stop"}));
    let (output, server) = route([answer()], &arguments).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("ok\n", Some(0)),
        "{}",
        err(&output)
    );
    assert!(err(&output).contains("the tools are not sent"), "{}", err(&output));
    assert!(
        server.seen()[0].body["prompt"]
            .as_str()
            .is_some_and(|prompt| prompt.contains("hi<|eot_id|>"))
    );
    let (output, server) = route([answer()], &[&arguments[..], &["--strict"]].concat()).await;
    assert_eq!((output.status.code(), server.seen().len()), (Some(2), 0), "{}", err(&output));
}

#[tokio::test]
async fn the_facts_choose_the_api_unless_it_is_named() {
    let video = tempfile("invoke.mp4", b"\0\0\0\x18ftypmp42");
    let only_invoke = [
        "what happens",
        "--attach",
        &video,
        "-m",
        "twelvelabs.pegasus-1-2-v1:0",
        "--include-legacy",
        "--no-stream",
    ];
    let (output, server) =
        route([whole(&json!({"message": "a cat", "finishReason": "stop"}))], &only_invoke).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("a cat\n", Some(0)),
        "{}",
        err(&output)
    );
    let seen = &server.seen()[0];
    assert!(
        seen.path.ends_with("/invoke") && seen.body["mediaSource"]["base64String"].is_string(),
        "{seen:?}"
    );

    let (_, server) =
        route([reply("ok")], &[&only_invoke[..], &["--api", "converse"]].concat()).await;
    assert!(server.seen()[0].path.ends_with("/converse"));
    for api in [&[][..], &["--api", "converse"]] {
        let (output, server) =
            route([reply("ok")], &[&["hi", "-m", CLAUDE, "--no-stream"], api].concat()).await;
        assert_eq!(
            (out(&output).as_str(), output.status.code()),
            ("ok\n", Some(0)),
            "{}",
            err(&output)
        );
        assert!(server.seen()[0].path.ends_with("/converse"));
    }
}

#[tokio::test]
async fn a_family_that_nobody_knows_is_not_guessed() {
    let (output, server) =
        route([reply("no")], &["hi", "-m", "acme.oracle-v1", "--api", "invoke"]).await;
    assert_eq!((output.status.code(), server.seen().len()), (Some(2), 0));
    assert!(
        err(&output).contains("acme.oracle-v1 is called in a way that is not known"),
        "{}",
        err(&output)
    );
}

#[tokio::test]
async fn without_a_model_only_those_are_asked_whose_body_holds_the_request() {
    let tools = tempfile(
        "invoke-ranked-tools.json",
        br#"[{"name": "add", "parameters": {"type": "object"}}]"#,
    );
    let meta = [
        "hi",
        "--api",
        "invoke",
        "--provider",
        "meta",
        "--include-legacy",
        "--dry-run",
        "-o",
        "id",
    ];
    let (output, _) = route([reply("no")], &meta).await;
    assert!(out(&output).contains("meta."), "{}", err(&output));
    let (output, _) = route([reply("no")], &[&meta[..], &["--tools", &tools]].concat()).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("", Some(1)),
        "their own body has no place for tools"
    );
}
