//! Flags and variables that would be ignored, or that name what has no end.
#![cfg(all(feature = "cli", feature = "aws", unix))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

mod support;

use support::{run, run_with};

#[test]
fn flags_of_calls_need_a_call() {
    for idle in [
        &["--budget", "1/day"][..],
        &["--budget", "nonsense"],
        &["--endpoint-url", "http://127.0.0.1:9"],
        &["--history", "h.db"],
        &["--timeout", "5"],
        &["--max-attempts", "3"],
        &["--stream"],
        &["--debug"],
    ] {
        let found = run(&[&["recommend", "chatbot"], idle].concat());
        assert_eq!(found.code, 2, "{idle:?}: {}", found.stderr);
        assert!(found.stdout.is_empty());
    }
    run(&["recommend", "chatbot", "--endpoint-url", "http://127.0.0.1:9"]).refused(&["--endpoint-url", "--invoke"]);
    let from_outside = run_with(&[("ROCKPICK_BUDGET", "1/day"), ("ROCKPICK_HISTORY", "h.db")], &["recommend", "chatbot"]);
    assert_eq!(from_outside.code, 0, "{}", from_outside.stderr);
}

#[test]
fn files_without_an_end_are_refused_and_empty_ones_are_not() {
    run_with(&[("AWS_CONFIG_FILE", "/dev/zero")], &["recommend", "chatbot"]).refused(&["AWS_CONFIG_FILE", "/dev/zero"]);
    let calls: &[&str] = &["recommend", "chatbot", "-r", "us-east-1", "--endpoint-url", "http://127.0.0.1:9", "--invoke", "hi"];
    for name in ["SSL_CERT_FILE", "AWS_CA_BUNDLE", "AWS_SHARED_CREDENTIALS_FILE"] {
        run_with(&[(name, "/dev/zero")], calls).refused(&[name, "/dev/zero"]);
    }
    let empty = run_with(&[("AWS_CONFIG_FILE", "/dev/null")], &["recommend", "chatbot", "-o", "id"]);
    assert_eq!(empty.code, 0, "{}", empty.stderr);
}
