//! Imports point one way only, and the core names no model, Region or price.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the core, lowest first: each may use those before it. Between crates the compiler keeps the order.
const LAYERS: &[&str] = &[
    "vocabulary",
    "packed",
    "money",
    "text",
    "diagnostic",
    "phrase",
    "task",
    "source",
    "catalog",
    "words",
    "asks",
    "classify",
    "rules",
    "read",
    "knowledge",
    "recommend",
    "check",
];
/// The folders of sources, the core first.
const FOLDERS: [&str; 6] = [
    "crates/rockpick-core/src",
    "crates/rockpick-scan/src",
    "crates/rockpick-knowledge/src",
    "crates/rockpick-router/src",
    "crates/rockpick-bedrock/src",
    "src",
];

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// Every source file below a folder with its module and its text without tests and comments.
fn modules(folder: &str) -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Vec::new();
    sources(&root, &mut files);
    let module = |path: &Path| {
        let below = path.strip_prefix(&root).expect("below the folder");
        let first =
            below.components().next().expect("a name").as_os_str().to_string_lossy().into_owned();
        first.trim_end_matches(".rs").to_owned()
    };
    let is_test = |path: &PathBuf| {
        path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tests"))
    };
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source");
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        (path.clone(), module(&path), code)
    };
    files.into_iter().filter(|path| !is_test(path)).map(read).collect()
}

#[test]
fn imports_point_one_way() {
    let level = |name: &str| LAYERS.iter().position(|layer| *layer == name);
    let mut wrong = Vec::new();
    for (path, module, code) in modules(FOLDERS[0]) {
        if matches!(module.as_str(), "lib" | "bundled") {
            continue;
        }
        let own =
            level(&module).unwrap_or_else(|| panic!("{module} has no place among the layers"));
        for used in code.split("crate::").skip(1) {
            let name: String =
                used.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
            if level(&name).is_some_and(|other| other > own) {
                wrong.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn code_names_no_model_and_no_region() {
    let read = |path: &str| {
        fs::read_to_string(format!("{}/rules/{path}", env!("CARGO_MANIFEST_DIR"))).expect(path)
    };
    let regions: toml::Table = read("regions.toml").parse().expect("regions");
    let providers: toml::Table = read("providers.toml").parse().expect("providers");
    let prefixes =
        providers.values().flat_map(|provider| provider["prefixes"].as_array().expect("prefixes"));
    let names: Vec<String> = prefixes
        .filter_map(|prefix| prefix.as_str())
        .map(|prefix| format!("\"{prefix}."))
        .collect();
    let mut wrong = Vec::new();
    for (path, _, code) in FOLDERS.into_iter().flat_map(modules) {
        // Help texts show what a Region's code looks like; nothing is decided by it.
        let decided: String = code
            .split([';', '{'])
            .filter(|statement| !statement.contains("help(") && !statement.contains("such as"))
            .collect();
        let region = regions.keys().find(|region| decided.contains(region.as_str()));
        let model = names.iter().find(|name| decided.contains(name.as_str()));
        wrong.extend(
            region.into_iter().chain(model).map(|name| format!("{} names {name}", path.display())),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
