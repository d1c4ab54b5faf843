//! How answers end, what they cost, and what a hostile other side can do.
#![cfg(all(feature = "cli", feature = "aws", feature = "history"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/command.rs"]
mod command;
#[path = "common/loopback.rs"]
mod loopback;

use std::process::Output;

use command::{err, json_of, out, run, tempfile};
use loopback::{End, Loopback, Says, error, frame, reply, stream};
use serde_json::{Value, json};

fn answer(body: &Value) -> Says {
    Says::Json { status: 200, code: None, header: None, body: body.to_string().into_bytes() }
}

fn ended(reason: &str, text: &str, more: &Value) -> Says {
    let content = if text.is_empty() { json!([]) } else { json!([{"text": text}]) };
    let mut body = json!({
        "output": {"message": {"role": "assistant", "content": content}}, "stopReason": reason,
        "usage": {"inputTokens": 10, "outputTokens": 5},
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    answer(&body)
}

async fn route(says: impl IntoIterator<Item = Says>, arguments: &[&str]) -> (Output, usize) {
    let server = Loopback::start(says).await;
    let output = run(&server, &[&["route", "-t", "chatbot"], arguments].concat(), None, &[]).await;
    (output, server.seen().len())
}

#[tokio::test]
async fn every_reason_to_stop_is_told() {
    for (reason, exit, code) in [
        ("max_tokens", 6, "max-tokens"),
        ("model_context_window_exceeded", 6, "context-full"),
        ("content_filtered", 2, "content-filtered"),
        ("guardrail_intervened", 2, "guardrail"),
        ("refusal", 2, "refused"),
    ] {
        let (output, calls) = route(
            [ended(reason, "partial", &json!({}))],
            &["-m", "haiku 5.5", "--no-stream", "hi", "-o", "json"],
        )
        .await;
        assert_eq!((output.status.code(), calls), (Some(exit), 1), "{reason}: {}", err(&output));
        let document = json_of(&output.stdout);
        assert_eq!((&document["text"], &document["outcome"]), (&json!("partial"), &json!(code)));
        assert_eq!(json_of(&output.stderr)["code"], code);
    }
    let (output, _) = route(
        [ended("max_tokens", "partial", &json!({}))],
        &["-m", "haiku 5.5", "--no-stream", "hi"],
    )
    .await;
    assert_eq!((out(&output).as_str(), output.status.code()), ("partial\n", Some(6)));
}

#[tokio::test]
async fn what_the_next_offer_may_mend_is_asked_again() {
    for reason in ["malformed_model_output", "malformed_tool_use", "something_new"] {
        let says = [ended(reason, "broken", &json!({})), reply("ok")];
        let (output, calls) =
            route(says, &["-m", "haiku 5.5", "--allow-global", "--no-stream", "hi"]).await;
        assert_eq!(
            (out(&output).as_str(), output.status.code(), calls),
            ("ok\n", Some(0), 2),
            "{reason}: {}",
            err(&output)
        );
    }
    let empty = [
        frame("event", "messageStart", &json!({"role": "assistant"})),
        frame("event", "messageStop", &json!({"stopReason": "end_turn"})),
        frame("event", "metadata", &json!({"usage": {"inputTokens": 5, "outputTokens": 0}})),
    ];
    let words = stream(&loopback::frames(&["ok"]), 64, End::Clean);
    let (output, calls) = route(
        [stream(&empty, 64, End::Clean), words],
        &["-m", "haiku 5.5", "--allow-global", "hi"],
    )
    .await;
    assert_eq!(
        (out(&output).as_str(), output.status.code(), calls),
        ("ok\n", Some(0), 2),
        "{}",
        err(&output)
    );
    let thoughts = json!({"output": {"message": {"role": "assistant", "content": [{"reasoningContent": {"reasoningText": {"text": "hm"}}}]}}});
    let (output, _) =
        route([ended("end_turn", "", &thoughts)], &["-m", "haiku 5.5", "--no-stream", "hi"]).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains("no text"), "{}", err(&output));
}

#[tokio::test]
async fn denials_of_everybody_are_the_accounts() {
    let denied = error(
        403,
        "AccessDeniedException",
        "You don't have access to the model with the specified model ID.",
    );
    let (output, calls) = route([denied], &["--no-stream", "hi"]).await;
    assert_eq!(output.status.code(), Some(3), "{}", err(&output));
    assert!(calls <= 8, "{calls} calls");
    assert!(err(&output).lines().all(|line| line.len() < 1_000), "{}", err(&output));
}

#[tokio::test]
async fn the_cost_is_that_of_what_was_used() {
    let cost = |says: Says, arguments: Vec<String>| async move {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (output, _) = route(
            [says],
            &[&arguments[..], &["--no-stream", "-o", "json", "--query", "cost_usd", "hi"]].concat(),
        )
        .await;
        out(&output).trim().parse::<f64>().unwrap_or_else(|_| panic!("{}", err(&output)))
    };
    let arguments =
        |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let hour = json!({"usage": {
        "inputTokens": 0, "outputTokens": 0, "cacheWriteInputTokens": 1_000_000, "cacheDetails": [{"ttl": "1h", "inputTokens": 1_000_000}],
    }});
    let written =
        cost(ended("end_turn", "x", &hour), arguments(&["-m", "us.anthropic.claude-sonnet-4-6"]))
            .await;
    assert!((written - 6.6).abs() < 1e-9, "{written}");
    let million = |tier: &str| {
        ended(
            "end_turn",
            "x",
            &json!({"usage": {"inputTokens": 1_000_000, "outputTokens": 1_000_000}, "serviceTier": {"type": tier}}),
        )
    };
    let oss = "openai.gpt-oss-120b-1:0";
    let downgraded = cost(million("default"), arguments(&["-m", oss, "--tier", "priority"])).await;
    let served = cost(million("priority"), arguments(&["-m", oss, "--tier", "priority"])).await;
    assert!(
        (downgraded - 0.75).abs() < 1e-9 && (served - 1.3125).abs() < 1e-9,
        "{downgraded} {served}"
    );
    let file = tempfile(
        "endings-flex.json",
        br#"{"messages": [{"role": "user", "content": [{"text": "hello"}]}], "serviceTier": {"type": "flex"}}"#,
    );
    let flex = cost(million("flex"), arguments(&["-m", oss, "--messages", &file])).await;
    assert!((flex - 0.375).abs() < 1e-9, "{flex}");
}

#[tokio::test]
async fn what_nobody_counted_is_marked_and_what_cannot_be_is_not_believed() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("endings-history");
    let _ = std::fs::remove_dir_all(&folder);
    let history = folder.join("h.db").to_string_lossy().into_owned();
    let mut silent = loopback::frames(&["ok"]);
    silent.pop();
    let arguments = ["-m", "haiku 5.5", "--history", &history, "--metadata", "team=red", "hi"];
    let (output, _) = route([stream(&silent, 64, End::Clean)], &arguments).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(err(&output).contains(" · ~$"), "{}", err(&output));
    let absurd = json!({"usage": {"inputTokens": u64::MAX, "outputTokens": u64::MAX}});
    for _ in 0..2 {
        let (output, _) =
            route([ended("end_turn", "x", &absurd)], &[&arguments[..], &["--no-stream"]].concat())
                .await;
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert!(
            err(&output).contains("cannot be") && err(&output).contains(" · ~$"),
            "{}",
            err(&output)
        );
    }
    let server = Loopback::start([reply("ok")]).await;
    let spend = run(&server, &["spend", "--by", "tag", "--history", &history], None, &[]).await;
    assert!(
        out(&spend).contains("team=red") && out(&spend).contains('~'),
        "{}{}",
        out(&spend),
        err(&spend)
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            std::fs::metadata(&history).expect("a history").permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(
            std::fs::metadata(&folder).expect("a folder").permissions().mode() & 0o777,
            0o700
        );
        let link = folder.join("link.db");
        std::os::unix::fs::symlink(folder.join("nowhere"), &link).expect("a link");
        let (output, calls) =
            route([reply("ok")], &["--history", &link.to_string_lossy(), "hi"]).await;
        assert_eq!((output.status.code(), calls), (Some(2), 0), "{}", err(&output));
    }
    for name in [":memory:", "file:x?mode=memory"] {
        let (output, calls) =
            route([reply("ok")], &["--budget", "1/day", "--history", name, "hi"]).await;
        assert_eq!((output.status.code(), calls), (Some(2), 0), "{name}: {}", err(&output));
    }
}

