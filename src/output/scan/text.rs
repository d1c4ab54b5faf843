//! A report for people.

use anstyle::{AnsiColor, Style};
use rockpick_scan::{Finding, Level};

use super::Report;
use crate::output::shown_line;

/// The report, a block for each file, and a summary.
#[must_use]
pub fn report(report: &Report, list: bool) -> String {
    let mut text = String::new();
    for (path, own) in report.findings() {
        finding(&mut text, path, own);
    }
    for (path, own) in report.unused() {
        let (path, remark) = (shown_line(path), shown_line(&own.text));
        text.push_str(&format!("{path}:{}: note: `{remark}` ignores nothing\n", own.line));
    }
    if list {
        for (path, own) in report.sound() {
            text.push_str(&format!(
                "{}:{}:{}: ok: {}\n",
                shown_line(path),
                own.line,
                own.column,
                shown_line(&own.id)
            ));
        }
    }
    for (path, why) in report.skipped().filter(|(_, why)| *why != "binary") {
        text.push_str(&format!("{}: skipped: {}\n", shown_line(path), shown_line(why)));
    }
    text.push_str(&report.summary());
    text.push('\n');
    text
}

fn finding(text: &mut String, path: &str, own: &Finding) {
    let style = Style::new().bold().fg_color(Some(
        match own.level {
            Level::Error => AnsiColor::Red,
            Level::Warning => AnsiColor::Yellow,
            Level::Note => AnsiColor::Cyan,
        }
        .into(),
    ));
    text.push_str(&format!(
        "{}:{}:{}: {style}{}[{}]{style:#}: {}\n",
        shown_line(path),
        own.line,
        own.column,
        own.level.name(),
        own.rule.name(),
        shown_line(&own.message)
    ));
    let why = own.fix.as_ref().filter(|fix| fix.replacement.is_none()).map(|fix| &fix.why);
    if let Some(why) = why {
        text.push_str(&format!("  no fix: {}\n", shown_line(why)));
    }
}
