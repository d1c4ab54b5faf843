//! The cache of compiled rules, as a user of the command meets it.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]
#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PRICE: &str = "[[\"amazon.nova-2-lite-v1:0\".price]]\ninput = \"FIGURE\"\noutput = \"9\"\nsource = \"judgement\"\n";

/// A folder for a test, with an overlay in `mine`.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("rules-cache-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("mine/models")).expect("a folder");
    price(&folder, "0.5");
    folder
}

fn price(folder: &Path, figure: &str) {
    fs::write(folder.join("mine/models/amazon.toml"), PRICE.replace("FIGURE", figure))
        .expect("a file");
}

fn rockpick(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rockpick"));
    command.env_clear().env("XDG_CACHE_HOME", folder.join("cache")).env("HOME", "/nonexistent");
    command.arg("--rules").arg(folder.join("mine")).args(arguments);
    command
}

/// Lists the model that the overlay prices: exit code 0, nothing on stderr, the price of its input.
fn listed(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(
        (output.status.code(), text(&output.stderr).as_str()),
        (Some(0), ""),
        "{}",
        text(&output.stdout)
    );
    text(&output.stdout)
}

const LIST: &[&str] =
    &["explain", "amazon.nova-2-lite-v1:0", "-o", "json", "--as-of", "2026-11-21"];

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder.join("cache/rockpick/rules")).into_iter().flatten();
    read.map(|entry| entry.expect("an entry").path()).collect()
}

#[test]
fn rules_are_compiled_once_and_again_when_they_change() {
    let folder = folder("once");
    let first = listed(&mut rockpick(&folder, LIST));
    assert!(first.contains("\"0.5\"") || first.contains("0.5"), "{first}");
    let [entry] = entries(&folder).try_into().expect("one entry");
    let written = || fs::metadata(&entry).and_then(|found| found.modified()).expect("a time");
    let before = written();
    assert_eq!(listed(&mut rockpick(&folder, LIST)), first);
    assert_eq!(written(), before, "what is there is read, not written again");

    fs::write(&entry, &fs::read(&entry).expect("bytes")[..100]).expect("a file cut short");
    assert_eq!(listed(&mut rockpick(&folder, LIST)), first);
    assert!(fs::metadata(&entry).expect("the entry").len() > 100, "what is damaged is made again");

    price(&folder, "0.75");
    let changed = listed(&mut rockpick(&folder, LIST));
    assert!(changed != first && changed.contains("0.75"), "{changed}");
    assert_eq!(entries(&folder).len(), 2);
}

#[test]
fn it_can_be_left_alone() {
    let folder = folder("off");
    let answer = listed(rockpick(&folder, LIST).arg("--no-rules-cache"));
    assert_eq!(listed(rockpick(&folder, LIST).env("ROCKPICK_NO_RULES_CACHE", "1")), answer);
    assert_eq!(
        listed(rockpick(&folder, LIST).env_remove("XDG_CACHE_HOME").env_remove("HOME")),
        answer,
        "no home at all"
    );
    assert_eq!(
        listed(rockpick(&folder, LIST).env("XDG_CACHE_HOME", "/dev/null")),
        answer,
        "nothing can be written there"
    );
    assert!(!folder.join("cache").exists());
}

#[test]
fn checks_and_mistaken_rules_leave_nothing_there() {
    let folder = folder("checks");
    let run =
        |arguments: &[&str]| -> Output { rockpick(&folder, arguments).output().expect("it runs") };
    let told = String::from_utf8_lossy(&run(&["rules", "check"]).stdout).into_owned();
    assert!(
        told.contains("warning[overlay-shadows]: this row names no route and no Region"),
        "{told}"
    );
    assert_eq!(run(&["rules", "show", "models/amazon.toml"]).status.code(), Some(0));
    fs::write(folder.join("mine/models/amazon.toml"), PRICE.replace("output", "outptu"))
        .expect("a file");
    for _ in 0..2 {
        let output = run(LIST);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("unknown-key"));
    }
    assert!(entries(&folder).is_empty());
}

#[test]
fn a_category_of_ones_own_is_read_from_the_cache_as_it_was_compiled() {
    let folder = folder("category");
    fs::create_dir_all(folder.join("mine/tasks")).expect("a folder");
    let examples = "[examples]\nneeds = [\"count the parrots in the aviary\", \"how many parrots are there\"]\n";
    fs::write(folder.join("mine/tasks/parrots.toml"), examples).expect("a file");
    let ask: &[&str] =
        &["recommend", "how many parrots and macaws", "--as-of", "2026-11-21", "-o", "json"];
    let compiled = listed(&mut rockpick(&folder, ask));
    assert!(compiled.contains("\"parrots\""), "{compiled}");
    let [entry] = entries(&folder).try_into().expect("one entry");
    assert!(fs::metadata(&entry).expect("the entry").len() > 1_000_000);
    assert_eq!(listed(&mut rockpick(&folder, ask)), compiled);
}

#[test]
fn many_at_once_end_with_one_entry() {
    let folder = folder("many");
    let children: Vec<_> = (0..6)
        .map(|_| {
            rockpick(&folder, LIST).stdout(std::process::Stdio::piped()).spawn().expect("it runs")
        })
        .collect();
    let answers: Vec<_> =
        children.into_iter().map(|child| child.wait_with_output().expect("it ends")).collect();
    assert!(
        answers.iter().all(|answer| answer.status.success() && answer.stdout == answers[0].stdout)
    );
    assert_eq!(entries(&folder).len(), 1);
}
