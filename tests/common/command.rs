//! The command against a small Bedrock on loopback.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    reason = "shared by several tests, each of which uses its own part"
)]

use std::process::{Output, Stdio};

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::loopback::Loopback;

/// Runs the command with nothing of this machine's AWS set-up, and something piped in.
pub async fn run(
    server: &Loopback,
    arguments: &[&str],
    input: Option<&str>,
    more: &[(&str, &str)],
) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rockpick"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", &server.url);
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("AWS_REGION", "us-east-1");
    if more.is_empty() {
        command.env("AWS_ACCESS_KEY_ID", "id").env("AWS_SECRET_ACCESS_KEY", "secret");
    }
    command.envs(more.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = command.spawn().expect("rockpick");
    if let (Some(text), Some(mut stdin)) = (input, child.stdin.take()) {
        stdin.write_all(text.as_bytes()).await.expect("piped");
    }
    child.wait_with_output().await.expect("its output")
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(bytes)))
}

/// A file in the folder that cargo gives to tests.
pub fn tempfile(name: &str, content: &[u8]) -> String {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("a file");
    path.to_string_lossy().into_owned()
}
