//! `rockpick scan`.

#![cfg(feature = "cli")]
#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Run, rockpick};

const DAY: &str = "2026-11-30";

/// A copy of the trees, with `gitignore` in its place.
fn trees(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scan").join(name);
    let _ = fs::remove_dir_all(&target);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scan/trees"), &target);
    fs::rename(target.join("12-ignored/gitignore"), target.join("12-ignored/.gitignore"))
        .expect("a file of its own");
    target
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn scan(folder: &Path, arguments: &[&str]) -> Run {
    let all = [&["scan", "--as-of", DAY], arguments].concat();
    rockpick(&all).current_dir(folder).output().expect("a run").into()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let run = scan(folder, &[&["-o", "json", "--exit-zero"], arguments].concat());
    run.json()
}

fn rows(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scan").join(name);
    let text = fs::read_to_string(path).expect(name);
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

#[test]
fn the_report_has_what_is_expected_and_nothing_else() {
    let report = json(&trees("report"), &[]);
    assert_eq!(report["schema"], "rockpick.scan.v1");
    let findings = report["findings"].as_array().expect("findings");
    let counts: Vec<&Value> = findings.iter().filter(|own| own["suppressed"].is_null()).collect();
    let rows = rows("expected.jsonl");
    let is = |row: &Value, own: &Value| {
        row["file"] == own["path"] && row["line"] == own["line"] && row["id"] == own["id"]
    };
    for row in rows.iter().filter(|row| row["expect"] == "finding") {
        let own = counts.iter().find(|own| is(row, own)).unwrap_or_else(|| panic!("{row}"));
        assert!(row["kinds"].as_array().expect("kinds").contains(&own["rule"]), "{row}\n{own}");
    }
    for own in counts {
        let expected = rows.iter().any(|row| is(row, own) && row["expect"] != "none");
        assert!(expected, "{own}");
    }
}

#[test]
fn safe_fixes_change_these_ids_and_nothing_else() {
    let folder = trees("fixes");
    let before = trees("fixes-before");
    let shown = scan(&folder, &["--diff"]);
    assert_eq!(shown.code, 1);
    assert!(shown.stdout.contains("\n-FAST = \"amazon.nova-2-lite-v1:0\"\n+FAST = \"us.amazon"));
    scan(&folder, &["--fix"]);
    let mut wanted = std::collections::BTreeMap::<String, String>::new();
    for row in rows("fixes.jsonl") {
        let text = |key: &str| row[key].as_str().expect("a text");
        let old = wanted
            .entry(text("file").to_owned())
            .or_insert_with(|| fs::read_to_string(before.join(text("file"))).expect("a file"));
        let at = usize::try_from(row["line"].as_u64().expect("a line")).expect("small") - 1;
        let lines: Vec<String> = old
            .split_inclusive('\n')
            .enumerate()
            .map(|(line, own)| {
                if line == at { own.replace(text("before"), text("after")) } else { own.to_owned() }
            })
            .collect();
        *old = lines.concat();
    }
    let mut files = Vec::new();
    list(&before, &mut files);
    for file in files {
        let name = file.strip_prefix(&before).expect("below").to_string_lossy().into_owned();
        let old = fs::read_to_string(&file).expect("a file");
        let new = fs::read_to_string(folder.join(&name)).expect("a file");
        assert_eq!(&new, wanted.get(&name).unwrap_or(&old), "{name}");
    }
    assert_eq!(scan(&folder, &["--diff"]).stdout, "", "a second time nothing is left to do");
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

#[test]
fn after_all_fixes_each_finding_that_is_left_says_why() {
    let folder = trees("all");
    scan(&folder, &["--fix=all", "--region", "us-east-1"]);
    let report = json(&folder, &["--region", "us-east-1"]);
    for own in report["findings"].as_array().expect("findings") {
        let is_left = own["place"] == "code" && own["suppressed"].is_null();
        if is_left && own["fix"]["replacement"].is_null() {
            assert_ne!(own["fix"]["why"].as_str().unwrap_or_default(), "", "{own}");
        }
    }
}

#[test]
fn a_baseline_holds_when_lines_move() {
    let folder = trees("baseline");
    assert_eq!(scan(&folder, &[]).code, 1);
    assert_eq!(scan(&folder, &["--baseline", "b.json", "--write-baseline"]).code, 0);
    assert_eq!(scan(&folder, &["--baseline", "b.json"]).code, 0);
    let path = folder.join("01-python/app.py");
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(&path, format!("\n\n{text}")).expect("a file");
    assert_eq!(scan(&folder, &["--baseline", "b.json"]).code, 0);
    fs::write(&path, format!("{text}NEW = \"anthropic.claude-v2\"\n")).expect("a file");
    assert_eq!(scan(&folder, &["--baseline", "b.json"]).code, 1);
}

#[test]
fn every_form_is_written() {
    let folder = trees("forms");
    for (form, start) in [
        ("text", "01-python/app.py:7:9: error[profile-required]:"),
        ("json", "{"),
        ("jsonl", "{\"path\":\"01-python/app.py\""),
        ("sarif", "{\n  \"$schema\""),
        ("github", "::error file=01-python/app.py,line=7,col=9,"),
        ("gitlab", "[\n"),
        ("junit", "<?xml version"),
        ("markdown", "### Amazon Bedrock IDs"),
        ("csv", "path,line,column,level,rule,id"),
    ] {
        let run = scan(&folder, &["-o", form]);
        assert_eq!(run.code, 1, "{form}: {}", run.stderr);
        assert!(run.stdout.starts_with(start), "{form}: {}", &run.stdout[..200]);
    }
}

#[test]
fn stdin_is_read_as_the_file_that_it_stands_for() {
    use std::io::Write as _;
    use std::process::Stdio;
    let mut command = rockpick(&["scan", "-", "--stdin-filename", "a.py", "--as-of", DAY]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("a run");
    let mut stdin = child.stdin.take().expect("stdin");
    stdin.write_all(b"MODEL = \"anthropic.claude-v2\"\n").expect("written");
    drop(stdin);
    let run: Run = child.wait_with_output().expect("a run").into();
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("a.py:1:10: error[eol]"), "{}", run.stdout);
}

#[test]
fn wrong_usage_is_told() {
    let folder = trees("usage");
    for arguments in [
        &["missing"][..],
        &["--rule", "eool"],
        &["--as-of", "soon"],
        &["--region", "eu-central-9"],
        &["--max-file-size", "big"],
        &["--changed=--output=x"],
        &["--fail-on", "never"],
        &["--write-baseline"],
    ] {
        let run = scan(&folder, arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stdout);
        assert!(run.stderr.starts_with("error: "), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn the_configuration_leaves_paths_out_and_gives_a_region() {
    let folder = trees("configured");
    let text = "[scan]\nfail-on = \"error\"\nexclude = [\"0[1-9]*/**\", \"1*/**\"]\n";
    fs::write(folder.join("rockpick.toml"), text).expect("a file");
    fs::write(folder.join("one.py"), "M = \"us.amazon.nova-2-lite-v1:0\"\n").expect("a file");
    assert_eq!(scan(&folder, &[]).code, 0);
    let own = format!("{text}[[scan.paths]]\nglobs = [\"one.py\"]\nregion = \"eu-west-1\"\n");
    fs::write(folder.join("rockpick.toml"), own).expect("a file");
    let run = scan(&folder, &[]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("error[wrong-region]"), "{}", run.stdout);
}
