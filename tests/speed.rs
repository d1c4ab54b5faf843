//! Speeds that the user measured count before public medians, and say so.
#![cfg(all(feature = "cli", feature = "aws", feature = "history"))]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

mod support;

use support::{Run, run_with};

const ASK: &[&str] =
    &["recommend", "chatbot", "--prefer", "speed", "-r", "eu-central-1", "-m", "haiku 5.5"];

/// Asks with a file of measured speeds.
fn ask(name: &str, file: &str, arguments: &[&str]) -> Run {
    let state = format!("{}/speed-{name}", env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(format!("{state}/rockpick")).expect("a folder");
    std::fs::write(format!("{state}/rockpick/speed.toml"), file).expect("written");
    run_with(&[("XDG_STATE_HOME", &state)], arguments)
}

fn measured(id: &str, first_token: &str, date: &str) -> String {
    let rest = "tokens-per-second = 120.0\nregion = \"eu-central-1\"";
    format!("[\"{id}\"]\nfirst-token = {first_token}\n{rest}\ndate = \"{date}\"\n\n")
}

#[test]
fn the_newest_measurement_of_a_model_counts() {
    let file = measured("global.anthropic.claude-haiku-5-5", "3.25", "2026-11-29")
        + &measured("eu.anthropic.claude-haiku-5-5", "0.125", "2026-11-30")
        + &measured("no.such-model-v9:0", "1.0", "2026-11-30");
    let found = ask("newest", &file, &[ASK, &["-o", "json"]].concat()).json();
    let wait = &found["choice"]["wait_ms"];
    assert_eq!(wait["measured_here"], "2026-11-30", "{found:#}");
    assert_eq!(wait["on_bedrock"], true);
    let thinking = found["choice"]["cost"]["tokens"]["thinking"].as_u64().expect("tokens");
    assert_eq!(
        wait["first_token"],
        125 + thinking * 1_000 / 120,
        "thinking comes before the first token"
    );
    let text = ask("newest", &file, ASK).stdout;
    assert!(text.contains("measured by you on 2026-11-30"), "{text}");
}

#[test]
fn what_makes_no_sense_changes_nothing() {
    let plain = run_with(&[], &[ASK, &["-o", "json"]].concat()).json();
    for (name, value) in [("huge", "1e300"), ("negative", "-1.0"), ("nan", "nan")] {
        let found = ask(
            name,
            &measured("eu.anthropic.claude-haiku-5-5", value, "2026-11-30"),
            &[ASK, &["-o", "json"]].concat(),
        );
        assert_eq!(found.json()["choice"]["wait_ms"], plain["choice"]["wait_ms"], "{value}");
    }
}

#[test]
fn a_broken_file_is_told_of_and_the_answer_given() {
    let found = ask("broken", "[\"x\"]\nfirst-token = \n", ASK);
    assert_eq!(found.code, 0);
    assert!(
        found.stderr.contains("speed.toml") && found.stderr.contains("move that file away"),
        "{}",
        found.stderr
    );
}
