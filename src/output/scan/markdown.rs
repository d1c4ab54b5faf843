//! A report as a table in Markdown.

use super::Report;

/// More rows are not read in a comment.
const MOST: usize = 200;

/// The table, and a line with what was found.
#[must_use]
pub fn report(report: &Report) -> String {
    let mut text = format!("### Amazon Bedrock IDs\n\n{}\n", report.summary());
    let count = report.findings().count();
    if count == 0 {
        return text;
    }
    text.push_str("\n| | rule | where | what |\n|---|---|---|---|\n");
    for (path, own) in report.findings().take(MOST) {
        text.push_str(&format!(
            "| {} | {} | {}:{} | {} |\n",
            own.level.name(),
            own.rule.name(),
            cell(path),
            own.line,
            cell(&own.message)
        ));
    }
    if count > MOST {
        text.push_str(&format!("\n… and {} more\n", count - MOST));
    }
    text
}

fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '|' => out.push_str("\\|"),
            '<' => out.push_str("&lt;"),
            sign if sign.is_control() => out.push(' '),
            sign => out.push(sign),
        }
    }
    out
}
