//! Configuration: what a project and a user say counts where nothing else does.
#![cfg(feature = "cli")]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{DATE, Run, rockpick};

/// A working folder with a project's file and a user's one; an empty text stands for none.
fn folder(name: &str, project: &str, user: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("config").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("home/rockpick")).expect("folders");
    for (path, text) in [("rockpick.toml", project), ("home/rockpick/config.toml", user)] {
        if !text.is_empty() {
            std::fs::write(folder.join(path), text).expect("written");
        }
    }
    folder
}

fn run_in(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut command = rockpick(arguments);
    command
        .current_dir(folder)
        .env("XDG_CONFIG_HOME", folder.join("home"))
        .envs(variables.iter().copied());
    command.output().expect("a run").into()
}

fn asked(folder: &Path, arguments: &[&str]) -> Value {
    run_in(folder, &[], &[&["recommend", "--as-of", DATE, "-o", "json"], arguments].concat()).json()
}

#[test]
fn words_and_flags_go_before_the_configuration() {
    let folder =
        folder("words", "region = \"eu-west-1\"\n", "region = \"us-east-1\"\nresidency = \"eu\"\n");
    let constraints = |arguments: &[&str]| asked(&folder, arguments)["task"]["constraints"].clone();
    assert_eq!(
        constraints(&["chatbot"])["regions"],
        serde_json::json!(["eu-west-1"]),
        "the project's goes first"
    );
    assert_eq!(constraints(&["chatbot"])["residency"], "eu");
    assert_eq!(
        constraints(&["chatbot in Stockholm"])["regions"],
        serde_json::json!(["eu-north-1"])
    );
    assert_eq!(
        constraints(&["chatbot", "-r", "eu-central-1"])["regions"],
        serde_json::json!(["eu-central-1"])
    );
    assert_eq!(
        constraints(&["chatbot", "-r", "us-east-1", "--residency", "us"])["residency"],
        "us"
    );
}

#[test]
fn global_may_be_allowed_once_and_for_all_and_a_flag_or_words_still_close_it() {
    let open = folder("global", "region = \"eu-west-1\"\nallow-global = true\n", "");
    let closed = folder("closed", "region = \"eu-west-1\"\n", "");
    let global = |folder: &Path, arguments: &[&str]| {
        let found = asked(folder, &[&["--task", "chatbot"], arguments].concat());
        found["ranked"]
            .as_array()
            .expect("a ranking")
            .iter()
            .any(|choice| choice["route"] == "global")
    };
    assert!(global(&open, &[]));
    assert!(!global(&open, &["--no-global"]));
    assert!(!global(&open, &["no cross-region inference"]));
    assert!(!global(&open, &["--residency", "eu"]));
    assert!(!global(&closed, &[]));
}

#[test]
fn a_mistake_is_told_with_file_line_and_what_is_meant() {
    for (name, text, says) in [
        (
            "key",
            "region = \"eu-west-1\"\nresidencia = \"eu\"\n",
            "rockpick.toml:2: unknown field `residencia`",
        ),
        ("type", "allow-global = \"yes\"\n", "rockpick.toml:1: invalid type"),
        ("form", "\noutput = \"xml\"\n", "rockpick.toml:2: there is no form of output `xml`"),
        ("toml", "region = \n", "rockpick.toml:1: "),
        ("region", "region = \"eu-middle-1\"\n", "there is no Region `eu-middle-1` (from "),
        ("place", "residency = \"mars\"\n", "rockpick.toml:1: there is no place `mars`"),
    ] {
        let run = run_in(&folder(name, text, ""), &[], &["recommend", "chatbot", "-o", "id"]);
        assert_eq!(run.code, 2, "{name}: {}", run.stderr);
        assert!(run.stderr.contains(says), "{name}: {}", run.stderr);
        assert!(run.stdout.is_empty());
    }
    let run = run_in(&folder("meant", "residencia = \"eu\"\n", ""), &[], &["recommend", "chatbot"]);
    assert!(run.stderr.contains("residency"), "{}", run.stderr);
}

#[test]
fn show_tells_where_each_value_comes_from() {
    let folder = folder(
        "show",
        "region = \"eu-west-1\"\nrules = [\"own\"]\n",
        "\nresidency = \"eu\"\noutput = \"json\"\n",
    );
    let shown = run_in(&folder, &[], &["config", "show"]).json();
    let setting = |name: &str| {
        let all = shown["settings"].as_array().expect("settings");
        all.iter().find(|row| row["setting"] == name).unwrap_or_else(|| panic!("no {name}")).clone()
    };
    let from = |name: &str| setting(name)["from"].as_str().expect("a place").to_owned();
    assert!(from("region").ends_with("rockpick.toml:1"));
    assert!(from("rules").ends_with("rockpick.toml:2"));
    assert!(
        setting("rules")["value"]
            .as_str()
            .is_some_and(|path| path.ends_with("own") && Path::new(path).is_absolute())
    );
    assert!(from("residency").ends_with("config.toml:2"));
    assert!(from("output").ends_with("config.toml:3"));
    assert_eq!(setting("allow-global")["value"], Value::Null);
    let text =
        run_in(&folder, &[("AWS_REGION", "us-west-2")], &["config", "show", "-o", "text"]).stdout;
    assert!(text.contains("us-west-2") && text.contains("AWS_REGION"), "{text}");
}
