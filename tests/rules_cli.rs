//! `rockpick rules` as people call it, without their environment.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]
#![cfg(feature = "cli")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder of its own for a test, with some files in it.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("rules-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

fn rockpick(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rockpick"))
        .env_clear()
        .args(arguments)
        .output()
        .expect("it runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The exit code and what was written to stdout and stderr.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = rockpick(arguments);
    (output.status.code().expect("an exit code"), text(&output.stdout), text(&output.stderr))
}

const AS_OF: &str = "--as-of=2026-11-21";
const PARROTS: &str = r#"[examples]
needs = [
  "count the parrots in the aviary", "how many parrots are there", "parrot census for the zoo", "number of macaws per cage",
  "tally cockatoos every morning", "cuenta los loros del aviario", "cuántos loros hay", "censo de loros del zoo",
  "número de guacamayos por jaula", "recuento diario de cacatúas",
]
"#;

#[test]
fn clean_rules_leave_with_0_and_say_what_was_checked() {
    let own = folder("clean", &[("tasks/parrots.toml", PARROTS)]);
    let (code, out, err) = run(&["rules", "check", own.to_str().expect("UTF-8"), AS_OF]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(
        out.starts_with("nothing found: 147 files, ")
            && out.ends_with("models, 20 categories checked\n"),
        "{out}"
    );
}

#[test]
fn the_age_of_the_bundled_facts_is_no_finding_about_ones_own_rules() {
    let own = folder("aged", &[("tasks/parrots.toml", PARROTS)]);
    let (code, out, _) =
        run(&["rules", "check", own.to_str().expect("UTF-8"), "--as-of=2027-03-01"]);
    assert_eq!(code, 0, "{out}");
    let (code, out, _) = run(&["rules", "check", "--as-of=2027-03-01"]);
    assert!(code == 1 && out.contains("stale-fact"), "{out}");
}

#[test]
fn findings_leave_with_1_and_stand_on_stdout_without_color() {
    let own = folder("findings", &[("tasks/parrots.toml", "titel = \"Parrots\"\n")]);
    let own = own.to_str().expect("UTF-8");
    let (code, out, err) = run(&["rules", "check", own, AS_OF]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(out.starts_with("error[unknown-key]: `titel` is no key of this file\n --> "), "{out}");
    assert!(
        out.contains("tasks/parrots.toml:1:1")
            && out.contains("1 + title = \"Parrots\"")
            && !out.contains('\u{1b}'),
        "{out}"
    );
    let (_, colored, _) = run(&["rules", "check", own, AS_OF, "--color", "always"]);
    assert!(colored.contains('\u{1b}'));
    assert_eq!(
        run(&["--rules", own, "rules", "check", AS_OF]).1,
        out,
        "--rules names folders as well"
    );
}

#[test]
fn json_has_an_object_for_each_finding() {
    let own = folder("json", &[("tasks/parrots.toml", "title = 3\nabuot = \"x\"\n")]);
    let own = own.to_str().expect("UTF-8");
    let (code, out, _) = run(&["rules", "check", own, AS_OF, "-o", "json"]);
    assert_eq!(code, 1);
    let document: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let second = &document["diagnostics"][1];
    assert_eq!(
        (&document["schema"], &second["code"]),
        (&"rockpick.diagnostics.v1".into(), &"unknown-key".into())
    );
    assert_eq!((&second["place"]["line"], &second["place"]["column"]), (&2.into(), &1.into()));
    assert_eq!(second["replacement"], "about");
    let (_, lines, _) = run(&["rules", "check", own, AS_OF, "-o", "jsonl"]);
    assert_eq!(lines.lines().count(), 2);
    let (code, out, err) = run(&["recommend", "x", "--rules", own, "-o", "json"]);
    let error: serde_json::Value = serde_json::from_str(&err).expect("JSON");
    assert_eq!((code, out.as_str()), (2, ""));
    assert_eq!(error["diagnostics"][0]["code"], "wrong-value");
}

#[test]
fn other_commands_refuse_mistaken_rules_with_2() {
    let own = folder(
        "half-written",
        &[("tasks/parrots.toml", "title = \"Parrots\"\n[examples]\nneeds = [\n  \"count")],
    );
    let (code, out, err) =
        run(&["recommend", "count parrots", "--rules", own.to_str().expect("UTF-8")]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains("error[syntax]: this text does not end")
            && err.ends_with("tells what a code means\n"),
        "{err}"
    );
}

#[test]
fn what_cannot_be_read_leaves_with_2_and_one_clear_error() {
    let own =
        folder("unreadable", &[("tasks/latin.toml", ""), ("tasks/large.toml", ""), ("a-file", "")]);
    fs::write(own.join("tasks/latin.toml"), b"title = \"A\"\nabout = \"Espa\xf1a\"\n")
        .expect("a file");
    fs::write(own.join("tasks/large.toml"), "#".repeat((4 << 20) + 1)).expect("a file");
    let own_text = own.to_str().expect("UTF-8");
    let (code, out, err) = run(&["rules", "check", own_text]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("latin.toml is not UTF-8 at byte 25, in line 2"), "{err}");
    assert!(
        err.contains("error[too-large]: ") && err.contains("large.toml has 4194305 bytes"),
        "{err}"
    );
    assert!(err.contains("error: the rules cannot be read\n"), "{err}");

    let file = own.join("a-file");
    let empty = folder("empty", &[]);
    for (path, says) in [
        (own.join("nowhere"), "there is no folder"),
        (file, "is a file, not a folder"),
        (empty, "holds no rule files"),
    ] {
        for command in
            [&["rules", "check"][..], &["rules", "test"], &["rules", "show"], &["recommend", "x"]]
        {
            let mut arguments = command.to_vec();
            arguments.extend(["--rules", path.to_str().expect("UTF-8")]);
            let (code, _, err) = run(&arguments);
            assert!(
                code == 2 && err.contains(says) && err.matches("error[").count() == 1,
                "{arguments:?}: {err}"
            );
        }
    }
}

#[test]
fn a_byte_order_mark_and_windows_lines_are_read() {
    let own = folder(
        "windows",
        &[("tasks/parrots.toml", &format!("\u{feff}{}", PARROTS.replace('\n', "\r\n")))],
    );
    let (code, out, err) = run(&["rules", "check", own.to_str().expect("UTF-8"), AS_OF]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn ten_examples_are_a_category_from_end_to_end() {
    let own = folder("parrots", &[("tasks/parrots.toml", PARROTS)]);
    let own = own.to_str().expect("UTF-8");
    for task in [&["--task", "parrots"][..], &["how many macaws and parrots are in the zoo"]] {
        let mut arguments = vec!["recommend", "--rules", own, AS_OF, "-o", "json"];
        arguments.extend(task);
        let (code, out, err) = run(&arguments);
        assert_eq!(code, 0, "{err}");
        let answer: serde_json::Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(answer["task"]["category"], "parrots");
        assert!(
            answer["choice"]["invoke_id"].is_string()
                && answer["choice"]["cost"]["per_request_usd"].is_string()
                || answer["choice"]["cost"]["per_request_usd"].is_number(),
            "{out}"
        );
    }
}

#[test]
fn expectations_are_tests() {
    let holds = format!(
        "{PARROTS}[[expect]]\ntask = \"how many parrots are there\"\nregion = \"eu-south-2\"\nnothing-fits = false\n"
    );
    let own = folder("expect", &[("tasks/parrots.toml", &holds)]);
    let own = own.to_str().expect("UTF-8");
    let (code, out, _) = run(&["rules", "test", own, AS_OF, "--folds", "0"]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.contains("  parrots           10 of 10    100.0 %\n") && out.contains(" held\n"),
        "{out}"
    );
    fs::write(PathBuf::from(own).join("tasks/parrots.toml"), holds.replace("false", "true"))
        .expect("a file");
    let (code, out, _) = run(&["rules", "test", own, AS_OF, "--folds", "0"]);
    assert_eq!(code, 1);
    assert!(
        out.contains("error[expectation-failed]: nothing should fit, but `")
            && out.contains("parrots.toml:10:16"),
        "{out}"
    );
}

#[test]
fn show_prints_what_holds_and_where_it_comes_from() {
    let own = folder("show", &[("tasks/code.toml", "title = \"Programs\"\n[weights]\ncost = 9\n")]);
    let own = own.to_str().expect("UTF-8");
    let (code, out, err) = run(&["rules", "show", "code", "--rules", own, "--origin"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains(&format!("title = \"Programs\"  # {own}/tasks/code.toml:1\n")), "{out}");
    assert!(
        out.contains(&format!("cost = 9  # {own}/tasks/code.toml:3\n"))
            && out.contains("  # rules/tasks/code.toml:"),
        "{out}"
    );
    let (_, plain, _) = run(&["rules", "show", "tasks/code.toml", "--rules", own]);
    assert!(plain.contains("\ncost = 9\n"), "{plain}");
    let (code, _, err) = run(&["rules", "show", "cod"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `code`?"), "{err}");
}

#[test]
fn codes_are_explained() {
    let (code, out, _) = run(&["rules", "explain", "signal-clash"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("## signal-clash\n") && out.contains("```toml"), "{out}");
    let (code, _, err) = run(&["rules", "explain", "signal-clsh"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `signal-clash`?"), "{err}");
    assert!(run(&["rules", "explain"]).1.lines().any(|line| line == "unpriced"));
}

#[test]
fn nobody_has_to_read_to_the_end() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rockpick"))
        .env_clear()
        .args(["rules", "show"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
}

#[test]
fn examples_are_read_when_they_are_left_out_of_learning() {
    let (code, out, err) = run(&["rules", "test", AS_OF, "--folds", "2", "-o", "json"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let report: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    for head in ["needs", "prompts"] {
        let out = &report["figures"]["left_out"][head];
        let accuracy = out["accuracy"].as_f64().expect("a share");
        assert!((0.4..1.0).contains(&accuracy), "{head}: {accuracy}");
        let misread = out["misread"].as_array().expect("misread examples").len() as f64;
        let examples = out["examples"].as_f64().expect("a number");
        assert!((accuracy - (1.0 - misread / examples)).abs() < 0.001, "{head}");
    }
}
