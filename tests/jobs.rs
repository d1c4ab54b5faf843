//! `rockpick image`, `embed` and `rerank` against a small Bedrock on loopback.
#![cfg(all(feature = "cli", feature = "aws"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/command.rs"]
mod command;
#[path = "common/loopback.rs"]
mod loopback;

use std::fs;

use command::{err, json_of, out, run, tempfile};
use loopback::{Loopback, Says, error};
use serde_json::{Value, json};

const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn native(body: &Value) -> Says {
    let header = Some(("x-amzn-bedrock-input-token-count", "12".to_owned()));
    Says::Json { status: 200, code: None, header, body: body.to_string().into_bytes() }
}

/// A path in a folder of its own below the one that cargo gives to tests.
fn path(folder: &str, name: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder.join(name).to_string_lossy().into_owned()
}

#[tokio::test]
async fn a_picture_is_written_once_and_with_the_right_ending() {
    let server =
        Loopback::start([native(&json!({"images": [PIXEL], "finish_reasons": [null]}))]).await;
    let file = path("picture", "out.jpg");
    let arguments = ["image", "a", "cat", "-r", "us-west-2", "-o", file.as_str()];
    let output = run(&server, &arguments, None, &[]).await;
    let written = file.replace(".jpg", ".png");
    assert_eq!(
        (out(&output).trim_end(), output.status.code()),
        (written.as_str(), Some(0)),
        "{}",
        err(&output)
    );
    assert!(fs::read(&written).expect("a file").starts_with(b"\x89PNG"));
    let seen = &server.seen()[0];
    assert!(seen.path.ends_with("/invoke"));
    assert_eq!(
        (&seen.body["prompt"], &seen.body["output_format"]),
        (&json!("a cat"), &json!("jpeg"))
    );
    assert!(err(&output).contains("images · $0."), "{}", err(&output));

    let arguments = ["image", "a", "dog", "-r", "us-west-2", "-o", written.as_str()];
    let output = run(&server, &arguments, None, &[]).await;
    assert_eq!(
        (output.status.code(), server.seen().len()),
        (Some(2), 1),
        "nothing is paid for what cannot be written"
    );
    let output = run(&server, &[&arguments[..], &["--force"]].concat(), None, &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
}

#[tokio::test]
async fn a_name_that_cannot_be_is_told_before_anything_is_paid_for() {
    let server =
        Loopback::start([native(&json!({"images": [PIXEL], "finish_reasons": [null]}))]).await;
    let folder = path("names", "w.png");
    let long = folder.replace("w.png", &"n".repeat(300));
    for file in [
        format!("{folder}/"),
        long,
        "-".to_owned(),
        "/proc/y.png".to_owned(),
        "no/such/y.png".to_owned(),
    ] {
        let output =
            run(&server, &["image", "cat", "-r", "us-west-2", "--out", &file], None, &[]).await;
        let told = err(&output);
        assert_eq!((output.status.code(), server.seen().len()), (Some(2), 0), "{file}: {told}");
        assert!(!told.contains(".rockpick-") && !told.contains(".part"), "{told}");
    }
    let left = fs::read_dir(std::path::Path::new(&folder).parent().expect("a folder"))
        .expect("a folder")
        .count();
    assert_eq!(left, 0, "nothing is left behind");
}

#[tokio::test]
async fn a_picture_is_edited_by_the_model_for_it() {
    let server = Loopback::start([native(&json!({"images": [PIXEL]}))]).await;
    let (from, to) = (tempfile("edited.png", b"\x89PNG\r\n\x1a\n..."), path("edits", "a.png"));
    let base = ["image", "--image", from.as_str(), "-r", "us-west-2", "-o", to.as_str(), "--force"];
    for (more, id, keys) in [
        (&["--edit", "remove-background"][..], "remove-background", &["image"][..]),
        (
            &["--edit", "erase", "--mask", &from, "--set", "grow-mask=5"],
            "erase-object",
            &["grow_mask", "image", "mask"],
        ),
        (
            &["a", "dog", "--edit", "search-replace", "--search", "cat"],
            "search-replace",
            &["image", "prompt", "search_prompt"],
        ),
        (
            &["red", "--edit", "search-recolor", "--search", "cat"],
            "search-recolor",
            &["image", "prompt", "select_prompt"],
        ),
        (&["--edit", "outpaint", "--set", "left=200"], "outpaint", &["image", "left"]),
        (
            &["x", "--edit", "structure", "--strength", "0.5"],
            "control-structure",
            &["control_strength", "image", "prompt"],
        ),
        (
            &["x", "--edit", "style-transfer", "--style-image", &from],
            "style-transfer",
            &["init_image", "prompt", "style_image"],
        ),
        (&["x", "--strength", "0.5"], "sd3-5", &["image", "mode", "prompt", "strength"]),
        (&["--edit", "upscale-fast"], "fast-upscale", &["image"]),
    ] {
        let output = run(&server, &[&base[..], more].concat(), None, &[]).await;
        assert_eq!(output.status.code(), Some(0), "{more:?}: {}", err(&output));
        let seen = server.seen().pop().expect("a call");
        let sent =
            seen.body.as_object().expect("a body").keys().filter(|key| *key != "output_format");
        let mut sent: Vec<&str> = sent.map(String::as_str).collect();
        sent.sort_unstable();
        assert!(seen.path.contains(id), "{more:?}: {}", seen.path);
        assert_eq!(sent, keys, "{more:?}");
    }
    let calls = server.seen().len();
    for (more, words) in [
        (&["--edit", "remove-backgrund"][..], "did you mean `remove-background`?"),
        (&["x", "--edit", "upscale-fast"], "takes no prompt"),
        (&["--edit", "erase", "--seed", "1", "--set", "colour=red"], "takes no colour"),
    ] {
        let output = run(&server, &[&base[..], more].concat(), None, &[]).await;
        assert_eq!(output.status.code(), Some(2), "{more:?}: {}", err(&output));
        assert!(err(&output).contains(words), "{more:?}: {}", err(&output));
    }
    let output =
        run(&server, &["image", "--edit", "erase", "x", "-o", &to, "--force"], None, &[]).await;
    assert!(
        err(&output).contains("--image FILE") && server.seen().len() == calls,
        "{}",
        err(&output)
    );
}

#[tokio::test]
async fn a_vector_has_the_length_that_is_asked_for() {
    let server =
        Loopback::start([native(&json!({"embedding": [0.5], "embeddings": {"float": [[0.5]]}}))])
            .await;
    for (length, id) in
        [("512", "titan-embed-text-v2"), ("384", "nova-2-multimodal"), ("1536", "cohere.embed-v4")]
    {
        let models = [
            "-m",
            "titan text embeddings v2",
            "-m",
            "cohere.embed-v4:0",
            "-m",
            "nova multimodal embeddings",
        ];
        let arguments = [
            &["embed", "x", "--dimensions", length, "-r", "us-east-1", "--no-global"],
            &models[..],
        ]
        .concat();
        run(&server, &arguments, None, &[]).await;
        let seen = server.seen().pop().expect("a call");
        assert!(seen.path.contains(id), "{length}: {}", seen.path);
    }
    let calls = server.seen().len();
    let output =
        run(&server, &["embed", "x", "--dimensions", "7", "-r", "us-east-1"], None, &[]).await;
    assert_eq!((output.status.code(), server.seen().len()), (Some(2), calls), "{}", err(&output));
}

#[tokio::test]
async fn a_filtered_picture_is_an_error() {
    let server = Loopback::start([native(
        &json!({"images": [], "finish_reasons": ["Filter reason: prompt"]}),
    )])
    .await;
    let output = run(
        &server,
        &["image", "x", "-r", "us-west-2", "-o", &path("filtered", "a.png")],
        None,
        &[],
    )
    .await;
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("Filter reason: prompt"));
}

