//! `rockpick route` against a small Bedrock on loopback: what arrives on stdout and stderr, and the exit codes.
#![cfg(all(feature = "cli", feature = "aws"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/command.rs"]
mod command;
#[path = "common/loopback.rs"]
mod loopback;

use std::process::{Output, Stdio};

use command::{err, json_of, out, run, tempfile};
use loopback::{End, Loopback, error, frame, frames, reply, stream};
use serde_json::{Value, json};
use tokio::process::Command;

async fn route(says: loopback::Says, arguments: &[&str]) -> (Output, Loopback) {
    let server = Loopback::start([says]).await;
    let arguments = [&["route", "-t", "chatbot"], arguments].concat();
    (run(&server, &arguments, None, &[]).await, server)
}

#[tokio::test]
async fn text_streams_to_stdout_and_the_decision_to_stderr() {
    let (output, server) = route(stream(&frames(&["Hel", "lo"]), 11, End::Clean), &["hi"]).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("Hello\n", Some(0)),
        "{}",
        err(&output)
    );
    let line = err(&output);
    assert!(
        line.starts_with("▸ ") && line.contains(" · chatbot · $0.0") && line.lines().count() == 1,
        "{line}"
    );
    let seen = server.seen();
    assert!(
        seen[0].path.ends_with("/converse-stream")
            && seen[0].authorization.starts_with("AWS4-HMAC-SHA256")
    );
    assert_eq!(seen[0].body["messages"], json!([{"role": "user", "content": [{"text": "hi"}]}]));
    assert!(seen[0].body["inferenceConfig"]["maxTokens"].is_u64());
}

#[tokio::test]
async fn json_is_the_whole_reply() {
    let (output, server) = route(reply("Hello"), &["hi", "-o", "json"]).await;
    let reply = json_of(&output.stdout);
    assert_eq!(reply["schema"], "rockpick.reply.v1");
    assert_eq!(
        (&reply["text"], &reply["stop_reason"], &reply["usage"]["input_tokens"]),
        (&json!("Hello"), &json!("end_turn"), &json!(1_000))
    );
    assert_eq!(reply["decision"]["schema"], "rockpick.recommendation.v1");
    assert_eq!(reply["attempts"][0]["outcome"], "ok");
    assert!(reply["cost_usd"].as_f64().is_some_and(|cost| cost > 0.0));
    assert!(server.seen()[0].path.ends_with("/converse"));
}

#[tokio::test]
async fn what_is_piped_in_follows_the_prompt() {
    let server = Loopback::start([reply("ok")]).await;
    let both =
        run(&server, &["route", "summarise this", "--no-stream"], Some("a long text"), &[]).await;
    assert_eq!(out(&both), "ok\n");
    let alone = run(&server, &["route", "--no-stream"], Some("only this"), &[]).await;
    assert_eq!(out(&alone), "ok\n");
    let texts: Vec<Value> = server
        .seen()
        .iter()
        .map(|seen| seen.body["messages"][0]["content"][0]["text"].clone())
        .collect();
    assert_eq!(texts, ["summarise this\n\na long text", "only this"]);
}

#[tokio::test]
async fn a_dry_run_calls_nothing() {
    let server = Loopback::start([reply("no")]).await;
    let output =
        run(&server, &["route", "--dry-run", "-o", "json", "hi"], None, &[("NO", "credentials")])
            .await;
    assert_eq!(json_of(&output.stdout)["schema"], "rockpick.recommendation.v1");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_recommendation_can_be_called() {
    let server = Loopback::start([reply("aquí")]).await;
    let output = run(
        &server,
        &["recommend", "-t", "chatbot", "-r", "eu-west-1", "--invoke", "¿Dónde?", "--no-stream"],
        None,
        &[],
    )
    .await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("aquí\n", Some(0)),
        "{}",
        err(&output)
    );
    assert!(server.seen()[0].authorization.contains("/eu-west-1/"));
}

#[tokio::test]
async fn a_bearer_token_wins() {
    let server = Loopback::start([reply("ok")]).await;
    let output = run(
        &server,
        &["route", "hi", "--no-stream"],
        None,
        &[("AWS_BEARER_TOKEN_BEDROCK", "secret-token")],
    )
    .await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(server.seen()[0].authorization, "Bearer secret-token");
}

