//! The labeled trees of `tests/scan/trees`: every finding is there, nothing else is, and safe fixes are what they should be.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rockpick_core::Knowledge;
use rockpick_scan::{Finding, Fixes, Held, Options, Scanner};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scan")
}

fn rows(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(folder().join(name)).expect(name);
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

fn knowledge() -> &'static Knowledge {
    static KNOWLEDGE: OnceLock<Knowledge> = OnceLock::new();
    KNOWLEDGE.get_or_init(rockpick_knowledge::bundled)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Every finding that counts, by the path of its file below the trees.
fn findings() -> Vec<(String, Finding)> {
    let scanner = Scanner::new(&knowledge().catalog);
    let options = Options::on(jiff::civil::date(2026, 11, 30));
    let trees = folder().join("trees");
    let mut paths = Vec::new();
    files(&trees, &mut paths);
    let mut all = Vec::new();
    for path in paths {
        let name = path.strip_prefix(&trees).expect("below").to_string_lossy().replace('\\', "/");
        if name.contains("/build/") {
            continue;
        }
        let scan = scanner.scan(&name, &fs::read(&path).expect("a file"), &options);
        let own = scan.findings.into_iter().filter(|finding| finding.suppressed.is_none());
        all.extend(own.map(|finding| (name.clone(), finding)));
    }
    all
}

fn is(row: &Value, path: &str, finding: &Finding) -> bool {
    row["file"] == path && row["line"] == finding.line && row["id"] == finding.id.as_str()
}

#[test]
fn every_label_is_met() {
    let (rows, found) = (rows("expected.jsonl"), findings());
    let mut wrong = Vec::new();
    for row in &rows {
        let own = found.iter().find(|(path, finding)| is(row, path, finding));
        let kinds: Vec<&str> =
            row["kinds"].as_array().expect("kinds").iter().filter_map(Value::as_str).collect();
        let right = match (row["expect"].as_str(), own) {
            (Some("none"), None) | (Some("either"), _) => true,
            (Some("finding"), Some((_, finding))) => {
                let next = finding.successor.as_ref().map(|next| next.model.as_str());
                kinds.contains(&finding.rule.name())
                    && (row["successor"].is_null() || row["successor"].as_str() == next)
                    && row["region"].as_str()
                        == finding.region.as_ref().map(|own| own.name.as_str())
            }
            _ => false,
        };
        if !right {
            wrong.push(format!("{row}\n  {own:?}"));
        }
    }
    for (path, finding) in &found {
        if !rows.iter().any(|row| is(row, path, finding)) {
            wrong.push(format!("{path} is not expected: {finding:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn safe_fixes_are_those_and_no_others() {
    let mut made: Vec<String> = findings()
        .iter()
        .filter_map(|(path, finding)| {
            let new = Fixes::Safe.replacement(finding, &Held::new())?;
            Some(format!("{path}:{} {} {new}", finding.line, finding.id))
        })
        .collect();
    let text = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
    let mut wanted: Vec<String> = rows("fixes.jsonl")
        .iter()
        .map(|row| {
            let (file, before, after) =
                (text(row, "file"), text(row, "before"), text(row, "after"));
            format!("{file}:{} {before} {after}", row["line"])
        })
        .collect();
    made.sort();
    wanted.sort();
    assert_eq!(made, wanted);
}
