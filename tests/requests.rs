//! Requests as people have them: what Bedrock refuses is mended with a warning, or refused before the call.
#![cfg(all(feature = "cli", feature = "aws"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/command.rs"]
mod command;
#[path = "common/loopback.rs"]
mod loopback;

use command::{err, out, run, tempfile};
use loopback::{Loopback, Says, error, reply};
use serde_json::{Value, json};

/// What the command sends, what it warns of, and its exit code.
struct Sent {
    bodies: Vec<Value>,
    told: String,
    exit: Option<i32>,
    out: String,
}

async fn sent_to(says: Says, arguments: &[&str]) -> Sent {
    let server = Loopback::start([says]).await;
    let output =
        run(&server, &[&["route", "-t", "chatbot", "--no-stream"], arguments].concat(), None, &[])
            .await;
    let bodies = server.seen().into_iter().map(|seen| seen.body).collect();
    Sent { bodies, told: err(&output), exit: output.status.code(), out: out(&output) }
}

async fn sent(arguments: &[&str]) -> Sent {
    sent_to(reply("ok"), arguments).await
}

/// A conversation or a body in a file.
async fn body(name: &str, model: &str, body: &Value, more: &[&str]) -> Sent {
    let file = tempfile(&format!("requests-{name}.json"), body.to_string().as_bytes());
    sent(&[&["--messages", &file, "-m", model], more].concat()).await
}

fn user(blocks: &Value) -> Value {
    json!({"role": "user", "content": blocks})
}

fn document(name: &str) -> Value {
    json!({"document": {"format": "txt", "name": name, "source": {"bytes": "aGk="}}})
}

impl Sent {
    /// The body that was sent, with a warning of the change.
    fn mended(&self) -> &Value {
        assert_eq!((self.bodies.len(), self.exit), (1, Some(0)), "{}", self.told);
        assert!(self.told.contains("warning: "), "{}", self.told);
        &self.bodies[0]
    }

    /// That nothing was sent, and why.
    fn refused(&self, why: &str) {
        assert_eq!((self.bodies.len(), self.exit), (0, Some(2)), "{}", self.told);
        assert!(self.told.contains(why), "{why}: {}", self.told);
    }
}

#[tokio::test]
async fn documents_have_names_of_their_own() {
    let pdf = tempfile("report.pdf", b"%PDF-1.4\n");
    let csv = tempfile("report.csv", b"a,b\n");
    let both = sent(&["-m", "haiku 5.5", "--attach", &pdf, "--attach", &csv, "compare"]).await;
    let names = |body: &Value| {
        body.pointer("/messages/0/content").and_then(Value::as_array).map_or(Vec::new(), |blocks| {
            blocks
                .iter()
                .filter_map(|block| block.pointer("/document/name")?.as_str().map(str::to_owned))
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(names(both.mended()), ["report", "report-2"]);
    let history = json!([user(&json!([document("a"), {"text": "x"}])), {"role": "assistant", "content": [{"text": "ok"}]}, user(&json!([document("A"), {"text": "y"}]))]);
    let file = body("names", "haiku 5.5", &history, &[]).await;
    assert_eq!(file.mended().pointer("/messages/2/content/0/document/name"), Some(&json!("A-2")));
    let six: Vec<Value> = (0..6)
        .map(|number| document(&format!("d{number}")))
        .chain([json!({"text": "x"})])
        .collect();
    body("six", "haiku 5.5", &json!([user(&json!(six))]), &[]).await.refused("`d5`");
}

#[tokio::test]
async fn tools_are_as_bedrock_takes_them_and_keep_their_names_in_the_answer() {
    let called = json!({
        "output": {"message": {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "list_files", "input": {}}}]}},
        "stopReason": "tool_use", "usage": {"inputTokens": 1, "outputTokens": 1},
    });
    let tools = json!([{"type": "function", "function": {"name": "list.files", "description": "", "parameters": {"type": "dict", "properties": {}}}}]);
    let file = tempfile("requests-tools.json", tools.to_string().as_bytes());
    let says =
        Says::Json { status: 200, code: None, header: None, body: called.to_string().into_bytes() };
    let answer = sent_to(says, &["-m", "haiku 5.5", "--tools", &file, "use it"]).await;
    let spec = &answer.mended()["toolConfig"]["tools"][0]["toolSpec"];
    assert_eq!(
        (&spec["name"], &spec["inputSchema"]["json"]["type"]),
        (&json!("list_files"), &json!("object"))
    );
    assert!(spec.get("description").is_none());
    assert!(answer.out.contains("\"name\":\"list.files\""), "{}", answer.out);
    let scalar = json!([{"name": "g", "input_schema": {"type": "string"}}]);
    let file = tempfile("requests-scalar.json", scalar.to_string().as_bytes());
    sent(&["-m", "haiku 5.5", "--tools", &file, "use it"]).await.refused("`g`");
    let strict = tempfile("requests-strict.json", tools.to_string().as_bytes());
    let refused = sent(&["-m", "haiku 5.5", "--strict", "--tools", &strict, "use it"]).await;
    refused.refused("list.files");
}