#[tokio::test]
async fn the_first_text_settles_the_model_and_the_rest_goes_in_batches() {
    let vectors =
        |count: usize| native(&json!({"embeddings": {"float": vec![[0.5, 0.25]; count]}}));
    let denied = error(
        403,
        "AccessDeniedException",
        "You don't have access to the model with the specified model ID.",
    );
    let server = Loopback::start([denied, vectors(1), vectors(96), vectors(3)]).await;
    let texts = (0..100).map(|number| format!("text {number}")).collect::<Vec<_>>().join("\n");
    let arguments = [
        "embed",
        "-m",
        "cohere.embed-v4:0",
        "-m",
        "cohere.embed-english-v3",
        "-o",
        "json",
        "--no-global",
    ];
    let output = run(&server, &arguments, Some(&texts), &[]).await;
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let document = json_of(&output.stdout);
    assert_eq!(
        (document["embeddings"].as_array().map(Vec::len), &document["dimensions"]),
        (Some(100), &json!(2))
    );
    assert_eq!(document["usage"]["input_tokens"], 36);
    let seen = server.seen();
    assert!(seen[1..].windows(2).all(|pair| pair[0].path == pair[1].path), "{seen:?}");
    assert_ne!(seen[0].path, seen[1].path);
    let sent: Vec<usize> =
        seen[1..].iter().map(|seen| seen.body["texts"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(sent, [1, 96, 3]);
}

#[tokio::test]
async fn documents_come_back_in_order() {
    let results = json!({"results": [{"index": 1, "relevance_score": 0.9}, {"index": 0, "relevance_score": 0.1}]});
    let server = Loopback::start([native(&results)]).await;
    let output =
        run(&server, &["rerank", "moon", "-r", "us-west-2"], Some("cats\nthe moon\n"), &[]).await;
    assert_eq!(
        (out(&output).as_str(), output.status.code()),
        ("0.9000\tthe moon\n0.1000\tcats\n", Some(0)),
        "{}",
        err(&output)
    );
    assert_eq!(server.seen()[0].body["documents"], json!(["cats", "the moon"]));
}
