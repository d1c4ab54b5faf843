//! A report as SARIF 2.1.0.

use rockpick_scan::{Finding, Level, Rule, Suppressed};
use serde_json::{Value, json};

use super::Report;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
const HELP: &str = "https://docs.rs/rockpick/latest/rockpick/";

/// The report.
#[must_use]
pub fn document(report: &Report) -> Value {
    let rules: Vec<Value> = Rule::ALL.into_iter().map(rule).collect();
    let results: Vec<Value> = report.all().map(|(path, own)| result(path, own)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "rockpick",
                "informationUri": HELP,
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(rule: Rule) -> Value {
    json!({
        "id": rule.name(),
        "shortDescription": { "text": rule.summary() },
        "helpUri": format!("{HELP}#{}", rule.name()),
        "defaultConfiguration": { "level": rule.level().name() },
    })
}

fn result(path: &str, own: &Finding) -> Value {
    let mut result = json!({
        "ruleId": own.rule.name(),
        "ruleIndex": Rule::ALL.iter().position(|rule| *rule == own.rule),
        "level": match own.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        },
        "message": { "text": own.message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(path) },
            "region": { "startLine": own.line, "startColumn": own.column, "endColumn": own.end_column },
        } }],
        "partialFingerprints": { "rockpick/v1": own.fingerprint },
    });
    if let Some(why) = own.suppressed {
        let kind = if why == Suppressed::Baseline { "external" } else { "inSource" };
        result["suppressions"] = json!([{ "kind": kind }]);
    }
    if let Some(new) = own.fix.as_ref().and_then(|fix| fix.replacement.as_ref()) {
        result["fixes"] = json!([{
            "description": { "text": format!("replace it by {new}") },
            "artifactChanges": [{
                "artifactLocation": { "uri": uri(path) },
                "replacements": [{
                    "deletedRegion": {
                        "startLine": own.line, "startColumn": own.column, "endColumn": own.end_column,
                    },
                    "insertedContent": { "text": new },
                }],
            }],
        }]);
    }
    result
}

/// A path as a URI: relative paths stay relative.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
