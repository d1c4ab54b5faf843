//! A report as JSON: `rockpick.scan.v1`.

use std::io::{self, Write};

use rockpick_scan::{Finding, Level};
use serde_json::{Value, json};

use super::Report;

/// The whole report.
#[must_use]
pub fn document(report: &Report, list: bool) -> Value {
    let skipped: Vec<Value> =
        report.skipped().map(|(path, why)| json!({ "path": path, "why": why })).collect();
    let findings: Vec<Value> = report.all().map(|(path, own)| finding(path, own)).collect();
    let unused: Vec<Value> = report
        .unused()
        .map(|(path, own)| json!({ "path": path, "line": own.line, "text": own.text }))
        .collect();
    let mut document = json!({
        "schema": "rockpick.scan.v1",
        "as_of": report.as_of.to_string(),
        "catalog": { "as_of": report.catalog_as_of.to_string() },
        "files": report.read(),
        "mentions": report.mentions(),
        "skipped": skipped,
        "findings": findings,
        "unused_ignores": unused,
        "summary": {
            "error": report.count(Level::Error),
            "warning": report.count(Level::Warning),
            "note": report.count(Level::Note),
            "suppressed": report.suppressed(),
        },
    });
    if list {
        document["sound"] = sound(report);
    }
    document
}

fn sound(report: &Report) -> Value {
    report
        .sound()
        .map(|(path, own)| {
            json!({
                "path": path,
                "line": own.line,
                "column": own.column,
                "id": own.id,
                "model": own.model,
                "place": own.place.name(),
                "region": own.region.as_ref().map(|own| json!({ "name": own.name, "from": own.from })),
            })
        })
        .collect()
}

/// One finding.
#[must_use]
pub fn finding(path: &str, own: &Finding) -> Value {
    let next = own.successor.as_ref().map(|next| {
        json!({
            "model": next.model,
            "invoke_id": next.invoke_id,
            "is": next.is,
            "refuses": next.refuses,
        })
    });
    let fix = own
        .fix
        .as_ref()
        .map(|fix| json!({ "replacement": fix.replacement, "safe": fix.safe, "why": fix.why }));
    json!({
        "path": path,
        "line": own.line,
        "column": own.column,
        "end_column": own.end_column,
        "id": own.id,
        "model": own.model,
        "rule": own.rule.name(),
        "also": own.also.iter().map(|rule| rule.name()).collect::<Vec<_>>(),
        "level": own.level.name(),
        "place": own.place.name(),
        "region": own.region.as_ref().map(|own| json!({ "name": own.name, "from": own.from })),
        "eol": own.eol.map(|day| day.to_string()),
        "message": own.message,
        "successor": next,
        "fix": fix,
        "fingerprint": own.fingerprint,
        "suppressed": own.suppressed.map(|why| why.name()),
        "source": own.source,
    })
}

/// One finding that counts a line.
///
/// # Errors
/// The lines cannot be written.
pub fn lines(report: &Report, out: &mut impl Write) -> io::Result<()> {
    for (path, own) in report.findings() {
        writeln!(out, "{}", finding(path, own))?;
    }
    Ok(())
}