#[tokio::test]
async fn a_pipe_gets_the_bytes_and_errors_steer_no_terminal() {
    let (output, _) =
        route([reply("A\u{1b}[31mB\u{7}")], &["-m", "haiku 5.5", "--no-stream", "hi"]).await;
    assert_eq!(output.stdout, b"A\x1b[31mB\x07\n");
    let (output, _) = route(
        [error(400, "ValidationException", "no \u{1b}]0;PWNED\u{7}")],
        &["--no-stream", "hi"],
    )
    .await;
    assert!(
        !err(&output).contains('\u{1b}') && err(&output).contains("\\u{1b}"),
        "{}",
        err(&output)
    );
}

#[tokio::test]
async fn an_endpoint_without_a_scheme_is_told_at_once() {
    let (output, calls) = route([reply("ok")], &["--endpoint-url", "localhost:4566", "hi"]).await;
    assert_eq!((output.status.code(), calls), (Some(2), 0), "{}", err(&output));
    assert!(err(&output).contains("http://localhost:4566"), "{}", err(&output));
}

#[tokio::test]
async fn a_proxy_is_asked() {
    let proxy = Loopback::start([error(403, "Forbidden", "no")]).await;
    let environment = [
        ("HTTPS_PROXY", proxy.url.as_str()),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    let arguments = [
        "route",
        "-t",
        "chatbot",
        "hi",
        "--endpoint-url",
        "https://bedrock.invalid",
        "--max-attempts",
        "1",
    ];
    let output = run(&proxy, &arguments, None, &environment).await;
    assert_ne!(output.status.code(), Some(0));
    assert!(proxy.seen().iter().any(|seen| seen.path == "bedrock.invalid:443"), "{}", err(&output));
}

#[tokio::test]
async fn an_endless_answer_ends() {
    let piece = frame(
        "event",
        "contentBlockDelta",
        &json!({"contentBlockIndex": 0, "delta": {"text": "x".repeat(60_000)}}),
    );
    let endless: Vec<Vec<u8>> = std::iter::repeat_n(piece, 1_200).collect();
    let (output, _) = route(
        [stream(&endless, 1 << 20, End::Hang)],
        &["-m", "haiku 5.5", "hi", "--idle-timeout", "5"],
    )
    .await;
    assert_eq!(output.status.code(), Some(6), "{}", err(&output));
    assert!(err(&output).contains("longer than 64 MB"), "{}", err(&output));
    let body = vec![b' '; 70 << 20];
    let says = Says::Json { status: 200, code: None, header: None, body };
    let (output, _) =
        route([says], &["-m", "haiku 5.5", "hi", "--no-stream", "--max-attempts", "1"]).await;
    assert_eq!(output.status.code(), Some(4), "{}", err(&output));
}

#[tokio::test]
async fn what_is_no_count_is_estimated() {
    for usage in [
        json!({"inputTokens": -5, "outputTokens": -5}),
        json!({"inputTokens": 5, "outputTokens": "x"}),
        json!({"inputTokens": 5}),
        json!({"outputTokens": 5}),
    ] {
        let says = ended("end_turn", "hello", &json!({ "usage": usage }));
        let (output, _) =
            route([says], &["-m", "haiku 5.5", "--no-stream", "hi", "-o", "json"]).await;
        let document = json_of(&output.stdout);
        assert_eq!(document["cost_estimated"], true, "{document}");
        assert!(document["cost_usd"].as_str().is_none_or(|cost| cost != "0"), "{document}");
    }
}

#[tokio::test]
async fn a_key_of_bedrock_that_a_refusal_quotes_is_cut() {
    let says =
        error(403, "AccessDeniedException", "no entry for Bearer ABSKQmVkcm9ja0FQSUtleS1abcd here");
    let (output, _) = route([says], &["-m", "haiku 5.5", "--no-stream", "hi"]).await;
    assert!(!err(&output).contains("ABSK") && !err(&output).contains("abcd"), "{}", err(&output));
}