#[tokio::test]
async fn conversations_begin_with_the_user_and_end_where_a_model_takes_it() {
    let text = |role: &str, text: &str| json!({"role": role, "content": [{"text": text}]});
    for (name, turns, model, turns_sent) in [
        (
            "blank",
            json!([text("user", " "), text("assistant", "Hello"), text("user", "go on")]),
            "haiku 5.5",
            3,
        ),
        ("summary", json!([text("assistant", "Summary"), text("user", "go on")]), "haiku 5.5", 3),
        ("begun", json!([text("user", "JSON"), text("assistant", "{ ")]), "opus 4.8", 3),
        ("alone", json!([user(&json!([document("a")]))]), "haiku 5.5", 1),
    ] {
        let found = body(name, model, &turns, &[]).await;
        let messages = found.mended()["messages"].as_array().expect("messages");
        assert_eq!((messages.len(), &messages[0]["role"]), (turns_sent, &json!("user")), "{name}");
    }
    body("empty", "haiku 5.5", &json!([]), &[]).await.refused("prompt");
    let marked =
        [b"\xef\xbb\xbf".as_slice(), json!([text("user", "hi")]).to_string().as_bytes()].concat();
    let file = tempfile("requests-bom.json", &marked);
    assert_eq!(sent(&["--messages", &file, "-m", "haiku 4.5"]).await.exit, Some(0));
}

#[tokio::test]
async fn every_effort_goes_in_the_models_own_fields() {
    for (model, effort, fields) in [
        ("sonnet 4.6", "none", Value::Null),
        ("opus 4.8", "off", Value::Null),
        ("haiku 4.5", "high", json!({"thinking": {"type": "enabled", "budget_tokens": 16_384}})),
        (
            "nova 2 lite",
            "medium",
            json!({"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "medium"}}),
        ),
        ("gpt-6 luna", "low", json!({"reasoning": {"effort": "low"}})),
        ("gpt-oss-120b", "high", json!({"reasoning_effort": "high"})),
    ] {
        let found = sent(&["-m", model, "--effort", effort, "hi"]).await;
        assert_eq!(found.exit, Some(0), "{model}: {}", found.told);
        let own = found.bodies[0].get("additionalModelRequestFields").cloned().unwrap_or_default();
        assert_eq!(own, fields, "{model} {effort}");
        assert!(found.bodies[0].get("reasoning_effort").is_none());
    }
    sent(&["-m", "sonnet 4.6", "--effort", "banana", "hi"])
        .await
        .refused("none, minimal, low, medium, high, xhigh, max, on");
}

#[tokio::test]
async fn bodies_of_other_apis_are_converted_or_named() {
    let messages = json!({
        "anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "system": "be brief", "stop_sequences": ["|"],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hello"}]}],
    });
    for (name, given) in
        [("whole", messages.clone()), ("batch", json!({"recordId": "1", "modelInput": messages}))]
    {
        let found = body(name, "haiku 4.5", &given, &[]).await;
        let sent = found.mended();
        assert_eq!(
            sent["inferenceConfig"],
            json!({"maxTokens": 100, "stopSequences": ["|"]}),
            "{name}"
        );
        assert_eq!(
            (&sent["messages"][0]["content"], &sent["system"]),
            (&json!([{"text": "hello"}]), &json!([{"text": "be brief"}]))
        );
        assert!(sent.get("max_tokens").is_none() && sent.get("anthropic_version").is_none());
    }
    let chat = json!({
        "model": "gpt-4o", "max_completion_tokens": 50, "stop": "|", "user": "u", "tool_choice": "required",
        "messages": [
            {"role": "system", "content": "brief"},
            {"role": "user", "content": [{"type": "text", "text": "look"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]},
            {"role": "assistant", "content": null, "tool_calls": [{"id": "c", "type": "function", "function": {"name": "ls", "arguments": "{\"p\": 1}"}}]},
            {"role": "tool", "tool_call_id": "c", "content": "a"},
        ],
        "tools": [{"type": "function", "function": {"name": "ls", "parameters": {"type": "object", "properties": {}}}}],
    });
    let found = body("chat", "sonnet 4.6", &chat, &[]).await;
    let sent = found.mended();
    assert_eq!(
        sent["messages"][1]["content"][0]["toolUse"],
        json!({"toolUseId": "c", "name": "ls", "input": {"p": 1}})
    );
    assert_eq!(sent["messages"][2]["content"][0]["toolResult"]["toolUseId"], "c");
    assert_eq!(
        (&sent["toolConfig"]["toolChoice"], &sent["inferenceConfig"]["maxTokens"]),
        (&json!({"any": {}}), &json!(50))
    );
    assert!(found.told.contains("`user`"), "{}", found.told);
    body("responses", "sonnet 4.6", &json!({"input": "hi"}), &[]).await.refused("Responses");
    body("gemini", "sonnet 4.6", &json!({"contents": []}), &[]).await.refused("Gemini");
}

