//! `rockpick classify` as a person runs it: without a network, without credentials, without settings.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn rockpick(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rockpick"))
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<serde_json::Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_text_is_read_as_json() {
    let output = rockpick(&["classify", "summaries of meetings, in English", "-o", "json"], "");
    assert_eq!(output.status.code(), Some(0));
    let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read["category"], "summarization");
    let keys = [
        "id",
        "confidence",
        "alternatives",
        "language",
        "preference",
        "constraints",
        "difficulty",
        "signals",
    ];
    assert!(keys.iter().all(|key| read.get(key).is_some()), "{read}");
    assert_eq!(read["signals"][0]["text"], "summaries");
}

#[test]
fn a_file_is_answered_in_order_and_bad_lines_are_named() {
    let input = "{\"id\":7,\"text\":\"text to speech\"}\nnot json but text about logos\n{\"id\":8}\n\n{\"id\":\"x\",\"text\":\"embeddings\"}\n";
    let output = rockpick(&["classify", "--file", "-"], input);
    assert_eq!(output.status.code(), Some(2));
    let read = lines(&output);
    assert_eq!(
        read.iter().map(|line| line["id"].clone()).collect::<Vec<_>>(),
        [7.into(), serde_json::Value::Null, "x".into()]
    );
    assert_eq!(read[0]["category"], "speech");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.starts_with("error: -:3: missing field `text`"), "{error}");
}

#[test]
fn prompts_are_read_by_their_own_head() {
    let output =
        rockpick(&["classify", "--as", "prompt", "-", "-o", "jsonl"], "Write a haiku about rust");
    let read = lines(&output);
    assert_eq!(read[0]["category"], "long-form");
    assert_eq!(read[0]["read_as"], "prompt");
}

#[test]
fn what_cannot_be_told_is_said_with_exit_code_one() {
    let output = rockpick(&["classify", "…"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("cannot tell"));
}

#[test]
fn explanations_show_the_words() {
    let output = rockpick(&["classify", "--explain", "transcribe phone calls"], "");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("word") && text.contains("\"transcribe\""), "{text}");
    assert!(!text.contains('\u{1b}'), "no color into a pipe");
}

#[test]
fn a_form_that_it_does_not_have_is_refused() {
    let output = rockpick(&["classify", "chatbot", "-o", "csv"], "");
    assert_eq!(output.status.code(), Some(2));
}