#[tokio::test]
async fn without_credentials_the_fix_is_said() {
    let server = Loopback::start([reply("no")]).await;
    let output = run(&server, &["route", "hi"], None, &[("NO", "credentials")]).await;
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert!(err(&output).contains("AWS_BEARER_TOKEN_BEDROCK"));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_answer_without_its_end_is_incomplete_and_kept() {
    let all = frames(&["Once", " upon"]);
    let cut = &all[..3];
    let exception =
        [cut, &[frame("exception", "throttlingException", &json!({"message": "Too many tokens"}))]]
            .concat();
    let mut damaged = all.clone();
    damaged[3][20] ^= 1;
    for says in [
        stream(cut, 9, End::Clean),
        stream(cut, 9, End::Cut),
        stream(&exception, 9, End::Clean),
        stream(&damaged, 9, End::Clean),
    ] {
        let (output, server) = route(says, &["hi"]).await;
        assert_eq!(
            (out(&output).as_str(), output.status.code()),
            ("Once upon\n", Some(6)),
            "{}",
            err(&output)
        );
        assert!(err(&output).contains("incomplete"));
        assert_eq!(server.seen().len(), 1);
    }
    let (output, _) = route(stream(cut, 9, End::Clean), &["hi", "--stream", "-o", "json"]).await;
    let reply = json_of(&output.stdout);
    assert_eq!(
        (&reply["text"], &reply["stop_reason"], output.status.code()),
        (&json!("Once upon"), &Value::Null, Some(6))
    );
}

#[tokio::test]
async fn a_silent_stream_ends_in_time() {
    let all = frames(&["Once"]);
    let (output, _) =
        route(stream(&all[..2], 9, End::Hang), &["hi", "--idle-timeout", "0.2"]).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("Once\n", Some(6)),
        "{}",
        err(&output)
    );
    let (output, server) =
        route(loopback::Says::Hang, &["hi", "--idle-timeout", "0.2", "--max-attempts", "2"]).await;
    assert_eq!((output.status.code(), server.seen().len()), (Some(4), 2), "{}", err(&output));
}

#[tokio::test]
async fn the_next_offer_answers_where_one_does_not() {
    let throttled =
        || error(429, "ThrottlingException", "Too many requests, please wait before trying again.");
    let broken = || stream(&frames(&[])[..1], 9, End::Clean);
    for bad in [
        throttled(),
        error(503, "ServiceUnavailableException", "Model is getting throttled."),
        broken(),
        loopback::Says::Reset,
    ] {
        let server = Loopback::start([bad, stream(&frames(&["ok"]), 64, End::Clean)]).await;
        let output = run(&server, &["route", "-t", "chatbot", "hi"], None, &[]).await;
        assert_eq!(
            (out(&output).as_str(), output.status.code()),
            ("ok\n", Some(0)),
            "{}",
            err(&output)
        );
        assert!(err(&output).contains("2nd try"), "{}", err(&output));
        assert_eq!(server.seen().len(), 2, "nobody but the router tries again");
    }
}

#[tokio::test]
async fn exit_codes_say_what_failed() {
    for (status, code, message, exit) in [
        (429, "ThrottlingException", "Too many requests", 4),
        (
            403,
            "AccessDeniedException",
            "You don't have access to the model with the specified model ID.",
            3,
        ),
        (403, "ExpiredTokenException", "The security token included in the request is expired", 3),
        (
            403,
            "InvalidSignatureException",
            "Signature expired: 20251117T063822Z is now earlier than 20251117T063849Z",
            3,
        ),
        (400, "ValidationException", "The provided model identifier is invalid.", 2),
        (400, "ValidationException", "Malformed input request", 2),
        (500, "InternalServerException", "Internal error", 4),
    ] {
        let (output, _) = route(error(status, code, message), &["hi", "--max-attempts", "3"]).await;
        assert_eq!(output.status.code(), Some(exit), "{code}: {}", err(&output));
        assert!(out(&output).is_empty() && err(&output).starts_with("error: "));
    }
    let (output, server) = route(reply("no"), &["hi", "--max-cost", "0.000000001"]).await;
    assert_eq!((output.status.code(), server.seen().len()), (Some(1), 0));
}