#[tokio::test]
async fn the_model_of_a_body_is_called() {
    let id = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
    let file = tempfile(
        "requests-model.json",
        json!({"modelId": id, "messages": [user(&json!([{"text": "hello"}]))]})
            .to_string()
            .as_bytes(),
    );
    let server = Loopback::start([reply("ok")]).await;
    let output = run(&server, &["route", "--messages", &file, "--no-stream"], None, &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(
        server.seen()[0].path.contains("us.anthropic.claude-haiku-4-5"),
        "{}",
        server.seen()[0].path
    );
}

#[tokio::test]
async fn cache_points_stand_where_they_may() {
    let hour = json!([user(
        &json!([{"text": "hello"}, {"cachePoint": {"type": "default", "ttl": "1h"}}])
    )]);
    let found = body("hour", "sonnet 4.6", &hour, &["--cache", "--system", "you are x"]).await;
    assert_eq!(
        found.mended()["system"][1],
        json!({"cachePoint": {"type": "default", "ttl": "1h"}})
    );
    let tools = json!({"messages": [user(&json!([{"text": "hi"}]))], "toolConfig": {"tools": [
        {"toolSpec": {"name": "ls", "inputSchema": {"json": {"type": "object"}}}}, {"cachePoint": {"type": "default"}},
    ]}});
    let found = body("tools", "glm 5", &tools, &[]).await;
    assert_eq!(found.mended()["toolConfig"]["tools"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn ids_that_cannot_be_called_from_here_are_told_with_the_right_one() {
    let server = Loopback::start([error(
        400,
        "ValidationException",
        "The provided model identifier is invalid.",
    )])
    .await;
    for (id, region, right) in [
        ("apac.anthropic.claude-opus-4-8", "ap-southeast-2", "au.anthropic.claude-opus-4-8"),
        ("us.anthropic.claude-opus-4-8", "ap-southeast-2", "au.anthropic.claude-opus-4-8"),
        ("eu.anthropic.claude-fable-5", "eu-west-1", "global.anthropic.claude-fable-5"),
        ("eu.anthropic.claude-opus-4-7", "us-east-1", "us.anthropic.claude-opus-4-7"),
        ("global.amazon.nova-micro-v1:0", "us-east-1", "amazon.nova-micro-v1:0"),
        ("ca.anthropic.claude-sonnet-4-6", "ca-central-1", "us.anthropic.claude-sonnet-4-6"),
    ] {
        for arguments in [
            &["explain", id, "-r", region][..],
            &["recommend", "chatbot", "-m", id, "-r", region],
            &["route", "hi", "-m", id, "-r", region],
        ] {
            let output = run(&server, arguments, None, &[]).await;
            let told = format!("{}{}", out(&output), err(&output));
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
            let first = told.lines().next().unwrap_or_default();
            assert!(
                first.contains(&format!("`{id}` cannot be called from {region}"))
                    && first.contains(right),
                "{arguments:?}: {told}"
            );
        }
    }
    let server = Loopback::start([reply("ok")]).await;
    let known = [
        "bedrock:us.anthropic.claude-sonnet-4-6",
        "bedrock/us.anthropic.claude-sonnet-4-6",
        "us.anthropic.claude-sonnet-4-6[1m]",
        "us.anthropic.claude-sonnet-4-6:1m",
        "us.anthropic.claude-sonnet-4-6@default",
    ];
    for id in known {
        let output = run(&server, &["route", "hi", "-m", id, "--no-stream"], None, &[]).await;
        assert_eq!(output.status.code(), Some(0), "{id}: {}", err(&output));
        assert!(
            server
                .seen()
                .last()
                .is_some_and(|seen| seen.path.contains("/us.anthropic.claude-sonnet-4-6/")),
            "{id}"
        );
    }
}

#[tokio::test]
async fn a_dry_run_plans_what_would_be_called() {
    let server = Loopback::start([reply("ok")]).await;
    let output = run(
        &server,
        &["route", "hello", "--dry-run", "--model", "my-own.model-v9", "-o", "id"],
        None,
        &[],
    )
    .await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("my-own.model-v9\n", Some(0)),
        "{}",
        err(&output)
    );
    assert!(err(&output).contains("not in the catalog"), "{}", err(&output));
}

#[tokio::test]
async fn what_is_half_understood_is_refused_by_its_name() {
    let said = |more: &Value| {
        let mut body = json!({"messages": [user(&json!([{"text": "hi"}]))]});
        body.as_object_mut().expect("a body").extend(more.as_object().cloned().unwrap_or_default());
        body
    };
    for model in ["haiku 4.5", "gpt-6 luna", "gpt-oss-120b", "nova pro"] {
        let fields = json!({"additionalModelRequestFields": {"reasoning_effort": "ultra"}});
        body(&format!("ultra-{}", model.replace(' ', "-")), model, &said(&fields), &[])
            .await
            .refused("xhigh, max");
    }
    let tool = |schema: Value| json!({"tools": [{"name": "w", "input_schema": schema}]});
    body("enum", "haiku 4.5", &said(&tool(json!({"enum": ["a"]}))), &[]).await.refused("`w`");
    body("list", "haiku 4.5", &said(&tool(json!({"type": "object", "properties": ["x"]}))), &[])
        .await
        .refused("`w`");
    body("search", "haiku 4.5", &said(&json!({"tools": [{"type": "web_search"}]})), &[])
        .await
        .refused("`web_search`");
    body(
        "block",
        "haiku 4.5",
        &json!([user(&json!([{"text": "hi"}, {"mysteryBlock": {"x": 1}}]))]),
        &[],
    )
    .await
    .refused("block 1 of message 0");
    let choice = json!({"functions": [{"name": "w", "parameters": {"city": "string"}}], "function_call": {"name": "w"}, "max_output_tokens": 77});
    let found = body("function-call", "sonnet 4.6", &said(&choice), &[]).await;
    let sent = found.mended();
    assert_eq!(sent["toolConfig"]["toolChoice"], json!({"tool": {"name": "w"}}));
    assert_eq!(
        sent["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]["properties"],
        json!({"city": {"type": "string"}})
    );
    assert_eq!(sent["inferenceConfig"]["maxTokens"], 77);
    let open = json!({"toolConfig": {"tools": [{"toolSpec": {"name": "w", "inputSchema": {"json": {"type": "object"}}}}]}});
    let found = body("open", "sonnet 4.6", &said(&open), &["--strict"]).await;
    assert_eq!((found.bodies.len(), found.exit), (1, Some(0)), "{}", found.told);
}

#[tokio::test]
async fn what_only_others_take_costs_no_refusal() {
    let cached = json!({
        "messages": [user(&json!([{"text": "hi"}, {"cachePoint": {"type": "default"}}]))],
        "additionalModelRequestFields": {"anthropic_beta": ["x"]},
    });
    for model in ["gpt-5.4", "gpt-5.5"] {
        let found = body(&format!("cached-{model}"), model, &cached, &["-r", "us-east-1"]).await;
        let sent = found.mended();
        assert_eq!(sent["messages"][0]["content"], json!([{"text": "hi"}]));
        assert!(sent["additionalModelRequestFields"].get("anthropic_beta").is_none(), "{sent}");
    }
}

#[tokio::test]
async fn a_name_writes_no_line_of_its_own() {
    let history = json!([user(
        &json!([{"text": "x"}, {"document": {"format": "txt", "name": "a\nerror: forged", "source": {"bytes": "aGk="}}}])
    )]);
    let found = body("forged", "haiku 5.5", &history, &[]).await;
    found.mended();
    assert!(!found.told.lines().any(|line| line.starts_with("error: ")), "{}", found.told);
    let tools = json!([{"name": "w\nerror: forged", "input_schema": {"enum": [1]}}]);
    let file = tempfile("requests-forged.json", tools.to_string().as_bytes());
    let refused = sent(&["-m", "haiku 5.5", "--tools", &file, "hi"]).await;
    assert_eq!(
        refused.told.lines().filter(|line| line.starts_with("error: ")).count(),
        1,
        "{}",
        refused.told
    );
}

#[tokio::test]
async fn what_cannot_be_called_from_here_is_said_once() {
    let server = Loopback::start([error(
        400,
        "ValidationException",
        "The provided model identifier is invalid.",
    )])
    .await;
    let output = run(
        &server,
        &["route", "hi", "-m", "us.anthropic.claude-opus-4-8", "-r", "ap-southeast-2"],
        None,
        &[],
    )
    .await;
    let told = err(&output);
    assert_eq!(told.matches("cannot be called from").count(), 1, "{told}");
    assert!(!told.contains("called as given"), "{told}");
    let long = "x.".repeat(30_000);
    let output = run(&server, &["route", "hi", "--dry-run", "-m", &long], None, &[]).await;
    assert!(err(&output).len() + out(&output).len() < 4_000, "{}", err(&output).len());
}
