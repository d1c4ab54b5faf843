//! Prompts, answers and secrets appear nowhere but in the answer: not on stderr, in no file, at no level, unless it is asked for.
#![cfg(all(feature = "cli", feature = "aws", feature = "history"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/command.rs"]
mod command;
#[path = "common/loopback.rs"]
mod loopback;

use std::path::{Path, PathBuf};
use std::process::Output;

use command::{err, out, run, tempfile};
use loopback::{End, Loopback, Says, error, frames, reply, stream};
use serde_json::json;

/// Every canary begins like this, and nothing else does.
const CANARY: &str = "canary7f3a91";

/// Secrets, and what makes other programs talkative.
fn surroundings(home: &str) -> Vec<(&str, &str)> {
    let secret = "AWS_SECRET_ACCESS_KEY";
    vec![
        ("AWS_ACCESS_KEY_ID", "canary7f3a91-key"),
        (secret, "canary7f3a91-secret"),
        ("AWS_SESSION_TOKEN", "canary7f3a91-token"),
        ("HOME", home),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
    ]
}

/// A home of a test's own, empty.
fn home(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("canary").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

/// Whether a canary is in a file below a folder.
fn holds(folder: &Path) -> bool {
    std::fs::read_dir(folder).expect("a folder").any(|entry| {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            holds(&path)
        } else {
            String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).contains(CANARY)
        }
    })
}

async fn call(says: Says, home: &Path, arguments: &[&str]) -> Output {
    let server = Loopback::start([says]).await;
    run(&server, arguments, None, &surroundings(&home.to_string_lossy())).await
}

/// What Bedrock may say: an answer, refusals that quote what was sent, failures, streams that break.
fn answers() -> Vec<Says> {
    let quoting = |text: &str| error(400, "ValidationException", text);
    let words = [format!("{CANARY}-of-the-answer")];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    vec![
        reply(words[0]),
        quoting(
            "1 validation error detected: Value 'canary7f3a91-prompt' at 'messages.1' failed to satisfy constraint",
        ),
        quoting("messages.0.content.0.text: 'canary7f3a91-prompt and more' is not allowed"),
        quoting(
            "Malformed input request: \"canary7f3a91-system\", please reformat your input and try again.",
        ),
        error(
            403,
            "AccessDeniedException",
            "You don't have access to the model with the specified model ID.",
        ),
        error(
            403,
            "ExpiredTokenException",
            "The security token included in the request is expired",
        ),
        error(500, "InternalServerException", "canary-free"),
        Says::Json {
            status: 200,
            code: None,
            header: None,
            body: format!("{{\"{CANARY}\": no json").into_bytes(),
        },
        Says::Reset,
        stream(&frames(&words), 7, End::Clean),
        stream(&frames(&words)[..2], 7, End::Cut),
    ]
}

#[tokio::test]
async fn nothing_said_is_in_any_log_error_or_history() {
    let tools = tempfile(
        "canary-tools.json",
        json!([{"name": "add", "description": "canary7f3a91-tool", "input_schema": {"type": "object"}}]).to_string().as_bytes(),
    );
    let attached = tempfile("canary-attached.txt", b"canary7f3a91-attached");
    let prompt = "canary7f3a91-prompt and more";
    let common = ["--max-attempts", "3", "--budget", "5/day", "--debug"];
    let route = [
        "route",
        "-t",
        "chatbot",
        "--system",
        "canary7f3a91-system",
        "--tools",
        &tools,
        "--attach",
        &attached,
        prompt,
    ];
    let wholly = ["--no-stream"];
    for (index, says) in answers().into_iter().enumerate() {
        for way in [&[][..], &wholly] {
            let home = home(&format!("route-{index}-{}", way.len()));
            let output = call(says.clone(), &home, &[&route[..], &common, way].concat()).await;
            assert!(!err(&output).contains(CANARY), "{}", err(&output));
            assert!(!holds(&home), "{}", home.display());
            assert!(err(&output).contains("calling"), "--debug tells of calls: {}", err(&output));
        }
    }
}

#[tokio::test]
async fn other_commands_keep_silent_as_well() {
    let picture =
        json!({"images": ["Y2FuYXJ5"], "finish_reasons": [null]}).to_string().into_bytes();
    let filtered =
        json!({"images": [], "finish_reasons": ["Filter reason: prompt"]}).to_string().into_bytes();
    let whole =
        |body: &[u8]| Says::Json { status: 200, code: None, header: None, body: body.to_vec() };
    let quoting = error(
        400,
        "ValidationException",
        "Value 'canary7f3a91-prompt' at 'prompt' failed to satisfy constraint",
    );
    let documents = tempfile("canary-documents.txt", b"canary7f3a91-one\ncanary7f3a91-two\n");
    let prompt = "canary7f3a91-prompt";
    for (index, says) in [whole(&picture), whole(&filtered), quoting].into_iter().enumerate() {
        let home = home(&format!("others-{index}"));
        let out = home.join("picture.png").to_string_lossy().into_owned();
        let common = ["--budget", "5/day", "--debug"];
        for arguments in [
            &["image", prompt, "-r", "us-west-2", "-o", &out][..],
            &["embed", prompt],
            &["rerank", prompt, &documents, "-r", "us-west-2"],
            &["video", prompt, "-r", "us-west-2", "--to", "s3://bucket/videos", "--no-wait"],
            &["recommend", "chatbot", "--invoke", prompt],
        ] {
            let output = call(says.clone(), &home, &[arguments, &common].concat()).await;
            assert!(!err(&output).contains(CANARY), "{arguments:?}: {}", err(&output));
            assert!(!holds(&home), "{arguments:?}");
        }
    }
}

#[tokio::test]
async fn only_debug_content_shows_what_is_said_and_never_a_secret() {
    let words = [format!("{CANARY}-of-the-answer")];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let home = home("shown");
    let arguments = ["route", "-t", "chatbot", "canary7f3a91-prompt", "--debug-content"];
    let output = call(stream(&frames(&words), 64, End::Clean), &home, &arguments).await;
    assert!(out(&output).contains(words[0]));
    let told = err(&output);
    assert!(told.contains("canary7f3a91-prompt") && told.contains(words[0]), "{told}");
    for secret in ["canary7f3a91-key", "canary7f3a91-secret", "canary7f3a91-token"] {
        assert!(!told.contains(secret), "{told}");
    }
    let refused =
        error(400, "ValidationException", "Value 'canary7f3a91-prompt' at 'messages' is wrong");
    let told =
        err(&call(refused, &home, &[&arguments[..], &["--max-attempts", "1"]].concat()).await);
    assert!(told.contains("refused: "), "{told}");
}