#[tokio::test]
async fn a_refused_parameter_is_repaired_once_and_said() {
    let refused = error(
        400,
        "ValidationException",
        "This model doesn't support the stopSequences field. Remove stopSequences and try again.",
    );
    let server = Loopback::start([refused, reply("ok")]).await;
    let output = run(&server, &["route", "hi", "--stop", "|", "--no-stream"], None, &[]).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("ok\n", Some(0)),
        "{}",
        err(&output)
    );
    assert!(err(&output).contains("warning: stop is not sent"), "{}", err(&output));
    let seen = server.seen();
    assert!(
        seen[0].path == seen[1].path
            && seen[1].body["inferenceConfig"].get("stopSequences").is_none()
    );
}

#[tokio::test]
async fn any_id_can_be_pinned() {
    let profile = "arn:aws:bedrock:eu-west-3:123456789012:application-inference-profile/abc123";
    let server = Loopback::start([reply("ok")]).await;
    let output = run(&server, &["route", "hi", "--model", profile, "--no-stream"], None, &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("not in the catalog"));
    let seen = &server.seen()[0];
    assert!(
        seen.path.contains("application-inference-profile%2Fabc123")
            && seen.authorization.contains("/eu-west-3/")
    );
}

#[tokio::test]
async fn tool_calls_are_printed_as_json() {
    let tools = tempfile("tools.json", br#"[{"name": "add", "parameters": {"type": "object"}}]"#);
    let events = [
        frame(
            "event",
            "contentBlockStart",
            &json!({"contentBlockIndex": 0, "start": {"toolUse": {"toolUseId": "t1", "name": "add"}}}),
        ),
        frame(
            "event",
            "contentBlockDelta",
            &json!({"contentBlockIndex": 0, "delta": {"toolUse": {"input": "{\"a\":"}}}),
        ),
        frame(
            "event",
            "contentBlockDelta",
            &json!({"contentBlockIndex": 0, "delta": {"toolUse": {"input": "1}"}}}),
        ),
        frame("event", "messageStop", &json!({"stopReason": "tool_use"})),
    ];
    let (output, server) = route(stream(&events, 16, End::Clean), &["hi", "--tools", &tools]).await;
    assert_eq!(
        json_of(&output.stdout),
        json!({"id": "t1", "name": "add", "input": {"a": 1}}),
        "{}",
        err(&output)
    );
    assert_eq!(server.seen()[0].body["toolConfig"]["tools"][0]["toolSpec"]["name"], "add");
}

#[tokio::test]
async fn what_is_attached_is_sent_as_what_it_is() {
    let picture = tempfile("a.dat", b"\x89PNG\r\n\x1a\n....");
    let (output, server) =
        route(reply("ok"), &["what is this", "--attach", &picture, "--no-stream"]).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(server.seen()[0].body["messages"][0]["content"][0]["image"]["format"], "png");
    let (output, server) =
        route(reply("no"), &["what is this", "--attach", &tempfile("b.exe", b"MZ\0")]).await;
    assert_eq!((output.status.code(), server.seen().len()), (Some(2), 0));
}

#[tokio::test]
async fn prompts_reach_no_message() {
    let canary = "canary-7f3a91";
    let quoting = format!(
        "1 validation error detected: Value '{canary}' at 'messages.1' failed to satisfy constraint"
    );
    for says in [
        error(400, "ValidationException", &quoting),
        error(500, "InternalServerException", "x"),
        stream(&frames(&[canary])[..2], 9, End::Cut),
    ] {
        let (output, _) = route(says, &[canary, "--max-attempts", "2"]).await;
        assert!(!err(&output).contains(canary), "{}", err(&output));
        assert_ne!(output.status.code(), Some(0));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn control_c_ends_the_call_and_says_what_was_spent() {
    use tokio::io::AsyncReadExt as _;
    let server = Loopback::start([stream(&frames(&["Once"])[..2], 64, End::Hang)]).await;
    let mut command = Command::new(env!("CARGO_BIN_EXE_rockpick"));
    command
        .args(["route", "-t", "chatbot", "hi"])
        .env_clear()
        .env("AWS_ENDPOINT_URL", &server.url)
        .env("AWS_REGION", "us-east-1");
    command
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .stdin(Stdio::null());
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("rockpick");
    // The first word is out: the call is under way.
    let mut first = [0; 4];
    child.stdout.as_mut().expect("stdout").read_exact(&mut first).await.expect("a word");
    let id = child.id().expect("running").to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().await.expect("kill").success());
    let output = child.wait_with_output().await.expect("its output");
    assert_eq!(output.status.code(), Some(130));
    assert!(err(&output).contains("▸ ") && err(&output).contains('$'), "{}", err(&output));
}
