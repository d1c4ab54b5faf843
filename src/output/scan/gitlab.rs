//! A report as GitLab's code quality.

use rockpick_scan::Level;
use serde_json::{Value, json};

use super::Report;

/// The findings that count.
#[must_use]
pub fn document(report: &Report) -> Value {
    let mut seen = std::collections::HashMap::new();
    report
        .findings()
        .map(|(path, own)| {
            // Fingerprints have to differ within a report.
            let count = seen.entry((path, own.fingerprint.as_str())).or_insert(0_usize);
            *count += 1;
            let fingerprint = match *count {
                1 => own.fingerprint.clone(),
                count => format!("{}-{count}", own.fingerprint),
            };
            json!({
                "description": own.message,
                "check_name": own.rule.name(),
                "fingerprint": fingerprint,
                "severity": match own.level {
                    Level::Error => "major",
                    Level::Warning => "minor",
                    Level::Note => "info",
                },
                "location": { "path": path, "lines": { "begin": own.line } },
            })
        })
        .collect()
}
