//! The examples in the help of each command run as they are shown.
#![cfg(all(feature = "cli", feature = "aws", unix))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Run, rockpick, run};

const COMMANDS: [&str; 7] =
    ["recommend", "explain", "compare", "models", "classify", "route", "scan"];

/// A file with an ID of the wrong Region.
const CALL: &str =
    "BEDROCK_REGION=eu-west-1\nMODEL_ID=us.anthropic.claude-haiku-4-5-20251001-v1:0\n";

/// Runs a line as a shell does, in a folder with something to scan.
fn shell(line: &str) -> Run {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("help");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("call.env"), CALL).expect("a file");
    let command = Path::new(env!("CARGO_BIN_EXE_rockpick")).parent().expect("its folder");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", line]).current_dir(&folder).env_clear().env("HOME", &folder);
    shell.env("PATH", command).output().expect("a run").into()
}

#[test]
fn examples_run() {
    for command in COMMANDS {
        let help: Run = rockpick(&[command, "--help"]).output().expect("a run").into();
        let (_, examples) = help.stdout.split_once("Examples:").expect(command);
        let lines: Vec<&str> =
            examples.lines().filter(|line| line.starts_with("  rockpick")).collect();
        assert!(lines.len() > 1, "{command} --help shows {} examples", lines.len());
        for line in lines {
            let ran = shell(line.trim());
            assert_eq!(ran.code, 0, "{line}: {}", ran.stderr);
            assert!(!ran.stdout.is_empty(), "{line}");
        }
    }
}

#[test]
fn a_task_without_a_command_is_told_how_to_ask() {
    let found = run(&["which model for a chatbot?"]);
    assert_eq!(found.code, 2);
    assert!(found.stderr.contains("rockpick ask 'which model for a chatbot?'"), "{}", found.stderr);
}
